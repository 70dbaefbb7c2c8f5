//! A rule tells values in a text. It is looked at only where the text holds one of its needles: one pass of all needles decides that.

use super::{Kind, Spot};
use crate::pattern::{Literals, Pattern};
use crate::text::{clip, tail};
use std::ops::Range;
use std::sync::LazyLock;

/// A pattern whose groups are named by kinds; what they hold are values, if the check agrees.
pub(super) struct Rule {
    needles: &'static [&'static str],
    pattern: Pattern,
    check: fn(&Value<'_>) -> bool,
    cut: fn(&str) -> Vec<Range<usize>>,
}

/// What a rule found: a piece of a text.
pub(super) struct Value<'a> {
    /// What it would be.
    pub(super) kind: Kind,
    /// The whole text.
    pub(super) text: &'a str,
    /// Where it stands.
    pub(super) range: Range<usize>,
}

impl<'a> Value<'a> {
    /// The value itself.
    pub(super) fn get(&self) -> &'a str {
        clip(self.text, self.range.clone())
    }

    /// At most `length` bytes of its line before it.
    pub(super) fn before(&self, length: usize) -> &'a str {
        let before = clip(self.text, self.range.start.saturating_sub(length)..self.range.start);
        before.rsplit('\n').next().unwrap_or("")
    }

    /// At most `length` bytes of its line behind it.
    pub(super) fn after(&self, length: usize) -> &'a str {
        let after = clip(tail(self.text, self.range.end), 0..length);
        after.split('\n').next().unwrap_or("")
    }
}

impl Rule {
    /// A rule for texts with one of the needles (three bytes at least, ASCII case ignored); without any, for all texts.
    pub(super) fn new(needles: &'static [&'static str], source: &str) -> Self {
        Self { needles, pattern: Pattern::new(source), check: |_| true, cut: |value| std::iter::once(0..value.len()).collect() }
    }

    /// The rule with a second look at what it found.
    pub(super) fn only(self, check: fn(&Value<'_>) -> bool) -> Self {
        Self { check, ..self }
    }

    /// The rule for values that are pieces of what the groups hold.
    pub(super) fn cut(self, cut: fn(&str) -> Vec<Range<usize>>) -> Self {
        Self { cut, ..self }
    }

    fn find(&self, text: &str, spots: &mut Vec<Spot>) {
        for (name, range) in self.pattern.spans(text).flatten() {
            let Some(kind) = Kind::of_group(name) else { continue };
            for piece in (self.cut)(clip(text, range.clone())) {
                let range = range.start + piece.start..range.start + piece.end;
                if !range.is_empty() && (self.check)(&Value { kind, text, range: range.clone() }) {
                    spots.push(Spot { kind, range });
                }
            }
        }
    }
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let groups = [super::secrets::rules(), super::people::rules(), super::devices::rules(), super::hosts::rules(), super::apps::rules()];
    groups.into_iter().flatten().collect()
});

/// All needles, and of each the number of its rule.
static NEEDLES: LazyLock<(Literals, Vec<usize>)> = LazyLock::new(|| {
    let all = RULES.iter().enumerate().flat_map(|(at, rule)| rule.needles.iter().map(move |needle| (*needle, at)));
    let (needles, rules): (Vec<_>, Vec<_>) = all.unzip();
    (Literals::new(needles), rules)
});

/// What the rules find; values may stand over one another.
pub(super) fn spots(text: &str) -> Vec<Spot> {
    let mut wanted: Vec<bool> = RULES.iter().map(|rule| rule.needles.is_empty()).collect();
    let (needles, rules) = &*NEEDLES;
    needles.find(text.as_bytes(), 0..text.len(), |needle, _, _| {
        if let Some(wanted) = rules.get(needle).and_then(|rule| wanted.get_mut(*rule)) {
            *wanted = true;
        }
    });
    let mut spots = Vec::new();
    for (rule, _) in RULES.iter().zip(&wanted).filter(|(_, wanted)| **wanted) {
        rule.find(text, &mut spots);
    }
    for found in crate::artifact::secrets(text) {
        let kind = match found.what {
            crate::artifact::Secret::Token => Kind::Token,
            crate::artifact::Secret::Key => Kind::Key,
            crate::artifact::Secret::Code => Kind::Code,
        };
        spots.push(Spot { kind, range: found.range });
    }
    spots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_compiles_and_its_groups_are_kinds() {
        for rule in RULES.iter() {
            let source = rule.pattern.source();
            assert!(Pattern::check(source).is_ok(), "{source}");
            assert!(rule.needles.iter().all(|needle| needle.len() >= 3), "{:?}", rule.needles);
            let groups = source.split("(?P<").skip(1).filter_map(|rest| rest.split('>').next());
            let kinds: Vec<_> = groups.map(Kind::of_group).collect();
            assert!(!kinds.is_empty() && kinds.iter().all(Option::is_some), "{source}");
        }
    }
}
