//! Watching and running, tried with the real program: files that grow, rotate and shrink; commands that fail, are killed, or lose their reader.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test ends where it cannot go on.

use portable_pty::{CommandBuilder, NativePtySystem, PtySize, PtySystem};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A slow machine, many tests at once.
const PATIENCE: Duration = Duration::from_secs(60);

const LOST: &str = "Notes[5] SecItemCopyMatching failed: -25308, so we reset\nNotes[5] SecItemDelete -> 0\n";
const UNSIGNED: &str = "error: No profiles for 'com.example.notes' were found: Xcode couldn't find any iOS App Development provisioning \
                        profiles matching 'com.example.notes'.";

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pitfall"));
    command.env("PITFALL_CONFIG", "/nonexistent").env_remove("NO_COLOR");
    command
}

/// A watch under way, and its lines of standard output and of standard error.
struct Watched {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || BufReader::new(stream).lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    lines
}

impl Watched {
    fn start(arguments: &[&str]) -> Self {
        let mut child =
            program().arg("watch").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (out, err) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
        Self { child, out, err }
    }

    fn says(lines: &Receiver<String>, word: &str) -> String {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            match lines.recv_timeout(Duration::from_millis(200)) {
                Ok(line) if line.contains(word) => return line,
                _ => {}
            }
        }
        panic!("{word} was not said");
    }

    /// Ends it as Ctrl-C does; the rest of its output, and its exit status.
    fn end(mut self) -> (Vec<String>, Vec<String>, i32) {
        kill("INT", self.child.id());
        let status = self.child.wait().unwrap().code().unwrap();
        (self.out.iter().collect(), self.err.iter().collect(), status)
    }
}

fn kill(signal: &str, pid: u32) {
    assert!(Command::new("kill").args([format!("-{signal}"), pid.to_string()]).status().unwrap().success());
}

fn add(path: &Path, bytes: &[u8]) {
    fs::OpenOptions::new().create(true).append(true).open(path).unwrap().write_all(bytes).unwrap();
}

#[test]
fn a_file_is_watched_while_it_grows_in_halves_rotates_and_shrinks() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("app.log");
    fs::write(&log, format!("{LOST}one\ntwo\n")).unwrap();
    let watched = Watched::start(&[log.to_str().unwrap(), "--format", "json"]);
    std::thread::sleep(Duration::from_millis(1500));
    assert!(watched.out.try_recv().is_err(), "what stood there is not news");
    // Half a line and half a character at a time.
    for half in ["Notes[5] “é” SecItemCopyMatching failed: -25308, so we reset\nNotes[5] SecItemDelete -> 0\n"]
        .iter()
        .flat_map(|text| text.as_bytes().chunks(11))
    {
        add(&log, half);
        std::thread::sleep(Duration::from_millis(60));
    }
    let line = Watched::says(&watched.out, "delete-on-any-read-error");
    let news: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!((news["schema"].as_i64(), news["source"].as_str()), (Some(1), log.to_str()));
    let lines: Vec<_> = news["finding"]["evidence"].as_array().unwrap().iter().map(|piece| piece["line"].as_u64().unwrap()).collect();
    assert!(lines.contains(&5) && lines.iter().all(|line| (5..=6).contains(line)), "{line}");
    // Rotated: the writer still has the old file, then a new one takes the name.
    fs::rename(&log, folder.path().join("app.log.1")).unwrap();
    add(&folder.path().join("app.log.1"), LOST.as_bytes());
    Watched::says(&watched.err, "is gone");
    add(&log, b"\nSecItemAdd failed: errSecMissingEntitlement (-34018), no entitlement keychain-access-groups: client has neither application-identifier nor keychain-access-groups entitlements\n");
    Watched::says(&watched.err, "was replaced");
    let line = Watched::says(&watched.out, "keychain-entitlement-missing");
    let news: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(news["finding"]["evidence"][0]["line"], 2, "{line}");
    // Emptied and written anew.
    fs::write(&log, "short\n").unwrap();
    Watched::says(&watched.err, "was emptied");
    add(&log, LOST.as_bytes());
    add(&log, UNSIGNED.as_bytes());
    let line = Watched::says(&watched.out, "No profiles for");
    assert!(line.contains("\"line\":4"), "a last line without an end counts, too: {line}");
    let (out, _, status) = watched.end();
    assert!(!out.iter().any(|line| line.contains("\"id\":\"delete-on-any-read-error\"")), "once each: {out:?}");
    assert_eq!(status, 0);
}

