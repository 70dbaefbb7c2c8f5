//! One function a message.

use crate::app::action::Action;
use crate::app::case::Case;
use crate::app::edit::Edit;
use crate::app::key::{Key, KeyCode};
use crate::app::layout::Area;
use crate::app::message::{Effect, Msg, Put, Saved};
use crate::app::model::{Model, Overlay, Screen, Side, ThemeName, Tone, Undo};
use crate::app::popup::{Prompt, PromptKind};
use crate::app::record::{Recent, Saving, StepKey, Tick};
use crate::app::{browse, card, cases, find, home, inspect, leaving, mouse, narrow, page, popup, queue_act, triage};
use crate::engine::Input;
use crate::text::clean;

/// Takes a message; says what is to be done outside.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let effects = match msg {
        Msg::Key(key) => pressed(model, key),
        Msg::Paste(text) => pasted(model, text),
        Msg::Burst(text) => burst(model, text),
        Msg::Pointer(pointer) => mouse::pointer(model, pointer),
        Msg::Resize(width, height) => {
            model.area = Area::of(width, height);
            Vec::new()
        }
        Msg::Beat => {
            model.work.beat = model.work.beat.wrapping_add(1);
            Vec::new()
        }
        Msg::Background(theme) => {
            if !model.looks.fixed {
                model.looks.theme = theme;
            }
            Vec::new()
        }
        Msg::Ready(engine, problems) => {
            model.engine = Some(engine);
            if let Some(first) = problems.first() {
                model.say(Tone::Bad, format!("{} problems in the knowledge; the first: {}", problems.len(), clean(first).text));
            }
            Vec::new()
        }
        Msg::Copied(result) => {
            match result {
                Ok(told) => model.say(Tone::Good, told),
                Err(why) => model.say(Tone::Bad, clean(&why).text),
            }
            Vec::new()
        }
        Msg::Ticks(scope, age, ticks) => {
            if age == model.record.age {
                learn(model, &scope, ticks);
            }
            Vec::new()
        }
        Msg::Remembered(recent, bookmarks, cases) => {
            model.record.recent = recent;
            model.record.bookmarks = bookmarks;
            model.record.cases = cases;
            Vec::new()
        }
        Msg::Saved(saved) => {
            saving(model, saved);
            Vec::new()
        }
        Msg::CaseKept(key, result) => {
            cases::kept(model, &key, result);
            Vec::new()
        }
        answer => answered(model, answer),
    };
    settle(model);
    effects
}

/// Answers to numbered questions: an answer to anything but the last question is dropped.
fn answered(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Diagnosed(id, case) if model.work.diagnosis == Some(id) => {
            model.work.diagnosis = None;
            return triage::arrived(model, *case);
        }
        Msg::Found(id, hits) if model.work.search == Some(id) => {
            model.work.search = None;
            find::arrived(model, hits);
        }
        Msg::Explained(id, found) if model.work.explain == Some(id) => {
            model.work.explain = None;
            card::arrived(model, found);
        }
        Msg::Opened(id, result) if model.work.reading == Some(id) => {
            model.work.reading = None;
            return opened(model, result);
        }
        Msg::Clipboard(id, result) if model.work.reading == Some(id) => {
            model.work.reading = None;
            match result {
                Ok(text) => return pasted(model, text),
                Err(why) => model.say(Tone::Bad, clean(&why).text),
            }
        }
        Msg::Processes(id, input, processes) if model.work.processes == Some(id) => {
            model.work.processes = None;
            narrow::arrived(model, input, processes);
        }
        Msg::CaseOpened(id, found) if model.work.reading == Some(id) => {
            model.work.reading = None;
            return cases::opened(model, found.map(|found| *found));
        }
        Msg::Queue(rows) => return queue_act::arrived(model, rows),
        Msg::Thread(id, found) if model.work.thread == Some(id) => {
            model.work.thread = None;
            if let Some(found) = found {
                queue_act::opened(model, found.0, found.1);
            }
        }
        Msg::QueueFound(id, ids) if model.work.thread_search == Some(id) => {
            model.work.thread_search = None;
            return queue_act::found(model, ids);
        }
        Msg::Redacted(id, left) if model.work.redaction == Some(id) => {
            model.work.redaction = None;
            return leaving::arrived(model, *left);
        }
        Msg::Failed(id, why) => failed(model, id, &why),
        _ => {}
    }
    Vec::new()
}

fn failed(model: &mut Model, id: u64, why: &str) {
    let work = &mut model.work;
    for slot in [&mut work.diagnosis, &mut work.search, &mut work.explain, &mut work.reading, &mut work.processes, &mut work.redaction] {
        if *slot == Some(id) {
            *slot = None;
        }
    }
    model.say(Tone::Bad, clean(why).text);
}

fn opened(model: &mut Model, result: Result<Input, String>) -> Vec<Effect> {
    match result {
        Ok(input) => {
            let recent = Recent { name: input.name.clone(), ..Recent::default() };
            page::remember(model, recent.clone());
            let mut effects = triage::add(model, vec![input]);
            effects.push(Effect::Save(Put::Recent(recent)));
            effects
        }
        Err(why) => {
            model.say(Tone::Bad, clean(&why).text);
            Vec::new()
        }
    }
}

