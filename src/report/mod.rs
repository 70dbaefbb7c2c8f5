//! What the core found, as documents: text for people, Markdown, JSON for programs. The wire types and their version live here.

mod book;
mod case_html;
mod case_json;
mod case_markdown;
mod case_read;
mod case_text;
mod coverage;
mod forum;
mod inspect;
mod json;
mod live;
mod markdown;
mod origin;
mod packs;
mod paint;
mod redacted;
mod sarif;
mod sigma;
mod text;

pub use book::{Book, MARKER as BOOK_MARKER, book};
pub use case_html::case_html;
pub use case_json::{case_json, cases_json, difference_json, run_json};
pub use case_markdown::case_markdown;
pub use case_read::{LARGEST_CASE, read_case, read_run};
pub use case_text::{age, case_text, cases_text, difference_line, difference_text, runs_text, short_key};
pub use coverage::{coverage_json, coverage_text};
pub use forum::{QueueState, forum_json, forum_markdown, forum_text, stats_json, stats_text, thread_json, thread_text};
pub use inspect::{inspect_json, inspect_markdown, inspect_text};
pub use json::{
    diagnosis_json, explain_json, finding_line, guide_json, input_line, page_json, pages_json, problems_json, search_json, thread_line,
};
pub use live::{news_json, news_text};
pub use markdown::{diagnosis_markdown, explain_markdown};
pub use origin::notes_markdown;
pub use packs::{diff_json, diff_text, packs_json, packs_text};
pub use paint::Paint;
pub use redacted::{map_json, map_of, redact_json, redacted_json, redacted_table};
pub use sarif::{diagnosis_github, diagnosis_sarif};
pub use sigma::{NotExported, Sigma, SigmaRule, sigma, sigma_json, sigma_text};
pub use text::{diagnosis_text, explain_text, list_text, page_text, search_text};

/// The version of the JSON documents; it grows when a field changes its meaning, not when one is added.
pub const SCHEMA: u32 = 1;
