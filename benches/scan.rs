//! How fast a log is scanned: today's rules and ten times as many, a healthy log and one full of errors; and, where `rg` is there, how that
//! compares with `rg -c -F -f needles` on the same log in the same run. `cargo bench --bench scan`.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use divan::{Bencher, counter::BytesCount};
use pitfall::engine::{Engine, Options, Reading};
use pitfall::knowledge::{Knowledge, Overlay, SourceFile, Test, embedded, embedded_codes};
use pitfall::text::pieces;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Lines of the logs of the benchmarks, and of the one for `rg`.
const LINES: usize = 80_000;
/// 256 MiB.
const MANY_LINES: usize = 1_640_000;

const HEALTHY: &[&str] = &[
    "backboardd: [com.apple.backboard:TouchEvents] contact {n} presence: none",
    "symptomsd: [com.apple.symptomsd:default] Data Usage for Notes: WiFi in/out: {n}/2569",
    "WindowServer: [com.apple.SkyLight:default] Connection {n} set deferral to 6238",
    "Notes: [com.example.notes:sync] pushed {n} records, 0 failures",
    "secd: [com.apple.securityd:item] lookup {n} done",
    "cloudd: [com.apple.cloudkit:LogFacilityCK] Operation {n} finished in 9492 ms",
    "locationd: [com.apple.locationd.Core:Position] client weather authorized {n}",
    "kernel: (Sandbox) Sandbox: mdworker({n}) deny(1) file-read-data /private/var/db/x{n}",
];
const ERRORS: &[&str] = &[
    "Notes: [com.example.notes:kc] SecItemCopyMatching failed: -25300",
    "Notes: [com.example.notes:kc] SecItemAdd returned errSecMissingEntitlement (-34018)",
    "tccd: [com.apple.TCC:access] AUTHREQ_RESULT: msgID={n}.4954, authValue=0, service=kTCCServiceMicrophone, client=com.example.notes",
    "Notes: [com.example.notes:siwa] Error Domain=com.apple.AuthenticationServices.AuthorizationError Code=1000 \"(null)\"",
];

