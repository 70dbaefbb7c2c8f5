//! What differs between two states of the knowledge: pages, guides, codes, tuning.

use super::catalogue::Entry;
use super::load::Knowledge;
use super::model::{Guide, Page};
use super::origin::Provenance;
use super::pack::Tuning;
use std::collections::BTreeMap;
use std::fmt::Debug;

/// What became of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Only the newer has it.
    Added,
    /// Only the older has it.
    Removed,
    /// Both have it, not the same.
    Changed,
}

impl How {
    /// The word for it in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// A part of a thing that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name: `title`, `severity`, `rules`…
    pub name: &'static str,
    /// What the older and the newer say, where that is one line.
    pub values: Option<(String, String)>,
}

/// A thing that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The id, or for a code `DOMAIN:CODE NAME`, for tuning the key and the id.
    pub id: String,
    /// The title; the newer one where it changed.
    pub title: String,
    /// What became of it.
    pub how: How,
    /// What differs, where it changed.
    pub parts: Vec<Part>,
}

/// What differs, each by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Pages.
    pub pages: Vec<Change>,
    /// Guides.
    pub guides: Vec<Change>,
    /// Codes, by domain, code and name.
    pub codes: Vec<Change>,
    /// What overlays say of pages that are not their own.
    pub tuning: Vec<Change>,
}

impl Difference {
    /// Whether the two are the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty() && self.guides.is_empty() && self.codes.is_empty() && self.tuning.is_empty()
    }
}

/// What differs from `old` to `new`.
#[must_use]
pub fn diff<'a>(old: &'a Knowledge, new: &'a Knowledge) -> Difference {
    let (was, is) = (tunings(old), tunings(new));
    let pages = |of: &'a Knowledge| -> BTreeMap<String, &'a Page> { of.pages().iter().map(|page| (page.id.clone(), page)).collect() };
    let guides = |of: &'a Knowledge| -> BTreeMap<String, &'a Guide> { of.guides().iter().map(|guide| (guide.id.clone(), guide)).collect() };
    let codes =
        |of: &'a Knowledge| -> BTreeMap<String, &'a Entry> { of.catalogue().entries().iter().map(|entry| (key(entry), entry)).collect() };
    Difference {
        pages: compare(&pages(old), &pages(new), |page: &Page| page.title.clone(), page_parts),
        guides: compare(&guides(old), &guides(new), |guide: &Guide| guide.title.clone(), guide_parts),
        codes: compare(&codes(old), &codes(new), |entry: &Entry| entry.meaning.clone(), entry_parts),
        tuning: compare(&texts(&was), &texts(&is), |_: &String| String::new(), |a, b| line("value", a, b).into_iter().collect()),
    }
}

fn key(entry: &Entry) -> String {
    format!("{} {}", entry.label(), entry.name.as_deref().unwrap_or_default()).trim_end().to_owned()
}

/// What the overlays say, one line each; several that say the same of one page are numbered by their place.
fn tunings(of: &Knowledge) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let several = of.layers().len() > 1;
    for layer in of.layers() {
        for Tuning { id, key, value } in &layer.tuning {
            let by = if several { format!(" ({})", layer.pack.name) } else { String::new() };
            out.insert(format!("{key} {id}{by}"), value.clone());
        }
    }
    out
}

fn texts(of: &BTreeMap<String, String>) -> BTreeMap<String, &String> {
    of.iter().map(|(key, value)| (key.clone(), value)).collect()
}

fn compare<T>(
    old: &BTreeMap<String, &T>,
    new: &BTreeMap<String, &T>,
    title: impl Fn(&T) -> String,
    parts: impl Fn(&T, &T) -> Vec<Part>,
) -> Vec<Change> {
    let mut out = Vec::new();
    for (id, was) in old {
        match new.get(id) {
            None => out.push(Change { id: id.clone(), title: title(was), how: How::Removed, parts: Vec::new() }),
            Some(is) => {
                let parts = parts(was, is);
                if !parts.is_empty() {
                    out.push(Change { id: id.clone(), title: title(is), how: How::Changed, parts });
                }
            }
        }
    }
    let added = new.iter().filter(|(id, _)| !old.contains_key(*id));
    out.extend(added.map(|(id, is)| Change { id: id.clone(), title: title(is), how: How::Added, parts: Vec::new() }));
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out
}

fn line(name: &'static str, old: &impl ToString, new: &impl ToString) -> Option<Part> {
    let (old, new) = (old.to_string(), new.to_string());
    (old != new).then_some(Part { name, values: Some((old, new)) })
}

/// A part that is too long, or too deep, to be told in a line.
fn whole(name: &'static str, old: &impl Debug, new: &impl Debug) -> Option<Part> {
    (format!("{old:?}") != format!("{new:?}")).then_some(Part { name, values: None })
}

