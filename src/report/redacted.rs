//! What redaction did, as a table for people and as JSON; and the map of a case as a file.

use super::SCHEMA;
use crate::redact::{Entry, Kind, Map, Redacted, Redactor};
use crate::text::{Document, display_width, fit};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;

/// The word that says which file this is.
const MARK: &str = "pitfall-map";

/// The table of what was replaced in an input: where first, what, how often, what stands for it. Of a value only its ends are shown.
#[must_use]
pub fn redacted_table(name: &str, document: &Document, redacted: &Redacted) -> String {
    let mut rows: Vec<(String, &'static str, usize, String, &str)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for one in &redacted.replaced {
        let row = *known.entry(one.original.as_str()).or_insert_with(|| {
            let place = document.place(one.start, one.end);
            rows.push((format!("{}:{}", place.line, place.start), one.kind.title(), 0, one.hint(), one.stand_in.as_str()));
            rows.len() - 1
        });
        if let Some(row) = rows.get_mut(row) {
            row.2 += 1;
        }
    }
    let mut out = format!("{name}: {}\n", told(redacted.replaced.len(), rows.len()));
    let width = |column: &dyn Fn(&(String, &'static str, usize, String, &str)) -> usize| rows.iter().map(column).max().unwrap_or(0);
    let (first, second) = (width(&|row| row.0.len()), width(&|row| row.1.len()));
    let fourth = width(&|row| display_width(&row.3));
    for (place, kind, count, hint, stand_in) in &rows {
        let pad = " ".repeat(fourth.saturating_sub(display_width(hint)));
        let line = stand_in.lines().next().unwrap_or("");
        let _ = writeln!(out, "  {place:<first$}  {kind:<second$}  {count:>4}×  {hint}{pad}  {}", fit(line, 60).trim_end());
    }
    out
}

fn told(places: usize, values: usize) -> String {
    match places {
        0 => "nothing to redact".to_owned(),
        1 => "1 place redacted".to_owned(),
        _ => format!("{places} places redacted, {values} different values"),
    }
}

/// A redacted input as JSON: the text, and what was replaced where in the input as given; the values themselves are not in it.
#[must_use]
pub fn redacted_json(inputs: &[(String, Document, Redacted)]) -> Value {
    let input = |(name, document, redacted): &(String, Document, Redacted)| {
        let replaced = redacted.replaced.iter().map(|one| {
            let place = document.place(one.start, one.end);
            json!({"kind": one.kind.word(), "line": place.line, "start": place.start, "end": place.end, "hint": one.hint(), "stand_in": one.stand_in})
        });
        json!({"name": name, "text": redacted.text, "replaced": replaced.collect::<Vec<_>>()})
    };
    json!({"schema": SCHEMA, "inputs": inputs.iter().map(input).collect::<Vec<_>>()})
}

/// Names of fields whose texts are ours or our own words for things, not what an input says.
const OURS: &[&str] = &[
    "id",
    "pattern",
    "topic",
    "severity",
    "confidence",
    "kind",
    "domain",
    "title",
    "related",
    "form",
    "form_reason",
    "url",
    "references",
    "language",
    "status",
    "pitfall",
    "pitfalls",
    "shape",
];

/// Redacts every text of a document that comes from an input; says how many places were replaced.
pub fn redact_json(document: &mut Value, redactor: &mut Redactor) -> usize {
    match document {
        Value::String(text) => {
            let redacted = redactor.redact(text);
            *text = redacted.text;
            redacted.replaced.len()
        }
        Value::Array(items) => items.iter_mut().map(|item| redact_json(item, redactor)).sum(),
        Value::Object(fields) => {
            fields.iter_mut().filter(|(name, _)| !OURS.contains(&name.as_str())).map(|(_, value)| redact_json(value, redactor)).sum()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// The map of a case as the text of a file. It holds every secret.
#[must_use]
pub fn map_json(map: &Map) -> Value {
    let entry = |entry: &Entry| json!({"kind": entry.kind.word(), "value": entry.original, "stand_in": entry.stand_in});
    json!({MARK: SCHEMA, "entries": map.entries().iter().map(entry).collect::<Vec<_>>()})
}

/// The map that a file holds.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn map_of(text: &str) -> Result<Map, String> {
    let document: Value = serde_json::from_str(text).map_err(|error| format!("no map of pitfall: {error}"))?;
    match document.get(MARK).and_then(Value::as_u64) {
        Some(version) if version <= u64::from(SCHEMA) => {}
        Some(version) => return Err(format!("a map of version {version}, which a newer pitfall wrote; this one knows {SCHEMA}")),
        None => return Err("no map of pitfall; `pitfall redact --map FILE` writes one".into()),
    }
    let entries = document.get("entries").and_then(Value::as_array).ok_or("a map without `entries`")?;
    let entry = |(at, entry): (usize, &Value)| {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
        let known = text("kind").and_then(|word| Kind::parse(&word)).zip(text("value")).zip(text("stand_in"));
        known
            .map(|((kind, original), stand_in)| Entry { kind, original, stand_in })
            .ok_or_else(|| format!("entry {} has no kind, value or stand-in that is known", at + 1))
    };
    entries.iter().enumerate().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_read_back_and_a_mistake_is_told() {
        let mut redactor = Redactor::default();
        let text = "jane@acme.io on /Users/jane";
        let out = redactor.redact(text);
        let map = map_of(&map_json(redactor.map()).to_string()).unwrap();
        assert_eq!(&map, redactor.map());
        assert_eq!(map.restore(&out.text), text);
        assert!(map_of("{}").unwrap_err().contains("no map"));
        assert!(map_of(r#"{"pitfall-map": 99, "entries": []}"#).unwrap_err().contains("newer"));
        assert!(map_of(r#"{"pitfall-map": 1, "entries": [{"kind": "moon"}]}"#).unwrap_err().contains("entry 1"));
    }

    #[test]
    fn the_table_shows_ends_only() {
        let document = Document::new(b"mail jane.doe@acme.io twice: jane.doe@acme.io");
        let out = Redactor::default().redact(document.text());
        let table = redacted_table("a.log", &document, &out);
        assert!(table.contains("a.log: 2 places redacted, 1 different values") && table.contains("1:6") && table.contains("2×"), "{table}");
        assert!(!table.contains("jane.doe@acme.io"), "{table}");
        let json = redacted_json(&[("a.log".into(), document, out)]);
        assert_eq!(json["inputs"][0]["replaced"][1]["start"], 30);
        assert!(!json.to_string().contains("jane.doe"));
    }
}
