//! The exported Sigma rules hit the lines that the patterns hit: by the public converter and the real `ClickHouse` engine, from `PyPI`.
//!
//! Needs Python 3.13 (the backend asks for it) and `PyPI`; without them the test says so and ends. `PITFALL_PYTHON` names the interpreter,
//! `PITFALL_SIGMA_LINES` the number of lines.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::format_collect
)] // A test ends where it cannot go on.

mod common;

use pitfall::engine::Engine;
use pitfall::knowledge::Body;
use pitfall::matching::{PatternId, Scan, View};
use pitfall::report::sigma;
use pitfall::text::{Document, clean, lead};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The tools, pinned: what they make of a rule is what is tested.
const TOOLS: &[&str] = &["pysigma==2.0.1", "pysigma-backend-clickhouse==1.1.1", "chdb==4.4.0"];
/// Lines where `PITFALL_SIGMA_LINES` says nothing else.
const LINES: usize = 1_000_000;
/// Different spoiled lines. Logs repeat themselves, and the engine looks at a message that stands there often only once.
const SPOILED: usize = 20_000;
/// Messages scanned at once: so few that no pattern hits more often than a scan keeps hits.
const BLOCK: usize = 4;

/// The interpreter of a virtual environment with the tools; none where it cannot be made.
fn python() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sigma-venv");
    let inside = folder.join("bin/python");
    let marker = folder.join("ready");
    if fs::read_to_string(&marker).is_ok_and(|tools| tools == TOOLS.join(" ")) {
        return Some(inside);
    }
    let new_enough = |name: &String| {
        let check = "import sys, venv; sys.exit(sys.version_info < (3, 13))";
        Command::new(name).args(["-c", check]).output().is_ok_and(|output| output.status.success())
    };
    let names = std::env::var("PITFALL_PYTHON").ok().into_iter().chain(["python3.13", "python3.14", "python3"].map(str::to_owned));
    let found = names.chain(pyenv()).find(new_enough)?;
    let run = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    let made = run(Command::new(found).args(["-m", "venv", "--clear"]).arg(&folder))
        && run(Command::new(&inside).args(["-m", "pip", "install", "-q", "--disable-pip-version-check"]).args(TOOLS));
    made.then(|| {
        fs::write(&marker, TOOLS.join(" ")).unwrap();
        inside
    })
}

/// Interpreters that pyenv keeps beside the one that is switched on.
fn pyenv() -> Vec<String> {
    let home = std::env::var("HOME").unwrap_or_default();
    let versions = fs::read_dir(Path::new(&home).join(".pyenv/versions")).into_iter().flatten().flatten();
    versions.map(|entry| entry.path().join("bin/python").display().to_string()).collect()
}

/// Numbers that are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// A line as an engine stores its message: without the columns in front, which are fields of their own.
fn message(line: &str) -> String {
    let line = line.trim_end_matches('\r');
    clean(&line[lead(line.as_bytes())..]).text
}

/// Lines of healthy logs, lines that pages are proven with (hits and near misses), and those spoiled in ways that decide.
fn lines(engine: &Engine, count: usize) -> Vec<String> {
    let healthy: Vec<String> = common::generated().iter().flat_map(|(_, text)| text.lines().map(message).collect::<Vec<_>>()).collect();
    let mut planted = BTreeSet::new();
    for page in engine.knowledge().pages() {
        for test in Body::read(page.body_text(), page.severity).tests {
            planted.extend(test.text.lines().map(message).filter(|line| line.len() > 3));
        }
    }
    let planted: Vec<String> = planted.into_iter().collect();
    let mut numbers = Numbers(9);
    let spoiled: Vec<String> = (0..SPOILED).map(|_| spoiled(&planted[numbers.below(planted.len())], &mut numbers)).collect();
    (0..count)
        .map(|at| {
            // Each planted line stands there as it is at least once.
            match (at < planted.len(), numbers.below(10)) {
                (true, _) => planted[at].clone(),
                (_, 0..=4) => healthy[numbers.below(healthy.len())].clone(),
                (_, 5..=7) => planted[numbers.below(planted.len())].clone(),
                _ => spoiled[numbers.below(spoiled.len())].clone(),
            }
        })
        .collect()
}

fn spoiled(line: &str, numbers: &mut Numbers) -> String {
    let chars: Vec<char> = line.chars().collect();
    let at = numbers.below(chars.len());
    let digit = chars.iter().rposition(char::is_ascii_digit).unwrap_or(at);
    let (front, back) = (|at: usize| chars[..at].iter().collect::<String>(), |at: usize| chars[at..].iter().collect::<String>());
    match numbers.below(6) {
        0 => line.chars().map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect(),
        1 => format!("{}7{}", front(digit), back(digit)),
        2 => format!("{}.5{}", front(digit + 1), back(digit + 1)),
        3 => format!("{}{}", front(at), back(at + 1)),
        4 => line.replace('\'', "\u{2019}").replace('"', "\u{201c}"),
        _ => format!("{}x{}", front(at), back(at)),
    }
}

/// A message: its first line, on how many lines it stands, the sum of their numbers, and the sum of their squares.
struct Message<'a> {
    text: &'a str,
    first: u64,
    sums: [u64; 3],
}

/// Each message once, in the order of its first line.
fn messages(lines: &[String]) -> Vec<Message<'_>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut messages: Vec<Message<'_>> = Vec::new();
    for (n, text) in (0_u64..).zip(lines) {
        let place = *places.entry(text).or_insert(messages.len());
        if place == messages.len() {
            messages.push(Message { text, first: n, sums: [0; 3] });
        }
        messages[place].sums.iter_mut().zip([1, n, n * n]).for_each(|(sum, more)| *sum += more);
    }
    messages
}

