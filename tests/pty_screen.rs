//! The screen in a real pseudo-terminal: what a person sees, what survives, and what the terminal is left like.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A failed stage is a failed test.

mod tui_stage;

use portable_pty::{Child, CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tui_stage::{LOG, PAGES};

/// A slow machine, many tests at once.
const PATIENCE: Duration = Duration::from_secs(30);

struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    parser: Arc<Mutex<vt100::Parser>>,
    raw: Arc<Mutex<Vec<u8>>>,
    before: String,
}

/// The program that is tried: an example, so that its panic can be asked for.
fn probe() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    let path = path.join("examples").join("tui_probe");
    assert!(path.exists(), "{} is built by `cargo test`", path.display());
    path
}

fn knowledge(folder: &Path) -> PathBuf {
    let root = folder.join("knowledge");
    for (path, text) in PAGES {
        let file = root.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    root
}

/// The terminal's modes, as the kernel has them.
fn modes(master: &dyn MasterPty) -> String {
    let modes = master.get_termios().expect("a pseudo-terminal has modes");
    format!("{:?} {:?} {:?}", modes.input_flags, modes.output_flags, modes.local_flags)
}

impl Terminal {
    fn start(folder: &Path, (cols, rows): (u16, u16), more: &[(&str, &str)]) -> Self {
        let pair = NativePtySystem::default().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let before = modes(pair.master.as_ref());
        let mut command = CommandBuilder::new(probe());
        command.env_clear();
        command.env("PITFALL_STATE", folder.join("state"));
        command.env("PROBE_KNOWLEDGE", knowledge(folder));
        command.env("TERM", "xterm-256color");
        for (name, value) in more {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let parser = Arc::new(Mutex::new(vt100::Parser::new(rows, cols, 0)));
        let raw = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (screen, bytes) = (Arc::clone(&parser), Arc::clone(&raw));
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                screen.lock().unwrap().process(&buffer[..count]);
                bytes.lock().unwrap().extend_from_slice(&buffer[..count]);
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Self { child, master: pair.master, writer, parser, raw, before }
    }

    fn send(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    fn screen(&self) -> String {
        self.parser.lock().unwrap().screen().contents()
    }

    fn wait(&self, text: &str) {
        self.wait_for(text, |screen| screen.contains(text));
    }

    fn wait_for(&self, what: &str, holds: impl Fn(&str) -> bool) {
        let start = Instant::now();
        while !holds(&self.screen()) {
            assert!(start.elapsed() < PATIENCE, "{what:?} did not come:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits for the end.
    fn end(&mut self) -> portable_pty::ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // The reader may be a little behind.
                std::thread::sleep(Duration::from_millis(100));
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "it does not end:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// Everything that was switched on is off.
    fn is_restored(&self) {
        let parser = self.parser.lock().unwrap();
        let screen = parser.screen();
        assert!(!screen.alternate_screen(), "still on the other screen");
        assert!(!screen.bracketed_paste(), "bracketed paste is on");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        drop(parser);
        let raw = self.raw.lock().unwrap();
        let last = |code: &[u8]| raw.windows(code.len()).rposition(|window| window == code);
        assert!(last(b"\x1b[?1004l") > last(b"\x1b[?1004h"), "focus reports are on");
        drop(raw);
        assert_eq!(modes(self.master.as_ref()), self.before, "the kernel's modes");
    }
}

fn pasted(text: &str) -> String {
    format!("\x1b[200~{text}\x1b[201~")
}

#[test]
fn paste_open_tick_leave_and_the_tick_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(folder.path(), (80, 24), &[]);
    terminal.wait("What went wrong");
    terminal.send(&pasted(LOG));
    terminal.wait("Credential deleted because");
    terminal.send("\r");
    terminal.wait("checklist");
    terminal.wait("[ ] ");
    terminal.send(" ");
    terminal.wait("[x] ");
    terminal.wait("1 of ");
    terminal.send("q");
    assert!(terminal.end().success());
    terminal.is_restored();

    let mut terminal = Terminal::start(folder.path(), (80, 24), &[]);
    terminal.wait("Lately");
    terminal.send(&pasted(LOG));
    terminal.wait("Credential deleted because");
    terminal.wait("done");
    terminal.send("\r");
    terminal.wait("1 of ");
    terminal.send("\x03");
    assert!(terminal.end().success());
    terminal.is_restored();
}

#[test]
fn a_signal_ends_it_with_the_terminal_restored_and_the_tick_kept() {
    for signal in ["TERM", "HUP", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut terminal = Terminal::start(folder.path(), (80, 24), &[]);
        terminal.wait("What went wrong");
        terminal.send(&pasted(LOG));
        terminal.wait("Credential deleted because");
        terminal.send("\r");
        terminal.wait("[ ] ");
        terminal.send(" ");
        terminal.wait("[x] ");
        terminal.signal(signal);
        let status = terminal.end();
        assert!(!status.success(), "{signal}");
        terminal.is_restored();
        let pitfall::store::Opened::Ready(store, None) = pitfall::store::Store::open(&folder.path().join("state"), 1) else {
            panic!("{signal}")
        };
        let case = store.cases().unwrap().remove(0);
        assert_eq!(store.steps(&case.key).unwrap().len(), 1, "{signal}");
    }
}

#[test]
fn a_panic_gives_the_terminal_back_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(folder.path(), (80, 24), &[("PROBE_PANIC", "1")]);
    assert!(!terminal.end().success());
    terminal.is_restored();
    terminal.wait("asked for");
}

#[test]
fn stopped_and_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(folder.path(), (80, 24), &[]);
    terminal.wait("What went wrong");
    terminal.send("\x1a");
    let start = Instant::now();
    while terminal.parser.lock().unwrap().screen().alternate_screen() {
        assert!(start.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(200));
    terminal.is_restored();
    terminal.signal("CONT");
    terminal.wait("What went wrong");
    assert!(terminal.parser.lock().unwrap().screen().alternate_screen());
    terminal.send("?");
    terminal.wait("esc closes");
    terminal.send("\x1b");
    terminal.wait_for("no help", |screen| !screen.contains("esc closes"));
    terminal.send("q");
    assert!(terminal.end().success());
    terminal.is_restored();
}

#[test]
fn resized_down_and_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(folder.path(), (200, 60), &[]);
    terminal.wait("What went wrong");
    terminal.send(&pasted(LOG));
    terminal.wait("Credential deleted because");
    for (cols, rows) in [(30, 8), (200, 60)] {
        terminal.parser.lock().unwrap().screen_mut().set_size(rows, cols);
        terminal.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        terminal.wait(if cols < 72 { "findings" } else { "SecItemDelete" });
    }
    terminal.send("q");
    assert!(terminal.end().success());
    terminal.is_restored();
}

#[test]
fn keys_that_come_at_once_are_a_paste() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(folder.path(), (80, 24), &[]);
    terminal.wait("What went wrong");
    terminal.send("quit is data here\rSecItemAdd failed: -34018\r");
    terminal.wait("entitlement");
    terminal.send("q");
    assert!(terminal.end().success());
}

#[test]
fn no_home_and_it_still_works() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "x").unwrap();
    let blocked = folder.path().join("file").join("below");
    let mut terminal = Terminal::start(folder.path(), (80, 24), &[("PITFALL_STATE", blocked.to_str().unwrap())]);
    terminal.wait("not kept");
    terminal.send(&pasted(LOG));
    terminal.wait("Credential deleted because");
    terminal.send("\r");
    terminal.wait("[ ] ");
    terminal.send(" ");
    terminal.wait("[x] ");
    terminal.wait("not saving");
    terminal.send("q");
    assert!(terminal.end().success());
}
