//! Redaction: places are those of the text, the map gives back what was taken, nothing panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pitfall::redact::Redactor;
use pitfall::text::Document;

fuzz_target!(|bytes: &[u8]| {
    let document = Document::new(bytes);
    let text = document.text();
    let mut redactor = Redactor::default();
    let out = redactor.redact(text);
    let mut from = 0;
    for one in &out.replaced {
        assert!(one.start >= from && text.get(one.start..one.end) == Some(one.original.as_str()));
        from = one.end;
    }
    assert_eq!(redactor.redact(text).text, out.text);
    let _ = redactor.map().restore(&out.text);
});
