//! A case as it is kept: what was found in some inputs and when, how much of the inputs stays with it, where the work stands.
//!
//! A dossier is taken from a diagnosis ([`take`]), lessened to what may be kept or may leave ([`lessen`]), compared and searched. What is
//! redacted, and how, is not decided here: whoever lessens hands in the way.

mod again;
mod compare;
mod lessen;
mod search;
mod take;

pub use again::{again, inputs};
pub use compare::{Change, Difference, compare};
pub use lessen::{Redact, lessen, lessen_words, redactor};
pub use search::{Place, search};
pub use take::{keep, knowledge_version, of_facts, take};

use crate::knowledge::{Confidence, Reference, Severity};

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }
        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word for it.
            #[must_use]
            pub fn word(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// The one of this word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> { Self::ALL.iter().copied().find(|value| value.word() == word) }
        }
    };
}

words! {
    /// How much of the inputs is kept with a case, the least first.
    Kept {
        /// What the inputs say, redacted; none of their lines.
        Facts = "facts",
        /// A copy in which private values are replaced.
        Redacted = "redacted",
        /// The inputs as they were given.
        Input = "input",
    }
}

words! {
    /// Where a case stands.
    #[derive(Default)]
    CaseState {
        /// Worked on.
        #[default]
        Open = "open",
        /// Waits for somebody else.
        Waiting = "waiting",
        /// It was found and is gone.
        Solved = "solved",
        /// Given up, or of no importance any more.
        Dropped = "dropped",
    }
}

words! {
    /// Where a step stands.
    #[derive(Default)]
    StepState {
        /// Not done.
        #[default]
        Open = "open",
        /// Done.
        Done = "done",
        /// Does not apply.
        Skipped = "skipped",
    }
}

/// A kept case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dossier {
    /// What identifies it in the store; empty in what a colleague sends.
    pub key: String,
    /// The title that a person gave it; may be empty.
    pub title: String,
    /// The names of its inputs, as the screen calls them.
    pub name: String,
    /// Where it stands.
    pub state: CaseState,
    /// How much of the inputs is kept; none where only the name is known.
    pub kept: Option<Kept>,
    /// It came from a colleague's bundle.
    pub imported: bool,
    /// When it was first seen, in seconds since 1970.
    pub created: i64,
    /// When it was last seen or changed.
    pub seen: i64,
    /// Its inputs.
    pub inputs: Vec<KeptInput>,
    /// What was found, each time that it was evaluated, oldest first.
    pub runs: Vec<Run>,
    /// Ticks and notes.
    pub steps: Vec<StepTick>,
}

/// An input of a kept case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptInput {
    /// Its name.
    pub name: String,
    /// What kind of text it is.
    pub form: String,
    /// Its size in bytes, as given.
    pub bytes: u64,
    /// Its lines, as given.
    pub lines: u64,
    /// Its text, or the redacted copy, where that is kept.
    pub text: Option<Vec<u8>>,
}

/// What was found at one time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// When, in seconds since 1970.
    pub at: i64,
    /// The version of pitfall.
    pub program: String,
    /// The version of the knowledge; see [`knowledge_version`].
    pub knowledge: String,
    /// What was wrong, best first.
    pub findings: Vec<RunFinding>,
    /// What the inputs say.
    pub facts: Vec<RunFact>,
    /// Different facts beyond those.
    pub more_facts: usize,
    /// What was to be collected or answered next.
    pub ask: Vec<String>,
}

/// A finding of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFinding {
    /// The page's id.
    pub id: String,
    /// The page's title.
    pub title: String,
    /// The topic's id.
    pub topic: String,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The summary, filled with what the input said.
    pub why: String,
    /// The summary holds something of the input.
    pub filled: bool,
    /// What shows it.
    pub evidence: Vec<RunEvidence>,
    /// Places beyond those.
    pub more_evidence: usize,
    /// What to do.
    pub checklist: Vec<RunStep>,
    /// Questions that decide.
    pub ask: Vec<String>,
    /// Where it is written.
    pub references: Vec<Reference>,
}

/// A place of an input that shows a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunEvidence {
    /// The input's number, from 0.
    pub input: usize,
    /// The line, from 1.
    pub line: usize,
    /// The text there; empty where only facts are kept.
    pub text: String,
    /// The pattern's id.
    pub pattern: String,
}

/// A step of a checklist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunStep {
    /// The step's id.
    pub id: String,
    /// What to do.
    pub text: String,
    /// The command that shows it; may be empty.
    pub command: String,
    /// What is seen then; may be empty.
    pub expect: String,
    /// The text holds something of the input.
    pub filled: bool,
}

/// Something that an input says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFact {
    /// What kind of thing.
    pub kind: String,
    /// The domain of an error.
    pub domain: Option<String>,
    /// The code of an error, as text.
    pub code: Option<String>,
    /// The symbol, word, key or name.
    pub name: Option<String>,
    /// As written.
    pub written: String,
    /// The input's number, from 0.
    pub input: usize,
    /// The line, from 1.
    pub line: usize,
    /// How often it stands.
    pub count: usize,
    /// What else is said of it.
    pub fields: Vec<(String, String)>,
}

/// A step's state and note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepTick {
    /// The page.
    pub page: String,
    /// The step.
    pub step: String,
    /// Where it stands.
    pub state: StepState,
    /// A note on it.
    pub note: String,
}

impl Dossier {
    /// What it is called: the title that it was given, else its best finding, else its name; cleaned.
    #[must_use]
    pub fn heading(&self) -> String {
        let found = self.top().map(|finding| finding.title.as_str());
        let short = self.name.rsplit('/').next().unwrap_or(&self.name);
        let best = Some(self.title.as_str()).filter(|title| !title.is_empty()).or(found).unwrap_or(short);
        crate::text::clean(best).text
    }

    /// The last run.
    #[must_use]
    pub fn last(&self) -> Option<&Run> {
        self.runs.last()
    }

    /// The best finding of the last run that is no noise.
    #[must_use]
    pub fn top(&self) -> Option<&RunFinding> {
        self.last()?.findings.iter().find(|finding| finding.severity != Severity::Noise)
    }

    /// How many steps of what was found last need no more work, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        let real = self.last().into_iter().flat_map(|run| &run.findings).filter(|finding| finding.severity != Severity::Noise);
        let steps: Vec<(&str, &str)> =
            real.flat_map(|finding| finding.checklist.iter().map(|step| (finding.id.as_str(), step.id.as_str()))).collect();
        let settled = steps.iter().filter(|(page, step)| self.tick(page, step).is_some_and(|tick| tick.state != StepState::Open)).count();
        (settled, steps.len())
    }

    /// What is known of a step.
    #[must_use]
    pub fn tick(&self, page: &str, step: &str) -> Option<&StepTick> {
        self.steps.iter().find(|tick| tick.page == page && tick.step == step)
    }

    /// What whoever helps will ask for: what was to be collected next, and the questions of what was found; each once.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let Some(run) = self.last() else { return Vec::new() };
        let real = run.findings.iter().filter(|finding| finding.severity != Severity::Noise);
        let mut all: Vec<&str> = Vec::new();
        for ask in run.ask.iter().chain(real.flat_map(|finding| &finding.ask)) {
            if !all.contains(&ask.as_str()) {
                all.push(ask);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests;
