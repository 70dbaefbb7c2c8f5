//! `pitfall forum`: saved pages of a forum as a queue that sorts itself. Nothing is posted.

use super::{Common, Format, Outcome, engine, input, out};
use crate::engine::Input;
use crate::forum::{Desk, Page, PageProblem, Thread, read};
use crate::report::{forum_json, forum_markdown, forum_text};
use clap::Subcommand;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum Forum {
    /// Sort the threads of saved pages: kind, topic, findings, duplicates, what is missing, a draft of a reply; keeps nothing.
    #[command(after_help = "Example: pitfall forum triage page.txt --format json")]
    Triage(TriageArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct TriageArgs {
    #[command(flatten)]
    pages: PageArgs,
}

/// Pages, and when they were copied.
#[derive(Debug, clap::Args)]
pub(super) struct PageArgs {
    /// Saved or copied pages: listings, threads, JSON of sites, mails; `-` or nothing is standard input.
    files: Vec<PathBuf>,
    /// The day on which the pages were copied, from which dates like `4d` count; without it, the file's date.
    #[arg(long, value_name = "DATE")]
    copied_on: Option<String>,
}

pub(super) fn run(command: &Forum, common: &Common) -> anyhow::Result<Outcome> {
    match command {
        Forum::Triage(args) => triage(args, common),
    }
}

fn triage(args: &TriageArgs, common: &Common) -> anyhow::Result<Outcome> {
    let read = pages(&args.pages)?;
    let engine = engine(common)?;
    let (threads, bursts) = Desk::new(&engine).triage(read.threads, now());
    match common.format {
        Format::Text => out::say(&forum_text(&threads, &read.problems, &read.pages, &bursts, out::paint(common)))?,
        Format::Json => out::say_json(&forum_json(&threads, &read.problems, &read.pages, &bursts))?,
        Format::Markdown => out::say(&forum_markdown(&threads))?,
    }
    Ok(if threads.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

/// What pages held.
pub(super) struct Read {
    pub(super) pages: Vec<(Page, usize)>,
    pub(super) threads: Vec<Thread>,
    pub(super) problems: Vec<PageProblem>,
}

/// Reads pages; a thread that stands on several is one.
pub(super) fn pages(args: &PageArgs) -> anyhow::Result<Read> {
    let files = if args.files.is_empty() { vec![PathBuf::from("-")] } else { args.files.clone() };
    let given = args.copied_on.as_deref().map(|written| super::inspect::time(written)).transpose()?;
    let mut all = Read { pages: Vec::new(), threads: Vec::new(), problems: Vec::new() };
    let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
    for file in &files {
        let Input { name, bytes } = input::read(file)?;
        let (copied, from) = given.map_or_else(|| file_date(file), |given| (given, ""));
        let mut page = read(&bytes, Some(copied));
        if page.relative_dates && given.is_none() {
            let day = crate::forum::Moment { at: copied, precision: crate::forum::Precision::Day }.date();
            out::warn(&format!("{name} has dates such as `4d`; they are counted from {day}, {from}; say --copied-on DATE if it was copied on another day"));
        }
        let count = page.threads.len();
        for thread in std::mem::take(&mut page.threads) {
            match by_id.get(&thread.id).and_then(|at| all.threads.get_mut(*at)) {
                Some(own) => {
                    own.merge(&thread);
                }
                None => {
                    by_id.insert(thread.id.clone(), all.threads.len());
                    all.threads.push(thread);
                }
            }
        }
        let several = files.len() > 1;
        all.problems.extend(page.problems.iter().map(|problem| PageProblem {
            line: problem.line,
            message: if several { format!("{name}: {}", problem.message) } else { problem.message.clone() },
        }));
        all.pages.push((page, count));
    }
    Ok(all)
}

/// The file's date, or the present where it has none; and which of the two it is.
fn file_date(path: &Path) -> (i64, &'static str) {
    let modified = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).and_then(|meta| meta.modified().ok());
    let seconds = modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok()).and_then(|since| i64::try_from(since.as_secs()).ok());
    seconds.map_or_else(|| (now(), "today"), |seconds| (seconds, "the file's date"))
}

/// The present, in seconds since 1970.
pub(super) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}
