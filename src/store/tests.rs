//! The database, in folders of its own.

use super::*;
use crate::case::{CaseState, Dossier, Kept, KeptInput, Run, StepTick};
use std::fs;

fn ready(folder: &Path) -> (Store, Option<Notice>) {
    match Store::open(folder, 1_000) {
        Opened::Ready(store, notice) => (store, notice),
        Opened::Refused(refusal) => panic!("{refusal}"),
    }
}

fn refused(folder: &Path) -> Refusal {
    match Store::open(folder, 1_000) {
        Opened::Ready(..) => panic!("opened"),
        Opened::Refused(refusal) => refusal,
    }
}

fn done(step: &str) -> StepRecord {
    StepRecord { scope: "case".into(), page: "page".into(), step: step.into(), state: State::Done, note: "why".into() }
}

#[test]
fn what_is_put_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, notice) = ready(folder.path());
    assert_eq!((notice, store.version().unwrap()), (None, schema::current()));
    store.put_step(&done("one"), 1).unwrap();
    store.put_step(&StepRecord { state: State::Skipped, ..done("one") }, 2).unwrap();
    store.put_case("case", "a.log", 5).unwrap();
    store.put_case("case", "b.log", 6).unwrap();
    store.put_bookmark("page", true, 7).unwrap();
    store.put_bookmark("other", true, 7).unwrap();
    store.put_bookmark("other", false, 7).unwrap();
    for name in ["x", "y", "x"] {
        store.put_recent(&RecentRecord { name: name.into(), ..RecentRecord::default() }, 8).unwrap();
    }
    drop(store);
    let (mut store, _) = ready(folder.path());
    assert_eq!(store.steps("case").unwrap(), [StepRecord { state: State::Skipped, ..done("one") }]);
    assert!(store.steps("").unwrap().is_empty());
    assert_eq!(
        store.cases().unwrap(),
        [Dossier {
            key: "case".into(),
            name: "b.log".into(),
            created: 5,
            seen: 6,
            steps: vec![StepTick { page: "page".into(), step: "one".into(), state: State::Skipped, note: "why".into() }],
            ..Dossier::default()
        }]
    );
    assert_eq!(store.case_keys("ca").unwrap(), ["case"]);
    assert_eq!(store.bookmarks().unwrap(), ["page"]);
    assert_eq!(store.recent().unwrap().iter().map(|recent| recent.name.as_str()).collect::<Vec<_>>(), ["x", "y"]);
    assert_eq!(store.remove_cases(&["case".into()]).unwrap(), Removed { cases: 1, steps: 1, busy: false });
    assert_eq!(store.remove_cases(&["case".into()]).unwrap(), Removed::default());
    assert!(store.steps("case").unwrap().is_empty());
}

#[test]
fn only_the_latest_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = ready(folder.path());
    for number in 0..RECENT + 5 {
        store.put_recent(&RecentRecord { name: number.to_string(), ..RecentRecord::default() }, 1).unwrap();
    }
    let recent = store.recent().unwrap();
    assert_eq!((recent.len(), recent[0].name.as_str()), (RECENT, "54"));
}

#[cfg(unix)]
#[test]
fn the_files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("new");
    let (store, _) = ready(&folder);
    store.put_step(&done("one"), 1).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{file:?}");
    }
}

#[test]
fn a_newer_database_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = ready(folder.path());
    store.put_step(&done("one"), 1).unwrap();
    store.connection.pragma_update(None, "user_version", 99).unwrap();
    drop(store);
    let before = fs::read(folder.path().join(open::FILE)).unwrap();
    let refusal = refused(folder.path());
    assert!(matches!(refusal, Refusal::Newer { found: 99, .. }), "{refusal}");
    assert!(refusal.to_string().contains("newer pitfall"));
    assert_eq!(fs::read(folder.path().join(open::FILE)).unwrap(), before);
}

