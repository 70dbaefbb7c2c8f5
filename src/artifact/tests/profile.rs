use crate::artifact::testing::*;
use crate::artifact::values::to_base64;
use crate::artifact::{Form, recognise};

pub(super) struct Profile<'a> {
    pub(super) id: &'a str,
    pub(super) prefix: &'a str,
    pub(super) expires: &'a str,
    pub(super) granted: String,
    pub(super) devices: &'a [&'a str],
    pub(super) cert_days: (i64, i64),
}

impl Default for Profile<'_> {
    fn default() -> Self {
        Self {
            id: "ABCDE12345.com.example.app",
            prefix: TEAM,
            expires: "2027-06-01T00:00:00Z",
            granted: String::new(),
            devices: &[],
            cert_days: (-100, 200),
        }
    }
}

impl Profile<'_> {
    pub(super) fn text(&self) -> String {
        let cert = certificate(&Cert {
            subject: "Apple Distribution: Example (ABCDE12345)",
            issuer: "Apple Worldwide Developer Relations Certification Authority",
            days: self.cert_days,
            hosts: &[],
            usage: &["1.3.6.1.5.5.7.3.3"],
            ..Cert::default()
        });
        let granted = [
            key("application-identifier", &text(self.id)),
            key("com.apple.developer.team-identifier", &text(TEAM)),
            key("keychain-access-groups", &list(&["ABCDE12345.*"])),
            self.granted.clone(),
        ]
        .concat();
        plist(
            &[
                key("Name", &text("Example Distribution")),
                key("UUID", &text("00000000-1111-2222-3333-444444444444")),
                key("TeamIdentifier", &list(&[TEAM])),
                key("ApplicationIdentifierPrefix", &list(&[self.prefix])),
                key("Platform", &list(&["iOS"])),
                key("CreationDate", "<date>2026-06-01T00:00:00Z</date>"),
                key("ExpirationDate", &format!("<date>{}</date>", self.expires)),
                key("DeveloperCertificates", &format!("<array><data>{}</data></array>", to_base64(&cert))),
                if self.devices.is_empty() { String::new() } else { key("ProvisionedDevices", &list(self.devices)) },
                key("Entitlements", &format!("<dict>{granted}</dict>")),
            ]
            .concat(),
        )
    }

    pub(super) fn signed(&self) -> Vec<u8> {
        signed_message(self.text().as_bytes())
    }
}

#[test]
fn a_profile_as_it_should_be_signed_or_not() {
    for bytes in [Profile::default().signed(), Profile::default().text().into_bytes()] {
        let artifact = look("embedded.mobileprovision", bytes);
        healthy(&artifact);
        assert_eq!(
            (artifact.form, artifact.value("profile kind"), artifact.value("profile team")),
            (Form::Profile, Some("App Store"), Some(TEAM))
        );
        assert!(artifact.value("certificate").unwrap().starts_with("Apple Distribution: Example (ABCDE12345), until"));
    }
}

#[test]
fn kinds() {
    let debuggable = key("get-task-allow", "<true/>");
    let devices: &[&str] = &["00008030-001A2B3C4D5E6F70"];
    for (profile, kind) in [
        (Profile { devices, granted: debuggable.clone(), ..Profile::default() }, "development"),
        (Profile { devices, ..Profile::default() }, "ad hoc"),
    ] {
        assert_eq!(look("", profile.signed()).value("profile kind"), Some(kind));
    }
    let all = |platform: &str| {
        Profile::default()
            .text()
            .replace("<string>iOS</string>", &text(platform))
            .replace("<key>Name</key>", "<key>ProvisionsAllDevices</key><true/><key>Name</key>")
    };
    assert_eq!(look("", all("OSX")).value("profile kind"), Some("Developer ID"));
    assert_eq!(look("", all("iOS")).value("profile kind"), Some("in-house (Enterprise)"));
}

#[test]
fn broken_profiles() {
    for (profile, trouble) in [
        (Profile { expires: "2026-01-01T00:00:00Z", ..Profile::default() }, "fail profile.expiry profile-not-valid-for-this-install"),
        (Profile { expires: "2026-11-25T00:00:00Z", ..Profile::default() }, "warn profile.expiry profile-not-valid-for-this-install"),
        (
            Profile { prefix: "ZZZZZ12345", ..Profile::default() },
            "fail profile.application-identifier profile-application-identifier-mismatch",
        ),
        (Profile { id: "ABCDE12345.*", ..Profile::default() }, "warn profile.application-identifier profile-missing-capability"),
        (Profile { cert_days: (-400, -30), ..Profile::default() }, "warn profile.certificates signing-certificate-revoked"),
        (
            Profile { granted: key("aps-environment", &text("development")), ..Profile::default() },
            "fail profile.environment profile-missing-capability",
        ),
    ] {
        shows(&look("", profile.signed()), trouble);
    }
    let signed = Profile::default().signed();
    let cut = look("embedded.mobileprovision", &signed[..signed.len() / 2]);
    shows(&cut, "warn profile.cms profile-not-valid-for-this-install");
    assert!(cut.failed());
}

