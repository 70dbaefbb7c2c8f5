//! A small reader of BER and DER: tags, lengths, contents. Apple's profiles use indefinite lengths, which stricter readers refuse.

/// Nesting that is followed.
const DEPTH: usize = 24;
/// Elements looked at in one search.
const ELEMENTS: usize = 20_000;

/// One element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element<'a> {
    /// The identifier octet; longer tags are not needed here.
    pub(super) tag: u8,
    /// The contents.
    pub(super) body: &'a [u8],
    /// Bytes of the whole element.
    pub(super) length: usize,
}

impl<'a> Element<'a> {
    /// Whether it holds other elements.
    pub(super) fn is_constructed(&self) -> bool {
        self.tag & 0x20 != 0
    }

    /// The elements in it; a damaged one ends the list.
    pub(super) fn children(&self) -> Vec<Element<'a>> {
        elements(self.body)
    }
}

/// The first element of `bytes`.
pub(super) fn element(bytes: &[u8]) -> Option<Element<'_>> {
    read(bytes, 0)
}

/// All elements of `bytes`; a damaged one ends the list.
pub(super) fn elements(bytes: &[u8]) -> Vec<Element<'_>> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while found.len() < ELEMENTS {
        let Some(next) = element(rest) else { break };
        if next.tag == 0 && next.body.is_empty() {
            break;
        }
        rest = rest.get(next.length..).unwrap_or(&[]);
        found.push(next);
    }
    found
}

fn read(bytes: &[u8], depth: usize) -> Option<Element<'_>> {
    let tag = *bytes.first()?;
    if tag & 0x1f == 0x1f || depth > DEPTH {
        return None;
    }
    let first = *bytes.get(1)?;
    if first == 0x80 {
        return indefinite(bytes, tag, depth);
    }
    let (length, head) = if first < 0x80 {
        (usize::from(first), 2)
    } else {
        let octets = usize::from(first & 0x7f);
        if octets > 4 {
            return None;
        }
        let length = bytes.get(2..2 + octets)?.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
        (length, 2 + octets)
    };
    let end = head.checked_add(length)?;
    Some(Element { tag, body: bytes.get(head..end)?, length: end })
}

/// An element that ends with two zero octets.
fn indefinite(bytes: &[u8], tag: u8, depth: usize) -> Option<Element<'_>> {
    if tag & 0x20 == 0 {
        return None;
    }
    let mut at = 2;
    loop {
        if bytes.get(at..at + 2)? == [0, 0] {
            return Some(Element { tag, body: bytes.get(2..at)?, length: at + 2 });
        }
        at += read(bytes.get(at..)?, depth + 1)?.length;
    }
}

/// The contents of an octet string, joined where it comes in pieces.
pub(super) fn octets(element: &Element<'_>) -> Vec<u8> {
    if element.is_constructed() { element.children().iter().flat_map(|piece| piece.body.to_vec()).collect() } else { element.body.to_vec() }
}

/// All object identifiers in `bytes`, in their order, also those inside octet strings.
pub(super) fn object_identifiers(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = 0;
    walk(bytes, 0, &mut seen, &mut |element| {
        if element.tag == 0x06 {
            found.push(oid(element.body));
        }
    });
    found
}

/// Visits every element; octet strings that hold elements themselves are entered.
pub(super) fn walk<'a>(bytes: &'a [u8], depth: usize, seen: &mut usize, visit: &mut dyn FnMut(&Element<'a>)) {
    if depth > DEPTH {
        return;
    }
    for element in elements(bytes) {
        *seen += 1;
        if *seen > ELEMENTS {
            return;
        }
        visit(&element);
        let holds_more = element.is_constructed() || (element.tag == 0x04 && element.body.first() == Some(&0x30));
        if holds_more {
            walk(element.body, depth + 1, seen, visit);
        }
    }
}

/// An object identifier with its dots.
pub(super) fn oid(body: &[u8]) -> String {
    let mut parts: Vec<u64> = Vec::new();
    let mut value = 0_u64;
    for byte in body.iter().take(64) {
        value = value.wrapping_shl(7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if parts.is_empty() {
                let first = (value / 40).min(2);
                parts.extend([first, value - first * 40]);
            } else {
                parts.push(value);
            }
            value = 0;
        }
    }
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definite_and_indefinite_lengths() {
        let bytes = [0x30, 0x80, 0x02, 0x01, 0x05, 0x24, 0x80, 0x04, 0x01, b'a', 0x04, 0x01, b'b', 0, 0, 0, 0, 0xff];
        let outer = element(&bytes).unwrap();
        assert_eq!(outer.length, 17);
        let children = outer.children();
        assert_eq!((children.len(), octets(&children[1])), (2, b"ab".to_vec()));
    }

    #[test]
    fn damage_is_no_element() {
        for bytes in [
            &[0x30][..],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x80, 0x30],
            &[0x1f, 0x81, 0x00],
            &[0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        ] {
            assert_eq!(element(bytes), None, "{bytes:?}");
        }
        let nested: Vec<u8> = [0x30, 0x80].repeat(10_000);
        assert_eq!(element(&nested), None);
    }

    #[test]
    fn identifiers_have_dots() {
        assert_eq!(oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64, 0x08, 0x02]), "1.2.840.113635.100.8.2");
        assert_eq!(object_identifiers(&[0x30, 0x07, 0x04, 0x05, 0x30, 0x03, 0x06, 0x01, 0x2a]), ["1.2"]);
    }
}
