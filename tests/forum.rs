//! The forum desk as its users meet it: the command line, the queue that outlives a run, real pages where they are at hand.

#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice)] // A test ends where it cannot go on.

use assert_cmd::Command;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

const HEAD: &str =
    "About notes.\n\nAll subtopics\nPosts under Privacy & Security topic\n\nPost\n\nReplies\n\nBoosts\n\nViews\n\nActivity\n\n";

fn pitfall(state: &Path, args: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("pitfall").unwrap();
    let output =
        command.env_clear().env("HOME", "/nonexistent").env("PITFALL_STATE", state).args(args).write_stdin(input).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn json(state: &Path, args: &[&str], input: &[u8]) -> Value {
    let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
    let (_, out, err) = pitfall(state, &args, input);
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"))
}

/// A page of threads: title, body, replies, date.
fn page(rows: &[(&str, &str, u32, &str)]) -> String {
    rows.iter().fold(HEAD.to_owned(), |mut page, (title, body, replies, date)| {
        let _ = write!(page, "{title}\n{body}\n{replies}\n0\n12\n{date}\n");
        page
    })
}

const KEYCHAIN: (&str, &str) = (
    "Keychain read fails in the background",
    "SecItemCopyMatching returns -25308 errSecInteractionNotAllowed when a silent push wakes the app on a locked iPhone.",
);

#[test]
fn the_queue_is_kept_changed_and_taken_back() {
    let state = tempfile::tempdir().unwrap();
    let state = state.path();
    let first = page(&[
        (KEYCHAIN.0, KEYCHAIN.1, 0, "Jul ’25"),
        ("Subscriptions stop", "StoreKit renewals fail for every sandbox tester.", 0, "Jul ’25"),
    ]);
    let done = json(state, &["forum", "import", "-"], first.as_bytes());
    assert_eq!((done["added"].as_u64(), done["updated"].as_u64()), (Some(2), Some(0)));
    let again = json(state, &["forum", "import", "-"], first.as_bytes());
    assert_eq!(
        (again["added"].as_u64(), again["updated"].as_u64(), again["unchanged"].as_u64()),
        (Some(0), Some(0), Some(2)),
        "the same page changes nothing"
    );

    let list = json(state, &["forum", "list"], b"");
    assert_eq!(list["threads"].as_array().unwrap().len(), 2);
    assert_eq!(list["threads"][0]["topic"], "keychain", "the off-topic one is less urgent");
    let id = list["threads"][0]["id"].as_str().unwrap().to_owned();
    let shown = json(state, &["forum", "show", &id[..6]], b"");
    assert_eq!((shown["title"].as_str(), shown["state"].as_str()), (Some(KEYCHAIN.0), Some("new")));
    assert!(shown["reply"].as_str().unwrap().contains("25308"), "{}", shown["reply"]);

    json(state, &["forum", "set", &id, "--state", "answered", "--note", "see the page"], b"");
    assert_eq!(json(state, &["forum", "show", &id], b"")["note"], "see the page");
    json(state, &["forum", "set", "--undo"], b"");
    let back = json(state, &["forum", "show", &id], b"");
    assert_eq!((back["state"].as_str(), back["note"].as_str()), (Some("new"), Some("")), "state and note were one change");

    json(state, &["forum", "set", "--all", "topic:keychain", "--state", "closed"], b"");
    let newer = page(&[(KEYCHAIN.0, KEYCHAIN.1, 1, "Aug ’25")]);
    let done = json(state, &["forum", "import", "-"], newer.as_bytes());
    assert_eq!((done["updated"].as_u64(), done["reopened"].as_u64()), (Some(1), Some(1)));
    assert_eq!(json(state, &["forum", "show", &id], b"")["state"], "reopened");

    assert_eq!(json(state, &["forum", "list", "--search", "silent pu"], b"")["total"], 1, "the last word may be unfinished");
    json(state, &["forum", "list", "--state", "reopened", "--save-view", "hot"], b"");
    assert_eq!(json(state, &["forum", "list", "--view", "hot"], b"")["total"], 1);
    let (_, reply, _) = pitfall(state, &["forum", "reply", &id, "--print"], b"");
    assert!(reply.contains("SecItem") || reply.contains("keychain"), "{reply}");
    let stats = json(state, &["forum", "stats"], b"");
    assert_eq!(stats["threads"], 2);
}

#[test]
fn what_is_not_there_or_not_known_is_told() {
    let state = tempfile::tempdir().unwrap();
    let state = state.path();
    json(state, &["forum", "import", "-"], page(&[(KEYCHAIN.0, KEYCHAIN.1, 0, "Jul ’25")]).as_bytes());
    let (code, _, complaint) = pitfall(state, &["forum", "reply", "nope", "--print"], b"");
    assert!(code == 2 && complaint.contains("no thread `nope`"), "{complaint}");
    for (args, word) in [
        (&["forum", "set", "t-", "--state", "wrong"][..], "unknown state"),
        (&["forum", "set", "--state", "new"], "no thread is named"),
        (&["forum", "list", "--topic", "keychian"], "did you mean `keychain`"),
        (&["forum", "list", "--view", "mine"], "no view `mine`"),
    ] {
        let (code, _, complaint) = pitfall(state, args, b"");
        assert!(code == 2 && complaint.contains(word), "{args:?}: {complaint}");
    }
}

#[test]
fn the_same_question_is_found_and_clusters_are_merged_and_split() {
    let state = tempfile::tempdir().unwrap();
    let state = state.path();
    let rows = [
        (
            "AAGUID is zero",
            "Our ASCredentialProviderViewController registers a passkey with its own aaguid but webauthn.io receives zeros on macOS 26.2.",
            0,
            "Jul ’25",
        ),
        (
            "Zeros instead of our aaguid",
            "With ASCredentialProviderViewController on macOS 26.2 the aaguid of a passkey arrives at webauthn.io as zeros.",
            0,
            "Jul ’25",
        ),
        (KEYCHAIN.0, KEYCHAIN.1, 0, "Jul ’25"),
    ];
    json(state, &["forum", "import", "-"], page(&rows).as_bytes());
    let list = json(state, &["forum", "list"], b"");
    let of = |title: &str| list["threads"].as_array().unwrap().iter().find(|row| row["title"] == title).unwrap().clone();
    let (a, b, c) = (of(rows[0].0), of(rows[1].0), of(rows[2].0));
    assert_eq!(a["cluster"], b["cluster"]);
    assert_ne!(a["cluster"], c["cluster"]);
    let shown = json(state, &["forum", "show", b["id"].as_str().unwrap()], b"");
    assert!(shown["duplicates"][0]["why"].as_str().unwrap().contains("ASCredentialProviderViewController"), "{}", shown["duplicates"]);
    json(state, &["forum", "set", b["id"].as_str().unwrap(), "--split"], b"");
    assert_eq!(json(state, &["forum", "show", b["id"].as_str().unwrap()], b"")["cluster"], b["id"]);
    json(state, &["forum", "set", c["id"].as_str().unwrap(), "--merge-with", a["id"].as_str().unwrap()], b"");
    assert_eq!(json(state, &["forum", "show", c["id"].as_str().unwrap()], b"")["cluster"], a["cluster"]);
}

#[test]
fn the_seed_page_is_sorted() {
    let Ok(bytes) = fs::read("../shared/seed/forum-page.txt") else {
        eprintln!("skipped: no ../shared/seed/forum-page.txt");
        return;
    };
    let state = tempfile::tempdir().unwrap();
    let document = json(state.path(), &["forum", "triage", "-", "--copied-on", "2026-04-10"], &bytes);
    let threads = document["threads"].as_array().unwrap();
    assert_eq!(threads.len(), 21);
    let kinds = |kind: &str| threads.iter().filter(|thread| thread["kind"] == kind).count();
    assert_eq!((kinds("resource"), kinds("announcement"), kinds("off-topic"), kinds("question")), (3, 1, 1, 16));
    let topics = [
        ("code 1001", "siwa"),
        ("-7003", "siwa"),
        ("AAGUID", "credential-provider"),
        ("invalid_client", "siwa"),
        ("DCError", "app-attest"),
        ("prepareInterface", "credential-provider"),
        ("Platform SSO", "platform-sso"),
        ("IPv6", "siwa"),
        ("notDetermined", "att"),
        ("supportsIncrementalUpdates", "credential-provider"),
        ("userVerificationPreference", "credential-provider"),
        ("account.apple.com not", "siwa"),
        ("Microsoft Login", "web-auth"),
        ("Auth System popup", "web-auth"),
        ("django", "web-auth"),
        ("Integrating Ads", "privacy-manifest"),
    ];
    for (title, topic) in topics {
        let thread = threads.iter().find(|thread| thread["title"].as_str().unwrap().contains(title)).unwrap();
        assert_eq!(thread["topic"], topic, "{title}: {}", thread["why"]);
        assert!(thread["reply"].as_str().unwrap().len() > 300, "{title}");
        let first = thread["findings"].as_array().unwrap().iter().take(2);
        assert!(first.into_iter().any(|finding| finding["topic"] == topic), "{title}");
    }
    let hot = threads.iter().find(|thread| thread["kind"] == "off-topic").unwrap();
    assert!(hot["title"].as_str().unwrap().contains("heating") && hot["belongs"].as_str().unwrap().contains("Feedback Assistant"));
}

/// A post of the labelled cases: its text and its right topics; `off-topic` is one.
fn posts() -> Option<Vec<(String, Vec<String>)>> {
    let mut posts = Vec::new();
    for area in fs::read_dir("../shared/cases").ok()?.flatten() {
        let mut paths: Vec<_> = fs::read_dir(area.path()).ok()?.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "json")) {
            let label: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            if label["kind"] == "post" {
                let also = label["topics_also"].as_array().cloned().unwrap_or_default();
                let topics = std::iter::once(&label["topic"]).chain(&also).filter_map(Value::as_str).map(str::to_owned).collect();
                posts.push((fs::read_to_string(path.with_extension("txt")).unwrap(), topics));
            }
        }
    }
    Some(posts)
}

