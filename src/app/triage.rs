//! The diagnosis: a log on the left, what was found in it on the right.

use crate::app::action::Action;
use crate::app::case::Case;
use crate::app::findings::{entry_height, findings_place, move_list, select};
use crate::app::layout;
use crate::app::log::{Log, Row};
use crate::app::message::{Effect, Put};
use crate::app::model::{Model, Screen, Side, Tone, Undo};
use crate::app::popup::{Prompt, PromptKind};
use crate::app::select::Selection;
use crate::app::told::Told;
use crate::app::{cases, edit::Edit, model::Overlay, narrow, report};
use crate::engine::{Evidence, Finding, Input};
use crate::knowledge::Severity;
use std::sync::Arc;

/// The screen of a diagnosis.
#[derive(Debug, Clone, Default)]
pub struct Triage {
    /// The pane that has the keys.
    pub side: Side,
    /// The input that is shown.
    pub input: usize,
    /// The selected finding, by its number in the diagnosis.
    pub finding: usize,
    /// The place of it that was jumped to last.
    pub evidence: usize,
    /// The first entry of the list that is seen.
    pub top: usize,
    /// Harmless findings are not listed.
    pub no_noise: bool,
    /// Tokens and keys in the text are shown.
    pub reveal: bool,
    /// Only findings of this topic are listed.
    pub topic: Option<&'static str>,
    /// More is told of the line under the cursor.
    pub more: bool,
    /// What that line says.
    pub told: Told,
    /// What is selected of the log.
    pub selection: Option<Selection>,
}

