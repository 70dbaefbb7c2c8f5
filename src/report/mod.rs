//! What the core found, as documents: text for people, Markdown, JSON for programs. The wire types and their version live here.

mod book;
mod coverage;
mod forum;
mod inspect;
mod json;
mod markdown;
mod redacted;
mod sarif;
mod sigma;
mod text;

pub use book::{Book, MARKER as BOOK_MARKER, book};
pub use coverage::{coverage_json, coverage_text};
pub use forum::{QueueState, forum_json, forum_markdown, forum_text, stats_json, stats_text, thread_json, thread_text};
pub use inspect::{inspect_json, inspect_markdown, inspect_text};
pub use json::{diagnosis_json, explain_json, finding_line, input_line, page_json, pages_json, problems_json, search_json, thread_line};
pub use markdown::{diagnosis_markdown, explain_markdown};
pub use redacted::{map_json, map_of, redact_json, redacted_json, redacted_table};
pub use sarif::{diagnosis_github, diagnosis_sarif};
pub use sigma::{NotExported, Sigma, SigmaRule, sigma, sigma_json, sigma_text};
pub use text::{Paint, diagnosis_text, explain_text, list_text, page_text, search_text};

/// The version of the JSON documents; it grows when a field changes its meaning, not when one is added.
pub const SCHEMA: u32 = 1;
