//! Text that is selected: by dragging with the mouse (characters), or with a key (whole rows).

use std::ops::Range;

/// A place in a text: its row (a piece of a log, a line of a page), and the byte in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The row.
    pub row: usize,
    /// The byte in the row, between two characters.
    pub at: usize,
}

/// What is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// Where it began.
    pub anchor: Spot,
    /// Where it has got to.
    pub head: Spot,
    /// Whole rows.
    pub rows: bool,
}

impl Selection {
    /// A selection of whole rows that begins with this one.
    #[must_use]
    pub fn row(row: usize) -> Self {
        let spot = Spot { row, at: 0 };
        Self { anchor: spot, head: spot, rows: true }
    }

    /// A selection of characters.
    #[must_use]
    pub fn characters(anchor: Spot, head: Spot) -> Self {
        Self { anchor, head, rows: false }
    }

    /// The first and the last spot, in the order of the text.
    #[must_use]
    pub fn ends(&self) -> (Spot, Spot) {
        (self.anchor.min(self.head), self.anchor.max(self.head))
    }

    /// The bytes that are selected of row `row`, which has `length` of them; nothing where the row is outside.
    #[must_use]
    pub fn of(&self, row: usize, length: usize) -> Option<Range<usize>> {
        let (first, last) = self.ends();
        if !(first.row..=last.row).contains(&row) {
            return None;
        }
        let start = if self.rows || row > first.row { 0 } else { first.at.min(length) };
        let end = if self.rows || row < last.row { length } else { last.at.min(length) };
        Some(start..end.max(start))
    }
}

/// The bytes of `text` that end before cell `cell` of it: where a click at that cell puts the end of a selection.
#[must_use]
pub(crate) fn byte_at(text: &str, cell: usize) -> usize {
    let mut used = 0;
    let mut at = 0;
    for (grapheme, width) in crate::text::graphemes(text) {
        if used >= cell {
            break;
        }
        used += crate::app::wrap::cells(grapheme, width);
        at += grapheme.len();
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_from_either_end() {
        let (a, b) = (Spot { row: 1, at: 3 }, Spot { row: 3, at: 2 });
        for selection in [Selection::characters(a, b), Selection::characters(b, a)] {
            assert_eq!(selection.of(0, 9), None);
            assert_eq!(selection.of(1, 9), Some(3..9));
            assert_eq!(selection.of(2, 9), Some(0..9));
            assert_eq!(selection.of(3, 9), Some(0..2));
            assert_eq!(selection.of(4, 9), None);
        }
        assert_eq!(Selection::characters(a, b).of(1, 2), Some(2..2), "a row may be shorter than what was pointed at");
    }

    #[test]
    fn rows_are_whole() {
        let mut selection = Selection::row(4);
        selection.head.row = 2;
        assert_eq!(selection.of(2, 5), Some(0..5));
        assert_eq!(selection.of(4, 7), Some(0..7));
        assert_eq!(selection.of(5, 7), None);
    }

    #[test]
    fn a_click_falls_between_characters() {
        assert_eq!(byte_at("abc", 0), 0);
        assert_eq!(byte_at("abc", 2), 2);
        assert_eq!(byte_at("漢字", 1), 3, "half of a wide character counts as all of it");
        assert_eq!(byte_at("e\u{301}x", 1), 3);
        assert_eq!(byte_at("a\tb", 3), 2);
        assert_eq!(byte_at("ab", 99), 2);
    }
}
