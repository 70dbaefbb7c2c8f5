//! Needles and a regex as Sigma's `detection`.

use super::portable::{portable, quotes};
use super::quoted;
use std::fmt::Write as _;

/// What a pattern looks for in a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Detection {
    /// Literals, any of which must stand there; case ignored.
    contains: Vec<String>,
    /// The same as expressions, for literals that a plain search cannot tell.
    like: Vec<String>,
    /// What else must match, and whether its case counts.
    regex: Option<(String, bool)>,
}

impl Detection {
    pub(super) fn of(needles: &[String], regex: Option<&str>) -> Result<Self, &'static str> {
        let mut detection = Self::default();
        // Literals of fewer bytes are never looked for.
        for needle in needles.iter().filter(|needle| needle.len() >= 3) {
            let needle = crate::text::clean(needle).text;
            if let Some(number) = number(&needle) {
                detection.like.push(number);
            } else if needle.contains(['\'', '"']) {
                detection.like.push(quotes(&escaped(&needle)));
            } else {
                detection.contains.push(needle);
            }
        }
        if detection.contains.is_empty() && detection.like.is_empty() {
            return Err("no needle that can be looked for");
        }
        detection.regex = regex.map(|regex| portable(&crate::text::clean(regex).text)).transpose()?;
        Ok(detection)
    }

    /// A code by its spellings, each a word of its own; none where there are none.
    pub(super) fn of_code(spellings: &[&str]) -> Option<Self> {
        let (numbers, words): (Vec<&str>, Vec<&str>) =
            spellings.iter().partition(|word| word.starts_with(|c: char| c == '-' || c.is_ascii_digit()));
        let any = |words: &[&str]| words.iter().map(|word| quotes(&escaped(word))).collect::<Vec<_>>().join("|");
        let mut like = Vec::new();
        if !words.is_empty() {
            like.push(format!("(?:^|[^0-9A-Za-z_])(?:{})(?:$|[^0-9A-Za-z_])", any(&words)));
        }
        if !numbers.is_empty() {
            like.push(format!("(?:^|[^0-9A-Za-z_.-])(?:{})(?:$|[^0-9A-Za-z_.-]|[.-](?:$|[^0-9]))", any(&numbers)));
        }
        (!like.is_empty()).then(|| Self { like, ..Self::default() })
    }

    pub(super) fn write(&self, out: &mut String) {
        let mut names = Vec::new();
        out.push_str("detection:\n");
        if !self.contains.is_empty() {
            names.push("needle");
            list(out, "needle", "contains", &self.contains.iter().map(|needle| plain(needle)).collect::<Vec<_>>());
        }
        if !self.like.is_empty() {
            names.push("spelled");
            list(out, "spelled", "re|i", &self.like);
        }
        let mut condition = names.join(" or ");
        if let Some((regex, cased)) = &self.regex {
            list(out, "regex", if *cased { "re" } else { "re|i" }, std::slice::from_ref(regex));
            condition = if names.len() > 1 { format!("({condition}) and regex") } else { format!("{condition} and regex") };
        }
        let _ = writeln!(out, "  condition: {condition}");
    }
}

fn list(out: &mut String, name: &str, modifier: &str, values: &[String]) {
    let _ = writeln!(out, "  {name}:\n    message|{modifier}:");
    for value in values {
        let _ = writeln!(out, "      - {}", quoted(value));
    }
}

/// A literal in Sigma's spelling: stars, question marks and backslashes stand for themselves.
fn plain(needle: &str) -> String {
    needle.replace('\\', "\\\\").replace('*', "\\*").replace('?', "\\?")
}

/// A literal as a regular expression.
pub(super) fn escaped(literal: &str) -> String {
    let mut out = String::new();
    for c in literal.chars() {
        if c.is_ascii_punctuation()
            && !matches!(c, '\'' | '"' | '_' | '/' | '-' | ',' | ':' | ';' | '<' | '>' | '=' | '!' | '@' | '%' | '&' | '~' | '`' | '#')
        {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A literal that is a number must not stand within a longer one; see `matching`, which looks for it the same way.
fn number(needle: &str) -> Option<String> {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut chars = needle.chars();
    let first = chars.next();
    let begins = digit(first) || first == Some('-');
    let before = if begins { r"(?:^|[^0-9A-Za-z.]|(?:^|[^0-9])\.)" } else { "" };
    let whole = digit(needle.chars().last()) && needle.chars().all(|c| c.is_ascii_digit() || " .:(=".contains(c));
    if whole {
        let behind = if digit(first) { r"(?:$|[^0-9.]|\.(?:$|[^0-9]))" } else { "(?:$|[^0-9])" };
        return Some(format!("{before}{}{behind}", escaped(needle)));
    }
    (digit(first) || first == Some('-') && digit(chars.next())).then(|| format!("{before}{}", quotes(&escaped(needle))))
}
