//! What Apple's servers ask of each kind of token, and what verifiers stumble over in Apple's own.

use super::jwt::{Kind, Time, Token};
use super::values::{date, is_bundle_id, is_team, listed, span};
use super::{Artifact, Context};
use crate::pattern::Pattern;
use serde_json::Value as Json;
use std::sync::LazyLock;

/// The longest life of a client secret and of a `MusicKit` token, in seconds.
const SIX_MONTHS: i64 = 15_777_000;
/// Clocks may differ by this much.
const SKEW: i64 = 120;
const APPLE: &str = "https://appleid.apple.com";

static UUID: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$"));
static USER: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^\d{6}\.[0-9a-f]{32}\.\d{4}$"));
static SHA256: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^[0-9a-f]{64}$"));

/// Whether the token came whole and unharmed.
pub(super) fn form(token: &Token, artifact: &mut Artifact) {
    if !token.encoded {
        artifact.unknown(
            "jwt.form",
            "",
            "These are claims that somebody decoded; whether the token itself is well formed and signed is not to be seen.",
        );
    } else if token.damage.is_empty() {
        artifact.pass("jwt.form", "Three parts of base64url, nothing around them.");
    } else {
        artifact.warn(
            "jwt.form",
            "",
            format!("The token was mended to be read: {}. Sent like this, a server refuses it.", listed(&token.damage)),
        );
    }
}

/// The checks of the token's kind.
pub(super) fn run(token: &Token, artifact: &mut Artifact, context: &Context) {
    match token.kind() {
        Kind::ClientSecret => client_secret(token, artifact, context),
        Kind::IdentityToken => identity_token(token, artifact, context),
        Kind::Notification => notification(token, artifact),
        Kind::AppStoreConnect | Kind::AppStoreServer => store_api(token, artifact, context),
        Kind::Provider | Kind::MusicKit | Kind::WeatherKit => provider(token, artifact, context),
        Kind::StoreSigned | Kind::Other => other(token, artifact, context),
    }
}

fn client_secret(token: &Token, artifact: &mut Artifact, context: &Context) {
    algorithm(token, artifact, "ES256", "client-secret-wrong-aud-or-alg");
    signature(token, artifact, "client-secret-wrong-key-or-kid");
    key_id(token, artifact, "client-secret-wrong-key-or-kid");
    issuer_team(token, artifact, "client-secret-wrong-key-or-kid");
    match token.audiences().as_slice() {
        [APPLE] => artifact.pass("jwt.aud", format!("aud is {APPLE}.")),
        [] => artifact.fail("jwt.aud", "client-secret-wrong-aud-or-alg", format!("aud is absent; it has to be {APPLE}.")),
        other => artifact.fail(
            "jwt.aud",
            "client-secret-wrong-aud-or-alg",
            format!("aud is {}; it has to be {APPLE}, without a path or slash at its end.", listed(other)),
        ),
    }
    match token.claim("sub") {
        None => artifact.fail(
            "jwt.sub",
            "client-secret-sub-differs-from-client-id",
            "sub is absent; it has to be the client_id: the bundle ID for codes of the app, the Services ID for codes of the web.",
        ),
        Some(sub) if is_team(sub) => artifact.fail(
            "jwt.sub",
            "client-secret-sub-differs-from-client-id",
            format!("sub is {sub}, which looks like a team or key ID; it has to be the client_id (bundle ID or Services ID)."),
        ),
        Some(sub) if token.claim("iss").is_some_and(|team| sub.starts_with(&format!("{team}."))) => {
            artifact.fail(
                "jwt.sub",
                "client-secret-sub-differs-from-client-id",
                format!("sub is {sub}, with the team ID before the bundle ID; the client_id has no prefix."),
            );
        }
        Some(sub) if !is_bundle_id(sub) => artifact.warn(
            "jwt.sub",
            "client-secret-sub-differs-from-client-id",
            format!("sub is {sub}, which is no bundle ID or Services ID by its form."),
        ),
        Some(sub) => artifact.pass("jwt.sub", format!("sub is {sub}; the request's client_id has to be the same.")),
    }
    times(token, artifact, context, Some(Life { most: SIX_MONTHS, page: "client-secret-exp-over-6-months" }));
}

