//! Kept cases on the screen: kept as you go or as chosen, reopened, told what changed, where they stand.

use crate::app::message::{Effect, Put};
use crate::app::model::{Model, Overlay, Screen, Tone, Undo};
use crate::app::popup::{Choice, Item, Popup};
use crate::app::record::KnownCase;
use crate::app::triage::{self, PASTED};
use crate::case::{CaseState, Dossier, Kept};
use crate::engine::Input;
use crate::knowledge::Severity;
use crate::text::clean;
use std::sync::Arc;

/// A case that is diagnosed again from what is kept of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reopened {
    /// Its key, which its redacted text would not give.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What was found last: pages with their titles; none where nothing is to be told of it.
    pub before: Option<Vec<(String, String)>>,
}

/// Texts that are kept have so many bytes together; of more, facts are.
const LARGEST: usize = 16 << 20;

/// What a case is called in a list.
pub(crate) fn title(case: &KnownCase) -> String {
    let short = if case.name.starts_with(PASTED) { &case.name } else { crate::app::short_name(&case.name) };
    clean(if case.heading.is_empty() { short } else { &case.heading }).text
}

/// The case that keys are about: the one of the page, else the one that is open.
fn here(model: &Model) -> Option<String> {
    match &model.screen {
        Screen::Page(view) if !view.scope.is_empty() => Some(view.scope.clone()),
        Screen::Page(_) => None,
        _ => model.case.as_ref().map(|case| case.key.clone()),
    }
}

fn known<'a>(model: &'a Model, key: &str) -> Option<&'a KnownCase> {
    model.record.cases.iter().find(|case| case.key == key)
}

/// A case was diagnosed: it goes before the others.
pub(crate) fn seen(model: &mut Model, key: &str, name: &str) {
    let at = model.record.cases.iter().position(|known| known.key == key);
    let mut case = at.map(|at| model.record.cases.remove(at)).unwrap_or_default();
    key.clone_into(&mut case.key);
    if !case.imported {
        name.clone_into(&mut case.name);
    }
    model.record.cases.insert(0, case);
}

/// Something was ticked or noted in a case: it is kept, redacted, unless it is already.
pub(crate) fn as_you_go(model: &mut Model, scope: &str) -> Option<Effect> {
    let case = model.case.as_ref().filter(|case| case.key == scope)?;
    let kept = known(model, scope).is_some_and(|known| known.kept.is_some());
    if kept || model.work.keeping.as_deref() == Some(scope) {
        return None;
    }
    let inputs = Arc::clone(&case.inputs);
    Some(keep_so(model, scope.to_owned(), Kept::Redacted, inputs))
}

/// An input was added to a case that is kept: it is kept too.
pub(crate) fn keep_more(model: &mut Model) -> Option<Effect> {
    let case = model.case.as_ref()?;
    let kept = known(model, &case.key)?.kept?;
    let (key, inputs) = (case.key.clone(), Arc::clone(&case.inputs));
    Some(keep_so(model, key, kept, inputs))
}

fn keep_so(model: &mut Model, key: String, kept: Kept, inputs: Arc<Vec<Input>>) -> Effect {
    let size: usize = inputs.iter().map(|input| input.bytes.len()).sum();
    let kept = if size > LARGEST { Kept::Facts } else { kept };
    model.work.keeping = Some(key.clone());
    Effect::KeepCase(key, kept, inputs)
}

/// Asks how much of the case is to be kept.
pub(crate) fn ask_depth(model: &mut Model) {
    let Some(key) = here(model).filter(|key| model.case.as_ref().is_some_and(|case| case.key == *key)) else {
        model.say(Tone::Plain, "No case is open here; paste a log, or open one.");
        return;
    };
    let now = known(model, &key).and_then(|known| known.kept);
    let item = |kept: &Kept| Item {
        label: match kept {
            Kept::Redacted => "A redacted copy: private values are replaced",
            Kept::Facts => "Only its facts: no text of it",
            Kept::Input => "The text as it is",
        }
        .to_owned(),
        detail: if now == Some(*kept) { "kept so".to_owned() } else { String::new() },
        choice: Choice::Keep(*kept),
    };
    let items = [Kept::Redacted, Kept::Facts, Kept::Input].iter().map(item).collect();
    model.overlay = Some(Overlay::Popup(Popup::new("Keep the case with", items)));
}

