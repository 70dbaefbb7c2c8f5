//! `pitfall kb`: checking and extending the knowledge.

use super::book::{self, BookArgs};
use super::measure::{MeasureArgs, measure};
use super::packs::{self, DiffArgs};
use super::{Common, Format, Outcome, Written, engine, out};
use crate::knowledge::{PROBLEMS, ProblemKind, nearest, skeleton};
use crate::report::{coverage_json, coverage_text, problems_json, sigma, sigma_json, sigma_text};
use anyhow::{Context as _, bail};
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Kb {
    /// List everything that is wrong with the knowledge, as <file:line:column>.
    #[command(after_help = "Example: pitfall kb check --knowledge ./our-pages")]
    Check(CheckArgs),
    /// Say how often each level of confidence is right, on a folder of labelled inputs.
    #[command(after_help = "Example: pitfall kb measure ./cases --misses")]
    Measure(MeasureArgs),
    /// Write the skeleton of a new page.
    #[command(after_help = "Example: pitfall kb new keychain/my-page --knowledge ./our-pages")]
    New(NewArgs),
    /// Compile the patterns to Sigma rules, for engines that hold the logs of many machines.
    #[command(after_help = "Example: pitfall kb export --format sigma ./rules")]
    Export(ExportArgs),
    /// Write the knowledge as a folder of web pages with a search, for people without a terminal.
    #[command(after_help = "Example: pitfall kb book ./book --knowledge ./our-pages")]
    Book(BookArgs),
    /// List the knowledge packs in their order: whose they are, what they add, replace, disable and tune.
    #[command(after_help = "Example: pitfall kb packs --knowledge ./our-pages")]
    Packs,
    /// Say what differs between two folders of knowledge, or between a folder and what is built in. Exit status: 0 where they differ, 1 where they do not.
    #[command(after_help = "Example: pitfall kb diff ./our-pages-1.0 ./our-pages")]
    Diff(DiffArgs),
    /// Say where your own pages are read from.
    #[command(after_help = "Example: pitfall kb path")]
    Path,
}

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// Explain a code of a problem instead.
    #[arg(long, value_name = "CODE")]
    explain: Option<String>,
    /// Say how much of the field is covered: pages by topic, codes without a page, dead links, the oldest reviews.
    #[arg(long)]
    coverage: bool,
    /// Compare the coverage with the ids of this table (columns `topic` and `id`, divided by tabs).
    #[arg(long, value_name = "FILE", requires = "coverage")]
    taxonomy: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct NewArgs {
    /// TOPIC/ID.
    page: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// The folder to write into; files of the same names are replaced.
    dir: PathBuf,
}

pub(super) fn run(kb: Kb, common: &Common) -> anyhow::Result<Outcome> {
    match kb {
        Kb::Check(CheckArgs { explain: Some(code), .. }) => explain(&code),
        Kb::Check(CheckArgs { coverage: true, taxonomy, .. }) => coverage(taxonomy.as_deref(), common),
        Kb::Check(_) => check(common),
        Kb::Measure(args) => measure(&args, common),
        Kb::New(args) => new(&args, common),
        Kb::Export(args) => export(&args.dir, common),
        Kb::Book(args) => book::run(&args, common),
        Kb::Packs => packs::packs(common),
        Kb::Diff(args) => packs::differ(&args, common),
        Kb::Path => path(common),
    }
}

fn check(common: &Common) -> anyhow::Result<Outcome> {
    let overlays = common.knowledge.iter().map(|folder| super::input::overlay(folder)).collect::<anyhow::Result<Vec<_>>>()?;
    let engine = crate::engine::Engine::new(overlays);
    let problems = engine.check();
    match common.format {
        Format::Json => out::say_json(&problems_json(&problems))?,
        Format::Text | Format::Markdown => {
            let knowledge = engine.knowledge();
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            out::say(&lines.join("\n"))?;
            let warnings = problems.iter().filter(|problem| problem.kind.is_warning()).count();
            let warned = if warnings == 0 { String::new() } else { format!("{warnings} warnings, ") };
            out::say(&format!(
                "{warned}{} problems in {} pages, {} guides and {} codes\n",
                problems.len() - warnings,
                knowledge.pages().len(),
                knowledge.guides().len(),
                knowledge.catalogue().entries().len()
            ))?;
        }
    }
    Ok(if problems.iter().all(|problem| problem.kind.is_warning()) { Outcome::Found } else { Outcome::Nothing })
}

