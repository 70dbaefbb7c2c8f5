//! Which threads ask the same: by the rare terms, codes, symbols and pages that they share, never by likeness alone, which puts hundreds of
//! chance pairs above a true one.
//!
//! A fingerprint holds a thread's terms. The [`Book`] counts in how many threads a term stands, keeps for each term the threads that had it
//! last, and so finds candidates at a cost that does not grow with the queue.

use super::thread::{Thread, hash};
use crate::engine::Glance;
use crate::facts::{Fact, Kind as FactKind};
use crate::knowledge::{Confidence, Severity};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

/// The version of the terms; a fingerprint of another one is made again.
pub const VERSION: u32 = 1;

/// What kind of term, the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Page,
    Code,
    Symbol,
    Word,
}

impl Sort {
    /// What a term of this kind weighs before its rarity is counted in.
    fn weight(self) -> f32 {
        match self {
            Self::Code => 2.0,
            Self::Page | Self::Symbol => 1.6,
            Self::Word => 1.0,
        }
    }

    fn of(term: u32) -> Self {
        match term & 3 {
            0 => Self::Page,
            1 => Self::Code,
            2 => Self::Symbol,
            _ => Self::Word,
        }
    }
}

/// The terms of a thread: as numbers that are kept, and, where it was just made, as they are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fingerprint {
    terms: Vec<u32>,
    shown: BTreeMap<u32, String>,
}

/// Terms other than words, and words, that a fingerprint holds at most.
const TELLING: usize = 40;
const WORDS: usize = 72;

impl Fingerprint {
    /// The fingerprint of a thread.
    #[must_use]
    pub fn of(thread: &Thread, glance: &Glance) -> Self {
        let mut out = Self::default();
        for page in glance.found.iter().filter(|page| page.confidence < Confidence::Possible && page.severity != Severity::Noise).take(3) {
            out.add(Sort::Page, &page.id, &page.id);
        }
        for (sort, name, shown) in glance.facts.iter().filter_map(telling) {
            if out.terms.len() < TELLING {
                out.add(sort, &name, &shown);
            }
        }
        let text = [thread.title.as_str(), crate::text::clip(&thread.body, 0..8 << 10)];
        for word in text.iter().flat_map(|text| words(text)).filter(|word| is_symbol(word)) {
            if out.terms.len() < TELLING {
                out.add(Sort::Symbol, &word.to_lowercase(), word);
            }
        }
        let limit = out.terms.len() + WORDS;
        for word in text.iter().flat_map(|text| words(text)).filter(|word| !is_symbol(word)) {
            let lower = word.to_lowercase();
            if out.terms.len() < limit && is_telling(&lower) {
                out.add(Sort::Word, stem(&lower), &lower);
            }
        }
        out.terms.sort_unstable();
        out
    }

    /// A fingerprint as it was kept.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let terms = bytes.chunks_exact(4).filter_map(|four| Some(u32::from_le_bytes(four.try_into().ok()?))).collect();
        Self { terms, shown: BTreeMap::new() }
    }

    /// What is kept of it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.terms.iter().flat_map(|term| term.to_le_bytes()).collect()
    }

    fn add(&mut self, sort: Sort, name: &str, shown: &str) {
        #[allow(clippy::cast_possible_truncation)] // 30 bits of the hash are kept, two say what kind of term it is
        let term = (hash(name) as u32 & !3) | sort as u32;
        if self.shown.insert(term, shown.to_owned()).is_none() {
            self.terms.push(term);
        }
    }
}

/// The term of a fact, if it tells threads apart: kind, name and how it is shown.
fn telling(fact: &Fact) -> Option<(Sort, String, String)> {
    let name = fact.name.clone().unwrap_or_default();
    let code = fact.code.as_ref().map(ToString::to_string).unwrap_or_default();
    match fact.kind {
        FactKind::Error | FactKind::ExitStatus => {
            let domain = fact.domain.as_deref().unwrap_or("").rsplit('.').next().unwrap_or("").to_owned();
            let shown =
                if name.is_empty() { format!("{domain} {code}").trim().to_owned() } else { format!("{name} {code}").trim().to_owned() };
            (!code.is_empty() || !name.is_empty()).then(|| (Sort::Code, format!("{domain} {code} {name}"), shown))
        }
        FactKind::OAuth | FactKind::WebAuthn | FactKind::Crash => (!name.is_empty()).then(|| (Sort::Code, name.clone(), name)),
        FactKind::Api | FactKind::Entitlement | FactKind::UsageKey => (!name.is_empty()).then(|| (Sort::Symbol, name.to_lowercase(), name)),
        _ => None,
    }
}

/// The words of a text, without the punctuation around them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace()
            || matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '"' | '“' | '”' | '`' | ',' | ';' | '=' | '|' | '/')
    })
    .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
    .filter(|word| word.len() >= 3 && word.len() <= 80)
}

