//! `pitfall case rm`: what is removed is gone from the disk.

use super::{StateArgs, key, now, store, told};
use crate::cli::{Outcome, out};
use crate::report::short_key;
use crate::store::Removed;
use anyhow::{Context as _, bail};
use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The ids of cases, or the beginnings of them; `last` is the one seen last.
    #[arg(required_unless_present_any = ["all", "older_than"])]
    ids: Vec<String>,
    /// Every case, what was open lately, and damaged databases that were set aside.
    #[arg(long, conflicts_with_all = ["ids", "older_than"])]
    all: bool,
    /// Cases that were last seen so long ago: 90d, 12w, 6m, 1y.
    #[arg(long, value_name = "AGE", conflicts_with = "ids")]
    older_than: Option<String>,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    state: StateArgs,
}

/// Seconds of an age such as `90d`.
pub(in crate::cli) fn seconds(age: &str) -> Option<i64> {
    let (number, unit) = age.split_at_checked(age.len().checked_sub(1)?)?;
    let days = match unit {
        "d" => 1,
        "w" => 7,
        "m" => 30,
        "y" => 365,
        _ => return None,
    };
    number.parse::<u32>().ok().map(|number| i64::from(number) * days * 86_400)
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut store = store(args.state.state_dir.as_ref())?;
    let aside = if args.all { store.set_aside() } else { Vec::new() };
    let keys: Vec<String> = match &args.older_than {
        Some(age) => {
            let Some(seconds) = seconds(age) else { bail!("`{age}` is no age; write 90d, 12w, 6m or 1y") };
            told(store.cases_before(now().saturating_sub(seconds)))?
        }
        None if args.all => told(store.cases())?.into_iter().map(|case| case.key).collect(),
        None => args.ids.iter().map(|id| key(&store, id)).collect::<anyhow::Result<_>>()?,
    };
    if keys.is_empty() && !args.all {
        out::say("No case is that old.")?;
        return Ok(Outcome::Nothing);
    }
    let cases = told(store.cases())?;
    let named: Vec<String> = cases
        .iter()
        .filter(|case| keys.contains(&case.key))
        .take(10)
        .map(|case| format!("  {}  {}", short_key(&case.key), case.heading()))
        .collect();
    let more = if keys.len() > named.len() { format!("\n  and {} more", keys.len() - named.len()) } else { String::new() };
    let also = if aside.is_empty() { String::new() } else { format!(", and {} damaged databases that were set aside", aside.len()) };
    let question = format!("{}{more}\nRemove {} with ticks and notes{also}? [y/N] ", named.join("\n"), count(keys.len()));
    if !args.yes && !agreed(&question, args.ids.is_empty())? {
        out::say("Nothing was removed.")?;
        return Ok(Outcome::Nothing);
    }
    let removed = if args.all { told(store.remove_all_cases())? } else { told(store.remove_cases(&keys))? };
    for path in &aside {
        remove_file(path)?;
    }
    out::say(&sentence(&removed, &also))?;
    if removed.busy {
        out::warn("another pitfall is reading just now, so that copies may stand in the log until it ends; run this again then");
    }
    Ok(if removed.cases > 0 || !aside.is_empty() { Outcome::Found } else { Outcome::Nothing })
}

fn count(cases: usize) -> String {
    if cases == 1 { "1 case".into() } else { format!("{cases} cases") }
}

fn sentence(removed: &Removed, also: &str) -> String {
    format!("Removed {} with {} ticks and notes{also}; nothing of them remains in the database.", count(removed.cases), removed.steps)
}

/// Whether a person agrees. Where none is there, a case that is named is removed; many are not.
fn agreed(question: &str, many: bool) -> anyhow::Result<bool> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        if many {
            bail!("this removes more than one case; say --yes");
        }
        return Ok(true);
    }
    out::ask(question);
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Overwrites a file and removes it: unlike a database, it has no pages that could be given back.
fn remove_file(path: &PathBuf) -> anyhow::Result<()> {
    let removed = || -> std::io::Result<()> {
        let size = std::fs::metadata(path)?.len();
        let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
        std::io::copy(&mut std::io::Read::take(std::io::repeat(0), size), &mut file)?;
        file.sync_all()?;
        std::fs::remove_file(path)
    };
    removed().with_context(|| format!("{} cannot be removed", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read() {
        assert_eq!(seconds("90d"), Some(7_776_000));
        assert_eq!(seconds("2w"), Some(1_209_600));
        assert_eq!(seconds("1y"), Some(31_536_000));
        for wrong in ["", "d", "90", "-1d", "9é", "1.5d", "99999999999d"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
