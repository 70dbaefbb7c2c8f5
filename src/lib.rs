//! pitfall: what is wrong, when something goes wrong on Apple's platforms, and what to do about it; offline.
//!
//! # The map
//! A pure core and thin shells; arrows point down only.
//! ```text
//! main
//!  └ cli ─────────────────► tui                 shells: files, terminal, clock, threads
//!     ├ report, store        ├ view             Model → cells
//!     │                      └ app              Msg → Model + Effects
//!     ├─────► forum ◄────────┤                  pages → threads, sorted; duplicates; drafts
//!     ├─────► case ◄─────────┤                  what is kept of a diagnosis; compared
//!     └─────► engine ◄───────┘                  the one door to the core
//!               ├ check                         what is wrong with the knowledge
//!               ├ matching  explain  search     rules × (facts, text); codes; full text
//!               ├ form  facts  artifact         what an input is and says
//!               │                └ redact       secrets and identities taken out of what leaves
//!               ├ knowledge                     pages, codes, guides
//!               └ pattern, text                 regexes and literals; cleaning, lines, width
//! ```
//! # Invariants
//! `tests/house.rs` reads `src/` and holds 1, 3 and the arrows; the rest is kept by review.
//! 1. Below [`engine`] nothing touches a file, the clock, the environment, a terminal or a thread.
//! 2. Loading knowledge never stops at the first mistake: what is good is returned, and every problem.
//! 3. Each outside crate has one home.
//! 4. Drawing changes nothing; an update of the screen never blocks and never fails.
//! 5. Text from outside is cleaned once, on entry ([`text::Document`]), before any part of it can reach a terminal.
//! 6. Same input, same output, same order: ties are broken by id, never by hashing.
//! 7. No async runtime, no network code.
//! 8. Domain types do not serialise; [`report`] and [`store`] own wire forms and their versions.
//!
//! # Using it
//! ```
//! use pitfall::engine::{Engine, Input, Options};
//!
//! let engine = Engine::new(Vec::new());
//! let input = Input { name: "-".into(), bytes: b"SecItemAdd failed: -34018".to_vec() };
//! let diagnosis = engine.triage(&[input], &Options::default());
//! assert_eq!(diagnosis.findings[0].topic, "keychain");
//! ```

pub mod app;
pub mod artifact;
pub mod case;
pub mod check;
pub mod cli;
pub mod engine;
pub mod explain;
pub mod facts;
pub mod form;
pub mod forum;
pub mod knowledge;
pub mod matching;
pub mod pattern;
pub mod redact;
pub mod report;
pub mod search;
pub mod store;
pub mod text;
pub mod tui;
pub mod view;
