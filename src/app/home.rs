//! The first screen: paste, open, or go on where you left.

use crate::app::action::Action;
use crate::app::layout::Area;
use crate::app::message::Effect;
use crate::app::model::{Model, Screen};
use crate::app::record::{KnownCase, Recent};
use crate::case::CaseState;

/// The first screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Home {
    /// The selected row of what was open lately.
    pub selected: usize,
    /// The first row that is seen.
    pub top: usize,
}

/// What the first screen teaches: an action, whose key it names, and what that is for. Pasting needs no key.
pub const HINTS: &[(Option<Action>, &str)] = &[
    (None, "a log, an error, a crash report: the diagnosis begins at once"),
    (Some(Action::OpenFile), "open a file"),
    (Some(Action::Example), "try it with an example"),
    (Some(Action::Find), "search pages, error codes, guides"),
    (Some(Action::Browse), "look around by topic"),
    (Some(Action::Help), "the keys that work here, on every screen"),
];

/// Where things stand on the first screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HomePlace {
    /// All of it.
    pub area: Area,
    /// There is room for the greeting.
    pub greets: bool,
    /// The row of the first hint.
    pub hints: u16,
    /// The row of the heading over what was open lately.
    pub lately: u16,
}

/// Where things stand on the first screen.
#[must_use]
pub fn place(body: Area, rows: usize) -> HomePlace {
    let greets = body.height > 10;
    let hints = if greets { 3 } else { 0 };
    let lines = u16::try_from(HINTS.len()).unwrap_or(0);
    let list = if rows == 0 { 0 } else { u16::try_from(rows.min(Home::SEEN)).unwrap_or(0) + 2 };
    let area = body.middle(72.min(body.width.saturating_sub(2)), (hints + lines + list).min(body.height));
    HomePlace { area, greets, hints, lately: hints + lines + 1 }
}

/// What the first screen lists: bookmarks first, then what was open lately.
#[must_use]
pub fn rows(model: &Model) -> Vec<(Recent, bool)> {
    let title = |id: &str| {
        model.engine.as_ref().and_then(|engine| engine.knowledge().page(id).map(|page| page.title.clone())).unwrap_or_else(|| id.to_owned())
    };
    let bookmarks = model.record.bookmarks.iter().map(|id| (Recent { page: id.clone(), scope: String::new(), name: title(id) }, true));
    let recent =
        model.record.recent.iter().filter(|recent| !model.record.bookmarks.contains(&recent.page)).map(|recent| (recent.clone(), false));
    // Work that waits goes before what was only looked at; it is told apart by having a scope and no page.
    let open = |case: &&KnownCase| case.kept.is_some() && matches!(case.state, CaseState::Open | CaseState::Waiting);
    let row = |case: &KnownCase| Recent { page: String::new(), scope: case.key.clone(), name: case_row(case) };
    let cases = model.record.cases.iter().filter(open).take(CASES).map(|case| (row(case), false));
    bookmarks.chain(cases).chain(recent).collect()
}

/// Kept cases that are listed.
const CASES: usize = 5;

/// Whether a row is a kept case.
#[must_use]
pub fn is_case(recent: &Recent) -> bool {
    recent.page.is_empty() && !recent.scope.is_empty()
}

fn case_row(case: &KnownCase) -> String {
    let (settled, steps) = case.steps;
    let progress = if steps > 0 { format!("  {settled}/{steps}") } else { String::new() };
    let state = if case.state == CaseState::Open { "" } else { "  waiting" };
    format!("{}{progress}{state}", crate::app::cases::title(case))
}

impl Home {
    /// Rows that are seen of the list at most.
    pub const SEEN: usize = 8;
}

/// Does an action on the first screen.
pub(crate) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let rows = rows(model);
    let times = model.times();
    let number = model.count.1;
    let Screen::Home(home) = &mut model.screen else { return None };
    let last = rows.len().saturating_sub(1);
    match action {
        Action::Down => home.selected = (home.selected + times).min(last),
        Action::Up => home.selected = home.selected.saturating_sub(times),
        Action::PageDown => home.selected = (home.selected + Home::SEEN).min(last),
        Action::PageUp => home.selected = home.selected.saturating_sub(Home::SEEN),
        Action::Top => home.selected = 0,
        Action::Bottom => home.selected = number.map_or(last, |number| (number - 1).min(last)),
        Action::Open => {
            let (recent, _) = rows.get(home.selected)?;
            return Some(open(model, recent));
        }
        Action::Example => {
            let input = crate::engine::Input { name: "example".into(), bytes: crate::app::case::EXAMPLE.into() };
            return Some(crate::app::triage::add(model, vec![input]));
        }
        _ => return None,
    }
    home.top = crate::app::layout::scrolled(home.top, home.selected, Home::SEEN);
    Some(Vec::new())
}

/// A click: on a hint it does what that says, on a row of the list it opens it.
pub(crate) fn press(model: &mut Model, body: Area, y: u16) -> Vec<Effect> {
    let rows = rows(model).len();
    let place = place(body, rows);
    let Some(row) = y.checked_sub(place.area.y).filter(|row| *row < place.area.height) else { return Vec::new() };
    let hint = row.checked_sub(place.hints).and_then(|at| HINTS.get(usize::from(at)));
    if let Some((Some(action), _)) = hint {
        return crate::app::update::act(model, *action);
    }
    let Screen::Home(home) = &mut model.screen else { return Vec::new() };
    let Some(at) = row.checked_sub(place.lately + 1).map(|at| usize::from(at) + home.top).filter(|at| *at < rows) else {
        return Vec::new();
    };
    home.selected = at;
    crate::app::update::act(model, Action::Open)
}

fn open(model: &mut Model, recent: &Recent) -> Vec<Effect> {
    if is_case(recent) {
        return crate::app::cases::reopen(model, &recent.scope);
    }
    if recent.page.is_empty() {
        return crate::app::update::open_file(model, &recent.name);
    }
    crate::app::page::open(model, &recent.page, &recent.scope)
}
