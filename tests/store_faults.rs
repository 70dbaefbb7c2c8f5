//! What may befall a disk, a home, a clock, a process: nothing that was shown as saved is lost, and a sentence says what happened.
//!
//! The writer is this test program itself, started anew with `FAULTS_WRITER` set: it writes through the same store as the screen does and says
//! `saved N` behind each change, as the screen shows a tick. `FAULTS_KILLS=1000` kills it that often instead of a few dozen times.
//! There is no cache that could be of another version: the search index is made in memory on each start.

#![cfg(unix)]
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test ends where it cannot go on.

use pitfall::case::{Dossier, Kept, KeptInput, Run};
use pitfall::store::{Notice, Opened, Refusal, State, StepRecord, Store};
use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

const FILE: &str = "pitfall.db";
/// Who owns nothing: permissions bind it, unlike root.
const NOBODY: u32 = 65_534;

fn ready(folder: &Path) -> (Store, Option<Notice>) {
    match Store::open(folder, 1_000) {
        Opened::Ready(store, notice) => (store, notice),
        Opened::Refused(refusal) => panic!("{refusal}"),
    }
}

fn step(number: usize) -> StepRecord {
    StepRecord { scope: "case".into(), page: "page".into(), step: number.to_string(), state: State::Done, note: format!("note {number}") }
}

fn case(number: usize) -> Dossier {
    let run = Run { at: 1, knowledge: number.to_string(), ask: vec!["x".repeat(2_000)], ..Run::default() };
    let input = KeptInput { name: "a.log".into(), text: Some(vec![b'y'; 8_000]), ..KeptInput::default() };
    Dossier {
        key: format!("key-{number}"),
        name: "a.log".into(),
        kept: Some(Kept::Redacted),
        inputs: vec![input],
        runs: vec![run],
        ..Dossier::default()
    }
}

/// The writer: a tick with a note each time, now and then a case, never the same twice.
#[test]
fn writer() {
    let Some(folder) = std::env::var_os("FAULTS_WRITER") else { return };
    let from: usize = std::env::var("FAULTS_FROM").unwrap().parse().unwrap();
    let to: usize = std::env::var("FAULTS_TO").unwrap().parse().unwrap();
    let (mut store, _) = ready(Path::new(&folder));
    let mut out = std::io::stdout();
    let mut say = |text: String| {
        writeln!(out, "{text}").unwrap();
        out.flush().unwrap();
    };
    say("ready".into());
    for number in from..to {
        let written = if number % 5 == 0 { store.keep_case(&case(number), 1).map(|_| ()) } else { store.put_step(&step(number), 1) };
        match written {
            Ok(()) => say(format!("saved {number}")),
            Err(error) => say(format!("failed {number} {}", pitfall::store::explained(&error))),
        }
    }
    say("done".into());
}

fn writing(folder: &Path, from: usize, to: usize) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["writer", "--exact", "--nocapture"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.env("FAULTS_WRITER", folder).env("FAULTS_FROM", from.to_string()).env("FAULTS_TO", to.to_string());
    command
}

/// What a writer said: the numbers that it saved, and why others failed.
fn told(lines: impl Iterator<Item = String>) -> (Vec<usize>, Vec<String>) {
    let (mut saved, mut failed) = (Vec::new(), Vec::new());
    for line in lines {
        if let Some(number) = line.strip_prefix("saved ") {
            saved.push(number.parse().unwrap());
        } else if let Some(why) = line.strip_prefix("failed ") {
            failed.push(why.to_owned());
        }
    }
    (saved, failed)
}

fn said(child: &mut Child) -> (Vec<usize>, Vec<String>) {
    told(BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok))
}

