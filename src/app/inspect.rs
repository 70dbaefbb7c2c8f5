//! The artifacts that stand in a case: what each is and says, its checks with their verdicts, and the way to the page of each check.

use crate::app::action::Action;
use crate::app::message::Effect;
use crate::app::model::{Model, Screen, Tone};
use crate::engine::{Diagnosis, Verdict};
use crate::text::clean;

/// The screen of artifacts: a tree of artifact, facts and checks.
#[derive(Debug, Clone, Default)]
pub struct Inspect {
    /// The selected row.
    pub selected: usize,
    /// The artifacts whose facts and checks are folded away, by their number.
    pub folded: Vec<usize>,
}

/// A row of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Branch {
    /// An artifact, by its number.
    Artifact(usize),
    /// A fact of it.
    Fact {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// A check of it, or between several.
    Check {
        /// The verdict.
        verdict: Verdict,
        /// The sentence.
        text: String,
        /// The page that helps.
        page: Option<&'static str>,
    },
    /// What follows compares artifacts.
    Compared,
}

/// The rows of the tree, with what is wrong before what is right.
#[must_use]
pub fn branches(view: &Inspect, diagnosis: &Diagnosis) -> Vec<Branch> {
    const ORDER: [Verdict; 4] = [Verdict::Fail, Verdict::Warn, Verdict::Unknown, Verdict::Pass];
    let mut rows = Vec::new();
    for (number, report) in diagnosis.artifacts.iter().enumerate() {
        rows.push(Branch::Artifact(number));
        if view.folded.contains(&number) {
            continue;
        }
        for verdict in ORDER {
            let own = report.artifact.checks.iter().filter(|check| check.status == verdict);
            rows.extend(own.map(|check| Branch::Check { verdict, text: clean(&check.text).text, page: check.pitfall }));
        }
        let facts = report.artifact.facts.iter();
        rows.extend(facts.map(|(name, value)| Branch::Fact { name: clean(name).text, value: clean(value).text }));
    }
    if !diagnosis.cross.is_empty() {
        rows.push(Branch::Compared);
        for verdict in ORDER {
            let own = diagnosis.cross.iter().filter(|check| check.status == verdict);
            rows.extend(own.map(|check| Branch::Check { verdict, text: clean(&check.text).text, page: check.pitfall }));
        }
    }
    rows
}

/// Shows the artifacts of the case, if it has any.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    if model.case.as_ref().is_some_and(|case| !case.diagnosis.artifacts.is_empty()) {
        model.go(Screen::Inspect(Inspect::default()));
    } else {
        model.say(Tone::Plain, "No token, key, property list or other artifact stands in this case.");
    }
    Vec::new()
}

/// Does an action on the tree.
pub(crate) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let scope = model.case.as_ref().map(|case| case.key.clone()).unwrap_or_default();
    let (Screen::Inspect(view), Some(case)) = (&mut model.screen, &model.case) else { return None };
    let rows = branches(view, &case.diagnosis);
    let last = rows.len().saturating_sub(1);
    let page = usize::from(model.area.height.saturating_sub(4)).max(1);
    match action {
        Action::Down => view.selected = (view.selected + 1).min(last),
        Action::Up => view.selected = view.selected.saturating_sub(1),
        Action::PageDown => view.selected = (view.selected + page).min(last),
        Action::PageUp => view.selected = view.selected.saturating_sub(page),
        Action::Top => view.selected = 0,
        Action::Bottom => view.selected = last,
        Action::Open => match rows.get(view.selected) {
            Some(Branch::Artifact(number)) => toggle(view, *number),
            Some(Branch::Check { page: Some(page), .. }) => return Some(crate::app::page::open(model, page, &scope)),
            Some(Branch::Check { page: None, .. }) => model.say(Tone::Plain, "No page is about this check."),
            _ => {}
        },
        _ => return None,
    }
    Some(Vec::new())
}

fn toggle(view: &mut Inspect, number: usize) {
    match view.folded.iter().position(|folded| *folded == number) {
        Some(at) => {
            view.folded.remove(at);
        }
        None => view.folded.push(number),
    }
}
