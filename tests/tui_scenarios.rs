//! The screen without a terminal: keys in, screens and effects out, through the real key table, update, views and engine.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A failed stage is a failed test.

mod tui_stage;

use pitfall::app::{Effect, Msg, Overlay, Put, Saved, Screen, Side, ThemeName, TickState};
use tui_stage::{LOG, Stage};

#[test]
fn the_first_screen_teaches_and_every_key_on_it_works() {
    let stage = Stage::new(80, 24);
    stage.shows("What went wrong");
    for key in ["paste", "o  open a file", "e  try it", "/  search", "b  look around", "?  the keys"] {
        stage.shows(key);
    }
}

#[test]
fn three_keys_from_start_to_a_checklist() {
    let mut stage = Stage::new(80, 24);
    stage.keys("e j enter"); // The first two would do for the finding that is listed first.
    assert!(matches!(&stage.model.screen, Screen::Page(page) if page.id == "entitlement-missing"), "{}", stage.screen());
    stage.shows("[ ] Add the");
}

#[test]
fn a_paste_is_diagnosed_and_its_evidence_shown() {
    let mut stage = Stage::new(80, 24);
    stage.paste(LOG);
    stage.shows("2 findings");
    stage.shows("critical · certain");
    stage.shows("Credential deleted");
    assert_eq!(stage.marked("ching failed: -25308"), Some("here"), "{}", stage.screen());
    assert_eq!(stage.marked("SecItemDelete"), Some("evidence"), "{}", stage.screen());
    stage.keys("n");
    stage.shows("place 2 of");
    assert_eq!(stage.marked("SecItemDelete"), Some("here"), "{}", stage.screen());
}

#[test]
fn pasted_text_is_never_keys() {
    for screen in ["", "e", "e j enter", "b", "?", ":"] {
        let mut stage = Stage::new(80, 24);
        stage.keys(screen);
        let effects = stage.send(Msg::Paste("q\nq\nq".into()));
        assert!(!effects.contains(&Effect::Quit), "after {screen:?}");
        let effects = stage.send(Msg::Burst("q\nqqqqqqqqqqq\n".into()));
        assert!(!effects.contains(&Effect::Quit), "after {screen:?}");
    }
}

#[test]
fn a_burst_types_into_a_box() {
    let mut stage = Stage::new(80, 24);
    stage.keys("e j enter a");
    stage.send(Msg::Burst("seen on one iPhone\n".into()));
    assert!(stage.model.overlay.is_none());
    stage.shows("Note: seen on one iPhone");
}

#[test]
fn a_tick_is_kept_undone_and_skipped() {
    let mut stage = Stage::new(80, 24);
    stage.keys("e j enter");
    let effects = stage.keys("space");
    let Some(Effect::Save(Put::Tick(key, tick))) = effects.first() else { panic!("{effects:?}") };
    assert_eq!((key.page.as_str(), key.step.as_str(), tick.state), ("entitlement-missing", "add-groups", TickState::Done));
    stage.shows("1 of 3");
    stage.shows("[x] Add the");
    stage.keys("-");
    stage.shows("2 of 3");
    stage.shows("[-]");
    let effects = stage.keys("u u");
    stage.shows("0 of 3");
    assert!(matches!(effects.first(), Some(Effect::Save(Put::Tick(_, tick))) if tick.state == TickState::Open), "{effects:?}");
    stage.keys("u");
    stage.shows("Nothing to take back");
}

#[test]
fn ticks_come_back_and_a_late_answer_does_not_undo_a_newer_tick() {
    let mut stage = Stage::new(80, 24);
    let effects = stage.keys("e j enter");
    let Some(Effect::LoadTicks(scope, age)) = effects.iter().find(|effect| matches!(effect, Effect::LoadTicks(..))).cloned() else {
        panic!("{effects:?}")
    };
    let key = pitfall::app::StepKey { scope: scope.clone(), page: "entitlement-missing".into(), step: "sign-again".into() };
    let done = pitfall::app::Tick { state: TickState::Done, note: "on CI".into() };
    stage.send(Msg::Ticks(scope.clone(), age, vec![(key, done)]));
    stage.shows("1 of 3");
    stage.keys("space");
    stage.shows("2 of 3");
    stage.send(Msg::Ticks(scope, age, Vec::new()));
    stage.shows("2 of 3");
}

