//! The screen in a real pseudo-terminal, measured from outside: from exec to the first frame, from a key to its frame, from the last byte of
//! a paste to its findings. `cargo bench --bench screen`; another program's path in `PITFALL_BIN` is measured instead.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic)]

use portable_pty::{Child, CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// Longer than anything that is measured here.
const PATIENCE: Duration = Duration::from_secs(60);
/// No byte for so long: the frame, and what followed it, is whole.
const QUIET: Duration = Duration::from_millis(60);

/// What came out of the terminal.
struct Heard {
    parser: vt100::Parser,
    /// When the last bytes came, and how many there were in all.
    last: Instant,
    bytes: usize,
}

struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    writer: Arc<Mutex<Box<dyn Write + Send>>>,
    heard: Arc<(Mutex<Heard>, Condvar)>,
    started: Instant,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    fn start(state: &Path, overlay: Option<&Path>) -> Self {
        let (rows, cols) = (40, 120);
        let pair = NativePtySystem::default().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let program = std::env::var("PITFALL_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_pitfall").to_owned());
        let mut command = CommandBuilder::new(program);
        if let Some(folder) = overlay {
            command.arg("--knowledge");
            command.arg(folder);
        }
        command.env_clear();
        for (name, value) in [("PITFALL_STATE", state), ("PITFALL_CONFIG", state), ("HOME", state)] {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let heard = Heard { parser: vt100::Parser::new(rows, cols, 0), last: Instant::now(), bytes: 0 };
        let heard = Arc::new((Mutex::new(heard), Condvar::new()));
        let slot = Arc::clone(&heard);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let mut heard = slot.0.lock().unwrap();
                heard.last = Instant::now();
                heard.bytes += count;
                heard.parser.process(&buffer[..count]);
                slot.1.notify_all();
            }
        });
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        Self { child, writer, heard, started, _master: pair.master }
    }

    /// When the screen first showed a text.
    fn wait(&self, text: &str) -> Instant {
        let mut heard = self.heard.0.lock().unwrap();
        let start = Instant::now();
        while !heard.parser.screen().contents().contains(text) {
            assert!(start.elapsed() < PATIENCE, "{text:?} did not come:\n{}", heard.parser.screen().contents());
            heard = self.heard.1.wait_timeout(heard, Duration::from_millis(100)).unwrap().0;
        }
        heard.last
    }

    fn send(&self, bytes: &[u8]) {
        let mut writer = self.writer.lock().unwrap();
        writer.write_all(bytes).unwrap();
        writer.flush().unwrap();
    }

    /// From a key to the first bytes of the frame that follows, and to the last ones before it is quiet again.
    fn key(&self, bytes: &[u8]) -> (Duration, Duration) {
        let before = self.heard.0.lock().unwrap().bytes;
        let start = Instant::now();
        self.send(bytes);
        let mut heard = self.heard.0.lock().unwrap();
        while heard.bytes == before {
            assert!(start.elapsed() < PATIENCE, "no frame");
            heard = self.heard.1.wait_timeout(heard, Duration::from_millis(100)).unwrap().0;
        }
        let first = heard.last.duration_since(start);
        loop {
            let (next, timeout) = self.heard.1.wait_timeout(heard, QUIET).unwrap();
            heard = next;
            if timeout.timed_out() && heard.last.elapsed() >= QUIET {
                return (first, heard.last.duration_since(start));
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A value of sorted ones: of a hundred so many are not above it.
fn percentile(values: &mut [Duration], of: usize) -> Duration {
    values.sort_unstable();
    values[(values.len() * of / 100).min(values.len() - 1)]
}

fn tell(what: &str, figure: Duration, budget: u64) {
    let verdict = if figure <= Duration::from_millis(budget) { "within" } else { "OVER" };
    println!("{what:58} {:9.2} ms   budget {budget} ms: {verdict}", figure.as_secs_f64() * 1_000.0);
}

fn first_frame(what: &str, overlay: Option<&Path>, budget: u64) {
    let folder = tempfile::tempdir().unwrap();
    let mut times: Vec<Duration> = (0..15)
        .map(|_| {
            let terminal = Terminal::start(folder.path(), overlay);
            terminal.wait("What went wrong").duration_since(terminal.started)
        })
        .collect();
    tell(&format!("{what}, median"), percentile(&mut times, 50), budget);
}

fn keys(what: &str, overlay: Option<&Path>, budget: u64) {
    let folder = tempfile::tempdir().unwrap();
    let terminal = Terminal::start(folder.path(), overlay);
    terminal.wait("What went wrong");
    terminal.send(b"/");
    terminal.wait("search everything");
    terminal.send(b"keychain");
    terminal.wait("page ");
    terminal.key(b"\x15");
    let (mut first, mut whole) = (Vec::new(), Vec::new());
    for word in ["keychain background", "entitlement -34018", "sandbox deny file", "passkey domain", "invalid_client secret"] {
        for byte in word.bytes() {
            let (frame, hits) = terminal.key(&[byte]);
            first.push(frame);
            whole.push(hits);
        }
        terminal.key(b"\x15");
    }
    tell(&format!("{what}: key to frame, median"), percentile(&mut first.clone(), 50), budget);
    tell(&format!("{what}: key to frame, p99"), percentile(&mut first, 99), budget);
    tell(&format!("{what}: key to hits, median"), percentile(&mut whole.clone(), 50), budget);
    tell(&format!("{what}: key to hits, p99"), percentile(&mut whole, 99), budget);
}

/// A unified log of about this many bytes with a few errors in it.
fn log(bytes: usize) -> String {
    let mut text = String::new();
    let mut line = 0;
    while text.len() < bytes {
        let said = match line % 5_000 {
            1_000 => "SecItemAdd failed: -34018".to_owned(),
            3_000 => "Sandbox: Notes(512) deny(1) file-read-data /Users/jo/x".to_owned(),
            _ => format!("layout pass took {} ms for view {}", line % 97, line * 7_919 % 9_973),
        };
        let _ = writeln!(
            text,
            "2026-11-22 10:{:02}:{:02}.{:06}+0100 Notes[512:1a2b3] [ui] {said}",
            line / 60_000 % 60,
            line / 1_000 % 60,
            line % 1_000_000
        );
        line += 1;
    }
    text
}

fn paste() {
    let folder = tempfile::tempdir().unwrap();
    let terminal = Terminal::start(folder.path(), None);
    terminal.wait("What went wrong");
    // The rules are made behind the first frame; a person needs longer to paste than that takes.
    std::thread::sleep(Duration::from_secs(2));
    let text = format!("\x1b[200~{}\x1b[201~", log(10 << 20));
    let start = Instant::now();
    terminal.send(text.as_bytes());
    let last = Instant::now();
    let mut slowest = Duration::ZERO;
    let mut answers = 0;
    // Keys while it is diagnosed.
    while !terminal.heard.0.lock().unwrap().parser.screen().contents().contains("place 1 of") {
        let before = terminal.heard.0.lock().unwrap().bytes;
        let sent = Instant::now();
        terminal.send(b">");
        let mut heard = terminal.heard.0.lock().unwrap();
        while heard.bytes == before && sent.elapsed() < PATIENCE {
            heard = terminal.heard.1.wait_timeout(heard, Duration::from_millis(5)).unwrap().0;
        }
        slowest = slowest.max(heard.last.saturating_duration_since(sent));
        answers += 1;
        drop(heard);
        std::thread::sleep(Duration::from_millis(2));
    }
    let found = terminal.wait("place 1 of").saturating_duration_since(last);
    println!("{:58} {:9.2} ms", "10 MiB through the terminal", last.duration_since(start).as_secs_f64() * 1_000.0);
    tell("paste of 10 MiB: last byte to findings", found, 150);
    tell(&format!("paste of 10 MiB: slowest of {answers} keys meanwhile"), slowest, 50);
}

/// An overlay of so many pages.
fn overlay(folder: &Path, pages: usize) {
    std::fs::create_dir_all(folder.join("keychain")).unwrap();
    for number in 0..pages {
        let text = format!(
            "---\nid: made-up-{number}\ntitle: Made up trouble number {number}\ntopic: keychain\nseverity: low\nplatforms: [ios]\nstatus: stable\n\
             summary: The device {number} refuses the item.\nkeywords: [word{number}]\npatterns:\n  - {{id: told, needle: made up trouble {number} told}}\n\
             rules:\n  - {{all: [told], confidence: possible}}\nreviewed: 2026-11-22\n---\n## Symptom\nThe item {number} is refused, background or not.\n\
             ## Cause\nIt is made up.\n## Remediation\n- [ ] Look at it. {{#look}}\n- [ ] Leave it. {{#leave}}\n## Self-tests\n\
             ```log match=told confidence=possible\nmade up trouble {number} told\n```\n```log silent\nmade up trouble {number} not\n```\n"
        );
        std::fs::write(folder.join("keychain").join(format!("made-up-{number}.md")), text).unwrap();
    }
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    first_frame("first frame", None, 50);
    keys("embedded pages", None, 8);
    paste();
    overlay(folder.path(), 10_000);
    first_frame("first frame, 10 000 pages more", Some(folder.path()), 150);
    keys("10 000 pages more", Some(folder.path()), 25);
}
