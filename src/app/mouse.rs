//! The mouse: a click selects, a second one opens, the wheel scrolls what lies under it, the divider can be dragged, and so can text, to select it.

use crate::app::action::Action;
use crate::app::layout::{self, Area};
use crate::app::log::Row;
use crate::app::message::{Effect, Pointer, PointerKind};
use crate::app::model::{Grip, Model, Overlay, Screen, Side, Tone};
use crate::app::select::{Selection, Spot, byte_at};
use crate::app::{bar, browse, card, find, findings, home, page, popup, triage, update};

/// Does what the mouse asks for.
pub(crate) fn pointer(model: &mut Model, pointer: Pointer) -> Vec<Effect> {
    let Pointer { kind, x, y } = pointer;
    if let Some(overlay) = &model.overlay {
        return match (overlay, kind) {
            (_, PointerKind::Press) => popup::press(model, x, y),
            (Overlay::Prompt(_), _) | (_, PointerKind::Drag | PointerKind::Release) => Vec::new(),
            (_, PointerKind::WheelDown) => update::act(model, Action::Down),
            (_, PointerKind::WheelUp) => update::act(model, Action::Up),
        };
    }
    match kind {
        PointerKind::WheelUp => wheel(model, pointer, Action::Up),
        PointerKind::WheelDown => wheel(model, pointer, Action::Down),
        PointerKind::Press => press(model, pointer),
        PointerKind::Drag => {
            drag(model, x, y);
            Vec::new()
        }
        PointerKind::Release => {
            model.grip = Grip::Nothing;
            released(model);
            Vec::new()
        }
    }
}

fn drag(model: &mut Model, x: u16, y: u16) {
    match model.grip {
        Grip::Nothing => {}
        Grip::Divider => {
            let percent = u32::from(x) * 100 / u32::from(model.area.width.max(1));
            model.split = u16::try_from(percent).unwrap_or(50).clamp(20, 80);
        }
        Grip::Map => to_map(model, y),
        Grip::Text(anchor) => {
            let head = match &model.screen {
                Screen::Triage(_) => log_spot(model, x, y, true),
                _ => page_spot(model, x, y, true),
            };
            let Some(head) = head else { return };
            let selection = Some(Selection::characters(anchor, head));
            match &mut model.screen {
                Screen::Triage(triage) => triage.selection = selection,
                Screen::Page(page) => page.selection = selection,
                _ => {}
            }
        }
    }
}

fn released(model: &mut Model) {
    let selection = match &model.screen {
        Screen::Triage(triage) => triage.selection,
        Screen::Page(page) => page.selection,
        _ => None,
    };
    if selection.is_some_and(|selection| !selection.rows) {
        let (copy, back) = (model.keymap.key_of(Action::Copy), model.keymap.key_of(Action::Back));
        model.say(Tone::Plain, format!("Selected; {copy} copies it, {back} drops it."));
    }
}

/// The spot of the log under the pointer. Beyond its edge the log scrolls, where that is wanted.
fn log_spot(model: &mut Model, x: u16, y: u16, scrolls: bool) -> Option<Spot> {
    let (width, _) = triage::log_size(model);
    let Screen::Triage(triage) = &model.screen else { return None };
    let (text, ..) = layout::log(model.panes().left, triage.more);
    let log = triage::log_mut(model)?;
    let gutter = layout::gutter(text, log.document.line_count());
    let last = text.y.saturating_add(text.height).saturating_sub(1);
    if scrolls && y < text.y {
        log.top = log.top.saturating_sub(1);
        log.cursor = log.top;
    } else if scrolls && y > last {
        log.step(1);
    }
    let target = usize::from(y.clamp(text.y, last.max(text.y)) - text.y);
    let mut used = 0;
    let mut found = None;
    for row in log.top..log.rows.len() {
        let height = log.height(row, width);
        found = Some((row, target.saturating_sub(used).min(height.saturating_sub(1))));
        used += height;
        if used > target {
            break;
        }
    }
    let (row, line) = found?;
    let piece = log.piece_of(row);
    let content = log.text(piece);
    let ranges = crate::app::wrap::words(content, width);
    let range = ranges.get(line).cloned().unwrap_or_default();
    let cell = usize::from(x.saturating_sub(text.x + gutter));
    let at = range.start + byte_at(crate::text::clip(content, range), cell);
    Some(Spot { row: piece, at })
}

