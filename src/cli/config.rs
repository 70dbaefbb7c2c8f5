//! The configuration: `config.toml` in the configuration folder, the environment over it, and the command line over both. What it does not
//! know is an error that says where it stands and names the nearest word.

use super::Common;
use crate::app::ThemeName;
use crate::app::keys::{Keymap, TABLE};
use crate::knowledge::nearest;
use crate::store::config_folder;
use anyhow::{Context as _, bail};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where a value comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Source {
    /// Nothing was said.
    #[default]
    Default,
    /// The file.
    File,
    /// A variable of the environment.
    Environment,
    /// The command line.
    Flag,
}

impl Source {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
            Self::Flag => "flag",
        }
    }
}

/// A value, and where it comes from.
pub(super) type Sourced<T> = (T, Source);

/// What holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Config {
    /// Folders laid over the embedded knowledge, in order.
    pub(super) knowledge: Vec<Sourced<PathBuf>>,
    /// Only lines of this process count.
    pub(super) process: Sourced<Option<String>>,
    /// The theme of the screen; without one the terminal decides.
    pub(super) theme: Sourced<Option<ThemeName>>,
    /// Borders and marks of ASCII only.
    pub(super) ascii: Sourced<bool>,
    /// Other keys for actions: the action's name and its keys.
    pub(super) keys: Sourced<Vec<(String, Vec<String>)>>,
}

/// A key of the file.
pub(super) struct Key {
    /// Its name.
    pub(super) name: &'static str,
    /// The variable that goes over it.
    pub(super) variable: &'static str,
    /// What it is for, in lines.
    about: &'static [&'static str],
    /// Its default, as it is written.
    default: &'static str,
}

/// Every key that the file knows.
pub(super) const KEYS: &[Key] = &[
    Key {
        name: "knowledge",
        variable: "PITFALL_KNOWLEDGE",
        about: &[
            "Folders with pages of your own, laid over the embedded ones in this order: a page with a known id replaces it, and",
            "`overlay.yaml` disables pages. Relative to this file; ~ is your home. Those of PITFALL_KNOWLEDGE (divided by `:`) come",
            "on top, and those of --knowledge on top of all.",
        ],
        default: "[]",
    },
    Key {
        name: "process",
        variable: "PITFALL_PROCESS",
        about: &[
            "`triage` and `watch` only count lines of this process, the name of your app as the system's log has it; \"\" for all.",
            "Over it: PITFALL_PROCESS, --process.",
        ],
        default: "\"\"",
    },
    Key {
        name: "theme",
        variable: "PITFALL_THEME",
        about: &[
            "Colours of the screen: auto (what the terminal calls for), dark, light, contrast, 16 (the terminal's own), plain (none).",
            "Over it: NO_COLOR, PITFALL_THEME, --theme.",
        ],
        default: "\"auto\"",
    },
    Key {
        name: "ascii",
        variable: "PITFALL_ASCII",
        about: &["Borders and marks of ASCII only.", "Over it: PITFALL_ASCII (true or false), --ascii."],
        default: "false",
    },
];

/// The table of keys, which no variable goes over.
const KEYMAP: &str = "keys";
/// The file's name in the configuration folder.
const FILE: &str = "config.toml";

/// Where the file stands: in the folder `$PITFALL_CONFIG`, else in XDG's; none without a home.
pub(super) fn path() -> Option<PathBuf> {
    config_folder(std::env::var_os("PITFALL_CONFIG").map(PathBuf::from)).map(|folder| folder.join(FILE))
}

/// What the file and the environment say. No file is an empty one.
pub(super) fn read() -> anyhow::Result<Config> {
    let mut config = Config::default();
    if let Some(path) = path() {
        let shown = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => config = parse(&text, path.parent().unwrap_or(Path::new(""))).map_err(|wrong| wrong.told(&shown, &text))?,
            Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {}
            Err(error) => bail!("{shown} cannot be read: {error}"),
        }
    }
    environment(&mut config, &|name| std::env::var(name).ok().filter(|value| !value.is_empty()))?;
    Ok(config)
}

