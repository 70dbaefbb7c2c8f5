//! `pitfall --plain` on a terminal: the whole job of the screen, line by line, for screen readers and for terminals that can no more.
//!
//! Nothing is drawn, moved or coloured: a command in, sentences out. What is pasted is text from its first line that is no command to a
//! line with nothing but a full stop.

mod cases;

use super::{Common, Outcome, engine, input};
use crate::engine::{Diagnosis, Engine, Input, Options};
use crate::knowledge::{Step, TOPICS, nearest};
use crate::redact::Redactor;
use crate::report::{Paint, diagnosis_markdown, diagnosis_text, explain_text, list_text, page_text, search_text};
use crate::store::{Opened, State, StepRecord, Store, default_folder};
use std::fmt::Write as _;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// The commands: how each is written, and what it does.
const COMMANDS: &[(&str, &str)] = &[
    ("paste", "take a text; a line with a full stop alone ends it"),
    ("file PATH", "read a file, into the case that is open"),
    ("new", "begin another case"),
    ("findings", "say what was found"),
    ("open N", "read the page of finding N, or of the page called so"),
    ("steps", "the checklist of the page that is open"),
    ("tick N", "step N is done; again, and it is not"),
    ("skip N", "step N does not apply; again, and it does"),
    ("note N TEXT", "write a note on step N"),
    ("undo", "take the last tick or note back"),
    ("explain CODE", "what a code, symbol or entitlement means"),
    ("search WORDS", "pages, guides and codes"),
    ("topics", "the topics with their pages counted"),
    ("list TOPIC", "the pages of a topic"),
    ("keep DEPTH", "keep the case: a redacted copy, its facts, or its input; a tick keeps it redacted"),
    ("state WORD", "say where the case stands: open, waiting, solved, dropped"),
    ("cases", "the cases that are known"),
    ("case ID", "go back to a case"),
    ("report", "the report as Markdown"),
    ("help", "these commands"),
    ("quit", "leave"),
];

/// No colours, no columns.
const PLAIN: Paint = Paint { colour: false, plain: true, width: 100 };

/// Runs until it is left.
pub(super) fn run(file: Option<&Path>, state: Option<PathBuf>, common: &Common) -> anyhow::Result<Outcome> {
    let mut session = Session::new(Arc::new(engine(common)?), state);
    let mut out = std::io::stdout().lock();
    if let Some(file) = file {
        let told = session.add(input::read(file)?);
        writeln!(out, "{told}")?;
    }
    session.serve(&mut std::io::stdin().lock(), &mut out)?;
    Ok(Outcome::Found)
}

/// What is open.
struct Session {
    engine: Arc<Engine>,
    store: Option<Store>,
    /// Why nothing is kept, where that is so.
    problem: Option<String>,
    inputs: Vec<Input>,
    diagnosis: Diagnosis,
    /// The page that is open: its id, its case, its checklist.
    page: Option<(String, String, Vec<Step>)>,
    undo: Vec<StepRecord>,
    /// The key of the case that was gone back to: its redacted text would not give it.
    kept_as: Option<String>,
}

impl Session {
    fn new(engine: Arc<Engine>, state: Option<PathBuf>) -> Self {
        let folder = state.or_else(|| default_folder(std::env::var_os("PITFALL_STATE").map(PathBuf::from)));
        let (store, problem) = match folder.map(|folder| Store::open(&folder, now())) {
            Some(Opened::Ready(store, notice)) => (Some(store), notice.map(|notice| notice.to_string())),
            Some(Opened::Refused(why)) => (None, Some(format!("ticks are not kept: {why}"))),
            None => (None, Some("ticks are not kept: there is no home folder; set PITFALL_STATE".into())),
        };
        Self { engine, store, problem, inputs: Vec::new(), diagnosis: Diagnosis::default(), page: None, undo: Vec::new(), kept_as: None }
    }

    /// Takes commands until `quit` or the end of the input.
    fn serve(&mut self, lines: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
        if let Some(problem) = self.problem.take() {
            writeln!(out, "{problem}")?;
        }
        if self.inputs.is_empty() {
            writeln!(out, "Paste a log, an error or a question, then a line with a full stop. `help` lists the commands.")?;
        }
        loop {
            write!(out, "> ")?;
            out.flush()?;
            let Some(line) = read_line(lines)? else { return Ok(()) };
            let (word, rest) = line.trim().split_once(' ').map_or((line.trim(), ""), |(word, rest)| (word, rest.trim()));
            match word {
                "" => {}
                "quit" if rest.is_empty() => return Ok(()),
                "paste" if rest.is_empty() => {
                    let told = self.take_text(String::new(), lines)?;
                    writeln!(out, "{told}")?;
                }
                _ => {
                    if let Some(told) = self.obey(word, rest) {
                        writeln!(out, "{}", told.trim_end())?;
                    } else {
                        writeln!(out, "Taken as text; a line with a full stop ends it.")?;
                        let told = self.take_text(line, lines)?;
                        writeln!(out, "{told}")?;
                    }
                }
            }
        }
    }

