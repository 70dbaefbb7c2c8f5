//! How tools ended: exit statuses and signals.

use super::family::Family;
use super::symbols::OSSTATUS;
use super::{Fact, Kind, Scope};
use crate::knowledge::{Catalogue, Code};
use crate::pattern::Pattern;
use std::sync::LazyLock;

pub(super) static FAMILY: Family = Family {
    triggers: &[
        "exit status",
        "exit code",
        "exited with",
        "exits with",
        "exitcode",
        "returned non-zero",
        "nonzero exit",
        "exit-status",
        "with code",
        "exit: ",
        "exit_code",
        "instead of 0",
        "*** [",
        "echo $?",
    ],
    read,
    numbered: true,
};
/// `echo $?` and the number on the next line.
pub(super) static ECHO: Family = Family { triggers: &["echo $?"], read, numbered: false };
pub(super) static SIGNALS: Family = Family {
    triggers: &[
        "signal ",
        "sigkill",
        "sigabrt",
        "sigtrap",
        "sigill",
        "sigsegv",
        "sigbus",
        "killed: 9",
        "sh: killed",
        "signal: ",
        "domain:signal",
        "abort trap: 6",
        "trace/bpt trap: 5",
        "illegal instruction: 4",
    ],
    read: read_signal,
    numbered: false,
};

static EXIT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?:\*\*\* \[[^\]\n]{1,120}\] error|\b(?:(?:exit|return)[ -]?(?:status|code)|exit(?:ed|s) with(?: (?:exit )?(?:status|code))?|exit_?code|terminated with(?: exit)? code|exit status of command [^\n]{1,200}? was|non-?zero exit(?: (?:status|code))?|failed with exit code|exit|(?:staple|sign|notarize|build) [\w ]{1,40} with code)\b)\s*(?:of|was|is|[:=(])?\s*(?P<code>\d{1,3})\b",
    )
});

/// Tools of this field; the one named nearest before the status is taken.
const TOOLS: &[&str] = &[
    "security",
    "codesign",
    "notarytool",
    "stapler",
    "altool",
    "spctl",
    "xcodebuild",
    "xcrun",
    "productbuild",
    "productsign",
    "pkgbuild",
    "fastlane",
    "git",
    "tccutil",
    "gatekeeper",
];

fn read(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    if let Some(at) = scope.text.find("echo $?")
        && let Ok(status) = scope.below(1).trim().parse::<u8>()
    {
        facts.push(
            Fact::new(Kind::ExitStatus, scope.start + at, scope.start + at + 7).coded(Some("exit status"), Code::Number(status.into())),
        );
    }
    for hit in EXIT.find_all(scope.text) {
        let Ok(status) = hit.group("code").parse::<i64>() else { continue };
        let (from, around) = scope.around(3, 0);
        let before = crate::text::clip(around, 0..(scope.start + hit.end).saturating_sub(from)).to_lowercase();
        let tool = TOOLS.iter().filter_map(|tool| word_before(&before, tool).map(|at| (at, *tool))).max().map_or("", |(_, tool)| tool);
        let tool = match tool {
            // fastlane and CI scripts run `security` for everything that has to do with a keychain.
            "" | "fastlane" if before.contains("keychain") => "security",
            "" | "xcrun" if before.contains("staple") => "stapler",
            other => other,
        };
        let place = (scope.start + hit.start, scope.start + hit.end);
        facts.push(Fact::new(Kind::ExitStatus, place.0, place.1).coded(Some("exit status"), Code::Number(status)).with("tool", tool));
        // A status that the tool itself defines stands in the catalogue under its name.
        facts.extend(catalogue.in_domain(tool, status).map(|entry| {
            let mut fact = Fact::new(Kind::Error, place.0, place.1).coded(Some(tool), Code::Number(status));
            fact.name.clone_from(&entry.name);
            fact
        }));
        if tool == "security"
            && let Some(code) = security_status(status)
        {
            let mut fact = Fact::new(Kind::Error, place.0, place.1).coded(Some(OSSTATUS), Code::Number(code));
            fact.name = catalogue.in_domain(OSSTATUS, code).and_then(|entry| entry.name.clone());
            facts.push(fact);
        }
    }
}

