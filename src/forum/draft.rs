//! Drafts of replies: from what the thread says, what the engine finds, what is missing and what the pages tell. Five shapes; short, specific,
//! with references; Markdown that a person reads over before anything is posted.

use super::class::{Kind, Verdict};
use super::desk::{Duplicate, Sorted};
use super::opening;
use super::questions::{self, Part};
use crate::engine::{Engine, Finding};
use crate::facts::Kind as FactKind;
use crate::knowledge::{Confidence, Severity};
use std::fmt::Write as _;

/// The shape of a reply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shape {
    /// A cause is found: what it is and what to do.
    Answer,
    /// Several causes remain: which, and what separates them.
    NeedsInfo,
    /// The same was asked and answered.
    Duplicate,
    /// It belongs elsewhere.
    OffTopic,
    /// Nothing is found: what to collect.
    Undecided,
    /// Nothing is asked.
    #[default]
    Nothing,
}

impl Shape {
    /// The word for it in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::NeedsInfo => "needs-info",
            Self::Duplicate => "duplicate",
            Self::OffTopic => "off-topic",
            Self::Undecided => "undecided",
            Self::Nothing => "nothing",
        }
    }
}

/// A draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Its shape.
    pub shape: Shape,
    /// The reply as Markdown; empty where none is due.
    pub text: String,
}

/// Steps, missing things, references in a reply: more is not read.
const STEPS: usize = 5;
const ASKED: usize = 3;
const REFERENCES: usize = 4;
/// Possible causes in a reply.
const CANDIDATES: usize = 3;

/// Writes the draft for a thread.
pub(super) fn draft(engine: &Engine, sorted: &Sorted, findings: &[Finding]) -> Draft {
    let shape = shape(sorted, findings);
    let text = match shape {
        Shape::Nothing => String::new(),
        Shape::OffTopic => off_topic(&sorted.verdict),
        Shape::Duplicate => duplicate(sorted, findings),
        Shape::Answer => answer(sorted, findings),
        Shape::NeedsInfo => needs_info(engine, sorted, findings),
        Shape::Undecided => undecided(engine, sorted),
    };
    Draft { shape, text: text.trim_end().to_owned() }
}

fn shape(sorted: &Sorted, findings: &[Finding]) -> Shape {
    match sorted.verdict.kind {
        Kind::Resource | Kind::Announcement => return Shape::Nothing,
        Kind::OffTopic => return Shape::OffTopic,
        Kind::Question => {}
    }
    if sorted.duplicates.iter().any(|other| other.answered) {
        return Shape::Duplicate;
    }
    match findings.first() {
        Some(first) if first.confidence < Confidence::Possible => Shape::Answer,
        _ if candidates(sorted, findings).is_empty() => Shape::Undecided,
        _ => Shape::NeedsInfo,
    }
}

/// What an asker is told of findings that are only possible: those that rules found; else what is near by its words, in the thread's topic.
fn candidates<'a>(sorted: &Sorted, findings: &'a [Finding]) -> Vec<&'a Finding> {
    let real = || findings.iter().filter(|finding| finding.severity != Severity::Noise);
    let found: Vec<&Finding> = real().filter(|finding| !finding.evidence.is_empty()).take(CANDIDATES).collect();
    if found.is_empty() { real().filter(|finding| Some(finding.topic) == sorted.verdict.topic).take(CANDIDATES).collect() } else { found }
}

fn off_topic(verdict: &Verdict) -> String {
    let about = verdict.why.strip_prefix("about ").and_then(|why| why.split(": ").next()).unwrap_or("something else");
    format!(
        "Thanks for the report. It is about {about}, while this forum is about security and privacy in code that calls Apple's APIs, so the people who can help will not see it here.\n\n\
         Please take it to {}.\n\nIf an API of yours is involved after all, post the call and its error, and we will look again.",
        verdict.belongs.unwrap_or("the forum topic that fits it")
    )
}

