//! Why a process ended: crash reports as text and as `.ips` JSON, and the kernel's and `ReportCrash`'s lines.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::{Catalogue, Code};
use crate::pattern::Pattern;
use std::sync::LazyLock;

pub(super) static FAMILY: Family = Family {
    triggers: &[
        "termination reason",
        "exception type",
        "\"termination\"",
        "\"namespace\"",
        "namespace ",
        "exc_",
        "os_reason",
        "exit reason",
        "codesigning",
        "domain:codesigning",
        "domain:tcc",
        "domain:dyld",
        "terminating with uncaught exception",
        "uncaught exception '",
        "terminating app due to",
    ],
    read,
    numbered: false,
};

static TERMINATION: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?:Termination Reason:\s*(?:Namespace\s)?|exit reason namespace:?|(?:Namespace|namespace:?|OS_REASON_))\s*(?P<namespace>[A-Z][A-Z_]{2,24}\b|\d{1,2}\b)(?:,?\s*(?:Code|subcode:?|code:?)?\s*\[?(?P<code>0x[0-9a-fA-F]+|\d+)\]?)?(?:[,;]?\s*(?P<reason>[A-Z][^\n,|]{2,80}))?",
    )
});
static JSON: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r#""namespace"\s*:\s*"(?P<namespace>[A-Z][A-Z_]{2,24})""#));
static JSON_CODE: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r#""code"\s*:\s*(?P<code>\d+)"#));
static JSON_TEXT: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r#""indicator"\s*:\s*"(?P<reason>[^"]{2,80})"#));
static EXCEPTION: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"\b(?P<exception>EXC_[A-Z_]{4,20})\b(?:[^\n]{0,40}?\((?P<detail>[^)\n]{3,60})\))?"));
static UNCAUGHT: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?:uncaught exception(?: of type)?\s*'?|due to uncaught exception\s*')(?P<name>[A-Z]\w+Exception)"));
static CODESIGNING: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?-i)\bCODESIGNING[,:]?\s*(?:Code\s*)?(?P<code>0x[0-9a-fA-F]+|\d+)\b"));
/// `RunningBoard`'s lines about a process that ended: `domain:tcc(11) code:0`.
static STATUS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\bdomain:(?P<namespace>codesigning|tcc|dyld|exec|jetsam|guard|springboard|frontboard|runningboard|watchdog|libsystem|sandbox|security)\(\d+\)[ ,]*code:\s*(?P<code>0x[0-9a-fA-F]+|\d+)",
    )
});

/// Namespaces of `bsd/sys/reason.h` (xnu) by their number, from 1.
const NAMESPACES: &[&str] = &[
    "JETSAM",
    "SIGNAL",
    "CODESIGNING",
    "HANGTRACER",
    "TEST",
    "DYLD",
    "LIBXPC",
    "OBJC",
    "EXEC",
    "SPRINGBOARD",
    "TCC",
    "REPORTCRASH",
    "COREANIMATION",
    "AGGREGATED",
    "RUNNINGBOARD",
    "SKYWALK",
    "SETTINGS",
    "LIBSYSTEM",
    "FOUNDATION",
    "WATCHDOG",
    "METAL",
    "WATCHKIT",
    "GUARD",
    "ANALYTICS",
    "SANDBOX",
    "SECURITY",
    "ENDPOINTSECURITY",
];

