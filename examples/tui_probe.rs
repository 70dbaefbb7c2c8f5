//! The screen program alone, for the tests in a pseudo-terminal: `tui_probe [FILE]...`; the folder of a knowledge overlay in
//! `PROBE_KNOWLEDGE`, a panic on demand with `PROBE_PANIC`.

use pitfall::app::ThemeName;
use pitfall::engine::Input;
use pitfall::knowledge::{Overlay, SourceFile};
use std::path::Path;

fn overlay(folder: &Path) -> Overlay {
    let mut files = Vec::new();
    for topic in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        for page in std::fs::read_dir(topic.path()).into_iter().flatten().flatten() {
            let path = format!("{}/{}", topic.file_name().to_string_lossy(), page.file_name().to_string_lossy());
            files.push(SourceFile::new(path, std::fs::read_to_string(page.path()).unwrap_or_default()));
        }
    }
    Overlay { name: folder.display().to_string(), files, problems: Vec::new() }
}

#[allow(clippy::panic, clippy::print_stderr)] // That is what it is for.
/// Ends the program by a panic that nothing unwinds, as in a build that aborts: the hook alone can give the terminal back.
fn panic_soon() {
    std::panic::set_hook(Box::new(|info| {
        eprintln!("{info}");
        std::process::abort();
    }));
    std::thread::spawn(|| {
        std::thread::sleep(std::time::Duration::from_millis(400));
        panic!("this panic was asked for");
    });
}

fn main() -> anyhow::Result<()> {
    let read = |path: String| Ok(Input { bytes: std::fs::read(&path)?, name: path });
    let inputs = std::env::args().skip(1).map(read).collect::<anyhow::Result<Vec<_>>>()?;
    let folder = std::env::var_os("PROBE_KNOWLEDGE");
    if std::env::var_os("PROBE_PANIC").is_some() {
        panic_soon();
    }
    let theme = std::env::var("PROBE_THEME").ok().and_then(|word| ThemeName::parse(&word));
    pitfall::tui::run(pitfall::tui::Options {
        inputs,
        overlays: Some(Box::new(move || folder.map(|folder| overlay(Path::new(&folder))).into_iter().collect())),
        theme,
        state: None,
        ascii: std::env::var_os("PROBE_ASCII").is_some(),
        ..Default::default()
    })
}
