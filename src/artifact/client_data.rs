//! The client data of `WebAuthn`: type, challenge, origin, each on its own and against what a server expects.

use super::keys::{Given, readings};
use super::source::Source;
use super::values::base64;
use super::{Artifact, Context};
use serde_json::Value as Json;

/// The client data of `WebAuthn`, as JSON or encoded.
pub(super) fn claims(source: &Source<'_>) -> bool {
    read(source).is_some()
}

fn read(source: &Source<'_>) -> Option<Json> {
    let is_client_data = |json: &Json| {
        json.get("type").and_then(Json::as_str).is_some_and(|kind| kind.starts_with("webauthn.")) && json.get("challenge").is_some()
    };
    if let Some(json) = source.json() {
        return is_client_data(json).then(|| json.clone());
    }
    let json: Json = serde_json::from_slice(source.binary()?).ok()?;
    is_client_data(&json).then_some(json)
}

/// Checks client data.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, context: &Context) {
    if let Some(json) = read(source) {
        check(&json, artifact, &context.given);
    }
}

/// Checks client data that came inside something else.
pub(super) fn encoded(bytes: &[u8], artifact: &mut Artifact, given: &Given) {
    match serde_json::from_slice::<Json>(bytes) {
        Ok(json) => check(&json, artifact, given),
        Err(_) => artifact.fail("client.json", "base64url-decoded-as-base64", "clientDataJSON decodes to something that is no JSON."),
    }
}

fn check(json: &Json, artifact: &mut Artifact, given: &Given) {
    let text = |name: &str| json.get(name).and_then(Json::as_str);
    artifact.fact_if("type", text("type"));
    artifact.fact_if("origin", text("origin"));
    artifact.fact_if("cross origin", json.get("crossOrigin"));
    match text("type") {
        Some("webauthn.create" | "webauthn.get") => artifact.pass("client.type", format!("The type is {}.", text("type").unwrap_or(""))),
        other => artifact.fail(
            "client.type",
            "",
            format!("The type is {}; it has to be webauthn.create or webauthn.get.", other.unwrap_or("absent")),
        ),
    }
    challenge_form(text("challenge").unwrap_or(""), artifact);
    origin_form(text("origin"), artifact);
    expected(text("challenge").unwrap_or(""), text("origin").unwrap_or(""), artifact, given);
}

fn challenge_form(challenge: &str, artifact: &mut Artifact) {
    match base64(challenge) {
        Some(bytes) if challenge.contains(['+', '/', '=']) => artifact.warn(
            "client.challenge",
            "base64url-decoded-as-base64",
            format!(
                "The challenge ({} bytes) is plain base64; clients write base64url without padding, so compare bytes, not text.",
                bytes.len()
            ),
        ),
        Some(bytes) if bytes.len() < 16 => {
            artifact.warn("client.challenge", "", format!("The challenge has {} bytes; at least 16 are wanted.", bytes.len()));
        }
        Some(bytes) => artifact.pass("client.challenge", format!("The challenge has {} bytes.", bytes.len())),
        None => artifact.fail("client.challenge", "base64url-decoded-as-base64", "The challenge is absent or no base64url."),
    }
}

fn origin_form(origin: Option<&str>, artifact: &mut Artifact) {
    const PAGE: &str = "expected-origin-mismatch";
    match origin {
        Some(origin) if origin.starts_with("https://") && !origin.ends_with('/') => {
            artifact.pass("client.origin", format!("The origin is {origin}; the server has to expect exactly this."));
        }
        Some(origin) if origin.starts_with("http://localhost") => {
            artifact.warn("client.origin", PAGE, format!("The origin is {origin}: a test on the own machine."));
        }
        Some(origin) if origin.starts_with("android:") => artifact.warn(
            "client.origin",
            "passkey-errors-of-other-platforms",
            format!("The origin is {origin}: an Android app, not one of Apple's platforms."),
        ),
        Some(origin) => artifact.fail("client.origin", PAGE, format!("The origin is {origin}; https without a path is expected.")),
        None => artifact.fail("client.origin", PAGE, "The origin is absent."),
    }
}

/// Holds challenge and origin against what the server expects.
fn expected(challenge: &str, origin: &str, artifact: &mut Artifact, given: &Given) {
    if let Some(wanted) = &given.origin {
        if wanted == origin {
            artifact.pass("client.expected-origin", format!("The origin is the one expected, {wanted}."));
        } else {
            artifact.fail(
                "client.expected-origin",
                "expected-origin-mismatch",
                format!("The origin is {origin}, expected is {wanted}: they have to be the same, character by character."),
            );
        }
    }
    if let Some(rp_id) = &given.rp_id {
        let host = origin.split("://").nth(1).and_then(|rest| rest.split([':', '/']).next()).unwrap_or("");
        if host == rp_id || host.strip_suffix(rp_id.as_str()).is_some_and(|front| front.ends_with('.')) {
            artifact.pass("client.rp-id", format!("The relying party {rp_id} is the origin's host {host} or a domain above it."));
        } else {
            artifact.fail(
                "client.rp-id",
                "rp-id-not-suffix-of-origin",
                format!("The relying party {rp_id} is neither the origin's host {host} nor a domain above it."),
            );
        }
    }
    let Some(wanted) = &given.challenge else { return };
    let own = base64(challenge);
    match readings(wanted).iter().find(|(_, bytes)| Some(bytes) == own.as_ref()) {
        Some((how, _)) => artifact.pass("client.expected-challenge", format!("The challenge is the one given ({how}).")),
        None => artifact.fail(
            "client.expected-challenge",
            "base64url-decoded-as-base64",
            "The challenge is not the one given, neither as text nor decoded: another session's, or encoded twice.",
        ),
    }
}
