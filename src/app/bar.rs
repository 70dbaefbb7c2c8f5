//! The first and the last row of the screen: the inputs as tabs, the keys worth knowing here. Drawing and the mouse read it alike.

use crate::app::action::Action;
use crate::app::model::{Model, Screen};
use crate::text::display_width;

/// An input in the title row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its first column.
    pub x: usize,
    /// What is read.
    pub text: String,
    /// Its number.
    pub input: usize,
    /// It is the one that is shown.
    pub here: bool,
}

/// A key in the bottom row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Its first column.
    pub x: usize,
    /// The key, as people read it.
    pub key: String,
    /// What it does, in a word.
    pub word: &'static str,
    /// What it does.
    pub action: Action,
}

impl Hint {
    /// The columns that it takes.
    #[must_use]
    pub fn width(&self) -> usize {
        display_width(&self.key) + display_width(self.word) + 3
    }
}

/// What the title row says in front of the tabs.
#[must_use]
pub(crate) fn title(model: &Model) -> String {
    match &model.screen {
        Screen::Home(_) => String::new(),
        Screen::Triage(_) => "diagnosis".to_owned(),
        Screen::Page(view) => format!("page · {}", view.id),
        Screen::Find(_) => "search".to_owned(),
        Screen::Browse(_) => "topics".to_owned(),
        Screen::Card(card) => format!("code · {}", card.term),
        Screen::Inspect(_) => "artifacts".to_owned(),
        Screen::Queue(_) => "forum queue".to_owned(),
    }
}

/// The name of the program as the title row begins with it.
pub(crate) const NAME: &str = " pitfall ";

/// The inputs of the case, where there are several. Where they do not fit, the first ones are left out until the shown one does.
#[must_use]
pub fn tabs(model: &Model) -> Vec<Tab> {
    let (Screen::Triage(triage), Some(case)) = (&model.screen, &model.case) else { return Vec::new() };
    if case.logs.len() < 2 {
        return Vec::new();
    }
    let start = display_width(NAME) + display_width(&title(model));
    let room = usize::from(model.area.width).saturating_sub(start + 12);
    let shown = |number: usize| {
        let name = crate::text::fit(&case.input_name(number), 24);
        if number == triage.input { format!(" [{} {name}] ", number + 1) } else { format!("  {} {name}  ", number + 1) }
    };
    let all: Vec<String> = (0..case.inputs.len()).map(shown).collect();
    let up_to_here = |from: usize| all.iter().take(triage.input + 1).skip(from).map(|text| display_width(text)).sum::<usize>();
    let first = (0..=triage.input).find(|from| up_to_here(*from) <= room).unwrap_or(triage.input);
    let mut x = start;
    let place = |(input, text): (usize, &String)| {
        let tab = Tab { x, text: text.clone(), input, here: input == triage.input };
        x += display_width(text);
        tab
    };
    all.iter().enumerate().skip(first).map(place).collect()
}

/// The keys that are worth knowing here and have room, behind the sentence that stands there.
#[must_use]
pub fn hints(model: &Model) -> Vec<Hint> {
    let mut x = model.status.as_ref().map_or(0, |status| display_width(&status.text) + 5);
    let mut hints: Vec<_> = model.keymap.here(model.contexts()).into_iter().filter(|bound| !bound.hint.is_empty()).collect();
    // The way to all other keys never falls off the edge.
    hints.sort_by_key(|bound| bound.action != Action::Help);
    let mut found = Vec::new();
    for bound in hints {
        let key = bound.keys.first().map(ToString::to_string).unwrap_or_default();
        let hint = Hint { x, key, word: bound.hint, action: bound.action };
        if x + hint.width() > usize::from(model.area.width) {
            break;
        }
        x += hint.width();
        found.push(hint);
    }
    found
}
