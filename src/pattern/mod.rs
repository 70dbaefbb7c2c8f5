//! The one home of `regex`: bounded regular expressions, compiled on first need; and sets of literals.
//!
//! Facts, artifacts, matching, redaction and the forum all look for text; they do it through these two types, so that size limits and
//! case rules are the same everywhere.

mod literals;

pub use literals::Literals;

use regex::bytes;
use std::ops::Range;
use std::sync::OnceLock;

/// A compiled program may take this many bytes; ten times what our longest pattern needs.
const SIZE_LIMIT: usize = 4 << 20;

/// A regular expression that is compiled when it is first used. Case is ignored unless the pattern begins with `(?-i)`.
///
/// `\w`, `\b` and case are those of ASCII: what is looked for is code, and the Unicode forms are many times larger and slower. A pattern that
/// itself holds a class of other letters is compiled with Unicode.
#[derive(Debug)]
pub struct Pattern {
    source: String,
    compiled: OnceLock<Option<Compiled>>,
}

/// A regex, and the numbers and names of those of its groups that have one.
#[derive(Debug)]
struct Compiled {
    regex: bytes::Regex,
    names: Vec<(usize, String)>,
}

/// What a pattern found: the whole hit and its groups, as byte ranges of the text given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit<'a> {
    /// Where the hit begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The named groups that took part, in the order of the pattern.
    pub named: Vec<(&'a str, &'a str)>,
}

/// Why a pattern is not accepted.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(String);

impl Pattern {
    /// A pattern from `source`; nothing is compiled yet.
    #[must_use]
    pub fn new(source: &str) -> Self {
        Self { source: source.to_owned(), compiled: OnceLock::new() }
    }

    /// Says whether `source` is a pattern.
    ///
    /// # Errors
    /// The reason, on one line, where it is none or is too large.
    pub fn check(source: &str) -> Result<(), PatternError> {
        build(source).map(|_| ()).map_err(|error| {
            let text = error.to_string();
            let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("not a regular expression");
            PatternError(last.trim().trim_start_matches("error: ").to_owned())
        })
    }

    /// The pattern as written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    fn compiled(&self) -> Option<&Compiled> {
        let compile = || {
            let regex = build(&self.source).ok()?;
            let names = regex.capture_names().enumerate().filter_map(|(at, name)| Some((at, name?.to_owned()))).collect();
            Some(Compiled { regex, names })
        };
        self.compiled.get_or_init(compile).as_ref()
    }

    fn regex(&self) -> Option<&bytes::Regex> {
        self.compiled().map(|compiled| &compiled.regex)
    }

    /// Whether it is found in `text`.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text.as_bytes()))
    }

    /// The first hit in `text`.
    #[must_use]
    pub fn find<'a>(&'a self, text: &'a str) -> Option<Hit<'a>> {
        self.find_all(text).next()
    }

    /// All hits in `text`, from left to right.
    pub fn find_all<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Hit<'a>> + 'a {
        let compiled = self.compiled();
        // Groups cost a second look at each hit; a pattern without any is spared it.
        let plain = compiled.filter(|compiled| compiled.names.is_empty());
        let grouped = compiled.filter(|compiled| !compiled.names.is_empty());
        let plain = plain.into_iter().flat_map(|compiled| compiled.regex.find_iter(text.as_bytes()));
        let grouped = grouped.into_iter().flat_map(|compiled| {
            compiled.regex.captures_iter(text.as_bytes()).filter_map(|captures| {
                let whole = captures.get(0)?;
                let group = |(at, name): &'a (usize, String)| Some((name.as_str(), crate::text::clip(text, captures.get(*at)?.range())));
                let (start, end) = characters(text, whole.range());
                Some(Hit { start, end, named: compiled.names.iter().filter_map(group).collect() })
            })
        });
        let hit = |whole: bytes::Match<'_>| {
            let (start, end) = characters(text, whole.range());
            Hit { start, end, named: Vec::new() }
        };
        plain.map(hit).chain(grouped)
    }

    /// Of every hit, from left to right, the named groups that took part and the bytes of `text` that each of them holds; a pattern without
    /// any tells nothing.
    pub fn spans<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Vec<(&'a str, Range<usize>)>> + 'a {
        self.compiled().into_iter().flat_map(move |compiled| {
            compiled.regex.captures_iter(text.as_bytes()).map(move |captures| {
                let group = |(at, name): &'a (usize, String)| {
                    let (start, end) = characters(text, captures.get(*at)?.range());
                    Some((name.as_str(), start..end))
                };
                compiled.names.iter().filter_map(group).collect()
            })
        })
    }

    /// The groups of the first hit by number; group 0 is the whole.
    #[must_use]
    pub fn groups<'a>(&self, text: &'a str) -> Option<Vec<Option<&'a str>>> {
        let captures = self.regex()?.captures(text.as_bytes())?;
        Some(captures.iter().map(|group| group.map(|m| crate::text::clip(text, m.range()))).collect())
    }

    /// `text` with every hit replaced by what `with` makes of it.
    #[must_use]
    pub fn replace_all(&self, text: &str, mut with: impl FnMut(&Hit<'_>, &str) -> String) -> String {
        let mut out = String::new();
        let mut from = 0;
        for hit in self.find_all(text) {
            out.push_str(crate::text::clip(text, from..hit.start));
            out.push_str(&with(&hit, crate::text::clip(text, hit.start..hit.end)));
            from = hit.end;
        }
        out.push_str(crate::text::tail(text, from));
        out
    }
}

