//! `pitfall doctor`: the terminal, the clipboard, the files and the knowledge, looked over. Nothing is changed.

use super::{Common, Format, Outcome, config, input, out};
use crate::engine::Engine;
use crate::report::{Paint, SCHEMA};
use crate::store::default_folder;
use crate::tui::{Survey, survey};
use rustix::fs::{Access, access};
use serde_json::json;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Fine,
    /// Good to know.
    Note,
    /// Something does not work.
    Missing,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Note => "note",
            Self::Missing => "missing",
        }
    }
}

/// Something that was looked at: how it is called, how it is, and a sentence.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    name: &'static str,
    status: Status,
    text: String,
}

fn row(name: &'static str, status: Status, text: impl Into<String>) -> Row {
    Row { name, status, text: text.into() }
}

/// The screen is of use from this size on; below it shows a part.
const SMALLEST: (u16, u16) = (80, 24);

pub(super) fn run(common: &mut Common) -> anyhow::Result<Outcome> {
    let mut rows = terminal(&survey());
    rows.push(configuration(common));
    rows.push(state(default_folder(std::env::var_os("PITFALL_STATE").map(PathBuf::from))));
    rows.extend(knowledge(common));
    rows.push(editor());
    match common.format {
        Format::Json => {
            let row = |row: &Row| json!({"name": row.name, "status": row.status.word(), "text": row.text});
            out::say_json(&json!({
                "schema": SCHEMA,
                "version": env!("CARGO_PKG_VERSION"),
                "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
                "checks": rows.iter().map(row).collect::<Vec<_>>(),
            }))?;
        }
        Format::Text | Format::Markdown => out::say(&text(&rows, out::paint(common)))?,
    }
    Ok(if rows.iter().any(|row| row.status == Status::Missing) { Outcome::Nothing } else { Outcome::Found })
}

fn text(rows: &[Row], paint: Paint) -> String {
    let mut text = format!("pitfall {} on {} {}\n", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    for row in rows {
        paint.wrapped(&mut text, &format!("{:7}  {}: ", row.status.word(), row.name), "         ", &row.text);
    }
    let missing = rows.iter().filter(|row| row.status == Status::Missing).count();
    let _ = match missing {
        0 => writeln!(text, "All is well."),
        _ => writeln!(text, "{missing} of {} need a look.", rows.len()),
    };
    text
}

fn terminal(found: &Survey) -> Vec<Row> {
    let term = std::env::var("TERM").unwrap_or_default();
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let terminal = match (found.terminal, found.size) {
        (false, _) => row("terminal", Status::Note, "none here: reports are written, the screen needs one"),
        (true, None) => row("terminal", Status::Missing, format!("TERM={term}, and it does not tell its size")),
        (true, Some((width, height))) if width < SMALLEST.0 || height < SMALLEST.1 => {
            row("terminal", Status::Note, format!("TERM={term}, {width}x{height}; from {}x{} on more fits", SMALLEST.0, SMALLEST.1))
        }
        (true, Some((width, height))) => row("terminal", Status::Fine, format!("TERM={term}, {width}x{height}")),
    };
    let colours = match (no_colour, found.true_colour) {
        (true, _) => row("colours", Status::Note, "none, as NO_COLOR asks"),
        (false, true) => row("colours", Status::Fine, "all"),
        (false, false) => {
            row("colours", Status::Note, "sixteen; where the terminal can do more, set COLORTERM=truecolor or a theme (`pitfall config`)")
        }
    };
    let ground = match &found.ground {
        Ok(ground) => row("background", Status::Fine, format!("{ground}, as the terminal answered")),
        Err(why) => row("background", Status::Note, format!("unknown ({why}); `theme` in the configuration decides")),
    };
    let clipboard = match (found.clipboard, found.elsewhere) {
        (_, true) => row("clipboard", Status::Fine, "over SSH: the terminal is offered what is copied (OSC 52)"),
        (Some(tool), false) => row("clipboard", Status::Fine, tool),
        (None, false) => {
            let tools = "pbcopy, wl-copy, xclip, xsel";
            row("clipboard", Status::Note, format!("no tool ({tools}); the terminal is offered what is copied (OSC 52)"))
        }
    };
    vec![terminal, colours, ground, clipboard]
}

/// Reads the configuration, so that the overlays are known behind it.
fn configuration(common: &mut Common) -> Row {
    let Some(path) = config::path() else { return row("configuration", Status::Note, "no home folder to read one from") };
    let shown = path.display();
    match config::apply(common) {
        Err(error) => row("configuration", Status::Missing, format!("{error:#}")),
        Ok(()) if path.exists() => row("configuration", Status::Fine, format!("{shown}")),
        Ok(()) => row("configuration", Status::Fine, format!("{shown} is not there; defaults hold")),
    }
}

/// The folder for ticks and notes: whether it can be written, and is private.
fn state(folder: Option<PathBuf>) -> Row {
    const NAME: &str = "state";
    let Some(folder) = folder else {
        return row(NAME, Status::Missing, "no home folder: ticks and notes are not kept; set PITFALL_STATE to a folder");
    };
    let shown = folder.display();
    let Ok(meta) = fs::metadata(&folder) else {
        let Some(nearest) = folder.ancestors().skip(1).find(|folder| folder.exists()) else {
            return row(NAME, Status::Missing, format!("{shown} cannot be made"));
        };
        return if nearest.is_dir() && access(nearest, Access::WRITE_OK).is_ok() {
            row(NAME, Status::Fine, format!("{shown}, made when something is kept"))
        } else {
            row(NAME, Status::Missing, format!("{shown} cannot be made: {} cannot be written", nearest.display()))
        };
    };
    if !meta.is_dir() || access(&folder, Access::WRITE_OK).is_err() {
        return row(NAME, Status::Missing, format!("{shown} cannot be written: ticks and notes are not kept"));
    }
    let database = folder.join("pitfall.db");
    match private(&database) {
        Err(why) => row(NAME, Status::Missing, format!("{}: {why}", database.display())),
        Ok(()) => row(NAME, Status::Fine, format!("{shown}")),
    }
}

/// What is wrong with the database, as far as its first bytes and its permissions tell.
fn private(database: &Path) -> Result<(), String> {
    let Ok(meta) = fs::metadata(database) else { return Ok(()) };
    let mode = meta.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(format!("others may read it (mode {mode:o}); `chmod 600` it, or start the screen once"));
    }
    let mut file = fs::File::open(database).map_err(|error| error.to_string())?;
    let mut head = [0; 16];
    let known = std::io::Read::read(&mut file, &mut head).map_err(|error| error.to_string())?;
    if known > 0 && &head != b"SQLite format 3\0" {
        return Err("it is no database; it will be set aside, and a new one begun".to_owned());
    }
    Ok(())
}