#[test]
fn a_damaged_database_is_set_aside_and_told() {
    for damage in
        [b"this is no database at all, but long enough to be read as one".repeat(20), b"SQLite format 3\0 and then rubbish".repeat(200)]
    {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(open::FILE), &damage).unwrap();
        let (store, notice) = ready(folder.path());
        let Some(Notice::SetAside(kept)) = notice else { panic!("{notice:?}") };
        assert_eq!(fs::read(&kept).unwrap(), damage);
        store.put_step(&done("one"), 1).unwrap();
        drop(store);
        fs::write(folder.path().join(open::FILE), &damage).unwrap();
        let _ = fs::remove_file(folder.path().join("pitfall.db-wal"));
        let (_, notice) = ready(folder.path());
        let Some(Notice::SetAside(second)) = notice else { panic!("{notice:?}") };
        assert_ne!(kept, second);
    }
}

#[test]
fn damage_inside_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = ready(folder.path());
    for number in 0..400 {
        store.put_step(&StepRecord { note: "n".repeat(200), ..done(&number.to_string()) }, 1).unwrap();
    }
    store.connection.pragma_update(None, "wal_checkpoint", "TRUNCATE").unwrap();
    drop(store);
    let path = folder.path().join(open::FILE);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8_192].fill(0xaa);
    fs::write(&path, bytes).unwrap();
    let (_, notice) = ready(folder.path());
    assert!(matches!(notice, Some(Notice::SetAside(_))));
}

#[test]
fn what_cannot_be_a_database_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(open::FILE)).unwrap();
    assert!(matches!(refused(folder.path()), Refusal::Unusable { .. }));
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    let refusal = refused(&file.join("below"));
    assert!(refusal.to_string().contains("file"), "{refusal}");
}

