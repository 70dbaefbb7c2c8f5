//! Scenarios as data: a file of them is a text, one instruction a line, `name: rest`. An instruction that is not known is a failure, so
//! that a slip of the pen tests nothing silently.

use super::{LOG, Stage, engine};
use pitfall::app::{Case, Effect, Looks, Model, Msg, PointerKind, Processes, Put, Saved, Screen, Shared, TickState, layout::Area};
use pitfall::engine::Input;
use std::collections::BTreeMap;
use std::sync::Arc;

pub struct Scenario {
    pub name: String,
    pub lines: Vec<(usize, String, String)>,
}

/// The scenarios of a file.
pub fn parse(file: &str, text: &str) -> Vec<Scenario> {
    let mut found: Vec<Scenario> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix("== ") {
            found.push(Scenario { name: format!("{file}: {name}"), lines: Vec::new() });
            continue;
        }
        let (word, rest) = line.split_once(':').unwrap_or((line, ""));
        let scenario = found.last_mut().unwrap_or_else(|| panic!("{file}:{}: no scenario yet", number + 1));
        scenario.lines.push((number + 1, word.trim().to_owned(), rest.trim().to_owned()));
    }
    found
}

/// Where a scenario stands.
pub struct Run {
    pub stage: Stage,
    effects: Vec<Effect>,
    files: BTreeMap<String, String>,
    clipboard: Result<String, String>,
    copied: String,
    late: Vec<Effect>,
    holds: bool,
}

pub fn run(scenario: &Scenario) -> Run {
    let mut run = Run {
        stage: Stage::new(80, 24),
        effects: Vec::new(),
        files: BTreeMap::new(),
        clipboard: Err("no tool for the clipboard is installed".into()),
        copied: String::new(),
        late: Vec::new(),
        holds: false,
    };
    for (number, word, rest) in &scenario.lines {
        let place = format!("{} (line {number}: {word}: {rest})", scenario.name);
        run.step(&place, word, rest);
    }
    run
}

fn unescaped(text: &str) -> String {
    let text = if text.starts_with("@log") { text.replacen("@log", LOG, 1) } else { text.to_owned() };
    text.replace("\\n", "\n").replace("\\e", "\u{1b}").replace("\\t", "\t").replace("\\u202e", "\u{202e}")
}

/// `"a text" rest`.
fn quoted<'a>(place: &str, text: &'a str) -> (&'a str, &'a str) {
    text.strip_prefix('"')
        .and_then(|rest| rest.split_once('"'))
        .map_or_else(|| panic!("{place}: a text in quotes is missing"), |(a, b)| (a, b.trim()))
}

impl Run {
    fn step(&mut self, place: &str, word: &str, rest: &str) {
        match word {
            "size" => {
                let (width, height) = rest.split_once('x').unwrap_or_else(|| panic!("{place}: WIDTHxHEIGHT"));
                let size = (width.parse().unwrap(), height.parse().unwrap());
                self.send(Msg::Resize(size.0, size.1));
            }
            "theme" => self.stage.model.looks.theme = pitfall::app::ThemeName::parse(rest).unwrap_or_else(|| panic!("{place}")),
            "ascii" => self.stage.model.looks.ascii = true,
            "unloaded" => self.stage.model = Model::new(Area::of(80, 24), Looks::default()),
            "loaded" => self.send(Msg::Ready(engine(), Vec::new())),
            "keymap" => {
                let (action, keys) = rest.split_once(' ').unwrap_or_else(|| panic!("{place}: ACTION KEYS"));
                let wanted = [(action.to_owned(), keys.split_whitespace().map(str::to_owned).collect())];
                assert_eq!(self.stage.model.keymap.remap(&wanted), Vec::<String>::new(), "{place}");
            }
            "file" => {
                let (path, text) = rest.split_once(' ').unwrap_or((rest, ""));
                self.files.insert(path.to_owned(), unescaped(text));
            }
            "clipboard" => self.clipboard = Ok(unescaped(rest)),
            "late" => self.holds = true,
            "arrives" => {
                self.holds = false;
                let late = std::mem::take(&mut self.late);
                self.answer(late);
            }
            "paste" => self.send(Msg::Paste(unescaped(rest))),
            "burst" => self.send(Msg::Burst(unescaped(rest))),
            "keys" => rest.split_whitespace().for_each(|key| {
                let key = pitfall::app::Key::parse(key).unwrap_or_else(|| panic!("{place}: {key} is no key"));
                self.send(Msg::Key(key));
            }),
            "type" => rest.chars().for_each(|c| self.send(Msg::Key(pitfall::app::Key::plain(pitfall::app::KeyCode::Char(c))))),
            "beat" => (0..rest.parse().unwrap_or(1)).for_each(|_| self.send(Msg::Beat)),
            "saved off" => self.send(Msg::Saved(Saved::Off(rest.to_owned()))),
            "click" | "drag" | "wheel" => self.mouse(place, word, rest),
            _ => self.check(place, word, rest),
        }
    }

