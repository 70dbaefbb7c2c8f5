//! What a code, symbol, number or key means: `pitfall explain`.
//!
//! A term is tried as it stands, then as another spelling of a number (hex, unsigned, exit status, four-character code), then as a slip of the pen.

use crate::knowledge::{Catalogue, Code, Entry, Knowledge, Test, number, signed};
use std::collections::BTreeSet;

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

/// Every meaning of `term`, best first; empty where nothing is known.
#[must_use]
pub fn explain(knowledge: &Knowledge, term: &str) -> Vec<Explained> {
    let catalogue = knowledge.catalogue();
    let term = term.trim().trim_matches(['"', '\'', '`']);
    let mut found = exactly(catalogue, term);
    if found.is_empty() {
        found = nearly(catalogue, term);
    }
    let mut seen = BTreeSet::new();
    found.retain(|entry| seen.insert((entry.domain.clone(), entry.code.clone(), entry.name.clone())));
    found.into_iter().map(|entry| Explained { also: spellings(entry), pitfalls: pages(knowledge, entry), entry: entry.clone() }).collect()
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

/// The pages about an entry: those it names, then those whose `code:` patterns name it.
fn pages(knowledge: &Knowledge, entry: &Entry) -> Vec<String> {
    let mut ids: Vec<String> = entry.pitfalls.iter().filter_map(|id| knowledge.page(id)).map(|page| page.id.clone()).collect();
    let same = |other: &&Entry| other.domain == entry.domain && other.code == entry.code;
    for page in knowledge.pages() {
        let names_it = page
            .patterns
            .iter()
            .any(|pattern| matches!(&pattern.test, Test::Code(spec) if knowledge.catalogue().resolve(&spec.0).iter().any(same)));
        if names_it && !ids.contains(&page.id) {
            ids.push(page.id.clone());
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{embedded, embedded_codes};
    use std::sync::LazyLock;

    static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::load(embedded(), embedded_codes(), vec![]));

    fn first(term: &str) -> Option<(String, String)> {
        explain(&KNOWLEDGE, term).first().map(|one| (one.entry.domain.clone(), one.entry.name.clone().unwrap_or_default()))
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
        assert!(explain(&KNOWLEDGE, "zzzzqqqq").is_empty());
        assert!(explain(&KNOWLEDGE, "").is_empty());
    }

    #[test]
    fn a_code_leads_to_its_pages() {
        let found = explain(&KNOWLEDGE, "-34018");
        assert!(found[0].pitfalls.iter().any(|id| id == "keychain-entitlement-missing"), "{:?}", found[0].pitfalls);
    }
}