#[test]
fn labelled_posts_on_one_page_are_sorted_by_topic_and_off_topic_ones_are_told() {
    let Some(posts) = posts() else {
        eprintln!("skipped: no ../shared/cases");
        return;
    };
    let mut text = HEAD.to_owned();
    for (number, (post, _)) in posts.iter().enumerate() {
        let mut lines = post.lines().map(str::trim).filter(|line| !line.is_empty());
        let title = lines.next().unwrap();
        let body = lines.collect::<Vec<_>>().join(" ");
        let body = if body.is_empty() { body } else { format!("{body}\n") };
        let _ = write!(text, "{title}\n{body}0\n0\n{}\nJul ’25\n", 100 + number);
    }
    let state = tempfile::tempdir().unwrap();
    let document = json(state.path(), &["forum", "triage", "-"], text.as_bytes());
    let threads = document["threads"].as_array().unwrap();
    assert_eq!(threads.len(), posts.len());
    let (mut right, mut ours, mut told, mut foreign, mut lost) = (0, 0, 0, 0, 0);
    for ((post, topics), thread) in posts.iter().zip(threads) {
        let off = thread["kind"] == "off-topic";
        if topics[0] == "off-topic" {
            foreign += 1;
            told += usize::from(off);
        } else {
            ours += 1;
            lost += usize::from(off);
            let fits = topics.iter().any(|topic| thread["topic"] == *topic);
            right += usize::from(fits);
            if !fits {
                eprintln!("{topics:?}, got {}: {}", thread["topic"], post.lines().next().unwrap());
            }
        }
    }
    eprintln!("topics {right}/{ours}, off-topic {told}/{foreign}, questions lost {lost}");
    assert!(right * 100 >= ours * 90 && told * 100 >= foreign * 90 && lost * 50 <= ours);
}

