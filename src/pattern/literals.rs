//! Many literals looked for in one pass.
//!
//! Tens of thousands of literals make any automaton larger than a cache, and a cache miss a byte is what such a search then costs. So the text
//! is filtered instead: of each literal one run of four bytes is chosen, the one that the fewest other literals hold. A set of bits says of every
//! place of the text whether such a run may begin there, and looking at one place does not wait for the one before. Only where the bits say
//! yes are literals compared, first by the eight bytes from their run on.

use std::ops::Range;

/// A set of literals, ASCII case ignored. Each has the number of its place in the list it was built from.
#[derive(Debug)]
pub struct Literals {
    filter: Filter,
    /// Of each bucket the place of its first candidate, and behind the last bucket their number.
    heads: Vec<u32>,
    buckets: u32,
    candidates: Vec<Candidate>,
    /// The bytes of all literals, lower case, one behind the other.
    bytes: Vec<u8>,
}

/// A literal that may stand where its run was met.
#[derive(Debug, Clone, Copy, Default)]
struct Candidate {
    /// The eight bytes from its run on, case folded; fewer where it is shorter.
    front: u64,
    /// Keeps of eight bytes those that it has.
    mask: u64,
    literal: u32,
    /// Where the literal begins in [`Literals::bytes`].
    begin: u32,
    length: u32,
    /// Where the run stands in the literal.
    offset: u32,
}

/// Which runs may begin a comparison.
#[derive(Debug)]
struct Filter {
    bits: Box<[u64]>,
    /// Two to the power of this many bits.
    width: u32,
}

/// The length of a run. Shorter literals, of three bytes, are entered with every byte that may follow them.
const RUN: usize = 4;
/// A filter has so many bits for a literal, so that few are set by chance, and at least and at most two to the power of these: from 32 KiB, a
/// first-level cache, to 512 KiB, a second-level one.
const BITS: usize = 16;
const NARROWEST: u32 = 18;
const WIDEST: u32 = 22;
/// Holders of runs are counted in two to the power of so many slots; enough to tell a rare run from a common one.
const COUNTERS: u32 = 20;

/// Set in every byte, this makes upper case lower; what else it does it does to texts and literals alike.
const FOLD: u64 = 0x2020_2020_2020_2020;

impl Literals {
    /// The set of these literals; shorter ones than three bytes are never found.
    pub fn new<I: IntoIterator<Item = P>, P: AsRef<[u8]>>(literals: I) -> Self {
        let mut bytes = Vec::new();
        let places: Vec<Range<usize>> =
            literals.into_iter().map(|literal| append(&mut bytes, &literal.as_ref().to_ascii_lowercase())).collect();
        let mut filter = Filter::new(places.len());
        let buckets = width(places.len() * 2).clamp(6, 24);
        let holders = holders(&bytes, &places);
        let mut keyed: Vec<(usize, Candidate)> = Vec::with_capacity(places.len());
        for (number, place) in places.iter().enumerate() {
            let rarest = runs(place).min_by_key(|at| holders.get(slot(run(&bytes, *at), COUNTERS)).copied().unwrap_or(0));
            let at = rarest.unwrap_or(place.start);
            let mask = u64::MAX >> (64 - 8 * (place.end - at).clamp(1, 8));
            let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let candidate = Candidate {
                front: eight(&bytes, at) & mask,
                mask,
                literal: small(number),
                begin: small(place.start),
                length: small(place.len()),
                offset: small(at - place.start),
            };
            for run in begins(&bytes, at, place) {
                filter.add(run);
                keyed.push((slot(run, buckets), candidate));
            }
        }
        keyed.sort_by_key(|(bucket, candidate)| (*bucket, candidate.literal));
        keyed.dedup_by_key(|(bucket, candidate)| (*bucket, candidate.literal));
        let mut heads = vec![0_u32; (1 << buckets) + 1];
        for (bucket, _) in &keyed {
            heads[bucket + 1] += 1;
        }
        for at in 1..heads.len() {
            heads[at] += heads[at - 1];
        }
        Self { filter, heads, buckets, candidates: keyed.into_iter().map(|(_, candidate)| candidate).collect(), bytes }
    }

    /// Tells every occurrence within `range` of `text`, overlapping ones too, as (number of the literal, start, end); by where their run stands.
    pub fn find(&self, text: &[u8], range: Range<usize>, mut found: impl FnMut(usize, usize, usize)) {
        let Some(part) = text.get(range.clone()) else { return };
        for (at, eight) in part.windows(8).enumerate() {
            let bytes = u64::from_le_bytes(eight.try_into().unwrap_or_default()) | FOLD;
            if self.filter.lets(bytes) {
                self.compare(text, &range, range.start + at, bytes, &mut found);
            }
        }
        // The last places, as if spaces followed; a literal that needs them ends behind the range and is not told.
        for at in part.len().saturating_sub(7)..part.len() {
            let mut last = [b' '; 8];
            last.iter_mut().zip(part.iter().skip(at)).for_each(|(to, from)| *to = *from);
            let bytes = u64::from_le_bytes(last) | FOLD;
            if self.filter.lets(bytes) {
                self.compare(text, &range, range.start + at, bytes, &mut found);
            }
        }
    }

