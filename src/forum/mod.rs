//! The forum desk: saved pages become threads; threads are sorted, compared, ranked and answered by drafts. Nothing is posted, nothing sent.
//!
//! Pure like the rest of the core: bytes come in, and the time as an argument; who has files and a clock is [`crate::cli`].
//!
//! page → [`Thread`]s → [`Desk::triage`]: kind and topic with reasons, findings of the engine, what is missing, priority, a draft.
//! Duplicates come from [`Book`], an index of fingerprints that also serves a queue of many pages.

mod area;
mod class;
mod date;
mod desk;
mod draft;
mod fingerprint;
mod missing;
mod opening;
mod page;
mod priority;
mod questions;
mod said;
mod state;
mod stats;
mod thread;

pub use class::{Kind, Verdict, staff_signature};
pub use date::{Moment, Precision, moment};
pub use desk::{Desk, Duplicate, Sorted, Triaged, duplicate, order};
pub use draft::{Draft, Shape};
pub use fingerprint::{Book, Fingerprint, Shared, VERSION as FINGERPRINT_VERSION};
pub use missing::Missing;
pub use page::{LARGEST, Page, PageForm, PageProblem, read};
pub use priority::{Burst, Priority, bursts};
pub use state::ThreadState;
pub use stats::{Row, Stats, stats};
pub use thread::{Counts, Reply, Thread};