    fn take_text(&mut self, first: String, lines: &mut dyn BufRead) -> anyhow::Result<String> {
        let mut text = first;
        while let Some(line) = read_line(lines)?.filter(|line| line.trim_end() != ".") {
            text.push_str(&line);
        }
        Ok(if text.trim().is_empty() {
            "Nothing was pasted.".to_owned()
        } else {
            self.add(Input { name: "pasted".into(), bytes: text.into_bytes() })
        })
    }

    /// Takes an input into the case; says what was found.
    fn add(&mut self, input: Input) -> String {
        self.inputs.push(input);
        self.diagnosis = self.engine.triage(&self.inputs, &Options::default());
        self.page = None;
        let name = self.inputs.first().map_or("", |input| input.name.as_str()).to_owned();
        if let Some(store) = &self.store {
            let _ = store.put_case(&self.key(), &name, now());
        }
        let count = self.diagnosis.findings.len();
        let next = if count > 0 { "\n`open 1` reads the first page, with its checklist." } else { "" };
        format!("{}{next}", diagnosis_text(&self.diagnosis, PLAIN).trim_end())
    }

    /// Does a command; nothing where it is none.
    fn obey(&mut self, word: &str, rest: &str) -> Option<String> {
        Some(match (word, rest) {
            ("help", "") => COMMANDS.iter().fold(String::new(), |all, (name, what)| format!("{all}{name}: {what}\n")),
            ("new", "") => {
                (self.inputs, self.diagnosis, self.page, self.kept_as) = (Vec::new(), Diagnosis::default(), None, None);
                "A new case.".to_owned()
            }
            ("findings", "") if self.inputs.is_empty() => "Nothing was pasted or read yet.".to_owned(),
            ("findings", "") => diagnosis_text(&self.diagnosis, PLAIN),
            ("report", "") => self.report(),
            ("file", path) if !path.is_empty() => match input::read(Path::new(path)) {
                Ok(input) => self.add(input),
                Err(error) => error.to_string(),
            },
            ("open", which) if !which.is_empty() && !which.contains(' ') => self.open(which),
            ("steps", "") => self.steps(),
            ("tick", number) => self.turn(number.parse().ok()?, State::Done),
            ("skip", number) => self.turn(number.parse().ok()?, State::Skipped),
            ("note", rest) => {
                let (number, text) = rest.split_once(' ').unwrap_or((rest, ""));
                self.note(number.parse().ok()?, text)
            }
            ("undo", "") => self.take_back(),
            ("explain", term) if !term.is_empty() && !term.contains(": ") => {
                let found = self.engine.explain(term);
                if found.is_empty() { format!("No catalogue has {term}.") } else { explain_text(term, &found, PLAIN) }
            }
            ("search", words) if !words.is_empty() => {
                let hits = self.engine.search(words, None, 10);
                if hits.is_empty() { "Nothing found.".to_owned() } else { search_text(&hits, PLAIN) }
            }
            ("topics", "") => self.topics(),
            ("list", topic) if !topic.is_empty() && !topic.contains(' ') => self.list(topic),
            ("keep", depth) if !depth.contains(' ') => self.keep_case(if depth.is_empty() { "redacted" } else { depth }),
            ("state", word) if !word.is_empty() && !word.contains(' ') => self.set_state(word),
            ("case", start) if !start.is_empty() && !start.contains(' ') => self.go_back(start),
            ("cases", "") => self.cases(),
            _ => return None,
        })
    }

    /// The report as Markdown, which is what is pasted elsewhere: redacted.
    fn report(&self) -> String {
        let mut redactor = Redactor::default();
        super::triage::teach(&self.engine, &mut redactor, &self.diagnosis);
        redactor.redact(&diagnosis_markdown(&self.diagnosis)).text
    }

