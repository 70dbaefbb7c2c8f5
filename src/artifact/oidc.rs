//! OpenID discovery documents and JSON Web Key Sets.

use super::source::Source;
use super::values::{base64, listed};
use super::{Artifact, Context};
use serde_json::Value as Json;

/// A discovery document.
pub(super) fn claims_configuration(source: &Source<'_>) -> bool {
    source.json().is_some_and(|json| {
        json.get("issuer").is_some()
            && (json.get("jwks_uri").is_some() || json.get("token_endpoint").is_some() || json.get("authorization_endpoint").is_some())
    })
}

/// A key set.
pub(super) fn claims_keys(source: &Source<'_>) -> bool {
    source.json().is_some_and(|json| {
        json.get("keys")
            .and_then(Json::as_array)
            .is_some_and(|keys| keys.iter().any(|key| key.get("kty").is_some() || key.get("kid").is_some()))
            || (json.get("kty").is_some() && json.get("kid").is_some())
    })
}

fn host(address: &str) -> &str {
    address.split("://").nth(1).and_then(|rest| rest.split(['/', ':', '?']).next()).unwrap_or("")
}

/// Checks a discovery document.
pub(super) fn inspect_configuration(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let Some(json) = source.json() else { return };
    let text = |key: &str| json.get(key).and_then(Json::as_str);
    let issuer = text("issuer").unwrap_or("");
    for key in ["issuer", "authorization_endpoint", "token_endpoint", "revocation_endpoint", "jwks_uri"] {
        artifact.fact_if(key, text(key));
    }
    let missing: Vec<&str> =
        ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"].into_iter().filter(|key| text(key).is_none()).collect();
    if missing.is_empty() {
        artifact.pass("oidc.keys", "issuer, endpoints and jwks_uri are there.");
    } else {
        artifact.fail("oidc.keys", "", format!("Absent or no text: {}.", listed(&missing)));
    }
    issuer_check(issuer, artifact);
    let foreign: Vec<String> = ["authorization_endpoint", "token_endpoint", "revocation_endpoint", "jwks_uri"]
        .into_iter()
        .filter_map(|key| text(key).map(|value| (key, value)))
        .filter(|(_, value)| host(value) != host(issuer))
        .map(|(key, value)| format!("{key} on {}", host(value)))
        .collect();
    let insecure: Vec<&str> = ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"]
        .into_iter()
        .filter(|key| text(key).is_some_and(|value| !value.starts_with("https://")))
        .collect();
    if !insecure.is_empty() {
        artifact.fail("oidc.https", "", format!("Not https: {}.", listed(&insecure)));
    }
    if foreign.is_empty() {
        artifact.pass("oidc.hosts", format!("All endpoints are on {}.", host(issuer)));
    } else if issuer.contains("apple.com") {
        artifact.fail(
            "oidc.hosts",
            "issuer-mismatch-account-apple-com",
            format!("The issuer is on {}, but {}.", host(issuer), listed(&foreign)),
        );
    } else {
        artifact.warn("oidc.hosts", "", format!("The issuer is on {}, but {}.", host(issuer), listed(&foreign)));
    }
}

fn issuer_check(issuer: &str, artifact: &mut Artifact) {
    match issuer {
        "https://appleid.apple.com" => artifact.pass("oidc.issuer", "The issuer is https://appleid.apple.com, as Apple's tokens say."),
        "https://account.apple.com" => artifact.fail("oidc.issuer", "issuer-mismatch-account-apple-com", "The issuer is https://account.apple.com: tokens say https://appleid.apple.com, so strict clients refuse them (Apple's outage of June 2025)."),
        other if other.contains("apple.com") => artifact.fail("oidc.issuer", "issuer-mismatch-account-apple-com", format!("The issuer is {other}; Apple's tokens say https://appleid.apple.com, without a slash at the end.")),
        other if other.ends_with('/') => artifact.warn("oidc.issuer", "", format!("The issuer {other} ends with a slash; tokens have to say exactly the same.")),
        other => artifact.pass("oidc.issuer", format!("The issuer is {other}; tokens have to say exactly the same.")),
    }
}

/// Checks a key set.
pub(super) fn inspect_keys(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let Some(json) = source.json() else { return };
    let one = [json.clone()];
    let keys = json.get("keys").and_then(Json::as_array).map_or(&one[..], Vec::as_slice);
    let mut seen: Vec<&str> = Vec::new();
    for (number, key) in keys.iter().take(40).enumerate() {
        let text = |name: &str| key.get(name).and_then(Json::as_str);
        let kid = text("kid").unwrap_or("");
        artifact.fact("key id", kid);
        artifact.fact("key", [text("kty"), text("alg"), text("use"), text("crv")].into_iter().flatten().collect::<Vec<_>>().join(" "));
        if key.get("d").is_some() {
            artifact.fail(
                "jwks.private",
                "",
                format!("Key {} holds a private part (d): whoever reads this set can sign. It is not shown.", number + 1),
            );
        }
        if kid.is_empty() {
            artifact.warn(
                "jwks.kid",
                "jwks-wrong-key-selected",
                format!("Key {} has no kid: a verifier cannot pick it by the token's header.", number + 1),
            );
        } else if seen.contains(&kid) {
            artifact.warn("jwks.kid", "jwks-wrong-key-selected", format!("The kid {kid} stands twice."));
        }
        seen.push(kid);
        let parts: &[&str] = match text("kty") {
            Some("RSA") => &["n", "e"],
            Some("EC") => &["crv", "x", "y"],
            Some("OKP") => &["crv", "x"],
            _ => &["kty"],
        };
        let bad: Vec<&str> =
            parts.iter().filter(|part| text(part).is_none_or(|value| **part != "crv" && base64(value).is_none())).copied().collect();
        if !bad.is_empty() {
            artifact.fail(
                "jwks.key",
                "jwks-key-not-found",
                format!("Key {} ({kid}) lacks {} or holds it in another form.", number + 1, listed(&bad)),
            );
        }
    }
    if keys.is_empty() {
        artifact.fail("jwks.keys", "jwks-key-not-found", "The set holds no key.");
    } else {
        artifact.pass("jwks.keys", format!("{} keys: {}.", keys.len(), listed(&seen)));
    }
}
