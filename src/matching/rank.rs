//! Putting findings in order: specific absorbs general, real comes before noise, sure before unsure.

use super::rules::Match;
use crate::knowledge::{Knowledge, Severity};
use std::cmp::Reverse;

/// Folds and orders what was found. Equal findings stand in the order of their ids.
#[must_use]
pub fn rank(knowledge: &Knowledge, mut found: Vec<Match>) -> Vec<Match> {
    fold(knowledge, &mut found);
    let pages = knowledge.pages();
    found.sort_by_cached_key(|one| {
        let page = pages.get(one.page);
        let noise = page.is_some_and(|page| page.severity == Severity::Noise);
        let severity = page.map_or(Severity::Low, |page| page.severity);
        (noise, one.confidence, Reverse(one.strength), severity, page.map(|page| page.id.clone()).unwrap_or_default())
    });
    found
}

/// A page that names another in `absorbs` takes it in, unless the other is surer.
fn fold(knowledge: &Knowledge, found: &mut Vec<Match>) {
    let pages = knowledge.pages();
    let mut gone: Vec<(usize, usize)> = Vec::new();
    for one in found.iter() {
        let Some(page) = pages.get(one.page) else { continue };
        for other in found.iter() {
            let absorbed = pages.get(other.page).is_some_and(|general| {
                general.id != page.id && page.absorbs.iter().any(|id| *id == general.id || general.aliases.contains(id))
            });
            if absorbed && one.confidence <= other.confidence {
                gone.push((other.page, one.page));
            }
        }
    }
    // Two pages that absorb each other stay both: that is a mistake of theirs, not a reason to show neither.
    let mutual: Vec<_> = gone.iter().filter(|(a, b)| gone.contains(&(*b, *a))).copied().collect();
    gone.retain(|pair| !mutual.contains(pair));
    for (general, specific) in &gone {
        if let Some(one) = found.iter_mut().find(|one| one.page == *specific) {
            one.folded.push(*general);
        }
    }
    found.retain(|one| !gone.iter().any(|(general, _)| *general == one.page));
}
