//! Codes that stand as a word, a sentence, or a number that only one code has: `errSecMissingEntitlement`, `A required entitlement isn't
//! present.`, `-25300`, `4294941996`, `0xffff9d2c`.

use super::{Fact, Kind, Scope};
use crate::knowledge::{Catalogue, Code, Entry};
use std::collections::{BTreeSet, HashMap};

/// The domain of Security's status codes.
pub(super) const OSSTATUS: &str = "NSOSStatusErrorDomain";

/// Spellings with what they stand for.
#[derive(Debug)]
pub(super) struct Spellings {
    meaning: HashMap<String, Vec<(String, Option<Code>, Option<String>)>>,
}

impl Spellings {
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let mut meaning: HashMap<String, Vec<_>> = HashMap::new();
        for entry in catalogue.entries().iter().filter(|entry| super::errors::is_error_domain(&entry.domain)) {
            let cases: Vec<String> =
                entry.name.iter().chain(&entry.also).filter(|word| is_case(word)).map(|word| word.to_lowercase()).collect();
            let words = catalogue.text_spellings(entry).into_iter().filter(|word| telling(word) && !cases.contains(word));
            let spellings: BTreeSet<String> = words.chain(numbers(entry)).collect();
            for spelling in spellings {
                meaning.entry(spelling).or_default().push((entry.domain.clone(), entry.code.clone(), entry.name.clone()));
            }
        }
        for entries in meaning.values_mut() {
            // A number that Security has is Security's; other domains with that number are named where they are meant.
            if entries.iter().any(|(domain, ..)| domain == OSSTATUS) {
                entries.retain(|(domain, ..)| domain == OSSTATUS);
            }
            entries.truncate(1 + usize::from(entries.len() == 2));
        }
        Self { meaning }
    }

    /// The spellings that stand for this entry, in order.
    pub(super) fn of(&self, entry: &Entry) -> Vec<&str> {
        let meant = |(domain, code, name): &(String, Option<Code>, Option<String>)| {
            *domain == entry.domain && *code == entry.code && *name == entry.name
        };
        let mut found: Vec<&str> = self.meaning.iter().filter(|(_, all)| all.iter().any(meant)).map(|(word, _)| word.as_str()).collect();
        found.sort_unstable();
        found
    }

    pub(super) fn literals(&self) -> impl Iterator<Item = &str> {
        self.meaning.keys().map(String::as_str)
    }

    /// The codes spelled at `start..end` of the document.
    pub(super) fn read(&self, scope: &Scope<'_>, start: usize, end: usize, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
        let text = scope.document.text();
        if !stands_alone(text, start, end) {
            return;
        }
        let word = crate::text::clip(text, start..end).to_lowercase();
        for (domain, code, name) in self.meaning.get(&word).into_iter().flatten() {
            let number = word.parse::<i64>().is_ok();
            let claimed = facts.iter().any(|known| {
                known.kind == Kind::Error
                    && known.domain.is_some()
                    && known.start <= start
                    && end <= known.end
                    && (known.code == *code || number)
            });
            if claimed {
                continue;
            }
            let kind = match domain.as_str() {
                "OAuth" => Kind::OAuth,
                "DOMException" => Kind::WebAuthn,
                _ => Kind::Error,
            };
            let mut fact = Fact::new(kind, start, end);
            fact.domain = Some(domain.clone());
            fact.code = code.clone().or_else(|| name.clone().map(Code::Text));
            fact.name.clone_from(name);
            facts.push(fact);
        }
    }
}

/// Whether a spelling is the bare case of a Swift enumeration, such as `serverUnavailable`: a word that other libraries have too.
fn is_case(word: &str) -> bool {
    let constant = word.starts_with("err") || word.starts_with('k') && word.chars().nth(1).is_some_and(char::is_uppercase);
    word.starts_with(|c: char| c.is_ascii_lowercase()) && word.bytes().all(|b| b.is_ascii_alphanumeric()) && !constant
}

/// Whether a lower-case spelling says enough to be looked for in any text.
fn telling(word: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "errsec",
        "errssl",
        "errauth",
        "cssmerr",
        "ns",
        "kcf",
        "la",
        "as",
        "dc",
        "tk",
        "ak",
        "ksec",
        "err_",
        "kparam",
        "msal",
        "fir",
        "oid",
        "sc",
        "cl",
        "ph",
        "cn",
        "rb",
        "os",
        "ae",
        "kax",
        "kdns",
        "kae",
        "errae",
        "se",
        "hk",
        "gid",
        "kio",
        "kern_",
        "sqlite_",
        "cb",
        "av",
        "ek",
        "un",
        "ck",
        "wk",
        "sk",
        "sm",
        "ne",
        "nf",
        "ksm",
        "oss",
        "bootstrap_",
    ];
    if word.contains(' ') {
        return word.split(' ').count() >= 3 && word.len() >= 16;
    }
    let long = word.len() >= 9;
    long && (word.contains('.') && !word.contains("..")
        || word.contains("error") && word.len() >= 12
        || PREFIXES.iter().any(|prefix| word.starts_with(prefix)) && word.len() >= 11)
}

/// Numbers that are known anywhere: negative ones of five digits and more, and the unsigned and hex forms of large ones.
fn numbers(entry: &Entry) -> Vec<String> {
    let Some(Code::Number(number)) = entry.code else { return Vec::new() };
    let mut spellings = Vec::new();
    let status = entry.domain == OSSTATUS && number <= -1000;
    if status || number.abs() >= 0x1_0000 {
        let bits = i32::try_from(number).map(i32::cast_unsigned).or_else(|_| u32::try_from(number));
        spellings.extend(bits.iter().map(|bits| format!("0x{bits:08x}")));
        spellings.extend(bits.iter().filter(|_| number < 0).map(ToString::to_string));
        if status && number <= -25_000 {
            // A status that was widened without its sign.
            spellings.push(number.cast_unsigned().to_string());
            spellings.push(format!("0x{:016x}", number.cast_unsigned()));
        }
    }
    if number <= -10_000 || number >= 0x1_0000 || number <= -7000 && entry.domain == "AKAuthenticationError" {
        spellings.push(number.to_string());
    }
    spellings
}

/// Whether the bytes around a spelling belong to another word or number.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let digits = bytes.get(start).is_some_and(|b| *b == b'-' || b.is_ascii_digit());
    let before = start.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    let after = bytes.get(end).copied();
    let free_before = before.is_none_or(|b| {
        !word(b) && !(digits && (b == b'.' || b == b'-')) || digits && b == b'n' && start >= 2 && bytes.get(start - 2) == Some(&b'\\')
    });
    let decimal = digits && after == Some(b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    let free_after = after.is_none_or(|b| !(word(b) || digits && b == b'-' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit)));
    free_before && free_after && !decimal
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::codes;
    use super::super::family::testing::table;

    #[test]
    fn every_spelling_of_a_status() {
        for text in [
            "errSecItemNotFound",
            "status -25300",
            "(4294941996)",
            "0xffff9d2c",
            "0xFFFF9D2C",
            "code:-25300,",
            "The specified item could not be found in the keychain.",
        ] {
            assert_eq!(codes(text), ["NSOSStatusErrorDomain:-25300"], "{text}");
        }
    }

    #[test]
    fn a_number_inside_another_is_none() {
        for text in ["1-25300-7", "x-253001", "1.4294941996", "a0xffff9d2c", "-25300.5", "uuid 12ab-25300-44"] {
            assert!(codes(text).is_empty(), "{text}: {:?}", codes(text));
        }
    }

    #[test]
    fn every_form() {
        table(include_str!("forms/symbols.txt"));
    }
}
