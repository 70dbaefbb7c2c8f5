//! The papers that are made from the command line itself: `docs/commands.md`, the man pages in `docs/man/`, the examples in every `--help`; and
//! `NOTICE`, which names what we are made of. `UPDATE=1 cargo test --test papers` writes the first two anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test ends where it cannot go on.

use clap::{Arg, Command};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The command line, ready to be asked; always as wide as the papers are.
fn built() -> Command {
    let mut command = pitfall::cli::command().term_width(100).disable_help_subcommand(true);
    command.build();
    command
}

/// Every command with the words that lead to it, in order.
fn commands(command: &Command, path: &str, found: &mut Vec<(String, Command)>) {
    found.push((path.to_owned(), command.clone()));
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        commands(sub, &format!("{path} {}", sub.get_name()), found);
    }
}

fn all() -> Vec<(String, Command)> {
    let mut found = Vec::new();
    commands(&built(), "pitfall", &mut found);
    found
}

/// Holds a paper against what it should be; writes it where that is asked for.
fn hold(path: &Path, wanted: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, wanted).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == wanted, "{} is out of date; `UPDATE=1 cargo test --test papers` writes it anew", path.display());
}

fn spelled(arg: &Arg) -> String {
    let value = arg.get_value_names().and_then(|names| names.first()).map_or("VALUE", |name| name.as_str());
    let takes = arg.get_action().takes_values();
    match (arg.get_short(), arg.get_long()) {
        (None, None) => format!("`{value}`{}", if arg.get_num_args().is_some_and(|count| count.max_values() > 1) { "…" } else { "" }),
        (short, long) => {
            let names: Vec<String> =
                short.map(|short| format!("-{short}")).into_iter().chain(long.map(|long| format!("--{long}"))).collect();
            format!("`{}{}`", names.join("`, `"), if takes { format!(" {value}") } else { String::new() })
        }
    }
}

fn told(out: &mut String, arg: &Arg) {
    let mut text = arg.get_help().map(ToString::to_string).unwrap_or_default();
    if !text.ends_with(['.', '?']) {
        text.push('.');
    }
    let values: Vec<String> = arg.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
    if !values.is_empty() && arg.get_action().takes_values() {
        let _ = write!(text, " One of {}.", values.join(", "));
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if !defaults.is_empty() && arg.get_action().takes_values() {
        let _ = write!(text, " Without it `{}`.", defaults.join(", "));
    }
    if let Some(variable) = arg.get_env() {
        let _ = write!(text, " Variable `{}`.", variable.to_string_lossy());
    }
    let _ = writeln!(out, "- {}: {}", spelled(arg), text.replace('<', "\\<"));
}

fn shown(arg: &Arg) -> bool {
    !arg.is_hide_set() && !matches!(arg.get_id().as_str(), "help" | "version")
}

#[test]
fn the_reference_of_the_command_line_is_what_the_program_takes() {
    let mut out = String::from(
        "# The command line\n\nMade by `UPDATE=1 cargo test --test papers` from what the program takes; `pitfall COMMAND --help` says the same.\n\
         Exit status: 0 found, 1 nothing found, 2 failure; `pitfall run` ends as the command it ran.\n\n## Every command takes\n",
    );
    for arg in built().get_arguments().filter(|arg| arg.is_global_set() && shown(arg)) {
        told(&mut out, arg);
    }
    for (path, mut command) in all() {
        let _ = writeln!(out, "\n## {path}\n\n{}.\n", command.get_about().unwrap_or_default());
        let usage = command.render_usage().to_string().replace("Usage: ", "");
        let lines: Vec<&str> = usage.lines().map(str::trim).collect();
        let _ = writeln!(out, "```text\n{}\n```", lines.join("\n"));
        let own: Vec<&Arg> = command.get_arguments().filter(|arg| !arg.is_global_set() && shown(arg)).collect();
        if !own.is_empty() {
            out.push('\n');
        }
        for arg in own {
            told(&mut out, arg);
        }
        if let Some(example) = command.get_after_help().map(ToString::to_string) {
            let _ = writeln!(out, "\n```console\n{}\n```", example.trim_start_matches("Example: "));
        }
    }
    hold(&root().join("docs/commands.md"), &out);
}

#[test]
fn every_command_has_a_man_page() {
    let mut pages = BTreeMap::new();
    for (path, command) in all() {
        let name: &'static str = path.replace(' ', "-").leak();
        let mut text = Vec::new();
        let mut command = command.name(name);
        if path != "pitfall" {
            command = command.version(None);
        }
        clap_mangen::Man::new(command.display_name(path.clone())).title(name.to_uppercase()).render(&mut text).unwrap();
        pages.insert(format!("{name}.1"), String::from_utf8(text).unwrap());
    }
    assert!(pages.len() > 15 && pages.contains_key("pitfall-kb-check.1"), "{:?}", pages.keys());
    for (name, text) in &pages {
        hold(&root().join("docs/man").join(name), text);
    }
    let there = fs::read_dir(root().join("docs/man")).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap());
    let stale: Vec<String> = there.filter(|name| !pages.contains_key(name)).collect();
    assert!(stale.is_empty(), "of no command: {stale:?}");
}

