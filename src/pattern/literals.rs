//! Many literals looked for in one pass.
//!
//! Tens of thousands of literals make any automaton larger than a cache, and a cache miss a byte is what such a search then costs. So the text
//! is filtered instead: of each literal one run of bytes is chosen, the one that the fewest other literals hold. A set of bits says of every
//! place of the text whether such a run may begin there, and looking at one place does not wait for the one before. Only where the bits say
//! yes are literals compared.

use std::ops::Range;

/// A set of literals, ASCII case ignored. Each has the number of its place in the list it was built from.
#[derive(Debug)]
pub struct Literals {
    /// One table for each length of run.
    tables: [Table; RUNS.len()],
    /// The bytes of all literals, lower case, one behind the other.
    bytes: Vec<u8>,
}

/// The literals whose run has one length.
#[derive(Debug)]
struct Table {
    run: Run,
    bits: Box<[u64]>,
    /// Of each bucket the place of its first candidate, and behind the last bucket their number.
    heads: Vec<u32>,
    candidates: Vec<Candidate>,
}

/// A literal that may stand where its run was met.
#[derive(Debug, Clone, Copy, Default)]
struct Candidate {
    /// The run, case folded.
    run: u64,
    literal: u32,
    /// Where the literal begins in [`Literals::bytes`].
    begin: u32,
    length: u32,
    /// Where the run stands in the literal.
    offset: u32,
}

/// A length of run, and the size of its tables. The longer a run, the less chance brings it about: so of a literal the longest run is taken
/// that it can hold.
#[derive(Debug, Clone, Copy)]
struct Run {
    length: usize,
    /// Keeps of eight bytes the run.
    mask: u64,
    /// The filter has two to the power of this many bits.
    filter: u32,
    /// And so many buckets.
    buckets: u32,
}

/// Filters of 128, 32 and 1 KiB: together no more than a second-level cache, with few bits set by chance.
const RUNS: [Run; 3] = [
    Run { length: 8, mask: u64::MAX, filter: 20, buckets: 14 },
    Run { length: 4, mask: 0xffff_ffff, filter: 18, buckets: 12 },
    Run { length: 3, mask: 0x00ff_ffff, filter: 13, buckets: 6 },
];

/// Set in every byte, this makes upper case lower; what else it does it does to texts and literals alike.
const FOLD: u64 = 0x2020_2020_2020_2020;

impl Literals {
    /// The set of these literals; shorter ones than three bytes are never found.
    pub fn new<I: IntoIterator<Item = P>, P: AsRef<[u8]>>(literals: I) -> Self {
        let literals: Vec<Vec<u8>> = literals.into_iter().map(|literal| literal.as_ref().to_ascii_lowercase()).collect();
        let mut bytes = Vec::new();
        let places: Vec<Range<usize>> = literals.iter().map(|literal| append(&mut bytes, literal)).collect();
        let tables = std::array::from_fn(|at| {
            let longer = at.checked_sub(1).and_then(|at| RUNS.get(at)).map_or(usize::MAX, |run| run.length);
            let fits = |place: &Range<usize>| (RUNS[at].length..longer).contains(&place.len());
            let own: Vec<_> = places.iter().cloned().enumerate().filter(|(_, place)| fits(place)).collect();
            Table::new(RUNS[at], &bytes, &own)
        });
        Self { tables, bytes }
    }

    /// Tells every occurrence within `range` of `text`, overlapping ones too, as (number of the literal, start, end); by where their run stands.
    pub fn find(&self, text: &[u8], range: Range<usize>, mut found: impl FnMut(usize, usize, usize)) {
        let Some(part) = text.get(range.clone()) else { return };
        let [long, short, tiny] = &self.tables;
        for (at, eight) in part.windows(8).enumerate() {
            let bytes = u64::from_le_bytes(eight.try_into().unwrap_or_default()) | FOLD;
            if long.may_begin(bytes) | short.may_begin(bytes) | tiny.may_begin(bytes) {
                self.compare(text, &range, range.start + at, bytes, &mut found);
            }
        }
        // The last places, as if spaces followed; a literal that needs them ends behind the range and is not told.
        for at in part.len().saturating_sub(7)..part.len() {
            let mut last = [b' '; 8];
            last.iter_mut().zip(part.iter().skip(at)).for_each(|(to, from)| *to = *from);
            self.compare(text, &range, range.start + at, u64::from_le_bytes(last) | FOLD, &mut found);
        }
    }

