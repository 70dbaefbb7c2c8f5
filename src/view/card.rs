//! The card of an error code.

use super::paint::Painter;
use crate::app::ink::{Role, Span};
use crate::app::layout::Area;
use crate::app::prose::lines;
use crate::app::{Card, Model};
use crate::engine::Explained;
use crate::text::clean;

/// Draws the card.
pub(super) fn draw(model: &Model, card: &Card, painter: &mut Painter<'_>, body: Area) {
    painter.frame(body, &card.term, true);
    let inner = body.inner();
    let width = usize::from(inner.width);
    let Some(found) = &card.found else {
        painter.line(inner, 0, &[Span::new("looking it up…", Role::Dim)]);
        return;
    };
    let mut rows = meanings(found, width);
    let pages = card.pages();
    let mut selected = None;
    if !pages.is_empty() {
        rows.push(vec![Span::new("Pages about it", Role::Heading)]);
    }
    for (number, id) in pages.iter().enumerate() {
        let title = model
            .engine
            .as_ref()
            .and_then(|engine| engine.knowledge().page(id).map(|page| clean(&page.title).text))
            .unwrap_or_else(|| (*id).to_owned());
        if number == card.selected {
            selected = Some(rows.len());
        }
        let mark = if number == card.selected { painter.sign("▸ ", "> ") } else { "  " };
        rows.push(vec![Span::new(mark, Role::Key), Span::new(title, Role::Link)]);
    }
    let height = usize::from(inner.height);
    let top = selected.map_or(0, |row| (row + 2).saturating_sub(height)).min(rows.len());
    for (number, line) in rows.iter().skip(top).take(height).enumerate() {
        painter.line(inner, u16::try_from(number).unwrap_or(u16::MAX), line);
    }
    if let Some(row) =
        selected.and_then(|row| row.checked_sub(top)).and_then(|row| u16::try_from(row).ok()).filter(|row| *row < inner.height)
    {
        painter.tint(Area { y: inner.y + row, height: 1, ..inner }, Role::Selected);
    }
    painter.scrollbar(body, top, height, rows.len());
}

/// What the code means, in every domain that has it.
fn meanings(found: &[Explained], width: usize) -> Vec<Vec<Span>> {
    let mut rows: Vec<Vec<Span>> = Vec::new();
    if found.is_empty() {
        rows.push(vec![Span::new("No catalogue has it.", Role::Strong)]);
        rows.push(vec![Span::new("/ searches the text of all pages.", Role::Dim)]);
    }
    for explained in found {
        let entry = &explained.entry;
        let code = entry.code.as_ref().map(ToString::to_string).unwrap_or_default();
        rows.push(vec![
            Span::new(clean(&code).text, Role::Number),
            Span::new(format!(" {}", clean(entry.name.as_deref().unwrap_or("")).text), Role::Title),
            Span::new(format!("  {}", clean(&entry.domain).text), Role::Dim),
        ]);
        rows.extend(lines(&[Span::new(clean(&entry.meaning).text, Role::Text)], width, usize::MAX));
        if !explained.also.is_empty() {
            rows.extend(lines(
                &[Span::new("also written: ", Role::Dim), Span::new(clean(&explained.also.join("  ")).text, Role::Code)],
                width,
                4,
            ));
        }
        if !entry.source.is_empty() {
            rows.extend(lines(&[Span::new(format!("source: {}", clean(&entry.source).text), Role::Dim)], width, 2));
        }
        rows.push(Vec::new());
    }
    rows
}
