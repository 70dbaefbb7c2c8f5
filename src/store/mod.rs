//! What outlives a run: cases, ticks, notes, bookmarks and what was open lately, in one `SQLite` database.
//!
//! Every change is one transaction in WAL mode with full sync, so that neither a kill nor another instance loses one. A case is known
//! by a hash; of its inputs is kept what was chosen, by default a redacted copy. What is removed leaves nothing behind ([`Store::remove_cases`]). Of
//! the forum queue the threads are kept, since they are public. Nothing here reads the clock; the time is handed in.

mod cases;
mod desk;
mod open;
mod place;
mod purge;
mod query;
mod queue;
mod queue_write;
mod schema;
mod trouble;
mod wire;

pub use crate::case::StepState as State;
pub use cases::CaseEdit;
pub use open::{Notice, Opened, Refusal};
pub use place::{config_folder, default_folder, fingerprint};
pub use purge::Removed;
pub use queue::{Change, Imported, SortedRecord, ThreadQuery, ThreadRow};
pub use trouble::explained;

use rusqlite::{Connection, OptionalExtension, params};
use std::path::{Path, PathBuf};

/// The database.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// What tells its file from another at the same path.
    mark: Option<(u64, u64)>,
}

/// A step's state and note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepRecord {
    /// The case; empty outside of one.
    pub scope: String,
    /// The page.
    pub page: String,
    /// The step.
    pub step: String,
    /// Where it stands.
    pub state: State,
    /// A note on it.
    pub note: String,
}

/// Something that was open lately.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecentRecord {
    /// The page; empty for a file.
    pub page: String,
    /// The case.
    pub scope: String,
    /// The path of the file, or the page's title.
    pub name: String,
}

/// So many are remembered of what was open.
const RECENT: usize = 50;

/// What can go wrong while reading or writing.
pub type Result<T> = rusqlite::Result<T>;

impl Store {
    /// Opens the database in `folder`, making both where they are missing. `now` is in seconds since 1970.
    #[must_use]
    pub fn open(folder: &Path, now: i64) -> Opened {
        open::open(folder, now)
    }

    /// Keeps a step's state and note.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn put_step(&self, record: &StepRecord, now: i64) -> Result<()> {
        self.connection.execute(
            "INSERT INTO steps (scope, page, step, state, note, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (scope, page, step) DO UPDATE SET state = excluded.state, note = excluded.note, changed = excluded.changed",
            params![record.scope, record.page, record.step, number_of(record.state), record.note, now],
        )?;
        Ok(())
    }

    /// The steps of a scope that have a state or a note.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn steps(&self, scope: &str) -> Result<Vec<StepRecord>> {
        let mut query = self.connection.prepare_cached("SELECT page, step, state, note FROM steps WHERE scope = ?1 ORDER BY page, step")?;
        let read = |row: &rusqlite::Row<'_>| {
            let state = cases::state_of(row.get(2)?);
            Ok(StepRecord { scope: scope.to_owned(), page: row.get(0)?, step: row.get(1)?, state, note: row.get(3)? })
        };
        query.query_map([scope], read)?.collect()
    }

    /// Remembers that a page or file was opened.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn put_recent(&mut self, recent: &RecentRecord, now: i64) -> Result<()> {
        let transaction = self.connection.transaction()?;
        let name = if recent.page.is_empty() { recent.name.as_str() } else { "" };
        transaction.execute(
            "INSERT INTO recent (page, scope, file, name, seen, turn) VALUES (?1, ?2, ?3, ?4, ?5, (SELECT coalesce(max(turn), 0) + 1 FROM recent))
             ON CONFLICT (page, scope, file) DO UPDATE SET name = excluded.name, seen = excluded.seen, turn = excluded.turn",
            params![recent.page, recent.scope, name, recent.name, now],
        )?;
        transaction.execute(
            "DELETE FROM recent WHERE turn NOT IN (SELECT turn FROM recent ORDER BY turn DESC LIMIT ?1)",
            params![i64::try_from(RECENT).unwrap_or(50)],
        )?;
        transaction.commit()
    }

    /// What was open lately, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn recent(&self) -> Result<Vec<RecentRecord>> {
        let mut query = self.connection.prepare_cached("SELECT page, scope, name FROM recent ORDER BY turn DESC")?;
        let read = |row: &rusqlite::Row<'_>| Ok(RecentRecord { page: row.get(0)?, scope: row.get(1)?, name: row.get(2)? });
        query.query_map([], read)?.collect()
    }

    /// Sets or takes away a bookmark.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn put_bookmark(&self, page: &str, on: bool, now: i64) -> Result<()> {
        if on {
            self.connection.execute("INSERT OR IGNORE INTO bookmarks (page, since) VALUES (?1, ?2)", params![page, now])?;
        } else {
            self.connection.execute("DELETE FROM bookmarks WHERE page = ?1", [page])?;
        }
        Ok(())
    }

    /// The bookmarked pages, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn bookmarks(&self) -> Result<Vec<String>> {
        let mut query = self.connection.prepare_cached("SELECT page FROM bookmarks ORDER BY page")?;
        query.query_map([], |row| row.get(0))?.collect()
    }

    /// The version of the database's form.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn version(&self) -> Result<i64> {
        self.connection.query_row("PRAGMA user_version", [], |row| row.get(0)).optional().map(Option::unwrap_or_default)
    }
}

/// A step's state as the database has it.
fn number_of(state: State) -> i64 {
    match state {
        State::Open => 0,
        State::Done => 1,
        State::Skipped => 2,
    }
}

#[cfg(test)]
mod tests;
