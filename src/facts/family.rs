//! What a family of facts is, and how the families are run over a line.

use super::{
    Fact, Kind, context, crash, entitlement, errors, exit_status, http, libraries, loose, mentions, oauth, osstatus, posix, sandbox,
    statuses, symbols, tcc, tls, transcripts, web,
};
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
    /// Whether a digit must stand close behind the trigger: most lines that say `error` hold no code, and need no closer look.
    pub numbered: bool,
}

/// What a literal announces: a family, and in families that are tables the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    family: u8,
    row: u8,
    behind: Behind,
}

/// What must stand behind a trigger for its line to be worth a closer look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    Anything,
    /// A digit, close.
    Digit,
    /// What can join a domain to its code or name.
    Code,
}

/// What was announced on a line.
#[derive(Debug, Clone, Copy, Default)]
pub struct Announced {
    families: u64,
    rows: [u64; TABLES],
}

/// Families that are tables come first, so that their number is their place in [`Announced::rows`].
const TABLES: usize = 2;
/// A digit this close behind a trigger may be its number.
const CLOSE: usize = 24;

impl Announced {
    /// Takes note of a trigger that ends at `end` of `text`.
    pub fn add(&mut self, trigger: Trigger, text: &[u8], end: usize) {
        let worth = match trigger.behind {
            Behind::Anything => true,
            Behind::Digit => has_digit(text, end),
            Behind::Code => leads_to_code(text, end),
        };
        if !worth {
            return;
        }
        self.families |= 1 << trigger.family;
        if let Some(rows) = self.rows.get_mut(usize::from(trigger.family)) {
            *rows |= 1 << trigger.row;
        }
    }

    /// Whether nothing was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.families == 0
    }
}

/// Whether a digit stands in the last two bytes of the trigger or close behind it, on the same line.
fn has_digit(text: &[u8], end: usize) -> bool {
    let window = text.get(end.saturating_sub(2)..text.len().min(end + CLOSE)).unwrap_or(&[]);
    let line = window.iter().skip(2).position(|b| *b == b'\n').map_or(window.len(), |at| at + 2);
    window.iter().take(line).any(u8::is_ascii_digit)
}

/// Whether a code or a name may belong to the domain that ends at `end`: `Error.canceled`, `Error 4`, `Error (error -4)`; not the name of a
/// subsystem with a message behind it.
fn leads_to_code(text: &[u8], end: usize) -> bool {
    const REACH: usize = 96;
    const SUFFIX: &[u8] = b"domain";
    const WORDS: [&[u8]; 12] =
        [b"err", b"code", b"fehler", b"raw", b"fout", b"fel ", b"feil", b"fejl", b"virhe", b"chyba", b"hiba", b"galat"];
    let rest = text.get(end..).unwrap_or(&[]);
    let suffix = rest.get(..SUFFIX.len()).is_some_and(|word| word.eq_ignore_ascii_case(SUFFIX));
    let rest = if suffix { rest.get(SUFFIX.len()..).unwrap_or(&[]) } else { rest };
    if matches!(rest, [b'.', ..] | [b'(', b'.', ..]) {
        return true;
    }
    let gap = rest.iter().take(REACH).position(|b| b.is_ascii_digit() || *b == b'\n').unwrap_or(rest.len().min(REACH));
    let gap = rest.get(..gap).unwrap_or(&[]);
    let holds = |word: &[u8]| gap.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    !gap.is_ascii() || !gap.iter().any(u8::is_ascii_alphabetic) || WORDS.into_iter().any(holds)
}

/// All families; where two speak of the same place, the earlier one is believed.
static FAMILIES: &[&Family] = &[
    &context::CIRCUMSTANCES,
    &context::FRAMEWORKS,
    &errors::NS_ERROR,
    &errors::KEYED,
    &errors::DOMAIN_FIRST,
    &osstatus::FAMILY,
    &tls::FAMILY,
    &statuses::FAMILY,
    &statuses::SCRIPTS,
    &libraries::FAMILY,
    &loose::INTERNAL,
    &loose::WORDS,
    &exit_status::FAMILY,
    &exit_status::ECHO,
    &exit_status::SIGNALS,
    &posix::FAMILY,
    &http::NAMES,
    &http::FAMILY,
    &oauth::FAMILY,
    &web::FAMILY,
    &sandbox::FAMILY,
    &tcc::FAMILY,
    &crash::FAMILY,
    &transcripts::VERDICTS,
    &transcripts::STORE,
    &transcripts::INSTALL,
    &transcripts::FLAGS,
    &entitlement::FAMILY,
    &context::PLATFORMS,
    &mentions::APIS,
    &mentions::IDENTIFIERS,
    &mentions::URLS,
    &loose::BARE,
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
    /// The rows of each table that were announced.
    pub(super) rows: [u64; TABLES],
}

