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
pub const VERSION: u8 = 2;

/// What kind of term, the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Page,
    Code,
    Symbol,
    Word,
}

impl Sort {
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
        let spelled = Self::spelled(glance);
        for word in text.iter().flat_map(|text| words(text)).filter(|word| is_symbol(word)) {
            // An error's name or domain is told by its code already; told twice it would count twice.
            if out.terms.len() < TELLING && !spelled.contains(&word.to_lowercase()) {
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

    /// How the errors among the terms are spelled: their names and domains, in lower case.
    fn spelled(glance: &Glance) -> HashSet<String> {
        let errors = glance.facts.iter().filter(|fact| {
            matches!(fact.kind, FactKind::Error | FactKind::ExitStatus | FactKind::OAuth | FactKind::WebAuthn | FactKind::Crash)
        });
        errors.flat_map(|fact| [fact.name.as_deref(), fact.domain.as_deref()]).flatten().map(str::to_lowercase).collect()
    }

    /// A fingerprint as it was kept; none where it was made by another version and is to be made again.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (version, terms) = bytes.split_first()?;
        let terms = terms.chunks_exact(4).filter_map(|four| Some(u32::from_le_bytes(four.try_into().ok()?))).collect();
        (*version == VERSION && bytes.len() % 4 == 1).then_some(Self { terms, shown: BTreeMap::new() })
    }

    /// What is kept of it: the version, and the terms.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        std::iter::once(VERSION).chain(self.terms.iter().flat_map(|term| term.to_le_bytes())).collect()
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
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace()
            || matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '"' | '“' | '”' | '`' | ',' | ';' | '=' | '|' | '/')
    })
    .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
    .filter(|word| word.len() >= 3 && word.len() <= 80)
}

