//! Redaction over what logs really hold: what is found of planted values, what is damaged of lines without any, and that a diagnosis stays the
//! same. `cargo test --test redaction -- --nocapture` prints the figures.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice, clippy::print_stdout, clippy::print_stderr)] // A test ends where it cannot go on.

mod common;
mod redaction_corpus;

use pitfall::engine::{Engine, Input, Options};
use pitfall::knowledge::{Body, Expectation};
use pitfall::redact::{Redactor, Settings};
use pitfall::text::Document;
use redaction_corpus::random::Random;
use redaction_corpus::{FORMS, decoys, planted};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Values of each form.
const TIMES: usize = 12;

fn redacted(text: &str) -> String {
    Redactor::default().redact(text).text
}

/// Whether a value stands in a text as a whole word.
fn stands(text: &str, value: &str) -> bool {
    text.match_indices(value).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let after = text[at + value.len()..].chars().next().is_some_and(char::is_alphanumeric);
        !before && !after
    })
}

#[test]
fn planted_values_are_found() {
    let mut random = Random(20_261_129);
    let all = planted(&mut random, TIMES);
    let healthy: Vec<String> = common::generated().into_iter().map(|(_, text)| text).collect();
    let mut healthy = healthy.iter().flat_map(|text| text.lines()).cycle();
    let (mut count, mut missed) = (0, BTreeMap::<&str, Vec<String>>::new());
    for one in &all {
        // Some lines of a healthy log around each, as in life.
        let around: Vec<&str> = healthy.by_ref().take(6).collect();
        let text = format!("{}\n{}\n{}\n", around[..3].join("\n"), one.text, around[3..].join("\n"));
        let out = redacted(Document::new(text.as_bytes()).text());
        for secret in &one.secrets {
            count += 1;
            // What looks the same in the healthy lines is no leak.
            if stands(&out, secret) {
                missed.entry(one.form).or_default().push(format!("{secret} in {}", one.text));
            }
        }
    }
    let lost: usize = missed.values().map(Vec::len).sum();
    let share = 100.0 * (count - lost) as f64 / count as f64;
    println!("{count} values in {} forms: {} redacted, {share:.2} %", FORMS.len(), count - lost);
    for (form, values) in &missed {
        println!("missed in {form}: {} of {TIMES}, such as {}", values.len(), values[0]);
    }
    assert!(count >= 400 && FORMS.len() >= 40);
    assert!(share >= 99.5, "{share}");
}

#[test]
fn lines_without_a_secret_stay_as_they_are() {
    let mut random = Random(7);
    let lines = decoys(&mut random, 10);
    let mut damaged = Vec::new();
    for line in &lines {
        let line = Document::new(line.as_bytes()).text().to_owned();
        let out = Redactor::default().redact(&line);
        if out.text != line {
            damaged.push(format!("{line}\n  {:?}", out.replaced.iter().map(|one| (one.kind, one.original.as_str())).collect::<Vec<_>>()));
        }
    }
    // All of them together, so that what one line says is not spread over another.
    let text = lines.join("\n");
    let text = Document::new(text.as_bytes()).text().to_owned();
    let together = Redactor::default().redact(&text);
    damaged.extend(together.replaced.iter().map(|one| format!("together: {:?} {}", one.kind, one.original)));
    println!("{} lines of {} forms without a secret, damaged: {}", lines.len(), redaction_corpus::DECOYS.len(), damaged.len());
    assert!(damaged.is_empty(), "{}", damaged.join("\n"));
}

#[test]
fn codes_and_symbols_beside_secrets_stay() {
    let mut random = Random(99);
    // What a diagnosis hangs on, of the planted lines.
    let kept = [
        "-34018",
        "-25300",
        "-7026",
        "-7012",
        "-1202",
        "-1004",
        "0xe8008015",
        "0x80092002",
        "0x600",
        "5/1014",
        "1001",
        "invalid_client",
        "invalid_grant",
        "authorization_code",
        "appleid.apple.com",
        "com.apple.securityd",
        "com.apple.AuthKit",
        "NSURLErrorDomain",
        "errSecItemNotFound",
        "ASAuthorizationError",
        "application-identifier",
        "keychain-access-groups",
        "ProvisionedDevices",
        "kSecValueData",
        "TeamIdentifier",
        "deny(1) file-read-data",
        "Apple Root CA",
        "privaterelay.appleid.com",
        "10:00:00",
        "secd[231]",
        "Notes[512:1a2b3]",
        "login.keychain-db",
        "/usr/bin/codesign",
        "HTTP/2",
        "anchor apple generic",
    ];
    let mut seen = 0;
    for one in planted(&mut random, TIMES) {
        let out = redacted(Document::new(one.text.as_bytes()).text());
        for word in kept {
            let (before, after) = (one.text.matches(word).count(), out.matches(word).count());
            seen += before;
            assert!(after >= before, "{word} of {}\n{}\n{out}", one.form, one.text);
        }
    }
    println!("{seen} codes, symbols and public names beside planted values, damaged: 0");
    assert!(seen > 300, "{seen}");
}

