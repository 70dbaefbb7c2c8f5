//! One pass over a text: facts and pattern hits.

use super::compile::{Matcher, Number, PatternId};
use super::found::{Before, Hit, Scan, Spot};
use crate::facts::{Announced, Scope};
use crate::text::{Document, Place, clip, floor, lead};
use std::ops::Range;
use std::sync::Arc;

/// A text that is scanned: a document, or the core of a piece of a larger input.
#[derive(Debug, Clone)]
pub struct View<'a> {
    /// The text with what stands around it.
    pub document: &'a Document,
    /// The bytes of it that are read.
    pub core: Range<usize>,
    /// The input's number.
    pub input: usize,
    /// How far the input, or the part of it, was read before.
    pub before: Before,
}

impl<'a> View<'a> {
    /// The whole of a document, which is input number `input`.
    #[must_use]
    pub fn of(document: &'a Document, input: usize) -> Self {
        Self { document, core: 0..document.text().len(), input, before: Before::default() }
    }

    /// How far the input is read behind this text.
    #[must_use]
    pub fn behind(&self) -> Before {
        let text = self.document.text();
        let last = clip(text, self.core.clone()).rfind('\n').map_or(self.core.start, |at| self.core.start + at + 1);
        let ended = if last > self.core.start { self.document.line_of(last - 1) + 1 - self.first_line() } else { 0 };
        let open = if last < self.core.end { self.document.place(last, self.core.end) } else { Place { line: 0, start: 1, end: 1 } };
        let columns = open.end - open.start + if ended == 0 { self.before.columns } else { 0 };
        Before { lines: self.before.lines + ended, columns, bytes: self.before.bytes + self.core.len() }
    }

    /// The line of the core's first byte.
    fn first_line(&self) -> usize {
        self.document.line_of(self.core.start)
    }

    /// The place of `start..end`; `shared` holds the line that was last told, since many hits stand on one.
    fn spot(&self, first_line: usize, start: usize, end: usize, shared: &mut Shared) -> Spot {
        let place = self.document.place(start, end);
        let line = place.line - 1;
        if shared.as_ref().is_none_or(|(known, _)| *known != line) {
            *shared = Some((line, Arc::from(clip(self.document.line(line), 0..WHOLE))));
        }
        let columns = if line == first_line { self.before.columns } else { 0 };
        let moved = |at: usize| (self.before.bytes + at).saturating_sub(self.core.start);
        let row = (self.before.lines + line).saturating_sub(first_line);
        Spot {
            input: self.input,
            line: row,
            start: moved(start),
            end: moved(end),
            place: Place { line: row + 1, start: place.start + columns, end: place.end + columns },
            text: clip(self.document.text(), start..end).to_owned(),
            whole: shared.as_ref().map(|(_, whole)| Arc::clone(whole)).unwrap_or_default(),
        }
    }
}

/// A line and its text as it is kept.
type Shared = Option<(usize, Arc<str>)>;

/// So much of a line is kept with a hit, in bytes.
const WHOLE: usize = 512;
/// A line that is longer is read in parts of this size, so that one line of 100 MiB is no more work than many short ones.
const PART: usize = 32 << 10;
/// Parts reach this far into their neighbours, so that nothing is cut in two.
const OVERLAP: usize = 1 << 10;

/// What the literals announced on one line, or on a part of a very long one.
#[derive(Default)]
struct Part {
    line: usize,
    range: Range<usize>,
    announced: Announced,
    spellings: Vec<(usize, usize)>,
    needles: Vec<(PatternId, usize, usize)>,
}

impl Part {
    fn is_empty(&self) -> bool {
        self.announced.is_empty() && self.spellings.is_empty() && self.needles.is_empty()
    }

    fn clear(&mut self) {
        self.announced = Announced::default();
        self.spellings.clear();
        self.needles.clear();
    }
}

/// A scan under way.
struct Pass<'a> {
    matcher: &'a Matcher,
    view: &'a View<'a>,
    first_line: usize,
    scan: &'a mut Scan,
    shared: Shared,
    wanted: &'a dyn Fn(&str) -> bool,
}

impl Matcher {
    /// Looks through a text and adds what it says to `scan`. `wanted` chooses lines by their text; others count for nothing.
    pub fn scan(&self, view: &View<'_>, scan: &mut Scan, wanted: &dyn Fn(&str) -> bool) {
        let first_line = view.first_line();
        let mut pass = Pass { matcher: self, view, first_line, scan, shared: None, wanted };
        let mut part = Part { line: first_line, ..Part::default() };
        while let Some(line) = Some(view.document.line_range(part.line)).filter(|line| line.start < view.core.end) {
            let line = line.start.max(view.core.start)..line.end.min(view.core.end);
            pass.read_line(line, &mut part);
            part.line += 1;
            if part.line >= view.document.line_count() {
                break;
            }
        }
        scan.count_passed(&self.uses);
    }
}

