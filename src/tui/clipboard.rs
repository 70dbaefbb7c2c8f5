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

/// Copies with the system's tool; says which one did it.
pub(super) fn copy(text: &str) -> Result<&'static str, String> {
    let mut last = "no tool for the clipboard is installed".to_owned();
    for (tool, arguments) in tools(&[
        ("pbcopy", &[], ""),
        ("wl-copy", &[], "WAYLAND_DISPLAY"),
        ("xclip", &["-selection", "clipboard"], "DISPLAY"),
        ("xsel", &["-ib"], "DISPLAY"),
    ]) {
        let child = Command::new(tool).args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => {
                last = format!("{tool}: {error}");
                continue;
            }
        };
        let written = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(text.as_bytes()));
        match (written, child.wait()) {
            (Ok(()), Ok(status)) if status.success() => return Ok(tool),
            _ => last = format!("{tool} did not take it"),
        }
    }
    Err(last)
}

/// The text of the system's clipboard.
pub(super) fn read() -> Result<String, String> {
    let mut last = "no tool for the clipboard is installed; paste with the terminal's own key".to_owned();
    for (tool, arguments) in tools(&[
        ("pbpaste", &[], ""),
        ("wl-paste", &["-n"], "WAYLAND_DISPLAY"),
        ("xclip", &["-selection", "clipboard", "-o"], "DISPLAY"),
        ("xsel", &["-ob"], "DISPLAY"),
    ]) {
        let child = Command::new(tool).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut child) = child else { continue };
        let mut bytes = Vec::new();
        let read = child.stdout.take().map_or(Ok(0), |stdout| stdout.take(LARGEST).read_to_end(&mut bytes));
        match (read, child.wait()) {
            (Ok(_), Ok(status)) if status.success() => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
            _ => last = format!("{tool} gave nothing"),
        }
    }
    Err(last)
}

/// The tools whose display server runs.
fn tools(all: &[(&'static str, &'static [&'static str], &str)]) -> Vec<(&'static str, &'static [&'static str])> {
    all.iter()
        .filter(|(.., variable)| variable.is_empty() || std::env::var_os(variable).is_some())
        .map(|(tool, arguments, _)| (*tool, *arguments))
        .collect()
}
