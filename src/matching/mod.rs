//! Pages × (facts, text) → findings.
//!
//! [`Matcher::new`] puts every literal that can announce something — triggers of the fact families, spellings of codes, needles of
//! pages — into one automaton. [`scan`](Matcher::scan) runs it over a text and looks closer only at lines where it hits: facts are read, the
//! regexes of the needles that stand there are run. Then the rules of the pages with a hit are judged ([`rules`]), and what was found is put in order ([`rank`]).

mod compile;
mod fact_patterns;
mod fill;
mod found;
mod prove;
mod rank;
mod rules;
mod scan;

pub use compile::{Matcher, PatternId};
pub use fill::{fill, placeholders};
pub use found::{Before, Enough, FactGroup, Hit, REACH, Scan, Spot};
pub use prove::{Proof, prove};
pub use rank::rank;
pub use rules::{Failure, Match, Miss, judge, lasting, near_misses};
pub use scan::View;
