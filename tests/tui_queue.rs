//! The forum queue on the screen, without a terminal: rows and threads as the store would tell them, keys, effects, what is drawn.

#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A failed stage is a failed test.

mod tui_stage;

use pitfall::app::{Effect, Msg, QueueRow, Screen, ThreadChange};
use pitfall::forum::{Desk, Kind, Row, Thread, ThreadState, Triaged};
use std::time::Instant;
use tui_stage::{Stage, engine};

fn row(id: &str, title: &str, topic: &str, points: u32) -> QueueRow {
    QueueRow {
        row: Row { id: id.into(), topic: topic.into(), state: "new".into(), at: Some(1_775_822_400), cluster: id.into(), ..Row::default() },
        title: title.into(),
        points,
        hay: format!("{title} {id} {topic}").to_lowercase(),
        ..QueueRow::default()
    }
}

fn triaged(id: &str) -> Triaged {
    let thread = Thread {
        id: id.into(),
        title: "Keychain read fails".into(),
        body: "SecItemAdd failed: -34018 \u{1b}[31m".into(),
        ..Thread::default()
    };
    let engine = engine();
    let desk = Desk::new(&engine);
    desk.open(desk.sort(thread))
}

/// The queue with three threads, the first of them open.
fn queue() -> Stage {
    let mut stage = Stage::new(100, 30);
    let effects = stage.keys("Q");
    assert!(effects.contains(&Effect::LoadQueue), "{effects:?}");
    let mut off = row("c", "Phone gets hot", "", 8);
    off.row.kind = Kind::OffTopic;
    let effects =
        stage.send(Msg::Queue(vec![row("b", "Passkey question", "passkeys", 20), row("a", "Keychain read fails", "keychain", 70), off]));
    let [Effect::OpenThread(number, id)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(id, "a", "the most urgent one");
    stage.send(Msg::Thread(*number, Some(Box::new((triaged("a"), String::new())))));
    stage
}

#[test]
fn the_list_and_the_thread_stand_side_by_side() {
    let mut stage = queue();
    stage.shows("open (2)");
    stage.shows("70 Keychain read fails");
    stage.hides("Phone gets hot");
    stage.shows("entitlement missing");
    stage.keys("]");
    stage.shows("Keychain (1)");
    stage.keys("] ]");
    stage.shows("off-topic (1)");
    stage.shows("Phone gets hot");
    assert!(!stage.screen().contains('\u{1b}'));
}

#[test]
fn a_state_key_changes_the_marked_threads_and_is_taken_back() {
    let mut stage = queue();
    let effects = stage.keys("a");
    assert!(effects.contains(&Effect::ChangeThreads(vec!["a".into()], ThreadChange::State(ThreadState::Answered))), "{effects:?}");
    stage.shows("open (1)");
    let effects = stage.keys("u");
    assert_eq!(effects, [Effect::UndoThreads]);
    let effects = stage.keys("M c");
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::ChangeThreads(ids, ThreadChange::State(ThreadState::Closed)) if ids == &["b"])),
        "{effects:?}"
    );
    let effects = stage.keys("] n l a t e r enter");
    let noted = effects.iter().any(|effect| matches!(effect, Effect::ChangeThreads(_, ThreadChange::Note(note)) if note == "later"));
    assert!(noted, "{effects:?}");
}

#[test]
fn a_filter_works_as_it_is_typed_and_asks_for_texts() {
    let mut stage = queue();
    let effects = stage.keys("f p a s");
    stage.shows("Passkey question");
    stage.shows("1 shown");
    let Some(Effect::SearchQueue(number, words)) = effects.iter().rev().find(|effect| matches!(effect, Effect::SearchQueue(..))) else {
        panic!("{effects:?}")
    };
    assert_eq!(words, "pas");
    stage.send(Msg::QueueFound(*number, vec!["a".into(), "b".into()]));
    stage.shows("2 shown");
    stage.send(Msg::QueueFound(number - 1, Vec::new()));
    stage.shows("2 shown");
    stage.keys("esc");
    assert!(matches!(&stage.model.screen, Screen::Queue(queue) if queue.filter.is_empty()));
}

#[test]
fn the_reply_is_copied_and_the_statistics_are_drawn() {
    let mut stage = queue();
    let effects = stage.keys("y");
    assert!(matches!(effects.as_slice(), [Effect::Copy(text, _)] if text.contains("34018")), "{effects:?}");
    stage.keys("s");
    stage.shows("3 threads");
    stage.shows("█");
    stage.keys("s enter");
    let effects = stage.keys("enter");
    assert!(matches!(&stage.model.screen, Screen::Page(page) if page.id == "entitlement-missing"), "{effects:?}");
}

#[test]
fn a_hundred_thousand_threads_are_filtered_as_you_type() {
    let mut stage = Stage::new(120, 40);
    stage.keys("Q");
    let rows = (0..100_000)
        .map(|number| {
            row(&format!("t-{number:06}"), &format!("A question about thing {} of {}", number % 977, number % 31), "keychain", number % 90)
        })
        .collect();
    stage.send(Msg::Queue(rows));
    stage.keys("f");
    let mut slowest = std::time::Duration::ZERO;
    for key in ["t", "h", "i", "n", "g", "space", "9", "7", "backspace"] {
        let begun = Instant::now();
        stage.keys(key);
        stage.buffer();
        slowest = slowest.max(begun.elapsed());
    }
    eprintln!("slowest key of a filter over 100 000 threads: {slowest:?} (unoptimised)");
    assert!(slowest.as_millis() < 400, "{slowest:?}");
}
