//! Reading a file that was asked for on the screen.

use crate::engine::Input;
use std::fs;
use std::path::PathBuf;

/// More than this is read with `pitfall triage`, which does not hold it in memory twice.
const LARGEST: u64 = 512 << 20;

/// The file, or a sentence that says what is in the way.
pub(super) fn read(path: &str) -> Result<Input, String> {
    let full = expand(path);
    let metadata = fs::metadata(&full).map_err(|error| format!("{path}: {}", reason(&error)))?;
    if metadata.is_dir() {
        return Err(format!("{path} is a folder; open a file in it"));
    }
    if !metadata.is_file() {
        return Err(format!("{path} is no regular file"));
    }
    if metadata.len() > LARGEST {
        return Err(format!("{path} has {} MiB; `pitfall triage` reads files of any size", metadata.len() >> 20));
    }
    let bytes = fs::read(&full).map_err(|error| format!("{path}: {}", reason(&error)))?;
    Ok(Input { name: crate::text::clean(&full.to_string_lossy()).text, bytes })
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        _ => error.to_string(),
    }
}

/// `~/x` and paths that a shell or Finder quoted.
fn expand(path: &str) -> PathBuf {
    let bare = path.trim().trim_matches(['\'', '"']);
    match (bare.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(bare),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.log");
        fs::write(&file, "x").unwrap();
        assert_eq!(read(&format!(" '{}' ", file.display())).unwrap().bytes, b"x");
        assert!(read(folder.path().to_str().unwrap()).unwrap_err().contains("folder"));
        assert!(read("/nowhere/at/all").unwrap_err().contains("no such file"));
        assert!(read("/dev/null").unwrap_err().contains("no regular file"));
    }
}
