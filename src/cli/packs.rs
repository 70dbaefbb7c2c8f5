//! `pitfall kb packs` and `pitfall kb diff`: the overlays in their order, and what differs between two states of the knowledge.

use super::{Common, Format, Outcome, engine, input, out};
use crate::knowledge::{Knowledge, diff, embedded, embedded_codes};
use crate::report::{diff_json, diff_text, packs_json, packs_text};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct DiffArgs {
    /// A folder of knowledge: a pack, or a whole copy. Alone it is laid over what is built in, and that is compared with what is built in.
    old: PathBuf,
    /// The newer folder; then each of the two is read by itself.
    new: Option<PathBuf>,
}

pub(super) fn packs(common: &Common) -> anyhow::Result<Outcome> {
    let engine = engine(common)?;
    let base = Knowledge::load(embedded(), embedded_codes(), Vec::new());
    match common.format {
        Format::Json => out::say_json(&packs_json(&base, engine.knowledge()))?,
        Format::Text | Format::Markdown => out::say(&packs_text(&base, engine.knowledge(), out::paint(common)))?,
    }
    Ok(Outcome::Found)
}

pub(super) fn differ(args: &DiffArgs, common: &Common) -> anyhow::Result<Outcome> {
    let (names, old, new) = if let Some(new) = &args.new {
        ((input::shown(&args.old), input::shown(new)), alone(&args.old)?, alone(new)?)
    } else {
        let laid = Knowledge::load(embedded(), embedded_codes(), vec![input::overlay(&args.old)?]);
        tell(&laid);
        let base = Knowledge::load(embedded(), embedded_codes(), Vec::new());
        (("what is built in".to_owned(), format!("what is built in with {}", input::shown(&args.old))), base, laid)
    };
    let difference = diff(&old, &new);
    let names = (names.0.as_str(), names.1.as_str());
    match common.format {
        Format::Json => out::say_json(&diff_json(names, &difference))?,
        Format::Text | Format::Markdown => out::say(&diff_text(names, &difference, out::paint(common)))?,
    }
    Ok(if difference.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

/// A folder by itself. What its tuning names stands elsewhere, so that is no matter here.
fn alone(folder: &Path) -> anyhow::Result<Knowledge> {
    let knowledge = Knowledge::load(Vec::new(), Vec::new(), vec![input::overlay(folder)?]);
    tell(&knowledge);
    Ok(knowledge)
}

/// What could not be read is not compared, which is said.
fn tell(knowledge: &Knowledge) {
    knowledge.problems().iter().filter(|problem| !problem.kind.is_warning()).for_each(|problem| out::warn(&problem.to_string()));
}
