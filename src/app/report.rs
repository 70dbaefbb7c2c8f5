//! What is copied out: a finding, a checklist, the whole report, as Markdown.

use crate::app::case::Case;
use crate::app::page::PageView;
use crate::app::record::{Record, StepKey, TickState};
use crate::engine::Finding;
use crate::knowledge::{Reference, Step};
use std::fmt::Write;

/// A finding with its evidence and checklist.
#[must_use]
pub(crate) fn finding(finding: &Finding, case: &Case, record: &Record) -> String {
    let mut out = format!("## {}\n\n{} · {} · `{}`\n\n{}\n", finding.title, finding.severity, finding.confidence, finding.id, finding.why);
    if !finding.evidence.is_empty() {
        out.push_str("\nEvidence:\n\n");
    }
    for evidence in &finding.evidence {
        let name = case.inputs.get(evidence.input).map_or("", |input| input.name.as_str());
        let text = evidence.text.replace('`', "'");
        let _ = writeln!(out, "- {name}, line {}: `{}`", evidence.place.line, text.trim());
    }
    out.push_str(&steps(&finding.checklist, &finding.id, &case.key, record));
    out.push_str(&references(&finding.references));
    out
}

/// All findings of a case.
#[must_use]
pub(crate) fn whole(case: &Case, record: &Record) -> String {
    let mut out = format!("# Diagnosis of {}\n", case.name());
    for one in &case.diagnosis.findings {
        out.push('\n');
        out.push_str(&finding(one, case, record));
    }
    if !case.diagnosis.ask.is_empty() {
        out.push_str("\n## Next\n\n");
        for ask in &case.diagnosis.ask {
            let _ = writeln!(out, "- {ask}");
        }
    }
    out
}

/// Selected text with the place that it is from.
#[must_use]
pub(crate) fn quoted(name: &str, place: &str, text: &str) -> String {
    let fence = if text.contains("```") { "````" } else { "```" };
    format!("{name}, {place}:\n\n{fence}text\n{text}\n{fence}\n")
}

/// The checklist of a page that is open.
#[must_use]
pub(crate) fn checklist(page: &PageView, record: &Record) -> String {
    format!("## {}\n{}", page.title, steps(&page.steps, &page.id, &page.scope, record))
}

fn steps(list: &[Step], page: &str, scope: &str, record: &Record) -> String {
    let mut out = String::new();
    if !list.is_empty() {
        out.push_str("\nChecklist:\n\n");
    }
    for step in list {
        let tick = record.tick(&StepKey { scope: scope.to_owned(), page: page.to_owned(), step: step.id.clone() });
        let (mark, said) = match tick.state {
            TickState::Open => (' ', ""),
            TickState::Done => ('x', ""),
            TickState::Skipped => (' ', " (does not apply)"),
        };
        let _ = writeln!(out, "- [{mark}] {}{said}", step.text);
        if !step.command.is_empty() {
            let command = step.command.replace('\n', "\n  ");
            let _ = writeln!(out, "\n  ```{}\n  {command}\n  ```", step.language);
        }
        if !step.expect.is_empty() {
            let _ = writeln!(out, "  Expect: {}", step.expect);
        }
        if !tick.note.is_empty() {
            let _ = writeln!(out, "  Note: {}", tick.note);
        }
    }
    out
}

fn references(list: &[Reference]) -> String {
    let line = |reference: &Reference| match &reference.url {
        Some(url) => format!("- [{}]({url})\n", reference.title),
        None => format!("- {}\n", reference.title),
    };
    if list.is_empty() { String::new() } else { format!("\nReferences:\n\n{}", list.iter().map(line).collect::<String>()) }
}
