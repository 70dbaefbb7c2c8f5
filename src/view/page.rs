//! The text of a page.

use super::paint::{Painter, shown_width};
use crate::app::ink::{Role, Span};
use crate::app::layout::Area;
use crate::app::{Model, PageView, Side};
use crate::text::{clip, tail};
use std::ops::Range;

/// Draws the text's pane.
pub(super) fn draw(model: &Model, view: &PageView, painter: &mut Painter<'_>, pane: Area) {
    if pane.width == 0 {
        return;
    }
    let marked = model.record.bookmarks.contains(&view.id);
    let heading = if marked { format!("{} · bookmarked", view.topic) } else { view.topic.to_owned() };
    painter.frame(pane, &heading, view.side == Side::Left);
    let inner = pane.inner();
    for (row, line) in view.prose.lines.iter().enumerate().skip(view.top).take(usize::from(inner.height)) {
        let y = u16::try_from(row - view.top).unwrap_or(u16::MAX);
        let spans: Vec<Span> = line.iter().flat_map(|span| matched(span, &view.sought)).collect();
        painter.put(inner, (0, y), &spans);
        chosen(view, painter, inner, row, y);
    }
    let link = view.link.and_then(|link| view.prose.links.get(link));
    for (line, cells) in link.iter().flat_map(|link| &link.places) {
        let Some(y) = line.checked_sub(view.top).and_then(|y| u16::try_from(y).ok()).filter(|y| *y < inner.height) else { continue };
        painter.tint(cells_of(inner, y, cells), Role::EvidenceHere);
    }
    painter.scrollbar(pane, view.top, usize::from(inner.height), view.prose.lines.len());
}

fn cells_of(inner: Area, y: u16, cells: &Range<usize>) -> Area {
    let from = u16::try_from(cells.start).unwrap_or(u16::MAX).min(inner.width);
    let to = u16::try_from(cells.end).unwrap_or(u16::MAX).min(inner.width);
    Area { x: inner.x + from, y: inner.y + y, width: to - from, height: 1 }
}

/// Marks what is selected of a line; of an empty one its first cell.
fn chosen(view: &PageView, painter: &mut Painter<'_>, inner: Area, row: usize, y: u16) {
    let text = view.prose.text(row);
    let Some(range) = view.selection.and_then(|selection| selection.of(row, text.len())) else { return };
    let from = shown_width(clip(&text, 0..range.start));
    let to = (from + shown_width(clip(&text, range))).max(usize::from(text.is_empty()));
    painter.tint(cells_of(inner, y, &(from..to)), Role::Chosen);
}

/// A piece, cut where it holds what is sought.
fn matched(span: &Span, sought: &str) -> Vec<Span> {
    let wanted = sought.to_ascii_lowercase();
    let lower = span.text.to_ascii_lowercase();
    if wanted.is_empty() || !lower.contains(&wanted) {
        return vec![span.clone()];
    }
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = tail(&lower, at).find(&wanted) {
        out.push(Span::new(clip(&span.text, at..at + found), span.role));
        out.push(Span::new(clip(&span.text, at + found..at + found + wanted.len()), Role::Match));
        at += found + wanted.len();
    }
    out.push(Span::new(tail(&span.text, at), span.role));
    out
}
