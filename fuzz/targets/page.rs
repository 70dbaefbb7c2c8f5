//! Forum pages of every form.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = pitfall::forum::read(bytes, Some(1_700_000_000));
});
