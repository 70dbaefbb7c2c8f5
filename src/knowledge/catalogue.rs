//! Error catalogues: what a code means, found by every spelling.

use super::model::Code;
use std::collections::{BTreeMap, HashMap};

/// A code of one domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The domain, in full.
    pub domain: String,
    /// The number or word.
    pub code: Option<Code>,
    /// The symbol.
    pub name: Option<String>,
    /// Other spellings: symbols, Apple's sentence.
    pub also: Vec<String>,
    /// What it means, in our words.
    pub meaning: String,
    /// Pages about it.
    pub pitfalls: Vec<String>,
    /// Where this is written.
    pub source: String,
    /// The file that has it.
    pub path: String,
}

impl Entry {
    /// `DOMAIN:CODE`, or `DOMAIN:NAME` where there is no code.
    #[must_use]
    pub fn label(&self) -> String {
        let code = self.code.as_ref().map(ToString::to_string).or_else(|| self.name.clone()).unwrap_or_default();
        format!("{}:{code}", self.domain)
    }
}

/// All entries, with the ways to find them.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    entries: Vec<Entry>,
    by_number: HashMap<i64, Vec<usize>>,
    by_word: HashMap<String, Vec<usize>>,
    domains: BTreeMap<String, String>,
    prefixes: BTreeMap<String, String>,
}

impl Catalogue {
    /// Adds a domain with its short names and the prefix of its symbols.
    pub fn add_domain(&mut self, domain: &str, short: &[String], prefix: Option<&str>) {
        for name in short.iter().map(String::as_str).chain([domain]) {
            self.domains.insert(name.to_lowercase(), domain.to_owned());
        }
        if let Some(prefix) = prefix {
            self.prefixes.insert(domain.to_owned(), prefix.to_owned());
        }
    }

    /// Adds an entry; its domain should be known by then.
    pub fn add(&mut self, entry: Entry) {
        let at = self.entries.len();
        if let Some(Code::Number(number)) = entry.code {
            self.by_number.entry(number).or_default().push(at);
        }
        for word in self.words(&entry) {
            let known = self.by_word.entry(word).or_default();
            if !known.contains(&at) {
                known.push(at);
            }
        }
        self.entries.push(entry);
    }

    /// Puts an entry in the place of the one with the same domain, code and name; adds it where there is none.
    ///
    /// Says whether there was one.
    pub fn replace(&mut self, entry: Entry) -> bool {
        let same = |known: &Entry| known.domain == entry.domain && known.code == entry.code && known.name == entry.name;
        if let Some(known) = self.entries.iter_mut().find(|known| same(known)) {
            *known = entry;
            return true;
        }
        self.add(entry);
        false
    }

    /// Every spelling of an entry that is a word, as compared.
    fn words(&self, entry: &Entry) -> Vec<String> {
        let mut words = self.text_spellings(entry);
        if let Some(Code::Text(code)) = &entry.code {
            words.push(normal(code));
        }
        words.retain(|word| !word.is_empty());
        words
    }

    /// The spellings of an entry, as compared, that a text may hold: its name, its other names and sentences, its symbol with the
    /// domain's prefix in front.
    #[must_use]
    pub fn text_spellings(&self, entry: &Entry) -> Vec<String> {
        let mut words: Vec<String> = entry.also.iter().map(|word| normal(word)).collect();
        if let Some(name) = &entry.name {
            let name = normal(name);
            if let Some(prefix) = self.prefixes.get(&entry.domain) {
                words.push(format!("{}{name}", normal(prefix)));
            }
            words.push(name);
        }
        words
    }

    /// Every entry, in the order of the files.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The full name of a domain given in any spelling.
    #[must_use]
    pub fn domain(&self, written: &str) -> Option<&str> {
        let lower = written.trim().to_lowercase();
        self.domains.get(&lower).or_else(|| self.domains.get(lower.trim_end_matches("domain"))).map(String::as_str)
    }

    /// Every spelling of every domain, lower case, with its full name.
    pub fn domains(&self) -> impl Iterator<Item = (&str, &str)> {
        self.domains.iter().map(|(spelling, domain)| (spelling.as_str(), domain.as_str()))
    }

    /// The entries with this number, in all domains.
    #[must_use]
    pub fn numbered(&self, number: i64) -> Vec<&Entry> {
        self.by_number.get(&number).into_iter().flatten().filter_map(|at| self.entries.get(*at)).collect()
    }

    /// The entry with this number in this (full) domain.
    #[must_use]
    pub fn in_domain(&self, domain: &str, number: i64) -> Option<&Entry> {
        self.numbered(number).into_iter().find(|entry| entry.domain == domain)
    }