#[test]
fn one_case_is_consistent_and_can_be_read_again() {
    let mut random = Random(4711);
    let text: String = planted(&mut random, 3).into_iter().map(|one| one.text + "\n").collect();
    let text = Document::new(text.as_bytes()).text().to_owned();
    let mut redactor = Redactor::default();
    let once = redactor.redact(&text);
    let twice = redactor.redact(&text);
    assert_eq!(once.text, twice.text, "the same value has the same stand-in");
    let mut by_stand_in: BTreeMap<&str, &str> = BTreeMap::new();
    for one in &once.replaced {
        let before = by_stand_in.insert(&one.stand_in, &one.original);
        assert!(
            before.is_none_or(|before| before.eq_ignore_ascii_case(&one.original)),
            "{} stands for {before:?} and {}",
            one.stand_in,
            one.original
        );
        assert_eq!(&text[one.start..one.end], one.original);
    }
    let back = redactor.map().restore(&once.text);
    let wrong: Vec<_> = back.lines().zip(text.lines()).filter(|(back, line)| back != line).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_the_user_wants_is_done() {
    let text = "jane@acme.io on /Users/jane with plan nine, team TEAM ID: A1B2C3D4E5";
    let settings = Settings { keep: vec!["A1B2C3D4E5".into()], also: vec!["plan nine".into()] };
    let out = Redactor::new(settings).redact(text).text;
    assert!(out.contains("A1B2C3D4E5") && !out.contains("plan nine") && out.contains("REDACTED1") && !out.contains("jane"), "{out}");
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(Vec::new()))
}

/// What is found in a text: pages and how sure. Pages near by their words alone are places to look and not a diagnosis; another name of a
/// host may move them.
fn findings(text: &str) -> Vec<(String, String)> {
    let input = Input { name: "a.log".into(), bytes: text.as_bytes().to_vec() };
    let found = engine().triage(&[input], &Options::default()).findings;
    let mut all: Vec<_> =
        found.into_iter().filter(|one| !one.evidence.is_empty()).map(|one| (one.id, one.confidence.to_string())).collect();
    all.sort();
    all
}

/// Texts of which something is known: what the pages prove themselves with, and the forms of facts.
fn known() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for page in engine().knowledge().pages() {
        let body = Body::read(page.body_text(), page.severity);
        for (number, test) in body.tests.iter().enumerate().filter(|(_, test)| matches!(test.expect, Expectation::Found(..))) {
            all.push((format!("{} self-test {}", page.id, number + 1), test.text.clone()));
        }
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/facts/forms");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for (number, line) in std::fs::read_to_string(&file).unwrap().lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            if let Some((_, text)) = line.split_once('\t') {
                all.push((format!("{name}:{}", number + 1), text.replace("\\n", "\n")));
            }
        }
    }
    all
}

/// Texts whose diagnosis hangs on a private value: which, and why that is right. Each is a loss that is known.
const LOST: &[(&str, &str)] = &[];

#[test]
fn a_redacted_log_has_the_same_diagnosis() {
    let known = known();
    let (mut changed, mut touched, mut count) = (Vec::new(), 0, 0);
    for (name, text) in &known {
        // Pages name only what is nobody's; here it is somebody's.
        let text = ["com.example.", "/Users/dev/", "example.com", "example.org"]
            .iter()
            .zip(["com.acmetools.", "/Users/jdoe/", "acmetools.com", "acmetools.org"])
            .fold(text.clone(), |text, (public, own)| text.replace(public, own));
        let text = Document::new(text.as_bytes()).text().to_owned();
        let out = Redactor::default().redact(&text);
        count += 1;
        touched += usize::from(!out.replaced.is_empty());
        if out.replaced.is_empty() {
            continue;
        }
        let (before, after) = (findings(&text), findings(&out.text));
        if before != after && !LOST.iter().any(|(lost, _)| lost == name) {
            let gone: Vec<_> = before.iter().filter(|one| !after.contains(one)).collect();
            let new: Vec<_> = after.iter().filter(|one| !before.contains(one)).collect();
            let what: Vec<_> = out.replaced.iter().map(|one| (one.kind, one.original.as_str(), one.stand_in.as_str())).collect();
            changed.push(format!("{name}: gone {gone:?}, new {new:?}: {what:?}"));
        }
    }
    println!("{count} texts, {touched} of them with something to redact, another diagnosis: {}", changed.len());
    assert!(changed.is_empty(), "{}", changed.join("\n"));
    assert!(count > 3_000 && touched >= 200, "{count} {touched}");
}
