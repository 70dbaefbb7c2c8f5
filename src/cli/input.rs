//! Reading what the user names: logs and overlay folders. Every refusal says which path and why.

use crate::engine::Input;
use crate::knowledge::{LARGEST_CATALOGUE, Overlay, PACK_FILE, Problem, ProblemKind, SourceFile, topic};
use anyhow::bail;
use std::fs;
use std::io::Read as _;
use std::path::Path;

/// Something that can be read.
pub(super) struct Source {
    /// Its name: a path, or `-`.
    pub name: String,
    /// Its size in bytes, where that is known beforehand.
    pub size: Option<u64>,
    /// What it holds.
    pub reader: Box<dyn std::io::Read>,
    /// Nothing is shown while it is read.
    pub quiet: bool,
}

/// The whole input at `path`; `-` is standard input.
pub(super) fn read(path: &Path) -> anyhow::Result<Input> {
    let Source { name, mut reader, .. } = open(path)?;
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(|error| explained(&name, &error))?;
    Ok(Input { name, bytes })
}

/// Opens the input at `path`; `-` is standard input.
pub(super) fn open(path: &Path) -> anyhow::Result<Source> {
    if path == Path::new("-") {
        return Ok(Source { name: "-".into(), size: None, reader: Box::new(std::io::stdin().lock()), quiet: false });
    }
    let name = shown(path);
    let meta = fs::metadata(path).map_err(|error| explained(&name, &error))?;
    if meta.is_dir() {
        bail!("{name} is a folder; name a file in it");
    }
    if !meta.is_file() && !is_stream(&meta) {
        bail!("{name} is a device; pipe what it says into `pitfall triage -`");
    }
    let file = fs::File::open(path).map_err(|error| explained(&name, &error))?;
    Ok(Source { name, size: meta.is_file().then_some(meta.len()), reader: Box::new(file), quiet: false })
}

/// A path as it may be written to a terminal, on one line.
pub(super) fn shown(path: &Path) -> String {
    crate::text::clean(&path.display().to_string()).text.replace('\n', "␊")
}

/// Pipes and the shell's `<(…)` end by themselves; devices such as /dev/zero do not.
#[cfg(unix)]
fn is_stream(meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    meta.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_stream(_meta: &fs::Metadata) -> bool {
    false
}

pub(super) fn explained(name: &str, error: &std::io::Error) -> anyhow::Error {
    match error.kind() {
        std::io::ErrorKind::NotFound => anyhow::anyhow!("{name} does not exist"),
        std::io::ErrorKind::PermissionDenied => anyhow::anyhow!("{name} may not be read: permission denied"),
        _ => anyhow::anyhow!("{name} cannot be read: {error}"),
    }
}

/// An overlay may hold so many files; a hundred times what the embedded knowledge has.
const FILES: usize = 50_000;

/// The overlay in `folder`: its pages, guides, catalogues and `overlay.yaml`. Other files are left alone.
pub(super) fn overlay(folder: &Path) -> anyhow::Result<Overlay> {
    let name = folder.display().to_string();
    let name = name.trim_end_matches('/').to_owned();
    let meta = fs::metadata(folder).map_err(|error| explained(&name, &error))?;
    if !meta.is_dir() {
        bail!("{name} is no folder; --knowledge takes a folder with topic folders in it");
    }
    let mut overlay = Overlay { name: name.clone(), ..Overlay::default() };
    let mut paths = Vec::new();
    for entry in sorted(folder, &name)? {
        if entry.is_dir() {
            paths.extend(sorted(&entry, &entry.display().to_string())?.into_iter().filter(|path| path.is_file()));
        } else if entry.file_name().is_some_and(|file| file == "overlay.yaml" || file == PACK_FILE) {
            paths.push(entry);
        }
    }
    if paths.len() > FILES {
        bail!("{name} holds {} files, at most {FILES}; name the folder of the knowledge itself", paths.len());
    }
    // Tuning comes last: it may disable what the overlay's own pages replace.
    paths.sort_by_key(|path| (path.file_name().is_some_and(|file| file == "overlay.yaml"), path.clone()));
    for path in paths {
        add(&mut overlay, &path);
    }
    Ok(overlay)
}

fn sorted(folder: &Path, name: &str) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| explained(name, &error))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(|path| !hidden(path)).collect();
    paths.sort();
    Ok(paths)
}

fn hidden(path: &Path) -> bool {
    path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'))
}

/// Whether a file is a document of a checkout: a README, or Markdown in a folder that is none of the knowledge.
fn is_beside(path: &Path) -> bool {
    let folder = path.parent().and_then(Path::file_name).map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default();
    let ours = topic(&folder).is_some() || folder == "guides" || folder == "codes";
    path.extension().is_some_and(|ending| ending == "md") && (!ours || path.file_stem().is_some_and(|stem| stem == "README"))
}

fn add(overlay: &mut Overlay, path: &Path) {
    let shown = path.display().to_string();
    let wanted = match path.extension().and_then(|ending| ending.to_str()) {
        Some("md") => true,
        Some("yaml") => {
            path.parent().and_then(Path::file_name).is_some_and(|folder| folder == "codes")
                || path.file_name().is_some_and(|file| file == "overlay.yaml" || file == PACK_FILE)
        }
        _ => false,
    };
    if !wanted {
        return;
    }
    let mut wrong = |kind, message: String, hint: &str| {
        overlay.problems.push(Problem { kind, path: shown.clone(), line: 1, column: 1, message, hint: hint.into() });
    };
    match fs::metadata(path) {
        Ok(meta) if meta.len() > LARGEST_CATALOGUE as u64 => {
            wrong(ProblemKind::Size, format!("{} bytes, at most {LARGEST_CATALOGUE}", meta.len()), "A page is short.");
            return;
        }
        Ok(_) => {}
        Err(error) => {
            wrong(ProblemKind::Overlay, format!("cannot be read: {error}"), "Check the file's permissions.");
            return;
        }
    }
    match fs::read(path).map(String::from_utf8) {
        // The documents of a checkout are no pages.
        Ok(Ok(text)) if !text.trim_start_matches('\u{feff}').starts_with("---") && is_beside(path) => {}
        Ok(Ok(text)) => overlay.files.push(SourceFile::new(shown, text)),
        Ok(Err(error)) => {
            wrong(ProblemKind::Encoding, format!("not UTF-8 from byte {} on", error.utf8_error().valid_up_to()), "Save it as UTF-8.");
        }
        Err(error) => wrong(ProblemKind::Overlay, format!("cannot be read: {error}"), "Check the file's permissions."),
    }
}
