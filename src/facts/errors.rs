//! Errors with a domain or a status number, in every form that Apple's frameworks and their wrappers print them.
//!
//! `Error Domain=X Code=N`, `(X error N.)`, `OSStatus -50`, `{"code": "-25300", "domain": "X"}` over several lines, `X(N)`. Underlying errors
//! are facts of their own, marked `nested`.

use super::family::Family;

use super::symbols::OSSTATUS as OSSTATUS_DOMAIN;

use super::{Fact, Kind, Scope};

use crate::knowledge::{Catalogue, Code, signed};

use crate::pattern::Pattern;

use std::sync::LazyLock;

/// `Error Domain=NSCocoaErrorDomain Code=4097 "…"`, also with quotes, commas and spaces between.
pub(super) static NS_ERROR: Family = Family {
    triggers: &["domain=", "domain =", "domain: ", "domain:\"", "domain\":", "domain\" :", "domain':"],
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
/// Status numbers of few digits, which need a word that says what they are: `OSStatus -50`, `SecItemAdd (-4)`, `err = -36`.
pub(super) static OSSTATUS: Family = Family {
    triggers: &[
        "osstatus", "secitem", "seckey", "keychain", "status", "(-", "error -", "error: -", "error:[-", "code -", "err -", "err=", "err:",
        " -5", " -4", " -3", " -1", " -2", " -9", " -6", " -8", " -0", "ksec",
    ],
    read: read_osstatus,
    numbered: true,
};

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
        r#"\bdomain["'\\]*\s*[=:]\s*\\?["']?(?P<domain>[A-Za-z][\w.\-]*(?: [\w.\-]+){0,2}?)\\?["']?[\s,;)]*\s*\bcode["'\\]*\s*[=:]\s*\\?["']?\(?(?P<code>-?\d{1,12}|0x[0-9a-f]{1,16})\b"#,
    )
});

fn read_ns_error(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in DOMAIN_CODE.find_all(scope.text) {
        let before = crate::text::clip(scope.text, hit.start.saturating_sub(90)..hit.start);
        let nested = before.contains("NSUnderlyingError") || before.contains("MultipleUnderlying") || before.contains("underlying");
        push(scope, catalogue, facts, hit.group("domain"), hit.group("code"), (hit.start, hit.end), nested);
    }
}

static CODE_KEY: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r#"\b(?:error|native|ns|status)?[_ ]?code["'\\]*\s*[=:]\s*\\?["']?\(?(?P<code>-?\d{1,12}|0x[0-9a-f]{1,16})\b"#)
});

static DOMAIN_KEY: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r#"\b(?:error|ns)?domain["'\\]*\s*[=:]\s*\\?["']?(?P<domain>[A-Za-z][\w.\-]*)"#));

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
        if distance <= 400 {
            push(scope, catalogue, facts, domain.group("domain"), hit.group("code"), (hit.start, hit.end), false);
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
    Pattern::new(
        r#"(?P<domain>[A-Za-z][\w.\-]{3,90}?)["'`]?\s*(?:\(\s*|\[\s*|[:/#,=]\s*|-\s+|)(?:\(?\b(?:with |has |got )?(?:error|code|fehler|erreur|错误|錯誤|エラー|오류|ошибка)s?\b(?: code| number)?\s*[:=#]?\s*["'(]*|\bcode\b\s*[:=]?\s*|)(?P<code>-?\d{1,10})\b(?P<tail>[.%\w]?)"#,
    )
});

/// A known domain, or any word that ends like one, with a number right behind it.
fn read_domain_first(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    read_domain_words(scope, catalogue, facts);
    for hit in AFTER_DOMAIN.find_all(scope.text) {
        let written = hit.group("domain");
        let lower = written.to_lowercase();
        let known = catalogue.domain(written).is_some_and(is_error_domain);
        let domain_like = lower.ends_with("errordomain") || lower.contains('.') && lower.ends_with("error");
        if !(known || domain_like) || hit.group("tail").chars().next().is_some_and(|c| c.is_alphanumeric() || c == '%') {
            continue;
        }
        push(scope, catalogue, facts, written, hit.group("code"), (hit.start, hit.end), false);
    }
}

static DOMAIN_WORD: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"\b(?P<domain>[A-Za-z]\w{3,60})(?:\.Code)?\.(?P<name>[a-zA-Z]\w{2,60})\b"));

/// `ASAuthorizationError.canceled`, `AuthorizationErrorCode.unknown`: a domain in Swift's or Dart's spelling with a name behind it.
fn read_domain_words(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in DOMAIN_WORD.find_all(scope.text) {
        let Some(domain) = catalogue.domain(hit.group("domain")).filter(|domain| is_error_domain(domain)) else { continue };
        let Some(entry) = catalogue.named(hit.group("name")).into_iter().find(|entry| entry.domain == domain) else { continue };
        let mut fact = Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end);
        fact.domain = Some(domain.to_owned());
        fact.code = entry.code.clone().or_else(|| entry.name.clone().map(Code::Text));
        fact.name.clone_from(&entry.name);
        facts.push(fact);
    }
}

