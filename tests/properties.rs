//! What must hold for any bytes: no panic, places that are in the text, the same answer every time, whole or in parts.
//!
//! `PROPTEST_CASES=100000 cargo test --release --test properties` looks longer than the few cases of a usual run.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice)] // A test ends where it cannot go on.

use pitfall::artifact::masked;
use pitfall::engine::{Engine, Enough, Input, Options, Reading};
use pitfall::report::diagnosis_json;
use pitfall::text::{Document, pieces};
use proptest::prelude::*;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Vec::new()));

/// Pieces of what people paste; between them anything may stand.
const PIECES: &[&str] = &[
    "Error Domain=NSOSStatusErrorDomain Code=-34018 \"x\" UserInfo={NSUnderlyingError=0x6 {Error Domain=NSCocoaErrorDomain Code=4097}}",
    "Error Domain=",
    " Code=",
    "-25300",
    "errSecInteractionNotAllowed",
    "SecItemDelete",
    "2026-11-22 10:00:00.123456+0100 0x1a2b     Error       0x0                  512    0    secd: [com.apple.securityd:item] ",
    "2026-11-22 10:00:00.123456+0100 Notes[512:1a2b3] ",
    "Sandbox: Notes(512) deny(1) file-read-data /private/etc/x",
    "deny(",
    "invalid_client",
    "{\"error\":\"invalid_grant\",\"code\":\"",
    "0xe8008015",
    "eyJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln",
    "-----BEGIN PRIVATE KEY-----",
    "<?xml version=\"1.0\"?><plist><dict><key>com.apple.security.app-sandbox</key><true/>",
    "\u{1b}[31m",
    "\u{1b}]52;c;",
    "\u{202e}",
    "\u{200b}",
    "’",
    "\r\n",
    "\n",
    "\r",
    "\0",
    "漢字",
    "https://appleid.apple.com/auth/token",
    "exit status 65",
    "iOS 17.4",
];

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => proptest::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        2 => "[ -~]{0,30}".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(96), ..ProptestConfig::default() })]

    #[test]
    fn cleaned_text_is_harmless_and_its_places_are_in_the_input(bytes in bytes()) {
        let document = Document::new(&bytes);
        let text = document.text();
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{text:?}");
        let hidden = ['\u{202e}', '\u{200b}', '\u{2066}'];
        prop_assert!(!text.contains(hidden), "a hidden mark is left");
        let lines = document.line_count();
        for (at, _) in text.char_indices() {
            let place = document.place(at, at + 1);
            prop_assert!(place.line >= 1 && place.line <= lines.max(1) && place.start <= place.end);
        }
    }

    #[test]
    fn a_diagnosis_is_always_the_same_and_points_into_the_text(bytes in bytes()) {
        let input = [Input { name: "-".into(), bytes }];
        let options = Options { explain: true, ..Options::default() };
        let one = ENGINE.triage(&input, &options);
        prop_assert_eq!(diagnosis_json(&one).to_string(), diagnosis_json(&ENGINE.triage(&input, &options)).to_string());
        let text = one.inputs[0].document.text();
        for piece in one.findings.iter().flat_map(|finding| &finding.evidence) {
            // Tokens and keys are not repeated; all else stands in the text as it is shown.
            let shown = masked(text.get(piece.start..piece.end).expect("a place in the text"));
            prop_assert!(shown == piece.text || shown.starts_with(&piece.text), "{shown:?} is shown as {:?}", piece.text);
            prop_assert!(piece.place.line <= one.inputs[0].lines && piece.place.start <= piece.place.end);
        }
        for report in &one.facts {
            let written = masked(text.get(report.fact.start..report.fact.end).expect("a place in the text"));
            prop_assert_eq!(&*written, report.written.as_str());
        }
    }

    #[test]
    fn parts_of_whole_lines_say_what_the_whole_says(lines in proptest::collection::vec("[ -~é漢]{0,60}|SecItemAdd -34018|Sandbox: Notes\\(5\\) deny\\(1\\) mach-lookup com.apple.x", 1..60), size in 8_usize..400) {
        let text = lines.join("\n");
        let options = Options::default();
        let whole = ENGINE.diagnose(vec![ENGINE.read(0, &Input { name: "-".into(), bytes: text.clone().into_bytes() }, &options)], &options);
        // In an input that is read in parts no artifacts are sought.
        prop_assume!(whole.artifacts.is_empty());
        let mut reading = Reading::new(&ENGINE, "-", text.as_bytes());
        for part in pieces(text.as_bytes(), size.max(128)) {
            reading.append(ENGINE.read_part(0, text.as_bytes(), part, &options, Enough::default()));
        }
        prop_assert_eq!(reading.lines(), whole.inputs[0].lines);
        let parts = ENGINE.diagnose(vec![reading], &options);
        prop_assert_eq!(diagnosis_json(&parts).to_string(), diagnosis_json(&whole).to_string());
    }
}
