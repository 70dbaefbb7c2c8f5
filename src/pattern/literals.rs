//! Many literals looked for in one pass.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

/// Texts from this size on are worth the automaton that is slower to build and quicker to scan with.
const LARGE: usize = 1 << 20;
/// With more literals than this, that automaton is larger than any cache, and than what we may hold.
const FEW: usize = 8 << 10;

/// A set of literals, ASCII case ignored. Each has the number of its place in the list it was built from.
#[derive(Debug)]
pub struct Literals {
    automaton: AhoCorasick,
    /// The numbers of the literals, where only some of a list were taken.
    numbers: Option<Vec<usize>>,
}

/// The set could not be built: too many literals for the automaton.
#[derive(Debug, thiserror::Error)]
#[error("the literals do not fit into one automaton: {0}")]
pub struct LiteralsError(String);

impl Literals {
    /// A set that is quick to build; right for small inputs.
    ///
    /// # Errors
    /// Where the automaton grows past its limits.
    pub fn new<I: IntoIterator<Item = P>, P: AsRef<[u8]>>(literals: I) -> Result<Self, LiteralsError> {
        Self::build(literals, AhoCorasickKind::ContiguousNFA)
    }

    /// The set of those of `literals` that can stand in `text` at all, with their numbers kept: what a text needs is found out in a fraction
    /// of the time that an automaton over all literals takes to build, and the small automaton stays in the cache.
    ///
    /// # Errors
    /// Where the automaton grows past its limits.
    pub fn for_text(literals: &[String], text: &[u8]) -> Result<Self, LiteralsError> {
        let grams = Grams::of(text);
        let numbers: Vec<usize> =
            literals.iter().enumerate().filter(|(_, literal)| grams.may_hold(literal.as_bytes())).map(|(at, _)| at).collect();
        let fast = text.len() >= LARGE && numbers.len() <= FEW;
        let kind = if fast { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let mut set = Self::build(numbers.iter().filter_map(|at| literals.get(*at)), kind)?;
        set.numbers = Some(numbers);
        Ok(set)
    }

    fn build<I: IntoIterator<Item = P>, P: AsRef<[u8]>>(literals: I, kind: AhoCorasickKind) -> Result<Self, LiteralsError> {
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(kind))
            .build(literals)
            .map_err(|error| LiteralsError(error.to_string()))?;
        Ok(Self { automaton, numbers: None })
    }

    /// Every occurrence in `text`, overlapping ones too, as (number of the literal, start, end), by where they end.
    pub fn find_all<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
        self.automaton.find_overlapping_iter(text).map(|hit| {
            let at = hit.pattern().as_usize();
            (self.numbers.as_ref().map_or(at, |numbers| numbers[at]), hit.start(), hit.end())
        })
    }
}

/// Which runs of three bytes, ASCII case ignored, stand in a text; a hash of them, so that "no" is sure and "yes" is not.
struct Grams {
    bits: Vec<u64>,
}

impl Grams {
    const BITS: usize = 1 << 18;

    fn slot(gram: u32) -> usize {
        (gram.wrapping_mul(0x9e37_79b1) >> 14) as usize % Self::BITS
    }

    /// The last three bytes, lower case, after one more.
    fn shift(gram: u32, byte: u8) -> u32 {
        gram << 8 & 0x00ff_ffff | u32::from(byte.to_ascii_lowercase())
    }

    fn of(text: &[u8]) -> Self {
        let mut bits = vec![0_u64; Self::BITS / 64];
        let mut gram = 0;
        for byte in text {
            gram = Self::shift(gram, *byte);
            let slot = Self::slot(gram);
            let (word, bit) = (&mut bits[slot / 64], 1 << (slot % 64));
            // Nearly all are known already; not to write is quicker than to write the same.
            if *word & bit == 0 {
                *word |= bit;
            }
        }
        Self { bits }
    }

    fn may_hold(&self, literal: &[u8]) -> bool {
        let mut gram = 0;
        literal.iter().enumerate().all(|(at, byte)| {
            gram = Self::shift(gram, *byte);
            let slot = Self::slot(gram);
            at < 2 || self.bits[slot / 64] & 1 << (slot % 64) != 0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_overlapping_literals_in_any_case() {
        let text = b"secITEMadd -25300";
        let list = ["SecItem", "item", "-25300", "absent"].map(str::to_owned);
        for set in [Literals::new(&list).unwrap(), Literals::for_text(&list, text).unwrap()] {
            let hits: Vec<_> = set.find_all(text).collect();
            assert_eq!(hits, [(0, 0, 7), (1, 3, 7), (2, 11, 17)]);
        }
    }
}
