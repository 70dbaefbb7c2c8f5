//! Attestations and assertions of WebAuthn and App Attest: from CBOR, base64, base64url, hexadecimal digits, or the JSON that browsers and apps send.

use super::auth_data::AuthData;
use super::cbor::{self, Cbor};
use super::keys::Given;
use super::signature::PublicKey;
use super::source::Source;
use super::values::{base64, listed, sha256, to_base64};
use super::{Artifact, Context, attest_steps, attestation_chain, client_data};
use serde_json::Value as Json;

/// What came with an attestation in its JSON goes before what was given on the side.
fn given(json: Option<&Json>, context: &Context) -> Given {
    let mut given = context.given.clone();
    let Some(json) = json else { return given };
    let text = |names: &[&str]| names.iter().find_map(|name| field(json, name)).map(str::to_owned);
    let team = text(&["teamId", "teamID", "team_id"]);
    let bundle = text(&["bundleId", "bundleID", "bundle_id", "bundleIdentifier"]);
    let joined = team.zip(bundle).map(|(team, bundle)| format!("{team}.{bundle}"));
    let client_data = ["clientDataJSON", "clientData", "client_data"].iter().find_map(|name| field(json, name));
    given.challenge = text(&["challenge"]).or(given.challenge);
    // Client data is sent encoded by browsers, and as it stands by apps.
    given.client_data = client_data.map(|text| base64(text).unwrap_or_else(|| text.as_bytes().to_vec())).or(given.client_data);
    given.key_id = text(&["keyId", "keyID", "key_id"]).or(given.key_id);
    given.app_id = text(&["appId", "appID", "app_id"]).or(joined).or(given.app_id);
    given.rp_id = text(&["rpId", "rpID", "rp_id"]).or(given.rp_id);
    given
}

/// A field of the object or of the `response` in it.
fn field<'a>(json: &'a Json, name: &str) -> Option<&'a str> {
    json.get(name).or_else(|| json.get("response").and_then(|response| response.get(name))).and_then(Json::as_str)
}

fn attestation_bytes(source: &Source<'_>) -> Option<Vec<u8>> {
    if let Some(json) = source.json() {
        return ["attestationObject", "attestation", "attestation_object"].iter().find_map(|name| field(json, name)).and_then(base64);
    }
    source.binary().map(<[u8]>::to_vec)
}

/// Whether these bytes begin like a map with the key `key` near its start.
fn begins_as_map(bytes: &[u8], keys: &[&str]) -> bool {
    let head = bytes.get(..bytes.len().min(4_096)).unwrap_or(bytes);
    head.first().is_some_and(|first| (0xa1..=0xbf).contains(first))
        && keys.iter().any(|key| super::property_list::find(head, key.as_bytes()).is_some())
}

/// A map with `fmt` and `authData`.
pub(super) fn claims_attestation(source: &Source<'_>) -> bool {
    if source.json().is_some_and(|json| {
        ["attestationObject", "attestation", "attestation_object"].iter().any(|name| field(json, name).is_some_and(|text| text.len() > 40))
    }) {
        return true;
    }
    source.json().is_none() && attestation_bytes(source).is_some_and(|bytes| begins_as_map(&bytes, &["authData", "attStmt"]))
}

/// A map with `signature` and `authenticatorData`, or the JSON of a browser.
pub(super) fn claims_assertion(source: &Source<'_>) -> bool {
    if let Some(json) = source.json() {
        return field(json, "authenticatorData").is_some() || field(json, "assertion").is_some_and(|text| text.len() > 40);
    }
    source.binary().is_some_and(|bytes| begins_as_map(bytes, &["authenticatorData"]))
}

