//! Errors with a domain or a status number, in every form that Apple's frameworks and their wrappers print them.
//!
//! `Error Domain=X Code=N`, `(X error N.)`, `OSStatus -50`, `{"code": "-25300", "domain": "X"}` over several lines, `X(N)`. Underlying errors
//! are facts of their own, marked `nested`.

use super::family::Family;
use super::symbols::OSSTATUS as OSSTATUS_DOMAIN;
use super::{Fact, Kind, Scope, mangled};
use crate::knowledge::{Catalogue, Code, Entry, signed};
use crate::pattern::Pattern;
use std::sync::LazyLock;

/// `Error Domain=NSCocoaErrorDomain Code=4097 "…"`, also with quotes, commas and spaces between.
pub(super) static NS_ERROR: Family = Family {
    triggers: &["domain=", "domain =", "domain: ", "domain:\"", "domain\":", "domain\" :", "domain':", "domain&#61;"],
    read: read_ns_error,
    numbered: false,
};
/// `code` and `domain` as keys of a dictionary, in any order, over several lines.
pub(super) static KEYED: Family = Family {
    triggers: &["code = ", "code=", "\"code\"", "code:", "code :", "'code'", "errorcode", "code\\\":"],
    read: read_keyed,
    numbered: true,
};
/// A domain with a number behind it: `ASAuthorizationError 1001`, `(NSCocoaErrorDomain error 257.)`.
pub(super) static DOMAIN_FIRST: Family =
    Family { triggers: &["errordomain", "error domain", ".error error", ".error code"], read: read_domain_first, numbered: false };

/// Catalogue domains whose entries are words of another kind than errors; families of their own read them.
const NOT_ERRORS: &[&str] = &[
    "entitlement",
    "sandbox operation",
    "tcc service",
    "required reason api",
    "oauth",
    "domexception",
    "http",
    "exit status",
    "signal",
    "itms",
];

/// Whether codes of this domain are errors that this family reads.
pub(super) fn is_error_domain(domain: &str) -> bool {
    !NOT_ERRORS.iter().any(|known| known.eq_ignore_ascii_case(domain))
}

/// Keychain wrappers put an `OSStatus` under a domain of their own.
const OSSTATUS_IN_DISGUISE: &[&str] = &[
    "com.kishikawakatsumi.keychainaccess.error",
    "com.samsoffes.samkeychain",
    "com.samsoffes.sskeychain",
    "swift.keychain.error.domain",
    "adkeychainerrordomain",
    "msidkeychainerrordomain",
    "com.google.iid",
    "osstatus",
    "security",
];

static DOMAIN_CODE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"\bdomain["'\\]*\s*(?:[=:]|&#61;)\s*\\?["'`]?(?P<domain>[A-Za-z][\w.\-]*(?: [\w.\-]+){0,2}?)\\?["'`]?[\s,;)]*(?:&nbsp;|&)?\s*\bcode["'\\]*\s*(?:[=:]|&#61;)\s*\\?["'`]?\(?(?P<code>-?\d{1,20}|0x[0-9a-f]{1,16})\b"#,
    )
});

/// A domain and a code as found in a text.
pub(super) struct Written<'a> {
    pub domain: &'a str,
    pub code: &'a str,
    /// Where they stand, in bytes of the scope's text.
    pub place: (usize, usize),
    /// The error that wraps this one, as `domain:code`; empty where it is only known that there is one.
    pub under: Option<String>,
}

fn read_ns_error(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    let hits: Vec<_> = DOMAIN_CODE.find_all(scope.text).collect();
    let wrappers = Wrappers::of(scope, &hits);
    for hit in &hits {
        let under = wrappers.of_error_at(catalogue, hit.start);
        let before = crate::text::clip(scope.text, hit.start.saturating_sub(90)..hit.start);
        let said = ["NSUnderlyingError", "MultipleUnderlying", "underlying"].iter().any(|word| before.contains(word));
        let under = under.or(said.then(String::new));
        push(
            scope,
            catalogue,
            facts,
            &Written { domain: hit.group("domain"), code: hit.group("code"), place: (hit.start, hit.end), under },
        );
    }
    if let Some(joined) = mangled::joined(scope, hits.last().map_or(0, |hit| hit.end))
        && let Some(hit) = DOMAIN_CODE.find(&joined.text)
    {
        let place = (joined.start, scope.text.len());
        push(scope, catalogue, facts, &Written { domain: hit.group("domain"), code: hit.group("code"), place, under: None });
    }
}

