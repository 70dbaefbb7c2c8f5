//! Property lists, XML and binary, read within bounds: what is nested too deeply, refers to itself or would unfold without end is refused before
//! the parser sees it.

use super::source::Source;
use super::{Artifact, Context};
use crate::text::{clip, tail};
use plist::Value;

/// Real property lists stay below twenty.
const DEPTH: usize = 64;
/// Values of one list; a binary one may name the same value many times.
const VALUES: u64 = 200_000;

/// The property list in the source, or why there is none; nothing where it does not look like one.
pub(super) fn read(source: &Source<'_>) -> Option<Result<Value, String>> {
    let bytes = source.bytes();
    if let Some(at) = find(bytes.get(..bytes.len().min(64)).unwrap_or(bytes), b"bplist00") {
        return Some(binary(bytes.get(at..).unwrap_or(bytes)));
    }
    let text = source.text();
    let (start, end) = xml_range(text)?;
    Some(xml(clip(text, start..end)))
}

/// Where an XML property list stands in `text`: from its declaration, or `<plist`, to its end.
pub(super) fn xml_range(text: &str) -> Option<(usize, usize)> {
    let tag = text.find("<plist")?;
    let before = clip(text, 0..tag);
    let start = before.rfind("<?xml").or_else(|| before.rfind("<!DOCTYPE")).unwrap_or(tag);
    let end = tail(text, tag).find("</plist>").map_or(text.len(), |at| tag + at + "</plist>".len());
    Some((start, end))
}

/// An XML property list.
pub(super) fn xml(text: &str) -> Result<Value, String> {
    let depth = depth(text);
    if depth > DEPTH {
        return Err(format!("nested {depth} deep, at most {DEPTH} are read"));
    }
    Value::from_reader_xml(std::io::Cursor::new(text.as_bytes())).map_err(|error| explained(&error.to_string()))
}

/// The parser's words without its inner names.
fn explained(error: &str) -> String {
    let error = error.strip_prefix("plist error: ").unwrap_or(error);
    super::values::shown(error, 160)
}

/// How deeply the containers of `text` are nested. Tags in comments count too: that errs on the safe side.
fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for (at, _) in text.match_indices('<') {
        let tag = tail(text, at + 1);
        if tag.starts_with("dict>") || tag.starts_with("array>") || tag.starts_with("dict ") || tag.starts_with("array ") {
            now += 1;
            most = most.max(now);
        } else if tag.starts_with("/dict") || tag.starts_with("/array") {
            now = now.saturating_sub(1);
        }
    }
    most
}

/// A binary property list.
fn binary(bytes: &[u8]) -> Result<Value, String> {
    Table::new(bytes).ok_or_else(|| "a binary property list without a valid trailer: it is cut off".to_owned())?.check()?;
    Value::from_reader(std::io::Cursor::new(bytes)).map_err(|error| explained(&error.to_string()))
}

/// The object table of a binary property list.
struct Table<'a> {
    bytes: &'a [u8],
    offsets: Vec<usize>,
    reference: usize,
    root: usize,
}

impl<'a> Table<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let trailer = bytes.get(bytes.len().checked_sub(32)?..)?;
        let size = usize::from(*trailer.get(6)?);
        let reference = usize::from(*trailer.get(7)?);
        let number = |at: usize| trailer.get(at..at + 8).and_then(unsigned);
        let (count, root, start) = (number(8)?, number(16)?, number(24)?);
        let wide = |size: usize| (1..=8).contains(&size);
        if !wide(size) || !wide(reference) || count > bytes.len() / size {
            return None;
        }
        let table = bytes.get(start..start.checked_add(count.checked_mul(size)?)?)?;
        let offsets = table.chunks(size).filter_map(unsigned).collect();
        Some(Self { bytes, offsets, reference, root })
    }

    /// Refuses cycles, depth and what would unfold into too many values.
    fn check(&self) -> Result<(), String> {
        let mut weights: Vec<Option<u64>> = vec![None; self.offsets.len()];
        let weight = self.weigh(self.root, 0, &mut weights)?;
        if weight > VALUES { Err(format!("unfolds into {weight} values, at most {VALUES} are read")) } else { Ok(()) }
    }

    /// How many values the object unfolds into. The depth is bounded, so the recursion is.
    fn weigh(&self, object: usize, depth: usize, weights: &mut Vec<Option<u64>>) -> Result<u64, String> {
        if depth > DEPTH {
            return Err(format!("nested more than {DEPTH} deep, or refers to itself"));
        }
        if let Some(known) = weights.get(object).copied().flatten() {
            return Ok(known);
        }
        let mut total = 1_u64;
        for child in self.children(object).ok_or_else(|| "refers to an object that is not there".to_owned())? {
            total = total.saturating_add(self.weigh(child, depth + 1, weights)?);
        }
        if let Some(slot) = weights.get_mut(object) {
            *slot = Some(total);
        }
        Ok(total)
    }

    fn children(&self, object: usize) -> Option<Vec<usize>> {
        let at = *self.offsets.get(object)?;
        let marker = *self.bytes.get(at)?;
        let per_entry = match marker >> 4 {
            0xa | 0xc => 1,
            0xd => 2,
            _ => return Some(Vec::new()),
        };
        let (count, start) = match marker & 0xf {
            0xf => {
                let width = 1_usize << (self.bytes.get(at + 1)? & 0xf).min(3);
                (self.bytes.get(at + 2..at + 2 + width).and_then(unsigned)?, at + 2 + width)
            }
            few => (usize::from(few), at + 1),
        };
        let length = count.checked_mul(per_entry)?.checked_mul(self.reference)?;
        let references = self.bytes.get(start..start.checked_add(length)?)?;
        references.chunks(self.reference).map(unsigned).collect()
    }
}

