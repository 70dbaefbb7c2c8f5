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

mod common;