/// The errors of a line and of the lines above it, with the text between them: which error stands inside which one's `UserInfo`.
struct Wrappers<'a> {
    text: &'a str,
    /// Where the line begins in `text`.
    line: usize,
    /// Place of each error, with its domain and code.
    errors: Vec<(usize, usize, &'a str, &'a str)>,
}

impl<'a> Wrappers<'a> {
    /// Descriptions of several errors are printed over so many lines at most.
    const LINES: usize = 8;
    /// So many errors in front of one are asked whether they hold it.
    const NEAR: usize = 8;

    fn of(scope: &Scope<'a>, hits: &[crate::pattern::Hit<'a>]) -> Self {
        let head = hits.first().map_or("", |hit| crate::text::clip(scope.text, 0..hit.start)).trim_start();
        // A line that begins with a time or a word of its own is no part of the description above.
        let continues = ["\"", "{", "(", "Error", "NSUnderlying", "NSMultiple"].iter().any(|start| head.starts_with(start));
        let (first, around) = if continues && hits.len() < Self::NEAR { scope.around(Self::LINES, 0) } else { (scope.start, scope.text) };
        let line = scope.start - first;
        let found = DOMAIN_CODE.find_all(around).map(|hit| (hit.start, hit.end, hit.group("domain"), hit.group("code")));
        Self { text: around, line, errors: found.collect() }
    }

    /// The error whose braces are still open where the line's byte `at` stands.
    fn of_error_at(&self, catalogue: &Catalogue, at: usize) -> Option<String> {
        let at = self.line + at;
        let mut before = self.errors.iter().rev().filter(|(_, end, ..)| *end <= at).take(Self::NEAR);
        let open = |end: usize| {
            let between = crate::text::clip(self.text, end..at).bytes();
            between.fold(0_i32, |depth, byte| depth + i32::from(byte == b'{') - i32::from(byte == b'}')) > 0
        };
        let (.., domain, code) = before.find(|(_, end, ..)| open(*end))?;
        let domain = domain_of(catalogue, domain).unwrap_or(domain);
        let number = crate::knowledge::number(code)?;
        Some(format!("{domain}:{}", if domain == OSSTATUS_DOMAIN { signed(number) } else { number }))
    }
}

/// The full name of a domain in any of the forms in which code prints it: `LAErrorCode`, `Foundation.URLError.Code`, `ENSURLErrorDomain`.
pub(super) fn domain_of<'a>(catalogue: &'a Catalogue, written: &str) -> Option<&'a str> {
    let known = |word: &str| catalogue.domain(word).filter(|domain| is_error_domain(domain));
    let bare = written.trim_end_matches("Code").trim_end_matches('.');
    let last = bare.rsplit('.').next().unwrap_or(bare);
    // React Native puts an `E` in front of the domain in capitals.
    let plain = written.strip_prefix('E').filter(|rest| rest.len() > 8).and_then(known);
    known(written).or_else(|| known(bare)).or_else(|| known(last).filter(|_| last.contains("Error") || last.contains("Status"))).or(plain)
}

/// The entry that a Swift case names: `fileWriteNoPermission` of `CocoaError` is `NSFileWriteNoPermissionError`.
fn case_of<'a>(catalogue: &'a Catalogue, domain: &str, case: &str) -> Option<&'a Entry> {
    let mut letters = case.chars();
    let capital: String = letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect();
    let spellings =
        [case.to_owned(), format!("NS{capital}Error"), format!("NSURLError{capital}"), format!("errSec{capital}"), format!("k{capital}")];
    spellings.iter().find_map(|spelling| catalogue.named(spelling).into_iter().find(|entry| entry.domain == domain))
}

static CODE_KEY: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"\b(?:error|native|ns|status|native_?error)?[_ \-]?code["'\\]*\s*[=:]\s*\\?["']?\(?(?P<code>-?\d{1,20}|0x[0-9a-f]{1,16})\b"#,
    )
});

