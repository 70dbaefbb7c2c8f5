//! Artifacts: recognised, decoded, checked, held against themselves.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pitfall::artifact::{Context, find, inspect_all};
use pitfall::text::Document;

fuzz_target!(|bytes: &[u8]| {
    let context = Context::default();
    let _ = inspect_all("fuzzed", bytes, &context);
    let document = Document::new(bytes);
    let _ = find("fuzzed", bytes, document.text(), &context);
});