    fn mouse(&mut self, place: &str, word: &str, rest: &str) {
        let (text, more) = quoted(place, rest);
        let (x, y) = self.stage.place(text);
        match word {
            "click" => {
                let shift: u16 = more.parse().unwrap_or(0);
                self.pointer(PointerKind::Press, x + shift, y);
                self.pointer(PointerKind::Release, x + shift, y);
            }
            "wheel" => self.pointer(if more == "up" { PointerKind::WheelUp } else { PointerKind::WheelDown }, x, y),
            _ => {
                let (to, shift) = quoted(place, more);
                let (to_x, to_y) = self.stage.place(to);
                self.pointer(PointerKind::Press, x, y);
                self.pointer(PointerKind::Drag, to_x + shift.parse::<u16>().unwrap_or(0), to_y);
                self.pointer(PointerKind::Release, to_x, to_y);
            }
        }
    }

    /// The effects of a press and its release belong together.
    fn pointer(&mut self, kind: PointerKind, x: u16, y: u16) {
        let before = if kind == PointerKind::Press { Vec::new() } else { std::mem::take(&mut self.effects) };
        self.send(Msg::Pointer(pitfall::app::Pointer { kind, x, y }));
        self.effects.splice(0..0, before);
    }

    fn check(&self, place: &str, word: &str, rest: &str) {
        let screen = self.stage.screen();
        let told: Vec<String> = self.effects.iter().map(effect).collect();
        match word {
            "shows" => assert!(screen.contains(rest), "{place}: {rest:?} is not on the screen:\n{screen}"),
            "hides" => assert!(!screen.contains(rest), "{place}: {rest:?} is on the screen:\n{screen}"),
            "screen" => assert_eq!(name(&self.stage.model), rest, "{place}:\n{screen}"),
            "effect" => assert!(told.iter().any(|one| one.starts_with(rest)), "{place}: the effects are {told:#?}\n{screen}"),
            "no effect" => assert!(!told.iter().any(|one| one.starts_with(rest)), "{place}: the effects are {told:#?}"),
            "copied" => assert!(self.copied.contains(&unescaped(rest)), "{place}: copied was\n{}", self.copied),
            "not copied" => assert!(!self.copied.contains(&unescaped(rest)), "{place}: copied was\n{}", self.copied),
            "overlay" => assert_eq!(if self.stage.model.overlay.is_some() { "yes" } else { "no" }, rest, "{place}:\n{screen}"),
            "marked" => {
                let (text, how) = quoted(place, rest);
                assert_eq!(self.stage.marked(text).unwrap_or("no"), how, "{place}:\n{screen}");
            }
            "styled" => {
                let (text, other) = quoted(place, rest);
                let (other, _) = quoted(place, other);
                assert_ne!(self.stage.style_of(text), self.stage.style_of(other), "{place}:\n{screen}");
            }
            "clean" => {
                let odd: Vec<char> = screen.chars().filter(|c| c.is_control() && *c != '\n' || *c == '\u{202e}').collect();
                assert!(odd.is_empty(), "{place}: {odd:?}");
            }
            other => panic!("{place}: `{other}` is no instruction"),
        }
    }

    fn send(&mut self, msg: Msg) {
        self.effects = self.stage.send(msg);
        let effects = self.effects.clone();
        self.answer(effects);
    }

    /// Answers what the engine, the files and the clipboard of the scenario can answer, until nothing is asked any more.
    fn answer(&mut self, effects: Vec<Effect>) {
        if self.holds {
            self.late.extend(effects);
            return;
        }
        for effect in effects {
            let Some(msg) = self.reply(effect) else { continue };
            let more = self.stage.send(msg);
            self.effects.extend(more.clone());
            self.answer(more);
        }
    }

