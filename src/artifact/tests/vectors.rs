//! Public test vectors; their sources stand in `tests/vectors/README.md`.

use crate::artifact::testing::*;
use crate::artifact::values::{hex, to_base64url};
use crate::artifact::{Artifact, Context, Given, Keys, Status, inspect, inspect_together};
use serde_json::{Value as Json, json};

const SAMPLE: &str = include_str!("../../../tests/vectors/app-attest-apple-sample.json");
const DEVICE: &str = include_str!("../../../tests/vectors/app-attest-ios-14.4.json");
const NONE: &str = include_str!("../../../tests/vectors/webauthn-none-es256.json");
const PACKED: &str = include_str!("../../../tests/vectors/webauthn-packed-self-es256.json");
/// 18 April 2024, between the dates of the sample's leaf.
const APRIL: i64 = 1_713_398_400;

#[track_caller]
fn has(artifact: &Artifact, status: Status, id: &str) {
    assert!(artifact.checks.iter().any(|check| check.id == id && check.status == status), "{status:?} {id}: {:#?}", artifact.checks);
}

fn sample(given: Given) -> Artifact {
    let parts: Json = serde_json::from_str(SAMPLE).unwrap();
    let part = |name: &str| crate::artifact::values::base64(parts[name].as_str().unwrap()).unwrap();
    let object = attestation_object(&[part("leaf"), part("intermediate")], &part("authData"));
    inspect("attestation", &object, &Context { now: Some(APRIL), given })
}

fn server() -> Given {
    Given {
        challenge: Some("test_server_challenge".into()),
        app_id: Some("0352187391.com.apple.example_app_attest".into()),
        key_id: Some("bSrEhF8TIzIvWSPwvZ0i2+UOBre4ASH84rK15m6emNY=".into()),
        ..Given::default()
    }
}

#[test]
fn apples_sample_passes_every_step_up_to_apples_own_root() {
    let artifact = sample(server());
    has(&artifact, Status::Pass, "att.validation");
    for id in ["chain", "client-data", "nonce", "certified-nonce", "key", "app-id", "counter", "aaguid", "credential"] {
        assert!(artifact.checks.iter().any(|check| check.id == format!("att.step-{id}") && check.status == Status::Pass), "{id}");
    }
    // The guide takes the challenge itself for the hash of the client data; that is said.
    shows(&artifact, "warn att.nonce attest-challenge-hash-mismatch");
    assert_eq!(artifact.value("attested environment"), Some("production"));
    assert!(artifact.checks.iter().any(|check| check.text.contains("2024-04-20 16:14:53 UTC")));
}

#[test]
fn the_first_step_that_fails_is_named() {
    for (given, step, page) in [
        (Given { challenge: Some("another".into()), ..server() }, "step 4 of 9", "attest-challenge-hash-mismatch"),
        (Given { key_id: Some("AAAA".into()), ..server() }, "step 5 of 9", "attest-key-id-mismatch"),
        (Given { app_id: Some("0352187391.com.example".into()), ..server() }, "step 6 of 9", "attest-rp-id-hash-mismatch"),
        (Given { root: context().given.root, ..server() }, "step 1 of 9", "attest-wrong-root-certificate"),
    ] {
        let artifact = sample(given);
        let verdict = artifact.checks.iter().find(|check| check.id == "att.validation").unwrap();
        assert_eq!((verdict.status, verdict.pitfall), (Status::Fail, Some(page)), "{}", verdict.text);
        assert!(verdict.text.contains(step), "{}", verdict.text);
    }
    let open = sample(Given { app_id: server().app_id, ..Given::default() });
    has(&open, Status::Unknown, "att.validation");
    assert!(!sample(Given::default()).checks.iter().any(|check| check.id.starts_with("att.step-")));
}

fn device() -> Json {
    serde_json::from_str(DEVICE).unwrap()
}

