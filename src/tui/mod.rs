//! The shell of the screen program: the terminal, the threads, the clock. The one home of crossterm.
//!
//! One loop takes events, hands them to [`crate::app::update`], draws a frame and gives the effects to the executor. Nothing that takes time
//! happens on this thread: the first frame is drawn before the knowledge is loaded.

mod cases;
mod clipboard;
mod executor;
mod files;
mod guard;
mod input;
mod keeper;
mod looks;
mod queue;
mod reading;
mod signals;
mod survey;

pub use survey::{Survey, columns, survey};

use crate::app::{self, Effect, Model, Msg, ThemeName, layout::Area};
use crate::engine::Input;
use crate::knowledge::Overlay;
use crate::view::Canvas;
use anyhow::{Context, bail};
use executor::Executor;
use guard::Guard;
use std::io::{BufWriter, IsTerminal, Stdout, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// How the program is started.
#[derive(Default)]
pub struct Options {
    /// What is diagnosed at once.
    pub inputs: Vec<Input>,
    /// Makes the folders that lie over the embedded knowledge; called on a thread of its own, behind the first frame.
    pub overlays: Option<Box<dyn FnOnce() -> Vec<Overlay> + Send>>,
    /// The theme; without one the terminal is asked.
    pub theme: Option<ThemeName>,
    /// Borders and marks of ASCII only.
    pub ascii: bool,
    /// No colours (`NO_COLOR`), unless a theme is given.
    pub plain: bool,
    /// The folder for what is kept; without one `$PITFALL_STATE`, then XDG's.
    pub state: Option<PathBuf>,
    /// Other keys for actions: the action's name and its keys.
    pub keys: Vec<(String, Vec<String>)>,
    /// The key of a kept case that is opened at once.
    pub case: Option<String>,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Options")
            .field("inputs", &self.inputs.len())
            .field("theme", &self.theme)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Something that the loop waits for.
enum Event {
    /// For the model.
    Msg(Msg),
    /// A signal.
    Signal(i32),
    /// The terminal gives no more keys.
    Gone,
}

/// Between turns of the wheel that says that something runs.
const BEAT: Duration = Duration::from_millis(120);
/// So many events are taken before a frame is drawn, so that a flood of them cannot keep the screen from changing.
const BATCH: usize = 256;

/// Runs the screen program until it is left.
///
/// # Errors
/// When there is no terminal, or it cannot be set up.
pub fn run(options: Options) -> anyhow::Result<()> {
    if !std::io::stdout().is_terminal() {
        bail!("the screen needs a terminal; `pitfall triage` does the same job without one");
    }
    let looks = looks::choose(&options);
    guard::install_hook();
    let guard = Guard::enter().context("the terminal cannot be set up")?;
    let ended = session(options, looks);
    drop(guard);
    match ended? {
        // Whoever waits for us sees that the signal was obeyed.
        Some(signal) => signals::die(signal),
        None => Ok(()),
    }
}

/// The loop; returns the signal that ended it, if one did.
fn session(options: Options, looks: app::Looks) -> anyhow::Result<Option<i32>> {
    let (width, height) = crossterm::terminal::size().unwrap_or((80, 24));
    let mut model = Model::new(Area::of(width, height), looks);
    let problems = model.keymap.remap(&options.keys);
    if let Some(first) = problems.first() {
        model.say(app::Tone::Bad, first.clone());
    }
    let mut effects = app::start(&mut model, options.inputs);
    effects.extend(options.case.iter().flat_map(|key| app::open_case(&mut model, key)));
    let mut canvas = Canvas::new(BufWriter::with_capacity(1 << 16, std::io::stdout()))?;
    canvas.draw(&model)?;
    let (sender, receiver) = channel();
    // Signals first: from here on none of them may leave the terminal as it is.
    signals::watch(&sender)?;
    input::watch(&sender)?;
    let mut executor = Executor::start(options.overlays, options.state, sender)?;
    let mut shell = Shell { canvas: &mut canvas, executor: &mut executor, ended: None };
    shell.run(&mut model, effects);
    let outcome = shell.serve(&mut model, &receiver);
    executor.finish();
    outcome
}

/// Why the program ends.
#[derive(Clone, Copy)]
enum End {
    /// It was left, or the terminal is gone.
    Left,
    /// A signal.
    Signal(i32),
}

/// What the loop works with.
struct Shell<'a> {
    canvas: &'a mut Canvas<BufWriter<Stdout>>,
    executor: &'a mut Executor,
    /// Whether and why the program is to end.
    ended: Option<End>,
}

impl Shell<'_> {
    fn serve(&mut self, model: &mut Model, events: &Receiver<Event>) -> anyhow::Result<Option<i32>> {
        while self.ended.is_none() {
            let first = if model.is_busy() {
                match events.recv_timeout(BEAT) {
                    Ok(event) => event,
                    Err(RecvTimeoutError::Timeout) => Event::Msg(Msg::Beat),
                    Err(RecvTimeoutError::Disconnected) => Event::Gone,
                }
            } else {
                events.recv().unwrap_or(Event::Gone)
            };
            self.take(model, first);
            for event in events.try_iter().take(BATCH) {
                self.take(model, event);
            }
            if self.ended.is_none() {
                self.canvas.draw(model)?;
            }
        }
        Ok(match self.ended {
            Some(End::Signal(signal)) => Some(signal),
            _ => None,
        })
    }

    fn take(&mut self, model: &mut Model, event: Event) {
        match event {
            Event::Msg(msg) => {
                let effects = app::update(model, msg);
                self.run(model, effects);
            }
            Event::Signal(signal) if signals::is_stop(signal) => self.suspend(),
            Event::Signal(signal) if signals::is_continue(signal) => self.wake(),
            Event::Signal(signal) => self.ended = Some(End::Signal(signal)),
            Event::Gone => self.ended = self.ended.or(Some(End::Left)),
        }
    }

    fn run(&mut self, model: &mut Model, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Quit => self.ended = Some(End::Left),
                Effect::Suspend => self.suspend(),
                Effect::Redraw => self.forget(),
                Effect::Copy(text, what) => {
                    let offered = clipboard::offer(self.canvas.out(), &text);
                    self.executor.copy(text, what, offered);
                }
                other => {
                    if let Some(msg) = self.executor.run(other) {
                        let more = app::update(model, msg);
                        self.run(model, more);
                    }
                }
            }
        }
    }

    fn suspend(&mut self) {
        guard::leave();
        signals::stop();
        self.wake();
    }

    /// Back from a stop, ours or the shell's: nothing is known of the terminal's modes.
    fn wake(&mut self) {
        guard::leave();
        if guard::enter().is_err() {
            self.ended = Some(End::Left);
        }
        self.forget();
    }

    fn forget(&mut self) {
        if self.canvas.forget().is_err() || self.canvas.out().flush().is_err() {
            self.ended = Some(End::Left);
        }
    }
}

/// Starts a thread of ours. Its name tells the panic hook that the screen goes on without it.
fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<std::thread::JoinHandle<()>> {
    std::thread::Builder::new().name(format!("{}{name}", guard::WORKER)).spawn(work)
}

/// Sends to the loop; when that is gone, so is the need.
fn tell(sender: &Sender<Event>, msg: Msg) {
    let _ = sender.send(Event::Msg(msg));
}
