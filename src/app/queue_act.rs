//! What keys do on the forum queue, and what comes back from the store.

use crate::app::action::Action;
use crate::app::edit::Edit;
use crate::app::layout;
use crate::app::message::Effect;
use crate::app::model::{Model, Overlay, Screen, Side, Tone};
use crate::app::popup::{Prompt, PromptKind};
use crate::app::queue::{OpenThread, Queue, QueueRow};
use crate::app::{page, queue_text};
use crate::forum::{Row, ThreadState, Triaged, stats};
use std::collections::BTreeSet;

/// A change of threads, as the store is told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThreadChange {
    /// The state.
    State(ThreadState),
    /// The note.
    Note(String),
}

/// Shows the queue, and asks for its rows.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    if !matches!(model.screen, Screen::Queue(_)) {
        model.go(Screen::Queue(Box::new(Queue { side: Side::Left, ..Queue::default() })));
    }
    vec![Effect::LoadQueue]
}

/// The rows have arrived.
pub(crate) fn arrived(model: &mut Model, rows: Vec<QueueRow>) -> Vec<Effect> {
    let Screen::Queue(queue) = &mut model.screen else { return Vec::new() };
    queue.take(rows);
    let empty = queue.rows.is_empty();
    if empty {
        model.say(Tone::Plain, "The queue is empty; `pitfall forum import PAGE` fills it.");
    }
    show(model)
}

/// A thread has arrived that was asked for.
pub(crate) fn opened(model: &mut Model, triaged: Triaged, edited: String) {
    let width = usize::from(model.panes().right.inner().width);
    let Screen::Queue(queue) = &mut model.screen else { return };
    let triaged = std::sync::Arc::new(triaged);
    let prose = queue_text::set(&triaged, &edited, width);
    queue.open = Some(OpenThread { triaged, edited, prose, width });
    queue.top = 0;
}

/// The store has found the filter in the texts of these threads.
pub(crate) fn found(model: &mut Model, ids: Vec<String>) -> Vec<Effect> {
    let Screen::Queue(queue) = &mut model.screen else { return Vec::new() };
    queue.in_text = ids.into_iter().collect();
    queue.narrow();
    show(model)
}

/// Asks for the selected thread, unless it is the one that is open.
fn show(model: &mut Model) -> Vec<Effect> {
    let Screen::Queue(queue) = &mut model.screen else { return Vec::new() };
    let Some(id) = queue.selected().map(|row| row.row.id.clone()) else {
        queue.open = None;
        return Vec::new();
    };
    if queue.open.as_ref().is_some_and(|open| open.triaged.sorted.thread.id == id) {
        return Vec::new();
    }
    let number = model.ask();
    model.work.thread = Some(number);
    vec![Effect::OpenThread(number, id)]
}

/// A filter as it is typed.
pub(crate) fn filter(model: &mut Model, text: &str) -> Vec<Effect> {
    let Screen::Queue(queue) = &mut model.screen else { return Vec::new() };
    text.clone_into(&mut queue.filter);
    queue.in_text = BTreeSet::new();
    queue.at = (0, 0);
    queue.narrow();
    let mut effects = show(model);
    if text.trim().chars().count() >= 3 {
        let number = model.ask();
        model.work.thread_search = Some(number);
        effects.push(Effect::SearchQueue(number, text.to_owned()));
    }
    effects
}

/// Does an action on the queue.
pub(crate) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let height = usize::from(model.panes().left.inner().height.max(model.panes().right.inner().height)).max(1);
    let Screen::Queue(queue) = &mut model.screen else { return None };
    if let Some(to) = state_of(action) {
        return Some(change(model, &ThreadChange::State(to)));
    }
    match action {
        Action::NextTab => return Some(turn(model, 1)),
        Action::PreviousTab => {
            let all_but_one = queue.parts.len().max(1) - 1;
            return Some(turn(model, all_but_one));
        }
        Action::Tick => mark(queue),
        Action::MarkAll => mark_all(queue),
        Action::Statistics => {
            let rows: Vec<Row> = queue.rows.iter().map(|row| row.row.clone()).collect();
            let newest = rows.iter().filter_map(|row| row.at).max().unwrap_or(0);
            queue.stats = if queue.stats.is_some() { None } else { Some(stats(&rows, newest)) };
        }
        Action::Filter => {
            let edit = Edit::with(&queue.filter);
            model.overlay = Some(Overlay::Prompt(Prompt { kind: PromptKind::FilterQueue, edit }));
        }
        Action::Note => {
            let note = queue.selected().map(|row| row.note.clone()).unwrap_or_default();
            let ids = queue.chosen();
            model.overlay = Some(Overlay::Prompt(Prompt { kind: PromptKind::NoteThreads(ids), edit: Edit::with(&note) }));
        }
        Action::Undo => return Some(vec![Effect::UndoThreads]),
        Action::Copy => {
            let open = queue.open.as_ref()?;
            let text = if open.edited.is_empty() { open.triaged.draft.text.clone() } else { open.edited.clone() };
            return Some(crate::app::leaving::copy(model, text, "the reply"));
        }
        Action::Open if queue.side == Side::Left => queue.side = Side::Right,
        Action::Open => {
            let id = queue.open.as_ref().and_then(|open| open.triaged.findings.first()).map(|finding| finding.id.clone())?;
            return Some(page::open(model, &id, ""));
        }
        _ => return walk(model, action, height),
    }
    Some(Vec::new())
}

