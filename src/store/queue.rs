//! The forum queue: threads with their states, notes, duplicates and saved views. Every change of a person is one transaction and can be undone.

use super::queue_write::{insert, update};
use super::wire;
use super::{Result, Store};
use crate::forum::{Kind, Priority, Row, Thread, ThreadState};
use rusqlite::{OptionalExtension, TransactionBehavior, params};
use std::collections::BTreeMap;

/// What is kept of a thread beside itself: how it was sorted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SortedRecord {
    /// The kind's word.
    pub kind: String,
    /// The topic's id; empty where none.
    pub topic: String,
    /// Why.
    pub why: String,
    /// The page found first; empty where none.
    pub page: String,
    /// Whether a rule says likely or certain.
    pub sure: bool,
    /// What it is about, for bursts; empty where unknown.
    pub about: String,
    /// The day it was asked, in days since 1970.
    pub day: Option<i64>,
    /// The part of its priority that time does not change, and its reasons.
    pub priority: u32,
    /// The reasons, one a line.
    pub priority_why: String,
    /// Whether waiting makes it more urgent.
    pub ages: bool,
    /// The fingerprint.
    pub print: Vec<u8>,
    /// Threads that ask the same: id, score, shared evidence.
    pub pairs: Vec<(String, f64, String)>,
}

/// A row of the queue.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ThreadRow {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// The kind's word.
    pub kind: String,
    /// The topic's id; empty where none.
    pub topic: String,
    /// Its state.
    pub state: ThreadState,
    /// A person's note.
    pub note: String,
    /// The page found first; empty where none.
    pub page: String,
    /// Whether a rule says likely or certain.
    pub sure: bool,
    /// The part of its priority that time does not change.
    pub priority: u32,
    /// Whether waiting makes it more urgent.
    pub ages: bool,
    /// When it was asked or last active, in seconds since 1970.
    pub at: Option<i64>,
    /// Replies, boosts, views.
    pub counts: [Option<i64>; 3],
    /// It has an accepted answer.
    pub answered: bool,
    /// The cluster of duplicates.
    pub cluster: String,
    /// How many threads are about the same on its day.
    pub burst: u32,
}

impl ThreadRow {
    /// How urgent it is at `now` (seconds since 1970).
    #[must_use]
    pub fn points(&self, now: i64) -> u32 {
        let fixed = Priority { points: self.priority, why: Vec::new(), ages: self.ages };
        fixed.in_burst(self.burst as usize).aged(self.at, now).points
    }

    /// The row as statistics take it.
    #[must_use]
    pub fn counted(self) -> Row {
        Row {
            id: self.id,
            kind: Kind::parse(&self.kind).unwrap_or_default(),
            topic: self.topic,
            state: self.state.word().to_owned(),
            at: self.at,
            settled: self.answered || !self.state.is_open() && self.state != ThreadState::NeedsInfo,
            replied: self.counts[0].is_some_and(|replies| replies > 0),
            page: self.page,
            sure: self.sure,
            cluster: self.cluster,
        }
    }
}

/// Which threads are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThreadQuery {
    /// Only these states; empty is all.
    pub states: Vec<ThreadState>,
    /// Only this topic.
    pub topic: Option<String>,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only threads that hold these words; the last one may be unfinished.
    pub words: String,
}

/// What one import of some threads came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// New threads.
    pub added: usize,
    /// Threads with newer figures, texts or replies.
    pub updated: usize,
    /// Threads that were there as they are.
    pub unchanged: usize,
    /// Threads that a new reply opened again.
    pub reopened: usize,
}

impl Imported {
    /// Adds what another part of the import came to.
    pub fn add(&mut self, other: Self) {
        self.added += other.added;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.reopened += other.reopened;
    }
}

/// What a person changes of a thread; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// The state.
    pub state: Option<ThreadState>,
    /// The note.
    pub note: Option<String>,
    /// The topic's id.
    pub topic: Option<String>,
    /// The kind's word.
    pub kind: Option<String>,
    /// The cluster.
    pub cluster: Option<String>,
    /// The edited reply.
    pub reply: Option<String>,
}

impl Change {
    fn fields(&self) -> Vec<(&'static str, String)> {
        let texts =
            [("note", &self.note), ("topic", &self.topic), ("kind", &self.kind), ("cluster", &self.cluster), ("reply", &self.reply)];
        let state = self.state.map(|state| ("state", state.word().to_owned()));
        state.into_iter().chain(texts.into_iter().filter_map(|(field, value)| Some((field, value.clone()?)))).collect()
    }
}

