//! Kept cases from the command line: added, listed, compared, exported, imported, removed; private values stay where they belong.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice)] // A test ends where it cannot go on.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::Path;

const LOG: &str = "2026-11-22 10:00:01.018750+0100 Notes[512:1a2b3] [Keychain] SecItemAdd failed: -34018 for kim.weber@weber-soft.de\n\
2026-11-22 10:00:02.120034+0100 Notes[512:1a2b3] [Sync] reading /Users/kimweber/Library/Notes.db\n";
const FIXED: &str = "2026-11-22 10:00:02.120034+0100 Notes[512:1a2b3] [Keychain] SecItemCopyMatching failed: -25308\n";
/// What must not leave, nor be kept unless that was chosen.
const PRIVATE: &[&str] = &["kim.weber", "kimweber"];

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.log"), LOG).unwrap();
        fs::write(folder.path().join("fixed.log"), FIXED).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::cargo_bin("pitfall").unwrap();
        command.env_clear().env("HOME", "/nonexistent").env("PITFALL_STATE", self.folder.path().join("state")).current_dir(&self.folder);
        let output = command.args(args).write_stdin("").output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    fn ok(&self, args: &[&str]) -> String {
        let (status, out, err) = self.run(args);
        assert!(status <= 1, "{args:?}: {err}{out}");
        out
    }

    fn json(&self, args: &[&str]) -> Value {
        let (_, out, err) = self.run(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"))
    }

    fn add(&self, file: &str, depth: &str) -> String {
        self.json(&["case", "add", file, "--keep", depth])["id"].as_str().unwrap().to_owned()
    }

    fn database(&self) -> Vec<u8> {
        let files = fs::read_dir(self.folder.path().join("state")).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
        files.collect::<Vec<_>>().concat()
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn by_default_no_private_value_is_kept() {
    for depth in ["redacted", "facts"] {
        let desk = Desk::new();
        desk.add("a.log", depth);
        for private in PRIVATE {
            assert!(!holds(&desk.database(), private), "{depth}: {private}");
        }
    }
    let desk = Desk::new();
    desk.ok(&["case", "add", "a.log"]);
    assert!(!holds(&desk.database(), PRIVATE[0]), "redacted is the default");
    let desk = Desk::new();
    desk.add("a.log", "input");
    assert!(holds(&desk.database(), PRIVATE[0]), "unless it was chosen");
    assert_eq!(fs::read_to_string(desk.path("a.log")).unwrap(), LOG, "the file itself is never changed");
}

#[test]
fn a_case_is_listed_shown_found_and_changed() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["case", "list"]).0, 1);
    let id = desk.add("a.log", "redacted");
    let list = desk.json(&["case", "list"]);
    assert_eq!((list["schema"].as_i64(), list["cases"][0]["id"].as_str()), (Some(1), Some(id.as_str())));
    assert_eq!((list["cases"][0]["state"].as_str(), list["cases"][0]["kept"].as_str()), (Some("open"), Some("redacted")));
    assert!(list["cases"][0]["steps"].as_i64().unwrap() > 0 && list["cases"][0]["top"]["id"].is_string());
    desk.ok(&["case", "set", &id[..6], "--state", "solved", "--title", "Notes on the watch"]);
    assert!(desk.ok(&["case", "list", "--state", "solved"]).contains("Notes on the watch"));
    assert_eq!(desk.run(&["case", "list", "--state", "open"]).0, 1);
    assert!(desk.run(&["case", "list", "--state", "done"]).2.contains("open, waiting, solved, dropped"));
    assert!(desk.ok(&["case", "search", "WATCH", "34018"]).contains(&id[..8]));
    assert_eq!(desk.run(&["case", "search", "watch", "nowhere"]).0, 1);
    let shown = desk.ok(&["case", "show", "last"]);
    assert!(shown.contains("Notes on the watch") && shown.contains("[ ]") && shown.contains("solved"), "{shown}");
    assert!(desk.ok(&["case", "show", &id, "--format", "markdown"]).starts_with("# Notes on the watch"));
    assert!(desk.run(&["case", "show", "zz"]).2.contains("no case `zz`"));
    assert!(desk.run(&["case", "add", "a.log", "--keep", "all"]).2.contains("input"), "depths are told");
    assert!(desk.run(&["triage", "a.log", "--format", "html"]).2.contains("case export"));
}

