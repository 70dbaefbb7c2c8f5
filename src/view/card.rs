//! The card of an error code.

use super::paint::Painter;
use crate::app::ink::{Role, Span};
use crate::app::layout::{Area, scrolled};
use crate::app::prose::lines;
use crate::app::{Card, Model, card_pages};
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
    let list = card_pages(card, body);
    let (upper, _) = inner.split_bottom(list.height + u16::from(list.height > 0));
    for (number, line) in meanings(found, width).iter().take(usize::from(upper.height)).enumerate() {
        painter.line(upper, u16::try_from(number).unwrap_or(u16::MAX), line);
    }
    let pages = card.pages();
    if pages.is_empty() {
        return;
    }
    painter.line(Area { y: upper.y + upper.height, height: 1, ..inner }, 0, &[Span::new("Pages about it", Role::Heading)]);
    let seen = usize::from(list.height);
    let top = scrolled(0, card.selected, seen);
    for (number, id) in pages.iter().enumerate().skip(top).take(seen) {
        let title = model.engine.as_ref().and_then(|engine| engine.knowledge().page(id).map(|page| clean(&page.title).text));
        let here = number == card.selected;
        let mark = if here { painter.sign("▸ ", "> ") } else { "  " };
        let row = Area { y: list.y + u16::try_from(number - top).unwrap_or(0), height: 1, ..list };
        painter.line(row, 0, &[Span::new(mark, Role::Key), Span::new(title.unwrap_or_else(|| (*id).to_owned()), Role::Link)]);
        if here {
            painter.tint(row, Role::Selected);
        }
    }
    painter.scrollbar(Area { y: list.y - 1, height: list.height + 2, ..body }, top, seen, pages.len());
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
