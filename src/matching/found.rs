//! What a scan has found so far: hits by pattern, and facts, each thing once. It holds nothing of the text but what it shows.

use super::compile::{Matcher, PatternId, Uses, slot};
use crate::facts::{Fact, Kind, origin};
use crate::text::Place;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

/// A place where a pattern hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where.
    pub spot: Spot,
    /// Named groups and fields of the fact.
    pub named: Vec<(String, String)>,
}

/// Where something stands, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The input's number.
    pub input: usize,
    /// The line, from 0; lines of different inputs are far apart, see [`Scan::row`].
    pub line: usize,
    /// Where it begins in the cleaned text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Where it stands in the input as given.
    pub place: Place,
    /// The text there, cleaned.
    pub text: String,
    /// The whole line, cleaned; of a very long one the front.
    pub whole: Arc<str>,
}

/// A fact, where it stands first, and how often it stands.
#[derive(Debug, Clone)]
pub struct FactGroup {
    /// The fact at its first place.
    pub fact: Fact,
    /// The first place.
    pub spot: Spot,
    /// How often it stands in all inputs.
    pub count: usize,
}

/// Hits kept of one pattern; of further ones only those near a hit of another pattern of the page, up to [`MOST`]; the rest is counted.
const HITS: usize = 64;
/// Hits kept of one pattern at most.
const MOST: usize = 256;
/// Hits kept of one pattern in an input without an end: more than any rule counts.
const NEWEST: usize = 64;
/// Different facts kept of one kind; further ones are only counted. So ten thousand denials leave room for an error.
const FACTS: usize = 1_000;
/// Rules speak of lines at most this far apart; see `kb check`.
pub const REACH: usize = 64;

/// Lines of a long log that are further apart tell of different events.
pub(super) const EVENT: usize = 200;

/// Lines this near tell of one event, whoever wrote them.
const SIDE_BY_SIDE: usize = 4;

/// Lines of different inputs are this far apart, so that no `within` reaches from one to the next.
const GAP: usize = 1 << 32;

/// What a scan has found so far.
#[derive(Debug)]
pub struct Scan {
    /// Different facts, in the order of the text.
    pub facts: Vec<FactGroup>,
    /// Facts that were not kept.
    pub more_facts: usize,
    offsets: Arc<Vec<usize>>,
    hits: Vec<Vec<Hit>>,
    counts: Vec<usize>,
    needles: Vec<usize>,
    /// Of each page the row of its newest hit of a pattern that is not full.
    newest: Vec<usize>,
    /// And the newest such row of all.
    stirred: usize,
    /// The literals all of whose patterns are full, and how often such a one was passed over.
    quiet: Vec<bool>,
    passed: Vec<usize>,
    places: HashMap<u64, Vec<usize>>,
    /// How many facts of each kind there are.
    kinds: HashMap<Kind, usize>,
    /// Of each fact the patterns that it satisfies, where they were looked for.
    satisfied: Vec<Option<Arc<[PatternId]>>>,
    /// The inputs that are long logs, and whether many processes speak in them.
    long: Vec<(usize, bool)>,
    enough: Enough,
}

/// The patterns of which an earlier part of the input gave as many hits as are kept, by their slots.
#[derive(Debug, Clone, Default)]
pub struct Enough(Arc<[bool]>);

/// How far an input was read when a part of it began: what positions in the part lack.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Before {
    /// Lines.
    pub lines: usize,
    /// Characters of the last line, where it has not ended.
    pub columns: usize,
    /// Bytes of the cleaned text.
    pub bytes: usize,
}

impl Before {
    /// How far it is read behind a part that was read to here from its own beginning.
    #[must_use]
    pub fn and(self, part: Self) -> Self {
        let columns = if part.lines == 0 { self.columns } else { 0 } + part.columns;
        Self { lines: self.lines + part.lines, columns, bytes: self.bytes + part.bytes }
    }
}

