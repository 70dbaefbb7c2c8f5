//! The JSON documents; other programs rely on their form, so it only grows.

use super::{SCHEMA, inspect, origin};
use crate::engine::{ArtifactReport, Diagnosis, Evidence, Explained, FactReport, Finding, HitKind, InputReport, SearchHit};
use crate::knowledge::{Body, Code, Guide, Knowledge, Page, Problem, Reference, Step};
use serde_json::{Map, Value, json};

/// The document of `triage`.
#[must_use]
pub fn diagnosis_json(diagnosis: &Diagnosis) -> Value {
    let mut document = json!({
        "schema": SCHEMA,
        "inputs": diagnosis.inputs.iter().map(input).collect::<Vec<_>>(),
        "facts": diagnosis.facts.iter().map(|report| fact(report, &diagnosis.inputs)).collect::<Vec<_>>(),
        "more_facts": diagnosis.more_facts,
        "findings": diagnosis.findings.iter().map(|one| finding(one, &diagnosis.inputs)).collect::<Vec<_>>(),
        "artifacts": diagnosis.artifacts.iter().map(|one| artifact(one, &diagnosis.inputs)).collect::<Vec<_>>(),
        "cross": diagnosis.cross.iter().map(inspect::check).collect::<Vec<_>>(),
        "ask": diagnosis.ask,
    });
    if !diagnosis.near_misses.is_empty()
        && let Some(map) = document.as_object_mut()
    {
        let misses = diagnosis
            .near_misses
            .iter()
            .map(|miss| json!({"id": miss.id, "hit": miss.hit, "needles": miss.needles, "failures": miss.failures}));
        map.insert("near_misses".into(), misses.collect());
    }
    document
}

/// An artifact as `inspect` tells it, and where it stands.
fn artifact(report: &ArtifactReport, inputs: &[InputReport]) -> Value {
    let mut document = inspect::artifact(&report.artifact);
    if let Some(map) = document.as_object_mut() {
        map.insert("input".into(), json!(name_of(inputs, report.input)));
        map.insert("line".into(), json!(report.place.line));
        map.insert("start".into(), json!(report.place.start));
        map.insert("end".into(), json!(report.place.end));
    }
    document
}

fn input(report: &InputReport) -> Value {
    json!({
        "name": report.name,
        "form": report.form,
        "form_reason": report.form_reason,
        "bytes": report.bytes,
        "lines": report.lines,
    })
}

fn name_of(inputs: &[InputReport], number: usize) -> &str {
    inputs.get(number).map_or("", |input| input.name.as_str())
}

fn code(code: Option<&Code>) -> Value {
    match code {
        None => Value::Null,
        Some(Code::Number(number)) => json!(number),
        Some(Code::Text(text)) => json!(text),
    }
}

fn fact(report: &FactReport, inputs: &[InputReport]) -> Value {
    let fields: Map<String, Value> = report.fact.fields.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    let mut document = json!({
        "kind": report.fact.kind.word(),
        "domain": report.fact.domain,
        "code": code(report.fact.code.as_ref()),
        "name": report.fact.name,
        "written": report.written,
        "input": name_of(inputs, report.input),
        "line": report.place.line,
        "start": report.place.start,
        "end": report.place.end,
        "count": report.count,
        "fields": fields,
    });
    if !report.meaning.is_empty()
        && let Some(map) = document.as_object_mut()
    {
        map.insert("meaning".into(), json!(report.meaning));
        map.insert("pitfalls".into(), json!(report.pages));
    }
    document
}

fn evidence(one: &Evidence, inputs: &[InputReport]) -> Value {
    json!({
        "input": name_of(inputs, one.input),
        "line": one.place.line,
        "start": one.place.start,
        "end": one.place.end,
        "text": one.text,
        "pattern": one.pattern,
    })
}

fn step(step: &Step) -> Value {
    let some = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    json!({"id": step.id, "text": step.text, "command": some(&step.command), "expect": some(&step.expect)})
}

fn references(references: &[Reference]) -> Vec<Value> {
    references.iter().map(|reference| json!({"title": reference.title, "url": reference.url})).collect()
}

pub(super) fn finding(one: &Finding, inputs: &[InputReport]) -> Value {
    json!({
        "id": one.id,
        "title": one.title,
        "topic": one.topic,
        "severity": one.severity.word(),
        "confidence": one.confidence.word(),
        "why": one.why,
        "evidence": one.evidence.iter().map(|piece| evidence(piece, inputs)).collect::<Vec<_>>(),
        "more_evidence": one.more_evidence,
        "checklist": one.checklist.iter().map(step).collect::<Vec<_>>(),
        "ask": one.ask,
        "references": references(&one.references),
        "related": one.related,
        "absorbed": one.absorbed,
    })
}

/// A line of `export`: an input, and how many findings it has.
#[must_use]
pub fn input_line(report: &InputReport, diagnosis: &Diagnosis) -> Value {
    line(
        "input",
        input(report),
        json!({"findings": diagnosis.findings.len(), "more_facts": diagnosis.more_facts, "facts": diagnosis.facts.len()}),
    )
}