/// A unified log; every `every`-th line tells an error.
fn log(lines: usize, every: usize) -> String {
    let mut text = String::new();
    for at in 0..lines {
        let of = |list: &[&'static str]| list[at.wrapping_mul(0x9e37_79b1) / 64 % list.len()];
        let line = if at % every == every - 1 { of(ERRORS) } else { of(HEALTHY) };
        let line = line.replace("{n}", &(at * 7919 % 9973).to_string());
        let (minute, second) = (at / 60_000 % 60, at / 1000 % 60);
        writeln!(
            text,
            "2026-11-22 10:{minute:02}:{second:02}.{:06}+0100 0x{at:x}     Default     0x0                  {}    0    {line}",
            at % 1_000_000,
            at % 700
        )
        .unwrap();
    }
    text
}

/// The knowledge `times` over: every page again with another id and its needles' letters moved on.
fn knowledge(times: u8) -> Knowledge {
    let mut copies = Overlay { name: "copies".into(), ..Overlay::default() };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge");
    let originals = Knowledge::load(embedded(), embedded_codes(), Vec::new());
    for page in originals.pages() {
        let text = std::fs::read_to_string(root.join(page.topic).join(format!("{}.md", page.id))).unwrap();
        for copy in 1..times {
            let id = format!("{}-copy{copy}", page.id);
            let lines = text.lines().map(|line| match line.strip_prefix("id: ") {
                Some(_) => format!("id: {id}"),
                None => moved(line, copy),
            });
            let text = lines.collect::<Vec<_>>().join("\n") + "\n";
            copies.files.push(SourceFile::new(format!("copies/{}/{id}.md", page.topic), text));
        }
    }
    Knowledge::load(embedded(), embedded_codes(), vec![copies])
}

/// The line with every letter of its needles moved on by `by`.
fn moved(line: &str, by: u8) -> String {
    let Some((front, rest)) = line.split_once("needle: [") else { return line.to_owned() };
    let Some((needles, back)) = rest.split_once(']') else { return line.to_owned() };
    let mut escaped = false;
    let letter = |c: char| {
        let kept = std::mem::replace(&mut escaped, c == '\\') || !c.is_ascii_lowercase();
        if kept { c } else { char::from(b'a' + (c as u8 - b'a' + by) % 26) }
    };
    format!("{front}needle: [{}]{back}", needles.chars().map(letter).collect::<String>())
}

fn scan(bencher: Bencher<'_, '_>, every: usize, times: u8) {
    let engine = Engine::of(knowledge(times));
    let text = log(LINES, every);
    let _ = engine.matcher();
    bencher.counter(BytesCount::new(text.len())).bench_local(|| read(&engine, text.as_bytes()));
}

/// Reads a log as `pitfall triage` reads a large one, in one thread.
fn read(engine: &Engine, bytes: &[u8]) -> Reading {
    let options = Options::default();
    let mut reading = Reading::new(engine, "bench.log", bytes);
    for part in pieces(bytes, 4 << 20) {
        let enough = reading.enough();
        reading.append(engine.read_part(0, bytes, part, &options, enough));
    }
    reading
}

#[divan::bench(args = [1, 10], sample_count = 5, sample_size = 1)]
fn cold(bencher: Bencher<'_, '_>, rules: u8) {
    scan(bencher, 30_000, rules);
}

#[divan::bench(args = [1, 10], sample_count = 5, sample_size = 1)]
fn hot(bencher: Bencher<'_, '_>, rules: u8) {
    scan(bencher, 10, rules);
}

/// The quickest of three runs.
fn best(mut run: impl FnMut()) -> Duration {
    let times = (0..3).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    times.min().unwrap()
}

/// Our reading, cleaning and scanning in one thread against `rg -c -F -f needles`, which looks for the needles and nothing else; it is asked
/// with case and without, as we look. For each log also with ten times the rules, and `rg` with ten times the needles.
fn against_rg() {
    if Command::new("rg").arg("--version").output().is_err() {
        println!("rg is not on the PATH: not compared");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (needles, file) = (folder.path().join("needles"), folder.path().join("bench.log"));
    for times in [1, 10] {
        let knowledge = knowledge(times);
        let of = |test: &Test| if let Test::Text { needles, .. } = test { needles.clone() } else { Vec::new() };
        let mut list: Vec<String> =
            knowledge.pages().iter().flat_map(|page| &page.patterns).flat_map(|pattern| of(&pattern.test)).collect();
        list.sort();
        list.dedup();
        std::fs::write(&needles, list.join("\n") + "\n").unwrap();
        let engine = Engine::of(knowledge);
        let _ = engine.matcher();
        for (name, every) in [("cold", 30_000), ("hot", 10)] {
            let text = log(MANY_LINES, every);
            std::fs::write(&file, &text).unwrap();
            let ours = best(|| {
                divan::black_box(read(&engine, &std::fs::read(&file).unwrap()));
            });
            for flags in [&["-c"][..], &["-c", "-i"]] {
                let theirs = best(|| {
                    Command::new("rg").args(flags).arg("-F").arg("-f").arg(&needles).arg(&file).output().unwrap();
                });
                println!(
                    "{} MiB {name}, rules ×{times}: pitfall {ours:.2?} ({:.0} MB/s), rg {} -F -f {} needles {theirs:.2?}, ratio {:.2}",
                    text.len() >> 20,
                    text.len() as f64 / 1e6 / ours.as_secs_f64(),
                    flags.join(" "),
                    list.len(),
                    ours.as_secs_f64() / theirs.as_secs_f64()
                );
            }
        }
    }
}

fn main() {
    divan::main();
    // `cargo test --benches` only wants to know that it runs.
    if !std::env::args().any(|word| word == "--test") {
        against_rg();
    }
}
