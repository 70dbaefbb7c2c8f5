//! `pitfall kb book`: the knowledge as a folder of web pages. Here is the writing of files; the pages are made by the report.

use super::{Common, Format, Outcome, engine, out};
use crate::report::{BOOK_MARKER, Book, SCHEMA, book};
use anyhow::{Context as _, bail};
use std::fs;
use std::io::Write as _;
use std::path::{Component, Path};

#[derive(Debug, clap::Args)]
pub(super) struct BookArgs {
    /// The folder to write into: a new one, an empty one, or one that holds an older book.
    dir: std::path::PathBuf,
}

pub(super) fn run(args: &BookArgs, common: &Common) -> anyhow::Result<Outcome> {
    let folder = &args.dir;
    let old = own(folder)?;
    let book = book(&engine(common)?);
    write(folder, &book)?;
    let gone = old.iter().filter(|path| !book.files.contains_key(*path) && fs::remove_file(folder.join(path)).is_ok()).count();
    let bytes: usize = book.files.values().map(String::len).sum();
    let shown = folder.display().to_string();
    match common.format {
        Format::Json => out::say_json(&serde_json::json!({
            "schema": SCHEMA, "folder": shown, "files": book.files.len(), "bytes": bytes, "removed": gone,
            "pages": book.pages, "guides": book.guides, "codes": book.codes, "domains": book.domains,
        }))?,
        Format::Text | Format::Markdown => out::say(&format!(
            "{}: {} pages, {} guides, {} codes of {} domains, in {} files of {} KiB{}\nOpen {} in a browser.\n",
            crate::text::clean(&shown).text,
            book.pages,
            book.guides,
            book.codes,
            book.domains,
            book.files.len(),
            bytes / 1024,
            if gone == 0 { String::new() } else { format!("; {gone} files of the older book are gone") },
            crate::text::clean(&folder.join("index.html").display().to_string()).text
        ))?,
    }
    Ok(Outcome::Found)
}

/// The files of the book that stands in the folder; none where there is nothing. What is not ours is not touched.
fn own(folder: &Path) -> anyhow::Result<Vec<String>> {
    let shown = folder.display();
    let mut entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => bail!("{shown} is no folder; name one to write the book into"),
        Err(error) => return Err(error).with_context(|| format!("cannot look into {shown}")),
    };
    if entries.next().is_none() {
        return Ok(Vec::new());
    }
    let marker = fs::read_to_string(folder.join(BOOK_MARKER)).ok().and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    let Some(marker) = marker.filter(|marker| marker["book"] == "pitfall") else {
        bail!("{shown} is not empty and holds no book of pitfall (no {BOOK_MARKER}); name a new or an empty folder. Nothing was written");
    };
    for name in ["page", "guide", "topic", "codes"] {
        if folder.join(name).symlink_metadata().is_ok_and(|meta| !meta.is_dir()) {
            bail!("{shown}/{name} is no folder of its own but leads elsewhere; nothing was written");
        }
    }
    let files = marker["files"].as_array().into_iter().flatten().filter_map(|file| file.as_str());
    Ok(files.filter(|file| is_inside(file)).map(str::to_owned).collect())
}

/// Whether a path of a marker, which anybody may have written, is one of a book's: a file, or a file in one of its folders.
fn is_inside(path: &str) -> bool {
    let parts: Vec<Component<'_>> = Path::new(path).components().collect();
    let folder = |part: &Component<'_>| ["page", "guide", "topic", "codes"].iter().any(|name| part.as_os_str() == *name);
    let plain = parts.iter().all(|part| matches!(part, Component::Normal(_)));
    plain && (parts.len() == 1 || parts.len() == 2 && parts.first().is_some_and(folder))
}

/// Writes every file anew, the marker first, so that a book that was cut short is known as one. A link in the place of a file is replaced, not
/// followed.
fn write(folder: &Path, book: &Book) -> anyhow::Result<()> {
    let marker = book.files.get_key_value(BOOK_MARKER);
    let others = book.files.iter().filter(|(path, _)| *path != BOOK_MARKER);
    for (path, text) in marker.into_iter().chain(others) {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot replace {}", file.display()));
            }
            _ => {}
        }
        let made = fs::OpenOptions::new().write(true).create_new(true).open(&file);
        made.and_then(|mut made| made.write_all(text.as_bytes())).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_names_nothing_outside_of_the_book() {
        assert!(is_inside("index.html") && is_inside("page/a.html"));
        for path in ["../a", "/etc/passwd", "page/../../a", "other/a", "page/a/b", ""] {
            assert!(!is_inside(path), "{path}");
        }
    }
}
