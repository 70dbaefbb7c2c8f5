//! Requests to Apple's token endpoint, as form bodies, `curl` lines or JSON; and what a question or log writes down about them.

use super::source::Source;
use super::values::{is_bundle_id, is_team};
use super::{Artifact, Context, said};
use crate::pattern::Pattern;
use crate::text::{clip, tail};
use std::sync::LazyLock;

/// A request is short; a log that mentions one is not.
const LONGEST: usize = 32 << 10;
const LINES: usize = 60;

static FIELD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"(?-i)\b(?P<name>client_id|client_secret|grant_type|code|redirect_uri|refresh_token|token_type_hint|token)\\?["']?\s*(?:=>|=|:)\s*\\?["']?(?P<value>[^\s"'&,;\\}]+)"#,
    )
});
static BEGIN_KEY: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r#"client_?secret["']?\s*[:=]\s*["']?-{3,}\s*BEGIN"#));
/// The fields of a request, each once.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for hit in FIELD.find_all(text).take(60) {
        let name = hit.group("name").to_owned();
        if !found.iter().any(|(known, _)| *known == name) {
            found.push((name, decoded(hit.group("value"))));
        }
    }
    found
}

/// Percent signs and plus signs of a form, undone.
fn decoded(text: &str) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.extend_from_slice(clip(rest, 0..at).as_bytes());
        let digits = clip(rest, at + 1..at + 3);
        match u8::from_str_radix(digits, 16) {
            Ok(byte) if digits.len() == 2 => {
                out.push(byte);
                rest = tail(rest, at + 3);
            }
            _ => {
                out.push(b'%');
                rest = tail(rest, at + 1);
            }
        }
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// A short text with at least two of a token request's own fields.
pub(super) fn claims(source: &Source<'_>) -> bool {
    let text = source.text();
    if source.size() > LONGEST || text.lines().count() > LINES {
        return false;
    }
    let fields = fields(text);
    let own = |name: &str| fields.iter().any(|(known, _)| known == name);
    ["client_id", "client_secret", "grant_type"].into_iter().filter(|name| own(name)).count() >= 2
}

/// Checks a request.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let text = source.text();
    let fields = fields(text);
    let value = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    for (name, value) in &fields {
        match name.as_str() {
            "client_id" | "grant_type" | "redirect_uri" | "token_type_hint" => artifact.fact(name, value),
            _ => artifact.fact(name, format!("{} characters, not shown ({})", value.chars().count(), shape(value))),
        }
    }
    client_id(value("client_id"), artifact);
    secret(value("client_secret"), text, artifact);
    // A request for an identifier after an app transfer has no code and no token.
    let migration = text.contains("usermigrationinfo");
    grant(&|name: &str| if name == "migration" { migration.then_some("") } else { value(name) }, artifact);
    if source.json().is_some() {
        artifact.warn(
            "request.encoding",
            "token-request-not-form-encoded",
            "The fields are written as JSON; the body has to be sent as application/x-www-form-urlencoded.",
        );
    }
    if let Some(code) = value("code") {
        if shape(code) == "a JWT" {
            artifact.fail(
                "request.code",
                "identity-token-sent-as-code",
                "code is a JWT: the identity token was sent where the authorization code belongs.",
            );
        } else {
            artifact.pass("request.code", "code is no JWT; it is valid once and for five minutes.");
        }
    }
    if let Some(redirect) = value("redirect_uri") {
        if redirect.starts_with("https://") {
            artifact.unknown("request.redirect-uri", "token-redirect-uri-mismatch", format!("redirect_uri is {redirect}: it has to be the one of the authorization; codes of the native flow have none, so leave it out for them."));
        } else {
            artifact.fail(
                "request.redirect-uri",
                "redirect-uri-not-registered",
                format!("redirect_uri is {redirect}; only https addresses can be registered."),
            );
        }
    }
}