#[test]
fn the_selected_step_shows_its_command_and_what_to_expect() {
    let mut stage = Stage::new(80, 24);
    stage.keys("e j enter j");
    stage.shows("codesign -d --entitlements");
    stage.shows("Expect: the group");
    assert_eq!(stage.keys("c"), [Effect::Copy("codesign -d --entitlements - App.app".into(), "the command".into())]);
    stage.send(Msg::Copied(Ok("Copied the command with pbcopy.".into())));
    stage.shows("Copied the command with pbcopy.");
}

#[test]
fn a_page_reads_well_and_its_links_lead_on() {
    let mut stage = Stage::new(120, 40);
    stage.keys("e j enter h");
    stage.shows("Cause");
    stage.shows("code   │ meaning");
    stage.shows("snippet 1 swift");
    stage.hides("Self-tests");
    stage.keys("] enter");
    assert!(matches!(&stage.model.screen, Screen::Page(page) if page.id == "locked-delete"), "{}", stage.screen());
    stage.keys("esc");
    assert!(matches!(&stage.model.screen, Screen::Page(page) if page.id == "entitlement-missing"));
    stage.keys("alt-right");
    assert!(matches!(&stage.model.screen, Screen::Page(page) if page.id == "locked-delete"));
}

#[test]
fn an_address_is_handed_out_and_nothing_else_is() {
    let mut stage = Stage::new(80, 24);
    stage.keys("e j enter h [");
    let effects = stage.keys("[ enter");
    let _ = effects;
    let all: Vec<String> = match &stage.model.screen {
        Screen::Page(page) => page.prose.links.iter().map(|link| link.target.clone()).collect(),
        _ => Vec::new(),
    };
    for target in all.iter().filter(|target| target.contains(':')) {
        assert!(target.starts_with("https://"), "{target}");
    }
}

#[test]
fn search_in_the_page_and_the_outline() {
    let mut stage = Stage::new(80, 24);
    stage.keys("e j enter h ctrl-f m e a n i n g enter");
    stage.shows("lines hold it");
    stage.keys("t");
    stage.shows("Headings");
    stage.keys("c a u s e enter");
    assert!(stage.model.overlay.is_none());
    stage.shows("Cause");
    stage.keys("ctrl-f x y z z y enter");
    stage.shows("Not on this page");
}

#[test]
fn search_from_anywhere_answers_as_one_types_and_drops_stale_answers() {
    let mut stage = Stage::new(80, 24);
    stage.keys("/");
    let first = stage.ask("l");
    let second = stage.ask("o");
    stage.found(first, &["entitlement-missing"]);
    stage.hides("Keychain entitlement missing");
    stage.found(second, &["locked-delete"]);
    stage.shows("Credential deleted");
    stage.keys("enter");
    assert!(matches!(&stage.model.screen, Screen::Page(page) if page.id == "locked-delete"));
}

#[test]
fn search_filters_by_topic_severity_and_platform() {
    let mut stage = Stage::new(80, 24);
    stage.keys("/");
    stage.ask("x");
    let effects = stage.keys("tab");
    assert!(matches!(effects.first(), Some(Effect::Search(_, words, Some(topic))) if words == "x" && topic == "keychain"), "{effects:?}");
    stage.shows("only Keychain");
    let effects = stage.keys("ctrl-s");
    let Some(Effect::Search(id, ..)) = effects.first() else { panic!("{effects:?}") };
    let id = *id;
    stage.shows("only Keychain, critical");
    stage.found(id, &["locked-delete", "entitlement-missing"]);
    stage.shows("Credential deleted");
    stage.hides("Keychain entitlement missing");
    stage.keys("esc esc");
    assert!(matches!(stage.model.screen, Screen::Home(_)));
}

#[test]
fn search_finds_actions_by_their_words() {
    let mut stage = Stage::new(80, 24);
    stage.keys("/ t h e m");
    let id = stage.ask("e");
    stage.found(id, &[]);
    stage.shows("Next theme");
    stage.keys("enter");
    stage.shows("theme: light");
}

#[test]
fn browsing_by_topic() {
    let mut stage = Stage::new(80, 24);
    stage.keys("b");
    stage.shows("Keychain");
    stage.shows("NSOSStatusErrorDomain");
    stage.keys("enter");
    stage.shows("critical Credential deleted");
    stage.keys("enter");
    assert!(matches!(&stage.model.screen, Screen::Page(page) if page.id == "locked-delete"));
}

