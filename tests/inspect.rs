//! `pitfall inspect` as a program: exit status, documents, several files, and that every page it leads to exists.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice, clippy::print_stderr)] // A test ends where it cannot go on.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

const ENTITLEMENTS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict><key>application-identifier</key><string>ABCDE12345.com.example.app</string><key>com.apple.developer.associated-domains</key><array><string>webcredentials:example.com</string></array></dict></plist>\n";
const ASSOCIATION: &str = "{\"webcredentials\":{\"apps\":[\"ZZZZZ12345.com.example.app\"]}}";

fn pitfall() -> Command {
    Command::new(env!("CARGO_BIN_EXE_pitfall"))
}

fn folder() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("App.entitlements"), folder.path().join("aasa.json"));
    fs::write(&one, ENTITLEMENTS).unwrap();
    fs::write(&other, ASSOCIATION).unwrap();
    (folder, one, other)
}

#[test]
fn the_document_has_the_form_that_was_promised() {
    let (_folder, one, other) = folder();
    let output = pitfall().args(["inspect", "--format", "json", "--now", "2026-11-22"]).args([&one, &other]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["schema"], 1);
    let artifacts = document["artifacts"].as_array().unwrap();
    assert_eq!(artifacts.iter().map(|artifact| artifact["form"].as_str().unwrap()).collect::<Vec<_>>(), ["entitlements", "association"]);
    for check in artifacts.iter().flat_map(|artifact| artifact["checks"].as_array().unwrap()).chain(document["cross"].as_array().unwrap()) {
        assert!(
            check["id"].is_string() && check["text"].is_string() && (check["pitfall"].is_string() || check["pitfall"].is_null()),
            "{check}"
        );
        assert!(["pass", "warn", "fail", "unknown"].contains(&check["status"].as_str().unwrap()));
        assert_eq!(check.as_object().unwrap().len(), 4);
    }
    for fact in artifacts.iter().flat_map(|artifact| artifact["facts"].as_array().unwrap()) {
        assert!(fact["name"].is_string() && fact["value"].is_string());
    }
    assert!(document["cross"].as_array().unwrap().iter().any(|check| check["pitfall"] == "aasa-team-id-prefix-mismatch"));
}

#[test]
fn standard_input_text_and_markdown() {
    let text = pitfall().args(["inspect", "-"]).write_stdin(ENTITLEMENTS).output().unwrap();
    assert_eq!(text.status.code(), Some(0));
    assert!(String::from_utf8(text.stdout).unwrap().starts_with("-: entitlements\n"));
    let markdown = pitfall().args(["inspect", "--format", "markdown"]).write_stdin(ENTITLEMENTS).output().unwrap();
    assert!(String::from_utf8(markdown.stdout).unwrap().starts_with("## -: entitlements\n"));
}

#[test]
fn nothing_known_is_one_and_failure_is_two() {
    let nothing = pitfall().arg("inspect").write_stdin("nothing of this kind\n").output().unwrap();
    assert_eq!(nothing.status.code(), Some(1));
    assert!(String::from_utf8(nothing.stderr).unwrap().contains("pitfall triage"));
    let missing = pitfall().args(["inspect", "/no/such/file"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    let time = pitfall().args(["inspect", "--now", "tomorrow"]).write_stdin("x").output().unwrap();
    assert_eq!(time.status.code(), Some(2));
}

/// The pages that checks lead to are written in the source beside the check; each has to be in the knowledge.
#[test]
fn every_page_that_is_named_exists() {
    let engine = pitfall::engine::Engine::new(Vec::new());
    let pages: Vec<String> = engine.knowledge().pages().iter().map(|page| page.id.clone()).collect();
    let mut named = 0;
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/artifact")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        // A check is `warn("id", "page", …)`, its id has a dot, so the string after it is the page; constants are called PAGE.
        for (at, _) in source.match_indices("\", \"") {
            let before = source[..at].rsplit('"').next().unwrap();
            let after = source[at + 4..].split('"').next().unwrap();
            let is_check = before.contains('.')
                && before.split('.').count() == 2
                && source[..at]
                    .rsplit_once('"')
                    .is_some_and(|(head, _)| head.ends_with("fail(") || head.ends_with("warn(") || head.ends_with("unknown("));
            if is_check && !after.is_empty() {
                named += 1;
                assert!(pages.iter().any(|page| page == after), "{}: {before} leads to {after}, which is no page", path.display());
            }
        }
        for (at, _) in source.match_indices("PAGE: &str = \"") {
            let page = source[at + 14..].split('"').next().unwrap();
            assert!(pages.iter().any(|known| known == page), "{page}");
        }
    }
    assert!(named > 60, "only {named} pages found in the source");
}

/// The same for pages that are named in tables and steps: whatever is written with two hyphens is a page, or a word of the formats themselves.
#[test]
fn every_name_with_hyphens_is_a_page() {
    const WORDS: [&str; 7] = [
        "xn--",
        "get-task-allow",
        "apple-app-site-association",
        "app-site-association",
        "keychain-access-groups",
        "beta-reports-active",
        "inter-app-audio",
    ];
    let engine = pitfall::engine::Engine::new(Vec::new());
    let mut pages = 0;
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/artifact")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "rs") || path.ends_with("testing.rs") {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let code = source.split("#[cfg(test)]").next().unwrap();
        for name in code.split('"') {
            let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            let is_uuid = name.len() == 36 && name.matches('-').count() == 4;
            if plain && name.matches('-').count() >= 2 && !is_uuid && !name.starts_with('-') && !WORDS.contains(&name) {
                pages += 1;
                assert!(engine.knowledge().page(name).is_some(), "{}: {name} is no page", path.display());
            }
        }
    }
    assert!(pages > 200, "only {pages} names found");
}

