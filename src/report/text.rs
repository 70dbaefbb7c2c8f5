//! Reports for people: plain lines that also read well in a pipe and aloud.

use super::Paint;
use crate::engine::{Diagnosis, Evidence, Explained, FactReport, Finding, HitKind, SearchHit};
use crate::knowledge::{Page, Reference, Severity};
use crate::text::{display_width, fit};
use std::fmt::Write as _;

/// Pieces of evidence shown of one finding.
pub(super) const EVIDENCE: usize = 4;

/// The report of `triage`.
#[must_use]
pub fn diagnosis_text(diagnosis: &Diagnosis, paint: Paint) -> String {
    let mut out = String::new();
    let several = diagnosis.inputs.len() > 1;
    for input in &diagnosis.inputs {
        let notes = &input.notes;
        let _ = write!(out, "{}: {} lines, read as {}", input.name, input.lines, input.form);
        if !input.form_reason.is_empty() {
            let _ = write!(out, " ({})", input.form_reason);
        }
        for (count, what) in [
            (notes.invalid, "invalid bytes"),
            (notes.escapes, "escape sequences taken out"),
            (notes.controls, "control characters made visible"),
        ] {
            if count > 0 {
                let _ = write!(out, "; {count} {what}");
            }
        }
        out.push('\n');
    }
    let (noise, real): (Vec<_>, Vec<_>) = diagnosis.findings.iter().partition(|finding| finding.severity == Severity::Noise);
    for (number, one) in real.iter().enumerate() {
        finding(&mut out, number + 1, one, paint, several.then_some(diagnosis));
    }
    if real.is_empty() {
        out.push_str("\nNothing here explains a problem.\n");
    }
    if !noise.is_empty() {
        let _ = writeln!(out, "\n{}", paint.bold("Looks alarming, is normal"));
        for one in noise {
            let lines: Vec<_> = one.evidence.iter().take(EVIDENCE).map(|piece| piece.place.line.to_string()).collect();
            let _ = writeln!(out, "  {} (line {}): {}", one.title, lines.join(", "), one.why);
            let _ = writeln!(out, "  {}", paint.dim(&format!("pitfall show {}", one.id)));
        }
    }
    super::inspect::in_diagnosis(&mut out, diagnosis, paint);
    facts(&mut out, diagnosis, paint);
    if !diagnosis.ask.is_empty() {
        let _ = writeln!(out, "\n{}", paint.bold("Collect or answer next"));
        for ask in &diagnosis.ask {
            paint.wrapped(&mut out, "  - ", "    ", ask);
        }
    }
    misses(&mut out, diagnosis, paint);
    out
}

fn finding(out: &mut String, number: usize, one: &Finding, paint: Paint, inputs: Option<&Diagnosis>) {
    let _ = writeln!(out, "\n{number}. {}", paint.bold(&one.title));
    let _ = writeln!(
        out,
        "   {} · severity {} · {} · {}",
        paint.confidence(one.confidence),
        paint.severity(one.severity),
        one.topic,
        paint.dim(&one.id)
    );
    paint.wrapped(out, "   ", "   ", &one.why);
    let evidence = distinct(&one.evidence);
    for piece in evidence.iter().take(EVIDENCE) {
        let name = inputs.and_then(|diagnosis| diagnosis.inputs.get(piece.input)).map_or(String::new(), |input| format!("{}:", input.name));
        let _ = writeln!(
            out,
            "   {} {}",
            paint.dim(&format!("{name}{}:{}", piece.place.line, piece.place.start)),
            paint.mark(&fit(piece.text.trim(), paint.width))
        );
    }
    let more = evidence.len().saturating_sub(EVIDENCE) + one.more_evidence;
    if more > 0 {
        let _ = writeln!(out, "   {}", paint.dim(&format!("and {more} more")));
    }
    for step in &one.checklist {
        paint.wrapped(out, "   [ ] ", "       ", &step.text);
        for line in step.command.lines() {
            let _ = writeln!(out, "           {}", paint.wrap("36", line));
        }
        if !step.expect.is_empty() {
            paint.wrapped(out, "       Expect: ", "       ", &step.expect);
        }
    }
    for ask in &one.ask {
        paint.wrapped(out, "   ? ", "     ", ask);
    }
    let mut behind = String::new();
    for reference in &one.references {
        paint.wrapped(&mut behind, "   see ", "       ", &named(reference));
    }
    if !one.related.is_empty() {
        paint.wrapped(&mut behind, "   related: ", "     ", &one.related.join(", "));
    }
    if !behind.is_empty() {
        let _ = writeln!(out, "{}", paint.dim(behind.trim_end()));
    }
}

/// A reference with its address.
fn named(reference: &Reference) -> String {
    format!("{}{}", reference.title, reference.url.as_deref().map_or(String::new(), |url| format!(" <{url}>")))
}

