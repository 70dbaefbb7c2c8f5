//! What tools of signing, notarization and the stores print: verdicts, App Store Connect's numbers, installation errors.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::{Catalogue, Code};
use crate::pattern::Pattern;
use std::sync::LazyLock;

pub(super) static VERDICTS: Family = Family {
    triggers: &[
        ": rejected",
        ": accepted",
        "source=",
        "status: invalid",
        "status: accepted",
        "status: rejected",
        "status: in progress",
        "\"status\": \"invalid\"",
        "\"status\": \"accepted\"",
        "satisfies its designated requirement",
        "valid on disk",
        "the staple and validate action",
        "could not validate ticket",
        "statuscode",
        "not signed at all",
        "a sealed resource is missing",
        "code object is not signed",
        "invalid signature",
        "build failed",
        "archive failed",
        "** build",
        "** archive",
        "statussummary",
        "current status:",
        "cloudkit query",
    ],
    read: read_verdicts,
    numbered: false,
};
pub(super) static STORE: Family = Family {
    triggers: &["tms-", "itms ", "itms9", "error itms", "(90", "(91", "90:", "validation_error", "-22020", "-19241", "-1011", "(1048)"],
    read: read_store,
    numbered: false,
};
pub(super) static INSTALL: Family =
    Family { triggers: &["0xe80", "e8008", "e8000", "3892346", "-40262"], read: read_install, numbered: false };

/// The flags of a code signature, as `codesign -d` prints them: `CodeDirectory v=20500 … flags=0x10000(runtime)`.
pub(super) static FLAGS: Family = Family { triggers: &["codedirectory v=", "cs_flags", "flags=0x"], read: read_flags, numbered: false };

static FLAG: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?:\bflags=(?P<code>0x[0-9a-f]{1,8})\((?P<names>[\w,\-]{2,80})\)|\bcs_flags\s*[=:]\s*(?P<state>0x[0-9a-f]{1,8}))")
});
const NO_FLAGS: &str = "none";

fn read_flags(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    const DOMAIN: &str = "CodeDirectory.flags";
    for hit in FLAG.find_all(scope.text) {
        let written = [hit.group("code"), hit.group("state")].concat().to_lowercase();
        let names = hit.group("names");
        let place = (scope.start + hit.start, scope.start + hit.end);
        let mut add = |code: &str, name: &str| {
            let known = catalogue.named(code).into_iter().find(|entry| entry.domain == DOMAIN).and_then(|entry| entry.name.clone());
            let name = known.or_else(|| (!name.is_empty()).then(|| name.to_owned()));
            let mut fact = Fact::new(Kind::Error, place.0, place.1).coded(Some(DOMAIN), Code::Text(code.to_owned()));
            fact.name = name;
            facts.push(fact);
        };
        add(&written, if names == NO_FLAGS { "" } else { names });
        // What is put together of several flags is also each of them.
        if names.contains(',') {
            let entries = catalogue.entries().iter().filter(|entry| entry.domain == DOMAIN);
            let parts: Vec<String> = entries
                .filter(|entry| names.split(',').any(|name| entry.also.iter().any(|word| word == name)))
                .filter_map(|entry| entry.code.as_ref().map(ToString::to_string))
                .collect();
            for part in &parts {
                add(part, "");
            }
        }
    }
}

static RULES: LazyLock<Vec<(Pattern, &'static str, &'static str)>> = LazyLock::new(|| {
    let rule = |source: &str, tool, result| (Pattern::new(source), tool, result);
    vec![
        rule(r"(?:^|[\w/.'\x22]): rejected\b", "spctl", "rejected"),
        rule(r"(?:^|[\w/.'\x22]): accepted\b", "spctl", "accepted"),
        rule(r"\b(?:status|current status)\W{1,5}Invalid\b", "notarytool", "invalid"),
        rule(r"\b(?:status|current status)\W{1,5}Accepted\b", "notarytool", "accepted"),
        rule(r"\b(?:status|current status)\W{1,5}Rejected\b", "notarytool", "rejected"),
        rule(r"\b(?:status|current status)\W{1,5}In Progress\b", "notarytool", "in-progress"),
        rule(r"satisfies its Designated Requirement|valid on disk", "codesign", "valid"),
        rule(r"not signed at all|a sealed resource is missing|invalid signature", "codesign", "invalid"),
        rule(r"staple and validate action worked", "stapler", "succeeded"),
        rule(r"staple and validate action failed|could not validate ticket|CloudKit query for .{1,200} failed", "stapler", "failed"),
        rule(r"\*\* (?:BUILD|ARCHIVE|EXPORT|TEST) FAILED \*\*", "xcodebuild", "failed"),
        rule(r"\*\* (?:BUILD|ARCHIVE|EXPORT|TEST) SUCCEEDED \*\*", "xcodebuild", "succeeded"),
    ]
});
static STATUS_CODE: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r#""statusCode"\s*:\s*(?P<code>\d{4})"#));
static STAPLER: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"staple and validate action failed! Error (?P<code>\d+)"));