impl<'a> Scope<'a> {
    /// The part `range` of line `line`.
    #[must_use]
    pub fn new(document: &'a Document, line: usize, range: Range<usize>) -> Self {
        Self { document, text: clip(document.text(), range.clone()), start: range.start, line, rows: [0; TABLES] }
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

    /// The literals that announce facts, with what each announces.
    pub fn triggers(&self) -> impl Iterator<Item = (String, Trigger)> + '_ {
        let trigger =
            |at: usize, row: usize, behind| Trigger { family: u8::try_from(at).unwrap_or(0), row: u8::try_from(row).unwrap_or(0), behind };
        let fixed = FAMILIES.iter().enumerate().flat_map(move |(at, family)| {
            // A trigger that holds its number itself needs none behind it.
            let behind =
                |word: &str| if family.numbered && !word.bytes().any(|b| b.is_ascii_digit()) { Behind::Digit } else { Behind::Anything };
            family.triggers.iter().map(move |word| ((*word).to_owned(), trigger(at, 0, behind(word))))
        });
        let rows = context::row_triggers().map(move |(table, row, word)| (word.to_owned(), trigger(table, row, Behind::Anything)));
        // A domain in any spelling announces a number near it.
        let first = FAMILIES.iter().position(|family| std::ptr::eq(*family, &raw const errors::DOMAIN_FIRST)).unwrap_or(0);
        let domains = self.catalogue.domains().filter(|(spelling, domain)| spelling.len() >= 6 && errors::is_error_domain(domain));
        fixed.chain(rows).chain(domains.map(move |(spelling, _)| (spelling.to_owned(), trigger(first, 0, Behind::Code))))
    }

    /// Spellings of codes that are looked for in every text: symbols, sentences, numbers that only one code has.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        self.spellings.literals()
    }

    /// The spellings by which any text tells this error, written as a page names it; lower case, in order. Numbers that several codes have are
    /// not among them: those are read with their domain.
    #[must_use]
    pub fn spellings_of(&self, code: &str) -> Vec<&str> {
        let mut found: Vec<&str> = self.catalogue.resolve(code).into_iter().flat_map(|entry| self.spellings.of(entry)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The facts of a line: `announced` is what stands there, `spelled` the places of code spellings.
    #[must_use]
    pub fn line(&self, scope: &Scope<'_>, announced: &Announced, spelled: &[(usize, usize)]) -> Vec<Fact> {
        let mut facts = Vec::new();
        let scope = &Scope { rows: announced.rows, ..scope.clone() };
        for (at, family) in FAMILIES.iter().enumerate() {
            if announced.families & (1 << at) != 0 {
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
    if facts.len() < 2 {
        return facts;
    }
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
            let mut announced = Announced::default();
            for (word, trigger) in EXTRACTOR.triggers() {
                for (at, _) in lower.match_indices(word.as_str()) {
                    announced.add(trigger, lower.as_bytes(), at + word.len());
                }
            }
            let spelled: Vec<_> = EXTRACTOR
                .spellings()
                .flat_map(|spelling| {
                    lower.match_indices(spelling).map(|(at, word)| (scope.start + at, scope.start + at + word.len())).collect::<Vec<_>>()
                })
                .collect();
            found.extend(EXTRACTOR.line(&scope, &announced, &spelled));
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

    /// Reads every line of a table of forms and says which are not read as they should be: what must be there as `domain:code` (`;` between
    /// several), or `!domain` for what must not, or `-` for no code at all; a tab; the text with `\\n` for line breaks.
    pub(crate) fn table(rows: &str) {
        let rows: Vec<(&str, String)> = rows
            .lines()
            .filter(|row| !row.is_empty() && !row.starts_with('#'))
            .filter_map(|row| row.split_once('\t'))
            .map(|(want, text)| (want, text.replace("\\\\", "\0").replace("\\n", "\n").replace('\0', "\\")))
            .collect();
        assert!(rows.len() >= 5, "a table of {} forms", rows.len());
        let wrong: Vec<String> = rows.iter().filter_map(|(want, text)| misread(want, text)).collect();
        assert!(wrong.is_empty(), "{} of {} forms:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    }

    fn misread(want: &str, text: &str) -> Option<String> {
        let shown = |fact: &Fact| {
            let code = fact.code.as_ref().map_or(String::new(), Code::to_string);
            format!("{}:{code}", fact.domain.as_deref().unwrap_or("?"))
        };
        let found: Vec<String> = facts(text).iter().filter(|fact| fact.code.is_some()).map(shown).collect();
        let has = |wanted: &str| found.iter().any(|one| one == wanted);
        let good = match want.strip_prefix('!') {
            Some(no) => !found.iter().any(|one| one == no || one.rsplit_once(':').is_some_and(|(domain, _)| domain == no)),
            None if want == "-" => found.is_empty(),
            None => want.split(';').all(has),
        };
        (!good).then(|| format!("wants {want}, has {found:?}: {text}"))
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

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_no_code() {
        super::testing::table(include_str!("forms/none.txt"));
    }
}
