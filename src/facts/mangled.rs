//! Errors that a paste broke over lines: a soft wrap inside `Error Domain=… Code=`, a hyphen at the end of a line, quote marks or line
//! numbers in front of the next one.

use super::Scope;
use crate::pattern::Pattern;
use crate::text::{clip, tail};
use std::sync::LazyLock;

/// The end of a line put together with the next line.
pub(super) struct Joined {
    /// The text as it was before it was broken.
    pub text: String,
    /// Where it begins in the line.
    pub start: usize,
}

/// A domain at the end of a line with its number on the next one.
pub(super) struct Broken {
    pub domain: String,
    pub code: String,
    /// Where it begins in the line.
    pub start: usize,
}

/// An error does not begin further from the end of its line than this.
const REACH: usize = 160;

/// The last `domain=` of the line behind byte `from`, where its `code=` does not follow on the line, with the next line behind it.
pub(super) fn joined(scope: &Scope<'_>, from: usize) -> Option<Joined> {
    let lower = tail(scope.text, from).to_ascii_lowercase();
    let start = from + lower.rfind("domain")?;
    let rest = tail(scope.text, start);
    if rest.len() > REACH || rest.to_ascii_lowercase().contains("code=-") {
        return None;
    }
    let next = continued(scope.below(1));
    let hyphen = rest.ends_with('-') && next.starts_with(|c: char| c.is_ascii_lowercase());
    let word = rest.ends_with(['.', '=']) || hyphen;
    let rest = if hyphen { rest.trim_end_matches('-') } else { rest.trim_end() };
    let text = if word { format!("{rest}{next}") } else { format!("{rest} {next}") };
    Some(Joined { text, start })
}

/// A name that breaks off at the end of its line, with the rest of it from the text behind.
pub(super) fn rejoined(name: &str, behind: &str) -> String {
    let next = continued(behind.trim_start_matches('\n').lines().next().unwrap_or(""));
    let rest: String = next.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '.' || *c == '_').collect();
    format!("{}{rest}", name.trim_end_matches('-'))
}

static ENDS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"(?P<domain>[A-Za-z][\w.]{3,90})["'`]?\s*[:,(\[]?\s*(?P<word>\b(?:error|code|fehler|erreur|erro|errore|status)\b\s*[:=(]?)?\s*$"#,
    )
});
static BEGINS: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"^(?P<word>(?:error|code)\s*[:=]?\s*)?(?P<code>-?\d{1,6})(?:[.,;)\]\s]|$)"));

/// `(com.apple.devicecheck.error error` at the end of the line, `3.)` on the next.
pub(super) fn broken(scope: &Scope<'_>) -> Option<Broken> {
    let last = clip(scope.text, crate::text::floor(scope.text, scope.text.len().saturating_sub(REACH))..scope.text.len());
    let hit = ENDS.find(last)?;
    let next = BEGINS.find(continued(scope.below(1)))?;
    if hit.group("word").is_empty() && next.group("word").is_empty() {
        return None;
    }
    Some(Broken {
        domain: hit.group("domain").to_owned(),
        code: next.group("code").to_owned(),
        start: scope.text.len() - last.len() + hit.start,
    })
}

/// Whether the line goes on with a number that belongs to a domain at the end of the line above, which has told it.
pub(super) fn is_rest(scope: &Scope<'_>, known: impl Fn(&str) -> bool) -> bool {
    let above = scope.above(1);
    let last = clip(above, crate::text::floor(above, above.len().saturating_sub(REACH))..above.len());
    let Some(begin) = BEGINS.find(continued(scope.text)) else { return false };
    ENDS.find(last).is_some_and(|end| known(end.group("domain")) && !(end.group("word").is_empty() && begin.group("word").is_empty()))
}

static MARKS: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^\s*(?:>+\s*|\d{1,5}\s*[:|]\s*|[|│]\s*)*"));

/// A line without the quote marks, bars and line numbers that a paste puts in front.
fn continued(line: &str) -> &str {
    let line = clip(line, 0..crate::text::floor(line, 512));
    MARKS.find(line).map_or(line, |hit| tail(line, hit.end))
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::codes;
    use super::super::family::testing::table;

    #[test]
    fn an_error_broken_over_two_lines() {
        for text in [
            "Error Domain=com.apple.LocalAuthentica-\ntion Code=-1004 \"x\"",
            "> Error Domain=com.apple.LocalAuthentication\n> Code=-1004 \"x\"",
            "12: Error Domain=com.apple.LocalAuthentication\n13: Code=-1004 \"x\"",
            "Error Domain=com.apple.\nLocalAuthentication Code=-1004",
            "Error Domain=com.apple.LocalAuthentication Code=\n-1004 \"x\"",
            "(com.apple.LocalAuthentication error\n-1004.)",
            "(com.apple.LocalAuthentication\nerror -1004.)",
        ] {
            let mut found = codes(text);
            found.dedup();
            assert_eq!(found, ["com.apple.LocalAuthentication:-1004"], "{text}");
        }
    }

    #[test]
    fn lines_that_belong_to_others_are_not_joined() {
        for text in [
            "com.apple.LocalAuthentication\n-1004 metres",
            "Error Domain=com.apple.LocalAuthentication\nretry Code=red",
            "see com.apple.LocalAuthentication error\n2026-11-22 10:00:00 start",
        ] {
            assert!(codes(text).iter().all(|code| code != "com.apple.LocalAuthentication:-1004" && !code.contains(":2026")), "{text}");
        }
    }

    #[test]
    fn every_form() {
        table(include_str!("forms/mangled.txt"));
    }
}
