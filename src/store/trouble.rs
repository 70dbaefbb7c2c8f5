//! What went wrong, as a sentence that says what can be done.

use rusqlite::ErrorCode;
use std::io;

/// A sentence for what the database says.
#[must_use]
pub fn explained(error: &rusqlite::Error) -> String {
    let said = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full; free some space, and it is tried again with the next change",
        Some(ErrorCode::ReadOnly) => "the database may only be read; look at the permissions of its folder",
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "the database may not be opened; look at the permissions of its folder"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another pitfall has been writing for long; it is tried again with the next change"
        }
        Some(ErrorCode::SystemIoFailure) => {
            "the disk does not take what is written (it may be full, or over a limit); it is tried again with the next change"
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "the database was damaged while pitfall ran; it is left as it is, and set aside when pitfall is started again"
        }
        _ => return error.to_string(),
    };
    said.to_owned()
}

/// A sentence for what the file system says.
pub(super) fn file(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied; say another folder with PITFALL_STATE".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system may only be read; say another folder with PITFALL_STATE".into(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full; free some space or say another folder with PITFALL_STATE".into()
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a file stands where the folder should be; say another folder with PITFALL_STATE".into()
        }
        _ => error.to_string(),
    }
}
