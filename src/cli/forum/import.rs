//! `pitfall forum import`: pages into the queue, some threads a transaction, so that an end at any moment loses nothing that was confirmed.

use super::pages::{PageArgs, Read, pages};
use super::{StateArgs, now, store};
use crate::cli::{Common, Format, Outcome, engine, out};
use crate::forum::{Book, Desk, Fingerprint, Kind, Sorted, Thread, bursts};
use crate::knowledge::{Confidence, Severity};
use crate::store::{Imported, SortedRecord, Store};
use indicatif::ProgressBar;
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    pages: PageArgs,
    #[command(flatten)]
    state: StateArgs,
    /// Write a line to standard error whenever some threads are safely kept.
    #[arg(long)]
    progress: bool,
}

/// Threads of one transaction: few enough that another instance never waits long.
const AT_ONCE: usize = 256;

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    let Read { pages, threads, problems } = pages(&args.pages)?;
    let engine = engine(common)?;
    let mut store = store(&args.state)?;
    let total = threads.len();
    let done = keep(&mut store, Desk::new(&engine), threads, args.progress)?;
    match common.format {
        Format::Json => out::say_json(&json!({
            "schema": crate::report::SCHEMA, "added": done.added, "updated": done.updated, "unchanged": done.unchanged, "reopened": done.reopened,
            "problems": problems.iter().map(|problem| json!({"line": problem.line, "message": problem.message})).collect::<Vec<_>>(),
        }))?,
        Format::Text | Format::Markdown => {
            for (page, count) in &pages {
                out::say(&format!("{count} threads read ({}: {})", page.form.word(), page.form_reason))?;
            }
            let reopened = if done.reopened > 0 { format!(", {} reopened by new replies", done.reopened) } else { String::new() };
            out::say(&format!("{} new, {} updated, {} as they were{reopened}", done.added, done.updated, done.unchanged))?;
            for problem in &problems {
                out::warn(&format!("not read: line {}: {}", problem.line, problem.message));
            }
        }
    }
    Ok(if total == 0 { Outcome::Nothing } else { Outcome::Found })
}

/// Fingerprints of the queue, and whose they are.
#[derive(Default)]
struct Known {
    book: Book,
    ids: Vec<String>,
}

impl Known {
    fn load(store: &Store) -> anyhow::Result<Self> {
        let mut known = Self::default();
        store.fingerprints(&mut |id, print, _| {
            if !print.is_empty() {
                known.book.add(&Fingerprint::from_bytes(&print));
                known.ids.push(id);
            }
        })?;
        Ok(known)
    }

    /// The record of a sorted thread. A new one is compared with those before it and joins them.
    fn record(&mut self, sorted: &Sorted, is_new: bool) -> SortedRecord {
        let asks = matches!(sorted.verdict.kind, Kind::Question | Kind::OffTopic);
        let mut pairs = Vec::new();
        if asks && is_new {
            let similar = self.book.similar(&sorted.print, None);
            pairs =
                similar.iter().filter_map(|one| Some((self.ids.get(one.at as usize)?.clone(), f64::from(one.score), one.why()))).collect();
            self.book.add(&sorted.print);
            self.ids.push(sorted.thread.id.clone());
        }
        let (day, about) = Desk::burst_key(sorted);
        let first = sorted.glance.found.iter().find(|page| page.severity != Severity::Noise);
        SortedRecord {
            kind: sorted.verdict.kind.word().to_owned(),
            topic: sorted.verdict.topic.unwrap_or("").to_owned(),
            why: sorted.verdict.why.clone(),
            page: first.map(|page| page.id.clone()).unwrap_or_default(),
            sure: first.is_some_and(|page| page.confidence < Confidence::Possible),
            about: about.unwrap_or_default(),
            day,
            priority: sorted.priority.points,
            priority_why: sorted.priority.why.join("\n"),
            ages: sorted.priority.ages,
            print: if asks { sorted.print.to_bytes() } else { Vec::new() },
            pairs,
        }
    }
}

fn keep(store: &mut Store, desk: Desk<'_>, threads: Vec<Thread>, lines: bool) -> anyhow::Result<Imported> {
    let mut known = Known::load(store)?;
    let bar = ProgressBar::new(threads.len() as u64);
    let mut all = Imported::default();
    let mut kept = 0;
    let mut threads = threads.into_iter().peekable();
    while threads.peek().is_some() {
        let some: Vec<Thread> = threads.by_ref().take(AT_ONCE).collect();
        let count = some.len();
        let done = store.import(some, now(), &mut |thread, is_new| {
            bar.inc(1);
            known.record(&desk.sort(thread.clone()), is_new)
        })?;
        kept += count;
        if lines {
            out::warn(&format!("{kept} threads kept"));
        }
        all.added += done.added;
        all.updated += done.updated;
        all.unchanged += done.unchanged;
        all.reopened += done.reopened;
    }
    bar.finish_and_clear();
    if all.added + all.updated > 0 {
        store.put_bursts(&|keys| bursts(keys).into_iter().map(|burst| (burst.day, burst.about, burst.threads.len())).collect())?;
    }
    Ok(all)
}
