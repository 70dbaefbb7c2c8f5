//! What each kind looks like, and what stays.

use super::*;

#[test]
fn a_case_is_consistent_and_comes_back() {
    let text = "/Users/jane/Notes: TeamIdentifier=A1B2C3D4E5, com.acme.notes and A1B2C3D4E5.com.acme.notes.widget failed -34018 at jane";
    let mut redactor = Redactor::default();
    let out = redactor.redact(text);
    assert_eq!(
        out.text,
        "/Users/user1/Notes: TeamIdentifier=TEAM000001, com.example.app1 and TEAM000001.com.example.app1.widget failed -34018 at user1"
    );
    let again = redactor.redact("A1B2C3D4E5 of jane, /Users/ann");
    assert_eq!(again.text, "TEAM000001 of user1, /Users/user2");
    assert_eq!(redactor.map().restore(&out.text), text);
    for one in &out.replaced {
        assert_eq!(clip(text, one.start..one.end), one.original);
    }
}

/// Text, and what becomes of it.
fn becomes(cases: &[(&str, &str)]) {
    for (text, wanted) in cases {
        assert_eq!(Redactor::default().redact(text).text, *wanted, "{text}");
    }
}

#[test]
fn secrets() {
    becomes(&[
        ("> Authorization: Bearer q1w2e3r4t5y6u7i8o9p0", "> Authorization: Bearer REDACTED1REDACTED1RE"),
        ("token ghp_0123456789abcxyzABCDEF0123456789abcd", "token ghp_REDACTED1REDACTED1REDACTED1REDACTED1"),
        ("security import d.p12 -k build.keychain -P hunter22", "security import d.p12 -k build.keychain -P REDACTED1"),
        ("https://jo:s3cr3tpw@git.example.com/x", "https://user1:REDACTED1@git.example.com/x"),
        ("password: incorrect, client_secret = idToken, code=-34018", "password: incorrect, client_secret = idToken, code=-34018"),
        ("Cookie: sid=abcdef; theme=dark", "Cookie: sid=REDACTED1; theme=REDACTED2"),
        ("kSecValueData = {length = 4, bytes = 0xd00dfeed}", "kSecValueData = {length = 4, bytes = 0xREDACTED1}"),
    ]);
}

#[test]
fn people() {
    becomes(&[
        ("jane.doe@acmetools.io wrote", "user1@example.io wrote"),
        ("abc123@privaterelay.appleid.com", "user1@privaterelay.appleid.com"),
        ("git@github.com:a/b Notes@2x.png", "git@github.com:a/b Notes@2x.png"),
        ("cipher chacha20-poly1305@openssh.com", "cipher chacha20-poly1305@openssh.com"),
        ("deny(1) mach-lookup com.acmetools.notes-spki", "deny(1) mach-lookup com.example.app1-spki"),
        (r"C:\Users\mona\x /home/lena/y /Users/Shared/z", r"C:\Users\user1\x /home/user2/y /Users/Shared/z"),
        ("sms to +49 171 5551234", "sms to +49 000 0000001"),
        ("Apple Development: Jo Do (A1B2C3D4E5)", "Apple Development: Name1 (TEAM000001)"),
        ("Apple Development: ambiguous (matches two)", "Apple Development: ambiguous (matches two)"),
    ]);
}

#[test]
fn devices_and_hosts() {
    becomes(&[
        ("on Zora's iPhone: failed", "on Name1's iPhone: failed"),
        ("the user's iPhone", "the user's iPhone"),
        ("id 00008110-001A2B3C4D5E6F78", "id 00008110-000A0A0A0A0A0A01"),
        ("uuid 0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0", "uuid A1B2C3D4-0000-4000-8000-000000000001"),
        (
            "10.1.2.3:443 and 8.1.2.3, macOS 15.2.1.4, 127.0.0.1, 239.255.255.250",
            "10.0.0.2:443 and 192.0.2.2, macOS 15.2.1.4, 127.0.0.1, 239.255.255.250",
        ),
        ("GET https://api.acmetools.io/v1 from https://appleid.apple.com", "GET https://api.example.io/v1 from https://appleid.apple.com"),
    ]);
}

#[test]
fn a_token_keeps_its_form_and_loses_its_claims() {
    use base64::Engine as _;
    let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let token = format!(
        "{}.{}.{}",
        encode(r#"{"alg":"ES256","kid":"ABC123DEFG"}"#),
        encode(r#"{"iss":"A1B2C3D4E5","aud":"https://appleid.apple.com","exp":1764000000}"#),
        "q".repeat(86)
    );
    let out = Redactor::default().redact(&token).text;
    let parts: Vec<&str> = out.split('.').collect();
    let read = |part: &str| String::from_utf8(base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    assert_eq!(read(parts[0]), r#"{"alg":"ES256","kid":"KEY0000001"}"#);
    assert_eq!(read(parts[1]), r#"{"iss":"TEAM000001","aud":"https://appleid.apple.com","exp":1764000000}"#);
    assert!(parts[2].len() == 86 && !parts[2].contains('q'));
}
