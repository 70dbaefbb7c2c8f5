//! `pitfall forum list`, `show`, `set` and `stats`: the queue that is kept.

use super::{StateArgs, now, store, thread_id};
use crate::cli::triage::known_topic;
use crate::cli::{Common, Format, Outcome, engine, out};
use crate::forum::{Kind, Row, ThreadState, stats as count};
use crate::report::{QueueState, SCHEMA, stats_json, stats_text, thread_json, thread_line, thread_text};
use crate::store::{Change, Store, ThreadQuery, ThreadRow};
use anyhow::bail;
use serde_json::{Value, json};

/// Which threads.
#[derive(Debug, Default, clap::Args)]
pub(in crate::cli) struct Filter {
    /// Only threads in this state; may be given more than once.
    #[arg(long = "state", value_name = "STATE")]
    states: Vec<String>,
    /// Only threads of this topic.
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,
    /// Only threads of this kind: question, resource, announcement, off-topic.
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only threads with these words; the last one may be unfinished.
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// A saved view, or a query such as `state:new topic:siwa words`.
    #[arg(long, value_name = "NAME|QUERY")]
    view: Option<String>,
}

impl Filter {
    fn is_empty(&self) -> bool {
        self.states.is_empty() && self.topic.is_none() && self.kind.is_none() && self.search.is_none() && self.view.is_none()
    }

    /// As one query; a view first, narrowed by the rest.
    fn query(&self, store: &Store) -> anyhow::Result<ThreadQuery> {
        let mut query = ThreadQuery::default();
        if let Some(view) = &self.view {
            query = viewed(store, view)?;
        }
        query.states.extend(self.states.iter().map(|word| state(word)).collect::<anyhow::Result<Vec<_>>>()?);
        if let Some(topic) = &self.topic {
            known_topic(topic)?;
            query.topic = Some(topic.clone());
        }
        if let Some(kind) = &self.kind {
            query.kind = Some(known_kind(kind)?);
        }
        if let Some(words) = &self.search {
            query.words = format!("{} {words}", query.words).trim().to_owned();
        }
        Ok(query)
    }
}

/// The query of a saved view, or one in words.
fn viewed(store: &Store, view: &str) -> anyhow::Result<ThreadQuery> {
    let saved = store.views()?;
    let Some(text) = saved.get(view).cloned().or_else(|| view.contains(':').then(|| view.to_owned())) else {
        let names = saved.keys().cloned().collect::<Vec<_>>().join(", ");
        bail!("no view `{view}`; saved views: {}", if names.is_empty() { "none" } else { &names });
    };
    ThreadQuery::parse(&text).map_err(anyhow::Error::msg)
}

fn state(word: &str) -> anyhow::Result<ThreadState> {
    ThreadState::parse(word).ok_or_else(|| {
        let words = ThreadState::ALL.iter().map(|state| state.word()).collect::<Vec<_>>().join(", ");
        anyhow::anyhow!("unknown state `{word}`; states: {words}")
    })
}

