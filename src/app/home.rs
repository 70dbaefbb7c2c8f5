//! The first screen: paste, open, or go on where you left.

use crate::app::action::Action;
use crate::app::message::Effect;
use crate::app::model::{Model, Screen};
use crate::app::record::Recent;

/// The first screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Home {
    /// The selected row of what was open lately.
    pub selected: usize,
    /// The first row that is seen.
    pub top: usize,
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
    bookmarks.chain(recent).collect()
}

impl Home {
    /// Rows that are seen of the list at most.
    pub const SEEN: usize = 8;
}

/// Does an action on the first screen.
pub(crate) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let rows = rows(model);
    let Screen::Home(home) = &mut model.screen else { return None };
    let last = rows.len().saturating_sub(1);
    match action {
        Action::Down => home.selected = (home.selected + 1).min(last),
        Action::Up => home.selected = home.selected.saturating_sub(1),
        Action::PageDown => home.selected = (home.selected + Home::SEEN).min(last),
        Action::PageUp => home.selected = home.selected.saturating_sub(Home::SEEN),
        Action::Top => home.selected = 0,
        Action::Bottom => home.selected = last,
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

fn open(model: &mut Model, recent: &Recent) -> Vec<Effect> {
    if recent.page.is_empty() {
        return crate::app::update::open_file(model, &recent.name);
    }
    crate::app::page::open(model, &recent.page, &recent.scope)
}
