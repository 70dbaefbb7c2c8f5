//! `pitfall case compare` and `recheck`.

use super::{StateArgs, add, dossier, key, now, store, told};
use crate::case::{Dossier, Kept, Run, again, compare, take};
use crate::cli::{Common, Format, Outcome, engine, input, out};
use crate::engine::Options;
use crate::report::{SCHEMA, difference_json, difference_line, difference_text, short_key};
use crate::store::Store;
use anyhow::bail;
use serde_json::json;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The first case's id, or the beginning of it; `last` is the one seen last.
    before: String,
    /// The other case, or a file.
    after: String,
    #[command(flatten)]
    state: StateArgs,
}

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    let store = store(args.state.state_dir.as_ref())?;
    let before = last(dossier(&store, &args.before)?)?;
    let path = Path::new(&args.after);
    let is_case = args.after == "last" || told(store.case_keys(&args.after))?.len() == 1;
    let after = if is_case || args.after != "-" && !path.exists() {
        last(dossier(&store, &args.after)?)?
    } else {
        let inputs = vec![input::read(path)?];
        let engine = engine(common)?;
        let diagnosis = engine.triage(&inputs, &Options::default());
        (crate::text::clean(&add::name(&inputs)).text, take(&engine, &inputs, &diagnosis, now()).1)
    };
    let difference = compare(&before.1, &after.1);
    match common.format {
        Format::Json => out::say_json(&difference_json(&difference))?,
        Format::Text | Format::Markdown => {
            out::say(&difference_text(&difference, (&before.0, &after.0), out::paint(common)))?;
            if before.1.knowledge != after.1.knowledge {
                out::warn("they were evaluated with different knowledge; `pitfall case recheck` brings a case up to date");
            }
        }
    }
    Ok(if difference.is_none() { Outcome::Nothing } else { Outcome::Found })
}

/// What a case is called, and its last run.
fn last(mut dossier: Dossier) -> anyhow::Result<(String, Run)> {
    let name = short_key(&dossier.key).to_owned();
    match dossier.runs.pop() {
        Some(run) => Ok((name, run)),
        None => bail!("of the case {name} only the name is kept; `pitfall case add FILE` keeps what is found"),
    }
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RecheckArgs {
    /// The case's id, or the beginning of it; `last` is the one seen last.
    #[arg(required_unless_present = "all")]
    id: Option<String>,
    /// Every case that is kept.
    #[arg(long, conflicts_with = "id")]
    all: bool,
    #[command(flatten)]
    state: StateArgs,
}

pub(super) fn recheck(args: &RecheckArgs, common: &Common) -> anyhow::Result<Outcome> {
    let mut store = store(args.state.state_dir.as_ref())?;
    let keys: Vec<String> = match &args.id {
        Some(id) => vec![key(&store, id)?],
        None => told(store.cases())?.into_iter().filter(|case| case.kept.is_some()).map(|case| case.key).collect(),
    };
    let engine = engine(common)?;
    let mut changed = 0;
    let mut rows = Vec::new();
    for key in &keys {
        let (before, run, case) = evaluate(&mut store, &engine, key)?;
        let difference = compare(&before, &run);
        changed += usize::from(!difference.is_none());
        match common.format {
            Format::Json => {
                let mut row = difference_json(&difference);
                row["id"] = json!(key);
                row["knowledge"] = json!({"before": before.knowledge, "after": run.knowledge});
                rows.push(row);
            }
            Format::Text | Format::Markdown if args.all => {
                let told = difference_line(&difference).unwrap_or_else(|| "as it was".into());
                out::say(&format!("{}  {}: {told}", short_key(key), case.heading()))?;
            }
            Format::Text | Format::Markdown => {
                out::say(&difference_text(&difference, ("before", "now"), out::paint(common)))?;
                if case.kept == Some(Kept::Facts) {
                    out::warn("only facts are kept of it: what rests on other words of the text could not be looked for again");
                }
            }
        }
    }
    if common.format == Format::Json {
        out::say_json(&json!({"schema": SCHEMA, "cases": rows}))?;
    } else if args.all {
        out::warn(&format!("{} cases evaluated, {changed} changed", keys.len()));
    }
    Ok(if changed > 0 { Outcome::Found } else { Outcome::Nothing })
}

/// The last run that was kept, the one of now, which is kept behind it, and the case.
fn evaluate(store: &mut Store, engine: &crate::engine::Engine, key: &str) -> anyhow::Result<(Run, Run, Dossier)> {
    let case = dossier(store, key)?;
    let (Some(before), Some(run)) = (case.last().cloned(), again(engine, &case, now())) else {
        bail!("of the case {} only the name is kept; `pitfall case add FILE` keeps what is found", short_key(key));
    };
    if !compare(&before, &run).is_none() || before.knowledge != run.knowledge {
        told(store.put_run(key, &run))?;
    }
    Ok((before, run, case))
}