fn identity_token(token: &Token, artifact: &mut Artifact, context: &Context) {
    algorithm(token, artifact, "RS256", "");
    match token.head("kid") {
        Some(kid) => artifact.pass("jwt.kid", format!("kid is {kid}; take the key of this name from Apple's key set, not the first one.")),
        None => artifact.fail("jwt.kid", "jwks-wrong-key-selected", "The header has no kid: Apple's identity tokens have one."),
    }
    match token.claim("iss").unwrap_or("") {
        APPLE => artifact.pass("jwt.iss", format!("iss is {APPLE}.")),
        "https://account.apple.com" => artifact.warn(
            "jwt.iss",
            "issuer-mismatch-account-apple-com",
            format!("iss is https://account.apple.com; Apple documents {APPLE}, so a verifier that compares exactly refuses one of them."),
        ),
        other => artifact.fail(
            "jwt.iss",
            "issuer-mismatch-account-apple-com",
            format!("iss is {other}; Apple's tokens have {APPLE}, without a slash at the end."),
        ),
    }
    match token.audiences().as_slice() {
        [] => artifact.fail("jwt.aud", "identity-token-audience-mismatch", "aud is absent."),
        ["host.exp.Exponent"] => artifact.fail("jwt.aud", "expo-go-audience", "aud is host.exp.Exponent: the token was made in Expo Go, not in your app."),
        one => artifact.pass("jwt.aud", format!("aud is {}: the bundle ID for a sign-in in the app, the Services ID for one on the web. The server has to accept this value.", listed(one))),
    }
    match token.claim("sub") {
        Some(sub) if USER.is_match(sub) => {
            artifact.pass("jwt.sub", "sub has the form of a user identifier; it belongs to the team and changes with an app transfer.");
        }
        Some(_) => artifact.warn(
            "jwt.sub",
            "",
            "sub has not the form of Apple's user identifiers (six digits, 32 hexadecimal digits, four digits).",
        ),
        None => artifact.fail("jwt.sub", "", "sub, the user identifier, is absent."),
    }
    nonce(token, artifact);
    booleans(token, artifact);
    times(token, artifact, context, None);
}

fn nonce(token: &Token, artifact: &mut Artifact) {
    match token.claim("nonce") {
        Some(nonce) if SHA256.is_match(nonce) => {
            artifact.pass("jwt.nonce", "nonce has 64 hexadecimal digits: the SHA-256 of the raw nonce was sent, so a verifier has to hash the raw value before it compares.");
        }
        Some(nonce) => artifact.warn("jwt.nonce", "nonce-hash-mismatch", format!("nonce has {} characters and is no SHA-256 in hexadecimal: the raw value was sent. A verifier that hashes (Firebase, Supabase) will not find them equal.", nonce.chars().count())),
        None => artifact.unknown("jwt.nonce", "nonce-hash-mismatch", "There is no nonce: none was sent with the request, or it got lost; a verifier that asks for one refuses this token."),
    }
}

fn booleans(token: &Token, artifact: &mut Artifact) {
    let text: Vec<&str> =
        ["email_verified", "is_private_email"].into_iter().filter(|name| token.claims.get(*name).is_some_and(Json::is_string)).collect();
    if text.is_empty() {
        artifact.pass("jwt.booleans", "email_verified and is_private_email are Booleans or absent; Apple also sends them as strings.");
    } else {
        artifact.warn(
            "jwt.booleans",
            "email-verified-string-or-bool",
            format!("{} came as text; Apple sends strings or Booleans, and a strict decoder fails on one of them.", listed(&text)),
        );
    }
}

fn notification(token: &Token, artifact: &mut Artifact) {
    match token.claims.get("events") {
        Some(Json::String(_)) => artifact.warn(
            "jwt.events",
            "server-notification-events-string",
            "events is a string that holds JSON, as Apple sends it: it has to be decoded a second time.",
        ),
        Some(_) => artifact.pass("jwt.events", "events is an object."),
        None => artifact.fail("jwt.events", "", "events is absent."),
    }
}

