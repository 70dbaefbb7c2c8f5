//! `pitfall forum`: saved pages of a forum as a queue that sorts itself. Nothing is posted.

mod import;
mod pages;
mod queue;
mod reply;

use super::{Common, Format, Outcome, engine, out, redact};
use crate::engine::Engine;
use crate::forum::{Desk, Triaged};
use crate::redact::Redactor;
use crate::report::{forum_json, forum_markdown, forum_text};
use crate::store::{Opened, Store, default_folder};
use anyhow::bail;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum Forum {
    /// Sort the threads of saved pages: kind, topic, findings, duplicates, what is missing, a draft of a reply; keeps nothing.
    #[command(after_help = "Example: pitfall forum triage page.txt --format json")]
    Triage(pages::PageArgs),
    /// Put the threads of saved pages into the queue; pages that were imported before only bring what is new.
    #[command(after_help = "Example: pitfall forum import saved/*.html")]
    Import(import::Args),
    /// List the queue, the most urgent first.
    #[command(after_help = "Example: pitfall forum list --state new --topic siwa")]
    List(queue::ListArgs),
    /// Show a thread of the queue: findings, what is missing, threads that ask the same, the draft.
    #[command(after_help = "Example: pitfall forum show apple-812345")]
    Show(queue::ShowArgs),
    /// Change the state, note, topic or kind of threads, merge or split clusters, or take the last change back.
    #[command(after_help = "Example: pitfall forum set apple-812345 --state answered --note \"see TN3107\"")]
    Set(queue::SetArgs),
    /// Edit the draft of a reply in $EDITOR and print it; it is kept with the thread.
    #[command(after_help = "Example: pitfall forum reply apple-812345 | pbcopy")]
    Reply(reply::Args),
    /// The queue in numbers: topics, ages, what waits, pages cited, clusters that no page answers.
    #[command(after_help = "Example: pitfall forum stats --format json")]
    Stats(queue::StatsArgs),
}

/// Where the queue is kept.
#[derive(Debug, clap::Args)]
pub(super) struct StateArgs {
    /// Where the queue is kept.
    #[arg(long, value_name = "DIR", env = "PITFALL_STATE")]
    state_dir: Option<PathBuf>,
}

pub(super) use queue::rows;

pub(super) fn run(command: &Forum, common: &Common) -> anyhow::Result<Outcome> {
    match command {
        Forum::Triage(args) => triage(args, common),
        Forum::Import(args) => import::run(args, common),
        Forum::List(args) => queue::list(args, common),
        Forum::Show(args) => queue::show(args, common),
        Forum::Set(args) => queue::set(args, common),
        Forum::Reply(args) => reply::run(args, common),
        Forum::Stats(args) => queue::stats(args, common),
    }
}

fn triage(args: &pages::PageArgs, common: &Common) -> anyhow::Result<Outcome> {
    let read = pages::pages(args)?;
    let engine = engine(common)?;
    let (threads, bursts) = Desk::new(&engine).triage(read.threads, now());
    match common.format {
        Format::Text => out::say(&forum_text(&threads, &read.problems, &read.pages, &bursts, out::paint(common)))?,
        Format::Json => out::say_json(&forum_json(&threads, &read.problems, &read.pages, &bursts))?,
        Format::Markdown => out::say(&redact::leave(&forum_markdown(&threads), Some(&mut redactor(&engine, &threads))))?,
    }
    Ok(if threads.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

/// A redactor that knows what threads say and what pages about them say.
fn redactor(engine: &Engine, threads: &[Triaged]) -> Redactor {
    let mut redactor = Redactor::default();
    let pages: Vec<String> = threads.iter().flat_map(|one| one.findings.iter().map(|finding| finding.id.clone())).collect();
    engine.teach(&mut redactor, &[], &pages);
    for one in threads {
        redactor.learn(&one.sorted.thread.body);
    }
    redactor
}

/// The present, in seconds since 1970.
fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// The database; what is wrong with it is an error here, since a queue without one is none.
fn store(args: &StateArgs) -> anyhow::Result<Store> {
    let Some(folder) = default_folder(args.state_dir.clone()) else {
        bail!("there is no home folder to keep the queue in; say --state-dir DIR or set PITFALL_STATE");
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

/// The one thread whose id is `start` or begins so.
fn thread_id(store: &Store, start: &str) -> anyhow::Result<String> {
    let found = store.thread_ids(start)?;
    match found.as_slice() {
        [] => bail!("no thread `{start}` in the queue; `pitfall forum list` shows the ids"),
        [one] => Ok(one.clone()),
        [first, ..] if first == start => Ok(first.clone()),
        [first, second, ..] => bail!("`{start}` is not one thread: {first}, {second}…; give more of the id"),
    }
}
