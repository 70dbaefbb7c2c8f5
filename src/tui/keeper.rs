//! The thread that owns the database: it writes in the order in which things happened, and the program ends only when it is done.

use super::{Event, spawn, tell};
use super::{cases, queue};
use crate::app::{Effect, KnownCase, Msg, Put, Recent, Saved, StepKey, Tick, TickState};
use crate::engine::Engine;
use crate::store::{Opened, RecentRecord, State, StepRecord, Store, default_folder, explained};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

/// The way to the thread.
pub(super) struct Keeper {
    jobs: Option<Sender<Effect>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread; it opens the database at once.
    pub(super) fn start(folder: Option<PathBuf>, engine: Arc<OnceLock<Arc<Engine>>>, sender: Sender<Event>) -> std::io::Result<Self> {
        let (jobs, waiting) = channel();
        let thread = spawn("keeper", move || work(folder, &engine, &sender, &waiting))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Hands a job over.
    pub(super) fn put(&self, job: Effect) {
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(job);
        }
    }

    /// Waits until everything is written.
    pub(super) fn finish(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0)
}

fn work(folder: Option<PathBuf>, engine: &OnceLock<Arc<Engine>>, sender: &Sender<Event>, jobs: &Receiver<Effect>) {
    let folder = folder.or_else(|| default_folder(std::env::var_os("PITFALL_STATE").map(PathBuf::from)));
    let Some(folder) = folder else {
        tell(sender, Msg::Saved(Saved::Off("there is no home folder; set PITFALL_STATE".into())));
        return;
    };
    let Some(store) = open(&folder, sender) else { return };
    let mut desk = Desk { store, folder, engine, sender, waiting: VecDeque::new() };
    for job in jobs {
        desk.take(job);
    }
    desk.retry();
}

fn open(folder: &Path, sender: &Sender<Event>) -> Option<Store> {
    let (store, told) = match Store::open(folder, now()) {
        Opened::Ready(store, None) => (Some(store), Saved::Works),
        Opened::Ready(store, Some(notice)) => (Some(store), Saved::Notice(notice.to_string())),
        Opened::Refused(refusal) => (None, Saved::Off(refusal.to_string())),
    };
    tell(sender, Msg::Saved(told));
    store
}

/// What the thread works with.
struct Desk<'a> {
    store: Store,
    folder: PathBuf,
    engine: &'a OnceLock<Arc<Engine>>,
    sender: &'a Sender<Event>,
    /// What could not be written; it is tried again before anything else is.
    waiting: VecDeque<Effect>,
}

/// So much is remembered that could not be written.
const WAITING: usize = 10_000;

impl Desk<'_> {
    fn take(&mut self, job: Effect) {
        if self.store.is_gone() {
            // What is written into a file without a name is lost, and nothing would say so.
            let Some(store) = open(&self.folder, self.sender) else {
                self.put_off(job);
                return;
            };
            self.store = store;
            tell(self.sender, Msg::Saved(Saved::Notice("the database was moved or removed while pitfall ran; a new one was begun".into())));
        }
        if is_write(&job) && !self.retry() {
            self.put_off(job);
            return;
        }
        match self.attempt(job.clone()) {
            Ok(Some(msg)) => tell(self.sender, msg),
            Ok(None) => {}
            Err(error) => {
                tell(self.sender, Msg::Saved(Saved::Off(explained(&error))));
                self.put_off(job);
            }
        }
    }

    fn put_off(&mut self, job: Effect) {
        if is_write(&job) && self.waiting.len() < WAITING {
            self.waiting.push_back(job);
        }
    }

    /// Writes what could not be written before; says whether all of it is.
    fn retry(&mut self) -> bool {
        let waited = !self.waiting.is_empty();
        while let Some(job) = self.waiting.front().cloned() {
            match self.attempt(job) {
                Ok(msg) => {
                    self.waiting.pop_front();
                    if let Some(msg) = msg {
                        tell(self.sender, msg);
                    }
                }
                Err(_) => return false,
            }
        }
        if waited {
            tell(self.sender, Msg::Saved(Saved::Notice("it can be written again: everything is kept, also what was not before".into())));
        }
        true
    }

    fn attempt(&mut self, job: Effect) -> crate::store::Result<Option<Msg>> {
        if queue::is_queue(&job) {
            queue::done(&mut self.store, self.engine, job, now())
        } else if cases::is_case(&job) {
            cases::done(&mut self.store, self.engine, job, now())
        } else {
            done(&mut self.store, job)
        }
    }
}

/// Whether it changes what is kept, so that it is to be tried again.
fn is_write(job: &Effect) -> bool {
    matches!(job, Effect::Save(_) | Effect::KeepCase(..) | Effect::ChangeThreads(..))
}

fn done(store: &mut Store, job: Effect) -> crate::store::Result<Option<Msg>> {
    match job {
        Effect::LoadTicks(scope, age) => {
            let ticks = store.steps(&scope)?.into_iter().map(read).collect();
            return Ok(Some(Msg::Ticks(scope, age, ticks)));
        }
        Effect::LoadRecent => {
            let recent =
                store.recent()?.into_iter().map(|recent| Recent { page: recent.page, scope: recent.scope, name: recent.name }).collect();
            let cases = store.cases()?.iter().map(KnownCase::of).collect();
            return Ok(Some(Msg::Remembered(recent, store.bookmarks()?.into_iter().collect(), cases)));
        }
        Effect::Save(Put::Tick(key, tick)) => store.put_step(&written(key, tick), now())?,
        Effect::Save(Put::Bookmark(page, on)) => store.put_bookmark(&page, on, now())?,
        Effect::Save(Put::Recent(recent)) => {
            store.put_recent(&RecentRecord { page: recent.page, scope: recent.scope, name: recent.name }, now())?;
        }
        Effect::Save(Put::Case(key, name)) => store.put_case(&key, &name, now())?,
        Effect::Save(Put::CaseState(key, state)) => cases::put_state(store, &key, state, now())?,
        _ => {}
    }
    Ok(None)
}

fn read(record: StepRecord) -> (StepKey, Tick) {
    let state = match record.state {
        State::Open => TickState::Open,
        State::Done => TickState::Done,
        State::Skipped => TickState::Skipped,
    };
    (StepKey { scope: record.scope, page: record.page, step: record.step }, Tick { state, note: record.note })
}

fn written(key: StepKey, tick: Tick) -> StepRecord {
    let state = match tick.state {
        TickState::Open => State::Open,
        TickState::Done => State::Done,
        TickState::Skipped => State::Skipped,
    };
    StepRecord { scope: key.scope, page: key.page, step: key.step, state, note: tick.note }
}