fn page_parts(old: &Page, new: &Page) -> Vec<Part> {
    let (mine, theirs) = (sections(old), sections(new));
    let (was, is) = (&old.from, &new.from);
    [
        line("title", &old.title, &new.title),
        line("topic", &old.topic, &new.topic),
        line("severity", &old.severity, &new.severity),
        line("status", &old.status, &new.status),
        line("summary", &old.summary, &new.summary),
        whole("platforms", &(&old.platforms, &old.since, &old.fixed_in), &(&new.platforms, &new.since, &new.fixed_in)),
        whole("patterns", &old.patterns, &new.patterns),
        whole("rules", &old.rules, &new.rules),
        line("confidence", &most(was), &most(is)),
        whole("steps", &mine[0], &theirs[0]),
        whole("self-tests", &mine[1], &theirs[1]),
        whole("text", &mine[2], &theirs[2]),
        whole("questions", &old.ask, &new.ask),
        whole("references", &old.references, &new.references),
        whole("links", &(&old.related, &old.absorbs, &old.replaced_by), &(&new.related, &new.absorbs, &new.replaced_by)),
        whole("keywords", &(&old.keywords, &old.aliases), &(&new.keywords, &new.aliases)),
        line("reviewed", &old.reviewed, &new.reviewed),
        whole("notes", &notes(was), &notes(is)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn most(from: &Provenance) -> String {
    from.most.as_ref().map_or("as its rules say".to_owned(), |(most, _)| format!("at most {most}"))
}

fn notes(from: &Provenance) -> Vec<&str> {
    from.notes.iter().map(|note| note.text.as_str()).collect()
}

/// The remediation, the self-tests, and all other text of a page; how lines end does not matter.
fn sections(page: &Page) -> [String; 3] {
    let mut out = [String::new(), String::new(), String::new()];
    let mut at = 2;
    for line in page.body_text().trim().lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            at = match heading.trim() {
                "Remediation" => 0,
                "Self-tests" => 1,
                _ => 2,
            };
        }
        if let Some(section) = out.get_mut(at) {
            section.push_str(line.trim_end());
            section.push('\n');
        }
    }
    out.map(|section| section.trim().to_owned())
}

fn guide_parts(old: &Guide, new: &Guide) -> Vec<Part> {
    let text = |guide: &Guide| guide.body_text().lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned();
    [
        line("title", &old.title, &new.title),
        line("summary", &old.summary, &new.summary),
        whole("text", &text(old), &text(new)),
        whole("references", &old.references, &new.references),
        whole("links", &old.related, &new.related),
        whole("keywords", &old.keywords, &new.keywords),
        line("reviewed", &old.reviewed, &new.reviewed),
        whole("notes", &notes(&old.from), &notes(&new.from)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn entry_parts(old: &Entry, new: &Entry) -> Vec<Part> {
    [
        line("meaning", &old.meaning, &new.meaning),
        line("pitfalls", &old.pitfalls.join(", "), &new.pitfalls.join(", ")),
        line("also", &old.also.join(", "), &new.also.join(", ")),
        line("source", &old.source, &new.source),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::load::{Overlay, SourceFile};
    use super::*;

    fn load(files: &[(&str, &str)]) -> Knowledge {
        let files = files.iter().map(|(path, text)| SourceFile::new((*path).into(), (*text).into())).collect();
        Knowledge::load(Vec::new(), Vec::new(), vec![Overlay { name: "o".into(), files, ..Overlay::default() }])
    }

    const PAGE: &str = "---\nid: a\ntitle: A title\ntopic: keychain\nseverity: high\nstatus: stable\nsummary: A summary that is long enough to read.\npatterns:\n  - {id: a, needle: something}\nreviewed: 2026-11-22\n---\n## Symptom\nx\n## Remediation\n- [ ] Do. {#do}\n## Self-tests\n";

    #[test]
    fn each_part_is_told_by_its_name() {
        for (from, to, part) in [
            ("A title", "B title", "title"),
            ("high", "low", "severity"),
            ("to read", "to be read", "summary"),
            ("needle: something", "needle: other", "patterns"),
            ("## Symptom\nx", "## Symptom\ny", "text"),
            ("Do.", "Do it.", "steps"),
            ("2026-11-22", "2026-11-23", "reviewed"),
            ("reviewed:", "ask: [Why?]\nreviewed:", "questions"),
        ] {
            let changed = PAGE.replace(from, to);
            let found = diff(&load(&[("o/keychain/a.md", PAGE)]), &load(&[("o/keychain/a.md", &changed)]));
            let parts: Vec<_> = found.pages.iter().flat_map(|page| &page.parts).map(|part| part.name).collect();
            assert_eq!(parts, [part]);
            assert!(found.guides.is_empty() && found.codes.is_empty() && found.tuning.is_empty());
        }
        let windows = PAGE.replace('\n', "\r\n");
        assert!(diff(&load(&[("o/keychain/a.md", PAGE)]), &load(&[("o/keychain/a.md", &windows)])).is_empty(), "ends of lines");
    }

    #[test]
    fn what_only_one_has_came_or_went() {
        let (with, without) = (load(&[("o/keychain/a.md", PAGE), ("o/overlay.yaml", "disable: [b]")]), load(&[]));
        assert_eq!(diff(&without, &with).pages[0].how, How::Added);
        assert_eq!(diff(&with, &without).pages[0].how, How::Removed);
        assert_eq!(diff(&with, &without).tuning[0].id, "disable b");
    }
}