#[test]
fn two_instances_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let threads: Vec<_> = (0..4)
        .map(|writer| {
            let path = path.clone();
            std::thread::spawn(move || {
                let (store, _) = ready(&path);
                for number in 0..20 {
                    store.put_step(&done(&format!("{writer}-{number}")), 1).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let (store, _) = ready(&path);
    assert_eq!(store.steps("case").unwrap().len(), 80);
}

#[test]
fn a_change_is_there_without_closing() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = ready(folder.path());
    store.put_step(&done("one"), 1).unwrap();
    // As after a kill: the file is never closed, only read by another.
    std::mem::forget(store);
    let (store, _) = ready(folder.path());
    assert_eq!(store.steps("case").unwrap().len(), 1);
}

#[test]
fn folders_and_fingerprints() {
    assert_eq!(default_folder(Some("/x/y".into())), Some("/x/y".into()));
    let input = |text: &str| crate::engine::Input { name: "n".into(), bytes: text.into() };
    assert_eq!(fingerprint(&[input("abc")]), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(fingerprint(&[input("abc"), input("more")]), fingerprint(&[input("abc")]));
}

fn kept(key: &str, text: &str, kept: Kept) -> Dossier {
    let run = Run { at: 5, knowledge: text.into(), ask: vec![text.into()], ..Run::default() };
    let input = KeptInput { name: format!("{key}.log"), text: Some(text.into()), bytes: 3, lines: 1, ..KeptInput::default() };
    Dossier { key: key.into(), name: format!("{key}.log"), kept: Some(kept), inputs: vec![input], runs: vec![run], ..Dossier::default() }
}

#[test]
fn a_case_is_kept_with_its_runs_and_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = ready(folder.path());
    store.put_case("a", "a.log", 1).unwrap();
    store.put_step(&StepRecord { scope: "a".into(), ..done("one") }, 1).unwrap();
    assert!(store.keep_case(&kept("a", "first", Kept::Redacted), 2).unwrap());
    assert!(!store.keep_case(&kept("a", "first", Kept::Redacted), 3).unwrap(), "the same run is not kept twice");
    assert!(store.put_run("a", &kept("a", "second", Kept::Redacted).runs[0]).unwrap());
    assert!(store.edit_case("a", &CaseEdit { state: Some(CaseState::Solved), title: None }, 9).unwrap());
    assert!(!store.edit_case("b", &CaseEdit::default(), 9).unwrap());
    let case = store.case("a").unwrap().unwrap();
    assert_eq!((case.state, case.kept, case.created, case.seen, case.steps.len()), (CaseState::Solved, Some(Kept::Redacted), 1, 9, 1));
    assert_eq!(case.runs.iter().map(|run| run.knowledge.as_str()).collect::<Vec<_>>(), ["first", "second"]);
    assert_eq!(case.inputs[0].text.as_deref(), Some(b"first".as_slice()));
    let listed = store.cases().unwrap();
    assert_eq!((listed[0].runs.len(), listed[0].inputs[0].text.as_ref()), (1, None), "a list reads no texts and one run");
    for number in 0..RUNS_WRITTEN {
        store.put_run("a", &kept("a", &number.to_string(), Kept::Redacted).runs[0]).unwrap();
    }
    let runs = store.case("a").unwrap().unwrap().runs;
    assert_eq!((runs.len(), runs[0].knowledge.as_str(), runs.last().unwrap().knowledge.as_str()), (100, "first", "129"));
}

const RUNS_WRITTEN: usize = 130;

#[test]
fn an_import_takes_no_place_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = ready(folder.path());
    let sent = Dossier {
        imported: true,
        steps: vec![StepTick { page: "p".into(), step: "s".into(), ..StepTick::default() }],
        ..kept("a", "theirs", Kept::Redacted)
    };
    assert!(store.import_case(&sent, 1).unwrap());
    assert!(!store.import_case(&Dossier { title: "other".into(), ..sent.clone() }, 2).unwrap());
    let case = store.case("a").unwrap().unwrap();
    assert_eq!((case.title.as_str(), case.imported, case.steps.len()), ("", true, 1));
    // Opening it gives no name of ours to it.
    store.put_case("a", "/etc/passwd", 3).unwrap();
    assert_eq!(store.case("a").unwrap().unwrap().name, "a.log");
}

/// Whether any file of the folder holds a text.
fn remains(folder: &Path, text: &str) -> Vec<PathBuf> {
    let holds = |path: &PathBuf| fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes());
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(holds).collect()
}

#[test]
fn what_is_removed_leaves_nothing_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = ready(folder.path());
    let planted = "planted-7f3a9c-secret";
    for number in 0..40 {
        let key = format!("{planted}-key-{number}");
        store.keep_case(&kept(&key, &format!("{planted} {}", "x".repeat(3_000)), Kept::Input), 1).unwrap();
        store.put_step(&StepRecord { scope: key.clone(), note: format!("{planted} note"), ..done("one") }, 1).unwrap();
        let recent = RecentRecord { page: "p".into(), scope: key.clone(), name: planted.into() };
        store.put_recent(&recent, 1).unwrap();
        store.put_recent(&RecentRecord { name: format!("{key}.log"), ..RecentRecord::default() }, 1).unwrap();
        store.keep_case(&kept(&format!("other-{number}"), "stays", Kept::Input), 100).unwrap();
    }
    store.connection.pragma_update(None, "wal_checkpoint", "PASSIVE").unwrap();
    assert!(remains(folder.path(), planted).len() >= 2, "it stands in the database and in its log");
    let before = fs::metadata(folder.path().join(open::FILE)).unwrap().len();
    let keys = store.cases_before(50).unwrap();
    assert_eq!(store.remove_cases(&keys).unwrap(), Removed { cases: 40, steps: 40, busy: false });
    assert_eq!(remains(folder.path(), planted), Vec::<PathBuf>::new());
    assert_eq!(store.cases().unwrap().len(), 40);
    assert!(fs::metadata(folder.path().join(open::FILE)).unwrap().len() < before);
    assert_eq!(store.remove_all_cases().unwrap().cases, 40);
    assert_eq!(remains(folder.path(), "other-3"), Vec::<PathBuf>::new());
    assert!(store.recent().unwrap().is_empty());
}