/// Adds what the file and the environment say to what the command line says.
pub(super) fn apply(common: &mut Common) -> anyhow::Result<()> {
    let mut config = read()?;
    config.knowledge.extend(common.knowledge.iter().map(|folder| (folder.clone(), Source::Flag)));
    common.knowledge = config.knowledge.iter().map(|(folder, _)| folder.clone()).collect();
    common.config = config;
    Ok(())
}

impl Config {
    /// The process whose lines count: the one of the command line, else the one of the configuration; an empty one is all.
    pub(super) fn process(&self, flag: Option<&str>) -> Option<String> {
        flag.or(self.process.0.as_deref()).filter(|name| !name.is_empty()).map(str::to_owned)
    }
}

/// The file with every key, its default, and what it is for.
pub(super) fn document() -> String {
    let mut out = String::from(
        "# The configuration of pitfall: config.toml in the folder that `pitfall config --path` names. Every line may be left out.\n\
         # The environment goes over this file, the command line over both; `pitfall config` says what holds, and why.\n",
    );
    for key in KEYS {
        out.push('\n');
        key.about.iter().for_each(|line| out.extend(["# ", line, "\n"]));
        out.extend([key.name, " = ", key.default, "\n"]);
    }
    out.push_str(
        "\n# Other keys for actions of the screen, as a word or a list: tick = \"t\", quit = [\"Q\", \"ctrl-q\"]. The key is taken from other\n\
         # actions, and given to this one on every screen. What stands here is how it is without them.\n[keys]\n",
    );
    let mut known: Vec<&str> = Vec::new();
    for row in TABLE {
        if !known.contains(&row.action.name()) {
            known.push(row.action.name());
            let keys: Vec<String> = row.keys.iter().map(|key| format!("{key:?}")).collect();
            let keys = if keys.len() == 1 { keys.concat() } else { format!("[{}]", keys.join(", ")) };
            out.extend(["# ", row.action.name(), " = ", &keys, "  # ", row.help, "\n"]);
        }
    }
    out
}

/// What is wrong with the file, and where, in bytes.
#[derive(Debug)]
struct Wrong {
    at: usize,
    message: String,
}

impl Wrong {
    fn at<T>(span: &Range<usize>, message: impl Into<String>) -> Result<T, Self> {
        Err(Self { at: span.start, message: message.into() })
    }

    /// The sentence with its place: file, line, column.
    fn told(&self, path: &str, text: &str) -> anyhow::Error {
        let before = crate::text::clip(text, 0..self.at);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        anyhow::anyhow!("{path}:{line}:{column}: {}", self.message)
    }
}

/// Reads the text of a configuration that stands in `folder`.
fn parse(text: &str, folder: &Path) -> Result<Config, Wrong> {
    let table = DeTable::parse(text)
        .map_err(|error| Wrong { at: error.span().map_or(0, |span| span.start), message: error.message().replace('\n', ", ") })?;
    let mut config = Config::default();
    for (name, value) in table.get_ref() {
        let (file, span) = (Source::File, value.span());
        match name.get_ref().as_ref() {
            "knowledge" => {
                let folders = words(value).filter(|_| value.get_ref().is_array());
                let Some(folders) = folders else { return Wrong::at(&span, "`knowledge` is a list of folders, such as [\"~/our-pages\"]") };
                config.knowledge = folders.iter().map(|name| (placed(name, folder), file)).collect();
            }
            "process" => match value.get_ref().as_str() {
                Some(word) => config.process = (Some(word).filter(|word| !word.is_empty()).map(str::to_owned), file),
                None => return Wrong::at(&span, "`process` is a name in quotes"),
            },
            "theme" => {
                let Some(word) = value.get_ref().as_str() else { return Wrong::at(&span, "`theme` is a word in quotes, such as \"dark\"") };
                config.theme = (theme(word).or_else(|error| Wrong::at(&span, error.to_string()))?, file);
            }
            "ascii" => match value.get_ref().as_bool() {
                Some(ascii) => config.ascii = (ascii, file),
                None => return Wrong::at(&span, "`ascii` is true or false"),
            },
            KEYMAP => config.keys = (keys(value)?, file),
            other => {
                let known = KEYS.iter().map(|key| key.name).chain([KEYMAP]);
                return Wrong::at(&name.span(), format!("unknown key `{other}`{}", hint(other, known)));
            }
        }
    }
    Ok(config)
}