/// The spot of a page's text under the pointer.
fn page_spot(model: &mut Model, x: u16, y: u16, scrolls: bool) -> Option<Spot> {
    let inner = model.panes().left.inner();
    let Screen::Page(view) = &mut model.screen else { return None };
    let last = inner.y.saturating_add(inner.height).saturating_sub(1);
    if scrolls && y < inner.y {
        view.top = view.top.saturating_sub(1);
    } else if scrolls && y > last {
        view.top += 1;
    }
    let row = (view.top + usize::from(y.clamp(inner.y, last.max(inner.y)) - inner.y)).min(view.prose.lines.len().checked_sub(1)?);
    Some(Spot { row, at: byte_at(&view.prose.text(row), usize::from(x.saturating_sub(inner.x))) })
}

fn to_map(model: &mut Model, y: u16) {
    let Screen::Triage(triage) = &model.screen else { return };
    let (_, map, _) = layout::log(model.panes().left, triage.more);
    let Some(log) = triage::log_mut(model).filter(|_| map.height > 0) else { return };
    let row = usize::from(y.saturating_sub(map.y));
    // The map shows pieces; a fold takes one row of the log and many of the map.
    let piece = (log.pieces.len() * row / usize::from(map.height)).min(log.pieces.len().saturating_sub(1));
    log.cursor = (0..log.rows.len()).rev().find(|row| log.piece_of(*row) <= piece).unwrap_or(0);
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
    model.status = None;
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
        model.grip = Grip::Divider;
        return Vec::new();
    }
    let (title, body, bottom) = layout::bands(model.area);
    if title.holds(x, y) {
        let tab = bar::tabs(model).into_iter().find(|tab| (tab.x..tab.x + crate::text::display_width(&tab.text)).contains(&usize::from(x)));
        if let (Some(tab), Screen::Triage(triage)) = (tab, &mut model.screen) {
            triage.input = tab.input;
        }
        return Vec::new();
    }
    if bottom.holds(x, y) {
        let hint = bar::hints(model).into_iter().find(|hint| (hint.x..hint.x + hint.width()).contains(&usize::from(x)));
        model.status = None;
        return hint.map(|hint| update::act(model, hint.action)).unwrap_or_default();
    }
    model.status = None;
    focus(model, x, y);
    match &model.screen {
        Screen::Triage(_) => press_triage(model, x, y),
        Screen::Page(_) => press_page(model, x, y),
        Screen::Browse(_) => press_browse(model, x, y),
        Screen::Queue(_) => crate::app::queue_act::press(model, x, y),
        Screen::Find(_) => press_find(model, body, y),
        Screen::Home(_) => home::press(model, body, y),
        Screen::Card(_) => card::press(model, body, y),
        Screen::Inspect(_) => Vec::new(),
    }
}

fn press_triage(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let rows = findings::findings_rows(model);
    if let Some((place, number, _)) = rows.into_iter().find(|(.., row)| row.holds(x, y)) {
        if matches!(&model.screen, Screen::Triage(triage) if triage.finding == number) {
            return update::act(model, Action::Open);
        }
        findings::select(model, place);
        return Vec::new();
    }
    let pane = model.panes().left;
    let Screen::Triage(triage) = &mut model.screen else { return Vec::new() };
    let (text, map, _) = layout::log(pane, triage.more);
    if map.holds(x, y) {
        model.grip = Grip::Map;
        to_map(model, y);
    } else if text.holds(x, y) {
        triage.selection = None;
        let Some(spot) = log_spot(model, x, y, false) else { return Vec::new() };
        model.grip = Grip::Text(spot);
        if let Some(log) = triage::log_mut(model) {
            let row = (0..log.rows.len()).rev().find(|row| log.piece_of(*row) <= spot.row).unwrap_or(0);
            let again = row == log.cursor && matches!(log.rows.get(row), Some(Row::Fold(_)));
            log.cursor = row;
            if again {
                log.toggle_fold();
            }
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
        view.selection = None;
        let line = view.top + usize::from(y - inner.y);
        let cell = usize::from(x - inner.x);
        let hit = view.prose.link_at(line, cell);
        if hit.is_some() {
            view.link = hit;
            return update::act(model, Action::Open);
        }
        model.grip = page_spot(model, x, y, false).map_or(Grip::Nothing, Grip::Text);
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
