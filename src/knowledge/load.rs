//! Files into knowledge: what is good, and every problem.

use super::body::nearest;
use super::catalogue::{Catalogue, Entry, number, signed};
use super::embedded::NamedCodes;
use super::front_matter::{self, RawCatalogue, RawCatalogueFile, RawGuide, RawPage, Scalar};
use super::model::{Code, Guide, Page, PatternSpec, Test};
use super::origin::{Origin, Provenance};
use super::pack::{Layer, PACK_FILE, near_field};
use super::problem::{Kind, Problem};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A knowledge file: its path as problems name it, its text, and its front matter where that was read beforehand.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path below the knowledge folder, with the folder's own path in front for overlays.
    pub path: String,
    /// The text.
    pub text: Cow<'static, str>,
    pub(super) front: Option<Front>,
}

#[derive(Debug, Clone)]
pub(super) enum Front {
    Page(Box<RawPage>),
    Guide(Box<RawGuide>),
    Codes(Box<RawCatalogueFile>),
}

impl SourceFile {
    /// A file as read from a folder; `path` ends with `topic/id.md`, `guides/id.md`, `codes/name.yaml` or `overlay.yaml`.
    #[must_use]
    pub fn new(path: String, text: String) -> Self {
        Self { path, text: Cow::Owned(text), front: None }
    }

    /// The last folder and the file's name without its ending.
    pub(super) fn folder_and_stem(&self) -> (&str, &str) {
        let mut parts = self.path.rsplit('/');
        let file = parts.next().unwrap_or("");
        (parts.next().unwrap_or(""), file.rsplit_once('.').map_or(file, |(stem, _)| stem))
    }
}

/// A folder of files that lies over what was loaded before.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    /// The folder, as problems name it.
    pub name: String,
    /// Its files.
    pub files: Vec<SourceFile>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// A knowledge file is at most this many bytes: thirty times the longest page.
pub const LARGEST_PAGE: usize = 256 << 10;
/// A catalogue is at most this many bytes.
pub const LARGEST_CATALOGUE: usize = 2 << 20;

/// Everything that is known.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    pub(super) pages: Vec<Page>,
    pub(super) guides: Vec<Guide>,
    catalogue: Arc<Catalogue>,
    places: HashMap<String, usize>,
    problems: Vec<Problem>,
    pub(super) layers: Vec<Layer>,
    /// Ids and aliases that are gone, with the rank of the pack that disabled them.
    pub(super) disabled: BTreeMap<String, usize>,
}

impl Knowledge {
    /// Loads `base`, then lays every overlay over it: the same id replaces, `disable:` removes.
    #[must_use]
    pub fn load(base: Vec<SourceFile>, codes: Vec<SourceFile>, overlays: Vec<Overlay>) -> Self {
        let mut knowledge = Self::default();
        for file in base {
            knowledge.add(&file, false);
        }
        for file in codes {
            knowledge.add_codes(&file, false);
        }
        for overlay in overlays {
            knowledge.begin(&overlay);
            knowledge.problems.extend(overlay.problems);
            for file in overlay.files {
                if file.path.ends_with(PACK_FILE) {
                } else if file.path.ends_with("/overlay.yaml") || file.path == "overlay.yaml" {
                    knowledge.tune(&file);
                } else if file.path.ends_with(".yaml") {
                    knowledge.add_codes(&file, true);
                } else {
                    knowledge.add(&file, true);
                }
            }
        }
        knowledge.pages.sort_by(|a, b| a.id.cmp(&b.id));
        knowledge.guides.sort_by(|a, b| a.id.cmp(&b.id));
        knowledge.index_ids();
        knowledge
    }

    /// The pages, by id.
    #[must_use]
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The guides, by id.
    #[must_use]
    pub fn guides(&self) -> &[Guide] {
        &self.guides
    }

    /// The error codes.
    #[must_use]
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// The codes that the pages' patterns name, by the pages' ids.
    #[must_use]
    pub fn named_codes(&self) -> Vec<NamedCodes> {
        let code = |pattern: &PatternSpec| if let Test::Code(spec) = &pattern.test { Some(spec.0.clone()) } else { None };
        let named = |page: &Page| NamedCodes {
            id: page.id.clone(),
            aliases: page.aliases.clone(),
            codes: page.patterns.iter().filter_map(code).collect(),
        };
        self.pages.iter().map(named).collect()
    }

    /// What was wrong with the files as files; [`crate::check`] looks deeper.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The overlays in their order, each with what it does; the last one has the last word.
    #[must_use]
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Whether an id was taken away over the head of what has this rank (0: built in), which may name it still.
    #[must_use]
    pub fn is_disabled_above(&self, id: &str, rank: usize) -> bool {
        self.disabled.get(id).is_some_and(|by| *by > rank)
    }

    pub(super) fn provenance(&self) -> Provenance {
        Provenance { origin: Origin(self.layers.last().map(|layer| Arc::clone(&layer.pack))), ..Provenance::default() }
    }