/// A page of made-up threads, large enough that an import takes a while.
fn many(count: usize, from: usize) -> String {
    let names = ["gopher", "walnut", "quartz", "ferry", "lantern", "pepper", "violin", "harbour", "meadow", "copper", "saddle", "thimble"];
    (from..from + count).fold(HEAD.to_owned(), |mut page, number| {
        let name = |at: usize| names[(number / names.len().pow(u32::try_from(at).unwrap())) % names.len()];
        let _ = write!(
            page,
            "Keychain of {} {} {number} returns nothing\nThe {} screen of notes{number}.{} asks SecItemCopyMatching and gets -{} while the {} is loading.\n0\n0\n{number}\n4d\n",
            name(0),
            name(1),
            name(2),
            name(0),
            25_200 + number % 120,
            name(3)
        );
        page
    })
}

/// Ends the process that `run` starts at some moment of its work, and gives what it had written to standard error by then.
fn kill_after(state: &Path, args: &[&str], after: Duration) -> (bool, String) {
    let mut child = Process::new(assert_cmd::cargo::cargo_bin("pitfall"))
        .env_clear()
        .env("HOME", "/nonexistent")
        .env("PITFALL_STATE", state)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while begun.elapsed() < after && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_micros(300));
    }
    let ended = child.try_wait().unwrap().is_some();
    // SIGKILL, on Unix: nothing of the process runs after it.
    let _ = child.kill();
    let output = child.wait_with_output().unwrap();
    (ended, String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout))
}

