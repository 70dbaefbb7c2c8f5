//! The knowledge's text patterns as Sigma rules, for engines that hold the logs of many machines.
//!
//! A rule of Sigma looks at one event, so the unit is the pattern: one rule each, over the field `message`. What a page says of several lines
//! asks for order, distance in lines, or absence, which is no event's business, and facts are read by code of ours; those are told in a table of
//! what was not exported, each with its reason. A pattern over a code is exported by the spellings that only that code has (symbol, sentence,
//! large numbers) and marked experimental: a number behind its domain is read by pitfall alone.
//!
//! A rule over text hits the lines that the pattern hits, with these differences, which are those of the engines: they ignore the case of all letters and not
//! only of ASCII's; a bounded gap (`.{0,40}`) counts characters, ours bytes; and escape sequences, no-break spaces and zero-width characters,
//! which are evened out before anything is looked for here, stand in a stored message as they were sent. Curly quotes are taken care of.

mod condition;
mod portable;

use crate::engine::Engine;
use crate::knowledge::{Confidence, Page, PatternSpec, Rule, Severity, Status, Test};
use condition::Detection;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A rule, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigmaRule {
    /// Its file: `topic/page.pattern.yml`.
    pub path: String,
    /// Its id, the same in every export.
    pub id: String,
    /// The page.
    pub page: String,
    /// The pattern of the page.
    pub pattern: String,
    /// Whether it hits all lines that the pattern hits; else only those that spell the code.
    pub exact: bool,
    /// The YAML.
    pub text: String,
}

/// What has no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotExported {
    /// The page.
    pub page: String,
    /// The pattern's id, or `rule 2` for the second of the page's rules.
    pub what: String,
    /// Why; the same words for the same reason.
    pub reason: &'static str,
    /// What it is about, where that helps.
    pub detail: String,
}

/// All rules, and what is not among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sigma {
    /// The rules, by path.
    pub rules: Vec<SigmaRule>,
    /// The rest, by page.
    pub left: Vec<NotExported>,
}

const CODE: &str = "an error without a spelling that is only its own: its number is read with its domain";
const FACT: &str = "a fact read by code";
const UNLESS: &str = "asks for the absence of another line";
const ORDER: &str = "asks for an order of lines";
const COUNT: &str = "asks for a number of lines";
const LINES: &str = "asks for several lines within a number of lines; Sigma's correlations count time";
const SEVERAL: &str = "asks for several patterns, which may stand on different lines";
const PROCESS: &str = "asks for lines of one process";
const PART: &str = "rests on a pattern that is not exported";

/// Compiles the knowledge.
#[must_use]
pub fn sigma(engine: &Engine) -> Sigma {
    let mut out = Sigma::default();
    let mut pages: Vec<&Page> = engine.knowledge().pages().iter().filter(|page| page.status != Status::Retired).collect();
    pages.sort_by_key(|page| (page.topic, &page.id));
    for page in pages {
        let before = out.rules.len();
        for pattern in &page.patterns {
            match detection(pattern, engine) {
                Ok(detection) => out.rules.push(rule(page, pattern, &detection)),
                Err((reason, detail)) => out.left.push(left(page, pattern.id.clone(), reason, detail)),
            }
        }
        let done: Vec<String> = out.rules.iter().skip(before).map(|rule| rule.pattern.clone()).collect();
        for (number, rule) in page.rules.iter().enumerate() {
            if let Some(reason) = beyond_one_event(rule, &done) {
                let names: Vec<&str> = rule.names().map(String::as_str).collect();
                out.left.push(left(page, format!("rule {}", number + 1), reason, names.join(", ")));
            }
        }
    }
    out
}

fn left(page: &Page, what: String, reason: &'static str, detail: String) -> NotExported {
    NotExported { page: page.id.clone(), what, reason, detail }
}

fn detection(pattern: &PatternSpec, engine: &Engine) -> Result<Detection, (&'static str, String)> {
    match &pattern.test {
        Test::Code(code) => Detection::of_code(&engine.spellings_of(&code.0)).ok_or_else(|| (CODE, code.0.clone())),
        Test::Fact(fact) => Err((FACT, fact.kind.clone())),
        Test::Text { needles, regex } => {
            Detection::of(needles, regex.as_deref()).map_err(|reason| (reason, regex.clone().unwrap_or_default()))
        }
    }
}

/// Why a page's rule is more than one event; none where an exported pattern alone makes it hold.
fn beyond_one_event(rule: &Rule, done: &[String]) -> Option<&'static str> {
    if !rule.unless.is_empty() {
        return Some(UNLESS);
    }
    if !rule.then.is_empty() {
        return Some(ORDER);
    }
    if rule.same_process {
        return Some(PROCESS);
    }
    if rule.count.iter().any(|(_, least)| *least > 1) {
        return Some(COUNT);
    }
    if rule.all.len() + usize::from(!rule.any.is_empty()) > 1 {
        return Some(if rule.within.is_some() { LINES } else { SEVERAL });
    }
    rule.names().any(|name| !done.contains(name)).then_some(PART)
}

/// How sure a page is on this pattern alone, where it is enough for a rule.
fn alone(page: &Page, pattern: &str) -> Option<Confidence> {
    let enough = |rule: &&Rule| {
        let rest = rule.unless.is_empty() && rule.then.is_empty() && !rule.same_process && rule.count.is_empty();
        let all = rule.all.len() == 1 && rule.any.is_empty() && rule.all.iter().any(|name| name == pattern);
        let any = rule.all.is_empty() && rule.any.iter().any(|name| name == pattern);
        rest && (all || any)
    };
    page.rules.iter().filter(enough).map(|rule| rule.confidence).min()
}

