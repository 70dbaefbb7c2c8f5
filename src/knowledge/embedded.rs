//! The knowledge inside the program, as the build script prepared it.

use super::front_matter::{RawCatalogueFile, RawGuide, RawPage};
use super::load::{Front, SourceFile};
use serde::Deserialize;
use std::borrow::Cow;

static PAGES: &str = include_str!(concat!(env!("OUT_DIR"), "/pages.txt"));
static PAGES_INDEX: &str = include_str!(concat!(env!("OUT_DIR"), "/pages.json"));
static CODES: &str = include_str!(concat!(env!("OUT_DIR"), "/codes.txt"));
static CODES_INDEX: &str = include_str!(concat!(env!("OUT_DIR"), "/codes.json"));

#[derive(Deserialize)]
struct Row<T> {
    path: String,
    start: usize,
    end: usize,
    value: Option<T>,
}

#[derive(Deserialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant)] // One value per page, moved at once.
enum RawFront {
    Page(RawPage),
    Guide(RawGuide),
}

/// The embedded pages and guides. A file whose JSON does not fit is given without it and so read, and reported, as YAML.
#[must_use]
pub fn embedded() -> Vec<SourceFile> {
    rows::<serde_json::Value>(PAGES_INDEX)
        .into_iter()
        .map(|row| SourceFile {
            front: row.value.and_then(|value| serde_json::from_value::<RawFront>(value).ok()).map(|front| match front {
                RawFront::Page(page) => Front::Page(Box::new(page)),
                RawFront::Guide(guide) => Front::Guide(Box::new(guide)),
            }),
            text: text(PAGES, row.start, row.end),
            path: row.path,
        })
        .collect()
}

/// The embedded catalogues.
#[must_use]
pub fn embedded_codes() -> Vec<SourceFile> {
    rows::<RawCatalogueFile>(CODES_INDEX)
        .into_iter()
        .map(|row| SourceFile { front: row.value.map(|value| Front::Codes(Box::new(value))), text: text(CODES, row.start, row.end), path: row.path })
        .collect()
}

fn rows<T: serde::de::DeserializeOwned>(index: &'static str) -> Vec<Row<T>> {
    serde_json::from_str(index).unwrap_or_default()
}

fn text(blob: &'static str, start: usize, end: usize) -> Cow<'static, str> {
    Cow::Borrowed(crate::text::clip(blob, start..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_file_came_with_its_json() {
        let missing: Vec<_> = embedded().into_iter().chain(embedded_codes()).filter(|file| file.front.is_none()).map(|file| file.path).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(!embedded().is_empty());
    }
}
