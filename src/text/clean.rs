//! Taking out of a text what must not reach a terminal, and evening out what would hide a match.
//!
//! Terminal escape sequences and zero-width characters go; other control characters become their visible pictures (`␀`);
//! bidi controls become `⟨U+202E⟩`; curly quotes, and their escaped spellings `\U2019` and `\u2019`, become straight ones.

use super::Encoding;
use vte::{Params, Parser, Perform};

/// A cleaned text.
#[derive(Debug, Clone, Default)]
pub struct Cleaned {
    /// The text.
    pub text: String,
    /// Where columns shifted against the input.
    pub(super) edits: Vec<Edit>,
    /// What was met.
    pub notes: Notes,
}

/// From column `column` (0-based, cleaned) of line `line` on, the input's columns are `shift` further right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edit {
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) shift: i32,
}

/// What cleaning met, for the reader to know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notes {
    /// How the bytes were read.
    pub encoding: Encoding,
    /// Invalid sequences, shown as U+FFFD.
    pub invalid: usize,
    /// Terminal escape sequences that were taken out.
    pub escapes: usize,
    /// Control characters that are shown as pictures, bidi controls and zero-width characters.
    pub controls: usize,
}

impl Notes {
    /// Adds what was met in another part of the same input.
    pub fn add(&mut self, part: &Self) {
        self.invalid += part.invalid;
        self.escapes += part.escapes;
        self.controls += part.controls;
    }
}

/// Cleans decoded text; see the module.
#[must_use]
pub fn clean(text: &str) -> Cleaned {
    let mut cleaner = Cleaner { out: String::with_capacity(text.len()), ..Cleaner::default() };
    let bytes = text.as_bytes();
    let mut rest = 0;
    while rest < bytes.len() {
        let plain = rest + plain_length(&bytes[rest..]);
        cleaner.plain(super::clip(text, rest..plain));
        rest = plain;
        let Some(c) = super::tail(text, rest).chars().next() else { break };
        rest += cleaner.special(c, super::tail(text, rest));
    }
    Cleaned { text: cleaner.out, edits: cleaner.edits, notes: cleaner.notes }
}

/// How many bytes at the front are plain; whole blocks are looked at together.
fn plain_length(bytes: &[u8]) -> usize {
    const BLOCK: usize = 64;
    let blocks = bytes.chunks_exact(BLOCK).take_while(|block| block.iter().fold(true, |all, b| all & is_plain(*b))).count() * BLOCK;
    blocks + bytes[blocks..].iter().take_while(|b| is_plain(**b)).count()
}

/// Printable ASCII without the backslash, tab and newline: copied as it stands.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'[' | b']'..=b'~' | b'\t' | b'\n')
}

#[derive(Default)]
struct Cleaner {
    out: String,
    edits: Vec<Edit>,
    notes: Notes,
    line: u32,
    line_start: usize,
}

impl Cleaner {
    fn plain(&mut self, text: &str) {
        let before = self.out.len();
        self.out.push_str(text);
        let newlines = text.bytes().filter(|b| *b == b'\n').count();
        if newlines > 0 {
            self.line += u32::try_from(newlines).unwrap_or(u32::MAX);
            self.line_start = before + text.rfind('\n').map_or(0, |at| at + 1);
        }
    }

    /// Handles the character at the front of `rest`; returns how many bytes of the input it took.
    fn special(&mut self, c: char, rest: &str) -> usize {
        match c {
            '\u{1b}' | '\u{90}' | '\u{98}' | '\u{9b}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => {
                let taken = escape_length(rest);
                self.notes.escapes += 1;
                self.replace("", super::char_len(super::clip(rest, 0..taken)));
                return taken;
            }
            '\r' if rest.as_bytes().get(1) == Some(&b'\n') => {}
            '\r' => self.plain("\n"),
            '\\' => return self.backslash(rest),
            '\u{0}'..='\u{1f}' => {
                self.notes.controls += 1;
                self.out.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'));
            }
            '\u{7f}' => {
                self.notes.controls += 1;
                self.out.push('\u{2421}');
            }
            '\u{80}'..='\u{9f}' => {
                self.notes.controls += 1;
                self.out.push('\u{fffd}');
            }
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' => self.out.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}' => self.out.push('"'),
            '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{2028}' | '\u{2029}' => self.out.push(' '),
            // Joiners belong into some scripts and pictures, not into words of ASCII, which they would hide from every rule.
            '\u{200c}' | '\u{200d}' if !self.out.ends_with(|c: char| c.is_ascii()) && !self.out.is_empty() => self.out.push(c),
            '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{feff}' | '\u{ad}' | '\u{e0000}'..='\u{e007f}' => {
                self.notes.controls += 1;
                self.replace("", 1);
            }
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
                self.notes.controls += 1;
                self.replace(&format!("⟨U+{:04X}⟩", c as u32), 1);
            }
            _ => self.out.push(c),
        }
        c.len_utf8()
    }

    /// `\U2019`, `\u2019` and their kind, as property lists and JSON print quotes; any other backslash stays.
    fn backslash(&mut self, rest: &str) -> usize {
        let quote = match rest.get(..6).map(str::to_ascii_lowercase).as_deref() {
            Some("\\u2018" | "\\u2019") => "'",
            Some("\\u201c" | "\\u201d") => "\"",
            _ => {
                self.out.push('\\');
                return 1;
            }
        };
        self.replace(quote, 6);
        6
    }

    /// Puts `with` where `chars` characters of the input stood.
    fn replace(&mut self, with: &str, chars: usize) {
        self.out.push_str(with);
        let column = super::char_len(super::tail(&self.out, self.line_start));
        let shift = i64::try_from(chars).unwrap_or(i64::MAX) - i64::try_from(super::char_len(with)).unwrap_or(0);
        let (column, shift) = (u32::try_from(column).unwrap_or(u32::MAX), i32::try_from(shift).unwrap_or(i32::MAX));
        match self.edits.last_mut() {
            Some(last) if last.line == self.line && last.column == column => last.shift = last.shift.saturating_add(shift),
            _ => self.edits.push(Edit { line: self.line, column, shift }),
        }
    }
}

