//! Opening the database: whatever is wrong with it, the program goes on, and nothing of it is lost.

use super::trouble::explained;
use super::{Store, schema};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What opening came to.
#[derive(Debug)]
pub enum Opened {
    /// The database, and what should be known of it.
    Ready(Store, Option<Notice>),
    /// There is none to work with.
    Refused(Refusal),
}

/// What should be known of a database that was opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Notice {
    /// The old one was damaged and stands here now.
    #[error("the database was damaged; it is kept as {} and a new one begun", .0.display())]
    SetAside(PathBuf),
}

/// Why there is no database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A newer pitfall wrote it.
    #[error("{} was written by a newer pitfall (form {found}, this one knows {known}); it is left as it is", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// It cannot be written or read.
    #[error("{}: {why}", path.display())]
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

/// The file's name in its folder.
pub(super) const FILE: &str = "pitfall.db";
/// Another instance writes for a moment only; this long we wait for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// See [`Store::open`].
pub(super) fn open(folder: &Path, now: i64) -> Opened {
    let path = folder.join(FILE);
    let refuse = |why: String| Opened::Refused(Refusal::Unusable { path: path.clone(), why });
    if let Err(why) = make_folder(folder) {
        return Opened::Refused(Refusal::Unusable { path: folder.to_owned(), why: super::trouble::file(&why) });
    }
    match attempt(&path) {
        Ok(store) => Opened::Ready(store, None),
        Err(Trouble::Newer(found)) => Opened::Refused(Refusal::Newer { path, found, known: schema::current() }),
        Err(Trouble::Damaged) => match set_aside(&path, now) {
            Ok(kept) => match attempt(&path) {
                Ok(store) => Opened::Ready(store, Some(Notice::SetAside(kept))),
                Err(trouble) => refuse(trouble.to_string()),
            },
            Err(why) => refuse(format!("damaged, and it cannot be set aside: {why}")),
        },
        Err(trouble) => refuse(trouble.to_string()),
    }
}

#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("written by a newer pitfall")]
    Newer(i64),
    #[error("damaged")]
    Damaged,
    #[error("{}", super::trouble::file(.0))]
    File(#[from] io::Error),
    #[error("{}", explained(.0))]
    Other(rusqlite::Error),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged,
            _ => Self::Other(error),
        }
    }
}

fn attempt(path: &Path) -> Result<Store, Trouble> {
    make_private(path)?;
    // No URI, no other thread; the file exists by now, with its mode.
    let mut connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > schema::current() {
        return Err(Trouble::Newer(version));
    }
    let sound: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if sound != "ok" {
        return Err(Trouble::Damaged);
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is deleted or written over is gone from the file, not only from the index.
    connection.pragma_update(None, "secure_delete", true)?;
    schema::migrate(&mut connection)?;
    Ok(Store { connection, path: path.to_owned(), mark: mark(path) })
}

impl Store {
    /// The file that was opened stands no more where it stood: what is written now would be lost without a word.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.mark.is_some() && mark(&self.path) != self.mark
    }
}

/// What tells a file from another one that takes its place.
#[cfg(unix)]
fn mark(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
fn mark(_path: &Path) -> Option<(u64, u64)> {
    None
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Makes the file with mode 0600 before anything is in it; `SQLite` gives its side files the same mode.
fn make_private(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        options.mode(0o600);
        let file = options.open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        if metadata.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
        Ok(())
    }
    #[cfg(not(unix))]
    options.open(path).map(|_| ())
}

/// Gives a damaged database another name, with its side files; returns the name.
fn set_aside(path: &Path, now: i64) -> io::Result<PathBuf> {
    let name = |number: usize| {
        let more = if number == 0 { String::new() } else { format!("-{number}") };
        path.with_file_name(format!("{FILE}.damaged-{now}{more}"))
    };
    let kept = (0..1_000).map(name).find(|kept| !kept.exists()).ok_or_else(|| io::Error::other("too many damaged ones already"))?;
    fs::rename(path, &kept)?;
    for side in ["-wal", "-shm"] {
        let from = path.with_file_name(format!("{FILE}{side}"));
        if from.exists() {
            let mut to = kept.clone().into_os_string();
            to.push(side);
            fs::rename(from, to)?;
        }
    }
    Ok(kept)
}
