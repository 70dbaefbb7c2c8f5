//! `pitfall export`: findings and the forum's queue for bulk loading, one JSON object a line.
//!
//! Each input is diagnosed by itself, so that a line never depends on which files stood beside it. Every line says in `type` what it is:
//! `input`, `finding` or `thread`.

use super::{Common, Outcome, engine, forum, input, large, out};
use crate::engine::Options;
use crate::report::{finding_line, input_line};
use anyhow::bail;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Logs, questions, artifacts; `-` is standard input.
    files: Vec<PathBuf>,
    /// The threads of the forum's queue too.
    #[arg(long)]
    queue: bool,
    #[command(flatten)]
    state_dir: forum::StateArgs,
}

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    if args.files.is_empty() && !args.queue {
        bail!("nothing to export; name files (`-` is standard input), or say --queue");
    }
    let mut any = false;
    let engine = engine(common)?;
    for file in &args.files {
        let options = Options::default();
        let diagnosis = engine.diagnose(vec![large::read(&engine, 0, input::open(file)?, &options)?], &options);
        let lines = diagnosis.inputs.iter().map(|input| input_line(input, &diagnosis));
        let findings = diagnosis.findings.iter().map(|finding| finding_line(finding, &diagnosis));
        for line in lines.chain(findings) {
            out::say(&line.to_string())?;
        }
        any |= !diagnosis.findings.is_empty();
    }
    if args.queue {
        let rows = forum::rows(&args.state_dir)?;
        any |= !rows.is_empty();
        for row in rows {
            out::say(&row.to_string())?;
        }
    }
    Ok(if any { Outcome::Found } else { Outcome::Nothing })
}
