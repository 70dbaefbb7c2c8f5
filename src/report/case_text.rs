//! Cases for people: the list, one case with its checklist, what differs between two runs.

use super::Paint;
use crate::case::{Difference, Dossier, Run, RunFinding, StepState};
use crate::knowledge::Severity;
use crate::text::{clean, fit};
use std::fmt::Write as _;

/// Characters of a key that tell one case from another; more are taken as well.
const SHORT: usize = 8;

/// The front of a case's key, by which a person names it.
#[must_use]
pub fn short_key(key: &str) -> &str {
    crate::text::clip(key, 0..SHORT)
}

/// One line of a text from outside: cleaned, without breaks.
pub(super) fn line(text: &str) -> String {
    clean(text).text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A date and time in UTC.
pub(super) fn date(at: i64) -> String {
    jiff::Timestamp::from_second(at).map_or_else(|_| "unknown".into(), |stamp| stamp.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// How long ago something was; a clock that went back makes it now.
#[must_use]
pub fn age(at: i64, now: i64) -> String {
    match now.saturating_sub(at) {
        ..60 => "now".into(),
        seconds @ 60..3_600 => format!("{} min", seconds / 60),
        seconds @ 3_600..86_400 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

/// The list of cases at `now` (seconds since 1970).
#[must_use]
pub fn cases_text(dossiers: &[Dossier], now: i64, paint: Paint) -> String {
    let mut out = String::new();
    for dossier in dossiers {
        let (settled, steps) = dossier.progress();
        let id = short_key(&dossier.key);
        let (state, age) = (dossier.state.word(), age(dossier.seen, now));
        let kept = dossier.kept.map_or("name only", crate::case::Kept::word);
        let heading = line(&dossier.heading());
        let top = dossier.top().map(|finding| line(&finding.title)).filter(|top| *top != heading);
        let from = if dossier.imported { "imported".to_owned() } else { line(dossier.name.rsplit('/').next().unwrap_or_default()) };
        let behind: Vec<String> = top.into_iter().chain((from != heading).then_some(from)).collect();
        if paint.plain {
            let steps = if steps == 0 { String::new() } else { format!(", {settled} of {steps} steps settled") };
            let _ = writeln!(out, "{id}: {heading}. {state}, {age}, {kept}{steps}. {}", behind.join(". "));
            continue;
        }
        let progress = if steps == 0 { String::new() } else { format!("{settled}/{steps}") };
        let _ = writeln!(out, "{}  {state:<8} {age:>6}  {progress:>5}  {}", paint.bold(id), fit(&heading, 70));
        let _ = writeln!(out, "{:27}{}", "", paint.dim(&format!("{kept} · {}", behind.join(" · "))));
    }
    out
}

/// A case: what was found last, its checklist with ticks and notes, what is missing.
#[must_use]
pub fn case_text(dossier: &Dossier, paint: Paint) -> String {
    let mut out = format!("{}\n", paint.bold(&line(&dossier.heading())));
    let (settled, steps) = dossier.progress();
    let id = if dossier.key.is_empty() { String::new() } else { format!("{} · ", short_key(&dossier.key)) };
    let _ = writeln!(out, "{id}{} · since {} · {settled} of {steps} steps settled", dossier.state.word(), date(dossier.created));
    let _ = writeln!(out, "{}", paint.dim(&kept(dossier)));
    for input in &dossier.inputs {
        let _ = writeln!(out, "{}: {} lines, read as {}", line(&input.name), input.lines, line(&input.form));
    }
    let Some(run) = dossier.last() else {
        out.push_str("\nNothing but its name, ticks and notes is kept.\n");
        notes(&mut out, dossier, &[]);
        return out;
    };
    let _ = writeln!(out, "Evaluated {} with knowledge {} (pitfall {}).", date(run.at), line(&run.knowledge), line(&run.program));
    let real: Vec<&RunFinding> = run.findings.iter().filter(|finding| finding.severity != Severity::Noise).collect();
    for (number, finding) in real.iter().enumerate() {
        one(&mut out, number + 1, finding, dossier, paint);
    }
    if real.is_empty() {
        out.push_str("\nNothing here explains a problem.\n");
    }
    let noise: Vec<String> =
        run.findings.iter().filter(|finding| finding.severity == Severity::Noise).map(|finding| line(&finding.title)).collect();
    if !noise.is_empty() {
        let _ = writeln!(out, "\n{}: {}", paint.bold("Looks alarming, is normal"), noise.join("; "));
    }
    notes(&mut out, dossier, &real);
    list(&mut out, "Still missing", &dossier.missing(), paint);
    out
}

/// What is kept, in words.
pub(super) fn kept(dossier: &Dossier) -> String {
    use crate::case::Kept;
    let what = match dossier.kept {
        None => "only its name is kept",
        Some(Kept::Facts) => "its facts are kept, no text of its inputs",
        Some(Kept::Redacted) => "a redacted copy of its inputs is kept",
        Some(Kept::Input) => "its inputs are kept as they were given",
    };
    if dossier.imported { format!("imported; {what}") } else { what.to_owned() }
}

fn one(out: &mut String, number: usize, finding: &RunFinding, dossier: &Dossier, paint: Paint) {
    let _ = writeln!(out, "\n{number}. {}", paint.bold(&line(&finding.title)));
    let _ = writeln!(out, "   {}, severity {}, {} ({})", finding.confidence, finding.severity, line(&finding.topic), line(&finding.id));
    paint.wrapped(out, "   ", "   ", &line(&finding.why));
    for piece in finding.evidence.iter().take(4) {
        let text = if piece.text.is_empty() { "(text not kept)".to_owned() } else { fit(&line(&piece.text), 90) };
        let _ = writeln!(out, "   line {}: {}", piece.line, paint.dim(&text));
    }
    for step in &finding.checklist {
        let tick = dossier.tick(&finding.id, &step.id);
        let mark = match tick.map(|tick| tick.state).unwrap_or_default() {
            StepState::Open => "[ ]",
            StepState::Done => "[x]",
            StepState::Skipped => "[-]",
        };
        paint.wrapped(out, &format!("   {mark} "), "       ", &line(&step.text));
        if let Some(note) = tick.map(|tick| line(&tick.note)).filter(|note| !note.is_empty()) {
            paint.wrapped(out, "       Note: ", "         ", &note);
        }
    }
}

/// Ticks and notes of pages that were not among what was found last.
fn notes(out: &mut String, dossier: &Dossier, shown: &[&RunFinding]) {
    for tick in dossier.steps.iter().filter(|tick| !shown.iter().any(|finding| finding.id == tick.page)) {
        let note = if tick.note.is_empty() { String::new() } else { format!(": {}", line(&tick.note)) };
        let _ = writeln!(out, "{} / {}: {}{note}", line(&tick.page), line(&tick.step), tick.state.word());
    }
}

fn list(out: &mut String, heading: &str, rows: &[&str], paint: Paint) {
    if !rows.is_empty() {
        let _ = writeln!(out, "\n{}", paint.bold(heading));
        for row in rows {
            paint.wrapped(out, "- ", "  ", &line(row));
        }
    }
}

/// What differs between two runs, named `before` and `after`.
#[must_use]
pub fn difference_text(difference: &Difference<'_>, (before, after): (&str, &str), paint: Paint) -> String {
    let mut out = String::new();
    let mut part = |heading: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            let _ = writeln!(out, "{}", paint.bold(heading));
            for row in rows {
                paint.wrapped(&mut out, "  ", "    ", &row);
            }
        }
    };
    let one = |finding: &&RunFinding| format!("{} ({}, {})", line(&finding.title), finding.confidence, line(&finding.id));
    part(&format!("Gone ({before} has it, {after} has not)"), difference.gone.iter().map(one).collect());
    part(&format!("New ({after} has it, {before} has not)"), difference.new.iter().map(one).collect());
    let (same, moved): (Vec<_>, Vec<_>) = difference.stays.iter().partition(|change| change.is_same());
    let row = |change: &&crate::case::Change<'_>| {
        let mut moved = Vec::new();
        if change.before.confidence != change.after.confidence {
            moved.push(format!("{} → {}", change.before.confidence, change.after.confidence));
        }
        if change.before.severity != change.after.severity {
            moved.push(format!("severity {} → {}", change.before.severity, change.after.severity));
        }
        format!("{}: {}", line(&change.after.title), moved.join(", "))
    };
    part("Moved", moved.iter().map(row).collect());
    part("Stays", same.iter().map(|change| one(&change.after)).collect());
    if out.is_empty() {
        out.push_str("Nothing was found in either.\n");
    }
    out
}

/// What changed in a case since it was evaluated last, in one line; none where nothing did.
#[must_use]
pub fn difference_line(difference: &Difference<'_>) -> Option<String> {
    let titles = |rows: &[&RunFinding]| rows.iter().map(|one| line(&one.title)).collect::<Vec<_>>().join("; ");
    let mut parts = Vec::new();
    for (word, rows) in [("new", &difference.new), ("gone", &difference.gone)] {
        if !rows.is_empty() {
            parts.push(format!("{word}: {}", titles(rows)));
        }
    }
    let moved = difference.stays.iter().filter(|change| !change.is_same());
    parts.extend(moved.map(|change| format!("{}: {} → {}", line(&change.after.title), change.before.confidence, change.after.confidence)));
    if parts.is_empty() { None } else { Some(parts.join("; ")) }
}

/// The runs of a case, newest last, one a line.
#[must_use]
pub fn runs_text(runs: &[Run]) -> String {
    runs.iter().fold(String::new(), |mut out, run| {
        let _ = writeln!(out, "{}  knowledge {}  {} findings", date(run.at), line(&run.knowledge), run.findings.len());
        out
    })
}
