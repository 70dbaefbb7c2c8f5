//! A page: its text on the left, its checklist on the right.

use crate::app::action::Action;
use crate::app::edit::Edit;
use crate::app::ink::Role;
use crate::app::layout;
use crate::app::message::{Effect, Put};
use crate::app::model::{Model, Overlay, Screen, Side, Tone, Undo};
use crate::app::popup::{Choice, Item, Popup, Prompt, PromptKind};
use crate::app::prose::{Prose, ticked};
use crate::app::record::{Recent, StepKey, TickState};
use crate::app::select::Selection;
use crate::app::{cases, page_text, report};
use crate::knowledge::Step;
use crate::text::clean;

/// A page on the screen.
#[derive(Debug, Clone, Default)]
pub struct PageView {
    /// The id of the page or guide.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The case to which ticks belong; empty outside of one.
    pub scope: String,
    /// The summary, filled with what the input said where there is one.
    pub summary: String,
    /// The checklist, filled likewise.
    pub steps: Vec<Step>,
    /// The pane that has the keys.
    pub side: Side,
    /// The text, laid out.
    pub prose: Prose,
    /// The cells for which it is laid out.
    pub width: usize,
    /// The first line that is seen.
    pub top: usize,
    /// The selected step.
    pub step: usize,
    /// The first step that is seen.
    pub step_top: usize,
    /// The marked link.
    pub link: Option<usize>,
    /// What is sought in the page.
    pub sought: String,
    /// The topic's title, or what else it is.
    pub topic: &'static str,
    /// There is room to show every step whole.
    pub roomy: bool,
    /// What is selected of the text.
    pub selection: Option<Selection>,
}

impl PageView {
    /// The key of a step.
    #[must_use]
    pub fn key(&self, step: usize) -> Option<StepKey> {
        self.steps.get(step).map(|step| StepKey { scope: self.scope.clone(), page: self.id.clone(), step: step.id.clone() })
    }
}

/// Opens a page or guide in the scope of a case.
pub(crate) fn open(model: &mut Model, id: &str, scope: &str) -> Vec<Effect> {
    let Some(engine) = model.engine.clone() else {
        model.say(Tone::Plain, "One moment: the pages are still being read.");
        return Vec::new();
    };
    let Some(mut view) = page_text::read(&engine, id) else {
        model.say(Tone::Bad, format!("There is no page `{}`.", clean(id).text));
        return Vec::new();
    };
    scope.clone_into(&mut view.scope);
    let found = model
        .case
        .as_ref()
        .filter(|case| case.key == scope)
        .and_then(|case| case.diagnosis.findings.iter().find(|finding| finding.id == view.id));
    if let Some(finding) = found {
        view.summary.clone_from(&finding.why);
        view.steps.clone_from(&finding.checklist);
    }
    view.side = if view.steps.is_empty() { Side::Left } else { Side::Right };
    let first_open = (0..view.steps.len()).find(|step| view.key(*step).is_some_and(|key| model.record.tick(&key).state == TickState::Open));
    view.step = first_open.unwrap_or(0);
    let recent = Recent { page: view.id.clone(), scope: scope.to_owned(), name: view.title.clone() };
    remember(model, recent.clone());
    model.go(Screen::Page(Box::new(view)));
    vec![Effect::LoadTicks(scope.to_owned(), model.record.age), Effect::Save(Put::Recent(recent))]
}

/// Puts something in front of what was open lately.
pub(crate) fn remember(model: &mut Model, recent: Recent) {
    let same = |known: &Recent| {
        known.page == recent.page
            && (known.scope == recent.scope && !recent.page.is_empty() || known.name == recent.name && recent.page.is_empty())
    };
    model.record.recent.retain(|known| !same(known));
    model.record.recent.insert(0, recent);
    model.record.recent.truncate(50);
}

