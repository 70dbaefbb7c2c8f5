//! Writing answers and complaints.

use super::{Common, Format};
use crate::report::Paint;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write};

/// Writes an answer to standard output.
pub(super) fn say(text: &str) -> anyhow::Result<()> {
    let text = &harmless(text, std::io::stdout().is_terminal());
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
    say(&escaped(&text))
}

/// The text without anything that a terminal obeys, but for our own colours where there is one. What comes from outside was cleaned when it
/// came in; this is the door that all of it goes through.
fn harmless(text: &str, colours: bool) -> Cow<'_, str> {
    if !text.contains(|c: char| is_hidden(c) || c.is_control() && !matches!(c, '\n' | '\t')) {
        return Cow::Borrowed(text);
    }
    if !colours {
        return Cow::Owned(crate::text::clean(text).text);
    }
    let mut out = String::new();
    for (number, piece) in text.split("\u{1b}[").enumerate() {
        let colour = piece.split_once('m').filter(|(code, _)| number > 0 && code.bytes().all(|b| b.is_ascii_digit() || b == b';'));
        let rest = colour.map_or(piece, |(code, rest)| {
            let _ = write!(out, "\u{1b}[{code}m");
            rest
        });
        out.push_str(&crate::text::clean(rest).text);
    }
    Cow::Owned(out)
}

/// Whether a character hides itself or turns the text about it.
fn is_hidden(c: char) -> bool {
    matches!(u32::from(c), 0x7f..=0x9f | 0xad | 0x61c | 0x200b | 0x200e..=0x200f | 0x2028..=0x202e | 0x2060..=0x2069 | 0xfeff | 0xe0000..=0xe007f)
}

/// JSON in which no character is left that a terminal obeys or hides: outside of strings there is none, inside they are written `\u…`.
pub(super) fn escaped(json: &str) -> String {
    let hidden = |c: char| is_hidden(c) || matches!(c, '\u{200c}' | '\u{200d}');
    if !json.contains(hidden) {
        return json.to_owned();
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if hidden(c) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                let _ = write!(out, "\\u{unit:04x}");
            });
        } else {
            out.push(c);
        }
    }
    out
}

/// Writes what is wrong with the command line, in colours unless a word of it is hostile.
pub(super) fn usage(error: &clap::Error) {
    let text = error.render().to_string();
    let cleaned = crate::text::clean(&text).text;
    if cleaned == text {
        // A closed pipe while printing help is no failure.
        let _ = error.print();
    } else {
        let _ = write!(std::io::stderr().lock(), "{cleaned}");
    }
}

/// Writes a sentence to standard error. Nothing can be done where that is closed.
pub(super) fn warn(text: &str) {
    // File names and lines of other people's files stand in sentences.
    let _ = writeln!(std::io::stderr().lock(), "pitfall: {}", crate::text::clean(text).text);
}

/// Puts a question to a person, on standard error.
pub(super) fn ask(question: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(question.as_bytes());
    let _ = err.flush();
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
    let paint = Paint { colour, plain: common.plain, ..Paint::default() };
    crate::tui::columns(&std::io::stdout()).map_or(paint, |columns| paint.in_columns(columns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_colours_go_through_the_door() {
        assert_eq!(harmless("plain “text”\n", true), "plain “text”\n");
        let text = "\u{1b}[1;31mred\u{1b}[0m \u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}x";
        assert_eq!(harmless(text, false), "red ⟨U+202E⟩x");
        assert_eq!(harmless(text, true), "\u{1b}[1;31mred\u{1b}[0m 2J⟨U+202E⟩x");
    }

    #[test]
    fn json_hides_nothing_and_reads_the_same() {
        let text = "a\u{9b}b\u{202e}c\u{e0041}d\u{200b}é漢";
        let written = escaped(&serde_json::json!(text).to_string());
        assert_eq!(written, "\"a\\u009bb\\u202ec\\udb40\\udc41d\\u200bé漢\"");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
