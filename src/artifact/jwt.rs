//! JSON Web Tokens: mended where pasting damaged them, decoded, and told apart by who makes them for whom. The checks are in `jwt_checks`.

use super::source::Source;
use super::values::{base64, date, is_bundle_id, is_team, masked_address};
use super::{Artifact, Context, jwt_checks, jwt_signature};
use crate::pattern::Pattern;
use serde_json::Value as Json;
use std::sync::LazyLock;

/// No token of Apple's is nearly so long.
const LARGEST: usize = 256 << 10;

static WHOLE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"(?-i)^(?P<wrap>(?:[Aa]uthorization:)?(?:[Bb]earer:?)?["'`<]*)(?P<token>e[wy][A-Za-z0-9_+/-]{6,}=*(?:\.[A-Za-z0-9_+/-]*=*){1,4})(?P<tail>["'`>,;)]*)$"#,
    )
});
static INSIDE: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?-i)\be[wy][A-Za-z0-9_-]{8,}\.e[wy][A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"));

/// A token, decoded.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) header: Json,
    pub(super) claims: Json,
    /// The signature's bytes; never shown.
    pub(super) signature: Option<Vec<u8>>,
    /// What was signed: the first two parts as they travel.
    pub(super) signed: String,
    /// Its three parts were there, rather than claims that somebody decoded.
    pub(super) encoded: bool,
    /// What pasting had done to it.
    pub(super) damage: Vec<&'static str>,
}

/// Who makes a token for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    ClientSecret,
    IdentityToken,
    Notification,
    AppStoreConnect,
    AppStoreServer,
    Provider,
    MusicKit,
    WeatherKit,
    StoreSigned,
    Other,
}

impl Kind {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::ClientSecret => "client secret of Sign in with Apple",
            Self::IdentityToken => "identity token of Sign in with Apple",
            Self::Notification => "server notification of Sign in with Apple",
            Self::AppStoreConnect => "App Store Connect API token",
            Self::AppStoreServer => "App Store Server API token",
            Self::Provider => "APNs or DeviceCheck token",
            Self::MusicKit => "MusicKit or DeviceCheck token",
            Self::WeatherKit => "WeatherKit token",
            Self::StoreSigned => "data signed by the App Store",
            Self::Other => "token of another service",
        }
    }
}

impl Token {
    /// A claim as text, if it is text.
    pub(super) fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Json::as_str)
    }

    /// A header field as text.
    pub(super) fn head(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Json::as_str)
    }

    /// All audiences.
    pub(super) fn audiences(&self) -> Vec<&str> {
        match self.claims.get("aud") {
            Some(Json::String(one)) => vec![one],
            Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// What kind of token it is.
    pub(super) fn kind(&self) -> Kind {
        let issuer = self.claim("iss").unwrap_or("");
        let audiences = self.audiences();
        let has = |name: &str| self.claims.get(name).is_some();
        if self.header.get("x5c").is_some() && (has("bundleId") || has("notificationType") || has("signedDate") || has("data")) {
            Kind::StoreSigned
        } else if audiences.contains(&"appstoreconnect-v1") {
            if has("bid") { Kind::AppStoreServer } else { Kind::AppStoreConnect }
        } else if issuer.contains("appleid.apple.com") || issuer.contains("account.apple.com") {
            if has("events") { Kind::Notification } else { Kind::IdentityToken }
        } else if self.header.get("id").is_some() && is_team(issuer) {
            Kind::WeatherKit
        } else if audiences.iter().any(|aud| aud.contains("appleid.apple") || aud.contains("account.apple.com"))
            || self.looks_like_client_secret(issuer)
        {
            Kind::ClientSecret
        } else if is_team(issuer) && has("exp") {
            Kind::MusicKit
        } else if is_team(issuer) {
            Kind::Provider
        } else {
            Kind::Other
        }
    }

    /// A secret whose audience is wrong: a team for issuer and an identifier of an app or service for subject.
    fn looks_like_client_secret(&self, issuer: &str) -> bool {
        let subject = self.claim("sub").unwrap_or("");
        let is_url = issuer.contains("://");
        !is_url && is_bundle_id(subject) && (is_team(issuer) || self.head("kid").is_some_and(is_team)) && self.claims.get("exp").is_some()
    }
}

/// A token, or what is left of one.
pub(super) fn claims(source: &Source<'_>) -> bool {
    read(source).is_some()
}

/// The tokens that stand in a longer text.
pub(super) fn embedded(text: &str) -> Vec<String> {
    INSIDE.find_all(text).map(|hit| crate::text::clip(text, hit.start..hit.end).to_owned()).collect()
}

/// The length of the token that a text begins with.
pub(super) fn leading(text: &str) -> Option<usize> {
    INSIDE.find(text).filter(|hit| hit.start == 0).map(|hit| hit.end)
}

fn read(source: &Source<'_>) -> Option<Token> {
    if source.size() > LARGEST {
        return None;
    }
    encoded(source.text()).or_else(|| decoded(source.text()))
}

/// A token as it travels.
pub(super) fn encoded(text: &str) -> Option<Token> {
    let trimmed = text.trim();
    let joined = trimmed.replace("\\n", "").replace("\\r", "");
    let compact: String = joined.chars().filter(|c| !c.is_whitespace()).collect();
    let hit = WHOLE.find(&compact)?;
    let mut damage = Vec::new();
    let wrap = hit.group("wrap").to_ascii_lowercase();
    let token = hit.group("token");
    let inner = trimmed.trim_start_matches(|c: char| !c.is_whitespace() && !c.is_alphanumeric());
    let inner = inner
        .trim_start_matches("Authorization:")
        .trim_start_matches("authorization:")
        .trim_start()
        .trim_start_matches("Bearer")
        .trim_start_matches("bearer")
        .trim();
    for (found, what) in [
        (joined.len() != trimmed.len(), "line breaks written as \\n"),
        (wrap.contains("bearer"), "the word Bearer before it"),
        (wrap.contains(['"', '\'', '`', '<']) || !hit.group("tail").is_empty(), "quotes or punctuation around it"),
        (inner.contains('\n'), "line breaks in it"),
        (inner.contains([' ', '\t']), "spaces in it"),
        (token.contains('='), "padding (=)"),
        (token.contains(['+', '/']), "the alphabet of plain base64 (+ and /)"),
    ] {
        if found {
            damage.push(what);
        }
    }
    let mut parts = token.split('.');
    let header = json(parts.next()?)?;
    let payload = parts.next()?;
    let signature = parts.next().filter(|part| !part.is_empty()).and_then(base64);
    // Five parts are an encrypted token: its claims cannot be read.
    let claims = if parts.next().is_some() { Json::Null } else { json(payload).unwrap_or(Json::Null) };
    let signed = token.splitn(3, '.').take(2).map(|part| part.trim_end_matches('=')).collect::<Vec<_>>().join(".");
    header.is_object().then_some(Token { header, claims, signature, signed, encoded: true, damage })
}

