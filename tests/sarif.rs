//! What continuous integration reads: SARIF held against the standard's schema, and GitHub's workflow commands.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice, clippy::print_stdout, clippy::print_stderr)] // A test ends where it cannot go on.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn pitfall(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("pitfall").unwrap();
    let output = command.env_clear().env("HOME", "/nonexistent").current_dir(folder).args(args).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

const LOG: &str = "** BUILD STARTED **\n\u{1b}[31mNotes[512:1a] Error Domain=NSOSStatusErrorDomain Code=-34018 \"Client has neither application-identifier nor keychain-access-groups entitlements\"\u{1b}[0m\n";
const NOISE: &str = "Safari KeychainGetICDPStatus: keychain: -25300\n";

/// A folder with two logs, the second one with a name that has to be escaped.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("build.log"), LOG).unwrap();
    fs::write(folder.path().join("a b,c.log"), format!("x\n{LOG}{NOISE}")).unwrap();
    folder
}

/// The standard's schema: the file named by `PITFALL_SARIF_SCHEMA`, else the copy in a package of the npm registry (MIT). It is no part of this
/// repository, because the terms of its publisher do not plainly say that it may be. None where neither is at hand.
fn official_schema() -> Option<Value> {
    if let Some(path) = std::env::var_os("PITFALL_SARIF_SCHEMA") {
        return Some(serde_json::from_str(&fs::read_to_string(PathBuf::from(path)).unwrap()).unwrap());
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sarif-schema");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("sarif-schema-2.1.0.json");
    if !file.exists() {
        let script = "npm pack --silent @microsoft/jest-sarif@1.0.0-beta.0 && tar xzf *.tgz && cp package/lib/schemas/sarif-2.1.0-rtm.5.json sarif-schema-2.1.0.json";
        let made = std::process::Command::new("sh").args(["-c", script]).current_dir(&folder).output().ok()?;
        if !made.status.success() || !file.exists() {
            return None;
        }
    }
    // The schema has a bracket in a pattern that strict readers of regular expressions refuse.
    let text = fs::read_to_string(&file).ok()?.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$");
    serde_json::from_str(&text).ok()
}

#[test]
fn sarif_is_what_the_standard_asks_for() {
    let folder = folder();
    let Some(schema) = official_schema() else {
        eprintln!("skipped: no copy of the SARIF schema; set PITFALL_SARIF_SCHEMA, or have npm at hand");
        return;
    };
    let validator = jsonschema::validator_for(&schema).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = root.join("knowledge/keychain/keychain-entitlement-missing.md").display().to_string();
    for files in [&["build.log"][..], &["build.log", "a b,c.log"], &[page.as_str()]] {
        let (_, out, err) = pitfall(folder.path(), &[&["triage", "--format", "sarif"], files].concat());
        let document: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {err}"));
        let wrong: Vec<String> = validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{files:?}: {wrong:#?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"version": "2.1.0"})), "the schema itself is at work");
}

#[test]
fn a_finding_is_a_result_with_its_place_in_the_input() {
    let folder = folder();
    let (code, out, _) = pitfall(folder.path(), &["triage", "--format", "sarif", "build.log", "a b,c.log"]);
    assert_eq!(code, 0);
    assert!(!out.contains('\u{1b}'));
    let document: Value = serde_json::from_str(&out).unwrap();
    let run = &document["runs"][0];
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "keychain-entitlement-missing");
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    let rule = &run["tool"]["driver"]["rules"][index];
    assert_eq!(rule["id"], result["ruleId"]);
    assert!(rule["help"]["markdown"].as_str().unwrap().contains("- [ ] "), "{rule}");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "build.log");
    assert_eq!(place["region"]["startLine"], 2);
    // Columns are those of the file, whose line begins with an escape sequence of five characters.
    let line = LOG.lines().nth(1).unwrap();
    let from = usize::try_from(place["region"]["startColumn"].as_u64().unwrap()).unwrap() - 1;
    let snippet = place["region"]["snippet"]["text"].as_str().unwrap();
    assert_eq!(line.chars().skip(from).take(snippet.chars().count()).collect::<String>(), snippet);
    assert_eq!(run["artifacts"][1]["location"]["uri"], "a%20b%2Cc.log");
    let noise = run["results"].as_array().unwrap().iter().filter(|one| one["properties"]["severity"] == "noise").count();
    assert_eq!(noise, 0, "what is normal is no result");
    let told = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!((told["descriptor"]["id"].as_str(), told["level"].as_str()), (Some("item-not-found-on-first-use"), Some("note")), "{told}");
}

#[test]
fn the_fingerprint_outlives_times_and_line_numbers() {
    let folder = folder();
    let print = |text: &str| {
        fs::write(folder.path().join("run.log"), text).unwrap();
        let (_, out, _) = pitfall(folder.path(), &["triage", "--format", "sarif", "run.log"]);
        let document: Value = serde_json::from_str(&out).unwrap();
        document["runs"][0]["results"][0]["partialFingerprints"]["pitfallFinding/v1"].as_str().unwrap().to_owned()
    };
    let first = print("2026-11-22 10:00:00 Notes[512:1a] SecItemAdd failed: -34018\n");
    assert_eq!(print("started\n2026-11-23 11:22:33 Notes[77:2b] SecItemAdd failed: -34018\n"), first);
    assert_ne!(print("2026-11-22 10:00:00 Notes[512:1a] SecItemCopyMatching -25308\n"), first);
}

#[test]
fn workflow_commands_are_one_line_each_and_escaped() {
    let folder = folder();
    let (code, out, _) = pitfall(folder.path(), &["triage", "--format", "github", "a b,c.log"]);
    assert_eq!(code, 0);
    let first = out.lines().next().unwrap();
    assert!(first.starts_with("::") && first.contains(" file=a b%2Cc.log,line=3,col="), "{first}");
    assert!(first.contains("%0A1. ") && first.ends_with("pitfall show keychain-entitlement-missing"), "{first}");
    assert!(out.lines().all(|line| ["::error ", "::warning ", "::notice "].iter().any(|command| line.starts_with(command))), "{out}");
    assert!(!out.contains('\u{1b}'));
}

#[test]
fn other_commands_refuse_with_one_sentence() {
    let folder = folder();
    for (args, home) in [
        (&["explain", "-34018", "--format", "sarif"][..], "pitfall triage"),
        (&["list", "--format", "sigma"], "pitfall kb export"),
        (&["triage", "build.log", "--format", "ndjson"], "pitfall export"),
    ] {
        let (code, out, err) = pitfall(folder.path(), args);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains(home) && err.lines().count() == 1, "{err}");
    }
}