    /// The page with this id or alias.
    #[must_use]
    pub fn page(&self, id: &str) -> Option<&Page> {
        self.places.get(id).and_then(|at| self.pages.get(*at))
    }

    /// The guide with this id.
    #[must_use]
    pub fn guide(&self, id: &str) -> Option<&Guide> {
        self.guides.iter().find(|guide| guide.id == id)
    }

    /// Ids, titles of pages and guides that are near to a mistyped `id`.
    #[must_use]
    pub fn near(&self, id: &str) -> Option<&str> {
        nearest(id, self.pages.iter().map(|page| page.id.as_str()).chain(self.guides.iter().map(|guide| guide.id.as_str())))
    }

    fn index_ids(&mut self) {
        self.places.clear();
        for (at, page) in self.pages.iter().enumerate() {
            for alias in &page.aliases {
                self.places.entry(alias.clone()).or_insert(at);
            }
        }
        for (at, page) in self.pages.iter().enumerate() {
            self.places.insert(page.id.clone(), at);
        }
    }

    fn add(&mut self, file: &SourceFile, replaces: bool) {
        if file.text.len() > LARGEST_PAGE {
            self.say(file, 1, 1, Kind::Size, format!("{} bytes, at most {LARGEST_PAGE}", file.text.len()), "A page is short.");
            return;
        }
        let Some((yaml, body_at)) = front_matter::split(&file.text) else {
            self.say(
                file,
                1,
                1,
                Kind::NoFrontMatter,
                "no front matter between two `---` lines".into(),
                "Begin the file with `---`, YAML, `---`.",
            );
            return;
        };
        let guide = file.folder_and_stem().0 == "guides";
        let read = match (file.front.clone(), guide) {
            (Some(front), _) => Ok(front),
            (None, true) => front_matter::parse(yaml).map(|raw| Front::Guide(Box::new(raw))),
            (None, false) => front_matter::parse(yaml).map(|raw| Front::Page(Box::new(raw))),
        };
        match read {
            Err(error) => {
                let hint = near_field(&error.message).unwrap_or_else(|| yaml_hint(&error.message).to_owned());
                self.say(file, error.line + 1, error.column, Kind::Yaml, error.message, &hint);
            }
            Ok(Front::Page(raw)) => self.add_page(file, *raw, body_at, replaces),
            Ok(Front::Guide(raw)) => self.add_guide(file, *raw, body_at, replaces),
            Ok(Front::Codes(_)) => {}
        }
    }

    fn add_codes(&mut self, file: &SourceFile, replaces: bool) {
        if file.text.len() > LARGEST_CATALOGUE {
            self.say(
                file,
                1,
                1,
                Kind::Size,
                format!("{} bytes, at most {LARGEST_CATALOGUE}", file.text.len()),
                "Split the catalogue by domain.",
            );
            return;
        }
        let read = match &file.front {
            Some(Front::Codes(raw)) => Ok((**raw).clone()),
            // Read as one of the two forms, so that a mistake inside has its place: an untagged value would lose it.
            _ if file.text.lines().any(|line| line.starts_with("catalogues:")) => {
                front_matter::parse::<Several>(&file.text).map(|several| RawCatalogueFile::Several { catalogues: several.catalogues })
            }
            _ => front_matter::parse::<RawCatalogue>(&file.text).map(RawCatalogueFile::One),
        };
        match read {
            Err(error) => {
                let hint = near_field(&error.message).unwrap_or_else(|| yaml_hint(&error.message).to_owned());
                self.say(file, error.line, error.column, Kind::Yaml, error.message, &hint);
            }
            Ok(RawCatalogueFile::One(raw)) => self.add_catalogue(file, raw, replaces),
            Ok(RawCatalogueFile::Several { catalogues }) => catalogues.into_iter().for_each(|raw| self.add_catalogue(file, raw, replaces)),
        }
    }

    fn add_catalogue(&mut self, file: &SourceFile, raw: RawCatalogue, replaces: bool) {
        let catalogue = Arc::make_mut(&mut self.catalogue);
        catalogue.add_domain(&raw.domain, &texts(&raw.short), raw.prefix.as_deref());
        for entry in raw.codes {
            let code = entry.code.as_ref().map(|code| match code {
                Scalar::Text(text) => {
                    number(text).filter(|_| text.starts_with("0x")).map_or_else(|| Code::Text(text.clone()), Code::Number)
                }
                other => number(&other.text()).map_or_else(|| Code::Text(other.text()), |n| Code::Number(signed(n))),
            });
            let name = entry.name.as_ref().map(Scalar::text).filter(|name| !name.is_empty());
            if code.is_none() && name.is_none() || entry.meaning.trim().is_empty() {
                self.say_at(
                    file,
                    &entry.meaning,
                    Kind::Catalogue,
                    format!("an entry of {} without code, name or meaning", raw.domain),
                    "Give it a code or a name, and a meaning.",
                );
                continue;
            }
            let entry = Entry {
                domain: raw.domain.clone(),
                code,
                name,
                also: texts(&entry.also),
                meaning: entry.meaning,
                pitfalls: entry.pitfalls,
                source: entry.source,
                path: file.path.clone(),
            };
            let catalogue = Arc::make_mut(&mut self.catalogue);
            if replaces {
                let label = entry.label();
                if catalogue.replace(entry) {
                    self.account(|layer| &mut layer.codes.replaced, &label);
                } else {
                    self.account(|layer| &mut layer.codes.added, &label);
                }
            } else {
                catalogue.add(entry);
            }
        }
    }