impl Pass<'_> {
    fn read_line(&mut self, line: Range<usize>, part: &mut Part) {
        let text = self.view.document.text();
        let mut from = line.start;
        while from < line.end {
            let to = if line.end - from <= PART + OVERLAP { line.end } else { floor(text, from + PART) };
            let begin = if from == line.start {
                from + lead(text.as_bytes().get(line.clone()).unwrap_or(&[]))
            } else {
                floor(text, from.saturating_sub(OVERLAP).max(line.start))
            };
            part.range = begin..floor(text, (to + OVERLAP).min(line.end));
            // What begins in the overlap was told by the part before.
            self.read_part(part, begin.max(from), to);
            from = to;
        }
    }

    /// Reads what begins in `from..to` of the part.
    fn read_part(&mut self, part: &mut Part, from: usize, to: usize) {
        let text = self.view.document.text();
        let row = self.row(part.line);
        self.matcher.literals.find(text.as_bytes(), from..part.range.end, |literal, start, end| {
            if start >= to {
                return;
            }
            let uses = &self.matcher.uses[literal];
            for trigger in &uses.triggers {
                part.announced.add(*trigger, text.as_bytes(), end);
            }
            if uses.spelling {
                part.spellings.push((start, end));
            }
            if uses.needles.is_empty() || uses.number.is_some_and(|number| !stands(text.as_bytes(), start, end, number)) {
                return;
            }
            if self.scan.passes_over(literal, row) {
                return;
            }
            let known = part.needles.len();
            for id in &uses.needles {
                if self.scan.is_enough(*id, row) {
                    self.scan.count_hit(*id);
                } else {
                    part.needles.push((*id, start, end));
                }
            }
            if part.needles.len() == known {
                self.scan.quiet(literal);
            }
        });
        if part.is_empty() {
            return;
        }
        if (self.wanted)(self.view.document.line(part.line)) {
            self.read_facts(part);
            self.read_needles(part);
        }
        part.clear();
    }

    fn row(&self, line: usize) -> usize {
        Scan::row(self.view.input, (self.view.before.lines + line).saturating_sub(self.first_line))
    }

    fn keep(&mut self, id: PatternId, (start, end): (usize, usize), named: impl FnOnce() -> Vec<(String, String)>) {
        let moved = |at: usize| (self.view.before.bytes + at).saturating_sub(self.view.core.start);
        let (view, first_line) = (self.view, self.first_line);
        let row = self.row(view.document.line_of(start));
        let (scan, shared) = (&mut *self.scan, &mut self.shared);
        scan.keep_hit(id, (row, moved(start), moved(end)), || Hit { spot: view.spot(first_line, start, end, shared), named: named() });
    }

    fn read_needles(&mut self, part: &mut Part) {
        part.needles.sort_unstable();
        let text = clip(self.view.document.text(), part.range.clone());
        let mut last = None;
        for at in 0..part.needles.len() {
            let (id, start, end) = part.needles[at];
            let Some(regex) = self.matcher.regex(id) else {
                self.keep(id, (start, end), Vec::new);
                continue;
            };
            if last == Some(id) {
                continue;
            }
            last = Some(id);
            let mut any = false;
            for hit in regex.find_all(text) {
                any = true;
                self.keep(id, (part.range.start + hit.start, part.range.start + hit.end), || owned(&hit.named));
            }
            if !any {
                self.scan.keep_needle(id);
            }
        }
    }

    fn read_facts(&mut self, part: &mut Part) {
        if part.announced.is_empty() && part.spellings.is_empty() {
            return;
        }
        part.spellings.sort_unstable();
        let scope = Scope::new(self.view.document, part.line, part.range.clone());
        for fact in self.matcher.extractor.line(&scope, &part.announced, &part.spellings) {
            let (view, first_line) = (self.view, self.first_line);
            let moved = |at: usize| (view.before.bytes + at).saturating_sub(view.core.start);
            let shift = (moved(fact.start), moved(fact.end));
            let (scan, shared) = (&mut *self.scan, &mut self.shared);
            let ids = scan.keep_fact(&fact, self.matcher, shift, || view.spot(first_line, fact.start, fact.end, shared));
            for id in ids.iter() {
                self.keep(*id, (fact.start, fact.end), || {
                    let mut named = owned(&fact.fields);
                    named.extend(fact.name.iter().map(|name| ("name".to_owned(), name.clone())));
                    named
                });
            }
        }
    }
}

/// Whether the number at `start..end` stands as it must, and is not a part of a time, an address, an identifier or another number.
fn stands(text: &[u8], start: usize, end: usize, number: Number) -> bool {
    let at = |at: Option<usize>| at.and_then(|at| text.get(at)).copied();
    let digit = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_digit());
    let first = at(Some(start));
    let begins = digit(first) || first == Some(b'-');
    let before = at(start.checked_sub(1));
    let joined =
        before.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'.' && digit(start.checked_sub(2).and_then(|two| at(Some(two)))));
    let goes_on = digit(at(Some(end))) || at(Some(end)) == Some(b'.') && digit(at(Some(end + 1))) && digit(first);
    !(begins && joined) && (number == Number::Beginning || !goes_on)
}

/// Names and values as a hit keeps them.
fn owned(named: &[(&str, impl AsRef<str>)]) -> Vec<(String, String)> {
    named.iter().map(|(name, value)| ((*name).to_owned(), value.as_ref().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_not_found_within_another() {
        use Number::{Beginning, Whole};
        for (text, needle, number, good) in [
            ("error 1001.", "1001", Whole, true),
            ("id 21001", "1001", Whole, false),
            ("10011", "1001", Whole, false),
            ("1.1001", "1001", Whole, false),
            ("x1001", "1001", Whole, false),
            ("status:401,", ":401", Whole, true),
            ("10:4012", ":401", Whole, false),
            ("15.2.1", "15.2", Whole, false),
            ("15.2.", "15.2", Whole, true),
            ("Code=-7026", "-70", Beginning, true),
            ("61de-4726-9836-3346", "-9836", Beginning, false),
        ] {
            let start = text.find(needle).unwrap();
            assert_eq!(stands(text.as_bytes(), start, start + needle.len(), number), good, "{text}");
        }
    }
}