fn knowledge(common: &Common) -> Vec<Row> {
    let mut overlays = Vec::new();
    let mut rows = Vec::new();
    for folder in &common.knowledge {
        match input::overlay(folder) {
            Ok(overlay) => overlays.push(overlay),
            Err(error) => rows.push(row("overlay", Status::Missing, format!("{error:#}"))),
        }
    }
    let names: Vec<String> = overlays.iter().map(|overlay| overlay.name.clone()).collect();
    let engine = Engine::new(overlays);
    let knowledge = engine.knowledge();
    let of = |name: &str| knowledge.problems().iter().filter(|problem| problem.path.starts_with(&format!("{name}/"))).count();
    let own = knowledge.problems().len() - names.iter().map(|name| of(name)).sum::<usize>();
    for name in &names {
        let told = match of(name) {
            0 => row("overlay", Status::Fine, name.clone()),
            count => row("overlay", Status::Missing, format!("{name}: {count} problems; `pitfall kb check` lists them")),
        };
        rows.push(told);
    }
    let text = format!(
        "{} pages, {} guides, {} codes{}",
        knowledge.pages().len(),
        knowledge.guides().len(),
        knowledge.catalogue().entries().len(),
        if own == 0 { String::new() } else { format!("; {own} problems, `pitfall kb check` lists them") }
    );
    rows.insert(0, row("knowledge", if own == 0 { Status::Fine } else { Status::Missing }, text));
    rows
}

fn editor() -> Row {
    let set = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()));
    match set {
        Some(editor) => row("editor", Status::Fine, crate::text::clean(&editor).text),
        None => row("editor", Status::Note, "none set; `pitfall forum reply` needs $VISUAL or $EDITOR"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_folder_is_looked_at_and_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a/b");
        assert_eq!(state(Some(place.clone())).status, Status::Fine);
        assert!(!place.exists());
        fs::write(folder.path().join("file"), "x").unwrap();
        assert_eq!(state(Some(folder.path().join("file/b"))).status, Status::Missing);
        fs::create_dir_all(&place).unwrap();
        let database = place.join("pitfall.db");
        fs::write(&database, "no database").unwrap();
        fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(state(Some(place.clone())).text.contains("chmod 600"));
        fs::set_permissions(&database, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(state(Some(place)).text.contains("no database"));
        assert_eq!(state(None).status, Status::Missing);
    }

    #[test]
    fn a_terminal_is_told_as_it_is() {
        let found = Survey {
            terminal: true,
            size: Some((60, 20)),
            true_colour: false,
            ground: Err("no answer".into()),
            clipboard: None,
            elsewhere: false,
        };
        let rows = terminal(&found);
        assert!(rows.iter().all(|row| row.status == Status::Note), "{rows:?}");
        let good = Survey { size: Some((80, 24)), true_colour: true, ground: Ok("dark"), clipboard: Some("pbcopy"), ..found };
        assert!(terminal(&good).iter().all(|row| row.status == Status::Fine || row.name == "colours"), "{:?}", terminal(&good));
        assert!(text(&terminal(&good), Paint::default()).ends_with("All is well.\n"));
    }
}
