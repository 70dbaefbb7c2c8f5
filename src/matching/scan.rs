//! One pass over a text: facts and pattern hits.

use super::compile::{Matcher, PatternId};
use crate::facts::{Fact, Scope};
use crate::pattern::Literals;
use crate::text::{Document, clip, floor};
use std::collections::HashMap;

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
        Self { hits: 512, facts: 20_000 }
    }
}

/// Inputs from this size on are worth the automaton over all literals; it costs about as much time to make as scanning this much with one
/// made for the text.
const LARGE: usize = 8 << 20;
/// Lines of different inputs are this far apart, so that no `within` reaches from one to the next.
const GAP: usize = 1 << 32;

/// What a scan has found so far.
#[derive(Debug, Default)]
pub struct Scan {
    /// Hits by pattern, in the order of the text.
    pub hits: HashMap<PatternId, Vec<Hit>>,
    /// How often a pattern hit beyond the hits that were kept.
    pub more_hits: HashMap<PatternId, usize>,
    /// Needles that stood in the text without their regex hitting.
    pub needles: HashMap<PatternId, usize>,
    /// Different facts, in the order of the text.
    pub facts: Vec<FactGroup>,
    /// Different facts that were not kept.
    pub more_facts: usize,
    places: HashMap<String, usize>,
    limits: Limits,
}

/// What the literals announced on one line, or on a part of a very long one.
#[derive(Default)]
struct Part {
    line: usize,
    range: std::ops::Range<usize>,
    families: u64,
    spellings: Vec<(usize, usize)>,
    needles: Vec<(PatternId, usize, usize)>,
}

impl Scan {
    /// A line number that counts through all inputs.
    #[must_use]
    pub fn row(input: usize, line: usize) -> usize {
        input.saturating_mul(GAP).saturating_add(line)
    }

    fn keep_hit(&mut self, id: PatternId, hit: Hit) {
        let hits = self.hits.entry(id).or_default();
        if hits.last().is_some_and(|last| last.input == hit.input && last.start == hit.start && last.end == hit.end) {
            return;
        }
        if hits.len() < self.limits.hits {
            hits.push(hit);
        } else {
            *self.more_hits.entry(id).or_default() += 1;
        }
    }

    fn keep_fact(&mut self, fact: &Fact, input: usize, line: usize) {
        let key = format!("{:?}\u{1}{:?}\u{1}{:?}\u{1}{:?}\u{1}{:?}", fact.kind, fact.domain, fact.code, fact.name, fact.fields);
        if let Some(at) = self.places.get(&key) {
            if let Some(group) = self.facts.get_mut(*at) {
                group.count += 1;
            }
        } else if self.facts.len() < self.limits.facts {
            self.places.insert(key, self.facts.len());
            self.facts.push(FactGroup { fact: fact.clone(), input, line, count: 1 });
        } else {
            self.more_facts += 1;
        }
    }
}

impl Matcher {
    /// Looks through `document`, which is input number `input`, and adds what it says to `scan`. `wanted` chooses lines; others count for nothing.
    pub fn scan(&self, document: &Document, input: usize, scan: &mut Scan, wanted: &dyn Fn(usize) -> bool) {
        let text = document.text();
        let own;
        let literals = if text.len() >= LARGE {
            self.automaton()
        } else {
            own = Literals::for_text(self.literals(), text.as_bytes()).ok();
            own.as_ref()
        };
        let Some(literals) = literals else { return };
        let mut part = Part::default();
        for (literal, start, end) in literals.find_all(text.as_bytes()) {
            if !part.range.contains(&start) {
                self.read_part(document, input, &mut part, scan, wanted);
                part = Part::around(document, start);
            }
            let uses = &self.uses[literal];
            part.families |= uses.families;
            if uses.spelling {
                part.spellings.push((start, end));
            }
            part.needles.extend(uses.needles.iter().map(|id| (*id, start, end)));
        }
        self.read_part(document, input, &mut part, scan, wanted);
    }

    fn read_part(&self, document: &Document, input: usize, part: &mut Part, scan: &mut Scan, wanted: &dyn Fn(usize) -> bool) {
        if part.range.is_empty() || !wanted(part.line) {
            return;
        }
        if part.families != 0 || !part.spellings.is_empty() {
            self.read_facts(document, input, part, scan);
        }
        let text = clip(document.text(), part.range.clone());
        part.needles.sort_unstable();
        let mut last = None;
        for (id, start, end) in part.needles.drain(..) {
            let Some(regex) = self.regexes.get(&id) else {
                scan.keep_hit(id, Hit { input, line: part.line, start, end, named: Vec::new() });
                continue;
            };
            if last == Some(id) {
                continue;
            }
            last = Some(id);
            let mut any = false;
            for hit in regex.find_all(text) {
                any = true;
                scan.keep_hit(
                    id,
                    Hit { input, line: part.line, start: part.range.start + hit.start, end: part.range.start + hit.end, named: hit.named },
                );
            }
            if !any {
                *scan.needles.entry(id).or_default() += 1;
            }
        }
    }

    fn read_facts(&self, document: &Document, input: usize, part: &Part, scan: &mut Scan) {
        let scope = Scope::new(document, part.line, part.range.clone());
        for fact in self.extractor.line(&scope, part.families, &part.spellings) {
            let line = document.line_of(fact.start);
            for id in self.patterns_of(&fact) {
                let mut named: Vec<_> = fact.fields.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
                named.extend(fact.name.iter().map(|name| ("name".to_owned(), name.clone())));
                scan.keep_hit(id, Hit { input, line, start: fact.start, end: fact.end, named });
            }
            scan.keep_fact(&fact, input, line);
        }
    }
}

/// A line that is longer is read in parts of this size, so that one line of 100 MiB is no more work than many short ones.
const PART: usize = 32 << 10;
/// Parts reach this far into their neighbours, so that nothing is cut in two.
const OVERLAP: usize = 1 << 10;

impl Part {
    /// The line that holds `at`, or the part of it.
    fn around(document: &Document, at: usize) -> Self {
        let line = document.line_of(at);
        let mut range = document.line_range(line);
        if range.len() > PART {
            let first = range.start + (at - range.start) / PART * PART;
            let last = (first + PART + OVERLAP).min(range.end);
            range = floor(document.text(), first.saturating_sub(OVERLAP).max(range.start))..floor(document.text(), last);
        }
        Self { line, range, ..Self::default() }
    }
}
