//! Never a dead end: what to collect next where the text does not decide, and pages that are near by their words.

use super::{Confidence, Finding, Severity};
use crate::facts::Kind;
use crate::form::Form;
use crate::matching::Scan;

/// So many questions are asked at once; more would not be answered.
const QUESTIONS: usize = 6;

/// What to collect or answer next: empty where something sure was found.
pub(super) fn questions(findings: &[Finding], scan: &Scan, forms: &[Form]) -> Vec<String> {
    let real = || findings.iter().filter(|finding| finding.severity != Severity::Noise);
    if real().any(|finding| finding.confidence < Confidence::Possible) {
        return Vec::new();
    }
    let mut ask: Vec<String> = Vec::new();
    for question in real().take(3).filter_map(|finding| finding.ask.first()) {
        add(&mut ask, question);
    }
    let has = |kind: Kind| scan.facts.iter().any(|group| group.fact.kind == kind);
    let says = |what: &str| scan.facts.iter().any(|group| group.fact.field("is").as_deref() == Some(what));
    if !has(Kind::Error) && !has(Kind::OAuth) && !has(Kind::WebAuthn) && !has(Kind::Crash) {
        add(
            &mut ask,
            "The complete error with its domain, code and underlying errors: `print(error as NSError)` in Swift, `NSLog(@\"%@\", error)` in Objective-C; of a server the whole response body.",
        );
    }
    if !has(Kind::Platform) {
        add(
            &mut ask,
            "The system and its version (`sw_vers` on a Mac; Settings > General > About on a device), and whether it happens on one device or on all.",
        );
    }
    if !says("simulator") && !says("device") && !forms.contains(&Form::BuildLog) && !forms.contains(&Form::ServerLog) {
        add(&mut ask, "Simulator or device, and how the build got there: Xcode, TestFlight, App Store, Developer ID, a CI job.");
    }
    if topics(findings).any(|topic| SIGNED.contains(&topic)) && !has(Kind::Entitlement) {
        add(
            &mut ask,
            "The entitlements of the built product, not of the project: `codesign -d --entitlements - --xml /path/to/App.app | plutil -p -`.",
        );
    }
    if !forms.contains(&Form::UnifiedLog) && !forms.contains(&Form::ServerLog) {
        add(
            &mut ask,
            "The system's log around the failure: `log show --last 5m --info --debug --predicate 'process == \"YourApp\" OR process == \"secd\" OR process == \"akd\" OR process == \"tccd\"'`, or a sysdiagnose from a device.",
        );
    }
    ask
}

/// Topics in which the signature decides.
const SIGNED: &[&str] = &[
    "keychain",
    "siwa",
    "app-attest",
    "passkeys",
    "associated-domains",
    "credential-provider",
    "sandbox",
    "hardened-runtime",
    "code-signing",
    "tcc-privacy",
    "secure-enclave",
];

fn topics(findings: &[Finding]) -> impl Iterator<Item = &str> {
    findings.iter().map(|finding| finding.topic)
}

fn add(ask: &mut Vec<String>, question: &str) {
    if ask.len() < QUESTIONS && !ask.iter().any(|known| known == question) {
        ask.push(question.to_owned());
    }
}
