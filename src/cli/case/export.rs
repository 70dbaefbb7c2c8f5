//! `pitfall case export`.

use super::{StateArgs, dossier, store};
use crate::case::{Dossier, Kept, lessen, lessen_words};
use crate::cli::format::Written;
use crate::cli::{Common, Outcome, engine, out};
use crate::engine::Engine;
use crate::report::{Paint, case_html, case_json, case_markdown, case_text};
use anyhow::{Context as _, bail};
use std::io::Write as _;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The case's id, or the beginning of it; `last` is the one seen last.
    id: String,
    /// Leave private values as they are.
    #[arg(long)]
    no_redact: bool,
    /// Leave the text of the inputs out, and lines of it.
    #[arg(long)]
    only_facts: bool,
    /// Write to this file, which must not exist yet, instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    state: StateArgs,
}

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    let store = store(args.state.state_dir.as_ref())?;
    let case = outgoing(&engine(common)?, dossier(&store, &args.id)?, args.no_redact, args.only_facts);
    let redacted = !args.no_redact;
    let text = match common.written {
        // Read by people too, before they send it.
        Written::Bundle => out::escaped(&serde_json::to_string_pretty(&case_json(&case, redacted))?),
        Written::Html => case_html(&case),
        Written::Markdown => case_markdown(&case),
        Written::Text => case_text(&case, Paint::default()),
        _ => out::escaped(&case_json(&case, redacted).to_string()),
    };
    match &args.output {
        None => out::say(&text)?,
        Some(path) => {
            write(path, &text)?;
            out::warn(&format!("written to {}", path.display()));
        }
    }
    let missing = case.missing();
    if common.written == Written::Bundle && !missing.is_empty() {
        out::warn(&format!("whoever helps will ask for this; a note on a step can say it:\n  - {}", missing.join("\n  - ")));
    }
    if args.no_redact {
        out::warn("nothing was redacted: look through it before it leaves");
    }
    Ok(Outcome::Found)
}

/// A case as it leaves: without its key, which is a hash of the input, and lessened.
pub(super) fn outgoing(engine: &Engine, mut case: Dossier, raw: bool, only_facts: bool) -> Dossier {
    case.key = String::new();
    let depth = if only_facts { Kept::Facts } else { Kept::Redacted };
    let mut redact = crate::case::redactor(engine, &case.runs);
    let mut keep = |text: &str| text.to_owned();
    if raw && !only_facts {
        return case;
    }
    lessen(&mut case.inputs, &mut case.runs, depth, if raw { &mut keep } else { &mut redact });
    if !raw {
        lessen_words(&mut case, &mut redact);
    }
    case.kept = case.kept.min(Some(depth));
    case
}

/// Writes a new file whole or not at all; one that is there stays.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if path.exists() {
        bail!("{} is there already; name another file", path.display());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let written = || -> anyhow::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path)?;
        Ok(())
    };
    written().with_context(|| format!("{} cannot be written", path.display()))
}
