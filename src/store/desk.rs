//! A thread of the queue, opened: diagnosed and drafted, with the threads that ask the same.

use super::queue::ThreadRow;
use super::{Result, Store};
use crate::engine::Engine;
use crate::forum::{Desk, Duplicate, Kind, ThreadState, Triaged, order};

impl Store {
    /// Opens a thread at `now` (seconds since 1970): the diagnosis, its row, the reply that a person edited. What a person set goes before what
    /// is found. None where there is no such thread, or its document is damaged.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn open_thread(&self, engine: &Engine, id: &str, now: i64) -> Result<Option<(Triaged, ThreadRow, String)>> {
        let Some((thread, row, reply)) = self.thread(id)? else { return Ok(None) };
        let desk = Desk::new(engine);
        let asked = thread.asked();
        let mut sorted = desk.sort(thread);
        sorted.verdict.kind = Kind::parse(&row.kind).unwrap_or(sorted.verdict.kind);
        sorted.verdict.topic = crate::knowledge::topic(&row.topic).map(|topic| topic.id);
        sorted.priority = std::mem::take(&mut sorted.priority).in_burst(row.burst as usize).aged(asked, now);
        for (other, score, why) in self.pairs(id)? {
            if let Some((thread, other_row, _)) = self.thread(&other)? {
                let answered = thread.answered || other_row.state == ThreadState::Answered || thread.closed && thread.answer().is_some();
                #[allow(clippy::cast_possible_truncation)] // it was an f32 when it was kept
                sorted.duplicates.push(Duplicate {
                    id: thread.id,
                    title: thread.title,
                    url: thread.url,
                    answered,
                    why,
                    score: score as f32,
                });
            }
        }
        order(&mut sorted.duplicates);
        Ok(Some((desk.open(sorted), row, reply)))
    }
}
