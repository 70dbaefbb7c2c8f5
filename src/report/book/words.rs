//! What the book's search looks in: a script that holds one row per page, guide and code, so that it can be had from a disk too.

use super::Site;
use crate::engine::{Engine, fill};
use crate::knowledge::{Entry, Page, topic};
use crate::text::{clean, clip};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Bytes of a symptom that are sought in; the longest of ours is shorter.
const SYMPTOM: usize = 2_000;

/// The script: `window.PITFALL_INDEX = [[file, kind, title, label, words, symptom], …]`, words and symptom in lower case.
pub(super) fn index(site: &Site<'_>) -> String {
    let mut rows: Vec<Value> = site.knowledge.pages().iter().map(|page| page_row(site, page)).collect();
    for guide in site.knowledge.guides() {
        let words = words(guide.keywords.iter().map(String::as_str).chain([guide.id.as_str()]));
        rows.push(json!([format!("guide/{}.html", guide.id), "guide", text(&guide.title), "guide", words, lower(&guide.summary)]));
    }
    for entry in site.domains.values().flat_map(|(_, entries)| entries) {
        rows.push(code_row(site, entry));
    }
    let rows: Vec<String> = rows.iter().map(script).collect();
    format!("window.PITFALL_INDEX = [\n{}\n];\n", rows.join(",\n"))
}

fn page_row(site: &Site<'_>, page: &Page) -> Value {
    let title = topic(page.topic).map_or(page.topic, |topic| topic.title);
    let codes: Vec<String> = site.codes.get(page.id.as_str()).into_iter().flatten().flat_map(|entry| spellings(entry)).collect();
    let own = page.keywords.iter().chain(&page.aliases).map(String::as_str).chain([page.id.as_str()]);
    let words = words(own.chain(codes.iter().map(String::as_str)));
    let body = Engine::body(page);
    let symptom = body.section("Symptom").map_or("", |range| clip(page.body_text(), range));
    let symptom = format!("{} {}", fill(&page.summary, &[]), clip(symptom, 0..SYMPTOM));
    json!([format!("page/{}.html", page.id), page.severity.word(), text(&page.title), title, words, lower(&symptom)])
}

fn code_row(site: &Site<'_>, entry: &Entry) -> Value {
    let spelt = spellings(entry);
    let title = spelt.join(" ");
    let words = words(spelt.iter().map(String::as_str).chain(entry.also.iter().map(String::as_str)).chain([entry.domain.as_str()]));
    json!([site.place(entry), "code", text(&title), text(&entry.domain), words, lower(&entry.meaning)])
}

fn spellings(entry: &Entry) -> Vec<String> {
    entry.code.as_ref().map(ToString::to_string).into_iter().chain(entry.name.clone()).collect()
}

fn text(written: &str) -> String {
    clean(written).text.replace('\n', " ")
}

/// In lower case, on one line.
fn lower(written: &str) -> String {
    text(written).to_lowercase().replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Each word once, in order.
fn words<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut seen = BTreeSet::new();
    let all: Vec<String> = parts.flat_map(|part| lower(part).split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
    all.into_iter().filter(|word| !word.is_empty() && seen.insert(word.clone())).collect::<Vec<_>>().join(" ")
}

/// JSON that may stand in a script, wherever that stands.
fn script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
