//! Lists that pop up (the palette, headings) and boxes that ask for a text.

use crate::app::action::Action;
use crate::app::edit::Edit;
use crate::app::key::Key;
use crate::app::keys::Context;
use crate::app::layout;
use crate::app::message::{Effect, Put};
use crate::app::model::{Model, Overlay, Screen, Side, Tone, Undo};
use crate::app::record::StepKey;
use crate::app::{cases, narrow};
use crate::case::{CaseState, Kept};

/// A list to choose from, narrowed by typing.
#[derive(Debug, Clone, Default)]
pub struct Popup {
    /// Its heading.
    pub title: &'static str,
    /// What narrows it.
    pub edit: Edit,
    /// All it has.
    pub items: Vec<Item>,
    /// The selected one of those that are shown.
    pub selected: usize,
}

/// A row of a list.
#[derive(Debug, Clone)]
pub struct Item {
    /// What is read.
    pub label: String,
    /// What stands at its right.
    pub detail: String,
    /// What happens.
    pub choice: Choice,
}

/// What a row of a list leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// An action.
    Do(Action),
    /// A line of the page.
    Line(usize),
    /// A snippet of the page.
    Snippet(usize),
    /// Only lines of this process.
    Process(Option<u16>),
    /// Only findings of this topic.
    Topic(Option<&'static str>),
    /// Keep the case with so much of its inputs.
    Keep(Kept),
    /// The case stands there.
    State(CaseState),
    /// An action that works elsewhere: there.
    Elsewhere(Context),
}

impl Popup {
    /// A list.
    #[must_use]
    pub fn new(title: &'static str, items: Vec<Item>) -> Self {
        Self { title, items, ..Self::default() }
    }

    /// The items that hold every word that was typed, in their label or in the name of their action.
    #[must_use]
    pub fn shown(&self) -> Vec<&Item> {
        let typed = self.edit.text().to_lowercase();
        let holds = |item: &&Item| {
            let label = item.label.to_lowercase();
            let name = if let Choice::Do(action) = item.choice { action.name() } else { "" };
            typed.split_whitespace().all(|word| label.contains(word) || name.contains(word))
        };
        self.items.iter().filter(holds).collect()
    }
}

/// What a box asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromptKind {
    /// The path of a file.
    OpenFile,
    /// A note on a step.
    Note(StepKey),
    /// A text that lines must hold.
    Filter,
    /// A text to seek in the page.
    SearchPage,
    /// Words that threads of the queue must hold.
    FilterQueue,
    /// A note on threads of the queue.
    NoteThreads(Vec<String>),
    /// A value that is to be redacted too.
    RedactAlso,
}

/// A box that asks for a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What for.
    pub kind: PromptKind,
    /// What was typed.
    pub edit: Edit,
}

impl Prompt {
    /// What the box says it wants.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self.kind {
            PromptKind::OpenFile => "Open a file",
            PromptKind::Note(_) => "Note on this step",
            PromptKind::Filter => "Only lines that hold",
            PromptKind::SearchPage => "Search in this page",
            PromptKind::FilterQueue => "Only threads that hold",
            PromptKind::NoteThreads(_) => "Note on the threads",
            PromptKind::RedactAlso => "Redact this value too",
        }
    }
}

/// The palette: every action that works on the screen below, and behind those the ones that work elsewhere.
#[must_use]
pub(crate) fn palette(model: &Model) -> Popup {
    let mut items: Vec<Item> = Vec::new();
    for bound in model.keymap.here(model.contexts_below()) {
        if bound.action != Action::Palette && !items.iter().any(|item| item.choice == Choice::Do(bound.action)) {
            items.push(Item { label: bound.help.to_owned(), detail: bound.shown(), choice: Choice::Do(bound.action) });
        }
    }
    let here = items.len();
    for bound in model.keymap.all().filter(|bound| !bound.context.is_overlay()) {
        let known = items.iter().enumerate().any(|(at, item)| match item.choice {
            Choice::Do(action) => at < here && action == bound.action,
            _ => item.label == bound.help,
        });
        if !known && bound.action != Action::Palette {
            let detail = format!("{}: {}", bound.context.title(), bound.shown());
            items.push(Item { label: bound.help.to_owned(), detail, choice: Choice::Elsewhere(bound.context) });
        }
    }
    Popup::new("Actions", items)
}

/// A key in a list or box that did not mean an action.
pub(crate) fn typed(model: &mut Model, key: Key) -> Vec<Effect> {
    match &mut model.overlay {
        Some(Overlay::Popup(popup)) => {
            let typed = popup.edit.key(key);
            popup.selected = if typed { 0 } else { popup.selected };
        }
        Some(Overlay::Prompt(prompt)) => {
            let text = prompt.edit.key(key).then(|| prompt.edit.text().to_owned());
            let kind = prompt.kind.clone();
            match text {
                Some(text) if kind == PromptKind::Filter => filter(model, &text),
                Some(text) if kind == PromptKind::FilterQueue => return crate::app::queue_act::filter(model, &text),
                _ => {}
            }
        }
        _ => {}
    }
    Vec::new()
}