fn store_api(token: &Token, artifact: &mut Artifact, context: &Context) {
    let page = if token.kind() == Kind::AppStoreConnect { "devicecheck-key-wrong-kind" } else { "" };
    algorithm(token, artifact, "ES256", page);
    signature(token, artifact, "");
    key_id(token, artifact, "");
    let individual = token.claim("sub") == Some("user");
    match token.claim("iss") {
        Some(issuer) if UUID.is_match(issuer) => artifact.pass("jwt.iss", "iss is an issuer ID (a UUID), as App Store Connect wants it."),
        Some(issuer) if is_team(issuer) => artifact.fail(
            "jwt.iss",
            page,
            format!("iss is {issuer}, a team ID; App Store Connect wants the issuer ID (a UUID) of its keys page."),
        ),
        Some(issuer) => artifact.fail("jwt.iss", "", format!("iss is {issuer}; App Store Connect wants the issuer ID, a UUID.")),
        None if individual => artifact.pass("jwt.iss", "No iss, and sub is user: an individual key."),
        None => {
            artifact.fail(
                "jwt.iss",
                "",
                "iss is absent; it has to be the issuer ID (a UUID), or sub has to be user for an individual key.",
            );
        }
    }
    let most = if token.kind() == Kind::AppStoreServer { 3600 } else { 1200 };
    times(token, artifact, context, Some(Life { most, page: "" }));
}

fn provider(token: &Token, artifact: &mut Artifact, context: &Context) {
    algorithm(token, artifact, "ES256", "devicecheck-jwt-rejected");
    signature(token, artifact, "devicecheck-jwt-rejected");
    key_id(token, artifact, "devicecheck-jwt-rejected");
    issuer_team(token, artifact, "devicecheck-jwt-rejected");
    times(token, artifact, context, Some(Life { most: SIX_MONTHS, page: "devicecheck-jwt-rejected" }));
    let issued = Time::of(token.claims.get("iat").unwrap_or(&Json::Null)).seconds();
    if let (Kind::Provider, Some(now), Some(issued)) = (token.kind(), context.now, issued)
        && now - issued > 3600
    {
        artifact.warn("jwt.age", "", format!("iat is {} ago; APNs refuses tokens older than one hour.", span(now - issued)));
    }
}

fn other(token: &Token, artifact: &mut Artifact, context: &Context) {
    if token.head("alg").is_none_or(|alg| alg.eq_ignore_ascii_case("none")) && token.encoded {
        artifact.fail("jwt.alg", "", "alg is none or absent: nobody signed this token.");
    }
    times(token, artifact, context, None);
}

fn algorithm(token: &Token, artifact: &mut Artifact, wanted: &str, page: &'static str) {
    match token.head("alg") {
        Some(alg) if alg == wanted => artifact.pass("jwt.alg", format!("alg is {alg}.")),
        Some(alg) => artifact.fail("jwt.alg", page, format!("alg is {alg}; it has to be {wanted}.")),
        None if token.header.is_null() => artifact.unknown("jwt.alg", page, format!("The header was not given; alg has to be {wanted}.")),
        None => artifact.fail("jwt.alg", page, format!("The header has no alg; it has to be {wanted}.")),
    }
}

fn key_id(token: &Token, artifact: &mut Artifact, page: &'static str) {
    match token.head("kid") {
        Some(kid) if is_team(kid) && token.claim("iss") == Some(kid) => {
            artifact.fail("jwt.kid", page, format!("kid is {kid}, the same as iss: one is the key ID, the other the team ID."));
        }
        Some(kid) if is_team(kid) => artifact.pass("jwt.kid", format!("kid is {kid}, ten characters.")),
        Some(kid) => artifact.fail(
            "jwt.kid",
            page,
            format!("kid is {kid}, {} characters; a key ID has ten capital letters and digits.", kid.chars().count()),
        ),
        None if token.header.is_null() => {
            artifact.unknown("jwt.kid", page, "The header was not given; kid has to be the ten characters of the key ID.");
        }
        None => artifact.fail("jwt.kid", page, "The header has no kid; it has to be the ten characters of the key ID."),
    }
}

fn issuer_team(token: &Token, artifact: &mut Artifact, page: &'static str) {
    match token.claim("iss") {
        Some(team) if is_team(team) => artifact.pass("jwt.iss", format!("iss is {team}, the form of a team ID.")),
        Some(other) => artifact.fail("jwt.iss", page, format!("iss is {other}; it has to be the team ID, ten capital letters and digits.")),
        None => artifact.fail("jwt.iss", page, "iss is absent; it has to be the team ID."),
    }
}

