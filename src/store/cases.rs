//! Cases in the database: what was found, each time, and what is kept of the inputs.

use super::{Result, State, Store};
use crate::case::{CaseState, Dossier, Kept, KeptInput, Run, StepTick};
use crate::report::{read_run, run_json};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

/// What a person changes of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseEdit {
    /// Where it stands.
    pub state: Option<CaseState>,
    /// Its title; an empty one takes it away.
    pub title: Option<String>,
}

/// So many runs are kept of a case: the first one, and the last ones.
const RUNS: usize = 100;

const COLUMNS: &str = "key, name, created, seen, title, state, kept, imported";

impl Store {
    /// Remembers that a case was seen: its key and name.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn put_case(&self, key: &str, name: &str, now: i64) -> Result<()> {
        self.connection.execute(
            "INSERT INTO cases (key, name, created, seen) VALUES (?1, ?2, ?3, ?3)
             ON CONFLICT (key) DO UPDATE SET name = CASE WHEN imported THEN name ELSE excluded.name END, seen = excluded.seen",
            params![key, name, now],
        )?;
        Ok(())
    }

    /// Keeps a case: its inputs take the place of those that were kept, its runs come behind those that were, unless the last one says the
    /// same. Says whether a run was added. What is no longer kept of the inputs leaves nothing behind.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_case(&mut self, dossier: &Dossier, now: i64) -> Result<bool> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let before: Option<String> =
            transaction.query_row("SELECT kept FROM cases WHERE key = ?1", [&dossier.key], |row| row.get(0)).optional()?;
        let kept = dossier.kept.map_or("", Kept::word);
        transaction.execute(
            "INSERT INTO cases (key, name, created, seen, title, state, kept, imported) VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (key) DO UPDATE SET seen = excluded.seen, kept = excluded.kept,
                title = CASE WHEN excluded.title = '' THEN title ELSE excluded.title END",
            params![dossier.key, dossier.name, now, dossier.title, dossier.state.word(), kept, dossier.imported],
        )?;
        let less = before.as_deref().and_then(Kept::parse).is_some_and(|before| dossier.kept < Some(before));
        if less {
            // Earlier runs may quote what must not be kept any more.
            transaction.execute("DELETE FROM case_runs WHERE scope = ?1", [&dossier.key])?;
        }
        put_inputs(&transaction, &dossier.key, &dossier.inputs)?;
        let mut added = false;
        for run in &dossier.runs {
            added |= add_run(&transaction, &dossier.key, run)?;
        }
        transaction.commit()?;
        if less {
            self.scrub()?;
        }
        Ok(added)
    }

    /// Takes in a colleague's case under its key, with its ticks and notes; false where there is one of this key already, which stays as it is.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn import_case(&mut self, dossier: &Dossier, now: i64) -> Result<bool> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let made = transaction.execute(
            "INSERT OR IGNORE INTO cases (key, name, created, seen, title, state, kept, imported) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)",
            params![
                dossier.key,
                dossier.name,
                dossier.created,
                now,
                dossier.title,
                dossier.state.word(),
                dossier.kept.map_or("", Kept::word)
            ],
        )?;
        if made == 0 {
            return Ok(false);
        }
        put_inputs(&transaction, &dossier.key, &dossier.inputs)?;
        for run in &dossier.runs {
            add_run(&transaction, &dossier.key, run)?;
        }
        for tick in &dossier.steps {
            transaction.execute(
                "INSERT OR REPLACE INTO steps (scope, page, step, state, note, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![dossier.key, tick.page, tick.step, super::number_of(tick.state), tick.note, now],
            )?;
        }
        transaction.commit()?;
        Ok(true)
    }

    /// Adds a run to a case, unless the last one says the same; says whether it did.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn put_run(&mut self, key: &str, run: &Run) -> Result<bool> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let added = add_run(&transaction, key, run)?;
        transaction.commit()?;
        Ok(added)
    }

    /// Changes state or title of a case; says whether there is one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn edit_case(&self, key: &str, edit: &CaseEdit, now: i64) -> Result<bool> {
        let changed = self.connection.execute(
            "UPDATE cases SET state = coalesce(?2, state), title = coalesce(?3, title), seen = ?4 WHERE key = ?1",
            params![key, edit.state.map(CaseState::word), edit.title, now],
        )?;
        Ok(changed > 0)
    }

    /// The cases, the one seen last first, with their last run and ticks, without the texts of their inputs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cases(&self) -> Result<Vec<Dossier>> {
        let sql = format!("SELECT {COLUMNS} FROM cases ORDER BY seen DESC, key");
        let mut query = self.connection.prepare_cached(&sql)?;
        let mut cases: Vec<Dossier> = query.query_map([], head)?.collect::<Result<_>>()?;
        for case in &mut cases {
            fill(&self.connection, case, false)?;
        }
        Ok(cases)
    }

    /// The keys that begin so.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case_keys(&self, start: &str) -> Result<Vec<String>> {
        let mut query = self.connection.prepare_cached("SELECT key FROM cases WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key")?;
        query.query_map([start], |row| row.get(0))?.collect()
    }

    /// A case with all that is kept of it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case(&self, key: &str) -> Result<Option<Dossier>> {
        let sql = format!("SELECT {COLUMNS} FROM cases WHERE key = ?1");
        let Some(mut case) = self.connection.prepare_cached(&sql)?.query_row([key], head).optional()? else { return Ok(None) };
        fill(&self.connection, &mut case, true)?;
        Ok(Some(case))
    }
}

