use crate::artifact::testing::*;
use crate::artifact::{Form, inspect_all, recognise};
use serde_json::json;

#[test]
fn a_client_secret_as_it_should_be() {
    let secret = client_secret(&secret_claims());
    let artifact = look("secret.jwt", &secret);
    healthy(&artifact);
    assert_eq!((artifact.form, artifact.value("kind")), (Form::Jwt, Some("client secret of Sign in with Apple")));
    assert_eq!(artifact.value("exp"), Some("1797933600 (2026-12-22 10:00:00 UTC)"));
    let shown = format!("{artifact:?}");
    assert!(!shown.contains(secret.rsplit('.').next().unwrap()));
}

#[test]
fn broken_client_secrets() {
    for (members, trouble) in [
        (json!({"exp": NOW + 15_777_001}), "fail jwt.lifetime client-secret-exp-over-6-months"),
        (json!({"exp": NOW - 5, "iat": NOW - 500}), "fail jwt.exp client-secret-expired"),
        (json!({"iat": NOW * 1000}), "fail jwt.unit client-secret-bad-timestamps"),
        (json!({"exp": (NOW + 500).to_string()}), "fail jwt.unit client-secret-bad-timestamps"),
        (json!({"iat": NOW + 7200}), "fail jwt.iat client-secret-bad-timestamps"),
        (json!({"exp": null}), "fail jwt.exp client-secret-bad-timestamps"),
        (json!({"iss": "com.example.app"}), "fail jwt.iss client-secret-wrong-key-or-kid"),
        (json!({"aud": "https://appleid.apple.com/"}), "fail jwt.aud client-secret-wrong-aud-or-alg"),
        (json!({"aud": "https://example.com"}), "fail jwt.aud client-secret-wrong-aud-or-alg"),
        (json!({"sub": "ABCDE12345.com.example.app"}), "fail jwt.sub client-secret-sub-differs-from-client-id"),
        (json!({"sub": null}), "fail jwt.sub client-secret-sub-differs-from-client-id"),
    ] {
        let artifact = look("", client_secret(&with(secret_claims(), members)));
        assert_eq!(artifact.value("kind"), Some("client secret of Sign in with Apple"));
        shows(&artifact, trouble);
    }
    for (header, signature, trouble) in [
        (json!({"alg": "RS256", "kid": "KEY4567890"}), vec![1; 256], "fail jwt.alg client-secret-wrong-aud-or-alg"),
        (json!({"alg": "ES256"}), vec![1; 64], "fail jwt.kid client-secret-wrong-key-or-kid"),
        (json!({"alg": "ES256", "kid": "key-1"}), vec![1; 64], "fail jwt.kid client-secret-wrong-key-or-kid"),
        (json!({"alg": "ES256", "kid": TEAM}), vec![1; 64], "fail jwt.kid client-secret-wrong-key-or-kid"),
        (
            json!({"alg": "ES256", "kid": "KEY4567890"}),
            [vec![0x30, 69], vec![1; 69]].concat(),
            "fail jwt.signature ecdsa-der-against-raw-signature",
        ),
        (json!({"alg": "ES256", "kid": "KEY4567890"}), vec![], "fail jwt.signature client-secret-wrong-key-or-kid"),
    ] {
        shows(&look("", token(&header, &secret_claims(), &signature)), trouble);
    }
}

#[test]
fn damaged_tokens_are_mended_and_said_so() {
    let whole = client_secret(&secret_claims());
    let (front, back) = whole.split_at(40);
    for (text, what) in [
        (format!("Authorization: Bearer {whole}"), "Bearer"),
        (format!("\"{whole}\","), "quotes"),
        (format!("{front}\n{back}"), "line breaks"),
        (format!("{front} {back}"), "spaces"),
        (format!("{front}\\n{back}"), "\\n"),
        (whole.replacen('.', "==.", 1), "padding"),
    ] {
        let artifact = look("", &text);
        assert_eq!((artifact.form, troubles(&artifact)), (Form::Jwt, vec!["warn jwt.form -".to_owned()]), "{text}");
        let said = &artifact.checks.iter().find(|check| check.id == "jwt.form").unwrap().text;
        assert!(said.contains(what), "{said}");
    }
    healthy(&look("", format!("  {whole}\n")));
    assert_eq!(recognise(b"eyJub3QgYSB0b2tlbg"), None);
    assert_eq!(recognise(b"2026-11-22 10:00 error -25300 in eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.x somewhere"), None);
    let broken = look("", format!("{front}.{}", "A".repeat(30)));
    assert!(broken.form != Form::Jwt || broken.failed());
}