fn json(part: &str) -> Option<Json> {
    serde_json::from_slice(&base64(part)?).ok()
}

/// Header and claims as somebody decoded them: two JSON objects, or the claims alone.
fn decoded(text: &str) -> Option<Token> {
    let text = text.trim();
    if !text.starts_with('{') || !text.contains("\"iss\"") {
        return None;
    }
    let mut objects: Vec<Json> = Vec::new();
    for object in serde_json::Deserializer::from_str(text).into_iter::<Json>().take(3) {
        objects.push(object.ok()?);
    }
    let token =
        |header: Json, claims: Json| Token { header, claims, signature: None, signed: String::new(), encoded: false, damage: Vec::new() };
    match objects.as_slice() {
        [header, claims] if header.get("alg").is_some() && claims.get("iss").is_some() => Some(token(header.clone(), claims.clone())),
        [both] if both.get("header").is_some() && both.get("payload").is_some() => {
            Some(token(both.get("header")?.clone(), both.get("payload")?.clone()))
        }
        [claims] if claims.get("iat").is_some() || claims.get("exp").is_some() => Some(token(Json::Null, claims.clone())),
        _ => None,
    }
}

/// Decodes and checks a token.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, context: &Context) {
    let Some(token) = read(source) else { return };
    if token.claims.is_null() {
        artifact.fact("alg", token.head("alg").unwrap_or("none"));
        artifact.fail("jwt.form", "", "The header can be read, the claims cannot: the token is cut off, or encrypted (five parts).");
        return;
    }
    facts(&token, artifact);
    jwt_checks::form(&token, artifact);
    jwt_checks::run(&token, artifact, context);
    jwt_signature::check(&token, artifact, context);
}

