//! Pasted text, whole and in parts: cleaned, scanned, diagnosed, written as a report that no control character is in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pitfall::engine::{Engine, Enough, Input, Options, Reading};
use pitfall::report::{Paint, diagnosis_json, diagnosis_text};
use pitfall::text::pieces;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Vec::new()));

fuzz_target!(|bytes: &[u8]| {
    let options = Options::default();
    let whole = ENGINE.triage(&[Input { name: "-".into(), bytes: bytes.to_vec() }], &options);
    let text = diagnosis_text(&whole, Paint { colour: false, plain: true });
    assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
    let _ = diagnosis_json(&whole).to_string();
    let mut reading = Reading::new(&ENGINE, "-", bytes);
    for part in pieces(bytes, 256) {
        reading.append(ENGINE.read_part(0, bytes, part, &options, Enough::default()));
    }
    let _ = ENGINE.diagnose(vec![reading], &options);
});
