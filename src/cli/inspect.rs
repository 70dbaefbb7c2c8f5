//! `pitfall inspect`.

use super::redact::{leave, leave_json};
use super::{Common, Format, Outcome, input, out};
use crate::artifact::{Artifact, Context, Form, Given, Keys, cross, inspect_together};
use crate::report::{inspect_json, inspect_markdown, inspect_text};
use anyhow::bail;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Tokens, keys, entitlements, property lists, profiles, certificates, association files, attestations, crash reports; several are
    /// cross-checked. `-` or nothing is standard input.
    files: Vec<PathBuf>,
    /// The time to judge dates by: seconds since 1970, or 2026-11-22, or 2026-11-22T10:00:00Z. Without it, now.
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
    /// The challenge of an attestation, assertion or client data: as text, base64 or hexadecimal digits.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    challenge: Option<String>,
    /// The client data that an assertion signs: a file, or the text itself.
    #[arg(long, value_name = "FILE|TEXT", allow_hyphen_values = true)]
    client_data: Option<String>,
    /// The App ID that an attestation has to be of: prefix, dot, bundle ID.
    #[arg(long, value_name = "ID")]
    app_id: Option<String>,
    /// The key ID that the app sent, base64.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    key_id: Option<String>,
    /// The counter that the server stored last; an assertion's has to be greater.
    #[arg(long, value_name = "N")]
    counter: Option<u32>,
    /// The origin that client data has to name.
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
    /// The relying party that `WebAuthn` data has to be of.
    #[arg(long, value_name = "HOST")]
    rp_id: Option<String>,
    /// A key to verify signatures with, beside those in the files given: PEM (public, private or certificate) or a key set, a file or the text.
    #[arg(long, value_name = "FILE|TEXT", allow_hyphen_values = true)]
    public_key: Vec<String>,
    /// The root certificate that App Attest chains have to end at, instead of Apple's.
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
    #[command(flatten)]
    leaving: super::redact::Leaving,
}

impl Args {
    /// What a server would compare with.
    fn given(&self) -> anyhow::Result<Given> {
        let mut keys = Keys::default();
        for key in &self.public_key {
            let (name, bytes) = file_or_text(key, "--public-key")?;
            if keys.read(&name, &bytes, true) == 0 {
                bail!("{name} holds no key that is known here; P-256, P-384 and RSA keys in PEM, DER or a key set are");
            }
        }
        Ok(Given {
            challenge: self.challenge.clone(),
            client_data: self.client_data.as_deref().map(|text| file_or_text(text, "--client-data")).transpose()?.map(|(_, bytes)| bytes),
            app_id: self.app_id.clone(),
            key_id: self.key_id.clone(),
            counter: self.counter,
            origin: self.origin.clone(),
            rp_id: self.rp_id.clone(),
            root: self.root.as_deref().map(input::read).transpose()?.map(|input| input.bytes),
            keys,
        })
    }
}

/// The contents of the file of this name; where there is none, the text itself under the option's name.
fn file_or_text(written: &str, option: &str) -> anyhow::Result<(String, Vec<u8>)> {
    // A key's text has lines and is longer than any path; asking the file system for it would be an error of its own.
    let path = Path::new(written);
    if written.len() < 1024 && !written.contains('\n') && path.exists() {
        let input = input::read(path)?;
        return Ok((input.name, input.bytes));
    }
    Ok((option.to_owned(), written.as_bytes().to_vec()))
}

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    let now = match &args.now {
        Some(written) => time(written)?,
        None => jiff::Timestamp::now().as_second(),
    };
    let files = if args.files.is_empty() { vec![PathBuf::from("-")] } else { args.files.clone() };
    let context = Context { now: Some(now), given: args.given()? };
    let inputs = files.iter().map(|file| input::read(file)).collect::<anyhow::Result<Vec<_>>>()?;
    let inputs: Vec<(&str, &[u8])> = inputs.iter().map(|input| (input.name.as_str(), input.bytes.as_slice())).collect();
    let artifacts: Vec<Artifact> = inspect_together(&inputs, &context);
    let crossed = cross(&artifacts);
    let mut redactor = args.leaving.redactor(common.format);
    match common.format {
        Format::Text => out::say(&leave(&inspect_text(&artifacts, &crossed, out::paint(common)), redactor.as_mut()))?,
        Format::Json => {
            let mut document = inspect_json(&artifacts, &crossed);
            leave_json(&mut document, redactor.as_mut());
            out::say_json(&document)?;
        }
        Format::Markdown => out::say(&leave(&inspect_markdown(&artifacts, &crossed), redactor.as_mut()))?,
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
