//! The index: what is put in, and what a search gives back.

use super::query;
use super::tokens::CodeTokenizer;
use std::collections::BTreeMap;
use std::ops::Range;
use tantivy::collector::TopDocs;
use tantivy::query::Query;
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::{IndexReader, TantivyDocument};

/// Something to be found.
#[derive(Debug, Clone, Default)]
pub struct Doc {
    /// What it is.
    pub kind: HitKind,
    /// The id of a page or guide; `domain:code` of a code.
    pub id: String,
    /// One line.
    pub title: String,
    /// The topic's id; empty for guides and codes.
    pub topic: String,
    /// Codes and symbols.
    pub codes: String,
    /// The summary and search words.
    pub summary: String,
    /// The text.
    pub body: String,
    /// Inputs that are like it; only sought in for inputs, not for what a user types.
    pub examples: String,
}

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum HitKind {
    /// A pitfall.
    #[default]
    Page,
    /// A guide.
    Guide,
    /// An error code.
    Code,
}

/// A page, guide or code that a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// What it is.
    pub kind: HitKind,
    /// The id of a page or guide; `domain:code` of a code.
    pub id: String,
    /// One line.
    pub title: String,
    /// The topic's id; empty for guides and codes.
    pub topic: String,
    /// How good; only to compare hits of one search.
    pub score: f32,
    /// An extract.
    pub snippet: String,
    /// The byte ranges of the extract that were sought.
    pub marks: Vec<Range<usize>>,
}

/// The fields that are searched, each with its weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub title: Field,
    pub codes: Field,
    pub summary: Field,
    pub body: Field,
    pub examples: Field,
}

impl Fields {
    /// Field and weight: a code or title says more than a body.
    pub(super) fn weighted(self) -> [(Field, f32); 4] {
        [(self.codes, 4.0), (self.title, 3.0), (self.summary, 2.0), (self.body, 1.0)]
    }
}

/// An index in memory.
pub struct Index {
    docs: Vec<Doc>,
    reader: Option<IndexReader>,
    fields: Fields,
    number: Field,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Index of {} documents", self.docs.len())
    }
}

/// tantivy's floor for one writing thread.
const WRITER_BYTES: usize = 15_000_000;
/// Hits are looked at beyond the limit, so that equal scores can be put in the order of ids, and topics filtered.
const SPARE: usize = 200;

impl Index {
    /// An index over `docs`. One that cannot be made (which only want of memory could cause) finds nothing.
    #[must_use]
    pub fn new(docs: Vec<Doc>) -> Self {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default().set_tokenizer("code").set_index_option(IndexRecordOption::WithFreqs);
        let text = TextOptions::default().set_indexing_options(indexing);
        let fields = Fields {
            title: schema.add_text_field("title", text.clone()),
            codes: schema.add_text_field("codes", text.clone()),
            summary: schema.add_text_field("summary", text.clone()),
            body: schema.add_text_field("body", text.clone()),
            examples: schema.add_text_field("examples", text),
        };
        let number = schema.add_u64_field("number", NumericOptions::default().set_stored());
        let reader = fill(schema.build(), &docs, fields, number).ok();
        Self { docs, reader, fields, number }
    }

    /// The best hits for what was typed, of one topic if one is given.
    #[must_use]
    pub fn search(&self, typed: &str, topic: Option<&str>, limit: usize) -> Vec<SearchHit> {
        for query in query::attempts(typed, self.fields) {
            let hits = self.run(query.as_ref(), typed, topic, limit);
            if !hits.is_empty() {
                return hits;
            }
        }
        Vec::new()
    }

    /// The best hits of one kind for the words of a whole text: any of them counts, the rare ones most.
    #[must_use]
    pub fn like(&self, words: &[String], kind: HitKind, limit: usize) -> Vec<SearchHit> {
        let Some(query) = query::any_of(words, self.fields) else { return Vec::new() };
        let mut hits = self.run(query.as_ref(), &words.join(" "), None, limit + SPARE);
        hits.retain(|hit| hit.kind == kind);
        hits.truncate(limit);
        hits
    }

    /// The words of a text that tell pages apart, rarest first: those that at least one page and at most a fifth of them hold.
    #[must_use]
    pub fn telling_words(&self, text: &str, limit: usize) -> Vec<String> {
        let Some(reader) = &self.reader else { return Vec::new() };
        let searcher = reader.searcher();
        let pages = self.docs.iter().filter(|doc| doc.kind == HitKind::Page).count();
        let common = u64::try_from(pages / 5).unwrap_or(1).max(2);
        let mut words: BTreeMap<String, u64> = BTreeMap::new();
        for word in super::tokens::words(text).flat_map(super::tokens::pieces).filter(|word| (3..=80).contains(&word.len())) {
            if words.contains_key(&word) {
                continue;
            }
            let held = |field: Field| searcher.doc_freq(&tantivy::Term::from_field_text(field, &word)).unwrap_or(0);
            let count = held(self.fields.body).max(held(self.fields.codes)).max(held(self.fields.summary)).max(held(self.fields.examples));
            if (1..=common).contains(&count) {
                words.insert(word, count);
            }
        }
        let mut words: Vec<(u64, String)> = words.into_iter().map(|(word, count)| (count, word)).collect();
        words.sort();
        words.into_iter().take(limit).map(|(_, word)| word).collect()
    }

