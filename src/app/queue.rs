//! The forum queue on the screen: sub-queues, the list of the one that is chosen, marks, the thread that is open.

use crate::app::model::Side;
use crate::app::prose::Prose;
use crate::forum::{Kind, Row, Stats, ThreadState, Triaged};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A thread of the queue, as the list shows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QueueRow {
    /// What statistics count: id, kind, topic and so on.
    pub row: Row,
    /// The title, cleaned.
    pub title: String,
    /// Its state.
    pub state: ThreadState,
    /// A person's note.
    pub note: String,
    /// How urgent.
    pub points: u32,
    /// What a filter is held against: title, id, topic, state, in lower case.
    pub hay: String,
}

/// A part of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Everything that waits for us.
    Open,
    /// The questions of one topic that wait for us; empty is those without a topic.
    Topic(String),
    /// What belongs elsewhere and was not told yet.
    OffTopic,
    /// What waits for its author.
    Waiting,
    /// What is done.
    Done,
    /// All.
    All,
}

impl Part {
    fn holds(&self, row: &QueueRow) -> bool {
        let open = row.state.is_open();
        match self {
            Self::Open => open && row.row.kind != Kind::OffTopic,
            Self::Topic(topic) => open && row.row.kind == Kind::Question && row.row.topic == *topic,
            Self::OffTopic => open && row.row.kind == Kind::OffTopic,
            Self::Waiting => row.state == ThreadState::NeedsInfo,
            Self::Done => !open && row.state != ThreadState::NeedsInfo,
            Self::All => true,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Open => "open".into(),
            Self::Topic(topic) if topic.is_empty() => "no topic".into(),
            Self::Topic(topic) => crate::knowledge::topic(topic).map_or_else(|| topic.clone(), |known| known.title.to_owned()),
            Self::OffTopic => "off-topic".into(),
            Self::Waiting => "waiting for the author".into(),
            Self::Done => "done".into(),
            Self::All => "all".into(),
        }
    }
}

/// The thread that is open.
#[derive(Debug, Clone)]
pub struct OpenThread {
    /// The diagnosis and the draft.
    pub triaged: Arc<Triaged>,
    /// The reply as a person edited it; empty where nobody did.
    pub edited: String,
    /// It as lines, and the width they were made for.
    pub prose: Prose,
    /// The width of the lines.
    pub width: usize,
}

/// The screen.
#[derive(Debug, Clone, Default)]
pub struct Queue {
    /// The pane that has the keys.
    pub side: Side,
    /// Whether the rows have arrived.
    pub loaded: bool,
    /// All rows, the most urgent first.
    pub rows: Vec<QueueRow>,
    /// The parts that hold something, each with its count.
    pub parts: Vec<(Part, usize)>,
    /// The chosen part.
    pub part: usize,
    /// The rows that are shown, as places in `rows`.
    pub shown: Vec<usize>,
    /// The selected one of those, and the first that is seen.
    pub at: (usize, usize),
    /// The ids that are marked.
    pub marks: BTreeSet<String>,
    /// What rows must hold.
    pub filter: String,
    /// Ids in whose texts the filter stands, as the store found them.
    pub in_text: BTreeSet<String>,
    /// The thread that is open.
    pub open: Option<OpenThread>,
    /// The first line of it that is seen.
    pub top: usize,
    /// The statistics lie over the thread.
    pub stats: Option<Stats>,
}

impl Queue {
    /// Takes the rows; what was selected, marked and filtered stays as far as it is still there.
    pub fn take(&mut self, mut rows: Vec<QueueRow>) {
        let selected = self.selected().map(|row| row.row.id.clone());
        rows.sort_by(|a, b| b.points.cmp(&a.points).then_with(|| a.row.id.cmp(&b.row.id)));
        self.rows = rows;
        self.loaded = true;
        self.count();
        self.narrow();
        if let Some(place) = selected.and_then(|id| self.shown.iter().position(|at| self.rows.get(*at).is_some_and(|row| row.row.id == id)))
        {
            self.at.0 = place;
        }
    }

