//! `pitfall redact`: a log without its secrets and identities on standard output, and the way back. The input file is never changed.

use super::{Common, Format, Outcome, input, out};
use crate::redact::{Map, Redacted, Redactor, Settings};
use crate::report::{map_json, map_of, redact_json, redacted_json, redacted_table};
use crate::text::Document;
use anyhow::{Context as _, bail};
use std::io::Write as _;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Logs; without any, or for `-`, standard input.
    files: Vec<PathBuf>,
    /// Show what would be replaced where, not the text.
    #[arg(long, conflicts_with = "restore")]
    show: bool,
    #[command(flatten)]
    choice: Choice,
    /// Keep what stands for what in this file (mode 0600), and go on with what it holds. It holds every secret: do not send it.
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Give the values back to a reply, by the map.
    #[arg(long, value_name = "FILE", requires = "map", conflicts_with = "files")]
    restore: Option<PathBuf>,
}

/// What the user wants otherwise.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Choice {
    /// Let this value through; may be given more than once.
    #[arg(long, value_name = "VALUE")]
    keep: Vec<String>,
    /// Replace this value too, wherever it stands; may be given more than once.
    #[arg(long, value_name = "VALUE")]
    also: Vec<String>,
}

impl Choice {
    /// As the core takes it.
    fn settings(&self) -> Settings {
        Settings { keep: self.keep.clone(), also: self.also.clone() }
    }
}

/// How a report leaves: as Markdown redacted, as JSON and text as it is, unless told otherwise.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Leaving {
    /// Redact the report whatever its format; Markdown is redacted by itself.
    #[arg(long, conflicts_with = "no_redact")]
    redact: bool,
    /// Leave secrets and identities in a Markdown report.
    #[arg(long)]
    no_redact: bool,
    #[command(flatten)]
    choice: Choice,
}

impl Leaving {
    /// The redactor for a report of this format; none where it is to stay as it is.
    pub(super) fn redactor(&self, format: Format) -> Option<Redactor> {
        let wanted = self.redact || format == Format::Markdown && !self.no_redact;
        wanted.then(|| Redactor::new(self.choice.settings()))
    }
}

/// A text that leaves; what was taken out of it is counted on standard error.
pub(super) fn leave(text: &str, redactor: Option<&mut Redactor>) -> String {
    let Some(redactor) = redactor else { return text.to_owned() };
    let redacted = redactor.redact(text);
    tell(redacted.replaced.len());
    redacted.text
}

/// A document that leaves.
pub(super) fn leave_json(document: &mut serde_json::Value, redactor: Option<&mut Redactor>) {
    if let Some(redactor) = redactor {
        tell(redact_json(document, redactor));
    }
}

fn tell(places: usize) {
    if places > 0 {
        out::warn(&format!(
            "{places} {} redacted; --no-redact leaves all, --keep VALUE one of them",
            if places == 1 { "place" } else { "places" }
        ));
    }
}

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    if let (Some(reply), Some(path)) = (&args.restore, &args.map) {
        let map =
            read_map(path)?.with_context(|| format!("{} does not exist; without the map nothing can be given back", path.display()))?;
        let reply = Document::new(&input::read(reply)?.bytes);
        out::say(&map.restore(reply.text()))?;
        return Ok(Outcome::Found);
    }
    let known = args.map.as_deref().map(read_map).transpose()?.flatten().unwrap_or_default();
    let mut redactor = Redactor::with_map(args.choice.settings(), known);
    let files = if args.files.is_empty() { vec![PathBuf::from("-")] } else { args.files.clone() };
    let mut done: Vec<(String, Document, Redacted)> = Vec::new();
    for file in &files {
        let input = input::read(file)?;
        let document = Document::new(&input.bytes);
        let redacted = redactor.redact(document.text());
        done.push((crate::text::clean(&redactor.redact(&input.name).text).text, document, redacted));
    }
    // What can be given back is kept before anything leaves.
    if let Some(path) = &args.map {
        write_map(path, redactor.map())?;
    }
    match common.format {
        Format::Json => out::say_json(&redacted_json(&done))?,
        _ if args.show => {
            out::say(&done.iter().map(|(name, document, redacted)| redacted_table(name, document, redacted)).collect::<String>())?
        }
        _ => {
            for (name, _, redacted) in &done {
                if done.len() > 1 {
                    out::say(&format!("==> {name} <=="))?;
                }
                out::say(&redacted.text)?;
            }
        }
    }
    Ok(Outcome::Found)
}

/// The map in a file; none where there is no file.
fn read_map(path: &Path) -> anyhow::Result<Option<Map>> {
    match std::fs::read_to_string(path) {
        Ok(text) => map_of(&text).map(Some).map_err(|why| anyhow::anyhow!("{}: {why}; it is left as it is", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => bail!("{} cannot be read: {error}", path.display()),
    }
}

/// Writes a map beside its place and moves it there, so that a half-written one never is; only its owner may read it.
fn write_map(path: &Path, map: &Map) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = || format!("{} cannot be written; name a file in a folder of yours", path.display());
    // Temporary files have mode 0600 from their first moment.
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(failed)?;
    serde_json::to_writer(&mut file, &map_json(map)).with_context(failed)?;
    file.write_all(b"\n").with_context(failed)?;
    file.as_file().sync_all().with_context(failed)?;
    file.persist(path).with_context(failed)?;
    Ok(())
}
