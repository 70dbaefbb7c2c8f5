//! How reports for people look: colours or only words, and to which width sentences are wrapped.

use crate::knowledge::{Confidence, Severity};
use crate::text::display_width;
use std::fmt::Write as _;

/// How a report is painted: with colours, or only with words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    /// Use colours and bold.
    pub colour: bool,
    /// One thing a line, no columns, for screen readers.
    pub plain: bool,
    /// Sentences are wrapped to this many cells.
    pub width: usize,
}

/// What is comfortable to read, in cells.
const WIDE: usize = 100;
/// In fewer cells a sentence cannot be wrapped.
const NARROW: usize = 40;

impl Default for Paint {
    fn default() -> Self {
        Self { colour: false, plain: false, width: WIDE }
    }
}

impl Paint {
    /// This, for a terminal of so many columns.
    #[must_use]
    pub fn in_columns(self, columns: u16) -> Self {
        Self { width: usize::from(columns).clamp(NARROW, WIDE), ..self }
    }

    /// Adds `text` wrapped at words, the first line behind `first`, the others behind `next`.
    pub(crate) fn wrapped(self, out: &mut String, first: &str, next: &str, text: &str) {
        let mut line = first.to_owned();
        let mut empty = true;
        for word in text.split_whitespace() {
            if !empty && display_width(&line) + 1 + display_width(word) > self.width {
                let _ = writeln!(out, "{line}");
                next.clone_into(&mut line);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }

    pub(super) fn wrap(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
    pub(super) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }
    pub(super) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }
    pub(super) fn mark(self, text: &str) -> String {
        self.wrap("1;33", text)
    }
    pub(super) fn confidence(self, confidence: Confidence) -> String {
        let code = match confidence {
            Confidence::Certain => "1;32",
            Confidence::Likely => "1;33",
            Confidence::Possible => "2",
        };
        self.wrap(code, confidence.word())
    }
    pub(super) fn severity(self, severity: Severity) -> String {
        let code = match severity {
            Severity::Critical => "1;31",
            Severity::High => "31",
            Severity::Medium => "33",
            Severity::Low | Severity::Noise => "2",
        };
        self.wrap(code, severity.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_wrapped_to_the_terminal() {
        for (columns, width) in [(80, 80), (300, WIDE), (3, NARROW)] {
            let mut out = String::new();
            Paint::default().in_columns(columns).wrapped(&mut out, "- ", "  ", &"word ".repeat(40));
            assert!(out.lines().all(|line| display_width(line) <= width) && out.lines().any(|line| display_width(line) + 5 > width));
            assert_eq!(out.lines().nth(1).map(|line| line.starts_with("  word")), Some(true));
        }
    }
}