    /// The page of a finding by its number in the report, or by its id.
    fn open(&mut self, which: &str) -> String {
        use crate::knowledge::Severity;
        let real = || self.diagnosis.findings.iter().filter(|finding| finding.severity != Severity::Noise);
        let finding = match which.parse::<usize>() {
            Ok(number) => number.checked_sub(1).and_then(|at| real().nth(at)),
            Err(_) => self.diagnosis.findings.iter().find(|finding| finding.id == which),
        };
        let id = finding.map_or(which, |finding| finding.id.as_str()).to_owned();
        let knowledge = self.engine.knowledge();
        if let Some(guide) = knowledge.guide(&id) {
            return page_text(&guide.title, "guide", guide.body_text(), &guide.references, PLAIN);
        }
        let Some(page) = knowledge.page(&id) else {
            let near = knowledge.near(&id).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return format!("There is no finding or page {which}{near}");
        };
        let (scope, steps) = match finding {
            Some(finding) => (self.key(), finding.checklist.clone()),
            None => (String::new(), Engine::body(page).steps),
        };
        let head = format!("{} · severity {} · {}", page.id, page.severity, page.topic);
        let body = page.body_text().split("\n## Remediation").next().unwrap_or_default();
        let text = page_text(&page.title, &head, &format!("{}\n\n{body}", page.summary), &page.references, PLAIN);
        self.page = Some((id, scope, steps));
        format!("{}\n\n{}", text.trim_end(), self.steps())
    }

    fn records(&self) -> Vec<StepRecord> {
        let Some((page, scope, _)) = &self.page else { return Vec::new() };
        let all = self.store.as_ref().and_then(|store| store.steps(scope).ok()).unwrap_or_default();
        all.into_iter().filter(|record| record.page == *page).collect()
    }

    fn steps(&self) -> String {
        let Some((_, _, steps)) = &self.page else { return "No page is open; `open 1` opens the first finding's.".to_owned() };
        if steps.is_empty() {
            return "Nothing to do on this page.".to_owned();
        }
        let records = self.records();
        let of = |step: &Step| records.iter().find(|record| record.step == step.id).cloned().unwrap_or_default();
        let settled = steps.iter().filter(|step| of(step).state != State::Open).count();
        let mut out = format!("Checklist: {settled} of {} settled.\n", steps.len());
        for (number, step) in steps.iter().enumerate() {
            let record = of(step);
            let state = match record.state {
                State::Open => "open",
                State::Done => "done",
                State::Skipped => "does not apply",
            };
            let _ = writeln!(out, "Step {}, {state}: {}", number + 1, step.text);
            for (name, text) in [("Command", &step.command), ("Expect", &step.expect), ("Note", &record.note)] {
                if !text.is_empty() {
                    let _ = writeln!(out, "  {name}: {}", text.replace('\n', "\n    "));
                }
            }
        }
        out
    }

    /// What is kept of step `number`, counted from 1.
    fn record(&self, number: usize) -> Result<StepRecord, String> {
        let Some((page, scope, steps)) = &self.page else { return Err("No page is open; `open 1` opens the first finding's.".into()) };
        let step = number.checked_sub(1).and_then(|at| steps.get(at)).ok_or_else(|| format!("This page has {} steps.", steps.len()))?;
        let new = StepRecord { scope: scope.clone(), page: page.clone(), step: step.id.clone(), ..StepRecord::default() };
        Ok(self.records().into_iter().find(|record| record.step == step.id).unwrap_or(new))
    }

    fn turn(&mut self, number: usize, to: State) -> String {
        let before = match self.record(number) {
            Ok(before) => before,
            Err(told) => return told,
        };
        let state = if before.state == to { State::Open } else { to };
        let told = match state {
            State::Open => "open again",
            State::Done => "done",
            State::Skipped => "does not apply",
        };
        self.keep(&StepRecord { state, ..before.clone() }, before, &format!("Step {number}: {told}."))
    }

    fn note(&mut self, number: usize, text: &str) -> String {
        match self.record(number) {
            Ok(before) => {
                let note = crate::text::clean(text).text;
                self.keep(&StepRecord { note, ..before.clone() }, before, &format!("Note on step {number}."))
            }
            Err(told) => told,
        }
    }

    fn keep(&mut self, record: &StepRecord, before: StepRecord, told: &str) -> String {
        match self.store.as_ref().map(|store| store.put_step(record, now())) {
            Some(Ok(())) => {
                self.undo.push(before);
                self.keep_as_you_go();
                told.to_owned()
            }
            Some(Err(error)) => format!("Not kept: {}", crate::store::explained(&error)),
            None => "Not kept: there is no place to keep it.".to_owned(),
        }
    }

    fn take_back(&mut self) -> String {
        match (self.undo.pop(), &self.store) {
            (Some(record), Some(store)) => match store.put_step(&record, now()) {
                Ok(()) => "Taken back.".to_owned(),
                Err(error) => format!("Not taken back: {error}"),
            },
            _ => "Nothing to take back.".to_owned(),
        }
    }

