//! Reading the document of a case: our own from the store, or a colleague's, which may be anything. Every text is cleaned, everything is
//! bounded, and a document of a newer form is refused.

use super::SCHEMA;
use super::case_json::KIND;
use crate::case::{CaseState, Dossier, Kept, KeptInput, Run, RunEvidence, RunFact, RunFinding, RunStep, StepState, StepTick};
use crate::knowledge::{Confidence, Reference, Severity};
use crate::text::{clean, clip};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// A document may have so many bytes.
pub const LARGEST_CASE: usize = 64 << 20;
/// Inputs of a case.
const INPUTS: usize = 64;
/// Runs of a case.
const RUNS: usize = 200;
/// Rows of any other list.
const ROWS: usize = 2_000;
/// Bytes of any text but an input's.
const TEXT: usize = 64 << 10;

/// Reads the document of a case that somebody else wrote.
///
/// # Errors
/// A sentence that says what is wrong with it, and where.
pub fn read_case(bytes: &[u8]) -> Result<Dossier, String> {
    if bytes.len() > LARGEST_CASE {
        return Err(format!("it has {} MiB, at most {} are read", bytes.len() >> 20, LARGEST_CASE >> 20));
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| format!("it is no JSON document: {error}"))?;
    if value.get("kind").and_then(Value::as_str) != Some(KIND) {
        return Err(format!("it is no case: a bundle of `pitfall case export` says \"kind\": \"{KIND}\""));
    }
    match value.get("schema").and_then(Value::as_u64) {
        Some(schema) if schema > u64::from(SCHEMA) => {
            return Err(format!("it was written by a newer pitfall (schema {schema}, this one knows {SCHEMA}); update pitfall to read it"));
        }
        Some(1..) => {}
        _ => return Err("it has no `schema`, which says how it is to be read".into()),
    }
    let at = At { value: &value, path: String::new() };
    let mut dossier = Dossier {
        key: String::new(),
        title: at.text("title")?,
        name: at.text("name")?,
        state: at.word("state", CaseState::parse)?,
        kept: if at.value.get("kept").is_none_or(Value::is_null) { None } else { Some(at.word("kept", Kept::parse)?) },
        imported: true,
        created: at.value.get("created").and_then(Value::as_i64).unwrap_or(0),
        seen: at.value.get("seen").and_then(Value::as_i64).unwrap_or(0),
        inputs: at.rows("inputs", INPUTS)?.iter().map(input).collect::<Result<_, _>>()?,
        runs: at.rows("runs", RUNS)?.iter().map(run).collect::<Result<_, _>>()?,
        steps: at.rows("steps", ROWS)?.iter().map(tick).collect::<Result<_, _>>()?,
    };
    // A document that tells of a depth has no more than that in it, whatever it holds.
    if !matches!(dossier.kept, Some(Kept::Input | Kept::Redacted)) {
        dossier.inputs.iter_mut().for_each(|input| input.text = None);
    }
    Ok(dossier)
}

/// Reads a run as the store keeps it; none where it is damaged.
#[must_use]
pub fn read_run(text: &str) -> Option<Run> {
    let value: Value = serde_json::from_str(text).ok()?;
    run(&At { value: &value, path: String::new() }).ok()
}

/// A place in the document.
struct At<'a> {
    value: &'a Value,
    path: String,
}

impl At<'_> {
    fn wrong(&self, name: &str, what: &str) -> String {
        format!("`{}{name}` {what}", self.path)
    }

    /// A text, cleaned; empty where there is none.
    fn text(&self, name: &str) -> Result<String, String> {
        match self.value.get(name) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(Value::String(text)) if text.len() <= TEXT => Ok(clean(text).text),
            Some(Value::String(text)) => Err(self.wrong(name, &format!("has {} KiB, at most {}", text.len() >> 10, TEXT >> 10))),
            Some(_) => Err(self.wrong(name, "is no text")),
        }
    }

    fn option(&self, name: &str) -> Result<Option<String>, String> {
        if self.value.get(name).is_none_or(Value::is_null) { Ok(None) } else { self.text(name).map(Some) }
    }

    fn word<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, String> {
        let text = self.text(name)?;
        parse(&text)
            .ok_or_else(|| self.wrong(name, &format!("is {:?}, which this pitfall does not know", clip(&text, 0..text.len().min(40)))))
    }

    fn number(&self, name: &str) -> usize {
        self.value.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok()).unwrap_or(0)
    }

    fn truth(&self, name: &str) -> bool {
        self.value.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn rows(&self, name: &str, most: usize) -> Result<Vec<At<'_>>, String> {
        let Some(value) = self.value.get(name).filter(|value| !value.is_null()) else { return Ok(Vec::new()) };
        let Some(rows) = value.as_array() else { return Err(self.wrong(name, "is no list")) };
        if rows.len() > most {
            return Err(self.wrong(name, &format!("has {} rows, at most {most}", rows.len())));
        }
        Ok(rows.iter().enumerate().map(|(at, value)| At { value, path: format!("{}{name}[{at}].", self.path) }).collect())
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, String> {
        self.rows(name, ROWS)?
            .iter()
            .map(|row| row.value.as_str().map(|text| clean(text).text).ok_or_else(|| self.wrong(name, "holds no text")))
            .collect()
    }
}

