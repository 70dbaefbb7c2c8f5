//! Findings for continuous integration: SARIF 2.1.0, and GitHub's workflow commands.
//!
//! What looks alarming and is normal is no result: viewers and gates count results, and a line that is fine must not fail a build. SARIF keeps
//! it as a notification of the tool; the workflow commands leave it out.
//!
//! The level is told by the severity. A finding that is no more than `possible` is a note whatever its severity: what turns a build red has to be
//! worth a bet. Severity and confidence stand in the properties as they are.

use super::markdown;
use crate::engine::{Diagnosis, Engine, Evidence, Finding, InputReport, fill};
use crate::knowledge::{Confidence, Knowledge, Severity, Step};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Where the schema stands, as the standard says (SARIF 2.1.0, errata 01, section 3.13.3).
const SCHEMA_URI: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Steps that a workflow command tells; the rest is behind `pitfall show`.
const STEPS: usize = 3;

/// The document of `triage --format sarif`.
#[must_use]
pub fn diagnosis_sarif(diagnosis: &Diagnosis, knowledge: &Knowledge) -> Value {
    let (noise, real): (Vec<_>, Vec<_>) = diagnosis.findings.iter().partition(|finding| finding.severity == Severity::Noise);
    let inputs = &diagnosis.inputs;
    json!({
        "$schema": SCHEMA_URI,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "pitfall",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "shortDescription": {"text": "Offline diagnosis of errors on Apple's platforms"},
                "rules": diagnosis.findings.iter().map(|finding| rule(finding, knowledge)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "automationDetails": {"id": "pitfall/"},
            "artifacts": inputs.iter().map(artifact).collect::<Vec<_>>(),
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": noise.iter().map(|finding| notification(finding, inputs)).collect::<Vec<_>>(),
            }],
            "results": real.iter().map(|finding| result(finding, diagnosis)).collect::<Vec<_>>(),
        }],
    })
}

/// How loud a finding is: `error`, `warning` or `note`, for SARIF and GitHub alike.
fn level(severity: Severity, confidence: Confidence) -> &'static str {
    match (severity, confidence) {
        (_, Confidence::Possible) | (Severity::Low | Severity::Noise, _) => "note",
        (Severity::Critical | Severity::High, _) => "error",
        (Severity::Medium, _) => "warning",
    }
}

fn artifact(input: &InputReport) -> Value {
    json!({"location": {"uri": uri(&input.name)}, "length": input.bytes, "roles": ["analysisTarget"], "properties": {"form": input.form}})
}

/// What a rule is, from its page alone, so that it does not change with the input.
fn rule(finding: &Finding, knowledge: &Knowledge) -> Value {
    let page = knowledge.page(&finding.id);
    let summary = page.map_or_else(|| finding.title.clone(), |page| fill(&page.summary, &[]));
    let steps = page.map_or_else(|| finding.checklist.clone(), |page| Engine::body(page).steps);
    let steps: Vec<Step> = steps.into_iter().map(|step| Step { text: fill(&step.text, &[]), ..step }).collect();
    let mut rule = json!({
        "id": finding.id,
        "shortDescription": {"text": finding.title},
        "fullDescription": {"text": summary},
        "help": {"text": help_text(&steps, finding), "markdown": help_markdown(&steps, finding)},
        "defaultConfiguration": {"level": level(finding.severity, Confidence::Certain)},
        "properties": {"tags": [finding.topic], "topic": finding.topic, "severity": finding.severity.word()},
    });
    if let (Some(url), Some(map)) = (finding.references.iter().find_map(|reference| reference.url.as_ref()), rule.as_object_mut()) {
        map.insert("helpUri".into(), json!(url));
    }
    rule
}

fn help_text(steps: &[Step], finding: &Finding) -> String {
    let mut text = String::new();
    for (number, step) in steps.iter().enumerate() {
        let _ = writeln!(text, "{}. {}", number + 1, step.text);
        for line in step.command.lines() {
            let _ = writeln!(text, "   {line}");
        }
        if !step.expect.is_empty() {
            let _ = writeln!(text, "   Expect: {}", step.expect);
        }
    }
    for ask in &finding.ask {
        let _ = writeln!(text, "Question: {ask}");
    }
    let _ = write!(text, "The whole page: pitfall show {}", finding.id);
    text
}

fn help_markdown(steps: &[Step], finding: &Finding) -> String {
    let mut text = String::new();
    markdown::steps(&mut text, steps);
    markdown::questions(&mut text, &finding.ask);
    markdown::references(&mut text, &finding.references);
    let _ = write!(text, "\nThe whole page: `pitfall show {}`", finding.id);
    text
}

