//! `pitfall case`: what was diagnosed and worked on, kept. Everything that the screen does with cases, and what only files need.

mod add;
mod compare;
mod export;
mod import;
mod list;
mod remove;

pub(super) use add::{LARGEST, depth, name};

use super::{Common, Outcome, out, screen};
use crate::store::{Opened, Store, default_folder};
use anyhow::bail;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum Case {
    /// List the cases, the one seen last first.
    #[command(after_help = "Example: pitfall case list --state open --format json")]
    List(list::ListArgs),
    /// Show a case: what was found, its checklist with ticks and notes, what is still missing.
    #[command(after_help = "Example: pitfall case show 3f2a --format markdown")]
    Show(list::ShowArgs),
    /// Diagnose files and keep the case: by default with a redacted copy of them.
    #[command(after_help = "Example: pitfall case add build.log --keep facts")]
    Add(add::Args),
    /// Open a case on the screen.
    #[command(after_help = "Example: pitfall case open 3f2a")]
    Open(OpenArgs),
    /// Find cases that hold all of these words: in titles, findings, notes, facts and kept texts.
    #[command(after_help = "Example: pitfall case search keychain watch")]
    Search(list::SearchArgs),
    /// Change where a case stands, or its title.
    #[command(after_help = "Example: pitfall case set 3f2a --state solved")]
    Set(list::SetArgs),
    /// Compare what was found in two cases, or in a case and a file: what is gone, what is new, what stays.
    #[command(after_help = "Example: pitfall case compare 3f2a after-the-fix.log")]
    Compare(compare::Args),
    /// Evaluate kept cases again with the knowledge of today, and say what changed; earlier findings stay with the case.
    #[command(after_help = "Example: pitfall case recheck --all")]
    Recheck(compare::RecheckArgs),
    /// Write a case as Markdown, JSON, one HTML page, or a bundle for a bug report; redacted unless you say otherwise.
    #[command(after_help = "Example: pitfall case export 3f2a --format bundle -o case.json")]
    Export(export::Args),
    /// Take in the bundle of a colleague; nothing is ever overwritten.
    #[command(after_help = "Example: pitfall case import case.json")]
    Import(import::Args),
    /// Remove cases with their ticks and notes, so that nothing of them remains.
    #[command(after_help = "Example: pitfall case rm --older-than 90d")]
    Rm(remove::Args),
}

/// Where the cases are kept.
#[derive(Debug, clap::Args)]
pub(super) struct StateArgs {
    /// Where the cases are kept.
    #[arg(long, value_name = "DIR", env = "PITFALL_STATE")]
    state_dir: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct OpenArgs {
    /// The case's id, or the beginning of it; `last` is the one seen last.
    id: String,
    #[command(flatten)]
    screen: screen::Args,
}

pub(super) fn run(command: &Case, common: &Common) -> anyhow::Result<Outcome> {
    match command {
        Case::List(args) => list::list(args, common),
        Case::Show(args) => list::show(args, common),
        Case::Add(args) => add::run(args, common),
        Case::Open(args) => open(args, common),
        Case::Search(args) => list::search(args, common),
        Case::Set(args) => list::set(args),
        Case::Compare(args) => compare::run(args, common),
        Case::Recheck(args) => compare::recheck(args, common),
        Case::Export(args) => export::run(args, common),
        Case::Import(args) => import::run(args, common),
        Case::Rm(args) => remove::run(args),
    }
}

fn open(args: &OpenArgs, common: &Common) -> anyhow::Result<Outcome> {
    let key = {
        let store = store(args.screen.state.as_ref())?;
        key(&store, &args.id)?
    };
    screen::show(None, &args.screen, common, Some(key))
}

/// The present, in seconds since 1970.
fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// The database; what is wrong with it is an error here, since cases without one are none.
fn store(folder: Option<&PathBuf>) -> anyhow::Result<Store> {
    let Some(folder) = default_folder(folder.cloned()) else {
        bail!("there is no home folder to keep cases in; say --state-dir DIR or set PITFALL_STATE");
    };
    match Store::open(&folder, now()) {
        Opened::Ready(store, notice) => {
            if let Some(notice) = notice {
                out::warn(&notice.to_string());
            }
            Ok(store)
        }
        Opened::Refused(refusal) => Err(refusal.into()),
    }
}

/// What the database says, as a sentence.
fn told<T>(result: crate::store::Result<T>) -> anyhow::Result<T> {
    result.map_err(|error| anyhow::anyhow!(crate::store::explained(&error)))
}

/// The one case whose id is `start` or begins so; `last` is the one seen last.
fn key(store: &Store, start: &str) -> anyhow::Result<String> {
    if start == "last" {
        return match told(store.cases())?.into_iter().next() {
            Some(case) => Ok(case.key),
            None => bail!("no case is kept yet; `pitfall case add FILE` keeps one"),
        };
    }
    let found = told(store.case_keys(start))?;
    match found.as_slice() {
        [] => bail!("no case `{start}`; `pitfall case list` shows the ids"),
        [one] => Ok(one.clone()),
        [first, second, ..] => {
            let more = |key: &String| crate::text::clip(key, 0..start.len().max(6) + 4).to_owned();
            bail!("`{start}` is not one case: {}, {}…; give more of the id", more(first), more(second))
        }
    }
}

/// A case with all that is kept of it.
fn dossier(store: &Store, start: &str) -> anyhow::Result<crate::case::Dossier> {
    let key = key(store, start)?;
    told(store.case(&key))?.ok_or_else(|| anyhow::anyhow!("the case `{start}` was removed just now"))
}
