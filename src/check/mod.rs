//! What is wrong with the knowledge: one function behind `kb check` and the tests.
//!
//! Loading has said what is wrong with files as files; here each page is looked at ([`page`]), the pages together ([`links`]), and
//! every self-test is run against the whole knowledge ([`proofs`]). [`coverage`](mod@coverage) says how much of the field there is.

mod coverage;
mod links;
mod page;
mod proofs;

pub use coverage::{Coverage, TopicCoverage, coverage};

use crate::knowledge::{Knowledge, Page, Problem, ProblemKind, place_of};
use crate::matching::Matcher;

/// Every problem, by file, line and code.
#[must_use]
pub fn check(knowledge: &Knowledge, matcher: &Matcher) -> Vec<Problem> {
    let mut problems: Vec<Problem> = knowledge.problems().to_vec();
    for page in knowledge.pages() {
        page::check(page, knowledge, &mut problems);
    }
    links::check(knowledge, &mut problems);
    proofs::check(knowledge, matcher, &mut problems);
    problems.sort_by(|a, b| (&a.path, a.line, a.column, a.kind, &a.message).cmp(&(&b.path, b.line, b.column, b.kind, &b.message)));
    problems.dedup();
    problems
}

/// A problem at the first place of `needle` in the page's file.
fn at(page: &Page, needle: &str, kind: ProblemKind, message: String, hint: &str) -> Problem {
    let (line, column) = place_of(&page.raw, needle);
    Problem { kind, path: page.path.clone(), line, column, message, hint: hint.to_owned() }
}

/// A problem at byte `offset` of the page's body.
fn in_body(page: &Page, offset: usize, kind: ProblemKind, message: String, hint: &str) -> Problem {
    let before = crate::text::clip(&page.raw, 0..page.body_at + offset);
    let line = before.matches('\n').count() + 1;
    Problem { kind, path: page.path.clone(), line, column: 1, message, hint: hint.to_owned() }
}