#[test]
fn nothing_that_was_confirmed_is_lost_when_an_import_or_a_change_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let (mut killed, mut numbers) = (0, 7_u64);
    let mut next = |below: u64| {
        numbers = numbers.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (numbers >> 33) % below
    };
    let file = folder.path().join("page.txt");
    fs::write(&file, many(1_500, 0)).unwrap();
    let file = file.to_str().unwrap().to_owned();
    let mut longest = Duration::from_millis(900);
    for round in 0..120 {
        let state = folder.path().join(format!("import-{}", round / 8));
        let begun = Instant::now();
        let after = longest.mul_f64(next(1_000) as f64 / 1_000.0);
        let (ended, said) = kill_after(&state, &["forum", "import", &file, "--progress"], after);
        if ended {
            longest = begun.elapsed().max(Duration::from_millis(50));
        }
        killed += usize::from(!ended);
        let confirmed =
            said.lines().filter_map(|line| line.strip_suffix(" threads kept")?.rsplit(' ').next()?.parse::<u64>().ok()).max().unwrap_or(0);
        let total = json(&state, &["forum", "list"], b"")["total"].as_u64().unwrap();
        assert!(total >= confirmed, "round {round}: {confirmed} confirmed, {total} there");
        assert!(total.is_multiple_of(256) || total == 1_500, "whole transactions only: {total}");
    }
    let state = folder.path().join("changes");
    json(&state, &["forum", "import", "-"], many(40, 0).as_bytes());
    let states = ["answered", "closed", "escalated", "needs-info", "new", "duplicate"];
    let mut before = "new";
    for round in 0..120 {
        let word = states[usize::try_from(next(6)).unwrap()];
        let (ended, said) =
            kill_after(&state, &["forum", "set", "--all", "kind:question", "--state", word], Duration::from_micros(next(30_000)));
        killed += usize::from(!ended);
        let list = json(&state, &["forum", "list"], b"");
        let now: std::collections::BTreeSet<&str> =
            list["threads"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect();
        assert_eq!(now.len(), 1, "round {round}: all or none");
        let now = *now.iter().next().unwrap();
        assert!(
            now == word || now == before && !said.contains(": kept"),
            "round {round}: {before} to {word}, confirmed: {said}, now {now}"
        );
        before = states.iter().find(|known| **known == now).unwrap();
    }
    eprintln!("{killed} of 240 were killed at work");
    assert!(killed > 60, "the moments hit the work: {killed}");
}
