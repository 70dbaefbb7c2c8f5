//! The `fact:` patterns of all pages, found by what they ask for.

use super::compile::PatternId;
use crate::facts::{Fact, Kind};
use crate::knowledge::FactTest;
use std::collections::{BTreeMap, HashMap};

/// The patterns by the kind of fact that they ask for.
#[derive(Debug, Default)]
pub(super) struct FactPatterns {
    kinds: HashMap<Kind, OfKind>,
}

/// The patterns for one kind. Most name a value of the same field, an operation or a name; so they are found by it.
#[derive(Debug, Default)]
struct OfKind {
    patterns: Vec<FactPattern>,
    field: String,
    by_value: HashMap<String, Vec<usize>>,
    /// The patterns that do not name a value of that field.
    others: Vec<usize>,
}

/// A pattern, ready to be held against facts.
#[derive(Debug)]
struct FactPattern {
    id: PatternId,
    /// Fields and what they may be, in lower case.
    fields: Vec<(String, Vec<String>)>,
}

impl FactPatterns {
    /// Adds a pattern; [`FactPatterns::index`] must follow.
    pub(super) fn add(&mut self, id: PatternId, test: &FactTest) {
        let lower = |values: &Vec<String>| values.iter().map(|value| value.to_lowercase()).collect();
        for kind in test.kind.split(',').filter_map(Kind::parse) {
            let fields = test.fields.iter().map(|(field, values)| (field.clone(), lower(values))).collect();
            self.kinds.entry(kind).or_default().patterns.push(FactPattern { id, fields });
        }
    }

    /// Makes the patterns ready to be found.
    pub(super) fn index(&mut self) {
        self.kinds.values_mut().for_each(OfKind::index);
    }

    /// Adds to `found` the patterns that this fact satisfies.
    pub(super) fn accepting(&self, fact: &Fact, found: &mut Vec<PatternId>) {
        let Some(of_kind) = self.kinds.get(&fact.kind) else { return };
        let named = fact.value(&of_kind.field).and_then(|value| of_kind.by_value.get(&value.to_lowercase()));
        let near = named.into_iter().flatten().chain(&of_kind.others).filter_map(|at| of_kind.patterns.get(*at));
        found.extend(near.filter(|pattern| pattern.accepts(fact)).map(|pattern| pattern.id));
    }
}

impl OfKind {
    fn index(&mut self) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for field in self.patterns.iter().flat_map(|pattern| &pattern.fields).filter(|field| is_exact(field)) {
            *counts.entry(&field.0).or_default() += 1;
        }
        self.field = counts.into_iter().max_by_key(|(_, count)| *count).map_or_else(String::new, |(field, _)| field.to_owned());
        for (at, pattern) in self.patterns.iter().enumerate() {
            match pattern.fields.iter().find(|field| field.0 == self.field && is_exact(field)) {
                Some((_, values)) => values.iter().for_each(|value| self.by_value.entry(value.clone()).or_default().push(at)),
                None => self.others.push(at),
            }
        }
    }
}

/// Whether only whole values of the field are accepted, and a fact without it is not.
fn is_exact((field, values): &(String, Vec<String>)) -> bool {
    field != "nested" && values.iter().all(|value| !value.ends_with('*'))
}

impl FactPattern {
    fn accepts(&self, fact: &Fact) -> bool {
        self.fields.iter().all(|(field, accepted)| {
            let value = fact.value(field);
            let nested_no = field == "nested" && value.is_none() && accepted.iter().any(|value| value == "no");
            nested_no || value.is_some_and(|value| accepted.iter().any(|want| fits(&value, want)))
        })
    }
}

/// Whether a value is `want`, which is in lower case, or begins with it where it ends with a star.
fn fits(value: &str, want: &str) -> bool {
    let (front, open) = want.strip_suffix('*').map_or((want, false), |front| (front, true));
    if !value.is_ascii() {
        let value = value.to_lowercase();
        return if open { value.starts_with(front) } else { value == front };
    }
    (open || value.len() == front.len())
        && value.as_bytes().get(..front.len()).is_some_and(|start| start.eq_ignore_ascii_case(front.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever way a pattern is found, it is found where it accepts the fact, once.
    #[test]
    fn an_index_changes_nothing() {
        let test = |fields: &[(&str, &[&str])]| FactTest {
            kind: "sandbox-denial".into(),
            fields: fields.iter().map(|(name, values)| ((*name).to_owned(), values.iter().map(|v| (*v).to_owned()).collect())).collect(),
        };
        let tests = [
            test(&[("operation", &["Mach-Lookup", "mach-register"]), ("target", &["com.apple.x*"])]),
            test(&[("operation", &["mach-lookup"])]),
            test(&[("operation", &["mach-*"])]),
            test(&[("target", &["com.apple.x"])]),
            test(&[]),
            test(&[("operation", &["file-read-data"])]),
        ];
        let mut patterns = FactPatterns::default();
        tests.iter().enumerate().for_each(|(at, test)| patterns.add(PatternId::new(0, at), test));
        patterns.index();
        let fact = |operation: &str, target: &str| {
            Fact::new(Kind::SandboxDenial, 0, 1).named(operation).with("operation", operation).with("target", target)
        };
        let found = |fact: &Fact| {
            let mut found = Vec::new();
            patterns.accepting(fact, &mut found);
            let mut found: Vec<u32> = found.iter().map(|id| id.pattern).collect();
            found.sort_unstable();
            found
        };
        assert_eq!(found(&fact("mach-lookup", "com.apple.x.y")), [0, 1, 2, 4]);
        assert_eq!(found(&fact("MACH-REGISTER", "com.apple.x")), [0, 2, 3, 4]);
        assert_eq!(found(&fact("file-write-data", "")), [4]);
    }
}