/// What was said to be saved and is not there.
fn lost(store: &Store, saved: &[usize]) -> Vec<usize> {
    let steps: HashMap<String, StepRecord> = store.steps("case").unwrap().into_iter().map(|step| (step.step.clone(), step)).collect();
    let is_there = |number: usize| {
        if number.is_multiple_of(5) {
            let kept = store.case(&format!("key-{number}")).unwrap();
            kept.is_some_and(|kept| kept.runs == case(number).runs && kept.inputs == case(number).inputs)
        } else {
            steps.get(&number.to_string()) == Some(&step(number))
        }
    };
    saved.iter().copied().filter(|number| !is_there(*number)).collect()
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

#[test]
fn kills_at_any_moment_lose_nothing_that_was_shown_as_saved() {
    let kills: usize = std::env::var("FAULTS_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(30);
    let (mut dice, mut next, mut all, mut cut) = (Dice(7), 0, 0, 0);
    let mut folder = tempfile::tempdir().unwrap();
    for kill in 0..kills {
        if kill % 50 == 49 {
            folder = tempfile::tempdir().unwrap();
        }
        let mut child = writing(folder.path(), next, next + 100_000).spawn().unwrap();
        let out = child.stdout.take().unwrap();
        let (sender, lines) = channel();
        std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        // Every fourth at any moment of the start, even amid making the database; the others amid writing.
        if kill % 4 > 0 {
            while lines.recv().is_ok_and(|line| !line.contains("ready")) {}
        }
        let wait = Duration::from_micros(dice.below(40_000));
        std::thread::sleep(wait);
        child.kill().unwrap();
        child.wait().unwrap();
        let (saved, failed) = told(lines.iter());
        assert_eq!(failed, Vec::<String>::new());
        let (store, notice) = ready(folder.path());
        assert_eq!(notice, None, "kill {kill} after {wait:?}");
        assert_eq!(lost(&store, &saved), Vec::<usize>::new(), "kill {kill} after {wait:?}");
        all += saved.len();
        cut += usize::from(!saved.is_empty());
        next += saved.len() + 10;
    }
    println!("{kills} kills, {cut} of them amid writing, {all} changes shown as saved, 0 lost");
    assert!(cut * 2 > kills, "most kills hit a writer at work: {cut} of {kills}");
}

#[test]
fn two_processes_write_at_once_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut children: Vec<Child> = (0..2).map(|at| writing(folder.path(), at * 1_000, at * 1_000 + 150).spawn().unwrap()).collect();
    let mut saved = Vec::new();
    for child in &mut children {
        let (numbers, failed) = said(child);
        assert!(child.wait().unwrap().success() && failed.is_empty(), "{failed:?}");
        saved.extend(numbers);
    }
    assert_eq!(saved.len(), 300);
    assert_eq!(lost(&ready(folder.path()).0, &saved), Vec::<usize>::new());
}

/// A small file system of its own, where one may be mounted; it goes with the value.
struct Small(tempfile::TempDir);

impl Small {
    fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(folder.path()).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}

#[test]
fn a_full_disk_is_told_and_writing_goes_on_when_there_is_room_again() {
    let Some(small) = Small::mount("1m") else {
        eprintln!("skipped: no file system may be mounted here; the limit on a file's size is tried instead");
        return;
    };
    let folder = small.0.path().join("state");
    drop(ready(&folder));
    let filler = small.0.path().join("filler");
    fs::write(&filler, vec![0; 600_000]).unwrap();
    let mut child = writing(&folder, 0, 400).spawn().unwrap();
    let (saved, failed) = said(&mut child);
    assert!(child.wait().unwrap().success(), "the program goes on");
    assert!(!saved.is_empty() && !failed.is_empty(), "{} saved, {} failed", saved.len(), failed.len());
    assert!(failed.iter().all(|why| why.contains("disk is full") || why.contains("disk does not take")), "{:?}", failed.first());
    fs::remove_file(&filler).unwrap();
    let (store, notice) = ready(&folder);
    assert_eq!(notice, None, "a full disk damages nothing");
    assert_eq!(lost(&store, &saved), Vec::<usize>::new());
    store.put_step(&step(9_999), 1).unwrap();
    assert_eq!(lost(&store, &[9_999]), Vec::<usize>::new());
}

#[test]
fn a_limit_on_the_size_of_files_is_told() {
    let folder = tempfile::tempdir().unwrap();
    drop(ready(folder.path()));
    // Blocks of 512 bytes; without the trap the signal would end the program.
    let script = "trap '' XFSZ; ulimit -f 400; exec \"$0\" writer --exact --nocapture";
    let mut command = Command::new("sh");
    command.args(["-c", script]).arg(std::env::current_exe().unwrap()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.env("FAULTS_WRITER", folder.path()).env("FAULTS_FROM", "0").env("FAULTS_TO", "400").spawn().unwrap();
    let (saved, failed) = said(&mut child);
    assert!(child.wait().unwrap().success(), "the program goes on");
    assert!(!saved.is_empty() && !failed.is_empty(), "{} saved, {} failed", saved.len(), failed.len());
    assert!(failed.iter().all(|why| why.contains("disk")), "{:?}", failed.first());
    let (store, notice) = ready(folder.path());
    assert_eq!((notice, lost(&store, &saved)), (None, Vec::new()));
}

/// Runs pitfall as somebody whom permissions bind.
fn as_nobody(args: &[&str], folder: Option<&Path>, home: Option<&Path>) -> Option<Output> {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_pitfall"));
    let mut command = Command::new(binary);
    command.args(args).env_clear().stdin(Stdio::null());
    for (name, value) in [("PITFALL_STATE", folder), ("HOME", home)] {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    match command.output() {
        Ok(output) => Some(output),
        Err(error) => {
            eprintln!("skipped: {error}");
            None
        }
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A folder that anybody may enter, owned by whom permissions bind.
fn open_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    if is_root() {
        chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    folder
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_home_that_may_only_be_read_is_told_and_diagnosis_goes_on() {
    let home = open_folder();
    let log = home.path().join("a.log");
    fs::write(&log, "SecItemAdd failed: -34018\n").unwrap();
    set_mode(&log, 0o644);
    set_mode(home.path(), 0o555);
    let Some(output) = as_nobody(&["case", "list"], None, Some(home.path())) else { return };
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(text(&output).contains("permission denied; say another folder with PITFALL_STATE"), "{}", text(&output));
    let output = as_nobody(&["triage", log.to_str().unwrap()], None, Some(home.path())).unwrap();
    assert!(output.status.success() && text(&output).contains("entitlement"), "{}", text(&output));
    set_mode(home.path(), 0o755);
}

#[test]
fn no_home_is_told_and_diagnosis_goes_on() {
    for home in [Path::new("/nonexistent"), Path::new("/dev/null/x")] {
        let Some(output) = as_nobody(&["case", "list"], None, Some(home)) else { return };
        assert_eq!(output.status.code(), Some(2), "{}", text(&output));
        let told = text(&output);
        assert!(told.contains("PITFALL_STATE") && told.lines().count() == 1, "{told}");
    }
    let output = as_nobody(&["explain", "-34018"], None, None).unwrap();
    assert!(output.status.success(), "{}", text(&output));
}

#[test]
fn permissions_that_change_under_way_lose_nothing_and_are_told_at_the_next_start() {
    let folder = open_folder();
    let state = folder.path().join("state");
    let mut command = writing(&state, 0, 100_000);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    let Ok(mut child) = command.spawn() else {
        eprintln!("skipped: this test program may not be run by another user here");
        return;
    };
    let start = Instant::now();
    while !state.join(FILE).exists() {
        if start.elapsed() > Duration::from_secs(20) {
            eprintln!("skipped: this test program may not be run by another user here");
            let _ = child.kill();
            let _ = child.wait();
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    set_mode(&state.join(FILE), 0o400);
    set_mode(&state, 0o500);
    std::thread::sleep(Duration::from_millis(300));
    child.kill().unwrap();
    let (saved, failed) = said(&mut child);
    child.wait().unwrap();
    assert!(failed.iter().all(|why| why.contains("permissions") || why.contains("disk")), "{:?}", failed.first());
    let output = as_nobody(&["case", "list"], Some(&state), None).unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(text(&output).contains("permission denied"), "{}", text(&output));
    set_mode(&state, 0o700);
    set_mode(&state.join(FILE), 0o600);
    let (store, notice) = ready(&state);
    assert!(notice.is_none() && !saved.is_empty());
    assert_eq!(lost(&store, &saved), Vec::<usize>::new());
}

/// A database with some changes, closed as after a kill: its log still holds them.
fn unfinished(folder: &Path) -> PathBuf {
    let (mut store, _) = ready(folder);
    (1..20).filter(|number| number % 5 != 0).for_each(|number| store.put_step(&step(number), 1).unwrap());
    store.keep_case(&case(5), 1).unwrap();
    let copy = folder.join("copy");
    fs::create_dir(&copy).unwrap();
    for side in ["", "-wal"] {
        fs::copy(folder.join(format!("{FILE}{side}")), copy.join(format!("{FILE}{side}"))).unwrap();
    }
    copy
}

#[test]
fn a_half_written_log_gives_back_all_that_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let copy = unfinished(folder.path());
    let whole = fs::read(copy.join(format!("{FILE}-wal"))).unwrap();
    let mut dice = Dice(11);
    let mut before = 0;
    for part in 0..=12_usize {
        let at = if part == 12 { whole.len() } else { whole.len() * part / 12 + usize::try_from(dice.below(400)).unwrap() };
        let trial = folder.path().join(format!("trial-{part}"));
        fs::create_dir(&trial).unwrap();
        fs::copy(copy.join(FILE), trial.join(FILE)).unwrap();
        fs::write(trial.join(format!("{FILE}-wal")), whole.get(..at.min(whole.len())).unwrap()).unwrap();
        let (store, notice) = ready(&trial);
        assert_eq!(notice, None, "a log that ends amid a change is no damage");
        let steps = store.steps("case").unwrap().len();
        assert!(steps >= before, "what was written first is there first");
        before = steps;
    }
    assert_eq!(before, 16);
}

#[test]
fn a_half_written_database_is_set_aside_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = ready(folder.path());
    for number in 1..60 {
        store.keep_case(&case(number), 1).unwrap();
    }
    drop(store);
    let whole = fs::read(folder.path().join(FILE)).unwrap();
    for part in 1..8 {
        let trial = folder.path().join(format!("trial-{part}"));
        fs::create_dir(&trial).unwrap();
        let half = whole.get(..whole.len() * part / 8).unwrap();
        fs::write(trial.join(FILE), half).unwrap();
        let (store, notice) = ready(&trial);
        let Some(Notice::SetAside(kept)) = notice else { panic!("part {part}: {notice:?}") };
        assert_eq!(fs::read(kept).unwrap(), half, "it is kept as it was");
        store.put_step(&step(1), 1).unwrap();
    }
    // An empty file is what an end before the first write leaves: no damage, a beginning.
    let trial = folder.path().join("empty");
    fs::create_dir(&trial).unwrap();
    fs::write(trial.join(FILE), "").unwrap();
    assert_eq!(ready(&trial).1, None);
}

#[test]
fn a_newer_form_is_refused_by_the_program_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    drop(ready(folder.path()));
    let path = folder.path().join(FILE);
    let mut bytes = fs::read(&path).unwrap();
    // The number that says the form stands at byte 60 of the file.
    bytes.get_mut(60..64).unwrap().copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    assert!(matches!(Store::open(folder.path(), 1), Opened::Refused(Refusal::Newer { found: 99, .. })));
    let output = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_pitfall")))
        .args(["case", "list"])
        .env("PITFALL_STATE", folder.path())
        .output()
        .unwrap();
    assert!(output.status.code() == Some(2) && text(&output).contains("newer pitfall"), "{}", text(&output));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn every_file_is_private_whatever_the_mask() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let log = folder.path().join("a.log");
    fs::write(&log, "SecItemAdd failed: -34018\n").unwrap();
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_pitfall"));
    let script = "umask 000; exec \"$0\" case add \"$1\"";
    let output = Command::new("sh").args(["-c", script]).arg(binary).arg(&log).env("PITFALL_STATE", &state).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state), 0o700);
    for entry in fs::read_dir(&state).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}