#[test]
fn a_code_on_a_line_has_a_card() {
    let mut stage = Stage::new(80, 24);
    stage.paste(LOG);
    stage.keys("h g j j");
    stage.shows("errSecMissingEntitlement");
    let effects = stage.keys("I");
    let Some(Effect::Explain(id, term)) = effects.first() else { panic!("{effects:?}") };
    assert!(term.contains("-34018"), "{term}");
    let id = *id;
    stage.explained(id, "-34018");
    stage.shows("errSecMissingEntitlement");
    stage.shows("Pages about it");
    stage.keys("enter");
    assert!(matches!(&stage.model.screen, Screen::Page(page) if page.id == "entitlement-missing"));
}

#[test]
fn help_tells_what_works_here_and_nothing_else() {
    let mut stage = Stage::new(80, 24);
    stage.keys("?");
    stage.shows("Try it with an example");
    stage.hides("Tick the step");
    stage.keys("esc e j enter ?");
    stage.shows("Tick the step");
    stage.hides("Try it with an example");
}

#[test]
fn the_palette_does_what_it_lists() {
    let mut stage = Stage::new(80, 24);
    stage.keys("e j enter :");
    stage.shows("Tick the step");
    stage.keys("t i c k space t h e enter");
    stage.shows("1 of 3");
}

#[test]
fn folds_open_with_a_key() {
    let mut stage = Stage::new(120, 40);
    let repeats = (0..30).map(|n| format!("poll number {n}")).collect::<Vec<_>>().join("\n") + "\n";
    stage.paste(&format!("{LOG}{repeats}end\n"));
    stage.shows("29 lines more like this");
    stage.keys("h G k z");
    stage.hides("lines more like this");
    stage.shows("poll number 2");
}

#[test]
fn noise_is_folded_named_and_hidden_on_request() {
    let mut stage = Stage::new(80, 24);
    stage.paste(&format!("{LOG}KeychainGetICDPStatus: keychain: -25300\n"));
    stage.shows("1 line of noise: Safari");
    stage.shows("noise");
    stage.keys("m");
    stage.shows("1 harmless hidden");
    stage.hides("noise · ");
}

#[test]
fn a_filter_narrows_while_one_types_and_esc_drops_it() {
    let mut stage = Stage::new(80, 24);
    stage.paste(LOG);
    stage.keys("f d e l e t e");
    stage.shows("1 line with “delete”");
    stage.hides("[Sync]");
    stage.keys("esc");
    stage.shows("[Sync]");
}

#[test]
fn pasting_again_adds_a_tab_and_it_can_be_taken_out() {
    let mut stage = Stage::new(80, 24);
    stage.paste(LOG);
    stage.paste("second input without anything\n");
    stage.shows("[2 pasted 2]");
    stage.shows("2 findings");
    stage.keys("[");
    stage.shows("[1 pasted 1]");
    stage.keys("X");
    stage.hides("pasted 1]");
    stage.keys("u");
    stage.shows("pasted 1");
}

#[test]
fn nothing_found_is_no_dead_end() {
    let mut stage = Stage::new(80, 24);
    stage.paste("all is well\n");
    stage.shows("Nothing that we know was found");
    stage.shows("complete error");
}

#[test]
fn empty_and_hostile_pastes() {
    let mut stage = Stage::new(80, 24);
    stage.send(Msg::Paste("  \n".into()));
    stage.shows("empty");
    stage.paste("\u{1b}[31mred\u{1b}]0;title\u{7} \u{202e}evil\0\u{9b}31m 漢字 e\u{301}\n");
    let screen = stage.screen();
    assert!(!screen.chars().any(|c| c.is_control() && c != '\n'), "{screen:?}");
    assert!(!screen.contains('\u{202e}'));
    stage.shows("漢字 e\u{301}");
}

#[test]
fn files_that_cannot_be_read_are_told() {
    let mut stage = Stage::new(80, 24);
    let effects = stage.keys("o / n o enter");
    assert!(matches!(effects.first(), Some(Effect::Open(_, path)) if path == "/no"), "{effects:?}");
    let Some(Effect::Open(id, _)) = effects.first() else { panic!() };
    let id = *id;
    stage.send(Msg::Opened(id, Err("/no: there is no such file".into())));
    stage.shows("! /no: there is no such file");
}