/// A line of `export`: a finding with its input and first place, without what its page says anyway.
#[must_use]
pub fn finding_line(one: &Finding, diagnosis: &Diagnosis) -> Value {
    let mut value = finding(one, &diagnosis.inputs);
    if let Some(map) = value.as_object_mut() {
        for key in ["checklist", "ask", "references", "related"] {
            map.remove(key);
        }
    }
    let first = one.evidence.first();
    let name = name_of(&diagnosis.inputs, first.map_or(0, |evidence| evidence.input));
    line("finding", value, json!({"input": name, "line": first.map(|evidence| evidence.place.line)}))
}

/// A line of `export`: a thread of the queue.
#[must_use]
pub fn thread_line(row: Value) -> Value {
    line("thread", row, json!({}))
}

fn line(kind: &str, value: Value, more: Value) -> Value {
    let mut out = json!({"schema": SCHEMA, "type": kind});
    if let Some(map) = out.as_object_mut() {
        for part in [value, more] {
            map.extend(if let Value::Object(part) = part { part } else { Map::new() });
        }
    }
    out
}

/// The document of `explain`.
#[must_use]
pub fn explain_json(query: &str, matches: &[Explained]) -> Value {
    let row = |one: &Explained| {
        let kind = match one.entry.domain.as_str() {
            "entitlement" | "sandbox operation" | "TCC service" | "required reason API" => one.entry.domain.as_str(),
            _ => "error",
        };
        json!({
            "kind": kind,
            "domain": one.entry.domain,
            "code": code(one.entry.code.as_ref()),
            "name": one.entry.name,
            "meaning": one.entry.meaning,
            "also": one.also,
            "pitfalls": one.pitfalls,
            "source": one.entry.source,
        })
    };
    json!({"schema": SCHEMA, "query": query, "matches": matches.iter().map(row).collect::<Vec<_>>()})
}

/// The document of `search`.
#[must_use]
pub fn search_json(hits: &[SearchHit]) -> Value {
    let row = |hit: &SearchHit| {
        let kind = match hit.kind {
            HitKind::Page => "pitfall",
            HitKind::Guide => "guide",
            HitKind::Code => "code",
        };
        json!({"id": hit.id, "title": hit.title, "topic": hit.topic, "score": hit.score, "snippet": hit.snippet, "kind": kind})
    };
    json!({"schema": SCHEMA, "hits": hits.iter().map(row).collect::<Vec<_>>()})
}

/// The document of `show`.
#[must_use]
pub fn page_json(page: &Page) -> Value {
    let body = Body::read(page.body_text(), page.stated_severity());
    let section = |name: &str| body.section(name).map(|range| crate::text::clip(page.body_text(), range).trim().to_owned());
    let document = json!({
        "schema": SCHEMA,
        "id": page.id,
        "title": page.title,
        "topic": page.topic,
        "severity": page.severity.word(),
        "status": page.status.word(),
        "platforms": page.platforms.iter().map(|platform| platform.word()).collect::<Vec<_>>(),
        "summary": page.summary,
        "symptom": section("Symptom"),
        "cause": section("Cause").or_else(|| section("Why it is harmless")),
        "checklist": body.steps.iter().map(step).collect::<Vec<_>>(),
        "ask": page.ask,
        "references": references(&page.references),
        "related": page.related,
        "aliases": page.aliases,
        "reviewed": page.reviewed,
    });
    with(document, origin::provenance(&page.from))
}

/// The document of `show` for a guide.
#[must_use]
pub fn guide_json(guide: &Guide) -> Value {
    let document = json!({"schema": SCHEMA, "id": guide.id, "title": guide.title, "summary": guide.summary, "text": guide.body_text()});
    with(document, origin::provenance(&guide.from))
}

fn with(mut document: Value, more: Map<String, Value>) -> Value {
    if let Some(map) = document.as_object_mut() {
        map.extend(more);
    }
    document
}

/// The document of `list`.
#[must_use]
pub fn pages_json(pages: &[&Page], knowledge: &Knowledge) -> Value {
    let row = |page: &&Page| json!({"id": page.id, "title": page.title, "topic": page.topic, "severity": page.severity.word(), "aliases": page.aliases});
    let guides: Vec<_> = knowledge.guides().iter().map(|guide| json!({"id": guide.id, "title": guide.title})).collect();
    json!({"schema": SCHEMA, "pages": pages.iter().map(row).collect::<Vec<_>>(), "guides": guides})
}

/// The document of `kb check`.
#[must_use]
pub fn problems_json(problems: &[Problem]) -> Value {
    let row = |problem: &Problem| json!({"code": problem.kind.code(), "path": problem.path, "line": problem.line, "column": problem.column, "message": problem.message, "hint": problem.hint, "warning": problem.kind.is_warning()});
    json!({"schema": SCHEMA, "problems": problems.iter().map(row).collect::<Vec<_>>()})
}
