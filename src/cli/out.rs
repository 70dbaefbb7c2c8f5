//! Writing answers and complaints.

use super::{Common, Format};
use crate::report::Paint;
use std::io::{IsTerminal, Write};

/// Writes an answer to standard output.
pub(super) fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.is_empty() && !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}

/// Writes a JSON document, on one line unless a person reads it.
pub(super) fn say_json(document: &serde_json::Value) -> anyhow::Result<()> {
    let text = if std::io::stdout().is_terminal() { serde_json::to_string_pretty(document)? } else { serde_json::to_string(document)? };
    say(&text)
}

/// Writes a sentence to standard error. Nothing can be done where that is closed.
pub(super) fn warn(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "pitfall: {text}");
}

/// Writes a whole text to standard error.
pub(super) fn append(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Writes an error with its causes, which are sentences with hints of their own.
pub(super) fn complain(error: &anyhow::Error) {
    warn(&error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "));
}

/// Whether the reader of our output has gone away, which is its right.
pub(super) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe))
}

/// Colours only for a person who has not declined them.
pub(super) fn paint(common: &Common) -> Paint {
    let colour = common.format == Format::Text
        && !common.plain
        && std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    Paint { colour, plain: common.plain }
}
