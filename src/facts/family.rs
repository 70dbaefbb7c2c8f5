//! What a family of facts is, and how the families are run over a line.

use super::{Fact, Kind, context, crash, entitlement, errors, exit_status, http, oauth, posix, sandbox, symbols, tcc, transcripts, web};
use crate::knowledge::Catalogue;
use crate::text::{Document, clip};
use std::ops::Range;
use std::sync::Arc;

/// Facts of one sort, read by one function.
pub(super) struct Family {
    /// Literals, lower case, of which one stands on every line that holds such a fact.
    pub triggers: &'static [&'static str],
    /// Adds the facts that the line holds.
    pub read: fn(&Scope<'_>, &Catalogue, &mut Vec<Fact>),
}

/// All families; where two speak of the same place, the earlier one is believed.
static FAMILIES: &[&Family] = &[
    &errors::NS_ERROR,
    &errors::KEYED,
    &errors::DOMAIN_FIRST,
    &errors::OSSTATUS,
    &errors::INTERNAL,
    &errors::WORDS,
    &exit_status::FAMILY,
    &exit_status::SIGNALS,
    &posix::FAMILY,
    &http::FAMILY,
    &oauth::FAMILY,
    &web::FAMILY,
    &sandbox::FAMILY,
    &tcc::FAMILY,
    &crash::FAMILY,
    &transcripts::VERDICTS,
    &transcripts::STORE,
    &transcripts::INSTALL,
    &entitlement::FAMILY,
    &context::CIRCUMSTANCES,
    &context::PLATFORMS,
    &context::FRAMEWORKS,
    &context::APIS,
    &context::IDENTIFIERS,
    &context::URLS,
    &errors::BARE,
];

/// A line to be read, with a view of what stands around it.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    /// The document.
    pub document: &'a Document,
    /// The line's text, or the part of a very long line that is looked at.
    pub text: &'a str,
    /// Where `text` begins in the document.
    pub start: usize,
    line: usize,
}

impl<'a> Scope<'a> {
    /// The part `range` of line `line`.
    #[must_use]
    pub fn new(document: &'a Document, line: usize, range: Range<usize>) -> Self {
        Self { document, text: clip(document.text(), range.clone()), start: range.start, line }
    }

    /// The text from `before` lines above to `after` lines below, cut to 2 KiB on each side of the line, and where it begins.
    #[must_use]
    pub fn around(&self, before: usize, after: usize) -> (usize, &'a str) {
        const REACH: usize = 2 << 10;
        let first = self.document.line_range(self.line.saturating_sub(before)).start.max(self.start.saturating_sub(REACH));
        let end = self.start + self.text.len();
        let last = self.document.line_range(self.line + after).end.clamp(end, end + REACH);
        let first = crate::text::floor(self.document.text(), first);
        (first, clip(self.document.text(), first..last))
    }

    /// The line above by `n`, empty where there is none.
    #[must_use]
    pub fn above(&self, n: usize) -> &'a str {
        if n > self.line { "" } else { self.document.line(self.line - n) }
    }

    /// The line below by `n`, empty where there is none.
    #[must_use]
    pub fn below(&self, n: usize) -> &'a str {
        self.document.line(self.line + n)
    }
}

/// Reads facts from lines.
#[derive(Debug)]
pub struct Extractor {
    catalogue: Arc<Catalogue>,
    spellings: symbols::Spellings,
}

