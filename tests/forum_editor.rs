//! `forum reply` with an editor, in a pseudo-terminal: the editor's text is what is kept; an editor that fails or is missing changes nothing.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test ends where it cannot go on.

use portable_pty::{CommandBuilder, NativePtySystem, PtySize, PtySystem};
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

const PAGE: &str = "About notes.\n\nAll subtopics\nPosts under Privacy & Security topic\n\nPost\n\nReplies\n\nBoosts\n\nViews\n\nActivity\n\n\
    Keychain read fails in the background\n\
    SecItemCopyMatching returns -25308 errSecInteractionNotAllowed when a silent push wakes the app on a locked iPhone.\n0\n0\n12\nJul ’25\n";

/// Runs a shell's line in a terminal of its own: exit status and what stood on the terminal.
fn terminal(state: &Path, editor: &str, line: &str) -> (u32, String) {
    let size = PtySize { rows: 40, cols: 200, pixel_width: 0, pixel_height: 0 };
    let pair = NativePtySystem::default().openpty(size).unwrap();
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", line]);
    command.env_clear();
    command.cwd(state);
    for (name, value) in [("PATH", "/usr/bin:/bin"), ("HOME", "/nonexistent"), ("TERM", "xterm"), ("EDITOR", editor)] {
        command.env(name, value);
    }
    command.env("PITFALL_STATE", state);
    command.env("PITFALL", assert_cmd::cargo::cargo_bin("pitfall"));
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let reading = std::thread::spawn(move || {
        let mut all = Vec::new();
        let _ = reader.read_to_end(&mut all); // Linux ends a terminal with an error.
        String::from_utf8_lossy(&all).into_owned()
    });
    let status = child.wait().unwrap();
    drop(pair.master);
    (status.exit_code(), reading.join().unwrap())
}

fn script(folder: &Path, name: &str, lines: &str) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// A folder with a queue of one thread.
fn queue() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.txt");
    fs::write(&page, PAGE).unwrap();
    let (status, said) = terminal(folder.path(), "", &format!("\"$PITFALL\" forum import '{}' --copied-on 2025-08-01", page.display()));
    assert_eq!(status, 0, "{said}");
    folder
}

const REPLY: &str = "\"$PITFALL\" forum reply t-";

#[test]
fn what_the_editor_leaves_is_kept_and_told() {
    let folder = queue();
    let folder = folder.path();
    let editor = script(
        folder,
        "an editor",
        "test \"$1\" = --wait || exit 9\ngrep -q 25308 \"$2\" || exit 8\nprintf 'Edited \\033[31mby hand.\\n\\n' > \"$2\"",
    );
    let (status, said) = terminal(folder, &format!("'{}' --wait", editor.display()), REPLY);
    assert!(status == 0 && said.contains("Edited by hand."), "{status}: {said}");
    let (_, said) = terminal(folder, "", &format!("{REPLY} --print"));
    assert_eq!(said.trim(), "Edited by hand.");
    let (_, said) = terminal(folder, "", &format!("{REPLY} --print --fresh"));
    assert!(said.contains("25308") && !said.contains("by hand"), "{said}");
    let (_, said) = terminal(folder, "", "\"$PITFALL\" forum set --undo && \"$PITFALL\" forum reply t- --print");
    assert!(said.contains("25308") && !said.contains("by hand"), "a reply is taken back like any change: {said}");
}

#[test]
fn an_editor_that_fails_is_missing_or_leaves_nothing_changes_nothing() {
    let folder = queue();
    let folder = folder.path();
    let fails = script(folder, "fails", "echo lost > \"$1\"\nexit 3");
    let empties = script(folder, "empties", ": > \"$1\"");
    for (editor, status, words) in [
        (fails.to_str().unwrap(), 2, "the reply is left as it was"),
        ("/nonexistent/editor", 2, "cannot start the editor `/nonexistent/editor`"),
        (folder.to_str().unwrap(), 2, "cannot start the editor"),
        (empties.to_str().unwrap(), 1, "the editor left no text"),
    ] {
        let (code, said) = terminal(folder, editor, REPLY);
        assert!(code == status && said.contains(words), "{editor}: {code}, {said}");
        let (_, said) = terminal(folder, "", &format!("{REPLY} --print"));
        assert!(said.contains("25308") && !said.contains("lost"), "{editor}: {said}");
    }
}

#[test]
fn in_a_pipe_the_editor_still_has_the_terminal_and_the_pipe_only_the_reply() {
    let folder = queue();
    let folder = folder.path();
    let editor = script(folder, "asks", "test -t 0 && test -t 1 && echo 'Edited on a terminal.' > \"$1\"");
    let out = folder.join("out.md");
    let (status, said) = terminal(folder, editor.to_str().unwrap(), &format!("{REPLY} > '{}'", out.display()));
    assert!(status == 0, "{said}");
    assert_eq!(fs::read_to_string(out).unwrap(), "Edited on a terminal.\n");
}