fn filter(model: &mut Model, text: &str) {
    if let Some(log) = crate::app::triage::log_mut(model) {
        log.set_filter(text);
    }
}

/// A click on a list: on a row it does that, elsewhere it closes the list. On anything else that lies over the screen it closes that.
pub(crate) fn press(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let screen = model.area;
    match &mut model.overlay {
        Some(Overlay::Popup(popup)) => {
            let (area, list) = layout::popup(screen, popup.items.len());
            let top = layout::scrolled(0, popup.selected, usize::from(list.height));
            let at = top + usize::from(y.saturating_sub(list.y));
            if list.holds(x, y) && at < popup.shown().len() {
                popup.selected = at;
                return act(model, Action::Accept);
            }
            if area.holds(x, y) { Vec::new() } else { act(model, Action::Cancel) }
        }
        Some(Overlay::Prompt(_)) if layout::prompt(screen).holds(x, y) => Vec::new(),
        _ => act(model, Action::Cancel),
    }
}

/// Does an action in whatever lies over the screen.
pub(crate) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = usize::from(layout::popup(model.area, usize::MAX).1.height).max(1);
    match (&mut model.overlay, action) {
        (Some(Overlay::Help(top)), Action::Down) => *top += 1,
        (Some(Overlay::Help(top)), Action::Up) => *top = top.saturating_sub(1),
        (Some(Overlay::Help(top)), Action::PageDown) => *top += 10,
        (Some(Overlay::Help(top)), Action::PageUp) => *top = top.saturating_sub(10),
        (Some(Overlay::Help(top)), Action::Top) => *top = 0,
        (Some(Overlay::Help(top)), Action::Bottom) => *top = usize::MAX / 2,
        (Some(Overlay::Popup(popup)), Action::Down) => popup.selected = (popup.selected + 1).min(popup.shown().len().saturating_sub(1)),
        (Some(Overlay::Popup(popup)), Action::Up) => popup.selected = popup.selected.saturating_sub(1),
        (Some(Overlay::Popup(popup)), Action::PageDown) => {
            popup.selected = (popup.selected + page).min(popup.shown().len().saturating_sub(1));
        }
        (Some(Overlay::Popup(popup)), Action::PageUp) => popup.selected = popup.selected.saturating_sub(page),
        (Some(Overlay::Prompt(prompt)), Action::Cancel) if prompt.kind == PromptKind::Filter => {
            filter(model, "");
            model.overlay = None;
        }
        (Some(Overlay::Prompt(prompt)), Action::Cancel) if prompt.kind == PromptKind::FilterQueue => {
            model.overlay = None;
            return crate::app::queue_act::filter(model, "");
        }
        (Some(Overlay::Redactions(_)), _) => return crate::app::leaving::act(model, action),
        (_, Action::Cancel) => model.overlay = None,
        (Some(Overlay::Popup(popup)), Action::Accept) => {
            let choice = popup.shown().get(popup.selected).map(|item| item.choice);
            model.overlay = None;
            return choice.map(|choice| choose(model, choice)).unwrap_or_default();
        }
        (Some(Overlay::Prompt(_)), Action::Accept) => return accept(model),
        _ => {}
    }
    Vec::new()
}

fn choose(model: &mut Model, choice: Choice) -> Vec<Effect> {
    match choice {
        Choice::Do(action) => crate::app::update::act(model, action),
        Choice::Process(process) => {
            narrow::to_process(model, process);
            Vec::new()
        }
        Choice::Topic(topic) => {
            narrow::to_topic(model, topic);
            Vec::new()
        }
        Choice::Keep(kept) => cases::keep(model, kept),
        Choice::State(state) => cases::set_state(model, state),
        Choice::Snippet(number) => crate::app::page::copy_snippet(model, Some(number)),
        Choice::Elsewhere(context) => {
            model.say(Tone::Plain, format!("That works elsewhere: {}.", context.title()));
            Vec::new()
        }
        Choice::Line(line) => {
            if let Screen::Page(page) = &mut model.screen {
                page.top = line;
                page.side = Side::Left;
            }
            Vec::new()
        }
    }
}

fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlay.take() else { return Vec::new() };
    let text = prompt.edit.text().trim().to_owned();
    match prompt.kind {
        PromptKind::OpenFile if text.is_empty() => {}
        PromptKind::OpenFile => return crate::app::update::open_file(model, &text),
        PromptKind::Filter => filter(model, &text),
        PromptKind::SearchPage => crate::app::page::search(model, &text),
        PromptKind::FilterQueue => return crate::app::queue_act::filter(model, &text),
        PromptKind::RedactAlso => crate::app::leaving::also(model, &text),
        PromptKind::NoteThreads(_) => return crate::app::queue_act::change(model, &crate::app::queue_act::ThreadChange::Note(text)),
        PromptKind::Note(key) => {
            let before = model.record.tick(&key);
            let mut after = before.clone();
            after.note = text;
            model.undo.push(Undo::Tick(key.clone(), before));
            model.record.set(key.clone(), after.clone());
            let mut effects = vec![Effect::Save(Put::Tick(key.clone(), after))];
            effects.extend(cases::as_you_go(model, &key.scope));
            return effects;
        }
    }
    Vec::new()
}
