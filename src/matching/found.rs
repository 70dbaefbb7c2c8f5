//! What a scan has found so far: hits by pattern, and facts, each thing once.

use super::compile::{Matcher, PatternId};
use crate::facts::Fact;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

/// A place where a pattern hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The input's number.
    pub input: usize,
    /// The line, from 0; lines of different inputs are far apart, see [`Scan::row`].
    pub line: usize,
    /// Where it begins in the cleaned text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Named groups and fields of the fact.
    pub named: Vec<(String, String)>,
}

/// Where a hit stands, as a [`Hit`] has it.
pub(super) struct Place {
    pub input: usize,
    pub line: usize,
    pub start: usize,
    pub end: usize,
}

/// A fact, where it stands first, and how often it stands.
#[derive(Debug, Clone)]
pub struct FactGroup {
    /// The fact at its first place.
    pub fact: Fact,
    /// The input's number.
    pub input: usize,
    /// The line of the first place, from 0.
    pub line: usize,
    /// How often it stands in all inputs.
    pub count: usize,
}

/// How much of what repeats is kept.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Hits kept of one pattern; further ones are only counted.
    pub hits: usize,
    /// Different facts kept; further ones are only counted.
    pub facts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { hits: 1024, facts: 20_000 }
    }
}

/// Lines of different inputs are this far apart, so that no `within` reaches from one to the next.
const GAP: usize = 1 << 32;

/// What a scan has found so far.
#[derive(Debug)]
pub struct Scan {
    /// Different facts, in the order of the text.
    pub facts: Vec<FactGroup>,
    /// Different facts that were not kept.
    pub more_facts: usize,
    offsets: Arc<Vec<usize>>,
    hits: Vec<Vec<Hit>>,
    counts: Vec<usize>,
    needles: Vec<usize>,
    places: HashMap<u64, Vec<usize>>,
    limits: Limits,
}

impl Scan {
    /// Nothing yet, for scans by this matcher.
    #[must_use]
    pub fn new(matcher: &Matcher) -> Self {
        let patterns = matcher.offsets.last().copied().unwrap_or(0);
        Self {
            facts: Vec::new(),
            more_facts: 0,
            offsets: Arc::clone(&matcher.offsets),
            hits: vec![Vec::new(); patterns],
            counts: vec![0; patterns],
            needles: vec![0; patterns],
            places: HashMap::new(),
            limits: Limits::default(),
        }
    }

    /// A line number that counts through all inputs.
    #[must_use]
    pub fn row(input: usize, line: usize) -> usize {
        input.saturating_mul(GAP).saturating_add(line)
    }

    fn slot(&self, id: PatternId) -> usize {
        self.offsets.get(id.page as usize).map_or(usize::MAX, |first| first + id.pattern as usize)
    }

    /// The hits that were kept of a pattern, in the order of the text.
    #[must_use]
    pub fn hits(&self, id: PatternId) -> &[Hit] {
        self.hits.get(self.slot(id)).map_or(&[], Vec::as_slice)
    }

    /// How often a pattern hit; beyond the limit a needle counts without its regex.
    #[must_use]
    pub fn count(&self, id: PatternId) -> usize {
        self.counts.get(self.slot(id)).copied().unwrap_or(0)
    }

    /// How many lines held a needle of the pattern without its regex hitting.
    #[must_use]
    pub fn bare_needles(&self, id: PatternId) -> usize {
        self.needles.get(self.slot(id)).copied().unwrap_or(0)
    }

    /// The pages of which a pattern hit, and with `needles` also those of which only a needle stood there; in order.
    #[must_use]
    pub fn pages(&self, needles: bool) -> Vec<usize> {
        let any = |window: &[usize]| {
            let (from, to) = (window.first().copied().unwrap_or(0), window.last().copied().unwrap_or(0));
            (from..to)
                .any(|slot| self.counts.get(slot).is_some_and(|n| *n > 0) || needles && self.needles.get(slot).is_some_and(|n| *n > 0))
        };
        self.offsets.windows(2).enumerate().filter(|(_, window)| any(window)).map(|(page, _)| page).collect()
    }

    /// Whether so many hits of the pattern are kept that further ones are only counted; then it is counted.
    pub(super) fn is_full(&mut self, id: PatternId) -> bool {
        let slot = self.slot(id);
        let full = self.hits.get(slot).is_none_or(|hits| hits.len() >= self.limits.hits);
        if full && let Some(count) = self.counts.get_mut(slot) {
            *count += 1;
        }
        full
    }

    /// Keeps or counts a hit at `start..end`; what is named there is asked for only where the hit is kept.
    pub(super) fn keep_hit(&mut self, id: PatternId, at: &Place, named: impl FnOnce() -> Vec<(String, String)>) {
        let slot = self.slot(id);
        let (Some(hits), Some(count)) = (self.hits.get_mut(slot), self.counts.get_mut(slot)) else { return };
        if hits.last().is_some_and(|last| last.input == at.input && last.start == at.start && last.end == at.end) {
            return;
        }
        *count += 1;
        if hits.len() < self.limits.hits {
            hits.push(Hit { input: at.input, line: at.line, start: at.start, end: at.end, named: named() });
        }
    }

    pub(super) fn keep_needle(&mut self, id: PatternId) {
        let slot = self.slot(id);
        if let Some(count) = self.needles.get_mut(slot) {
            *count += 1;
        }
    }

    pub(super) fn keep_fact(&mut self, fact: Fact, input: usize, line: usize) {
        let mut hasher = DefaultHasher::new();
        (fact.kind, &fact.domain, &fact.code, &fact.name, &fact.fields).hash(&mut hasher);
        let places = self.places.entry(hasher.finish()).or_default();
        let known = places.iter().copied().find(|at| self.facts.get(*at).is_some_and(|group| group.fact.says_the_same(&fact)));
        if let Some(group) = known.and_then(|at| self.facts.get_mut(at)) {
            group.count += 1;
        } else if self.facts.len() < self.limits.facts {
            places.push(self.facts.len());
            self.facts.push(FactGroup { fact, input, line, count: 1 });
        } else {
            self.more_facts += 1;
        }
    }
}
