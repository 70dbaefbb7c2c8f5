//! The diagnosis: a log on the left, what was found in it on the right.

use crate::app::action::Action;
use crate::app::case::Case;
use crate::app::layout;
use crate::app::log::{Log, Row};
use crate::app::message::{Effect, Put};
use crate::app::model::{Model, Screen, Side, Tone, Undo};
use crate::app::popup::{Prompt, PromptKind};
use crate::app::{edit::Edit, model::Overlay, report};
use crate::engine::{Finding, Input};
use crate::knowledge::Severity;
use std::sync::Arc;

/// The screen of a diagnosis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Triage {
    /// The pane that has the keys.
    pub side: Side,
    /// The input that is shown.
    pub input: usize,
    /// The selected finding, by its number in the diagnosis.
    pub finding: usize,
    /// The place of it that was jumped to last.
    pub evidence: usize,
    /// The first row of the list that is seen.
    pub top: usize,
    /// Harmless findings are not listed.
    pub no_noise: bool,
    /// Tokens and keys in the text are shown.
    pub reveal: bool,
}

impl Triage {
    /// The numbers of the findings that are listed.
    #[must_use]
    pub fn listed(&self, case: &Case) -> Vec<usize> {
        let shown = |finding: &Finding| !self.no_noise || finding.severity != Severity::Noise;
        case.diagnosis.findings.iter().enumerate().filter(|(_, finding)| shown(finding)).map(|(number, _)| number).collect()
    }
}

/// Takes inputs into the case that is open, or begins one.
pub(crate) fn add(model: &mut Model, mut inputs: Vec<Input>) -> Vec<Effect> {
    let fresh = matches!(model.screen, Screen::Home(_)) || model.case.is_none();
    if let (false, Some(case)) = (fresh, &model.case) {
        inputs.splice(0..0, case.inputs.iter().cloned());
    }
    name_alike(&mut inputs);
    if fresh {
        model.case = None;
    }
    if !matches!(model.screen, Screen::Triage(_)) {
        model.trail.0.retain(|screen| !matches!(screen, Screen::Triage(_)));
        model.go(Screen::Triage(Triage::default()));
    }
    diagnose(model, Arc::new(inputs))
}

fn diagnose(model: &mut Model, inputs: Arc<Vec<Input>>) -> Vec<Effect> {
    let id = model.ask();
    model.work.diagnosis = Some(id);
    vec![Effect::Diagnose(id, inputs)]
}

/// Pastes get numbers, so that tabs can be told apart.
fn name_alike(inputs: &mut [Input]) {
    let several = inputs.iter().filter(|input| input.name.starts_with("pasted")).count() > 1;
    for (number, input) in inputs.iter_mut().filter(|input| input.name.starts_with("pasted")).enumerate() {
        input.name = if several { format!("pasted {}", number + 1) } else { "pasted".to_owned() };
    }
}

/// A diagnosis arrived.
pub(crate) fn arrived(model: &mut Model, case: Case) -> Vec<Effect> {
    let same = model.case.as_ref().is_some_and(|before| before.key == case.key);
    let grown = same && model.case.as_ref().is_some_and(|before| before.inputs.len() < case.inputs.len());
    let (key, name, inputs) = (case.key.clone(), case.name(), case.inputs.len());
    let real = case.diagnosis.findings.iter().filter(|finding| finding.severity != Severity::Noise).count();
    let noise = case.diagnosis.findings.len() - real;
    model.case = Some(case);
    if let Some(triage) = triage_mut(model) {
        *triage = Triage { no_noise: triage.no_noise, ..Triage::default() };
    }
    let told = match (real, noise) {
        (0, 0) => "Nothing known was found; the right pane says what would help.".to_owned(),
        (0, noise) => format!("Only harmless lines: {noise} found."),
        (1, _) => "1 finding".to_owned(),
        (real, _) => format!("{real} findings"),
    };
    model.say(if real > 0 { Tone::Good } else { Tone::Plain }, told);
    if grown {
        show_input(model, inputs - 1);
    } else {
        show_evidence(model, 0);
    }
    vec![Effect::LoadTicks(key.clone(), model.record.age), Effect::Save(Put::Case(key, name))]
}

