//! Threads of a forum as documents: for people, as Markdown, as JSON.

use super::Paint;
use super::SCHEMA;
use super::json::finding;
use crate::engine::InputReport;
use crate::forum::{Burst, Duplicate, Missing, Moment, Page, PageProblem, Precision, Stats, Thread, Triaged};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A thread's place in a queue, where it is in one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueState {
    /// The state's word.
    pub state: String,
    /// A person's note.
    pub note: String,
}

/// The document of `forum triage` and `forum show`.
#[must_use]
pub fn forum_json(threads: &[Triaged], problems: &[PageProblem], pages: &[(Page, usize)], bursts: &[Burst]) -> Value {
    let ids: Vec<&str> = threads.iter().map(|one| one.sorted.thread.id.as_str()).collect();
    json!({
        "schema": SCHEMA,
        "pages": pages.iter().map(page).collect::<Vec<_>>(),
        "threads": threads.iter().map(|one| thread_json(one, None)).collect::<Vec<_>>(),
        "bursts": bursts.iter().map(|burst| json!({
            "day": Moment { at: burst.day * 86_400, precision: Precision::Day }.date(),
            "about": burst.about,
            "threads": burst.threads.iter().filter_map(|at| ids.get(*at)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "problems": problems.iter().map(problem).collect::<Vec<_>>(),
    })
}

/// A page, and how many threads it held.
fn page((page, threads): &(Page, usize)) -> Value {
    json!({"form": page.form.word(), "form_reason": page.form_reason, "threads": threads, "relative_dates": page.relative_dates})
}

/// Something that could not be read.
pub(super) fn problem(problem: &PageProblem) -> Value {
    json!({"line": problem.line, "message": problem.message})
}

/// A thread, triaged.
#[must_use]
pub fn thread_json(one: &Triaged, queue: Option<&QueueState>) -> Value {
    let sorted = &one.sorted;
    let inputs = [InputReport {
        name: sorted.thread.id.clone(),
        form: "post",
        form_reason: String::new(),
        bytes: 0,
        lines: 0,
        notes: crate::text::Notes::default(),
        document: std::sync::Arc::default(),
    }];
    let mut value = head_json(&sorted.thread);
    let more = json!({
        "kind": sorted.verdict.kind.word(),
        "topic": sorted.verdict.topic,
        "why": sorted.verdict.why,
        "belongs": sorted.verdict.belongs,
        "duplicates": sorted.duplicates.iter().map(duplicate).collect::<Vec<_>>(),
        "findings": one.findings.iter().map(|one| finding(one, &inputs)).collect::<Vec<_>>(),
        "missing": sorted.missing.iter().map(missing).collect::<Vec<_>>(),
        "priority": sorted.priority.points,
        "priority_why": sorted.priority.told(),
        "shape": one.draft.shape.word(),
        "reply": one.draft.text,
    });
    if let (Some(map), Value::Object(more)) = (value.as_object_mut(), more) {
        map.extend(more);
        if let Some(queue) = queue {
            map.insert("state".into(), json!(queue.state));
            map.insert("note".into(), json!(queue.note));
        }
    }
    value
}

/// What a page says of a thread.
pub(super) fn head_json(thread: &Thread) -> Value {
    json!({
        "id": thread.id,
        "title": thread.title,
        "body": thread.body,
        "url": thread.url,
        "author": thread.author,
        "forum": thread.forum,
        "tags": thread.tags,
        "activity": thread.activity,
        "date": thread.when.map(Moment::date),
        "replies": thread.counts.replies,
        "boosts": thread.counts.boosts,
        "views": thread.counts.views,
        "answered": thread.answered,
        "closed": thread.closed,
        "posts": thread.replies.iter().map(|reply| json!({
            "author": reply.author, "staff": reply.staff, "accepted": reply.accepted, "date": reply.when.map(Moment::date), "body": reply.body,
        })).collect::<Vec<_>>(),
        "line": thread.line,
    })
}

fn duplicate(other: &Duplicate) -> Value {
    json!({"id": other.id, "title": other.title, "url": other.url, "answered": other.answered, "why": other.why})
}

fn missing(one: &Missing) -> Value {
    json!({"id": one.id, "what": one.what, "how": one.how, "why": one.why})
}

/// The report of `forum triage` for people: the queue by priority, then what could not be read.
#[must_use]
pub fn forum_text(threads: &[Triaged], problems: &[PageProblem], pages: &[(Page, usize)], bursts: &[Burst], paint: Paint) -> String {
    let mut out = String::new();
    for (page, threads) in pages {
        let _ = writeln!(out, "{threads} threads ({}: {})", page.form.word(), page.form_reason);
    }
    for burst in bursts {
        let day = Moment { at: burst.day * 86_400, precision: Precision::Day }.date();
        let _ = writeln!(out, "{} threads about {} on {day}: look for an outage before anything else", burst.threads.len(), burst.about);
    }
    let mut order: Vec<&Triaged> = threads.iter().collect();
    order.sort_by_key(|one| (std::cmp::Reverse(one.sorted.priority.points), one.sorted.thread.id.clone()));
    for one in order {
        out.push('\n');
        out.push_str(&thread_text(one, None, paint));
    }
    if !problems.is_empty() {
        out.push('\n');
    }
    for problem in problems {
        let place = if problem.line > 0 { format!("line {}: ", problem.line) } else { String::new() };
        let _ = writeln!(out, "not read: {place}{}", problem.message);
    }
    out
}

fn figures(thread: &Thread) -> String {
    let told = [("replies", thread.counts.replies), ("boosts", thread.counts.boosts), ("views", thread.counts.views)];
    let mut parts: Vec<String> = told.into_iter().filter_map(|(name, count)| Some(format!("{name} {}", count?))).collect();
    if !thread.activity.is_empty() {
        parts.push(thread.activity.clone());
    }
    if thread.answered {
        parts.push("answered".into());
    }
    parts.join(", ")
}

/// One thread in a few lines.
#[must_use]
pub fn thread_text(one: &Triaged, queue: Option<&QueueState>, paint: Paint) -> String {
    let sorted = &one.sorted;
    let mut out = String::new();
    let _ = writeln!(out, "{:>3}  {}", sorted.priority.points, paint.bold(&sorted.thread.title));
    let topic = sorted.verdict.topic.map_or(String::new(), |topic| format!(" {topic}"));
    let state = queue.map_or(String::new(), |queue| format!("  [{}]", queue.state));
    let _ = writeln!(out, "     {}  {}{topic}  {}{state}", sorted.thread.id, sorted.verdict.kind.word(), figures(&sorted.thread));
    let _ = writeln!(out, "     why: {}", sorted.verdict.why);
    if let Some(belongs) = sorted.verdict.belongs {
        let _ = writeln!(out, "     belongs: {belongs}");
    }
    if !sorted.priority.why.is_empty() {
        let _ = writeln!(out, "     priority: {}", sorted.priority.told());
    }
    for finding in one.findings.iter().take(2) {
        let _ = writeln!(out, "     {}  {}: {}", finding.confidence.word(), finding.id, finding.title);
    }
    for one in &sorted.missing {
        let _ = writeln!(out, "     missing: {}", one.what);
    }
    for other in &sorted.duplicates {
        let _ =
            writeln!(out, "     same as {}{}: {} ({})", other.id, if other.answered { ", answered" } else { "" }, other.title, other.why);
    }
    if let Some(note) = queue.map(|queue| queue.note.as_str()).filter(|note| !note.is_empty()) {
        let _ = writeln!(out, "     note: {note}");
    }
    out
}

/// The threads with their drafts as Markdown.
#[must_use]
pub fn forum_markdown(threads: &[Triaged]) -> String {
    let mut out = String::new();
    for one in threads {
        let sorted = &one.sorted;
        let _ = writeln!(out, "## {}\n", sorted.thread.title.replace(['#', '<', '>'], ""));
        let topic = sorted.verdict.topic.unwrap_or("no topic");
        let _ =
            writeln!(out, "{} · {topic} · priority {} ({})\n", sorted.verdict.kind.word(), sorted.priority.points, sorted.priority.told());
        if !one.draft.text.is_empty() {
            let _ = writeln!(out, "{}\n", one.draft.text);
        }
    }
    out
}

/// The document of `forum stats`.
#[must_use]
pub fn stats_json(stats: &Stats) -> Value {
    let rows =
        |rows: &[(String, usize)], name: &str| rows.iter().map(|(key, count)| json!({name: key, "threads": count})).collect::<Vec<_>>();
    json!({
        "schema": SCHEMA,
        "threads": stats.threads,
        "states": rows(&stats.states, "state"),
        "kinds": rows(&stats.kinds, "kind"),
        "topics": rows(&stats.topics, "topic"),
        "months": stats.months.iter().map(|(month, topic, count)| json!({"month": month, "topic": topic, "threads": count})).collect::<Vec<_>>(),
        "ages": stats.ages.iter().map(|(age, count)| json!({"up_to": age, "threads": count})).collect::<Vec<_>>(),
        "unanswered": stats.unanswered,
        "cited": rows(&stats.cited, "page"),
        "unserved": stats.unserved.iter().map(|(id, topic, count)| json!({"cluster": id, "topic": topic, "threads": count})).collect::<Vec<_>>(),
    })
}

/// The longest bar of a statistic, in cells.
const BAR: usize = 40;

/// The statistics for people.
#[must_use]
pub fn stats_text(stats: &Stats, paint: Paint) -> String {
    let mut out = format!("{} threads, {} open questions without a reply\n", stats.threads, stats.unanswered);
    let ages: Vec<(String, usize)> = stats.ages.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    let unserved: Vec<(String, usize)> = stats.unserved.iter().map(|(id, topic, count)| (format!("{id} {topic}"), *count)).collect();
    for (title, rows) in [
        ("States", &stats.states),
        ("Kinds", &stats.kinds),
        ("Topics of questions", &stats.topics),
        ("Age of open questions, up to", &ages),
        ("Pages found first", &stats.cited),
        ("Clusters that no page answers", &unserved),
    ] {
        let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
        if rows.iter().all(|(_, count)| *count == 0) {
            continue;
        }
        let _ = writeln!(out, "\n{}", paint.bold(title));
        for (name, count) in rows {
            let name = if name.is_empty() { "none" } else { name };
            let bar = if paint.plain { String::new() } else { format!("  {}", "█".repeat((count * BAR).div_ceil(most))) };
            let _ = writeln!(out, "  {:<44} {count:>6}{bar}", crate::text::fit(name, 44));
        }
    }
    out
}