fn learn(model: &mut Model, scope: &str, ticks: Vec<(StepKey, Tick)>) {
    // What another instance took back is gone; what is there is the truth.
    model.record.ticks.retain(|key, _| key.scope != scope);
    model.record.ticks.extend(ticks);
}

fn saving(model: &mut Model, saved: Saved) {
    match saved {
        Saved::Works => model.record.saving = Saving::Works,
        Saved::Notice(told) => {
            model.record.saving = Saving::Works;
            model.say(Tone::Bad, clean(&told).text);
        }
        Saved::Off(why) => {
            if !matches!(model.record.saving, Saving::Off(_)) {
                model.say(Tone::Bad, format!("Ticks are not kept: {}", clean(&why).text));
            }
            model.record.saving = Saving::Off(clean(&why).text);
        }
    }
}

fn pressed(model: &mut Model, key: Key) -> Vec<Effect> {
    model.status = None;
    let contexts = model.contexts();
    let action = model.keymap.action(contexts, key);
    if action.is_none() && counted(model, key) {
        return Vec::new();
    }
    model.count = (None, model.count.0.take());
    if let Some(action) = action {
        let effects = act(model, action);
        model.count.1 = None;
        return effects;
    }
    model.count.1 = None;
    if model.overlay.is_some() {
        return popup::typed(model, key);
    }
    find::typed(model, key)
}

/// A digit outside of a text box says how often, or which: `3n`, `40G`, `2c`. Nothing is done more often than this.
const MOST: usize = 99_999;

fn counted(model: &mut Model, key: Key) -> bool {
    let digit = key.typed().and_then(|c| c.to_digit(10)).and_then(|digit| usize::try_from(digit).ok());
    let in_box = model.overlay.is_some() || matches!(model.screen, Screen::Find(_));
    let Some(digit) = digit.filter(|digit| !in_box && (*digit > 0 || model.count.0.is_some())) else { return false };
    let count = (model.count.0.unwrap_or(0) * 10 + digit).min(MOST);
    model.count = (Some(count), None);
    model.say(Tone::Plain, format!("{count} …"));
    true
}

/// In a text box a line that came at once is as good as typed; anything else is a paste.
fn burst(model: &mut Model, text: String) -> Vec<Effect> {
    let in_box = matches!(model.overlay, Some(Overlay::Popup(_) | Overlay::Prompt(_)))
        || model.overlay.is_none() && matches!(model.screen, Screen::Find(_));
    let line = text.strip_suffix('\n').unwrap_or(&text);
    if !in_box || line.contains('\n') {
        return pasted(model, text);
    }
    let mut effects = pasted(model, line.to_owned());
    if line.len() < text.len() {
        effects.extend(pressed(model, Key::plain(KeyCode::Enter)));
    }
    effects
}

/// A pasted text goes into the box that is open; else it is a log.
fn pasted(model: &mut Model, text: String) -> Vec<Effect> {
    model.status = None;
    match (&mut model.overlay, &model.screen) {
        (Some(Overlay::Popup(popup)), _) => popup.edit.paste(&text),
        (Some(Overlay::Prompt(prompt)), _) => prompt.edit.paste(&text),
        (None, Screen::Find(_)) if !text.trim_end().contains('\n') => return find::pasted(model, &text),
        _ if text.trim().is_empty() => model.say(Tone::Plain, "What was pasted is empty."),
        _ => {
            model.overlay = None;
            return triage::add(model, vec![Input { name: "pasted".into(), bytes: text.into_bytes() }]);
        }
    }
    Vec::new()
}

/// Does an action where the model stands.
pub(crate) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Quit => return vec![Effect::Quit],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Redraw => return vec![Effect::Redraw],
        _ => {}
    }
    if model.overlay.is_some() {
        return popup::act(model, action);
    }
    let of_screen = match &model.screen {
        Screen::Home(_) => home::act(model, action),
        Screen::Triage(_) => triage::act(model, action),
        Screen::Page(_) => page::act(model, action),
        Screen::Find(_) => find::act(model, action),
        Screen::Browse(_) => browse::act(model, action),
        Screen::Card(_) => card::act(model, action),
        Screen::Inspect(_) => inspect::act(model, action),
        Screen::Queue(_) => queue_act::act(model, action),
    };
    of_screen.unwrap_or_else(|| everywhere(model, action))
}

