//! Removing cases so that nothing of them remains: not in free pages, not in the log, not in a database that was set aside.

use super::{Result, Store};
use rusqlite::{TransactionBehavior, params};
use std::path::PathBuf;

/// What was removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// Cases.
    pub cases: usize,
    /// Steps of theirs that had a tick or a note.
    pub steps: usize,
    /// Another instance reads just now: the log is emptied when it is done, not yet.
    pub busy: bool,
}

/// The files of a case among what was open lately; a case of several is named after the first one.
const FILES: &str = "DELETE FROM recent WHERE page = '' AND (
    name IN (SELECT name FROM case_inputs WHERE scope = ?1)
    OR EXISTS (SELECT 1 FROM cases WHERE key = ?1 AND (cases.name = recent.name OR substr(cases.name, 1, length(recent.name) + 5) = recent.name || ' and ')))";

impl Store {
    /// Removes cases with all that belongs to them: inputs, runs, ticks, notes, what was open lately in them and their files.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn remove_cases(&mut self, keys: &[String]) -> Result<Removed> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut removed = Removed::default();
        for key in keys {
            transaction.execute("DELETE FROM recent WHERE scope = ?1", [key])?;
            transaction.execute(FILES, [key])?;
            transaction.execute("DELETE FROM case_inputs WHERE scope = ?1", [key])?;
            transaction.execute("DELETE FROM case_runs WHERE scope = ?1", [key])?;
            removed.steps += transaction.execute("DELETE FROM steps WHERE scope = ?1", [key])?;
            removed.cases += transaction.execute("DELETE FROM cases WHERE key = ?1", [key])?;
        }
        transaction.commit()?;
        removed.busy = !self.scrub()?;
        Ok(removed)
    }

    /// Removes every case, and what else tells of inputs: what was open lately, ticks of cases that are not known any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn remove_all_cases(&mut self) -> Result<Removed> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for table in ["case_inputs", "case_runs", "recent"] {
            transaction.execute(&format!("DELETE FROM {table}"), [])?;
        }
        let steps = transaction.execute("DELETE FROM steps WHERE scope <> ''", [])?;
        let cases = transaction.execute("DELETE FROM cases", [])?;
        transaction.commit()?;
        Ok(Removed { cases, steps, busy: !self.scrub()? })
    }

    /// The keys of cases that were last seen before a time, in seconds since 1970.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cases_before(&self, time: i64) -> Result<Vec<String>> {
        let mut query = self.connection.prepare_cached("SELECT key FROM cases WHERE seen < ?1 ORDER BY key")?;
        query.query_map(params![time], |row| row.get(0))?.collect()
    }

    /// Removes the cases that were last seen before a time, in seconds since 1970.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn remove_before(&mut self, time: i64) -> Result<Removed> {
        let keys = self.cases_before(time)?;
        if keys.is_empty() { Ok(Removed::default()) } else { self.remove_cases(&keys) }
    }

    /// Databases that were set aside as damaged beside this one; they hold what it held.
    #[must_use]
    pub fn set_aside(&self) -> Vec<PathBuf> {
        let Some(folder) = self.path.parent() else { return Vec::new() };
        let front = format!("{}.damaged-", super::open::FILE);
        let ours = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&front));
        let mut found: Vec<PathBuf> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).filter(ours).collect();
        found.sort();
        found
    }

    /// Takes what was deleted out of the file and empties the log; false where another instance reads and the log has to wait.
    pub(super) fn scrub(&self) -> Result<bool> {
        // Deleted content is zeroed already (secure_delete); this gives its pages back, and with the log goes the last copy.
        match self.connection.execute_batch("VACUUM") {
            Err(error) if is_busy(&error) => return Ok(false),
            other => other?,
        }
        let busy: i64 = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked))
}