fn identity() -> serde_json::Value {
    json!({"iss": "https://appleid.apple.com", "aud": "com.example.app", "sub": "001234.0123456789abcdef0123456789abcdef.1234", "iat": NOW - 100, "exp": NOW + 80_000, "nonce": "0".repeat(64), "email": "someone@privaterelay.appleid.com", "email_verified": true})
}

#[test]
fn identity_tokens() {
    let made = |claims| token(&json!({"alg": "RS256", "kid": "fh6Bs8C"}), &claims, &[3; 256]);
    let artifact = look("", made(identity()));
    healthy(&artifact);
    assert_eq!(
        (artifact.value("kind"), artifact.value("email")),
        (Some("identity token of Sign in with Apple"), Some("…@privaterelay.appleid.com"))
    );
    for (members, trouble) in [
        (json!({"iss": "https://account.apple.com"}), "warn jwt.iss issuer-mismatch-account-apple-com"),
        (json!({"iss": "https://appleid.apple.com/"}), "fail jwt.iss issuer-mismatch-account-apple-com"),
        (json!({"aud": "host.exp.Exponent"}), "fail jwt.aud expo-go-audience"),
        (json!({"nonce": "raw-nonce"}), "warn jwt.nonce nonce-hash-mismatch"),
        (json!({"email_verified": "true"}), "warn jwt.booleans email-verified-string-or-bool"),
        (json!({"iat": NOW + 700}), "fail jwt.iat id-token-clock-skew"),
        (json!({"exp": NOW - 700, "iat": NOW - 900}), "fail jwt.exp -"),
    ] {
        shows(&look("", made(with(identity(), members))), trouble);
    }
    shows(&look("", token(&json!({"alg": "RS256"}), &identity(), &[3; 256])), "fail jwt.kid jwks-wrong-key-selected");
    let notification =
        made(json!({"iss": "https://appleid.apple.com", "aud": "com.example.app", "iat": NOW, "events": "{\"type\":\"consent-revoked\"}"}));
    shows(&look("", notification), "warn jwt.events server-notification-events-string");
}

#[test]
fn keys_of_other_services_are_told_apart() {
    let es = |kid: &str| json!({"alg": "ES256", "kid": kid});
    let issuer = "57246542-96fe-1a63-e053-0824d011072a";
    for (header, claims, kind) in [
        (es("KEY4567890"), json!({"iss": TEAM, "iat": NOW - 5}), "APNs or DeviceCheck token"),
        (es("KEY4567890"), json!({"iss": TEAM, "iat": NOW - 5, "exp": NOW + 500}), "MusicKit or DeviceCheck token"),
        (
            es("KEY4567890"),
            json!({"iss": issuer, "iat": NOW - 5, "exp": NOW + 600, "aud": "appstoreconnect-v1"}),
            "App Store Connect API token",
        ),
        (
            es("KEY4567890"),
            json!({"iss": issuer, "iat": NOW - 5, "exp": NOW + 600, "aud": "appstoreconnect-v1", "bid": "com.example.app"}),
            "App Store Server API token",
        ),
        (
            json!({"alg": "ES256", "kid": "KEY4567890", "id": "ABCDE12345.com.example.app"}),
            json!({"iss": TEAM, "sub": "com.example.app", "iat": NOW - 5, "exp": NOW + 600}),
            "WeatherKit token",
        ),
    ] {
        let artifact = look("", token(&header, &claims, &[1; 64]));
        assert_eq!(artifact.value("kind"), Some(kind));
        healthy(&artifact);
    }
    shows(
        &look("", token(&es("KEY4567890"), &json!({"iss": TEAM, "iat": NOW - 5, "exp": NOW + 600, "aud": "appstoreconnect-v1"}), &[1; 64])),
        "fail jwt.iss devicecheck-key-wrong-kind",
    );
    shows(
        &look(
            "",
            token(&es("KEY4567890"), &json!({"iss": issuer, "iat": NOW - 5, "exp": NOW + 6000, "aud": "appstoreconnect-v1"}), &[1; 64]),
        ),
        "fail jwt.lifetime -",
    );
    shows(&look("", token(&es("KEY"), &json!({"iss": TEAM, "iat": NOW - 5}), &[1; 64])), "fail jwt.kid devicecheck-jwt-rejected");
    shows(&look("", token(&es("KEY4567890"), &json!({"iss": TEAM, "iat": NOW * 1000}), &[1; 64])), "fail jwt.unit -");
}