/// Lays the variables of the environment over the configuration.
fn environment(config: &mut Config, variable: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<()> {
    let from = Source::Environment;
    if let Some(folders) = variable("PITFALL_KNOWLEDGE") {
        config.knowledge.extend(std::env::split_paths(&folders).filter(|path| !path.as_os_str().is_empty()).map(|path| (path, from)));
    }
    if let Some(word) = variable("PITFALL_PROCESS") {
        config.process = (Some(word), from);
    }
    if let Some(word) = variable("PITFALL_THEME") {
        config.theme = (theme(&word).context("PITFALL_THEME")?, from);
    }
    if let Some(word) = variable("PITFALL_ASCII") {
        config.ascii = match word.as_str() {
            "true" | "1" => (true, from),
            "false" | "0" => (false, from),
            _ => bail!("PITFALL_ASCII is true or false, not `{word}`"),
        };
    }
    Ok(())
}

/// The theme of this name; none for `auto`.
pub(super) fn theme(word: &str) -> anyhow::Result<Option<ThemeName>> {
    let names = || ThemeName::ALL.iter().map(|theme| theme.word()).chain(["auto"]);
    if word == "auto" {
        return Ok(None);
    }
    let theme = ThemeName::parse(word);
    theme
        .map(Some)
        .with_context(|| format!("unknown theme `{word}`{} Themes: {}", hint(word, names()), names().collect::<Vec<_>>().join(", ")))
}

/// A folder of the file: relative to it, `~` is the home.
fn placed(name: &str, folder: &Path) -> PathBuf {
    match (name.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => folder.join(name),
    }
}

/// A word, or a list of words.
fn words(value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    match value.get_ref() {
        DeValue::String(word) => Some(vec![word.clone().into_owned()]),
        DeValue::Array(list) => list.iter().map(|one| one.get_ref().as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

fn keys(value: &Spanned<DeValue<'_>>) -> Result<Vec<(String, Vec<String>)>, Wrong> {
    let Some(table) = value.get_ref().as_table() else {
        return Wrong::at(&value.span(), "`keys` is a table: [keys], then lines such as tick = \"t\"");
    };
    let mut wanted = Vec::new();
    for (action, value) in table {
        let name = action.get_ref().clone().into_owned();
        let Some(list) = words(value) else { return Wrong::at(&value.span(), format!("`{name}` takes a key, or a list of keys")) };
        // Tried here, so that a mistake is told before the screen stands.
        let one = [(name, list)];
        if let Some(problem) = Keymap::default().remap(&one).first() {
            let span = if problem.contains("no action") { action.span() } else { value.span() };
            return Wrong::at(&span, problem.clone());
        }
        wanted.extend(one);
    }
    Ok(wanted)
}

fn hint<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(word, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Action;

    fn read_as(text: &str) -> Config {
        parse(text, Path::new("/etc/x")).unwrap()
    }

    fn wrong(text: &str) -> String {
        parse(text, Path::new("/etc/x")).unwrap_err().told("config.toml", text).to_string()
    }

    #[test]
    fn reads_what_it_knows() {
        assert_eq!(read_as(""), Config::default());
        let config = read_as(
            "theme = \"high-contrast\"\nascii = true\nprocess = \"Notes\"\nknowledge = [\"ours\", \"/a/b\"]\n[keys]\ntick = \"t\"\nquit = [\"Q\", \"ctrl-q\"]\n",
        );
        assert_eq!((config.theme, config.ascii), ((Some(ThemeName::Contrast), Source::File), (true, Source::File)));
        assert_eq!(config.process(None).as_deref(), Some("Notes"));
        assert_eq!((config.process(Some("")), config.process(Some("secd")).as_deref()), (None, Some("secd")));
        let folders: Vec<_> = config.knowledge.iter().map(|(folder, _)| folder.to_str().unwrap()).collect();
        assert_eq!(folders, ["/etc/x/ours", "/a/b"]);
        assert_eq!(
            config.keys.0,
            [("quit".to_owned(), vec!["Q".to_owned(), "ctrl-q".to_owned()]), ("tick".to_owned(), vec!["t".to_owned()])]
        );
    }

    #[test]
    fn mistakes_tell_their_place_and_the_nearest_word() {
        for (text, told) in [
            ("ascii = true\ntehme = \"dark\"", "config.toml:2:1: unknown key `tehme`; did you mean `theme`?"),
            ("[keys]\ntikc = \"t\"", "config.toml:2:1: no action is called `tikc`; did you mean `tick`?"),
            ("[keys]\ntick = \"hyper-t\"", "config.toml:2:8: `hyper-t` is no key"),
            ("[keys]\ntick = 5", "config.toml:2:8: `tick` takes a key"),
            ("theme = \"drak\"", "config.toml:1:9: unknown theme `drak`; did you mean `dark`? Themes: dark, light"),
            ("# é\nascii = \"yes\"", "config.toml:2:9: `ascii` is true or false"),
            ("keys = 1", "config.toml:1:8: `keys` is a table"),
            ("knowledge = \"x\"", "config.toml:1:13: `knowledge` is a list"),
            ("knowledge = [1]", "config.toml:1:13: `knowledge` is a list"),
            ("process = 1", "config.toml:1:11: `process` is a name"),
            ("theme = ", "config.toml:1:"),
        ] {
            assert!(wrong(text).starts_with(told), "{}", wrong(text));
        }
    }

    #[test]
    fn the_environment_goes_over_the_file() {
        let mut config = read_as("theme = \"dark\"\nknowledge = [\"/a\"]\nprocess = \"Notes\"");
        let set = [("PITFALL_THEME", "auto"), ("PITFALL_KNOWLEDGE", "/b:/c"), ("PITFALL_ASCII", "1")];
        let variable = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        environment(&mut config, &variable).unwrap();
        assert_eq!(config.theme, (None, Source::Environment));
        assert_eq!(config.ascii, (true, Source::Environment));
        assert_eq!(config.process, (Some("Notes".into()), Source::File));
        let of: Vec<_> = config.knowledge.iter().map(|(folder, source)| (folder.to_str().unwrap(), source.word())).collect();
        assert_eq!(of, [("/a", "file"), ("/b", "environment"), ("/c", "environment")]);
        for (name, value) in [("PITFALL_THEME", "drak"), ("PITFALL_ASCII", "yes")] {
            let error = environment(&mut Config::default(), &|known| (known == name).then(|| value.to_owned())).unwrap_err();
            assert!(format!("{error:#}").contains(name), "{error:#}");
        }
    }

    /// What is printed is what holds without a file, and tells every key.
    #[test]
    fn the_printed_file_is_the_default() {
        let printed = document();
        let config = read_as(&printed);
        let values = (config.knowledge, config.process.0, config.theme.0, config.ascii.0, config.keys.0);
        assert_eq!(values, (Vec::new(), None, None, false, Vec::new()));
        for key in KEYS {
            assert!(printed.contains(&format!("\n{} = {}\n", key.name, key.default)) && printed.contains(key.variable), "{}", key.name);
        }
        for row in TABLE {
            assert!(printed.contains(&format!("\n# {} = ", row.action.name())), "{}", row.action.name());
        }
        assert!(Action::ALL.len() >= 20, "the table is not empty");
        // A comment sign taken away gives a line that is understood.
        let line = printed.lines().find_map(|line| line.strip_prefix("# tick = ")).unwrap();
        assert_eq!(read_as(&format!("[keys]\ntick = {line}")).keys.0.len(), 1);
    }
}
