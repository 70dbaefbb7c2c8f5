//! Text from outside: cleaned once on entry, cut into lines, mapped back to where it stood.
//!
//! Everything that pitfall shows or matches went through [`Document::new`]: after it no escape sequence, control character or
//! bidi override is left, quotes are straight, and every position can be told in the lines and columns of the input as given.

mod clean;
mod decode;
mod lead;
mod pieces;
mod safe;
mod width;

pub use clean::{Cleaned, Notes, clean};
use decode::utf8 as decode_utf8;
pub use decode::{Encoding, decode, encoding_of};
pub use lead::{clock, lead};
pub use pieces::{pieces, surroundings};
pub use safe::{char_len, clip, floor, tail};
pub use width::{display_width, fit, graphemes};

/// A cleaned input with its line starts. Positions are byte offsets into [`Document::text`].
#[derive(Debug, Clone, Default)]
pub struct Document {
    text: String,
    starts: Vec<usize>,
    edits: Vec<clean::Edit>,
    notes: Notes,
}

/// A place in the input as given: line and columns count from 1, columns in characters, the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The first column, from 1.
    pub start: usize,
    /// The column behind the last character.
    pub end: usize,
}

impl Document {
    /// Decodes and cleans `bytes`, whatever they are.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let (decoded, encoding, invalid) = decode(bytes);
        let cleaned = clean(&decoded);
        let mut notes = cleaned.notes;
        notes.encoding = encoding;
        notes.invalid = invalid;
        Self::from_cleaned(cleaned.text, cleaned.edits, notes)
    }

    /// A piece of a larger input: cleans `core` with some text `before` and `after` it, and tells where the core begins and ends in
    /// [`Document::text`]. All three begin and end at line ends, unless a line is longer than a piece.
    #[must_use]
    pub fn piece(before: &[u8], core: &[u8], after: &[u8]) -> (Self, std::ops::Range<usize>) {
        let begin = clean(&decode_utf8(before).0);
        let (decoded, invalid) = decode_utf8(core);
        let mut cleaned = clean(&decoded);
        cleaned.notes.invalid = invalid;
        let notes = cleaned.notes;
        let core = begin.text.len()..begin.text.len() + cleaned.text.len();
        if begin.text.is_empty() && after.is_empty() {
            return (Self::from_cleaned(cleaned.text, cleaned.edits, notes), core);
        }
        let lines = begin.text.bytes().filter(|b| *b == b'\n').count();
        let moved = |edit: clean::Edit| clean::Edit { line: edit.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX)), ..edit };
        let text = [begin.text, cleaned.text, clean(&decode_utf8(after).0).text].concat();
        let edits = begin.edits.into_iter().chain(cleaned.edits.into_iter().map(moved)).collect();
        (Self::from_cleaned(text, edits, notes), core)
    }

    fn from_cleaned(text: String, edits: Vec<clean::Edit>, notes: Notes) -> Self {
        let mut starts = line_starts(&text);
        if starts.len() > 1 && starts.last() == Some(&text.len()) {
            starts.pop();
        }
        Self { text, starts, edits, notes }
    }

    /// The cleaned text; lines end with `\n`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What cleaning met.
    #[must_use]
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// How many lines there are; an empty input has none.
    #[must_use]
    pub fn line_count(&self) -> usize {
        if self.text.is_empty() { 0 } else { self.starts.len() }
    }

    /// The line (from 0) that holds byte `at`.
    #[must_use]
    pub fn line_of(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The same where `at` probably stands on line `near` or a few lines behind it: quicker when a text is read from front to back.
    #[must_use]
    pub fn line_near(&self, near: usize, at: usize) -> usize {
        const STEPS: usize = 32;
        let behind = |line: usize| self.starts.get(line + 1).is_none_or(|next| at < *next);
        if self.starts.get(near).is_some_and(|start| *start <= at)
            && let Some(line) = (near..near + STEPS).find(|line| behind(*line))
        {
            return line;
        }
        self.line_of(at)
    }

    /// The bytes of line `line` (from 0) without its line end; empty behind the last line.
    #[must_use]
    pub fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let Some(&start) = self.starts.get(line) else { return self.text.len()..self.text.len() };
        let end = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let end = if end > start && self.text.as_bytes().get(end - 1) == Some(&b'\n') { end - 1 } else { end };
        start..end.max(start)
    }

    /// The text of line `line` (from 0) without its line end.
    #[must_use]
    pub fn line(&self, line: usize) -> &str {
        clip(&self.text, self.line_range(line))
    }

    /// Where the cleaned bytes `start..end` stood in the input as given. A span over several lines is told as its part on the
    /// first line.
    #[must_use]
    pub fn place(&self, start: usize, end: usize) -> Place {
        let line = self.line_of(start);
        let range = self.line_range(line);
        let end = end.clamp(start, range.end.max(start));
        let first = self.column(line, &range, start);
        Place { line: line + 1, start: first, end: self.column(line, &range, end).max(first) }
    }

    fn column(&self, line: usize, range: &std::ops::Range<usize>, at: usize) -> usize {
        let shown = clip(&self.text, range.start..at).chars().count();
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let from = self.edits.partition_point(|edit| edit.line < line);
        let shift: i64 = self.edits[from..]
            .iter()
            .take_while(|edit| edit.line == line && edit.column as usize <= shown)
            .map(|edit| i64::from(edit.shift))
            .sum();
        usize::try_from(i64::try_from(shown).unwrap_or(i64::MAX).saturating_add(shift).max(0)).unwrap_or(0) + 1
    }
}

/// Where the lines of a text begin; behind a last line end too.
fn line_starts(text: &str) -> Vec<usize> {
    const BLOCK: usize = 32;
    let bytes = text.as_bytes();
    let count = |block: &[u8]| block.iter().map(|b| u8::from(*b == b'\n')).sum::<u8>();
    let lines: usize = bytes.chunks(BLOCK).map(|block| usize::from(count(block))).sum();
    let mut starts = Vec::with_capacity(lines + 1);
    starts.push(0);
    for (at, block) in bytes.chunks(BLOCK).enumerate().filter(|(_, block)| count(block) > 0) {
        starts.extend(block.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(n, _)| at * BLOCK + n + 1));
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_places_count_as_the_input_does() {
        let doc = Document::new("\u{1b}[31mred\u{1b}[0m -25300\r\nsecond ’quoted’\n".as_bytes());
        assert_eq!(doc.text(), "red -25300\nsecond 'quoted'\n");
        assert_eq!(doc.line_count(), 2);
        assert_eq!(doc.line(1), "second 'quoted'");
        let at = doc.text().find("-25300").unwrap();
        assert_eq!(doc.place(at, at + 6), Place { line: 1, start: 14, end: 20 });
        let at = doc.text().find("quoted").unwrap();
        assert_eq!(doc.place(at, at + 6), Place { line: 2, start: 9, end: 15 });
    }

    #[test]
    fn an_empty_input_has_no_lines() {
        let doc = Document::new(b"");
        assert_eq!(doc.line_count(), 0);
        assert_eq!(doc.line(0), "");
        assert_eq!(doc.place(0, 0), Place { line: 1, start: 1, end: 1 });
    }
}
