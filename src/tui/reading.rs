//! Reading what was pasted with all cores, so that a large paste is not waited for.

use crate::engine::{Diagnosis, Engine, Enough, Input, Options, Part, Reading, is_utf8};
use crate::text::{Document, pieces};
use std::num::NonZero;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{available_parallelism, scope};

/// A smaller input is read sooner by one thread than by several.
const LARGE: usize = 1 << 20;
/// So much is read at once.
const PART: usize = 1 << 20;

/// Diagnoses inputs together, as [`Engine::triage`] does.
pub(super) fn diagnose(engine: &Engine, inputs: &[Input]) -> Diagnosis {
    let options = Options::default();
    let readings = inputs.iter().enumerate().map(|(number, input)| read(engine, number, input, &options));
    engine.diagnose(readings.collect(), &options)
}

fn read(engine: &Engine, number: usize, input: &Input, options: &Options) -> Reading {
    if input.bytes.len() < LARGE || !is_utf8(&input.bytes) {
        return engine.read(number, input, options);
    }
    let ranges: Vec<Range<usize>> = pieces(&input.bytes, PART).collect();
    let parts: Vec<Mutex<Option<Part>>> = ranges.iter().map(|_| Mutex::default()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((range, part)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| ranges.get(at).zip(parts.get(at))) {
            let read = engine.read_part(number, &input.bytes, range.clone(), options, Enough::default());
            *part.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
        }
    };
    let mut reading = scope(|scope| {
        let reading = scope.spawn(|| Reading::of_document(engine, input, Arc::new(Document::new(&input.bytes)), options));
        for _ in 1..available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(work);
        }
        work();
        reading.join()
    })
    .unwrap_or_else(|broken| std::panic::resume_unwind(broken));
    for part in parts {
        if let Some(part) = part.into_inner().unwrap_or_else(PoisonError::into_inner) {
            reading.append(part);
        }
    }
    reading
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::diagnosis_json;

    /// What several cores find is what one finds.
    #[test]
    fn the_cores_change_nothing() {
        let engine = Engine::new(Vec::new());
        let mut text = String::new();
        for at in 0..40_000 {
            let line = match at % 9_000 {
                7 => "Notes[5] SecItemAdd failed: errSecMissingEntitlement (-34018)",
                9 => "Notes[5] \u{1b}[31mwrong\u{1b}[0m -25300, “quoted”",
                11 => "{\"error\":\"invalid_client\"} from eyJhbGciOiJFUzI1NiIsImtpZCI6IkFCQyJ9.eyJpc3MiOiJBQkNERTEyMzQ1In0.AAAA",
                _ => "Notes[5] pushed some records to the server and all went well",
            };
            text.extend(["2026-11-22 10:00:00.123456+0100 ", line, " ", &at.to_string(), "\n"]);
        }
        assert!(text.len() > 2 * PART);
        let inputs = [Input { name: "pasted".into(), bytes: text.into_bytes() }];
        let whole = diagnosis_json(&engine.triage(&inputs, &Options::default())).to_string();
        assert_eq!(diagnosis_json(&diagnose(&engine, &inputs)).to_string(), whole);
    }
}
