//! Where the database stands, and how a case is told from another.

use crate::engine::Input;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::PathBuf;

/// The folder for what is kept: the variable's if it is set, else as XDG says (on macOS too); none without a home.
#[must_use]
pub fn default_folder(variable: Option<PathBuf>) -> Option<PathBuf> {
    variable.filter(|folder| !folder.as_os_str().is_empty()).or_else(|| xdg("XDG_STATE_HOME", ".local/state"))
}

/// The folder for the configuration: the variable's if it is set, else as XDG says (on macOS too); none without a home.
#[must_use]
pub fn config_folder(variable: Option<PathBuf>) -> Option<PathBuf> {
    variable.filter(|folder| !folder.as_os_str().is_empty()).or_else(|| xdg("XDG_CONFIG_HOME", ".config"))
}

/// Our folder in one of XDG's base folders; a path that is not absolute counts for nothing, as the specification has it.
fn xdg(variable: &str, in_home: &str) -> Option<PathBuf> {
    let set = std::env::var_os(variable).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let home = || std::env::home_dir().filter(|home| !home.as_os_str().is_empty()).map(|home| home.join(in_home));
    set.or_else(home).map(|folder| folder.join("pitfall"))
}

/// What identifies the case of these inputs: the SHA-256 of the first one's bytes, so that an input added later leaves the ticks where
/// they are.
#[must_use]
pub fn fingerprint(inputs: &[Input]) -> String {
    let bytes = inputs.first().map_or(&[][..], |input| &input.bytes);
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
