use crate::artifact::Form;
use crate::artifact::testing::*;
use crate::artifact::values::{sha256, to_base64, to_base64url, to_hex};
use serde_json::json;

fn given(attest: &Attest) -> String {
    let key_id = to_base64(&sha256(&point()));
    json!({"attestation": to_base64(&attest.object()), "challenge": to_base64(&attest.challenge), "keyId": key_id, "appId": attest.app_id})
        .to_string()
}

#[test]
fn an_attestation_as_it_should_be_in_every_encoding() {
    let attest = Attest::default();
    for bytes in [
        attest.object(),
        to_base64(&attest.object()).into_bytes(),
        to_base64url(&attest.object()).into_bytes(),
        to_hex(&attest.object()).into_bytes(),
        given(&attest).into_bytes(),
    ] {
        let artifact = look("attestation", bytes);
        healthy(&artifact);
        assert_eq!((artifact.form, artifact.value("attested environment")), (Form::Attestation, Some("production")));
    }
    let artifact = look("", given(&attest));
    for id in ["att.nonce", "att.app-id", "att.given-key-id", "att.leaf-key", "att.chain"] {
        assert!(
            artifact.checks.iter().any(|check| check.id == id && check.status == crate::artifact::Status::Pass),
            "{id}: {:?}",
            artifact.checks
        );
    }
}

#[test]
fn broken_attestations() {
    let ok = Attest::default();
    for (attest, trouble) in [
        (Attest { aaguid: [0; 16], ..Attest::default() }, "fail att.aaguid attest-environment-mismatch"),
        (Attest { counter: 3, ..Attest::default() }, "fail att.counter attest-counter-not-increasing"),
        (Attest { credential: Some(vec![1; 32]), ..Attest::default() }, "fail att.key-id attest-key-id-mismatch"),
        (Attest { leaf_days: (-10, -7), ..Attest::default() }, "warn att.leaf-date attest-leaf-expired"),
        (Attest { root: "Some other CA", ..Attest::default() }, "fail att.chain attest-wrong-root-certificate"),
    ] {
        shows(&look("", attest.object()), trouble);
    }
    let other = json!({"attestation": to_base64(&ok.object()), "challenge": to_base64(b"another challenge"), "keyId": to_base64(&[1; 32]), "appId": "ABCDE12345.com.example.other"}).to_string();
    let artifact = look("", other);
    shows(&artifact, "fail att.nonce attest-challenge-hash-mismatch");
    shows(&artifact, "fail att.app-id attest-rp-id-hash-mismatch");
    shows(&artifact, "fail att.given-key-id attest-key-id-mismatch");
    let hashed = json!({"attestation": to_base64(&ok.object()), "challenge": to_base64(&sha256(&ok.challenge))}).to_string();
    shows(&look("", hashed), "warn att.nonce attest-challenge-hash-mismatch");
    let cut = ok.object();
    shows(&look("", &cut[..cut.len() - 9]), "fail att.cbor base64url-decoded-as-base64");
    assert_eq!(
        look("", Attest { aaguid: *b"appattestdevelop", ..Attest::default() }.object()).value("attested environment"),
        Some("development")
    );
}

fn webauthn(flags: u8, aaguid: [u8; 16]) -> Vec<u8> {
    let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    key.extend(&point()[1..33]);
    key.extend([0x22, 0x58, 0x20]);
    key.extend(&point()[33..]);
    let auth = [sha256(b"example.com"), vec![flags], vec![0; 4], aaguid.to_vec(), vec![0, 4, 1, 2, 3, 4], key].concat();
    let mut out = Vec::new();
    minicbor::Encoder::new(&mut out)
        .map(3)
        .unwrap()
        .str("fmt")
        .unwrap()
        .str("none")
        .unwrap()
        .str("attStmt")
        .unwrap()
        .map(0)
        .unwrap()
        .str("authData")
        .unwrap()
        .bytes(&auth)
        .unwrap();
    out
}

#[test]
fn passkeys() {
    let passwords = [0xfb, 0xfc, 0x30, 0x07, 0x15, 0x4e, 0x4e, 0xcc, 0x8c, 0x0b, 0x6e, 0x02, 0x05, 0x57, 0xd7, 0xbd];
    let artifact = look("", to_base64url(&webauthn(0x5d, passwords)));
    healthy(&artifact);
    assert!(artifact.value("aaguid").unwrap().contains("Apple Passwords"));
    shows(&look("", webauthn(0x5d, [0; 16])), "warn att.aaguid provider-aaguid-zeroed");
    shows(&look("", webauthn(0x55, passwords)), "fail auth.flags backup-eligible-flag-not-persisted");
    let client = |origin: &str, challenge: &str| json!({"type": "webauthn.create", "challenge": challenge, "origin": origin}).to_string();
    let credential = |client: &str| {
        json!({"id": "x", "response": {"attestationObject": to_base64url(&webauthn(0x5d, passwords)), "clientDataJSON": to_base64url(client.as_bytes())}}).to_string()
    };
    let challenge = to_base64url(&[5; 32]);
    healthy(&look("", credential(&client("https://example.com", &challenge))));
    shows(&look("", credential(&client("http://example.com", &challenge))), "fail client.origin expected-origin-mismatch");
    shows(
        &look("", credential(&client("https://example.com", "+/+/+/+/+/+/+/+/+/+/+/+/"))),
        "warn client.challenge base64url-decoded-as-base64",
    );
    shows(&look("", client("https://example.com/", &challenge)), "fail client.origin expected-origin-mismatch");
    healthy(&look("", client("https://example.com", &challenge)));
}

fn assertion(counter: u32, extra: &[u8], flags: u8) -> Vec<u8> {
    let auth = [sha256(b"ABCDE12345.com.example.app"), vec![flags], counter.to_be_bytes().to_vec(), extra.to_vec()].concat();
    let mut out = Vec::new();
    minicbor::Encoder::new(&mut out)
        .map(2)
        .unwrap()
        .str("signature")
        .unwrap()
        .bytes(&seq(&[der(2, &[1; 32]), der(2, &[2; 32])]))
        .unwrap()
        .str("authenticatorData")
        .unwrap()
        .bytes(&auth)
        .unwrap();
    out
}

#[test]
fn assertions() {
    // An App Attest assertion has the bit of credential data set and holds none; that is what Apple sends.
    let artifact = look("", to_base64(&assertion(1, &[], 0x40)));
    healthy(&artifact);
    assert_eq!(artifact.form, Form::Assertion);
    shows(&look("", assertion(0, &[], 0x40)), "fail assert.counter attest-counter-not-increasing");
    shows(&look("", assertion(2, &[0xa1, 0x61, b'a', 0x01], 0xc0)), "warn assert.extensions authdata-extensions-unparsed");
    shows(&look("", assertion(2, &[1, 2], 0x40)), "fail auth.length authdata-extensions-unparsed");
    let browser = json!({"response": {"authenticatorData": to_base64url(&[sha256(b"example.com"), vec![0x01, 0, 0, 0, 0]].concat()), "signature": to_base64url(&[1; 64]), "clientDataJSON": to_base64url(b"no json")}}).to_string();
    let artifact = look("", browser);
    shows(&artifact, "warn assert.uv uv-preferred-but-server-requires-uv");
    shows(&artifact, "fail assert.signature ecdsa-der-against-raw-signature");
    shows(&artifact, "fail client.json base64url-decoded-as-base64");
}
