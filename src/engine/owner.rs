//! Whose line is it: in the log of a whole device most errors are other programs' business.
//!
//! A finding whose every piece of evidence is about processes of the system is no more than `possible` in such a log, unless the user's app
//! is named in it: healthy machines print thousands of such lines.

use crate::facts::{Role, origin, role_of};
use crate::knowledge::{Confidence, Knowledge, Severity};
use crate::matching::{Hit, Match};
use crate::text::Document;
use std::collections::BTreeSet;
use std::ops::Range;

/// A log in which so many processes speak is a device's, not an app's.
const DEVICE_WIDE: usize = 5;

/// Processes kept by name; a device has some hundreds.
const PROCESSES: usize = 10_000;

/// Who speaks in an input.
#[derive(Debug, Default)]
pub(super) struct Speakers {
    processes: BTreeSet<String>,
}

impl Speakers {
    /// Looks at about `sample` of these lines, spread over them.
    pub(super) fn of(document: &Document, lines: Range<usize>, sample: usize) -> Self {
        let step = (lines.len() / sample.max(1)).max(1);
        let speaking = lines.step_by(step).filter_map(|line| origin(document.line(line)).process);
        Self { processes: speaking.map(str::to_owned).collect() }
    }

    /// Adds those of another part of the same input.
    pub(super) fn append(&mut self, mut part: Self) {
        self.processes.append(&mut part.processes);
        // An input without an end may make up names for ever.
        while self.processes.len() > PROCESSES {
            self.processes.pop_last();
        }
    }

    pub(super) fn is_device_wide(&self) -> bool {
        self.processes.len() >= DEVICE_WIDE
    }

    fn apps(&self) -> impl Iterator<Item = &str> {
        self.processes.iter().map(String::as_str).filter(|process| role_of(process) == Role::App)
    }
}

/// Lowers findings that are about the system's own processes only.
pub(super) fn lower(found: &mut [Match], knowledge: &Knowledge, speakers: &[Speakers]) {
    if !speakers.iter().any(Speakers::is_device_wide) {
        return;
    }
    for one in found.iter_mut().filter(|one| one.confidence < Confidence::Possible) {
        let noise = knowledge.pages().get(one.page).is_some_and(|page| page.severity == Severity::Noise);
        // The first pieces of evidence are those that the rule asked for, the most telling one in front.
        let asked = one.evidence.iter().take(one.strength.max(1));
        if !noise
            && (one.evidence.first().is_some_and(|(_, hit)| is_systems(hit, speakers))
                || asked.clone().all(|(_, hit)| is_systems(hit, speakers)))
        {
            one.confidence = Confidence::Possible;
        }
    }
}

/// Whether a hit is about a process of the system, in a log of a whole device.
fn is_systems(hit: &Hit, speakers: &[Speakers]) -> bool {
    let Some(speakers) = speakers.get(hit.spot.input).filter(|speakers| speakers.is_device_wide()) else { return false };
    // A denial names its subject; that counts, not who reported it.
    if let Some((_, subject)) = hit.named.iter().find(|(name, _)| name == "process") {
        return role_of(subject) == Role::System;
    }
    let line = &hit.spot.whole;
    let names_an_app = speakers.apps().any(|app| line.contains(app));
    !names_an_app && origin(line).role() != Some(Role::App)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_of_many_processes_is_a_devices() {
        let log: String =
            ["kernel", "secd", "tccd", "mds", "Notes", "akd"].map(|p| format!("2026-11-22 10:00:00.1+0100 {p}[5:1] x")).join("\n");
        let speakers = Speakers::of(&Document::new(log.as_bytes()), 0..6, 6);
        assert!(speakers.is_device_wide());
        assert_eq!(speakers.apps().collect::<Vec<_>>(), ["Notes"]);
        assert!(!Speakers::of(&Document::new(b"Notes[5] x\n"), 0..1, 1).is_device_wide());
    }
}
