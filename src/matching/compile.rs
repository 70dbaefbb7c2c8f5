//! Making the matcher: which literal announces what.

use super::fact_patterns::FactPatterns;
use crate::facts::{Extractor, Fact, Kind, Trigger};
use crate::knowledge::{Code, Knowledge, Status, Test};
use crate::pattern::{Literals, Pattern};
use std::collections::HashMap;
use std::sync::Arc;

/// A pattern of a page: the page's place in the knowledge, and the pattern's in the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatternId {
    /// The page.
    pub page: u32,
    /// The pattern.
    pub pattern: u32,
}

impl PatternId {
    /// The pattern at `pattern` of the page at `page`.
    #[must_use]
    pub fn new(page: usize, pattern: usize) -> Self {
        Self { page: small(page), pattern: small(pattern) }
    }
}

/// What a literal announces.
#[derive(Debug, Clone, Default)]
pub(super) struct Uses {
    /// What it announces to the fact families.
    pub triggers: Vec<Trigger>,
    /// Whether it is a spelling of a code.
    pub spelling: bool,
    /// Needles: their patterns.
    pub needles: Vec<PatternId>,
    /// Where it is a number, how it must stand to count as a needle.
    pub number: Option<Number>,
}

/// A literal that is a number must not stand within a longer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// `1001`, ` 403`: nothing of a number in front of it or behind it.
    Whole,
    /// `-70`, which pages use for all codes that begin so: nothing in front of it.
    Beginning,
}

impl Number {
    fn of(literal: &str) -> Option<Self> {
        let digit = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_digit());
        let mut bytes = literal.bytes();
        if digit(bytes.clone().last()) && bytes.clone().all(|b| b.is_ascii_digit() || b" .:(=".contains(&b)) {
            return Some(Self::Whole);
        }
        let first = bytes.next();
        (digit(first) || first == Some(b'-') && digit(bytes.next())).then_some(Self::Beginning)
    }
}

/// Everything that is looked for, ready to scan.
#[derive(Debug)]
pub struct Matcher {
    pub(super) extractor: Extractor,
    pub(super) literals: Literals,
    /// Where the patterns of each page begin in a list of all patterns, and its length.
    pub(super) offsets: Arc<Vec<usize>>,
    pub(super) uses: Vec<Uses>,
    /// Of each pattern, in that list, its regex where it has one.
    pub(super) regexes: Vec<Option<Pattern>>,
    by_code: HashMap<String, HashMap<Code, Vec<PatternId>>>,
    facts: FactPatterns,
}

impl Matcher {
    /// A matcher for this knowledge. Drafts match like stable pages, retired pages not at all.
    #[must_use]
    pub fn new(knowledge: &Knowledge) -> Self {
        let extractor = Extractor::new(Arc::clone(knowledge.catalogue()));
        let mut table = Table::default();
        for (literal, trigger) in extractor.triggers() {
            // Literals of two characters announce a number right behind them; with its first digit they are long enough to look for.
            let digits = if literal.len() < 3 { "0123456789" } else { "" };
            let words = digits.chars().map(|digit| format!("{literal}{digit}")).chain((literal.len() >= 3).then(|| literal.clone()));
            for word in words {
                let triggers = &mut table.entry(&word).triggers;
                if !triggers.contains(&trigger) {
                    triggers.push(trigger);
                }
            }
        }
        for spelling in extractor.spellings() {
            table.entry(spelling).spelling = true;
        }
        let mut matcher = Self {
            extractor,
            literals: Literals::new([""; 0]),
            offsets: Arc::new(offsets(knowledge)),
            uses: Vec::new(),
            regexes: Vec::new(),
            by_code: HashMap::new(),
            facts: FactPatterns::default(),
        };
        matcher.regexes.resize_with(matcher.offsets.last().copied().unwrap_or(0), || None);
        for (at, page) in knowledge.pages().iter().enumerate().filter(|(_, page)| page.status != Status::Retired) {
            for (number, pattern) in page.patterns.iter().enumerate() {
                let id = PatternId::new(at, number);
                match &pattern.test {
                    Test::Text { needles, regex } => {
                        for needle in needles {
                            table.entry(&straight(needle)).needles.push(id);
                        }
                        let slot = slot(&matcher.offsets, id);
                        if let Some(place) = matcher.regexes.get_mut(slot) {
                            *place = regex.as_ref().map(|regex| Pattern::new(&straight(regex)));
                        }
                    }
                    Test::Code(spec) => {
                        for entry in knowledge.catalogue().resolve(&spec.0) {
                            let code = entry.code.clone().or_else(|| entry.name.clone().map(Code::Text));
                            if let Some(code) = code {
                                matcher.by_code.entry(entry.domain.clone()).or_default().entry(code).or_default().push(id);
                            }
                        }
                    }
                    Test::Fact(test) => matcher.facts.add(id, test),
                }
            }
        }
        matcher.facts.index();
        (matcher.literals, matcher.uses) = table.finish();
        matcher
    }

    /// The regex of a pattern that has one.
    pub(super) fn regex(&self, id: PatternId) -> Option<&Pattern> {
        self.regexes.get(slot(&self.offsets, id)).and_then(Option::as_ref)
    }

    /// The patterns that this fact satisfies.
    pub(super) fn patterns_of(&self, fact: &Fact) -> Vec<PatternId> {
        let mut found = Vec::new();
        if matches!(fact.kind, Kind::Error | Kind::OAuth | Kind::WebAuthn | Kind::ExitStatus)
            && let (Some(domain), Some(code)) = (&fact.domain, &fact.code)
        {
            found.extend(self.by_code.get(domain).and_then(|codes| codes.get(code)).into_iter().flatten());
        }
        self.facts.accepting(fact, &mut found);
        found
    }
}

/// The place of a pattern in a list of all patterns, of which is known where each page's begin.
pub(super) fn slot(offsets: &[usize], id: PatternId) -> usize {
    offsets.get(id.page as usize).map_or(usize::MAX, |first| first + id.pattern as usize)
}

fn offsets(knowledge: &Knowledge) -> Vec<usize> {
    let mut offsets = vec![0];
    for page in knowledge.pages() {
        offsets.push(offsets.last().copied().unwrap_or(0) + page.patterns.len());
    }
    offsets
}

/// Curly quotes are straightened in every text, so also in what is looked for.
fn straight(text: &str) -> String {
    text.replace(['\u{2018}', '\u{2019}'], "'").replace(['\u{201c}', '\u{201d}'], "\"")
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[derive(Default)]
struct Table {
    places: HashMap<String, usize>,
    literals: Vec<String>,
    uses: Vec<Uses>,
}

impl Table {
    fn entry(&mut self, literal: &str) -> &mut Uses {
        let literal = literal.to_ascii_lowercase();
        let next = self.literals.len();
        let at = *self.places.entry(literal.clone()).or_insert(next);
        if at == next {
            let number = Number::of(&literal);
            self.literals.push(literal);
            self.uses.push(Uses { number, ..Uses::default() });
        }
        &mut self.uses[at]
    }

    fn finish(self) -> (Literals, Vec<Uses>) {
        (Literals::new(self.literals), self.uses)
    }
}