    /// Which of these words a page or guide holds.
    #[must_use]
    pub fn shared(&self, id: &str, words: &[String]) -> Vec<String> {
        let Some(doc) = self.docs.iter().find(|doc| doc.id == id) else { return Vec::new() };
        let text: String = [&doc.title, &doc.codes, &doc.summary, &doc.body, &doc.examples].map(|part| part.to_lowercase()).join("\n");
        words.iter().filter(|word| text.contains(String::as_str(word))).cloned().collect()
    }

    fn run(&self, query: &dyn Query, typed: &str, topic: Option<&str>, limit: usize) -> Vec<SearchHit> {
        let Some(reader) = &self.reader else { return Vec::new() };
        let searcher = reader.searcher();
        let Ok(found) = searcher.search(query, &TopDocs::with_limit(limit.saturating_add(SPARE)).order_by_score()) else {
            return Vec::new();
        };
        let mut hits: Vec<(f32, &Doc)> = found
            .into_iter()
            .filter_map(|(score, address)| {
                let stored: TantivyDocument = searcher.doc(address).ok()?;
                let number = stored.get_first(self.number)?.as_u64()?;
                Some((score, self.docs.get(usize::try_from(number).ok()?)?))
            })
            .filter(|(_, doc)| topic.is_none_or(|topic| doc.topic == topic))
            .map(|(score, doc)| (if doc.kind == HitKind::Code { score * 0.8 } else { score }, doc))
            .collect();
        hits.sort_by(|(a, left), (b, right)| b.total_cmp(a).then_with(|| left.id.cmp(&right.id)));
        hits.truncate(limit);
        let sought = query::sought(typed);
        hits.into_iter().map(|(score, doc)| hit(doc, score, &sought)).collect()
    }
}

fn fill(schema: Schema, docs: &[Doc], fields: Fields, number: Field) -> tantivy::Result<IndexReader> {
    let index = tantivy::Index::create_in_ram(schema);
    index.tokenizers().register("code", CodeTokenizer);
    let mut writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
    for (at, doc) in docs.iter().enumerate() {
        let mut row = TantivyDocument::default();
        row.add_text(fields.title, format!("{} {}", doc.title, doc.id));
        row.add_text(fields.codes, &doc.codes);
        row.add_text(fields.summary, &doc.summary);
        row.add_text(fields.body, &doc.body);
        row.add_text(fields.examples, &doc.examples);
        row.add_u64(number, at as u64);
        writer.add_document(row)?;
    }
    writer.commit()?;
    index.reader()
}

/// An extract is about this long, in bytes.
const EXTRACT: usize = 180;

fn hit(doc: &Doc, score: f32, sought: &[String]) -> SearchHit {
    let text = if doc.summary.is_empty() { &doc.body } else { &doc.summary };
    let (snippet, marks) = extract(&doc.body, sought).unwrap_or_else(|| (crate::text::clip(text, 0..EXTRACT).to_owned(), Vec::new()));
    SearchHit { kind: doc.kind, id: doc.id.clone(), title: doc.title.clone(), topic: doc.topic.clone(), score, snippet, marks }
}

/// The piece of `body` around the first word that was sought, and where those words stand in it.
fn extract(body: &str, sought: &[String]) -> Option<(String, Vec<Range<usize>>)> {
    let lower = body.to_ascii_lowercase();
    let first = sought.iter().filter_map(|word| lower.find(word.as_str())).min()?;
    let line_start = crate::text::clip(body, 0..first).rfind('\n').map_or(0, |at| at + 1);
    let start = line_start.max(first.saturating_sub(EXTRACT / 2));
    let piece = crate::text::clip(body, start..start + EXTRACT).replace(['\n', '`', '*'], " ");
    let folded = piece.to_ascii_lowercase();
    let mut marks: Vec<Range<usize>> = sought
        .iter()
        .flat_map(|word| folded.match_indices(word.as_str()).map(|(at, found)| at..at + found.len()).collect::<Vec<_>>())
        .collect();
    marks.sort_by_key(|range| (range.start, range.end));
    marks.dedup_by(|next, kept| next.start < kept.end);
    Some((piece, marks))
}