impl Extractor {
    /// An extractor that knows the codes of this catalogue.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { spellings: symbols::Spellings::new(&catalogue), catalogue }
    }

    /// The triggers of the families, with the family's number.
    pub fn triggers(&self) -> impl Iterator<Item = (usize, String)> + '_ {
        let fixed =
            FAMILIES.iter().enumerate().flat_map(|(at, family)| family.triggers.iter().map(move |trigger| (at, (*trigger).to_owned())));
        // A domain in any spelling announces a number near it.
        let first = FAMILIES.iter().position(|family| std::ptr::eq(*family, &raw const errors::DOMAIN_FIRST)).unwrap_or(0);
        let domains = self.catalogue.domains().filter(|(spelling, _)| spelling.len() >= 6 && errors::is_error_domain(spelling));
        fixed.chain(domains.map(move |(spelling, _)| (first, spelling.to_owned())))
    }

    /// Spellings of codes that are looked for in every text: symbols, sentences, numbers that only one code has.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        self.spellings.literals()
    }

    /// The facts of a line: `families` are those whose trigger stands there, `spelled` the places of code spellings.
    #[must_use]
    pub fn line(&self, scope: &Scope<'_>, families: u64, spelled: &[(usize, usize)]) -> Vec<Fact> {
        let mut facts = Vec::new();
        for (at, family) in FAMILIES.iter().enumerate() {
            if families & (1 << at) != 0 {
                (family.read)(scope, &self.catalogue, &mut facts);
            }
        }
        for (start, end) in spelled {
            self.spellings.read(scope, *start, *end, &self.catalogue, &mut facts);
        }
        settle(facts)
    }
}

/// Drops what says the same of the same place, keeps the rest in the order of the text.
fn settle(facts: Vec<Fact>) -> Vec<Fact> {
    let mut kept: Vec<Fact> = Vec::with_capacity(facts.len());
    let (told, bare): (Vec<_>, Vec<_>) = facts.into_iter().partition(|fact| fact.kind != Kind::Error || fact.domain.is_some());
    for fact in told.into_iter().chain(bare) {
        if !kept.iter().any(|known| covers(known, &fact)) {
            kept.push(fact);
        }
    }
    kept.sort_by_key(|fact| (fact.start, fact.end));
    kept
}

/// Whether `known` already says what `fact` says: the same code over the same text, or the same thing at the same place.
fn covers(known: &Fact, fact: &Fact) -> bool {
    let overlap = known.start < fact.end && fact.start < known.end;
    if known.kind == Kind::Error && fact.kind == Kind::Error && overlap {
        return fact.domain.is_none() || known.code == fact.code && known.domain == fact.domain;
    }
    known.says_the_same(fact) && overlap
}

#[cfg(test)]
pub(super) mod testing {
    //! Reads a text with every family, as tests of the families want it.

    use super::*;
    use crate::knowledge::{Code, embedded_codes};
    use std::sync::LazyLock;

    static EXTRACTOR: LazyLock<Extractor> =
        LazyLock::new(|| Extractor::new(Arc::clone(crate::knowledge::Knowledge::load(vec![], embedded_codes(), vec![]).catalogue())));

    /// Every fact of `text`.
    pub(crate) fn facts(text: &str) -> Vec<Fact> {
        let document = Document::new(text.as_bytes());
        let mut found = Vec::new();
        for line in 0..document.line_count() {
            let scope = Scope::new(&document, line, document.line_range(line));
            let lower = scope.text.to_ascii_lowercase();
            let families =
                EXTRACTOR.triggers().filter(|(_, trigger)| lower.contains(trigger.as_str())).fold(0, |bits, (at, _)| bits | 1 << at);
            let spelled: Vec<_> = EXTRACTOR
                .spellings()
                .flat_map(|spelling| {
                    lower.match_indices(spelling).map(|(at, word)| (scope.start + at, scope.start + at + word.len())).collect::<Vec<_>>()
                })
                .collect();
            found.extend(EXTRACTOR.line(&scope, families, &spelled));
        }
        found
    }

    /// The error codes of `text`, as `domain:code`.
    pub(crate) fn codes(text: &str) -> Vec<String> {
        let shown = |fact: &Fact| {
            format!("{}:{}", fact.domain.as_deref().unwrap_or("?"), fact.code.as_ref().map_or(String::new(), Code::to_string))
        };
        facts(text).iter().filter(|fact| fact.kind == Kind::Error).map(shown).collect()
    }

    /// The facts of one kind, as `name field=value…`.
    pub(crate) fn of(kind: Kind, text: &str) -> Vec<String> {
        let show = |fact: &Fact| {
            let mut out = fact.name.clone().unwrap_or_default();
            for (key, value) in &fact.fields {
                out.extend([" ", key, "=", value]);
            }
            out.trim().to_owned()
        };
        facts(text).iter().filter(|fact| fact.kind == kind).map(show).collect()
    }
}