/// An escape sequence is not followed further than this, so that an unfinished one cannot swallow a log.
const LONGEST_ESCAPE: usize = 4096;

/// How many bytes the escape sequence at the front of `rest` takes, at least its introducer. It never reaches over a line end,
/// except that a string sequence (OSC, DCS…) ends there.
fn escape_length(rest: &str) -> usize {
    let first = rest.chars().next().map_or(0, char::len_utf8);
    // vte reads C1 controls as their two-byte spelling; give it that.
    let mut parser = Parser::new();
    let mut state = Watch::default();
    match rest.chars().next() {
        Some(c) if c as u32 >= 0x80 => {
            let second = u8::try_from(c as u32 - 0x40).unwrap_or(b'[');
            parser.advance(&mut state, &[0x1b, second]);
        }
        _ => parser.advance(&mut state, b"\x1b"),
    }
    let string = matches!(rest.get(..2), Some("\u{1b}]" | "\u{1b}P" | "\u{1b}X" | "\u{1b}^" | "\u{1b}_"))
        || first == 2 && !rest.starts_with('\u{9b}');
    for (at, byte) in rest.bytes().enumerate().skip(first).take(LONGEST_ESCAPE) {
        if byte == b'\n' || byte == b'\r' {
            return at;
        }
        if string && byte == 0x07 {
            return at + 1;
        }
        if string && byte == 0x1b && rest.as_bytes().get(at + 1) == Some(&b'\\') {
            return at + 2;
        }
        if !string {
            if byte == 0x1b || byte >= 0x80 {
                return at;
            }
            parser.advance(&mut state, &[byte]);
            if state.done {
                return at + 1;
            }
        }
    }
    if string { first } else { rest.len().min(first) }
}

/// Notices that a sequence is complete.
#[derive(Default)]
struct Watch {
    done: bool,
}

impl Perform for Watch {
    fn print(&mut self, _c: char) {
        self.done = true;
    }
    fn csi_dispatch(&mut self, _params: &Params, _intermediates: &[u8], _ignore: bool, _action: char) {
        self.done = true;
    }
    fn esc_dispatch(&mut self, _intermediates: &[u8], _ignore: bool, _byte: u8) {
        self.done = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> String {
        clean(text).text
    }

    #[test]
    fn escapes_of_every_kind_go() {
        assert_eq!(cleaned("a\u{1b}[31;1mb\u{1b}[0mc"), "abc");
        assert_eq!(cleaned("a\u{1b}]0;title\u{7}b"), "ab");
        assert_eq!(cleaned("a\u{1b}]52;c;aGk=\u{1b}\\b"), "ab");
        assert_eq!(cleaned("a\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\b"), "alinkb");
        assert_eq!(cleaned("a\u{9b}31mb"), "ab");
        assert_eq!(cleaned("a\u{1b}P1$qm\u{1b}\\b"), "ab");
        assert_eq!(cleaned("a\u{1b}cb\u{1b}(Bd"), "abd");
    }

    #[test]
    fn an_unfinished_sequence_does_not_swallow_the_next_line() {
        assert_eq!(cleaned("a\u{1b}]0;never ends\nsecond"), "a\nsecond");
        assert_eq!(cleaned("a\u{1b}[12\nsecond"), "a\nsecond");
        assert!(!cleaned("a\u{1b}").contains('\u{1b}'));
    }

    #[test]
    fn controls_are_shown_and_counted() {
        let cleaned = clean("a\0b\u{202e}c\u{200b}d\u{85}e");
        assert_eq!(cleaned.text, "a␀b⟨U+202E⟩cd\u{fffd}e");
        assert_eq!(cleaned.notes.controls, 4);
    }

    #[test]
    fn line_ends_and_quotes_are_evened_out() {
        assert_eq!(cleaned("a\r\nb\rc"), "a\nb\nc");
        assert_eq!(cleaned("couldn’t “x”"), "couldn't \"x\"");
        assert_eq!(cleaned("couldn\\U2019t and \\n stays"), "couldn't and \\n stays");
    }
}
