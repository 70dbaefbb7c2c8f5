//! `pitfall inspect`.

use super::{Common, Format, Outcome, input, out};
use crate::artifact::{Artifact, Context, Form, cross, inspect_all};
use crate::report::{inspect_json, inspect_markdown, inspect_text};
use anyhow::bail;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Tokens, keys, entitlements, property lists, profiles, certificates, association files, attestations, crash reports; several are
    /// cross-checked. `-` or nothing is standard input.
    files: Vec<PathBuf>,
    /// The time to judge dates by: seconds since 1970, or 2026-11-22, or 2026-11-22T10:00:00Z. Without it, now.
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
}

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    let now = match &args.now {
        Some(written) => time(written)?,
        None => jiff::Timestamp::now().as_second(),
    };
    let files = if args.files.is_empty() { vec![PathBuf::from("-")] } else { args.files.clone() };
    let context = Context { now: Some(now) };
    let mut artifacts: Vec<Artifact> = Vec::new();
    for file in &files {
        let input = input::read(file)?;
        artifacts.extend(inspect_all(&input.name, &input.bytes, &context));
    }
    let crossed = cross(&artifacts);
    match common.format {
        Format::Text => out::say(&inspect_text(&artifacts, &crossed, out::paint(common)))?,
        Format::Json => out::say_json(&inspect_json(&artifacts, &crossed))?,
        Format::Markdown => out::say(&inspect_markdown(&artifacts, &crossed))?,
    }
    let nothing =
        artifacts.iter().all(|artifact| artifact.form == Form::Unknown && artifact.checks.iter().all(|check| check.id == "input.size"));
    if nothing && common.format == Format::Text {
        out::warn("nothing here is an artifact that is known; `pitfall triage` reads logs and questions");
    }
    Ok(if nothing { Outcome::Nothing } else { Outcome::Found })
}

/// A time as people and programs write it.
pub(super) fn time(written: &str) -> anyhow::Result<i64> {
    if let Ok(seconds) = written.parse::<i64>() {
        return Ok(seconds);
    }
    if let Ok(stamp) = written.parse::<jiff::Timestamp>() {
        return Ok(stamp.as_second());
    }
    if let Ok(stamp) = format!("{written}T00:00:00Z").parse::<jiff::Timestamp>() {
        return Ok(stamp.as_second());
    }
    bail!("--now {written} is no time; write seconds since 1970, 2026-11-22, or 2026-11-22T10:00:00Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_three_forms() {
        for written in ["1700000000", "2023-11-14T22:13:20Z", "2023-11-14T23:13:20+01:00"] {
            assert_eq!(time(written).unwrap(), 1_700_000_000, "{written}");
        }
        assert_eq!(time("2023-11-14").unwrap(), 1_699_920_000);
        assert!(time("tomorrow").is_err());
    }
}
