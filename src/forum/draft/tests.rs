//! Drafts of every shape.

use super::*;
use crate::engine::{Evidence, Glance};
use crate::forum::thread::Thread;
use crate::forum::{Missing, Priority};
use crate::knowledge::{Knowledge, Reference, Step};
use crate::text::Place;

fn finding(confidence: Confidence) -> Finding {
    let evidence = |text: &str| Evidence {
        input: 0,
        place: Place { line: 3, start: 1, end: 9 },
        start: 0,
        end: 8,
        text: text.into(),
        pattern: "p".into(),
    };
    Finding {
        id: "locked-item".into(),
        title: "Item read while the device was locked".into(),
        topic: "keychain",
        severity: Severity::High,
        confidence,
        why: "The item's class needs an unlocked device.".into(),
        evidence: vec![evidence("keychain"), evidence("a silent push wakes the app on a `locked` iPhone")],
        more_evidence: 0,
        checklist: vec![Step {
            id: "dump".into(),
            text: "Dump the class.".into(),
            command: "print(item)".into(),
            language: String::new(),
            expect: "`ck`".into(),
        }],
        ask: vec!["Was the device restarted before?".into()],
        references: vec![Reference { title: "Storing keys".into(), url: Some("https://developer.apple.com/x".into()) }],
        related: Vec::new(),
        absorbed: Vec::new(),
    }
}

fn sorted(kind: Kind) -> Sorted {
    let thread = Thread { id: "t-1".into(), title: "Read fails".into(), body: "We made a clean build.".into(), ..Thread::default() };
    Sorted {
        thread,
        verdict: Verdict { kind, ..Verdict::default() },
        glance: Glance::default(),
        priority: Priority::default(),
        ..Sorted::default()
    }
}

fn of(sorted: &Sorted, findings: &[Finding]) -> Draft {
    draft(&Engine::of(Knowledge::default()), sorted, findings)
}

const STATUS: Missing = Missing { id: "status", what: "The raw status", why: "A wrapper hides it", how: "`print(status)`" };

#[test]
fn an_answer_has_cause_evidence_steps_questions_and_references() {
    let mut thread = sorted(Kind::Question);
    thread.missing = vec![STATUS];
    let draft = of(&thread, &[finding(Confidence::Likely)]);
    assert_eq!(draft.shape, Shape::Answer);
    for piece in [
        "The most likely cause: The item's class needs an unlocked device.",
        "“a silent push wakes the app on a locked iPhone”",
        "Thanks for having made a clean build",
        "1. Dump the class.",
        "   print(item)",
        "Expect: `ck`",
        "- The raw status. A wrapper hides it. `print(status)`.",
        "- Was the device restarted before?",
        "[Storing keys](https://developer.apple.com/x)",
    ] {
        assert!(draft.text.contains(piece), "{piece}\n---\n{}", draft.text);
    }
    assert!(!draft.text.contains("“keychain”"), "a word that names the subject shows nothing");
}

#[test]
fn unsure_causes_are_told_apart_by_questions() {
    let draft = of(
        &sorted(Kind::Question),
        &[finding(Confidence::Possible), Finding { id: "b".into(), title: "Another".into(), ..finding(Confidence::Possible) }],
    );
    assert_eq!(draft.shape, Shape::NeedsInfo);
    assert!(
        draft.text.contains("does not decide it yet")
            && draft.text.contains("- **Another.**")
            && draft.text.contains("To tell them apart, please add:"),
        "{}",
        draft.text
    );
}

#[test]
fn an_answered_duplicate_is_pointed_to_and_an_open_one_only_mentioned() {
    let other = Duplicate {
        id: "apple-7".into(),
        title: "Same [thing]".into(),
        url: Some("https://example.com/7".into()),
        answered: true,
        why: "both have `-25308`".into(),
        score: 0.6,
    };
    let mut thread = sorted(Kind::Question);
    thread.duplicates = vec![other.clone()];
    let draft = of(&thread, &[finding(Confidence::Certain)]);
    assert_eq!(draft.shape, Shape::Duplicate);
    assert!(draft.text.contains("[Same thing](https://example.com/7)") && draft.text.contains("both have `-25308`"), "{}", draft.text);
    thread.duplicates = vec![Duplicate { answered: false, ..other }];
    let draft = of(&thread, &[finding(Confidence::Certain)]);
    assert!(draft.shape == Shape::Answer && draft.text.contains("Possibly the same"), "{}", draft.text);
}

#[test]
fn off_topic_is_sent_on_and_articles_get_no_reply() {
    let mut thread = sorted(Kind::OffTopic);
    thread.verdict.why = "about location: `gps`".into();
    thread.verdict.belongs = Some("the forum topic Maps");
    let draft = of(&thread, &[]);
    assert!(
        draft.shape == Shape::OffTopic && draft.text.contains("It is about location") && draft.text.contains("the forum topic Maps"),
        "{}",
        draft.text
    );
    assert_eq!(of(&sorted(Kind::Resource), &[finding(Confidence::Certain)]), Draft::default());
}

#[test]
fn without_a_finding_it_asks_for_what_decides_and_guesses_nothing() {
    let mut thread = sorted(Kind::Question);
    thread.missing = vec![STATUS];
    let draft = of(&thread, &[]);
    assert_eq!(draft.shape, Shape::Undecided);
    assert!(draft.text.contains("cannot tell the cause") && draft.text.contains("The raw status"), "{}", draft.text);
}

#[test]
fn nothing_is_asked_for_where_nothing_is_missing() {
    let bare = Finding { ask: Vec::new(), ..finding(Confidence::Likely) };
    let step = Step { text: "Decode the identity token.".into(), ..finding(Confidence::Likely).checklist.remove(0) };
    let told = Finding { ask: vec!["Which identity token?".into()], checklist: vec![step], ..bare.clone() };
    for one in [bare, told] {
        let draft = of(&sorted(Kind::Question), &[one]);
        assert!(draft.shape == Shape::Answer && !draft.text.contains("please add"), "{}", draft.text);
    }
}

#[test]
fn pages_that_are_only_near_are_told_where_they_are_of_the_threads_topic() {
    let near = Finding { evidence: Vec::new(), ..finding(Confidence::Possible) };
    let mut thread = sorted(Kind::Question);
    assert_eq!(of(&thread, std::slice::from_ref(&near)).shape, Shape::Undecided);
    thread.verdict.topic = Some("keychain");
    assert_eq!(of(&thread, &[near]).shape, Shape::NeedsInfo);
}
