//! What a user types, as a query: every word counts, the last one may be unfinished, one slip of the pen is forgiven.

use super::index::Fields;
use super::tokens::{pieces, words};
use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

/// Words beyond these are not looked at: nobody types so many.
const WORDS: usize = 12;
/// Words shorter than this are not corrected; too many others are one letter away.
const SHORTEST_TO_CORRECT: usize = 5;
/// A word is cut to this many characters; longer ones are pasted noise.
const LONGEST_WORD: usize = 64;

type Boxed = Box<dyn Query>;

/// Queries to be tried in order: all words, then any of them.
pub(super) fn attempts(typed: &str, fields: Fields) -> Vec<Boxed> {
    let words: Vec<&str> = words(typed).take(WORDS).collect();
    let unfinished = !typed.ends_with(char::is_whitespace);
    let query = |occur: Occur| -> Option<Boxed> {
        let last = words.len().checked_sub(1)?;
        let clauses = words.iter().enumerate().map(|(at, word)| (occur, one_word(word, at == last && unfinished, fields))).collect();
        Some(Box::new(BooleanQuery::new(clauses)))
    };
    [query(Occur::Must), query(Occur::Should)].into_iter().flatten().collect()
}

/// The lower-case pieces that an extract marks.
pub(super) fn sought(typed: &str) -> Vec<String> {
    let mut sought: Vec<String> =
        words(typed).take(WORDS).flat_map(|word| [word.to_ascii_lowercase()]).filter(|word| word.len() > 1).collect();
    sought.dedup();
    sought
}

fn one_word(word: &str, unfinished: bool, fields: Fields) -> Boxed {
    let word = word.chars().take(LONGEST_WORD).collect::<String>();
    let all = pieces(&word);
    let Some((whole, parts)) = all.split_first() else { return Box::new(BooleanQuery::new(Vec::new())) };
    let mut any: Vec<(Occur, Boxed)> = Vec::new();
    for (field, weight) in fields.weighted() {
        any.push((Occur::Should, exact(field, whole, weight * 3.0)));
        let is_word = whole.bytes().all(|b| b.is_ascii_alphabetic());
        if unfinished && whole.len() >= 2 {
            any.push((Occur::Should, boosted(Box::new(FuzzyTermQuery::new_prefix(Term::from_field_text(field, whole), 0, true)), weight)));
        }
        if is_word && whole.len() >= SHORTEST_TO_CORRECT {
            any.push((Occur::Should, boosted(Box::new(FuzzyTermQuery::new(Term::from_field_text(field, whole), 1, true)), weight * 0.4)));
        }
        if !parts.is_empty() {
            let every = parts.iter().map(|part| (Occur::Must, exact(field, part, weight))).collect();
            any.push((Occur::Should, boosted(Box::new(BooleanQuery::new(every)), 0.8)));
        }
    }
    Box::new(BooleanQuery::new(any))
}

fn exact(field: Field, word: &str, weight: f32) -> Boxed {
    boosted(Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs)), weight)
}

fn boosted(query: Boxed, weight: f32) -> Boxed {
    Box::new(BoostQuery::new(query, weight))
}