fn put_inputs(transaction: &Transaction<'_>, key: &str, inputs: &[KeptInput]) -> Result<()> {
    transaction.execute("DELETE FROM case_inputs WHERE scope = ?1", [key])?;
    for (number, input) in (0_i64..).zip(inputs) {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        transaction
            .prepare_cached("INSERT INTO case_inputs (scope, number, name, form, bytes, lines, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
            .execute(params![key, number, input.name, input.form, count(input.bytes), count(input.lines), input.text])?;
    }
    Ok(())
}

fn add_run(transaction: &Transaction<'_>, key: &str, run: &Run) -> Result<bool> {
    let last: Option<String> = transaction
        .prepare_cached("SELECT data FROM case_runs WHERE scope = ?1 ORDER BY number DESC LIMIT 1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    let same = |last: &Run| {
        last.knowledge == run.knowledge
            && last.program == run.program
            && last.findings == run.findings
            && last.facts == run.facts
            && last.ask == run.ask
    };
    if last.as_deref().and_then(read_run).as_ref().is_some_and(same) {
        return Ok(false);
    }
    transaction.prepare_cached("INSERT INTO case_runs (scope, at, data) VALUES (?1, ?2, ?3)")?.execute(params![
        key,
        run.at,
        run_json(run).to_string()
    ])?;
    transaction.execute(
        "DELETE FROM case_runs WHERE scope = ?1 AND number NOT IN (SELECT min(number) FROM case_runs WHERE scope = ?1)
            AND number NOT IN (SELECT number FROM case_runs WHERE scope = ?1 ORDER BY number DESC LIMIT ?2)",
        params![key, i64::try_from(RUNS - 1).unwrap_or(99)],
    )?;
    Ok(true)
}

fn head(row: &Row<'_>) -> Result<Dossier> {
    Ok(Dossier {
        key: row.get(0)?,
        name: row.get(1)?,
        created: row.get(2)?,
        seen: row.get(3)?,
        title: row.get(4)?,
        state: CaseState::parse(&row.get::<_, String>(5)?).unwrap_or_default(),
        kept: Kept::parse(&row.get::<_, String>(6)?),
        imported: row.get(7)?,
        ..Dossier::default()
    })
}

/// Reads what belongs to a case. A run that is damaged is left out; it stays where it is.
fn fill(connection: &Connection, case: &mut Dossier, whole: bool) -> Result<()> {
    let text = if whole { "text" } else { "NULL" };
    let sql = format!("SELECT name, form, bytes, lines, {text} FROM case_inputs WHERE scope = ?1 ORDER BY number");
    let count = |row: &Row<'_>, at: usize| Ok::<_, rusqlite::Error>(u64::try_from(row.get::<_, i64>(at)?).unwrap_or(0));
    let input = |row: &Row<'_>| {
        Ok(KeptInput { name: row.get(0)?, form: row.get(1)?, bytes: count(row, 2)?, lines: count(row, 3)?, text: row.get(4)? })
    };
    case.inputs = connection.prepare_cached(&sql)?.query_map([&case.key], input)?.collect::<Result<_>>()?;
    let sql = if whole {
        "SELECT data FROM case_runs WHERE scope = ?1 ORDER BY number"
    } else {
        "SELECT data FROM case_runs WHERE scope = ?1 ORDER BY number DESC LIMIT 1"
    };
    let mut runs = connection.prepare_cached(sql)?;
    let runs: Vec<String> = runs.query_map([&case.key], |row| row.get(0))?.collect::<Result<_>>()?;
    case.runs = runs.iter().filter_map(|data| read_run(data)).collect();
    let mut steps = connection.prepare_cached("SELECT page, step, state, note FROM steps WHERE scope = ?1 ORDER BY page, step")?;
    let step = |row: &Row<'_>| Ok(StepTick { page: row.get(0)?, step: row.get(1)?, state: state_of(row.get(2)?), note: row.get(3)? });
    case.steps = steps.query_map([&case.key], step)?.collect::<Result<_>>()?;
    Ok(())
}

/// A step's state as the database has it.
pub(super) fn state_of(number: i64) -> State {
    match number {
        1 => State::Done,
        2 => State::Skipped,
        _ => State::Open,
    }
}