fn read(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in TERMINATION.find_all(scope.text) {
        termination(facts, scope.start + hit.start, scope.start + hit.end, hit.group("namespace"), hit.group("code"), hit.group("reason"));
    }
    for hit in STATUS.find_all(scope.text) {
        termination(facts, scope.start + hit.start, scope.start + hit.end, hit.group("namespace"), hit.group("code"), "");
    }
    for hit in CODESIGNING.find_all(scope.text) {
        termination(facts, scope.start + hit.start, scope.start + hit.end, "CODESIGNING", hit.group("code"), "");
    }
    for hit in JSON.find_all(scope.text) {
        let (_, around) = scope.around(2, 3);
        let code = JSON_CODE.find(around).map(|hit| hit.group("code").to_owned()).unwrap_or_default();
        let reason = JSON_TEXT.find(around).map(|hit| hit.group("reason").to_owned()).unwrap_or_default();
        termination(facts, scope.start + hit.start, scope.start + hit.end, hit.group("namespace"), &code, &reason);
    }
    for hit in EXCEPTION.find_all(scope.text) {
        let exception = hit.group("exception").to_uppercase();
        let detail = hit.group("detail");
        facts.push(
            Fact::new(Kind::Crash, scope.start + hit.start, scope.start + hit.end)
                .named(exception.clone())
                .with("exception", exception)
                .with("reason", detail),
        );
    }
    for hit in UNCAUGHT.find_all(scope.text) {
        let name = hit.group("name").to_owned();
        let fact =
            Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end).coded(Some("NSException"), Code::Text(name.clone()));
        facts.push(fact.named(name));
    }
}

/// A termination is a crash fact, and an error of the domain that its namespace is, so that `explain` knows it.
fn termination(facts: &mut Vec<Fact>, start: usize, end: usize, namespace: &str, code: &str, reason: &str) {
    let numbered = namespace.parse().ok().and_then(|number: usize| NAMESPACES.get(number.checked_sub(1)?));
    let namespace = numbered.map_or_else(|| namespace.to_uppercase(), |known| (*known).to_owned());
    // Only namespaces that exist: `namespace My` may be anything.
    let known = NAMESPACES.contains(&namespace.as_str()) || ["FRONTBOARD", "ASSERTIOND", "HANGTRACER"].contains(&namespace.as_str());
    if !known {
        return;
    }
    if facts.iter().any(|known| known.kind == Kind::Crash && known.start < end && start < known.end) {
        return;
    }
    let number = crate::knowledge::number(code);
    let code = number.map_or_else(|| code.to_owned(), |number| number.to_string());
    facts.push(
        Fact::new(Kind::Crash, start, end)
            .named(namespace.clone())
            .with("namespace", namespace.clone())
            .with("code", code)
            .with("reason", reason.trim()),
    );
    if let Some(number) = number {
        let name = (!reason.trim().is_empty()).then(|| reason.trim().to_owned());
        let domain = if namespace == "TCC" { "Termination.TCC".to_owned() } else { namespace };
        let mut fact = Fact::new(Kind::Error, start, end).coded(Some(&domain), Code::Number(number));
        fact.name = name;
        facts.push(fact);
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::table;
    use super::super::family::testing::{codes, of};
    use crate::facts::Kind;

    #[test]
    fn text_and_json_reports() {
        assert_eq!(
            of(Kind::Crash, "Termination Reason: Namespace CODESIGNING, Code 0x2 Invalid Page"),
            ["CODESIGNING namespace=CODESIGNING code=2 reason=Invalid Page"]
        );
        assert_eq!(codes("Termination Reason:    Namespace CODESIGNING, Code 2, Invalid Page"), ["CODESIGNING:2"]);
        assert_eq!(
            of(Kind::Crash, "\"termination\" : {\"flags\":0,\"code\":1,\"namespace\":\"DYLD\",\"indicator\":\"Library missing\"}"),
            ["DYLD namespace=DYLD code=1 reason=Library missing"]
        );
        assert_eq!(
            of(Kind::Crash, "Exception Type:  EXC_CRASH (Code Signature Invalid)"),
            ["EXC_CRASH exception=EXC_CRASH reason=Code Signature Invalid"]
        );
        assert_eq!(
            codes("*** Terminating app due to uncaught exception 'NSInvalidArgumentException', reason: 'x'"),
            ["NSException:NSInvalidArgumentException"]
        );
    }

    #[test]
    fn every_form() {
        table(include_str!("forms/crash.txt"));
    }
}
