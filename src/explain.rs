//! What a code, symbol, number or key means: `pitfall explain`.
//!
//! A term is tried as it stands, then as another spelling of a number (hex, unsigned, exit status, four-character code), then as a slip of the pen.

use crate::knowledge::{Catalogue, Code, Entry, Knowledge, NamedCodes, embedded_codes, embedded_named_codes, number, signed};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What a term means.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The entry of the catalogue.
    pub entry: Entry,
    /// Other spellings: hex, unsigned, exit status, symbols, sentences.
    pub also: Vec<String>,
    /// Pages about it, by id: those that the entry names and those whose patterns name it.
    pub pitfalls: Vec<String>,
}

/// The domain of Security's status codes.
const OSSTATUS: &str = "NSOSStatusErrorDomain";
/// Domains whose meaning of a word is the one that is mostly meant; libraries repeat their words.
const COMMON: &[&str] = &[OSSTATUS, "OAuth", "entitlement", "sandbox operation", "TCC service", "DOMException"];
/// So many near words are offered for a slip of the pen.
const NEAR: usize = 5;

/// What codes are explained by: the catalogues, and which pages name which code.
#[derive(Debug)]
pub struct Reference {
    catalogue: Arc<Catalogue>,
    /// Of each id and alias the page's id.
    ids: HashMap<String, String>,
    /// Of each code the pages whose patterns name it.
    named: HashMap<(String, Option<Code>), Vec<String>>,
}

impl Reference {
    /// What this knowledge says.
    #[must_use]
    pub fn of(knowledge: &Knowledge) -> Self {
        Self::new(Arc::clone(knowledge.catalogue()), knowledge.named_codes())
    }

    /// What the embedded knowledge says, without reading its pages.
    #[must_use]
    pub fn embedded() -> Self {
        let catalogues = Knowledge::load(Vec::new(), embedded_codes(), Vec::new());
        Self::new(Arc::clone(catalogues.catalogue()), embedded_named_codes())
    }

    fn new(catalogue: Arc<Catalogue>, pages: Vec<NamedCodes>) -> Self {
        let mut ids: HashMap<String, String> = HashMap::with_capacity(pages.len());
        let mut named: HashMap<_, Vec<String>> = HashMap::new();
        for page in &pages {
            for alias in &page.aliases {
                ids.entry(alias.clone()).or_insert_with(|| page.id.clone());
            }
            for entry in page.codes.iter().flat_map(|spec| catalogue.resolve(spec)) {
                let known = named.entry((entry.domain.clone(), entry.code.clone())).or_default();
                if known.last() != Some(&page.id) {
                    known.push(page.id.clone());
                }
            }
        }
        ids.extend(pages.into_iter().map(|page| (page.id.clone(), page.id)));
        Self { catalogue, ids, named }
    }

    /// Every meaning of `term`, best first; empty where nothing is known.
    #[must_use]
    pub fn explain(&self, term: &str) -> Vec<Explained> {
        let term = term.trim().trim_matches(['"', '\'', '`']);
        let mut found = exactly(&self.catalogue, term);
        if found.is_empty() {
            found = nearly(&self.catalogue, term);
        }
        let mut seen = BTreeSet::new();
        found.retain(|entry| seen.insert((entry.domain.clone(), entry.code.clone(), entry.name.clone())));
        found.into_iter().map(|entry| Explained { also: spellings(entry), pitfalls: self.pages(entry), entry: entry.clone() }).collect()
    }

    /// The pages about an entry: those it names, then those whose `code:` patterns name it.
    fn pages(&self, entry: &Entry) -> Vec<String> {
        let mut ids: Vec<String> = entry.pitfalls.iter().filter_map(|id| self.ids.get(id)).cloned().collect();
        for id in self.named.get(&(entry.domain.clone(), entry.code.clone())).into_iter().flatten() {
            if !ids.contains(id) {
                ids.push(id.clone());
            }
        }
        ids
    }
}

fn exactly<'a>(catalogue: &'a Catalogue, term: &str) -> Vec<&'a Entry> {
    let mut found = Vec::new();
    if term.contains(':') && !term.contains("://") {
        found.extend(catalogue.resolve(term));
    }
    if let Some((domain, code)) = term.rsplit_once(' ') {
        found.extend(catalogue.resolve(&format!("{domain}:{code}")));
    }
    let mut named = catalogue.named(term);
    named.sort_by_key(|entry| (!COMMON.contains(&entry.domain.as_str()), entry.domain.clone()));
    found.extend(named);
    let mut numbers: Vec<i64> = number(term).into_iter().flat_map(|n| [n, signed(n)]).collect();
    numbers.extend(four_characters(term));
    let lower = term.to_lowercase();
    if let Some(rest) = lower.strip_prefix("exit status ").or_else(|| lower.strip_prefix("exit code ")) {
        numbers.extend(number(rest));
    }
    for value in numbers {
        let mut here = catalogue.numbered(value);
        here.sort_by_key(|entry| (entry.domain != OSSTATUS, entry.pitfalls.is_empty(), entry.domain.clone()));
        found.extend(here);
    }
    found
}

