//! A diagnosed case: its inputs, what was found, and the logs as the screen has them.

use crate::app::log::Log;
use crate::engine::{Diagnosis, Engine, Input, Options};
use std::sync::Arc;

/// A diagnosed case.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// What identifies it: a hash of its first input, so that another log pasted later leaves the ticks where they are.
    pub key: String,
    /// Its inputs.
    pub inputs: Arc<Vec<Input>>,
    /// What was found.
    pub diagnosis: Diagnosis,
    /// Its logs, one an input.
    pub logs: Vec<Log>,
    /// It was reopened from what is kept: the key and name that it has whatever its inputs are.
    pub known: Option<(String, String)>,
}

/// An example for who has no log at hand.
pub const EXAMPLE: &str = "2026-11-22 10:00:00.123456+0100 Notes[512:1a2b3] [App] applicationDidEnterBackground
2026-11-22 10:00:01.004211+0100 Notes[512:1a2b3] [Sync] refresh started
2026-11-22 10:00:01.018750+0100 Notes[512:1a2b3] [Keychain] SecItemAdd failed: -34018
2026-11-22 10:00:01.018900+0100 Notes[512:1a2b3] [Keychain] Error Domain=NSOSStatusErrorDomain Code=-34018 \"A required entitlement isn't present.\" (errSecMissingEntitlement)
2026-11-22 10:00:02.120034+0100 Notes[512:1a2b3] [Keychain] SecItemCopyMatching failed: -25308 (errSecInteractionNotAllowed)
2026-11-22 10:00:02.120101+0100 Notes[512:1a2b3] [Keychain] token unreadable, SecItemDelete, signing out
";

impl Case {
    /// Diagnoses inputs. This is the long work; it runs aside.
    #[must_use]
    pub fn diagnose(engine: &Engine, key: String, inputs: Arc<Vec<Input>>) -> Self {
        let diagnosis = engine.triage(&inputs, &Options::default());
        Self::of(key, inputs, diagnosis)
    }

    /// The case of inputs that were diagnosed.
    #[must_use]
    pub fn of(key: String, inputs: Arc<Vec<Input>>, diagnosis: Diagnosis) -> Self {
        let logs = (0..inputs.len()).map(|input| Log::new(&diagnosis, input)).collect();
        Self { key, inputs, diagnosis, logs, known: None }
    }

    /// What an input is called on the screen: the end of its path, as much of it as tells it from the others.
    #[must_use]
    pub fn input_name(&self, input: usize) -> String {
        let name = |at: usize| self.inputs.get(at).map_or("", |input| input.name.as_str());
        let short = crate::app::short_name(name(input));
        let alike = (0..self.inputs.len()).filter(|at| crate::app::short_name(name(*at)) == short).count() > 1;
        let longer = name(input).rsplitn(3, '/').take(2).collect::<Vec<_>>();
        let shown = if alike { longer.into_iter().rev().collect::<Vec<_>>().join("/") } else { short.to_owned() };
        crate::text::clean(&shown).text
    }

    /// Its name: the first input's.
    #[must_use]
    pub fn name(&self) -> String {
        let first = self.inputs.first().map_or("", |input| input.name.as_str());
        match self.inputs.len() {
            0 | 1 => first.to_owned(),
            more => format!("{first} and {} more", more - 1),
        }
    }
}
