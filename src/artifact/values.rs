//! What all inspectors need: values made fit to show, dates, identifiers, and the encodings that bytes travel in.

use crate::pattern::Pattern;
use crate::text::{clean, clip};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use std::sync::LazyLock;

static LENIENT: LazyLock<GeneralPurpose> = LazyLock::new(|| {
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&STANDARD, config)
});
static TEAM: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?-i)^[A-Z0-9]{10}$"));
static BUNDLE: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$"));

/// A value on one line, cleaned for a terminal and cut at `most` characters.
pub(super) fn shown(text: &str, most: usize) -> String {
    let bounded = clip(text, 0..most.saturating_mul(8).max(64));
    let one_line: String = clean(bounded).text.chars().map(|c| if matches!(c, '\n' | '\t' | '\r') { ' ' } else { c }).collect();
    let one_line = one_line.trim();
    match one_line.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", clip(one_line, 0..at)),
        None => one_line.to_owned(),
    }
}

/// At most the first few of a list, for a sentence.
pub(super) fn listed<T: AsRef<str>>(items: &[T]) -> String {
    const FEW: usize = 6;
    let text = items.iter().take(FEW).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    if items.len() > FEW { format!("{text} and {} more", items.len() - FEW) } else { text }
}

/// Seconds since 1970 as a date that people read; the number itself where there is no such date.
pub(super) fn date(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| seconds.to_string(), |stamp| stamp.to_string().replace('T', " ").replace('Z', " UTC"))
}

/// A time span in words, the two largest units of it.
pub(super) fn span(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    let (days, hours, minutes) = (seconds / 86_400, seconds % 86_400 / 3_600, seconds % 3_600 / 60);
    let unit = |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    match (days, hours, minutes) {
        (0, 0, 0) => unit(seconds, "second"),
        (0, 0, _) => unit(minutes, "minute"),
        (0, _, 0) => unit(hours, "hour"),
        (0, _, _) => format!("{} {}", unit(hours, "hour"), unit(minutes, "minute")),
        (_, 0, _) => unit(days, "day"),
        _ => format!("{} {}", unit(days, "day"), unit(hours, "hour")),
    }
}

/// Whether this has the form of a team or key identifier: ten capital letters and digits.
pub(super) fn is_team(text: &str) -> bool {
    TEAM.is_match(text)
}

/// Whether this has the form of a bundle identifier or Services ID.
pub(super) fn is_bundle_id(text: &str) -> bool {
    text.len() <= 255 && BUNDLE.is_match(text)
}

/// Team and rest of `TEAM123456.rest`.
pub(super) fn prefixed(text: &str) -> Option<(&str, &str)> {
    text.split_once('.').filter(|(team, rest)| is_team(team) && !rest.is_empty())
}

/// Bytes from base64 or base64url, whatever the padding and white space; nothing where another character stands in it.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let compact: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    // One character over a multiple of four is six bits of nothing: something was cut off.
    if compact.is_empty() || compact.len() % 4 == 1 {
        return None;
    }
    LENIENT.decode(&compact).ok()
}

/// Bytes from hexadecimal digits, with or without white space, colons and `0x`.
pub(super) fn hex(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let digits: Vec<u8> = text
        .strip_prefix("0x")
        .unwrap_or(text)
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b':' | b'<' | b'>'))
        .collect();
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let nibble = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    digits.chunks(2).map(|pair| Some(nibble(*pair.first()?)? << 4 | nibble(*pair.get(1)?)?)).collect()
}

/// Bytes as hexadecimal digits.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

/// Bytes as base64url without padding, as identifiers of WebAuthn and keys are written.
pub(super) fn to_base64url(bytes: &[u8]) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// Bytes as base64, as App Attest's key identifiers are written.
pub(super) fn to_base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// The SHA-256 of `bytes`.
pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).to_vec()
}

/// A number as reports write it, decimal or hexadecimal.
pub(super) fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// An address of a person with its local part hidden.
pub(super) fn masked_address(text: &str) -> String {
    match text.split_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => "…".to_owned(),
    }
}

/// The known word that differs from `word` in its case or in one place of two letters at most; nothing for a known word.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut best = None;
    for candidate in known {
        if candidate == word {
            return None;
        }
        let alike = |one: u8, other: u8| one.eq_ignore_ascii_case(&other);
        let front = word.bytes().zip(candidate.bytes()).take_while(|(one, other)| alike(*one, *other)).count();
        let back = word.bytes().rev().zip(candidate.bytes().rev()).take_while(|(one, other)| alike(*one, *other)).count();
        if front + back + 2 >= word.len().max(candidate.len()) && word.len().abs_diff(candidate.len()) <= 2 && word.len() > 4 {
            best = best.or(Some(candidate));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bounded_and_cannot_drive_a_terminal() {
        assert_eq!(shown("a\u{1b}[31mb\nc", 10), "ab c");
        assert_eq!(shown("äöüäöü", 3), "äöü…");
        assert!(!shown("\u{202e}x\u{7}", 10).contains(['\u{202e}', '\u{7}']));
    }

    #[test]
    fn dates_and_spans() {
        assert_eq!(date(1_700_000_000), "2023-11-14 22:13:20 UTC");
        assert_eq!(date(i64::MAX), i64::MAX.to_string());
        assert_eq!((span(15_777_001), span(61), span(-7200)), ("182 days 14 hours".into(), "1 minute".into(), "2 hours".into()));
    }

    #[test]
    fn every_spelling_of_base64_and_hex() {
        for text in ["-_8", "+/8=", " +/\n8 ", "+/8"] {
            assert_eq!(base64(text), Some(vec![0xfb, 0xff]), "{text}");
        }
        assert_eq!((base64("a"), base64("a*b="), base64("")), (None, None, None));
        assert_eq!((hex("0xA3:63"), hex("<a363>"), hex("a36"), hex("zz")), (Some(vec![0xa3, 0x63]), Some(vec![0xa3, 0x63]), None, None));
    }
}