impl Store {
    /// Keeps some threads in one transaction: new ones, and what is new of known ones. `sort` tells how a thread is sorted; it is asked only for
    /// what is new or changed, with whether it is new.
    ///
    /// # Errors
    /// When the database cannot be read or written; then none of them is kept.
    pub fn import(&mut self, threads: Vec<Thread>, now: i64, sort: &mut dyn FnMut(&Thread, bool) -> SortedRecord) -> Result<Imported> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut done = Imported::default();
        for thread in threads {
            let known: Option<(String, String)> = transaction
                .prepare_cached("SELECT data, state FROM threads WHERE id = ?1")?
                .query_row([&thread.id], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((data, state)) = known else {
                let sorted = sort(&thread, true);
                insert(&transaction, &thread, &sorted, now)?;
                done.added += 1;
                continue;
            };
            let mut own = wire::thread(&data).unwrap_or_else(|| thread.clone());
            let replies = (own.counts.replies, own.replies.len());
            if !own.merge(&thread) {
                done.unchanged += 1;
                continue;
            }
            let sorted = sort(&own, false);
            let state = ThreadState::parse(&state).unwrap_or_default();
            let grown = (own.counts.replies, own.replies.len()) > replies;
            let next = if grown { state.after_reply() } else { state };
            done.reopened += usize::from(next != state);
            update(&transaction, &own, &sorted, next, now)?;
            done.updated += 1;
        }
        transaction.commit()?;
        Ok(done)
    }

