//! The one home of YAML: front matter, catalogues and overlay lists as they stand in files.
//!
//! Unknown keys, missing keys and wrong kinds of value are errors with their place. The raw forms here become the types of the knowledge in
//! [`super::load`]; the build script turns the same YAML into JSON beforehand, so that a start does not parse YAML at all.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Flow collections nested deeper than this are refused before they are parsed; pages need three levels.
const DEEPEST: usize = 12;

/// A value where files may write a word, a number or a truth.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Scalar {
    Text(String),
    Number(i64),
    Real(f64),
    Truth(bool),
}

impl Scalar {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Real(real) => real.to_string(),
            Self::Truth(truth) => truth.to_string(),
        }
    }
}

/// One value or a list of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Some1 {
    One(Scalar),
    Many(Vec<Scalar>),
}

impl Some1 {
    pub(super) fn list(&self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one.text()],
            Self::Many(many) => many.iter().map(Scalar::text).collect(),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawPage {
    pub id: Scalar,
    pub title: String,
    pub topic: String,
    pub severity: String,
    #[serde(default)]
    pub platforms: Vec<String>,
    pub status: String,
    pub replaced_by: Option<String>,
    pub summary: String,
    #[serde(default)]
    pub keywords: Vec<Scalar>,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub patterns: Vec<RawPattern>,
    #[serde(default)]
    pub rules: Vec<RawRule>,
    #[serde(default)]
    pub absorbs: Vec<String>,
    #[serde(default)]
    pub ask: Vec<String>,
    #[serde(default)]
    pub references: Vec<RawReference>,
    #[serde(default)]
    pub related: Vec<String>,
    #[serde(default)]
    pub since: BTreeMap<String, Scalar>,
    #[serde(default)]
    pub fixed_in: BTreeMap<String, Scalar>,
    pub reviewed: Scalar,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawGuide {
    pub id: Scalar,
    pub title: String,
    pub summary: String,
    #[serde(default)]
    pub keywords: Vec<Scalar>,
    #[serde(default)]
    pub related: Vec<String>,
    #[serde(default)]
    pub references: Vec<RawReference>,
    pub reviewed: Scalar,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPattern {
    pub id: Scalar,
    pub code: Option<Scalar>,
    pub needle: Option<Some1>,
    pub regex: Option<String>,
    pub fact: Option<BTreeMap<String, Some1>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    #[serde(default)]
    pub all: Vec<Scalar>,
    #[serde(default)]
    pub any: Vec<Scalar>,
    #[serde(default)]
    pub unless: Vec<Scalar>,
    #[serde(default)]
    pub then: Vec<Scalar>,
    #[serde(default)]
    pub count: BTreeMap<String, usize>,
    pub within: Option<usize>,
    pub same: Option<String>,
    pub confidence: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReference {
    pub title: String,
    pub url: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCatalogue {
    pub domain: String,
    #[serde(default)]
    pub short: Vec<Scalar>,
    pub prefix: Option<String>,
    /// For the reader of the file only.
    #[serde(default, rename = "about")]
    _about: String,
    pub codes: Vec<RawEntry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum RawCatalogueFile {
    Several { catalogues: Vec<RawCatalogue> },
    One(RawCatalogue),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEntry {
    pub code: Option<Scalar>,
    pub name: Option<Scalar>,
    #[serde(default)]
    pub also: Vec<Scalar>,
    pub meaning: String,
    #[serde(default)]
    pub pitfalls: Vec<String>,
    #[serde(default)]
    pub source: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOverlay {
    #[serde(default)]
    pub disable: Vec<String>,
    #[serde(default)]
    pub severity: BTreeMap<String, String>,
    #[serde(default)]
    pub confidence: BTreeMap<String, String>,
    #[serde(default)]
    pub notes: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawPack {
    pub name: String,
    /// As it is written: 1.10 is not 1.1.
    pub version: Option<String>,
    pub owner: Option<Some1>,
    #[serde(default)]
    pub owners: Vec<String>,
    pub description: Option<String>,
    pub homepage: Option<String>,
    pub minimum_pitfall: Option<String>,
}

/// What is wrong with a piece of YAML: line and column from 1 inside it, and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct YamlError {
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// Reads YAML into a raw form. Escapes in its strings (`"\e"`, `"\u202e"`) can spell what must not reach a terminal; that is taken out.
pub(super) fn parse<T: serde::de::DeserializeOwned>(yaml: &str) -> Result<T, YamlError> {
    if let Some((line, column)) = too_deep(yaml) {
        return Err(YamlError { line, column, message: format!("collections nested more than {DEEPEST} deep") });
    }
    let told = |error: serde_yaml::Error| {
        let text = error.to_string();
        let place = error.location().map(|at| (at.line(), at.column()));
        let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
        let (line, column) = duplicate_place(&message, yaml).or(place).unwrap_or((1, 1));
        YamlError { line: line.max(1), column: column.max(1), message }
    };
    let value = serde_yaml::from_str(yaml).map_err(told)?;
    let hidden = |c: char| matches!(u32::from(c), 0x7f..=0x9f | 0xad | 0x61c | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x2069 | 0xfeff | 0xe0000..=0xe007f);
    if !(yaml.contains('"') && yaml.contains('\\') || yaml.contains(hidden)) {
        return Ok(value);
    }
    let mut tree: serde_yaml::Value = serde_yaml::from_str(yaml).map_err(told)?;
    if tidied(&mut tree) { serde_yaml::from_value(tree).map_err(told) } else { Ok(value) }
}

/// Cleans the strings of a document; says whether one of them needed it.
fn tidied(tree: &mut serde_yaml::Value) -> bool {
    match tree {
        serde_yaml::Value::String(text) if text.chars().any(|c| !matches!(c, '\n' | '\t' | ' '..='~')) => {
            let clean = crate::text::clean(text).text;
            // Quotes that an author set are his.
            let hostile = clean
                .chars()
                .filter(|c| !matches!(c, '\'' | '"'))
                .ne(text.chars().filter(|c| !matches!(c, '\'' | '"' | '\u{2018}'..='\u{201f}')));
            if hostile {
                *text = clean;
            }
            hostile
        }
        serde_yaml::Value::Sequence(items) => items.iter_mut().fold(false, |any, item| tidied(item) | any),
        serde_yaml::Value::Mapping(fields) => fields.iter_mut().fold(false, |any, (_, value)| tidied(value) | any),
        serde_yaml::Value::Tagged(tagged) => tidied(&mut tagged.value),
        _ => false,
    }
}

/// The parser tells a duplicate key at 1:1; this finds its second writing.
fn duplicate_place(message: &str, yaml: &str) -> Option<(usize, usize)> {
    if !message.contains("duplicate") {
        return None;
    }
    let key = message.split(['`', '"']).nth(1)?;
    let is_key = |line: &str| line.trim_start().trim_start_matches("- ").strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
    let mut places = yaml.lines().enumerate().filter(|(_, line)| is_key(line));
    let (at, line) = places.nth(1)?;
    Some((at + 1, line.len() - line.trim_start().len() + 1))
}

/// Where flow brackets, outside quotes, first nest too deep.
fn too_deep(yaml: &str) -> Option<(usize, usize)> {
    let mut depth = 0_usize;
    for (row, line) in yaml.lines().enumerate() {
        let mut quote = None;
        for (column, c) in line.char_indices() {
            match (quote, c) {
                (Some(open), c) if open == c => quote = None,
                (None, '\'' | '"') => quote = Some(c),
                (None, '[' | '{') => depth += 1,
                (None, ']' | '}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return Some((row + 1, column + 1));
            }
        }
    }
    None
}

/// The YAML between the first two `---` lines, and where the rest begins, in bytes.
pub(super) fn split(text: &str) -> Option<(&str, usize)> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut at = start;
    let mut yaml_from = None;
    for line in text.get(start..)?.split_inclusive('\n') {
        let is_mark = line.trim_end_matches(['\n', '\r']) == "---";
        match (yaml_from, is_mark) {
            (None, true) => yaml_from = Some(at + line.len()),
            (None, false) => return None,
            (Some(from), true) => return Some((text.get(from..at)?, at + line.len())),
            (Some(_), false) => {}
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_only_at_lines_that_are_exactly_the_mark() {
        let (yaml, body) = split("---\nid: a\nx: '----BEGIN'\n---\n# b\n---\n").unwrap();
        assert_eq!(yaml, "id: a\nx: '----BEGIN'\n");
        assert_eq!(body, 29);
        assert!(split("\u{feff}---\r\nid: a\r\n---\r\nbody").is_some());
        assert!(split("---\nid: a\n").is_none());
        assert!(split("id: a\n---\n").is_none());
        assert!(split("--- \nid: a\n---").is_none());
        assert_eq!(split("---\n---").unwrap().0, "");
    }

    #[test]
    fn mistakes_come_with_their_place() {
        let error = parse::<RawOverlay>("disable: []\nenable: []\n").unwrap_err();
        assert_eq!(error.line, 2, "{error:?}");
        let error = parse::<RawReference>("title: a\nurl: b\ntitle: c\n").unwrap_err();
        assert_eq!((error.line, error.column), (3, 1), "{error:?}");
        let error = parse::<RawOverlay>(&format!("disable: {}", "[".repeat(100_000))).unwrap_err();
        assert!(error.message.contains("deep"));
    }
}