/// One made-up project as files, each part of which can be replaced.
mod project {
    use base64::Engine as _;
    use p256::ecdsa::SigningKey;
    use p256::ecdsa::signature::Signer as _;
    use serde_json::{Value, json};

    pub(crate) const NOW: i64 = 1_795_341_600;

    pub(crate) struct Project {
        pub(crate) sub: &'static str,
        pub(crate) client: &'static str,
        pub(crate) issuer: &'static str,
        pub(crate) signer: u8,
        pub(crate) key: u8,
        pub(crate) key_file: &'static str,
        pub(crate) app_id: &'static str,
        pub(crate) group: &'static str,
        pub(crate) push: &'static str,
        pub(crate) signed_more: &'static str,
        pub(crate) profile_id: &'static str,
        pub(crate) profile_more: &'static str,
        pub(crate) domain: &'static str,
        pub(crate) bundle: &'static str,
        pub(crate) listed: &'static str,
        pub(crate) state: &'static str,
    }

    impl Default for Project {
        fn default() -> Self {
            Self {
                sub: "com.example.app",
                client: "com.example.app",
                issuer: "ABCDE12345",
                signer: 7,
                key: 7,
                key_file: "AuthKey_KEY4567890.p8",
                app_id: "ABCDE12345.com.example.app",
                group: "group.com.example.app",
                push: "production",
                signed_more: "",
                profile_id: "ABCDE12345.com.example.app",
                profile_more: "<key>com.apple.developer.associated-domains</key><string>*</string>",
                domain: "webcredentials:example.com",
                bundle: "com.example.app",
                listed: "ABCDE12345.com.example.app",
                state: "approved",
            }
        }
    }

    fn coded(bytes: &[u8]) -> String {
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    }

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_slice(&[seed; 32]).unwrap()
    }

    fn token(seed: u8, claims: &Value) -> String {
        let front = format!("{}.{}", coded(br#"{"alg":"ES256","kid":"KEY4567890"}"#), coded(claims.to_string().as_bytes()));
        let signature: p256::ecdsa::Signature = key(seed).sign(front.as_bytes());
        format!("{front}.{}", coded(&signature.to_bytes()))
    }

    /// PKCS#8 as Apple's keys are: the fixed beginning of one on P-256, and the scalar.
    fn p8(seed: u8) -> String {
        let head = [
            0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
            0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
        ];
        let body = base64::engine::general_purpose::STANDARD.encode([&head[..], &[seed; 32]].concat());
        format!("-----BEGIN PRIVATE KEY-----\n{}\n{}\n-----END PRIVATE KEY-----\n", &body[..64], &body[64..])
    }

    fn plist(inside: &str) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict>{inside}</dict></plist>\n")
    }

    fn entitlements(id: &str, group: &str, push: &str, more: &str) -> String {
        format!(
            "<key>application-identifier</key><string>{id}</string><key>com.apple.developer.team-identifier</key><string>ABCDE12345</string><key>aps-environment</key><string>{push}</string><key>com.apple.security.application-groups</key><array><string>{group}</string></array>{more}"
        )
    }

    impl Project {
        pub(crate) fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
            let claims =
                json!({"iss": self.issuer, "sub": self.sub, "aud": "https://appleid.apple.com", "iat": NOW - 60, "exp": NOW + 86_400});
            let domains = format!(
                "<key>com.apple.developer.associated-domains</key><array><string>{}</string></array>{}",
                self.domain, self.signed_more
            );
            let granted = entitlements(self.profile_id, "group.com.example.app", "production", self.profile_more);
            let profile = plist(&format!(
                "<key>Name</key><string>Example</string><key>UUID</key><string>00000000-1111-2222-3333-444444444444</string><key>TeamIdentifier</key><array><string>ABCDE12345</string></array><key>ApplicationIdentifierPrefix</key><array><string>ABCDE12345</string></array><key>Platform</key><array><string>iOS</string></array><key>CreationDate</key><date>2026-06-01T00:00:00Z</date><key>ExpirationDate</key><date>2027-06-01T00:00:00Z</date><key>Entitlements</key><dict>{granted}</dict>"
            ));
            let log = format!(
                "12:00:00 posting to /auth/token\nclient_id={}\n\nService:              webcredentials\nApp ID:               {}\nDomain:               example.com\nUser Approval:        unspecified\nSite/Fmwk Approval:   {}\nLast Checked:         2026-11-20 10:00:00 +0000\nNext Check:           2026-11-25 10:00:00 +0000\n\n12:00:01 done\n",
                self.client, self.app_id, self.state
            );
            vec![
                ("token.jwt", token(self.signer, &claims).into_bytes()),
                (self.key_file, p8(self.key).into_bytes()),
                ("app.entitlements", plist(&entitlements(self.app_id, self.group, self.push, &domains)).into_bytes()),
                ("embedded.mobileprovision", profile.into_bytes()),
                ("aasa.json", json!({"webcredentials": {"apps": [self.listed]}}).to_string().into_bytes()),
                ("Info.plist", plist(&format!("<key>CFBundleIdentifier</key><string>{}</string>", self.bundle)).into_bytes()),
                ("app.log", log.into_bytes()),
            ]
        }
    }
}

