//! `pitfall case add`.

use super::{StateArgs, now, store, told};
use crate::case::{Dossier, Kept, keep};
use crate::cli::{Common, Format, Outcome, engine, input, out};
use crate::engine::Input;
use crate::report::{case_json, case_text, short_key};
use crate::store::fingerprint;
use anyhow::bail;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Logs, questions, artifacts; `-` or nothing is standard input.
    files: Vec<PathBuf>,
    /// What is kept of them: input (as given), redacted (a copy with private values replaced), facts (no text).
    #[arg(long, value_name = "DEPTH", default_value = "redacted")]
    keep: String,
    /// A title for the case.
    #[arg(long, value_name = "TEXT", default_value = "")]
    title: String,
    #[command(flatten)]
    state: StateArgs,
}

/// Texts that are kept have so many bytes together; of more, facts are.
pub(in crate::cli) const LARGEST: usize = 16 << 20;

/// The depth of this name.
pub(in crate::cli) fn depth(word: &str) -> anyhow::Result<Kept> {
    Kept::parse(word).ok_or_else(|| {
        let words: Vec<_> = Kept::ALL.iter().map(|kept| kept.word()).collect();
        anyhow::anyhow!("unknown depth `{word}`; depths: {}", words.join(", "))
    })
}

/// What a case of these inputs is called.
pub(in crate::cli) fn name(inputs: &[Input]) -> String {
    let first = inputs.first().map_or("pasted", |input| if input.name == "-" { "pasted" } else { input.name.as_str() });
    if inputs.len() > 1 { format!("{first} and {} more", inputs.len() - 1) } else { first.to_owned() }
}

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    let kept = depth(&args.keep)?;
    let files = if args.files.is_empty() { vec![PathBuf::from("-")] } else { args.files.clone() };
    let inputs = files.iter().map(|file| input::read(file)).collect::<anyhow::Result<Vec<_>>>()?;
    let size: usize = inputs.iter().map(|input| input.bytes.len()).sum();
    if inputs.iter().all(|input| input.bytes.trim_ascii().is_empty()) {
        bail!("there is nothing in {}", inputs.iter().map(|input| input.name.as_str()).collect::<Vec<_>>().join(", "));
    }
    if size > LARGEST && kept != Kept::Facts {
        bail!("the inputs have {} MiB, at most {} are kept; say --keep facts, or keep the part that matters", size >> 20, LARGEST >> 20);
    }
    let mut store = store(args.state.state_dir.as_ref())?;
    let engine = engine(common)?;
    let dossier =
        Dossier { key: fingerprint(&inputs), title: args.title.clone(), name: name(&inputs), kept: Some(kept), ..Dossier::default() };
    let dossier = keep(&engine, dossier, &inputs, now());
    told(store.keep_case(&dossier, now()))?;
    let dossier = told(store.case(&dossier.key))?.unwrap_or(dossier);
    match common.format {
        Format::Json => out::say_json(&case_json(&dossier, kept != Kept::Input))?,
        Format::Text | Format::Markdown => {
            out::say(&case_text(&dossier, out::paint(common)))?;
            out::warn(&format!("kept as {}", short_key(&dossier.key)));
        }
    }
    Ok(if dossier.top().is_some() { Outcome::Found } else { Outcome::Nothing })
}
