//! A box for one line of text.

use crate::app::key::{Key, KeyCode};
use crate::text::{clean, graphemes};

/// The text of a box, and where the next character goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    text: String,
    /// In bytes, always between two characters as people see them.
    cursor: usize,
}

/// A box holds at most this many bytes: nobody types more, and a pasted log is not a question.
const LONGEST: usize = 2_000;

impl Edit {
    /// A box that holds `text`, the cursor behind it.
    #[must_use]
    pub fn with(text: &str) -> Self {
        Self { text: text.to_owned(), cursor: text.len() }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands before the cursor.
    #[must_use]
    pub fn before(&self) -> &str {
        crate::text::clip(&self.text, 0..self.cursor)
    }

    /// What stands behind the cursor.
    #[must_use]
    pub fn after(&self) -> &str {
        crate::text::tail(&self.text, self.cursor)
    }

    /// Puts pasted text in, on one line.
    pub fn paste(&mut self, pasted: &str) {
        let line = clean(pasted).text.split(['\n', '\t']).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let room = LONGEST.saturating_sub(self.text.len());
        self.insert(crate::text::clip(&line, 0..room).to_owned().as_str());
    }

    fn insert(&mut self, text: &str) {
        let joined = format!("{}{text}{}", self.before(), self.after());
        self.cursor += text.len();
        self.text = joined;
    }

    fn cut(&mut self, from: usize, to: usize) {
        self.text = format!("{}{}", crate::text::clip(&self.text, 0..from), crate::text::tail(&self.text, to));
        self.cursor = from;
    }

    fn left(&self) -> usize {
        self.cursor - graphemes(self.before()).last().map_or(0, |(grapheme, _)| grapheme.len())
    }

    fn right(&self) -> usize {
        self.cursor + graphemes(self.after()).next().map_or(0, |(grapheme, _)| grapheme.len())
    }

    fn word_left(&self) -> usize {
        let before = self.before().trim_end();
        before.rfind(char::is_whitespace).map_or(0, |at| at + 1)
    }

    /// Takes a key of text entry; says whether the key was one.
    pub fn key(&mut self, key: Key) -> bool {
        if let Some(c) = key.typed() {
            if self.text.len() < LONGEST {
                self.insert(c.encode_utf8(&mut [0; 4]));
            }
            return true;
        }
        match (key.code, key.ctrl, key.alt) {
            (KeyCode::Backspace, false, false) | (KeyCode::Char('h'), true, false) => self.cut(self.left(), self.cursor),
            (KeyCode::Delete, ..) => {
                let (at, to) = (self.cursor, self.right());
                self.cut(at, to);
            }
            (KeyCode::Char('w'), true, false) | (KeyCode::Backspace, _, true) => self.cut(self.word_left(), self.cursor),
            (KeyCode::Char('u'), true, false) => self.cut(0, self.cursor),
            (KeyCode::Char('k'), true, false) => self.text.truncate(self.cursor),
            (KeyCode::Left, false, false) | (KeyCode::Char('b'), true, false) => self.cursor = self.left(),
            (KeyCode::Right, false, false) | (KeyCode::Char('f'), true, false) => self.cursor = self.right(),
            (KeyCode::Home, ..) | (KeyCode::Char('a'), true, false) => self.cursor = 0,
            (KeyCode::End, ..) | (KeyCode::Char('e'), true, false) => self.cursor = self.text.len(),
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> Edit {
        let mut edit = Edit::default();
        for key in keys.split(' ') {
            edit.key(Key::parse(key).unwrap());
        }
        edit
    }

    #[test]
    fn edits_by_what_people_see() {
        assert_eq!(typed("a b c left left backspace").text(), "bc");
        assert_eq!(typed("a space b c ctrl-w x").text(), "a x");
        assert_eq!(typed("a b home c end d").text(), "cabd");
        let mut edit = Edit::with("e\u{301}漢");
        edit.key(Key::parse("backspace").unwrap());
        edit.key(Key::parse("backspace").unwrap());
        assert_eq!(edit.text(), "");
        edit.key(Key::parse("backspace").unwrap());
        assert!(!edit.key(Key::parse("enter").unwrap()));
    }

    #[test]
    fn pasted_text_is_cleaned_and_put_on_one_line() {
        let mut edit = Edit::default();
        edit.paste("a\u{1b}[31mb\n c\td");
        assert_eq!(edit.text(), "ab c d");
        edit.paste(&"x".repeat(9_000));
        assert_eq!(edit.text().len(), 2_000);
    }
}