/// Facts listed in a report.
const FACTS: usize = 12;
/// Errors that lie under each other are told to this depth.
const DEPTH: usize = 6;
/// Pages named of a code.
const PAGES: usize = 3;

fn facts(out: &mut String, diagnosis: &Diagnosis, paint: Paint) {
    let mut errors: Vec<&FactReport> = Vec::new();
    for report in diagnosis.facts.iter().filter(|report| report.fact.code.is_some()) {
        if !errors.iter().any(|known| key(known) == key(report)) {
            errors.push(report);
        }
    }
    if errors.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", paint.bold("Codes in it"));
    let is_under = |report: &FactReport| report.fact.value("under").is_some_and(|wrapper| errors.iter().any(|known| key(known) == wrapper));
    let roots: Vec<&FactReport> = errors.iter().copied().filter(|report| !is_under(report)).collect();
    for report in roots.iter().take(FACTS) {
        let times = if report.count > 1 { format!(", {} times", report.count) } else { String::new() };
        let mut members = vec![*report];
        let chain = chain(report, &errors, &mut members);
        let _ = writeln!(out, "  {chain} {}", paint.dim(&format!("(line {}{times})", report.place.line)));
        for member in members.iter().filter(|member| !member.meaning.is_empty()) {
            let lead = if members.len() > 1 { format!("{}: ", code_of(member)) } else { String::new() };
            paint.wrapped(out, "      ", "      ", &format!("{lead}{}", member.meaning));
            for page in member.pages.iter().take(PAGES) {
                let _ = writeln!(out, "      {}", paint.dim(&format!("pitfall show {page}")));
            }
        }
    }
    if roots.len() > FACTS {
        let _ = writeln!(out, "  {}", paint.dim(&format!("and {} more", roots.len() - FACTS)));
    }
}

/// What a wrapped error says of the one around it.
fn key(report: &FactReport) -> String {
    format!("{}:{}", report.fact.domain.as_deref().unwrap_or(""), code_of(report))
}

