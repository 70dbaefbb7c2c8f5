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

fn read(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
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
    use crate::facts::Kind;

    #[test]
    fn names_of_exceptions() {
        assert_eq!(
            of(Kind::WebAuthn, "Uncaught (in promise) NotAllowedError: This request has been cancelled by the user."),
            ["NotAllowedError"]
        );
        assert!(of(Kind::WebAuthn, "MyUnknownErrorHandler").is_empty());
    }
}