/// Whether a word is a name from code: inner capitals, digits among letters, dots or underscores inside.
fn is_symbol(word: &str) -> bool {
    let bytes = word.as_bytes();
    let inner_capital = bytes.windows(2).any(|two| matches!(two, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()));
    let joined =
        bytes.iter().any(|byte| matches!(byte, b'_' | b'.' | b':')) && bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count() >= 5;
    word.len() >= 6 && (inner_capital || joined)
}

/// Words that every other thread has.
const COMMON: &str = "\
    about above access account actual actually add added after again all already also always and another any anyone app appear appears \
    apple application apps are ask back because been before being below both but call called calling calls can cannot case change \
    changed check checked code confirm confirmed correct correctly could create created current currently developer developers device \
    devices did different does doesn don done due each edit either enable enabled error errors even every everything example expected \
    experience fail failed failing fails feature few find fine first fix following for forum found from get gets getting gives going got \
    guidance guys had happen happens has have having hello help here hey how however implement implementation implemented info \
    information insight insights instead into ios ipad iphone issue issues its just know last latest let like line log logs look looks \
    mac macos made make many may maybe message method more much multiple must need needs new not now off one only other our out over own \
    page please possible problem project properly question questions real really recently result return returned returns run running \
    same second see seems seen set should show shows simple since some someone something specific start started step steps still support \
    sure system team test tested testing than thank thanks that the their them then there these they thing things this those through \
    time tried true false try trying two understand unable under until update updated use used user users uses using value version \
    versions very via want was way well were what when where whether which while who why will with within without work working works \
    would wrong xcode yes yet you your";

static COMMON_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON.split_whitespace().collect());

fn is_telling(lower: &str) -> bool {
    lower.chars().any(char::is_alphabetic) && !COMMON_SET.contains(lower)
}

fn stem(word: &str) -> &str {
    ["ing", "ed", "es", "s"].iter().find_map(|ending| word.strip_suffix(ending)).filter(|stem| stem.len() >= 4).unwrap_or(word)
}

/// A thread that shares terms with another.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared {
    /// Its number in the book.
    pub at: u32,
    /// How much of what tells the two apart from others they share, 0 to 1; only to put several in order.
    pub score: f32,
    /// The shared terms as they are shown, the most telling first.
    pub terms: Vec<String>,
    /// How many more they share.
    pub more: usize,
}

impl Shared {
    /// The evidence as a sentence.
    #[must_use]
    pub fn why(&self) -> String {
        let terms = self.terms.iter().map(|term| format!("`{term}`")).collect::<Vec<_>>().join(", ");
        if self.more > 0 { format!("both have {terms}, and {} more rare terms in common", self.more) } else { format!("both have {terms}") }
    }
}

/// In how many threads a term stands, and which had it last.
#[derive(Debug, Default)]
struct Posting {
    count: u32,
    last: Vec<u32>,
}

/// Threads kept of one term: of a common one the latest.
const KEPT: usize = 48;
/// Terms by which candidates are sought: the rarest.
const SOUGHT: usize = 28;
/// Candidates that are compared term by term.
const COMPARED: usize = 12;
/// Shared terms shown.
const SHOWN: usize = 6;
/// Threads are as if there were so many more, in which no term stands: in a queue of twenty no word is rare.
const UNSEEN: f32 = 40.0;
/// How quickly a term loses weight as the queue grows, as a power: of 2 000 threads a term may stand in one of ten, of 100 000 in one of a hundred.
const COMMONNESS: f32 = 0.6;
/// Shared weight below which two threads have too little in common, however little else they say: about two rare terms.
const ENOUGH: f32 = 15.0;

/// The fingerprints of a queue.
#[derive(Debug, Default)]
pub struct Book {
    prints: Vec<Box<[u32]>>,
    postings: HashMap<u32, Posting>,
}

