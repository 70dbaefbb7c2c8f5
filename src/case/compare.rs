//! Two runs beside each other: what is gone, what is new, what stays.

use super::{Run, RunFinding};

/// A finding of both runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change<'a> {
    /// As it was.
    pub before: &'a RunFinding,
    /// As it is.
    pub after: &'a RunFinding,
}

impl Change<'_> {
    /// It is as sure and as bad as it was.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.before.confidence == self.after.confidence && self.before.severity == self.after.severity
    }
}

/// What differs between two runs; each list in the order of its run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference<'a> {
    /// Found then, not now.
    pub gone: Vec<&'a RunFinding>,
    /// Found now, not then.
    pub new: Vec<&'a RunFinding>,
    /// Found both times.
    pub stays: Vec<Change<'a>>,
}

impl Difference<'_> {
    /// The same findings, as sure and as bad.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.gone.is_empty() && self.new.is_empty() && self.stays.iter().all(Change::is_same)
    }
}

/// Compares what was found in two runs, by the ids of the pages.
#[must_use]
pub fn compare<'a>(before: &'a Run, after: &'a Run) -> Difference<'a> {
    let in_run = |run: &'a Run, id: &str| run.findings.iter().find(|finding| finding.id == id);
    Difference {
        gone: before.findings.iter().filter(|one| in_run(after, &one.id).is_none()).collect(),
        new: after.findings.iter().filter(|one| in_run(before, &one.id).is_none()).collect(),
        stays: after.findings.iter().filter_map(|after| Some(Change { before: in_run(before, &after.id)?, after })).collect(),
    }
}