impl Scan {
    /// Nothing yet, for scans by this matcher.
    #[must_use]
    pub fn new(matcher: &Matcher) -> Self {
        let patterns = matcher.offsets.last().copied().unwrap_or(0);
        Self {
            facts: Vec::new(),
            more_facts: 0,
            offsets: Arc::clone(&matcher.offsets),
            hits: vec![Vec::new(); patterns],
            counts: vec![0; patterns],
            needles: vec![0; patterns],
            newest: vec![usize::MAX; matcher.offsets.len()],
            stirred: usize::MAX,
            quiet: vec![false; matcher.uses.len()],
            passed: vec![0; matcher.uses.len()],
            places: HashMap::new(),
            kinds: HashMap::new(),
            satisfied: Vec::new(),
            long: Vec::new(),
            enough: Enough::default(),
        }
    }

    /// Nothing yet, for a part of an input of whose earlier parts is known what there is enough of.
    #[must_use]
    pub fn of_part(matcher: &Matcher, enough: Enough) -> Self {
        Self { enough, ..Self::new(matcher) }
    }

    /// What there is enough of.
    #[must_use]
    pub fn enough(&self) -> Enough {
        Enough(self.hits.iter().map(|hits| hits.len() >= HITS).collect())
    }

    fn is_full(&self, slot: usize) -> bool {
        self.enough.0.get(slot) == Some(&true) || self.hits.get(slot).is_none_or(|hits| hits.len() >= HITS)
    }

    /// Takes input number `input` for a log so long that its lines tell of many events; `of_many` where many processes speak in it.
    pub fn set_long(&mut self, input: usize, of_many: bool) {
        self.long.retain(|(known, _)| *known != input);
        self.long.push((input, of_many));
    }

    /// Whether an input is such a log.
    pub(super) fn is_long(&self, input: usize) -> bool {
        self.long.iter().any(|(long, _)| *long == input)
    }

    /// Whether two hits may belong to one event. In a long log they stand near each other, and where many processes speak in it, they are of
    /// one process, or one line names the other's, or they stand side by side.
    pub(super) fn is_one_event(&self, one: &Hit, other: &Hit) -> bool {
        if one.spot.input != other.spot.input || !self.is_long(one.spot.input) {
            return true;
        }
        let apart = one.spot.line.abs_diff(other.spot.line);
        apart <= SIDE_BY_SIDE
            || apart <= EVENT && (!self.long.contains(&(one.spot.input, true)) || one.spot.is_of_the_process_of(&other.spot))
    }

    /// Whether two hits may be one event where only their words say so: in a long log in which many processes speak, words that stand apart
    /// or are said by others meet by chance.
    pub(super) fn is_one_saying(&self, one: &Hit, other: &Hit) -> bool {
        one.spot.input != other.spot.input
            || !self.long.contains(&(one.spot.input, true))
            || one.spot.line == other.spot.line
            || one.spot.line.abs_diff(other.spot.line) <= SIDE_BY_SIDE && one.spot.is_of_the_process_of(&other.spot)
    }

    /// A line number that counts through all inputs.
    #[must_use]
    pub fn row(input: usize, line: usize) -> usize {
        input.saturating_mul(GAP).saturating_add(line)
    }

    fn slot(&self, id: PatternId) -> usize {
        slot(&self.offsets, id)
    }

    /// The hits that were kept of a pattern, in the order of the text.
    #[must_use]
    pub fn hits(&self, id: PatternId) -> &[Hit] {
        self.hits.get(self.slot(id)).map_or(&[], Vec::as_slice)
    }

    /// How often a pattern hit; beyond the limit a needle counts without its regex.
    #[must_use]
    pub fn count(&self, id: PatternId) -> usize {
        self.counts.get(self.slot(id)).copied().unwrap_or(0)
    }

    /// How many lines held a needle of the pattern without its regex hitting.
    #[must_use]
    pub fn bare_needles(&self, id: PatternId) -> usize {
        self.needles.get(self.slot(id)).copied().unwrap_or(0)
    }

