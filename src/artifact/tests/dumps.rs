//! What tools print: the notary service, `security`, `swcutil`, `app-sso`, `codesign` in DER; and `assetlinks.json`.

use crate::artifact::testing::*;
use crate::artifact::{Form, Status};
use serde_json::{Value as Json, json};

fn issue(severity: &str, path: &str, message: &str) -> Json {
    json!({"severity": severity, "code": null, "path": path, "message": message, "docUrl": "https://developer.apple.com/documentation/security", "architecture": "arm64"})
}

fn notary(status: &str, summary: &str, code: i64, issues: &[Json]) -> String {
    let tickets = if status == "Accepted" {
        json!([{"path": "Notes.zip/Notes.app", "digestAlgorithm": "SHA-256", "cdhash": "00", "arch": "arm64"}])
    } else {
        Json::Null
    };
    json!({"logFormatVersion": 1, "jobId": "11111111-2222-3333-4444-555555555555", "status": status, "statusSummary": summary, "statusCode": code, "archiveFilename": "Notes.zip", "uploadDate": "2026-11-20T10:00:00.000Z", "sha256": "00", "ticketContents": tickets, "issues": if issues.is_empty() { Json::Null } else { json!(issues) }}).to_string()
}

#[test]
fn notary_logs() {
    let good = look("notary.json", notary("Accepted", "Ready for distribution", 0, &[]));
    healthy(&good);
    assert_eq!(good.form, Form::NotaryLog);
    let refused = |issues: &[Json]| look("", notary("Invalid", "Archive contains critical validation errors", 4000, issues));
    for (path, message, page) in [
        ("Notes.zip/Notes.app/Contents/MacOS/Notes", "The signature does not include a secure timestamp.", "no-secure-timestamp"),
        (
            "Notes.zip/Notes.app/Contents/MacOS/Notes",
            "The executable does not have the hardened runtime enabled.",
            "hardened-runtime-not-enabled",
        ),
        (
            "Notes.zip/Notes.app/Contents/MacOS/Notes",
            "The executable requests the com.apple.security.get-task-allow entitlement.",
            "get-task-allow-in-release",
        ),
        (
            "Notes.zip/Notes.app/Contents/Frameworks/X.framework/X",
            "The binary is not signed with a valid Developer ID certificate.",
            "helper-signed-for-development",
        ),
        ("Notes.zip/Notes.app/Contents/MacOS/Notes", "The signature of the binary is invalid.", "binary-modified-after-signing"),
        ("Notes.zip/Notes.app/Contents/MacOS/tool", "The binary is not signed.", "nested-code-unsigned"),
        ("Notes.zip/Notes.app/Contents/app/jna.jar/libjnidispatch.jnilib", "The binary is not signed.", "unsigned-native-library-in-jar"),
        ("Notes.zip/Notes.app/Contents/Resources/app.asar.unpacked/a.node", "The binary is not signed.", "unsigned-natives-beside-asar"),
    ] {
        let artifact = refused(&[issue("error", path, message)]);
        shows(&artifact, &format!("fail notary.issue {page}"));
        shows(&artifact, &format!("fail notary.status {page}"));
        assert!(artifact.checks.iter().any(|check| check.text.contains("Notes.app/Contents")));
    }
    shows(
        &look("", notary("Rejected", "Team is not yet configured for notarization.", 7000, &[])),
        "fail notary.status notary-team-not-configured",
    );
    let many: Vec<Json> = (0..30).map(|n| issue("error", &format!("N.zip/{n}"), "The binary is not signed.")).collect();
    assert_eq!(refused(&many).checks.iter().filter(|check| check.id == "notary.issue").count(), 1, "issues of one message stand together");
    let warned =
        look("", notary("Accepted", "Ready for distribution", 0, &[issue("warning", "N.zip/x", "The binary contains an i386 slice.")]));
    shows(&warned, "warn notary.issue old-sdk-or-i386-slice");
}

