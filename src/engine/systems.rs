//! Which systems a text speaks of: Apple's, other vendors' only, or none by name.
//!
//! A passkey that fails on Android, a keyring on Linux: the words are the same, and what rules make of them is not sure there.

use crate::facts::Kind;
use crate::knowledge::{Confidence, Knowledge, Severity};
use crate::matching::{Match, Scan};

/// So much of an input is asked, in bytes: what people write about a problem is shorter.
pub(super) const FRONT: usize = 64 << 10;

/// Words by which people, and what they paste, say that they speak of Apple's platforms.
const OURS: &[&str] = &[
    "apple",
    "ios",
    "macos",
    "mac os",
    "os x",
    "iphone",
    "ipad",
    "macbook",
    "xcode",
    "swift",
    "codesign",
    "safari",
    "testflight",
    "app store",
    "keychain",
    "notariz",
    "secure enclave",
    "face id",
    "faceid",
    "touch id",
    "touchid",
    "entitlement",
    "provisioning profile",
    "universal link",
    "info.plist",
    "wkwebview",
    "钥匙串",
    "苹果",
    "애플",
    "アップル",
    "errsec",
    "osstatus",
    "nserror",
    "nsurl",
    "error domain=",
    "icloud",
    "darwin",
    ".dylib",
    "cocoa",
    "uikit",
    "launchd",
];

/// Words by which people say that they speak of other systems.
const THEIRS: &[&str] =
    &["android", "windows", "linux", "ubuntu", "firefox", "samsung", "chromeos", "gnome", "chrome extension", "chrome-extension"];

/// The systems that a text speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Systems {
    /// Apple's, others beside them or not.
    Ours,
    /// Only others'.
    Others,
    /// None by name.
    Unnamed,
}

impl Systems {
    /// Those of what `texts` say and a scan of them met.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>, scan: &Scan) -> Self {
        let named = scan.facts.iter().any(|group| {
            matches!(group.fact.kind, Kind::Api | Kind::Entitlement | Kind::UsageKey | Kind::Tcc | Kind::SandboxDenial | Kind::Verdict)
        });
        let fronts: Vec<String> = texts.map(|text| crate::text::clip(text, 0..FRONT).to_ascii_lowercase()).collect();
        let says = |words: &[&str]| fronts.iter().any(|text| words.iter().any(|word| text.contains(word)));
        if named || says(OURS) {
            Self::Ours
        } else if says(THEIRS) {
            Self::Others
        } else {
            Self::Unnamed
        }
    }

    /// Where only other systems are spoken of, nothing but noise is surer than `possible`.
    pub(super) fn lower(self, found: &mut [Match], knowledge: &Knowledge) {
        let is_noise = |one: &Match| knowledge.pages().get(one.page).is_some_and(|page| page.severity == Severity::Noise);
        if self == Self::Others {
            for one in found.iter_mut().filter(|one| one.confidence < Confidence::Possible && !is_noise(one)) {
                one.confidence = Confidence::Possible;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Engine, Input, Options};
    use super::*;

    /// The same words are sure, or not, by the system they are said of.
    #[test]
    fn what_is_said_of_another_system_is_not_sure() {
        let engine = Engine::new(Vec::new());
        let first = |text: &str| {
            let input = Input { name: "-".to_owned(), bytes: text.as_bytes().to_vec() };
            let findings = engine.triage(&[input], &Options::default()).findings;
            findings.first().map(|one| (one.severity, one.confidence))
        };
        let sentence = "webauthn login: Unexpected RP ID hash, the rpIdHash of the passkey does not match";
        assert!(first(&format!("{sentence} on my iPhone")).is_some_and(|(_, confidence)| confidence < Confidence::Possible));
        let other = first(&format!("{sentence} on Android 16"));
        assert!(other.is_none_or(|(severity, confidence)| severity == Severity::Noise || confidence == Confidence::Possible), "{other:?}");
    }
}
