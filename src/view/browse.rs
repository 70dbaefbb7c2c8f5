//! Pages by topic.

use super::paint::Painter;
use crate::app::ink::{Role, Span, severity};
use crate::app::layout::Area;
use crate::app::{Browse, Model, Side};

/// Draws both lists.
pub(super) fn draw(model: &Model, view: &Browse, painter: &mut Painter<'_>) {
    let panes = model.panes();
    if panes.left.width > 0 {
        painter.frame(panes.left, "topics", view.side == Side::Left);
        let inner = panes.left.inner();
        for (number, section) in view.sections.iter().enumerate().skip(view.section.1).take(usize::from(inner.height)) {
            let row = row(inner, number - view.section.1);
            let here = number == view.section.0;
            let mark = if here { painter.sign("▸ ", "> ") } else { "  " };
            let name = crate::text::fit(&section.title, usize::from(inner.width.saturating_sub(7)));
            painter.line(row, 0, &[Span::new(mark, Role::Key), Span::new(name, Role::Text)]);
            painter.right(row, 0, &[Span::new(format!("{} ", section.entries.len()), Role::Dim)]);
            selection(painter, row, here, view.side == Side::Left);
        }
        painter.scrollbar(panes.left, view.section.1, usize::from(inner.height), view.sections.len());
    }
    if panes.right.width > 0 {
        let title = view.sections.get(view.section.0).map_or("", |section| section.title.as_str());
        painter.frame(panes.right, title, view.side == Side::Right);
        let inner = panes.right.inner();
        for (number, entry) in view.entries().iter().enumerate().skip(view.entry.1).take(usize::from(inner.height)) {
            let row = row(inner, number - view.entry.1);
            let here = number == view.entry.0;
            let mark = if here { painter.sign("▸ ", "> ") } else { "  " };
            let mut spans = vec![Span::new(mark, Role::Key)];
            if let Some(of) = entry.severity {
                spans.push(Span::new(format!("{:<9}", of.word()), severity(of)));
            }
            spans.push(Span::new(entry.title.as_str(), Role::Text));
            painter.line(row, 0, &spans);
            selection(painter, row, here, view.side == Side::Right);
        }
        painter.scrollbar(panes.right, view.entry.1, usize::from(inner.height), view.entries().len());
    }
}

fn row(area: Area, number: usize) -> Area {
    Area { y: area.y + u16::try_from(number).unwrap_or(0), height: 1, ..area }
}

fn selection(painter: &mut Painter<'_>, row: Area, here: bool, focused: bool) {
    if here {
        painter.tint(row, if focused { Role::Selected } else { Role::Marked });
    }
}
