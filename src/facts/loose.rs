//! Errors that stand loosely in a text: a number before its domain or without one, an error that is a word, numbers with a vendor's prefix.

use super::errors::{Written, is_error_domain, push};
use super::family::Family;
use super::symbols::OSSTATUS as OSSTATUS_DOMAIN;
use super::{Fact, Kind, Scope, mangled};
use crate::knowledge::{Catalogue, Code, signed};
use crate::pattern::Pattern;
use std::sync::LazyLock;

/// A number in front of its domain, or with no domain at all: `error [-1200] NSURLErrorDomain`, `failed (-9824)`, `code: 11`.
pub(super) static BARE: Family = Family {
    triggers: &[
        "error ",
        "error:",
        "error\":",
        "error[",
        "errors ",
        "code ",
        "code: ",
        "code:",
        "code=",
        "code\":",
        "(-",
        "[-",
        " -1",
        " -2",
        " -3",
        " -6",
        " -9",
        ":-9",
        "close 1",
        "-1001: ",
        "-1003: ",
        "-1004: ",
        "-1005: ",
        "-1009: ",
        "-1022: ",
        "-1200: ",
        "-1202: ",
        "failed: -",
        "errorcode",
        "fehler ",
        "错误",
        "エラー",
    ],
    read: read_bare,
    numbered: true,
};

/// Errors that are words: Firebase's `[appCheck/token-error]`, Chromium's `ERR_…`, a JSON body's `"error": "word"`, .NET's `SecStatusCode`.
pub(super) static WORDS: Family = Family {
    triggers: &[
        "\"error\"",
        "\"code\"",
        "\"reason\"",
        "\"errorcode\"",
        "err_",
        "error_",
        "app_attest_",
        "[i-",
        "][i-",
        "-error]",
        "/invalid-",
        "auth/",
        "appcheck/",
        "secstatuscode",
        "status.",
        "keychainerror.",
        "firebase_auth/",
        "adding record:",
        "getting record:",
        "removing record:",
        "updating record:",
    ],
    read: read_words,
    numbered: false,
};

/// Numbers that a vendor prints with a prefix of its own: `AADSTS500112`, `IDX10501`, `MT1006`.
pub(super) static INTERNAL: Family =
    Family { triggers: &["aadsts", "idx10", "idx2", "mt10", "mt52"], read: read_prefixed, numbered: false };

static PREFIXED: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"\b(?:(?P<aad>AADSTS)(?P<number>\d{4,7})|(?P<idx>IDX\d{5})|(?P<mt>MT\d{4}))"));

fn read_prefixed(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in PREFIXED.find_all(scope.text) {
        let fact = Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end);
        let number = |text: &str| text.parse().map_or_else(|_| Code::Text(text.to_owned()), Code::Number);
        let fact = if !hit.group("aad").is_empty() {
            fact.coded(Some("AADSTS"), number(hit.group("number")))
        } else if !hit.group("idx").is_empty() {
            let word = hit.group("idx").to_uppercase();
            fact.coded(Some("Microsoft.IdentityModel"), Code::Text(word.clone())).named(word)
        } else {
            fact.coded(Some("mtouch"), number(hit.group("mt").trim_start_matches(['M', 'T', 'm', 't'])))
        };
        facts.push(fact);
    }
}

static NUMBER_FIRST: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"(?:^|[^\d:.\-\w])(?:\b(?:error|code|fehler)\b\s*[:=]?\s*)?[\[(]?(?P<code>-?\d{1,10})[\])]?\s*[,;:]?\s*(?:\b(?:error )?domain\b\s*[:=]?\s*)?["'(]?(?P<domain>[A-Za-z][\w.]{5,80}[A-Za-z])"#,
    )
});

static BARE_NUMBER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r#"(?:\b(?:error|err|exception|fehler|errno|close|status)s?(?: code| number)?["'\\]*\s*[:=#]?\s*["'\[(]*(?:\d{1,2}:)?|\bcode["'\\]*\s*(?:[:=#]|is|was)?\s*["'\[(]*|错误(?:码|代码)?[::]?\s*|エラー(?:コード)?[::]?\s*)(?P<code>(?:-|−|–)?\d{1,20})\b(?P<tail>[.:%]?\w?)"#,
        r"|[\[(](?:\d{1,2}:)?(?P<paren>-\d{3,6})(?::[^\])\n]{0,40})?[\])]|(?:^|[\s:])(?P<colon>-\d{4,6}):?(?:\s|$)"
    ))
});

