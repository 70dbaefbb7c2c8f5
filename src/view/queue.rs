//! The forum queue: sub-queues and threads on the left, the open thread or the statistics on the right.

use super::paint::Painter;
use crate::app::ink::{Role, Span};
use crate::app::layout::Area;
use crate::app::{Model, Queue, QueueRow, Side, queue_bars};
use crate::forum::{Kind, ThreadState};
use crate::text::fit;

/// Draws both panes.
pub(super) fn draw(model: &Model, view: &Queue, painter: &mut Painter<'_>) {
    let panes = model.panes();
    if panes.left.width > 0 {
        list(view, painter, panes.left);
    }
    if panes.right.width > 0 {
        thread(view, painter, panes.right);
    }
}

fn list(view: &Queue, painter: &mut Painter<'_>, pane: Area) {
    let (name, count) = view.parts.get(view.part).map_or((String::new(), 0), |(part, count)| (part.name(), *count));
    painter.frame(pane, &format!("{name} ({count})"), view.side == Side::Left);
    let (head, rows) = pane.inner().split_top(1);
    let marked = if view.marks.is_empty() { String::new() } else { format!("{} marked  ", view.marks.len()) };
    let filter = if view.filter.is_empty() { String::new() } else { format!("/{}  ", view.filter) };
    let parts = view.parts.len();
    let head_text = if view.loaded {
        format!("{}/{parts}  {marked}{filter}{} shown", view.part + 1, view.shown.len())
    } else {
        "reading the queue".to_owned()
    };
    painter.line(head, 0, &[Span::new(head_text, Role::Dim)]);
    for (number, place) in view.shown.iter().enumerate().skip(view.at.1).take(usize::from(rows.height)) {
        let Some(row) = view.rows.get(*place) else { continue };
        let line = Area { y: rows.y + u16::try_from(number - view.at.1).unwrap_or(0), height: 1, ..rows };
        let here = number == view.at.0;
        let mark = if view.marks.contains(&row.row.id) {
            painter.sign("● ", "* ")
        } else if here {
            painter.sign("▸ ", "> ")
        } else {
            "  "
        };
        painter.line(line, 0, &spans(row, mark, usize::from(rows.width)));
        if here {
            painter.tint(line, if view.side == Side::Left { Role::Selected } else { Role::Marked });
        }
    }
    painter.scrollbar(pane, view.at.1, usize::from(rows.height), view.shown.len());
}

fn spans(row: &QueueRow, mark: &str, width: usize) -> Vec<Span> {
    let urgent = match row.points {
        60.. => Role::Critical,
        40..=59 => Role::High,
        20..=39 => Role::Medium,
        _ => Role::Dim,
    };
    let state = if row.state == ThreadState::New { String::new() } else { format!("{} ", row.state.word()) };
    let kind = if row.row.kind == Kind::Question { String::new() } else { format!("{} ", row.row.kind.word()) };
    let used = 2 + 4 + state.len() + kind.len();
    vec![
        Span::new(mark, Role::Key),
        Span::new(format!("{:>3} ", row.points), urgent),
        Span::new(state, Role::Good),
        Span::new(kind, Role::Dim),
        Span::new(fit(&row.title, width.saturating_sub(used)), Role::Text),
    ]
}

fn thread(view: &Queue, painter: &mut Painter<'_>, pane: Area) {
    let inner = pane.inner();
    if let Some(stats) = &view.stats {
        painter.frame(pane, "statistics", view.side == Side::Right);
        let ascii = painter.sign("", "a") == "a";
        for (row, line) in queue_bars(stats, usize::from(inner.width), ascii).iter().take(usize::from(inner.height)).enumerate() {
            painter.put(inner, (0, u16::try_from(row).unwrap_or(u16::MAX)), line);
        }
        return;
    }
    painter.frame(pane, "thread", view.side == Side::Right);
    let Some(open) = &view.open else { return };
    for (row, line) in open.prose.lines.iter().skip(view.top).take(usize::from(inner.height)).enumerate() {
        painter.put(inner, (0, u16::try_from(row).unwrap_or(u16::MAX)), line);
    }
    painter.scrollbar(pane, view.top, usize::from(inner.height), open.prose.lines.len());
}
