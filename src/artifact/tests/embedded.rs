//! Artifacts inside logs, questions and terminal output.
#![allow(clippy::string_slice)] // The places are what is tested.

use crate::artifact::testing::*;
use crate::artifact::{Form, Found, find};
use serde_json::json;

fn forms(text: &str) -> Vec<Form> {
    all(text).iter().map(|found| found.artifact.form).collect()
}

fn all(text: &str) -> Vec<Found> {
    find("log", text.as_bytes(), text, &context())
}

#[track_caller]
fn failed(text: &str, id: &str) {
    let found = all(text);
    assert!(
        found.iter().any(|one| one.artifact.checks.iter().any(|check| check.id == id && check.status == crate::artifact::Status::Fail)),
        "{id}: {found:#?}"
    );
}

#[test]
fn a_token_in_a_log_line_and_a_key_in_another() {
    let secret = client_secret(&with(secret_claims(), json!({"exp": NOW + 20_000_000})));
    let key = pem("PRIVATE KEY", &pkcs8(P256));
    let text = format!("12:00:00 INFO posting client secret {secret} to Apple\n12:00:01 INFO key was\n{key}12:00:02 done\n");
    assert_eq!(forms(&text), [Form::Jwt, Form::Key]);
    failed(&text, "jwt.lifetime");
    let found = all(&text);
    assert_eq!(&text[found[0].place.clone()], secret);
    assert!(text[found[1].place.clone()].starts_with("-----BEGIN") && text[found[1].place.clone()].ends_with("KEY-----"));
    assert!(!format!("{found:?}").contains(&secret));
}

#[test]
fn a_property_list_in_a_fence_and_codesigns_text() {
    let inside = key("keychain-access-groups", &list(&["com.example.notes"]));
    let text = format!("My entitlements are:\n```xml\n{}```\nWhat is wrong?\n", plist(&inside));
    assert_eq!(forms(&text), [Form::Entitlements]);
    failed(&text, "ent.keychain-groups");
    let text = "$ codesign -d --entitlements - Notes.app\nExecutable=/Applications/Notes.app/Contents/MacOS/Notes\n[Dict]\n\t[Key] com.apple.security.inherit\n\t[Value]\n\t\t[Bool] true\n\nand then it crashed";
    assert_eq!(forms(text), [Form::Entitlements]);
    failed(text, "ent.inherit");
}

#[test]
fn an_association_file_behind_the_headers_of_curl() {
    let body = json!({"webcredentials": {"apps": ["com.example.app"]}});
    let text = format!(
        "$ curl -iL https://example.com/.well-known/apple-app-site-association\nHTTP/1.1 301 Moved Permanently\nLocation: https://www.example.com/x\n\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}\n$ \n"
    );
    assert_eq!(forms(&text), [Form::Association]);
    failed(&text, "aasa.apps");
    failed(&text, "aasa.status");
    let verbose = format!(
        "> GET /.well-known/apple-app-site-association HTTP/2\n>\n< HTTP/2 200\n< content-type: text/html\n<\n{body}\n* Connection left intact\n"
    );
    failed(&verbose, "aasa.content-type");
    let page = "curl -i https://example.com/apple-app-site-association\nHTTP/2 200\ncontent-type: text/html\n\n<!DOCTYPE html><html><body>App</body></html>\n";
    failed(page, "aasa.json");
    let broken = "The file is\n{\n  \"applinks\": {\n    \"details\": [ { \"appID\": \"ABCDE12345.com.example.app\", \"paths\": [\"*\"] }, ]\n  }\n}\nas you see.\n";
    failed(broken, "aasa.json");
}

#[test]
fn what_tools_printed_between_other_lines() {
    for (text, form, id) in [
        (
            "+ security find-identity -v\nPolicy: X.509 Basic\n  Matching identities\n     0 identities found\n\n  Valid identities only\n     0 valid identities found\nexit 1\n",
            Form::Identities,
            "identity.valid",
        ),
        (
            "swcutil says\n\nService:              webcredentials\nApp ID:               ABCDE12345.com.example.app\nDomain:               example.com\nUser Approval:        unspecified\nSite/Fmwk Approval:   denied\n\nand so on\n",
            Form::AssociationState,
            "swc.site",
        ),
        (
            "query returned [\"acct\": jo, \"pdmn\": aku, \"agrp\": ABCDE12345.com.example.notes, \"sync\": 1, \"svce\": notes] at 12:00\n",
            Form::KeychainItem,
            "item.sync",
        ),
        (
            "Log:\n{\"logFormatVersion\": 1, \"jobId\": \"x\", \"status\": \"Invalid\", \"statusSummary\": \"Archive contains critical validation errors\", \"statusCode\": 4000, \"archiveFilename\": \"a.zip\", \"issues\": [{\"severity\": \"error\", \"path\": \"a.zip/A\", \"message\": \"The binary is not signed.\"}]}\nError: exit 69\n",
            Form::NotaryLog,
            "notary.issue",
        ),
    ] {
        assert_eq!(forms(text), [form], "{text}");
        failed(text, id);
    }
    let attestation =
        format!("attestation={} len=2000\n", crate::artifact::values::to_base64(&Attest { counter: 2, ..Attest::default() }.object()));
    failed(&attestation, "att.counter");
}

#[test]
fn code_and_ordinary_lines_hold_no_artifact() {
    for text in [
        "let params = [\"client_id\": clientID, \"client_secret\": secret, \"grant_type\": \"authorization_code\"]\n",
        "guard let links = json[\"applinks\"] as? [String: Any] else { return }\n",
        "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<!DOCTYPE html><html></html>\n",
        "2026-11-20 12:00:00 Notes[12:34] SecItemCopyMatching failed: -25300\n",
        "the key begins with eyJ and has -BEGIN in it, pdmn and <plist are words too",
        "",
    ] {
        assert_eq!(forms(text), [], "{text}");
    }
    let many = format!("{}\n", client_secret(&secret_claims())).repeat(3_000);
    assert!(all(&many).len() <= 24);
}
