//! Putting text into cells: clipped, cleaned of what must not reach a terminal, tabs as spaces.

use super::theme::Theme;
use crate::app::cells;
use crate::app::ink::{Role, Span};
use crate::app::layout::Area;
use crate::text::{display_width, graphemes};
use ratatui::buffer::Buffer;
use ratatui::style::Style;

/// Draws into a buffer with a theme.
pub(super) struct Painter<'a> {
    buffer: &'a mut Buffer,
    /// The theme.
    pub(super) theme: Theme,
    /// Only ASCII for borders and marks.
    pub(super) ascii: bool,
}

impl<'a> Painter<'a> {
    pub(super) fn new(buffer: &'a mut Buffer, theme: Theme, ascii: bool) -> Self {
        Self { buffer, theme, ascii }
    }

    /// Empties an area.
    pub(super) fn clear(&mut self, area: Area) {
        let ground = self.theme.ground();
        self.each(area, |cell| {
            cell.reset();
            cell.set_style(ground);
        });
    }

    /// Lays a style over an area, keeping its text.
    pub(super) fn tint(&mut self, area: Area, role: Role) {
        let style = self.theme.style(role);
        self.each(area, |cell| {
            cell.set_style(style);
        });
    }

    fn each(&mut self, area: Area, mut change: impl FnMut(&mut ratatui::buffer::Cell)) {
        for y in area.y..area.y.saturating_add(area.height) {
            for x in area.x..area.x.saturating_add(area.width) {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    change(cell);
                }
            }
        }
    }

    /// Puts one grapheme at a cell; says how many cells it took, none if it did not fit before `end`.
    fn cell(&mut self, at: (u16, u16), end: u16, grapheme: &str, style: Style) -> Option<u16> {
        let (grapheme, width) = safe(grapheme);
        let width = u16::try_from(width).unwrap_or(u16::MAX);
        if width == 0 {
            return Some(0);
        }
        if at.0.saturating_add(width) > end {
            return None;
        }
        let cell = self.buffer.cell_mut(at)?;
        cell.set_symbol(grapheme).set_style(style);
        for more in 1..width {
            if let Some(cell) = self.buffer.cell_mut((at.0 + more, at.1)) {
                cell.set_symbol(if grapheme == " " { " " } else { "" }).set_style(style);
            }
        }
        Some(width)
    }

    /// Writes pieces in row `row` of an area, from its column `from` on; returns the column behind them.
    pub(super) fn put(&mut self, area: Area, (from, row): (u16, u16), spans: &[Span]) -> u16 {
        let end = area.x.saturating_add(area.width);
        let mut x = area.x.saturating_add(from);
        if row >= area.height {
            return from;
        }
        for span in spans {
            let style = self.theme.style(span.role);
            for (grapheme, _) in graphemes(&span.text) {
                match self.cell((x, area.y + row), end, self.mapped(grapheme), style) {
                    Some(width) => x += width,
                    None => return x.saturating_sub(area.x),
                }
            }
        }
        x.saturating_sub(area.x)
    }

    /// Writes pieces at the left edge; what does not fit ends in `…`.
    pub(super) fn line(&mut self, area: Area, row: u16, spans: &[Span]) {
        let wanted: usize = spans.iter().map(|span| shown_width(&span.text)).sum();
        self.put(area, (0, row), spans);
        if wanted > usize::from(area.width) && area.width > 0 && row < area.height {
            let role = spans.last().map_or(Role::Text, |span| span.role);
            let mark = self.sign("…", "~");
            // A wide character may stand half under the mark.
            if let Some(cell) = self.buffer.cell_mut((area.x + area.width - 1, area.y + row))
                && cell.symbol().is_empty()
                && area.width > 1
                && let Some(left) = self.buffer.cell_mut((area.x + area.width - 2, area.y + row))
            {
                left.set_symbol(" ");
            }
            self.put(area, (area.width - 1, row), &[Span::new(mark, role)]);
        }
    }

    /// Writes pieces at the right edge.
    pub(super) fn right(&mut self, area: Area, row: u16, spans: &[Span]) {
        let wanted: usize = spans.iter().map(|span| shown_width(&span.text)).sum();
        let wanted = u16::try_from(wanted).unwrap_or(u16::MAX);
        if wanted <= area.width {
            self.put(area, (area.width - wanted, row), spans);
        }
    }

    /// One sign or the other.
    pub(super) fn sign<'b>(&self, full: &'b str, ascii: &'b str) -> &'b str {
        if self.ascii { ascii } else { full }
    }

    /// A turn of the wheel that says that something runs.
    pub(super) fn spinner(&self, beat: usize) -> &'static str {
        let full = ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇"];
        let ascii = ["|", "/", "-", "\\"];
        if self.ascii { ascii.get(beat % 4).copied().unwrap_or("|") } else { full.get(beat % 6).copied().unwrap_or("⠋") }
    }

    /// Our own signs in ASCII, where that was asked for; text of others stays what it is.
    fn mapped<'b>(&self, grapheme: &'b str) -> &'b str {
        if !self.ascii {
            return grapheme;
        }
        match grapheme {
            "─" => "-",
            "│" => "|",
            "┌" | "┐" | "└" | "┘" | "┼" | "├" | "┤" => "+",
            "•" | "·" => "*",
            "…" => "~",
            other => other,
        }
    }

    /// A border with a heading.
    pub(super) fn frame(&mut self, area: Area, title: &str, focused: bool) {
        if area.width < 2 || area.height < 2 {
            return;
        }
        let role = if focused { Role::Focus } else { Role::Border };
        let (corner, across, down) = if focused && !self.ascii {
            (["┏", "┓", "┗", "┛"], "━", "┃")
        } else {
            (["┌", "┐", "└", "┘"], "─", "│")
        };
        let [a, b, c, d] = corner;
        let (across, down) = if self.ascii && focused { ("=", "#") } else { (across, down) };
        let inside = usize::from(area.width - 2);
        self.put(area, (0, 0), &[Span::new(format!("{a}{}{b}", across.repeat(inside)), role)]);
        self.put(area, (0, area.height - 1), &[Span::new(format!("{c}{}{d}", across.repeat(inside)), role)]);
        for row in 1..area.height - 1 {
            self.put(area, (0, row), &[Span::new(down, role)]);
            self.put(area, (area.width - 1, row), &[Span::new(down, role)]);
        }
        if !title.is_empty() {
            let room = Area { x: area.x + 2, width: area.width.saturating_sub(4), ..area };
            let title = crate::text::fit(&format!(" {title} "), usize::from(room.width));
            self.put(room, (0, 0), &[Span::new(title, if focused { Role::Title } else { Role::Dim })]);
        }
    }

    /// A sign at the right border of a pane that says how far down its content one is.
    pub(super) fn scrollbar(&mut self, area: Area, top: usize, seen: usize, all: usize) {
        if all <= seen || area.height < 3 || area.width == 0 {
            return;
        }
        let rows = usize::from(area.height - 2);
        let place = (top * rows / all.max(1)).min(rows.saturating_sub(1));
        let place = if top + seen >= all { rows.saturating_sub(1) } else { place };
        let sign = self.sign("█", "@");
        self.put(area, (area.width - 1, u16::try_from(place).unwrap_or(0) + 1), &[Span::new(sign, Role::Dim)]);
    }
}

