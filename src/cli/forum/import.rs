//! `pitfall forum import`: pages into the queue, some threads a transaction, so that an end at any moment loses nothing that was confirmed.

use super::pages::{PageArgs, Read, pages};
use super::{StateArgs, now, store};
use crate::cli::{Common, Format, Outcome, engine, out};
use crate::forum::{Book, Desk, Fingerprint, Kind, Sorted, Thread, bursts};
use crate::knowledge::{Confidence, Severity};
use crate::store::{Imported, SortedRecord, Store};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::collections::HashMap;
use std::thread::{Scope, ScopedJoinHandle};

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
                let place = if problem.line > 0 { format!("line {}: ", problem.line) } else { String::new() };
                out::warn(&format!("not read: {place}{}", problem.message));
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
    /// Those of the queue; what an older version made is made again.
    fn load(store: &mut Store, desk: Desk<'_>) -> anyhow::Result<Self> {
        let mut known = Self::default();
        let mut kept: Vec<(String, Option<Fingerprint>)> = Vec::new();
        store.fingerprints(&mut |id, print, _| {
            if !print.is_empty() {
                kept.push((id, Fingerprint::from_bytes(&print)));
            }
        })?;
        let mut renewed: Vec<(String, Vec<u8>)> = Vec::new();
        for (id, print) in kept {
            let print = if let Some(print) = print {
                print
            } else {
                let Some((thread, ..)) = store.thread(&id)? else { continue };
                let print = desk.sort(thread).print;
                renewed.push((id.clone(), print.to_bytes()));
                print
            };
            known.book.add(&print);
            known.ids.push(id);
        }
        store.renew_fingerprints(&renewed)?;
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

/// What workers sort while the batch before is kept.
type Ahead<'scope> = Vec<ScopedJoinHandle<'scope, Vec<Sorted>>>;

/// Has the threads of a batch that are new sorted on all cores. A known one waits: it is sorted as it is after merging.
fn ahead<'scope>(scope: &'scope Scope<'scope, '_>, store: &Store, desk: Desk<'scope>, batch: &[Thread]) -> anyhow::Result<Ahead<'scope>> {
    let mut new: Vec<Thread> = Vec::new();
    for thread in batch {
        if !store.has_thread(&thread.id)? {
            new.push(thread.clone());
        }
    }
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let part = new.len().div_ceil(workers).max(1);
    let mut running = Vec::new();
    while !new.is_empty() {
        let some = new.split_off(new.len().saturating_sub(part));
        running.push(scope.spawn(move || some.into_iter().map(|thread| desk.sort(thread)).collect()));
    }
    Ok(running)
}

fn keep(store: &mut Store, desk: Desk<'_>, threads: Vec<Thread>, lines: bool) -> anyhow::Result<Imported> {
    let mut known = Known::load(store, desk)?;
    let bar = ProgressBar::new(threads.len() as u64).with_style(style());
    let mut all = Imported::default();
    let mut threads = threads.into_iter();
    let mut next = || -> Vec<Thread> { threads.by_ref().take(AT_ONCE).collect() };
    std::thread::scope(|scope| -> anyhow::Result<()> {
        let mut batch = next();
        let mut running = ahead(scope, store, desk, &batch)?;
        while !batch.is_empty() {
            // A worker that failed gives nothing; its threads are sorted below.
            let ready = running.into_iter().flat_map(|worker| worker.join().unwrap_or_default());
            let mut ready: HashMap<String, Sorted> = ready.map(|one| (one.thread.id.clone(), one)).collect();
            let following = next();
            running = ahead(scope, store, desk, &following)?;
            let count = batch.len();
            let done = store.import(batch, now(), &mut |thread, is_new| {
                let sorted = ready.remove(&thread.id).filter(|_| is_new).unwrap_or_else(|| desk.sort(thread.clone()));
                known.record(&sorted, is_new)
            })?;
            bar.inc(count as u64);
            all.add(done);
            if lines {
                out::warn(&format!("{} threads kept", bar.position()));
            }
            batch = following;
        }
        Ok(())
    })?;
    bar.finish_and_clear();
    if all.added + all.updated > 0 {
        store.put_bursts(&|keys| bursts(keys).into_iter().map(|burst| (burst.day, burst.about, burst.threads.len())).collect())?;
    }
    Ok(all)
}

/// The bar of a long import: how many threads are safely kept, of how many, and how long it still takes.
fn style() -> ProgressStyle {
    ProgressStyle::with_template("{wide_bar} {pos} of {len} threads kept, {eta} left").unwrap_or_else(|_| ProgressStyle::default_bar())
}
