//! What a screen looks like, as text: its rows, then for each theme the styles in it with the first words of each.

use super::Stage;
use pitfall::app::ThemeName;
use ratatui::style::{Color, Modifier, Style};
use std::fmt::Write as _;

/// The rows of a screen and the styles of two themes.
pub fn readable(stage: &mut Stage) -> String {
    let mut out = stage.screen();
    for theme in [ThemeName::Dark, ThemeName::Light] {
        stage.model.looks.theme = theme;
        let _ = write!(out, "\n\n{}:", theme.word());
        for (style, words) in styles(stage) {
            let _ = write!(out, "\n  {style:34} {words}");
        }
    }
    out
}

/// Each style that is not the ground's, in the order in which it first stands, with the first words that have it.
fn styles(stage: &Stage) -> Vec<(String, String)> {
    let buffer = stage.buffer();
    let mut found: Vec<(String, String)> = Vec::new();
    for row in buffer.content().chunks(usize::from(buffer.area.width.max(1))) {
        let mut at = 0;
        while let Some(cell) = row.get(at) {
            let style = cell.style();
            let run: Vec<_> = row[at..].iter().take_while(|cell| cell.style() == style).collect();
            at += run.len();
            let words: String = run.iter().map(|cell| cell.symbol()).collect();
            let name = told(style);
            if !words.trim().is_empty() && !name.is_empty() && !found.iter().any(|(known, _)| *known == name) {
                found.push((name, pitfall::text::fit(words.trim(), 30)));
            }
        }
    }
    found
}

fn told(style: Style) -> String {
    let colour = |colour: Option<Color>| match colour {
        Some(Color::Rgb(r, g, b)) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
        Some(Color::Reset) | None => None,
        Some(other) => Some(format!("{other:?}").to_lowercase()),
    };
    let mut parts = Vec::new();
    parts.extend(colour(style.fg));
    parts.extend(colour(style.bg).map(|back| format!("on {back}")));
    for (modifier, word) in [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::ITALIC, "italic"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
    ] {
        if style.add_modifier.contains(modifier) {
            parts.push(word.to_owned());
        }
    }
    parts.join(" ")
}
