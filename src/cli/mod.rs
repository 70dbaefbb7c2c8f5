//! The command line: one file a subcommand. Here are the arguments, the way in, and the exit status.
//!
//! 0: found; 1: nothing found; 2: failure, with a sentence and a hint on standard error. A closed pipe is success.

mod book;
mod case;
mod complete;
mod config;
mod doctor;
mod export;
mod follow;
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
mod packs;
mod pages;
mod pass;
mod redact;
mod run;
mod screen;
mod settings;
mod triage;
mod watch;

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
#[derive(Debug, Clone, Default, clap::Args)]
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
    #[arg(skip)]
    config: config::Config,
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
    /// Watch a log that grows, and say what is wrong when it shows.
    #[command(after_help = "Example: log stream --level debug | pitfall watch - --process Notes")]
    Watch(watch::Args),
    /// Run a command and pass on what it prints and how it ends; say what went wrong.
    #[command(after_help = "Example: pitfall run -- xcodebuild -scheme Notes archive")]
    Run(run::Args),
    /// Decode and check a token, key, profile, property list, certificate, association file, attestation or crash report.
    #[command(after_help = "Example: pitfall inspect token.jwt App.entitlements embedded.mobileprovision")]
    Inspect(inspect::Args),
    /// Take secrets and identities out of a log, so that it can be shown to others.
    #[command(after_help = "Example: pitfall redact --map case.map device.log > to-send.log")]
    Redact(redact::Args),
    /// Sort, answer and keep questions of a forum, from saved pages.
    #[command(subcommand, after_help = "Example: pitfall forum triage page.txt")]
    Forum(forum::Forum),
    /// Keep, reopen, compare, export and remove cases.
    #[command(subcommand, after_help = "Example: pitfall case add device.log")]
    Case(case::Case),
    /// Check and extend the knowledge.
    #[command(subcommand, after_help = "Example: pitfall kb check")]
    Kb(kb::Kb),
    /// Write findings, and the forum's queue, for bulk loading: one JSON object a line.
    #[command(after_help = "Example: pitfall export --format ndjson *.log > findings.ndjson")]
    Export(export::Args),
    /// Serve coding assistants: a Model Context Protocol server on standard input and output.
    #[command(after_help = "Example: claude mcp add pitfall -- pitfall mcp")]
    Mcp(mcp::Args),
    /// Say what is configured, and where each value comes from.
    #[command(after_help = "Example: pitfall config --init")]
    Config(settings::Args),
    /// Print what a shell needs to complete commands, ids, codes and topics.
    #[command(after_help = "Example: pitfall completions bash >> ~/.bashrc")]
    Completions(complete::Args),
    /// Look over the terminal, the clipboard, the files and the knowledge, and say what is missing.
    #[command(after_help = "Example: pitfall doctor --format json")]
    Doctor,
}

/// How a command ended, when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Found,
    Nothing,
    /// Another exit status: that of a command that was run.
    Status(u8),
}

/// The command line, for manuals and completions.
#[must_use]
pub fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

/// Runs the command line; the caller returns what this returns.
#[must_use]
pub fn main() -> ExitCode {
    match complete::answer() {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(_) => return ExitCode::from(2),
    }
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
        Ok(Outcome::Status(status)) => ExitCode::from(status),
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
        Some(Command::Case(case::Case::Export(_))) => &[Written::Html, Written::Bundle],
        Some(_) => &[],
    };
    let mut common = cli.common.settle(of_command)?;
    // These work where the configuration does not.
    match &cli.command {
        Some(Command::Config(args)) => return settings::run(args, &mut common),
        Some(Command::Completions(args)) => return complete::run(args),
        Some(Command::Doctor) => return doctor::run(&mut common),
        _ => config::apply(&mut common)?,
    }
    match cli.command {
        None => screen::run(cli.file.as_deref(), &cli.screen, &common),
        Some(Command::Triage(args)) => triage::run(&args, &common),
        Some(Command::Explain(args)) => pages::explain(&args, &common),
        Some(Command::Search(args)) => pages::search(&args, &common),
        Some(Command::Show(args)) => pages::show(&args, &common),
        Some(Command::List(args)) => pages::list(&args, &common),
        Some(Command::Watch(args)) => watch::run(&args, &common),
        Some(Command::Run(args)) => run::run(&args, &common),
        Some(Command::Inspect(args)) => inspect::run(&args, &common),
        Some(Command::Redact(args)) => redact::run(&args, &common),
        Some(Command::Forum(command)) => forum::run(&command, &common),
        Some(Command::Case(command)) => case::run(&command, &common),
        Some(Command::Kb(kb)) => kb::run(kb, &common),
        Some(Command::Export(args)) => export::run(&args, &common),
        Some(Command::Mcp(args)) => mcp::run(&args, &common),
        // Done above.
        Some(Command::Config(_) | Command::Completions(_) | Command::Doctor) => Ok(Outcome::Nothing),
    }
}

/// The engine with the overlays that were asked for; what is wrong with them goes to standard error and stops nothing.
fn engine(common: &Common) -> anyhow::Result<Engine> {
    let overlays = common.knowledge.iter().map(|folder| input::overlay(folder)).collect::<anyhow::Result<Vec<_>>>()?;
    let names: Vec<String> = overlays.iter().map(|overlay| format!("{}/", overlay.name)).collect();
    let engine = Engine::new(overlays);
    for problem in engine
        .knowledge()
        .problems()
        .iter()
        .filter(|problem| !problem.kind.is_warning() && names.iter().any(|name| problem.path.starts_with(name.as_str())))
    {
        out::warn(&problem.to_string());
    }
    Ok(engine)
}
