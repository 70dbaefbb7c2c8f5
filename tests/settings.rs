//! The configuration, the doctor and slips of the pen, as the program answers them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test ends where it cannot go on.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn pitfall(home: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pitfall"));
    command.env("PITFALL_CONFIG", home).env("PITFALL_STATE", home.join("state")).env_remove("NO_COLOR");
    for name in ["PITFALL_THEME", "PITFALL_KNOWLEDGE", "PITFALL_PROCESS", "PITFALL_ASCII"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).args(arguments).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// An overlay that disables a page.
fn overlay(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("overlay.yaml"), "disable: [keychain-entitlement-missing]").unwrap();
}

#[test]
fn a_new_file_is_written_once_and_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("new");
    let before = out(&pitfall(&folder, &[], &["config"]));
    assert!(before.contains("not there") && before.contains("theme = \"auto\"  # default"), "{before}");
    let output = pitfall(&folder, &[], &["config", "--init"]);
    assert_eq!((output.status.code(), out(&output).trim()), (Some(0), folder.join("config.toml").to_str().unwrap()));
    assert_eq!(fs::read_to_string(folder.join("config.toml")).unwrap(), out(&pitfall(&folder, &[], &["config", "--default"])));
    assert_eq!(pitfall(&folder, &[], &["config", "--init"]).status.code(), Some(2), "nothing is overwritten");
    let values =
        |text: &str| text.lines().filter_map(|line| line.split("  #").next()).filter(|line| line.contains(" = ")).collect::<String>();
    assert_eq!(values(&out(&pitfall(&folder, &[], &["config"]))), values(&before));
    assert!(out(&pitfall(&folder, &[], &["config", "--path"])).ends_with("config.toml\n"));
}

#[test]
fn flags_go_over_the_environment_and_that_over_the_file() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("config.toml"), "theme = \"dark\"\nprocess = \"Notes\"\nknowledge = [\"ours\"]\n[keys]\ntick = \"t\"\n")
        .unwrap();
    overlay(&home.path().join("ours"));
    let output = pitfall(home.path(), &[("PITFALL_THEME", "light")], &["config", "--format", "json", "--knowledge", "/tmp"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let from = |name: &str| {
        let rows = document["keys"].as_array().unwrap().iter().filter(|row| row["name"] == name);
        rows.map(|row| format!("{} {}", row["value"], row["from"].as_str().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(from("theme"), ["\"light\" environment"]);
    assert_eq!(from("process"), ["\"Notes\" file"]);
    assert_eq!(from("ascii"), ["false default"]);
    assert_eq!(from("keys.tick"), ["[\"t\"] file"]);
    assert_eq!(from("knowledge").len(), 2, "{document}");
    // What is configured is what happens: the overlay of the file disables the page, the process chooses lines.
    let log = home.path().join("x.log");
    let line = |process: &str| format!("2026-11-22 10:00:00.1+0100 {process}[5:1] SecItemAdd failed: -34018\n");
    fs::write(&log, line("Notes")).unwrap();
    let triage = |variables: &[(&str, &str)], more: &[&str]| {
        out(&pitfall(home.path(), variables, &[&["triage", "--format", "json", log.to_str().unwrap()], more].concat()))
    };
    assert!(!triage(&[], &[]).contains("\"id\":\"keychain-entitlement-missing\""));
    fs::remove_dir_all(home.path().join("ours")).unwrap();
    fs::create_dir(home.path().join("ours")).unwrap();
    assert!(triage(&[], &[]).contains("\"id\":\"keychain-entitlement-missing\""));
    assert!(!triage(&[("PITFALL_PROCESS", "Mail")], &[]).contains("\"id\":\"keychain-entitlement-missing\""));
    assert!(triage(&[("PITFALL_PROCESS", "Mail")], &["--process", ""]).contains("\"id\":\"keychain-entitlement-missing\""));
    assert!(triage(&[("PITFALL_PROCESS", "Mail")], &["--process", "notes"]).contains("\"id\":\"keychain-entitlement-missing\""));
}

#[test]
fn a_mistake_in_the_file_is_told_with_its_place_by_every_command() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("config.toml"), "ascii = true\n\n  tehme = \"dark\"\n").unwrap();
    let place = format!("{}:3:3: unknown key `tehme`; did you mean `theme`?", home.path().join("config.toml").display());
    for arguments in [vec!["explain", "-25300"], vec!["config"], vec!["list"]] {
        let output = pitfall(home.path(), &[], &arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains(&place), "{arguments:?}: {}", err(&output));
    }
    let output = pitfall(home.path(), &[], &["doctor"]);
    assert!(output.status.code() == Some(1) && out(&output).contains(&place), "{}", out(&output));
    for arguments in [vec!["config", "--default"], vec!["config", "--path"], vec!["completions", "bash"]] {
        assert_eq!(pitfall(home.path(), &[], &arguments).status.code(), Some(0), "{arguments:?} works where the file does not");
    }
}

#[test]
fn the_doctor_tells_what_is_missing() {
    let home = tempfile::tempdir().unwrap();
    let output = pitfall(home.path(), &[], &["doctor", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", out(&output));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<_> = document["checks"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["terminal", "colours", "background", "clipboard", "configuration", "state", "knowledge", "editor"]);
    assert!(!home.path().join("state").exists(), "it only looks");
    let ours = home.path().join("ours");
    overlay(&ours);
    fs::create_dir(ours.join("keychain")).unwrap();
    fs::write(ours.join("keychain/mine.md"), "no front matter").unwrap();
    let output = pitfall(home.path(), &[], &["doctor", "--knowledge", ours.to_str().unwrap(), "--knowledge", "/nonexistent"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        out(&output).contains("1 problems; `pitfall kb check`") && out(&output).contains("/nonexistent does not exist"),
        "{}",
        out(&output)
    );
}

#[test]
fn slips_are_answered_with_what_was_meant() {
    let home = tempfile::tempdir().unwrap();
    for (arguments, wanted) in [
        (vec!["triag"], "did you mean `pitfall triage`?"),
        (vec!["triage", "--topc", "keychain"], "--topic"),
        (vec!["kb", "chekc"], "check"),
        (vec!["show", "keychian-entitlement-missing"], "did you mean `keychain-entitlement-missing`?"),
        (vec!["list", "--topic", "keychian"], "did you mean `keychain`?"),
        (vec!["list", "--severity", "hihg"], "did you mean `high`?"),
        (vec!["watch", "-", "--topic", "sandbx"], "did you mean `sandbox`?"),
        (vec!["--theme", "drak", "--plain", "-"], ""),
        (vec!["completions", "bsh"], "bash"),
    ] {
        let output = pitfall(home.path(), &[], &arguments);
        assert!(err(&output).contains(wanted), "{arguments:?}: {}", err(&output));
        assert_ne!(output.status.code(), Some(0), "{arguments:?}");
    }
    let output = pitfall(home.path(), &[], &["explain", "errSecMissingEntitlment"]);
    assert!(out(&output).contains("errSecMissingEntitlement"), "a code with a slip is explained");
}