#[test]
fn what_notarytool_prints() {
    let info = |status: &str| {
        format!(
            "Successfully received submission info\n  createdDate: 2026-11-20T10:00:00.000Z\n  id: 11111111-2222-3333-4444-555555555555\n  name: Notes.zip\n  status: {status}\n"
        )
    };
    let good = look("", info("Accepted"));
    healthy(&good);
    assert_eq!(good.form, Form::NotaryLog);
    shows(&look("", info("Invalid")), "fail notary.status notarytool-wait-exits-zero");
    shows(&look("", info("Rejected")), "fail notary.status notarytool-wait-exits-zero");
    let waiting = look("", info("In Progress"));
    assert!(waiting.checks.iter().any(|check| check.id == "notary.status" && check.status == Status::Unknown));
    let history = "Successfully received submission history.\n  history\n    --------------------------------------------------\n    createdDate: 2026-11-20T12:00:00.000Z\n    id: 11111111-2222-3333-4444-555555555555\n    name: Notes.zip\n    status: Invalid\n    --------------------------------------------------\n    createdDate: 2026-11-19T12:00:00.000Z\n    id: 66666666-2222-3333-4444-555555555555\n    name: Notes.zip\n    status: Accepted\n";
    let artifact = look("", history);
    assert_eq!(artifact.values("submission").count(), 2);
    shows(&artifact, "fail notary.status notarytool-wait-exits-zero");
    shows(
        &look("", history.replace("Invalid", "In Progress").replace("Accepted", "In Progress")),
        "warn notary.waiting notary-first-submission-slow",
    );
}

fn identity(number: usize, name: &str, flaw: &str) -> String {
    format!("  {number}) {:040X} \"{name}\"{}\n", number * 7919, if flaw.is_empty() { String::new() } else { format!(" ({flaw})") })
}

fn identities(all: &[(&str, &str)]) -> String {
    let rows = |valid: bool| {
        all.iter()
            .enumerate()
            .filter(|(_, (_, flaw))| !valid || flaw.is_empty())
            .map(|(at, (name, flaw))| identity(at + 1, name, flaw))
            .collect::<String>()
    };
    let count = |valid: bool| all.iter().filter(|(_, flaw)| !valid || flaw.is_empty()).count();
    format!(
        "\nPolicy: Code Signing\n  Matching identities\n{}     {} identities found\n\n  Valid identities only\n{}     {} valid identities found\n",
        rows(false),
        count(false),
        rows(true),
        count(true)
    )
}

#[test]
fn signing_identities() {
    let good =
        look("", identities(&[("Apple Development: Jo Doe (ABCDE12345)", ""), ("Developer ID Application: Jo Doe (ABCDE12345)", "")]));
    healthy(&good);
    assert_eq!((good.form, good.value("identity team")), (Form::Identities, Some(TEAM)));
    let one = "Apple Distribution: Jo Doe (ABCDE12345)";
    for (all, trouble) in [
        (vec![], "fail identity.valid identity-private-key-missing"),
        (vec![(one, "CSSMERR_TP_NOT_TRUSTED")], "fail identity.valid codesign-missing-intermediate"),
        (vec![(one, "CSSMERR_TP_CERT_REVOKED")], "fail identity.valid signing-certificate-revoked"),
        (vec![(one, ""), ("Apple Development: Jo", "CSSMERR_TP_CERT_EXPIRED")], "warn identity.flaw signing-certificate-revoked"),
        (vec![(one, ""), (one, "")], "warn identity.ambiguous ambiguous-signing-identity"),
    ] {
        shows(&look("", identities(&all)), trouble);
    }
    assert_eq!(look("", "2 identities were found in the talk").form, Form::Unknown);
}

const DUMP: &str = "keychain: \"/Users/jo/Library/Keychains/login.keychain-db\"\nversion: 512\nclass: \"genp\"\nattributes:\n    0x00000007 <blob>=\"com.example.notes\"\n    0x00000008 <blob>=<NULL>\n    \"acct\"<blob>=\"jo\"\n    \"cdat\"<timedate>=0x32303236  \"20261120100000Z\\000\"\n    \"svce\"<blob>=\"com.example.notes\"\n    \"type\"<uint32>=<NULL>\npassword: \"correct horse\"\n";