fn duplicate(sorted: &Sorted, findings: &[Finding]) -> String {
    let mut out = String::new();
    let Some(other) = sorted.duplicates.iter().find(|other| other.answered) else { return out };
    let _ = writeln!(out, "{}This was asked and answered before: {}.\n", opening::sentence(sorted), linked(other));
    let _ = writeln!(out, "The two look like the same problem: {}. Please try the answer there first.\n", other.why);
    if let Some(finding) = findings.first().filter(|finding| finding.confidence < Confidence::Possible) {
        let _ = writeln!(out, "In short: {}\n", finding.why);
    }
    let _ = writeln!(out, "If yours differs, say in what{}", if sorted.missing.is_empty() { "." } else { ", and add:" });
    missing(&mut out, "", sorted, &[], "", ASKED);
    references(&mut out, findings.iter().take(1));
    out
}

fn linked(other: &Duplicate) -> String {
    other.url.as_ref().map_or_else(|| format!("“{}”", other.title), |url| format!("[{}]({url})", other.title.replace(['[', ']'], "")))
}

fn answer(sorted: &Sorted, findings: &[Finding]) -> String {
    let mut out = String::new();
    let Some(first) = findings.first() else { return out };
    out.push_str(&opening::sentence(sorted));
    if first.severity == Severity::Noise {
        let _ = writeln!(out, "That line looks alarming and is normal: {}\n", first.why);
    } else {
        let sure = if first.confidence == Confidence::Certain { "What is wrong" } else { "The most likely cause" };
        let _ = writeln!(out, "{sure}: {}{}\n", first.why, shown_by(first));
    }
    let done = opening::already_done(&sorted.thread);
    if !done.is_empty() {
        let _ = writeln!(out, "Thanks for having {done} before asking; that narrows it down.\n");
    }
    steps(&mut out, first);
    let others: Vec<&Finding> = findings.iter().skip(1).filter(|one| is_companion(one, first)).take(2).collect();
    for other in &others {
        let _ = writeln!(out, "Also worth a look: **{}.** {}\n", other.title.trim_end_matches('.'), other.why);
    }
    let mut parts = vec![("the cause named first".to_owned(), format!("{} {}", first.title, first.why))];
    parts.extend(
        first
            .checklist
            .iter()
            .take(STEPS)
            .enumerate()
            .map(|(at, step)| (format!("step {}", at + 1), format!("{} {}", step.text, step.expect))),
    );
    parts.extend(others.iter().map(|one| titled(one)));
    out.push_str(&questions::told(&sorted.thread.body, &parts).unwrap_or_default());
    if !sorted.missing.is_empty() || !first.ask.is_empty() && first.confidence != Confidence::Certain {
        let steps: Vec<&str> = first.checklist.iter().take(STEPS).flat_map(|step| [step.text.as_str(), step.command.as_str()]).collect();
        missing(&mut out, "If it still fails after that, please add:\n", sorted, &first.ask, &steps.join(" "), ASKED);
    }
    see_also(&mut out, sorted);
    references(&mut out, std::iter::once(first).chain(others));
    out
}

/// A second finding belongs into the reply where it is as sure, or of the same topic and found by a rule that says likely.
fn is_companion(other: &Finding, first: &Finding) -> bool {
    other.severity != Severity::Noise
        && other.confidence < Confidence::Possible
        && (other.topic == first.topic || other.confidence == Confidence::Certain && other.severity <= Severity::High)
}

