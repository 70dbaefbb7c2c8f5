//! A quick look at a text: its facts and which pages its rules find, without bodies, checklists or pages that are only near. For desks of many
//! texts, where a full diagnosis is made of the one that is opened.

use super::Engine;
use super::systems::Systems;
use crate::facts::Fact;
use crate::knowledge::{Confidence, Severity};
use crate::matching::{Scan, View};
use crate::text::Document;

/// What a quick look sees.
#[derive(Debug, Clone, Default)]
pub struct Glance {
    /// The facts, each once, in the order of the text.
    pub facts: Vec<Fact>,
    /// The pages that rules found, best first.
    pub found: Vec<Found>,
}

/// A page that a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The page's id.
    pub id: String,
    /// The topic's id.
    pub topic: &'static str,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The text that shows it, cleaned, each once, a few at most.
    pub evidence: Vec<String>,
}

/// Pieces of evidence kept of a page.
const EVIDENCE: usize = 4;

impl Engine {
    /// Looks at one text.
    #[must_use]
    pub fn glance(&self, text: &str) -> Glance {
        let document = Document::new(text.as_bytes());
        let mut scan = Scan::new(self.matcher());
        self.matcher().scan(&View::of(&document, 0), &mut scan, &|_| true);
        let systems = Systems::of(std::iter::once(text), &scan);
        let matches = self.judge(&scan, &[], systems);
        let found = matches.iter().filter_map(|one| {
            let page = self.knowledge().pages().get(one.page)?;
            let mut evidence: Vec<String> = Vec::new();
            for (_, hit) in &one.evidence {
                if evidence.len() < EVIDENCE && !evidence.contains(&hit.spot.text) {
                    evidence.push(hit.spot.text.clone());
                }
            }
            Some(Found { id: page.id.clone(), topic: page.topic, severity: page.severity, confidence: one.confidence, evidence })
        });
        Glance { found: found.collect(), facts: scan.facts.into_iter().map(|group| group.fact).collect() }
    }
}
