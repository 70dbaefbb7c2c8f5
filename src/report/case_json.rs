//! A case as a JSON document: what is shown, exported, sent to a colleague and kept in the store. [`super::read_case`] reads it again.

use super::SCHEMA;
use crate::case::{Difference, Dossier, KeptInput, Run, RunFact, RunFinding, RunStep, StepTick};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// What the document calls itself.
pub(super) const KIND: &str = "pitfall-case";

/// The document of a case. `redacted` says whether private values were taken out of all of it.
#[must_use]
pub fn case_json(dossier: &Dossier, redacted: bool) -> Value {
    let mut document = json!({
        "schema": SCHEMA,
        "kind": KIND,
        "title": dossier.title,
        "heading": dossier.heading(),
        "name": dossier.name,
        "state": dossier.state.word(),
        "kept": dossier.kept.map(crate::case::Kept::word),
        "redacted": redacted,
        "imported": dossier.imported,
        "created": dossier.created,
        "seen": dossier.seen,
        "inputs": dossier.inputs.iter().map(input).collect::<Vec<_>>(),
        "runs": dossier.runs.iter().map(run_json).collect::<Vec<_>>(),
        "steps": dossier.steps.iter().map(tick).collect::<Vec<_>>(),
        "missing": dossier.missing(),
    });
    if let (false, Some(map)) = (dossier.key.is_empty(), document.as_object_mut()) {
        map.insert("id".into(), json!(dossier.key));
    }
    document
}

/// The document of a list of cases, without what was found in them but for the best.
#[must_use]
pub fn cases_json(dossiers: &[Dossier]) -> Value {
    json!({"schema": SCHEMA, "cases": dossiers.iter().map(row).collect::<Vec<_>>()})
}

/// A case in a list.
pub(super) fn row(dossier: &Dossier) -> Value {
    let (settled, steps) = dossier.progress();
    json!({
        "id": dossier.key,
        "state": dossier.state.word(),
        "heading": dossier.heading(),
        "name": dossier.name,
        "kept": dossier.kept.map(crate::case::Kept::word),
        "imported": dossier.imported,
        "created": dossier.created,
        "seen": dossier.seen,
        "settled": settled,
        "steps": steps,
        "top": dossier.top().map(|finding| json!({"id": finding.id, "title": finding.title, "confidence": finding.confidence.word()})),
    })
}

/// The document of what differs between two runs.
#[must_use]
pub fn difference_json(difference: &Difference<'_>) -> Value {
    let one = |finding: &&RunFinding| json!({"id": finding.id, "title": finding.title, "severity": finding.severity.word(), "confidence": finding.confidence.word()});
    let stays = difference.stays.iter().map(|change| {
        json!({
            "id": change.after.id,
            "title": change.after.title,
            "before": {"severity": change.before.severity.word(), "confidence": change.before.confidence.word()},
            "after": {"severity": change.after.severity.word(), "confidence": change.after.confidence.word()},
        })
    });
    json!({
        "schema": SCHEMA,
        "gone": difference.gone.iter().map(one).collect::<Vec<_>>(),
        "new": difference.new.iter().map(one).collect::<Vec<_>>(),
        "stays": stays.collect::<Vec<_>>(),
    })
}

fn input(input: &KeptInput) -> Value {
    let mut document = json!({"name": input.name, "form": input.form, "bytes": input.bytes, "lines": input.lines, "text": Value::Null});
    if let (Some(text), Some(map)) = (&input.text, document.as_object_mut()) {
        match std::str::from_utf8(text) {
            Ok(text) => map.insert("text".into(), json!(text)),
            Err(_) => map.insert("base64".into(), json!(STANDARD.encode(text))),
        };
    }
    document
}

/// A run; also the form in which the store keeps it.
#[must_use]
pub fn run_json(run: &Run) -> Value {
    json!({
        "at": run.at,
        "program": run.program,
        "knowledge": run.knowledge,
        "findings": run.findings.iter().map(finding).collect::<Vec<_>>(),
        "facts": run.facts.iter().map(fact).collect::<Vec<_>>(),
        "more_facts": run.more_facts,
        "ask": run.ask,
    })
}

fn finding(one: &RunFinding) -> Value {
    let evidence =
        one.evidence.iter().map(|piece| json!({"input": piece.input, "line": piece.line, "text": piece.text, "pattern": piece.pattern}));
    json!({
        "id": one.id,
        "title": one.title,
        "topic": one.topic,
        "severity": one.severity.word(),
        "confidence": one.confidence.word(),
        "why": one.why,
        "filled": one.filled,
        "evidence": evidence.collect::<Vec<_>>(),
        "more_evidence": one.more_evidence,
        "checklist": one.checklist.iter().map(step).collect::<Vec<_>>(),
        "ask": one.ask,
        "references": one.references.iter().map(|one| json!({"title": one.title, "url": one.url})).collect::<Vec<_>>(),
    })
}

fn step(step: &RunStep) -> Value {
    let some = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    json!({"id": step.id, "text": step.text, "command": some(&step.command), "expect": some(&step.expect), "filled": step.filled})
}

fn fact(fact: &RunFact) -> Value {
    let fields: Map<String, Value> = fact.fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "kind": fact.kind,
        "domain": fact.domain,
        "code": fact.code,
        "name": fact.name,
        "written": fact.written,
        "input": fact.input,
        "line": fact.line,
        "count": fact.count,
        "fields": fields,
    })
}

fn tick(tick: &StepTick) -> Value {
    json!({"page": tick.page, "step": tick.step, "state": tick.state.word(), "note": tick.note})
}