#[test]
fn not_saving_is_said_and_nothing_else_stops() {
    let mut stage = Stage::new(80, 24);
    stage.send(Msg::Saved(Saved::Off("/x: read-only".into())));
    stage.shows("Ticks are not kept: /x: read-only");
    stage.keys("e j enter space");
    stage.shows("not saving");
    stage.shows("1 of 3");
}

#[test]
fn work_can_be_stopped_and_its_late_answer_is_dropped() {
    let mut stage = Stage::new(80, 24);
    let effects = stage.send(Msg::Paste(LOG.into()));
    let effects = stage.without_answers(effects);
    assert!(matches!(effects.first(), Some(Effect::Diagnose(..))));
    stage.shows("diagnosing");
    stage.keys("ctrl-g");
    stage.shows("Stopped.");
    stage.answer(effects);
    assert!(matches!(stage.model.screen, Screen::Home(_)));
    assert!(stage.model.case.is_none());
}

#[test]
fn the_keys_that_leave() {
    let mut stage = Stage::new(80, 24);
    assert_eq!(stage.keys("q"), [Effect::Quit]);
    assert_eq!(stage.keys("ctrl-z"), [Effect::Suspend]);
    stage.keys("/");
    assert!(!stage.keys("q").contains(&Effect::Quit), "a letter in a box");
    assert_eq!(stage.keys("ctrl-c"), [Effect::Quit]);
    let mut stage = Stage::new(80, 24);
    stage.keys("esc");
    stage.shows("q leaves pitfall");
}

#[test]
fn both_panes_on_wide_screens_one_on_narrow_ones() {
    let mut stage = Stage::new(40, 12);
    stage.paste(LOG);
    stage.shows("2 findings");
    stage.hides("line 1 of");
    stage.keys("tab");
    stage.shows("SecItemDelete");
    stage.send(Msg::Resize(200, 60));
    stage.shows("2 findings");
    stage.shows("SecItemDelete");
}

#[test]
fn every_screen_stands_at_every_size() {
    for (width, height) in [(0, 0), (1, 1), (3, 2), (20, 5), (40, 12), (80, 24), (120, 40), (200, 60), (400, 3)] {
        for keys in
            ["", "e", "e h", "e j enter", "e j enter h", "/", "/ x", "b", "b enter", "?", "e j enter ?", ":", "o", "e j enter t", "e h i"]
        {
            let mut stage = Stage::new(width, height);
            stage.keys(keys);
            stage.screen();
            stage.keys("G j k g pagedown pageup tab j G");
            stage.send(Msg::Resize(30, 8));
            stage.screen();
            stage.send(Msg::Resize(width, height));
            stage.screen();
        }
    }
}

#[test]
fn a_page_at_both_sizes() {
    let mut stage = Stage::new(80, 24);
    stage.keys("e j enter space");
    stage.send(Msg::Resize(40, 12));
    stage.shows("1 of 3");
    stage.keys("tab");
    stage.shows("Keychain entitlement");
}

#[test]
fn themes_colour_what_words_say_already() {
    for theme in ThemeName::ALL {
        let mut stage = Stage::new(80, 24);
        stage.model.looks.theme = *theme;
        stage.paste(LOG);
        stage.shows("critical · certain");
        assert_ne!(stage.style_of("SecItemDelete"), stage.style_of("refresh"), "{theme:?}");
        let coloured = stage.has_colours();
        assert_eq!(coloured, *theme != ThemeName::Plain, "{theme:?}");
    }
}

#[test]
fn ascii_means_ascii() {
    let mut stage = Stage::new(80, 24);
    stage.model.looks.ascii = true;
    for keys in ["e", "enter", "?", "esc h", "esc", "b", "esc /", "esc :"] {
        stage.keys(keys);
        let screen = stage.screen();
        let odd: String = screen.chars().filter(|c| !c.is_ascii()).collect();
        assert!(odd.is_empty(), "{odd:?} after {keys}:\n{screen}");
    }
}

