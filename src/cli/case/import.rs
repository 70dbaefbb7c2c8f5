//! `pitfall case import`: a colleague's bundle, which may be anything.

use super::{StateArgs, now, store, told};
use crate::cli::{Common, Format, Outcome, input, out};
use crate::engine::Input;
use crate::report::{LARGEST_CASE, SCHEMA, case_text, read_case, short_key};
use crate::store::fingerprint;
use anyhow::bail;
use serde_json::json;
use std::io::Read as _;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// A bundle that `pitfall case export` wrote; `-` is standard input.
    file: PathBuf,
    #[command(flatten)]
    state: StateArgs,
}

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    let source = input::open(&args.file)?;
    let mut bytes = Vec::new();
    let most = u64::try_from(LARGEST_CASE).unwrap_or(u64::MAX);
    source.reader.take(most + 1).read_to_end(&mut bytes).map_err(|error| anyhow::anyhow!("{} cannot be read: {error}", source.name))?;
    let mut case = match read_case(&bytes) {
        Ok(case) => case,
        Err(why) => bail!("{} was not imported: {why}", source.name),
    };
    // The key is made here, of what was sent: nobody can send a case that takes the place of another one.
    case.key = fingerprint(&[Input { name: String::new(), bytes }]);
    let mut store = store(args.state.state_dir.as_ref())?;
    let is_new = told(store.import_case(&case, now()))?;
    let id = short_key(&case.key);
    match common.format {
        Format::Json => out::say_json(&json!({"schema": SCHEMA, "id": case.key, "new": is_new}))?,
        Format::Text | Format::Markdown => {
            out::say(&case_text(&case, out::paint(common)))?;
            out::warn(&if is_new {
                format!("imported as {id}")
            } else {
                format!("it was imported before, as {id}; that one stays as it is")
            });
        }
    }
    Ok(if is_new { Outcome::Found } else { Outcome::Nothing })
}
