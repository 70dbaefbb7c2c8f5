//! Status numbers of few digits, which need a word near them that says what they are: `OSStatus -50`, `SecItemAdd (-4)`, `err = -36`.

use super::family::Family;
use super::symbols::OSSTATUS as OSSTATUS_DOMAIN;
use super::{Fact, Kind, Scope};
use crate::knowledge::{Catalogue, Code};
use crate::pattern::Pattern;
use std::sync::LazyLock;

/// A short negative number behind a word for a status.
pub(super) static FAMILY: Family = Family {
    triggers: &[
        "osstatus", "secitem", "seckey", "keychain", "status", "(-", "error -", "error: -", "error:[-", "code -", "err -", "err=", "err:",
        " -5", " -4", " -3", " -1", " -2", " -9", " -6", " -8", " -0", "ksec",
    ],
    read,
    numbered: true,
};

static STATUS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?P<what>OSStatus|Sec[A-Z]\w+|[\w ]{0,20}(?:status|return code|error|err|result|code|returned|fail(?:ed|s|ure)?))\b(?P<gap>[^\d\n\-]{0,28})(?P<code>-\d{1,5})\b(?P<tail>[.:%\w-]?\d?)",
    )
});

/// A short negative number is an `OSStatus` only where Security or the keychain is spoken of.
fn read(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    read_short(scope, catalogue, facts);
    let line = scope.text.to_lowercase();
    for hit in STATUS.find_all(scope.text) {
        let what = hit.group("what").to_lowercase();
        let explicit = what.contains("osstatus") || what.starts_with("sec");
        let about = explicit
            || ["keychain", "secitem", "seckey", "errsec", "osstatus", "unhandlederror", "returnstatus", "secstatus"]
                .iter()
                .any(|word| line.contains(word));
        let Some(number) = crate::knowledge::number(hit.group("code")) else { continue };
        let known = catalogue.in_domain(OSSTATUS_DOMAIN, number);
        let end = hit.end - hit.group("tail").len();
        let start = end - hit.group("code").len();
        let (start, end) = (scope.start + start, scope.start + end);
        let taken = facts.iter().any(|fact| fact.kind == Kind::Error && fact.start < end && start < fact.end);
        let tail_is_number = hit.group("tail").ends_with(|c: char| c.is_ascii_digit());
        if taken || tail_is_number || !about || known.is_none() && !what.contains("osstatus") {
            continue;
        }
        let mut fact = Fact::new(Kind::Error, start, end).coded(Some(OSSTATUS_DOMAIN), Code::Number(number));
        fact.name = known.and_then(|entry| entry.name.clone());
        facts.push(fact);
    }
}

static SHORT: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?:^|[\s(=>\[:])(?P<code>-\d{1,4})(?:$|[\s).,;:\]!?])"));

/// `-50` alone is an `OSStatus` in a sentence about the keychain.
fn read_short(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    if !["SecItem", "kSec", "SecKey", "keychain", "Keychain"].iter().any(|word| scope.text.contains(word)) {
        return;
    }
    for hit in SHORT.find_all(scope.text) {
        let Some(number) = crate::knowledge::number(hit.group("code")) else { continue };
        let Some(entry) = catalogue.in_domain(OSSTATUS_DOMAIN, number) else { continue };
        let (start, end) = (scope.start + hit.start, scope.start + hit.end);
        if facts.iter().any(|known| known.kind == Kind::Error && known.domain.is_some() && known.start < end && start < known.end) {
            continue;
        }
        let mut fact = Fact::new(Kind::Error, start, end).coded(Some(OSSTATUS_DOMAIN), Code::Number(number));
        fact.name.clone_from(&entry.name);
        facts.push(fact);
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::codes;

    #[test]
    fn short_status_numbers_need_a_reason() {
        assert_eq!(codes("SecItemAdd failed with status -50"), ["NSOSStatusErrorDomain:-50"]);
        assert_eq!(codes("OSStatus error:[-4]"), ["NSOSStatusErrorDomain:-4"]);
        assert_eq!(codes("temperature error -50 degrees"), ["?:-50"]);
    }
}
