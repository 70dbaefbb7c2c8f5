//! Secrets taken out of a piece of text that is shown: tokens, private keys, codes, client secrets.

use crate::pattern::Pattern;
use std::borrow::Cow;
use std::sync::LazyLock;

static TOKEN: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?-i)\b(?:eyJ|eyA|ewo)[A-Za-z0-9_-]{9,}(?:\.[A-Za-z0-9_-]{4,}){1,4}(?:\.[A-Za-z0-9_-]*)?"));
static KEY: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?-i)(?P<head>-{3,}BEGIN [A-Z ]*PRIVATE KEY-{3,})(?P<body>(?:[^-]|-[^-])*)(?P<foot>-{3,}END [A-Z ]*PRIVATE KEY-{3,})?")
});
static BODY: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?-i)\bMI[GH][A-Za-z0-9+/]{60,}={0,2}"));
static CODE: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?-i)\b[cr][0-9a-f]{32}\.\d+\.[A-Za-z0-9_.-]{3,}"));
static BLOCK: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?-i)-{3,}BEGIN (?:[A-Z0-9]+ )*(?P<what>PRIVATE KEY|KEY|CERTIFICATE|REQUEST|PKCS7|CMS|MESSAGE|BLOCK)-{3,}(?P<body>(?:[^-]|-[^-])*)",
    )
});

/// What a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// A JSON Web Token, a signed request.
    Token,
    /// The body of a PEM block, or a private key without its head and foot.
    Key,
    /// An authorization code or refresh token of Sign in with Apple.
    Code,
}

/// A secret and the bytes of the text that hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSecret {
    /// What it is.
    pub what: Secret,
    /// Where it stands; of a PEM block the body alone.
    pub range: std::ops::Range<usize>,
}

/// Where the secrets of a text stand, kind by kind.
#[must_use]
pub fn secrets(text: &str) -> Vec<FoundSecret> {
    let mut all = Vec::new();
    if text.contains("-BEGIN ") {
        let bodies = BLOCK.spans(text).flatten().filter(|(name, _)| *name == "body");
        all.extend(bodies.map(|(_, range)| FoundSecret { what: Secret::Key, range }));
    }
    if MARKS.iter().any(|mark| text.contains(mark)) {
        for (pattern, what) in [(&TOKEN, Secret::Token), (&BODY, Secret::Key), (&CODE, Secret::Code)] {
            all.extend(pattern.find_all(text).map(|hit| FoundSecret { what, range: hit.start..hit.end }));
        }
    }
    all
}

/// Parts of which one stands in every text with a secret that is known here.
const MARKS: [&str; 4] = ["ey", "PRIVATE KEY", "MI", ".0."];

/// The text with what is secret in it named instead of shown.
#[must_use]
pub fn masked(text: &str) -> Cow<'_, str> {
    if !MARKS.iter().any(|mark| text.contains(mark)) {
        return Cow::Borrowed(text);
    }
    let mut out = Cow::Borrowed(text);
    for (pattern, what) in [(&TOKEN, "a token"), (&KEY, "a private key"), (&BODY, "a key"), (&CODE, "a code")] {
        if pattern.is_match(&out) {
            let hidden = pattern.replace_all(&out, |hit, whole| {
                format!("{}‹{what}, {} characters, not shown›{}", hit.group("head"), whole.chars().count(), hit.group("foot"))
            });
            out = Cow::Owned(hidden);
        }
    }
    out
}

static RUN: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?-i)[A-Za-z0-9+/_-]{56,}={0,2}"));

/// A line with every character of a token or key replaced by an asterisk: nothing in it moves. Of a key that is spread over lines a single one
/// is told by its form: a long run of letters of both cases and digits, as no path or hash is.
#[must_use]
pub fn starred(line: &str) -> Cow<'_, str> {
    let is_key = |run: &str| {
        run.bytes().any(|byte| byte.is_ascii_uppercase())
            && run.bytes().any(|byte| byte.is_ascii_lowercase())
            && !run.contains("/.")
            && run.matches(['/', '_', '-']).count() * 8 < run.len()
    };
    let mut out = Cow::Borrowed(line);
    for (pattern, all) in [(&TOKEN, true), (&CODE, true), (&RUN, false)] {
        if line.len() > 30 && pattern.is_match(&out) {
            let hidden = pattern.replace_all(&out, |_, run| if all || is_key(run) { "*".repeat(run.len()) } else { run.to_owned() });
            out = Cow::Owned(hidden);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_starred_line_keeps_its_places() {
        let token = format!("eyJ{}.eyJ{}.{}", "a".repeat(20), "b".repeat(20), "c".repeat(86));
        let line = format!("12:00 token={token} status 400");
        let shown = starred(&line);
        assert_eq!((shown.len(), shown.find("status")), (line.len(), line.find("status")));
        assert!(!shown.contains("eyJ") && shown.starts_with("12:00 token=***"));
        let body = format!("MIGTAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBHkwdwIBAQQg{}", "aB3".repeat(5));
        assert!(!starred(&body).contains("MIGT"));
        for plain in [
            "/Users/jo/Library/Developer/Xcode/DerivedData/Notes-abcdefgh/Build/Products/Debug/Notes.app/Contents",
            "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "kurz",
        ] {
            assert_eq!(starred(plain), plain);
        }
    }

    #[test]
    fn secrets_are_named_and_the_rest_stays() {
        let token = format!("eyJ{}.eyJ{}.{}", "a".repeat(20), "b".repeat(20), "c".repeat(86));
        let text = format!("client_secret={token}&code=c{}.0.abcd.XYZ", "0123456789abcdef".repeat(2));
        let shown = masked(&text);
        assert!(shown.starts_with("client_secret=‹a token, ") && shown.ends_with("not shown›"), "{shown}");
        let key = format!("-----BEGIN PRIVATE KEY-----\nMIGT{}\n-----END PRIVATE KEY-----", "A".repeat(180));
        assert!(!masked(&key).contains("AAAA") && masked(&key).ends_with("-----END PRIVATE KEY-----"));
        assert!(!masked(&format!("key: MIGT{}", "B".repeat(180))).contains("BBBB"));
        for plain in ["they are 1.0.0 and MIME", "errSecItemNotFound -25300", "monkey.example.com.notes"] {
            assert_eq!(masked(plain), plain);
        }
    }
}
