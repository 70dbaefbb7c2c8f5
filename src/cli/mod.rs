//! The command line: one file a subcommand. Here are the arguments, the way in, and the exit status.
//!
//! 0: found; 1: nothing found; 2: failure, with a sentence and a hint on standard error. A closed pipe is success.

mod case;
mod config;
mod forum;
mod input;
mod inspect;
mod kb;
mod large;
mod linear;
mod measure;
mod out;
mod pages;
mod redact;
mod screen;
mod triage;

use crate::engine::Engine;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// Offline diagnosis of errors on Apple's platforms: paste a log, get what is wrong and what to do.
#[derive(Debug, Parser)]
#[command(name = "pitfall", version, about, args_conflicts_with_subcommands = true, after_help = "Example: pitfall triage build.log")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// A log to open on the screen; without one, paste.
    file: Option<PathBuf>,
    #[command(flatten)]
    screen: screen::Args,
    #[command(flatten)]
    common: Given,
}

/// What every command takes.
#[derive(Debug, Clone, clap::Args)]
struct Given {
    /// Lay this folder of pages over the embedded knowledge; may be given more than once.
    #[arg(long, global = true, value_name = "DIR")]
    knowledge: Vec<PathBuf>,
    /// How the answer is written.
    #[arg(long, global = true, value_enum, default_value_t = Document::Text)]
    format: Document,
    /// No colours, no columns: for screen readers and pipes.
    #[arg(long, global = true)]
    plain: bool,
}

/// What every command is told.
#[derive(Debug, Clone)]
struct Common {
    knowledge: Vec<PathBuf>,
    format: Format,
    plain: bool,
    /// As it was asked for; what only one command writes too.
    document: Document,
}

/// Every way in which some command writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Document {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For an issue or a reply.
    Markdown,
    /// One page that needs nothing else; of `case export`.
    Html,
    /// One file that `case import` takes; of `case export`.
    Bundle,
}

impl Given {
    /// What `command` is told; a document that it does not write is refused.
    fn settle(self, command: Option<&Command>) -> anyhow::Result<Common> {
        let format = match self.format {
            Document::Text => Format::Text,
            Document::Json => Format::Json,
            Document::Markdown => Format::Markdown,
            Document::Html | Document::Bundle if matches!(command, Some(Command::Case(case::Case::Export(_)))) => Format::Text,
            Document::Html | Document::Bundle => {
                anyhow::bail!("html and bundle are formats of `pitfall case export`; this writes text, json or markdown")
            }
        };
        Ok(Common { knowledge: self.knowledge, format, plain: self.plain, document: self.format })
    }
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For an issue or a reply.
    Markdown,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what is wrong in a log, an error or a question.
    #[command(after_help = "Example: log show --last 5m | pitfall triage -")]
    Triage(triage::Args),
    /// Say what a code, symbol, entitlement or sandbox operation means.
    #[command(after_help = "Example: pitfall explain -34018 errSecItemNotFound", allow_negative_numbers = true)]
    Explain(pages::ExplainArgs),
    /// Search pages, guides and codes.
    #[command(after_help = "Example: pitfall search keychain background")]
    Search(pages::SearchArgs),
    /// Show a page or guide.
    #[command(after_help = "Example: pitfall show keychain-entitlement-missing")]
    Show(pages::ShowArgs),
    /// List the pages.
    #[command(after_help = "Example: pitfall list --topic keychain --severity high")]
    List(pages::ListArgs),
    /// Decode and check a token, key, profile, property list, certificate, association file, attestation or crash report.
    #[command(after_help = "Example: pitfall inspect token.jwt App.entitlements embedded.mobileprovision")]
    Inspect(inspect::Args),
    /// Take secrets and identities out of a log, so that it can be shown to others.
    #[command(after_help = "Example: pitfall redact --map case.map device.log > to-send.log")]
    Redact(redact::Args),
    /// Sort, answer and keep questions of a forum, from saved pages.
    #[command(subcommand)]
    Forum(forum::Forum),
    /// Keep, reopen, compare, export and remove cases.
    #[command(subcommand)]
    Case(case::Case),
    /// Check and extend the knowledge.
    #[command(subcommand)]
    Kb(kb::Kb),
}

/// How a command ended, when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Found,
    Nothing,
}

/// Runs the command line; the caller returns what this returns.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let failed = error.use_stderr();
            out::usage(&error);
            return if failed { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match run(cli) {
        Ok(Outcome::Found) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Err(error) if out::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            out::complain(&error);
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let common = cli.common.settle(cli.command.as_ref())?;
    match cli.command {
        None => screen::run(cli.file.as_deref(), &cli.screen, &common),
        Some(Command::Triage(args)) => triage::run(&args, &common),
        Some(Command::Explain(args)) => pages::explain(&args, &common),
        Some(Command::Search(args)) => pages::search(&args, &common),
        Some(Command::Show(args)) => pages::show(&args, &common),
        Some(Command::List(args)) => pages::list(&args, &common),
        Some(Command::Inspect(args)) => inspect::run(&args, &common),
        Some(Command::Redact(args)) => redact::run(&args, &common),
        Some(Command::Forum(command)) => forum::run(&command, &common),
        Some(Command::Case(command)) => case::run(&command, &common),
        Some(Command::Kb(kb)) => kb::run(kb, &common),
    }
}

/// The engine with the overlays that were asked for; what is wrong with them goes to standard error and stops nothing.
fn engine(common: &Common) -> anyhow::Result<Engine> {
    let overlays = common.knowledge.iter().map(|folder| input::overlay(folder)).collect::<anyhow::Result<Vec<_>>>()?;
    let names: Vec<String> = overlays.iter().map(|overlay| format!("{}/", overlay.name)).collect();
    let engine = Engine::new(overlays);
    for problem in engine.knowledge().problems().iter().filter(|problem| names.iter().any(|name| problem.path.starts_with(name.as_str()))) {
        out::warn(&problem.to_string());
    }
    Ok(engine)
}