/// The triage screen, wherever it stands.
fn triage_mut(model: &mut Model) -> Option<&mut Triage> {
    let behind = model.trail.0.iter_mut().rev();
    std::iter::once(&mut model.screen).chain(behind).find_map(|screen| match screen {
        Screen::Triage(triage) => Some(triage),
        _ => None,
    })
}

/// Shows or hides the tokens and keys in the text.
fn reveal(model: &mut Model) {
    let Screen::Triage(triage) = &mut model.screen else { return };
    triage.reveal = !triage.reveal;
    let told = if triage.reveal { "Tokens and keys are shown." } else { "Tokens and keys are hidden." };
    model.say(Tone::Plain, told);
}

/// Does an action on the diagnosis.
pub(crate) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let Screen::Triage(triage) = &model.screen else { return None };
    let left = triage.side == Side::Left;
    match action {
        Action::Down | Action::Up | Action::PageDown | Action::PageUp | Action::Top | Action::Bottom if left => move_log(model, action),
        Action::Down | Action::Up | Action::PageDown | Action::PageUp | Action::Top | Action::Bottom => move_list(model, action),
        Action::Next => step_evidence(model, 1),
        Action::Previous => step_evidence(model, -1),
        Action::Open if left => return Some(open_line(model)),
        Action::Open => return Some(open_finding(model)),
        Action::ExplainLine => return Some(explain(model)),
        Action::Fold => {
            if !log_mut(model)?.toggle_fold() {
                model.say(Tone::Plain, "No group of lines here to fold.");
            }
        }
        Action::FoldAll => log_mut(model)?.toggle_all(),
        Action::ToggleNoise => toggle_noise(model),
        Action::Artifacts => return Some(crate::app::inspect::open(model)),
        Action::Reveal => reveal(model),
        Action::NextTab => turn_tab(model, true),
        Action::PreviousTab => turn_tab(model, false),
        Action::CloseTab => return Some(close_tab(model)),
        Action::Filter => {
            let text = log_mut(model).map(|log| log.filter.clone()).unwrap_or_default();
            model.overlay = Some(Overlay::Prompt(Prompt { kind: PromptKind::Filter, edit: Edit::with(&text) }));
        }
        Action::Copy => return Some(copy_finding(model)),
        Action::CopyReport => {
            let case = model.case.as_ref()?;
            return Some(vec![Effect::Copy(report::whole(case, &model.record), "the report".into())]);
        }
        _ => return None,
    }
    Some(Vec::new())
}

/// The log that is shown.
pub(crate) fn log_mut(model: &mut Model) -> Option<&mut Log> {
    let Screen::Triage(triage) = &model.screen else { return None };
    let input = triage.input;
    model.case.as_mut()?.logs.get_mut(input)
}

/// The size of the log's text on the screen, and the cells a line has.
#[must_use]
pub(crate) fn log_size(model: &Model) -> (usize, usize) {
    let (text, ..) = layout::log(model.panes().left);
    let lines = match &model.screen {
        Screen::Triage(triage) => {
            model.case.as_ref().and_then(|case| case.logs.get(triage.input)).map_or(0, |log| log.document.line_count())
        }
        _ => 0,
    };
    (usize::from(text.width.saturating_sub(layout::gutter(text, lines))), usize::from(text.height))
}

fn move_log(model: &mut Model, action: Action) {
    let (width, height) = log_size(model);
    let Some(log) = log_mut(model) else { return };
    match action {
        Action::Down => log.step(1),
        Action::Up => log.step(-1),
        Action::PageDown => log.page(true, width, height),
        Action::PageUp => log.page(false, width, height),
        Action::Top => log.cursor = 0,
        _ => log.cursor = log.rows.len().saturating_sub(1),
    }
}