fn result(finding: &Finding, diagnosis: &Diagnosis) -> Value {
    let index = diagnosis.findings.iter().position(|one| one.id == finding.id);
    let evidence = |one: &Evidence| location(one, &diagnosis.inputs);
    let related = finding.evidence.iter().skip(1).enumerate().map(|(number, one)| {
        let mut place = evidence(one);
        if let Some(map) = place.as_object_mut() {
            map.insert("id".into(), json!(number + 1));
            map.insert("message".into(), json!({"text": format!("shows it too ({})", one.pattern)}));
        }
        place
    });
    json!({
        "ruleId": finding.id,
        "ruleIndex": index,
        "kind": "fail",
        "level": level(finding.severity, finding.confidence),
        "rank": match finding.confidence { Confidence::Certain => 97.0, Confidence::Likely => 80.0, Confidence::Possible => 50.0 },
        "message": {"text": no_links(&finding.why)},
        "locations": finding.evidence.iter().take(1).map(evidence).collect::<Vec<_>>(),
        "relatedLocations": related.collect::<Vec<_>>(),
        "partialFingerprints": {"pitfallFinding/v1": fingerprint(finding, &diagnosis.inputs)},
        "properties": {
            "severity": finding.severity.word(),
            "confidence": finding.confidence.word(),
            "moreEvidence": finding.more_evidence,
            "absorbed": finding.absorbed,
        },
    })
}

/// What looks alarming and is normal.
fn notification(finding: &Finding, inputs: &[InputReport]) -> Value {
    json!({
        "level": "note",
        "descriptor": {"id": finding.id},
        "message": {"text": no_links(&format!("Looks alarming and is normal: {}", finding.why))},
        "locations": finding.evidence.iter().take(1).map(|one| location(one, inputs)).collect::<Vec<_>>(),
    })
}

fn location(evidence: &Evidence, inputs: &[InputReport]) -> Value {
    let place = evidence.place;
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(name(inputs, evidence.input)), "index": evidence.input},
        "region": {"startLine": place.line, "startColumn": place.start, "endLine": place.line, "endColumn": place.end, "snippet": {"text": evidence.text}},
    }})
}

fn name(inputs: &[InputReport], number: usize) -> &str {
    inputs.get(number).map_or("-", |input| input.name.as_str())
}

/// The same for the same finding of tomorrow's run: numbers in the evidence, which are times and process numbers, do not count, nor do lines.
fn fingerprint(finding: &Finding, inputs: &[InputReport]) -> String {
    let mut hash = Sha256::new();
    hash.update(&finding.id);
    if let Some(first) = finding.evidence.first() {
        let text: String = first.text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        for part in [name(inputs, first.input), &first.pattern, &text] {
            hash.update([0]);
            hash.update(part);
        }
    }
    hash.finalize().iter().take(16).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A message in which nothing that an input said is taken for a link.
fn no_links(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// A path as a reference of RFC 3986: relative where it is relative.
fn uri(path: &str) -> String {
    if path == "-" {
        return "stdin".into();
    }
    let path = path.replace('\\', "/");
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    } else if path.get(1..2) == Some(":") {
        out.push_str("file:///");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

/// The lines of `triage --format github`: a workflow command for each finding, best first.
#[must_use]
pub fn diagnosis_github(diagnosis: &Diagnosis) -> String {
    let mut out = String::new();
    for finding in diagnosis.findings.iter().filter(|finding| finding.severity != Severity::Noise) {
        let command = match level(finding.severity, finding.confidence) {
            "note" => "notice",
            other => other,
        };
        let mut properties = Vec::new();
        if let Some(first) = finding.evidence.first() {
            let name = name(&diagnosis.inputs, first.input);
            if name != "-" {
                properties.push(format!("file={}", property(name)));
            }
            let place = first.place;
            properties.push(format!("line={},col={},endColumn={}", place.line, place.start, place.end));
        }
        properties.push(format!("title={}", property(&finding.title)));
        let mut message = format!("{} ({})", finding.why, finding.confidence);
        for (number, step) in finding.checklist.iter().take(STEPS).enumerate() {
            let _ = write!(message, "\n{}. {}", number + 1, step.text);
        }
        let _ = write!(message, "\nThe whole page: pitfall show {}", finding.id);
        let _ = writeln!(out, "::{command} {}::{}", properties.join(","), data(&message));
    }
    out
}

/// What stands behind the second `::`, as GitHub's runner decodes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of a property, which ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("logs/a b.log"), "logs/a%20b.log");
        assert_eq!(uri("/var/log/x:1.log"), "file:///var/log/x%3A1.log");
        assert_eq!(uri("C:\\logs\\é.log"), "file:///C%3A/logs/%C3%A9.log");
        assert_eq!(uri("-"), "stdin");
    }

    #[test]
    fn commands_cannot_be_broken_out_of() {
        assert_eq!(property("a:b,c%\n::error::x"), "a%3Ab%2Cc%25%0A%3A%3Aerror%3A%3Ax");
        assert_eq!(data("100 %\r\n::set-output"), "100 %25%0D%0A::set-output");
    }

    #[test]
    fn a_guess_turns_no_build_red() {
        assert_eq!(level(Severity::Critical, Confidence::Possible), "note");
        assert_eq!(level(Severity::Critical, Confidence::Likely), "error");
        assert_eq!(level(Severity::Medium, Confidence::Certain), "warning");
    }

    #[test]
    fn messages_hold_no_links() {
        assert_eq!(no_links(r"see [here](x) \n"), r"see \[here\](x) \\n");
    }
}