/// Keeps the open case with so much of its inputs.
pub(crate) fn keep(model: &mut Model, kept: Kept) -> Vec<Effect> {
    let Some(case) = &model.case else { return Vec::new() };
    let (key, inputs) = (case.key.clone(), Arc::clone(&case.inputs));
    if let (Some(_), Some(before)) = (&case.known, known(model, &key).and_then(|known| known.kept))
        && kept > before
    {
        model.say(Tone::Plain, "What was left out of a kept case cannot come back.");
        return Vec::new();
    }
    model.say(Tone::Plain, "Keeping the case…");
    let size: usize = inputs.iter().map(|input| input.bytes.len()).sum();
    if size > LARGEST && kept != Kept::Facts {
        model.say(Tone::Plain, format!("{} MiB are more than is kept of a case; its facts are.", size >> 20));
    }
    vec![keep_so(model, key, kept, inputs)]
}

/// The case is kept, or is not. What was kept as you go is not told: the tick was what mattered.
pub(crate) fn kept(model: &mut Model, key: &str, result: Result<Kept, String>) {
    let asked = model.status.as_ref().is_some_and(|status| status.text.starts_with("Keeping the case"));
    model.work.keeping = None;
    match result {
        Ok(kept) => {
            if asked {
                let told = match kept {
                    Kept::Facts => "Kept: its facts.",
                    Kept::Redacted => "Kept: a redacted copy.",
                    Kept::Input => "Kept: the text as it is.",
                };
                model.say(Tone::Good, told);
            }
            let found = model.case.as_ref().filter(|case| case.key == key).map(|case| &case.diagnosis.findings);
            let top = found.and_then(|found| found.iter().find(|finding| finding.severity != Severity::Noise));
            if let Some(known) = model.record.cases.iter_mut().find(|known| known.key == key) {
                known.kept = Some(kept);
                known.page = top.map(|finding| finding.id.clone()).unwrap_or_default();
                if let Some(finding) = top.filter(|_| known.heading.is_empty()) {
                    known.heading.clone_from(&finding.title);
                }
            }
        }
        Err(why) => model.say(Tone::Bad, format!("The case is not kept: {}", clean(&why).text)),
    }
}

/// Asks where the case stands.
pub(crate) fn ask_state(model: &mut Model) {
    let Some(key) = here(model) else {
        model.say(Tone::Plain, "No case is open here; paste a log, or open one.");
        return;
    };
    let now = known(model, &key).map(|known| known.state).unwrap_or_default();
    let item = |state: &CaseState| Item {
        label: match state {
            CaseState::Open => "open: worked on",
            CaseState::Waiting => "waiting: somebody else has to answer",
            CaseState::Solved => "solved: it was found and is gone",
            CaseState::Dropped => "dropped: given up, or of no importance",
        }
        .to_owned(),
        detail: if now == *state { "it stands so".to_owned() } else { String::new() },
        choice: Choice::State(*state),
    };
    model.overlay = Some(Overlay::Popup(Popup::new("The case is", CaseState::ALL.iter().map(item).collect())));
}

/// Sets where the case stands; it can be taken back.
pub(crate) fn set_state(model: &mut Model, state: CaseState) -> Vec<Effect> {
    let Some(key) = here(model) else { return Vec::new() };
    let before = known(model, &key).map(|known| known.state).unwrap_or_default();
    if before == state {
        model.say(Tone::Plain, format!("It is {} already.", state.word()));
        return Vec::new();
    }
    model.undo.push(Undo::CaseState(key.clone(), before));
    model.say(Tone::Good, format!("The case is {}.", state.word()));
    let mut effects = put_state(model, &key, state);
    effects.extend(as_you_go(model, &key));
    effects
}

/// Puts a state here and in the store.
pub(crate) fn put_state(model: &mut Model, key: &str, state: CaseState) -> Vec<Effect> {
    if let Some(known) = model.record.cases.iter_mut().find(|known| known.key == key) {
        known.state = state;
    }
    vec![Effect::Save(Put::CaseState(key.to_owned(), state))]
}

