//! How the program looks on this terminal.

use super::Options;
use crate::app::{Looks, ThemeName};
use std::time::Duration;
use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

/// A terminal on the same machine answers within a few; a frame must not wait longer.
const PATIENCE: Duration = Duration::from_millis(25);

/// The theme that was asked for, else the one that the terminal can show and calls for.
pub(super) fn choose(options: &Options) -> Looks {
    let fixed = options.theme.is_some();
    let theme = match options.theme {
        Some(theme) => theme,
        None if options.plain => ThemeName::Plain,
        None => fitting(&|name| std::env::var(name).ok().filter(|value| !value.is_empty())),
    };
    // These two show the sequence instead of obeying it.
    let links = std::env::var("TERM").is_ok_and(|term| term != "dumb" && term != "linux");
    Looks { theme, ascii: options.ascii, fixed: fixed || options.plain, links }
}

fn fitting(variable: &dyn Fn(&str) -> Option<String>) -> ThemeName {
    let colours = variable("COLORTERM").unwrap_or_default();
    if colours != "truecolor" && colours != "24bit" {
        return ThemeName::Sixteen;
    }
    if let Some(ground) = variable("COLORFGBG").and_then(|value| value.rsplit(';').next().and_then(|last| last.parse::<u8>().ok())) {
        return if ground == 7 || ground > 8 { ThemeName::Light } else { ThemeName::Dark };
    }
    // Behind another program or a slow line an answer may come late, and then it would be taken for keys.
    let far = ["SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"].iter().any(|name| variable(name).is_some());
    if far || variable("TERM").is_none_or(|term| term == "dumb" || term == "linux") {
        return ThemeName::Dark;
    }
    let mut query = QueryOptions::default();
    query.timeout = PATIENCE;
    match theme_mode(query) {
        Ok(ThemeMode::Light) => ThemeName::Light,
        _ => ThemeName::Dark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> ThemeName {
        fitting(&|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_terminal_decides() {
        assert_eq!(with(&[]), ThemeName::Sixteen);
        assert_eq!(with(&[("COLORTERM", "truecolor"), ("COLORFGBG", "0;15")]), ThemeName::Light);
        assert_eq!(with(&[("COLORTERM", "truecolor"), ("COLORFGBG", "15;0")]), ThemeName::Dark);
        assert_eq!(with(&[("COLORTERM", "24bit"), ("TMUX", "x"), ("TERM", "tmux-256color")]), ThemeName::Dark);
    }

    #[test]
    fn what_was_asked_for_wins() {
        let options = Options { theme: Some(ThemeName::Light), plain: true, ..Options::default() };
        let looks = choose(&options);
        assert_eq!((looks.theme, looks.ascii, looks.fixed), (ThemeName::Light, false, true));
        let options = Options { plain: true, ..Options::default() };
        assert_eq!(choose(&options).theme, ThemeName::Plain);
    }
}
