//! Running a page's self-tests against the whole knowledge.

use super::compile::{Matcher, PatternId};
use super::rank::rank;
use super::rules::{Match, judge};
use super::scan::Scan;
use crate::facts::origin;
use crate::knowledge::{Confidence, Knowledge};
use crate::text::Document;

/// What the knowledge made of a text.
#[derive(Debug)]
pub struct Proof {
    /// What was found, in order.
    pub found: Vec<Match>,
    /// The patterns that hit, of all pages.
    pub hits: Vec<PatternId>,
    /// The patterns whose needle stood there without the regex hitting.
    pub needles: Vec<PatternId>,
}

impl Proof {
    /// How sure the page at this place was found, if it was.
    #[must_use]
    pub fn confidence(&self, page: usize) -> Option<Confidence> {
        self.found.iter().find(|one| one.page == page).map(|one| one.confidence)
    }
}

/// Diagnoses `text` alone.
#[must_use]
pub fn prove(knowledge: &Knowledge, matcher: &Matcher, text: &str) -> Proof {
    let document = Document::new(text.as_bytes());
    let mut scan = Scan::default();
    matcher.scan(&document, 0, &mut scan, &|_| true);
    let process = |_: usize, line: usize| origin(document.line(line)).process.map(str::to_owned);
    let mut places: Vec<usize> = scan.hits.keys().map(|id| id.page as usize).collect();
    places.sort_unstable();
    places.dedup();
    let found = places.iter().filter_map(|place| judge(knowledge.pages().get(*place)?, *place, &scan, &process)).collect();
    Proof { found: rank(knowledge, found), hits: scan.hits.keys().copied().collect(), needles: scan.needles.keys().copied().collect() }
}