/// A range of bytes without the pieces of characters at its ends: `[^a]` matches a byte, which may be the last one of a character.
fn characters(text: &str, range: Range<usize>) -> (usize, usize) {
    let start = (range.start..range.end).find(|at| text.is_char_boundary(*at)).unwrap_or(range.end);
    let start = crate::text::floor(text, start);
    (start, crate::text::floor(text, range.end).max(start))
}

impl<'a> Hit<'a> {
    /// The text of the named group, empty where it took no part.
    #[must_use]
    pub fn group(&self, name: &str) -> &'a str {
        self.named.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| *value)
    }
}

fn build(source: &str) -> Result<bytes::Regex, regex::Error> {
    let (source, fold) = source.strip_prefix("(?-i)").map_or((source, true), |rest| (rest, false));
    let with = |unicode: bool| {
        bytes::RegexBuilder::new(source).case_insensitive(fold).unicode(unicode).size_limit(SIZE_LIMIT).dfa_size_limit(SIZE_LIMIT).build()
    };
    with(false).or_else(|_| with(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignores_case_unless_told() {
        assert!(Pattern::new("secitem").is_match("SecItemAdd"));
        assert!(!Pattern::new("(?-i)secitem").is_match("SecItemAdd"));
    }

    #[test]
    fn groups_come_by_name() {
        let pattern = Pattern::new(r"status (?P<code>-\d+)");
        let hit = pattern.find("add status -25299!").unwrap();
        assert_eq!((hit.group("code"), hit.start, hit.end), ("-25299", 4, 17));
    }

    #[test]
    fn spans_tell_where_groups_stand() {
        let pattern = Pattern::new(r"(?P<user>\w+):(?P<word>\w*)@");
        let all: Vec<_> = pattern.spans("é jo:pw@ al:@").collect();
        assert_eq!(all, [vec![("user", 3..5), ("word", 6..8)], vec![("user", 10..12), ("word", 13..13)]]);
        assert_eq!(Pattern::new("x").spans("x").next(), Some(Vec::new()));
    }

    #[test]
    fn a_hit_begins_and_ends_between_characters() {
        let hit = Pattern::new(r"[^\w]ios[^\w]").find("漢ios漢").map(|hit| (hit.start, hit.end)).unwrap();
        assert_eq!(hit, (3, 6));
    }

    #[test]
    fn a_bad_or_huge_pattern_is_refused_in_one_line() {
        assert!(!Pattern::check("a(").unwrap_err().to_string().contains('\n'));
        assert!(Pattern::check("(?=x)").is_err());
        assert!(Pattern::check(r"\w{5000}{500}").is_err());
        assert!(!Pattern::new("a(").is_match("a("));
    }
}
