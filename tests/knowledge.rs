//! The embedded knowledge is sound, and quiet on healthy logs. `pitfall kb check` runs the same function.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice)] // A test ends where it cannot go on.

use pitfall::engine::{Engine, Input, Options};
use pitfall::knowledge::{Confidence, Severity};
use std::fs;
use std::path::Path;

#[test]
fn the_check_finds_nothing() {
    let problems = Engine::new(Vec::new()).check();
    let shown: Vec<_> = problems.iter().take(20).map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), shown.join("\n"));
}

/// Nothing is certain or likely on a healthy log.
#[test]
fn nothing_fires_on_the_benign_corpus() {
    let engine = Engine::new(Vec::new());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/benign");
    let mut lines = 0;
    let mut alarms = Vec::new();
    let mut inputs = common::generated();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        inputs.push((entry.file_name().to_string_lossy().into_owned(), fs::read_to_string(entry.path()).unwrap()));
    }
    for (name, text) in inputs {
        lines += text.lines().count();
        let diagnosis = engine.triage(&[Input { name: name.clone(), bytes: text.into_bytes() }], &Options::default());
        for one in diagnosis.findings.iter().filter(|one| one.severity != Severity::Noise && one.confidence < Confidence::Possible) {
            let shown = one.evidence.first().map(|piece| format!("line {}: {}", piece.place.line, piece.text)).unwrap_or_default();
            alarms.push(format!("{name}: {} ({}), {shown}", one.id, one.confidence));
        }
    }
    assert!(alarms.is_empty(), "{alarms:#?}");
    assert!(lines >= 20_000, "the corpus has {lines} lines");
}

/// In a log of a whole device, words of different processes, or far apart, say nothing together; beside each other in one process they do.
#[test]
fn words_alone_must_be_one_saying_in_a_log_of_a_whole_device() {
    let engine = Engine::new(Vec::new());
    let line = |at: usize, process: &str, text: &str| {
        format!("2026-11-22 10:00:{:02}.000000+0100 {process}[{}:1] {text}\n", at % 60, process.len())
    };
    let log = |said: &[(usize, &str, &str)]| {
        let processes = ["Notes", "kernel", "mds", "Painter", "WindowServer", "cupsd", "Player"];
        (0..600)
            .map(|at| match said.iter().find(|(there, _, _)| *there == at) {
                Some((_, process, text)) => line(at, process, text),
                None => line(at, processes[at % processes.len()], "tick"),
            })
            .collect::<String>()
    };
    let found = |said: &[(usize, &str, &str)]| {
        let input = Input { name: "-".to_owned(), bytes: log(said).into_bytes() };
        engine.triage(&[input], &Options::default()).findings.iter().any(|one| one.id == "screen-recording-denied")
    };
    assert!(found(&[(300, "Painter", "taking a screenshot of the display on macOS failed")]));
    assert!(!found(&[(300, "Painter", "taking a screenshot"), (302, "Player", "playing failed on macOS")]));
    assert!(!found(&[(300, "Painter", "taking a screenshot"), (380, "Painter", "upload failed on macOS")]));
}

mod common;