#[test]
fn a_stream_is_watched_to_its_end_and_noise_is_quiet() {
    let mut watched = Watched::start(&["-"]);
    let mut stdin = watched.child.stdin.take().unwrap();
    stdin.write_all("nw_protocol_get_quic_image_block_invoke dlopen libquic failed\n".repeat(50).as_bytes()).unwrap();
    stdin.write_all(LOST.as_bytes()).unwrap();
    Watched::says(&watched.out, "pitfall show delete-on-any-read-error");
    stdin.write_all(LOST.as_bytes()).unwrap();
    drop(stdin);
    let status = watched.child.wait().unwrap();
    assert_eq!(status.code(), Some(0));
    let rest: Vec<String> = watched.out.iter().collect();
    assert!(!rest.iter().any(|line| line.contains("pitfall show delete-on-any-read-error")), "once: {rest:?}");
    Watched::says(&watched.err, "54 lines watched, 2 findings told");
    let mut quiet = Watched::start(&["-"]);
    quiet
        .child
        .stdin
        .take()
        .unwrap()
        .write_all("nw_protocol_get_quic_image_block_invoke dlopen libquic failed\n".repeat(50).as_bytes())
        .unwrap();
    assert_eq!(quiet.child.wait().unwrap().code(), Some(1));
    assert_eq!(quiet.out.iter().count(), 0);
}

#[test]
fn a_watch_ends_when_nobody_reads_it_and_refuses_what_it_cannot_follow() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = program().args(["watch", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(child.stdout.take());
    let begun = Instant::now();
    assert!(child.wait().unwrap().code().unwrap() < 2 && begun.elapsed() < PATIENCE);
    for (arguments, word) in [
        (vec![folder.path().to_str().unwrap()], "is a folder"),
        (vec!["/nonexistent/x.log"], "there is no folder /nonexistent"),
        (vec!["/dev/zero"], "pitfall watch -"),
        (vec!["-", "--least", "likley"], "did you mean `likely`"),
    ] {
        let output = program().arg("watch").args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(word), "{output:?}");
    }
}

fn run(script: &str) -> Output {
    program().args(["run", "--", "sh", "-c", script]).output().unwrap()
}

#[test]
fn bytes_and_exit_status_pass_unchanged() {
    let output = run(r"printf 'a\000\377\033[1mb\r\n\303'; printf 'not \200 text' >&2; exit 0");
    assert_eq!(output.stdout, b"a\0\xff\x1b[1mb\r\n\xc3");
    assert_eq!(output.stderr, b"not \x80 text", "success and nothing sure: nothing is added");
    for status in [0, 1, 2, 65, 255] {
        assert_eq!(run(&format!("exit {status}")).status.code(), Some(status));
    }
    assert_eq!(run("kill -TERM $$").status.code(), Some(143));
    assert_eq!(run("kill -KILL $$").status.code(), Some(137));
    let mut child = program().args(["run", "--", "cat"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    // Half a line comes through before the rest is written.
    stdin.write_all(b"half").unwrap();
    let mut four = [0; 4];
    stdout.read_exact(&mut four).unwrap();
    assert_eq!(&four, b"half");
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_command_that_cannot_run_is_told_as_shells_tell_it() {
    let output = program().args(["run", "--", "no-such-command-here"]).output().unwrap();
    assert_eq!(output.status.code(), Some(127));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-command-here is no command"));
    let output = program().args(["run", "--", "/"]).output().unwrap();
    assert_eq!(output.status.code(), Some(126));
    assert_eq!(program().args(["run"]).output().unwrap().status.code(), Some(2));
}

#[test]
fn a_failed_build_is_diagnosed_on_standard_error() {
    let output = run(&format!("echo building; echo \"{UNSIGNED}\" >&2; exit 65"));
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(65), b"building\n".as_slice()));
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(err.starts_with("error: No profiles for") && err.contains("sh ended with status 65") && err.contains("code-signing"), "{err}");
    let output = run(&format!("printf '{}'", LOST.replace('\n', "\\n")));
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("delete-on-any-read-error"), "something sure is told though it succeeded");
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let output = program()
        .args(["run", "--format", "json", "--report", report.to_str().unwrap(), "--", "sh", "-c", &format!("echo \"{UNSIGNED}\"; exit 3")])
        .output()
        .unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(3), 0));
    let document: serde_json::Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
    assert_eq!(document["findings"][0]["topic"], "code-signing");
}

