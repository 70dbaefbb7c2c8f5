//! Cutting text into rows of a width, without splitting what people see as one character.

use crate::text::{clip, graphemes};
use std::ops::Range;

/// The cells a character takes on our screens: a tab takes two.
#[must_use]
pub fn cells(grapheme: &str, width: usize) -> usize {
    if grapheme == "\t" { 2 } else { width }
}

/// The rows that code takes at `width` cells, as byte ranges; at least one. Rows break anywhere.
#[must_use]
pub(crate) fn rows(text: &str, width: usize) -> Vec<Range<usize>> {
    let width = width.max(2);
    if is_simple(text) {
        let count = text.len().div_ceil(width).max(1);
        return (0..count).map(|row| row * width..((row + 1) * width).min(text.len())).collect();
    }
    let (mut found, mut start, mut at, mut used) = (Vec::new(), 0, 0, 0);
    for (grapheme, wide) in graphemes(text) {
        let wide = cells(grapheme, wide);
        if used + wide > width && at > start {
            found.push(start..at);
            (start, used) = (at, 0);
        }
        at += grapheme.len();
        used += wide;
    }
    found.push(start..at);
    found
}

/// How many rows `text` takes at `width` cells, broken at words.
#[must_use]
pub(crate) fn height(text: &str, width: usize) -> usize {
    if text.len() <= width && is_simple(text) { 1 } else { words(text, width).len() }
}

/// One byte, one cell.
fn is_simple(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// The rows that running text takes at `width` cells, broken at spaces where there are some; spaces at a break are dropped.
#[must_use]
pub fn words(text: &str, width: usize) -> Vec<Range<usize>> {
    let width = width.max(2);
    let (mut found, mut start, mut used, mut at) = (Vec::new(), 0, 0, 0);
    // Behind the last space of the row, and the cells up to there.
    let mut space: Option<(usize, usize)> = None;
    for (grapheme, wide) in graphemes(text) {
        let wide = cells(grapheme, wide);
        if grapheme == "\n" {
            found.push(start..at);
            (start, used, space) = (at + 1, 0, None);
            at += 1;
            continue;
        }
        if used + wide > width && grapheme != " " {
            let (cut, cells_before) = space.take().filter(|(cut, _)| *cut > start).unwrap_or((at, used));
            found.push(start..trimmed(text, start, cut));
            start = cut;
            used -= cells_before;
        }
        at += grapheme.len();
        used += wide;
        if grapheme == " " {
            space = Some((at, used));
        }
    }
    found.push(start..trimmed(text, start, at));
    found
}

fn trimmed(text: &str, start: usize, end: usize) -> usize {
    start + clip(text, start..end).trim_end_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, width: usize) -> Vec<&str> {
        rows(text, width).into_iter().map(|range| clip(text, range)).collect()
    }

    fn worded(text: &str, width: usize) -> Vec<&str> {
        words(text, width).into_iter().map(|range| clip(text, range)).collect()
    }

    #[test]
    fn rows_keep_characters_whole() {
        assert_eq!(cut("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(cut("漢字漢", 4), ["漢字", "漢"]);
        assert_eq!(cut("漢字漢", 3), ["漢", "字", "漢"]);
        assert_eq!(cut("ae\u{301}b", 2), ["ae\u{301}", "b"]);
        assert_eq!(cut("", 4), [""]);
        assert_eq!(cut("a\tb", 2), ["a", "\t", "b"]);
        assert_eq!((height("", 4), height("abcde", 4), height("漢字漢", 4)), (1, 2, 2));
    }

    #[test]
    fn words_break_at_spaces() {
        assert_eq!(worded("the keychain was locked", 9), ["the", "keychain", "was", "locked"]);
        assert_eq!(worded("the keychain was locked", 12), ["the keychain", "was locked"]);
        assert_eq!(worded("kSecAttrAccessible", 6), ["kSecAt", "trAcce", "ssible"]);
        assert_eq!(worded("a\nb", 6), ["a", "b"]);
        assert_eq!(worded("", 6), [""]);
        assert_eq!(worded("漢字 漢字", 5), ["漢字", "漢字"]);
    }
}
