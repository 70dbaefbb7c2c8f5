//! The plain data that goes into the engine and comes out.

use super::ArtifactReport;
use crate::artifact::Check;
use crate::facts::Fact;
use crate::form::Form;
use crate::knowledge::{Confidence, Reference, Severity, Step};
use crate::text::{Document, Notes, Place};
use std::sync::Arc;

/// A text to be diagnosed.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// Its name: a file's, or `-`.
    pub name: String,
    /// Its bytes, whatever they are.
    pub bytes: Vec<u8>,
}

/// How a diagnosis is made.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only lines of this process count.
    pub process: Option<String>,
    /// Only findings of this topic.
    pub topic: Option<String>,
    /// At most so many findings.
    pub limit: Option<usize>,
    /// Say which patterns hit and which conditions failed.
    pub explain: bool,
    /// Take the inputs for this form instead of the one recognised.
    pub form: Option<Form>,
    /// The time to judge dates by, in seconds since 1970; without it nothing is said of what has expired.
    pub now: Option<i64>,
}

/// What the engine makes of some inputs.
#[derive(Debug, Clone, Default)]
pub struct Diagnosis {
    /// The inputs, read.
    pub inputs: Vec<InputReport>,
    /// What they say, each thing once, with its first place.
    pub facts: Vec<FactReport>,
    /// Different facts beyond those.
    pub more_facts: usize,
    /// What is wrong, best first.
    pub findings: Vec<Finding>,
    /// Tokens, keys, property lists and the like that stand in the inputs.
    pub artifacts: Vec<ArtifactReport>,
    /// What those say of each other.
    pub cross: Vec<Check>,
    /// What to collect or answer next.
    pub ask: Vec<String>,
    /// Pages that were nearly found, where that was asked for.
    pub near_misses: Vec<NearMiss>,
}

/// An input, read.
#[derive(Debug, Clone)]
pub struct InputReport {
    /// Its name.
    pub name: String,
    /// What kind of text it is.
    pub form: &'static str,
    /// Why we think so.
    pub form_reason: String,
    /// Its size in bytes.
    pub bytes: usize,
    /// How many lines it has.
    pub lines: usize,
    /// What cleaning met.
    pub notes: Notes,
    /// The text, cleaned, with its lines; of an input read in parts only the front.
    pub document: Arc<Document>,
}

/// A fact, once.
#[derive(Debug, Clone)]
pub struct FactReport {
    /// The fact at its first place.
    pub fact: Fact,
    /// The input's number, from 0.
    pub input: usize,
    /// The first place.
    pub place: Place,
    /// The text as written, cleaned.
    pub written: String,
    /// How often it stands.
    pub count: usize,
    /// What the code means; empty where something sure was found that says more.
    pub meaning: String,
    /// Pages about the code, by id, where its meaning is told.
    pub pages: Vec<String>,
}

/// Something that is wrong, or a line that only looks so.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The page's id.
    pub id: String,
    /// The page's title.
    pub title: String,
    /// The topic's id.
    pub topic: &'static str,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The summary, filled with what the input said.
    pub why: String,
    /// What shows it.
    pub evidence: Vec<Evidence>,
    /// Places beyond those.
    pub more_evidence: usize,
    /// What to do.
    pub checklist: Vec<Step>,
    /// Questions that decide.
    pub ask: Vec<String>,
    /// Where it is written.
    pub references: Vec<Reference>,
    /// Pages near it, by id.
    pub related: Vec<String>,
    /// General pages that this one explains and that would have been found too, by id.
    pub absorbed: Vec<String>,
}

/// A place of an input that shows a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The input's number, from 0.
    pub input: usize,
    /// Where, in the input as given.
    pub place: Place,
    /// Where it begins in the cleaned text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The text there, cleaned.
    pub text: String,
    /// The pattern's id.
    pub pattern: String,
}

/// A page that was nearly found.
#[derive(Debug, Clone)]
pub struct NearMiss {
    /// The page's id.
    pub id: String,
    /// Patterns that hit.
    pub hit: Vec<String>,
    /// Patterns whose needle stood there without the regex hitting.
    pub needles: Vec<String>,
    /// For each rule, why it does not hold.
    pub failures: Vec<String>,
}