#[test]
fn signals_reach_the_command() {
    let mut child = program()
        .args([
            "run",
            "--",
            "sh",
            "-c",
            "trap 'echo caught; exit 7' TERM; trap 'echo interrupted; exit 8' INT; echo ready; while :; do sleep 0.1; done",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    kill("TERM", child.id());
    assert_eq!((lines.next().unwrap().unwrap().as_str(), child.wait().unwrap().code()), ("caught", Some(7)));
}

#[test]
fn a_closed_pipe_ends_the_command_as_it_would_have() {
    let mut child = program().args(["run", "--", "yes"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let mut some = [0; 4];
    out.read_exact(&mut some).unwrap();
    drop(out);
    assert_eq!(child.wait().unwrap().code(), Some(141));
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(err, "");
}

#[test]
fn a_child_that_stays_behind_holds_nobody_up() {
    let begun = Instant::now();
    assert_eq!(run("sleep 20 & echo started; exit 3").status.code(), Some(3));
    assert!(begun.elapsed() < Duration::from_secs(15));
}

/// On a terminal the command has a terminal, of the same size, and what it prints is not changed.
#[test]
fn on_a_terminal_the_command_sees_a_terminal() {
    let pair = NativePtySystem::default().openpty(PtySize { rows: 31, cols: 77, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_pitfall"));
    command.args(["run", "--", "sh", "-c", "test -t 0 && test -t 1 && test -t 2 && stty size <&1; printf 'x\\ny\\n'; exit 5"]);
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let (sender, text) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = reader.read_to_end(&mut bytes);
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    assert_eq!(child.wait().unwrap().exit_code(), 5);
    drop(pair.master);
    let text = text.recv_timeout(PATIENCE).unwrap();
    assert!(text.starts_with("31 77\r\nx\r\ny\r\n"), "{text:?}");
    assert!(text.contains("sh ended with status 5"), "{text:?}");
}

/// Lines that hold every page's own examples among healthy ones, with numbers and names that never come again.
#[cfg(target_os = "linux")]
fn hostile_stream() -> Vec<u8> {
    use std::fmt::Write as _;
    let mut text = String::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge");
    let mut number = 0;
    for topic in fs::read_dir(root).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        for page in fs::read_dir(topic.path()).unwrap().flatten() {
            let page = fs::read_to_string(page.path()).unwrap();
            for example in page.split("```log ").skip(1).filter_map(|rest| rest.split("\n```").next()) {
                text.extend(example.lines().skip(1).flat_map(|line| [line, "\n"]));
                for _ in 0..4 {
                    number += 1;
                    writeln!(
                        text,
                        "2026-11-22 10:00:00.000000+0100 0x1 Default 0x0 1 0 Proc######{number}: pushed ###### records, error -######{number} in com.x.######{number}"
                    )
                    .unwrap();
                }
            }
        }
    }
    text.into_bytes()
}

/// The resident memory of a process, in MiB.
#[cfg(target_os = "linux")]
fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() >> 10
}

/// Ten times the stream is no more memory. (Measured over 2 GiB by hand; here over some tens of MiB.)
#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat() {
    let stream = hostile_stream();
    let mut child = program()
        .args(["watch", "-", "--least", "possible", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut early = 0;
    let rounds = 30;
    for round in 0..rounds {
        let number = format!("{round:06}");
        let text = String::from_utf8_lossy(&stream).replace("######", &number);
        stdin.write_all(text.as_bytes()).unwrap();
        if round == rounds / 10 {
            early = resident(child.id());
        }
    }
    let late = resident(child.id());
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(early > 0 && late <= early + 48, "{early} MiB after a tenth, {late} MiB at the end of {} MiB", (stream.len() * rounds) >> 20);
}
