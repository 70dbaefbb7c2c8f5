//! What stands for what within one case; with it a reply can be read with the true values.

use super::Kind;
use crate::pattern::Literals;
use crate::text::{clip, tail};
use std::collections::HashMap;

/// A value and what stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// The value.
    pub original: String,
    /// What stands for it.
    pub stand_in: String,
}

/// The values of a case and what stands for them, in the order in which they were met. It holds every secret: it stays on this machine.
#[derive(Debug, Clone, Default)]
pub struct Map {
    entries: Vec<Entry>,
    by_original: HashMap<String, usize>,
    by_stand_in: HashMap<String, usize>,
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl Eq for Map {}

impl FromIterator<Entry> for Map {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut map = Self::default();
        entries.into_iter().for_each(|entry| map.add(entry));
        map
    }
}

impl Map {
    /// All values, in the order in which they were met.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many values it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was replaced.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What stands for `original`, where it was met.
    #[must_use]
    pub fn stand_in(&self, original: &str) -> Option<&Entry> {
        self.entries.get(*self.by_original.get(original)?)
    }

    /// Whether something is replaced by `stand_in`.
    #[must_use]
    pub fn is_stand_in(&self, stand_in: &str) -> bool {
        self.by_stand_in.contains_key(stand_in)
    }

    /// Takes a value in; one that is known keeps what stands for it.
    pub fn add(&mut self, entry: Entry) {
        if self.by_original.contains_key(&entry.original) || entry.original.is_empty() || entry.stand_in.is_empty() {
            return;
        }
        self.by_original.insert(entry.original.clone(), self.entries.len());
        self.by_stand_in.entry(entry.stand_in.clone()).or_insert(self.entries.len());
        self.entries.push(entry);
    }

    /// `text` with every value again where something stands for it.
    #[must_use]
    pub fn restore(&self, text: &str) -> String {
        let sought = Literals::new(self.entries.iter().map(|entry| entry.stand_in.as_bytes()));
        let mut hits: Vec<(usize, usize)> = Vec::new();
        sought.find(text.as_bytes(), 0..text.len(), |_, start, end| hits.push((start, end)));
        hits.sort_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)));
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for (start, end) in hits {
            // Literals ignore case; what stands for a value is told by case too.
            let Some(at) = self.by_stand_in.get(clip(text, start..end)) else { continue };
            if start >= from && is_whole(text, start, end) {
                out.push_str(clip(text, from..start));
                out.push_str(self.entries.get(*at).map_or("", |entry| entry.original.as_str()));
                from = end;
            }
        }
        out.push_str(tail(text, from));
        out
    }
}

/// Whether `start..end` is not a piece of a longer word.
pub(super) fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let word = |c: char| c.is_alphanumeric();
    let inner = |from: Option<char>, other: Option<char>| from.is_some_and(word) && other.is_some_and(word);
    let (before, own, after) = (clip(text, 0..start), clip(text, start..end), tail(text, end));
    !inner(before.chars().next_back(), own.chars().next()) && !inner(after.chars().next(), own.chars().next_back())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(original: &str, stand_in: &str) -> Entry {
        Entry { kind: Kind::User, original: original.into(), stand_in: stand_in.into() }
    }

    #[test]
    fn values_come_back_whole_and_the_longest_first() {
        let map: Map = [entry("jane", "user1"), entry("jane.doe", "user1.user2"), entry("jane", "user9")].into_iter().collect();
        assert_eq!(map.len(), 2);
        assert_eq!(map.restore("/Users/user1, user1.user2, user12, User1"), "/Users/jane, jane.doe, user12, User1");
        assert_eq!(Map::default().restore("as it is"), "as it is");
    }
}
