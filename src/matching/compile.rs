//! Making the matcher: which literal announces what.

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

/// A `fact:` pattern, ready to be held against facts.
#[derive(Debug)]
pub(super) struct FactPattern {
    pub id: PatternId,
    fields: Vec<(String, Vec<String>)>,
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

/// Everything that is looked for, ready to scan.
#[derive(Debug)]
pub struct Matcher {
    pub(super) extractor: Extractor,
    pub(super) literals: Literals,
    /// Where the patterns of each page begin in a list of all patterns, and its length.
    pub(super) offsets: Arc<Vec<usize>>,
    pub(super) uses: Vec<Uses>,
    pub(super) regexes: HashMap<PatternId, Pattern>,
    by_code: HashMap<String, HashMap<Code, Vec<PatternId>>>,
    by_kind: HashMap<Kind, Vec<FactPattern>>,
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
            regexes: HashMap::new(),
            by_code: HashMap::new(),
            by_kind: HashMap::new(),
        };
        for (at, page) in knowledge.pages().iter().enumerate().filter(|(_, page)| page.status != Status::Retired) {
            for (number, pattern) in page.patterns.iter().enumerate() {
                let id = PatternId::new(at, number);
                match &pattern.test {
                    Test::Text { needles, regex } => {
                        for needle in needles {
                            table.entry(&straight(needle)).needles.push(id);
                        }
                        if let Some(regex) = regex {
                            matcher.regexes.insert(id, Pattern::new(&straight(regex)));
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
                    Test::Fact(test) => {
                        for kind in test.kind.split(',').filter_map(Kind::parse) {
                            let lower = |values: &Vec<String>| values.iter().map(|value| value.to_lowercase()).collect();
                            let fields = test.fields.iter().map(|(field, values)| (field.clone(), lower(values))).collect();
                            matcher.by_kind.entry(kind).or_default().push(FactPattern { id, fields });
                        }
                    }
                }
            }
        }
        (matcher.literals, matcher.uses) = table.finish();
        matcher
    }

    /// The spellings by which any text tells this error; see [`Extractor::spellings_of`].
    #[must_use]
    pub fn spellings_of(&self, code: &str) -> Vec<&str> {
        self.extractor.spellings_of(code)
    }

    /// The patterns that this fact satisfies.
    pub(super) fn patterns_of(&self, fact: &Fact) -> Vec<PatternId> {
        let mut found = Vec::new();
        if matches!(fact.kind, Kind::Error | Kind::OAuth | Kind::WebAuthn | Kind::ExitStatus)
            && let (Some(domain), Some(code)) = (&fact.domain, &fact.code)
        {
            found.extend(self.by_code.get(domain).and_then(|codes| codes.get(code)).into_iter().flatten());
        }
        let kind = self.by_kind.get(&fact.kind).into_iter().flatten();
        found.extend(kind.filter(|pattern| pattern.accepts(fact)).map(|pattern| pattern.id));
        found
    }
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
