//! Cases taken, lessened, compared, searched, evaluated again.

use super::*;
use crate::engine::{Engine, Input, Options};
use std::sync::OnceLock;

const LOG: &str = "2026-11-22 10:00:01.018750+0100 Notes[512:1a2b3] [Keychain] SecItemAdd failed: -34018 for kim.weber@weber-soft.de\n\
2026-11-22 10:00:02.120034+0100 Notes[512:1a2b3] [Keychain] reading /Users/kimweber/Library/Notes.db\n";

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(Vec::new()))
}

fn taken(kept: Kept) -> Dossier {
    let inputs = [Input { name: "/Users/kimweber/a.log".into(), bytes: LOG.into() }];
    let (inputs, run) = take(engine(), &inputs, &engine().triage(&inputs, &Options::default()), 1_000);
    let mut dossier =
        Dossier { key: "k".into(), name: "/Users/kimweber/a.log".into(), kept: Some(kept), inputs, runs: vec![run], ..Dossier::default() };
    let mut redact = redactor(engine(), &dossier.runs);
    lessen(&mut dossier.inputs, &mut dossier.runs, kept, &mut redact);
    dossier
}

fn said(dossier: &Dossier) -> String {
    let texts: String =
        dossier.inputs.iter().filter_map(|input| input.text.as_ref()).map(|text| String::from_utf8_lossy(text).into_owned()).collect();
    format!("{texts} {:?} {:?}", dossier.inputs.iter().map(|input| &input.name).collect::<Vec<_>>(), dossier.runs)
}

#[test]
fn a_depth_holds_what_it_says_and_no_more() {
    let whole = taken(Kept::Input);
    assert_eq!(whole.inputs[0].text.as_deref(), Some(LOG.as_bytes()));
    assert!(said(&whole).contains("kim.weber@weber-soft.de"));
    let redacted = taken(Kept::Redacted);
    let text = String::from_utf8(redacted.inputs[0].text.clone().unwrap()).unwrap();
    assert!(text.contains("SecItemAdd failed: -34018"), "{text}");
    assert_eq!(text.lines().count(), 2, "places stay where they were");
    let facts = taken(Kept::Facts);
    assert!(facts.inputs[0].text.is_none());
    assert!(facts.runs[0].findings.iter().flat_map(|finding| &finding.evidence).all(|piece| piece.text.is_empty() && piece.line > 0));
    for dossier in [&redacted, &facts] {
        for private in ["kim.weber", "kimweber", "weber-soft"] {
            assert!(!said(dossier).contains(private), "{private}: {}", said(dossier));
        }
        assert_eq!(dossier.top().map(|finding| &finding.id), whole.top().map(|finding| &finding.id));
    }
}

#[test]
fn words_of_a_person_are_redacted_when_a_case_leaves() {
    let mut dossier = taken(Kept::Redacted);
    dossier.title = "for kim.weber@weber-soft.de".into();
    dossier.steps = vec![StepTick { note: "asked kim.weber@weber-soft.de".into(), ..StepTick::default() }];
    lessen_words(&mut dossier, &mut redactor(engine(), &[]));
    assert!(!format!("{dossier:?}").contains("kim"), "{dossier:?}");
    assert!(dossier.name.contains("a.log"), "{}", dossier.name);
}

#[test]
fn a_redacted_copy_shows_the_same_findings_again() {
    for kept in Kept::ALL {
        let dossier = taken(*kept);
        let run = again(engine(), &dossier, 2_000).unwrap();
        let difference = compare(&dossier.runs[0], &run);
        assert!(difference.is_none(), "{kept:?}: {difference:?}");
        assert!(!difference.stays.is_empty());
    }
    assert!(again(engine(), &Dossier { key: "k".into(), ..Dossier::default() }, 1).is_none());
}

fn finding(id: &str, confidence: Confidence) -> RunFinding {
    RunFinding {
        id: id.into(),
        title: id.to_uppercase(),
        topic: "keychain".into(),
        severity: Severity::High,
        confidence,
        why: String::new(),
        filled: false,
        evidence: Vec::new(),
        more_evidence: 0,
        checklist: ["one", "two"].map(|id| RunStep { id: id.into(), ..RunStep::default() }).into(),
        ask: vec!["When?".into()],
        references: Vec::new(),
    }
}

fn run(findings: Vec<RunFinding>) -> Run {
    Run { findings, ask: vec!["Where?".into(), "When?".into()], ..Run::default() }
}

#[test]
fn runs_are_compared_by_page_and_confidence() {
    use Confidence::{Certain, Likely, Possible};
    let (before, after) = (
        run(vec![finding("a", Certain), finding("b", Likely), finding("c", Likely)]),
        run(vec![finding("b", Possible), finding("c", Likely), finding("d", Likely)]),
    );
    let difference = compare(&before, &after);
    let ids = |rows: &[&RunFinding]| rows.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    assert_eq!((ids(&difference.gone), ids(&difference.new)), (vec!["a".to_owned()], vec!["d".to_owned()]));
    assert_eq!(difference.stays.iter().map(Change::is_same).collect::<Vec<_>>(), [false, true]);
    assert!(!difference.is_none() && compare(&after, &after).is_none());
}

#[test]
fn progress_and_what_is_missing_are_told() {
    let tick = |step: &str, state| StepTick { page: "a".into(), step: step.into(), state, note: String::new() };
    let dossier = Dossier {
        runs: vec![run(vec![finding("a", Confidence::Certain)])],
        steps: vec![tick("one", StepState::Skipped), tick("two", StepState::Open), tick("old", StepState::Done)],
        ..Dossier::default()
    };
    assert_eq!(dossier.progress(), (1, 2));
    assert_eq!(dossier.missing(), ["Where?", "When?"]);
    assert_eq!(dossier.heading(), "A");
}

#[test]
fn facts_alone_keep_a_finding_that_rests_on_words() {
    let mut dossier = taken(Kept::Facts);
    let id = dossier.top().unwrap().id.clone();
    dossier.runs[0].facts.clear();
    let run = again(engine(), &dossier, 2_000).unwrap();
    assert!(run.findings.iter().any(|finding| finding.id == id), "{:?}", run.findings);
    dossier.runs[0].findings[0].id = "a-page-that-was-taken-out".into();
    assert!(!again(engine(), &dossier, 2_000).unwrap().findings.iter().any(|finding| finding.id.starts_with("a-page")));
}

#[test]
fn every_word_has_to_stand_somewhere() {
    let mut dossier = taken(Kept::Redacted);
    dossier.steps = vec![StepTick { note: "Asked the team\u{1b}[31m".into(), ..StepTick::default() }];
    let found = search(&dossier, "ASKED 34018").unwrap();
    assert!(found.iter().any(|place| place.part == "note" && !place.text.contains('\u{1b}')), "{found:?}");
    assert!(search(&dossier, "asked nowhere").is_none());
    assert!(search(&dossier, "").is_none());
    assert!(found.len() <= 4);
}

#[test]
fn the_version_of_the_knowledge_changes_with_a_page() {
    let version = knowledge_version(engine());
    assert_eq!(version, knowledge_version(engine()));
    assert_ne!(version, knowledge_version(&Engine::of(crate::knowledge::Knowledge::default())));
    assert!(version.starts_with("20"), "{version}");
}
