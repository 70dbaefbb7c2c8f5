//! The queue in numbers: topics, ages, what waits, what is cited, and what no page answers, which are the pages to write next.

use super::class::Kind;
use super::date::DAY;
use std::collections::BTreeMap;

/// What the statistics need of a thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: Kind,
    /// Its topic; empty where none.
    pub topic: String,
    /// Where it stands in the queue.
    pub state: String,
    /// When it was asked or last active, in seconds since 1970.
    pub at: Option<i64>,
    /// It has an accepted answer or is settled.
    pub settled: bool,
    /// Somebody replied.
    pub replied: bool,
    /// The page that is found first, with its confidence's word; empty where none is.
    pub page: String,
    /// Whether a rule says likely or certain.
    pub sure: bool,
    /// The cluster of duplicates that it is in; its own id where alone.
    pub cluster: String,
}

/// The numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// All threads.
    pub threads: usize,
    /// By state.
    pub states: Vec<(String, usize)>,
    /// By kind.
    pub kinds: Vec<(String, usize)>,
    /// By topic, the most first.
    pub topics: Vec<(String, usize)>,
    /// By month and topic: `2026-04`, topic, threads.
    pub months: Vec<(String, String, usize)>,
    /// Open questions by age: up to a day, a week, a month, a quarter, a year, older, unknown.
    pub ages: Vec<(&'static str, usize)>,
    /// Open questions that nobody replied to.
    pub unanswered: usize,
    /// Pages by how often they are the first finding.
    pub cited: Vec<(String, usize)>,
    /// Clusters of two or more that no rule answers with likelihood, the largest first: cluster, topic, threads.
    pub unserved: Vec<(String, String, usize)>,
}

/// So many rows of a list are told.
const ROWS: usize = 30;

/// Counts a queue at the time `now` (seconds since 1970).
#[must_use]
pub fn stats(rows: &[Row], now: i64) -> Stats {
    let open: Vec<&Row> = rows.iter().filter(|row| row.kind == Kind::Question && !row.settled).collect();
    let mut months: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.kind == Kind::Question) {
        if let Some(at) = row.at {
            let month = super::Moment { at, precision: super::Precision::Month }.date();
            *months.entry((month, row.topic.clone())).or_default() += 1;
        }
    }
    let mut clusters: BTreeMap<&str, (usize, bool, &str)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.kind == Kind::Question) {
        let cluster = clusters.entry(&row.cluster).or_insert((0, false, &row.topic));
        cluster.0 += 1;
        cluster.1 |= row.sure;
    }
    let mut unserved: Vec<(String, String, usize)> = clusters
        .into_iter()
        .filter(|(_, (count, sure, _))| *count >= 2 && !sure)
        .map(|(id, (count, _, topic))| (id.to_owned(), topic.to_owned(), count))
        .collect();
    unserved.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    unserved.truncate(ROWS);
    Stats {
        threads: rows.len(),
        states: counted(rows.iter().map(|row| row.state.as_str())),
        kinds: counted(rows.iter().map(|row| row.kind.word())),
        topics: counted(rows.iter().filter(|row| row.kind == Kind::Question).map(|row| row.topic.as_str())),
        months: months.into_iter().map(|((month, topic), count)| (month, topic, count)).collect(),
        ages: ages(&open, now),
        unanswered: open.iter().filter(|row| !row.replied).count(),
        cited: counted(rows.iter().filter(|row| !row.page.is_empty()).map(|row| row.page.as_str())).into_iter().take(ROWS).collect(),
        unserved,
    }
}

/// Words by how often they stand, the most first.
fn counted<'a>(words: impl Iterator<Item = &'a str>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    words.for_each(|word| *counts.entry(word).or_default() += 1);
    let mut out: Vec<(String, usize)> = counts.into_iter().map(|(word, count)| (word.to_owned(), count)).collect();
    out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    out
}

fn ages(open: &[&Row], now: i64) -> Vec<(&'static str, usize)> {
    const STEPS: [(&str, i64); 6] =
        [("a day", 1), ("a week", 7), ("a month", 31), ("a quarter", 92), ("a year", 366), ("older", i64::MAX / DAY)];
    let mut out: Vec<(&str, usize)> = STEPS.iter().map(|(name, _)| (*name, 0)).collect();
    let mut unknown = 0;
    for row in open {
        let Some(at) = row.at else {
            unknown += 1;
            continue;
        };
        let days = (now - at) / DAY;
        let step = STEPS.iter().position(|(_, most)| days <= *most).unwrap_or(STEPS.len() - 1);
        if let Some((_, count)) = out.get_mut(step) {
            *count += 1;
        }
    }
    out.push(("unknown", unknown));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_counted() {
        let now = 1_775_822_400;
        let row = |id: &str, days: i64, cluster: &str| Row {
            id: id.into(),
            topic: "siwa".into(),
            state: "new".into(),
            at: Some(now - days * DAY),
            cluster: cluster.into(),
            ..Row::default()
        };
        let mut rows = vec![row("a", 0, "c"), row("b", 3, "c"), row("c", 40, "c"), row("d", 400, "d")];
        rows.push(Row { kind: Kind::OffTopic, ..row("e", 1, "e") });
        rows[3].settled = true;
        rows[3].page = "some-page".into();
        let stats = stats(&rows, now);
        assert_eq!((stats.threads, stats.unanswered), (5, 3));
        assert_eq!(stats.topics, [("siwa".to_owned(), 4)]);
        assert_eq!(stats.ages[..4], [("a day", 1), ("a week", 1), ("a month", 0), ("a quarter", 1)]);
        assert_eq!(stats.unserved, [("c".to_owned(), "siwa".to_owned(), 3)]);
        assert_eq!(stats.cited, [("some-page".to_owned(), 1)]);
        assert_eq!(stats.months.iter().map(|(.., count)| count).sum::<usize>(), 4);
    }
}
