use crate::artifact::testing::*;
use crate::artifact::{inspect_all, recognise};
use std::time::{Duration, Instant};

/// An answer within a second; the profile of tests, on a busy machine, is given four.
#[track_caller]
fn soon(name: &str, bytes: &[u8]) {
    let start = Instant::now();
    let artifacts = inspect_all(name, bytes, &context());
    assert!(!artifacts.is_empty());
    let took = start.elapsed();
    let budget = Duration::from_secs(if cfg!(debug_assertions) { 4 } else { 1 });
    assert!(took < budget, "{took:?} for {name}");
}

#[test]
fn every_beginning_of_every_artifact_is_survived() {
    let profile = signed_message(plist(&key("Entitlements", "<dict/>")).as_bytes());
    let samples: Vec<Vec<u8>> = vec![
        client_secret(&secret_claims()).into_bytes(),
        pem("PRIVATE KEY", &pkcs8(P256)).into_bytes(),
        certificate(&Cert::default()),
        Attest::default().object(),
        profile,
        plist(&key("com.apple.security.app-sandbox", "<true/>")).into_bytes(),
        br#"{"applinks":{"details":[{"appIDs":["ABCDE12345.com.example.app"],"components":[{"/":"/x/*"}]}]}}"#.to_vec(),
        b"[Dict]\n[Key] a\n[Value]\n[Array]\n[String] b\n".to_vec(),
    ];
    for sample in samples {
        for end in 0..sample.len() {
            let _ = inspect_all("x", &sample[..end], &context());
        }
        for at in (0..sample.len()).step_by(3) {
            let mut changed = sample.clone();
            changed[at] ^= 0xff;
            let _ = inspect_all("x", &changed, &context());
        }
    }
}

#[test]
fn depth_is_survived() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("<array>", "</array>"), ("[Dict] ", ""), ("{\"applinks\":", "}")] {
        soon("deep.json", format!("{}{}", open.repeat(10_000), close.repeat(10_000)).as_bytes());
        soon("apple-app-site-association", format!("{}{}", open.repeat(10_000), close.repeat(10_000)).as_bytes());
    }
    soon("deep.plist", format!("<plist>{}{}</plist>", "<dict><key>a</key>".repeat(10_000), "</dict>".repeat(10_000)).as_bytes());
    for byte in [0x81_u8, 0x9f, 0xbf, 0xa1, 0x30, 0x24, 0xd8] {
        soon("deep.bin", &vec![byte; 10_000]);
        soon("deep.bin", &[byte, 0x80].repeat(10_000));
    }
}

#[test]
fn fifty_mebibytes_are_survived() {
    const SIZE: usize = 50 << 20;
    soon("zeros", &vec![0; SIZE]);
    soon("a.jwt", "eyJhbGciOiJFUzI1NiJ9.".repeat(SIZE / 21).as_bytes());
    soon("braces", "{".repeat(SIZE).as_bytes());
    soon("angles", "<dict>".repeat(SIZE / 6).as_bytes());
    soon("comments.entitlements", "<!--".repeat(SIZE / 4).as_bytes());
    soon("pem", "-----BEGIN PRIVATE KEY-----\n".repeat(SIZE / 28).as_bytes());
    soon("der", &[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff].repeat(SIZE / 6));
    soon("spaces", " ".repeat(SIZE).as_bytes());
    soon("lines", "\n".repeat(SIZE).as_bytes());
    soon("base64", "QUFB".repeat(SIZE / 4).as_bytes());
}

#[test]
fn marks_without_end_are_survived() {
    const SIZE: usize = 8 << 20;
    for mark in [
        "eyJ",
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.x ",
        "{\"applinks\":",
        "[\"applinks\"\n",
        "-----BEGIN X-----\n-----END ",
        "<plist",
        "pdmn{",
        "Site/Fmwk Approval: Service: Domain:",
        "HTTP/1.1 200\napple-app-site-association <html ",
        "o2NmbXR",
        "client_secret=MIG&client_id=x\n",
        "identities found\n",
        "createdDate: status: id:\n\n",
        "sub is the Services ID client_id ",
    ] {
        let text = mark.repeat(SIZE / mark.len());
        let start = Instant::now();
        let found = crate::artifact::find("x", text.as_bytes(), &text, &context());
        assert!(found.len() <= 30);
        let took = start.elapsed();
        assert!(
            took < Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 10 }),
            "{took:?} for {mark}: what looks at the text again at every mark would take hours"
        );
    }
}

/// Certificates that issue each other, and keys of absurd sizes.
#[test]
fn loops_and_giants_are_survived() {
    let one = Cert { subject: "A", issuer: "B", authority: true, ..Cert::default() };
    let other = Cert { subject: "B", issuer: "A", authority: true, ..Cert::default() };
    let pair = pem("CERTIFICATE", &certificate(&one)) + &pem("CERTIFICATE", &certificate(&other));
    soon("loop.pem", pair.repeat(500).as_bytes());
    let huge = serde_json::json!({"keys": vec![serde_json::json!({"kty": "RSA", "kid": "x", "n": "_".repeat(100_000), "e": "AQAB"}); 40]});
    soon("keys.json", huge.to_string().as_bytes());
    let mut keys = crate::artifact::Keys::default();
    assert_eq!(keys.read("keys.json", huge.to_string().as_bytes(), true), 0);
    for length in [0x9b_u8, 0xbb, 0x5b, 0x7b] {
        soon("absurd.cbor", &[&[0xa3, 0x63][..], b"fmt", &[length, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], b"authData"].concat());
    }
}

#[test]
fn a_large_but_ordinary_list_is_quick() {
    let strings = "<string>00008030-001A2B3C4D5E6F70</string>\n".repeat(20_000);
    let list = plist(&format!("{}{}", key("Entitlements", "<dict/>"), key("ProvisionedDevices", &format!("<array>{strings}</array>"))));
    soon("profile.plist", list.as_bytes());
    assert!(recognise(list.as_bytes()).is_some());
}

#[test]
fn what_is_shown_cannot_drive_a_terminal() {
    let artifact = look("evil\u{1b}[2J.entitlements", plist(&key("com.apple.developer.x\u{202e}y", &text("\u{1b}]0;title\u{7}&#x202e;"))));
    let all = format!("{} {:?} {:?}", artifact.name, artifact.facts, artifact.checks.iter().map(|check| &check.text).collect::<Vec<_>>());
    assert!(!all.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{all}");
    let jwt = token(&serde_json::json!({"alg": "\u{1b}[31m", "kid": "\u{202e}"}), &serde_json::json!({"iss": "a\nb", "iat": 1e300}), b"x");
    let artifact = look("", jwt);
    assert!(artifact.facts.iter().all(|(_, value)| !value.contains(['\u{1b}', '\n', '\u{202e}'])));
}
