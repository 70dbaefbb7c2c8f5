//! A case as Markdown, for an issue, a reply or a support request.

use super::case_text::{date, kept, line};
use crate::case::{Dossier, RunFinding, RunStep, StepState, StepTick};
use crate::knowledge::Severity;
use std::fmt::Write as _;

/// The document of a case.
#[must_use]
pub fn case_markdown(dossier: &Dossier) -> String {
    let mut out = format!("# {}\n\n", prose(&dossier.heading()));
    let (settled, steps) = dossier.progress();
    let _ =
        writeln!(out, "*{}, since {}, {settled} of {steps} steps settled; {}*", dossier.state.word(), date(dossier.created), kept(dossier));
    for input in &dossier.inputs {
        let _ = writeln!(out, "\n- {}: {} lines, {}", prose(&input.name), input.lines, prose(&input.form));
    }
    if let Some(run) = dossier.last() {
        let _ = writeln!(out, "\nEvaluated {} by pitfall {} with knowledge {}.", date(run.at), prose(&run.program), prose(&run.knowledge));
        let (noise, real): (Vec<_>, Vec<_>) = run.findings.iter().partition(|finding| finding.severity == Severity::Noise);
        if real.is_empty() {
            out.push_str("\nNothing here explains a problem.\n");
        }
        for finding in &real {
            one(&mut out, finding, dossier);
        }
        if !noise.is_empty() {
            out.push_str("\n## Looks alarming, is normal\n\n");
            for finding in noise {
                let _ = writeln!(out, "- {} (`{}`)", prose(&finding.title), bare(&finding.id));
            }
        }
        if !run.facts.is_empty() {
            out.push_str("\n## Facts\n\n");
        }
        for fact in run.facts.iter().take(40) {
            let times = if fact.count > 1 { format!(", {} times", fact.count) } else { String::new() };
            let _ = writeln!(out, "- {}: {} (line {}{times})", prose(&fact.kind), code(&fact.written), fact.line);
        }
    }
    let missing = dossier.missing();
    if !missing.is_empty() {
        out.push_str("\n## Still missing\n\n");
        for ask in missing {
            let _ = writeln!(out, "- {}", prose(ask));
        }
    }
    texts(&mut out, dossier);
    out
}

fn one(out: &mut String, finding: &RunFinding, dossier: &Dossier) {
    let _ = writeln!(
        out,
        "\n## {}\n\n*{}, severity {}, {}* (`{}`)\n\n{}\n",
        prose(&finding.title),
        finding.confidence,
        finding.severity,
        prose(&finding.topic),
        bare(&finding.id),
        prose(&finding.why)
    );
    for piece in finding.evidence.iter().take(6) {
        let text = if piece.text.is_empty() { String::new() } else { format!(": {}", code(&piece.text)) };
        let _ = writeln!(out, "- line {}{text}", piece.line);
    }
    if !finding.checklist.is_empty() {
        out.push('\n');
    }
    finding.checklist.iter().for_each(|step| tick(out, step, dossier.tick(&finding.id, &step.id)));
    let references: Vec<String> = finding
        .references
        .iter()
        .map(|reference| match reference.url.as_deref().filter(|url| is_address(url)) {
            Some(url) => format!("- [{}]({url})", prose(&reference.title)),
            None => format!("- {}", prose(&reference.title)),
        })
        .collect();
    if !references.is_empty() {
        let _ = writeln!(out, "\n{}", references.join("\n"));
    }
}

fn tick(out: &mut String, step: &RunStep, tick: Option<&StepTick>) {
    let (mark, said) = match tick.map(|tick| tick.state).unwrap_or_default() {
        StepState::Open => (' ', ""),
        StepState::Done => ('x', ""),
        StepState::Skipped => (' ', " (does not apply)"),
    };
    let _ = writeln!(out, "- [{mark}] {}{said}", prose(&step.text));
    if let Some(note) = tick.map(|tick| prose(&tick.note)).filter(|note| !note.is_empty()) {
        let _ = writeln!(out, "  Note: {note}");
    }
}

/// The texts that are kept, each in a fence that nothing in it can close.
fn texts(out: &mut String, dossier: &Dossier) {
    for (name, text) in dossier.inputs.iter().filter_map(|input| Some((&input.name, input.text.as_ref()?))) {
        let document = crate::text::Document::new(text);
        let text = document.text();
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let _ = writeln!(out, "\n## {}\n\n{fence}text\n{}\n{fence}", prose(name), text.trim_end());
    }
}

/// Whether a reference may be a link: an https address that nothing can break out of.
pub(super) fn is_address(url: &str) -> bool {
    url.starts_with("https://") && url.chars().all(|c| c.is_ascii_graphic() && !"<>\"'`(){}|\\^".contains(c))
}

/// A line of prose in which HTML is no HTML; Markdown that a page's author wrote stays.
fn prose(text: &str) -> String {
    line(text).replace('<', "&lt;")
}

fn bare(id: &str) -> String {
    line(id).replace('`', "'")
}

/// Inline code that survives backticks in it.
fn code(text: &str) -> String {
    let text = line(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest == 0 { format!("`{text}`") } else { format!("{fence} {text} {fence}") }
}