    /// The fingerprints of the queue in the order of import: id, fingerprint, cluster.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn fingerprints(&self, take: &mut dyn FnMut(String, Vec<u8>, String)) -> Result<()> {
        let mut query = self.connection.prepare("SELECT id, print, cluster FROM threads ORDER BY number")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            take(row.get(0)?, row.get(1)?, row.get(2)?);
        }
        Ok(())
    }

    /// Replaces fingerprints that an older version made.
    ///
    /// # Errors
    /// When the database cannot be written; then none is replaced.
    pub fn renew_fingerprints(&mut self, renewed: &[(String, Vec<u8>)]) -> Result<()> {
        if renewed.is_empty() {
            return Ok(());
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (id, print) in renewed {
            transaction.prepare_cached("UPDATE threads SET print = ?2 WHERE id = ?1")?.execute(params![id, print])?;
        }
        transaction.commit()
    }

    /// Whether a thread is in the queue.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_thread(&self, id: &str) -> Result<bool> {
        self.connection.prepare_cached("SELECT 1 FROM threads WHERE id = ?1")?.exists([id])
    }

    /// The rows that a query asks for, in the order of import.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn threads(&self, asked: &ThreadQuery) -> Result<Vec<ThreadRow>> {
        let words = fts(&asked.words);
        let found = if words.is_empty() { "1" } else { "number IN (SELECT rowid FROM thread_words WHERE thread_words MATCH ?3)" };
        let sql = format!(
            "SELECT id, title, kind, topic, state, note, page, sure, priority, ages, at, replies, boosts, views, answered, cluster,
                    (SELECT threads FROM bursts WHERE bursts.day = threads.day AND bursts.about = threads.about)
             FROM threads WHERE (?1 = '' OR topic = ?1) AND (?2 = '' OR kind = ?2) AND {found} ORDER BY number"
        );
        let mut query = self.connection.prepare_cached(&sql)?;
        let (topic, kind) = (asked.topic.as_deref().unwrap_or(""), asked.kind.as_deref().unwrap_or(""));
        let rows: Vec<ThreadRow> = if words.is_empty() {
            query.query_map(params![topic, kind], row)?.collect::<Result<_>>()?
        } else {
            query.query_map(params![topic, kind, words], row)?.collect::<Result<_>>()?
        };
        Ok(rows.into_iter().filter(|row| asked.states.is_empty() || asked.states.contains(&row.state)).collect())
    }

    /// A thread as it was read, its row, and the reply that a person edited.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn thread(&self, id: &str) -> Result<Option<(Thread, ThreadRow, String)>> {
        let mut query = self.connection.prepare_cached(
            "SELECT id, title, kind, topic, state, note, page, sure, priority, ages, at, replies, boosts, views, answered, cluster,
                    (SELECT threads FROM bursts WHERE bursts.day = threads.day AND bursts.about = threads.about), data, reply
             FROM threads WHERE id = ?1",
        )?;
        let found = query.query_row([id], |line| Ok((row(line)?, line.get::<_, String>(17)?, line.get::<_, String>(18)?))).optional()?;
        Ok(found.and_then(|(row, data, reply)| Some((wire::thread(&data)?, row, reply))))
    }

    /// The ids that begin with `start`, at most three.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn thread_ids(&self, start: &str) -> Result<Vec<String>> {
        let mut query = self
            .connection
            .prepare_cached("SELECT id FROM threads WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id = ?1 DESC, id LIMIT 3")?;
        query.query_map([start], |row| row.get(0))?.collect()
    }

    /// The threads that ask the same as this one: id, score, shared evidence.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn pairs(&self, id: &str) -> Result<Vec<(String, f64, String)>> {
        let mut query = self.connection.prepare_cached(
            "SELECT other, score, why FROM thread_pairs WHERE thread = ?1 UNION SELECT thread, score, why FROM thread_pairs WHERE other = ?1 ORDER BY 2 DESC, 1",
        )?;
        query.query_map([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
    }

    /// Changes some threads in one transaction that can be undone as one. Returns the ids that were there.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing is changed.
    pub fn change_threads(&mut self, ids: &[String], change: &Change, now: i64) -> Result<Vec<String>> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let batch: i64 = transaction.query_row("SELECT coalesce(max(batch), 0) + 1 FROM thread_changes", [], |row| row.get(0))?;
        let mut changed = Vec::new();
        for id in ids {
            let mut there = false;
            for (field, value) in change.fields() {
                let old: Option<String> = transaction
                    .prepare_cached(&format!("SELECT {field} FROM threads WHERE id = ?1"))?
                    .query_row([id], |row| row.get(0))
                    .optional()?;
                let Some(old) = old else { break };
                there = true;
                transaction
                    .prepare_cached(&format!("UPDATE threads SET {field} = ?2, changed = ?3 WHERE id = ?1"))?
                    .execute(params![id, value, now])?;
                transaction
                    .prepare_cached("INSERT INTO thread_changes (batch, thread, field, old, new, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                    .execute(params![batch, id, field, old, value, now])?;
            }
            if there {
                changed.push(id.clone());
            }
        }
        transaction.commit()?;
        Ok(changed)
    }

    /// Takes back the last change of a person, in one transaction; a field that was changed otherwise since stays. Returns the threads.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn undo_threads(&mut self, now: i64) -> Result<Vec<String>> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let batch: Option<i64> = transaction.query_row("SELECT max(batch) FROM thread_changes", [], |row| row.get(0))?;
        let Some(batch) = batch else { return Ok(Vec::new()) };
        let changes: Vec<(String, String, String, String)> = transaction
            .prepare("SELECT thread, field, old, new FROM thread_changes WHERE batch = ?1 ORDER BY turn DESC")?
            .query_map([batch], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<Result<_>>()?;
        let mut ids = Vec::new();
        for (id, field, old, new) in changes {
            // The field's name comes from our own table of changes, written from `Change::fields`.
            transaction.execute(
                &format!("UPDATE threads SET {field} = ?2, changed = ?4 WHERE id = ?1 AND {field} = ?3"),
                params![id, old, new, now],
            )?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        transaction.execute("DELETE FROM thread_changes WHERE batch = ?1", [batch])?;
        transaction.commit()?;
        ids.sort();
        Ok(ids)
    }

    /// The ids of a cluster.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cluster(&self, cluster: &str) -> Result<Vec<String>> {
        let mut query = self.connection.prepare_cached("SELECT id FROM threads WHERE cluster = ?1 ORDER BY number")?;
        query.query_map([cluster], |row| row.get(0))?.collect()
    }

    /// Counts anew how many threads are about the same on one day; `burst` says which days of which subjects are bursts.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn put_bursts(&mut self, burst: &dyn Fn(&[(Option<i64>, Option<String>)]) -> Vec<(i64, String, usize)>) -> Result<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let keys: Vec<(Option<i64>, Option<String>)> = transaction
            .prepare("SELECT day, nullif(about, '') FROM threads ORDER BY number")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_>>()?;
        transaction.execute("DELETE FROM bursts", [])?;
        for (day, about, threads) in burst(&keys) {
            transaction.execute(
                "INSERT INTO bursts (day, about, threads) VALUES (?1, ?2, ?3)",
                params![day, about, i64::try_from(threads).unwrap_or(0)],
            )?;
        }
        transaction.commit()
    }

    /// Keeps a view under a name; an empty query removes it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn put_view(&self, name: &str, query: &str) -> Result<()> {
        if query.is_empty() {
            self.connection.execute("DELETE FROM thread_views WHERE name = ?1", [name])?;
        } else {
            self.connection.execute(
                "INSERT INTO thread_views (name, query) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET query = excluded.query",
                [name, query],
            )?;
        }
        Ok(())
    }

    /// The saved views: name and query, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn views(&self) -> Result<BTreeMap<String, String>> {
        let mut query = self.connection.prepare_cached("SELECT name, query FROM thread_views")?;
        query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }
}

fn row(line: &rusqlite::Row<'_>) -> Result<ThreadRow> {
    let state: String = line.get(4)?;
    Ok(ThreadRow {
        id: line.get(0)?,
        title: line.get(1)?,
        kind: line.get(2)?,
        topic: line.get(3)?,
        state: ThreadState::parse(&state).unwrap_or_default(),
        note: line.get(5)?,
        page: line.get(6)?,
        sure: line.get(7)?,
        priority: line.get(8)?,
        ages: line.get(9)?,
        at: line.get(10)?,
        counts: [line.get(11)?, line.get(12)?, line.get(13)?],
        answered: line.get(14)?,
        cluster: line.get(15)?,
        burst: line.get::<_, Option<u32>>(16)?.unwrap_or(0),
    })
}

/// Words as a query of the full text: each must stand, the last may be unfinished. Marks of the query language are taken out.
fn fts(words: &str) -> String {
    let words: Vec<String> =
        words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(12).map(|word| format!("\"{word}\"")).collect();
    if words.is_empty() { String::new() } else { format!("{}*", words.join(" ")) }
}