#[test]
fn keychain_items() {
    let dump = look("", DUMP);
    assert_eq!(
        (dump.form, dump.value("class"), dump.value("service (svce)")),
        (Form::KeychainItem, Some("generic password"), Some("com.example.notes"))
    );
    shows(&dump, "warn item.secret -");
    assert!(!format!("{dump:?}").contains("correct horse"));
    let item = |pdmn: &str, agrp: &str, more: &str| {
        format!(
            "{{\n    acct = jo;\n    agrp = \"{agrp}\";\n    cdat = \"2026-11-20 10:00:00 +0000\";\n    pdmn = {pdmn};\n    svce = \"com.example.notes\";\n    tomb = 0;\n    {more}\n    \"v_Data\" = {{length = 8, bytes = 0x7365637265747321}};\n}}\n"
        )
    };
    let good = look("", item("ck", "ABCDE12345.com.example.notes", "sync = 1;"));
    healthy(&good);
    assert_eq!(good.value("accessible (pdmn)"), Some("ck: kSecAttrAccessibleAfterFirstUnlock"));
    assert!(!format!("{good:?}").contains("736563"));
    for (text, trouble) in [
        (item("cku", "ABCDE12345.com.example.notes", "sync = 1;"), "fail item.sync icloud-keychain-not-syncing"),
        (item("ck", "com.example.notes", ""), "fail item.group access-group-missing-team-prefix"),
        (item("dk", "ABCDE12345.com.example.notes", ""), "warn item.accessible accessibility-class-not-migrated"),
        (item("zz", "ABCDE12345.com.example.notes", ""), "fail item.accessible -"),
        (item("ck", "group.com.example.notes", ""), "warn item.group app-group-as-keychain-group-on-mac"),
        (item("ck", "ABCDE12345.com.example.notes", "").replace("tomb = 0", "tomb = 1"), "warn item.tombstone -"),
    ] {
        shows(&look("", text), trouble);
    }
    let swift = "[\"acct\": jo, \"pdmn\": ak, \"agrp\": ABCDE12345.com.example.notes, \"sync\": 0, \"svce\": com.example.notes, \"v_Data\": <73656372 65747321>]";
    let artifact = look("", swift);
    assert_eq!((artifact.form, artifact.value("accessible (pdmn)")), (Form::KeychainItem, Some("ak: kSecAttrAccessibleWhenUnlocked")));
    assert!(!format!("{artifact:?}").contains("73656372"));
    assert_eq!(look("", "the agrp of an item and its pdmn are told in the documentation of svce").form, Form::Unknown);
}

fn record(more: &[(&str, &str)]) -> String {
    let mut all = vec![
        ("Service", "webcredentials"),
        ("App ID", "ABCDE12345.com.example.app"),
        ("App Version", "1.0"),
        ("Domain", "example.com"),
        ("User Approval", "unspecified"),
        ("Site/Fmwk Approval", "approved"),
        ("Flags", ""),
        ("Last Checked", "2026-11-20 10:00:00 +0000"),
        ("Next Check", "2026-11-25 10:00:00 +0000"),
    ];
    for (key, value) in more {
        match all.iter_mut().find(|(known, _)| known == key) {
            Some(slot) => slot.1 = value,
            None => all.push((key, value)),
        }
    }
    all.iter().map(|(key, value)| [*key, ": ", *value, "\n"].concat()).collect()
}

#[test]
fn domains_on_the_device() {
    let good = look("swcutil_show.txt", format!("{}\n{}", record(&[]), record(&[("Service", "applinks"), ("Domain", "www.example.com")])));
    healthy(&good);
    assert_eq!((good.form, good.value("webcredentials app")), (Form::AssociationState, Some("ABCDE12345.com.example.app at example.com")));
    for (more, trouble) in [
        (vec![("Site/Fmwk Approval", "denied")], "fail swc.site app-missing-from-webcredentials"),
        (
            vec![("Site/Fmwk Approval", "unspecified"), ("Last Checked", ""), ("Next Check", "0001-01-01 00:00:00 +0000")],
            "fail swc.site aasa-not-downloaded-at-install",
        ),
        (vec![("Site/Fmwk Approval", "unspecified")], "warn swc.site association-not-yet-verified"),
        (vec![("User Approval", "denied")], "fail swc.user shared-web-credentials-not-approved"),
        (
            vec![
                ("Site/Fmwk Approval", "unspecified"),
                ("Error", "Error Domain=NSCocoaErrorDomain Code=3840 \"JSON text did not start with array\""),
            ],
            "fail swc.error aasa-served-as-html",
        ),
        (
            vec![("Site/Fmwk Approval", "unspecified"), ("Error", "Error Domain=NSURLErrorDomain Code=-1001 \"timed out\"")],
            "fail swc.error aasa-cdn-cannot-fetch",
        ),
        (vec![("App ID", "com.example.app")], "fail swc.app aasa-team-id-prefix-mismatch"),
        (vec![("Domain", "server.local")], "fail swc.host aasa-host-not-public"),
    ] {
        shows(&look("", record(&more)), trouble);
    }
}

