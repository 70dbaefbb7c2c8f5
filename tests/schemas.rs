//! Every document against its schema in `docs/schema/`, and the schemas of front matter against what the reader knows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice)] // A test ends where it cannot go on.

use assert_cmd::Command;
use pitfall::engine::Engine;
use pitfall::knowledge::{Knowledge, Overlay, SourceFile, embedded};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn run(args: &[&str], input: &str) -> String {
    let mut command = Command::cargo_bin("pitfall").unwrap();
    let output = command.env_clear().env("HOME", "/nonexistent").args(args).write_stdin(input).output().unwrap();
    assert!(output.status.code().unwrap() < 2, "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn schema(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema").join(format!("{name}.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Holds documents, one a line, against a schema.
fn conforms(name: &str, documents: &str) {
    let validator = jsonschema::draft202012::new(&schema(name)).unwrap();
    let mut count = 0;
    for line in documents.lines() {
        let document: Value = serde_json::from_str(line).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        count += 1;
    }
    assert!(count > 0, "{name}: nothing was said");
    assert!(!validator.is_valid(&serde_json::json!({"schema": 2})), "{name} accepts anything");
}

const LOG: &str = "Notes[5] SecItemAdd failed: -34018\nSafari KeychainGetICDPStatus: keychain: -25300\n\
                   token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl\n";

#[test]
fn every_document_is_what_its_schema_says() {
    for (name, args, input) in [
        ("triage", &["triage"][..], LOG),
        ("triage", &["triage", "--explain-match"], LOG),
        ("explain", &["explain", "-34018", "invalid_client", "com.apple.security.network.client", "nothing-of-that"], ""),
        ("search", &["search", "keychain"], ""),
        ("inspect", &["inspect"], "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
        ("list", &["list"], ""),
        ("show", &["show", "keychain-entitlement-missing"], ""),
        ("kb-check", &["kb", "check"], ""),
        ("kb-coverage", &["kb", "check", "--coverage"], ""),
        ("kb-packs", &["kb", "packs"], ""),
        ("forum", &["forum", "triage"], "SecItemAdd fails\n\nMy app gets -34018 from SecItemAdd. What is missing?"),
    ] {
        conforms(name, &run(&[args, &["--format", "json"]].concat(), input));
    }
}

#[test]
fn every_page_and_guide_is_shown_in_the_form_of_the_schema() {
    let engine = Engine::new(Vec::new());
    let validator = jsonschema::draft202012::new(&schema("show")).unwrap();
    for page in engine.knowledge().pages() {
        let document = pitfall::report::page_json(page);
        assert!(
            validator.is_valid(&document),
            "{}: {:?}",
            page.id,
            validator.iter_errors(&document).map(|e| e.to_string()).collect::<Vec<_>>()
        );
    }
    let guide = engine.knowledge().guides().first().unwrap();
    conforms("show", &run(&["show", &guide.id, "--format", "json"], ""));
}

#[test]
fn what_kb_check_says_of_a_broken_page_has_its_form() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("keychain")).unwrap();
    fs::write(folder.path().join("keychain/broken.md"), "---\nid: broken\n---\n").unwrap();
    conforms("kb-check", &run(&["kb", "check", "--format", "json", "--knowledge", folder.path().to_str().unwrap()], ""));
}

#[test]
fn exported_lines_have_their_form() {
    let folder = tempfile::tempdir().unwrap();
    let (log, state) = (folder.path().join("x.log"), folder.path().join("state"));
    fs::write(&log, LOG).unwrap();
    let page = folder.path().join("page.txt");
    fs::write(&page, "SecItemAdd fails\n\nMy app gets -34018 from SecItemAdd. What is missing?").unwrap();
    let state = state.to_str().unwrap();
    run(&["forum", "import", page.to_str().unwrap(), "--state-dir", state], "");
    let lines = run(&["export", "--format", "ndjson", log.to_str().unwrap(), "--queue", "--state-dir", state], "");
    conforms("export", &lines);
    let kinds: BTreeSet<String> =
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds, BTreeSet::from(["finding".to_owned(), "input".to_owned(), "thread".to_owned()]));
    let first: Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
    assert_eq!((first["id"].as_str(), first["line"].as_u64()), (Some("keychain-entitlement-missing"), Some(1)));
}

#[test]
fn rules_for_other_engines_are_counted_in_a_document() {
    let folder = tempfile::tempdir().unwrap();
    conforms("kb-export", &run(&["kb", "export", folder.path().to_str().unwrap(), "--format", "json"], ""));
    let table = fs::read_to_string(folder.path().join("not-exported.tsv")).unwrap();
    assert!(table.starts_with("page\twhat\treason\tdetail\n") && table.lines().all(|line| line.split('\t').count() == 4));
}

/// The front matter of a file as JSON.
fn front_matter(text: &str) -> Value {
    let yaml = text.trim_start_matches('\u{feff}').split("---\n").nth(1).unwrap();
    serde_yaml::from_str(yaml).unwrap()
}

#[test]
fn every_page_passes_the_schema_of_front_matter() {
    let page = jsonschema::draft202012::new(&schema("page")).unwrap();
    let guide = jsonschema::draft202012::new(&schema("guide")).unwrap();
    let mut wrong = Vec::new();
    for file in embedded() {
        let (validator, value) = (if file.path.contains("guides/") { &guide } else { &page }, front_matter(&file.text));
        wrong.extend(validator.iter_errors(&value).map(|error| format!("{}: {}: {error}", file.path, error.instance_path())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const PAGE: &str = "id: x-page\ntitle: t\ntopic: keychain\nseverity: low\nstatus: draft\nsummary: s\nreviewed: 2026-11-22\n";
const GUIDE: &str = "id: x-page\ntitle: t\nsummary: s\nreviewed: 2026-11-22\n";

/// The keys that the reader knows where `yaml` has the key `unknown`: it tells them.
fn known_keys(folder: &str, yaml: &str) -> BTreeSet<String> {
    let text = format!("---\n{yaml}---\n");
    let overlay = Overlay { name: "o".into(), files: vec![SourceFile::new(format!("o/{folder}/x-page.md"), text)], ..Overlay::default() };
    let knowledge = Knowledge::load(Vec::new(), Vec::new(), vec![overlay]);
    let told: Vec<String> = knowledge.problems().iter().map(ToString::to_string).collect();
    let message = told.iter().find(|told| told.contains("unknown field `unknown`")).unwrap_or_else(|| panic!("{told:?}"));
    let list = message.split("expected one of ").nth(1).or_else(|| message.split("expected ").nth(1)).unwrap();
    list.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .take_while(|key| key.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        .collect()
}

fn keys(schema: &Value, at: &str) -> BTreeSet<String> {
    schema.pointer(at).unwrap_or_else(|| panic!("{at}"))["properties"].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_schema_of_front_matter_has_the_keys_that_the_reader_knows() {
    let (page, guide) = (schema("page"), schema("guide"));
    assert_eq!(keys(&page, ""), known_keys("keychain", &format!("{PAGE}unknown: 1\n")));
    assert_eq!(keys(&page, "/$defs/pattern"), known_keys("keychain", &format!("{PAGE}patterns:\n  - {{id: a, unknown: 1}}\n")));
    assert_eq!(keys(&page, "/$defs/rule"), known_keys("keychain", &format!("{PAGE}rules:\n  - {{confidence: likely, unknown: 1}}\n")));
    assert_eq!(keys(&guide, ""), known_keys("guides", &format!("{GUIDE}unknown: 1\n")));
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let page = jsonschema::draft202012::new(&schema("page")).unwrap();
    for (more, why) in [
        ("unknown: 1\n", "an unknown key"),
        ("patterns: [{id: a}]\n", "a pattern that looks for nothing"),
        ("patterns: [{id: a, needle: abc, code: -50}]\n", "two kinds in one pattern"),
        ("patterns: [{id: a, code: -50, regex: x}]\n", "a regex without a needle"),
        ("rules: [{confidence: likely}]\n", "a rule that asks for nothing"),
        ("rules: [{all: [a], confidence: sure}]\n", "an unknown confidence"),
        ("platforms: [android]\n", "an unknown platform"),
    ] {
        assert!(!page.is_valid(&front_matter(&format!("---\n{PAGE}{more}---\n"))), "{why}");
    }
    assert!(page.is_valid(&front_matter(&format!("---\n{PAGE}---\n"))));
}

#[test]
fn the_schemas_of_packs_have_the_keys_that_the_reader_knows() {
    for (name, good) in [
        ("pack", "name: A\nowner: [x]\nversion: \"1.10\"\nminimum-pitfall: \"0.1.0\"\n"),
        ("overlay", "disable: [a]\nseverity: {a: low}\nconfidence: {a: possible}\nnotes: {a: b}\n"),
    ] {
        let schema = schema(name);
        let file = SourceFile::new(format!("o/{name}.yaml"), format!("{good}unknown: 1\n"));
        let knowledge =
            Knowledge::load(Vec::new(), Vec::new(), vec![Overlay { name: "o".into(), files: vec![file], ..Overlay::default() }]);
        let message = &knowledge.problems()[0].message;
        let known = message.split("expected one of ").nth(1).unwrap().split('`').skip(1).step_by(2).map(str::to_owned);
        assert_eq!(keys(&schema, ""), known.collect::<BTreeSet<_>>(), "{message}");
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let value = |text: &str| serde_yaml::from_str::<Value>(text).unwrap();
        assert!(validator.is_valid(&value(good)) && !validator.is_valid(&value(&format!("{good}unknown: 1\n"))));
    }
}
