//! Where a page or guide is from: built in or of a pack, what it replaced, and what was tuned on it.

use super::model::{Confidence, Page, Severity};
use std::fmt;
use std::sync::Arc;

/// A folder that is laid over the knowledge, as its `pack.yaml` describes it; without one, as its folder is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pack {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Who answers for it.
    pub owners: Vec<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Where it is kept.
    pub homepage: Option<String>,
    /// The oldest pitfall that reads it.
    pub minimum: Option<String>,
    /// The folder, as it was named.
    pub folder: String,
    /// Its place: 1 lies upon what is built in, 2 upon 1.
    pub rank: usize,
}

impl fmt::Display for Pack {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)?;
        self.version.as_ref().map_or(Ok(()), |version| write!(out, " {version}"))
    }
}

/// Built in (none), or of a pack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin(pub Option<Arc<Pack>>);

impl Origin {
    /// The place of its pack; 0 is built in.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.0.as_ref().map_or(0, |pack| pack.rank)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => out.write_str("built in"),
            Some(pack) => pack.fmt(out),
        }
    }
}

/// What a team adds to a page that is not its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Whose note it is.
    pub by: Arc<Pack>,
    /// Markdown.
    pub text: String,
}

/// Where a page or guide is from, and what was tuned on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Where the file is from.
    pub origin: Origin,
    /// What it replaced, the last one first.
    pub replaces: Vec<Origin>,
    /// The severity that the page itself states, and the pack that says another.
    pub severity: Option<(Severity, Arc<Pack>)>,
    /// No finding of the page is surer than this, and the pack that says so.
    pub most: Option<(Confidence, Arc<Pack>)>,
    /// Notes, in the order of the packs.
    pub notes: Vec<Note>,
}

impl Provenance {
    /// What it is once it has replaced `other`: the notes stay, other tuning was of the other page.
    pub(super) fn over(&self, other: &Self) -> Self {
        let replaces = [&other.origin].into_iter().chain(&other.replaces).cloned().collect();
        Self { replaces, notes: other.notes.clone(), ..self.clone() }
    }

    /// Says in one line where the page is from, what it replaced and what was tuned; `now` is the severity that holds.
    #[must_use]
    pub fn line(&self, now: Option<Severity>) -> String {
        let mut parts = vec![match &self.origin.0 {
            None => "built in".to_owned(),
            Some(pack) if pack.owners.is_empty() => format!("from {pack}"),
            Some(pack) => format!("from {pack} ({})", pack.owners.join(", ")),
        }];
        let that = |origin: &Origin| origin.0.as_ref().map_or("what is built in".to_owned(), |pack| format!("that of {pack}"));
        let replaced: Vec<String> = self.replaces.iter().map(that).collect();
        if !replaced.is_empty() {
            parts.push(format!("replaces {}", replaced.join(", ")));
        }
        if let (Some((stated, by)), Some(now)) = (&self.severity, now) {
            parts.push(format!("severity {now}, not {stated}, by {by}"));
        }
        if let Some((most, by)) = &self.most {
            parts.push(format!("at most {most} by {by}"));
        }
        parts.join(" · ")
    }
}

impl Page {
    /// The severity that the page's file states, whatever was tuned; its sections and self-tests follow that one.
    #[must_use]
    pub fn stated_severity(&self) -> Severity {
        self.from.severity.as_ref().map_or(self.severity, |(stated, _)| *stated)
    }

    /// `confidence`, or what tuning lowers it to.
    #[must_use]
    pub fn capped(&self, confidence: Confidence) -> Confidence {
        self.from.most.as_ref().map_or(confidence, |(most, _)| confidence.max(*most))
    }
}
