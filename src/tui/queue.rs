//! The forum queue's part of the keeper: rows, threads and changes between the screen and the database.

use crate::app::{Effect, Msg, QueueRow, ThreadChange};
use crate::engine::Engine;
use crate::store::{Change, Result, Store, ThreadQuery, ThreadRow};
use crate::text::clean;
use std::sync::{Arc, OnceLock};

/// Whether an effect is one of the queue's.
pub(super) fn is_queue(effect: &Effect) -> bool {
    matches!(effect, Effect::LoadQueue | Effect::OpenThread(..) | Effect::SearchQueue(..) | Effect::ChangeThreads(..) | Effect::UndoThreads)
}

/// Does an effect of the queue at `now` (seconds since 1970).
pub(super) fn done(store: &mut Store, engine: &OnceLock<Arc<Engine>>, job: Effect, now: i64) -> Result<Option<Msg>> {
    Ok(match job {
        Effect::LoadQueue => Some(Msg::Queue(rows(store, now)?)),
        Effect::OpenThread(number, id) => {
            let opened = store.open_thread(engine.wait(), &id, now)?;
            Some(Msg::Thread(number, opened.map(|(triaged, _, edited)| Box::new((triaged, edited)))))
        }
        Effect::SearchQueue(number, words) => {
            let found = store.threads(&ThreadQuery { words, ..ThreadQuery::default() })?;
            Some(Msg::QueueFound(number, found.into_iter().map(|row| row.id).collect()))
        }
        Effect::ChangeThreads(ids, change) => {
            let change = match change {
                ThreadChange::State(state) => Change { state: Some(state), ..Change::default() },
                ThreadChange::Note(note) => Change { note: Some(note), ..Change::default() },
            };
            store.change_threads(&ids, &change, now)?;
            None
        }
        Effect::UndoThreads => {
            store.undo_threads(now)?;
            Some(Msg::Queue(rows(store, now)?))
        }
        _ => None,
    })
}

fn rows(store: &Store, now: i64) -> Result<Vec<QueueRow>> {
    let row = |row: ThreadRow| {
        let title = clean(&row.title).text;
        let hay = format!("{title} {} {} {} {}", row.id, row.topic, row.kind, row.state.word()).to_lowercase();
        QueueRow { title, state: row.state, note: row.note.clone(), points: row.points(now), hay, row: row.counted() }
    };
    Ok(store.threads(&ThreadQuery::default())?.into_iter().map(row).collect())
}
