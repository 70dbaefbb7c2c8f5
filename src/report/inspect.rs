//! What inspectors found, as documents.

use super::{Paint, SCHEMA};
use crate::artifact::{Artifact, Check, Form, Status};
use crate::engine::Diagnosis;
use crate::text::display_width;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The document of `inspect`.
#[must_use]
pub fn inspect_json(artifacts: &[Artifact], cross: &[Check]) -> Value {
    json!({"schema": SCHEMA, "artifacts": artifacts.iter().map(artifact).collect::<Vec<_>>(), "cross": cross.iter().map(check).collect::<Vec<_>>()})
}

pub(super) fn artifact(artifact: &Artifact) -> Value {
    json!({
        "name": artifact.name,
        "form": artifact.form.word(),
        "facts": artifact.facts.iter().map(|(name, value)| json!({"name": name, "value": value})).collect::<Vec<_>>(),
        "checks": artifact.checks.iter().map(check).collect::<Vec<_>>(),
    })
}

pub(super) fn check(check: &Check) -> Value {
    json!({"id": check.id, "status": check.status.word(), "text": check.text, "pitfall": check.pitfall})
}

/// The report of `inspect`.
#[must_use]
pub fn inspect_text(artifacts: &[Artifact], cross: &[Check], paint: Paint) -> String {
    let mut out = String::new();
    for artifact in artifacts {
        let _ = writeln!(out, "{}: {}", bold(paint, &artifact.name), artifact.form.title());
        let width = artifact.facts.iter().map(|(name, _)| display_width(name)).max().unwrap_or(0).min(28);
        for (name, value) in &artifact.facts {
            let gap = if paint.plain { 1 } else { width.saturating_sub(display_width(name)) + 2 };
            let _ = writeln!(out, "  {name}{}{}{value}", if paint.plain { ":" } else { "" }, " ".repeat(gap));
        }
        checks(&mut out, &artifact.checks, paint);
        out.push('\n');
    }
    if !cross.is_empty() {
        let _ = writeln!(out, "{}", bold(paint, "Held against each other"));
        checks(&mut out, cross, paint);
        out.push('\n');
    }
    let all = || artifacts.iter().flat_map(|artifact| &artifact.checks).chain(cross);
    let count = |status: Status| all().filter(|check| check.status == status).count();
    let _ = writeln!(
        out,
        "{} failed, {} to look at, {} that cannot be told from this, {} as they should be.",
        count(Status::Fail),
        count(Status::Warn),
        count(Status::Unknown),
        count(Status::Pass)
    );
    out
}

/// The artifacts that stand in the inputs of a diagnosis, each with what is wrong about it.
pub(super) fn in_diagnosis(out: &mut String, diagnosis: &Diagnosis, paint: Paint) {
    let told = |check: &&Check| matches!(check.status, Status::Fail | Status::Warn);
    let all: Vec<_> = diagnosis.artifacts.iter().filter(|one| one.artifact.form != Form::Unknown).collect();
    if all.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", bold(paint, "Artifacts in it"));
    for one in all {
        let wrong: Vec<Check> = one.artifact.checks.iter().filter(told).cloned().collect();
        let kind = one.artifact.value("kind").map_or(String::new(), |kind| format!(", {kind}"));
        let verdict = if wrong.is_empty() { ": nothing wrong was seen" } else { "" };
        let _ = writeln!(out, "  line {}: {}{kind}{verdict}", one.place.line, one.artifact.form.title());
        checks(out, &wrong, paint);
    }
    let crossed: Vec<Check> = diagnosis.cross.iter().filter(told).cloned().collect();
    if !crossed.is_empty() {
        let _ = writeln!(out, "  held against each other");
        checks(out, &crossed, paint);
    }
}

fn checks(out: &mut String, all: &[Check], paint: Paint) {
    // What is wrong comes first; within a verdict the order is the inspector's.
    for status in [Status::Fail, Status::Warn, Status::Unknown, Status::Pass] {
        for check in all.iter().filter(|check| check.status == status) {
            wrapped(out, &format!("  {} ", mark(paint, status)), &check.text, paint.width);
            if let Some(page) = check.pitfall {
                let _ = writeln!(out, "          → pitfall show {page}");
            }
        }
    }
}

fn mark(paint: Paint, status: Status) -> String {
    let (colour, word) = match status {
        Status::Pass => ("32", "pass"),
        Status::Warn => ("33", "warn"),
        Status::Fail => ("1;31", "FAIL"),
        Status::Unknown => ("2", "?"),
    };
    let padded = format!("{word:<7}");
    if paint.colour { format!("\u{1b}[{colour}m{padded}\u{1b}[0m") } else { padded }
}

fn bold(paint: Paint, text: &str) -> String {
    if paint.colour { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// A sentence after a mark of ten cells, its further lines under its first word.
fn wrapped(out: &mut String, first: &str, text: &str, width: usize) {
    let mut line = String::new();
    let mut lead = first.to_owned();
    for word in text.split(' ') {
        if !line.is_empty() && 10 + display_width(&line) + 1 + display_width(word) > width {
            let _ = writeln!(out, "{lead}{line}");
            lead = " ".repeat(10);
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(out, "{lead}{line}");
}

/// The report of `inspect` for an issue or a reply.
#[must_use]
pub fn inspect_markdown(artifacts: &[Artifact], cross: &[Check]) -> String {
    let mut out = String::new();
    for artifact in artifacts {
        let _ = writeln!(out, "## {}: {}\n", escaped(&artifact.name), artifact.form.title());
        if artifact.form != Form::Unknown && !artifact.facts.is_empty() {
            out.push_str("| | |\n| --- | --- |\n");
        }
        for (name, value) in &artifact.facts {
            if artifact.form == Form::Unknown {
                let _ = writeln!(out, "- {}: {}", escaped(name), escaped(value));
            } else {
                let _ = writeln!(out, "| {} | {} |", escaped(name), escaped(value));
            }
        }
        out.push('\n');
        markdown_checks(&mut out, &artifact.checks);
    }
    if !cross.is_empty() {
        out.push_str("## Held against each other\n\n");
        markdown_checks(&mut out, cross);
    }
    out
}

/// The same of a diagnosis.
pub(super) fn markdown_in_diagnosis(out: &mut String, diagnosis: &Diagnosis) {
    let wrong = |check: &&Check| matches!(check.status, Status::Fail | Status::Warn);
    for one in diagnosis.artifacts.iter().filter(|one| one.artifact.form != Form::Unknown) {
        let checks: Vec<Check> = one.artifact.checks.iter().filter(wrong).cloned().collect();
        let _ = writeln!(out, "\n## Line {}: {}\n", one.place.line, one.artifact.form.title());
        if checks.is_empty() {
            out.push_str("Nothing wrong was seen.\n");
        }
        markdown_checks(out, &checks);
    }
}

fn markdown_checks(out: &mut String, all: &[Check]) {
    for check in all {
        let page = check.pitfall.map_or(String::new(), |page| format!(" (`pitfall show {page}`)"));
        let _ = writeln!(out, "- **{}** `{}`: {}{page}", check.status.word(), check.id, escaped(&check.text));
    }
    out.push('\n');
}

/// What would be markup in Markdown or end a cell of a table.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '\\' | '#' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
