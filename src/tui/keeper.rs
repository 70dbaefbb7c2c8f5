//! The thread that owns the database: it writes in the order in which things happened, and the program ends only when it is done.

use super::queue;
use super::{Event, spawn, tell};
use crate::app::{Effect, KnownCase, Msg, Put, Recent, Saved, StepKey, Tick, TickState};
use crate::engine::Engine;
use crate::store::{Opened, RecentRecord, State, StepRecord, Store, default_folder};
use std::path::PathBuf;
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
    let mut store = match Store::open(&folder, now()) {
        Opened::Ready(store, None) => {
            tell(sender, Msg::Saved(Saved::Works));
            store
        }
        Opened::Ready(store, Some(notice)) => {
            tell(sender, Msg::Saved(Saved::Notice(notice.to_string())));
            store
        }
        Opened::Refused(refusal) => {
            tell(sender, Msg::Saved(Saved::Off(refusal.to_string())));
            return;
        }
    };
    for job in jobs {
        let result = if queue::is_queue(&job) { queue::done(&mut store, engine, job, now()) } else { done(&mut store, job) };
        match result {
            Ok(Some(msg)) => tell(sender, msg),
            Ok(None) => {}
            Err(error) => tell(sender, Msg::Saved(Saved::Off(error.to_string()))),
        }
    }
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
            let cases = store.cases()?.into_iter().map(|case| KnownCase { key: case.key, name: case.name }).collect();
            return Ok(Some(Msg::Remembered(recent, store.bookmarks()?.into_iter().collect(), cases)));
        }
        Effect::Save(Put::Tick(key, tick)) => store.put_step(&written(key, tick), now())?,
        Effect::Save(Put::Bookmark(page, on)) => store.put_bookmark(&page, on, now())?,
        Effect::Save(Put::Recent(recent)) => {
            store.put_recent(&RecentRecord { page: recent.page, scope: recent.scope, name: recent.name }, now())?;
        }
        Effect::Save(Put::Case(key, name)) => store.put_case(&key, &name, now())?,
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