/// For each rule the messages that pitfall's pattern hits, by their places.
fn hits(engine: &Engine, messages: &[Message<'_>], rules: &BTreeMap<(String, String), String>) -> BTreeMap<String, BTreeSet<usize>> {
    let mut found: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let pages = engine.knowledge().pages();
    for (block, some) in messages.chunks(BLOCK).enumerate() {
        let text: Vec<&str> = some.iter().map(|message| message.text).collect();
        let document = Document::new(text.join("\n").as_bytes());
        assert_eq!(document.line_count(), some.len());
        let mut scan = Scan::new(engine.matcher());
        engine.matcher().scan(&View::of(&document, 0), &mut scan, &|_| true);
        for page in scan.pages(false) {
            for (at, pattern) in pages[page].patterns.iter().enumerate() {
                let hits = scan.hits(PatternId::new(page, at));
                assert!(hits.len() < 64, "a block is too large: no more hits are kept of a pattern");
                let Some(rule) = rules.get(&(pages[page].id.clone(), pattern.id.clone())).filter(|_| !hits.is_empty()) else { continue };
                found.entry(rule.clone()).or_default().extend(hits.iter().map(|hit| block * BLOCK + hit.spot.line));
            }
        }
    }
    found
}

#[test]
fn clickhouse_hits_the_lines_that_the_patterns_hit() {
    let Some(python) = python() else {
        eprintln!("skipped: no Python 3.13 with PyPI at hand; PITFALL_PYTHON names one");
        return;
    };
    let count = std::env::var("PITFALL_SIGMA_LINES").ok().and_then(|text| text.parse().ok()).unwrap_or(LINES);
    let engine = Engine::new(Vec::new());
    let out = sigma(&engine);
    let folder = tempfile::tempdir().unwrap();
    for rule in &out.rules {
        let path = folder.path().join("rules").join(&rule.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &rule.text).unwrap();
    }
    let lines = lines(&engine, count);
    let rows: String = lines.iter().enumerate().map(|(n, message)| format!("{}\n", json!({"n": n, "message": message}))).collect();
    fs::write(folder.path().join("lines.ndjson"), rows).unwrap();
    let rules: BTreeMap<_, _> = out.rules.iter().map(|rule| ((rule.page.clone(), rule.pattern.clone()), rule.id.clone())).collect();
    let messages = messages(&lines);
    let begun = Instant::now();
    let ours = hits(&engine, &messages, &rules);
    let seconds = begun.elapsed().as_secs_f64();
    let sums = |places: &BTreeSet<usize>| {
        places.iter().fold([0_u64; 3], |all, at| std::array::from_fn(|part| all[part] + messages[*at].sums[part]))
    };
    let table = ours.iter().fold(String::new(), |mut text, (rule, places)| {
        let [count, sum, squares] = sums(places);
        let _ = writeln!(text, "{rule}\t{count}\t{sum}\t{squares}");
        text
    });
    fs::write(folder.path().join("hits.tsv"), table).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sigma/check.py");
    let output = Command::new(python).arg(script).arg(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let report: Value =
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}{}", String::from_utf8_lossy(&output.stderr)));
    eprintln!(
        "{} lines ({} messages); {} rules, {} of them hit, {} hits; pitfall's scan {seconds:.1} s, conversion {} s, ClickHouse {} s",
        report["lines"],
        messages.len(),
        report["rules"],
        report["with_hits"],
        report["hits"],
        report["seconds_to_convert"],
        report["seconds_to_query"]
    );
    let mut wrong: Vec<String> = Vec::new();
    let (mut missed, mut beyond) = (0, 0);
    for (rule, one) in report["different"].as_object().unwrap() {
        let known = out.rules.iter().find(|known| known.id == *rule).unwrap();
        let theirs: BTreeSet<u64> = one["lines"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
        let ours: BTreeSet<u64> = ours.get(rule).into_iter().flatten().map(|at| messages[*at].first).collect();
        let alone = |one: &BTreeSet<u64>, other: &BTreeSet<u64>| {
            let lines = one.difference(other).take(2).map(|n| format!("{n}: {}", lines[usize::try_from(*n).unwrap()]));
            (one.difference(other).count(), lines.collect::<Vec<_>>())
        };
        // A code's spellings are some of the ways in which it is told; and a number that another domain claims on the line is not this code.
        if !known.exact {
            missed += ours.difference(&theirs).count();
            beyond += theirs.difference(&ours).count();
            continue;
        }
        wrong.push(format!("{}: ClickHouse alone {:?}, pitfall alone {:?}", known.path, alone(&theirs, &ours), alone(&ours, &theirs)));
    }
    let of: usize = out.rules.iter().filter(|rule| !rule.exact).filter_map(|rule| ours.get(&rule.id)).map(BTreeSet::len).sum();
    eprintln!("rules over codes: of {of} messages {missed} are missed, {beyond} beyond them are hit");
    assert!(beyond * 100 <= of, "rules over codes cry wolf: {beyond} messages beyond {of}");
    if let Some(path) = std::env::var_os("PITFALL_SIGMA_REPORT") {
        fs::write(path, format!("{}\n{report:#}\n", wrong.join("\n"))).unwrap();
    }
    assert_eq!(report["refused"], json!({}), "the converter takes every rule");
    assert_eq!(report["failed"], json!({}), "the engine runs every query");
    assert!(wrong.is_empty(), "{} rules differ:\n{}", wrong.len(), wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n"));
    assert_eq!(report["rules"], out.rules.len());
    assert!(report["with_hits"].as_u64().unwrap() * 10 >= out.rules.len() as u64 * 8, "{} rules hit something", report["with_hits"]);
}
