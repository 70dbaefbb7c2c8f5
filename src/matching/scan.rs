//! One pass over a text: facts and pattern hits.

use super::compile::{Matcher, PatternId};
use super::found::{Place, Scan};
use crate::facts::{Announced, Scope};
use crate::pattern::Literals;
use crate::text::{Document, clip, floor};

/// What the literals announced on one line, or on a part of a very long one.
#[derive(Default)]
struct Part {
    line: usize,
    range: std::ops::Range<usize>,
    announced: Announced,
    spellings: Vec<(usize, usize)>,
    needles: Vec<(PatternId, usize, usize)>,
}

impl Matcher {
    /// Looks through `document`, which is input number `input`, and adds what it says to `scan`. `wanted` chooses lines; others count for nothing.
    pub fn scan(&self, document: &Document, input: usize, scan: &mut Scan, wanted: &dyn Fn(usize) -> bool) {
        if let Ok(literals) = Literals::for_text(self.literals(), document.text().as_bytes()) {
            self.scan_with(&literals, document, input, scan, wanted);
        }
    }

    /// The same with an automaton that is made once and kept: quicker where many short texts come one after the other.
    pub fn scan_short(&self, document: &Document, input: usize, scan: &mut Scan) {
        if let Some(literals) = self.whole.get_or_init(|| Literals::new(self.literals()).ok()) {
            self.scan_with(literals, document, input, scan, &|_| true);
        }
    }

    fn scan_with(&self, literals: &Literals, document: &Document, input: usize, scan: &mut Scan, wanted: &dyn Fn(usize) -> bool) {
        let text = document.text();
        let mut part = Part::default();
        for (literal, start, end) in literals.find_all(text.as_bytes()) {
            if !part.range.contains(&start) {
                self.read_part(document, input, &mut part, scan, wanted);
                part.move_to(document, start);
            }
            let uses = &self.uses[literal];
            for trigger in &uses.triggers {
                part.announced.add(*trigger, text.as_bytes(), end);
            }
            if uses.spelling {
                part.spellings.push((start, end));
            }
            for id in &uses.needles {
                if !scan.is_full(*id) {
                    part.needles.push((*id, start, end));
                }
            }
        }
        self.read_part(document, input, &mut part, scan, wanted);
    }

    fn read_part(&self, document: &Document, input: usize, part: &mut Part, scan: &mut Scan, wanted: &dyn Fn(usize) -> bool) {
        if part.range.is_empty() || !wanted(part.line) {
            return;
        }
        if !part.announced.is_empty() || !part.spellings.is_empty() {
            self.read_facts(document, input, part, scan);
        }
        let text = clip(document.text(), part.range.clone());
        part.needles.sort_unstable();
        let mut last = None;
        for (id, start, end) in part.needles.drain(..) {
            let Some(regex) = self.regexes.get(&id) else {
                scan.keep_hit(id, &Place { input, line: part.line, start, end }, Vec::new);
                continue;
            };
            if last == Some(id) {
                continue;
            }
            last = Some(id);
            let mut any = false;
            for hit in regex.find_all(text) {
                any = true;
                let place = Place { input, line: part.line, start: part.range.start + hit.start, end: part.range.start + hit.end };
                scan.keep_hit(id, &place, || owned(&hit.named));
            }
            if !any {
                scan.keep_needle(id);
            }
        }
    }

    fn read_facts(&self, document: &Document, input: usize, part: &Part, scan: &mut Scan) {
        let scope = Scope::new(document, part.line, part.range.clone());
        for fact in self.extractor.line(&scope, &part.announced, &part.spellings) {
            let place = Place { input, line: document.line_near(part.line, fact.start), start: fact.start, end: fact.end };
            for id in self.patterns_of(&fact) {
                scan.keep_hit(id, &place, || {
                    let mut named = owned(&fact.fields);
                    named.extend(fact.name.iter().map(|name| ("name".to_owned(), name.clone())));
                    named
                });
            }
            scan.keep_fact(fact, input, place.line);
        }
    }
}

/// Names and values as a hit keeps them.
fn owned(named: &[(&str, impl AsRef<str>)]) -> Vec<(String, String)> {
    named.iter().map(|(name, value)| ((*name).to_owned(), value.as_ref().to_owned())).collect()
}

/// A line that is longer is read in parts of this size, so that one line of 100 MiB is no more work than many short ones.
const PART: usize = 32 << 10;
/// Parts reach this far into their neighbours, so that nothing is cut in two.
const OVERLAP: usize = 1 << 10;

impl Part {
    /// Empties it and moves it to the line that holds `at`, or to the part of it; mostly one of the next lines.
    fn move_to(&mut self, document: &Document, at: usize) {
        self.line = document.line_near(self.line, at);
        self.range = document.line_range(self.line);
        if self.range.len() > PART {
            let first = self.range.start + (at - self.range.start) / PART * PART;
            let last = (first + PART + OVERLAP).min(self.range.end);
            self.range = floor(document.text(), first.saturating_sub(OVERLAP).max(self.range.start))..floor(document.text(), last);
        }
        self.announced = Announced::default();
        self.spellings.clear();
        self.needles.clear();
    }
}
