//! The overlays and what they do, and what differs between two states of the knowledge, for people and for programs.

use super::Paint;
use super::SCHEMA;
use crate::knowledge::{Change, Changes, Difference, How, Knowledge, Layer, Problem, ProblemKind};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Ids named in a line of text; programs get all.
const NAMED: usize = 12;

/// The problems of a layer's files: warnings, and others.
fn problems<'a>(knowledge: &'a Knowledge, layer: &Layer, kind: impl Fn(ProblemKind) -> bool) -> Vec<&'a Problem> {
    let front = format!("{}/", layer.pack.folder);
    knowledge.problems().iter().filter(|problem| problem.path.starts_with(&front) && kind(problem.kind)).collect()
}

/// The document of `kb packs`: what is built in, then every overlay, the one with the last word last. `base` is the knowledge without overlays.
#[must_use]
pub fn packs_json(base: &Knowledge, knowledge: &Knowledge) -> Value {
    let changes = |of: &Changes| json!({"added": of.added, "replaced": of.replaced, "disabled": of.disabled});
    let told = |problem: &&Problem| json!({"code": problem.kind.code(), "path": problem.path, "line": problem.line, "column": problem.column, "message": problem.message, "hint": problem.hint});
    let row = |layer: &Layer| {
        json!({
            "rank": layer.pack.rank,
            "name": layer.pack.name,
            "version": layer.pack.version,
            "owners": layer.pack.owners,
            "description": layer.pack.description,
            "homepage": layer.pack.homepage,
            "minimum_pitfall": layer.pack.minimum,
            "folder": layer.pack.folder,
            "pages": changes(&layer.pages),
            "guides": changes(&layer.guides),
            "codes": changes(&layer.codes),
            "tuning": layer.tuning.iter().map(|one| json!({"id": one.id, "key": one.key, "value": one.value})).collect::<Vec<_>>(),
            "warnings": problems(knowledge, layer, ProblemKind::is_warning).iter().map(told).collect::<Vec<_>>(),
            "problems": problems(knowledge, layer, |kind| !kind.is_warning()).len(),
        })
    };
    json!({
        "schema": SCHEMA,
        "built_in": {
            "rank": 0,
            "name": "pitfall",
            "version": env!("CARGO_PKG_VERSION"),
            "pages": base.pages().len(),
            "guides": base.guides().len(),
            "codes": base.catalogue().entries().len(),
        },
        "packs": knowledge.layers().iter().map(row).collect::<Vec<_>>(),
    })
}

/// The report of `kb packs`.
#[must_use]
pub fn packs_text(base: &Knowledge, knowledge: &Knowledge, paint: Paint) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "0. {}\n   {} pages, {} guides, {} codes",
        paint.bold(&format!("pitfall {} (built in)", env!("CARGO_PKG_VERSION"))),
        base.pages().len(),
        base.guides().len(),
        base.catalogue().entries().len()
    );
    for layer in knowledge.layers() {
        one(&mut out, knowledge, layer, paint);
    }
    if knowledge.layers().is_empty() {
        out.push_str("No overlay is in use; give one with --knowledge DIR, or name it in the configuration.\n");
    } else {
        out.push_str("What stands lower has the last word.\n");
    }
    out
}