    /// The pages of which a pattern hit, and with `needles` also those of which only a needle stood there; in order.
    #[must_use]
    pub fn pages(&self, needles: bool) -> Vec<usize> {
        let any = |window: &[usize]| {
            let (from, to) = (window.first().copied().unwrap_or(0), window.last().copied().unwrap_or(0));
            (from..to)
                .any(|slot| self.counts.get(slot).is_some_and(|n| *n > 0) || needles && self.needles.get(slot).is_some_and(|n| *n > 0))
        };
        self.offsets.windows(2).enumerate().filter(|(_, window)| any(window)).map(|(page, _)| page).collect()
    }

    /// Whether a hit of the pattern on this row need not be looked at: so many are kept already, and no other pattern of the page hit near it.
    pub(super) fn is_enough(&self, id: PatternId, row: usize) -> bool {
        self.is_full(self.slot(id)) && !self.is_near(id.page, row)
    }

    /// Whether this literal on this row can change nothing but a number, since all its patterns are full and no page had a hit near. It is
    /// counted then.
    pub(super) fn passes_over(&mut self, literal: usize, row: usize) -> bool {
        let over = self.quiet.get(literal) == Some(&true) && row.abs_diff(self.stirred) > REACH;
        if over && let Some(count) = self.passed.get_mut(literal) {
            *count += 1;
        }
        over
    }

    /// All patterns of this literal are full.
    pub(super) fn quiet(&mut self, literal: usize) {
        if let Some(quiet) = self.quiet.get_mut(literal) {
            *quiet = true;
        }
    }

    /// Counts for the patterns what was passed over.
    pub(super) fn count_passed(&mut self, uses: &[Uses]) {
        for (literal, uses) in uses.iter().enumerate() {
            let passed = self.passed.get_mut(literal).map_or(0, std::mem::take);
            if passed > 0 {
                for id in &uses.needles {
                    let slot = self.slot(*id);
                    if let Some(count) = self.counts.get_mut(slot) {
                        *count += passed;
                    }
                }
            }
        }
    }

    fn is_near(&self, page: u32, row: usize) -> bool {
        self.newest.get(page as usize).is_some_and(|newest| row.abs_diff(*newest) <= REACH)
    }

    /// Counts a hit that is not kept.
    pub(super) fn count_hit(&mut self, id: PatternId) {
        let slot = self.slot(id);
        if let Some(count) = self.counts.get_mut(slot) {
            *count += 1;
        }
    }

    /// Keeps or counts a hit at bytes `start..end` of the part that is read; what it is is asked for only where it is kept.
    pub(super) fn keep_hit(&mut self, id: PatternId, (row, start, end): (usize, usize, usize), hit: impl FnOnce() -> Hit) {
        let slot = self.slot(id);
        let (near, full) = (self.is_near(id.page, row), self.is_full(slot));
        let (Some(hits), Some(count)) = (self.hits.get_mut(slot), self.counts.get_mut(slot)) else { return };
        if hits.last().is_some_and(|last| (Self::row(last.spot.input, last.spot.line), last.spot.start, last.spot.end) == (row, start, end))
        {
            return;
        }
        *count += 1;
        if !full || near && hits.len() < MOST {
            hits.push(hit());
        }
        if !full && let Some(newest) = self.newest.get_mut(id.page as usize) {
            *newest = row;
            self.stirred = row;
        }
    }

    pub(super) fn keep_needle(&mut self, id: PatternId) {
        let slot = self.slot(id);
        if let Some(count) = self.needles.get_mut(slot) {
            *count += 1;
        }
    }

    /// Counts a fact that was met before, keeps one that was not, with its place `start..end` in what is scanned; returns the patterns that it
    /// satisfies, which are looked for once for each different fact.
    pub(super) fn keep_fact(
        &mut self,
        fact: &Fact,
        matcher: &Matcher,
        (start, end): (usize, usize),
        spot: impl FnOnce() -> Spot,
    ) -> Arc<[PatternId]> {
        let moved = || Fact { start, end, ..fact.clone() };
        let Some(at) = self.add_fact(fact, 1, || (moved(), spot())) else { return matcher.patterns_of(fact).into() };
        if self.satisfied.len() <= at {
            self.satisfied.resize(at + 1, None);
        }
        let known = self.satisfied.get_mut(at).map(|known| Arc::clone(known.get_or_insert_with(|| matcher.patterns_of(fact).into())));
        known.unwrap_or_default()
    }

