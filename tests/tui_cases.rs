//! Kept cases on the screen, without a terminal: kept as you go and as chosen, reopened, told what changed, where they stand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A failed stage is a failed test.

mod tui_stage;

use pitfall::app::{Effect, KnownCase, Msg, Put, Screen};
use pitfall::case::{CaseState, Dossier, Kept, KeptInput, Run, lessen, take};
use pitfall::engine::{Input, Options};
use std::collections::BTreeSet;
use tui_stage::{LOG, Stage, engine};

fn known(key: &str, kept: Option<Kept>) -> KnownCase {
    KnownCase {
        key: key.into(),
        name: format!("/logs/{key}.log"),
        heading: format!("Heading of {key}"),
        kept,
        steps: (1, 3),
        ..KnownCase::default()
    }
}

fn remember(stage: &mut Stage, cases: Vec<KnownCase>) {
    stage.send(Msg::Remembered(Vec::new(), BTreeSet::new(), cases));
}

/// What the store would tell of a kept case.
fn dossier(key: &str, kept: Kept) -> Dossier {
    let inputs = [Input { name: "a.log".into(), bytes: LOG.into() }];
    let (mut inputs, run) = take(&engine(), &inputs, &engine().triage(&inputs, &Options::default()), 1);
    let mut runs = vec![run];
    lessen(&mut inputs, &mut runs, kept, &mut |text| text.to_owned());
    Dossier { key: key.into(), name: "a.log".into(), kept: Some(kept), inputs, runs, ..Dossier::default() }
}

fn kept(effects: &[Effect]) -> Option<(String, Kept)> {
    effects.iter().find_map(|effect| if let Effect::KeepCase(key, kept, _) = effect { Some((key.clone(), *kept)) } else { None })
}

#[test]
fn the_first_tick_keeps_the_case_redacted_and_the_next_does_not() {
    let mut stage = Stage::new(80, 24);
    let effects = stage.keys("e j enter space");
    let Some((key, depth)) = kept(&effects) else { panic!("{effects:?}") };
    assert_eq!(depth, Kept::Redacted);
    let tick = effects.iter().position(|effect| matches!(effect, Effect::Save(Put::Tick(..)))).unwrap();
    let keep = effects.iter().position(|effect| matches!(effect, Effect::KeepCase(..))).unwrap();
    assert!(tick < keep, "the tick is written first");
    assert_eq!(kept(&stage.keys("space")), None, "it is on its way");
    stage.send(Msg::CaseKept(key.clone(), Ok(Kept::Redacted)));
    assert_eq!(kept(&stage.keys("space a n o enter")), None, "it is kept");
    assert_eq!(stage.model.record.cases[0].kept, Some(Kept::Redacted));
    stage.send(Msg::CaseKept(key, Err("the disk is full".into())));
    stage.shows("The case is not kept: the disk is full");
}

#[test]
fn a_depth_is_chosen() {
    let mut stage = Stage::new(80, 24);
    stage.keys("w");
    stage.hides("Keep the case with");
    stage.keys("e w");
    stage.shows("Keep the case with");
    stage.shows("Only its facts");
    let effects = stage.keys("down enter");
    let Some((key, depth)) = kept(&effects) else { panic!("{effects:?}") };
    assert_eq!(depth, Kept::Facts);
    stage.send(Msg::CaseKept(key, Ok(Kept::Facts)));
    stage.shows("Kept: its facts.");
    stage.keys("w");
    stage.shows("kept so");
}

#[test]
fn a_state_is_set_and_taken_back() {
    let mut stage = Stage::new(80, 24);
    stage.keys("e");
    let key = stage.model.case.as_ref().unwrap().key.clone();
    let effects = stage.keys("s s o l v e d enter");
    assert!(effects.contains(&Effect::Save(Put::CaseState(key.clone(), CaseState::Solved))), "{effects:?}");
    stage.shows("The case is solved.");
    let effects = stage.keys("u");
    assert!(effects.contains(&Effect::Save(Put::CaseState(key, CaseState::Open))), "{effects:?}");
    stage.shows("Taken back: open.");
}

#[test]
fn open_cases_stand_on_the_first_screen_and_in_the_search() {
    let mut stage = Stage::new(80, 24);
    let solved = KnownCase { state: CaseState::Solved, ..known("c", Some(Kept::Input)) };
    remember(&mut stage, vec![known("a", Some(Kept::Redacted)), known("b", None), solved]);
    stage.shows("case      Heading of a  1/3");
    stage.hides("Heading of b");
    stage.hides("Heading of c");
    let effects = stage.keys("enter");
    assert!(matches!(effects.as_slice(), [Effect::OpenCase(_, key)] if key == "a"), "{effects:?}");
    stage.keys("ctrl-g /");
    stage.shows("Heading of c");
    stage.shows("solved, 1 of 3 steps settled");
}