fn signature(token: &Token, artifact: &mut Artifact, page: &'static str) {
    let Some(bytes) = &token.signature else {
        if token.encoded {
            artifact.fail("jwt.signature", page, "The signature is absent: the third part is empty, cut off or no base64url.");
        }
        return;
    };
    if token.head("alg").is_some_and(|alg| alg != "ES256") {
        return;
    }
    match (bytes.len(), bytes.first()) {
        (64, _) => artifact.pass("jwt.signature", "The signature has 64 bytes, as ES256 wants."),
        (70..=72, Some(0x30)) => artifact.fail(
            "jwt.signature",
            "ecdsa-der-against-raw-signature",
            format!("The signature has {} bytes and is DER; ES256 wants 64 bytes, r and then s.", bytes.len()),
        ),
        (count, _) => artifact.fail(
            "jwt.signature",
            page,
            format!("The signature has {count} bytes; ES256 wants 64, so it is cut off or made by another algorithm."),
        ),
    }
}

/// How long a token may live, and the page for one that lives longer.
struct Life {
    most: i64,
    page: &'static str,
}

fn times(token: &Token, artifact: &mut Artifact, context: &Context, life: Option<Life>) {
    let of = |name: &str| Time::of(token.claims.get(name).unwrap_or(&Json::Null));
    let (issued, expires) = (of("iat"), of("exp"));
    let page = if life.is_some() && token.kind() == Kind::ClientSecret { "client-secret-bad-timestamps" } else { "" };
    for (name, time) in [("iat", &issued), ("exp", &expires)] {
        match time {
            Time::Milliseconds(number) => {
                artifact.fail("jwt.unit", page, format!("{name} is {number}: milliseconds; it has to be in seconds ({}).", number / 1000));
            }
            Time::Text(text) => {
                artifact.fail("jwt.unit", page, format!("{name} is the text \"{text}\"; it has to be a number of seconds."));
            }
            Time::Absent | Time::Seconds(_) => {}
        }
    }
    let needs_exp = matches!(token.kind(), Kind::ClientSecret | Kind::AppStoreConnect | Kind::AppStoreServer | Kind::WeatherKit);
    if needs_exp && expires == Time::Absent {
        artifact.fail("jwt.exp", page, "exp is absent.");
    }
    if issued == Time::Absent && token.kind() != Kind::Other && token.kind() != Kind::StoreSigned {
        artifact.fail("jwt.iat", page, "iat is absent.");
    }
    if let (Time::Seconds(issued), Time::Seconds(expires)) = (&issued, &expires) {
        lifetime(artifact, expires.saturating_sub(*issued), life, page);
    }
    let (Some(now), skew_page) =
        (context.now, if page.is_empty() && token.kind() == Kind::IdentityToken { "id-token-clock-skew" } else { page })
    else {
        return;
    };
    if let Time::Seconds(issued) = issued {
        if issued > now.saturating_add(SKEW) {
            artifact.fail(
                "jwt.iat",
                skew_page,
                format!(
                    "iat is {}, {} in the future: the clock that made it is ahead, or wrote local time.",
                    date(issued),
                    span(issued - now)
                ),
            );
        } else {
            artifact.pass("jwt.iat", format!("iat is {}, in the past.", date(issued)));
        }
    }
    if let Time::Seconds(expires) = expires {
        if expires < now {
            let page = if token.kind() == Kind::ClientSecret { "client-secret-expired" } else { "" };
            artifact.fail("jwt.exp", page, format!("exp is {}: expired {} ago.", date(expires), span(now.saturating_sub(expires))));
        } else {
            artifact.pass("jwt.exp", format!("exp is {}, {} ahead.", date(expires), span(expires.saturating_sub(now))));
        }
    }
}

fn lifetime(artifact: &mut Artifact, seconds: i64, life: Option<Life>, page: &'static str) {
    match life {
        _ if seconds <= 0 => artifact.fail("jwt.lifetime", page, "exp is not after iat."),
        Some(life) if seconds > life.most => artifact.fail(
            "jwt.lifetime",
            life.page,
            format!("exp is {seconds} seconds ({}) after iat; at most {} ({}) are accepted.", span(seconds), life.most, span(life.most)),
        ),
        Some(life) => {
            artifact.pass("jwt.lifetime", format!("exp is {} after iat, at most {} are accepted.", span(seconds), span(life.most)));
        }
        None => artifact.fact("lifetime", span(seconds)),
    }
}
