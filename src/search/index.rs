//! The index: what is put in, and what a search gives back.

use super::query;
use super::tokens::CodeTokenizer;
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
            body: schema.add_text_field("body", text),
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