/// `'!key'`: four characters are a number, as Carbon wrote them.
fn four_characters(term: &str) -> Option<i64> {
    let bytes: [u8; 4] = term.as_bytes().try_into().ok()?;
    let printable = bytes.iter().all(|byte| (0x20..0x7f).contains(byte)) && !bytes.iter().all(u8::is_ascii_digit);
    printable.then(|| i64::from(u32::from_be_bytes(bytes).cast_signed()))
}

/// Words that `term` is a part of, or that it was meant to be.
fn nearly<'a>(catalogue: &'a Catalogue, term: &str) -> Vec<&'a Entry> {
    let term = term.to_lowercase();
    if term.len() < 3 || number(&term).is_some() {
        return Vec::new();
    }
    let mut rated: Vec<(usize, &Entry)> = Vec::new();
    for entry in catalogue.entries() {
        let mut words = catalogue.text_spellings(entry);
        words.extend(entry.code.iter().map(|code| code.to_string().to_lowercase()));
        let rate = |word: &String| {
            if word.starts_with(&term) || word.len() > term.len() && term.len() >= 5 && word.contains(&term) {
                return Some(1 + usize::from(!word.starts_with(&term)));
            }
            let allowed = (term.len() / 5).clamp(1, 4);
            let close = word.len().abs_diff(term.len()) <= allowed;
            close.then(|| strsim::damerau_levenshtein(word, &term)).filter(|distance| *distance <= allowed).map(|distance| 2 + distance)
        };
        if let Some(best) = words.iter().filter_map(rate).min() {
            rated.push((best, entry));
        }
    }
    rated.sort_by_key(|(distance, entry)| {
        (*distance, entry.domain != OSSTATUS, entry.domain.clone(), entry.name.clone(), entry.code.clone())
    });
    let best = rated.first().map_or(0, |(distance, _)| *distance);
    rated.into_iter().take_while(|(distance, _)| *distance <= best + 1).take(NEAR).map(|(_, entry)| entry).collect()
}

/// Other ways to write an entry.
fn spellings(entry: &Entry) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(Code::Number(value)) = entry.code
        && let Ok(small) = i32::try_from(value)
        && small < 0
    {
        out.push(small.cast_unsigned().to_string());
        out.push(format!("0x{:08X}", small.cast_unsigned()));
        if entry.domain == OSSTATUS {
            out.push(format!("exit status {} of /usr/bin/security", small & 0xff));
        }
    }
    out.extend(entry.also.iter().cloned());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::embedded;
    use std::sync::LazyLock;

    static REFERENCE: LazyLock<Reference> = LazyLock::new(|| Reference::of(&Knowledge::load(embedded(), embedded_codes(), vec![])));

    fn first(term: &str) -> Option<(String, String)> {
        REFERENCE.explain(term).first().map(|one| (one.entry.domain.clone(), one.entry.name.clone().unwrap_or_default()))
    }

    #[test]
    fn a_code_may_hold_colons() {
        assert_eq!(first("OpenSSL:DECODER routines::unsupported").map(|(domain, _)| domain).as_deref(), Some("OpenSSL"));
    }

    #[test]
    fn every_spelling_of_one_code() {
        let want = Some((OSSTATUS.to_owned(), "errSecItemNotFound".to_owned()));
        for term in [
            "-25300",
            "errSecItemNotFound",
            "ERRSECITEMNOTFOUND",
            "4294941996",
            "0xffff9d2c",
            "0xFFFF9D2C",
            "OSStatus:-25300",
            "NSOSStatusErrorDomain:-25300",
            "OSStatus -25300",
            "errSecItemNotFond",
        ] {
            assert_eq!(first(term), want, "{term}");
        }
    }

    #[test]
    fn codes_of_other_domains_entitlements_and_words() {
        assert_eq!(first("ASAuthorizationError:1001").unwrap().1, "canceled");
        assert_eq!(first("DCErrorInvalidKey").unwrap().0, "com.apple.devicecheck.error");
        assert_eq!(first("com.apple.security.app-sandbox").unwrap().0, "entitlement");
        assert_eq!(first("invalid_client").unwrap().0, "OAuth");
        assert_eq!(first("file-read-data").unwrap().0, "sandbox operation");
        assert!(REFERENCE.explain("zzzzqqqq").is_empty());
        assert!(REFERENCE.explain("").is_empty());
    }

    #[test]
    fn a_code_leads_to_its_pages() {
        let found = REFERENCE.explain("-34018");
        assert!(found[0].pitfalls.iter().any(|id| id == "keychain-entitlement-missing"), "{:?}", found[0].pitfalls);
    }

    #[test]
    fn without_the_pages_the_same_is_said() {
        let quick = Reference::embedded();
        for entry in REFERENCE.catalogue.entries() {
            let term = entry.name.clone().or_else(|| entry.code.as_ref().map(Code::to_string)).unwrap();
            let shown = |found: Vec<Explained>| format!("{found:?}");
            assert_eq!(shown(quick.explain(&term)), shown(REFERENCE.explain(&term)), "{term}");
        }
    }
}