/// Whether a word is a name from code: inner capitals, digits among letters, dots or underscores inside.
pub(super) fn is_symbol(word: &str) -> bool {
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

pub(super) fn is_telling(lower: &str) -> bool {
    lower.chars().any(char::is_alphabetic) && !COMMON_SET.contains(lower)
}

pub(super) fn stem(word: &str) -> &str {
    ["ing", "ed", "es", "s"].iter().find_map(|ending| word.strip_suffix(ending)).filter(|stem| stem.len() >= 4).unwrap_or(word)
}

/// A thread that shares terms with another.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared {
    /// Its number in the book.
    pub at: u32,
    /// How much of what tells the two apart from others they share; only to put several in order.
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
const KEPT: usize = 64;
/// Terms by which candidates are sought: the rarest.
const SOUGHT: usize = 12;
/// Candidates that are compared term by term.
const COMPARED: usize = 48;
/// Shared terms shown.
const SHOWN: usize = 6;
/// Threads are as if there were so many more, in which no term stands: in a queue of twenty no word is rare.
const UNSEEN: f32 = 40.0;
/// Threads in which a word stands beyond those that were seen: everybody's words are rare in a small queue, names from code are not.
const WORD_UNSEEN: f32 = 2.0;
/// What a term must be rarer than to weigh anything, as the logarithm of one in so many threads: about one in five.
const COMMON_IN: f32 = 1.5;
/// A term that no other thread has may be the name of the asker's own class; it speaks against a likeness by this part only.
const OWN: f32 = 0.3;
/// However large the queue, such a term weighs no more than this.
const OWN_MOST: f32 = 5.0;
/// Of several shared terms, which often come together (a call and its error), each counts for this part of the one before.
const NEXT: f32 = 0.7;

/// Shared weight from which two threads count as the same; and with less, where nearly all that tells them apart from others is shared.
const ENOUGH: f32 = 4.3;
const ENOUGH_ALIKE: f32 = 3.0;
/// How much of the names from code and of the error codes must be shared, 0 to 1: who has another library at fault asks another question.
const NAMES: f32 = 0.65;
const NAMES_ALIKE: f32 = 0.8;
/// How much of the words must be shared where there is little else.
const WORDS_ALIKE: f32 = 0.5;
/// How much of the codes of the one that has fewer must be shared: the same wrapper around another error is another question.
const CODES: f32 = 0.5;
/// At least one shared term other than a code and its page stands in no more threads than these: so many, or one in so many of the queue.
const RARE: u32 = 3;
const RARE_IN: usize = 100;

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

    fn count(&self, term: u32) -> u32 {
        self.postings.get(&term).map_or(0, |posting| posting.count)
    }

    /// The weight of a term: its rarity. What stands in many threads weighs nothing.
    fn weight(&self, term: u32) -> f32 {
        let unseen = if Sort::of(term) == Sort::Word { WORD_UNSEEN } else { 0.0 };
        let threads = self.prints.len() as f32 + UNSEEN;
        ((threads / (self.count(term) as f32 + 1.0 + unseen)).ln() - COMMON_IN).max(0.0)
    }

    /// The threads that ask the same as this one, most shared first; itself is left out where it is in the book as number `own`.
    #[must_use]
    pub fn similar(&self, print: &Fingerprint, own: Option<u32>) -> Vec<Shared> {
        let mut weighed: Vec<(u32, f32)> =
            print.terms.iter().map(|term| (*term, self.weight(*term))).filter(|(_, weight)| *weight > 0.0).collect();
        weighed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut sums: HashMap<u32, f32> = HashMap::new();
        for (term, weight) in weighed.iter().filter(|(term, _)| self.count(*term) > u32::from(own.is_some())).take(SOUGHT) {
            // A name tells more than a word that is as rare.
            let tells = weight * weight * if Sort::of(*term) == Sort::Word { 1.0 } else { 2.0 };
            for at in self.postings.get(term).map_or(&[][..], |posting| &posting.last) {
                *sums.entry(*at).or_default() += tells;
            }
        }
        let mut candidates: Vec<(u32, f32)> = sums.into_iter().filter(|(at, _)| Some(*at) != own).collect();
        let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if candidates.len() > COMPARED {
            candidates.select_nth_unstable_by(COMPARED, order);
            candidates.truncate(COMPARED);
        }
        let known = 1 + u32::from(own.is_some());
        let mut found: Vec<Shared> = candidates.iter().filter_map(|(at, _)| self.compare(print, known, &weighed, *at)).collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.at.cmp(&b.at)));
        found
    }

    /// The two compared term by term; none where they are not near enough. A term of `print` that stands in fewer than `known` threads of the
    /// book is its own.
    fn compare(&self, print: &Fingerprint, known: u32, weighed: &[(u32, f32)], at: u32) -> Option<Shared> {
        let other = self.prints.get(at as usize)?;
        let shared: Vec<(u32, f32)> = weighed.iter().filter(|(term, _)| other.binary_search(term).is_ok()).copied().collect();
        // A page that a code led to says no more than the code.
        let coded = shared.iter().any(|(term, _)| Sort::of(*term) == Sort::Code);
        let counted = shared.iter().rev().filter(|(term, _)| !(coded && Sort::of(*term) == Sort::Page));
        let strength = counted.fold(0.0, |sum, (_, weight)| weight + NEXT * sum);
        let rare = u32::try_from(self.prints.len() / RARE_IN).unwrap_or(u32::MAX).max(RARE);
        let is_own = |sort: Sort| matches!(sort, Sort::Symbol | Sort::Word);
        if strength < ENOUGH_ALIKE || !shared.iter().any(|(term, _)| is_own(Sort::of(*term)) && self.count(*term) <= rare) {
            return None;
        }
        let sides = [(&*print.terms, known), (&**other, 2)];
        // Where one of them names no code, the pages that rules found tell what went wrong.
        let codes = self.likeness(&shared, sides, |sort| sort == Sort::Code);
        let causes = codes.or_else(|| self.likeness(&shared, sides, |sort| sort == Sort::Page));
        if causes.is_some_and(|causes| causes.of_fewer < CODES) {
            return None;
        }
        let names = self.likeness(&shared, sides, |sort| matches!(sort, Sort::Code | Sort::Symbol)).map(|names| names.of_both);
        let words = self.likeness(&shared, sides, |sort| sort == Sort::Word).map_or(0.0, |words| words.of_both);
        let alike = words >= WORDS_ALIKE && names.is_none_or(|names| names >= NAMES_ALIKE);
        let same_cause = causes.is_some() && strength >= ENOUGH && names.is_some_and(|names| names >= NAMES);
        if !alike && !same_cause {
            return None;
        }
        let mut terms = shared;
        terms.sort_by(|a, b| {
            (Sort::of(a.0) == Sort::Word).cmp(&(Sort::of(b.0) == Sort::Word)).then(b.1.total_cmp(&a.1)).then(a.0.cmp(&b.0))
        });
        let shown: Vec<String> = terms.iter().filter_map(|(term, _)| print.shown.get(term).cloned()).take(SHOWN).collect();
        Some(Shared { at, score: strength, more: terms.len().saturating_sub(shown.len()), terms: shown })
    }

    /// How much of the terms of some sorts two fingerprints share; none where one of them has no such terms. A term that stands in fewer
    /// threads than a side's number is its own.
    fn likeness(&self, shared: &[(u32, f32)], sides: [(&[u32], u32); 2], of: fn(Sort) -> bool) -> Option<Likeness> {
        let common: f32 = shared.iter().filter(|(term, _)| of(Sort::of(*term))).map(|(_, weight)| weight * weight).sum();
        let [a, b] = sides.map(|(terms, known)| {
            let weights = terms.iter().filter(|term| of(Sort::of(**term))).map(|term| {
                let weight = self.weight(*term);
                if self.count(*term) < known { OWN * weight.min(OWN_MOST).powi(2) } else { weight.powi(2) }
            });
            weights.sum::<f32>()
        });
        // A side whose own terms weigh nothing says nothing.
        if a <= f32::EPSILON || b <= f32::EPSILON {
            return None;
        }
        let (a, b) = (a.max(common), b.max(common));
        Some(Likeness { of_both: common / (a * b).sqrt(), of_fewer: common / a.min(b) })
    }
}

/// How much of some terms two fingerprints share, 0 to 1.
#[derive(Debug, Clone, Copy)]
struct Likeness {
    /// Of both together.
    of_both: f32,
    /// Of the one that has less of them.
    of_fewer: f32,
}

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
        let kept = Fingerprint::from_bytes(&print.to_bytes()).unwrap();
        assert_eq!(kept.terms, print.terms);
        let older: Vec<u8> = print.to_bytes().into_iter().skip(1).collect();
        assert!(
            Fingerprint::from_bytes(&[1, 2, 3]).is_none()
                && Fingerprint::from_bytes(&older).is_none()
                && Fingerprint::from_bytes(&[]).is_none()
        );
    }
}
