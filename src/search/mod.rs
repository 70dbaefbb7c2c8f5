//! Full-text search over pages, guides and codes; the one home of tantivy.
//!
//! The index is made in memory when it is first needed. [`tokens`] cuts words so that `-25300`, `kSecAttrAccessGroup` and
//! `com.apple.developer.team-identifier` are found whole and by their parts; [`query`] reads what a user types, as they type it;
//! [`nearness`] tells which pages a whole report is near to.

mod index;
mod nearness;
mod query;
mod tokens;

pub use index::{Doc, HitKind, Index, SearchHit};
pub use nearness::{Gist, Near, Nearness};