/// Brings layout and scrolling in line with the size of the screen.
pub(crate) fn settle(model: &mut Model) {
    let panes = model.panes();
    let inner = panes.left.inner();
    let (_, list, _) = layout::checklist(panes.right);
    let Some(engine) = model.engine.clone() else { return };
    let Screen::Page(view) = &mut model.screen else { return };
    let width = usize::from(inner.width.saturating_sub(1));
    if inner.width > 0 && view.width != width {
        let share = view.top * 1_000 / view.prose.lines.len().max(1);
        view.prose = page_text::set(&engine, view, width);
        view.width = width;
        view.selection = None;
        view.top = view.prose.lines.len() * share / 1_000;
    }
    view.top = view.top.min(view.prose.lines.len().saturating_sub(usize::from(inner.height)));
    let height = usize::from(list.height);
    let width = usize::from(list.width);
    view.roomy = true;
    view.roomy = (0..view.steps.len()).map(|step| step_height(view, step, width)).sum::<usize>() <= height;
    while view.step_top < view.step && (view.step_top..=view.step).map(|step| step_height(view, step, width)).sum::<usize>() > height {
        view.step_top += 1;
    }
    view.step_top = view.step_top.min(view.step);
}

/// The rows that a step takes in a list of this width: the selected one is shown whole.
#[must_use]
pub fn step_height(view: &PageView, step: usize, width: usize) -> usize {
    let Some(of) = view.steps.get(step) else { return 0 };
    let rows = crate::app::prose::lines(&ticked(&of.text, Role::Text), width.saturating_sub(5), usize::MAX).len();
    if view.roomy || step == view.step { rows } else { rows.min(2) }
}

/// Does an action on a page.
pub(crate) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let height = usize::from(model.panes().left.inner().height).max(1);
    let (times, number) = (model.times(), model.count.1);
    let Screen::Page(view) = &mut model.screen else { return None };
    let left = view.side == Side::Left;
    match action {
        Action::Down | Action::Up | Action::PageDown | Action::PageUp | Action::Top | Action::Bottom if left => {
            move_text(view, action, height, (times, number));
        }
        Action::Down | Action::Up | Action::PageDown | Action::PageUp | Action::Top | Action::Bottom => {
            move_steps(view, action, times, number);
        }
        Action::Select if view.selection.is_some() => view.selection = None,
        Action::Select => view.selection = Some(Selection::row(view.top)),
        Action::Back => return view.selection.take().map(|_| Vec::new()),
        Action::Copy if view.selection.is_some() => {
            let text = view.selection.take().map(|selection| view.prose.selected(&selection)).unwrap_or_default();
            return Some(vec![Effect::Copy(text, "the selected text".into())]);
        }
        Action::Snippets => snippets(model),
        Action::Tick => return Some(turn(model, TickState::Done)),
        Action::Skip => return Some(turn(model, TickState::Skipped)),
        Action::Note => {
            let key = view.key(view.step)?;
            let note = model.record.tick(&key).note;
            model.overlay = Some(Overlay::Prompt(Prompt { kind: PromptKind::Note(key), edit: Edit::with(&note) }));
        }
        Action::CopyCommand => {
            let command = view.steps.get(view.step).map(|step| step.command.clone()).unwrap_or_default();
            if command.is_empty() {
                model.say(Tone::Plain, "This step has no command.");
            } else {
                return Some(vec![Effect::Copy(command, "the command".into())]);
            }
        }
        Action::Open if left => return Some(follow(model)),
        Action::NextLink => (0..times.min(1_000)).for_each(|_| mark_link(model, true, height)),
        Action::PreviousLink => (0..times.min(1_000)).for_each(|_| mark_link(model, false, height)),
        Action::CopySnippet => return Some(copy_snippet(model, number)),
        Action::SearchHere => model.overlay = Some(Overlay::Prompt(Prompt { kind: PromptKind::SearchPage, edit: Edit::default() })),
        Action::Next => (0..times.min(1_000)).for_each(|_| step_match(model, true)),
        Action::Previous => (0..times.min(1_000)).for_each(|_| step_match(model, false)),
        Action::Outline => model.overlay = Some(Overlay::Popup(outline(view))),
        Action::KeepCase => cases::ask_depth(model),
        Action::CaseState => cases::ask_state(model),
        Action::Bookmark => return Some(bookmark(model)),
        Action::Copy => {
            let text = report::checklist(view, &model.record);
            return Some(crate::app::leaving::copy(model, text, "the checklist"));
        }
        _ => return None,
    }
    Some(Vec::new())
}