/// Goes back to a case: to what is kept of it, else to its file, else to a page of it.
pub(crate) fn reopen(model: &mut Model, key: &str) -> Vec<Effect> {
    if model.case.as_ref().is_some_and(|case| case.key == key) {
        return crate::app::update::to_triage(model);
    }
    let Some(case) = known(model, key).cloned() else { return Vec::new() };
    if matches!(case.kept, Some(Kept::Redacted | Kept::Input)) { open(model, key) } else { without_text(model, &case) }
}

/// Asks for what is kept of a case.
pub(crate) fn open(model: &mut Model, key: &str) -> Vec<Effect> {
    let id = model.ask();
    model.work.reading = Some(id);
    vec![Effect::OpenCase(id, key.to_owned())]
}

fn without_text(model: &mut Model, case: &KnownCase) -> Vec<Effect> {
    if !case.name.starts_with(PASTED) && !case.imported {
        return crate::app::update::open_file(model, &case.name);
    }
    let mut recent = model.record.recent.iter().filter(|recent| recent.scope == case.key && !recent.page.is_empty());
    let page = recent.next().map_or(&case.page, |recent| &recent.page).clone();
    if !page.is_empty() {
        return crate::app::page::open(model, &page, &case.key);
    }
    let told = if case.imported || case.kept.is_some() {
        "Only facts of this case are kept, and nothing was found in them."
    } else {
        "The text of a paste is not kept. Paste it again, and its ticks are there again."
    };
    model.say(Tone::Plain, told);
    Vec::new()
}

/// What is kept of a case has arrived: its text is diagnosed with the knowledge of today.
pub(crate) fn opened(model: &mut Model, found: Option<Dossier>) -> Vec<Effect> {
    let Some(dossier) = found else {
        model.say(Tone::Bad, "This case was removed meanwhile.");
        return Vec::new();
    };
    if known(model, &dossier.key).is_none() {
        model.record.cases.insert(0, KnownCase::of(&dossier));
    }
    let Some(inputs) = crate::case::inputs(&dossier) else {
        let case = KnownCase::of(&dossier);
        return without_text(model, &case);
    };
    let before = dossier.last().map(|run| run.findings.iter().map(|finding| (finding.id.clone(), finding.title.clone())).collect());
    model.case = None;
    triage::show(model);
    model.work.reopened = Some(Box::new(Reopened { key: dossier.key, name: dossier.name, before }));
    triage::diagnose(model, Arc::new(inputs))
}

/// Says what changed in a reopened case since it was evaluated last; then what is found now is kept beside what was.
pub(crate) fn told_again(model: &mut Model, reopened: &Reopened) -> Option<Effect> {
    let before = reopened.before.as_ref()?;
    let now = &model.case.as_ref()?.diagnosis.findings;
    let new = now.iter().filter(|finding| !before.iter().any(|(id, _)| *id == finding.id)).map(|finding| clean(&finding.title).text);
    let gone = before.iter().filter(|(id, _)| !now.iter().any(|finding| finding.id == *id)).map(|(_, title)| clean(title).text);
    let (new, gone): (Vec<String>, Vec<String>) = (new.collect(), gone.collect());
    if new.is_empty() && gone.is_empty() {
        return None;
    }
    let part = |word: &str, titles: Vec<String>| if titles.is_empty() { None } else { Some(format!("{word}: {}", titles.join("; "))) };
    let told: Vec<String> = part("new", new).into_iter().chain(part("gone", gone)).collect();
    model.say(Tone::Plain, format!("Since it was kept: {}", told.join(" · ")));
    Some(Effect::RecheckCase(reopened.key.clone()))
}

impl KnownCase {
    /// What a list needs of a kept case.
    #[must_use]
    pub fn of(dossier: &Dossier) -> Self {
        Self {
            key: dossier.key.clone(),
            name: dossier.name.clone(),
            heading: if dossier.kept.is_some() || !dossier.title.is_empty() { dossier.heading() } else { String::new() },
            state: dossier.state,
            kept: dossier.kept,
            imported: dossier.imported,
            page: dossier.top().map(|finding| finding.id.clone()).unwrap_or_default(),
            steps: dossier.progress(),
        }
    }
}
