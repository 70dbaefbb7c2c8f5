//! Reports as Markdown, to be pasted into an issue or a reply.

use crate::engine::{Diagnosis, Explained};
use crate::knowledge::{Reference, Severity, Step};
use std::fmt::Write as _;

/// The report of `triage`.
#[must_use]
pub fn diagnosis_markdown(diagnosis: &Diagnosis) -> String {
    let mut out = String::from("# Diagnosis\n");
    let (noise, real): (Vec<_>, Vec<_>) = diagnosis.findings.iter().partition(|finding| finding.severity == Severity::Noise);
    if real.is_empty() {
        out.push_str("\nNothing here explains a problem.\n");
    }
    for one in real {
        let _ = writeln!(
            out,
            "\n## {}\n\n*{}, severity {}, {}* (`{}`)\n\n{}\n",
            one.title, one.confidence, one.severity, one.topic, one.id, one.why
        );
        for piece in one.evidence.iter().take(6) {
            let _ = writeln!(out, "- line {}: {}", piece.place.line, code(piece.text.trim()));
        }
        steps(&mut out, &one.checklist);
        questions(&mut out, &one.ask);
        references(&mut out, &one.references);
    }
    if !noise.is_empty() {
        out.push_str("\n## Looks alarming, is normal\n\n");
        for one in noise {
            let _ = writeln!(out, "- {} (`{}`): {}", one.title, one.id, one.why);
        }
    }
    super::inspect::markdown_in_diagnosis(&mut out, diagnosis);
    if !diagnosis.ask.is_empty() {
        out.push_str("\n## Collect or answer next\n\n");
        for ask in &diagnosis.ask {
            let _ = writeln!(out, "- {ask}");
        }
    }
    out
}

/// Steps as a task list, each with its command.
pub(super) fn steps(out: &mut String, steps: &[Step]) {
    if !steps.is_empty() {
        out.push('\n');
    }
    for step in steps {
        let _ = writeln!(out, "- [ ] {}", step.text);
        if !step.command.is_empty() {
            let fence = fence(&step.command);
            let _ = writeln!(out, "\n  {fence}{}", step.language);
            for line in step.command.lines() {
                let _ = writeln!(out, "  {line}");
            }
            let _ = writeln!(out, "  {fence}");
        }
        if !step.expect.is_empty() {
            let _ = writeln!(out, "  Expect: {}", step.expect);
        }
    }
}

/// Questions that decide.
pub(super) fn questions(out: &mut String, questions: &[String]) {
    for ask in questions {
        let _ = writeln!(out, "\n**Question:** {ask}");
    }
}

/// Where it is written.
pub(super) fn references(out: &mut String, references: &[Reference]) {
    if !references.is_empty() {
        out.push('\n');
    }
    for reference in references {
        let _ = match &reference.url {
            Some(url) => writeln!(out, "- [{}]({url})", reference.title),
            None => writeln!(out, "- {}", reference.title),
        };
    }
}

/// The report of `explain`.
#[must_use]
pub fn explain_markdown(matches: &[Explained]) -> String {
    let mut out = String::new();
    for one in matches {
        let code = one.entry.code.as_ref().map(ToString::to_string).unwrap_or_default();
        let _ =
            writeln!(out, "## {} {}\n\n*{}*\n\n{}\n", code, one.entry.name.as_deref().unwrap_or(""), one.entry.domain, one.entry.meaning);
        for id in &one.pitfalls {
            let _ = writeln!(out, "- `{id}`");
        }
    }
    out
}

/// Inline code that survives backticks in it.
fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

fn fence(text: &str) -> &'static str {
    if text.contains("```") { "````" } else { "```" }
}
