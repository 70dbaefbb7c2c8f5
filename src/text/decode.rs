//! Bytes into text: UTF-8, or UTF-16 by its byte order mark or by its pattern of zero bytes.

use std::borrow::Cow;

/// How the bytes of an input were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

/// The text, its encoding, and how many invalid sequences became U+FFFD.
#[must_use]
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, Encoding, usize) {
    match encoding_of(bytes) {
        Encoding::Utf8 => {
            let (text, invalid) = utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
            (text, Encoding::Utf8, invalid)
        }
        encoding => {
            let unit = |pair: &[u8]| match (encoding, pair) {
                (Encoding::Utf16Be, [high, low]) => u16::from_be_bytes([*high, *low]),
                (_, [low, high]) => u16::from_le_bytes([*low, *high]),
                _ => 0xfffd,
            };
            let units = bytes.chunks(2).map(unit);
            let text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
            let text = text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned);
            let invalid = text.matches('\u{fffd}').count();
            (Cow::Owned(text), encoding, invalid)
        }
    }
}

/// UTF-8 without a mark, and how many invalid sequences became U+FFFD.
pub(super) fn utf8(bytes: &[u8]) -> (Cow<'_, str>, usize) {
    // Nearly all input is valid, and to see that is many times quicker than to repair it.
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), 0);
    }
    let text = String::from_utf8_lossy(bytes);
    let invalid = text.matches('\u{fffd}').count();
    (text, invalid)
}

/// How the bytes are to be read. A mark decides; without one, text whose every second byte is zero in its first 512 bytes is UTF-16.
#[must_use]
pub fn encoding_of(bytes: &[u8]) -> Encoding {
    match bytes {
        [0xff, 0xfe, ..] => return Encoding::Utf16Le,
        [0xfe, 0xff, ..] => return Encoding::Utf16Be,
        _ => {}
    }
    let head = bytes.get(..bytes.len().min(512) & !1).unwrap_or(&[]);
    let pairs = head.len() / 2;
    if pairs < 4 {
        return Encoding::Utf8;
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    match (zeros(0), zeros(1)) {
        (0, high) if high * 10 >= pairs * 9 => Encoding::Utf16Le,
        (high, 0) if high * 10 >= pairs * 9 => Encoding::Utf16Be,
        _ => Encoding::Utf8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_byte_orders_with_and_without_a_mark() {
        let units: Vec<u16> = "error -25300".encode_utf16().collect();
        let le: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
        let be: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
        assert_eq!(decode(&le).0, "error -25300");
        assert_eq!(decode(&be).0, "error -25300");
        assert_eq!(decode(&[vec![0xff, 0xfe], le].concat()).0, "error -25300");
    }

    #[test]
    fn invalid_utf8_is_counted_and_kept_readable() {
        let (text, encoding, invalid) = decode(b"\xef\xbb\xbfab\xffc");
        assert_eq!((text.as_ref(), encoding, invalid), ("ab\u{fffd}c", Encoding::Utf8, 1));
    }

    #[test]
    fn a_nul_byte_does_not_make_text_utf16() {
        assert_eq!(decode(b"abc\0defghijkl").1, Encoding::Utf8);
    }
}