#[test]
fn a_lesser_depth_takes_the_text_off_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = ready(folder.path());
    store.keep_case(&kept("a", "planted-secret-text", Kept::Input), 1).unwrap();
    let mut less = kept("a", "facts now", Kept::Facts);
    less.inputs[0].text = None;
    store.keep_case(&less, 2).unwrap();
    assert_eq!(remains(folder.path(), "planted-secret-text"), Vec::<PathBuf>::new());
    assert_eq!(store.case("a").unwrap().unwrap().runs.len(), 1);
}

#[test]
fn while_another_reads_the_log_waits_and_that_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = ready(folder.path());
    store.keep_case(&kept("a", "planted", Kept::Input), 1).unwrap();
    store.connection.busy_timeout(std::time::Duration::from_millis(50)).unwrap();
    let (other, _) = ready(folder.path());
    other.connection.execute_batch("BEGIN; SELECT count(*) FROM cases").unwrap();
    assert!(store.remove_cases(&["a".into()]).unwrap().busy);
    other.connection.execute_batch("COMMIT").unwrap();
    assert!(!store.remove_cases(&["a".into()]).unwrap().busy);
    assert_eq!(remains(folder.path(), "planted"), Vec::<PathBuf>::new());
}

#[test]
fn every_older_form_is_brought_forward_with_what_it_holds() {
    let now = usize::try_from(schema::current()).unwrap();
    for steps in 1..=now {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(folder.path().join(open::FILE)).unwrap();
        schema::migrate_to(&connection, steps);
        connection.execute("INSERT INTO cases (key, name, created, seen) VALUES ('case', 'a.log', 5, 6)", []).unwrap();
        connection.execute("INSERT INTO steps VALUES ('case', 'page', 'one', 1, 'why', 7)", []).unwrap();
        connection.execute("INSERT INTO bookmarks VALUES ('page', 8)", []).unwrap();
        connection.execute("INSERT INTO recent VALUES ('', '', 'a.log', 'a.log', 9, 1)", []).unwrap();
        drop(connection);
        let (store, notice) = ready(folder.path());
        assert_eq!((notice, store.version().unwrap()), (None, schema::current()), "from {steps}");
        assert_eq!(store.steps("case").unwrap(), [done("one")]);
        assert_eq!(store.bookmarks().unwrap(), ["page"]);
        assert_eq!(store.recent().unwrap().len(), 1);
        let case = store.case("case").unwrap().unwrap();
        assert_eq!((case.name.as_str(), case.state, case.kept), ("a.log", CaseState::Open, None));
    }
}

#[test]
fn a_file_that_is_taken_away_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = ready(folder.path());
    assert!(!store.is_gone());
    fs::rename(folder.path().join(open::FILE), folder.path().join("elsewhere.db")).unwrap();
    assert!(store.is_gone());
    fs::write(folder.path().join(open::FILE), "another").unwrap();
    assert!(store.is_gone());
}

#[test]
fn a_clock_that_goes_back_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = ready(folder.path());
    store.put_step(&done("one"), 2_000).unwrap();
    store.put_step(&StepRecord { state: State::Skipped, ..done("one") }, 1_000).unwrap();
    assert_eq!(store.steps("case").unwrap()[0].state, State::Skipped, "the last change counts, not the latest time");
    for (name, at) in [("x", 2_000), ("y", 1_000)] {
        store.put_recent(&RecentRecord { name: name.into(), ..RecentRecord::default() }, at).unwrap();
    }
    assert_eq!(store.recent().unwrap()[0].name, "y");
    store.put_case("a", "a.log", 9_000).unwrap();
    assert!(store.cases_before(1_000).unwrap().is_empty(), "a case of the future is not old");
}
