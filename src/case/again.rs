//! A kept case evaluated again, with the knowledge of today.

use super::take::{of_facts, take};
use super::{Dossier, Kept, Run, RunFinding};
use crate::engine::{Engine, Input, Options};

/// The inputs of a case as far as they are kept: the text or its redacted copy; none where there is no text.
#[must_use]
pub fn inputs(dossier: &Dossier) -> Option<Vec<Input>> {
    let kept = |input: &super::KeptInput| Some(Input { name: input.name.clone(), bytes: input.text.clone()? });
    dossier.inputs.iter().map(kept).collect::<Option<Vec<_>>>().filter(|inputs| !inputs.is_empty())
}

/// Evaluates a case at `at` (seconds since 1970) from what is kept of it; none where only its name is.
///
/// Where only facts are kept, what rests on other words of the text cannot be seen again: a finding stays as sure as it was, and goes only with its page.
#[must_use]
pub fn again(engine: &Engine, dossier: &Dossier, at: i64) -> Option<Run> {
    let evaluate = |inputs: Vec<Input>| take(engine, &inputs, &engine.triage(&inputs, &Options::default()), at).1;
    if let Some(inputs) = inputs(dossier) {
        return Some(evaluate(inputs));
    }
    let last = dossier.last().filter(|_| dossier.kept == Some(Kept::Facts))?;
    let mut run = evaluate(of_facts(&dossier.inputs, last));
    let known = |finding: &&RunFinding| engine.knowledge().page(&finding.id).is_some();
    for before in last.findings.iter().filter(known) {
        match run.findings.iter_mut().find(|finding| finding.id == before.id) {
            Some(after) if after.confidence < before.confidence => {}
            Some(after) => *after = before.clone(),
            None => run.findings.push(before.clone()),
        }
    }
    run.findings.sort_by_key(|finding| (finding.confidence, finding.severity));
    (run.facts, run.more_facts) = (last.facts.clone(), last.more_facts);
    Some(run)
}
