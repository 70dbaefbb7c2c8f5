//! Kept cases line by line: kept as you tick and as you say, gone back to, told where they stand.

use super::{PLAIN, Session, now};
use crate::case::{CaseState, Dossier, Kept, again, compare, inputs, keep};
use crate::cli::case::{LARGEST, depth, name};
use crate::engine::Options;
use crate::report::{case_text, cases_text, difference_line, short_key};
use crate::store::{CaseEdit, explained, fingerprint};

impl Session {
    /// What the case that is open is known by.
    pub(super) fn key(&self) -> String {
        self.kept_as.clone().unwrap_or_else(|| fingerprint(&self.inputs))
    }

    /// Keeps the open case at a depth; says how that went.
    pub(super) fn keep_case(&mut self, word: &str) -> String {
        if self.inputs.is_empty() {
            return "Nothing was pasted or read yet.".to_owned();
        }
        let kept = match depth(word) {
            Ok(kept) => kept,
            Err(error) => return error.to_string(),
        };
        match self.put(kept) {
            Ok(()) => format!("Kept as {}: {}.", short_key(&self.key()), kept.word()),
            Err(why) => format!("Not kept: {why}"),
        }
    }

    fn put(&mut self, kept: Kept) -> Result<(), String> {
        let size: usize = self.inputs.iter().map(|input| input.bytes.len()).sum();
        let kept = if size > LARGEST { Kept::Facts } else { kept };
        let dossier = Dossier { key: self.key(), name: name(&self.inputs), kept: Some(kept), ..Dossier::default() };
        let dossier = keep(&self.engine, dossier, &self.inputs, now());
        let Some(store) = &mut self.store else { return Err("there is no place to keep it.".into()) };
        store.keep_case(&dossier, now()).map(|_| ()).map_err(|error| explained(&error))
    }

    /// Keeps the open case, redacted, unless it is kept already: somebody works on it.
    pub(super) fn keep_as_you_go(&mut self) {
        let key = self.key();
        let known = self.store.as_ref().and_then(|store| store.case(&key).ok().flatten());
        if !self.inputs.is_empty() && known.is_none_or(|case| case.kept.is_none()) {
            let _ = self.put(Kept::Redacted);
        }
    }

    /// Sets where the open case stands.
    pub(super) fn set_state(&mut self, word: &str) -> String {
        let Some(state) = CaseState::parse(word) else {
            return format!("A case is {}.", CaseState::ALL.iter().map(|state| state.word()).collect::<Vec<_>>().join(", "));
        };
        if self.inputs.is_empty() {
            return "Nothing was pasted or read yet.".to_owned();
        }
        self.keep_as_you_go();
        let edit = CaseEdit { state: Some(state), title: None };
        match self.store.as_ref().map(|store| store.edit_case(&self.key(), &edit, now())) {
            Some(Ok(_)) => format!("The case is {word}."),
            Some(Err(error)) => format!("Not kept: {}", explained(&error)),
            None => "Not kept: there is no place to keep it.".to_owned(),
        }
    }

    /// The cases, one a line.
    pub(super) fn cases(&self) -> String {
        let cases = self.store.as_ref().and_then(|store| store.cases().ok()).unwrap_or_default();
        if cases.is_empty() { "No case is known.".to_owned() } else { cases_text(&cases, now(), PLAIN) }
    }

    /// Goes back to a case; says what changed since it was kept.
    pub(super) fn go_back(&mut self, start: &str) -> String {
        let Some(store) = &self.store else { return "No case is known.".to_owned() };
        let keys = store.case_keys(start).unwrap_or_default();
        let [key] = keys.as_slice() else {
            return if keys.is_empty() {
                format!("There is no case {start}; `cases` lists them.")
            } else {
                format!("{start} is more than one case.")
            };
        };
        let Ok(Some(case)) = store.case(key) else { return format!("There is no case {start}.") };
        let Some(inputs) = inputs(&case) else {
            return format!("{}\nIts text is not kept; `file PATH` reads it again.", case_text(&case, PLAIN).trim_end());
        };
        let run = again(&self.engine, &case, now());
        let changed = case.last().zip(run.as_ref()).and_then(|(before, run)| difference_line(&compare(before, run)));
        self.diagnosis = self.engine.triage(&inputs, &Options::default());
        (self.inputs, self.page, self.kept_as) = (inputs, None, Some(case.key.clone()));
        if let (Some(run), Some(store), true) = (run, &mut self.store, changed.is_some()) {
            let _ = store.put_run(&case.key, &run);
        }
        let changed = changed.map(|changed| format!("\nSince it was kept: {changed}.")).unwrap_or_default();
        format!("{}{changed}", case_text(&case, PLAIN).trim_end())
    }
}