#[test]
fn a_devices_attestation_and_assertion_belong_together() {
    let all = device();
    let text = |name: &str| all[name].as_str().unwrap();
    let attestation =
        json!({"attestation": text("attestation"), "keyId": text("keyId"), "appId": text("appId"), "clientData": text("clientData")})
            .to_string();
    let assertion = json!({"assertion": text("assertion"), "appId": text("appId"), "clientData": text("clientData")}).to_string();
    let context = Context { now: Some(1_611_400_000), given: Given { counter: Some(0), ..Given::default() } };
    let inputs = [("attestation.json", attestation.as_bytes()), ("assertion.json", assertion.as_bytes())];
    let [one, other] = inspect_together(&inputs, &context).try_into().unwrap();
    has(&one, Status::Pass, "att.validation");
    assert_eq!(one.value("attested environment"), Some("development"));
    for id in ["assert.step-signature", "assert.step-app-id", "assert.step-counter"] {
        has(&other, Status::Pass, id);
    }
    // The same with the public key as text, and without any key that fits.
    let mut given = Given { counter: Some(1), ..Given::default() };
    assert_eq!(given.keys.read("key.pem", text("publicKey").as_bytes(), true), 1);
    let stale = inspect("", assertion.as_bytes(), &Context { now: None, given });
    has(&stale, Status::Pass, "assert.step-signature");
    shows(&stale, "fail assert.validation attest-counter-not-increasing");
    let mut keys = Keys::default();
    keys.read("other.pem", pem("PUBLIC KEY", &public_key("somebody")).as_bytes(), true);
    let foreign = inspect("", assertion.as_bytes(), &Context { now: None, given: Given { keys, ..Given::default() } });
    shows(&foreign, "fail assert.step-signature assertion-nonce-hashed-wrongly");
}

#[test]
fn the_vectors_of_web_authentication() {
    let all: Json = serde_json::from_str(NONE).unwrap();
    let coded = |part: &str, name: &str| to_base64url(&hex(all[part][name].as_str().unwrap()).unwrap());
    let registration = json!({"response": {"attestationObject": coded("registration", "attestationObject"), "clientDataJSON": coded("registration", "clientDataJSON")}}).to_string();
    let authentication = json!({"response": {"authenticatorData": coded("authentication", "authenticatorData"), "clientDataJSON": coded("authentication", "clientDataJSON"), "signature": coded("authentication", "signature")}}).to_string();
    let given = Given { rp_id: Some("example.org".into()), origin: Some("https://example.org".into()), ..Given::default() };
    let inputs = [("create.json", registration.as_bytes()), ("get.json", authentication.as_bytes())];
    let [create, get] = inspect_together(&inputs, &Context { now: None, given: given.clone() }).try_into().unwrap();
    for id in ["auth.rp-id", "client.expected-origin", "client.rp-id", "att.format"] {
        has(&create, Status::Pass, id);
    }
    has(&get, Status::Pass, "assert.verified");
    assert_eq!(create.value("credential key"), Some("ES256, elliptic curve P-256"));
    assert!(create.value("aaguid").unwrap().starts_with("8446ccb9-ab1d-b374-750b-2367ff6f3a1f"));
    let challenge = all["registration"]["challenge"].as_str().unwrap().to_owned();
    let asked = inspect("", registration.as_bytes(), &Context { now: None, given: Given { challenge: Some(challenge), ..given.clone() } });
    has(&asked, Status::Pass, "client.expected-challenge");
    let strict = Given { challenge: Some("another".into()), origin: Some("https://www.example.org".into()), ..given };
    let refused = inspect("", registration.as_bytes(), &Context { now: None, given: strict });
    shows(&refused, "fail client.expected-challenge base64url-decoded-as-base64");
    shows(&refused, "fail client.expected-origin expected-origin-mismatch");
    let packed: Json = serde_json::from_str(PACKED).unwrap();
    let artifact = look("", packed["attestationObject"].as_str().unwrap());
    assert_eq!(artifact.value("format"), Some("packed"));
    has(&artifact, Status::Pass, "att.auth-data");
}
