//! Where the database stands, and how a case is told from another.

use crate::engine::Input;
use etcetera::{AppStrategy, AppStrategyArgs, app_strategy::Xdg};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::PathBuf;

/// The folder for what is kept: the variable's if it is set, else as XDG says (on macOS too); none without a home.
#[must_use]
pub fn default_folder(variable: Option<PathBuf>) -> Option<PathBuf> {
    if let Some(folder) = variable.filter(|folder| !folder.as_os_str().is_empty()) {
        return Some(folder);
    }
    let args = AppStrategyArgs { top_level_domain: String::new(), author: String::new(), app_name: "pitfall".into() };
    let strategy = Xdg::new(args).ok()?;
    Some(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()))
}

/// The folder for the configuration: the variable's if it is set, else as XDG says (on macOS too); none without a home.
#[must_use]
pub fn config_folder(variable: Option<PathBuf>) -> Option<PathBuf> {
    if let Some(folder) = variable.filter(|folder| !folder.as_os_str().is_empty()) {
        return Some(folder);
    }
    let args = AppStrategyArgs { top_level_domain: String::new(), author: String::new(), app_name: "pitfall".into() };
    Xdg::new(args).ok().map(|strategy| strategy.config_dir())
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