fn everywhere(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Help => model.overlay = Some(Overlay::Help(0)),
        Action::Palette => model.overlay = Some(Overlay::Popup(popup::palette(model))),
        Action::Find => return find::open(model),
        Action::Browse => return browse::open(model),
        Action::Queue => return queue_act::open(model),
        Action::Back => return back(model),
        Action::Forward => {
            if let Some(screen) = model.trail.1.pop() {
                let before = std::mem::replace(&mut model.screen, screen);
                model.trail.0.push(before);
            }
        }
        Action::OpenFile => model.overlay = Some(Overlay::Prompt(Prompt { kind: PromptKind::OpenFile, edit: Edit::default() })),
        Action::PasteClipboard => {
            let id = model.ask();
            model.work.reading = Some(id);
            return vec![Effect::ReadClipboard(id)];
        }
        Action::NewCase => {
            model.go(Screen::Home(home::Home::default()));
            model.case = None;
            model.work.diagnosis = None;
            model.trail.0.retain(|screen| !matches!(screen, Screen::Triage(_)));
        }
        Action::Redactions => leaving::open(model),
        Action::Undo => return undo(model),
        Action::NextTheme => next_theme(model),
        Action::CancelWork => cancel(model),
        Action::OtherPane => turn_pane(model, None),
        Action::LeftPane => turn_pane(model, Some(Side::Left)),
        Action::RightPane => turn_pane(model, Some(Side::Right)),
        Action::Wider => model.split = (model.split + 4).min(80),
        Action::Narrower => model.split = model.split.saturating_sub(4).max(20),
        _ => {}
    }
    Vec::new()
}

/// One screen back; on the first one it says how to leave.
pub(crate) fn back(model: &mut Model) -> Vec<Effect> {
    match model.trail.0.pop() {
        Some(screen) => {
            let before = std::mem::replace(&mut model.screen, screen);
            model.trail.1.push(before);
        }
        None => model.say(Tone::Plain, format!("{} leaves pitfall.", model.keymap.key_of(Action::Quit))),
    }
    Vec::new()
}

/// Back to the diagnosis of the case that is open, wherever it stands.
pub(crate) fn to_triage(model: &mut Model) -> Vec<Effect> {
    while !matches!(model.screen, Screen::Triage(_)) && !model.trail.0.is_empty() {
        back(model);
    }
    Vec::new()
}

/// Asks for a file.
pub(crate) fn open_file(model: &mut Model, path: &str) -> Vec<Effect> {
    let id = model.ask();
    model.work.reading = Some(id);
    vec![Effect::Open(id, path.to_owned())]
}

fn undo(model: &mut Model) -> Vec<Effect> {
    match model.undo.pop() {
        Some(Undo::Tick(key, tick)) => {
            if let Screen::Page(view) = &mut model.screen {
                view.step = view.steps.iter().position(|step| step.id == key.step && view.id == key.page).unwrap_or(view.step);
            }
            model.record.set(key.clone(), tick.clone());
            model.say(Tone::Plain, "Taken back.");
            vec![Effect::Save(Put::Tick(key, tick))]
        }
        Some(Undo::Bookmark(page, on)) => {
            if on {
                model.record.bookmarks.insert(page.clone());
            } else {
                model.record.bookmarks.remove(&page);
            }
            model.say(Tone::Plain, "Taken back.");
            vec![Effect::Save(Put::Bookmark(page, on))]
        }
        Some(Undo::CaseState(key, state)) => {
            model.say(Tone::Plain, format!("Taken back: {}.", state.word()));
            cases::put_state(model, &key, state)
        }
        Some(Undo::Case(case)) => {
            let case: Case = *case;
            model.work.diagnosis = None;
            triage::arrived(model, case)
        }
        None => {
            model.say(Tone::Plain, "Nothing to take back.");
            Vec::new()
        }
    }
}

fn next_theme(model: &mut Model) {
    let at = ThemeName::ALL.iter().position(|theme| *theme == model.looks.theme).unwrap_or(0);
    model.looks.theme = ThemeName::ALL.get((at + 1) % ThemeName::ALL.len()).copied().unwrap_or_default();
    model.looks.fixed = true;
    model.say(Tone::Plain, format!("theme: {}", model.looks.theme.word()));
}

fn cancel(model: &mut Model) {
    let work = &mut model.work;
    let running = work.diagnosis.is_some() || work.reading.is_some() || work.processes.is_some();
    (work.diagnosis, work.reading, work.processes) = (None, None, None);
    model.say(Tone::Plain, if running { "Stopped." } else { "Nothing runs." });
    if running && model.case.is_none() && matches!(model.screen, Screen::Triage(_)) {
        back(model);
        model.trail.1.clear();
    }
}

fn turn_pane(model: &mut Model, to: Option<Side>) {
    let side = match &mut model.screen {
        Screen::Triage(triage) => &mut triage.side,
        Screen::Browse(browse) => &mut browse.side,
        Screen::Queue(queue) => &mut queue.side,
        Screen::Page(page) if !page.steps.is_empty() => &mut page.side,
        _ => return,
    };
    *side = to.unwrap_or(side.other());
}

fn settle(model: &mut Model) {
    match &model.screen {
        Screen::Triage(_) => triage::settle(model),
        Screen::Page(_) => page::settle(model),
        Screen::Find(_) => find::settle(model),
        Screen::Browse(_) => browse::settle(model),
        Screen::Queue(_) => queue_act::settle(model),
        Screen::Home(_) | Screen::Card(_) | Screen::Inspect(_) => {}
    }
}