    /// Compares the candidates whose run may begin at `at`, where these eight bytes stand.
    fn compare(&self, text: &[u8], range: &Range<usize>, at: usize, bytes: u64, found: &mut impl FnMut(usize, usize, usize)) {
        for table in self.tables.iter().filter(|table| table.may_begin(bytes)) {
            for candidate in table.candidates(bytes & table.run.mask) {
                let Some(start) = at.checked_sub(candidate.offset as usize).filter(|start| *start >= range.start) else { continue };
                let end = start + candidate.length as usize;
                let begin = candidate.begin as usize;
                let literal = self.bytes.get(begin..begin + candidate.length as usize);
                if end <= range.end
                    && literal.is_some_and(|literal| text.get(start..end).is_some_and(|it| it.eq_ignore_ascii_case(literal)))
                {
                    found(candidate.literal as usize, start, end);
                }
            }
        }
    }
}

impl Table {
    /// The table of the literals that stand at these places of `bytes`.
    fn new(run: Run, bytes: &[u8], literals: &[(usize, Range<usize>)]) -> Self {
        let runs = |place: &Range<usize>| place.start..place.end + 1 - run.length;
        let mut holders = vec![0_u32; 1 << run.filter];
        for at in literals.iter().flat_map(|(_, place)| runs(place)) {
            holders[slot(fold(bytes, at, run), run.filter)] += 1;
        }
        let mut bits = vec![0_u64; 1 << (run.filter - 6)].into_boxed_slice();
        let mut candidates = Vec::with_capacity(literals.len());
        for (number, place) in literals {
            let rarest = runs(place).min_by_key(|at| holders[slot(fold(bytes, *at, run), run.filter)]).unwrap_or(place.start);
            let folded = fold(bytes, rarest, run);
            let slot = slot(folded, run.filter);
            bits[slot / 64] |= 1 << (slot % 64);
            let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let (begin, length, offset) = (small(place.start), small(place.len()), small(rarest - place.start));
            candidates.push(Candidate { run: folded, literal: small(*number), begin, length, offset });
        }
        candidates.sort_by_key(|candidate| (slot(candidate.run, run.buckets), candidate.literal));
        let mut heads = vec![0_u32; (1 << run.buckets) + 1];
        for candidate in &candidates {
            heads[slot(candidate.run, run.buckets) + 1] += 1;
        }
        for at in 1..heads.len() {
            heads[at] += heads[at - 1];
        }
        Self { run, bits, heads, candidates }
    }

    #[inline]
    fn may_begin(&self, bytes: u64) -> bool {
        let slot = slot(bytes & self.run.mask, self.run.filter);
        self.bits.get(slot / 64).is_some_and(|word| word >> (slot % 64) & 1 != 0)
    }

    /// The candidates of this run.
    #[inline]
    fn candidates(&self, run: u64) -> impl Iterator<Item = &Candidate> {
        let bucket = slot(run, self.run.buckets);
        let head = |at: usize| self.heads.get(at).map_or(0, |head| *head as usize);
        self.candidates.get(head(bucket)..head(bucket + 1)).unwrap_or(&[]).iter().filter(move |candidate| candidate.run == run)
    }
}

/// A number of `bits` bits for a run; the high bits of a product, which all bytes had a part in (Knuth's multiplicative hashing).
#[inline]
fn slot(run: u64, bits: u32) -> usize {
    usize::try_from(run.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - bits)).unwrap_or(0)
}

/// The run at `at`, case folded.
fn fold(bytes: &[u8], at: usize, run: Run) -> u64 {
    let mut eight = [0; 8];
    eight.iter_mut().zip(bytes.iter().skip(at).take(run.length)).for_each(|(to, from)| *to = *from);
    (u64::from_le_bytes(eight) | FOLD) & run.mask
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