/// A pattern that is not enough for a finding is information; one that is only worth a look is low, whatever its severity.
fn level(page: &Page, pattern: &str) -> &'static str {
    match (alone(page, pattern), page.severity) {
        (None, _) | (_, Severity::Noise) => "informational",
        (Some(Confidence::Possible), _) | (_, Severity::Low) => "low",
        (_, Severity::Medium) => "medium",
        (_, Severity::High) => "high",
        (_, Severity::Critical) => "critical",
    }
}

fn rule(page: &Page, pattern: &PatternSpec, detection: &Detection) -> SigmaRule {
    let id = uuid(&format!("{}/{}", page.id, pattern.id));
    let level = level(page, &pattern.id);
    let about =
        if alone(page, &pattern.id).is_some() { "" } else { " One line of this alone decides nothing; look for the others of the page." };
    let exact = !matches!(pattern.test, Test::Code(_));
    let spelled = if exact { "" } else { " Told by the spellings that only this code has." };
    let status = if page.status == Status::Draft || !exact { "experimental" } else { "stable" };
    let mut text = String::new();
    let _ = writeln!(text, "title: {}", quoted(&clipped(&format!("{} ({})", page.title, pattern.id))));
    let _ = writeln!(text, "id: {id}\nstatus: {status}");
    let _ = writeln!(text, "description: {}", quoted(&format!("{}{about}{spelled}", crate::engine::fill(&page.summary, &[]))));
    let urls: Vec<&String> = page.references.iter().filter_map(|reference| reference.url.as_ref()).collect();
    if !urls.is_empty() {
        text.push_str("references:\n");
        for url in &urls {
            let _ = writeln!(text, "  - {}", quoted(url));
        }
    }
    let _ = writeln!(text, "author: pitfall\ndate: {}", page.reviewed);
    let _ = writeln!(text, "tags:\n  - pitfall.{}\n  - pitfall.{}", page.topic, page.id);
    text.push_str("logsource:\n  product: apple\n  service: unified-log\n");
    detection.write(&mut text);
    let _ = writeln!(text, "level: {level}");
    let path = format!("{}/{}.{}.yml", page.topic, page.id, pattern.id);
    SigmaRule { path, id, page: page.id.clone(), pattern: pattern.id.clone(), exact, text }
}

/// Sigma's titles have at most 256 characters.
fn clipped(title: &str) -> String {
    title.chars().take(256).collect()
}

/// A string as YAML reads it between double quotes; JSON's strings are a part of those.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A UUID of version 8 (RFC 9562, section 5.8), made from the name alone.
fn uuid(name: &str) -> String {
    let hash = Sha256::digest(format!("pitfall sigma rule {name}"));
    let mut bytes: Vec<u8> = hash.iter().take(16).copied().collect();
    if let Some(version) = bytes.get_mut(6) {
        *version = *version & 0x0f | 0x80;
    }
    if let Some(variant) = bytes.get_mut(8) {
        *variant = *variant & 0x3f | 0x80;
    }
    let mut out = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        let _ = write!(out, "{byte:02x}");
    }
    out
}

impl Sigma {
    /// What was not exported, as a table with tabs: page, pattern or rule, reason, detail.
    #[must_use]
    pub fn table(&self) -> String {
        let mut out = String::from("page\twhat\treason\tdetail\n");
        for one in &self.left {
            let detail = one.detail.replace(['\t', '\n'], " ");
            let _ = writeln!(out, "{}\t{}\t{}\t{detail}", one.page, one.what, one.reason);
        }
        out
    }

    /// How many patterns and how many rules of pages were left out for each reason, most first.
    #[must_use]
    pub fn reasons(&self) -> Vec<(&'static str, usize)> {
        let mut counts: Vec<(&'static str, usize)> = Vec::new();
        for one in &self.left {
            match counts.iter_mut().find(|(reason, _)| *reason == one.reason) {
                Some((_, count)) => *count += 1,
                None => counts.push((one.reason, 1)),
            }
        }
        counts.sort_by_key(|(reason, count)| (std::cmp::Reverse(*count), *reason));
        counts
    }
}

/// What was written, in numbers.
#[must_use]
pub fn sigma_text(sigma: &Sigma, folder: &str) -> String {
    let patterns = sigma.left.iter().filter(|one| !one.what.starts_with("rule ")).count();
    let mut out = format!("{} rules, one a pattern, in {folder}\n", sigma.rules.len());
    let _ = writeln!(
        out,
        "{patterns} patterns and {} rules of pages are not exported; each with its reason in not-exported.tsv:",
        sigma.left.len() - patterns
    );
    for (reason, count) in sigma.reasons() {
        let _ = writeln!(out, "  {count:>5} {reason}");
    }
    out
}

/// The document of `kb export --format json`.
#[must_use]
pub fn sigma_json(sigma: &Sigma) -> serde_json::Value {
    let reasons = sigma.reasons();
    serde_json::json!({
        "schema": super::SCHEMA,
        "rules": sigma.rules.iter().map(|rule| serde_json::json!({"id": rule.id, "path": rule.path, "page": rule.page, "pattern": rule.pattern})).collect::<Vec<_>>(),
        "not_exported": reasons.iter().map(|(reason, count)| serde_json::json!({"reason": reason, "count": count})).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests;