use project::Project;

/// Every check that is neither passed nor unknown, as `status id page`.
fn troubles(project: &Project) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = pitfall();
    command.args(["inspect", "--format", "json", "--now", &project::NOW.to_string()]);
    for (name, bytes) in project.files() {
        fs::write(folder.path().join(name), bytes).unwrap();
        command.arg(folder.path().join(name));
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let all = document["artifacts"].as_array().unwrap().iter().flat_map(|artifact| artifact["checks"].as_array().unwrap());
    all.chain(document["cross"].as_array().unwrap())
        .filter(|check| check["status"] == "fail" || check["status"] == "warn")
        .map(|check| format!("{} {} {}", text(&check["status"]), text(&check["id"]), text(&check["pitfall"])))
        .collect()
}

#[test]
fn a_healthy_project_has_no_contradiction() {
    assert_eq!(troubles(&Project::default()), Vec::<String>::new());
}

#[test]
fn one_planted_contradiction_of_each_kind_is_found() {
    let is = Project::default;
    for (project, trouble) in [
        (Project { sub: "com.example.web", ..is() }, "fail cross.client-id client-secret-sub-differs-from-client-id"),
        (Project { client: "com.example.web", ..is() }, "fail cross.client-id client-secret-sub-differs-from-client-id"),
        (Project { issuer: "ZZZZZ12345", ..is() }, "fail cross.team app-id-prefix-change-hides-items"),
        (Project { signer: 9, ..is() }, "fail jwt.verified client-secret-wrong-key-or-kid"),
        (Project { key_file: "AuthKey_OTHER67890.p8", ..is() }, "fail cross.key-id client-secret-wrong-key-or-kid"),
        (
            Project { app_id: "ABCDE12345.com.example.other", ..is() },
            "fail cross.application-identifier profile-application-identifier-mismatch",
        ),
        (Project { bundle: "com.example.other", ..is() }, "fail cross.bundle-id profile-application-identifier-mismatch"),
        (Project { group: "group.com.example.other", ..is() }, "fail cross.app-groups app-group-entitlement-mismatch"),
        (Project { push: "development", ..is() }, "fail cross.environment entitlements-not-in-profile"),
        (Project { profile_more: "", ..is() }, "fail cross.entitlements profile-lacks-associated-domains"),
        (
            Project { signed_more: "<key>com.apple.developer.applesignin</key><array><string>Default</string></array>", ..is() },
            "fail cross.entitlements entitlements-not-in-profile",
        ),
        (
            Project {
                profile_more: "<key>com.apple.developer.associated-domains</key><string>*</string><key>com.apple.developer.applesignin</key><array><string>Default</string></array>",
                ..is()
            },
            "warn cross.unused profile-missing-capability",
        ),
        (Project { listed: "ZZZZZ12345.com.example.app", ..is() }, "fail cross.association aasa-team-id-prefix-mismatch"),
        (Project { listed: "ABCDE12345.com.example.other", ..is() }, "fail cross.association app-missing-from-webcredentials"),
        (Project { domain: "webcredentials:example.org", ..is() }, "fail cross.domain aasa-not-downloaded-at-install"),
        (Project { state: "denied", ..is() }, "fail swc.site app-missing-from-webcredentials"),
    ] {
        let found = troubles(&project);
        assert!(found.iter().any(|one| one == trouble), "no `{trouble}` in {found:#?}");
    }
}