    /// Counts a fact that was met before, keeps one that was not as `kept` gives it; returns its place among the facts where there is room.
    fn add_fact(&mut self, fact: &Fact, count: usize, kept: impl FnOnce() -> (Fact, Spot)) -> Option<usize> {
        let mut hasher = DefaultHasher::new();
        (fact.kind, &fact.domain, &fact.code, &fact.name, &fact.fields).hash(&mut hasher);
        let hash = hasher.finish();
        let same = |at: &usize| self.facts.get(*at).is_some_and(|group| group.fact.says_the_same(fact));
        let known = self.places.get(&hash).and_then(|places| places.iter().copied().find(same));
        if let Some(group) = known.and_then(|at| self.facts.get_mut(at)) {
            group.count += count;
            return known;
        }
        let of_kind = self.kinds.entry(fact.kind).or_default();
        if *of_kind >= FACTS {
            self.more_facts += count;
            return None;
        }
        *of_kind += 1;
        let (fact, spot) = kept();
        self.places.entry(hash).or_default().push(self.facts.len());
        self.facts.push(FactGroup { fact, spot, count });
        Some(self.facts.len() - 1)
    }

    /// Forgets the facts, and of the hits those above line `line` of the one input and all but the newest of those below. Of patterns that are
    /// `lasting`, by their slots, the newest stay however old they are.
    pub fn forget(&mut self, line: usize, lasting: &[bool]) {
        self.facts.clear();
        self.places.clear();
        self.satisfied.clear();
        self.kinds.clear();
        self.more_facts = 0;
        // What was full is so no longer.
        self.quiet.fill(false);
        self.stirred = usize::MAX;
        for (slot, hits) in self.hits.iter_mut().enumerate() {
            let old = if lasting.get(slot) == Some(&true) { 0 } else { hits.partition_point(|hit| hit.spot.line < line) };
            let most = hits.len().saturating_sub(NEWEST);
            hits.drain(..old.max(most));
            if hits.capacity() > 4 * NEWEST {
                hits.shrink_to(NEWEST);
            }
            if let Some(count) = self.counts.get_mut(slot) {
                *count = hits.len();
            }
        }
        self.needles.fill(0);
    }

    /// Adds what was found in the part of the input that follows what is known; `before` is how far the input was read when the part began.
    pub fn append(&mut self, part: Self, before: Before) {
        for (slot, hits) in part.hits.into_iter().enumerate() {
            let Some(known) = self.hits.get_mut(slot) else { continue };
            let room = MOST.saturating_sub(known.len());
            known.extend(hits.into_iter().take(room).map(|hit| Hit { spot: hit.spot.moved(before), ..hit }));
        }
        let add = |to: &mut Vec<usize>, from: Vec<usize>| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        add(&mut self.counts, part.counts);
        add(&mut self.needles, part.needles);
        self.more_facts += part.more_facts;
        for group in part.facts {
            let FactGroup { fact, spot, count } = group;
            let same = fact.clone();
            self.add_fact(&same, count, || (fact.moved(before.bytes), spot.moved(before)));
        }
    }
}

impl Spot {
    /// Whether one process wrote both lines, or one of them names the process of the other; also where a line tells no process.
    fn is_of_the_process_of(&self, other: &Self) -> bool {
        match (origin(&self.whole).process, origin(&other.whole).process) {
            (Some(one), Some(two)) => one == two || self.whole.contains(two) || other.whole.contains(one),
            _ => true,
        }
    }

    /// The same place, told from the beginning of the input and not from that of a part.
    fn moved(self, before: Before) -> Self {
        let columns = if self.place.line == 1 { before.columns } else { 0 };
        let place = Place { line: self.place.line + before.lines, start: self.place.start + columns, end: self.place.end + columns };
        Self { line: self.line + before.lines, start: self.start + before.bytes, end: self.end + before.bytes, place, ..self }
    }
}