/// Checks an attestation.
pub(super) fn inspect_attestation(source: &Source<'_>, artifact: &mut Artifact, context: &Context) {
    let Some(bytes) = attestation_bytes(source) else {
        artifact.fail("att.encoding", "base64url-decoded-as-base64", "The attestation object is neither base64 nor base64url.");
        return;
    };
    let given = given(source.json(), context);
    let web = source.json().and_then(|json| field(json, "clientDataJSON")).and_then(base64);
    if let Some(bytes) = &web {
        client_data::encoded(bytes, artifact, &given);
    }
    let object = match cbor::decode(&bytes) {
        Ok((object, used)) if used == bytes.len() => object,
        Ok((object, used)) => {
            artifact.warn("att.cbor", "", format!("{} bytes follow the attestation object.", bytes.len() - used));
            object
        }
        Err(why) => {
            artifact.fail(
                "att.cbor",
                "base64url-decoded-as-base64",
                format!("{} bytes that are no whole CBOR ({why}): cut off, or decoded with the wrong alphabet.", bytes.len()),
            );
            return;
        }
    };
    let format = object.get("fmt").and_then(Cbor::text).unwrap_or("").to_owned();
    artifact.fact("format", &format);
    let Some(auth_bytes) = object.get("authData").and_then(Cbor::bytes) else {
        artifact.fail("att.auth-data", "", "The attestation object has no authData.");
        return;
    };
    let data = match AuthData::read(auth_bytes, true) {
        Ok(data) => data,
        Err(why) => {
            artifact.fail("att.auth-data", "authdata-extensions-unparsed", format!("The authenticator data is {why}."));
            return;
        }
    };
    data.facts(artifact);
    artifact.pass("att.auth-data", format!("{} bytes of authenticator data, read to the end.", data.length));
    data.flag_checks(format == "apple-appattest", artifact);
    match format.as_str() {
        "apple-appattest" => app_attest(&object, &data, &given, artifact),
        "none" => none(&object, &data, artifact),
        "" => artifact.fail("att.format", "", "The attestation object has no fmt."),
        other => artifact.pass("att.format", format!("The format is {other}.")),
    }
    if data.key.is_none() {
        artifact.fail("att.credential", "", "There is no credential in the authenticator data: an attestation has to hold one.");
    }
    attestation_chain::check(&object, &data, artifact, context);
    if format == "apple-appattest" || format == "apple" {
        attestation_chain::nonce(&object, auth_bytes, &given, artifact);
    }
    relying_party(&data, &given, artifact);
    if format == "apple-appattest" {
        attest_steps::attestation(&attest_steps::Proof { object: &object, data: &data, auth_bytes }, &given, artifact);
    }
}

/// The key that an attestation is of.
pub(super) fn credential_key(source: &Source<'_>) -> Option<PublicKey> {
    let (object, _) = cbor::decode(&attestation_bytes(source)?).ok()?;
    PublicKey::from_point(&AuthData::read(object.get("authData")?.bytes()?, true).ok()?.point()?)
}

/// The hash of the relying party against the identifier given.
fn relying_party(data: &AuthData, given: &Given, artifact: &mut Artifact) {
    let Some(rp_id) = &given.rp_id else { return };
    if sha256(rp_id.as_bytes()) == data.rp_id_hash {
        artifact.pass("auth.rp-id", format!("The hash of the relying party is the SHA-256 of {rp_id}."));
    } else {
        artifact.fail(
            "auth.rp-id",
            "rp-id-not-in-associated-domains",
            format!("The hash of the relying party is not the SHA-256 of {rp_id}."),
        );
    }
}

fn none(object: &Cbor, data: &AuthData, artifact: &mut Artifact) {
    if object.get("attStmt").is_some_and(|statement| !statement.entries().is_empty()) {
        artifact.fail("att.format", "attestation-expected-from-apple-passkeys", "The format is none, but the statement is not empty.");
    } else {
        artifact.pass("att.format", "The format is none: synced passkeys carry no attestation, by design.");
    }
    if data.aaguid.iter().any(|byte| *byte != 0) {
        artifact.pass("att.aaguid", "The AAGUID is not zero beside the format none; servers must accept that.");
    } else {
        artifact.warn(
            "att.aaguid",
            "provider-aaguid-zeroed",
            "The AAGUID is all zero: the client hid which authenticator it was, which it may with attestation none.",
        );
    }
}

/// The steps of Apple's validation that need no signature.
fn app_attest(object: &Cbor, data: &AuthData, given: &Given, artifact: &mut Artifact) {
    artifact.pass("att.format", "The format is apple-appattest.");
    match data.environment() {
        Some(environment) => {
            artifact.fact("attested environment", environment);
            artifact.pass("att.aaguid", format!("The AAGUID names the {environment} environment; the server has to expect the same."));
        }
        None => artifact.fail("att.aaguid", "attest-environment-mismatch", "The AAGUID is neither appattest nor appattestdevelop."),
    }
    if data.counter == 0 {
        artifact.pass("att.counter", "The counter is 0, as in every attestation.");
    } else {
        artifact.fail(
            "att.counter",
            "attest-counter-not-increasing",
            format!("The counter is {}; in an attestation it has to be 0.", data.counter),
        );
    }
    let key_hash = data.point().map(|point| sha256(&point));
    match &key_hash {
        Some(hash) if *hash == data.credential_id => {
            artifact.pass("att.key-id", format!("The credential ID is the SHA-256 of the public key; the keyId is {}.", to_base64(hash)));
        }
        Some(_) => artifact.fail("att.key-id", "attest-key-id-mismatch", "The credential ID is not the SHA-256 of the public key."),
        None => artifact.fail("att.key-id", "attest-key-id-mismatch", "The credential's key is no point of P-256."),
    }
    if let Some(key_id) = &given.key_id {
        if base64(key_id).is_some_and(|bytes| bytes == data.credential_id) {
            artifact.pass("att.given-key-id", "The keyId given is the credential ID.");
        } else {
            artifact.fail(
                "att.given-key-id",
                "attest-key-id-mismatch",
                format!("The keyId given is {key_id}; the attestation is of {}.", to_base64(&data.credential_id)),
            );
        }
    }
    if let Some(app_id) = &given.app_id {
        artifact.fact("given app id", app_id);
        if sha256(app_id.as_bytes()) == data.rp_id_hash {
            artifact.pass("att.app-id", format!("The hash of the relying party is the SHA-256 of {app_id}."));
        } else {
            artifact.fail(
                "att.app-id",
                "attest-rp-id-hash-mismatch",
                format!("The hash of the relying party is not the SHA-256 of {app_id}: the prefix or the bundle ID is another."),
            );
        }
    }
    let statement: Vec<String> = object.get("attStmt").map(Cbor::entries).unwrap_or_default().iter().map(|(key, _)| key.brief()).collect();
    if statement.iter().any(|key| key == "receipt") {
        artifact.pass("att.receipt", "The statement holds a receipt.");
    } else {
        artifact.warn("att.receipt", "", format!("The statement holds no receipt, but {}.", listed(&statement)));
    }
}

