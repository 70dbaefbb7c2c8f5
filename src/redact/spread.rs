//! What was learnt at one place is found at all others, where it stands as a whole word.

use super::map::{Map, is_whole};
use super::{Entry, Kind, Spot, public};
use crate::pattern::Literals;
use crate::text::clip;

/// Where the values of the case stand in `text`, and what the user added.
pub(super) fn spots(text: &str, map: &Map, also: &[String]) -> Vec<Spot> {
    let known = map.entries().iter().filter(|entry| spreads(entry)).map(|entry| (entry.kind, entry.original.as_str()));
    let wanted: Vec<(Kind, &str)> =
        also.iter().map(|value| (Kind::Added, value.as_str())).chain(known).filter(|(_, value)| !value.is_empty()).collect();
    let mut spots = Vec::new();
    let mut found = |(kind, value): (Kind, &str), start: usize, end: usize| {
        // Literals ignore case, a value does not; what the user named is replaced within words too.
        if clip(text, start..end) == value && (kind == Kind::Added || is_whole(text, start, end)) {
            spots.push(Spot { kind, range: start..end });
        }
    };
    // Building the tables costs more than going over a short text a few times.
    let (tiny, large): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|(_, value)| value.len() < 3 || text.len() < 4096);
    for (kind, value) in tiny {
        text.match_indices(value).for_each(|(at, _)| found((kind, value), at, at + value.len()));
    }
    if !large.is_empty() {
        let literals = Literals::new(large.iter().map(|(_, value)| value.as_bytes()));
        literals.find(text.as_bytes(), 0..text.len(), |number, start, end| {
            large.get(number).into_iter().for_each(|wanted| found(*wanted, start, end));
        });
    }
    spots
}

/// Whether a value is told from an everyday word.
fn spreads(entry: &Entry) -> bool {
    let value = entry.original.as_str();
    let plain = value.bytes().all(|b| b.is_ascii_lowercase());
    match entry.kind {
        Kind::User | Kind::Name | Kind::Device => value.chars().count() >= 4 && !public::is_common(value),
        Kind::Password | Kind::Keychain | Kind::Cookie => value.len() >= 6 && !plain && !value.bytes().all(|b| b.is_ascii_digit()),
        Kind::Account | Kind::Serial => value.len() >= 8,
        Kind::Host => value.len() >= 5 && !public::is_common(value) && value.contains(['.', '-', '_']) || value.len() >= 8,
        _ => value.len() >= 5,
    }
}