impl Triage {
    /// The numbers of the findings that are listed.
    #[must_use]
    pub fn listed(&self, case: &Case) -> Vec<usize> {
        let written = |evidence: &Evidence| case.logs.get(evidence.input).is_none_or(|log| log.is_wanted(evidence.place.line - 1));
        let shown = |finding: &Finding| {
            (!self.no_noise || finding.severity != Severity::Noise)
                && self.topic.is_none_or(|topic| finding.topic == topic)
                && (finding.evidence.is_empty() || finding.evidence.iter().any(written))
        };
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
    show(model);
    diagnose(model, Arc::new(inputs))
}

/// Shows the screen of a diagnosis, one that has nothing yet.
pub(crate) fn show(model: &mut Model) {
    if !matches!(model.screen, Screen::Triage(_)) {
        model.trail.0.retain(|screen| !matches!(screen, Screen::Triage(_)));
        model.go(Screen::Triage(Triage::default()));
    }
}

/// Asks for the diagnosis of inputs. A case that was reopened stays the same case whatever its inputs are.
pub(crate) fn diagnose(model: &mut Model, inputs: Arc<Vec<Input>>) -> Vec<Effect> {
    if let Some(known) = model.case.as_ref().and_then(|case| case.known.clone()) {
        model.work.reopened = Some(Box::new(cases::Reopened { key: known.0, name: known.1, before: None }));
    }
    let id = model.ask();
    model.work.diagnosis = Some(id);
    model.work.bytes = inputs.iter().map(|input| input.bytes.len()).sum();
    model.work.beat = 0;
    vec![Effect::Diagnose(id, inputs)]
}

/// Pastes get numbers, so that tabs can be told apart.
fn name_alike(inputs: &mut [Input]) {
    let several = inputs.iter().filter(|input| input.name.starts_with(PASTED)).count() > 1;
    for (number, input) in inputs.iter_mut().filter(|input| input.name.starts_with(PASTED)).enumerate() {
        input.name = if several { format!("pasted {}", number + 1) } else { "pasted".to_owned() };
    }
}

/// A diagnosis arrived.
pub(crate) fn arrived(model: &mut Model, mut case: Case) -> Vec<Effect> {
    let reopened = model.work.reopened.take();
    if let Some(reopened) = &reopened {
        case.key.clone_from(&reopened.key);
        case.known = Some((reopened.key.clone(), reopened.name.clone()));
    }
    let same = model.case.as_ref().is_some_and(|before| before.key == case.key);
    let grown = same && model.case.as_ref().is_some_and(|before| before.inputs.len() < case.inputs.len());
    let (key, name, inputs) = (case.key.clone(), kept_name(&case), case.inputs.len());
    let real = case.diagnosis.findings.iter().filter(|finding| finding.severity != Severity::Noise).count();
    let noise = case.diagnosis.findings.len() - real;
    model.case = Some(case);
    if let Some(triage) = triage_mut(model) {
        *triage = Triage { no_noise: triage.no_noise, more: triage.more, ..Triage::default() };
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
    cases::seen(model, &key, &name);
    let mut effects = vec![Effect::LoadTicks(key.clone(), model.record.age), Effect::Save(Put::Case(key, name))];
    effects.extend(reopened.and_then(|reopened| cases::told_again(model, &reopened)));
    effects.extend(grown.then(|| cases::keep_more(model)).flatten());
    effects
}

/// What a paste is called.
pub(crate) const PASTED: &str = "pasted";

/// The name by which a case is remembered: its file, or what was found in the paste, whose text is not kept.
fn kept_name(case: &Case) -> String {
    if let Some((_, name)) = &case.known {
        return name.clone();
    }
    let name = case.name();
    match case.diagnosis.findings.first() {
        Some(finding) if name.starts_with(PASTED) => format!("{name}: {}", finding.title),
        _ => name,
    }
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
        Action::Next => step_evidence(model, isize::try_from(model.times()).unwrap_or(1)),
        Action::Previous => step_evidence(model, -isize::try_from(model.times()).unwrap_or(1)),
        Action::NextFinding => move_list(model, Action::Down),
        Action::PreviousFinding => move_list(model, Action::Up),
        Action::Open if left => return Some(open_line(model)),
        Action::Open => {
            if let Some(number) = model.count.1 {
                select(model, number - 1);
            }
            return Some(open_finding(model));
        }
        Action::ExplainLine => toggle_more(model)?,
        Action::OpenCard => return Some(explain(model)),
        Action::Select => toggle_selection(model)?,
        Action::Fold => {
            if !log_mut(model)?.toggle_fold() {
                model.say(Tone::Plain, "No group of lines here to fold.");
            }
        }
        Action::FoldAll => log_mut(model)?.toggle_all(),
        Action::ToggleNoise => toggle_noise(model),
        Action::Artifacts => return Some(crate::app::inspect::open(model)),
        Action::Reveal => reveal(model),
        Action::KeepCase => cases::ask_depth(model),
        Action::CaseState => cases::ask_state(model),
        Action::NextTab => turn_tab(model, true),
        Action::PreviousTab => turn_tab(model, false),
        Action::CloseTab => return Some(close_tab(model)),
        Action::Filter => {
            let text = log_mut(model).map(|log| log.filter.clone()).unwrap_or_default();
            model.overlay = Some(Overlay::Prompt(Prompt { kind: PromptKind::Filter, edit: Edit::with(&text) }));
        }
        Action::FilterProcess => return Some(narrow::ask_process(model)),
        Action::FilterTopic => narrow::ask_topic(model),
        Action::Back => return narrow::drop_one(model).then(Vec::new),
        Action::Copy | Action::CopyReport if triage.selection.is_some() => return Some(copy_selection(model, action)),
        Action::Copy => return Some(copy_finding(model)),
        Action::CopyReport => {
            let text = report::whole(model.case.as_ref()?, &model.record);
            return Some(crate::app::leaving::copy(model, text, "the report"));
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
    let Screen::Triage(triage) = &model.screen else { return (0, 0) };
    let (text, ..) = layout::log(model.panes().left, triage.more);
    let lines = model.case.as_ref().and_then(|case| case.logs.get(triage.input)).map_or(0, |log| log.document.line_count());
    (usize::from(text.width.saturating_sub(layout::gutter(text, lines))), usize::from(text.height))
}

fn move_log(model: &mut Model, action: Action) {
    let (width, height) = log_size(model);
    let (times, number) = (model.times(), model.count.1);
    let Some(log) = log_mut(model) else { return };
    let by = isize::try_from(times).unwrap_or(1);
    match (action, number) {
        (Action::Down, _) => log.step(by),
        (Action::Up, _) => log.step(-by),
        (Action::PageDown, _) => (0..times.min(100)).for_each(|_| log.page(true, width, height)),
        (Action::PageUp, _) => (0..times.min(100)).for_each(|_| log.page(false, width, height)),
        (_, Some(line)) => log.go_to(log.document.line_range(line.min(log.document.line_count()) - 1).start),
        (Action::Top, None) => log.cursor = 0,
        _ => log.cursor = log.rows.len().saturating_sub(1),
    }
    let last = log.pieces_of(log.cursor);
    let Screen::Triage(triage) = &mut model.screen else { return };
    if let Some(selection) = triage.selection.as_mut().filter(|selection| selection.rows) {
        selection.head.row = if selection.anchor.row <= last.start { last.end.saturating_sub(1) } else { last.start };
    }
}

/// Shows a place of the selected finding in the log.
pub(crate) fn show_evidence(model: &mut Model, number: usize) {
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
    let length = isize::try_from(count).unwrap_or(1);
    let next = (isize::try_from(triage.evidence).unwrap_or(0) + by).rem_euclid(length).unsigned_abs();
    let again = if by > 0 && next <= triage.evidence && count > 1 { ", from the first one again" } else { "" };
    show_evidence(model, next);
    let beyond = if more > 0 { format!(", {more} more not listed") } else { String::new() };
    model.say(Tone::Plain, format!("place {} of {count}{beyond}{again}", next + 1));
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

fn explain(model: &mut Model) -> Vec<Effect> {
    let Screen::Triage(triage) = &model.screen else { return Vec::new() };
    let card = triage.told.cards.first().map(|card| {
        let code = card.entry.code.as_ref().map(ToString::to_string);
        format!("{}:{}", card.entry.domain, code.or_else(|| card.entry.name.clone()).unwrap_or_default())
    });
    let Some(term) = card else {
        model.say(Tone::Plain, "No code on this line that a catalogue has.");
        return Vec::new();
    };
    crate::app::card::open(model, &term)
}

fn toggle_more(model: &mut Model) -> Option<()> {
    let Screen::Triage(triage) = &mut model.screen else { return None };
    triage.more = !triage.more;
    // Where there is one pane at a time, the explanation stands in the other one.
    triage.side = if triage.more { Side::Left } else { triage.side };
    Some(())
}

fn toggle_selection(model: &mut Model) -> Option<()> {
    let pieces = log_mut(model).map(|log| log.pieces_of(log.cursor))?;
    let Screen::Triage(triage) = &mut model.screen else { return None };
    triage.selection = if triage.selection.is_some() { None } else { Some(Selection::row(pieces.start)) };
    if let Some(selection) = &mut triage.selection {
        selection.head.row = pieces.end.saturating_sub(1);
    }
    Some(())
}

/// Copies what is selected of the log: as it stands, or as Markdown that says whence it is.
fn copy_selection(model: &mut Model, action: Action) -> Vec<Effect> {
    let (Screen::Triage(triage), Some(case)) = (&mut model.screen, &model.case) else { return Vec::new() };
    let (Some(selection), Some(log)) = (triage.selection.take(), case.logs.get(triage.input)) else { return Vec::new() };
    let text = log.selected(&selection);
    let (first, last) = selection.ends();
    let line = |row: usize| log.pieces.get(row).map_or(0, |piece| piece.line + 1);
    let (first, last) = (line(first.row), line(last.row));
    let lines = if first == last { format!("line {first}") } else { format!("lines {first} to {last}") };
    let text = if action == Action::CopyReport { report::quoted(&case.input_name(triage.input), &lines, &text) } else { text };
    crate::app::leaving::copy(model, text, lines)
}

fn toggle_noise(model: &mut Model) {
    let Some(case) = &model.case else { return };
    let Screen::Triage(triage) = &mut model.screen else { return };
    triage.no_noise = !triage.no_noise;
    let listed = triage.listed(case);
    if !listed.contains(&triage.finding) {
        triage.finding = listed.first().copied().unwrap_or(0);
    }
    let hidden = case.diagnosis.findings.iter().filter(|finding| finding.severity == Severity::Noise).count();
    let told = if triage.no_noise { format!("{hidden} harmless hidden") } else { "harmless findings shown".to_owned() };
    model.say(Tone::Plain, told);
}

fn turn_tab(model: &mut Model, forward: bool) {
    let count = model.case.as_ref().map_or(0, |case| case.logs.len());
    let number = model.count.1;
    let Screen::Triage(triage) = &mut model.screen else { return };
    if let Some(number) = number.filter(|number| *number <= count) {
        triage.input = number - 1;
    } else if count > 1 {
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

fn copy_finding(model: &mut Model) -> Vec<Effect> {
    let (Screen::Triage(triage), Some(case)) = (&model.screen, &model.case) else { return Vec::new() };
    let Some(finding) = case.diagnosis.findings.get(triage.finding) else { return Vec::new() };
    let text = report::finding(finding, case, &model.record);
    crate::app::leaving::copy(model, text, "the finding")
}

/// Brings scrolling, and what is told of the line, in line with the cursor and the size of the screen.
pub(crate) fn settle(model: &mut Model) {
    let (width, height) = log_size(model);
    if let Some(log) = log_mut(model) {
        log.reveal(width, height);
    }
    let (list, _) = findings_place(model);
    let Some(case) = &model.case else { return };
    let Screen::Triage(triage) = &mut model.screen else { return };
    if let (Some(engine), Some(log)) = (&model.engine, case.logs.get(triage.input)) {
        triage.told = Told::of(std::mem::take(&mut triage.told), engine, case, log, triage.input);
    }
    let listed = triage.listed(case);
    let at = listed.iter().position(|number| *number == triage.finding).unwrap_or(0);
    // All but the selected one take two rows.
    let own = case.diagnosis.findings.get(triage.finding).map_or(2, |finding| entry_height(finding, usize::from(list.width), true));
    let before = usize::from(list.height).saturating_sub(own) / 2;
    triage.top = triage.top.clamp(at.saturating_sub(before), at);
}