    fn reply(&mut self, effect: Effect) -> Option<Msg> {
        let engine = engine();
        Some(match effect {
            Effect::Diagnose(id, inputs) => {
                let key = pitfall::store::fingerprint(&inputs);
                Msg::Diagnosed(id, Box::new(Case::diagnose(&engine, key, inputs)))
            }
            Effect::Search(id, words, topic) => Msg::Found(id, engine.search(&words, topic.as_deref(), 50)),
            Effect::Explain(id, term) => Msg::Explained(id, engine.explain(&term)),
            Effect::Redact(id, leaving) => Msg::Redacted(id, Box::new(leaving.redacted(&engine))),
            Effect::ListProcesses(id, input, Shared(document)) => Msg::Processes(id, input, Arc::new(Processes::read(&document))),
            Effect::Open(id, path) => match self.files.get(&path) {
                Some(text) => Msg::Opened(id, Ok(Input { name: path, bytes: text.clone().into_bytes() })),
                None => Msg::Opened(id, Err(format!("{path}: there is no such file"))),
            },
            Effect::ReadClipboard(id) => Msg::Clipboard(id, self.clipboard.clone()),
            Effect::Copy(text, what) => {
                self.copied = text;
                Msg::Copied(Ok(format!("Copied {what} with pbcopy; it is on the clipboard.")))
            }
            _ => return None,
        })
    }
}

/// The screen that is shown, with what it is about.
fn name(model: &Model) -> String {
    match &model.screen {
        Screen::Home(_) => "start".into(),
        Screen::Triage(triage) => format!("diagnosis {}", if triage.side == pitfall::app::Side::Left { "log" } else { "findings" }),
        Screen::Page(page) => format!("page {}", page.id),
        Screen::Find(_) => "search".into(),
        Screen::Browse(_) => "topics".into(),
        Screen::Card(card) => format!("code {}", card.term),
        Screen::Inspect(_) => "artifacts".into(),
        Screen::Queue(_) => "queue".into(),
    }
}

/// An effect as a line of text.
pub fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Diagnose(_, inputs) => format!("diagnose {}", inputs.len()),
        Effect::Search(_, words, topic) => format!("search {words} in {}", topic.as_deref().unwrap_or("all")),
        Effect::Explain(_, term) => format!("explain {term}"),
        Effect::Open(_, path) => format!("open {path}"),
        Effect::ListProcesses(..) => "list processes".into(),
        Effect::ReadClipboard(_) => "read clipboard".into(),
        Effect::Redact(_, leaving) => format!("redact {}", leaving.what),
        Effect::Copy(text, what) => format!("copy {what}: {}", text.replace('\n', "⏎")),
        Effect::Visit(address) => format!("visit {address}"),
        Effect::LoadTicks(..) => "load ticks".into(),
        Effect::LoadRecent => "load recent".into(),
        Effect::Save(Put::Tick(key, tick)) => {
            let state = match tick.state {
                TickState::Open => "open",
                TickState::Done => "done",
                TickState::Skipped => "skipped",
            };
            format!("save tick {} {} {state} {}", key.page, key.step, tick.note).trim_end().to_owned()
        }
        Effect::Save(Put::Bookmark(page, on)) => format!("save bookmark {page} {on}"),
        Effect::Save(Put::Recent(recent)) => {
            format!("save recent {}{}", recent.page, if recent.page.is_empty() { &recent.name } else { "" })
        }
        Effect::Save(Put::Case(_, name)) => format!("save case {name}"),
        Effect::Save(Put::CaseState(_, state)) => format!("save case state {}", state.word()),
        Effect::KeepCase(_, kept, _) => format!("keep case {}", kept.word()),
        Effect::OpenCase(..) => "open case".into(),
        Effect::RecheckCase(_) => "recheck case".into(),
        Effect::LoadQueue => "load queue".into(),
        Effect::OpenThread(_, id) => format!("open thread {id}"),
        Effect::SearchQueue(_, words) => format!("search queue {words}"),
        Effect::ChangeThreads(ids, _) => format!("change {} threads", ids.len()),
        Effect::UndoThreads => "undo threads".into(),
        Effect::Redraw => "redraw".into(),
        Effect::Suspend => "suspend".into(),
        Effect::Quit => "quit".into(),
    }
}
