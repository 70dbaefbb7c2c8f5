//! Many literals looked for in one pass.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

/// A set of literals, ASCII case ignored. Each has the number of its place in the list it was built from.
#[derive(Debug)]
pub struct Literals {
    automaton: AhoCorasick,
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

    /// A set that is slower to build and quicker to scan with; right for inputs of many megabytes.
    ///
    /// # Errors
    /// Where the automaton grows past its limits.
    pub fn fast<I: IntoIterator<Item = P>, P: AsRef<[u8]>>(literals: I) -> Result<Self, LiteralsError> {
        Self::build(literals, AhoCorasickKind::DFA)
    }

    fn build<I: IntoIterator<Item = P>, P: AsRef<[u8]>>(literals: I, kind: AhoCorasickKind) -> Result<Self, LiteralsError> {
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(kind))
            .build(literals)
            .map_err(|error| LiteralsError(error.to_string()))?;
        Ok(Self { automaton })
    }

    /// Every occurrence in `text`, overlapping ones too, as (number of the literal, start, end), by where they end.
    pub fn find_all<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
        self.automaton.find_overlapping_iter(text).map(|hit| (hit.pattern().as_usize(), hit.start(), hit.end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_overlapping_literals_in_any_case() {
        for set in [Literals::new(["SecItem", "item", "-25300"]).unwrap(), Literals::fast(["SecItem", "item", "-25300"]).unwrap()] {
            let hits: Vec<_> = set.find_all(b"secITEMadd -25300").collect();
            assert_eq!(hits, [(0, 0, 7), (1, 3, 7), (2, 11, 17)]);
        }
    }
}