/// Every example is a command line that is understood, as far as it is ours.
#[test]
fn every_help_has_an_example_that_is_understood() {
    for (path, command) in all() {
        let example = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let example = example.strip_prefix("Example: ").unwrap_or_else(|| panic!("`{path} --help` has no example"));
        let at = example.find(&path).unwrap_or_else(|| panic!("`{path}`: {example}"));
        let ours = [" | ", " > ", " >> "].iter().fold(example.get(at..).unwrap(), |ours, end| ours.split(end).next().unwrap());
        let words: Vec<String> = ours.split_whitespace().map(|word| word.replace('"', "")).collect();
        let outcome = pitfall::cli::command().try_get_matches_from(&words);
        // A quoted sentence falls apart here; what follows it is not looked at.
        assert!(outcome.is_ok() || ours.contains('"'), "`{path}`: {example}: {:?}", outcome.err().map(|error| error.to_string()));
    }
}

/// Each package that any build of ours may hold, with its version, has its licence told.
#[test]
fn the_notice_names_every_dependency() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let notice = fs::read_to_string(root().join("NOTICE")).unwrap();
    let field = |package: &str, name: &str| {
        package.lines().find_map(|line| line.strip_prefix(&format!("{name} = \""))).map(|rest| rest.trim_end_matches('"').to_owned())
    };
    let mut missing = Vec::new();
    let mut count = 0;
    for package in lock.split("[[package]]").skip(1) {
        let (name, version) = (field(package, "name").unwrap(), field(package, "version").unwrap());
        if name == "pitfall" {
            continue;
        }
        count += 1;
        if !notice.lines().any(|line| line.starts_with(&format!("{name} {version}: "))) {
            missing.push(format!("{name} {version}"));
        }
    }
    assert!(count > 100);
    assert!(missing.is_empty(), "`cargo run --example notice > NOTICE` names them: {missing:?}");
    assert!(!notice.contains(": no licence told"), "a dependency without a licence");
}

/// What we say of our direct dependencies is said of each, and of no other.
#[test]
fn every_direct_dependency_has_its_reason() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let document = fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let section = manifest.split("\n[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let named: Vec<&str> = section.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.trim()).collect();
    assert!(named.len() > 20);
    for name in &named {
        assert!(document.contains(&format!("| {name} |")), "docs/dependencies.md says nothing of {name}");
    }
    let shipped = document.split("## Shipped").nth(1).unwrap().split("\n## ").next().unwrap();
    let told = shipped.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| crate") && !line.starts_with("| ---"));
    for line in told {
        let name = line.trim_start_matches("| ").split(' ').next().unwrap();
        assert!(named.contains(&name), "docs/dependencies.md tells of {name}, which is no dependency");
    }
}