static DOMAIN_KEY: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r#"\b(?:error|ns|native_?error)?[_\-]?domain["'\\]*\s*[=:]\s*\\?["']?(?P<domain>[A-Za-z][\w.\-]*)"#));

/// The number of a `code` key, with the `domain` key that is nearest to it in the same few lines.
fn read_keyed(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in CODE_KEY.find_all(scope.text) {
        let (start, end) = (scope.start + hit.start, scope.start + hit.end);
        if facts.iter().any(|known| known.kind == Kind::Error && known.start < end && start < known.end) {
            continue;
        }
        let (from, around) = scope.around(4, 4);
        let nearest = DOMAIN_KEY.find_all(around).min_by_key(|domain| {
            let at = from + domain.start;
            at.abs_diff(start)
        });
        let Some(domain) = nearest else {
            bare_number(scope, catalogue, facts, hit.group("code"), (start, end));
            continue;
        };
        let distance = (from + domain.start).abs_diff(start);
        // A domain that breaks off at the end of its line is read with the next one.
        let broken = domain.group("domain").ends_with(['-', '.']) && crate::text::tail(around, domain.end).starts_with('\n');
        let whole = if broken {
            mangled::rejoined(domain.group("domain"), crate::text::tail(around, domain.end))
        } else {
            domain.group("domain").to_owned()
        };
        if distance <= 400 {
            let place = (hit.start, hit.end);
            push(scope, catalogue, facts, &Written { domain: &whole, code: hit.group("code"), place, under: None });
        }
    }
}

/// A number without a domain is a fact where it can only be an `OSStatus`, or where the line names the domain in another way.
fn bare_number(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>, written: &str, place: (usize, usize)) {
    let Some(number) = crate::knowledge::number(written) else { return };
    let status = signed(number);
    if status < 0
        && let Some(entry) = catalogue.in_domain(OSSTATUS_DOMAIN, status)
        && (status <= -1000 || scope.text.contains("Sec") || scope.text.to_lowercase().contains("keychain"))
    {
        let mut fact = Fact::new(Kind::Error, place.0, place.1).coded(Some(OSSTATUS_DOMAIN), Code::Number(status));
        fact.name.clone_from(&entry.name);
        facts.push(fact);
    }
}

static AFTER_DOMAIN: LazyLock<Pattern> = LazyLock::new(|| {
    let words = concat!(
        r"(?:-|–|—)?\s*(?:\(?\b(?:with |has |got )?(?:error|code|fehler|erreur|errore?|erro|fout|fel|feil|fejl|virhe|chyba|hiba|eroare|galat|kesalahan|ralat|hata)s?\b|",
        r"错误(?:码|代码)?|錯誤|エラー(?:コード)?|오류|ошибка|помилка|грешка|błąd|hatası|lỗi|ข้อผิดพลาด|σφάλμα|خطأ|שגיאה|त्रुटि)",
        r#"(?: code| number)?\s*[:=#]?\s*["'`(]*"#,
    );
    Pattern::new(&format!(
        r#"(?P<domain>[A-Za-z][\w.\-]{{2,89}}?\w)["'`]?\s*(?:\(\s*|\[\s*|[:/#,=]\s*|(?:-|–|—)\s+|)(?:(?P<word>{words})|\b(?:raw_?value|_?code)["'`]*\s*[:=]?\s*["'`]*|)(?P<code>(?:-|−|–)?\d{{1,10}})\b(?P<tail>[.%\w]?)"#
    ))
});

/// A known domain, or any word that ends like one, with a number right behind it.
fn read_domain_first(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    read_domain_words(scope, catalogue, facts);
    for hit in AFTER_DOMAIN.find_all(scope.text) {
        let written = hit.group("domain");
        if hit.group("tail").chars().next().is_some_and(|c| c.is_alphanumeric() || c == '%') || !names_a_domain(catalogue, &hit) {
            continue;
        }
        let code = hit.group("code").replace(['−', '–'], "-");
        push(scope, catalogue, facts, &Written { domain: written, code: &code, place: (hit.start, hit.end), under: None });
    }
    if let Some(broken) = mangled::broken(scope)
        && domain_of(catalogue, &broken.domain).is_some()
    {
        let place = (broken.start, scope.text.len());
        push(scope, catalogue, facts, &Written { domain: &broken.domain, code: &broken.code, place, under: None });
    }
}