fn unsigned(bytes: &[u8]) -> Option<usize> {
    let value = bytes.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    usize::try_from(value).ok()
}

/// Where `needle` stands in `haystack`.
pub(super) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// What kind a value is, for a sentence.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "an array",
        Value::Dictionary(_) => "a dictionary",
        Value::Boolean(_) => "a Boolean",
        Value::Data(_) => "data",
        Value::Date(_) => "a date",
        Value::Real(_) | Value::Integer(_) => "a number",
        Value::String(_) => "a string",
        _ => "of another kind",
    }
}

/// The strings of an array, or the one string.
pub(super) fn strings(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_string).collect(),
        Some(Value::String(text)) => vec![text.as_str()],
        _ => Vec::new(),
    }
}

/// A value in short, for a fact.
pub(super) fn brief(value: &Value) -> String {
    match value {
        Value::Boolean(value) => value.to_string(),
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Array(items) => items
            .iter()
            .take(12)
            .map(|item| if matches!(item, Value::Array(_) | Value::Dictionary(_)) { kind(item).to_owned() } else { brief(item) })
            .collect::<Vec<_>>()
            .join(", "),
        Value::Dictionary(entries) => format!("{} keys: {}", entries.len(), entries.keys().take(8).cloned().collect::<Vec<_>>().join(", ")),
        Value::Date(date) => date.to_xml_format(),
        other => kind(other).to_owned(),
    }
}

/// A date in seconds since 1970.
pub(super) fn seconds(value: Option<&Value>) -> Option<i64> {
    let date: std::time::SystemTime = value?.as_date()?.into();
    match date.duration_since(std::time::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).ok(),
        Err(before) => i64::try_from(before.duration().as_secs()).ok().map(|seconds| -seconds),
    }
}

/// Says why a property list cannot be read; one that can be read is returned.
pub(super) fn dictionary<'a>(source: &'a Source<'_>, artifact: &mut Artifact) -> Option<&'a plist::Dictionary> {
    match source.plist() {
        Some(Ok(Value::Dictionary(entries))) => {
            artifact.pass("plist.syntax", format!("A property list with {} keys.", entries.len()));
            Some(entries)
        }
        Some(Ok(other)) => {
            artifact.fail("plist.syntax", "", format!("The property list is {}, not a dictionary.", kind(other)));
            None
        }
        Some(Err(why)) => {
            artifact.fail("plist.syntax", "", format!("The property list cannot be read: {why}."));
            None
        }
        None => None,
    }
}

/// What is a property list and nothing more special.
pub(super) fn claims(source: &Source<'_>) -> bool {
    source.plist().is_some()
}

/// The keys of a property list of no known kind.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    if let Some(entries) = dictionary(source, artifact) {
        for (key, value) in entries {
            artifact.fact(key, brief(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bplist(objects: &[&[u8]], root: u64) -> Vec<u8> {
        let mut out = b"bplist00".to_vec();
        let mut offsets = Vec::new();
        for object in objects {
            offsets.push(u8::try_from(out.len()).unwrap());
            out.extend_from_slice(object);
        }
        let table = out.len() as u64;
        out.extend(&offsets);
        out.extend([0, 0, 0, 0, 0, 0, 1, 1]);
        for number in [objects.len() as u64, root, table] {
            out.extend(number.to_be_bytes());
        }
        out
    }

    #[test]
    fn a_binary_list_is_read() {
        let bytes = bplist(&[&[0xd1, 1, 2], b"\x51a", &[0x09]], 0);
        assert_eq!(binary(&bytes).unwrap().as_dictionary().unwrap().get("a"), Some(&Value::Boolean(true)));
    }

    #[test]
    fn cycles_bombs_and_depth_are_refused_at_once() {
        assert!(binary(&bplist(&[&[0xa1, 0]], 0)).is_err());
        let doubling: Vec<[u8; 3]> = (0..40).map(|n| [0xa2, n + 1, n + 1]).collect();
        let mut objects: Vec<&[u8]> = doubling.iter().map(<[u8; 3]>::as_slice).collect();
        objects.push(&[0x09]);
        assert!(binary(&bplist(&objects, 0)).unwrap_err().contains("unfolds"));
        let deep = format!("<plist>{}{}</plist>", "<array>".repeat(10_000), "</array>".repeat(10_000));
        assert!(xml(&deep).unwrap_err().contains("deep"));
        assert!(binary(b"bplist00").is_err());
        let mut absurd = bplist(&[&[0xaf, 0x13, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]], 0);
        assert!(binary(&absurd).is_err());
        let end = absurd.len();
        absurd[end - 24..end - 16].fill(0xff);
        assert!(binary(&absurd).is_err());
    }
}
