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
const PATIENCE: Duration = Duration::from_secs(90);

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

/// A log of so many bytes with one trouble near its end.
fn large(bytes: usize) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for line in 0.. {
        if text.len() >= bytes {
            break;
        }
        writeln!(text, "2026-11-22 10:00:00.{:06}+0100 Notes[512:1a2b3] [ui] layout pass took {} ms", line % 1_000_000, line % 97).unwrap();
    }
    text + LOG
}

#[test]
fn a_large_paste_find_tick_suspend_resume_resize_and_terminate() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(folder.path(), (200, 60), &[]);
    terminal.wait("What went wrong");
    terminal.send(&pasted(&large(10 << 20)));
    terminal.wait("Credential deleted because");
    terminal.send("/");
    terminal.wait("an error code, a symbol");
    terminal.send("keychain entitl");
    terminal.wait("Keychain entitlement missing");
    terminal.send("\x1b");
    terminal.wait_for("an empty box", |screen| screen.contains("an error code, a symbol"));
    terminal.send("\x1b");
    terminal.wait("Credential deleted because");
    terminal.send("\r");
    terminal.wait("[ ] ");
    terminal.send(" ");
    terminal.wait("1 of ");

    terminal.send("\x1a");
    terminal.wait_for("the shell's screen", |screen| !screen.contains("checklist"));
    std::thread::sleep(Duration::from_millis(300));
    terminal.is_restored();
    terminal.signal("CONT");
    terminal.wait("1 of ");

    for (cols, rows) in [(30, 8), (200, 60)] {
        terminal.parser.lock().unwrap().screen_mut().set_size(rows, cols);
        terminal.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        terminal.wait("1 of ");
        assert!(terminal.parser.lock().unwrap().screen().alternate_screen(), "{cols}x{rows}");
    }
    terminal.signal("TERM");
    assert!(!terminal.end().success());
    terminal.is_restored();
}

/// The escape sequences in what reached the terminal: their kind, and what an operating system command says.
fn sequences(raw: &[u8]) -> Vec<(u8, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = raw[at..].iter().position(|byte| *byte == 0x1b) {
        let start = at + next + 1;
        let kind = raw.get(start).copied().unwrap_or(0);
        let body = &raw[(start + 1).min(raw.len())..];
        let end = if kind == b']' { body.windows(2).position(|pair| pair == b"\x1b\\").map_or(body.len(), |end| end + 2) } else { 0 };
        let told = if kind == b']' { String::from_utf8_lossy(&body[..end.saturating_sub(2)]).into_owned() } else { String::new() };
        found.push((kind, told));
        at = (start + 1 + end).min(raw.len());
    }
    found
}

#[test]
fn references_are_real_links_and_nothing_else_of_a_text_is_obeyed() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(folder.path(), (120, 60), &[]);
    terminal.wait("What went wrong");
    let hostile = "\x1b]0;owned\x07\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\ \x1b[31mred\x1bP1$r\x1b\\ \x1b]52;c;aGk=\x07";
    terminal.send(&pasted(&format!("{hostile}\nSecItemAdd failed: -34018\n")));
    terminal.wait("place 1 of");
    terminal.send("\r");
    terminal.wait("0 of 3");
    terminal.send("hG");
    terminal.wait("References");
    std::thread::sleep(Duration::from_millis(200));
    terminal.send("q");
    assert!(terminal.end().success());
    let raw = terminal.raw.lock().unwrap().clone();
    let mut links = 0;
    for (kind, told) in sequences(&raw) {
        match kind {
            // CSI, and saving and restoring the cursor.
            b'[' | b'7' | b'8' => {}
            b']' => {
                let address = told.strip_prefix("8;;").unwrap_or_else(|| panic!("{told:?} reached the terminal"));
                assert!(address.is_empty() || address.starts_with("https://developer.apple.com/"), "{address}");
                links += usize::from(!address.is_empty());
            }
            other => panic!("{:?} reached the terminal", char::from(other)),
        }
    }
    assert!(links > 0, "no reference was a link");
    assert!(!String::from_utf8_lossy(&raw).contains("evil.example\x1b"), "an address of the paste became a link");
    terminal.is_restored();
}

#[test]
fn text_is_selected_with_the_mouse_and_offered_to_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(folder.path(), (120, 30), &[]);
    terminal.wait("What went wrong");
    terminal.send(&pasted("SecItemAdd failed: -34018\n"));
    terminal.wait("place 1 of");
    // The first line of the log stands in the third row, behind four columns.
    terminal.send("\x1b[<0;6;3M\x1b[<32;15;3M\x1b[<0;15;3m");
    terminal.wait("Selected;");
    terminal.send("y");
    terminal.wait("Offered line 1");
    terminal.send("q");
    assert!(terminal.end().success());
    let told: Vec<String> = sequences(&terminal.raw.lock().unwrap()).into_iter().map(|(_, told)| told).collect();
    assert!(told.iter().any(|told| told.starts_with("52;c;")), "{told:?}");
    terminal.is_restored();
}
