//! The list of findings: which of them stands where, and moving among them.

use crate::app::action::Action;
use crate::app::layout::{self, Area};
use crate::app::model::{Model, Screen};
use crate::engine::Finding;

/// Moves the selection.
pub(crate) fn move_list(model: &mut Model, action: Action) {
    let Some(case) = &model.case else { return };
    let (times, number) = (model.times(), model.count.1);
    let page = usize::from(findings_place(model).0.height / 2).max(1);
    let Screen::Triage(triage) = &mut model.screen else { return };
    let listed = triage.listed(case);
    let at = listed.iter().position(|number| *number == triage.finding).unwrap_or(0);
    let at = match (action, number) {
        (Action::Down, _) => at + times,
        (Action::Up, _) => at.saturating_sub(times),
        (Action::PageDown, _) => at + page,
        (Action::PageUp, _) => at.saturating_sub(page),
        (_, Some(number)) => number - 1,
        (Action::Top, None) => 0,
        _ => listed.len(),
    };
    select(model, at.min(listed.len().saturating_sub(1)));
}

/// The rows that a finding takes in a list of this width: the selected one shows its whole title.
#[must_use]
pub fn entry_height(finding: &Finding, width: usize, selected: bool) -> usize {
    if !selected {
        return 2;
    }
    1 + crate::app::wrap::words(&finding.title, width.saturating_sub(4)).len().clamp(1, 4)
}

/// Where the list of findings stands, and what the selected one says.
#[must_use]
pub fn findings_place(model: &Model) -> (Area, Area) {
    let pane = model.panes().right;
    let (Screen::Triage(triage), Some(case)) = (&model.screen, &model.case) else { return layout::findings(pane, 0) };
    let width = usize::from(pane.inner().width);
    let height = |number: &usize| case.diagnosis.findings.get(*number).map_or(0, |one| entry_height(one, width, *number == triage.finding));
    layout::findings(pane, triage.listed(case).iter().map(height).sum())
}

/// The findings that are seen, each by its place in the list and its number, with the rows where it stands.
#[must_use]
pub fn findings_rows(model: &Model) -> Vec<(usize, usize, Area)> {
    let (Screen::Triage(triage), Some(case)) = (&model.screen, &model.case) else { return Vec::new() };
    let (list, _) = findings_place(model);
    let mut y = 0;
    let mut found = Vec::new();
    for (place, number) in triage.listed(case).into_iter().enumerate().skip(triage.top) {
        let Some(finding) = case.diagnosis.findings.get(number).filter(|_| y < list.height) else { break };
        let wanted = entry_height(finding, usize::from(list.width), number == triage.finding);
        let height = u16::try_from(wanted).unwrap_or(u16::MAX).min(list.height - y);
        found.push((place, number, Area { y: list.y + y, height, ..list }));
        y += height;
    }
    found
}

/// Selects a row of the list and shows the first place of its finding.
pub(crate) fn select(model: &mut Model, row: usize) {
    let Some(case) = &model.case else { return };
    let Screen::Triage(triage) = &mut model.screen else { return };
    if let Some(number) = triage.listed(case).get(row) {
        triage.finding = *number;
        crate::app::triage::show_evidence(model, 0);
    }
}
