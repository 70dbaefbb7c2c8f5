//! Completion in the shell: `pitfall completions SHELL` prints what a shell's start file needs; it asks the program itself at every Tab, so
//! that ids, codes and topics complete too, those of overlays included.

use super::{Cli, Outcome, out};
use crate::engine::Form;
use crate::knowledge::{Confidence, PROBLEMS, Severity, TOPICS};
use anyhow::Context as _;
use clap::{Command, CommandFactory as _, ValueEnum};
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{Bash, EnvCompleter, Fish, Powershell, Zsh};
use std::ffi::OsStr;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell.
    shell: Shell,
}

/// A shell that we can complete in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Nushell,
}

/// By this variable a shell asks the program, and says which shell it is.
const VARIABLE: &str = "PITFALL_COMPLETE";
/// The name of the program.
const NAME: &str = "pitfall";

/// Nushell has no adapter of its own; it reads what fish is told: a value, a tab, what it is.
const NUSHELL: &str = r#"# pitfall: put this into a file and `source` it in config.nu.
let pitfall_before = $env.config.completions?.external?.completer?
$env.config.completions.external = {
    enable: true
    max_results: 100
    completer: {|spans|
        if $spans.0 == "pitfall" {
            with-env {PITFALL_COMPLETE: fish} { ^pitfall -- ...$spans }
                | lines
                | split column --number 2 "\t" value description
        } else if $pitfall_before != null {
            do $pitfall_before $spans
        }
    }
}
"#;

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let shell: &dyn EnvCompleter = match args.shell {
        Shell::Bash => &Bash,
        Shell::Zsh => &Zsh,
        Shell::Fish => &Fish,
        Shell::Powershell => &Powershell,
        Shell::Nushell => {
            out::say(NUSHELL)?;
            return Ok(Outcome::Found);
        }
    };
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, NAME, NAME, NAME, &mut script).context("the script could not be written")?;
    out::say(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Found)
}

/// Answers a shell that asks what could stand here; says whether one asked.
pub(super) fn answer() -> Result<bool, clap::Error> {
    // Without the variable nothing is built.
    if std::env::var_os(VARIABLE).is_none() {
        return Ok(false);
    }
    let here = std::env::current_dir().ok();
    let env = CompleteEnv::with_factory(|| with_values(Cli::command())).var(VARIABLE).bin(NAME);
    env.try_complete(std::env::args_os(), here.as_deref())
}

type Candidates = fn(&str) -> Vec<CompletionCandidate>;

/// Values by the name of the argument that takes them; with a command only there.
const VALUES: &[(Option<&str>, &str, Candidates)] = &[
    (Some("show"), "id", ids),
    (Some("explain"), "terms", codes),
    (Some("check"), "explain", problems),
    (None, "topic", topics),
    (None, "severity", severities),
    (None, "least", confidences),
    (None, "form", forms),
];

/// The command line, with what its values can be.
fn with_values(command: Command) -> Command {
    let name = command.get_name().to_owned();
    command
        .mut_args(|arg| {
            let values = VALUES.iter().find(|(only, id, _)| arg.get_id() == *id && only.is_none_or(|only| only == name));
            match values {
                Some((_, _, candidates)) => {
                    let candidates = *candidates;
                    arg.add(ArgValueCompleter::new(move |current: &OsStr| current.to_str().map(candidates).unwrap_or_default()))
                }
                None => arg,
            }
        })
        .mut_subcommands(with_values)
}

/// Those of `values` (a word, and what it is) that begin with `current`.
fn beginning<'a>(current: &str, values: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<CompletionCandidate> {
    let candidate = |(word, help): (&str, &str)| CompletionCandidate::new(word).help((!help.is_empty()).then(|| help.to_owned().into()));
    values.filter(|(word, _)| word.starts_with(current)).map(candidate).collect()
}

fn ids(current: &str) -> Vec<CompletionCandidate> {
    let Some(engine) = quiet_engine() else { return Vec::new() };
    let knowledge = engine.knowledge();
    let pages = knowledge.pages().iter().map(|page| (page.id.as_str(), page.title.as_str()));
    beginning(current, pages.chain(knowledge.guides().iter().map(|guide| (guide.id.as_str(), guide.title.as_str()))))
}

