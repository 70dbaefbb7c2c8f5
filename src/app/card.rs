//! The card of an error code: what it means, how else it is written, the pages about it.

use crate::app::action::Action;
use crate::app::layout::Area;
use crate::app::message::Effect;
use crate::app::model::{Model, Screen, Tone};
use crate::engine::{Explained, FactReport};
use crate::facts::Kind;
use crate::text::clean;

/// The screen of an error code.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// What was asked for.
    pub term: String,
    /// The answer, once it is there.
    pub found: Option<Vec<Explained>>,
    /// The selected page.
    pub selected: usize,
}

impl Card {
    /// The pages that it leads to, in order, each once.
    #[must_use]
    pub fn pages(&self) -> Vec<&str> {
        let mut pages: Vec<&str> = Vec::new();
        for id in self.found.iter().flatten().flat_map(|explained| &explained.pitfalls) {
            if !pages.contains(&id.as_str()) {
                pages.push(id);
            }
        }
        pages
    }
}

/// The codes and names of a line: what the facts say of it first, then what its words look like.
#[must_use]
pub(crate) fn terms(line: &str, facts: &[&FactReport]) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |term: String| {
        // A bare code adds nothing to the same code with its domain.
        let known = found.iter().any(|known: &String| *known == term || known.ends_with(&format!(":{term}")));
        if !term.is_empty() && !known {
            found.push(term);
        }
    };
    for report in facts {
        if matches!(report.fact.kind, Kind::Error | Kind::OAuth | Kind::WebAuthn | Kind::Entitlement | Kind::ExitStatus) {
            let code = report.fact.code.as_ref().map(ToString::to_string);
            let domain = report.fact.domain.clone();
            match (domain, code, &report.fact.name) {
                (Some(domain), Some(code), _) => add(format!("{domain}:{code}")),
                (None, Some(code), _) => add(code),
                (_, None, Some(name)) => add(name.clone()),
                _ => {}
            }
        }
    }
    for (range, role) in crate::app::lexlog::pieces(line) {
        let word = crate::text::clip(line, range);
        // A bare number is a port, a count or a process far oftener than an error, unless it is a negative one written unsigned.
        if role == crate::app::ink::Role::Number
            && (word.starts_with('-') || word.starts_with("err") || word.starts_with("0x") || word.len() == 10 && word.starts_with("4294"))
        {
            add(word.to_owned());
        }
    }
    found
}

/// Asks for a term's card and shows it.
pub(crate) fn open(model: &mut Model, term: &str) -> Vec<Effect> {
    let id = model.ask();
    model.work.explain = Some(id);
    model.go(Screen::Card(Card { term: clean(term).text, ..Card::default() }));
    vec![Effect::Explain(id, term.to_owned())]
}

/// The answer arrived.
pub(crate) fn arrived(model: &mut Model, found: Vec<Explained>) {
    if let Screen::Card(card) = &mut model.screen {
        if found.is_empty() {
            let told = format!("Nothing is known of {}.", card.term);
            card.found = Some(found);
            model.say(Tone::Plain, told);
        } else {
            card.found = Some(found);
        }
    }
}

/// Where the pages of a card are listed: at its foot, so that they are seen whatever stands above.
#[must_use]
pub fn pages_area(card: &Card, body: Area) -> Area {
    let wanted = u16::try_from(card.pages().len()).unwrap_or(u16::MAX);
    let inner = body.inner();
    let rows = wanted.min(inner.height.div_ceil(2));
    inner.split_bottom(rows).1
}

/// A click on a page's row: the first selects it, the second opens it.
pub(crate) fn press(model: &mut Model, body: Area, y: u16) -> Vec<Effect> {
    let Screen::Card(card) = &mut model.screen else { return Vec::new() };
    let area = pages_area(card, body);
    let top = crate::app::layout::scrolled(0, card.selected, usize::from(area.height));
    let Some(at) = y.checked_sub(area.y).map(|row| usize::from(row) + top).filter(|at| *at < card.pages().len()) else {
        return Vec::new();
    };
    if card.selected == at {
        return crate::app::update::act(model, Action::Open);
    }
    card.selected = at;
    Vec::new()
}

/// Does an action on a card.
pub(crate) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let scope = model.case.as_ref().map(|case| case.key.clone()).unwrap_or_default();
    let Screen::Card(card) = &mut model.screen else { return None };
    let last = card.pages().len().saturating_sub(1);
    match action {
        Action::Down => card.selected = (card.selected + 1).min(last),
        Action::Up => card.selected = card.selected.saturating_sub(1),
        Action::PageDown | Action::Bottom => card.selected = last,
        Action::PageUp | Action::Top => card.selected = 0,
        Action::Open => {
            let id = card.pages().get(card.selected).map(|id| (*id).to_owned());
            return Some(id.map(|id| crate::app::page::open(model, &id, &scope)).unwrap_or_default());
        }
        Action::Copy => {
            let told = |explained: &Explained| {
                let entry = &explained.entry;
                let code = entry.code.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("{} {code} {}: {}\n", entry.domain, entry.name.as_deref().unwrap_or(""), entry.meaning)
            };
            let text: String = card.found.iter().flatten().map(told).collect();
            return Some(vec![Effect::Copy(text, "the card".into())]);
        }
        _ => return None,
    }
    Some(Vec::new())
}