fn move_list(model: &mut Model, action: Action) {
    let Some(case) = &model.case else { return };
    let (list, _) = layout::findings(model.panes().right, case.diagnosis.findings.len());
    let page = usize::from(list.height / 2).max(1);
    let Screen::Triage(triage) = &mut model.screen else { return };
    let listed = triage.listed(case);
    let at = listed.iter().position(|number| *number == triage.finding).unwrap_or(0);
    let at = match action {
        Action::Down => at + 1,
        Action::Up => at.saturating_sub(1),
        Action::PageDown => at + page,
        Action::PageUp => at.saturating_sub(page),
        Action::Top => 0,
        _ => listed.len(),
    };
    select(model, at.min(listed.len().saturating_sub(1)));
}

/// Selects a row of the list and shows the first place of its finding.
pub(crate) fn select(model: &mut Model, row: usize) {
    let Some(case) = &model.case else { return };
    let Screen::Triage(triage) = &mut model.screen else { return };
    if let Some(number) = triage.listed(case).get(row) {
        triage.finding = *number;
        show_evidence(model, 0);
    }
}

/// Shows a place of the selected finding in the log.
fn show_evidence(model: &mut Model, number: usize) {
    let Some(case) = &mut model.case else { return };
    let Screen::Triage(triage) = &mut model.screen else { return };
    let Some(evidence) = case.diagnosis.findings.get(triage.finding).and_then(|finding| finding.evidence.get(number)) else { return };
    triage.evidence = number;
    triage.input = evidence.input;
    if let Some(log) = case.logs.get_mut(evidence.input) {
        log.go_to(evidence.start);
        // A few lines before it say what led to it.
        log.top = log.top.min(log.cursor.saturating_sub(3));
    }
}

/// Shows an input that was added, with the best finding that it shows.
fn show_input(model: &mut Model, input: usize) {
    let place = model.case.as_ref().and_then(|case| {
        let in_it = |(number, finding): (usize, &Finding)| {
            finding.evidence.iter().position(|evidence| evidence.input == input).map(|at| (number, at))
        };
        case.diagnosis.findings.iter().enumerate().find_map(in_it)
    });
    if let Some(triage) = triage_mut(model) {
        triage.input = input;
        triage.finding = place.map_or(0, |(finding, _)| finding);
    }
    if let Some((_, evidence)) = place {
        show_evidence(model, evidence);
    }
}

fn step_evidence(model: &mut Model, by: isize) {
    let Some(case) = &model.case else { return };
    let Screen::Triage(triage) = &model.screen else { return };
    let Some(finding) = case.diagnosis.findings.get(triage.finding) else {
        model.say(Tone::Plain, "Nothing was found that could be jumped to.");
        return;
    };
    let count = finding.evidence.len();
    let more = finding.more_evidence;
    if count == 0 {
        return;
    }
    let next = (triage.evidence + count).saturating_add_signed(by) % count;
    show_evidence(model, next);
    let beyond = if more > 0 { format!(", {more} more not listed") } else { String::new() };
    model.say(Tone::Plain, format!("place {} of {count}{beyond}", next + 1));
}

