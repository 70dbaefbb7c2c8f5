//! Words in kept cases.

use super::Dossier;
use crate::text::clean;

/// Where words were found in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The part of the case: `title`, `finding`, `note`, `fact`, `text`.
    pub part: &'static str,
    /// The line there, cleaned.
    pub text: String,
}

/// Places told of a case.
const PLACES: usize = 4;
/// Places among which the best ones are chosen.
const LOOKED: usize = 200;

/// The places of a case that hold some of the words, if the case holds all of them; a place with more of them goes first.
#[must_use]
pub fn search(dossier: &Dossier, words: &str) -> Option<Vec<Place>> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let mut seen = vec![false; words.len()];
    let mut places: Vec<(usize, Place)> = Vec::new();
    let mut look = |part: &'static str, text: &str| {
        let lower = text.to_lowercase();
        let hits = words.iter().zip(&mut seen).filter(|(word, _)| lower.contains(word.as_str())).map(|(_, seen)| *seen = true).count();
        if hits > 0 && places.len() < LOOKED && !places.iter().any(|(_, known)| known.text == text) {
            places.push((hits, Place { part, text: text.trim().to_owned() }));
        }
    };
    look("title", &dossier.title);
    look("title", &dossier.name);
    if let Some(run) = dossier.last() {
        run.findings.iter().for_each(|finding| look("finding", &format!("{} ({})", finding.title, finding.id)));
        for fact in &run.facts {
            let name = fact.name.as_deref().unwrap_or_default();
            look("fact", if fact.written.contains(name) { &fact.written } else { name });
        }
    }
    dossier.steps.iter().for_each(|tick| look("note", &tick.note));
    for text in dossier.inputs.iter().filter_map(|input| input.text.as_ref()) {
        String::from_utf8_lossy(text).lines().for_each(|line| look("text", line));
    }
    if words.is_empty() || !seen.iter().all(|seen| *seen) {
        return None;
    }
    places.sort_by_key(|(hits, _)| std::cmp::Reverse(*hits));
    Some(places.into_iter().take(PLACES).map(|(_, place)| Place { text: clean(&place.text).text, ..place }).collect())
}
