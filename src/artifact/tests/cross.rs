use super::profile::Profile;
use crate::artifact::testing::*;
use crate::artifact::values::to_base64;
use crate::artifact::{Artifact, Check, Status, cross};
use serde_json::json;

const ID: &str = "ABCDE12345.com.example.app";

fn entitlements(more: &str) -> Artifact {
    let base = [
        key("application-identifier", &text(ID)),
        key("com.apple.developer.team-identifier", &text(TEAM)),
        key("com.apple.developer.associated-domains", &list(&["webcredentials:example.com"])),
        key("com.apple.developer.devicecheck.appattest-environment", &text("production")),
    ];
    look("App.entitlements", plist(&(base.concat() + more)))
}

fn granted() -> String {
    [
        key("com.apple.developer.associated-domains", &text("*")),
        key("com.apple.security.application-groups", &list(&["group.com.example.app"])),
        key("com.apple.developer.devicecheck.appattest-environment", &text("production")),
        key("com.apple.developer.applesignin", &list(&["Default"])),
    ]
    .concat()
}

fn shared() -> String {
    [
        key("com.apple.security.application-groups", &list(&["group.com.example.app"])),
        key("com.apple.developer.applesignin", &list(&["Default"])),
        key("keychain-access-groups", &list(&[ID])),
    ]
    .concat()
}

fn profile() -> Artifact {
    look("embedded.mobileprovision", Profile { granted: granted(), ..Profile::default() }.signed())
}

fn info(bundle: &str) -> Artifact {
    look("Info.plist", plist(&key("CFBundleIdentifier", &text(bundle))))
}

fn association(app: &str) -> Artifact {
    look("aasa.json", json!({"webcredentials": {"apps": [app]}}).to_string())
}

fn secret(sub: &str) -> Artifact {
    look("secret.jwt", client_secret(&with(secret_claims(), json!({"sub": sub}))))
}

fn request(client: &str) -> Artifact {
    look("body.txt", format!("client_id={client}&client_secret=<redacted>&grant_type=authorization_code&code=c1.0.x.y"))
}

fn wrong(checks: &[Check]) -> Vec<String> {
    checks
        .iter()
        .filter(|check| matches!(check.status, Status::Fail | Status::Warn))
        .map(|check| format!("{} {} {}", check.status.word(), check.id, check.pitfall.unwrap_or("-")))
        .collect()
}

#[track_caller]
fn finds(artifacts: &[Artifact], trouble: &str) {
    let checks = cross(artifacts);
    assert!(wrong(&checks).iter().any(|found| found == trouble), "no `{trouble}` in {checks:#?}");
}

#[test]
fn a_healthy_project_fits_together() {
    let all = [
        entitlements(&shared()),
        profile(),
        info("com.example.app"),
        association(ID),
        secret("com.example.app"),
        request("com.example.app"),
        look("AuthKey_KEY4567890.p8", pem("PRIVATE KEY", &pkcs8(P256))),
        look("attestation", Attest::default().object()),
    ];
    let checks = cross(&all);
    assert_eq!(wrong(&checks), Vec::<String>::new());
    for id in [
        "cross.application-identifier",
        "cross.entitlements",
        "cross.bundle-id",
        "cross.association",
        "cross.client-id",
        "cross.key-id",
        "cross.app-id-hash",
        "cross.attest-environment",
        "cross.team",
    ] {
        assert!(checks.iter().any(|check| check.id == id && check.status == Status::Pass), "{id}");
    }
}