/// The findings that the line under the cursor shows, best first.
fn findings_here(model: &Model) -> Vec<usize> {
    let (Screen::Triage(triage), Some(case)) = (&model.screen, &model.case) else { return Vec::new() };
    let Some(log) = case.logs.get(triage.input) else { return Vec::new() };
    let Some(piece) = log.pieces.get(log.piece_here()) else { return Vec::new() };
    let mut found: Vec<usize> = log.marks_in(piece.range.clone()).map(|mark| mark.finding).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn open_line(model: &mut Model) -> Vec<Effect> {
    let here = findings_here(model);
    if let Some(log) = log_mut(model)
        && matches!(log.rows.get(log.cursor), Some(Row::Fold(_)))
    {
        log.toggle_fold();
        return Vec::new();
    }
    let Screen::Triage(triage) = &mut model.screen else { return Vec::new() };
    let chosen = if here.contains(&triage.finding) { Some(triage.finding) } else { here.first().copied() };
    match chosen {
        Some(finding) => {
            triage.finding = finding;
            open_finding(model)
        }
        None => explain(model),
    }
}

fn open_finding(model: &mut Model) -> Vec<Effect> {
    let (Screen::Triage(triage), Some(case)) = (&model.screen, &model.case) else { return Vec::new() };
    let Some(finding) = case.diagnosis.findings.get(triage.finding) else { return Vec::new() };
    let (id, scope) = (finding.id.clone(), case.key.clone());
    crate::app::page::open(model, &id, &scope)
}

/// The codes and names that the line under the cursor holds, as written.
#[must_use]
pub fn terms_here(model: &Model) -> Vec<String> {
    let (Screen::Triage(triage), Some(case)) = (&model.screen, &model.case) else { return Vec::new() };
    let Some(log) = case.logs.get(triage.input) else { return Vec::new() };
    let Some(piece) = log.pieces.get(log.piece_here()) else { return Vec::new() };
    crate::app::card::terms(log.text(log.piece_here()), &case.diagnosis, triage.input, piece.line)
}

fn explain(model: &mut Model) -> Vec<Effect> {
    let Some(term) = terms_here(model).into_iter().next() else {
        model.say(Tone::Plain, "No code on this line.");
        return Vec::new();
    };
    crate::app::card::open(model, &term)
}

fn toggle_noise(model: &mut Model) {
    let Some(case) = &model.case else { return };
    let Screen::Triage(triage) = &mut model.screen else { return };
    triage.no_noise = !triage.no_noise;
    let listed = triage.listed(case);
    if !listed.contains(&triage.finding) {
        triage.finding = listed.first().copied().unwrap_or(0);
    }
    let hidden = case.diagnosis.findings.len() - listed.len();
    let told = if triage.no_noise { format!("{hidden} harmless hidden") } else { "harmless findings shown".to_owned() };
    model.say(Tone::Plain, told);
}

fn turn_tab(model: &mut Model, forward: bool) {
    let count = model.case.as_ref().map_or(0, |case| case.logs.len());
    let Screen::Triage(triage) = &mut model.screen else { return };
    if count > 1 {
        triage.input = if forward { triage.input + 1 } else { triage.input + count - 1 } % count;
    } else {
        model.say(Tone::Plain, "Only one input; paste or open another to add it.");
    }
}

fn close_tab(model: &mut Model) -> Vec<Effect> {
    let Screen::Triage(triage) = &model.screen else { return Vec::new() };
    let input = triage.input;
    let Some(case) = &model.case else { return Vec::new() };
    if case.inputs.len() < 2 {
        model.say(Tone::Plain, format!("The only input stays; {} begins another case.", model.keymap.key_of(Action::NewCase)));
        return Vec::new();
    }
    let rest = case.inputs.iter().enumerate().filter(|(number, _)| *number != input).map(|(_, input)| input.clone()).collect();
    let before = case.clone();
    model.undo.push(Undo::Case(Box::new(before)));
    model.say(Tone::Plain, format!("Taken out; {} brings it back.", model.keymap.key_of(Action::Undo)));
    diagnose(model, Arc::new(rest))
}

fn copy_finding(model: &Model) -> Vec<Effect> {
    let (Screen::Triage(triage), Some(case)) = (&model.screen, &model.case) else { return Vec::new() };
    let Some(finding) = case.diagnosis.findings.get(triage.finding) else { return Vec::new() };
    vec![Effect::Copy(report::finding(finding, case, &model.record), "the finding".into())]
}

/// Brings scrolling in line with the cursor and the size of the screen.
pub(crate) fn settle(model: &mut Model) {
    let (width, height) = log_size(model);
    if let Some(log) = log_mut(model) {
        log.reveal(width, height);
    }
    let panes = model.panes();
    let Some(case) = &model.case else { return };
    let Screen::Triage(triage) = &mut model.screen else { return };
    let listed = triage.listed(case);
    let (list, _) = layout::findings(panes.right, listed.len());
    let at = listed.iter().position(|number| *number == triage.finding).unwrap_or(0);
    triage.top = layout::scrolled(triage.top, at, usize::from(list.height / 2));
}
