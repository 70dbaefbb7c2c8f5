use crate::artifact::Form;
use crate::artifact::testing::*;
use serde_json::{Value, json};

fn association() -> Value {
    json!({
        "applinks": {"details": [{"appIDs": ["ABCDE12345.com.example.app"], "components": [{"/": "/open/*"}, {"/": "*", "?": {"x": "y"}}]}]},
        "webcredentials": {"apps": ["ABCDE12345.com.example.app"]}
    })
}

#[test]
fn an_association_file_as_it_should_be() {
    let artifact = look("apple-app-site-association", association().to_string());
    healthy(&artifact);
    assert_eq!((artifact.form, artifact.value("webcredentials app")), (Form::Association, Some("ABCDE12345.com.example.app")));
    healthy(&look("", format!("HTTP/2 200\r\ncontent-type: application/json\r\n\r\n{}", association())));
    let old = json!({"applinks": {"apps": [], "details": [{"appID": "ABCDE12345.com.example.app", "paths": ["/a/*", "NOT /b/*", "*"]}]}});
    healthy(&look("", old.to_string()));
}

#[test]
fn broken_association_files() {
    let one = |app: &str| json!({"webcredentials": {"apps": [app]}}).to_string();
    let path = |path: &str| json!({"applinks": {"details": [{"appID": "ABCDE12345.com.example.app", "paths": [path]}]}}).to_string();
    for (text, trouble) in [
        (one("com.example.app"), "fail aasa.apps aasa-team-id-prefix-mismatch"),
        (one("TEAMID.com.example.app"), "fail aasa.apps aasa-team-id-prefix-mismatch"),
        (one("abcde12345.com.example.app"), "fail aasa.apps aasa-team-id-prefix-mismatch"),
        (json!({"webcredentials": {"apps": []}}).to_string(), "fail aasa.apps app-missing-from-webcredentials"),
        (json!({"webcredentials": ["ABCDE12345.com.example.app"]}).to_string(), "fail aasa.apps app-missing-from-webcredentials"),
        (json!({"webCredentials": {"apps": ["ABCDE12345.com.example.app"]}}).to_string(), "fail aasa.keys app-missing-from-webcredentials"),
        (path("https://example.com/a"), "fail aasa.patterns aasa-path-pattern-wrong"),
        (path("example.com/a"), "fail aasa.patterns aasa-path-pattern-wrong"),
        (path("open/*"), "fail aasa.patterns aasa-path-pattern-wrong"),
        (association().to_string().replace("}}", "},}"), "fail aasa.json app-missing-from-webcredentials"),
        ("<!DOCTYPE html><html><body>Not found</body></html>".to_owned(), "fail aasa.json aasa-served-as-html"),
        (
            format!(
                "HTTP/1.1 301 Moved\r\nLocation: https://www.example.com/x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}",
                association()
            ),
            "fail aasa.status aasa-redirected-or-too-large",
        ),
        (format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}", association()), "fail aasa.content-type aasa-served-as-html"),
        ("HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html>".to_owned(), "fail aasa.status aasa-cdn-cannot-fetch"),
        (format!("{}{}", association(), " ".repeat(140_000)), "fail aasa.size aasa-redirected-or-too-large"),
    ] {
        shows(&look("apple-app-site-association", text), trouble);
    }
}

fn configuration() -> Value {
    json!({"issuer": "https://appleid.apple.com", "authorization_endpoint": "https://appleid.apple.com/auth/authorize", "token_endpoint": "https://appleid.apple.com/auth/token", "jwks_uri": "https://appleid.apple.com/auth/keys"})
}

#[test]
fn discovery_documents() {
    let artifact = look("", configuration().to_string());
    healthy(&artifact);
    assert_eq!(artifact.form, Form::OpenIdConfiguration);
    for (members, trouble) in [
        (json!({"issuer": "https://account.apple.com"}), "fail oidc.issuer issuer-mismatch-account-apple-com"),
        (json!({"issuer": "https://account.apple.com"}), "fail oidc.hosts issuer-mismatch-account-apple-com"),
        (json!({"issuer": "https://appleid.apple.com/"}), "fail oidc.issuer issuer-mismatch-account-apple-com"),
        (json!({"jwks_uri": null}), "fail oidc.keys -"),
        (json!({"token_endpoint": "http://appleid.apple.com/auth/token"}), "fail oidc.https -"),
    ] {
        shows(&look("", with(configuration(), members).to_string()), trouble);
    }
}

#[test]
fn key_sets() {
    let key = json!({"kty": "RSA", "kid": "fh6Bs8C", "use": "sig", "alg": "RS256", "n": "AQAB", "e": "AQAB"});
    let set = |keys: Vec<Value>| json!({"keys": keys}).to_string();
    let artifact = look("keys.json", set(vec![key.clone()]));
    healthy(&artifact);
    assert_eq!(artifact.form, Form::KeySet);
    shows(&look("", set(vec![key.clone(), key.clone()])), "warn jwks.kid jwks-wrong-key-selected");
    shows(&look("", set(vec![with(key.clone(), json!({"kid": null}))])), "warn jwks.kid jwks-wrong-key-selected");
    shows(&look("", set(vec![with(key.clone(), json!({"n": null}))])), "fail jwks.key jwks-key-not-found");
    let private = look("", set(vec![with(key, json!({"d": "c2VjcmV0IHNlY3JldA"}))]));
    shows(&private, "fail jwks.private -");
    assert!(!format!("{private:?}").contains("c2VjcmV0"));
}