fn read_verdicts(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for (pattern, tool, result) in RULES.iter() {
        if let Some(hit) = pattern.find(scope.text) {
            facts.push(
                Fact::new(Kind::Verdict, scope.start + hit.start, scope.start + hit.end)
                    .named(format!("{tool} {result}"))
                    .with("tool", *tool)
                    .with("result", *result),
            );
        }
    }
    for (pattern, domain) in [(&*STATUS_CODE, "notary"), (&*STAPLER, "stapler")] {
        for hit in pattern.find_all(scope.text) {
            if let Ok(number) = hit.group("code").parse::<i64>() {
                let domain = if domain == "notary" && number >= 7000 { "notary.statusCode" } else { domain };
                let mut fact =
                    Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end).coded(Some(domain), Code::Number(number));
                fact.name = _catalogue.in_domain(domain, number).and_then(|entry| entry.name.clone());
                facts.push(fact);
            }
        }
    }
}

static ITMS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:ERROR )?I?TMS[- ]?(?P<code>\d{4,5})\b|VALIDATION_ERROR\.(?P<state>9\d{4})\b|\((?P<bare>9\d{4})\)|\b(?P<lead>9[01]\d{3}):\s",
    )
});
static ALTOOL: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?:^|[\s(=\[:])(?P<code>-22020|-19241|-1011|\(1048\))(?:$|[\s).,;:\]])"));
/// Words of a text that speaks of an upload.
const UPLOAD: &[&str] =
    &["itms", "app store", "altool", "contentdelivery", "asset validation", "sdk version", "upload", "validat", "invalid", "submission"];

fn read_store(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in ITMS.find_all(scope.text) {
        let written = [hit.group("code"), hit.group("state"), hit.group("bare"), hit.group("lead")].concat();
        let Ok(number) = written.parse::<i64>() else { continue };
        let known = catalogue.in_domain("ITMS", number);
        let named = !hit.group("code").is_empty() || !hit.group("state").is_empty();
        if !named && (known.is_none() && hit.group("bare").is_empty() || !speaks_of(scope, UPLOAD)) {
            continue;
        }
        let mut fact = Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end).coded(Some("ITMS"), Code::Number(number));
        fact.name = known.and_then(|entry| entry.name.clone());
        facts.push(fact);
    }
    read_altool(scope, catalogue, facts);
}

/// Whether one of the words, lower case, stands on the line or the two above.
fn speaks_of(scope: &Scope<'_>, words: &[&str]) -> bool {
    let around = scope.around(2, 1).1.to_lowercase();
    words.iter().any(|word| around.contains(word))
}

/// Numbers of the upload tool, where the upload is spoken of: `Failed to get authorization (-22020)`.
fn read_altool(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    const TOOLS: &[&str] =
        &["altool", "app store", "itunes", "upload", "validat", "contentdelivery", "contracts", "archive", "authorization"];
    for hit in ALTOOL.find_all(scope.text) {
        let Ok(number) = hit.group("code").trim_matches(['(', ')']).parse::<i64>() else { continue };
        let (start, end) = (scope.start + hit.start, scope.start + hit.end);
        let taken = facts.iter().any(|fact| fact.kind == Kind::Error && fact.start < end && start < fact.end);
        if taken || !speaks_of(scope, TOOLS) {
            continue;
        }
        let mut fact = Fact::new(Kind::Error, start, end).coded(Some("altool"), Code::Number(number));
        fact.name = catalogue.in_domain("altool", number).and_then(|entry| entry.name.clone());
        facts.push(fact);
    }
}

static DEVICE: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"\b(?:0x)?(?P<hex>e80[0-9a-f]{5})\b|(?P<signed>-4026\d{5})\b|\b(?P<unsigned>3892346\d{3})\b"));

fn read_install(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in DEVICE.find_all(scope.text) {
        let number = match (hit.group("hex"), hit.group("signed"), hit.group("unsigned")) {
            ("", "", unsigned) => unsigned.parse::<u32>().ok().map(|n| i64::from(n.cast_signed())),
            ("", signed, _) => signed.parse().ok(),
            (hex, ..) => u32::from_str_radix(hex, 16).ok().map(|n| i64::from(n.cast_signed())),
        };
        let Some(number) = number else { continue };
        let mut fact =
            Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end).coded(Some("MobileDevice"), Code::Number(number));
        fact.name = catalogue.in_domain("MobileDevice", number).and_then(|entry| entry.name.clone());
        facts.push(fact);
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::table;
    use super::super::family::testing::{codes, of};
    use crate::facts::Kind;

    #[test]
    fn verdicts_of_the_tools() {
        assert_eq!(of(Kind::Verdict, "/Applications/Notes.app: rejected"), ["spctl rejected tool=spctl result=rejected"]);
        assert_eq!(of(Kind::Verdict, "  status: Invalid"), ["notarytool invalid tool=notarytool result=invalid"]);
        assert_eq!(codes("The staple and validate action failed! Error 65."), ["stapler:65"]);
        assert_eq!(codes("\"statusCode\": 4000,"), ["notary:4000"]);
    }

    #[test]
    fn store_and_device_numbers() {
        assert_eq!(codes("ITMS-91053: Missing API declaration"), ["ITMS:91053"]);
        for text in ["0xe8008015", "(-402620395)", "error 3892346901", "0xE8008015"] {
            assert_eq!(codes(text), ["MobileDevice:-402620395"], "{text}");
        }
    }

    #[test]
    fn every_form() {
        table(include_str!("forms/transcripts.txt"));
    }
}
