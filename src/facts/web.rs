//! `DOMException`s, as `WebAuthn` and the web's crypto interfaces throw them.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::{Catalogue, Code};
use crate::pattern::Pattern;
use std::sync::LazyLock;

pub(super) static FAMILY: Family = Family {
    triggers: &[
        "notallowederror",
        "securityerror",
        "invalidstateerror",
        "notsupportederror",
        "aborterror",
        "constrainterror",
        "unknownerror",
        "encodingerror",
        "dataerror",
        "operationerror",
        "notreadableerror",
        "timeouterror",
        "error_",
        "timed out or was not allowed",
        "cancelled by the user",
        "gesture is not detected",
        "document is not focused",
        "not a registrable domain suffix",
        "excludecredentials list",
        "request is already pending",
        "of the allowed credentials",
        "same as its ancestors",
        "not support public key credentials",
    ],
    read,
    numbered: false,
};

static NAME: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?P<name>(?:NotAllowed|Security|InvalidState|NotSupported|Abort|Constraint|Unknown|Encoding|Data|Operation|NotReadable|Timeout)Error)\b",
    )
});
const NAMES: &[&str] = &[
    "NotAllowedError",
    "SecurityError",
    "InvalidStateError",
    "NotSupportedError",
    "AbortError",
    "ConstraintError",
    "UnknownError",
    "EncodingError",
    "DataError",
    "OperationError",
    "NotReadableError",
    "TimeoutError",
];

/// What browsers say, and the codes of a widespread library, with the exception that it is.
const SENTENCES: &[(&str, &str)] = &[
    ("operation either timed out or was not allowed", "NotAllowedError"),
    ("request has been cancelled by the user", "NotAllowedError"),
    ("user gesture is not detected", "NotAllowedError"),
    ("document is not focused", "NotAllowedError"),
    ("not the same as its ancestors", "NotAllowedError"),
    ("recognized any of the allowed credentials", "NotAllowedError"),
    ("not a registrable domain suffix", "SecurityError"),
    ("matches an entry of the excludecredentials list", "InvalidStateError"),
    ("a request is already pending", "OperationError"),
    ("not support public key credentials", "NotSupportedError"),
    ("error_ceremony_aborted", "AbortError"),
    ("error_invalid_rp_id", "SecurityError"),
    ("error_invalid_domain", "SecurityError"),
    ("error_authenticator_previously_registered", "InvalidStateError"),
    ("error_authenticator_no_supported_pubkeycredparams_alg", "NotSupportedError"),
    ("error_authenticator_missing_discoverable_credential_support", "ConstraintError"),
    ("error_authenticator_missing_user_verification_support", "ConstraintError"),
    ("error_authenticator_general_error", "UnknownError"),
];

/// The exceptions that sentences stand for, where no name of one stands on the line.
fn read_sentences(scope: &Scope<'_>, facts: &mut Vec<Fact>) {
    let lower = scope.text.to_ascii_lowercase();
    for (sentence, name) in SENTENCES {
        let named = facts.iter().any(|fact| fact.kind == Kind::WebAuthn && fact.name.as_deref() == Some(name));
        if let Some(at) = lower.find(sentence).filter(|_| !named) {
            let fact = Fact::new(Kind::WebAuthn, scope.start + at, scope.start + at + sentence.len());
            facts.push(fact.coded(Some("DOMException"), Code::Text((*name).to_owned())).named(*name));
        }
    }
}

fn read(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    read_names(scope, facts);
    read_sentences(scope, facts);
}

fn read_names(scope: &Scope<'_>, facts: &mut Vec<Fact>) {
    for hit in NAME.find_all(scope.text) {
        let written = hit.group("name");
        let Some(name) = NAMES.iter().find(|name| name.eq_ignore_ascii_case(written)) else { continue };
        facts.push(
            Fact::new(Kind::WebAuthn, scope.start + hit.start, scope.start + hit.end)
                .coded(Some("DOMException"), Code::Text((*name).to_owned()))
                .named(*name),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::of;
    use super::super::family::testing::table;
    use crate::facts::Kind;

    #[test]
    fn names_of_exceptions() {
        assert_eq!(
            of(Kind::WebAuthn, "Uncaught (in promise) NotAllowedError: This request has been cancelled by the user."),
            ["NotAllowedError"]
        );
        assert!(of(Kind::WebAuthn, "MyUnknownErrorHandler").is_empty());
    }

    #[test]
    fn every_form() {
        table(include_str!("forms/web.txt"));
    }
}