/// The two longest pieces of the thread that show it, quoted; words that merely name the subject show nothing.
fn shown_by(finding: &Finding) -> String {
    let mut pieces: Vec<String> = Vec::new();
    let mut evidence: Vec<String> = finding.evidence.iter().map(|piece| quote(&piece.text)).collect();
    evidence.sort_by_key(|text| std::cmp::Reverse(text.chars().count()));
    for text in evidence.into_iter().filter(|text| text.split_whitespace().count() >= 3 && text.chars().count() >= 18) {
        if pieces.len() < 2 && !pieces.iter().any(|known| known.contains(text.as_str())) {
            pieces.push(text);
        }
    }
    match pieces.as_slice() {
        [] => String::new(),
        [one] => format!(" What points there in your post is “{one}”."),
        [one, two, ..] => format!(" What points there in your post is “{one}” together with “{two}”."),
    }
}

/// A piece of the thread as it can stand in a sentence.
fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '-' | '.'));
    let line = line.replace(['`', '*', '<', '>', '[', ']'], "");
    if line.chars().count() <= 110 {
        return line;
    }
    let cut: String = line.chars().take(105).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(front, _)| front))
}

fn steps(out: &mut String, finding: &Finding) {
    for (number, step) in finding.checklist.iter().take(STEPS).enumerate() {
        let _ = writeln!(out, "{}. {}", number + 1, step.text);
        if !step.command.is_empty() {
            let _ =
                writeln!(out, "\n   ```\n{}\n   ```", step.command.lines().map(|line| format!("   {line}")).collect::<Vec<_>>().join("\n"));
        }
        if !step.expect.is_empty() {
            let _ = writeln!(out, "   Expect: {}", step.expect);
        }
    }
    out.push('\n');
}

/// Behind `lead` what is missing, then questions of the page until there are `most`; a question that asks for what is listed already, or
/// `told` in a step, is left out. Nothing, where there is nothing to ask.
fn missing(out: &mut String, lead: &str, sorted: &Sorted, ask: &[String], told: &str, most: usize) {
    let listed = sorted.missing.iter().take(most);
    let mut said = told.to_lowercase();
    let begun = out.len();
    out.push_str(lead);
    for one in listed.clone() {
        let _ = writeln!(out, "- {}. {}. {}.", one.what, one.why, one.how);
        said.push_str(&one.what.to_lowercase());
        said.push_str(&one.how.to_lowercase());
    }
    let left = most.saturating_sub(listed.count());
    for question in ask.iter().filter(|question| !repeats(question, &said)).take(left) {
        let _ = writeln!(out, "- {question}");
    }
    if out.len() > begun + lead.len() || lead.is_empty() {
        out.push('\n');
    } else {
        out.truncate(begun);
    }
}

/// Whether most of a question's longer words are said already.
fn repeats(question: &str, said: &str) -> bool {
    let lower = question.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() >= 6).collect();
    !words.is_empty() && words.iter().filter(|word| said.contains(**word)).count() * 2 > words.len()
}

fn needs_info(engine: &Engine, sorted: &Sorted, findings: &[Finding]) -> String {
    let mut out = opening::sentence(sorted);
    codes(engine, sorted, &mut out);
    let candidates = candidates(sorted, findings);
    if let [one] = candidates.as_slice() {
        let _ = writeln!(
            out,
            "Your post does not decide it yet. One cause would fit: **{}.** {}\n",
            one.title.trim_end_matches('.'),
            plain(&one.why)
        );
        steps(&mut out, one);
    } else {
        let _ = writeln!(out, "Your post does not decide it yet. These causes would fit:\n");
        for one in &candidates {
            let _ = writeln!(out, "- **{}.** {}", one.title.trim_end_matches('.'), plain(&one.why));
            if let Some(step) = one.checklist.first() {
                let expect = if step.expect.is_empty() { String::new() } else { format!(" Expect: {}", step.expect) };
                let _ = writeln!(out, "  To see whether it is this: {}{expect}", step.text);
            }
        }
        out.push('\n');
    }
    let parts: Vec<Part> = candidates.iter().map(|one| titled(one)).collect();
    out.push_str(&questions::told(&sorted.thread.body, &parts).unwrap_or_default());
    let ask: Vec<String> = candidates.iter().filter_map(|one| one.ask.first()).cloned().collect();
    let ask = if candidates.len() == 1 { candidates.iter().flat_map(|one| one.ask.iter()).cloned().collect() } else { ask };
    if !ask.is_empty() || !sorted.missing.is_empty() {
        let lead = if candidates.len() == 1 { "To decide it, please add:\n" } else { "To tell them apart, please add:\n" };
        missing(&mut out, lead, sorted, &ask, "", ASKED + 1);
    }
    see_also(&mut out, sorted);
    references(&mut out, candidates.into_iter());
    out
}