    /// Counts the parts anew; the chosen one stays chosen where it still holds something.
    pub fn count(&mut self) {
        let chosen = self.parts.get(self.part).map(|(part, _)| part.clone());
        let mut topics: BTreeMap<&str, usize> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.state.is_open() && row.row.kind == Kind::Question) {
            *topics.entry(&row.row.topic).or_default() += 1;
        }
        let mut topics: Vec<(Part, usize)> = topics.into_iter().map(|(topic, count)| (Part::Topic(topic.to_owned()), count)).collect();
        topics.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let counted = |part: Part| {
            let count = self.rows.iter().filter(|row| part.holds(row)).count();
            (part, count)
        };
        let mut parts = vec![counted(Part::Open)];
        parts.extend(topics);
        parts.extend([Part::OffTopic, Part::Waiting, Part::Done, Part::All].map(counted).into_iter().filter(|(_, count)| *count > 0));
        self.part = chosen.and_then(|chosen| parts.iter().position(|(part, _)| *part == chosen)).unwrap_or(0);
        self.parts = parts;
    }

    /// Shows the rows of the chosen part that hold the filter's words.
    pub fn narrow(&mut self) {
        let words: Vec<String> = self.filter.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let part = self.parts.get(self.part).map_or(Part::All, |(part, _)| part.clone());
        let holds = |row: &QueueRow| {
            words.iter().all(|word| row.hay.contains(word.as_str())) || !words.is_empty() && self.in_text.contains(&row.row.id)
        };
        self.shown = self.rows.iter().enumerate().filter(|(_, row)| part.holds(row) && holds(row)).map(|(at, _)| at).collect();
        self.at = (self.at.0.min(self.shown.len().saturating_sub(1)), 0);
    }

    /// The selected row.
    #[must_use]
    pub fn selected(&self) -> Option<&QueueRow> {
        self.shown.get(self.at.0).and_then(|at| self.rows.get(*at))
    }

    /// The ids that an action is for: the marked ones, else the selected one.
    #[must_use]
    pub fn chosen(&self) -> Vec<String> {
        if self.marks.is_empty() {
            self.selected().map(|row| row.row.id.clone()).into_iter().collect()
        } else {
            self.marks.iter().cloned().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, topic: &str, kind: Kind, state: ThreadState, points: u32) -> QueueRow {
        QueueRow {
            row: Row { id: id.into(), topic: topic.into(), kind, ..Row::default() },
            title: id.into(),
            state,
            points,
            hay: format!("{id} {topic}"),
            ..QueueRow::default()
        }
    }

    fn queue() -> Queue {
        let mut queue = Queue::default();
        queue.take(vec![
            row("a", "siwa", Kind::Question, ThreadState::New, 10),
            row("b", "siwa", Kind::Question, ThreadState::Closed, 90),
            row("c", "keychain", Kind::Question, ThreadState::Reopened, 50),
            row("d", "", Kind::OffTopic, ThreadState::New, 8),
            row("e", "siwa", Kind::Question, ThreadState::NeedsInfo, 30),
        ]);
        queue
    }

    #[test]
    fn parts_hold_what_their_names_say() {
        let queue = queue();
        let parts: Vec<(String, usize)> = queue.parts.iter().map(|(part, count)| (part.name(), *count)).collect();
        let expected = [
            ("open", 2),
            ("Keychain", 1),
            ("Sign in with Apple", 1),
            ("off-topic", 1),
            ("waiting for the author", 1),
            ("done", 1),
            ("all", 5),
        ];
        assert_eq!(parts, expected.map(|(name, count)| (name.to_owned(), count)));
        assert_eq!(queue.selected().unwrap().row.id, "c", "the most urgent open one");
    }

    #[test]
    fn a_filter_narrows_and_what_was_selected_stays() {
        let mut queue = queue();
        queue.part = 6;
        queue.filter = "siwa".into();
        queue.narrow();
        assert_eq!(queue.shown.len(), 3);
        queue.in_text.insert("d".into());
        queue.filter = "somewhere in the text".into();
        queue.narrow();
        assert_eq!(queue.selected().unwrap().row.id, "d");
        let rows = queue.rows.clone();
        queue.take(rows);
        assert_eq!((queue.selected().unwrap().row.id.as_str(), queue.chosen()), ("d", vec!["d".to_owned()]));
        queue.marks.insert("a".into());
        assert_eq!(queue.chosen(), ["a"]);
    }
}
