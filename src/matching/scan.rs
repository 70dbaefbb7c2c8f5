//! One pass over a text: facts and pattern hits.

use super::compile::{Matcher, PatternId};
use super::found::{Hit, Scan};
use crate::facts::{Announced, Scope};
use crate::pattern::Literals;
use crate::text::{Document, clip, floor};

/// Inputs from this size on are worth the automaton over all literals; it costs about as much time to make as scanning this much with one
/// made for the text.
const LARGE: usize = 8 << 20;
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
                scan.keep_needle(id);
            }
        }
    }

    fn read_facts(&self, document: &Document, input: usize, part: &Part, scan: &mut Scan) {
        let scope = Scope::new(document, part.line, part.range.clone());
        for fact in self.extractor.line(&scope, &part.announced, &part.spellings) {
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