#[test]
fn certificates() {
    let good = certificate(&Cert::default());
    let artifact = look("", pem("CERTIFICATE", &good));
    healthy(&artifact);
    assert_eq!(
        (artifact.form, artifact.value("hosts"), recognise(&good)),
        (Form::Certificate, Some("app.example.com"), Some(Form::Certificate))
    );
    for (cert, trouble) in [
        (Cert { hosts: &[], ..Cert::default() }, "fail cert.tls-name certificate-not-standards-compliant"),
        (Cert { days: (-10, 900), ..Cert::default() }, "fail cert.tls-validity certificate-not-standards-compliant"),
        (Cert { days: (-10, 500), ..Cert::default() }, "warn cert.tls-validity certificate-not-standards-compliant"),
        (Cert { usage: &[], ..Cert::default() }, "fail cert.tls-usage certificate-not-standards-compliant"),
        (Cert { signed_with: "1.2.840.113549.1.1.5", ..Cert::default() }, "fail cert.tls-hash certificate-not-standards-compliant"),
        (Cert { rsa: Some(1024), ..Cert::default() }, "fail cert.tls-key certificate-not-standards-compliant"),
        (Cert { days: (-100, -1), ..Cert::default() }, "fail cert.dates server-certificate-expired"),
        (Cert { days: (3, 90), ..Cert::default() }, "fail cert.dates device-clock-wrong"),
        (Cert { issuer: "app.example.com", ..Cert::default() }, "warn cert.chain untrusted-self-signed-certificate"),
    ] {
        shows(&look("", pem("CERTIFICATE", &certificate(&cert))), trouble);
    }
    shows(&look("", pem("CERTIFICATE", &good[..good.len() - 40])), "fail cert.syntax certificate-not-standards-compliant");
    let intermediate =
        certificate(&Cert { subject: "Example CA", issuer: "Example Root", days: (-100, 3000), hosts: &[], usage: &[], ..Cert::default() });
    let chain = |order: &[&[u8]]| look("", order.iter().map(|one| pem("CERTIFICATE", one)).collect::<String>());
    healthy(&chain(&[&good, &intermediate]));
    shows(&chain(&[&intermediate, &good]), "fail cert.chain server-chain-missing-intermediate");
    let signing = certificate(&Cert {
        subject: "Developer ID Application: Example (ABCDE12345)",
        hosts: &[],
        usage: &["1.3.6.1.5.5.7.3.3"],
        extra: vec![("1.2.840.113635.100.6.1.13", vec![5, 0])],
        ..Cert::default()
    });
    let artifact = look("", pem("CERTIFICATE", &signing));
    healthy(&artifact);
    assert!(artifact.value("Apple extension").unwrap().starts_with("Developer ID Application"));
}

#[test]
fn pkcs12() {
    let made = |algorithms: &[&str]| {
        let inner: Vec<Vec<u8>> = algorithms.iter().map(|id| seq(&[oid(id)])).collect();
        seq(&[der(0x02, &[3]), seq(&[oid("1.2.840.113549.1.7.1"), der(0xa0, &der(0x04, &seq(&inner)))])])
    };
    let old = look("id.p12", made(&["1.2.840.113549.1.12.1.3", "1.3.14.3.2.26"]));
    healthy(&old);
    assert_eq!(old.form, Form::Pkcs12);
    shows(&look("", made(&["1.2.840.113549.1.5.13", "2.16.840.1.101.3.4.1.42"])), "warn p12.algorithms pkcs12-unsupported-algorithms");
    let cut = made(&["1.2.840.113549.1.12.1.3"]);
    shows(&look("", &cut[..cut.len() - 3]), "fail p12.syntax pkcs12-file-corrupt");
    shows(&look("", to_base64(&cut[..cut.len() - 1]).into_bytes()), "fail p12.syntax pkcs12-file-corrupt");
    let old_with_new_mac = made(&["1.2.840.113549.1.12.1.3", "2.16.840.1.101.3.4.2.1"]);
    shows(&look("", old_with_new_mac), "warn p12.algorithms pkcs12-unsupported-algorithms");
    assert_eq!(recognise(to_base64(&made(&["1.2.840.113549.1.12.1.3"])).as_bytes()), Some(Form::Pkcs12));
}
