//! The form of the database and the way to it from every older one.

use rusqlite::{Connection, TransactionBehavior};

/// The steps from each version to the next; the number of them is the version that this program writes. Steps are only added.
const MIGRATIONS: &[&str] = &[
    // 1: cases, steps with state and note, what was open lately, bookmarks.
    "CREATE TABLE cases (key TEXT PRIMARY KEY, name TEXT NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT;
     CREATE TABLE steps (scope TEXT NOT NULL, page TEXT NOT NULL, step TEXT NOT NULL, state INTEGER NOT NULL, note TEXT NOT NULL, changed INTEGER NOT NULL,
                         PRIMARY KEY (scope, page, step)) STRICT;
     CREATE TABLE recent (page TEXT NOT NULL, scope TEXT NOT NULL, file TEXT NOT NULL, name TEXT NOT NULL, seen INTEGER NOT NULL, turn INTEGER NOT NULL,
                          PRIMARY KEY (page, scope, file)) STRICT;
     CREATE TABLE bookmarks (page TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT;",
];

/// The version that this program writes.
pub(super) fn current() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Brings a database to the current version, in one transaction; two instances that do it at once do it once.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for step in MIGRATIONS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    if from < current() {
        transaction.pragma_update(None, "user_version", current())?;
    }
    transaction.commit()
}