    /// A problem at the first place of `needle` in the file.
    pub(super) fn say_at(&mut self, file: &SourceFile, needle: &str, kind: Kind, message: String, hint: &str) {
        let (line, column) = place_of(&file.text, needle);
        self.say(file, line, column, kind, message, hint);
    }

    pub(super) fn say(&mut self, file: &SourceFile, line: usize, column: usize, kind: Kind, message: String, hint: &str) {
        self.problems.push(Problem { kind, path: file.path.clone(), line, column, message, hint: hint.to_owned() });
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Several {
    catalogues: Vec<RawCatalogue>,
}

/// Line and column, from 1, of the first place of `needle`; the first line where it is not found.
#[must_use]
pub fn place_of(text: &str, needle: &str) -> (usize, usize) {
    let at = text.find(needle).unwrap_or(0);
    let before = crate::text::clip(text, 0..at);
    let line = before.matches('\n').count() + 1;
    let column = crate::text::char_len(before.rsplit('\n').next().unwrap_or("")) + 1;
    (line, column)
}

fn yaml_hint(message: &str) -> &'static str {
    if message.contains("unknown field") {
        "The author's guide (knowledge/README.md) lists the keys; check the spelling."
    } else if message.contains("missing field") {
        "Add the key; `pitfall kb new` writes all of them."
    } else if message.contains("duplicate") {
        "Write each key once."
    } else {
        "Quote strings that hold `: `, ` #`, quotes, or begin with a special character."
    }
}

pub(super) fn texts(scalars: &[Scalar]) -> Vec<String> {
    scalars.iter().map(Scalar::text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(id: &str) -> String {
        format!(
            "---\nid: {id}\ntitle: A title\ntopic: keychain\nseverity: high\nstatus: stable\nsummary: A summary that is long enough to read.\npatterns:\n  - {{id: a, needle: something}}\nreviewed: 2026-11-22\n---\n## Symptom\n"
        )
    }

    fn files(list: &[(&str, &str)]) -> Vec<SourceFile> {
        list.iter().map(|(path, text)| SourceFile::new((*path).into(), (*text).into())).collect()
    }

    fn kinds(knowledge: &Knowledge) -> Vec<(Kind, usize)> {
        knowledge.problems().iter().map(|problem| (problem.kind, problem.line)).collect()
    }

    #[test]
    fn overlays_replace_and_disable() {
        let base = files(&[("keychain/a.md", &page("a")), ("keychain/b.md", &page("b"))]);
        let replaced = page("a").replace("A title", "Mine");
        let overlay = Overlay {
            name: "o".into(),
            files: files(&[("o/keychain/a.md", &replaced), ("o/overlay.yaml", "disable: [b, c]")]),
            problems: vec![],
        };
        let knowledge = Knowledge::load(base, vec![], vec![overlay]);
        assert_eq!(knowledge.page("a").unwrap().title, "Mine");
        assert!(knowledge.page("b").is_none());
        assert_eq!(kinds(&knowledge), [(Kind::Stale, 1)]);
    }

    #[test]
    fn one_bad_file_does_not_hide_the_others() {
        let good = page("a");
        let bad = page("b").replace("severity: high", "severity: hihg");
        let worse = page("c").replace("title:", "titel:");
        let knowledge = Knowledge::load(
            files(&[("keychain/a.md", &good), ("keychain/b.md", &bad), ("keychain/c.md", &worse), ("keychain/d.md", "x")]),
            vec![],
            vec![],
        );
        assert_eq!(knowledge.pages().len(), 1);
        assert_eq!(kinds(&knowledge), [(Kind::Word, 5), (Kind::Yaml, 3), (Kind::NoFrontMatter, 1)]);
        assert!(knowledge.problems()[0].message.contains("did you mean `high`"));
    }

    #[test]
    fn patterns_and_rules_are_checked_by_name() {
        let both = page("a").replace("{id: a, needle: something}", "{id: a, needle: something, code: -50}");
        let unknown = page("b").replace("reviewed:", "rules:\n  - {all: [x], confidence: likely}\nreviewed:");
        let knowledge = Knowledge::load(files(&[("keychain/a.md", &both), ("keychain/b.md", &unknown)]), vec![], vec![]);
        let found: Vec<_> = kinds(&knowledge).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(found, [Kind::Pattern, Kind::Rule]);
    }
}
