//! How near a text is to each page by the words they share: BM25 over one bag of words a page, in which a title says more than a body.
//!
//! The index of [`super::Index`] answers what a user types, field by field, the last word unfinished. Here a whole report is the query, so
//! words are taken without their endings, the commonest English ones not at all, and scripts that are written without spaces in pairs of
//! characters.

use std::collections::{BTreeMap, HashMap, HashSet};

/// BM25's saturation of repeated words and its weight of a text's length; the usual values (Robertson and Zaragoza, "The Probabilistic
/// Relevance Framework: BM25 and Beyond", 2009, give 1.2 to 2 and 0.5 to 0.8 as the good range).
const SATURATION: f32 = 1.5;
const LENGTH: f32 = 0.6;
/// Words of a text that are looked up: the rarest so many.
const WORDS: usize = 60;
/// A text of fewer words is near to nothing by a single one.
const FEW: usize = 5;
/// A word that begins a text, in its title, counts so much more than one below.
const TITLE: f32 = 2.0;

/// What a page is known by, each part with its weight.
#[derive(Debug, Clone, Default)]
pub struct Gist {
    /// Texts, each with the weight of a word in it.
    pub parts: Vec<(f32, String)>,
}

/// A page near a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The page's number among those given.
    pub page: usize,
    /// How near: BM25's sum by the root of the number of words looked up. By chance a long text shares words with every page, and the sum grows
    /// with them.
    pub score: f32,
}

/// The table: for each word the pages that hold it, with its weight there.
#[derive(Debug, Default)]
pub struct Nearness {
    pages: usize,
    words: HashMap<String, Vec<(usize, f32)>>,
    lengths: Vec<f32>,
    average: f32,
}

impl Nearness {
    /// A table over pages, in their order.
    #[must_use]
    pub fn new(gists: impl Iterator<Item = Gist>) -> Self {
        let mut table = Self::default();
        for (page, gist) in gists.enumerate() {
            let mut bag: BTreeMap<String, f32> = BTreeMap::new();
            for (weight, text) in &gist.parts {
                // A word counts once a part: a page is not more about a thing because it repeats it.
                for word in terms(text).collect::<HashSet<_>>() {
                    *bag.entry(word).or_default() += weight;
                }
            }
            table.lengths.push(bag.values().sum());
            for (word, weight) in bag {
                table.words.entry(word).or_default().push((page, weight));
            }
            table.pages += 1;
        }
        table.average = table.lengths.iter().sum::<f32>() / count(table.pages.max(1));
        table
    }

    /// How near each page is to a text, nearest first, equal ones in the order of the pages; those that share no word are left out.
    #[must_use]
    pub fn of(&self, text: &str) -> Vec<Near> {
        let mut scores: BTreeMap<usize, f32> = BTreeMap::new();
        let sought = self.sought(text);
        let root = count(sought.len().max(FEW)).sqrt();
        for (word, times) in sought {
            let Some(held) = self.words.get(&word) else { continue };
            let rarity = self.rarity(held.len());
            for (page, weight) in held {
                let length = self.lengths.get(*page).copied().unwrap_or(self.average) / self.average.max(1.0);
                let near = rarity * weight * (SATURATION + 1.0) / (weight + SATURATION * (1.0 - LENGTH + LENGTH * length));
                *scores.entry(*page).or_default() += times * near;
            }
        }
        let mut near: Vec<Near> = scores.into_iter().map(|(page, score)| Near { page, score: score / root }).collect();
        near.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.page.cmp(&b.page)));
        near
    }

    /// The words that a page shares with a text, rarest first, as the text writes them; of joined ones (identifiers, which may be private) only
    /// the part that the page holds.
    #[must_use]
    pub fn shared(&self, text: &str, page: usize) -> Vec<String> {
        let mut written: HashMap<String, &str> = HashMap::new();
        for word in words(text).filter(|word| !word.contains(is_joint)) {
            for term in terms(word) {
                written.entry(term).or_insert(word);
            }
        }
        let is_held = |term: &String| self.words.get(term).is_some_and(|held| held.iter().any(|(at, _)| *at == page));
        let sought = self.sought(text).into_iter().map(|(term, _)| term).filter(is_held);
        let mut out: Vec<String> = sought.map(|term| written.get(&term).map_or(term, |word| (*word).to_owned())).collect();
        let mut known = HashSet::new();
        out.retain(|word| known.insert(word.clone()));
        out
    }

    /// The words of a text that any page holds, the rarest first, each with its weight.
    fn sought(&self, text: &str) -> Vec<(String, f32)> {
        let title = text.trim_start().lines().next().unwrap_or("");
        let in_title: HashSet<String> = terms(title).collect();
        let mut words: Vec<(usize, String)> = terms(text)
            .collect::<HashSet<_>>()
            .into_iter()
            .filter_map(|word| self.words.get(&word).map(|held| (held.len(), word.clone())))
            .collect();
        words.sort();
        words.truncate(WORDS);
        words
            .into_iter()
            .map(|(_, word)| {
                let times = if in_title.contains(&word) { TITLE } else { 1.0 };
                (word, times)
            })
            .collect()
    }

    fn rarity(&self, held: usize) -> f32 {
        (1.0 + (count(self.pages) - count(held) + 0.5) / (count(held) + 0.5)).ln()
    }
}

