//! What lies over a screen: the keys, lists, boxes.

use super::paint::{Painter, box_text};
use crate::app::ink::{Role, Span};
use crate::app::keys::{Bound, Context};
use crate::app::layout::{self, Area};
use crate::app::{Choice, Model, Overlay, Popup, Prompt};
use crate::redact::Kind;

/// Draws what lies over the screen.
pub(super) fn draw(model: &Model, overlay: &Overlay, painter: &mut Painter<'_>, screen: Area) {
    match overlay {
        Overlay::Help(top) => help(model, *top, painter, screen),
        Overlay::Popup(popup) => self::popup(popup, painter, layout::popup(screen, popup.items.len())),
        Overlay::Redactions(selected) => redactions(model, *selected, painter, layout::popup(screen, model.privacy.rows().len().max(3))),
        Overlay::Prompt(prompt) => self::prompt(prompt, painter, layout::prompt(screen)),
    }
}

/// The keys that work on the screen below, in groups.
fn help(model: &Model, top: usize, painter: &mut Painter<'_>, screen: Area) {
    let bound = model.keymap.here(model.contexts_below());
    let mut rows: Vec<Vec<Span>> = Vec::new();
    let mut group: Option<Context> = None;
    for Bound { context, help, .. } in &bound {
        if group != Some(*context) {
            if group.is_some() {
                rows.push(Vec::new());
            }
            rows.push(vec![Span::new(context.title(), Role::Heading)]);
            group = Some(*context);
        }
        let of = bound.iter().find(|one| one.help == *help && one.context == *context);
        let keys = of.map(Bound::shown).unwrap_or_default();
        rows.push(vec![Span::new(format!("  {keys:<22} "), Role::Key), Span::new(*help, Role::Text)]);
    }
    let width = 74.min(screen.width);
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(2).min(screen.height.saturating_sub(2));
    let area = screen.middle(width, height);
    painter.clear(area);
    let seen = usize::from(area.height.saturating_sub(2));
    let top = top.min(rows.len().saturating_sub(seen));
    let title = if rows.len() > seen { "keys that work here · j k scroll · esc closes" } else { "keys that work here · esc closes" };
    painter.frame(area, title, true);
    let inner = area.inner();
    for (number, row) in rows.iter().skip(top).take(seen).enumerate() {
        painter.line(inner, u16::try_from(number).unwrap_or(u16::MAX), row);
    }
    painter.scrollbar(area, top, seen, rows.len());
}

fn popup(popup: &Popup, painter: &mut Painter<'_>, (area, list): (Area, Area)) {
    painter.clear(area);
    painter.frame(area, popup.title, true);
    let inner = area.inner();
    let (first, _) = inner.split_top(2);
    painter.put(
        first,
        (1, 0),
        &[Span::new("> ", Role::Key), Span::new(box_text(&popup.edit, usize::from(first.width.saturating_sub(4))), Role::Text)],
    );
    painter.line(
        Area { y: first.y + 1, height: u16::from(first.height > 1), ..first },
        0,
        &[Span::new("─".repeat(usize::from(first.width)), Role::Border)],
    );
    let shown = popup.shown();
    let height = usize::from(list.height);
    let top = layout::scrolled(0, popup.selected, height);
    for (number, item) in shown.iter().enumerate().skip(top).take(height) {
        let row = Area { y: list.y + u16::try_from(number - top).unwrap_or(0), height: 1, ..list };
        let here = number == popup.selected;
        let mark = if here { painter.sign("▸ ", "> ") } else { "  " };
        let room = usize::from(list.width).saturating_sub(crate::text::display_width(&item.detail) + 4);
        let role = if matches!(item.choice, Choice::Elsewhere(_)) { Role::Dim } else { Role::Text };
        painter.line(row, 0, &[Span::new(mark, Role::Key), Span::new(crate::text::fit(&item.label, room), role)]);
        painter.right(row, 0, &[Span::new(format!("{} ", item.detail), Role::Dim)]);
        if here {
            painter.tint(row, Role::Selected);
        }
    }
    painter.scrollbar(area, top, height, shown.len());
    if shown.is_empty() {
        painter.line(list, 0, &[Span::new("  Nothing is called so.", Role::Dim)]);
    }
}

/// What was replaced in the last copy. A secret is shown by its ends only, whoever looks over the shoulder.
fn redactions(model: &Model, selected: usize, painter: &mut Painter<'_>, (area, list): (Area, Area)) {
    painter.clear(area);
    painter.frame(area, "what was redacted", true);
    let rows = model.privacy.rows();
    let (first, _) = area.inner().split_top(2);
    let told = format!(" {}: space lets a value through, a adds one, Enter copies again", model.privacy.what());
    painter.line(first, 0, &[Span::new(told, Role::Dim)]);
    let height = usize::from(list.height);
    let top = layout::scrolled(0, selected, height);
    for (number, row) in rows.iter().enumerate().skip(top).take(height) {
        let at = Area { y: list.y + u16::try_from(number - top).unwrap_or(0), height: 1, ..list };
        let value = if row.kind <= Kind::Cookie { crate::redact::hint(&row.original) } else { row.original.clone() };
        let stands = if row.kept { "let through" } else { row.stand_in.lines().next().unwrap_or("") };
        let mark = if row.kept { "[ ] " } else { "[x] " };
        let detail = format!("{} ×{} ", row.kind, row.count);
        let room = usize::from(at.width).saturating_sub(crate::text::display_width(&detail) + 8);
        let shown = |text: &str, room: usize| crate::text::fit(text, room).trim_end().to_owned();
        let value = shown(&value, room * 3 / 5);
        let rest = room.saturating_sub(crate::text::display_width(&value) + 3);
        let spans = [
            Span::new(mark, Role::Key),
            Span::new(value, Role::Text),
            Span::new(painter.sign(" → ", " > "), Role::Dim),
            Span::new(shown(stands, rest), Role::Code),
        ];
        painter.line(at, 0, &spans);
        painter.right(at, 0, &[Span::new(detail, Role::Dim)]);
        if number == selected {
            painter.tint(at, Role::Selected);
        }
    }
    painter.scrollbar(area, top, height, rows.len());
    if rows.is_empty() {
        painter.line(list, 0, &[Span::new("  Nothing in it was taken for a secret or an identity.", Role::Dim)]);
    }
}

fn prompt(prompt: &Prompt, painter: &mut Painter<'_>, area: Area) {
    painter.clear(area);
    painter.frame(area, prompt.title(), true);
    let inner = area.inner();
    painter.put(inner, (1, 0), &[Span::new(box_text(&prompt.edit, usize::from(inner.width.saturating_sub(2))), Role::Text)]);
}
