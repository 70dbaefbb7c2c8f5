//! `pitfall config`: what holds, and where it comes from.

use super::config::{self, Config, KEYS, Source};
use super::{Common, Format, Outcome, out};
use crate::report::SCHEMA;
use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print a file with all keys, their defaults and what they are for.
    #[arg(long, conflicts_with_all = ["path", "init"])]
    default: bool,
    /// Write that file to where it is read from, unless there is one.
    #[arg(long, conflicts_with = "path")]
    init: bool,
    /// Say where the file is read from.
    #[arg(long)]
    path: bool,
}

pub(super) fn run(args: &Args, common: &mut Common) -> anyhow::Result<Outcome> {
    if args.default {
        out::say(&config::document())?;
        return Ok(Outcome::Found);
    }
    let path = config::path();
    if args.path {
        out::say(&known(path)?.display().to_string())?;
        return Ok(Outcome::Found);
    }
    if args.init {
        return init(&known(path)?);
    }
    config::apply(common)?;
    let there = path.as_ref().is_some_and(|path| path.exists());
    let path = path.map(|path| path.display().to_string()).unwrap_or_default();
    let rows = rows(&common.config);
    match common.format {
        Format::Json => {
            let row = |row: &Row| json!({"name": row.name, "value": row.value, "from": row.from.word(), "where": row.place(&path)});
            out::say_json(&json!({"schema": SCHEMA, "path": path, "exists": there, "keys": rows.iter().map(row).collect::<Vec<_>>()}))?;
        }
        Format::Text | Format::Markdown => {
            let mut text = format!("# {path}{}\n", if there { "" } else { " (not there; `pitfall config --init` writes one)" });
            for row in &rows {
                let _ = writeln!(text, "{} = {}  # {}: {}", row.name, row.value, row.from.word(), row.place(&path));
            }
            out::say(&text)?;
        }
    }
    Ok(Outcome::Found)
}

fn known(path: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    path.context("there is no home folder for a configuration; set PITFALL_CONFIG to a folder")
}

fn init(path: &Path) -> anyhow::Result<Outcome> {
    let shown = path.display();
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    match fs::File::create_new(path) {
        Ok(mut file) => file.write_all(config::document().as_bytes()).with_context(|| format!("cannot write {shown}"))?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!("{shown} is there already; nothing was written"),
        Err(error) => return Err(error).with_context(|| format!("cannot write {shown}")),
    }
    out::say(&shown.to_string())?;
    Ok(Outcome::Found)
}

/// A value that holds.
struct Row {
    name: String,
    value: Value,
    from: Source,
    variable: &'static str,
}

impl Row {
    fn place<'a>(&self, path: &'a str) -> &'a str {
        match self.from {
            Source::Default => "nothing was said",
            Source::File => path,
            Source::Environment => self.variable,
            Source::Flag => "the command line",
        }
    }
}

fn rows(config: &Config) -> Vec<Row> {
    let row = |name: &str, value: Value, from: Source| {
        let variable = KEYS.iter().find(|key| key.name == name).map_or("", |key| key.variable);
        Row { name: name.to_owned(), value, from, variable }
    };
    let mut rows = Vec::new();
    // Folders of several sources may lie over each other: a row for each.
    for source in [Source::File, Source::Environment, Source::Flag] {
        let folders: Vec<_> =
            config.knowledge.iter().filter(|(_, from)| *from == source).map(|(folder, _)| folder.display().to_string()).collect();
        if !folders.is_empty() {
            rows.push(row("knowledge", json!(folders), source));
        }
    }
    if rows.is_empty() {
        rows.push(row("knowledge", json!([]), Source::Default));
    }
    rows.push(row("process", json!(config.process.0.as_deref().unwrap_or("")), config.process.1));
    rows.push(row("theme", json!(config.theme.0.map_or("auto", |theme| theme.word())), config.theme.1));
    rows.push(row("ascii", json!(config.ascii.0), config.ascii.1));
    for (action, keys) in &config.keys.0 {
        rows.push(row(&format!("keys.{action}"), json!(keys), config.keys.1));
    }
    rows
}