#[test]
fn one_planted_contradiction_of_each_kind_is_found() {
    let app = || entitlements(&shared());
    finds(
        &[app(), look("", Profile { id: "ABCDE12345.com.example.other", granted: granted(), ..Profile::default() }.signed())],
        "fail cross.application-identifier profile-application-identifier-mismatch",
    );
    finds(&[app(), look("", Profile::default().signed())], "fail cross.entitlements entitlements-not-in-profile");
    finds(
        &[
            entitlements(""),
            look(
                "",
                Profile {
                    granted: key("com.apple.developer.devicecheck.appattest-environment", &text("production")),
                    ..Profile::default()
                }
                .signed(),
            ),
        ],
        "fail cross.entitlements profile-lacks-associated-domains",
    );
    finds(&[entitlements(""), profile()], "warn cross.unused profile-missing-capability");
    finds(
        &[entitlements(&key("keychain-access-groups", &list(&["ZZZZZ12345.x"]))), profile()],
        "fail cross.keychain-groups access-group-not-in-entitlements",
    );
    finds(
        &[entitlements(&key("com.apple.security.application-groups", &list(&["group.com.example.other"]))), profile()],
        "fail cross.app-groups app-group-entitlement-mismatch",
    );
    finds(&[app(), info("com.example.other")], "fail cross.bundle-id profile-application-identifier-mismatch");
    finds(&[app(), association("ZZZZZ12345.com.example.app")], "fail cross.association aasa-team-id-prefix-mismatch");
    finds(&[app(), association("ABCDE12345.com.example.other")], "fail cross.association app-missing-from-webcredentials");
    finds(&[secret("com.example.web"), request("com.example.app")], "fail cross.client-id client-secret-sub-differs-from-client-id");
    finds(
        &[secret("com.example.app"), look("AuthKey_OTHER67890.p8", pem("PRIVATE KEY", &pkcs8(P256)))],
        "fail cross.key-id client-secret-wrong-key-or-kid",
    );
    finds(
        &[app(), look("", client_secret(&with(secret_claims(), json!({"iss": "ZZZZZ12345"}))))],
        "fail cross.team app-id-prefix-change-hides-items",
    );
    finds(
        &[app(), look("", Attest { app_id: "ZZZZZ12345.com.example.app".into(), ..Attest::default() }.object())],
        "fail cross.app-id-hash attest-rp-id-hash-mismatch",
    );
    let development = || look("attestation", Attest { aaguid: *b"appattestdevelop", ..Attest::default() }.object());
    finds(&[profile(), development()], "fail cross.attest-environment attest-environment-mismatch");
    finds(&[app(), development()], "warn cross.attest-environment attest-environment-mismatch");
    finds(
        &[
            app(),
            look(
                "Widget.entitlements",
                plist(
                    &(key("application-identifier", &text("ABCDE12345.com.example.app.widget"))
                        + &key("com.apple.security.application-groups", &list(&["group.com.example.widget"]))),
                ),
            ),
        ],
        "fail cross.shared-group app-group-entitlement-mismatch",
    );
}

#[test]
fn identity_tokens_against_the_rest() {
    let identity = look(
        "id.jwt",
        token(
            &json!({"alg": "RS256", "kid": "fh6Bs8C"}),
            &json!({"iss": "https://appleid.apple.com", "aud": "com.example.app", "sub": "x", "iat": NOW, "exp": NOW + 600}),
            &[1; 256],
        ),
    );
    let keys = |kid: &str| look("keys.json", json!({"keys": [{"kty": "RSA", "kid": kid, "n": "AQAB", "e": "AQAB"}]}).to_string());
    let issuer = look("", json!({"issuer": "https://account.apple.com", "jwks_uri": "https://appleid.apple.com/auth/keys"}).to_string());
    assert!(wrong(&cross(&[identity.clone(), keys("fh6Bs8C"), info("com.example.app")])).is_empty());
    finds(&[identity.clone(), keys("other")], "fail cross.key-set jwks-key-not-found");
    finds(&[identity.clone(), issuer], "fail cross.issuer issuer-mismatch-account-apple-com");
    finds(&[identity.clone(), info("com.example.other")], "warn cross.audience identity-token-audience-mismatch");
    finds(&[identity, request("com.example.web")], "fail cross.audience token-client-id-bundle-vs-services");
}

#[test]
fn a_relying_party_against_the_domains() {
    let proof = |host: &str| {
        look("assertion.json", json!({"response": {"authenticatorData": to_base64(&[crate::artifact::values::sha256(host.as_bytes()), vec![5, 0, 0, 0, 1]].concat()), "signature": "MEUCIQ"}}).to_string())
    };
    assert!(wrong(&cross(&[entitlements(""), proof("example.com")])).is_empty());
    finds(&[entitlements(""), proof("example.org")], "fail cross.rp-id rp-id-not-in-associated-domains");
}
