//! The command line: one file a subcommand. Here are the arguments, the way in, and the exit status.
//!
//! 0: found; 1: nothing found; 2: failure, with a sentence and a hint on standard error. A closed pipe is success.

mod book;
mod config;
mod export;
mod format;
mod forum;
mod input;
mod inspect;
mod kb;
mod large;
mod linear;
mod mcp;
mod measure;
mod out;
mod pages;
mod redact;
mod screen;
mod triage;

use crate::engine::Engine;
use clap::{Parser, Subcommand};
use format::{Format, Written};
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
    common: Common,
}

/// What every command takes.
#[derive(Debug, Clone, clap::Args)]
struct Common {
    /// Lay this folder of pages over the embedded knowledge; may be given more than once.
    #[arg(long, global = true, value_name = "DIR")]
    knowledge: Vec<PathBuf>,
    /// How the answer is written.
    #[arg(long = "format", global = true, value_enum, default_value_t = Written::Text)]
    written: Written,
    /// The form of the answer that every command knows.
    #[arg(skip)]
    format: Format,
    /// No colours, no columns: for screen readers and pipes.
    #[arg(long, global = true)]
    plain: bool,
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
    /// Check and extend the knowledge.
    #[command(subcommand)]
    Kb(kb::Kb),
    /// Write findings, and the forum's queue, for bulk loading: one JSON object a line.
    #[command(after_help = "Example: pitfall export --format ndjson *.log > findings.ndjson")]
    Export(export::Args),
    /// Serve coding assistants: a Model Context Protocol server on standard input and output.
    #[command(after_help = "Example: claude mcp add pitfall -- pitfall mcp")]
    Mcp(mcp::Args),
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
    let of_command: &[Written] = match &cli.command {
        None | Some(Command::Triage(_)) => &[Written::Sarif, Written::Github],
        Some(Command::Export(_)) => &[Written::Ndjson],
        Some(Command::Kb(kb::Kb::Export(_))) => &[Written::Sigma],
        Some(_) => &[],
    };
    let common = cli.common.settle(of_command)?;
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
        Some(Command::Kb(kb)) => kb::run(kb, &common),
        Some(Command::Export(args)) => export::run(&args, &common),
        Some(Command::Mcp(args)) => mcp::run(&args, &common),
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
