//! What is remembered: ticks, notes, bookmarks, what was open lately.

use crate::case::{CaseState, Kept};
use std::collections::{BTreeMap, BTreeSet};

/// A step of a page within a case; outside of a case the scope is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepKey {
    /// The case.
    pub scope: String,
    /// The page's id.
    pub page: String,
    /// The step's id.
    pub step: String,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TickState {
    /// Not done.
    #[default]
    Open,
    /// Done.
    Done,
    /// Does not apply.
    Skipped,
}

/// What is known of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tick {
    /// Where it stands.
    pub state: TickState,
    /// A note on it.
    pub note: String,
}

/// Something that was open lately.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recent {
    /// The page's id; empty for a file.
    pub page: String,
    /// The case in which the page was open.
    pub scope: String,
    /// The file's path, or the title of the page.
    pub name: String,
}

/// A case that was diagnosed once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownCase {
    /// What identifies it.
    pub key: String,
    /// Its name: its inputs'.
    pub name: String,
    /// What it is called where it is kept: its title, or what was found.
    pub heading: String,
    /// Where it stands.
    pub state: CaseState,
    /// How much of it is kept; none where only the name is.
    pub kept: Option<Kept>,
    /// It came from a colleague: its name is no file of this machine.
    pub imported: bool,
    /// The page of its best finding.
    pub page: String,
    /// Steps that are settled, and all steps, when it was read.
    pub steps: (usize, usize),
}

/// Whether what is ticked is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Saving {
    /// Not known yet.
    #[default]
    Unknown,
    /// It is.
    Works,
    /// It is not, because of this.
    Off(String),
}

/// What is remembered; see the module.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Ticks and notes.
    pub ticks: BTreeMap<StepKey, Tick>,
    /// What was open lately, the latest first.
    pub recent: Vec<Recent>,
    /// Bookmarked pages.
    pub bookmarks: BTreeSet<String>,
    /// The cases that are known, the latest first.
    pub cases: Vec<KnownCase>,
    /// Whether it is kept.
    pub saving: Saving,
    /// Changes made here: what was read before the last one must not undo it on the screen.
    pub age: u64,
}

impl Record {
    /// What is known of a step.
    #[must_use]
    pub fn tick(&self, key: &StepKey) -> Tick {
        self.ticks.get(key).cloned().unwrap_or_default()
    }

    /// Sets what is known of a step.
    pub fn set(&mut self, key: StepKey, tick: Tick) {
        self.age += 1;
        self.ticks.insert(key, tick);
    }

    /// How many of these steps need no more work.
    #[must_use]
    pub fn settled<'a>(&self, scope: &str, page: &str, steps: impl Iterator<Item = &'a str>) -> usize {
        let key = |step: &str| StepKey { scope: scope.to_owned(), page: page.to_owned(), step: step.to_owned() };
        steps.filter(|step| self.tick(&key(step)).state != TickState::Open).count()
    }
}