/// Down and up in the pane that has the keys.
fn walk(model: &mut Model, action: Action, height: usize) -> Option<Vec<Effect>> {
    let Screen::Queue(queue) = &mut model.screen else { return None };
    let lines = queue.open.as_ref().map_or(0, |open| open.prose.lines.len());
    let list = queue.side == Side::Left;
    let (at, last) = if list { (queue.at.0, queue.shown.len().saturating_sub(1)) } else { (queue.top, lines.saturating_sub(height)) };
    let to = match action {
        Action::Down => (at + 1).min(last),
        Action::Up => at.saturating_sub(1),
        Action::PageDown => (at + height).min(last),
        Action::PageUp => at.saturating_sub(height),
        Action::Top => 0,
        Action::Bottom => last,
        _ => return None,
    };
    if list {
        queue.at.0 = to;
        return Some(show(model));
    }
    queue.top = to;
    Some(Vec::new())
}

fn turn(model: &mut Model, by: usize) -> Vec<Effect> {
    let Screen::Queue(queue) = &mut model.screen else { return Vec::new() };
    queue.part = (queue.part + by) % queue.parts.len().max(1);
    queue.at = (0, 0);
    queue.narrow();
    show(model)
}

fn mark(queue: &mut Queue) {
    let Some(id) = queue.selected().map(|row| row.row.id.clone()) else { return };
    if !queue.marks.remove(&id) {
        queue.marks.insert(id);
    }
    queue.at.0 = (queue.at.0 + 1).min(queue.shown.len().saturating_sub(1));
}

/// Marks all that are shown; where all are, takes the marks away.
fn mark_all(queue: &mut Queue) {
    let ids: Vec<String> = queue.shown.iter().filter_map(|at| queue.rows.get(*at)).map(|row| row.row.id.clone()).collect();
    if ids.iter().all(|id| queue.marks.contains(id)) {
        queue.marks.clear();
    } else {
        queue.marks.extend(ids);
    }
}

/// The state that an action sets.
fn state_of(action: Action) -> Option<ThreadState> {
    Some(match action {
        Action::ToNew => ThreadState::New,
        Action::ToNeedsInfo => ThreadState::NeedsInfo,
        Action::ToAnswered => ThreadState::Answered,
        Action::ToDuplicate => ThreadState::Duplicate,
        Action::ToOffTopic => ThreadState::OffTopic,
        Action::ToEscalated => ThreadState::Escalated,
        Action::ToClosed => ThreadState::Closed,
        _ => return None,
    })
}

/// Changes the chosen threads here and in the store; the marks are used up.
pub(crate) fn change(model: &mut Model, change: &ThreadChange) -> Vec<Effect> {
    let Screen::Queue(queue) = &mut model.screen else { return Vec::new() };
    let ids = queue.chosen();
    if ids.is_empty() {
        return Vec::new();
    }
    for row in queue.rows.iter_mut().filter(|row| ids.contains(&row.row.id)) {
        match change {
            ThreadChange::State(state) => {
                row.state = *state;
                state.word().clone_into(&mut row.row.state);
            }
            ThreadChange::Note(note) => row.note.clone_from(note),
        }
    }
    queue.marks.clear();
    queue.count();
    queue.narrow();
    let count = ids.len();
    let what = match change {
        ThreadChange::State(state) => state.word(),
        ThreadChange::Note(_) => "noted",
    };
    model.say(
        Tone::Good,
        if count == 1 { format!("{}: {what}", ids.first().map_or("", String::as_str)) } else { format!("{count} threads: {what}") },
    );
    let mut effects = vec![Effect::ChangeThreads(ids, change.clone())];
    effects.extend(show(model));
    effects
}

/// A press on the list selects the row under it.
pub(crate) fn press(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let (_, rows) = model.panes().left.inner().split_top(1);
    let Screen::Queue(queue) = &mut model.screen else { return Vec::new() };
    let row = queue.at.1 + usize::from(y.saturating_sub(rows.y));
    if !rows.holds(x, y) || row >= queue.shown.len() {
        return Vec::new();
    }
    queue.at.0 = row;
    show(model)
}

/// Brings scrolling and line widths in line with the size of the screen.
pub(crate) fn settle(model: &mut Model) {
    let panes = model.panes();
    let (height, width) = (usize::from(panes.left.inner().height.saturating_sub(1)), usize::from(panes.right.inner().width));
    let Screen::Queue(queue) = &mut model.screen else { return };
    queue.at.1 = layout::scrolled(queue.at.1, queue.at.0, height);
    if let Some(open) = queue.open.as_mut().filter(|open| open.width != width && width > 0) {
        open.prose = queue_text::set(&open.triaged, &open.edited, width);
        open.width = width;
    }
}