#[test]
fn a_kept_case_is_diagnosed_again_under_its_own_key() {
    let mut stage = Stage::new(80, 24);
    remember(&mut stage, vec![known("a", Some(Kept::Redacted))]);
    let effects = stage.keys("enter");
    let [Effect::OpenCase(id, _)] = effects.as_slice() else { panic!("{effects:?}") };
    let effects = stage.send(Msg::CaseOpened(*id, Some(Box::new(dossier("a", Kept::Redacted)))));
    assert!(matches!(effects.first(), Some(Effect::Diagnose(..))), "{effects:?}");
    stage.answer(effects);
    assert!(matches!(stage.model.screen, Screen::Triage(_)), "{}", stage.screen());
    let case = stage.model.case.as_ref().unwrap();
    assert_eq!((case.key.as_str(), stage.model.record.cases.len()), ("a", 1), "not another case of the redacted text");
    stage.hides("Since it was kept");
    let effects = stage.keys("enter space");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Save(Put::Tick(key, _)) if key.scope == "a")), "{effects:?}");
    // Another log that is pasted now belongs to it.
    stage.keys("esc");
    stage.paste("more");
    assert_eq!(stage.model.case.as_ref().unwrap().key, "a");
}

#[test]
fn what_changed_since_it_was_kept_is_told_and_kept() {
    let mut stage = Stage::new(120, 40);
    remember(&mut stage, vec![known("a", Some(Kept::Redacted))]);
    let effects = stage.keys("enter");
    let [Effect::OpenCase(id, _)] = effects.as_slice() else { panic!("{effects:?}") };
    let mut old = dossier("a", Kept::Redacted);
    let gone = old.runs[0].findings.remove(0);
    old.runs[0].findings.push(pitfall::case::RunFinding { id: "old-page".into(), title: "An old page".into(), ..gone });
    let effects = stage.send(Msg::CaseOpened(*id, Some(Box::new(old))));
    let Some(Effect::Diagnose(number, inputs)) = effects.first().cloned() else { panic!("{effects:?}") };
    let case = pitfall::app::Case::diagnose(&engine(), "hash of the redacted text".into(), inputs);
    let effects = stage.send(Msg::Diagnosed(number, Box::new(case)));
    assert!(effects.contains(&Effect::RecheckCase("a".into())), "{effects:?}");
    stage.shows("Since it was kept: new:");
    stage.shows("gone: An old page");
}

#[test]
fn without_text_a_case_leads_to_its_page_or_says_why_not() {
    let mut stage = Stage::new(80, 24);
    let facts = KnownCase { imported: true, page: "entitlement-missing".into(), ..known("a", Some(Kept::Facts)) };
    remember(&mut stage, vec![facts.clone()]);
    stage.keys("enter");
    assert!(
        matches!(&stage.model.screen, Screen::Page(page) if page.id == "entitlement-missing" && page.scope == "a"),
        "{}",
        stage.screen()
    );
    let mut stage = Stage::new(80, 24);
    remember(&mut stage, vec![KnownCase { page: String::new(), ..facts }]);
    let effects = stage.keys("enter");
    assert!(effects.is_empty(), "no file of this machine is opened by a name that came from elsewhere: {effects:?}");
    stage.shows("Only facts of this case are kept");
    let mut stage = Stage::new(80, 24);
    remember(&mut stage, vec![known("a", Some(Kept::Redacted))]);
    let effects = stage.keys("enter");
    let [Effect::OpenCase(id, _)] = effects.as_slice() else { panic!("{effects:?}") };
    stage.send(Msg::CaseOpened(*id, None));
    stage.shows("This case was removed meanwhile.");
}

#[test]
fn less_cannot_become_more() {
    let mut stage = Stage::new(80, 24);
    remember(&mut stage, vec![known("a", Some(Kept::Redacted))]);
    let effects = stage.keys("enter");
    let [Effect::OpenCase(id, _)] = effects.as_slice() else { panic!("{effects:?}") };
    let effects = stage.send(Msg::CaseOpened(*id, Some(Box::new(dossier("a", Kept::Redacted)))));
    stage.answer(effects);
    let effects = stage.keys("w down down enter");
    assert_eq!(kept(&effects), None);
    stage.shows("cannot come back");
    let empty = Dossier { inputs: vec![KeptInput::default()], runs: vec![Run::default()], ..dossier("b", Kept::Facts) };
    assert!(pitfall::case::inputs(&empty).is_none());
}
