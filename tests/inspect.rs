//! `pitfall inspect` as a program: exit status, documents, several files, and that every page it leads to exists.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice)] // A test ends where it cannot go on.

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
