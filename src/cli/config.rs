//! The configuration: `config.toml` in the configuration folder. What it does not know is an error that names the nearest word.

use crate::app::ThemeName;
use crate::app::keys::Keymap;
use crate::knowledge::nearest;
use crate::store::config_folder;
use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};

/// What the file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Config {
    /// The theme of the screen.
    pub(super) theme: Option<ThemeName>,
    /// Borders and marks of ASCII only.
    pub(super) ascii: bool,
    /// Other keys for actions: the action's name and its keys.
    pub(super) keys: Vec<(String, Vec<String>)>,
}

/// The names that may stand at the top of the file.
const KNOWN: &[&str] = &["theme", "ascii", "keys"];
/// The file's name in the configuration folder.
const FILE: &str = "config.toml";

/// The configuration: from the folder in `$PITFALL_CONFIG`, else from XDG's. No file is an empty one.
pub(super) fn read() -> anyhow::Result<Config> {
    let Some(folder) = config_folder(std::env::var_os("PITFALL_CONFIG").map(PathBuf::from)) else { return Ok(Config::default()) };
    let path = folder.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => parse(&text).with_context(|| path.display().to_string()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
        Err(error) => bail!("{} cannot be read: {error}", shown(&path)),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Reads the text of a configuration.
fn parse(text: &str) -> anyhow::Result<Config> {
    let table: toml::Table = text.parse()?;
    let mut config = Config::default();
    for (name, value) in &table {
        match name.as_str() {
            "theme" => {
                let word = value.as_str().with_context(|| "`theme` is a word in quotes, such as \"dark\"")?;
                config.theme = Some(theme(word)?);
            }
            "ascii" => config.ascii = value.as_bool().with_context(|| "`ascii` is true or false")?,
            "keys" => config.keys = keys(value)?,
            other => bail!("unknown name `{other}`{}", hint(other, KNOWN.iter().copied())),
        }
    }
    Ok(config)
}

/// The theme of this name.
pub(super) fn theme(word: &str) -> anyhow::Result<ThemeName> {
    let names = || ThemeName::ALL.iter().map(|theme| theme.word()).collect::<Vec<_>>().join(", ");
    ThemeName::parse(word).with_context(|| format!("unknown theme `{word}`; themes: {}", names()))
}

fn keys(value: &toml::Value) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let table = value.as_table().with_context(|| "`keys` is a table: [keys], then lines such as tick = \"t\"")?;
    let mut wanted = Vec::new();
    for (action, keys) in table {
        let list = match keys {
            toml::Value::String(key) => vec![key.clone()],
            toml::Value::Array(keys) => keys.iter().filter_map(|key| key.as_str().map(str::to_owned)).collect(),
            _ => bail!("[keys]: `{action}` takes a key, or a list of keys"),
        };
        wanted.push((action.clone(), list));
    }
    // Tried here, so that a mistake is told before the screen stands.
    let problems = Keymap::default().remap(&wanted);
    match problems.first() {
        Some(first) => bail!("[keys]: {first}"),
        None => Ok(wanted),
    }
}

fn hint<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(word, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn reads_what_it_knows() {
        assert_eq!(parse("").unwrap(), Config::default());
        let config = parse("theme = \"high-contrast\"\nascii = true\n[keys]\ntick = \"t\"\nquit = [\"Q\", \"ctrl-q\"]\n").unwrap();
        assert_eq!((config.theme, config.ascii), (Some(ThemeName::Contrast), true));
        assert_eq!(
            config.keys,
            [("quit".to_owned(), vec!["Q".to_owned(), "ctrl-q".to_owned()]), ("tick".to_owned(), vec!["t".to_owned()])]
        );
    }

    #[test]
    fn mistakes_name_the_nearest_word() {
        assert!(wrong("tehme = \"dark\"").contains("did you mean `theme`?"));
        assert!(wrong("[keys]\ntikc = \"t\"").contains("no action is called `tikc`; did you mean `tick`?"));
        assert!(wrong("[keys]\ntick = \"hyper-t\"").contains("`hyper-t` is no key"));
        assert!(wrong("[keys]\ntick = 5").contains("`tick` takes a key"));
        assert!(wrong("theme = \"drak\"").contains("themes: dark, light"));
        assert!(wrong("ascii = \"yes\"").contains("true or false"));
        assert!(wrong("keys = 1").contains("is a table"));
        assert!(wrong("theme = ").contains("line 1"), "{}", wrong("theme = "));
    }
}