impl Book {
    /// How many fingerprints it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.prints.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prints.is_empty()
    }

    /// Adds a fingerprint; its number is the count of those before it.
    pub fn add(&mut self, print: &Fingerprint) {
        let at = u32::try_from(self.prints.len()).unwrap_or(u32::MAX);
        for term in &print.terms {
            let posting = self.postings.entry(*term).or_default();
            posting.count += 1;
            if posting.last.len() >= KEPT {
                posting.last.remove(0);
            }
            posting.last.push(at);
        }
        self.prints.push(print.terms.clone().into_boxed_slice());
    }

    /// The weight of a term: of its kind, times its rarity. What stands in many threads weighs nothing, and the larger the queue, the rarer
    /// a term has to be.
    fn weight(&self, term: u32) -> f32 {
        let count = self.postings.get(&term).map_or(0, |posting| posting.count);
        let threads = self.prints.len() as f32 + UNSEEN;
        let rarity = (threads / (count as f32 + 1.0)).ln() - COMMONNESS * (threads / UNSEEN).ln();
        Sort::of(term).weight() * rarity.max(0.0)
    }

    fn norm(&self, terms: &[u32]) -> f32 {
        terms.iter().map(|term| self.weight(*term).powi(2)).sum::<f32>().sqrt().max(0.001)
    }

    /// The threads that ask the same as this one, most shared first; itself is left out where it is in the book as number `own`.
    #[must_use]
    pub fn similar(&self, print: &Fingerprint, own: Option<u32>) -> Vec<Shared> {
        let mut weighed: Vec<(u32, f32)> = print.terms.iter().map(|term| (*term, self.weight(*term))).collect();
        weighed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut sums: HashMap<u32, f32> = HashMap::new();
        for (term, weight) in weighed.iter().take(SOUGHT) {
            for at in self.postings.get(term).map_or(&[][..], |posting| &posting.last) {
                *sums.entry(*at).or_default() += weight * weight;
            }
        }
        let mut candidates: Vec<(u32, f32)> = sums.into_iter().filter(|(at, _)| Some(*at) != own).collect();
        candidates.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        candidates.truncate(COMPARED);
        let norm = self.norm(&print.terms);
        let mut found: Vec<Shared> = candidates.iter().filter_map(|(at, _)| self.compare(print, norm, &weighed, *at)).collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.at.cmp(&b.at)));
        found
    }

    /// The two compared term by term; none where they are not near enough.
    fn compare(&self, print: &Fingerprint, norm: f32, weighed: &[(u32, f32)], at: u32) -> Option<Shared> {
        let other = self.prints.get(at as usize)?;
        let shared: Vec<(u32, f32)> =
            weighed.iter().filter(|(term, weight)| *weight > 0.0 && other.binary_search(term).is_ok()).copied().collect();
        let sum: f32 = shared.iter().map(|(_, weight)| weight * weight).sum();
        let score = sum / (norm * self.norm(other));
        let telling = shared.iter().filter(|(term, _)| Sort::of(*term) != Sort::Word).count();
        let enough = sum >= ENOUGH && shared.len() >= 3 && (score >= SAME_WORDS || score >= SAME_TERMS && telling >= 2);
        if !enough {
            return None;
        }
        let mut terms: Vec<(u32, f32)> = shared;
        terms.sort_by(|a, b| {
            (Sort::of(a.0) == Sort::Word).cmp(&(Sort::of(b.0) == Sort::Word)).then(b.1.total_cmp(&a.1)).then(a.0.cmp(&b.0))
        });
        let shown: Vec<String> = terms.iter().filter_map(|(term, _)| print.shown.get(term).cloned()).take(SHOWN).collect();
        Some(Shared { at, score, more: terms.len().saturating_sub(shown.len()), terms: shown })
    }
}

/// Shared weight from which two threads count as the same: by words alone, and where at least two codes, symbols or pages are among it.
const SAME_WORDS: f32 = 0.55;
const SAME_TERMS: f32 = 0.45;

#[cfg(test)]
mod tests {
    use super::*;

    fn print(title: &str, body: &str) -> Fingerprint {
        Fingerprint::of(&Thread { title: title.into(), body: body.into(), ..Thread::default() }, &Glance::default())
    }

    #[test]
    fn common_words_tell_nothing() {
        assert!(COMMON.split_whitespace().all(|word| !is_telling(word) && word == word.to_lowercase()));
        assert!(is_telling("keychain") && is_telling("gopher") && !is_telling("1001"));
    }

    #[test]
    fn a_reworded_question_is_found_by_its_rare_terms_which_are_shown() {
        let mut book = Book::default();
        for (title, body) in [
            ("Keychain after restore", "SecItemCopyMatching returns nothing after restoring a backup on a gopher phone"),
            (
                "AAGUID zeros",
                "My ASCredentialProviderViewController sets an aaguid but webauthn.io shows zeros for every passkey registration",
            ),
            ("Codesign hangs", "codesign over ssh waits for a password dialog which nobody sees"),
        ] {
            book.add(&print(title, body));
        }
        let asked = print(
            "aaguid overwritten",
            "With ASCredentialProviderViewController the aaguid that webauthn.io receives at registration of the passkey is all zeros",
        );
        let found = book.similar(&asked, None);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].at, 1);
        assert!(found[0].terms.iter().any(|term| term == "ASCredentialProviderViewController") && found[0].why().contains("webauthn.io"));
        let other = print("Face ID in a widget", "The widget cannot ask for biometrics, is that by design?");
        assert!(book.similar(&other, None).is_empty());
    }

    #[test]
    fn likeness_in_common_words_is_no_duplicate() {
        let mut book = Book::default();
        let polite = "Hello, we are getting an error when we call this method on a real device. We have tested multiple devices. Please help, thanks";
        for at in 0..20 {
            book.add(&print(&format!("Issue number {at}"), polite));
        }
        assert!(book.similar(&print("Another issue", &format!("{polite} SecTrustEvaluate")), None).is_empty());
    }

    #[test]
    fn a_kept_fingerprint_is_the_same() {
        let print = print("AAGUID zeros", "ASCredentialProviderViewController and webauthn.io");
        let kept = Fingerprint::from_bytes(&print.to_bytes());
        assert_eq!(kept.terms, print.terms);
        assert!(Fingerprint::from_bytes(&[1, 2, 3]).terms.is_empty());
    }
}
