//! The mouse: a click selects, a second one opens, the wheel scrolls what lies under it, the divider can be dragged.

use crate::app::action::Action;
use crate::app::layout::{self, Area};
use crate::app::message::{Effect, Pointer, PointerKind};
use crate::app::model::{Model, Overlay, Screen, Side};
use crate::app::{browse, find, page, triage, update};

/// Does what the mouse asks for.
pub(crate) fn pointer(model: &mut Model, pointer: Pointer) -> Vec<Effect> {
    if let Some(overlay) = &model.overlay {
        let keep = matches!(pointer.kind, PointerKind::WheelUp | PointerKind::WheelDown);
        let down = pointer.kind == PointerKind::WheelDown;
        return match (overlay, pointer.kind) {
            (Overlay::Prompt(_), _) | (_, PointerKind::Drag | PointerKind::Release) => Vec::new(),
            (_, _) if keep => update::act(model, if down { Action::Down } else { Action::Up }),
            _ => update::act(model, Action::Cancel),
        };
    }
    match pointer.kind {
        PointerKind::WheelUp => wheel(model, pointer, Action::Up),
        PointerKind::WheelDown => wheel(model, pointer, Action::Down),
        PointerKind::Press => press(model, pointer),
        PointerKind::Drag if model.split.1 => {
            let percent = u32::from(pointer.x) * 100 / u32::from(model.area.width.max(1));
            model.split.0 = u16::try_from(percent).unwrap_or(50).clamp(20, 80);
            Vec::new()
        }
        PointerKind::Drag => Vec::new(),
        PointerKind::Release => {
            model.split.1 = false;
            Vec::new()
        }
    }
}

/// Gives the keys to the pane under the pointer.
fn focus(model: &mut Model, x: u16, y: u16) -> bool {
    let panes = model.panes();
    let side = if panes.left.holds(x, y) { Side::Left } else { Side::Right };
    let of = match &mut model.screen {
        Screen::Triage(triage) => &mut triage.side,
        Screen::Page(page) if !page.steps.is_empty() => &mut page.side,
        Screen::Browse(browse) => &mut browse.side,
        Screen::Queue(queue) => &mut queue.side,
        _ => return false,
    };
    let same = *of == side;
    *of = side;
    same
}

fn wheel(model: &mut Model, pointer: Pointer, action: Action) -> Vec<Effect> {
    focus(model, pointer.x, pointer.y);
    (0..3).flat_map(|_| update::act(model, action)).collect()
}

fn press(model: &mut Model, Pointer { x, y, .. }: Pointer) -> Vec<Effect> {
    let panes = model.panes();
    if panes.both
        && matches!(model.screen, Screen::Triage(_) | Screen::Page(_))
        && (x == panes.right.x || x + 1 == panes.right.x)
        && panes.left.y <= y
    {
        model.split.1 = true;
        return Vec::new();
    }
    let (_, body, _) = layout::bands(model.area);
    if !body.holds(x, y) {
        return Vec::new();
    }
    focus(model, x, y);
    match &model.screen {
        Screen::Triage(_) => press_triage(model, x, y),
        Screen::Page(_) => press_page(model, x, y),
        Screen::Browse(_) => press_browse(model, x, y),
        Screen::Queue(_) => crate::app::queue_act::press(model, x, y),
        Screen::Find(_) => press_find(model, body, y),
        Screen::Home(_) | Screen::Card(_) => Vec::new(),
    }
}

fn press_triage(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let panes = model.panes();
    let (width, _) = triage::log_size(model);
    let (text, map, _) = layout::log(panes.left);
    let count = model.case.as_ref().map_or(0, |case| case.diagnosis.findings.len());
    let (list, _) = layout::findings(panes.right, count);
    let Screen::Triage(triage) = &model.screen else { return Vec::new() };
    if list.holds(x, y) {
        let row = triage.top + usize::from((y - list.y) / 2);
        let here = model.case.as_ref().and_then(|case| triage.listed(case).get(row).copied());
        if here == Some(triage.finding) && here.is_some() {
            return update::act(model, Action::Open);
        }
        triage::select(model, row);
    } else if let Some(log) = triage::log_mut(model) {
        if map.holds(x, y) && map.height > 0 {
            log.cursor = (log.rows.len() * usize::from(y - map.y) / usize::from(map.height)).min(log.rows.len().saturating_sub(1));
        } else if text.holds(x, y) {
            let mut used = 0;
            let target = usize::from(y - text.y);
            let rows = log.top..log.rows.len();
            let row = rows.into_iter().find(|row| {
                used += log.height(*row, width);
                used > target
            });
            log.cursor = row.unwrap_or(log.cursor);
        }
    }
    Vec::new()
}

fn press_page(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let panes = model.panes();
    let (_, list, _) = layout::checklist(panes.right);
    let inner = panes.left.inner();
    let Screen::Page(view) = &mut model.screen else { return Vec::new() };
    if list.holds(x, y) {
        let mut used = 0;
        let target = usize::from(y - list.y);
        let steps = view.step_top..view.steps.len();
        let hit = steps.into_iter().find(|step| {
            used += page::step_height(view, *step, usize::from(list.width));
            used > target
        });
        if let Some(step) = hit {
            view.step = step;
            // The box itself is for ticking; the words are for reading.
            if x < list.x + 5 {
                return update::act(model, Action::Tick);
            }
        }
    } else if inner.holds(x, y) {
        let line = view.top + usize::from(y - inner.y);
        let hit = view.prose.links.iter().position(|link| link.line == line);
        if hit.is_some() {
            view.link = hit;
            return update::act(model, Action::Open);
        }
    }
    Vec::new()
}

fn press_browse(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let panes = model.panes();
    let Screen::Browse(view) = &mut model.screen else { return Vec::new() };
    let (inner, top, count, now) = if view.side == Side::Left {
        (panes.left.inner(), view.section.1, view.sections.len(), view.section.0)
    } else {
        (panes.right.inner(), view.entry.1, view.entries().len(), view.entry.0)
    };
    if !inner.holds(x, y) {
        return Vec::new();
    }
    let row = top + usize::from(y - inner.y);
    if row < count {
        if row == now && view.side == Side::Right {
            return update::act(model, Action::Open);
        }
        browse::choose(view, row);
    }
    Vec::new()
}

fn press_find(model: &mut Model, body: Area, y: u16) -> Vec<Effect> {
    let first = body.y + 3;
    let seen = find::seen(model);
    let Screen::Find(view) = &mut model.screen else { return Vec::new() };
    let Some(row) = y.checked_sub(first).map(|row| usize::from(row / 2)) else { return Vec::new() };
    let hit = view.top + row;
    if row < seen && hit < view.hits.len() {
        view.selected = hit;
        return update::act(model, Action::Accept);
    }
    Vec::new()
}