/// Where the cursor of a box of `room` cells stands, if `before` cells of text are before it: the text scrolls when it is full.
pub(super) fn box_offset(before: u16, room: u16) -> u16 {
    before.min(room.saturating_sub(1))
}

/// The part of a box's text that is seen: scrolled so that the cursor is in it.
pub(super) fn box_text(edit: &crate::app::Edit, room: usize) -> String {
    let hidden = (shown_width(edit.before()) + 1).saturating_sub(room.max(1));
    let mut used = 0;
    let mut at = 0;
    for (grapheme, _) in graphemes(edit.text()) {
        if used >= hidden {
            break;
        }
        used += safe(grapheme).1;
        at += grapheme.len();
    }
    crate::text::tail(edit.text(), at).to_owned()
}

/// The cells that a text takes here.
pub(super) fn shown_width(text: &str) -> usize {
    graphemes(text).map(|(grapheme, _)| safe(grapheme).1).sum()
}

/// What may stand in a cell, and its width: texts are cleaned when they come in, and this holds even if one was not.
fn safe(grapheme: &str) -> (&str, usize) {
    if grapheme == "\t" {
        return (" ", cells(grapheme, 0));
    }
    let hostile =
        |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if grapheme.chars().any(hostile) { ("?", 1) } else { (grapheme, display_width(grapheme)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::ThemeName;
    use ratatui::layout::Rect;

    fn painted(width: u16, text: &str) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
        let mut painter = Painter::new(&mut buffer, Theme::of(ThemeName::Plain), false);
        painter.line(Area::of(width, 1), 0, &[Span::new(text, Role::Text)]);
        buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn wide_text_stays_on_the_grid() {
        assert_eq!(painted(6, "漢字"), "漢字  ");
        assert_eq!(painted(5, "漢字漢"), "漢字…");
        assert_eq!(painted(4, "漢字漢"), "漢 …");
        assert_eq!(painted(4, "e\u{301}b"), "e\u{301}b  ");
        assert_eq!(painted(4, "a\tb"), "a  b");
        assert_eq!(painted(3, "abc"), "abc");
        assert_eq!(painted(3, "abcd"), "ab…");
    }

    #[test]
    fn nothing_hostile_reaches_a_cell() {
        let shown = painted(20, "a\u{1b}[31mb\u{202e}c\u{7}\r\n");
        assert!(!shown.chars().any(char::is_control), "{shown:?}");
        assert!(!shown.contains('\u{202e}'));
    }
}