/// Whether the word in front of a number is a domain: a known one, or one that ends as domains do.
fn names_a_domain(catalogue: &Catalogue, hit: &crate::pattern::Hit<'_>) -> bool {
    let written = hit.group("domain");
    let lower = written.to_lowercase();
    let Some(full) = domain_of(catalogue, written) else {
        return lower.ends_with("errordomain") || lower.contains('.') && lower.ends_with("error");
    };
    // Names that are words of the language are a domain only where the text calls the number an error or knows its meaning.
    let word = !lower.contains("error") && !written.contains('.') && !lower.contains("domain") && !lower.contains("osstatus");
    let number = crate::knowledge::number(hit.group("code"));
    let meant = || number.is_some_and(|number| catalogue.in_domain(full, number).is_some());
    if word { !hit.group("word").is_empty() || number.is_some_and(|n| n < 0) && meant() } else { lower != "authorizationerror" || meant() }
}

static DOMAIN_WORD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?P<domain>[A-Za-z]\w{3,60})(?:\.(?:Code|Error(?:Code)?))?(?:\.(?P<name>[a-zA-Z]\w{2,60})\b|\(\s*(?:(?:code|rawValue|type)\s*:\s*)?\.?(?P<inner>[a-z][A-Za-z]{2,60})\s*[,)])",
    )
});

/// `ASAuthorizationError.canceled`, `AuthorizationErrorCode.unknown`, `LAError(.userCancel)`: a domain in Swift's or Dart's spelling with a
/// name behind it.
fn read_domain_words(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in DOMAIN_WORD.find_all(scope.text) {
        let Some(domain) = domain_of(catalogue, hit.group("domain")) else { continue };
        let name = if hit.group("name").is_empty() { hit.group("inner") } else { hit.group("name") };
        let Some(entry) = case_of(catalogue, domain, name) else { continue };
        let mut fact = Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end);
        fact.domain = Some(domain.to_owned());
        fact.code = entry.code.clone().or_else(|| entry.name.clone().map(Code::Text));
        fact.name.clone_from(&entry.name);
        facts.push(fact);
    }
}

