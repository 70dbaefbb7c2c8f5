//! The first screen.

use super::paint::Painter;
use crate::app::ink::{Role, Span};
use crate::app::layout::Area;
use crate::app::{Action, HINTS, Home, Model, home_place, home_rows, is_case_row};

/// Draws the first screen.
pub(super) fn draw(model: &Model, home: &Home, painter: &mut Painter<'_>, body: Area) {
    let rows = home_rows(model);
    let place = home_place(body, rows.len());
    let area = place.area;
    if place.greets {
        painter.line(area, 0, &[Span::new("What went wrong on which Apple platform?", Role::Heading)]);
        painter.line(area, 1, &[Span::new("Nothing leaves this machine.", Role::Dim)]);
    }
    for (row, (action, text)) in (place.hints..).zip(HINTS) {
        let key = action.map_or_else(|| "paste".to_owned(), |action| model.keymap.key_of(action));
        painter.line(area, row, &[Span::new(format!("{key:>6}  "), Role::Key), Span::new(*text, Role::Text)]);
    }
    if rows.is_empty() {
        return;
    }
    let mut row = place.lately;
    let open = model.keymap.key_of(Action::Open);
    let heading = [Span::new("Lately", Role::Heading), Span::new(format!("  {open} goes on where you left"), Role::Dim)];
    painter.line(area, row, &heading);
    for (number, (recent, bookmarked)) in rows.iter().enumerate().skip(home.top).take(Home::SEEN) {
        row += 1;
        let here = number == home.selected;
        let mark = if here { painter.sign("▸ ", "> ") } else { "  " };
        let kind = match (bookmarked, recent.page.is_empty()) {
            (true, _) => "bookmark  ",
            _ if is_case_row(recent) => "case      ",
            (_, true) => "file      ",
            _ => "page      ",
        };
        let name = crate::text::clean(&recent.name).text;
        painter.line(area, row, &[Span::new(mark, Role::Key), Span::new(kind, Role::Dim), Span::new(name, Role::Text)]);
        if here {
            painter.tint(Area { y: area.y + row, height: u16::from(row < area.height), ..area }, Role::Selected);
        }
    }
}
