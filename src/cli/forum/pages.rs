//! Reading the pages that a user names.

use super::now;
use crate::cli::{input, inspect, out};
use crate::engine::Input;
use crate::forum::{Moment, Page, PageProblem, Precision, Thread, read};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Pages, and when they were copied.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct PageArgs {
    /// Saved or copied pages: listings, threads, JSON of sites, mails; `-` or nothing is standard input.
    files: Vec<PathBuf>,
    /// The day on which the pages were copied, from which dates like `4d` count; without it, the file's date.
    #[arg(long, value_name = "DATE")]
    copied_on: Option<String>,
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
    let given = args.copied_on.as_deref().map(inspect::time).transpose()?;
    let mut all = Read { pages: Vec::new(), threads: Vec::new(), problems: Vec::new() };
    let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
    for file in &files {
        let Input { name, bytes } = input::read(file)?;
        let (copied, from) = given.map_or_else(|| file_date(file), |given| (given, ""));
        let mut page = read(&bytes, Some(copied));
        if page.relative_dates && given.is_none() {
            let day = Moment { at: copied, precision: Precision::Day }.date();
            out::warn(&format!(
                "{name} has dates such as `4d`; they are counted from {day}, {from}; say --copied-on DATE if it was copied on another day"
            ));
        }
        let count = page.threads.len();
        for thread in std::mem::take(&mut page.threads) {
            if let Some(own) = by_id.get(&thread.id).and_then(|at| all.threads.get_mut(*at)) {
                own.merge(&thread);
            } else {
                by_id.insert(thread.id.clone(), all.threads.len());
                all.threads.push(thread);
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
    let seconds =
        modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok()).and_then(|since| i64::try_from(since.as_secs()).ok());
    seconds.map_or_else(|| (now(), "today"), |seconds| (seconds, "the file's date"))
}
