//! Threads into the tables of the queue.

use super::queue::SortedRecord;
use super::{Result, wire};
use crate::forum::{Thread, ThreadState};
use rusqlite::{OptionalExtension as _, Transaction, params};

fn count(value: Option<u64>) -> Option<i64> {
    value.and_then(|value| i64::try_from(value).ok())
}

/// Puts a new thread in.
pub(super) fn insert(transaction: &Transaction<'_>, thread: &Thread, sorted: &SortedRecord, now: i64) -> Result<()> {
    // The cluster is that of the nearest thread that asks the same, else its own.
    let near: Option<String> = match sorted.pairs.first() {
        Some((other, ..)) => {
            transaction.prepare_cached("SELECT cluster FROM threads WHERE id = ?1")?.query_row([other], |row| row.get(0)).optional()?
        }
        None => None,
    };
    let state = if thread.answered {
        ThreadState::Answered
    } else if sorted.kind == "resource" || sorted.kind == "announcement" {
        ThreadState::Closed
    } else {
        ThreadState::New
    };
    transaction
        .prepare_cached(
            "INSERT INTO threads (id, title, kind, topic, why, state, note, page, sure, about, day, priority, priority_why, ages, at, replies, boosts, views,
                                  answered, cluster, print, reply, data, imported, changed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, '', ?21, ?22, ?22)",
        )?
        .execute(params![
            thread.id,
            thread.title,
            sorted.kind,
            sorted.topic,
            sorted.why,
            state.word(),
            sorted.page,
            sorted.sure,
            sorted.about,
            sorted.day,
            sorted.priority,
            sorted.priority_why,
            sorted.ages,
            thread.when.or(thread.created).map(|moment| moment.at),
            count(thread.counts.replies),
            count(thread.counts.boosts),
            count(thread.counts.views),
            thread.answered,
            near.unwrap_or_else(|| thread.id.clone()),
            sorted.print,
            wire::data(thread),
            now,
        ])?;
    let number = transaction.last_insert_rowid();
    words(transaction, number, thread)?;
    pair(transaction, thread, sorted)
}

/// Makes the words of a thread findable.
fn words(transaction: &Transaction<'_>, number: i64, thread: &Thread) -> Result<()> {
    let mut insert = transaction.prepare_cached("INSERT OR REPLACE INTO thread_words (rowid, title, body) VALUES (?1, ?2, ?3)")?;
    insert.execute(params![number, thread.title, thread.body])?;
    Ok(())
}

fn pair(transaction: &Transaction<'_>, thread: &Thread, sorted: &SortedRecord) -> Result<()> {
    for (other, score, why) in &sorted.pairs {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO thread_pairs (thread, other, score, why) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![thread.id, other, score, why])?;
    }
    Ok(())
}

/// Brings a known thread up to date. Kind and topic that a person has set stay; the rest follows the page.
pub(super) fn update(transaction: &Transaction<'_>, thread: &Thread, sorted: &SortedRecord, state: ThreadState, now: i64) -> Result<()> {
    transaction
        .prepare_cached(
            "UPDATE threads SET title = ?2, state = ?3, page = ?4, sure = ?5, about = ?6, day = ?7, priority = ?8, priority_why = ?9, ages = ?10, at = ?11,
                    replies = ?12, boosts = ?13, views = ?14, answered = ?15, print = ?16, data = ?17, changed = ?18, why = ?19,
                    kind = CASE WHEN EXISTS (SELECT 1 FROM thread_changes WHERE thread = ?1 AND field = 'kind') THEN kind ELSE ?20 END,
                    topic = CASE WHEN EXISTS (SELECT 1 FROM thread_changes WHERE thread = ?1 AND field = 'topic') THEN topic ELSE ?21 END
             WHERE id = ?1",
        )?
        .execute(params![
            thread.id,
            thread.title,
            state.word(),
            sorted.page,
            sorted.sure,
            sorted.about,
            sorted.day,
            sorted.priority,
            sorted.priority_why,
            sorted.ages,
            thread.when.or(thread.created).map(|moment| moment.at),
            count(thread.counts.replies),
            count(thread.counts.boosts),
            count(thread.counts.views),
            thread.answered,
            sorted.print,
            wire::data(thread),
            now,
            sorted.why,
            sorted.kind,
            sorted.topic,
        ])?;
    let number: i64 = transaction.prepare_cached("SELECT number FROM threads WHERE id = ?1")?.query_row([&thread.id], |row| row.get(0))?;
    words(transaction, number, thread)?;
    pair(transaction, thread, sorted)
}
