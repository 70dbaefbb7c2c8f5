//! Any bytes, whatever inspector or search they reach: no panic, nothing on the terminal, no secret.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test ends where it cannot go on.

use pitfall::artifact::{Artifact, Context, Given, Keys, cross, find, inspect_all, inspect_together, masked, recognise};
use proptest::prelude::*;

/// Beginnings that lead deep into one reader or another.
const HEADS: &[&[u8]] = &[
    b"",
    b"{\"applinks\":{\"details\":[",
    b"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"",
    b"{\"attestation\":\"",
    b"{\"logFormatVersion\":1,\"jobId\":\"x\",\"status\":",
    b"-----BEGIN PRIVATE KEY-----\nMIG",
    b"-----BEGIN CERTIFICATE-----\nMII",
    b"<plist version=\"1.0\"><dict><key>com.apple.developer.",
    b"bplist00",
    b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJBQkNERTEyMzQ1In0.",
    b"\xa3\x63fmt\x6fapple-appattest\x67attStmt\xa2\x63x5c\x82\x59\x02",
    b"\xa2\x69signature\x58\x40",
    b"\x30\x82\x02\x00\x02\x01\x03\x30",
    b"\x30\x82\x01\xd0\x30\x82\x01\x76\xa0\x03\x02\x01\x02",
    b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80",
    b"\x70\x40\x02\x01\x01\xb0\x3b\x30",
    b"\xfa\xde\x71\x72\x00\x00\x00\x40\x70",
    b"    0:d=0  hl=2 l=  90 cons: appl [ 16 ]\n    9:d=3  hl=2 l=  22 prim: UTF8STRING        :",
    b"Service:  webcredentials\nApp ID: x\nDomain: y\nSite/Fmwk Approval: ",
    b"Device Configuration:\n {\"registrationCompleted\":",
    b"  Matching identities\n  1) 0123456789012345678901234567890123456789 \"",
    b"keychain: \"x\"\nattributes:\n    \"acct\"<blob>=",
    b"[\"pdmn\": ck, \"agrp\": ABCDE12345.x, \"sync\": ",
    b"HTTP/2 200\ncontent-type: text/html\n\n<!DOCTYPE html>apple-app-site-association",
    b"{\"app_name\":\"x\",\"bug_type\":\"309\"}\n{\"termination\":",
    b"invalid_client: sub is the Services ID com.example.web, client_id is ",
];

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let tail = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..400),
        "[ -~\n]{0,400}".prop_map(String::into_bytes),
        "[\\[\\]{}\":,.<>/=A-Za-z0-9_\\\\ \n-]{0,400}".prop_map(String::into_bytes),
        "\\PC{0,120}".prop_map(String::into_bytes),
    ];
    (0..HEADS.len(), tail).prop_map(|(head, tail)| [HEADS[head], &tail].concat())
}

fn is_clean(artifact: &Artifact) -> bool {
    let clean = |text: &str| !text.chars().any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    clean(&artifact.name)
        && artifact.facts.iter().all(|(name, value)| clean(name) && clean(value))
        && artifact.checks.iter().all(|check| clean(&check.text) && check.id.contains('.'))
}

fn context() -> Context {
    let given = Given {
        challenge: Some("0123456789abcdef".into()),
        client_data: Some(b"data".to_vec()),
        app_id: Some("ABCDE12345.com.example.app".into()),
        key_id: Some("AAAA".into()),
        counter: Some(1),
        origin: Some("https://example.com".into()),
        rp_id: Some("example.com".into()),
        ..Given::default()
    };
    Context { now: Some(1_795_341_600), given }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_inspected(bytes in bytes(), name in prop_oneof![Just(""), Just("AuthKey_ABCDE12345.p8"), Just("apple-app-site-association"), Just("x.entitlements"), Just("x.mobileprovision"), Just("Info.plist")]) {
        let artifacts = inspect_all(name, &bytes, &context());
        prop_assert!(!artifacts.is_empty());
        prop_assert!(artifacts.iter().all(is_clean), "{artifacts:?}");
        let _ = recognise(&bytes);
        let mut keys = Keys::default();
        keys.read(name, &bytes, true);
        let _ = cross(&inspect_together(&[(name, &bytes), ("x", b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJBQkNERTEyMzQ1In0.AAAA")], &context()));
    }

    #[test]
    fn any_text_is_searched(before in "[ -~\n]{0,80}", bytes in bytes(), after in "[ -~\n]{0,80}") {
        let text = format!("{before}\n{}\n{after}", String::from_utf8_lossy(&bytes));
        for found in find("log", text.as_bytes(), &text, &context()) {
            prop_assert!(text.get(found.place.clone()).is_some(), "{:?} cuts a character", found.place);
            prop_assert!(is_clean(&found.artifact));
        }
        let _ = masked(&text);
    }
}
