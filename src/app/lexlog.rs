//! What the pieces of a log line are, for quiet colours: times, processes, levels, codes, UUIDs, paths.

use crate::app::ink::Role;
use crate::text::clip;
use std::ops::Range;

/// A line is not looked at further than this; colours are a comfort, not worth the time on a line of megabytes.
const LONGEST: usize = 4_096;

/// The pieces of `line` that mean something, in order, not overlapping, in bytes.
#[must_use]
pub fn pieces(line: &str) -> Vec<(Range<usize>, Role)> {
    let line = clip(line, 0..LONGEST);
    let mut found = Vec::new();
    let mut at = 0;
    for token in line.split_inclusive(is_gap) {
        let word = token.trim_end_matches(is_gap);
        if !word.is_empty() {
            read(word, at, &mut found);
        }
        at += token.len();
    }
    if let Some(process) = crate::facts::origin(line).process {
        mark_process(line, process, &mut found);
    }
    found
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | '{' | '}' | '<' | '>' | ',' | ';' | '=' | '|' | '`')
}

fn read(word: &str, at: usize, found: &mut Vec<(Range<usize>, Role)>) {
    let bare = word.trim_end_matches(['.', ':', '!', '?', ']']).trim_start_matches('[');
    let start = at + word.find(bare).unwrap_or(0);
    if let Some(role) = role_of(bare) {
        found.push((start..start + bare.len(), role));
    }
}

fn role_of(word: &str) -> Option<Role> {
    let first = word.bytes().next()?;
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if is_time(word, digits) {
        return Some(Role::Time);
    }
    if first == b'/' || word.starts_with("~/") || word.contains("://") {
        return (word.len() > 2).then_some(Role::Path);
    }
    if is_id(word, digits) {
        return Some(Role::Id);
    }
    if is_number(word) || is_symbol(word) {
        return Some(Role::Number);
    }
    let alarms =
        ["error", "fault", "failed", "failure", "denied", "deny", "fatal", "crash", "exception", "refused", "invalid", "unauthorized"];
    let stem = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '(' || c == ')');
    alarms.iter().any(|alarm| stem.eq_ignore_ascii_case(alarm)).then_some(Role::Alarm)
}

/// `2026-11-22`, `10:00:00.123456+0100`.
fn is_time(word: &str, digits: usize) -> bool {
    let of = |set: &str| word.bytes().all(|byte| byte.is_ascii_digit() || set.as_bytes().contains(&byte));
    let colons = word.matches(':').count();
    let date = digits == 8 && of("-") && word.matches('-').count() == 2;
    date || colons == 2 && digits >= 5 && of(":.,+-TZ") || colons >= 2 && digits >= 12 && of(":.,+-TZ")
}

/// A UUID, a long hash, an address.
fn is_id(word: &str, digits: usize) -> bool {
    if let Some(hex) = word.strip_prefix("0x") {
        return hex.len() > 4 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    let hex = word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    hex && digits > 0 && (word.len() == 36 && word.matches('-').count() == 4 || word.len() >= 32)
}

/// `-25300`, `0xffff`, `1000`.
fn is_number(word: &str) -> bool {
    let bare = word.trim_start_matches('-');
    let hex = bare.strip_prefix("0x").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    hex || !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit())
}

/// `errSecItemNotFound`, `NSOSStatusErrorDomain`.
fn is_symbol(word: &str) -> bool {
    let plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.');
    plain && (word.starts_with("errSec") || word.ends_with("ErrorDomain") || word.starts_with("kSec") || word.starts_with("kLA"))
}

fn mark_process(line: &str, process: &str, found: &mut Vec<(Range<usize>, Role)>) {
    let Some(start) = line.find(process) else { return };
    let mut end = start + process.len();
    if clip(line, end..end + 1) == "[" {
        end += clip(line, end..end + 24).find(']').map_or(0, |close| close + 1);
    }
    found.retain(|(range, _)| range.end <= start || range.start >= end);
    let place = found.partition_point(|(range, _)| range.start < start);
    found.insert(place, (start..end, Role::Process));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Vec<(&str, Role)> {
        pieces(line).into_iter().map(|(range, role)| (clip(line, range), role)).collect()
    }

    #[test]
    fn reads_a_line_of_xcode() {
        let line = "2026-11-22 10:00:00.123456+0100 Notes[512:1a2b] [Security] error: SecItemAdd failed -34018 at /var/mobile/x";
        let pieces = of(line);
        assert_eq!(
            pieces,
            [
                ("2026-11-22", Role::Time),
                ("10:00:00.123456+0100", Role::Time),
                ("Notes[512:1a2b]", Role::Process),
                ("error", Role::Alarm),
                ("failed", Role::Alarm),
                ("-34018", Role::Number),
                ("/var/mobile/x", Role::Path),
            ]
        );
    }

    #[test]
    fn reads_ids_symbols_and_wide_text() {
        assert_eq!(
            of("漢字 2C5EA4C0-4067-11E9-8BAD-9B1DEB4D3B7D 0x16f0a3c00"),
            [("2C5EA4C0-4067-11E9-8BAD-9B1DEB4D3B7D", Role::Id), ("0x16f0a3c00", Role::Id)]
        );
        assert_eq!(of("(errSecItemNotFound) {code=1000}"), [("errSecItemNotFound", Role::Number), ("1000", Role::Number)]);
        assert_eq!(of("plain words, nothing else."), []);
    }
}
