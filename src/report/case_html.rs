//! A case as one HTML page that needs nothing else: no script, nothing that is loaded, not even by a page that was tampered with: its policy
//! forbids all but its own style, by hash.

use super::case_markdown::is_address;
use super::case_text::{date, kept, line};
use crate::case::{Dossier, Run, RunEvidence, RunFinding, RunStep, StepState, StepTick};
use crate::knowledge::{Reference, Severity};
use crate::text::Document;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1c1c1e;background:#fff}\
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}p.meta,td,small{color:#555}code,pre{font:13px/1.45 ui-monospace,monospace;background:#f2f2f4}\
pre{padding:.75rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}code{padding:.1rem .25rem}li{margin:.25rem 0}ul.steps{list-style:none;padding-left:0}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#1c1c1e}p.meta,td,small{color:#aaa}code,pre{background:#2c2c2e}a{color:#6cb6ff}}";

/// The page of a case.
#[must_use]
pub fn case_html(dossier: &Dossier) -> String {
    let heading = text(&dossier.heading());
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{heading}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{heading}</h1>\n"
    );
    let (settled, steps) = dossier.progress();
    let _ = writeln!(
        out,
        "<p class=\"meta\">{}, since {}, {settled} of {steps} steps settled; {}</p>",
        dossier.state.word(),
        date(dossier.created),
        text(&kept(dossier))
    );
    for input in &dossier.inputs {
        let _ = writeln!(out, "<p class=\"meta\">{}: {} lines, {}</p>", text(&input.name), input.lines, text(&input.form));
    }
    if let Some(run) = dossier.last() {
        findings(&mut out, run, dossier);
    }
    let missing = dossier.missing();
    if !missing.is_empty() {
        let rows: String = missing.iter().map(|ask| item(ask)).collect();
        let _ = writeln!(out, "<h2>Still missing</h2>\n<ul>\n{rows}</ul>");
    }
    for input in &dossier.inputs {
        if let Some(bytes) = &input.text {
            let _ = writeln!(out, "<h2>{}</h2>\n<pre>{}</pre>", text(&input.name), escaped(Document::new(bytes).text()));
        }
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn findings(out: &mut String, run: &Run, dossier: &Dossier) {
    let _ = writeln!(
        out,
        "<p class=\"meta\">Evaluated {} by pitfall {} with knowledge {}.</p>",
        date(run.at),
        text(&run.program),
        text(&run.knowledge)
    );
    let (noise, real): (Vec<_>, Vec<_>) = run.findings.iter().partition(|finding| finding.severity == Severity::Noise);
    if real.is_empty() {
        out.push_str("<p>Nothing here explains a problem.</p>\n");
    }
    for finding in &real {
        one(out, finding, dossier);
    }
    if !noise.is_empty() {
        let rows: String = noise.iter().map(|finding| item(&finding.title)).collect();
        let _ = writeln!(out, "<h2>Looks alarming, is normal</h2>\n<ul>\n{rows}</ul>");
    }
}

fn one(out: &mut String, finding: &RunFinding, dossier: &Dossier) {
    let _ = writeln!(
        out,
        "<h2>{}</h2>\n<p class=\"meta\">{}, severity {}, {} <code>{}</code></p>\n<p>{}</p>",
        text(&finding.title),
        finding.confidence,
        finding.severity,
        text(&finding.topic),
        text(&finding.id),
        text(&finding.why)
    );
    let shown = |piece: &RunEvidence| {
        let text = if piece.text.is_empty() { String::new() } else { format!(": <code>{}</code>", text(&piece.text)) };
        format!("<li>line {}{text}</li>\n", piece.line)
    };
    let evidence: String = finding.evidence.iter().map(shown).collect();
    let steps: String = finding.checklist.iter().map(|step| row(step, dossier.tick(&finding.id, &step.id))).collect();
    let link = |reference: &Reference| match reference.url.as_deref().filter(|url| is_address(url)) {
        Some(url) => format!("<li><a rel=\"noopener noreferrer\" href=\"{}\">{}</a></li>\n", escaped(url), text(&reference.title)),
        None => item(&reference.title),
    };
    let references: String = finding.references.iter().map(link).collect();
    for (class, rows) in [("evidence", evidence), ("steps", steps), ("references", references)] {
        if !rows.is_empty() {
            let _ = writeln!(out, "<ul class=\"{class}\">\n{rows}</ul>");
        }
    }
}

fn row(step: &RunStep, tick: Option<&StepTick>) -> String {
    let mark = match tick.map(|tick| tick.state).unwrap_or_default() {
        StepState::Open => "☐",
        StepState::Done => "☑",
        StepState::Skipped => "⊘",
    };
    let mut row = format!("<li>{mark} {}", text(&step.text));
    if !step.command.is_empty() {
        let _ = write!(row, "<pre>{}</pre>", escaped(&crate::text::clean(&step.command).text));
    }
    if !step.expect.is_empty() {
        let _ = write!(row, "<br><small>Expect: {}</small>", text(&step.expect));
    }
    if let Some(note) = tick.map(|tick| tick.note.as_str()).filter(|note| !note.is_empty()) {
        let _ = write!(row, "<br><small>Note: {}</small>", text(note));
    }
    row.push_str("</li>\n");
    row
}

fn item(shown: &str) -> String {
    format!("<li>{}</li>\n", text(shown))
}

/// One line, cleaned and escaped.
fn text(text: &str) -> String {
    escaped(&line(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
