//! The command line as other programs use it: documents, exit statuses, bad input. Each run has a scrubbed environment.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice)] // A test ends where it cannot go on.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn pitfall(args: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("pitfall").unwrap();
    let output = command.env_clear().env("HOME", "/nonexistent").args(args).write_stdin(input).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn json(args: &[&str], input: &[u8]) -> Value {
    let (_, out, err) = pitfall(args, input);
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Holds a document against one of our schemas: the subset of JSON Schema that they use.
fn conforms(schema: &Value, document: &Value, at: &str) {
    if let Some(expected) = schema.get("const") {
        assert_eq!(document, expected, "{at}");
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        assert!(words.contains(document), "{at}: {document}");
    }
    if let Some(kinds) = schema.get("type") {
        let kinds: Vec<&str> =
            kinds.as_array().map_or_else(|| vec![kinds.as_str().unwrap()], |many| many.iter().filter_map(Value::as_str).collect());
        let kind = match document {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        assert!(kinds.contains(&kind) || kind == "integer" && kinds.contains(&"number"), "{at}: {kind}, not {kinds:?}");
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
    if let (Some(most), Some(rows)) = (schema.get("maxItems").and_then(Value::as_u64), document.as_array()) {
        assert!(rows.len() as u64 <= most, "{at}: {} rows", rows.len());
    }
}

fn schema(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(root().join("docs/schema").join(name)).unwrap()).unwrap()
}

const ENTITLEMENT: &[u8] = b"Error: {\n    code = \"-34018\";\n    domain = NSOSStatusErrorDomain;\n}\n";

#[test]
fn triage_names_the_missing_entitlement_first() {
    let document = json(&["triage", "--format", "json"], ENTITLEMENT);
    conforms(&schema("triage.json"), &document, "triage");
    assert_eq!(document["findings"][0]["id"], "keychain-entitlement-missing");
    assert_eq!(document["findings"][0]["evidence"][0]["line"], 2);
    let code = document["facts"].as_array().unwrap().iter().find(|fact| fact["code"] == -34018).unwrap();
    assert_eq!((code["domain"].as_str(), code["name"].as_str()), (Some("NSOSStatusErrorDomain"), Some("errSecMissingEntitlement")));
    assert!(!document["ask"].as_array().unwrap().is_empty(), "a bare code decides nothing, so something is asked");
}

#[test]
fn the_log_of_the_readme_is_a_deleted_credential() {
    let log = root().join("examples/keychain-background.log");
    let document = json(&["triage", "--format", "json", log.to_str().unwrap()], b"");
    conforms(&schema("triage.json"), &document, "triage");
    assert_eq!(document["findings"][0]["id"], "delete-on-any-read-error");
    assert_eq!(document["findings"][0]["confidence"], "certain");
    let noise: Vec<_> = document["findings"].as_array().unwrap().iter().filter(|one| one["severity"] == "noise").collect();
    assert!(!noise.is_empty(), "its routine lines are named as noise");
}

#[test]
fn explain_answers_every_spelling_and_a_slip() {
    for term in ["-34018", "4294933278", "errSecMissingEntitlement", "errSecMissingEntitlment", "0xffff7b1e"] {
        let document = json(&["explain", "--format", "json", term], b"");
        conforms(&schema("explain.json"), &document, "explain");
        assert_eq!(document["matches"][0]["name"], "errSecMissingEntitlement", "{term}");
    }
    assert_eq!(pitfall(&["explain", "zzzzqqqq"], b"").0, 1);
}

#[test]
fn search_finds_codes_symbols_and_slips() {
    for (words, wanted) in [("-25300", "25300"), ("kSecAttrAccessGroup", "group"), ("keychian locked", "keychain"), ("notariz", "notar")] {
        let document = json(&["search", "--format", "json", words], b"");
        conforms(&schema("search.json"), &document, "search");
        let text = document["hits"].to_string().to_lowercase();
        assert!(text.contains(wanted), "{words}: {text}");
    }
}

#[test]
fn show_and_list() {
    let (status, out, _) = pitfall(&["show", "keychain-entitlement-missing"], b"");
    assert_eq!(status, 0);
    assert!(out.contains("Remediation") && !out.contains("Self-tests") && !out.contains("{#"), "{out}");
    let (status, _, err) = pitfall(&["show", "keychain-entitlement-mising"], b"");
    assert_eq!(status, 1);
    assert!(err.contains("keychain-entitlement-missing"), "{err}");
    assert!(pitfall(&["list", "--topic", "siwa"], b"").1.lines().count() > 50);
    assert_eq!(pitfall(&["list", "--topic", "keychian"], b"").0, 2);
}

#[test]
fn nothing_found_is_one_and_failure_is_two() {
    assert_eq!(pitfall(&["triage"], b"all is well\n").0, 1);
    assert_eq!(pitfall(&["triage"], b"").0, 1);
    for (args, word) in [
        (vec!["triage", "/nonexistent/x.log"], "does not exist"),
        (vec!["triage", "/"], "folder"),
        (vec!["triage", "/dev/zero"], "device"),
        (vec!["triage", "--topic", "keychian"], "keychain"),
        (vec!["triage", "--knowledge", "/nonexistent"], "does not exist"),
        (vec!["kb", "check", "--explain", "K99"], "K"),
    ] {
        let (status, out, err) = pitfall(&args, b"x");
        assert_eq!(status, 2, "{args:?}: {out}{err}");
        assert!(err.contains(word) && err.lines().count() <= 3, "{args:?}: {err}");
    }
}

#[test]
fn hostile_bytes_reach_no_terminal() {
    let mut log = b"\xff\xfe\xfa\0\x1b]52;c;aGk=\x07\x1b[31mSecItemAdd failed: -34018\x1b[0m\r\n\xc2\x9b31m\xe2\x80\xae".to_vec();
    log.splice(0..2, *b"ab");
    for format in ["text", "json", "markdown"] {
        let (status, out, _) = pitfall(&["triage", "--format", format], &log);
        assert_eq!(status, 0, "{out}");
        let bad =
            out.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t') || matches!(*c as u32, 0x202a..=0x202e | 0x2066..=0x2069));
        assert!(bad.is_none(), "{format}: {bad:?}");
    }
}

#[test]
fn a_line_of_many_megabytes_is_read() {
    let mut line = vec![b'x'; 20 << 20];
    line.extend_from_slice(b" SecItemAdd failed: -34018");
    let (status, out, _) = pitfall(&["triage", "--format", "json"], &line);
    assert_eq!(status, 0);
    assert!(out.contains("keychain-entitlement-missing"));
}

fn overlay(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn a_broken_overlay_is_told_and_stops_nothing() {
    let folder = overlay(&[("keychain/mine.md", "no front matter"), ("overlay.yaml", "disable: [keychain-entitlement-missing]")]);
    let (status, out, err) = pitfall(&["triage", "--format", "json", "--knowledge", folder.path().to_str().unwrap()], ENTITLEMENT);
    assert!(status < 2, "{err}");
    assert!(err.contains("mine.md:1:1: K01"), "{err}");
    assert!(!out.contains("\"id\":\"keychain-entitlement-missing\""), "the page is disabled");
}

/// Ten mistakes in ten pages, ten messages with their place and code, all at once.
#[test]
fn ten_mistakes_are_ten_good_messages() {
    let page = fs::read_to_string(root().join("knowledge/keychain/delete-on-any-read-error.md")).unwrap();
    let mistakes = [
        ("K01", "---\n", ""),
        ("K02", "title:", "titel:"),
        ("K03", "id: delete-on-any-read-error", "id: Delete_On"),
        ("K04", "topic: keychain", "topic: keychian"),
        ("K05", "severity: critical", "severity: dire"),
        ("K12", "## Cause", "## Reason"),
        ("K13", " {#", " {"),
        ("K14", "confidence=certain", "confidnce=certain"),
        ("K21", "related: [", "related: [no-such-page, "),
        ("K29", "reviewed: 2026", "reviewed: yesterday 2026"),
    ];
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("keychain")).unwrap();
    for (code, from, to) in mistakes {
        assert!(page.contains(from), "{from}");
        let id = format!("mistake-{}", code.to_lowercase());
        let text = page.replacen(from, to, 1).replacen("id: delete-on-any-read-error", &format!("id: {id}"), 1);
        fs::write(folder.path().join("keychain").join(format!("{id}.md")), text).unwrap();
    }
    let (status, out, err) = pitfall(&["kb", "check", "--knowledge", folder.path().to_str().unwrap()], b"");
    assert_eq!(status, 1, "{out}{err}");
    for (code, ..) in mistakes {
        let file = format!("mistake-{}.md:", code.to_lowercase());
        let line = out
            .lines()
            .find(|line| line.contains(&file) && line.contains(&format!(" {code} ")))
            .unwrap_or_else(|| panic!("no {code}: {out}"));
        let place = line.split(".md:").nth(1).unwrap_or("");
        assert!(place.split(':').take(2).all(|part| part.parse::<usize>().is_ok()), "{line}");
    }
}

#[test]
fn a_new_page_fails_only_where_thought_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_str().unwrap();
    let (status, out, err) = pitfall(&["kb", "new", "keychain/my-page", "--knowledge", at], b"");
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("my-page.md"));
    let (_, out, _) = pitfall(&["kb", "check", "--knowledge", at], b"");
    assert!(!out.contains("K02") && !out.contains("K12"), "its structure is right: {out}");
    assert_eq!(pitfall(&["kb", "new", "keychain/my-page", "--knowledge", at], b"").0, 2, "nothing is overwritten");
}