fn input(at: &At<'_>) -> Result<KeptInput, String> {
    let text = match (at.value.get("text"), at.value.get("base64")) {
        (Some(Value::String(text)), _) => Some(text.clone().into_bytes()),
        (_, Some(Value::String(text))) => Some(STANDARD.decode(text).map_err(|_| at.wrong("base64", "is not base64"))?),
        _ => None,
    };
    let number = |name: &str| u64::try_from(at.number(name)).unwrap_or(0);
    Ok(KeptInput { name: at.text("name")?, form: at.text("form")?, bytes: number("bytes"), lines: number("lines"), text })
}

fn run(at: &At<'_>) -> Result<Run, String> {
    Ok(Run {
        at: at.value.get("at").and_then(Value::as_i64).unwrap_or(0),
        program: at.text("program")?,
        knowledge: at.text("knowledge")?,
        findings: at.rows("findings", ROWS)?.iter().map(finding).collect::<Result<_, _>>()?,
        facts: at.rows("facts", ROWS)?.iter().map(fact).collect::<Result<_, _>>()?,
        more_facts: at.number("more_facts"),
        ask: at.texts("ask")?,
    })
}

fn finding(at: &At<'_>) -> Result<RunFinding, String> {
    Ok(RunFinding {
        id: at.text("id")?,
        title: at.text("title")?,
        topic: at.text("topic")?,
        severity: at.word("severity", Severity::parse)?,
        confidence: at.word("confidence", Confidence::parse)?,
        why: at.text("why")?,
        filled: at.truth("filled"),
        evidence: at.rows("evidence", ROWS)?.iter().map(evidence).collect::<Result<_, _>>()?,
        more_evidence: at.number("more_evidence"),
        checklist: at.rows("checklist", ROWS)?.iter().map(step).collect::<Result<_, _>>()?,
        ask: at.texts("ask")?,
        references: at.rows("references", ROWS)?.iter().map(reference).collect::<Result<_, _>>()?,
    })
}

fn reference(at: &At<'_>) -> Result<Reference, String> {
    Ok(Reference { title: at.text("title")?, url: at.option("url")? })
}

fn evidence(at: &At<'_>) -> Result<RunEvidence, String> {
    Ok(RunEvidence { input: at.number("input"), line: at.number("line"), text: at.text("text")?, pattern: at.text("pattern")? })
}

fn step(at: &At<'_>) -> Result<RunStep, String> {
    Ok(RunStep {
        id: at.text("id")?,
        text: at.text("text")?,
        command: at.text("command")?,
        expect: at.text("expect")?,
        filled: at.truth("filled"),
    })
}

fn fact(at: &At<'_>) -> Result<RunFact, String> {
    let fields = at.value.get("fields").and_then(Value::as_object).map(|map| {
        let text = |value: &Value| clean(value.as_str().unwrap_or_default()).text;
        map.iter().take(ROWS).map(|(name, value)| (clean(name).text, text(value))).collect()
    });
    Ok(RunFact {
        kind: at.text("kind")?,
        domain: at.option("domain")?,
        code: at.option("code")?,
        name: at.option("name")?,
        written: at.text("written")?,
        input: at.number("input"),
        line: at.number("line"),
        count: at.number("count"),
        fields: fields.unwrap_or_default(),
    })
}

fn tick(at: &At<'_>) -> Result<StepTick, String> {
    Ok(StepTick { page: at.text("page")?, step: at.text("step")?, state: at.word("state", StepState::parse)?, note: at.text("note")? })
}

#[cfg(test)]
mod tests;