#[test]
fn what_a_server_knows_is_given_by_flags() {
    let vector: Value = serde_json::from_str(include_str!("vectors/app-attest-ios-14.4.json")).unwrap();
    let text = |name: &str| vector[name].as_str().unwrap().to_owned();
    let run = |more: &[&str], input: String| {
        let output = pitfall().args(["inspect", "--format", "json", "--now", "2021-01-23"]).args(more).write_stdin(input).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let verdict = |document: &Value, id: &str| {
        let checks = document["artifacts"][0]["checks"].as_array().unwrap().clone();
        checks.into_iter().find(|check| check["id"] == id).map(|check| (text_of(&check["status"]), text_of(&check["text"])))
    };
    let (app, key, challenge) = (text("appId"), text("keyId"), text("clientData"));
    let right = run(&["--app-id", &app, "--key-id", &key, "--challenge", &challenge], text("attestation"));
    assert_eq!(verdict(&right, "att.validation").unwrap().0, "pass");
    let wrong = run(&["--app-id", "ABCDE12345.com.example.app", "--key-id", &key, "--challenge", &challenge], text("attestation"));
    let (status, said) = verdict(&wrong, "att.validation").unwrap();
    assert!(status == "fail" && said.contains("step 6 of 9"), "{said}");
    let key = text("publicKey");
    let data = String::from_utf8(base64_of(&challenge)).unwrap();
    let assertion = run(&["--public-key", &key, "--client-data", &data, "--app-id", &app, "--counter", "0"], text("assertion"));
    assert_eq!(verdict(&assertion, "assert.step-signature").unwrap().0, "pass");
    let stale = run(&["--public-key", &key, "--client-data", &data, "--app-id", &app, "--counter", "5"], text("assertion"));
    assert!(verdict(&stale, "assert.validation").unwrap().1.contains("step 3 of 4"));
    let none = pitfall().args(["inspect", "--public-key", "no key at all"]).write_stdin("x").output().unwrap();
    assert_eq!(none.status.code(), Some(2));
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or("").to_owned()
}

fn base64_of(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

/// The question of the shared forum page whose set-up contradicts itself in words.
#[test]
fn the_contradiction_in_a_question_is_named() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/seed/forum-page.txt");
    let Ok(page) = fs::read_to_string(page) else {
        eprintln!("skipped: the forum page is not here");
        return;
    };
    let post = page.lines().find(|line| line.contains("invalid_client") && line.contains("sub (Subject)")).unwrap();
    let output = pitfall().args(["triage", "--format", "json"]).write_stdin(post).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let first = &document["findings"][0];
    assert_eq!(
        (text_of(&first["id"]).as_str(), text_of(&first["confidence"]).as_str()),
        ("client-secret-sub-differs-from-client-id", "certain")
    );
    let why = text_of(&first["why"]);
    assert!(why.contains("com.example.service.backendauth") && why.contains("com.example.app.ios"), "{why}");
    assert_eq!(first["evidence"][0]["pattern"], "request.said-client-id");
}

#[test]
fn triage_finds_artifacts_in_a_log_and_shows_no_secret() {
    let files = Project { client: "com.example.web", ..Project::default() }.files();
    let of = |name: &str| String::from_utf8(files.iter().find(|(file, _)| *file == name).unwrap().1.clone()).unwrap();
    let (token, key) = (of("token.jwt"), of("AuthKey_KEY4567890.p8"));
    let association = "HTTP/2 200\ncontent-type: text/html\n\n{\"webcredentials\":{\"apps\":[\"com.example.app\"]}}";
    let log = format!(
        "12:00:00 INFO token {token}\n12:00:01 DEBUG key\n{key}\n$ curl -i https://example.com/.well-known/apple-app-site-association\n{association}\n\n{}\n",
        of("app.entitlements")
    );
    let output = pitfall().args(["triage", "--format", "json"]).write_stdin(log.clone()).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let forms: Vec<String> = document["artifacts"].as_array().unwrap().iter().map(|one| text_of(&one["form"])).collect();
    assert_eq!(forms, ["jwt", "key", "association", "entitlements"]);
    assert_eq!(document["artifacts"][0]["line"], 1);
    let found: Vec<String> = document["findings"].as_array().unwrap().iter().map(|one| text_of(&one["id"])).collect();
    for page in ["aasa-served-as-html", "aasa-team-id-prefix-mismatch"] {
        assert!(found.iter().any(|id| id == page), "{page}: {found:?}");
    }
    let plain = pitfall().args(["triage"]).write_stdin(log).output().unwrap();
    let secret = token.rsplit('.').next().unwrap();
    for shown in [String::from_utf8(output.stdout).unwrap(), String::from_utf8(plain.stdout).unwrap()] {
        assert!(!shown.contains(secret) && !shown.contains(&key.lines().nth(1).unwrap()[40..]));
    }
}