#[test]
fn the_mouse_selects_opens_scrolls_and_drags() {
    let mut stage = Stage::new(80, 24);
    stage.paste(LOG);
    let (x, y) = stage.place("Keychain entitlement missing");
    stage.click(x, y);
    assert!(matches!(&stage.model.screen, Screen::Triage(triage) if triage.finding == 1));
    stage.click(x, y);
    assert!(matches!(&stage.model.screen, Screen::Page(page) if page.id == "entitlement-missing"));
    let (x, y) = stage.place("[ ]");
    stage.click(x + 1, y);
    stage.shows("1 of 3");
    stage.wheel(5, 5);
    assert!(matches!(&stage.model.screen, Screen::Page(page) if page.side == Side::Left && page.top > 0));
    let divider = stage.model.panes().right.x;
    stage.drag(divider, 30);
    assert_eq!(stage.model.panes().right.x.abs_diff(30), 1);
}

#[test]
fn the_other_keys_of_the_table_do_something_sane() {
    let mut stage = Stage::new(80, 24);
    stage.keys("e");
    for action in pitfall::app::Action::ALL {
        let key = stage.model.keymap.key_of(*action);
        let _ = key;
    }
    stage.keys("> > < T T T T T ctrl-l p ctrl-g y Y Z Z ] [ X ctrl-t e j enter * * y c -");
    stage.shows("of 3");
    assert!(stage.model.overlay.is_none() || matches!(stage.model.overlay, Some(Overlay::Prompt(_))));
}

#[test]
fn what_was_open_is_listed_and_reopened_in_its_case() {
    let mut stage = Stage::new(80, 24);
    stage.keys("e j enter space ctrl-t");
    stage.shows("Lately");
    stage.shows("Keychain entitlement missing");
    stage.keys("enter");
    stage.shows("1 of 3");
}

