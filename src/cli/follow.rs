//! Following a file by its name: it grows, is truncated, is replaced by another, is away for a while.
//!
//! It is looked at a few times a second. That costs some system calls, works alike on every system and file system (those over a network tell
//! no events), and following by name needs to look at the name anyway.

use super::input::explained;
use anyhow::bail;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

/// Bytes read at once.
const CHUNK: u64 = 1 << 20;
/// The last bytes that were read are compared when the file has grown: it may have been truncated and written anew between two looks.
const TAIL: usize = 64;

/// What a look at the file brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing new.
    Nothing,
    /// More bytes.
    Bytes(Vec<u8>),
    /// It was emptied; what comes is the beginning of the new text.
    Truncated,
    /// Another file has taken its name; what comes is the beginning of that.
    Replaced,
    /// There is no file of this name, since this look.
    Gone,
}

/// A file that is followed.
#[derive(Debug)]
pub(super) struct Follower {
    path: PathBuf,
    file: Option<File>,
    offset: u64,
    tail: Vec<u8>,
    /// The file was there once, so the next one replaces it.
    known: bool,
}

impl Follower {
    /// Follows the file at `path` from its beginning, or from its end; then the second is how many lines it has already. It need not be there
    /// yet, but its folder must.
    pub(super) fn new(path: &Path, from_start: bool) -> anyhow::Result<(Self, usize)> {
        let mut this = Self { path: path.to_owned(), file: None, offset: 0, tail: Vec::new(), known: false };
        let name = path.display().to_string();
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => bail!("{name} is a folder; name a file in it"),
            Ok(meta) if !meta.is_file() => bail!("{name} is no regular file; pipe what it says into `pitfall watch -`"),
            Ok(_) => this.file = Some(File::open(path).map_err(|error| explained(&name, &error))?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                if !folder.is_dir() {
                    bail!("{name} cannot be waited for: there is no folder {}", folder.display());
                }
            }
            Err(error) => return Err(explained(&name, &error)),
        }
        let mut lines = 0;
        if !from_start {
            while let Look::Bytes(bytes) = this.more()? {
                lines += bytes.split(|b| *b == b'\n').count() - 1;
            }
        }
        this.known = this.file.is_some();
        Ok((this, lines))
    }

    /// Whether the file is there.
    pub(super) fn is_there(&self) -> bool {
        self.file.is_some()
    }

    /// Looks once.
    pub(super) fn look(&mut self) -> anyhow::Result<Look> {
        let more = self.more()?;
        if more != Look::Nothing {
            return Ok(more);
        }
        let meta = match fs::metadata(&self.path) {
            Ok(meta) => meta,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(if self.file.take().is_some() { Look::Gone } else { Look::Nothing });
            }
            Err(error) => return Err(explained(&self.path.display().to_string(), &error)),
        };
        let same = |file: &File| file.metadata().is_ok_and(|old| (old.dev(), old.ino()) == (meta.dev(), meta.ino()));
        if self.file.as_ref().is_some_and(same) {
            return Ok(Look::Nothing);
        }
        // Whoever renamed the old file may have written to it until now.
        let more = self.more()?;
        if more != Look::Nothing {
            return Ok(more);
        }
        match File::open(&self.path) {
            Ok(file) => self.file = Some(file),
            // Gone again, or not readable yet; the next look tells.
            Err(_) => return Ok(Look::Nothing),
        }
        self.begin();
        let replaced = std::mem::replace(&mut self.known, true);
        if replaced { Ok(Look::Replaced) } else { self.more() }
    }

    fn begin(&mut self) {
        self.offset = 0;
        self.tail.clear();
    }

    /// What the open file has beyond what was read.
    fn more(&mut self) -> anyhow::Result<Look> {
        let Some(file) = &mut self.file else { return Ok(Look::Nothing) };
        let wrong = |error: &std::io::Error| explained(&self.path.display().to_string(), error);
        let size = file.metadata().map_err(|error| wrong(&error))?.len();
        if size == self.offset {
            return Ok(Look::Nothing);
        }
        let mut before = vec![0; self.tail.len()];
        let same =
            size > self.offset && file.read_exact_at(&mut before, self.offset - self.tail.len() as u64).is_ok() && before == self.tail;
        if !same {
            self.begin();
            return Ok(Look::Truncated);
        }
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(self.offset)).map_err(|error| wrong(&error))?;
        file.take(CHUNK).read_to_end(&mut bytes).map_err(|error| wrong(&error))?;
        self.offset += bytes.len() as u64;
        let keep = bytes.len().saturating_sub(TAIL);
        self.tail.extend(bytes.get(keep..).unwrap_or(&[]));
        self.tail.drain(..self.tail.len().saturating_sub(TAIL));
        Ok(Look::Bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn bytes(look: anyhow::Result<Look>) -> String {
        match look.unwrap() {
            Look::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn follows_growth_truncation_and_rotation() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        fs::write(&path, "one\ntwo\n").unwrap();
        let (mut follower, lines) = Follower::new(&path, false).unwrap();
        assert_eq!((lines, follower.look().unwrap()), (2, Look::Nothing));
        let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"three\n").unwrap();
        assert_eq!(bytes(follower.look()), "three\n");
        // Rotated, and the writer still holds the old file.
        fs::rename(&path, folder.path().join("x.log.1")).unwrap();
        assert_eq!(follower.look().unwrap(), Look::Gone);
        assert_eq!(follower.look().unwrap(), Look::Nothing);
        fs::write(&path, "four\n").unwrap();
        assert_eq!(follower.look().unwrap(), Look::Replaced);
        assert_eq!(bytes(follower.look()), "four\n");
        fs::write(&path, "5\n").unwrap();
        assert_eq!(follower.look().unwrap(), Look::Truncated);
        assert_eq!(bytes(follower.look()), "5\n");
    }

    #[test]
    fn what_is_written_to_the_old_file_after_the_rename_is_read_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        fs::write(&path, "one\n").unwrap();
        let (mut follower, _) = Follower::new(&path, true).unwrap();
        assert_eq!(bytes(follower.look()), "one\n");
        let mut old = fs::OpenOptions::new().append(true).open(&path).unwrap();
        fs::rename(&path, folder.path().join("x.log.1")).unwrap();
        fs::write(&path, "new\n").unwrap();
        old.write_all(b"late\n").unwrap();
        assert_eq!(bytes(follower.look()), "late\n");
        assert_eq!(follower.look().unwrap(), Look::Replaced);
        assert_eq!(bytes(follower.look()), "new\n");
    }

    #[test]
    fn a_file_that_was_emptied_and_has_grown_beyond_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        fs::write(&path, "one\n").unwrap();
        let (mut follower, _) = Follower::new(&path, true).unwrap();
        assert_eq!(bytes(follower.look()), "one\n");
        fs::write(&path, "another text that is longer\n").unwrap();
        assert_eq!(follower.look().unwrap(), Look::Truncated);
        assert_eq!(bytes(follower.look()), "another text that is longer\n");
    }

    #[test]
    fn a_file_may_come_later_but_not_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        let (mut follower, lines) = Follower::new(&path, false).unwrap();
        assert_eq!((lines, follower.is_there(), follower.look().unwrap()), (0, false, Look::Nothing));
        fs::write(&path, "one\n").unwrap();
        assert_eq!(bytes(follower.look()), "one\n");
        let error = Follower::new(&folder.path().join("no/x.log"), false).unwrap_err().to_string();
        assert!(error.contains("there is no folder"), "{error}");
        assert!(Follower::new(folder.path(), false).unwrap_err().to_string().contains("is a folder"));
    }
}
