//! The checklist of a page: progress, steps, and the command and the expectation of the selected one.

use super::paint::Painter;
use crate::app::ink::{Role, Span};
use crate::app::layout::{self, Area};
use crate::app::prose::{lines, ticked};
use crate::app::{Model, PageView, Side, TickState, highlight, step_height};
use crate::text::clean;

/// Draws the checklist's pane.
pub(super) fn draw(model: &Model, view: &PageView, painter: &mut Painter<'_>, pane: Area) {
    if pane.width == 0 {
        return;
    }
    let focused = view.side == Side::Right;
    painter.frame(pane, "checklist", focused);
    let (progress, list, detail) = layout::checklist(pane);
    if view.steps.is_empty() {
        painter.line(progress, 0, &[Span::new("Nothing to do here.", Role::Dim)]);
        return;
    }
    bar(model, view, painter, progress);
    let mut y = 0;
    for number in view.step_top..view.steps.len() {
        if y >= list.height {
            break;
        }
        let height = u16::try_from(step_height(view, number, usize::from(list.width))).unwrap_or(u16::MAX).min(list.height - y);
        let row = Area { y: list.y + y, height, ..list };
        step(model, view, painter, row, number);
        if number == view.step {
            painter.tint(row, if focused { Role::Selected } else { Role::Marked });
        }
        y += height;
    }
    self::detail(model, view, painter, detail);
}

fn bar(model: &Model, view: &PageView, painter: &mut Painter<'_>, area: Area) {
    let total = view.steps.len();
    let done = model.record.settled(&view.scope, &view.id, view.steps.iter().map(|step| step.id.as_str()));
    let room = usize::from(area.width).saturating_sub(14).min(30);
    let full = room * done / total.max(1);
    let bar = format!("{}{}", painter.sign("█", "#").repeat(full), painter.sign("░", ".").repeat(room - full));
    let role = if done == total { Role::Good } else { Role::Text };
    painter.line(area, 0, &[Span::new(bar, Role::Good), Span::new(format!(" {done} of {total}"), role)]);
}

fn step(model: &Model, view: &PageView, painter: &mut Painter<'_>, row: Area, number: usize) {
    let Some(step) = view.steps.get(number) else { return };
    let tick = view.key(number).map(|key| model.record.tick(&key)).unwrap_or_default();
    let (mark, role, text) = match tick.state {
        TickState::Open => ("[ ]", Role::Text, Role::Text),
        TickState::Done => ("[x]", Role::Good, Role::Dim),
        TickState::Skipped => ("[-]", Role::Dim, Role::Dim),
    };
    let here = if number == view.step { painter.sign("▸", ">") } else { " " };
    painter.put(row, (0, 0), &[Span::new(here, Role::Key), Span::new(mark, role)]);
    let inset = Area { x: row.x + 5, width: row.width.saturating_sub(5), ..row };
    for (at, line) in lines(&ticked(&clean(&step.text).text, text), usize::from(inset.width), usize::from(row.height)).iter().enumerate() {
        painter.line(inset, u16::try_from(at).unwrap_or(0), line);
    }
}

fn detail(model: &Model, view: &PageView, painter: &mut Painter<'_>, area: Area) {
    let Some(step) = view.steps.get(view.step) else { return };
    if area.height == 0 {
        return;
    }
    let width = usize::from(area.width);
    let mut rows = vec![vec![Span::new("─".repeat(width), Role::Border)]];
    let tick = view.key(view.step).map(|key| model.record.tick(&key)).unwrap_or_default();
    if tick.state == TickState::Skipped {
        rows.push(vec![Span::new("does not apply", Role::Dim)]);
    }
    for line in highlight(&step.language, &clean(&step.command).text) {
        rows.extend(lines(&line, width, 4));
    }
    if !step.expect.is_empty() {
        let spans = [vec![Span::new("Expect: ", Role::Strong)], ticked(&clean(&step.expect).text, Role::Text)].concat();
        rows.extend(lines(&spans, width, usize::MAX));
    }
    if !tick.note.is_empty() {
        rows.extend(lines(&[Span::new("Note: ", Role::Strong), Span::new(clean(&tick.note).text, Role::Emphasis)], width, 4));
    }
    if rows.len() == 1 {
        rows.push(vec![Span::new("No command for this step.", Role::Dim)]);
    }
    for (number, line) in rows.iter().enumerate() {
        painter.line(area, u16::try_from(number).unwrap_or(u16::MAX), line);
    }
}