fn sso(device: &Json, login: &Json, user: &Json, tokens: &str) -> String {
    let pretty = |json: &Json| if json.is_null() { "(null)".to_owned() } else { serde_json::to_string_pretty(json).unwrap() };
    format!(
        "Time:\n2026-11-20T10:00:00Z\n\nDevice Configuration:\n {}\n\nLogin Configuration:\n {}\n\nUser Configuration:\n {}\n\nSSO Tokens:\n{tokens}\n",
        pretty(device),
        pretty(login),
        pretty(user)
    )
}

#[test]
fn platform_sso() {
    let device = json!({"_deviceSigningKeyData": "c2VjcmV0c2VjcmV0", "extensionIdentifier": "com.example.sso.extension", "registrationCompleted": true, "protocolVersion": 1, "loginType": "POLoginTypePassword (1)"});
    let login = json!({"clientID": "mac", "issuer": "https://login.example.com", "jwksEndpointURL": "https://login.example.com/keys", "tokenEndpointURL": "https://login.example.com/token"});
    let user = json!({"_credential": "c2VjcmV0c2VjcmV0", "state": "POUserStateNormal (0)", "userLoginConfiguration": {"loginUserName": "jo@example.com"}});
    let fresh = "Received:\n2026-11-20T09:00:00Z\nExpiration:\n2026-12-04T09:00:00Z (Not Expired)";
    let good = look("", sso(&device, &login, &user, fresh));
    healthy(&good);
    assert_eq!((good.form, good.value("login user name")), (Form::PlatformSso, Some("…@example.com")));
    assert!(!format!("{good:?}").contains("c2VjcmV0"));
    for (text, trouble) in [
        (
            sso(&with(device.clone(), json!({"registrationCompleted": false})), &login, &user, fresh),
            "fail psso.device psso-registration-needs-interaction",
        ),
        (sso(&Json::Null, &login, &user, fresh), "fail psso.device psso-registration-needs-interaction"),
        (sso(&device, &Json::Null, &user, fresh), "fail psso.login psso-registration-needs-interaction"),
        (
            sso(&device, &login, &with(user.clone(), json!({"state": "POUserStateNeedsRegistration (2)"})), fresh),
            "fail psso.user psso-user-not-registered",
        ),
        (sso(&device, &login, &Json::Null, fresh), "fail psso.user psso-user-not-registered"),
        (sso(&device, &login, &user, "(null)"), "fail psso.tokens psso-nonce-rejected"),
        (sso(&device, &login, &user, &fresh.replace("Not Expired", "Expired")), "fail psso.tokens psso-nonce-rejected"),
        (
            sso(&device, &login, &with(user.clone(), json!({"userLoginConfiguration": null})), fresh),
            "fail psso.user-name psso-user-name-set-in-device-registration",
        ),
        (sso(&device, &with(login.clone(), json!({"issuer": "http://login.example.com"})), &user, fresh), "fail psso.https -"),
    ] {
        shows(&look("", text), trouble);
    }
}

#[test]
fn asset_links() {
    let print = "14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5";
    let one = json!({"relation": ["delegate_permission/common.handle_all_urls", "delegate_permission/common.get_login_creds"], "target": {"namespace": "android_app", "package_name": "com.example.app", "sha256_cert_fingerprints": [print]}});
    let file = |one: &Json| json!([one]).to_string();
    let good = look("assetlinks.json", file(&one));
    healthy(&good);
    assert_eq!(good.form, Form::AssetLinks);
    let target = |members: Json| file(&with(one.clone(), json!({"target": with(one["target"].clone(), members)})));
    for (text, trouble) in [
        (target(json!({"sha256_cert_fingerprints": [print.replace(':', "")]})), "fail links.fingerprint -"),
        (target(json!({"sha256_cert_fingerprints": null})), "fail links.fingerprint -"),
        (target(json!({"namespace": "ios_app"})), "fail links.target -"),
        (target(json!({"package_name": "an app"})), "fail links.target -"),
        (file(&with(one.clone(), json!({"relation": []}))), "fail links.relation -"),
    ] {
        shows(&look("", text), trouble);
    }
}