    /// The entries with this symbol, word or sentence, in all domains, case ignored; also `ASAuthorizationError.canceled`.
    #[must_use]
    pub fn named(&self, word: &str) -> Vec<&Entry> {
        let found = |word: &str| self.by_word.get(word).into_iter().flatten().filter_map(|at| self.entries.get(*at));
        let whole: Vec<_> = found(&normal(word)).collect();
        match word.rsplit_once('.') {
            Some((domain, name)) if whole.is_empty() => {
                let domain = self.domain(domain.trim_end_matches(".Code").trim_end_matches(".code"));
                found(&normal(name)).filter(|entry| domain == Some(entry.domain.as_str())).collect()
            }
            _ => whole,
        }
    }

    /// The entries that a `code:` of a page names: a symbol, a number, or `DOMAIN:CODE`.
    #[must_use]
    pub fn resolve(&self, spec: &str) -> Vec<&Entry> {
        let spec = spec.trim();
        // Domains and codes may hold colons themselves.
        let splits = spec.match_indices(':').rev().filter_map(|(at, _)| Some((self.domain(spec.get(..at)?)?, spec.get(at + 1..)?)));
        if let Some((domain, code)) = splits.into_iter().next() {
            let code = code.trim();
            let number = number(code);
            let hit = |entry: &&Entry| entry.domain == domain;
            let by_number: Vec<_> = number.into_iter().flat_map(|n| self.numbered(n)).filter(hit).collect();
            if !by_number.is_empty() {
                return by_number;
            }
            return self.named(code).into_iter().filter(hit).collect();
        }
        match number(spec) {
            Some(number) => self.in_domain("NSOSStatusErrorDomain", number).into_iter().collect(),
            None => self.named(spec),
        }
    }
}

/// A word as it is compared: lower case, quotes straight, no final full stop.
fn normal(word: &str) -> String {
    let word = word.trim().trim_end_matches('.');
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.to_lowercase().replace(['\u{2019}', '\u{2018}'], "'").replace(['\u{201c}', '\u{201d}'], "\"")
}

/// A number in decimal or hex; 32-bit values written unsigned become signed only where they are hex.
#[must_use]
pub fn number(written: &str) -> Option<i64> {
    let written = written.trim();
    if let Some(hex) = written.strip_prefix("0x").or_else(|| written.strip_prefix("0X")) {
        let value = u64::from_str_radix(hex, 16).ok()?;
        return Some(signed(value.cast_signed()));
    }
    written.parse().ok().or_else(|| written.parse::<u64>().ok().map(u64::cast_signed))
}

/// A 32-bit value that was written unsigned, as the signed number it is; other numbers stay.
#[must_use]
pub fn signed(number: i64) -> i64 {
    match u32::try_from(number) {
        Ok(small) if small > 0x7fff_ffff => i64::from(small.cast_signed()),
        _ => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Catalogue {
        let mut catalogue = Catalogue::default();
        catalogue.add_domain("com.apple.devicecheck.error", &["DCError".into()], Some("DCError"));
        let entry = |domain: &str, code, name: &str| Entry {
            domain: domain.into(),
            code: Some(Code::Number(code)),
            name: Some(name.into()),
            also: vec!["It isn’t there.".into()],
            meaning: "m".into(),
            pitfalls: vec![],
            source: "s".into(),
            path: "p".into(),
        };
        catalogue.add(entry("com.apple.devicecheck.error", 3, "invalidKey"));
        catalogue.add_domain("NSOSStatusErrorDomain", &["OSStatus".into()], None);
        catalogue.add(entry("NSOSStatusErrorDomain", -25300, "errSecItemNotFound"));
        catalogue
    }

    #[test]
    fn resolves_every_spelling_of_a_page() {
        let catalogue = sample();
        let number = |spec: &str| catalogue.resolve(spec).first().and_then(|entry| entry.code.clone());
        assert_eq!(number("DCError:3"), Some(Code::Number(3)));
        assert_eq!(number("dcerrordomain:invalidKey"), Some(Code::Number(3)));
        assert_eq!(number("DCErrorInvalidKey"), Some(Code::Number(3)));
        assert_eq!(number("DCError.Code.invalidKey"), Some(Code::Number(3)));
        assert_eq!(number("-25300"), Some(Code::Number(-25300)));
        assert_eq!(number("OSStatus:0xffff9d2c"), Some(Code::Number(-25300)));
        assert_eq!(number("ERRSECITEMNOTFOUND"), Some(Code::Number(-25300)));
        assert_eq!(catalogue.named("it isn't there").len(), 2);
        assert!(catalogue.resolve("errSecNothing").is_empty());
    }
}
