//! What the core found, as documents: text for people, Markdown, JSON for programs. The wire types and their version live here.

mod coverage;
mod forum;
mod inspect;
mod json;
mod live;
mod markdown;
mod text;

pub use coverage::{coverage_json, coverage_text};
pub use forum::{QueueState, forum_json, forum_markdown, forum_text, stats_json, stats_text, thread_json, thread_text};
pub use inspect::{inspect_json, inspect_markdown, inspect_text};
pub use json::{diagnosis_json, explain_json, page_json, pages_json, problems_json, search_json};
pub use live::{news_json, news_text};
pub use markdown::{diagnosis_markdown, explain_markdown};
pub use text::{Paint, diagnosis_text, explain_text, list_text, page_text, search_text};

/// The version of the JSON documents; it grows when a field changes its meaning, not when one is added.
pub const SCHEMA: u32 = 1;
