//! From a diagnosis to what is kept of it.

use super::{Dossier, Kept, KeptInput, Run, RunEvidence, RunFact, RunFinding, RunStep};
use super::{lessen, redactor};
use crate::engine::{Diagnosis, Engine, FactReport, Finding, Input, Options};
use crate::text::clip;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Bytes that are kept of one piece of evidence or one fact.
const LONGEST: usize = 4 << 10;

/// The version of the knowledge that an engine has: the date of its newest page and the front of a hash over all of them, so that an overlay
/// or a changed page is seen.
#[must_use]
pub fn knowledge_version(engine: &Engine) -> String {
    let pages = engine.knowledge().pages();
    let mut hash = Sha256::new();
    for page in pages {
        hash.update(page.raw.as_bytes());
        hash.update([0]);
    }
    let newest = pages.iter().map(|page| page.reviewed.as_str()).max().unwrap_or("none");
    hash.finalize().iter().take(4).fold(format!("{newest}+"), |mut version, byte| {
        let _ = write!(version, "{byte:02x}");
        version
    })
}

/// The inputs and the run of a diagnosis that was made at `at` (seconds since 1970), whole; [`super::lessen`] takes out what must not stay.
#[must_use]
pub fn take(engine: &Engine, inputs: &[Input], diagnosis: &Diagnosis, at: i64) -> (Vec<KeptInput>, Run) {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let kept = inputs.iter().zip(&diagnosis.inputs).map(|(input, report)| KeptInput {
        name: input.name.clone(),
        form: report.form.to_owned(),
        bytes: count(report.bytes),
        lines: count(report.lines),
        text: Some(input.bytes.clone()),
    });
    let run = Run {
        at,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        knowledge: knowledge_version(engine),
        findings: diagnosis.findings.iter().map(|one| finding(engine, one)).collect(),
        facts: diagnosis.facts.iter().map(fact).collect(),
        more_facts: diagnosis.more_facts,
        ask: diagnosis.ask.clone(),
    };
    (kept.collect(), run)
}

/// The front of a text: a line of a megabyte is no evidence.
fn short(text: &str) -> String {
    clip(text, 0..text.len().min(LONGEST)).to_owned()
}

fn finding(engine: &Engine, one: &Finding) -> RunFinding {
    let page = engine.knowledge().page(&one.id);
    let plain = page.map(|page| Engine::body(page).steps).unwrap_or_default();
    let steps = one.checklist.iter().map(|step| RunStep {
        id: step.id.clone(),
        text: step.text.clone(),
        command: step.command.clone(),
        expect: step.expect.clone(),
        filled: !plain.iter().any(|own| own.text == step.text),
    });
    let evidence = one.evidence.iter().map(|piece| RunEvidence {
        input: piece.input,
        line: piece.place.line,
        text: short(&piece.text),
        pattern: piece.pattern.clone(),
    });
    RunFinding {
        id: one.id.clone(),
        title: one.title.clone(),
        topic: one.topic.to_owned(),
        severity: one.severity,
        confidence: one.confidence,
        why: short(&one.why),
        filled: page.is_none_or(|page| page.summary != one.why),
        evidence: evidence.collect(),
        more_evidence: one.more_evidence,
        checklist: steps.collect(),
        ask: one.ask.clone(),
        references: one.references.clone(),
    }
}

fn fact(report: &FactReport) -> RunFact {
    let fact = &report.fact;
    RunFact {
        kind: fact.kind.word().to_owned(),
        domain: fact.domain.clone(),
        code: fact.code.as_ref().map(ToString::to_string),
        name: fact.name.clone(),
        written: short(&report.written),
        input: report.input,
        line: report.place.line,
        count: report.count,
        fields: fact.fields.iter().map(|(name, value)| ((*name).to_owned(), short(value))).collect(),
    }
}

/// Fills a case whose key, name and depth are said: its inputs are diagnosed at `at` (seconds since 1970), and of all that stays what the depth allows.
#[must_use]
pub fn keep(engine: &Engine, mut dossier: Dossier, inputs: &[Input], at: i64) -> Dossier {
    let diagnosis = engine.triage(inputs, &Options::default());
    let (kept, run) = take(engine, inputs, &diagnosis, at);
    (dossier.inputs, dossier.runs) = (kept, vec![run]);
    let mut redact = redactor(engine, &dossier.runs);
    lessen(&mut dossier.inputs, &mut dossier.runs, dossier.kept.unwrap_or(Kept::Facts), &mut redact);
    dossier
}

/// Inputs made of the facts of a run, each at its line as it was written: what can be evaluated again where no text is kept.
#[must_use]
pub fn of_facts(inputs: &[KeptInput], run: &Run) -> Vec<Input> {
    let text = |number: usize| {
        let mut facts: Vec<&RunFact> = run.facts.iter().filter(|fact| fact.input == number).collect();
        facts.sort_by_key(|fact| fact.line);
        let line = |fact: &&RunFact| format!("{}\n", fact.written.replace('\n', " "));
        facts.iter().map(line).collect::<String>()
    };
    inputs.iter().enumerate().map(|(number, input)| Input { name: input.name.clone(), bytes: text(number).into_bytes() }).collect()
}
