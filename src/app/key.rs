//! Keys as the program understands them, whatever library read them from the terminal.

use std::fmt;

/// Which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyCode {
    /// A character, shift already in it.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Tab with shift.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key.
    F(u8),
}

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// With control.
    pub ctrl: bool,
    /// With alt (option, meta).
    pub alt: bool,
}

/// The keys that have a name, as files and tests write it and as people read it.
const NAMES: &[(&str, &str, KeyCode)] = &[
    ("enter", "Enter", KeyCode::Enter),
    ("esc", "Esc", KeyCode::Esc),
    ("tab", "Tab", KeyCode::Tab),
    ("backtab", "Shift-Tab", KeyCode::BackTab),
    ("backspace", "Backspace", KeyCode::Backspace),
    ("delete", "Delete", KeyCode::Delete),
    ("up", "Up", KeyCode::Up),
    ("down", "Down", KeyCode::Down),
    ("left", "Left", KeyCode::Left),
    ("right", "Right", KeyCode::Right),
    ("home", "Home", KeyCode::Home),
    ("end", "End", KeyCode::End),
    ("pageup", "PgUp", KeyCode::PageUp),
    ("pagedown", "PgDn", KeyCode::PageDown),
    ("space", "Space", KeyCode::Char(' ')),
];

impl Key {
    /// The key without modifiers.
    #[must_use]
    pub fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// Reads `j`, `G`, `space`, `ctrl-d`, `alt-x`, `f1`.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        if let Some(rest) = written.strip_prefix("ctrl-") {
            return Self::parse(rest).map(|key| Self { ctrl: true, ..key });
        }
        if let Some(rest) = written.strip_prefix("alt-") {
            return Self::parse(rest).map(|key| Self { alt: true, ..key });
        }
        if let Some((.., code)) = NAMES.iter().find(|(name, ..)| *name == written) {
            return Some(Self::plain(*code));
        }
        if let Some(number) = written.strip_prefix('f').and_then(|rest| rest.parse().ok()).filter(|n| (1..=12).contains(n)) {
            return Some(Self::plain(KeyCode::F(number)));
        }
        let mut chars = written.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() => Some(Self::plain(KeyCode::Char(c))),
            _ => None,
        }
    }

    /// The character that the key types into a text box.
    #[must_use]
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            out.write_str("Ctrl-")?;
        }
        if self.alt {
            out.write_str("Alt-")?;
        }
        if let Some((_, shown, _)) = NAMES.iter().find(|(.., code)| *code == self.code) {
            return out.write_str(shown);
        }
        match self.code {
            KeyCode::F(number) => write!(out, "F{number}"),
            KeyCode::Char(c) if self.ctrl => write!(out, "{}", c.to_ascii_uppercase()),
            KeyCode::Char(c) => write!(out, "{c}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_shown() {
        let shown = |written: &str| Key::parse(written).map(|key| key.to_string());
        assert_eq!(shown("ctrl-d").as_deref(), Some("Ctrl-D"));
        assert_eq!(shown("alt-x").as_deref(), Some("Alt-x"));
        assert_eq!(shown("G").as_deref(), Some("G"));
        assert_eq!(shown("space").as_deref(), Some("Space"));
        assert_eq!(shown("f1").as_deref(), Some("F1"));
        assert_eq!(shown("f"), Some("f".into()));
        assert_eq!(shown("nonsense"), None);
        assert_eq!(shown(""), None);
    }

    #[test]
    fn only_plain_characters_are_typed() {
        assert_eq!(Key::parse("a").and_then(Key::typed), Some('a'));
        assert_eq!(Key::parse("ctrl-a").and_then(Key::typed), None);
        assert_eq!(Key::parse("enter").and_then(Key::typed), None);
    }
}
