//! The database, in folders of its own.

use super::*;
use crate::case::{Dossier, StepTick};
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
    assert_eq!(store.cases().unwrap(), [Dossier { key: "case".into(), name: "b.log".into(), created: 5, seen: 6, steps: vec![StepTick { page: "page".into(), step: "one".into(), state: State::Skipped, note: "why".into() }], ..Dossier::default() }]);
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