/// A finding as a part of the reply: its title, and what it says.
fn titled(finding: &Finding) -> Part {
    let steps = finding.checklist.iter().map(|step| format!("{} {}", step.text, step.expect)).collect::<Vec<_>>().join(" ");
    (format!("“{}”", finding.title.trim_end_matches('.')), format!("{} {} {steps}", finding.title, finding.why))
}

/// A summary without the remark that only words were compared, which is for us and not for the asker.
fn plain(why: &str) -> &str {
    why.split(" (No rule decides;").next().unwrap_or(why)
}

fn undecided(engine: &Engine, sorted: &Sorted) -> String {
    let mut out = opening::sentence(sorted);
    codes(engine, sorted, &mut out);
    out.push_str("From the post alone I cannot tell the cause, and I would rather not guess. ");
    if sorted.missing.is_empty() {
        out.push_str("Could you add the call with its arguments, what you expect, what happens instead, and the system version?\n");
    } else {
        out.push_str("These would decide it:\n\n");
        missing(&mut out, "", sorted, &[], "", ASKED + 1);
    }
    out.push_str("If you can, reduce it to a small project with one call in it: often the cause shows itself on the way, and otherwise we can run it.\n\n");
    see_also(&mut out, sorted);
    out
}

/// What the codes of a thread mean, where the catalogue knows them by number and domain.
fn codes(engine: &Engine, sorted: &Sorted, out: &mut String) {
    let mut told: Vec<String> = Vec::new();
    for fact in sorted.glance.facts.iter().filter(|fact| matches!(fact.kind, FactKind::Error | FactKind::OAuth | FactKind::WebAuthn)) {
        let term = fact.name.clone().or_else(|| fact.code.as_ref().map(ToString::to_string));
        let (Some(term), Some(domain), Some(label)) = (term, &fact.domain, opening::label(fact)) else { continue };
        let known = engine.explain(&term).into_iter().find(|one| one.entry.domain == *domain && !one.entry.meaning.is_empty());
        if let Some(one) = known.filter(|_| told.len() < 2) {
            let line = format!("{label} means: {}", one.entry.meaning);
            if !told.contains(&line) {
                told.push(line);
            }
        }
    }
    for line in told {
        let _ = writeln!(out, "{line}\n");
    }
}

/// Threads about the same that are not answered yet.
fn see_also(out: &mut String, sorted: &Sorted) {
    let open: Vec<String> = sorted
        .duplicates
        .iter()
        .filter(|other| !other.answered)
        .take(2)
        .map(|other| format!("{} ({})", linked(other), other.why))
        .collect();
    if !open.is_empty() {
        let _ = writeln!(out, "Possibly the same: {}.\n", open.join("; "));
    }
}

fn references<'a>(out: &mut String, findings: impl Iterator<Item = &'a Finding>) {
    let mut seen: Vec<String> = Vec::new();
    for reference in findings.flat_map(|finding| finding.references.iter()) {
        let line = reference.url.as_ref().map_or_else(|| reference.title.clone(), |url| format!("[{}]({url})", reference.title));
        if seen.len() < REFERENCES && !seen.contains(&line) {
            seen.push(line);
        }
    }
    if !seen.is_empty() {
        let _ = writeln!(out, "References: {}", seen.join(" · "));
    }
}

#[cfg(test)]
mod tests;
