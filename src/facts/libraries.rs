//! Exceptions of libraries that verify tokens and passkeys: their class says what was wrong.
//!
//! A class counts where its package stands in front of it, or where its name is no other library's.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::{Catalogue, Code};
use crate::pattern::Pattern;
use std::sync::LazyLock;

pub(super) static FAMILY: Family = Family {
    triggers: &[
        "webauthn4j",
        "webauthn.helpers",
        "webauthn::",
        "jwt::",
        "jwt.exceptions",
        "io.jsonwebtoken",
        "com.auth0.jwt",
        "com.nimbusds",
        "oauth2::error",
        "securitytoken",
        "jsonwebtokenerror",
        "tokenexpirederror",
        "notbeforeerror",
        "jwtexpired",
        "jwtclaimvalidationfailed",
        "jwsinvalid",
        "jwssignatureverificationfailed",
        "firebase\\jwt",
        "lcobucci\\jwt",
        "invalidaudienceerror",
        "expiredsignatureerror",
        "invalidissuererror",
        "invalidsignatureerror",
        "pyjwkclient",
        "malformedjwtexception",
        "counterexception",
        "countervalueexception",
        "badoriginexception",
        "badrpidexception",
        "badchallengeexception",
        "badaaguidexception",
        "invalidregistrationresponse",
        "invalidauthenticationresponse",
        "identityproviderexception",
    ],
    read,
    numbered: false,
};

/// A package, or a part of one, and the library it is.
const PACKAGES: &[(&str, &str)] = &[
    (r"(?:com\.)?webauthn4j(?:\.\w+)*\.", "webauthn4j"),
    (r"c\.w\.(?:\w\.)*", "webauthn4j"),
    (r"webauthn\.helpers\.exceptions\.", "py_webauthn"),
    (r"WebAuthn::", "webauthn-ruby"),
    (r"(?:Json)?JWT::", "ruby-jwt"),
    (r"jwt\.exceptions\.", "PyJWT"),
    (r"io\.jsonwebtoken(?:\.\w+)*\.", "jjwt"),
    (r"com\.auth0\.jwt(?:\.\w+)*\.", "java-jwt"),
    (r"com\.nimbusds(?:\.\w+)*\.", "nimbus-jose-jwt"),
    (r"OAuth2::", "oauth2-ruby"),
    (r"Microsoft\.IdentityModel\.Tokens\.", "Microsoft.IdentityModel"),
    (r"Firebase\\+JWT\\+", "php-jwt"),
    (r"Lcobucci\\+JWT\\+(?:\w+\\+)*", "lcobucci/jwt"),
    (r"League\\+OAuth2\\+(?:\w+\\+)*", "league/oauth2-client"),
];

/// Classes that only one library has.
const CLASSES: &[(&str, &str)] = &[
    (r"JsonWebTokenError|TokenExpiredError|NotBeforeError", "jsonwebtoken"),
    (r"JWTExpired|JWTClaimValidationFailed|JWSInvalid|JWSSignatureVerificationFailed|JWTInvalid", "jose"),
    (
        r"InvalidAudienceError|ExpiredSignatureError|InvalidIssuerError|InvalidSignatureError|PyJWKClientError|ImmatureSignatureError",
        "PyJWT",
    ),
    (r"ExpiredJwtException|MalformedJwtException|PrematureJwtException", "jjwt"),
    (r"SecurityToken\w{4,40}Exception", "Microsoft.IdentityModel"),
    (r"MaliciousCounterValueException|Bad(?:Origin|RpId|Challenge|Aaguid|Signature|AttestationStatement)Exception", "webauthn4j"),
    (r"Invalid(?:Registration|Authentication)Response", "py_webauthn"),
];

static CLASS: LazyLock<Pattern> = LazyLock::new(|| {
    let packages: Vec<String> = PACKAGES.iter().enumerate().map(|(at, (package, _))| format!("(?P<p{at}>{package})")).collect();
    let classes: Vec<String> = CLASSES.iter().enumerate().map(|(at, (class, _))| format!("(?P<c{at}>{class})")).collect();
    Pattern::new(&format!(
        r"(?-i)(?:^|[^\w.])(?:(?:{})(?P<class>[A-Z]\w*(?:Error|Exception|Failed|Invalid|Response|Signature|Expired)\b)|(?:{})(?:$|\W))",
        packages.join("|"),
        classes.join("|")
    ))
});

fn read(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in CLASS.find_all(scope.text).take(16) {
        let Some((group, text)) = hit.named.first().copied() else { continue };
        let row: Option<usize> = group.get(1..).and_then(|digits| digits.parse().ok());
        let class = hit.group("class");
        let (library, name) = match row {
            Some(row) if class.is_empty() => (CLASSES.get(row), text),
            Some(row) => (PACKAGES.get(row), class),
            None => continue,
        };
        let Some((_, library)) = library else { continue };
        let end = scope.start + hit.end;
        let fact = Fact::new(Kind::Error, scope.start + hit.start, end).coded(Some(library), Code::Text(name.to_owned())).named(name);
        if !facts.iter().any(|known| known.domain == fact.domain && known.code == fact.code) {
            facts.push(fact);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::table;

    #[test]
    fn every_form() {
        table(include_str!("forms/libraries.txt"));
    }
}
