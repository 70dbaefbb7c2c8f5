//! `pitfall forum reply`: the draft, edited by a person before anyone copies it.

use super::{StateArgs, now, redactor, store, thread_id};
use crate::cli::redact::leave;
use crate::cli::{Common, Format, Outcome, engine, out};
use crate::report::SCHEMA;
use crate::store::Change;
use anyhow::{Context as _, bail};
use serde_json::json;
use std::io::{IsTerminal as _, Write as _};
use std::process::Command;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The thread's id, or the beginning of it.
    id: String,
    /// Print the draft, or the reply as it was last edited, without opening an editor.
    #[arg(long)]
    print: bool,
    /// Leave in the draft what it quotes of secrets and identities.
    #[arg(long)]
    no_redact: bool,
    /// Begin with a new draft, though an edited reply is kept.
    #[arg(long)]
    fresh: bool,
    #[command(flatten)]
    state_dir: StateArgs,
}

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    let mut store = store(&args.state_dir)?;
    let id = thread_id(&store, &args.id)?;
    let engine = engine(common)?;
    let Some((one, _, edited)) = store.open_thread(&engine, &id, now())? else { bail!("thread `{id}` is damaged in the database") };
    let draft = if edited.is_empty() || args.fresh { one.draft.text.clone() } else { edited };
    let draft = if args.no_redact { draft } else { leave(&draft, Some(&mut redactor(&engine, std::slice::from_ref(&one)))) };
    if draft.is_empty() {
        out::warn("this thread asks nothing; there is no reply to draft");
        return Ok(Outcome::Nothing);
    }
    let edits = !args.print && std::io::stdin().is_terminal();
    let text = if edits { edit(&draft)? } else { draft };
    if edits {
        store.change_threads(std::slice::from_ref(&id), &Change { reply: Some(text.clone()), ..Change::default() }, now())?;
    }
    match common.format {
        Format::Json => out::say_json(&json!({"schema": SCHEMA, "id": id, "shape": one.draft.shape.word(), "reply": text}))?,
        Format::Text | Format::Markdown => out::say(&text)?,
    }
    Ok(Outcome::Found)
}

/// Lets a person edit a text; the editor may be given with arguments, as `code --wait`.
fn edit(text: &str) -> anyhow::Result<String> {
    let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()));
    let editor = editor.unwrap_or_else(|| "vi".to_owned());
    let mut file =
        tempfile::Builder::new().prefix("pitfall-reply-").suffix(".md").tempfile().context("cannot make a file for the editor")?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let status = Command::new(program)
        .args(words)
        .arg(file.path())
        .status()
        .with_context(|| format!("cannot start the editor `{editor}`; set EDITOR"))?;
    if !status.success() {
        bail!("the editor `{editor}` ended with {status}; the reply is left as it was");
    }
    let edited = std::fs::read_to_string(file.path()).context("the editor left no text that can be read")?;
    Ok(crate::text::clean(&edited).text.trim_end().to_owned())
}
