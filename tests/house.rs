//! The house: which module may use which, where outside crates live, how long files are, that every module says what it is for.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice)] // A test ends where it cannot go on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A module and the modules that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("pattern", &["text"]),
    ("knowledge", &["text", "check"]), // `check` only in links of its documentation
    ("facts", &["text", "pattern", "knowledge"]),
    ("artifact", &["text", "pattern", "knowledge"]),
    ("form", &["text", "pattern", "facts"]),
    ("redact", &["text", "pattern", "artifact"]),
    ("matching", &["text", "pattern", "knowledge", "facts"]),
    ("explain", &["knowledge"]),
    ("search", &["text"]),
    ("check", &["text", "pattern", "knowledge", "facts", "matching"]),
    ("engine", &["text", "knowledge", "facts", "artifact", "form", "matching", "explain", "search", "check", "redact"]),
    ("case", &["text", "knowledge", "engine", "redact"]),
    ("forum", &["text", "pattern", "knowledge", "facts", "engine", "redact"]),
    ("report", &["text", "knowledge", "engine", "artifact", "forum", "redact", "case"]),
    ("store", &["text", "knowledge", "engine", "forum", "redact", "case", "report"]), // `report` for the wire form of a case's runs
    ("app", &["text", "knowledge", "facts", "engine", "forum", "redact", "case"]),
    ("view", &["text", "knowledge", "facts", "engine", "app", "forum", "redact", "case"]),
    ("tui", &["text", "knowledge", "facts", "engine", "app", "view", "store", "forum", "redact", "case"]),
    ("cli", &["text", "knowledge", "engine", "artifact", "report", "store", "app", "tui", "forum", "redact", "case"]),
];

/// An outside crate and its one home.
const HOMES: &[(&str, &str)] = &[
    ("regex", "src/pattern/"),
    ("indicatif", "src/cli/"),
    ("rustix", "src/cli/"),
    ("vte", "src/text/"),
    ("unicode_width", "src/text/"),
    ("unicode_segmentation", "src/text/"),
    ("serde_yaml", "src/knowledge/front_matter.rs"),
    ("pulldown_cmark", "src/knowledge/markdown.rs"),
    ("tantivy", "src/search/"),
    ("ratatui", "src/view/"),
    ("crossterm", "src/tui/"),
    ("rusqlite", "src/store/"),
    ("clap", "src/cli/"),
    ("toml", "src/cli/config.rs"),
    ("plist", "src/artifact/"),
    ("minicbor", "src/artifact/"),
    ("x509_parser", "src/artifact/"),
    ("scraper", "src/forum/"),
    ("rmcp", "src/cli/mcp/"),
    ("tokio", "src/cli/mcp/"),
];

/// What the core must not name: it has no hands.
const HANDS: &[&str] = &[
    "std::fs",
    "std::env",
    "std::time::Instant",
    "SystemTime::now",
    "std::thread",
    "std::net",
    "std::process",
    "io::stdin",
    "io::stdout",
    "io::stderr",
];
const SHELLS: &[&str] = &["cli", "tui", "store", "main", "lib"];

/// Files without their tests have at most this many lines.
const LONGEST: usize = 500;

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() { walk(&path, out) } else { out.push(path) }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    walk(&root.join("src"), &mut paths);
    paths.sort();
    let name = |path: &Path| path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
    paths
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "rs") && !path.to_string_lossy().contains("/tests"))
        .map(|path| (name(path), fs::read_to_string(path).unwrap()))
        .collect()
}

fn module(path: &str) -> &str {
    path.trim_start_matches("src/").split('/').next().unwrap().trim_end_matches(".rs")
}

/// The code of a file without its tests and comments.
fn code(text: &str) -> String {
    let body = text.split("\n#[cfg(test)]").next().unwrap();
    body.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn arrows_point_down() {
    let allowed: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let own = module(&path);
        if matches!(own, "main" | "lib") {
            continue;
        }
        let Some(may) = allowed.get(own) else {
            wrong.push(format!("{path}: module `{own}` has no row in ARROWS"));
            continue;
        };
        for used in code(&text).split("crate::").skip(1).map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
        {
            if used != own && allowed.contains_key(used) && !may.contains(&used) {
                wrong.push(format!("{path}: `{own}` uses `{used}`"));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_outside_crate_has_one_home() {
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (path, text) in sources() {
        for (name, home) in HOMES {
            if names(&code(&text), name) {
                used.insert(*name);
                if !path.starts_with(home) {
                    wrong.push(format!("{path} uses {name}, whose home is {home}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(used.contains("regex") && used.contains("tantivy"), "the test itself finds crates: {used:?}");
}

/// Whether `code` names the crate: `name::`, not `our::name::`.
fn names(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::")).any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

#[test]
fn the_core_has_no_hands() {
    let mut wrong = Vec::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| !SHELLS.contains(&module(path))) {
        for hand in HANDS.iter().filter(|hand| code(&text).contains(**hand)) {
            wrong.push(format!("{path} names {hand}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let networked: Vec<_> = sources().into_iter().filter(|(_, text)| code(text).contains("std::net")).map(|(path, _)| path).collect();
    assert!(networked.is_empty(), "no network code anywhere: {networked:?}");
}

#[test]
fn every_module_says_what_it_is_for_and_is_read_at_one_sitting() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if !text.starts_with("//! ") {
            wrong.push(format!("{path} has no module documentation"));
        }
        let lines = text.lines().take_while(|line| *line != "#[cfg(test)]").count();
        if lines > LONGEST {
            wrong.push(format!("{path} has {lines} lines, at most {LONGEST}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_path_that_our_documents_name_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for document in ["README.md", "CONTRIBUTING.md", "knowledge/README.md"] {
        let text = fs::read_to_string(root.join(document)).unwrap();
        for word in text.split(['`', '(', ')', ' ', '\n']) {
            let is_path = ["src/", "tests/", "knowledge/", "benches/", "docs/", ".ci/"].iter().any(|front| word.starts_with(front));
            let is_template = word.contains(['<', '*', '…']) || word.contains("DIR");
            if is_path && !is_template && !root.join(word.trim_end_matches(['.', ',', ':'])).exists() {
                wrong.push(format!("{document} names {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
