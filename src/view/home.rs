//! The first screen.

use super::paint::Painter;
use crate::app::ink::{Role, Span};
use crate::app::layout::Area;
use crate::app::{Home, Model, home_rows};

const LINES: &[(&str, &str)] = &[
    ("paste", "a log, an error, a crash report: the diagnosis begins at once"),
    ("o", "open a file"),
    ("e", "try it with an example"),
    ("/", "search pages, error codes, guides"),
    ("b", "look around by topic"),
    ("?", "the keys that work here, on every screen"),
];

/// Draws the first screen.
pub(super) fn draw(model: &Model, home: &Home, painter: &mut Painter<'_>, body: Area) {
    let rows = home_rows(model);
    let needed = LINES.len() + 4 + if rows.is_empty() { 0 } else { rows.len().min(Home::SEEN) + 2 };
    let height = u16::try_from(needed).unwrap_or(u16::MAX).min(body.height);
    let area = body.middle(72.min(body.width.saturating_sub(2)), height);
    let mut row = 0;
    if body.height > 10 {
        painter.line(area, 0, &[Span::new("What went wrong on which Apple platform?", Role::Heading)]);
        painter.line(area, 1, &[Span::new("Nothing leaves this machine.", Role::Dim)]);
        row = 3;
    }
    for (key, text) in LINES {
        painter.line(area, row, &[Span::new(format!("{key:>6}  "), Role::Key), Span::new(*text, Role::Text)]);
        row += 1;
    }
    if rows.is_empty() {
        return;
    }
    row += 1;
    painter.line(area, row, &[Span::new("Lately", Role::Heading)]);
    for (number, (recent, bookmarked)) in rows.iter().enumerate().skip(home.top).take(Home::SEEN) {
        row += 1;
        let here = number == home.selected;
        let mark = if here { painter.sign("▸ ", "> ") } else { "  " };
        let kind = if *bookmarked {
            "bookmark  "
        } else if recent.page.is_empty() {
            "file      "
        } else {
            "page      "
        };
        let name = crate::text::clean(&recent.name).text;
        painter.line(area, row, &[Span::new(mark, Role::Key), Span::new(kind, Role::Dim), Span::new(name, Role::Text)]);
        if here {
            painter.tint(Area { y: area.y + row, height: u16::from(row < area.height), ..area }, Role::Selected);
        }
    }
}