/// Claims that are shown as they stand.
const PLAIN: &[&str] = &[
    "iss",
    "sub",
    "bid",
    "scope",
    "azp",
    "nonce",
    "nonce_supported",
    "email_verified",
    "is_private_email",
    "real_user_status",
    "transfer_sub",
    "bundleId",
    "environment",
    "notificationType",
    "subtype",
    "origin",
];
/// Claims that are times.
const TIMES: &[&str] = &["iat", "nbf", "exp", "auth_time", "signedDate"];

fn facts(token: &Token, artifact: &mut Artifact) {
    artifact.fact("kind", token.kind().title());
    for name in ["alg", "kid", "typ"] {
        artifact.fact_if(name, token.head(name));
    }
    for audience in token.audiences().into_iter().take(10) {
        artifact.fact("aud", audience);
    }
    for name in PLAIN {
        artifact.fact_if(name, token.claims.get(*name).map(plain));
    }
    if let Some(email) = token.claim("email") {
        artifact.fact("email", masked_address(email));
    }
    for name in TIMES {
        if let Some(value) = token.claims.get(*name) {
            artifact.fact(name, readable(value));
        }
    }
    let known = |name: &str| PLAIN.contains(&name) || TIMES.contains(&name) || matches!(name, "aud" | "email");
    let others: Vec<&str> =
        token.claims.as_object().into_iter().flat_map(|claims| claims.keys()).map(String::as_str).filter(|name| !known(name)).collect();
    if !others.is_empty() {
        artifact.fact("other claims", super::values::listed(&others));
    }
    if token.encoded {
        artifact.fact(
            "signature",
            token.signature.as_ref().map_or_else(|| "absent".to_owned(), |bytes| format!("{} bytes, not shown", bytes.len())),
        );
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A time as number and date.
fn readable(value: &Json) -> String {
    match Time::of(value) {
        Time::Seconds(seconds) => format!("{seconds} ({})", date(seconds)),
        Time::Milliseconds(number) => format!("{number} (milliseconds: {})", date(number / 1000)),
        Time::Text(text) => format!("\"{text}\" (text, not a number)"),
        Time::Absent => plain(value),
    }
}

/// A time claim, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Time {
    Seconds(i64),
    Milliseconds(i64),
    Text(String),
    Absent,
}

impl Time {
    /// Reads a time; a number beyond the year 2600 counts milliseconds.
    pub(super) fn of(value: &Json) -> Self {
        const FAR: i64 = 20_000_000_000;
        #[expect(clippy::cast_possible_truncation, reason = "a fraction of a second is of no interest, and the cast saturates")]
        let number = value.as_i64().or_else(|| value.as_f64().map(|real| real as i64));
        match (number, value) {
            (Some(number), _) if number.abs() > FAR => Self::Milliseconds(number),
            (Some(number), _) => Self::Seconds(number),
            (None, Json::String(text)) => Self::Text(text.clone()),
            _ => Self::Absent,
        }
    }

    /// Seconds, where it counts them.
    pub(super) fn seconds(&self) -> Option<i64> {
        match self {
            Self::Seconds(seconds) => Some(*seconds),
            Self::Milliseconds(number) => Some(number / 1000),
            _ => None,
        }
    }
}
