//! `--format`: the forms that every command knows, and those of one command only.

use super::Common;
use anyhow::bail;
use clap::ValueEnum;

/// What `--format` takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Written {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For an issue or a reply.
    Markdown,
    /// For code scanning and editors, SARIF 2.1.0: `triage` only.
    Sarif,
    /// For a step of a GitHub workflow, annotations: `triage` only.
    Github,
    /// One JSON object a line: `export` only.
    Ndjson,
    /// Rules for engines that hold many logs: `kb export` only.
    Sigma,
    /// One page that needs nothing else: `case export` only.
    Html,
    /// One file that `case import` takes: `case export` only.
    Bundle,
}

/// How an answer of any command is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For an issue or a reply.
    Markdown,
}

impl Written {
    /// Where the form belongs, if not to every command.
    fn home(self) -> Option<&'static str> {
        match self {
            Self::Text | Self::Json | Self::Markdown => None,
            Self::Sarif | Self::Github => Some("pitfall triage"),
            Self::Ndjson => Some("pitfall export"),
            Self::Sigma => Some("pitfall kb export"),
            Self::Html | Self::Bundle => Some("pitfall case export"),
        }
    }
}

impl Common {
    /// Settles the form of the answer; `known` are the forms that the command has of its own.
    pub(super) fn settle(mut self, known: &[Written]) -> anyhow::Result<Self> {
        if let Some(home) = self.written.home()
            && !known.contains(&self.written)
        {
            let word = self.written.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
            bail!("--format {word} is of `{home}` only; take --format json here");
        }
        self.format = match self.written {
            Written::Text => Format::Text,
            Written::Markdown => Format::Markdown,
            _ => Format::Json,
        };
        Ok(self)
    }
}