fn one(out: &mut String, knowledge: &Knowledge, layer: &Layer, paint: Paint) {
    let pack = &layer.pack;
    let owners = if pack.owners.is_empty() { "nobody is named as owner".to_owned() } else { pack.owners.join(", ") };
    let version = if pack.version.is_none() { " (no version)" } else { "" };
    let _ = writeln!(out, "{}. {}{version} · {owners}", pack.rank, paint.bold(&pack.to_string()));
    let _ = writeln!(out, "   {}", paint.dim(&pack.folder));
    for text in [&pack.description, &pack.homepage].into_iter().flatten() {
        paint.wrapped(out, "   ", "   ", text);
    }
    for (what, changes) in [("pages", &layer.pages), ("guides", &layer.guides), ("codes", &layer.codes)] {
        for (how, ids) in [("adds", &changes.added), ("replaces", &changes.replaced), ("disables", &changes.disabled)] {
            if !ids.is_empty() {
                let shown = ids.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
                let more = if ids.len() > NAMED { format!(" and {} more", ids.len() - NAMED) } else { String::new() };
                paint.wrapped(out, &format!("   {how} {} {what}: ", ids.len()), "     ", &format!("{shown}{more}"));
            }
        }
    }
    for tuned in layer.tuning.iter().filter(|tuned| tuned.key != "disable") {
        let value = if tuned.key == "notes" { String::new() } else { format!(": {}", tuned.value) };
        paint.wrapped(out, "   ", "     ", &format!("tunes {} of {}{value}", tuned.key, tuned.id));
    }
    for warning in problems(knowledge, layer, ProblemKind::is_warning) {
        let _ = writeln!(out, "   {}", paint.mark(&warning.to_string().replace('\n', "\n   ")));
    }
    let wrong = problems(knowledge, layer, |kind| !kind.is_warning()).len();
    if wrong > 0 {
        let _ = writeln!(out, "   {wrong} problems in its files; `pitfall kb check` lists them");
    }
}

/// The document of `kb diff`.
#[must_use]
pub fn diff_json(names: (&str, &str), difference: &Difference) -> Value {
    let row = |change: &Change| {
        let parts: Vec<_> = change
            .parts
            .iter()
            .map(|part| {
                let (old, new) = part.values.as_ref().map_or((Value::Null, Value::Null), |(old, new)| (json!(old), json!(new)));
                json!({"part": part.name, "old": old, "new": new})
            })
            .collect();
        json!({"id": change.id, "title": change.title, "change": change.how.word(), "parts": parts})
    };
    let rows = |changes: &[Change]| changes.iter().map(row).collect::<Vec<_>>();
    json!({
        "schema": SCHEMA,
        "old": names.0,
        "new": names.1,
        "pages": rows(&difference.pages),
        "guides": rows(&difference.guides),
        "codes": rows(&difference.codes),
        "tuning": rows(&difference.tuning),
    })
}

/// The report of `kb diff`.
#[must_use]
pub fn diff_text(names: (&str, &str), difference: &Difference, paint: Paint) -> String {
    let mut out = format!("from {} to {}\n", names.0, names.1);
    if difference.is_empty() {
        out.push_str("No difference.\n");
    }
    for (what, changes) in
        [("Pages", &difference.pages), ("Guides", &difference.guides), ("Codes", &difference.codes), ("Tuning", &difference.tuning)]
    {
        if changes.is_empty() {
            continue;
        }
        let count = |how: How| changes.iter().filter(|change| change.how == how).count();
        let counts = [How::Added, How::Removed, How::Changed].map(|how| (count(how), how.word()));
        let told: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        let _ = writeln!(out, "\n{}: {}", paint.bold(what), told.join(", "));
        for change in changes {
            change_text(&mut out, change, paint);
        }
    }
    out
}

fn change_text(out: &mut String, change: &Change, paint: Paint) {
    let mark = match change.how {
        _ if paint.plain => change.how.word(),
        How::Added => "+",
        How::Removed => "-",
        How::Changed => "~",
    };
    let title = if change.title.is_empty() { String::new() } else { format!(": {}", change.title) };
    paint.wrapped(out, &format!("  {mark} "), "      ", &format!("{}{title}", change.id));
    let whole: Vec<&str> = change.parts.iter().filter(|part| part.values.is_none()).map(|part| part.name).collect();
    for part in &change.parts {
        if let Some((old, new)) = &part.values {
            let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("“{text}”") };
            paint.wrapped(out, "      ", "        ", &format!("{}: {} → {}", part.name, shown(old), shown(new)));
        }
    }
    if !whole.is_empty() {
        paint.wrapped(out, "      ", "        ", &format!("also: {}", whole.join(", ")));
    }
}
