//! Whether a token was signed with a key that is given beside it: a key set, a public key, or the `.p8` itself, of which the public half is used.

use super::jwt::{Kind, Token};
use super::keys::KnownKey;
use super::signature::Scheme;
use super::{Artifact, Context};

/// Verifies the signature with the keys given; says nothing where there are none.
pub(super) fn check(token: &Token, artifact: &mut Artifact, context: &Context) {
    let keys: Vec<&KnownKey> = context.given.keys.of_tokens().collect();
    let (Some(signature), Some(alg)) = (&token.signature, token.head("alg")) else { return };
    if keys.is_empty() {
        return;
    }
    let page = page(token);
    let fitting: Vec<&KnownKey> = keys.iter().filter(|known| known.key.fits(alg)).copied().collect();
    let Some(scheme) = Scheme::of_alg(alg).filter(|_| !fitting.is_empty()) else {
        artifact.unknown(
            "jwt.verified",
            page,
            format!("alg is {alg}; none of the keys given ({}) can make such a signature.", kinds(&keys)),
        );
        return;
    };
    let verifies = |known: &KnownKey| known.key.verifies(scheme, token.signed.as_bytes(), signature);
    let named = |known: &KnownKey| known.id.as_ref().map_or(known.from.clone(), |id| format!("{id} of {}", known.from));
    let kid = token.head("kid");
    let own = fitting.iter().find(|known| known.id.is_some() && known.id.as_deref() == kid);
    match (own, fitting.iter().find(|known| verifies(known))) {
        (Some(own), _) if verifies(own) => {
            artifact.pass("jwt.verified", format!("The signature was made with the key {}, which kid names.", named(own)));
        }
        (_, Some(other)) if other.id.is_some() && kid.is_some() => artifact.fail(
            "jwt.verified",
            page,
            format!("The signature was made with the key {}, but kid is {}.", named(other), kid.unwrap_or("")),
        ),
        (_, Some(other)) => artifact.pass("jwt.verified", format!("The signature was made with the key {}.", named(other))),
        (Some(own), None) => artifact.fail(
            "jwt.verified",
            page,
            format!("kid is {}, but the signature was not made with that key of {}.", kid.unwrap_or(""), own.from),
        ),
        (None, None) => artifact.fail(
            "jwt.verified",
            page,
            format!(
                "The signature was made with none of the {} keys given that could ({}); kid is {}.",
                fitting.len(),
                super::values::listed(&fitting.iter().map(|known| named(known)).collect::<Vec<_>>()),
                kid.unwrap_or("absent")
            ),
        ),
    }
}

fn kinds(keys: &[&KnownKey]) -> String {
    let mut all: Vec<&str> = keys.iter().map(|known| known.key.kind()).collect();
    all.sort_unstable();
    all.dedup();
    super::values::listed(&all)
}

fn page(token: &Token) -> &'static str {
    match token.kind() {
        Kind::ClientSecret => "client-secret-wrong-key-or-kid",
        Kind::IdentityToken | Kind::Notification => "jwks-wrong-key-selected",
        Kind::Provider | Kind::MusicKit | Kind::WeatherKit => "devicecheck-jwt-rejected",
        _ => "",
    }
}
