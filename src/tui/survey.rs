//! What the terminal and the clipboard are like, for `pitfall doctor`.

use super::clipboard;
use std::io::IsTerminal;
use std::time::Duration;
use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

/// Somebody waits for the answer here, and slow lines are what is looked for.
const PATIENCE: Duration = Duration::from_millis(800);

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Input and output are a terminal's.
    pub terminal: bool,
    /// Its width and height in cells.
    pub size: Option<(u16, u16)>,
    /// It says that it shows all colours, and not only sixteen.
    pub true_colour: bool,
    /// `light` or `dark`, as the terminal answered, or why nothing is known.
    pub ground: Result<&'static str, String>,
    /// The system's tool for the clipboard that would be used.
    pub clipboard: Option<&'static str>,
    /// The person sits at another machine: only the terminal reaches the clipboard there.
    pub elsewhere: bool,
}

/// Looks, and asks the terminal.
#[must_use]
pub fn survey() -> Survey {
    let terminal = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    let colours = std::env::var("COLORTERM").unwrap_or_default();
    Survey {
        terminal,
        size: if terminal { crossterm::terminal::size().ok() } else { None },
        true_colour: colours == "truecolor" || colours == "24bit",
        ground: if terminal { ask() } else { Err("there is no terminal".to_owned()) },
        clipboard: clipboard::installed(),
        elsewhere: clipboard::is_elsewhere(),
    }
}

/// How many columns the terminal has to which this is written; none where it goes elsewhere.
#[must_use]
pub fn columns(to: &impl IsTerminal) -> Option<u16> {
    to.is_terminal().then(crossterm::terminal::size)?.ok().map(|(columns, _)| columns)
}

fn ask() -> Result<&'static str, String> {
    let mut query = QueryOptions::default();
    query.timeout = PATIENCE;
    match theme_mode(query) {
        Ok(ThemeMode::Light) => Ok("light"),
        Ok(ThemeMode::Dark) => Ok("dark"),
        Err(error) => Err(error.to_string()),
    }
}