#[test]
fn claims_that_somebody_decoded_count_too() {
    let header = json!({"alg": "ES256", "kid": "KEY4567890"});
    let artifact = look("", format!("{header}\n{}", with(secret_claims(), json!({"exp": NOW + 20_000_000}))));
    shows(&artifact, "fail jwt.lifetime client-secret-exp-over-6-months");
    assert_eq!(look("", secret_claims().to_string()).form, Form::Jwt);
}

#[test]
fn requests_and_the_tokens_in_them() {
    let secret = client_secret(&secret_claims());
    let good = format!("client_id=com.example.app&client_secret={secret}&code=c0123456789abcdef.0.abcd.XYZ&grant_type=authorization_code");
    let context = context();
    let artifacts = inspect_all("body.txt", good.as_bytes(), &context);
    assert_eq!(artifacts.iter().map(|artifact| artifact.form).collect::<Vec<_>>(), [Form::TokenRequest, Form::Jwt]);
    healthy(&artifacts[0]);
    assert!(!format!("{artifacts:?}").contains(&secret));
    assert!(!format!("{artifacts:?}").contains("c0123456789"));
    let identity = token(&json!({"alg": "RS256", "kid": "x"}), &identity(), &[3; 256]);
    for (body, trouble) in [
        (good.replace("&grant_type=authorization_code", ""), "fail request.grant-type token-request-not-form-encoded"),
        (good.replace("code=c0123456789abcdef.0.abcd.XYZ", &format!("code={identity}")), "fail request.code identity-token-sent-as-code"),
        (good.replace(&secret, &identity), "fail request.client-secret identity-token-as-client-secret"),
        (good.replace(&secret, "-----BEGIN PRIVATE KEY-----"), "fail request.client-secret client-secret-is-raw-key"),
        (good.replace("com.example.app&", "ABCDE12345&"), "fail request.client-id client-secret-sub-differs-from-client-id"),
        (format!("{good}&redirect_uri=myapp%3A%2F%2Fcallback"), "fail request.redirect-uri redirect-uri-not-registered"),
        (
            json!({"client_id": "com.example.app", "client_secret": secret, "grant_type": "authorization_code", "code": "c1.0.a.b"})
                .to_string(),
            "warn request.encoding token-request-not-form-encoded",
        ),
    ] {
        shows(&look("", body), trouble);
    }
}

#[test]
fn a_contradiction_in_prose_is_named() {
    let post = "We've confirmed the claims in the generated JWT are correct: iss (Issuer): Our Team ID (e.g., XXXXXXXXXX). sub (Subject): Our Service ID (e.g., com.example.service.backendauth). aud (Audience): https://appleid.apple.com. Token Exchange Request Parameters: The client_id parameter sent in the POST request to /auth/token is correctly set to our App Bundle ID (e.g., com.example.app.ios), as this is the identifier for which the code was originally issued.";
    let artifact = look("post.txt", post);
    assert_eq!(artifact.form, Form::Unknown);
    shows(&artifact, "fail request.said-client-id client-secret-sub-differs-from-client-id");
    assert!(artifact.checks[0].text.contains("com.example.service.backendauth"));
    assert!(
        !look("", post.replace("App Bundle ID", "Service ID").replace("com.example.app.ios", "com.example.service.backendauth")).failed()
    );
    assert!(look("", "The subject of my mail is the bundle ID").checks.is_empty());
}
