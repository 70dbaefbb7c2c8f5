//! Entitlements in DER, as newer signatures carry them: a version, then pairs of a key and a value. Read from the blob of a signature, the bare
//! bytes, or what `codesign -d --entitlements - --der` and `openssl asn1parse` print.

use super::der::{self, Element};
use super::source::Source;
use crate::pattern::Pattern;
use plist::{Dictionary, Value};
use std::sync::LazyLock;

/// The blob's magic number and its length stand before the entitlements.
const MAGIC: [u8; 4] = [0xfa, 0xde, 0x71, 0x72];
/// `[APPLICATION 16]`, which holds version and dictionary.
const OUTER: u8 = 0x70;
/// `[CONTEXT 16]`, a dictionary.
const MAP: u8 = 0xb0;
/// Values nest four deep at most.
const DEPTH: usize = 8;
const VALUES: usize = 4_000;

static DUMPED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"^\s*\d+:d=(?P<depth>\d+)\s+hl=\d+\s+l=\s*\S+\s+(?P<kind>prim|cons):\s+(?P<tag>[^:]+?)\s*(?::(?P<value>.*))?$")
});

/// The entitlements, or why these bytes hold none; nothing where they do not look like it.
pub(super) fn read(source: &Source<'_>) -> Option<Result<Dictionary, &'static str>> {
    if let Some(entries) = asn1parse(source.text()) {
        return Some(Ok(entries));
    }
    let bytes = source.binary()?;
    let blob = bytes.starts_with(&MAGIC);
    let body = if blob { bytes.get(8..)? } else { bytes };
    if body.first() != Some(&OUTER) {
        return blob.then_some(Err("the blob does not hold [APPLICATION 16]"));
    }
    // Bare bytes that begin like a word (`pkg "x" …`) are no cut entitlements; those are longer than a short length tells.
    let long = body.get(1).is_some_and(|length| length & 0x80 != 0);
    let Some(outer) = der::element(body) else { return (blob || long).then_some(Err("the bytes end before their length")) };
    let parts = outer.children();
    match parts.as_slice() {
        [version, map] if version.tag == 0x02 && map.tag == MAP => {
            let mut left = VALUES;
            Some(dictionary(map, 0, &mut left).ok_or("a key or value of a kind that entitlements do not have"))
        }
        _ => blob.then_some(Err("version and dictionary are not there")),
    }
}

fn dictionary(map: &Element<'_>, depth: usize, left: &mut usize) -> Option<Dictionary> {
    let mut entries = Dictionary::new();
    for pair in map.children() {
        let parts = pair.children();
        let [key, item] = parts.as_slice() else { return None };
        let key = String::from_utf8(key.body.to_vec()).ok().filter(|_| key.tag == 0x0c)?;
        entries.insert(key, value(item, depth + 1, left)?);
    }
    Some(entries)
}

fn value(item: &Element<'_>, depth: usize, left: &mut usize) -> Option<Value> {
    *left = left.checked_sub(1)?;
    if depth > DEPTH {
        return None;
    }
    Some(match item.tag {
        0x01 => Value::Boolean(item.body.first().is_some_and(|byte| *byte != 0)),
        0x02 => Value::from(integer(item.body)?),
        0x0c => Value::String(String::from_utf8(item.body.to_vec()).ok()?),
        0x30 => Value::Array(item.children().iter().map(|inner| value(inner, depth + 1, left)).collect::<Option<_>>()?),
        MAP => Value::Dictionary(dictionary(item, depth + 1, left)?),
        _ => return None,
    })
}

fn integer(body: &[u8]) -> Option<i64> {
    let first = *body.first()?;
    let start = if first & 0x80 == 0 { 0 } else { -1 };
    (body.len() <= 8).then(|| body.iter().fold(start, |value: i64, byte| value << 8 | i64::from(*byte)))
}

/// The dump of `openssl asn1parse -i`: a key is the first string of a pair, what follows at the same depth its value.
fn asn1parse(text: &str) -> Option<Dictionary> {
    if !text.contains(":d=") || !text.contains("UTF8STRING") {
        return None;
    }
    let rows: Vec<(usize, String, String)> = text
        .lines()
        .take(VALUES)
        .filter_map(|line| {
            let hit = DUMPED.find(line)?;
            Some((hit.group("depth").parse().ok()?, hit.group("tag").trim().to_owned(), hit.group("value").trim().to_owned()))
        })
        .collect();
    let mut entries = Dictionary::new();
    let mut rows = rows.into_iter().peekable();
    // Pairs stand three deep: the application tag, the dictionary, the pair.
    while let Some((depth, tag, key)) = rows.next() {
        if depth != 3 || tag != "UTF8STRING" {
            continue;
        }
        let Some((_, tag, own)) = rows.next_if(|(depth, ..)| *depth == 3) else { continue };
        let item = match tag.as_str() {
            "BOOLEAN" => Value::Boolean(own != "0"),
            "INTEGER" => i64::from_str_radix(&own, 16).map_or_else(|_| Value::String(own.clone()), Value::from),
            "UTF8STRING" => Value::String(own),
            _ => {
                let mut items = Vec::new();
                while let Some((_, inner, text)) = rows.next_if(|(depth, ..)| *depth > 3) {
                    if inner == "UTF8STRING" {
                        items.push(Value::String(text));
                    }
                }
                Value::Array(items)
            }
        };
        entries.insert(key, item);
    }
    (!entries.is_empty()).then_some(entries)
}
