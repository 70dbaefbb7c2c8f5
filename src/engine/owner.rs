//! Whose line is it: in the log of a whole device most errors are other programs' business.
//!
//! A finding whose every piece of evidence is about processes of the system is no more than `possible` in such a log, unless the user's app
//! is named in it: healthy machines print thousands of such lines.

use crate::facts::{Role, origin, role_of};
use crate::knowledge::{Confidence, Knowledge, Severity};
use crate::matching::{Hit, Match};
use crate::text::{Document, clip};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A log in which so many processes speak is a device's, not an app's.
const DEVICE_WIDE: usize = 5;
/// Lines looked at to find out who speaks: enough for a sample, spread over the log.
const SAMPLE: usize = 2_000;

/// Who speaks in an input.
#[derive(Debug, Default)]
pub(super) struct Speakers {
    device_wide: bool,
    apps: Vec<String>,
}

impl Speakers {
    /// Looks at a sample of the lines.
    pub(super) fn of(document: &Document) -> Self {
        let lines = document.line_count();
        let step = (lines / SAMPLE).max(1);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for line in (0..lines).step_by(step) {
            if let Some(process) = origin(document.line(line)).process {
                *counts.entry(process).or_default() += 1;
            }
        }
        let apps = counts.keys().filter(|process| role_of(process) == Role::App).map(|process| (*process).to_owned()).collect();
        Self { device_wide: counts.len() >= DEVICE_WIDE, apps }
    }
}

/// Lowers findings that are about the system's own processes only.
pub(super) fn lower(found: &mut [Match], knowledge: &Knowledge, documents: &[Arc<Document>]) {
    let speakers: Vec<Speakers> = documents.iter().map(|document| Speakers::of(document)).collect();
    if !speakers.iter().any(|one| one.device_wide) {
        return;
    }
    for one in found.iter_mut().filter(|one| one.confidence < Confidence::Possible) {
        let noise = knowledge.pages().get(one.page).is_some_and(|page| page.severity == Severity::Noise);
        if !noise && one.evidence.iter().all(|(_, hit)| is_systems(hit, &speakers, documents)) {
            one.confidence = Confidence::Possible;
        }
    }
}

/// Whether a hit is about a process of the system, in a log of a whole device.
fn is_systems(hit: &Hit, speakers: &[Speakers], documents: &[Arc<Document>]) -> bool {
    let (Some(speakers), Some(document)) = (speakers.get(hit.input), documents.get(hit.input)) else { return false };
    if !speakers.device_wide {
        return false;
    }
    // A denial names its subject; that counts, not who reported it.
    if let Some((_, subject)) = hit.named.iter().find(|(name, _)| name == "process") {
        return role_of(subject) == Role::System;
    }
    let line = clip(document.text(), document.line_range(hit.line));
    let names_an_app = speakers.apps.iter().any(|app| line.contains(app.as_str()));
    !names_an_app && origin(line).role() != Some(Role::App)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_of_many_processes_is_a_devices() {
        let log: String =
            ["kernel", "secd", "tccd", "mds", "Notes", "akd"].map(|p| format!("2026-11-22 10:00:00.1+0100 {p}[5:1] x")).join("\n");
        let speakers = Speakers::of(&Document::new(log.as_bytes()));
        assert!(speakers.device_wide);
        assert_eq!(speakers.apps, ["Notes"]);
        assert!(!Speakers::of(&Document::new(b"Notes[5] x\n")).device_wide);
    }
}