#[allow(clippy::cast_precision_loss)] // Numbers of pages and words, far below 2^24.
fn count(number: usize) -> f32 {
    number as f32
}

/// English words, and parts of names, that stand in every report and say nothing of its subject.
const COMMON: &[&str] = &[
    "the", "and", "or", "of", "to", "in", "is", "it", "on", "for", "with", "that", "this", "be", "are", "as", "at", "by", "from", "not",
    "we", "my", "you", "your", "if", "when", "but", "can", "do", "does", "have", "has", "was", "were", "so", "then", "than", "there",
    "what", "which", "how", "why", "will", "would", "all", "any", "no", "only", "also", "its", "into", "after", "before", "still", "an",
    "am", "got", "get", "well", "already", "just", "now", "com", "www", "org", "example",
];

/// A text's terms: words in lower case without their endings, and the parts of dotted, hyphenated and underscored ones.
fn terms(text: &str) -> impl Iterator<Item = String> + '_ {
    words(text).flat_map(|word| {
        let word = word.to_lowercase();
        let mut out = Vec::new();
        if word.contains(is_joint) {
            word.split(is_joint).filter(|part| part.chars().count() > 1).for_each(|part| term(part, &mut out));
        }
        term(&word, &mut out);
        out
    })
}

/// The words of a text, joints inside them kept.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !is_joint(c));
    words.map(|word| word.trim_matches(is_joint)).filter(|word| !word.is_empty())
}

fn is_joint(c: char) -> bool {
    matches!(c, '.' | '_' | '-' | '\'')
}

fn term(word: &str, out: &mut Vec<String>) {
    if word.chars().any(is_unspaced) {
        let chars: Vec<char> = word.chars().collect();
        out.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
        if let [only] = chars.as_slice() {
            out.push(only.to_string());
        }
    } else if word.len() > 1 && !COMMON.contains(&word) {
        out.push(stem(word).trim_end_matches('\'').to_owned());
    }
}

/// Han, kana, Thai and Hangul, in which words run together or end in particles.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// A word without its commonest English ending, so that `signing` and `signed` are `sign`.
fn stem(word: &str) -> &str {
    let long_enough = |stem: &&str| stem.len() >= 4;
    ["ing", "ed", "es", "s", "ly"].iter().find_map(|ending| word.strip_suffix(ending).filter(long_enough)).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(texts: &[&str]) -> Nearness {
        Nearness::new(texts.iter().map(|text| Gist { parts: vec![(1.0, (*text).to_owned())] }))
    }

    #[test]
    fn rare_words_shared_come_first_and_endings_do_not_matter() {
        let table =
            table(&["keychain items lost after an update", "signing fails on the build server", "keychain is locked on the build server"]);
        let near = table.of("My keychain keeps locking itself, server builds");
        assert_eq!(near.iter().map(|one| one.page).collect::<Vec<_>>(), [2, 1, 0]);
        assert_eq!(table.shared("server builds of a keychain", 1), ["builds", "server"]);
        assert!(table.of("nothing in common whatsoever").is_empty());
    }

    #[test]
    fn a_long_text_is_not_near_to_a_page_by_what_it_says_beside() {
        let table = table(&["keychain items lost after update", "apples pears plums cherries grapes quinces"]);
        let score = |text: &str| table.of(text).iter().find(|one| one.page == 0).map_or(0.0, |one| one.score);
        assert!(score("keychain items lost") > score("keychain items lost; apples, pears, plums, cherries, grapes, quinces"));
    }

    #[test]
    fn a_title_counts_more_than_what_stands_below() {
        let table = table(&["microphone prompt", "camera prompt"]);
        assert_eq!(table.of("camera\nmicrophone").first().map(|one| one.page), Some(1));
        assert_eq!(table.of("microphone\ncamera").first().map(|one| one.page), Some(0));
    }

    #[test]
    fn unspaced_scripts_are_found_by_pairs_and_others_by_words() {
        assert_eq!(terms("钥匙串 丢失").collect::<Vec<_>>(), ["钥匙", "匙串", "丢失"]);
        assert_eq!(
            terms("Связка ключей, user's com.apple.foo-bar").collect::<Vec<_>>(),
            ["связка", "ключей", "user", "user", "apple", "foo", "bar", "com.apple.foo-bar"]
        );
    }
}