    /// Compares the candidates whose run may begin at `at`, where these eight bytes stand.
    fn compare(&self, text: &[u8], range: &Range<usize>, at: usize, bytes: u64, found: &mut impl FnMut(usize, usize, usize)) {
        let bucket = slot(bytes, self.buckets);
        let head = |at: usize| self.heads.get(at).map_or(0, |head| *head as usize);
        for candidate in self.candidates.get(head(bucket)..head(bucket + 1)).unwrap_or(&[]) {
            if bytes & candidate.mask != candidate.front {
                continue;
            }
            let Some(start) = at.checked_sub(candidate.offset as usize).filter(|start| *start >= range.start) else { continue };
            let end = start + candidate.length as usize;
            let begin = candidate.begin as usize;
            let literal = self.bytes.get(begin..begin + candidate.length as usize);
            if end <= range.end && literal.is_some_and(|literal| text.get(start..end).is_some_and(|it| it.eq_ignore_ascii_case(literal))) {
                found(candidate.literal as usize, start, end);
            }
        }
    }
}

impl Filter {
    fn new(literals: usize) -> Self {
        let width = width(literals * BITS).clamp(NARROWEST, WIDEST);
        Self { bits: vec![0; 1 << (width - 6)].into_boxed_slice(), width }
    }

    fn add(&mut self, run: u64) {
        let slot = slot(run, self.width);
        if let Some(word) = self.bits.get_mut(slot / 64) {
            *word |= 1 << (slot % 64);
        }
    }

    #[inline]
    fn lets(&self, bytes: u64) -> bool {
        let slot = slot(bytes, self.width);
        self.bits.get(slot / 64).is_some_and(|word| word >> (slot % 64) & 1 != 0)
    }
}

/// A number of `bits` bits for the run at the front of eight bytes; the high bits of a product, which all bytes had a part in (Knuth's
/// multiplicative hashing).
#[inline]
#[allow(clippy::cast_possible_truncation)] // The run is the lower half.
fn slot(eight: u64, bits: u32) -> usize {
    ((eight as u32).wrapping_mul(0x9e37_79b1) >> (32 - bits)) as usize
}

/// The power of two that is at least `n`, as its exponent.
fn width(n: usize) -> u32 {
    n.next_power_of_two().trailing_zeros()
}

/// Where runs of a literal begin; none in one that is shorter than a run.
fn runs(place: &Range<usize>) -> Range<usize> {
    place.start..(place.end + 1).saturating_sub(RUN).max(place.start)
}

/// How many literals hold a run, by its slot.
fn holders(bytes: &[u8], places: &[Range<usize>]) -> Vec<u32> {
    let mut holders = vec![0_u32; 1 << COUNTERS];
    for at in places.iter().flat_map(runs) {
        if let Some(count) = holders.get_mut(slot(run(bytes, at), COUNTERS)) {
            *count += 1;
        }
    }
    holders
}

/// The runs that announce the literal at `place` by what it holds at `at`: one, or of a literal of three bytes one for each byte that may follow.
fn begins(bytes: &[u8], at: usize, place: &Range<usize>) -> Vec<u64> {
    let run = run(bytes, at);
    match place.len() {
        0..3 => Vec::new(),
        3 => (0..=u64::from(u8::MAX)).filter(|byte| byte & 0x20 != 0).map(|byte| run & 0x00ff_ffff | byte << 24).collect(),
        _ => vec![run],
    }
}

/// The run at `at`, case folded.
fn run(bytes: &[u8], at: usize) -> u64 {
    eight(bytes, at) & 0xffff_ffff
}

/// The eight bytes at `at`, case folded; zeros behind the end.
fn eight(bytes: &[u8], at: usize) -> u64 {
    let mut eight = [0; 8];
    eight.iter_mut().zip(bytes.iter().skip(at)).for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(eight) | FOLD
}

fn append(bytes: &mut Vec<u8>, literal: &[u8]) -> Range<usize> {
    let start = bytes.len();
    bytes.extend(literal);
    start..bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(literals: &[&str], text: &str) -> Vec<(usize, usize, usize)> {
        let mut hits = Vec::new();
        Literals::new(literals).find(text.as_bytes(), 0..text.len(), |literal, start, end| hits.push((literal, start, end)));
        hits.sort_unstable_by_key(|(literal, start, end)| (*start, *end, *literal));
        hits
    }

    #[test]
    fn finds_overlapping_literals_in_any_case() {
        let list = ["SecItem", "item", "-25300", "absent", "add"];
        assert_eq!(all(&list, "secITEMadd -25300"), [(0, 0, 7), (1, 3, 7), (4, 7, 10), (2, 11, 17)]);
    }

    #[test]
    fn looks_only_within_the_range() {
        let mut hits = Vec::new();
        Literals::new(["error"]).find(b"error error error", 1..16, |_, start, _| hits.push(start));
        assert_eq!(hits, [6]);
    }

    #[test]
    fn the_ends_of_a_text_are_searched_too() {
        assert_eq!(all(&["ios"], "ios"), [(0, 0, 3)]);
        assert_eq!(all(&["ios "], "ios"), []);
        assert_eq!(all(&["(-3"], "a(-3"), [(0, 1, 4)]);
        assert_eq!(all(&["密码错误"], "x密码错误"), [(0, 1, 13)]);
    }

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(text in "[abAB (\\-@`é]{0,40}", literals in proptest::collection::vec("[abAB (\\-@`é]{1,6}", 1..12)) {
            let literals: Vec<&str> = literals.iter().map(String::as_str).filter(|literal| literal.len() >= 3).collect();
            let lower = text.to_ascii_lowercase();
            let mut plain = Vec::new();
            for (number, literal) in literals.iter().enumerate() {
                let literal = literal.to_ascii_lowercase();
                plain.extend((0..lower.len()).filter(|at| lower.as_bytes()[*at..].starts_with(literal.as_bytes())).map(|at| (number, at, at + literal.len())));
            }
            plain.sort_unstable_by_key(|(literal, start, end)| (*start, *end, *literal));
            prop_assert_eq!(all(&literals, &text), plain);
        }
    }
}
