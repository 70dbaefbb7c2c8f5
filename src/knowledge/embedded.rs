//! The knowledge inside the program, as the build script prepared it.

use super::front_matter::{RawCatalogueFile, RawGuide, RawPage};
use super::load::{Front, SourceFile};
use serde::Deserialize;
use std::borrow::Cow;

static PAGES: &str = include_str!(concat!(env!("OUT_DIR"), "/pages.txt"));
static PAGES_INDEX: &str = include_str!(concat!(env!("OUT_DIR"), "/pages.json"));
static GUIDES: &str = include_str!(concat!(env!("OUT_DIR"), "/guides.txt"));
static GUIDES_INDEX: &str = include_str!(concat!(env!("OUT_DIR"), "/guides.json"));
static CODES: &str = include_str!(concat!(env!("OUT_DIR"), "/codes.txt"));
static NAMED: &str = include_str!(concat!(env!("OUT_DIR"), "/named.json"));
static CODES_INDEX: &str = include_str!(concat!(env!("OUT_DIR"), "/codes.json"));

#[derive(Deserialize)]
struct Row<T> {
    path: String,
    start: usize,
    end: usize,
    value: Option<T>,
}

/// The embedded pages and guides.
#[must_use]
pub fn embedded() -> Vec<SourceFile> {
    let mut files = files(PAGES, PAGES_INDEX, |page: RawPage| Front::Page(Box::new(page)));
    files.extend(self::files(GUIDES, GUIDES_INDEX, |guide: RawGuide| Front::Guide(Box::new(guide))));
    files
}

/// The embedded catalogues.
#[must_use]
pub fn embedded_codes() -> Vec<SourceFile> {
    files(CODES, CODES_INDEX, |codes: RawCatalogueFile| Front::Codes(Box::new(codes)))
}

/// A page, and the codes that its patterns name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct NamedCodes {
    /// The page.
    pub id: String,
    /// Its other names.
    pub aliases: Vec<String>,
    /// What `code:` says in its patterns.
    pub codes: Vec<String>,
}

/// The codes that the embedded pages name, by the pages' ids; much quicker to have than the pages.
#[must_use]
pub fn embedded_named_codes() -> Vec<NamedCodes> {
    let mut named: Vec<NamedCodes> = serde_json::from_str(NAMED).unwrap_or_default();
    named.sort();
    named
}

/// The files of one blob. Where one of them has a value that does not fit, that one is given without it, and so read, and reported, as YAML.
fn files<T: serde::de::DeserializeOwned>(blob: &'static str, index: &str, front: impl Fn(T) -> Front) -> Vec<SourceFile> {
    let rows: Vec<Row<T>> = serde_json::from_str(index).unwrap_or_else(|_| {
        let rows: Vec<Row<serde_json::Value>> = serde_json::from_str(index).unwrap_or_default();
        let typed = |row: Row<serde_json::Value>| Row {
            value: row.value.and_then(|value| serde_json::from_value(value).ok()),
            path: row.path,
            start: row.start,
            end: row.end,
        };
        rows.into_iter().map(typed).collect()
    });
    let file = |row: Row<T>| SourceFile {
        path: row.path,
        text: Cow::Borrowed(crate::text::clip(blob, row.start..row.end)),
        front: row.value.map(&front),
    };
    rows.into_iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_file_came_with_its_json() {
        let missing: Vec<_> =
            embedded().into_iter().chain(embedded_codes()).filter(|file| file.front.is_none()).map(|file| file.path).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(!embedded().is_empty());
    }

    #[test]
    fn the_codes_that_pages_name_are_those_of_the_pages() {
        let knowledge = super::super::Knowledge::load(embedded(), Vec::new(), Vec::new());
        assert_eq!(embedded_named_codes(), knowledge.named_codes());
    }
}