/// Entitlements in DER, as `codesign` writes them.
fn in_der(pairs: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let pairs: Vec<u8> = pairs.iter().flat_map(|(key, value)| seq(&[der(0x0c, key.as_bytes()), value.clone()])).collect();
    der(0x70, &[der(0x02, &[1]), der(0xb0, &pairs)].concat())
}

#[test]
fn entitlements_in_der() {
    let string = |text: &str| der(0x0c, text.as_bytes());
    let array = |items: &[&str]| seq(&items.iter().map(|item| string(item)).collect::<Vec<_>>());
    let good = [
        ("application-identifier", string("ABCDE12345.com.example.app")),
        ("com.apple.developer.applesignin", array(&["Default"])),
        ("com.apple.developer.team-identifier", string(TEAM)),
        ("keychain-access-groups", array(&["ABCDE12345.com.example.app"])),
    ];
    let bare = in_der(&good);
    let blob = [&[0xfa, 0xde, 0x71, 0x72][..], &u32::try_from(bare.len() + 8).unwrap().to_be_bytes(), &bare].concat();
    for bytes in [
        bare.clone(),
        blob.clone(),
        crate::artifact::values::to_base64(&blob).into_bytes(),
        crate::artifact::values::to_hex(&bare).into_bytes(),
    ] {
        let artifact = look("", bytes);
        healthy(&artifact);
        assert_eq!((artifact.form, artifact.value("application identifier")), (Form::Entitlements, Some("ABCDE12345.com.example.app")));
    }
    let on = der(0x01, &[0xff]);
    for (pairs, trouble) in [
        (vec![("keychain-access-groups", array(&["com.example.app"]))], "fail ent.keychain-groups access-group-missing-team-prefix"),
        (vec![("get-task-allow", on.clone())], "warn ent.get-task-allow get-task-allow-in-release"),
        (vec![("com.apple.security.inherit", on)], "fail ent.inherit helper-missing-sandbox-inherit"),
        (vec![("com.apple.developer.applesignin", string("Default"))], "fail ent.applesignin siwa-entitlement-missing"),
        (vec![("x", der(0x05, &[]))], "fail ent.amfi signature-without-der-entitlements"),
    ] {
        shows(&look("", in_der(&pairs)), trouble);
    }
    shows(&look("", &blob[..blob.len() - 9]), "fail ent.amfi signature-without-der-entitlements");
    assert_ne!(look("", "pkg \"notes\" was not found, install it and try again").form, Form::Entitlements);
    let parsed = "    0:d=0  hl=2 l=  90 cons: appl [ 16 ]\n    2:d=1  hl=2 l=   1 prim: INTEGER           :01\n    5:d=1  hl=2 l=  80 cons: cont [ 16 ]\n    7:d=2  hl=2 l=  40 cons: SEQUENCE\n    9:d=3  hl=2 l=  22 prim: UTF8STRING        :keychain-access-groups\n   33:d=3  hl=2 l=  20 cons: SEQUENCE\n   35:d=4  hl=2 l=  15 prim: UTF8STRING        :com.example.app\n   60:d=2  hl=2 l=  20 cons: SEQUENCE\n   62:d=3  hl=2 l=  14 prim: UTF8STRING        :get-task-allow\n   78:d=3  hl=2 l=   1 prim: BOOLEAN           :255\n";
    let artifact = look("", parsed);
    shows(&artifact, "fail ent.keychain-groups access-group-missing-team-prefix");
    shows(&artifact, "warn ent.get-task-allow get-task-allow-in-release");
    let text = format!(
        "Executable=/Applications/Notes.app/Contents/MacOS/Notes\nwarning: Specifying ':' in the path is deprecated and will not work in a future release\n{}",
        plist(&key("application-identifier", &text("ABCDE12345.com.example.app")))
    );
    healthy(&look("", text));
}
