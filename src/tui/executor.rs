//! Doing what the model asks for, on threads of their own.

use super::keeper::Keeper;
use super::{Event, clipboard, files, reading, spawn, tell};
use crate::app::{Case, Effect, HITS, Msg, Processes, Shared};
use crate::engine::Engine;
use crate::knowledge::Overlay;
use crate::store::fingerprint;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};

/// The threads, and the knowledge once it is there.
pub(super) struct Executor {
    engine: Arc<OnceLock<Arc<Engine>>>,
    sender: Sender<Event>,
    searches: Sender<(u64, String, Option<String>)>,
    keeper: Keeper,
}

impl Executor {
    /// Starts to load the knowledge, and the threads that wait for work.
    pub(super) fn start(
        overlays: Option<Box<dyn FnOnce() -> Vec<Overlay> + Send>>,
        state: Option<PathBuf>,
        sender: Sender<Event>,
    ) -> std::io::Result<Self> {
        let engine: Arc<OnceLock<Arc<Engine>>> = Arc::default();
        let (slot, told) = (Arc::clone(&engine), sender.clone());
        spawn("knowledge", move || {
            let load = || Arc::new(Engine::new(overlays.map_or_else(Vec::new, |overlays| overlays())));
            // Without knowledge the program is empty, not dead.
            let loaded =
                catch_unwind(AssertUnwindSafe(load)).unwrap_or_else(|_| Arc::new(Engine::of(crate::knowledge::Knowledge::default())));
            let problems = loaded.knowledge().problems().iter().map(ToString::to_string).collect();
            let _ = slot.set(Arc::clone(&loaded));
            tell(&told, Msg::Ready(Arc::clone(&loaded), problems));
            // Made before anybody waits for it.
            let _ = catch_unwind(AssertUnwindSafe(|| loaded.matcher()));
        })?;
        let (searches, waiting) = channel();
        let (slot, told) = (Arc::clone(&engine), sender.clone());
        spawn("search", move || search(&slot, &told, &waiting))?;
        let keeper = Keeper::start(state, Arc::clone(&engine), sender.clone())?;
        Ok(Self { engine, sender, searches, keeper })
    }

    /// Does an effect aside; a message comes back at once only if no thread could be had.
    pub(super) fn run(&mut self, effect: Effect) -> Option<Msg> {
        match effect {
            Effect::Diagnose(id, inputs) => self.aside("diagnosis", id, move |engine| {
                let key = fingerprint(&inputs);
                let diagnosis = reading::diagnose(engine, &inputs);
                Msg::Diagnosed(id, Box::new(Case::of(key, inputs, diagnosis)))
            }),
            Effect::Explain(id, term) => self.aside("explain", id, move |engine| Msg::Explained(id, engine.explain(&term))),
            Effect::Open(id, path) => self.aside("file", id, move |_| Msg::Opened(id, files::read(&path))),
            Effect::ListProcesses(id, input, Shared(document)) => {
                self.aside("processes", id, move |_| Msg::Processes(id, input, Arc::new(Processes::read(&document))))
            }
            Effect::Redact(id, leaving) => self.aside("redaction", id, move |engine| Msg::Redacted(id, Box::new(leaving.redacted(engine)))),
            Effect::ReadClipboard(id) => self.aside("clipboard", id, move |_| Msg::Clipboard(id, clipboard::read())),
            Effect::Search(id, words, topic) => {
                let _ = self.searches.send((id, words, topic));
                None
            }
            Effect::Visit(address) => {
                let sender = self.sender.clone();
                let _ = spawn("visit", move || tell(&sender, Msg::Copied(visit(&address))));
                None
            }
            keeping => {
                self.keeper.put(keeping);
                None
            }
        }
    }

    /// Copies with the system's tool; `offered` says that the terminal got the text already.
    pub(super) fn copy(&self, text: String, what: String, offered: bool) {
        let sender = self.sender.clone();
        let _ = spawn("copy", move || {
            let copied =
                if clipboard::is_elsewhere() { Err("the clipboard here is another machine's".to_owned()) } else { clipboard::copy(&text) };
            tell(&sender, Msg::Copied(told(&what, copied, offered)));
        });
    }

    /// Waits until what is to be kept is kept.
    pub(super) fn finish(&mut self) {
        self.keeper.finish();
    }

    fn aside(&self, name: &str, id: u64, work: impl FnOnce(&Engine) -> Msg + Send + 'static) -> Option<Msg> {
        let (slot, sender) = (Arc::clone(&self.engine), self.sender.clone());
        let job = move || {
            let failed = || Msg::Failed(id, "This failed inside pitfall; that is a mistake of ours.".into());
            let msg = catch_unwind(AssertUnwindSafe(|| work(slot.wait()))).unwrap_or_else(|_| failed());
            tell(&sender, msg);
        };
        spawn(name, job).err().map(|error| Msg::Failed(id, format!("no thread could be had: {error}")))
    }
}

/// Which way a text was copied, and whether it arrived.
fn told(what: &str, copied: Result<clipboard::Copied, String>, offered: bool) -> Result<String, String> {
    match (copied, offered) {
        (Ok(copied), _) if copied.arrived && copied.tool == "tmux" => Ok(format!("Copied {what} to tmux; it is in its buffer.")),
        (Ok(copied), _) if copied.arrived => Ok(format!("Copied {what} with {}; it is on the clipboard.", copied.tool)),
        (Ok(copied), _) => Ok(format!("Handed {what} to {}, which cannot be read back to make sure.", copied.tool)),
        (Err(_), true) => Ok(format!("Offered {what} to the terminal (OSC 52); whether it arrived is unknown.")),
        (Err(why), false) => Err(format!("{what} was not copied: too long for the terminal, and {why}")),
    }
}

/// Answers the last question only: who types on has no use for the hits of half a word.
fn search(slot: &OnceLock<Arc<Engine>>, sender: &Sender<Event>, waiting: &Receiver<(u64, String, Option<String>)>) {
    while let Ok(first) = waiting.recv() {
        let (id, words, topic) = waiting.try_iter().last().unwrap_or(first);
        let engine = slot.wait();
        let found = catch_unwind(AssertUnwindSafe(|| engine.search(&words, topic.as_deref(), HITS)));
        tell(sender, found.map_or_else(|_| Msg::Failed(id, "The search failed inside pitfall.".into()), |hits| Msg::Found(id, hits)));
    }
}

/// Shows an address in the browser; where there is none, says the address.
fn visit(address: &str) -> Result<String, String> {
    let tool = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let run = Command::new(tool).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    match run {
        Ok(status) if status.success() => Ok(format!("Opened {address}")),
        _ => Err(format!("No browser could be started; the address is {address}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_of_a_copy_and_whether_it_arrived_are_told() {
        let copied = |arrived| Ok(clipboard::Copied { tool: "xclip", arrived });
        assert_eq!(told("the report", copied(true), true).unwrap(), "Copied the report with xclip; it is on the clipboard.");
        assert!(told("the report", copied(false), false).unwrap().contains("cannot be read back"));
        assert!(told("line 3", Err("no tool".into()), true).unwrap().contains("OSC 52"));
        assert_eq!(
            told("line 3", Err("no tool".into()), false).unwrap_err(),
            "line 3 was not copied: too long for the terminal, and no tool"
        );
    }
}