/// Symbols and numbers; nothing of nothing, since there are thousands.
fn codes(current: &str) -> Vec<CompletionCandidate> {
    if current.is_empty() {
        return Vec::new();
    }
    let Some(engine) = quiet_engine() else { return Vec::new() };
    let entries = engine.knowledge().catalogue().entries();
    let numbers: Vec<(String, &str)> = entries
        .iter()
        .filter_map(|entry| Some((entry.code.as_ref()?.to_string(), entry.name.as_deref().unwrap_or(&entry.domain))))
        .collect();
    let names = entries.iter().filter_map(|entry| Some((entry.name.as_deref()?, entry.domain.as_str())));
    let mut found = beginning(current, names.chain(numbers.iter().map(|(code, name)| (code.as_str(), *name))));
    found.sort_by(|one, other| one.get_value().cmp(other.get_value()));
    found.dedup_by(|one, other| one.get_value() == other.get_value());
    found
}

/// Pages and codes, those of the configuration's overlays included. What is wrong with them is no matter here.
fn quiet_engine() -> Option<crate::engine::Engine> {
    let mut common = super::Common::default();
    super::config::apply(&mut common).ok()?;
    let overlays = common.knowledge.iter().filter_map(|folder| super::input::overlay(folder).ok());
    Some(crate::engine::Engine::new(overlays.collect()))
}

fn problems(current: &str) -> Vec<CompletionCandidate> {
    beginning(current, PROBLEMS.iter().map(|kind| (kind.code(), kind.title())))
}

fn topics(current: &str) -> Vec<CompletionCandidate> {
    beginning(current, TOPICS.iter().map(|topic| (topic.id, topic.title)))
}

fn severities(current: &str) -> Vec<CompletionCandidate> {
    beginning(current, Severity::ALL.iter().map(|severity| (severity.word(), "")))
}

fn confidences(current: &str) -> Vec<CompletionCandidate> {
    beginning(current, Confidence::ALL.iter().map(|confidence| (confidence.word(), "")))
}

fn forms(current: &str) -> Vec<CompletionCandidate> {
    beginning(current, Form::ALL.iter().map(|form| (form.word(), "")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap_complete::engine::complete;

    /// What may follow these words; the last one is begun.
    fn after(words: &[&str]) -> Vec<String> {
        let words: Vec<_> = words.iter().map(Into::into).collect();
        let last = words.len() - 1;
        let found = complete(&mut with_values(Cli::command()), words, last, None).unwrap();
        found.iter().map(|one| one.get_value().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn commands_ids_codes_and_words_complete() {
        for (words, wanted) in [
            (vec!["pitfall", "tri"], "triage"),
            (vec!["pitfall", "show", "keychain-ent"], "keychain-entitlement-missing"),
            (vec!["pitfall", "explain", "errSecItemN"], "errSecItemNotFound"),
            (vec!["pitfall", "explain", "-25308", "errSecDupl"], "errSecDuplicateItem"),
            (vec!["pitfall", "triage", "--topic", "key"], "keychain"),
            (vec!["pitfall", "list", "--severity", "cr"], "critical"),
            (vec!["pitfall", "watch", "--least", "c"], "certain"),
            (vec!["pitfall", "kb", "check", "--explain", "K1"], "K12"),
            (vec!["pitfall", "completions", "nu"], "nushell"),
            (vec!["pitfall", "search", "--fo"], "--format"),
        ] {
            let found = after(&words);
            assert!(found.iter().any(|one| one.contains(wanted)), "{words:?}: {found:?}");
            let begun = words.last().unwrap();
            assert!(found.iter().all(|one| one.starts_with(begun)), "{words:?}: {found:?}");
        }
        assert!(after(&["pitfall", "explain", ""]).iter().all(|one| one.starts_with('-')));
    }

    /// Every row is of use.
    #[test]
    fn every_value_belongs_to_an_argument() {
        fn count(command: &Command, only: Option<&str>, id: &str) -> usize {
            let here = only.is_none_or(|only| command.get_name() == only) && command.get_arguments().any(|arg| arg.get_id() == id);
            usize::from(here) + command.get_subcommands().map(|sub| count(sub, only, id)).sum::<usize>()
        }
        for (only, id, _) in VALUES {
            assert!(count(&Cli::command(), *only, id) > 0, "{id}");
        }
    }
}
