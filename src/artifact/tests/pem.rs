#![allow(clippy::string_slice)] // The samples are ASCII.
use crate::artifact::testing::*;
use crate::artifact::{Form, recognise};

#[test]
fn a_p8_as_it_should_be() {
    let artifact = look("AuthKey_KEY4567890.p8", pem("PRIVATE KEY", &pkcs8(P256)));
    healthy(&artifact);
    assert_eq!(
        (artifact.form, artifact.value("key id"), artifact.value("key")),
        (Form::Key, Some("KEY4567890"), Some("private key, elliptic curve P-256"))
    );
}

#[test]
fn damage_is_named_and_no_key_is_shown() {
    let whole = pem("PRIVATE KEY", &pkcs8(P256));
    let body: String = whole.lines().filter(|line| !line.starts_with('-')).collect();
    for (text, what) in [
        (whole.replace('\n', "\\n"), "\\n"),
        (whole.replace('\n', " "), "one line"),
        (whole.replace('\n', ""), "one line"),
        (body.clone(), "no BEGIN line"),
        (whole.replace("-----END PRIVATE KEY-----", ""), "no END line"),
        (whole.replace("-----BEGIN", "----BEGIN"), "hyphens"),
        (format!("\"{}\"", whole.replace("PRIVATE KEY-----\n", "PRIVATE KEY-----\"\n\"")), "quotes"),
        (whole.replace(&body[64..70], "***"), "asterisks"),
        (whole.replace(&body[64..66], "é"), "base64"),
        (pem("PRIVATE KEY", &pkcs8(P256)[..60]), "cut off"),
    ] {
        let artifact = look("", &text);
        assert_eq!(artifact.form, Form::Key, "{text}");
        let said = artifact
            .checks
            .iter()
            .find(|check| check.id == "key.form" && check.status == crate::artifact::Status::Fail)
            .unwrap_or_else(|| panic!("{text}: {:?}", artifact.checks));
        assert!(said.text.contains(what), "{what}: {}", said.text);
        assert!(!format!("{artifact:?}").contains(&body[8..24]));
    }
    shows(&look("", whole.replace(&body[64..70], "***")), "fail key.form masked-secret-saved");
    assert_eq!(recognise(&pkcs8(P256)), Some(Form::Key));
    healthy(&look("key.der", pkcs8(P256)));
}

#[test]
fn wrong_kinds() {
    let rsa = {
        let numbers: Vec<Vec<u8>> = std::iter::once(der(0x02, &[0])).chain((0..8).map(|_| der(0x02, &[0x41; 256]))).collect();
        seq(&[der(0x02, &[0]), seq(&[oid("1.2.840.113549.1.1.1"), der(0x05, &[])]), der(0x04, &seq(&numbers))])
    };
    shows(&look("server.key", pem("PRIVATE KEY", &rsa)), "warn key.kind client-secret-wrong-aud-or-alg");
    let artifact = look("AuthKey.p8", pem("PRIVATE KEY", &rsa));
    assert_eq!(artifact.value("key"), Some("private key, RSA 2048 bits"));
    shows(&artifact, "fail key.kind client-secret-wrong-aud-or-alg");
    shows(&look("", pem("PRIVATE KEY", &pkcs8("1.3.132.0.34"))), "fail key.kind client-secret-wrong-aud-or-alg");
    shows(
        &look("", pem("ENCRYPTED PRIVATE KEY", &seq(&[seq(&[oid("1.2.840.113549.1.5.13")]), der(0x04, &[1; 40])]))),
        "fail key.kind p8-key-format",
    );
    shows(
        &look("", pem("PUBLIC KEY", &seq(&[seq(&[oid(EC), oid(P256)]), der(0x03, &[vec![0], point()].concat())]))),
        "warn key.kind client-secret-wrong-key-or-kid",
    );
    let sec1 = seq(&[der(0x02, &[1]), der(0x04, &[0x5a; 32]), der(0xa0, &oid(P256))]);
    shows(&look("", pem("EC PRIVATE KEY", &sec1)), "warn key.kind p8-key-format");
    shows(&look("", pem("PRIVATE KEY", &certificate(&Cert::default()))), "fail key.kind p8-key-format");
}
