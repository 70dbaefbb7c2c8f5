//! Privacy decisions: `tccd`'s lines, the crash text for a missing usage description, and what people say of prompts.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::Catalogue;
use crate::pattern::Pattern;
use std::sync::LazyLock;

pub(super) static FAMILY: Family = Family {
    triggers: &[
        "ktccservice",
        "tccaccessrequest",
        "privacy-sensitive data without a usage description",
        "authvalue",
        "usage description",
        "tcc_crashing_due_to_privacy_violation",
        "authreason",
        "prompting policy",
    ],
    read,
    numbered: false,
};

static SERVICE: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?P<service>kTCCService[A-Za-z]+)"));
static KEY: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"\b(?P<key>NS[A-Za-z]+UsageDescription|NFCReaderUsageDescription)\b"));
static CLIENT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r#"(?:client[= "]+|subject=|identifier=|for |accessing=\{?[^}]*?identifier=)(?P<id>[A-Za-z][\w\-]*(?:\.[\w\-]+){2,})"#)
});
static VALUE: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?P<key>auth(?:Value|Reason|_value|_reason))\s*[=:]\s*(?P<number>\d+)"));

fn read(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    let decision = decision(scope.text);
    let process = CLIENT.find(scope.text).map(|hit| hit.group("id").to_owned()).unwrap_or_default();
    let key = KEY.find(scope.text).map(|hit| hit.group("key").to_owned()).unwrap_or_default();
    for hit in VALUE.find_all(scope.text) {
        if let Ok(number) = hit.group("number").parse() {
            let domain = if hit.group("key").to_lowercase().contains("value") { "tccd.authValue" } else { "tccd.authReason" };
            facts.push(
                Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end)
                    .coded(Some(domain), crate::knowledge::Code::Number(number)),
            );
        }
    }
    let mut seen = Vec::new();
    for hit in SERVICE.find_all(scope.text) {
        let service = hit.group("service");
        if seen.iter().any(|known| known == service) {
            continue;
        }
        seen.push(service.to_owned());
        let fact = Fact::new(Kind::Tcc, scope.start + hit.start, scope.start + hit.end)
            .named(service)
            .with("service", service)
            .with("decision", decision);
        facts.push(fact.with("process", process.clone()).with("key", key.clone()));
    }
    if seen.is_empty()
        && decision == "missing-usage-description"
        && let Some(at) = scope.text.find("usage description").or_else(|| scope.text.find("PRIVACY_VIOLATION"))
    {
        let fact = Fact::new(Kind::Tcc, scope.start + at, scope.start + at + 17).named("usage description").with("decision", decision);
        facts.push(fact.with("process", process).with("key", key));
    }
}

fn decision(line: &str) -> &'static str {
    let lower = line.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["without a usage description", "privacy_violation", "must contain an ns", "missing usage description"])
        || lower.contains("without") && lower.contains("usagedescription")
    {
        "missing-usage-description"
    } else if has(&["requires entitlement", "missing entitlement", "but entitlement", "policy disallows prompt"]) {
        "missing-entitlement"
    } else if has(&[
        "denied",
        "deny",
        "authvalue=0",
        "auth_value=0",
        "preflight_denied",
        "authvalue: 0",
        "not allowed",
        "refus",
        "failed to match existing code requirement",
    ]) {
        "denied"
    } else if has(&["granted", "authvalue=2", "auth_value=2", "preflight_granted", "allowed"]) {
        "granted"
    } else if has(&["prompt", "authvalue=1", "auth_right=unknown", "ask user"]) {
        "prompt"
    } else {
        "unknown"
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::of;
    use crate::facts::Kind;

    #[test]
    fn decisions_and_missing_descriptions() {
        let crash = "This app has crashed because it attempted to access privacy-sensitive data without a usage description.  The app's Info.plist must contain an NSCameraUsageDescription key";
        assert_eq!(of(Kind::Tcc, crash), ["usage description decision=missing-usage-description key=NSCameraUsageDescription"]);
        assert_eq!(
            of(
                Kind::Tcc,
                "tccd: AUTHREQ_RESULT: msgID=1, authValue=0, authReason=5, service=kTCCServiceMicrophone, client=com.example.notes"
            ),
            ["kTCCServiceMicrophone service=kTCCServiceMicrophone decision=denied process=com.example.notes"]
        );
    }
}
