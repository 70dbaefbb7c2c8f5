//! `pitfall` and `pitfall FILE`: the screen. With `--plain` on a terminal the same job is done line by line; where no terminal is, the
//! report of `triage` is written instead.

use super::config::{self, Source};
use super::{Common, Format, Outcome, input, linear, triage};
use crate::knowledge::{Overlay, nearest};
use crate::tui;
use anyhow::bail;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The colours of the screen: dark, light, contrast, 16, plain, or auto (what the terminal calls for).
    #[arg(long, value_name = "THEME")]
    theme: Option<String>,
    /// Borders and marks of ASCII only.
    #[arg(long)]
    ascii: bool,
    /// Where ticks and notes are kept.
    #[arg(long, value_name = "DIR", env = "PITFALL_STATE")]
    pub(super) state: Option<PathBuf>,
}

pub(super) fn run(file: Option<&Path>, args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    if let Some(near) = file.filter(|file| !file.exists()).and_then(meant) {
        bail!("there is no file `{}` here; did you mean `pitfall {near}`?", file.unwrap_or(Path::new("")).display());
    }
    let interactive = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    if common.plain && common.format == Format::Text && interactive {
        return linear::run(file, args.state.clone(), common);
    }
    if common.plain || common.format != Format::Text || !interactive {
        let files = file.map_or_else(Vec::new, |file| vec![file.to_path_buf()]);
        return triage::run(&triage::Args::of(files), common);
    }
    show(file, args, common, None)
}

/// Shows the screen, on a kept case where one is named.
pub(super) fn show(file: Option<&Path>, args: &Args, common: &Common, case: Option<String>) -> anyhow::Result<Outcome> {
    let inputs = file.into_iter().map(input::read).collect::<anyhow::Result<Vec<_>>>()?;
    let config = &common.config;
    let flag = args.theme.as_deref().map(config::theme).transpose()?;
    let overlays: Vec<Overlay> = common.knowledge.iter().map(|folder| input::overlay(folder)).collect::<anyhow::Result<_>>()?;
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let overlays: Box<dyn FnOnce() -> Vec<Overlay> + Send> = Box::new(move || overlays);
    // The command's word goes over the environment's, and that over the file's.
    let theme = flag.unwrap_or(if plain && config.theme.1 == Source::File { None } else { config.theme.0 });
    let ascii = args.ascii || config.ascii.0;
    tui::run(tui::Options {
        inputs,
        overlays: Some(overlays),
        theme,
        ascii,
        plain,
        state: args.state.clone(),
        keys: config.keys.0.clone(),
        case,
    })?;
    Ok(Outcome::Found)
}

/// The command that was meant by a word that names no file.
fn meant(file: &Path) -> Option<String> {
    let command = super::command();
    let names = command.get_subcommands().map(clap::Command::get_name);
    nearest(file.to_str()?, names).map(str::to_owned)
}