#[test]
fn two_cases_and_a_file_are_compared() {
    let desk = Desk::new();
    let (first, second) = (desk.add("a.log", "redacted"), desk.add("fixed.log", "facts"));
    for other in [second.as_str(), "fixed.log"] {
        let difference = desk.json(&["case", "compare", &first, other]);
        assert!(!difference["gone"].as_array().unwrap().is_empty() && !difference["new"].as_array().unwrap().is_empty(), "{difference}");
        assert_eq!(desk.run(&["case", "compare", &first, other]).0, 0);
    }
    assert_eq!(desk.run(&["case", "compare", &first, "a.log"]).0, 1, "nothing differs");
    assert!(desk.ok(&["case", "compare", &first, "fixed.log"]).contains("Gone"));
    assert!(desk.run(&["case", "compare", &first, "nowhere.log"]).2.contains("no case `nowhere.log`"));
}

/// A page that only an overlay has.
const PAGE: &str = "---
id: notes-database
title: The notes database is read
topic: keychain
severity: high
platforms: [macos]
status: stable
summary: A test.
patterns:
  - {id: db, needle: reading}
rules:
  - {all: [db], confidence: likely}
reviewed: 2026-11-22
---
## Symptom
A line.
## Cause
A test.
## Remediation
- [ ] Look. {#look}
- [ ] Look again. {#again}
## Self-tests
```log match=db confidence=likely
reading
```
";

#[test]
fn an_update_of_the_knowledge_is_told_and_both_runs_stay() {
    let desk = Desk::new();
    let folder = desk.folder.path().join("more").join("keychain");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("notes-database.md"), PAGE).unwrap();
    let more = desk.path("more");
    for depth in ["redacted", "input"] {
        let id = desk.add("a.log", depth);
        assert_eq!(desk.run(&["case", "recheck", &id]).0, 1, "{depth}: nothing changed");
        let told = desk.json(&["case", "recheck", &id, "--knowledge", &more]);
        assert_eq!(told["cases"][0]["new"][0]["id"].as_str(), Some("notes-database"), "{depth}: {told}");
        let case = desk.json(&["case", "show", &id]);
        let runs = case["runs"].as_array().unwrap();
        assert_eq!(runs.len(), 2, "{depth}");
        assert_ne!(runs[0]["knowledge"], runs[1]["knowledge"]);
        let all = desk.ok(&["case", "recheck", "--all"]);
        assert!(all.contains("gone: The notes database is read"), "{all}");
        desk.ok(&["case", "rm", "--all", "--yes"]);
    }
}

#[test]
fn exports_are_redacted_unless_told_otherwise() {
    let desk = Desk::new();
    let id = desk.add("a.log", "input");
    desk.ok(&["case", "set", &id, "--title", "for kim.weber@weber-soft.de"]);
    for format in ["markdown", "json", "html", "bundle", "text"] {
        let (status, out, err) = desk.run(&["case", "export", &id, "--format", format]);
        assert_eq!(status, 0, "{err}");
        assert!(out.contains("34018"), "{format}: {out}");
        for private in PRIVATE.iter().chain(&[id.as_str()]) {
            assert!(!out.contains(private), "{format} holds {private}:\n{out}");
        }
        assert!(desk.run(&["case", "export", &id, "--format", format, "--no-redact"]).1.contains(PRIVATE[0]), "{format}");
        let facts = desk.run(&["case", "export", &id, "--format", format, "--only-facts"]).1;
        assert!(!facts.contains("reading /Users"), "{format}: {facts}");
    }
    let html = desk.ok(&["case", "export", &id, "--format", "html"]);
    assert!(html.contains("default-src 'none'") && !html.contains("<script"));
    assert!(desk.run(&["case", "export", &id, "--format", "bundle"]).2.contains("will ask"), "what is missing is named");
    desk.ok(&["case", "export", &id, "--format", "bundle", "-o", "out.json"]);
    let (status, _, err) = desk.run(&["case", "export", &id, "--format", "bundle", "-o", "out.json"]);
    assert!(status == 2 && err.contains("there already"), "{err}");
}

#[test]
fn a_colleague_imports_what_was_sent() {
    let desk = Desk::new();
    let id = desk.add("a.log", "input");
    desk.ok(&["case", "export", &id, "--format", "bundle", "-o", "sent.json"]);
    let other = Desk::new();
    fs::copy(desk.path("sent.json"), other.path("sent.json")).unwrap();
    let first = other.json(&["case", "import", "sent.json"]);
    assert_eq!(first["new"].as_bool(), Some(true));
    assert_eq!(other.json(&["case", "import", "sent.json"])["new"].as_bool(), Some(false), "nothing is overwritten, nothing doubled");
    let case = other.json(&["case", "show", "last"]);
    assert_eq!((case["imported"].as_bool(), case["kept"].as_str()), (Some(true), Some("redacted")));
    assert_eq!(other.run(&["case", "recheck", "last"]).0, 1, "its redacted copy says the same");
    for (wrong, why) in [("{}", "no case"), ("no json", "no JSON"), ("{\"kind\":\"pitfall-case\",\"schema\":99}", "newer pitfall")] {
        fs::write(other.path("wrong.json"), wrong).unwrap();
        let (status, _, err) = other.run(&["case", "import", "wrong.json"]);
        assert!(status == 2 && err.contains(why), "{err}");
    }
    assert!(other.run(&["case", "import", "/dev/zero"]).2.contains("device"));
}

#[test]
fn what_is_removed_is_gone_from_the_disk() {
    let desk = Desk::new();
    let id = desk.add("a.log", "input");
    desk.add("fixed.log", "input");
    let told = desk.ok(&["case", "rm", &id[..8]]);
    assert!(told.contains("Removed 1 case"), "{told}");
    assert!(!holds(&desk.database(), PRIVATE[0]) && holds(&desk.database(), "-25308"));
    assert_eq!(desk.run(&["case", "rm", "--older-than", "90d", "--yes"]).0, 1);
    assert!(desk.run(&["case", "rm", "--older-than", "soon", "--yes"]).2.contains("90d"));
    let (status, _, err) = desk.run(&["case", "rm", "--all"]);
    assert!(status == 2 && err.contains("--yes"), "{err}");
    fs::write(desk.folder.path().join("state").join("pitfall.db.damaged-5"), "planted -25308").unwrap();
    assert!(desk.ok(&["case", "rm", "--all", "--yes"]).contains("set aside"));
    assert!(!holds(&desk.database(), "-25308"));
    assert_eq!(desk.run(&["case", "list"]).0, 1);
}

#[test]
fn the_document_of_a_case_is_as_its_schema_says() {
    let desk = Desk::new();
    desk.add("a.log", "redacted");
    let document = desk.json(&["case", "show", "last"]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_str(&fs::read_to_string(root.join("docs/schema/case.json")).unwrap()).unwrap();
    conforms(&schema, &document, "case");
    for key in document.as_object().unwrap().keys() {
        assert!(schema["properties"].get(key).is_some(), "{key} is not told of");
    }
}

/// Holds a document against our schema: required names, types and closed sets of words.
fn conforms(schema: &Value, document: &Value, at: &str) {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        assert!(words.contains(document), "{at}: {document}");
    }
    if let Some(kinds) = schema.get("type") {
        let kinds: Vec<&str> =
            kinds.as_array().map_or_else(|| vec![kinds.as_str().unwrap()], |many| many.iter().filter_map(Value::as_str).collect());
        let kind = match document {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        assert!(kinds.contains(&kind), "{at}: {kind}, not {kinds:?}");
    }
    for key in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        assert!(document.get(key).is_some(), "{at} has no {key}");
    }
    for (key, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if let Some(value) = document.get(key) {
            conforms(inner, value, &format!("{at}.{key}"));
        }
    }
    if let (Some(inner), Some(rows)) = (schema.get("items"), document.as_array()) {
        rows.iter().enumerate().for_each(|(number, row)| conforms(inner, row, &format!("{at}[{number}]")));
    }
}