fn coverage(taxonomy: Option<&Path>, common: &Common) -> anyhow::Result<Outcome> {
    let wanted = taxonomy.map(taxonomy_ids).transpose()?;
    let coverage = engine(common)?.coverage(wanted.as_deref());
    match common.format {
        Format::Json => out::say_json(&coverage_json(&coverage))?,
        Format::Text | Format::Markdown => out::say(&coverage_text(&coverage))?,
    }
    Ok(if coverage.missing.is_empty() && coverage.dead_links.is_empty() { Outcome::Found } else { Outcome::Nothing })
}

/// The ids of a table whose first line names its columns.
fn taxonomy_ids(path: &Path) -> anyhow::Result<Vec<String>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut lines = text.lines();
    let head = lines.next().unwrap_or("");
    let Some(column) = head.split('\t').position(|name| name == "id") else {
        bail!("{}:1:1: no column `id`; the first line names the columns, divided by tabs", path.display());
    };
    Ok(lines.filter_map(|line| line.split('\t').nth(column)).filter(|id| !id.is_empty()).map(str::to_owned).collect())
}

fn explain(code: &str) -> anyhow::Result<Outcome> {
    let Some(kind) = PROBLEMS.iter().find(|kind: &&ProblemKind| kind.code().eq_ignore_ascii_case(code)) else {
        let near = nearest(code, PROBLEMS.iter().map(|kind| kind.code())).unwrap_or("K01");
        bail!("no problem has the code `{code}`; did you mean `{near}`?");
    };
    out::say(&format!("{} {}\n\n{}\n", kind.code(), kind.title(), kind.explanation()))?;
    Ok(Outcome::Found)
}

fn new(args: &NewArgs, common: &Common) -> anyhow::Result<Outcome> {
    let today = jiff::Zoned::now().date().to_string();
    let (path, text) = skeleton(&args.page, &today).map_err(|message| anyhow::anyhow!("{message}"))?;
    let folder = common.knowledge.last().cloned().unwrap_or_else(|| PathBuf::from("knowledge"));
    if common.knowledge.is_empty() && !folder.is_dir() {
        bail!("no folder `knowledge` here; name one with --knowledge DIR");
    }
    let file = folder.join(&path);
    if file.exists() {
        bail!("{} is there already; nothing was written", file.display());
    }
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    out::say(&format!("{}\n", file.display()))?;
    Ok(Outcome::Found)
}

/// Writes the rules, and beside them the table of what has none.
fn export(folder: &Path, common: &Common) -> anyhow::Result<Outcome> {
    let sigma = sigma(&engine(common)?);
    for rule in &sigma.rules {
        let file = folder.join(&rule.path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        fs::write(&file, &rule.text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let table = folder.join("not-exported.tsv");
    fs::write(&table, sigma.table()).with_context(|| format!("cannot write {}", table.display()))?;
    match common.format {
        Format::Json if common.written == Written::Json => out::say_json(&sigma_json(&sigma))?,
        _ => out::say(&sigma_text(&sigma, &folder.display().to_string()))?,
    }
    Ok(if sigma.rules.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

fn path(common: &Common) -> anyhow::Result<Outcome> {
    if common.knowledge.is_empty() {
        out::say("No overlay is in use; give one with --knowledge DIR, or name it in the configuration (`pitfall config --default`).\n")?;
        return Ok(Outcome::Nothing);
    }
    let _ = engine(common)?;
    for folder in &common.knowledge {
        out::say(&format!("{}\n", folder.display()))?;
    }
    Ok(Outcome::Found)
}
