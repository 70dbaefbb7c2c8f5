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
    // 2: the forum queue: threads, which ask the same, what a person changed, bursts, saved views, full text.
    "CREATE TABLE threads (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, kind TEXT NOT NULL, topic TEXT NOT NULL, why TEXT NOT NULL,
                           state TEXT NOT NULL, note TEXT NOT NULL, page TEXT NOT NULL, sure INTEGER NOT NULL, about TEXT NOT NULL, day INTEGER,
                           priority INTEGER NOT NULL, priority_why TEXT NOT NULL, ages INTEGER NOT NULL, at INTEGER, replies INTEGER, boosts INTEGER, views INTEGER,
                           answered INTEGER NOT NULL, cluster TEXT NOT NULL, print BLOB NOT NULL, reply TEXT NOT NULL, data TEXT NOT NULL,
                           imported INTEGER NOT NULL, changed INTEGER NOT NULL) STRICT;
     CREATE INDEX threads_cluster ON threads (cluster);
     CREATE TABLE thread_pairs (thread TEXT NOT NULL, other TEXT NOT NULL, score REAL NOT NULL, why TEXT NOT NULL, PRIMARY KEY (thread, other)) STRICT;
     CREATE INDEX thread_pairs_other ON thread_pairs (other);
     CREATE TABLE thread_changes (turn INTEGER PRIMARY KEY, batch INTEGER NOT NULL, thread TEXT NOT NULL, field TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL,
                                  at INTEGER NOT NULL) STRICT;
     CREATE INDEX thread_changes_thread ON thread_changes (thread, field);
     CREATE TABLE bursts (day INTEGER NOT NULL, about TEXT NOT NULL, threads INTEGER NOT NULL, PRIMARY KEY (day, about)) STRICT;
     CREATE TABLE thread_views (name TEXT PRIMARY KEY, query TEXT NOT NULL) STRICT;
     CREATE VIRTUAL TABLE thread_words USING fts5 (title, body, content = '', contentless_delete = 1, tokenize = 'unicode61', detail = 'none');",
    // 3: cases with what was found in them, each time, and as much of their inputs as was chosen.
    "ALTER TABLE cases ADD COLUMN title TEXT NOT NULL DEFAULT '';
     ALTER TABLE cases ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
     ALTER TABLE cases ADD COLUMN kept TEXT NOT NULL DEFAULT '';
     ALTER TABLE cases ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
     CREATE TABLE case_inputs (scope TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, form TEXT NOT NULL, bytes INTEGER NOT NULL,
                               lines INTEGER NOT NULL, text BLOB, PRIMARY KEY (scope, number)) STRICT;
     CREATE TABLE case_runs (number INTEGER PRIMARY KEY, scope TEXT NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
     CREATE INDEX case_runs_scope ON case_runs (scope);",
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

/// As a pitfall that knew only `steps` steps would have left it.
#[cfg(test)]
pub(super) fn migrate_to(connection: &Connection, steps: usize) {
    for step in MIGRATIONS.iter().take(steps) {
        connection.execute_batch(step).unwrap();
    }
    connection.pragma_update(None, "user_version", i64::try_from(steps).unwrap()).unwrap();
}