#[test]
fn copies_are_markdown_with_ticks() {
    let mut stage = Stage::new(80, 24);
    stage.keys("e j enter space esc");
    let effects = stage.keys("Y");
    let Some(Effect::Copy(text, what)) = effects.first() else { panic!("{effects:?}") };
    assert_eq!(what, "the report");
    for part in ["# Diagnosis of example", "- [x] Add the", "line 3: `-34018`", "```console\n  codesign"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

const PRIVATE: &str = "2026-11-22 10:00:01.300000+0100 Notes[512:1a2b3] [Keychain] SecItemAdd failed: -34018 in /Users/janedoe/x
2026-11-22 10:00:01.400000+0100 Notes[512:1a2b3] TeamIdentifier=A1B2C3D4E5 password=hunter2two
";

#[test]
fn what_is_copied_is_redacted_and_values_are_let_through() {
    let mut stage = Stage::new(120, 40);
    stage.paste(PRIVATE);
    stage.keys("h g v G");
    let Some(Effect::Copy(text, what)) = stage.keys("y").into_iter().next() else { panic!("{}", stage.screen()) };
    for private in ["janedoe", "A1B2C3D4E5", "hunter2two"] {
        assert!(!text.contains(private), "{private} in {text}");
    }
    assert!(text.contains("-34018 in /Users/user1/x") && text.contains("TEAM000001") && what.ends_with("3 redacted (R)"), "{what}: {text}");
    stage.keys("R");
    for shown in ["what was redacted", "[x] janedoe", "user1", "A1B2C3D4E5", "team identifier", "hu…wo (10)"] {
        stage.shows(shown);
    }
    stage.hides("hunter2two →");
    // The user's name goes through; a word of the log is added.
    stage.keys("space a");
    stage.shows("Redact this value too");
    stage.send(Msg::Paste("Notes".into()));
    stage.keys("enter");
    stage.shows("[ ] janedoe");
    stage.shows("[x] Notes");
    let Some(Effect::Copy(text, _)) = stage.keys("enter").into_iter().next() else { panic!("{}", stage.screen()) };
    assert!(text.contains("/Users/janedoe/x") && text.contains("TEAM000001") && !text.contains("Notes"), "{text}");
    // Back in, and everything as it is.
    stage.keys("R");
    stage.shows("let through");
    let Some(Effect::Copy(text, what)) = stage.keys("!").into_iter().next() else { panic!("{}", stage.screen()) };
    assert!(text.contains("janedoe") && text.contains("hunter2two") && what.ends_with("nothing redacted"), "{what}: {text}");
    assert!(stage.model.overlay.is_none());
}

#[test]
fn the_report_and_the_finding_leave_redacted_too() {
    let mut stage = Stage::new(80, 24);
    stage.keys("R");
    stage.shows("Nothing of the case was copied yet");
    stage.paste(PRIVATE);
    for key in ["y", "Y"] {
        let Some(Effect::Copy(text, _)) = stage.keys(key).into_iter().next() else { panic!("{}", stage.screen()) };
        assert!(text.contains("-34018") && !text.contains("janedoe") && text.contains("developer.apple.com"), "{key}: {text}");
    }
}

/// The scenarios that are written as data.
const SCRIPTS: &[(&str, &str)] = &[
    ("start", include_str!("scenarios/start.txt")),
    ("triage", include_str!("scenarios/triage.txt")),
    ("page", include_str!("scenarios/page.txt")),
    ("find", include_str!("scenarios/find.txt")),
];

#[test]
fn scenarios_hold() {
    let all: Vec<_> = SCRIPTS.iter().flat_map(|(file, text)| tui_stage::script::parse(file, text)).collect();
    assert!(all.len() >= 60, "{} scenarios", all.len());
    let failed: Vec<String> = all
        .iter()
        .filter_map(|scenario| std::panic::catch_unwind(|| tui_stage::script::run(scenario)).err().map(|why| told(why.as_ref())))
        .collect();
    assert!(failed.is_empty(), "{} of {} scenarios failed:\n{}", failed.len(), all.len(), failed.join("\n\n"));
}

fn told(why: &(dyn std::any::Any + Send)) -> String {
    why.downcast_ref::<String>().cloned().or_else(|| why.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

#[test]
fn every_file_of_scenarios_is_run_and_a_slip_of_the_pen_fails() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let name = file.path().file_stem().unwrap().to_string_lossy().into_owned();
        assert!(SCRIPTS.iter().any(|(known, _)| *known == name), "{name}.txt is not run");
    }
    for wrong in ["shovs: x", "keys: nokey", "effect: quit"] {
        let scenario = tui_stage::script::parse("wrong", &format!("== one\n{wrong}\n")).remove(0);
        assert!(std::panic::catch_unwind(|| tui_stage::script::run(&scenario)).is_err(), "{wrong}");
    }
}

/// Every screen: its name, how to get there, and what must be read on it at every size.
const SCREENS: &[(&str, &str, &[&str])] = &[
    ("start", "", &["open a file", "search pages"]),
    ("diagnosis", "PASTE", &["critical · certain", "▸"]),
    ("log", "PASTE h", &["Notes[512:1a2b3]", "█"]),
    ("explained", "PASTE h g j j i", &["-34018 errSecMissingEntitlement"]),
    ("checklist", "PASTE j enter space", &["1 of 3", "[x]", "[ ]"]),
    ("page", "PASTE j enter h", &["Keychain entitlement missing", "high · Keychain"]),
    ("search", "/ k e y c h a i n", &["search everything", "page", "Keychain"]),
    ("topics", "b enter", &["critical", "Credential deleted"]),
    ("code", "PASTE h g j j I", &["errSecMissingEntitlement", "Pages about it"]),
    ("help", "PASTE ?", &["keys that work here", "Findings"]),
    ("palette", "PASTE :", &["Actions", "Enter"]),
];

#[test]
fn every_screen_at_four_sizes_and_two_themes() {
    for (name, keys, facts) in SCREENS {
        for (width, height) in [(40, 12), (80, 24), (120, 40), (200, 60)] {
            let mut stage = Stage::new(width, height);
            for key in keys.split_whitespace() {
                if key == "PASTE" {
                    stage.paste(LOG);
                } else {
                    stage.keys_answered(key);
                }
            }
            for fact in *facts {
                stage.shows(fact);
            }
            let screen = stage.screen();
            assert!(screen.lines().all(|line| pitfall::text::display_width(line) <= usize::from(width)), "{name} at {width}");
            assert!(stage.row(height - 1).trim().len() > 2, "{name} at {width}x{height} has an empty bottom row");
            let readable = tui_stage::legend::readable(&mut stage);
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), readable);
        }
    }
}

#[test]
fn no_snapshot_is_an_orphan() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let Some(rest) = name.strip_prefix("tui_scenarios__") else { continue };
        let known = SCREENS.iter().any(|(screen, ..)| rest.starts_with(&format!("{screen}_")));
        assert!(known && !name.ends_with(".snap.new"), "{name} belongs to no test");
    }
}