fn known_kind(word: &str) -> anyhow::Result<String> {
    match Kind::parse(word) {
        Some(kind) => Ok(kind.word().to_owned()),
        None => bail!("unknown kind `{word}`; kinds: {}", Kind::ALL.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ")),
    }
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ListArgs {
    #[command(flatten)]
    filter: Filter,
    /// Keep this filter as a view under a name; without a filter the view is removed.
    #[arg(long, value_name = "NAME")]
    save_view: Option<String>,
    /// At most so many threads.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    state_dir: StateArgs,
}

pub(super) fn list(args: &ListArgs, common: &Common) -> anyhow::Result<Outcome> {
    let store = store(&args.state_dir)?;
    let query = args.filter.query(&store)?;
    if let Some(name) = &args.save_view {
        store.put_view(name, &if args.filter.is_empty() { String::new() } else { query.to_string() })?;
    }
    let rows = ranked(&store, &query)?;
    let shown = rows.iter().take(args.limit.unwrap_or(usize::MAX));
    match common.format {
        Format::Json => {
            let threads: Vec<Value> = shown.map(|(points, row)| row_json(*points, row)).collect();
            out::say_json(&json!({"schema": SCHEMA, "total": rows.len(), "threads": threads, "views": store.views()?}))?;
        }
        Format::Text | Format::Markdown => {
            let lines: Vec<String> = shown.map(|(points, row)| row_text(*points, row)).collect();
            out::say(&lines.join("\n"))?;
            if lines.len() < rows.len() {
                out::warn(&format!("{} of {} threads", lines.len(), rows.len()));
            }
        }
    }
    Ok(if rows.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

/// Rows with their priority at present, the most urgent first; settled ones last.
fn ranked(store: &Store, query: &ThreadQuery) -> anyhow::Result<Vec<(u32, ThreadRow)>> {
    let now = now();
    let mut rows: Vec<(u32, ThreadRow)> = store.threads(query)?.into_iter().map(|row| (row.points(now), row)).collect();
    rows.sort_by(|(a, left), (b, right)| {
        right.state.is_open().cmp(&left.state.is_open()).then(b.cmp(a)).then_with(|| left.id.cmp(&right.id))
    });
    Ok(rows)
}

/// The whole queue as lines of `export`, the most urgent first.
pub(in crate::cli) fn rows(state_dir: &StateArgs) -> anyhow::Result<Vec<Value>> {
    let rows = ranked(&store(state_dir)?, &ThreadQuery::default())?;
    Ok(rows.iter().map(|(points, row)| thread_line(row_json(*points, row))).collect())
}

fn row_json(points: u32, row: &ThreadRow) -> Value {
    json!({
        "id": row.id, "title": row.title, "kind": row.kind, "topic": some(&row.topic), "state": row.state.word(), "note": row.note,
        "page": some(&row.page), "sure": row.sure, "priority": points, "replies": row.counts[0], "boosts": row.counts[1], "views": row.counts[2],
        "answered": row.answered, "cluster": row.cluster,
    })
}

fn some(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

fn row_text(points: u32, row: &ThreadRow) -> String {
    let subject = if row.topic.is_empty() { &row.kind } else { &row.topic };
    format!("{points:>3}  {:<10} {:<20} {:<16}  {}", row.state.word(), subject, row.id, row.title)
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ShowArgs {
    /// The thread's id, or the beginning of it.
    id: String,
    #[command(flatten)]
    state_dir: StateArgs,
}

pub(super) fn show(args: &ShowArgs, common: &Common) -> anyhow::Result<Outcome> {
    let store = store(&args.state_dir)?;
    let id = thread_id(&store, &args.id)?;
    let engine = engine(common)?;
    let Some((one, row, reply)) = store.open_thread(&engine, &id, now())? else { bail!("thread `{id}` is damaged in the database") };
    let queue = QueueState { state: row.state.word().to_owned(), note: row.note.clone() };
    match common.format {
        Format::Json => {
            let mut document = thread_json(&one, Some(&queue));
            if let Some(map) = document.as_object_mut() {
                map.insert("schema".into(), json!(SCHEMA));
                map.insert("cluster".into(), json!(row.cluster));
                map.insert("edited_reply".into(), some(&reply));
            }
            out::say_json(&document)?;
        }
        Format::Text => {
            out::say(&format!(
                "{}\n{}\n\n{}",
                thread_text(&one, Some(&queue), out::paint(common)),
                one.sorted.thread.body,
                one.draft.text
            ))?;
        }
        Format::Markdown => out::say(&one.draft.text)?,
    }
    Ok(Outcome::Found)
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct SetArgs {
    /// The threads' ids, or the beginnings of them.
    ids: Vec<String>,
    /// All threads of a saved view, or of a query such as `state:new topic:siwa`.
    #[arg(long, value_name = "VIEW|QUERY")]
    all: Option<String>,
    /// The new state: new, needs-info, answered, duplicate, off-topic, escalated, reopened, closed.
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// A note; an empty one removes it.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The topic, where the sorting was wrong.
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,
    /// The kind, where the sorting was wrong.
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Put the threads into the cluster of this one.
    #[arg(long, value_name = "ID")]
    merge_with: Option<String>,
    /// Take each of the threads out of its cluster.
    #[arg(long, conflicts_with = "merge_with")]
    split: bool,
    /// Take the last change back.
    #[arg(long, conflicts_with_all = ["state", "note", "topic", "kind", "merge_with", "split", "ids", "all"])]
    undo: bool,
    #[command(flatten)]
    state_dir: StateArgs,
}

pub(super) fn set(args: &SetArgs, common: &Common) -> anyhow::Result<Outcome> {
    let mut store = store(&args.state_dir)?;
    let changed = if args.undo { store.undo_threads(now())? } else { changed(&mut store, args)? };
    match common.format {
        Format::Json => out::say_json(&json!({"schema": SCHEMA, "changed": changed}))?,
        Format::Text | Format::Markdown => {
            let what = if args.undo { "taken back" } else { "kept" };
            out::say(&changed.iter().map(|id| format!("{id}: {what}")).collect::<Vec<_>>().join("\n"))?;
        }
    }
    Ok(if changed.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

fn changed(store: &mut Store, args: &SetArgs) -> anyhow::Result<Vec<String>> {
    if let Some(topic) = args.topic.as_deref().filter(|topic| !topic.is_empty()) {
        known_topic(topic)?;
    }
    let mut change = Change {
        state: args.state.as_deref().map(state).transpose()?,
        note: args.note.clone(),
        topic: args.topic.clone(),
        kind: args.kind.as_deref().map(known_kind).transpose()?,
        ..Change::default()
    };
    let mut ids = args.ids.iter().map(|start| thread_id(store, start)).collect::<anyhow::Result<Vec<_>>>()?;
    if let Some(view) = &args.all {
        ids.extend(store.threads(&viewed(store, view)?)?.into_iter().map(|row| row.id));
    }
    if ids.is_empty() {
        bail!("no thread is named; give ids, or --all with a view or a query such as `state:new topic:siwa`");
    }
    if let Some(other) = &args.merge_with {
        let other = thread_id(store, other)?;
        let target = store.thread(&other)?.map(|(_, row, _)| row.cluster).unwrap_or(other);
        // Whoever was in a cluster with one of them comes along.
        let mut all = Vec::new();
        for id in &ids {
            let cluster = store.thread(id)?.map(|(_, row, _)| row.cluster).unwrap_or_default();
            all.extend(store.cluster(&cluster)?);
        }
        ids = all;
        change.cluster = Some(target);
    }
    if args.split {
        let mut done = Vec::new();
        for id in ids {
            done.extend(store.change_threads(std::slice::from_ref(&id), &Change { cluster: Some(id.clone()), ..change.clone() }, now())?);
        }
        return Ok(done);
    }
    if change == Change::default() {
        bail!("nothing to change is named: --state, --note, --topic, --kind, --merge-with, --split or --undo");
    }
    Ok(store.change_threads(&ids, &change, now())?)
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct StatsArgs {
    #[command(flatten)]
    state_dir: StateArgs,
}

pub(super) fn stats(args: &StatsArgs, common: &Common) -> anyhow::Result<Outcome> {
    let store = store(&args.state_dir)?;
    let rows: Vec<Row> = store.threads(&ThreadQuery::default())?.into_iter().map(ThreadRow::counted).collect();
    let stats = count(&rows, now());
    match common.format {
        Format::Json => out::say_json(&stats_json(&stats))?,
        Format::Text | Format::Markdown => out::say(&stats_text(&stats, out::paint(common)))?,
    }
    Ok(if rows.is_empty() { Outcome::Nothing } else { Outcome::Found })
}