fn move_steps(view: &mut PageView, action: Action, times: usize, number: Option<usize>) {
    let last = view.steps.len().saturating_sub(1);
    view.step = match (action, number) {
        (Action::Down, _) => (view.step + times).min(last),
        (Action::Up, _) => view.step.saturating_sub(times),
        (Action::Top | Action::Bottom, Some(number)) => (number - 1).min(last),
        (Action::PageDown | Action::Bottom, _) => last,
        _ => 0,
    };
}

/// Scrolls the text; while rows are selected, the end of the selection moves and the text follows it.
fn move_text(view: &mut PageView, action: Action, height: usize, (times, number): (usize, Option<usize>)) {
    let last = view.prose.lines.len().saturating_sub(1);
    let selected = view.selection.filter(|selection| selection.rows);
    let from = selected.map_or(view.top, |selection| selection.head.row);
    let page = height.saturating_sub(2).max(1) * times;
    let to = match (action, number) {
        (Action::Down, _) => from + times,
        (Action::Up, _) => from.saturating_sub(times),
        (Action::PageDown, _) => from + page,
        (Action::PageUp, _) => from.saturating_sub(page),
        (_, Some(number)) => number - 1,
        (Action::Top, None) => 0,
        _ => last,
    };
    let to = to.min(last);
    match &mut view.selection {
        Some(selection) if selection.rows => {
            selection.head.row = to;
            view.top = layout::scrolled(view.top, to, height);
        }
        _ => view.top = to,
    }
}

fn turn(model: &mut Model, to: TickState) -> Vec<Effect> {
    let Screen::Page(view) = &mut model.screen else { return Vec::new() };
    let Some(key) = view.key(view.step) else { return Vec::new() };
    let before = model.record.tick(&key);
    let mut after = before.clone();
    after.state = if before.state == to { TickState::Open } else { to };
    if after.state != TickState::Open {
        view.step = (view.step + 1).min(view.steps.len().saturating_sub(1));
    }
    let settled = model.record.settled(&key.scope, &key.page, view.steps.iter().map(|step| step.id.as_str()));
    let (total, was_open) = (view.steps.len(), before.state == TickState::Open);
    if was_open && settled + 1 == total {
        model.say(Tone::Good, "Every step is settled.");
    }
    model.undo.push(Undo::Tick(key.clone(), before));
    model.record.set(key.clone(), after.clone());
    let mut effects = vec![Effect::Save(Put::Tick(key.clone(), after))];
    effects.extend(cases::as_you_go(model, &key.scope));
    effects
}

fn mark_link(model: &mut Model, forward: bool, height: usize) {
    let Screen::Page(view) = &mut model.screen else { return };
    let count = view.prose.links.len();
    if count == 0 {
        model.say(Tone::Plain, "No links on this page.");
        return;
    }
    let first = view.prose.links.iter().position(|link| link.line >= view.top).unwrap_or(0);
    let next = match view.link {
        Some(link) if forward => (link + 1) % count,
        Some(link) => (link + count - 1) % count,
        None => first,
    };
    view.link = Some(next);
    let Some(link) = view.prose.links.get(next) else { return };
    if link.line < view.top || link.line >= view.top + height {
        view.top = link.line.saturating_sub(height / 3);
    }
    let target = clean(&link.target).text;
    model.say(Tone::Plain, format!("link {} of {count}: {target}", next + 1));
}

fn follow(model: &mut Model) -> Vec<Effect> {
    let Screen::Page(view) = &model.screen else { return Vec::new() };
    let Some(target) = view.link.and_then(|link| view.prose.links.get(link)).map(|link| link.target.clone()) else {
        model.say(Tone::Plain, format!("Mark a link with {} first.", model.keymap.key_of(Action::NextLink)));
        return Vec::new();
    };
    let scope = view.scope.clone();
    follow_to(model, &target, &scope)
}