fn code_of(report: &FactReport) -> String {
    report.fact.code.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// `ASAuthorizationError 1000 unknown <- AKAuthenticationError -7026`: an error with those under it, which are added to `members`.
fn chain<'a>(report: &'a FactReport, errors: &[&'a FactReport], members: &mut Vec<&'a FactReport>) -> String {
    let name = report.fact.name.as_deref().filter(|name| *name != code_of(report)).map_or(String::new(), |name| format!(" {name}"));
    let domain = report.fact.domain.as_deref().unwrap_or("");
    let own = key(report);
    let inner: Vec<&FactReport> = errors
        .iter()
        .copied()
        .filter(|other| {
            other.fact.value("under").is_some_and(|wrapper| wrapper == own) && !members.iter().any(|known| std::ptr::eq(*known, *other))
        })
        .collect();
    if inner.is_empty() && members.len() == 1 || members.len() > DEPTH {
        return format!("{domain} {}{name}", code_of(report)).trim().to_owned();
    }
    members.extend(&inner);
    let mut line = format!("{} {}{name}", short(domain), code_of(report));
    for (number, other) in inner.into_iter().enumerate() {
        let _ = write!(line, "{}{}", if number == 0 { " <- " } else { ", " }, chain(other, errors, members));
    }
    line
}

/// The name that people know a domain by.
fn short(domain: &str) -> &str {
    match domain {
        "com.apple.AuthenticationServices.AuthorizationError" => "ASAuthorizationError",
        "com.apple.AuthenticationServices.WebAuthenticationSession" => "ASWebAuthenticationSessionError",
        "com.apple.LocalAuthentication" => "LAError",
        "com.apple.devicecheck.error" => "DCError",
        "CryptoTokenKit" => "TKError",
        "NSOSStatusErrorDomain" => "OSStatus",
        other => other,
    }
}

fn misses(out: &mut String, diagnosis: &Diagnosis, paint: Paint) {
    if diagnosis.near_misses.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", paint.bold("Nearly matched"));
    for miss in &diagnosis.near_misses {
        let needles =
            if miss.needles.is_empty() { String::new() } else { format!("; needle without its regex: {}", miss.needles.join(", ")) };
        let _ =
            writeln!(out, "  {}: hit {}{needles}", miss.id, if miss.hit.is_empty() { "nothing".to_owned() } else { miss.hit.join(", ") });
        for failure in &miss.failures {
            let _ = writeln!(out, "      {failure}");
        }
    }
}

/// The report of `explain`.
#[must_use]
pub fn explain_text(query: &str, matches: &[Explained], paint: Paint) -> String {
    let mut out = String::new();
    if matches.is_empty() {
        let _ = writeln!(out, "Nothing is known of `{query}`.");
    }
    for one in matches {
        let code = one.entry.code.as_ref().map(ToString::to_string).unwrap_or_default();
        let name = one.entry.name.as_deref().filter(|name| *name != code).unwrap_or("");
        let _ = writeln!(out, "{} {}", paint.bold(format!("{code} {name}").trim()), paint.dim(&one.entry.domain));
        paint.wrapped(&mut out, "  ", "  ", &one.entry.meaning);
        if !one.also.is_empty() {
            paint.wrapped(&mut out, "  also written: ", "    ", &one.also.join(" · "));
        }
        for id in &one.pitfalls {
            let _ = writeln!(out, "  → pitfall show {id}");
        }
        if !one.entry.source.is_empty() {
            let _ = writeln!(out, "  {}", paint.dim(&format!("source: {}", one.entry.source)));
        }
    }
    out
}

/// The report of `search`.
#[must_use]
pub fn search_text(hits: &[SearchHit], paint: Paint) -> String {
    let mut out = String::new();
    for hit in hits {
        let label = match hit.kind {
            HitKind::Page => hit.topic.as_str(),
            HitKind::Guide => "guide",
            HitKind::Code => "code",
        };
        let _ = writeln!(out, "{}  {}", paint.bold(&hit.id), paint.dim(label));
        let _ = writeln!(out, "  {}", hit.title);
        if !hit.snippet.is_empty() {
            paint.wrapped(&mut out, "    ", "    ", &hit.snippet);
        }
    }
    out
}

/// The report of `list`.
#[must_use]
pub fn list_text(pages: &[&Page], paint: Paint) -> String {
    let mut out = String::new();
    let wide = pages.iter().map(|page| display_width(&page.id)).max().unwrap_or(0);
    for page in pages {
        if paint.plain {
            let _ = writeln!(out, "{}: {}. Severity {}, topic {}.", page.id, page.title, page.severity, page.topic);
        } else {
            let _ = writeln!(out, "{:wide$}  {:8}  {}", page.id, page.severity.word(), page.title);
        }
    }
    out
}

/// A page or guide as `show` prints it: head, then its Markdown without the self-tests.
#[must_use]
pub fn page_text(title: &str, head: &str, markdown: &str, references: &[Reference], paint: Paint) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", paint.bold(title));
    if !head.is_empty() {
        let _ = writeln!(out, "{}", paint.dim(head));
    }
    let body = markdown.split("\n## Self-tests").next().unwrap_or(markdown);
    let mut code = false;
    for line in body.trim().lines() {
        let line = hide_step_id(line);
        let words = line.trim_start();
        let fence = words.starts_with("```");
        code ^= fence;
        // What is copied, and the rows of tables, stay as they are.
        if code || fence || words.is_empty() || words.starts_with('|') {
            let _ = writeln!(out, "{line}");
        } else if let Some(heading) = line.strip_prefix("## ") {
            let _ = writeln!(out, "\n{}", paint.bold(heading));
        } else {
            let margin = line.len() - words.len();
            let marker = ["- [ ] ", "- [x] ", "- ", "1. "].into_iter().find(|marker| words.starts_with(marker)).map_or(0, str::len);
            paint.wrapped(&mut out, &" ".repeat(margin), &" ".repeat(margin + marker), words);
        }
    }
    if !references.is_empty() {
        let _ = writeln!(out, "\n{}", paint.bold("References"));
        for reference in references {
            paint.wrapped(&mut out, "- ", "  ", &named(reference));
        }
    }
    out
}

/// The pieces of evidence, each place once: several patterns may have met in it.
pub(super) fn distinct(evidence: &[Evidence]) -> Vec<&Evidence> {
    let within = |piece: &Evidence, other: &Evidence| piece.input == other.input && other.start <= piece.start && piece.end <= other.end;
    let longer = |piece: &Evidence, other: &Evidence| other.end - other.start > piece.end - piece.start;
    let kept = |at: usize, piece: &Evidence| {
        let told = |(place, other): (usize, &Evidence)| within(piece, other) && (longer(piece, other) || place < at);
        !evidence.iter().enumerate().any(told)
    };
    evidence.iter().enumerate().filter(|(at, piece)| kept(*at, piece)).map(|(_, piece)| piece).collect()
}

/// `{#step-id}` is for programs.
fn hide_step_id(line: &str) -> String {
    match (line.find("{#"), line.rfind('}')) {
        (Some(from), Some(to)) if from < to => {
            format!("{}{}", crate::text::clip(line, 0..from).trim_end(), crate::text::tail(line, to + 1))
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn step_ids_are_not_shown() {
        assert_eq!(hide_step_id("- [ ] Do it. {#do-it}"), "- [ ] Do it.");
    }
}