static STATUS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?P<what>OSStatus|Sec[A-Z]\w+|[\w ]{0,20}(?:status|error|err|result|code|returned|fail(?:ed|s|ure)?))\b(?P<gap>[^\d\n\-]{0,28})(?P<code>-\d{1,5})\b(?P<tail>[.:%\w-]?\d?)",
    )
});

/// A short negative number is an `OSStatus` only where Security or the keychain is spoken of.
fn read_osstatus(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    read_short(scope, catalogue, facts);
    let line = scope.text.to_lowercase();
    for hit in STATUS.find_all(scope.text) {
        let what = hit.group("what").to_lowercase();
        let explicit = what.contains("osstatus") || what.starts_with("sec");
        let about = explicit || ["keychain", "secitem", "seckey", "errsec", "osstatus"].iter().any(|word| line.contains(word));
        let Some(number) = crate::knowledge::number(hit.group("code")) else { continue };
        let known = catalogue.in_domain(OSSTATUS_DOMAIN, number);
        let end = hit.end - hit.group("tail").len();
        let start = end - hit.group("code").len();
        let (start, end) = (scope.start + start, scope.start + end);
        let taken = facts.iter().any(|fact| fact.kind == Kind::Error && fact.start < end && start < fact.end);
        let tail_is_number = hit.group("tail").ends_with(|c: char| c.is_ascii_digit());
        if taken || tail_is_number || !about || known.is_none() && !what.contains("osstatus") {
            continue;
        }
        let mut fact = Fact::new(Kind::Error, start, end).coded(Some(OSSTATUS_DOMAIN), Code::Number(number));
        fact.name = known.and_then(|entry| entry.name.clone());
        facts.push(fact);
    }
}

static SHORT: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?:^|[\s(=>\[:])(?P<code>-\d{1,4})(?:$|[\s).,;:\]!?])"));

/// `-50` alone is an `OSStatus` in a sentence about the keychain.
fn read_short(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    if !["SecItem", "kSec", "SecKey", "keychain", "Keychain"].iter().any(|word| scope.text.contains(word)) {
        return;
    }
    for hit in SHORT.find_all(scope.text) {
        let Some(number) = crate::knowledge::number(hit.group("code")) else { continue };
        let Some(entry) = catalogue.in_domain(OSSTATUS_DOMAIN, number) else { continue };
        let (start, end) = (scope.start + hit.start, scope.start + hit.end);
        if facts.iter().any(|known| known.kind == Kind::Error && known.domain.is_some() && known.start < end && start < known.end) {
            continue;
        }
        let mut fact = Fact::new(Kind::Error, start, end).coded(Some(OSSTATUS_DOMAIN), Code::Number(number));
        fact.name.clone_from(&entry.name);
        facts.push(fact);
    }
}

/// Adds the error `domain`:`code`, found at `place` of the scope's text.
pub(super) fn push(
    scope: &Scope<'_>,
    catalogue: &Catalogue,
    facts: &mut Vec<Fact>,
    domain: &str,
    code: &str,
    place: (usize, usize),
    nested: bool,
) {
    let Some(number) = crate::knowledge::number(code) else { return };
    let written = domain.trim_matches(['.', '-', ' ']);
    let full = catalogue.domain(written).unwrap_or(written).to_owned();
    let number = if full == OSSTATUS_DOMAIN { signed(number) } else { number };
    let (start, end) = (scope.start + place.0, scope.start + place.1);
    let mut fact = Fact::new(Kind::Error, start, end).coded(Some(&full), Code::Number(number));
    fact.name = catalogue.in_domain(&full, number).and_then(|entry| entry.name.clone());
    if nested {
        fact = fact.with("nested", "yes");
    }
    let status = signed(number);
    let disguised = full != OSSTATUS_DOMAIN
        && status < 0
        && ((-70_000..=-25_000).contains(&status) || OSSTATUS_IN_DISGUISE.contains(&full.to_lowercase().as_str()));
    let own = catalogue.in_domain(&full, number).is_some();
    facts.push(fact);
    if disguised
        && !own
        && let Some(entry) = catalogue.in_domain(OSSTATUS_DOMAIN, status)
    {
        let mut fact = Fact::new(Kind::Error, start, end).coded(Some(OSSTATUS_DOMAIN), Code::Number(status));
        fact.name.clone_from(&entry.name);
        facts.push(fact);
    }
}

#[cfg(test)]
mod tests {
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
    fn short_status_numbers_need_a_reason() {
        assert_eq!(codes("SecItemAdd failed with status -50"), ["NSOSStatusErrorDomain:-50"]);
        assert_eq!(codes("OSStatus error:[-4]"), ["NSOSStatusErrorDomain:-4"]);
        assert_eq!(codes("temperature error -50 degrees"), ["?:-50"]);
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
}
