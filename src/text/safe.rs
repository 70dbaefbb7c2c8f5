//! Slicing that cannot panic: the one place where text is cut by bytes.

use std::ops::Range;

/// The largest character boundary of `text` at or before `at`.
#[must_use]
pub fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// `text[range]`, the range moved down to character boundaries and into the text.
#[must_use]
pub fn clip(text: &str, range: Range<usize>) -> &str {
    let start = floor(text, range.start);
    let end = floor(text, range.end.max(start));
    text.get(start..end).unwrap_or("")
}

/// `text[from..]`, moved down to a character boundary.
#[must_use]
pub fn tail(text: &str, from: usize) -> &str {
    clip(text, from..text.len())
}

/// How many characters `text` has.
#[must_use]
pub fn char_len(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_never_split_a_character() {
        assert_eq!(clip("aé漢", 0..2), "a");
        assert_eq!(clip("aé漢", 1..3), "é");
        assert_eq!(clip("aé漢", 6..99), "");
        let (start, end) = (2, 1);
        assert_eq!(clip("abc", start..end), "");
        assert_eq!(tail("aé", 1), "é");
    }
}
