//! Secrets and identities taken out of a text that leaves: the same value becomes the same stand-in everywhere in a case, of the same shape, so
//! that a log stays a log and its diagnosis the same. Codes, symbols, times, addresses of memory and what is Apple's stay.
//!
//! How it goes: every [rule] whose needles the text holds tells values and their kinds; where two overlap, the worse to lose wins. What
//! was learnt at one place (a team, a user, a host) is then found everywhere. The [`Map`] keeps what stands for what; it never leaves.

mod apps;
mod devices;
mod encoded;
mod hosts;
mod kind;
mod map;
mod people;
mod public;
mod rule;
mod secrets;
mod shape;
mod spread;
mod stand_in;

pub use kind::Kind;
pub use map::{Entry, Map};

use crate::text::{clip, tail};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

/// What the user wants otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Values that stay.
    pub keep: Vec<String>,
    /// Values that are replaced wherever they stand.
    pub also: Vec<String>,
}

/// Takes values out of the texts of one case.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    settings: Settings,
    map: Map,
    labels: stand_in::Labels,
    public: HashSet<String>,
}

/// A text without its secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redacted {
    /// The text.
    pub text: String,
    /// What was replaced, in the order of the text.
    pub replaced: Vec<Replaced>,
}

/// A value that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Its first byte in the text given.
    pub start: usize,
    /// The byte behind its last one.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
    /// The value.
    pub original: String,
    /// What stands for it.
    pub stand_in: String,
}

impl Replaced {
    /// The value as a preview shows it: its first and last characters; of a short one less.
    #[must_use]
    pub fn hint(&self) -> String {
        hint(&self.original)
    }
}

/// The first and last characters of a value, so that who knows it knows it again.
#[must_use]
pub fn hint(value: &str) -> String {
    let count = value.chars().count();
    let ends = if count >= 8 { 2 } else { usize::from(count >= 4) };
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let first: String = value.chars().take(ends).map(clean).collect();
    let last: String = value.chars().skip(count - ends).map(clean).collect();
    format!("{first}…{last} ({count})")
}

/// A value at its place, before it is decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spot {
    kind: Kind,
    range: Range<usize>,
}

/// Encoded documents inside of encoded documents are followed so far.
const DEEPEST: usize = 3;

impl Redactor {
    /// A redactor for a new case.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// A redactor that goes on with what stood for what before.
    #[must_use]
    pub fn with_map(settings: Settings, map: Map) -> Self {
        let labels = stand_in::Labels::of(&map);
        Self { settings, map, labels, public: HashSet::new() }
    }

    /// What stands for what so far.
    #[must_use]
    pub fn map(&self) -> &Map {
        &self.map
    }

    /// What stands for what, at the end.
    #[must_use]
    pub fn into_map(self) -> Map {
        self.map
    }

    /// Takes up the values of a text without redacting it: a report tells lines of it, and what a value is, another line may say.
    pub fn learn(&mut self, text: &str) {
        let _ = self.redact(text);
    }

    /// Whatever `text` names is public and stays, as what a page of ours says.
    pub fn allow(&mut self, text: &str) {
        self.public.extend(rule::spots(text).into_iter().map(|spot| clip(text, spot.range).to_owned()));
    }

    /// `text` without its secrets and identities. Text from outside is to be cleaned first ([`crate::text::Document`]), or an escape sequence
    /// could part a secret.
    #[must_use]
    pub fn redact(&mut self, text: &str) -> Redacted {
        self.redact_at(text, 0)
    }

    fn redact_at(&mut self, text: &str, depth: usize) -> Redacted {
        self.labels.reserve(text);
        let spots = self.settled(text, rule::spots(text));
        let mut replaced: Vec<Replaced> = spots.into_iter().filter_map(|spot| self.replace(text, &spot, depth)).collect();
        let known = spread::spots(text, &self.map, &self.settings.also);
        let more = self.settled(text, known).into_iter().filter(|spot| is_free(&replaced, &spot.range)).collect::<Vec<_>>();
        let more: Vec<_> = more.into_iter().filter_map(|spot| self.replace(text, &spot, depth)).collect();
        replaced.extend(more);
        replaced.sort_by_key(|one| one.start);
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for one in &replaced {
            out.push_str(clip(text, from..one.start));
            out.push_str(&one.stand_in);
            from = one.end;
        }
        out.push_str(tail(text, from));
        Redacted { text: out, replaced }
    }

    /// The spots less those that stay, none over another, in the order of the text.
    fn settled(&self, text: &str, mut spots: Vec<Spot>) -> Vec<Spot> {
        spots.retain(|spot| {
            let value = clip(text, spot.range.clone());
            !value.is_empty() && !self.public.contains(value) && !self.settings.keep.iter().any(|kept| kept == value)
        });
        // The worse to lose first; of one kind the longer one.
        spots.sort_by_key(|spot| (spot.kind != Kind::Added, spot.kind, spot.range.start, std::cmp::Reverse(spot.range.end)));
        let mut taken = BTreeMap::new();
        for spot in spots {
            let before = taken.range(..spot.range.end).next_back().is_some_and(|(_, other): (_, &Spot)| other.range.end > spot.range.start);
            if !before {
                taken.insert(spot.range.start, spot);
            }
        }
        taken.into_values().collect()
    }

    /// What stands for the value at a spot; none where it stays as it is.
    fn replace(&mut self, text: &str, spot: &Spot, depth: usize) -> Option<Replaced> {
        let original = clip(text, spot.range.clone());
        let stand_in = match self.map.stand_in(original) {
            Some(entry) => entry.stand_in.clone(),
            None if self.map.is_stand_in(original) => return None,
            None => self.stand_in(original, spot.kind, depth),
        };
        if stand_in == original {
            return None;
        }
        self.map.add(Entry { kind: spot.kind, original: original.to_owned(), stand_in: stand_in.clone() });
        Some(Replaced { start: spot.range.start, end: spot.range.end, kind: spot.kind, original: original.to_owned(), stand_in })
    }

    fn stand_in(&mut self, original: &str, kind: Kind, depth: usize) -> String {
        let carried =
            (kind == Kind::Token && depth < DEEPEST).then(|| encoded::redacted(original, |inner| self.redact_at(inner, depth + 1).text));
        carried.flatten().unwrap_or_else(|| stand_in::make(kind, original, &self.map, &mut self.labels))
    }
}

/// Whether nothing was replaced within the range; `replaced` is in the order of the text.
fn is_free(replaced: &[Replaced], range: &Range<usize>) -> bool {
    let at = replaced.partition_point(|one| one.end <= range.start);
    replaced.get(at).is_none_or(|one| one.start >= range.end)
}

#[cfg(test)]
mod tests;
