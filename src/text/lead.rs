//! The columns that a log puts in front of what it says: times, thread numbers, levels, process numbers.
//!
//! They hold digits of every kind, so nothing is looked for in them.

use std::ops::Range;

/// How many bytes at the front of a line are such columns; what follows is the process's name or the message. 0 where there are none.
///
/// Known are times of day behind a date or alone (`2026-11-22 10:00:00.123456+0100`, `2026-11-22T10:00:00Z`, `Nov 22 10:00:00`, `10:00:00.123`),
/// and behind them the columns of `log show`: thread, level, activity, process number, time to live.
#[must_use]
pub fn lead(line: &[u8]) -> usize {
    let Some(time) = clock(line) else { return 0 };
    let mut at = time.end;
    at += run(line, at, |b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b':' | b'+' | b'-' | b'Z' | b']'));
    columns(line, at).unwrap_or(at)
}

/// Where the time of day stands in those columns, to the second; none where there are no such columns.
#[must_use]
pub fn clock(line: &[u8]) -> Option<Range<usize>> {
    let date = match line.first()? {
        b'0'..=b'9' | b'[' => shape(line, b"dddd-dd-dd_").or_else(|| shape(line, b"[dddd-dd-dd_")).unwrap_or(0),
        b'A'..=b'Z' => shape(line, b"Aaa dd ").or_else(|| shape(line, b"Aaa  d ")).unwrap_or(0),
        _ => return None,
    };
    rest(line, date).and_then(|rest| shape(rest, b"dd:dd:dd")).map(|time| date..date + time)
}

/// `  0x1a2b     Default     0x0                  512    0    `, the columns of `log show` in its default style.
fn columns(line: &[u8], from: usize) -> Option<usize> {
    let mut at = gap(line, from)?;
    at += shape(rest(line, at)?, b"0x")?;
    at += run(line, at, |b| b.is_ascii_hexdigit());
    at = gap(line, at)?;
    at += run(line, at, |b| b.is_ascii_alphabetic());
    at = gap(line, at)?;
    at += shape(rest(line, at)?, b"0x")?;
    at += run(line, at, |b| b.is_ascii_hexdigit());
    at = gap(line, at)?;
    at += run(line, at, |b| b.is_ascii_digit());
    at = gap(line, at)?;
    at += run(line, at, |b| b.is_ascii_digit());
    gap(line, at)
}

fn rest(line: &[u8], from: usize) -> Option<&[u8]> {
    line.get(from..)
}

/// The length of `shape` where `text` begins with it: `d` is a digit, `A` and `a` are letters, `_` is a space or a `T`, all else itself.
fn shape(text: &[u8], shape: &[u8]) -> Option<usize> {
    let fits = |(byte, want): (&u8, &u8)| match want {
        b'd' => byte.is_ascii_digit(),
        b'A' => byte.is_ascii_uppercase(),
        b'a' => byte.is_ascii_lowercase(),
        b'_' => matches!(byte, b' ' | b'T'),
        same => byte == same,
    };
    (text.len() >= shape.len() && text.iter().zip(shape).all(fits)).then_some(shape.len())
}

fn run(line: &[u8], from: usize, inside: impl Fn(u8) -> bool) -> usize {
    let rest = line.get(from..).unwrap_or(&[]);
    rest.iter().position(|b| !inside(*b)).unwrap_or(rest.len())
}

/// Behind the spaces at `from`; none where there are none.
fn gap(line: &[u8], from: usize) -> Option<usize> {
    let spaces = run(line, from, |b| b == b' ');
    (spaces > 0).then_some(from + spaces)
}

#[cfg(test)]
#[allow(clippy::string_slice)] // A test ends where it cannot go on.
mod tests {
    use super::*;

    #[test]
    fn columns_of_every_style_are_left_out() {
        for (line, message) in [
            ("2026-11-22 10:00:00.123456+0100 0x1a2b     Error       0x0                  512    0    secd: x", "secd: x"),
            ("2026-11-22 10:00:00.123456+0100 Notes[512:1a2b3] -25300", " Notes[512:1a2b3] -25300"),
            ("2026-11-22T10:00:00.123Z error 5", " error 5"),
            ("Nov 22 10:00:00 mac amfid[2]: x", " mac amfid[2]: x"),
            ("Nov  2 10:00:00 mac amfid[2]: x", " mac amfid[2]: x"),
            ("[2026-11-22 10:00:00] ERROR x", " ERROR x"),
            ("10:12:49.948886+0200 kernel x", " kernel x"),
            ("-25300 at 10:00:00", "-25300 at 10:00:00"),
            ("May we ask", "May we ask"),
            ("", ""),
            ("2026-11-22", "2026-11-22"),
        ] {
            assert_eq!(&line[lead(line.as_bytes())..], message, "{line}");
        }
    }

    #[test]
    fn the_time_of_a_line() {
        let told = |line: &'static str| clock(line.as_bytes()).map(|range| &line[range]);
        assert_eq!(told("2026-11-22 10:00:07.123456+0100 x"), Some("10:00:07"));
        assert_eq!(told("Nov  2 10:00:00 mac x"), Some("10:00:00"));
        assert_eq!(told("took 10:00:00"), None);
    }
}
