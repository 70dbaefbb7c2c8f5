//! What the line under the cursor says, explained where it stands: who wrote it, which findings it shows, its facts, its codes' cards.

use crate::app::case::Case;
use crate::app::log::Log;
use crate::engine::{Diagnosis, Engine, Explained, FactReport};
use crate::facts::Kind;
use crate::text::clean;

/// What a line says.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// The line: the case, the input, the piece.
    key: (String, usize, usize),
    /// The process that wrote it, and whether that is Apple's.
    pub process: Option<(String, bool)>,
    /// The findings that it shows, best first.
    pub findings: Vec<usize>,
    /// Its codes and names, explained.
    pub cards: Vec<Explained>,
    /// What else it states: a word for the kind, and the thing.
    pub facts: Vec<(&'static str, String)>,
}

/// So many codes of one line are explained; more nobody reads.
const CARDS: usize = 4;
/// A fact's words must be at least this long to be recognised on another line: `1` is on every one.
const TELLING: usize = 5;

impl Told {
    /// What a piece of a log says; `before` is handed back while it still holds.
    #[must_use]
    pub(crate) fn of(before: Self, engine: &Engine, case: &Case, log: &Log, input: usize) -> Self {
        let number = log.piece_here();
        let key = (case.key.clone(), input, number);
        let Some(piece) = log.pieces.get(number).filter(|_| before.key != key) else { return Self { key, ..before } };
        let text = log.text(number);
        let origin = crate::facts::origin(text);
        let system = matches!(origin.role(), Some(crate::facts::Role::System));
        let mut findings: Vec<usize> = log.marks_in(piece.range.clone()).map(|mark| mark.finding).collect();
        findings.sort_unstable();
        findings.dedup();
        let here = facts(text, &case.diagnosis, input, piece.line);
        // Only what the catalogue really has: a line is not the place to guess at slips of the pen.
        let holds = |term: &&String| !engine.knowledge().catalogue().resolve(term).is_empty();
        let known = |term: &String| engine.explain(term).into_iter().next();
        let mut cards: Vec<Explained> = Vec::new();
        for card in crate::app::card::terms(text, &here).iter().filter(holds).take(CARDS).filter_map(known) {
            if !cards.iter().any(|one| one.entry == card.entry) {
                cards.push(card);
            }
        }
        let facts = here.iter().filter_map(|report| stated(report)).collect();
        Self { key, process: origin.process.map(|process| (process.to_owned(), system)), findings, cards, facts }
    }

    /// Whether nothing at all is known of the line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.process.is_none() && self.findings.is_empty() && self.cards.is_empty() && self.facts.is_empty()
    }
}

/// The facts of a line: those that stand there first, and those that stood before in the same words.
fn facts<'a>(text: &str, diagnosis: &'a Diagnosis, input: usize, line: usize) -> Vec<&'a FactReport> {
    let here = |report: &&FactReport| {
        report.input == input && report.place.line == line + 1
            || report.count > 1 && report.written.len() >= TELLING && text.contains(report.written.as_str())
    };
    diagnosis.facts.iter().filter(here).collect()
}

/// A fact that is no code, in words.
fn stated(report: &FactReport) -> Option<(&'static str, String)> {
    let fact = &report.fact;
    if matches!(fact.kind, Kind::Error | Kind::ExitStatus | Kind::Process) {
        return None;
    }
    let fields = fact.fields.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name} {value}"));
    let words: Vec<String> = fact.name.iter().cloned().chain(fields).collect();
    let words = if words.is_empty() { report.written.clone() } else { words.join(", ") };
    Some((fact.kind.word(), clean(&words).text))
}
