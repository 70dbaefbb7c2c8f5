//! pitfall: what is wrong, when something goes wrong on Apple's platforms, and what to do about it; offline.
pub mod artifact;
pub mod check;
pub mod cli;
pub mod engine;
pub mod explain;
pub mod facts;
pub mod knowledge;
pub mod matching;
pub mod pattern;
pub mod report;
pub mod search;
pub mod text;
