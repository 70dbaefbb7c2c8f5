//! The clipboard: the terminal is offered the text (OSC 52), and the system's own tool is used where there is one.

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;
use std::io::{ErrorKind, Read, Write};
use std::process::{Command, Stdio};

/// Terminals drop what is longer.
const LONGEST_OFFER: usize = 74_000;
/// A clipboard with more than this is no log that somebody copied.
const LARGEST: u64 = 256 << 20;

/// Offers the text to the terminal; says whether that was possible. Whether the terminal took it cannot be known.
pub(super) fn offer(out: &mut impl Write, text: &str) -> bool {
    text.len() <= LONGEST_OFFER && execute!(out, CopyToClipboard::to_clipboard_from(text)).is_ok()
}

/// How a text was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Copied {
    /// The tool that took it.
    pub(super) tool: &'static str,
    /// It was read back, and it is the same.
    pub(super) arrived: bool,
}

/// A tool for the clipboard: how to write, how to read, and the variable without which it is of no use.
struct Tool {
    write: (&'static str, &'static [&'static str]),
    read: (&'static str, &'static [&'static str]),
    variable: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool { write: ("pbcopy", &[]), read: ("pbpaste", &[]), variable: "" },
    Tool { write: ("wl-copy", &[]), read: ("wl-paste", &["-n"]), variable: "WAYLAND_DISPLAY" },
    Tool { write: ("xclip", &["-selection", "clipboard"]), read: ("xclip", &["-selection", "clipboard", "-o"]), variable: "DISPLAY" },
    Tool { write: ("xsel", &["-ib"]), read: ("xsel", &["-ob"]), variable: "DISPLAY" },
    Tool { write: ("clip.exe", &[]), read: ("powershell.exe", &["-NoProfile", "-Command", "Get-Clipboard"]), variable: "WSL_DISTRO_NAME" },
    // tmux keeps the text itself, and hands it on to the terminal around it where that is allowed.
    Tool { write: ("tmux", &["load-buffer", "-w", "-"]), read: ("tmux", &["save-buffer", "-"]), variable: "TMUX" },
];

/// Whether the program runs on another machine than the person sits at: only the terminal reaches that one's clipboard.
pub(super) fn is_elsewhere() -> bool {
    ["SSH_CONNECTION", "SSH_TTY"].iter().any(|name| std::env::var_os(name).is_some()) && std::env::var_os("TMUX").is_none()
}

fn usable() -> impl Iterator<Item = &'static Tool> {
    TOOLS.iter().filter(|tool| tool.variable.is_empty() || std::env::var_os(tool.variable).is_some())
}

/// The first tool of use here that is on the path.
pub(super) fn installed() -> Option<&'static str> {
    let path = std::env::var_os("PATH")?;
    let there = |tool: &&Tool| std::env::split_paths(&path).any(|folder| folder.join(tool.write.0).is_file());
    usable().find(there).map(|tool| tool.write.0)
}

/// Copies with the system's tool, and reads it back.
pub(super) fn copy(text: &str) -> Result<Copied, String> {
    let mut last = "no tool for the clipboard is installed".to_owned();
    for tool in usable() {
        let (name, arguments) = tool.write;
        let child = Command::new(name).args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => {
                last = format!("{name}: {error}");
                continue;
            }
        };
        let written = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(text.as_bytes()));
        match (written, child.wait()) {
            (Ok(()), Ok(status)) if status.success() => {
                let back = output(tool.read).map(|back| back.replace("\r\n", "\n"));
                let arrived = back.is_some_and(|back| back.trim_end_matches('\n') == text.trim_end_matches('\n'));
                return Ok(Copied { tool: name, arrived });
            }
            _ => last = format!("{name} did not take it"),
        }
    }
    Err(last)
}

/// The text of the system's clipboard.
pub(super) fn read() -> Result<String, String> {
    let mut last = "no tool for the clipboard is installed; paste with the terminal's own key".to_owned();
    for tool in usable() {
        match output(tool.read) {
            Some(text) if !text.is_empty() => return Ok(text),
            Some(_) => "the clipboard is empty".clone_into(&mut last),
            None => {}
        }
    }
    Err(last)
}

fn output((name, arguments): (&str, &[&str])) -> Option<String> {
    let mut child = Command::new(name).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut bytes = Vec::new();
    let read = child.stdout.take().map_or(Ok(0), |stdout| stdout.take(LARGEST).read_to_end(&mut bytes));
    let ended = child.wait().ok()?;
    (read.is_ok() && ended.success()).then(|| String::from_utf8_lossy(&bytes).into_owned())
}
