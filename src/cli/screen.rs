//! `pitfall` and `pitfall FILE`: the screen. Where no terminal is, or `--plain` asks for lines, the report of `triage` is written instead.

use super::{Common, Format, Outcome, input, triage};
use crate::app::ThemeName;
use crate::knowledge::Overlay;
use crate::tui;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The colours of the screen: light, dark, high-contrast or 16; without it the terminal is asked.
    #[arg(long, value_name = "THEME")]
    theme: Option<String>,
    /// Borders and marks of ASCII only.
    #[arg(long)]
    ascii: bool,
    /// Where ticks and notes are kept.
    #[arg(long, value_name = "DIR", env = "PITFALL_STATE")]
    state: Option<PathBuf>,
}

pub(super) fn run(file: Option<&Path>, args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    let interactive = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    if common.plain || common.format != Format::Text || !interactive {
        let files = file.map_or_else(Vec::new, |file| vec![file.to_path_buf()]);
        return triage::run(&triage::Args::of(files), common);
    }
    let inputs = file.into_iter().map(input::read).collect::<anyhow::Result<Vec<_>>>()?;
    let theme = args.theme.as_deref().map(theme).transpose()?;
    let overlays: Vec<Overlay> = common.knowledge.iter().map(|folder| input::overlay(folder)).collect::<anyhow::Result<_>>()?;
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let overlays: Box<dyn FnOnce() -> Vec<Overlay> + Send> = Box::new(move || overlays);
    let options =
        tui::Options { inputs, overlays: Some(overlays), theme, ascii: args.ascii, plain, state: args.state.clone(), keys: Vec::new() };
    tui::run(options)?;
    Ok(Outcome::Found)
}

fn theme(word: &str) -> anyhow::Result<ThemeName> {
    ThemeName::parse(word).ok_or_else(|| {
        anyhow::anyhow!(
            "unknown theme `{word}`; themes: {}",
            ThemeName::ALL.iter().map(|theme| theme.word()).collect::<Vec<_>>().join(", ")
        )
    })
}
