//! A thread of the queue as lines, and the statistics as bars.

use crate::app::ink::{Role, Span, severity};
use crate::app::prose::{Prose, Setter};
use crate::forum::{Stats, Triaged};
use crate::knowledge::markdown::blocks;
use crate::text::{clean, fit};

/// Lays out a thread: figures, why, priority, findings, what is missing, threads that ask the same, the draft, the question, its replies.
pub(crate) fn set(one: &Triaged, edited: &str, width: usize) -> Prose {
    let mut out = Setter::new(width);
    let sorted = &one.sorted;
    out.heading(1, &clean(&sorted.thread.title).text);
    let figures =
        [("replies", sorted.thread.counts.replies), ("boosts", sorted.thread.counts.boosts), ("views", sorted.thread.counts.views)];
    let figures: Vec<String> = figures.into_iter().filter_map(|(name, count)| Some(format!("{} {name}", count?))).collect();
    dim(&mut out, &format!("{} · {} · {}", sorted.thread.id, figures.join(" · "), sorted.thread.activity));
    out.paragraph(&[
        Span::new(format!("{} ", sorted.verdict.kind.word()), Role::Strong),
        Span::new(clean(&sorted.verdict.why).text, Role::Text),
    ]);
    if let Some(belongs) = sorted.verdict.belongs {
        out.paragraph(&[Span::new("belongs to ", Role::Dim), Span::new(belongs, Role::Text)]);
    }
    dim(&mut out, &format!("priority {}: {}", sorted.priority.points, sorted.priority.told()));
    out.gap();
    for finding in &one.findings {
        out.paragraph(&[
            Span::new(format!("{} ", finding.confidence.word()), severity(finding.severity)),
            Span::new(finding.title.clone(), Role::Text),
        ]);
    }
    section(&mut out, "Missing", sorted.missing.iter().map(|missing| format!("- {}. {}.", missing.what, missing.how)));
    section(
        &mut out,
        "The same",
        sorted.duplicates.iter().map(|other| {
            let answered = if other.answered { " (answered)" } else { "" };
            format!("- {}{answered}: {}; {}", other.id, other.title.replace(['*', '_', '`', '['], ""), other.why)
        }),
    );
    let draft = if edited.is_empty() { &one.draft.text } else { edited };
    if !draft.is_empty() {
        out.gap();
        out.heading(2, if edited.is_empty() { "Draft of a reply" } else { "Reply, as edited" });
        out.blocks(&blocks(draft));
    }
    out.gap();
    out.heading(2, "Question");
    for line in clean(&sorted.thread.body).text.lines() {
        out.paragraph(&[Span::new(line, Role::Text)]);
    }
    for reply in &sorted.thread.replies {
        out.gap();
        let mark = if reply.accepted {
            "accepted answer"
        } else if reply.staff {
            "engineer"
        } else {
            "reply"
        };
        out.heading(3, &format!("{mark}: {}", clean(&reply.author).text));
        out.paragraph(&[Span::new(clean(&reply.body).text, Role::Text)]);
    }
    out.prose
}

fn dim(out: &mut Setter, text: &str) {
    out.paragraph(&[Span::new(clean(text).text, Role::Dim)]);
}

fn section(out: &mut Setter, title: &str, lines: impl Iterator<Item = String>) {
    let text = lines.collect::<Vec<_>>().join("\n");
    if !text.is_empty() {
        out.gap();
        out.heading(2, title);
        out.blocks(&blocks(&text));
    }
}

/// The statistics as lines of `width` cells: names, numbers, bars.
#[must_use]
pub fn bars(stats: &Stats, width: usize, ascii: bool) -> Vec<Vec<Span>> {
    let ages: Vec<(String, usize)> = stats.ages.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    let unserved: Vec<(String, usize)> = stats.unserved.iter().map(|(id, topic, count)| (format!("{topic} {id}"), *count)).collect();
    let mut months: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    stats.months.iter().for_each(|(month, _, count)| *months.entry(month).or_default() += count);
    let months: Vec<(String, usize)> = months.into_iter().rev().take(12).map(|(month, count)| (month.to_owned(), count)).collect();
    let name_width = (width / 2).clamp(8, 36);
    let room = width.saturating_sub(name_width + 9);
    let mut lines =
        vec![vec![Span::new(format!("{} threads, {} open questions without a reply", stats.threads, stats.unanswered), Role::Text)]];
    for (title, rows) in [
        ("States", &stats.states),
        ("Topics", &stats.topics),
        ("Questions by month", &months),
        ("Open questions, age up to", &ages),
        ("Pages found first", &stats.cited),
        ("Clusters that no page answers", &unserved),
    ] {
        let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0);
        if most == 0 {
            continue;
        }
        lines.push(Vec::new());
        lines.push(vec![Span::new(title, Role::Heading)]);
        for (name, count) in rows.iter().take(12) {
            let name = if name.is_empty() { "none" } else { name };
            let bar = if ascii { "#" } else { "█" }.repeat((count * room).div_ceil(most).min(room));
            lines.push(vec![
                Span::new(format!("{:<name_width$}", fit(&clean(name).text, name_width)), Role::Text),
                Span::new(format!("{count:>6} "), Role::Number),
                Span::new(bar, Role::Good),
            ]);
        }
    }
    lines
}
