//! Running a page's self-tests against the whole knowledge.

use super::compile::{Matcher, PatternId};
use super::found::Scan;
use super::rank::rank;
use super::rules::{Match, judge};
use super::scan::View;
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
    let mut scan = Scan::new(matcher);
    matcher.scan(&View::of(&document, 0), &mut scan, &|_| true);
    let places = scan.pages(false);
    let found = places.iter().filter_map(|place| judge(knowledge.pages().get(*place)?, *place, &scan)).collect();
    let ids = || {
        let of = |page: usize| {
            (0..knowledge.pages().get(page).map_or(0, |page| page.patterns.len())).map(move |pattern| PatternId::new(page, pattern))
        };
        scan.pages(true).into_iter().flat_map(of)
    };
    let hits = ids().filter(|id| scan.count(*id) > 0).collect();
    let needles = ids().filter(|id| scan.bare_needles(*id) > 0).collect();
    Proof { found: rank(knowledge, found), hits, needles }
}
