//! Completion in real shells, in a real terminal: the script is sourced, words are typed, Tab is pressed. A shell that is not installed is left
//! out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)] // A test ends where it cannot go on.

use portable_pty::{CommandBuilder, NativePtySystem, PtySize, PtySystem};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A slow machine, many tests at once.
const PATIENCE: Duration = Duration::from_secs(60);

/// A shell in a terminal.
struct Shell {
    writer: Box<dyn Write + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
    _child: Box<dyn portable_pty::Child + Send + Sync>,
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Shell {
    fn start(name: &str, arguments: &[&str], home: &Path) -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap();
        if !std::env::split_paths(&path).any(|folder| folder.join(name).is_file()) {
            eprintln!("{name} is not installed; nothing is tried in it");
            return None;
        }
        let pair = NativePtySystem::default().openpty(PtySize { rows: 24, cols: 100, pixel_width: 0, pixel_height: 0 }).unwrap();
        let ours = Path::new(env!("CARGO_BIN_EXE_pitfall")).parent().unwrap().to_owned();
        let mut command = CommandBuilder::new(name);
        command.args(arguments);
        command.env_clear();
        command.env("PATH", std::env::join_paths([ours].into_iter().chain(std::env::split_paths(&path))).unwrap());
        command.env("HOME", home);
        command.env("TERM", "xterm");
        command.env("PITFALL_CONFIG", home);
        command.cwd(home);
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let screen = Arc::new(Mutex::new(vt100::Parser::new(24, 100, 0)));
        let (seen, answers) = (Arc::clone(&screen), Arc::clone(&writer));
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                seen.lock().unwrap().process(&chunk[..count]);
                // fish asks what terminal this is, and waits for the answer.
                if chunk[..count].windows(3).any(|some| some == b"\x1b[c") {
                    answers.lock().unwrap().write_all(b"\x1b[?62;22c").unwrap();
                }
            }
        });
        Some(Self { writer: Box::new(Shared(writer)), screen, _child: child, _master: pair.master })
    }

    fn types(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    fn shows(&self, wanted: &str) {
        let begun = Instant::now();
        loop {
            let text = self.screen.lock().unwrap().screen().contents();
            if text.replace('\n', "").contains(wanted) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{wanted} is not shown:\n{text}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Types a line that is begun, presses Tab, and waits for what it becomes.
    fn completes(&mut self, begun: &str, wanted: &str) {
        self.types(begun);
        self.types("\t");
        self.shows(wanted);
        // Ctrl-U: an empty line again; a clear screen.
        self.types("\u{15}clear; echo clea''red\r");
        self.shows("cleared");
    }
}

/// Two hands write: the test and the answers of the terminal.
struct Shared(Arc<Mutex<Box<dyn Write + Send>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.lock().unwrap().flush()
    }
}

const CASES: &[(&str, &str)] = &[
    ("pitfall tria", "pitfall triage"),
    ("pitfall show keychain-entitlement-mis", "pitfall show keychain-entitlement-missing"),
    ("pitfall explain errSecMissingEnt", "pitfall explain errSecMissingEntitlement"),
    ("pitfall list --topic secure-e", "pitfall list --topic secure-enclave"),
    ("pitfall kb che", "pitfall kb check"),
];

fn try_all(shell: Option<Shell>, setup: &str) {
    let Some(mut shell) = shell else { return };
    shell.types(setup);
    shell.types("echo rea''dy\r");
    shell.shows("ready");
    for (begun, wanted) in CASES {
        shell.completes(begun, wanted);
    }
}

#[test]
fn bash_completes() {
    let home = tempfile::tempdir().unwrap();
    let shell = Shell::start("bash", &["--norc", "--noprofile", "-i"], home.path());
    try_all(shell, "source <(pitfall completions bash)\r");
}

#[test]
fn zsh_completes() {
    let home = tempfile::tempdir().unwrap();
    let shell = Shell::start("zsh", &["-f", "-i"], home.path());
    try_all(shell, "autoload -U compinit; compinit -u; source <(pitfall completions zsh)\r");
}

#[test]
fn fish_completes() {
    let home = tempfile::tempdir().unwrap();
    let shell = Shell::start("fish", &["--no-config", "-i"], home.path());
    try_all(shell, "pitfall completions fish | source\r");
}
