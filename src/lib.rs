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
//! 7. No network code. No async runtime but in `cli/mcp`, whose SDK needs one.
//! 8. Domain types do not serialise; [`report`] and [`store`] own wire forms and their versions.
//!
//! # Using it
//! Other Rust programs go in by [`engine`]: plain data in, plain data out. An [`Engine`](engine::Engine) is made once and shared; it is `Sync`.
//! What is made on first need (the matcher, some tens of milliseconds; the search index, the table of nearness) stays with it.
//!
//! **Stable**, which means that a change that breaks a program raises the version as semantic versioning says: [`engine`],
//! [`forum::Desk`] and [`forum::read`], [`artifact::inspect_together`] and [`artifact::cross`], the types of [`knowledge`] that these hand out, and the documents of [`report`], whose forms stand in
//! `docs/schema/`. All else is public for pitfall's own tests and may change with any version.
//!
//! What is wrong in a log:
//! ```
//! use pitfall::engine::{Engine, Input, Options};
//! use pitfall::knowledge::Confidence;
//!
//! let engine = Engine::new(Vec::new());
//! let log = b"10:00:00 Notes[512] SecItemAdd failed: -34018";
//! let input = Input { name: "notes.log".into(), bytes: log.to_vec() };
//! let diagnosis = engine.triage(&[input], &Options { limit: Some(3), ..Options::default() });
//!
//! let first = &diagnosis.findings[0];
//! assert_eq!((first.id.as_str(), first.topic), ("keychain-entitlement-missing", "keychain"));
//! assert_eq!(first.confidence, Confidence::Possible, "a bare code decides nothing");
//! assert!(!diagnosis.ask.is_empty(), "so something is asked");
//! assert_eq!(first.evidence[0].place.line, 1);
//! assert!(first.checklist.iter().all(|step| !step.text.is_empty()));
//! ```
//! What a code means, however it is written:
//! ```
//! # use pitfall::engine::Engine;
//! let engine = Engine::new(Vec::new());
//! for written in ["-25300", "errSecItemNotFound", "0xFFFF9D2C", "4294941996"] {
//!     assert_eq!(engine.explain(written)[0].entry.name.as_deref(), Some("errSecItemNotFound"), "{written}");
//! }
//! assert!(engine.explain("no such thing").is_empty());
//! ```
//! Which pages are about some words:
//! ```
//! # use pitfall::engine::Engine;
//! let engine = Engine::new(Vec::new());
//! let hits = engine.search("keychain item not found in background", Some("keychain"), 5);
//! assert!(hits.len() == 5 && hits.iter().all(|hit| hit.topic == "keychain"));
//! let page = engine.knowledge().page("keychain-entitlement-missing").expect("a page");
//! assert!(Engine::body(page).steps.len() >= 2);
//! ```
//! What a token, profile, entitlement file or certificate says, and what is wrong with it; several are held against each other:
//! ```
//! use pitfall::artifact::{Context, Status, cross, inspect_together};
//!
//! let entitlements = br#"<?xml version="1.0"?><plist version="1.0"><dict>
//!     <key>com.apple.security.get-task-allow</key><true/></dict></plist>"#;
//! let artifacts = inspect_together(&[("App.entitlements", entitlements.as_slice())], &Context::default());
//! assert_eq!(artifacts[0].form.word(), "entitlements");
//! assert!(artifacts[0].checks.iter().any(|check| check.status != Status::Pass));
//! assert!(cross(&artifacts).is_empty(), "one alone contradicts nothing");
//! ```
//! The questions of a saved page of a forum, sorted, with a draft of a reply:
//! ```
//! use pitfall::forum::{Desk, Kind, read};
//! # use pitfall::engine::Engine;
//!
//! let engine = Engine::new(Vec::new());
//! let saved = "SecItemAdd fails on the device\n\nMy app calls SecItemAdd and gets errSecMissingEntitlement (-34018). What is missing?";
//! let page = read(saved.as_bytes(), None);
//! let (threads, _bursts) = Desk::new(&engine).triage(page.threads, 1_764_374_400);
//! assert_eq!(threads[0].sorted.verdict.kind, Kind::Question);
//! assert_eq!(threads[0].findings[0].topic, "keychain");
//! assert!(threads[0].draft.text.contains("34018"));
//! ```
//! The same answers as documents, in the forms of the command line:
//! ```
//! # use pitfall::engine::Engine;
//! let engine = Engine::new(Vec::new());
//! let document = pitfall::report::explain_json("-34018", &engine.explain("-34018"));
//! assert_eq!(document["matches"][0]["name"], "errSecMissingEntitlement");
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