    fn topics(&self) -> String {
        let count = |topic: &str| self.engine.knowledge().pages().iter().filter(|page| page.topic == topic).count();
        TOPICS.iter().fold(String::new(), |all, topic| format!("{all}{}: {}, {} pages\n", topic.id, topic.title, count(topic.id)))
    }

    fn list(&self, topic: &str) -> String {
        if crate::knowledge::topic(topic).is_none() {
            let near =
                nearest(topic, TOPICS.iter().map(|topic| topic.id)).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return format!("There is no topic {topic}{near}");
        }
        let pages: Vec<_> = self.engine.knowledge().pages().iter().filter(|page| page.topic == topic).collect();
        list_text(&pages, PLAIN)
    }
}

/// A line with its end, whatever its bytes are; none at the end.
fn read_line(lines: &mut dyn BufRead) -> anyhow::Result<Option<String>> {
    let mut bytes = Vec::new();
    let count = lines.read_until(b'\n', &mut bytes)?;
    Ok((count > 0).then(|| String::from_utf8_lossy(&bytes).into_owned()))
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| Arc::new(Engine::new(Vec::new())));

    fn told(folder: &Path, lines: &str) -> String {
        let mut session = Session::new(Arc::clone(&ENGINE), Some(folder.to_owned()));
        let mut out = Vec::new();
        session.serve(&mut lines.as_bytes(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_whole_job_from_paste_to_tick_and_back() {
        let folder = tempfile::tempdir().unwrap();
        let log = "SecItemAdd failed: -34018\n.\n";
        let text = told(folder.path(), &format!("{log}open keychain-entitlement-missing\ntick 1\nskip 2\nnote 1 on CI too\nsteps\nquit\n"));
        for part in ["Taken as text", "Step 1: done.", "Step 2: does not apply.", "Checklist: 2 of", "Note: on CI too", "Step 1, done:"] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        let again = told(folder.path(), &format!("{log}open keychain-entitlement-missing\ntick 1\nundo\nundo\ncases\n"));
        for part in ["Checklist: 2 of", "Step 1: open again.", "Taken back.", "Nothing to take back.", "pasted"] {
            assert!(again.contains(part), "{part} in\n{again}");
        }
    }

    #[test]
    fn a_case_is_kept_gone_back_to_and_solved() {
        let folder = tempfile::tempdir().unwrap();
        let text = told(
            folder.path(),
            "SecItemAdd failed: -34018\n.\nopen 1\ntick 1\nstate solved\nstate done\nkeep facts\nkeep all\nkeep input\ncases\n",
        );
        for part in [
            "The case is solved.",
            "A case is open, waiting, solved, dropped.",
            ": facts.",
            "unknown depth `all`",
            ": input.",
            "solved, now, input, 1 of",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        let Opened::Ready(store, _) = Store::open(folder.path(), 1) else { panic!("no store") };
        let id = store.cases().unwrap().remove(0).key;
        let again = told(folder.path(), &format!("case {id}\nopen 1\ncase zz\n"));
        for part in ["[x]", "Step 1, done:", "There is no case zz"] {
            assert!(again.contains(part), "{part} in\n{again}");
        }
    }

    #[test]
    fn questions_are_answered_and_mistakes_told() {
        let folder = tempfile::tempdir().unwrap();
        let text = told(
            folder.path(),
            "help\nexplain -25300\nexplain zzzzqq\nsearch keychain background\ntopics\nlist keychian\nopen no-such-page\nsteps\nundo\nfindings\nfile /nowhere\n",
        );
        for part in [
            "tick N: step N is done",
            "errSecItemNotFound",
            "No catalogue has zzzzqq",
            "keychain: Keychain,",
            "did you mean `keychain`?",
            "There is no finding or page no-such-page",
            "No page is open",
            "Nothing to take back.",
            "Nothing was pasted or read yet.",
            "/nowhere does not exist",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }

    #[test]
    fn pasted_lines_are_never_commands_and_no_escape_gets_out() {
        let folder = tempfile::tempdir().unwrap();
        let text = told(folder.path(), "paste\nquit\n\u{1b}[31mSecItemAdd failed: -34018\u{7}\n.\nfindings\n");
        assert!(text.contains("keychain-entitlement-missing"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'), "{text:?}");
        assert!(told(folder.path(), "paste\n.\n").contains("Nothing was pasted."));
        assert!(!told(folder.path(), "x\n").is_empty(), "the end of the input ends a paste too");
    }
}