/// A number in front of a known domain is that domain's; one that only stands behind `error` or `code` is told without a domain.
fn read_bare(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in NUMBER_FIRST.find_all(scope.text) {
        if catalogue.domain(hit.group("domain")).is_some_and(is_error_domain) && is_domain_word(hit.group("domain")) {
            let place = (hit.start, hit.end);
            push(scope, catalogue, facts, &Written { domain: hit.group("domain"), code: hit.group("code"), place, under: None });
        }
    }
    if mangled::is_rest(scope, |domain| catalogue.domain(domain).is_some_and(is_error_domain)) {
        return;
    }
    for hit in BARE_NUMBER.find_all(scope.text) {
        let written = [hit.group("code"), hit.group("paren"), hit.group("colon")].concat();
        let (start, end) = (scope.start + hit.start, scope.start + hit.end - hit.group("tail").len());
        let decimal = hit.group("tail").len() > 1 && hit.group("tail").starts_with('.') || hit.group("tail").starts_with('%');
        let taken =
            facts.iter().any(|known| matches!(known.kind, Kind::Error | Kind::ExitStatus) && known.start < end && start < known.end);
        let Some(number) = crate::knowledge::number(&written.replace(['−', '–'], "-")).filter(|_| !decimal && !taken) else { continue };
        let number = signed(number);
        let mut fact = Fact::new(Kind::Error, start, end).coded(None, Code::Number(number));
        // Some numbers belong to one domain only, wherever they stand.
        let known: Vec<_> = catalogue.numbered(number).into_iter().filter(|entry| is_error_domain(&entry.domain)).collect();
        if is_url_error(scope.text, hit.end, &known) {
            fact.domain = Some(URL_ERRORS.to_owned());
            fact.name = known.iter().find(|entry| entry.domain == URL_ERRORS).and_then(|entry| entry.name.clone());
        } else if let [only] = known.as_slice()
            && number.abs() >= 5000
        {
            fact.domain = Some(only.domain.clone());
            fact.name.clone_from(&only.name);
        }
        facts.push(fact);
    }
}

const URL_ERRORS: &str = "NSURLErrorDomain";

/// `-1202: The certificate for this server is invalid.`: a number of the URL loading system with its sentence behind it, as web views and
/// plug-ins print them.
fn is_url_error(line: &str, end: usize, known: &[&crate::knowledge::Entry]) -> bool {
    const SENTENCES: &[&str] = &[
        "certificate for this server",
        "ssl error has occurred",
        "hostname could not be found",
        "connect to the server",
        "request timed out",
        "connection was lost",
        "appears to be offline",
        "app transport security",
        "unsupported url",
    ];
    let behind = crate::text::clip(line, end..crate::text::floor(line, line.len().min(end + 120))).to_ascii_lowercase();
    known.iter().any(|entry| entry.domain == URL_ERRORS) && SENTENCES.iter().any(|sentence| behind.contains(sentence))
}

/// A short name such as `code` or `status` is a word of the sentence, not a domain.
fn is_domain_word(written: &str) -> bool {
    written.contains("Error") || written.contains("Domain") || written.contains('.')
}

static SLUG: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r#"\\?"(?:error|code|errorCode|error_code|reason)\\?"\s*:\s*\\?"(?P<json>[A-Za-z][\w./:\- ]{2,60}?)\\?""#,
        r"|\[(?P<slash>[a-z][A-Za-z_]*/[a-z][a-z\-]{2,40})\]|\[(?P<log>I-[A-Z]{3}\d{6})\]|\b(?:net::)?(?P<err>ERR_[A-Z][A-Z0-9_]{3,50})\b|\b(?P<upper>ERROR_[A-Z][A-Z_]{4,50})\b|\b(?P<attest>app_attest_[a-z_]{3,40})\b"
    ))
});

static STATUS_WORD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?:SecStatusCode(?:\.|:\s*)|\b(?:Keychain(?:Access\.)?)?Status\.|\bKeychainError\.|error (?:adding|getting|removing|updating) record:\s*)(?P<word>[A-Z][A-Za-z]{3,40})\b",
    )
});

fn read_words(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in STATUS_WORD.find_all(scope.text) {
        // The names of .NET are those of Security without their prefix.
        let name = format!("errSec{}", hit.group("word"));
        if let Some(entry) = catalogue.named(&name).into_iter().find(|entry| entry.domain == OSSTATUS_DOMAIN) {
            let mut fact = Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end);
            fact.domain = Some(OSSTATUS_DOMAIN.to_owned());
            fact.code.clone_from(&entry.code);
            fact.name.clone_from(&entry.name);
            facts.push(fact);
        }
    }
    for hit in SLUG.find_all(scope.text) {
        let word = hit.named.first().map(|(_, word)| *word).unwrap_or_default();
        // Flutter puts the package in front: `firebase_auth/invalid-credential`.
        let tail = word.split_once('/').map_or(word, |(_, tail)| tail);
        let known = |word: &str| catalogue.named(word).into_iter().find(|entry| is_error_domain(&entry.domain));
        let entry = known(word).or_else(|| known(tail).filter(|entry| entry.domain.starts_with("FIR")));
        let known = facts.iter().any(|fact| fact.name.as_deref() == Some(word));
        if known || word.is_empty() || hit.named.first().is_some_and(|(group, _)| *group == "json") && !looks_like_an_error(word) {
            continue;
        }
        let mut fact = Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end).named(word);
        fact.domain = entry.map(|entry| entry.domain.clone());
        fact.code = entry.and_then(|entry| entry.code.clone()).or(Some(Code::Text(word.to_owned())));
        facts.push(fact);
    }
}

/// A JSON value that is a word of an API, not a sentence or a plain word.
fn looks_like_an_error(word: &str) -> bool {
    let lower = word.to_lowercase();
    word.contains(['_', '.', '/', '-'])
        || word.bytes().all(|b| b.is_ascii_uppercase())
        || ["invalid", "error", "denied", "cancel", "fail", "expired", "not", "un"].iter().any(|part| lower.contains(part))
}