/// Follows a link to a page, a code or an address.
pub(crate) fn follow_to(model: &mut Model, target: &str, scope: &str) -> Vec<Effect> {
    if target.starts_with("https://") {
        return vec![Effect::Visit(target.to_owned())];
    }
    let id = target.rsplit('/').next().unwrap_or(target).trim_end_matches(".md");
    open(model, id, scope)
}

/// Copies a snippet: the one with this number, counted from 1, else the first on the screen.
pub(crate) fn copy_snippet(model: &mut Model, number: Option<usize>) -> Vec<Effect> {
    let Screen::Page(view) = &model.screen else { return Vec::new() };
    let snippets = &view.prose.snippets;
    let first = || snippets.iter().position(|snippet| snippet.line >= view.top).or(snippets.len().checked_sub(1));
    let at = number.map_or_else(first, |number| number.checked_sub(1));
    if let Some((at, text)) = at.and_then(|at| snippets.get(at).map(|snippet| (at, snippet.text.clone()))) {
        return vec![Effect::Copy(text, format!("snippet {}", at + 1))];
    }
    let told = match snippets.len() {
        0 => "No snippet on this page.".to_owned(),
        1 => "This page has one snippet.".to_owned(),
        count => format!("This page has {count} snippets."),
    };
    model.say(Tone::Plain, told);
    Vec::new()
}

fn snippets(model: &mut Model) {
    let Screen::Page(view) = &model.screen else { return };
    let item = |(number, snippet): (usize, &crate::app::prose::Snippet)| Item {
        label: format!("{}  {}", number + 1, clean(snippet.text.lines().next().unwrap_or("")).text),
        detail: match snippet.text.lines().count() {
            1 => String::new(),
            lines => format!("{lines} lines"),
        },
        choice: Choice::Snippet(number + 1),
    };
    let items: Vec<Item> = view.prose.snippets.iter().enumerate().map(item).collect();
    if items.is_empty() {
        model.say(Tone::Plain, "No snippet on this page.");
    } else {
        model.overlay = Some(Overlay::Popup(Popup::new("Copy a snippet", items)));
    }
}

/// Seeks a text in the page.
pub(crate) fn search(model: &mut Model, sought: &str) {
    let Screen::Page(view) = &mut model.screen else { return };
    sought.clone_into(&mut view.sought);
    let found = view.prose.lines_with(sought);
    let count = found.len();
    let next = found.iter().find(|line| **line >= view.top).or(found.first()).copied();
    if let Some(line) = next {
        view.side = Side::Left;
        view.top = line.saturating_sub(2);
        model.say(Tone::Plain, format!("{count} lines hold it"));
    } else if !sought.is_empty() {
        model.say(Tone::Bad, "Not on this page.");
    }
}

fn step_match(model: &mut Model, forward: bool) {
    let Screen::Page(view) = &mut model.screen else { return };
    let found = view.prose.lines_with(&view.sought);
    let here = view.top + 2;
    let next = if forward {
        found.iter().find(|line| **line > here).or(found.first())
    } else {
        found.iter().rev().find(|line| **line < here).or(found.last())
    };
    match next {
        Some(line) => view.top = line.saturating_sub(2),
        None => model.say(Tone::Plain, format!("Nothing is sought; {} seeks in this page.", model.keymap.key_of(Action::SearchHere))),
    }
}

fn outline(view: &PageView) -> Popup {
    let item = |(line, level, text): &(usize, u8, String)| Item {
        label: format!("{}{text}", "  ".repeat(usize::from(level.saturating_sub(1)))),
        detail: String::new(),
        choice: Choice::Line(*line),
    };
    Popup::new("Headings", view.prose.headings.iter().map(item).collect())
}

fn bookmark(model: &mut Model) -> Vec<Effect> {
    let Screen::Page(view) = &model.screen else { return Vec::new() };
    let id = view.id.clone();
    let on = !model.record.bookmarks.remove(&id);
    if on {
        model.record.bookmarks.insert(id.clone());
    }
    model.undo.push(Undo::Bookmark(id.clone(), !on));
    model.say(Tone::Good, if on { "Bookmarked." } else { "Bookmark taken away." });
    vec![Effect::Save(Put::Bookmark(id, on))]
}