/// Adds an error; one of Security's under another library's domain is both.
pub(super) fn push(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>, written: &Written<'_>) {
    let Some(number) = crate::knowledge::number(written.code) else { return };
    let domain = written.domain.trim_matches(['.', '-', ' ']);
    let full = domain_of(catalogue, domain).unwrap_or(domain).to_owned();
    let number = if full == OSSTATUS_DOMAIN { signed(number) } else { number };
    let (start, end) = (scope.start + written.place.0, scope.start + written.place.1);
    let mut fact = Fact::new(Kind::Error, start, end).coded(Some(&full), Code::Number(number));
    fact.name = catalogue.in_domain(&full, number).and_then(|entry| entry.name.clone());
    if let Some(wrapper) = &written.under {
        fact = fact.with("nested", "yes").with("under", wrapper.as_str());
    }
    let status = signed(number);
    let disguised = full != OSSTATUS_DOMAIN
        && status < 0
        && ((-70_000..=-25_000).contains(&status) || OSSTATUS_IN_DISGUISE.contains(&full.to_lowercase().as_str()));
    let own = catalogue.in_domain(&full, number).is_some();
    let http = (full == "com.google.HTTPStatus").then_some(("HTTP", number));
    let other = http.or_else(|| (disguised && !own).then_some((OSSTATUS_DOMAIN, status)));
    facts.push(fact);
    if let Some((domain, number)) = other
        && let Some(entry) = catalogue.in_domain(domain, number)
    {
        let mut fact =
            Fact::new(Kind::Error, start, end).coded(Some(domain), Code::Number(number)).with("under", format!("{full}:{number}"));
        fact.name.clone_from(&entry.name);
        facts.push(fact);
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::table;
    use super::super::family::testing::{codes, facts};

    #[test]
    fn nserror_descriptions_with_underlying_errors() {
        let text = "Error Domain=NSCocoaErrorDomain Code=4097 \"x\" UserInfo={NSUnderlyingError=0x600 {Error Domain=NSPOSIXErrorDomain Code=1 \"Operation not permitted\"}}";
        let found = codes(text);
        assert!(found.starts_with(&["NSCocoaErrorDomain:4097".to_owned(), "NSPOSIXErrorDomain:1".to_owned()]), "{found:?}");
        assert!(facts(text).iter().any(|fact| fact.field("nested").as_deref() == Some("yes")));
    }

    #[test]
    fn keys_in_any_order_and_over_lines() {
        for text in [
            "Error: {\n    code = \"-34018\";\n    domain = NSOSStatusErrorDomain;\n}",
            "{\"domain\":\"NSOSStatusErrorDomain\",\"code\":\"-34018\"}",
            "{ code: -34018, domain: 'NSOSStatusErrorDomain' }",
            "CFError { domain: \"NSOSStatusErrorDomain\", code: -34018, description: x }",
            "(Domain: \"NSOSStatusErrorDomain\" Code: -34018 ProtocolCode: \"(null)\"",
        ] {
            assert_eq!(codes(text), ["NSOSStatusErrorDomain:-34018"], "{text}");
        }
    }

    #[test]
    fn domain_before_a_number() {
        for (text, want) in [
            (
                "The operation couldn’t be completed. (com.apple.AuthenticationServices.AuthorizationError error 1001.)",
                "com.apple.AuthenticationServices.AuthorizationError:1001",
            ),
            ("(AKAuthenticationError error -7026.)", "AKAuthenticationError:-7026"),
            ("ASAuthorizationError 1004 on a device", "com.apple.AuthenticationServices.AuthorizationError:1004"),
            ("threw ASAuthorizationError.Code.canceled", "com.apple.AuthenticationServices.AuthorizationError:1001"),
            ("(AuthorizationErrorCode.unknown, x)", "com.apple.AuthenticationServices.AuthorizationError:1000"),
            ("09:01 com.apple.devicecheck.error error 3", "com.apple.devicecheck.error:3"),
            ("I get -34018 every time", "NSOSStatusErrorDomain:-34018"),
            ("matching creds.  Error=-25300, query={", "NSOSStatusErrorDomain:-25300"),
            ("Error: (-25293, 'Security Auth Failure", "NSOSStatusErrorDomain:-25293"),
            ("SecItemDelete answers -50 as soon as it is set", "NSOSStatusErrorDomain:-50"),
            ("(OSStatus error -25300.)", "NSOSStatusErrorDomain:-25300"),
            ("(NSOSStatusErrorDomain错误-25300。)", "NSOSStatusErrorDomain:-25300"),
            ("com.example.thing.error error 7", "com.example.thing.error:7"),
        ] {
            assert_eq!(codes(text), [want], "{text}");
        }
    }

    #[test]
    fn numbers_without_or_before_their_domain() {
        assert_eq!(codes("finished with error [-1200] NSURLErrorDomain"), ["NSURLErrorDomain:-1200"]);
        assert_eq!(
            codes("error: 3 error domain: com.apple.AuthenticationServices.WebAuthenticationSession"),
            ["com.apple.AuthenticationServices.WebAuthenticationSession:3"]
        );
        assert_eq!(
            codes("Code: 1000, Domain: com.apple.AuthenticationServices.AuthorizationError"),
            ["com.apple.AuthenticationServices.AuthorizationError:1000"]
        );
        assert_eq!(codes("code: 11, msg: none"), ["?:11"]);
        assert!(codes("error 3.5 percent").is_empty());
    }

    #[test]
    fn errors_that_are_words() {
        assert_eq!(codes("[appCheck/token-error] x"), ["?:appCheck/token-error"]);
        assert_eq!(codes("Error adding record: MissingEntitlement"), ["NSOSStatusErrorDomain:-34018"]);
        assert_eq!(codes("{\"error\": \"a0.session.user_cancelled\"}"), ["?:a0.session.user_cancelled"]);
        assert!(codes("{\"code\": \"hello\"}").is_empty());
    }

    #[test]
    fn disguised_statuses_are_both() {
        let found = codes("Error Domain=com.kishikawakatsumi.KeychainAccess.error Code=-50 \"x\"");
        assert_eq!(found, ["com.kishikawakatsumi.KeychainAccess.error:-50", "NSOSStatusErrorDomain:-50"]);
    }

    #[test]
    fn every_form() {
        table(include_str!("forms/errors.txt"));
    }
}