/// Checks an assertion.
pub(super) fn inspect_assertion(source: &Source<'_>, artifact: &mut Artifact, context: &Context) {
    let json = source.json();
    let given = given(json, context);
    let object = match json {
        Some(json) => field(json, "assertion").and_then(base64).and_then(|bytes| cbor::decode(&bytes).ok()).map(|(object, _)| object),
        None => source.binary().and_then(|bytes| cbor::decode(bytes).ok()).map(|(object, _)| object),
    };
    let part = |name: &str| match (&object, json) {
        (Some(object), _) => object.get(name).and_then(Cbor::bytes).map(<[u8]>::to_vec),
        (None, Some(json)) => field(json, name).and_then(base64),
        _ => None,
    };
    artifact.fact("from", if object.is_some() { "App Attest" } else { "WebAuthn" });
    let Some(bytes) = part("authenticatorData") else {
        artifact.fail(
            "assert.auth-data",
            "base64url-decoded-as-base64",
            "The authenticator data is absent, cut off or in another encoding.",
        );
        return;
    };
    match AuthData::read(&bytes, false) {
        Ok(data) => {
            data.facts(artifact);
            artifact.pass("assert.auth-data", format!("{} bytes of authenticator data, read to the end.", data.length));
            data.flag_checks(object.is_some(), artifact);
            assertion_checks(&data, object.is_some(), artifact);
            relying_party(&data, &given, artifact);
            let made = attest_steps::Assertion { data: &data, auth_bytes: &bytes, signature: part("signature") };
            if object.is_some() {
                attest_steps::assertion(&made, &given, artifact);
            } else {
                attest_steps::web_signature(&made, &given, artifact);
            }
        }
        Err(why) => artifact.fail("assert.auth-data", "authdata-extensions-unparsed", format!("The authenticator data is {why}.")),
    }
    match part("signature") {
        Some(signature) if signature.first() == Some(&0x30) && super::der::element(&signature).is_some() => artifact.pass(
            "assert.signature",
            format!("A signature of {} bytes in DER; for App Attest it is over the nonce, hashed once more.", signature.len()),
        ),
        Some(signature) if signature.len() == 64 => artifact.fail(
            "assert.signature",
            "ecdsa-der-against-raw-signature",
            "The signature has 64 bytes, r and s alone; WebAuthn and App Attest send DER.",
        ),
        Some(signature) => artifact.fail("assert.signature", "", format!("The signature has {} bytes and is no DER.", signature.len())),
        None => artifact.fail("assert.signature", "", "The signature is absent."),
    }
    if let Some(bytes) = json.and_then(|json| field(json, "clientDataJSON")).and_then(base64) {
        client_data::encoded(&bytes, artifact, &given);
    }
}

fn assertion_checks(data: &AuthData, app_attest: bool, artifact: &mut Artifact) {
    if app_attest {
        if data.counter == 0 {
            artifact.fail(
                "assert.counter",
                "attest-counter-not-increasing",
                "The counter is 0; an assertion's is at least 1 and grows with each.",
            );
        } else {
            artifact.pass("assert.counter", format!("The counter is {}; it has to be greater than the one stored.", data.counter));
        }
        if data.length > 37 {
            artifact.warn("assert.extensions", "authdata-extensions-unparsed", format!("The authenticator data has {} bytes instead of 37: newer systems add extensions, which a strict parser refuses. They are signed too.", data.length));
        }
        return;
    }
    if data.has(0x04) {
        artifact.pass("assert.uv", "The user was verified (UV).");
    } else {
        artifact.warn(
            "assert.uv",
            "uv-preferred-but-server-requires-uv",
            "The user was not verified (UV is off); a server that requires it refuses this.",
        );
    }
}
