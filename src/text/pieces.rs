//! Cutting a large input into pieces that are read one after the other, or side by side.

use std::ops::Range;

/// Lines around a piece that may belong to an error in it.
const LINES: usize = 8;
/// And no more bytes of them than this.
const BYTES: usize = 4 << 10;

/// The pieces of `bytes`, of about `size` bytes each. They end at line ends; only a line that is longer than a piece is cut, between characters.
pub fn pieces(bytes: &[u8], size: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        (from < bytes.len()).then(|| {
            let piece = from..end_of_piece(bytes, from, size.max(8));
            from = piece.end;
            piece
        })
    })
}

/// Where the whole lines around a piece begin and end that are looked at with it; its own ends where it begins or ends within a line.
#[must_use]
pub fn surroundings(bytes: &[u8], piece: Range<usize>) -> (usize, usize) {
    let whole = |at: usize| at == 0 || bytes.get(at - 1) == Some(&b'\n');
    let before = if whole(piece.start) { lines_before(bytes, piece.start) } else { piece.start };
    let after = if whole(piece.end) { lines_after(bytes, piece.end) } else { piece.end };
    (before, after)
}

fn end_of_piece(bytes: &[u8], from: usize, size: usize) -> usize {
    let Some(part) = bytes.get(from..from + size) else { return bytes.len() };
    if let Some(at) = part.iter().rposition(|b| *b == b'\n') {
        return from + at + 1;
    }
    let inside_character = |at: &usize| bytes.get(*at).is_some_and(|b| b & 0xc0 == 0x80);
    let end = from + size;
    (end - 4..=end).rev().find(|at| !inside_character(at)).unwrap_or(end)
}

fn lines_before(bytes: &[u8], at: usize) -> usize {
    let near = at.saturating_sub(BYTES);
    let mut start = at;
    for _ in 0..LINES {
        let Some(above) = start.checked_sub(1).and_then(|end| bytes.get(near..end)) else { break };
        match above.iter().rposition(|b| *b == b'\n') {
            Some(end) => start = near + end + 1,
            None if near == 0 => start = 0,
            None => break,
        }
    }
    start
}

fn lines_after(bytes: &[u8], at: usize) -> usize {
    let near = bytes.get(at..bytes.len().min(at + BYTES)).unwrap_or(&[]);
    let ends = near.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(end, _)| at + end + 1);
    ends.take(LINES).last().unwrap_or(at)
}

#[cfg(test)]
#[allow(clippy::string_slice)] // A test ends where it cannot go on.
mod tests {
    use super::*;

    fn cut(text: &str, size: usize) -> Vec<&str> {
        pieces(text.as_bytes(), size).map(|piece| &text[piece]).collect()
    }

    #[test]
    fn pieces_end_at_line_ends() {
        assert_eq!(cut("one\ntwo\nthree\nfour", 10), ["one\ntwo\n", "three\n", "four"]);
        assert_eq!(cut("", 10), [""; 0]);
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        assert_eq!(cut("ééééé", 9), ["éééé", "é"]);
        assert_eq!(cut("abcdefghij", 8), ["abcdefgh", "ij"]);
    }

    #[test]
    fn whole_lines_around_a_piece_are_known() {
        let text: String = (1..=20).flat_map(|n| [n.to_string(), "\n".to_owned()]).collect();
        let list: Vec<_> = pieces(text.as_bytes(), 24).collect();
        assert_eq!(&text[list[1].clone()], "12\n13\n14\n15\n16\n17\n18\n19\n");
        assert_eq!(&text[surroundings(text.as_bytes(), list[1].clone()).0..list[1].start], "4\n5\n6\n7\n8\n9\n10\n11\n");
        assert_eq!(&text[list[0].end..surroundings(text.as_bytes(), list[0].clone()).1], "12\n13\n14\n15\n16\n17\n18\n19\n");
        assert_eq!(surroundings(b"abc\nd", 1..2), (1, 2));
    }
}