fn client_id(id: Option<&str>, artifact: &mut Artifact) {
    const PAGE: &str = "client-secret-sub-differs-from-client-id";
    match id {
        None => artifact.fail("request.client-id", PAGE, "client_id is absent."),
        Some(id) if is_team(id) => artifact.fail(
            "request.client-id",
            PAGE,
            format!("client_id is {id}, a team or key ID; it has to be the bundle ID or the Services ID."),
        ),
        Some(id) if super::values::prefixed(id).is_some() => artifact.fail(
            "request.client-id",
            PAGE,
            format!("client_id is {id}, with the team ID before it; the bundle ID alone belongs there."),
        ),
        Some(id) if is_bundle_id(id) => artifact.pass("request.client-id", format!("client_id is {id}.")),
        Some(id) => {
            artifact.warn("request.client-id", PAGE, format!("client_id is {id}, which is no bundle ID or Services ID by its form."));
        }
    }
}

fn secret(secret: Option<&str>, text: &str, artifact: &mut Artifact) {
    let Some(secret) = secret else {
        artifact.fail("request.client-secret", "client-secret-is-raw-key", "client_secret is absent or empty.");
        return;
    };
    if BEGIN_KEY.is_match(text) || secret.starts_with("MIG") {
        artifact.fail(
            "request.client-secret",
            "client-secret-is-raw-key",
            "client_secret is the text of the private key; it has to be a JWT signed with it. Revoke a key that was sent like this.",
        );
    } else if let Some(token) = super::jwt::encoded(secret) {
        if token.kind() == super::jwt::Kind::IdentityToken {
            artifact.fail(
                "request.client-secret",
                "identity-token-as-client-secret",
                "client_secret is the user's identity token; it has to be a JWT that the server signs itself.",
            );
        } else {
            artifact.pass("request.client-secret", format!("client_secret is a JWT ({}).", token.kind().title()));
        }
    } else if secret.starts_with('<')
        || secret.starts_with('{')
        || secret.starts_with('*')
        || secret.contains("REDACTED")
        || secret.contains("...")
    {
        artifact.unknown("request.client-secret", "", "client_secret was left out of what is given here.");
    } else {
        artifact.fail(
            "request.client-secret",
            "client-secret-is-raw-key",
            format!("client_secret is no JWT ({} characters); Apple takes nothing else.", secret.chars().count()),
        );
    }
}

fn grant<'a>(value: &impl Fn(&str) -> Option<&'a str>, artifact: &mut Artifact) {
    const PAGE: &str = "token-request-not-form-encoded";
    match value("grant_type") {
        Some("authorization_code") if value("code").is_none() => {
            artifact.fail("request.grant-type", PAGE, "grant_type is authorization_code, but there is no code.");
        }
        Some("refresh_token") if value("refresh_token").is_none() => {
            artifact.fail("request.grant-type", PAGE, "grant_type is refresh_token, but there is no refresh_token.");
        }
        Some(grant @ ("authorization_code" | "refresh_token" | "client_credentials")) => {
            artifact.pass("request.grant-type", format!("grant_type is {grant}."));
        }
        Some(other) => {
            artifact.fail("request.grant-type", PAGE, format!("grant_type is {other}; Apple takes authorization_code and refresh_token."));
        }
        None if value("migration").is_some() => {}
        None if value("token").is_some() => artifact.pass("request.grant-type", "A revocation: it needs no grant_type."),
        None => artifact.fail("request.grant-type", PAGE, "grant_type is absent."),
    }
}

fn shape(value: &str) -> &'static str {
    if super::jwt::encoded(value).is_some() {
        "a JWT"
    } else if value.starts_with('c') && value.contains(".0.") {
        "an authorization code"
    } else if value.starts_with('r') && value.contains(".0.") {
        "a refresh token"
    } else {
        "of another form"
    }
}

/// Identifiers that a text names, and contradictions between them.
pub(super) fn mentions(source: &Source<'_>, artifact: &mut Artifact) {
    let text = clip(source.text(), 0..LONGEST);
    for (name, value) in fields(text) {
        if name == "client_id" && is_bundle_id(&value) {
            artifact.fact("client_id", value);
        }
    }
    for said in said::said(text) {
        for (name, value) in &said.facts {
            artifact.fact(name, value);
        }
        artifact.check(said.check);
    }
}

/// Whether the secret of a request is there to be looked at, rather than a name or a placeholder for it.
pub(super) fn has_secret(text: &str) -> bool {
    let fields = fields(text);
    let secret = fields.iter().find(|(name, _)| name == "client_secret").map(|(_, value)| value.as_str());
    secret.is_some_and(|secret| super::jwt::encoded(secret).is_some() || secret.starts_with("MIG") || BEGIN_KEY.is_match(text))
}