/// The last place of `word` as a whole word.
fn word_before(text: &str, word: &str) -> Option<usize> {
    text.rmatch_indices(word).map(|(at, _)| at).find(|at| {
        let around = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'_');
        around(at.checked_sub(1)) && around(Some(at + word.len()))
    })
}

/// `/usr/bin/security` exits with the low byte of the `OSStatus`. The statuses that its commands really meet; others of the same low byte
/// (−26276 has 92, as has −25252) are rarer.
fn security_status(status: i64) -> Option<i64> {
    const MET: &[i64] = &[
        -34_018, -25_308, -25_307, -25_303, -25_300, -25_299, -25_296, -25_295, -25_294, -25_293, -25_292, -25_291, -25_264, -25_257,
        -26_275, -25_244, -60_005, -60_006, -60_007, -60_008, -50, -128, -2_070, -25_320,
    ];
    MET.iter().copied().find(|code| code & 0xff == status)
}

static SIGNAL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:signal(?: :|:)?\s*(?P<number>\d{1,2})\b|(?P<name>SIG(?:KILL|ABRT|TRAP|ILL|SEGV|BUS|TERM))\b|(?P<shell>(?:Killed|Abort trap|Trace/BPT trap|Illegal instruction): \d)|(?:[a-z]?sh: |signal: )(?P<word>killed|abort(?: trap)?|segmentation fault|trace(?:/BPT)? trap|illegal (?:hardware )?instruction|bus error|terminated)\b)",
    )
});
const NAMES: &[(i64, &str)] =
    &[(4, "SIGILL"), (5, "SIGTRAP"), (6, "SIGABRT"), (9, "SIGKILL"), (10, "SIGBUS"), (11, "SIGSEGV"), (15, "SIGTERM")];

/// How shells and Go name the signals that ended a program.
const SHELL_WORDS: &[(&str, i64)] =
    &[("killed", 9), ("abort", 6), ("segmentation", 11), ("trace", 5), ("illegal", 4), ("bus error", 10), ("terminated", 15)];

fn read_signal(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in SIGNAL.find_all(scope.text) {
        let by_name = NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(hit.group("name"))).map(|(number, _)| *number);
        let by_shell = hit.group("shell").rsplit(' ').next().and_then(|number| number.parse().ok());
        let by_word = SHELL_WORDS.iter().find(|(word, _)| hit.group("word").to_lowercase().starts_with(word)).map(|(_, number)| *number);
        let Some(number) = hit.group("number").parse().ok().or(by_name).or(by_shell).or(by_word) else { continue };
        let Some((_, name)) = NAMES.iter().find(|(known, _)| *known == number) else { continue };
        facts.push(
            Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end).coded(Some("signal"), Code::Number(number)).named(*name),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::table;
    use super::super::family::testing::{codes, of};
    use crate::facts::Kind;

    #[test]
    fn a_status_with_its_tool() {
        assert_eq!(of(Kind::ExitStatus, "The process '/usr/bin/security' failed with exit code 51"), ["tool=security"]);
        assert_eq!(codes("The process '/usr/bin/security' failed with exit code 51"), ["NSOSStatusErrorDomain:-25293"]);
        assert_eq!(codes("$ security unlock-keychain x\nexit status 36"), ["NSOSStatusErrorDomain:-25308"]);
        assert_eq!(of(Kind::ExitStatus, "Command CodeSign failed with a nonzero exit code"), Vec::<String>::new());
        assert_eq!(of(Kind::ExitStatus, "Process completed with exit code 65."), [""]);
    }

    #[test]
    fn signals_by_number_name_and_shell() {
        assert_eq!(codes("zsh: killed: 9  ./tool"), ["signal:9"]);
        assert_eq!(codes("Killed: 9"), ["signal:9"]);
        assert_eq!(codes("EXC_CRASH (SIGABRT)"), ["signal:6"]);
        assert!(codes("Signal 3 bars").is_empty());
    }

    #[test]
    fn every_form() {
        table(include_str!("forms/exit_status.txt"));
    }
}
