//! Where a page is from, and whose notes stand on it, as documents.

use crate::knowledge::{Origin, Provenance};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

fn origin(of: &Origin) -> Value {
    match &of.0 {
        None => json!({"kind": "built-in", "name": "pitfall", "version": env!("CARGO_PKG_VERSION"), "owners": [], "folder": null}),
        Some(pack) => json!({"kind": "pack", "name": pack.name, "version": pack.version, "owners": pack.owners, "folder": pack.folder}),
    }
}

/// The fields of `show` that say where a page or guide is from and what was tuned on it.
pub(super) fn provenance(from: &Provenance) -> Map<String, Value> {
    let notes: Vec<_> = from.notes.iter().map(|note| json!({"by": note.by.name, "version": note.by.version, "text": note.text})).collect();
    let stated = from.severity.as_ref().map(|(stated, by)| json!({"key": "severity", "stated": stated.word(), "by": by.name}));
    let most = from.most.as_ref().map(|(most, by)| json!({"key": "confidence", "most": most.word(), "by": by.name}));
    let fields = [
        ("origin", origin(&from.origin)),
        ("replaces", from.replaces.iter().map(origin).collect()),
        ("tuned", stated.into_iter().chain(most).collect()),
        ("notes", json!(notes)),
    ];
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The notes as Markdown, each under a heading that says whose it is; empty where there are none.
#[must_use]
pub fn notes_markdown(from: &Provenance) -> String {
    let mut out = String::new();
    for note in &from.notes {
        let _ = write!(out, "## Note of {}\n\n{}\n\n", note.by, note.text);
    }
    out
}
