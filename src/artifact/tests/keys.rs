//! Signatures of tokens, against keys that are given beside them.

use crate::artifact::testing::*;
use crate::artifact::values::to_base64url;
use crate::artifact::{Context, Form, Keys, inspect, inspect_together};
use rsa::pkcs1v15::SigningKey;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use serde_json::{Value as Json, json};

fn header() -> Json {
    json!({"alg": "ES256", "kid": "KEY4567890"})
}

fn jwk(owner: &str, kid: &str) -> Json {
    let point = point_of(owner);
    json!({"kty": "EC", "crv": "P-256", "kid": kid, "x": to_base64url(&point[1..33]), "y": to_base64url(&point[33..])})
}

#[test]
fn a_client_secret_fits_its_key_in_every_form() {
    let secret = signed_token("client", &header(), &secret_claims());
    for (name, key) in [
        ("AuthKey_KEY4567890.p8", pem("PRIVATE KEY", &pkcs8(P256))),
        ("key.p8", pem("PRIVATE KEY", &pkcs8(P256)).replace('\n', "\\n")),
        ("public.pem", pem("PUBLIC KEY", &public_key("client"))),
        ("keys.json", json!({"keys": [jwk("other", "OTHER67890"), jwk("client", "KEY4567890")]}).to_string()),
        ("key.json", jwk("client", "KEY4567890").to_string()),
        ("chain.pem", pem("CERTIFICATE", &certificate(&Cert { subject: "client", ..Cert::default() }))),
    ] {
        let artifact = inspect("secret.jwt", secret.as_bytes(), &with_keys(name, &key));
        healthy(&artifact);
        assert!(artifact.checks.iter().any(|check| check.id == "jwt.verified" && check.text.contains(name)), "{name}");
    }
}

#[test]
fn a_secret_of_another_key_is_refused() {
    let secret = signed_token("client", &header(), &secret_claims());
    for (name, key) in [
        ("AuthKey_KEY4567890.p8", pem("PRIVATE KEY", &private_key("other", P256))),
        ("AuthKey_OTHER67890.p8", pem("PRIVATE KEY", &pkcs8(P256))),
        ("public.pem", pem("PUBLIC KEY", &public_key("other"))),
        ("keys.json", json!({"keys": [jwk("other", "KEY4567890"), jwk("client", "OTHER67890")]}).to_string()),
    ] {
        let artifact = inspect("", secret.as_bytes(), &with_keys(name, &key));
        shows(&artifact, "fail jwt.verified client-secret-wrong-key-or-kid");
    }
    let (front, signature) = secret.rsplit_once('.').unwrap();
    let (head, _) = front.split_once('.').unwrap();
    let other = to_base64url(with(secret_claims(), json!({"sub": "com.example.other"})).to_string().as_bytes());
    let forged = format!("{head}.{other}.{signature}");
    shows(
        &inspect("", forged.as_bytes(), &with_keys("public.pem", pem("PUBLIC KEY", &public_key("client")))),
        "fail jwt.verified client-secret-wrong-key-or-kid",
    );
}

fn rsa_pair() -> (SigningKey<sha2::Sha256>, Json) {
    // The primes of the key in RFC 7515, appendix A.2.
    let number = |text: &str| rsa::BoxedUint::from_be_slice_vartime(&crate::artifact::values::base64(text).unwrap());
    let p = number(
        "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
    );
    let q = number(
        "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
    );
    let key = rsa::PrivateKey::from_p_q(p, q, 65_537_u64.into()).unwrap();
    let (n, e) = RFC_7515_RSA;
    (SigningKey::new(key), json!({"kty": "RSA", "kid": "fh6Bs8C", "n": n, "e": e}))
}

fn identity(alg: &str, kid: &str) -> String {
    let claims = json!({"iss": "https://appleid.apple.com", "aud": "com.example.app", "sub": "001234.0123456789abcdef0123456789abcdef.1234", "iat": NOW - 100, "exp": NOW + 80_000, "nonce": "0".repeat(64)});
    let front = [json!({"alg": alg, "kid": kid}), claims].map(|part| to_base64url(part.to_string().as_bytes())).join(".");
    let signature = rsa_pair().0.sign(front.as_bytes());
    format!("{front}.{}", to_base64url(&signature.to_bytes()))
}

#[test]
fn an_identity_token_against_a_key_set() {
    let jwk = rsa_pair().1;
    let set = |keys: Vec<Json>| json!({"keys": keys}).to_string();
    let right = inspect("id.jwt", identity("RS256", "fh6Bs8C").as_bytes(), &with_keys("keys.json", set(vec![jwk.clone()])));
    healthy(&right);
    assert!(right.checks.iter().any(|check| check.id == "jwt.verified"));
    let (n, _) = RFC_7515_RSA;
    let other = with(jwk.clone(), json!({"n": n.replace("ofgW", "ofgX")}));
    let cases = [
        (identity("RS256", "fh6Bs8C"), set(vec![with(jwk.clone(), json!({"kid": "other"}))]), "fail"),
        (identity("RS256", "fh6Bs8C"), set(vec![other]), "fail"),
        (identity("RS256", "fh6Bs8C").replacen('.', ".e30", 1), set(vec![jwk.clone()]), "other"),
    ];
    for (token, keys, verdict) in cases {
        let artifact = inspect("", token.as_bytes(), &with_keys("keys.json", &keys));
        if verdict == "fail" {
            shows(&artifact, "fail jwt.verified jwks-wrong-key-selected");
        } else {
            assert!(artifact.form != Form::Jwt || artifact.failed());
        }
    }
    // A key of another kind says nothing, and says so.
    let artifact = inspect("", identity("RS256", "x").as_bytes(), &with_keys("key.pem", pem("PUBLIC KEY", &public_key("client"))));
    assert!(
        artifact.checks.iter().any(|check| check.id == "jwt.verified" && check.status == crate::artifact::Status::Unknown),
        "{:?}",
        artifact.checks
    );
}

#[test]
fn files_given_together_verify_each_other_and_keep_no_secret() {
    let secret = signed_token("client", &header(), &secret_claims());
    let key = pem("PRIVATE KEY", &pkcs8(P256));
    let inputs = [("secret.jwt", secret.as_bytes()), ("AuthKey_KEY4567890.p8", key.as_bytes())];
    let artifacts = inspect_together(&inputs, &context());
    healthy(&artifacts[0]);
    assert!(artifacts[0].checks.iter().any(|check| check.id == "jwt.verified"));
    let scalar = crate::artifact::values::to_hex(&signing_key("client").to_bytes());
    let mut keys = Keys::default();
    keys.read("key.p8", key.as_bytes(), false);
    assert!(!format!("{keys:?}").to_lowercase().contains(&scalar), "the private half is not kept");
    assert_eq!(Keys::default().read("x", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", false), 0);
    // Without keys nothing is said of the signature.
    let alone = inspect("", secret.as_bytes(), &Context { now: Some(NOW), ..Context::default() });
    assert!(!alone.checks.iter().any(|check| check.id == "jwt.verified"));
}
