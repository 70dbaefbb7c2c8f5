//! `pitfall redact` and what leaves by other commands, as a person uses them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test ends where it cannot go on.

use assert_cmd::Command;
use std::fs;
use std::path::Path;

const LOG: &str = "2026-11-22 10:00:01.300000+0100 Notes[512:1a2b3] [Keychain] SecItemAdd failed: -34018 in /Users/janedoe/Notes\nTeamIdentifier=A1B2C3D4E5 com.acmetools.notes, mail jane@acmetools.io\n";

fn pitfall(args: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::cargo_bin("pitfall").unwrap();
    let output = command.env_clear().env("HOME", "/nonexistent").args(args).write_stdin(input).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

const PRIVATE: &[&str] = &["janedoe", "A1B2C3D4E5", "acmetools", "jane@"];

#[test]
fn a_log_goes_through_without_its_identities() {
    let (code, out, err) = pitfall(&["redact"], LOG);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out.lines().count(), 2);
    assert!(PRIVATE.iter().all(|value| !out.contains(value)), "{out}");
    assert!(out.contains("SecItemAdd failed: -34018 in /Users/user1/Notes") && out.contains("TeamIdentifier=TEAM000001"), "{out}");
    let (_, kept, _) = pitfall(&["redact", "--keep", "A1B2C3D4E5", "--also", "Notes"], LOG);
    assert!(kept.contains("A1B2C3D4E5") && !kept.contains("Notes"), "{kept}");
}

#[test]
fn the_input_is_never_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    fs::write(&path, LOG).unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let name = path.to_str().unwrap();
    let map = folder.path().join("case.map");
    for args in [
        &["redact", name][..],
        &["redact", name, "--show"],
        &["redact", name, "--map", map.to_str().unwrap()],
        &["triage", name, "--format", "markdown"],
    ] {
        assert_eq!(pitfall(args, "").0, 0, "{args:?}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), LOG);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["a.log", "case.map"]);
}

#[test]
fn a_preview_shows_ends_only() {
    let (code, out, _) = pitfall(&["redact", "--show"], LOG);
    assert_eq!(code, 0);
    assert!(PRIVATE.iter().all(|value| *value == "jane@" || !out.contains(value)), "{out}");
    for part in ["1:", "user name", "team identifier", "A1…E5 (10)", "TEAM000001"] {
        assert!(out.contains(part), "{part} in {out}");
    }
    let (_, out, _) = pitfall(&["redact", "--format", "json"], LOG);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&json["schema"], &json["inputs"][0]["name"]), (&1.into(), &"-".into()));
    let team = json["inputs"][0]["replaced"].as_array().unwrap().iter().find(|one| one["kind"] == "team").unwrap();
    assert_eq!((team["line"].as_u64(), team["start"].as_u64(), team["end"].as_u64()), (Some(2), Some(16), Some(26)));
    assert!(PRIVATE.iter().all(|value| !out.contains(value)), "{out}");
}

#[test]
fn a_map_gives_values_back_and_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("case.map");
    let map_name = map.to_str().unwrap();
    let (_, first, _) = pitfall(&["redact", "--map", map_name], LOG);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&map).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let reply = folder.path().join("reply.txt");
    fs::write(&reply, format!("In your line:\n{first}user1 must join TEAM000001.\n")).unwrap();
    let (code, back, _) = pitfall(&["redact", "--map", map_name, "--restore", reply.to_str().unwrap()], "");
    assert_eq!(code, 0);
    assert_eq!(back, format!("In your line:\n{LOG}janedoe must join A1B2C3D4E5.\n"));
    // The next log of the case goes on where this one ended.
    let (_, second, _) = pitfall(&["redact", "--map", map_name], "/Users/someoneelse of TeamIdentifier=Z9Y8X7W6V5 and A1B2C3D4E5");
    assert!(second.contains("user2") || second.contains("user3"), "{second}");
    assert!(second.contains("TEAM000002 and TEAM000001"), "{second}");
}

#[test]
fn a_wrong_map_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("notes.txt");
    fs::write(&map, "my notes").unwrap();
    let (code, out, err) = pitfall(&["redact", "--map", map.to_str().unwrap()], LOG);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("no map of pitfall") && err.contains("left as it is"), "{err}");
    assert_eq!(fs::read_to_string(&map).unwrap(), "my notes");
    let (code, _, err) = pitfall(&["redact", "--map", "/nonexistent/x/case.map"], LOG);
    assert!(code == 2 && err.contains("cannot be written"), "{err}");
    let (code, _, err) =
        pitfall(&["redact", "--restore", map.to_str().unwrap(), "--map", folder.path().join("none").to_str().unwrap()], "");
    assert!(code == 2 && err.contains("does not exist"), "{err}");
    assert!(!Path::new("/nonexistent").exists());
}

#[test]
fn a_report_that_leaves_is_redacted_and_one_for_programs_is_not() {
    let (_, out, err) = pitfall(&["triage", "--format", "markdown"], LOG);
    assert!(PRIVATE.iter().all(|value| !out.contains(value)), "{out}");
    assert!(out.contains("-34018") && out.contains("https://developer.apple.com/"), "{out}");
    let raw = pitfall(&["triage", "--format", "markdown", "--no-redact"], LOG);
    assert_eq!(raw.2, "", "nothing was redacted, so nothing is told");
    let json = pitfall(&["triage", "--format", "json"], LOG).1;
    assert!(json.contains("A1B2C3D4E5"), "{json}");
    let json = pitfall(&["triage", "--format", "json", "--redact"], LOG).1;
    assert!(PRIVATE.iter().all(|value| !json.contains(value)), "{json}");
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(document["findings"][0]["id"], "keychain-entitlement-missing");
    let _ = err;
}
