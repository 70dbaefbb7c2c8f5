//! What pitfall knows: pages, error catalogues, guides; how files become them, and what is wrong with a file.
//!
//! Loading never stops at the first mistake: [`Knowledge`] holds what is good, and a [`Problem`] for every thing that is not. What needs the rules to be run is checked in [`crate::check`].

mod body;
mod catalogue;
mod diff;
mod embedded;
mod front_matter;
mod load;
pub mod markdown;
mod model;
mod origin;
mod pack;
mod problem;
mod read;
mod skeleton;
mod tune;

pub use body::{Body, Expectation, Mistake, SelfTest, Step, is_kebab, nearest};
pub use catalogue::{Catalogue, Entry, number, signed};
pub use diff::{Change, Difference, How, Part, diff};
pub use embedded::{NamedCodes, embedded, embedded_codes, embedded_named_codes, is_embedded};
pub use load::{Knowledge, LARGEST_CATALOGUE, LARGEST_PAGE, Overlay, SourceFile, place_of};
pub use model::{
    Code, CodeSpec, Confidence, FactTest, Guide, Page, PatternSpec, Platform, Reference, Rule, Severity, Status, TOPICS, Test, Topic, topic,
};
pub use origin::{Note, Origin, Pack, Provenance};
pub use pack::{Changes, Layer, PACK_FILE, Tuning};
pub use problem::{Kind as ProblemKind, PROBLEMS, Problem};
pub use skeleton::skeleton;
