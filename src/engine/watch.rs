//! An input without an end: what is found in it is told once, and what is long past is forgotten, so that memory stays flat for days.
//!
//! New lines are read as parts of one input. Hits live for [`WINDOW`] lines, which is far more than any rule reaches; only what holds for the
//! whole input (the platform, the bundle id) stays. A page is told when one of its patterns hit in lines that were not judged before and it is
//! found surer than it was told; so nothing old comes again when what stood beside it is forgotten.

use super::owner::Speakers;
use super::systems::Systems;
use super::{Confidence, Engine, Finding, LONG, Options, Severity};
use crate::matching::{Before, Enough, Scan, lasting};
use crate::text::pieces;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes that are read and judged at once when much comes in.
const BLOCK: usize = 1 << 20;
/// Bytes around a block that are looked at with it; more than [`surroundings`](crate::text::surroundings) takes.
const AROUND: usize = 8 << 10;
/// A hit is remembered for so many lines.
const WINDOW: usize = 10_000;

/// How far what has come in is read, when it pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// To the end of the last whole line.
    Line,
    /// To the last whole character, since no more has come for a while.
    Character,
    /// To the end: no more will come.
    End,
}

/// A finding that was not told before, or not so surely.
#[derive(Debug, Clone)]
pub struct News {
    /// The finding; lines count from the beginning of the input.
    pub finding: Finding,
    /// How sure it was when it was told last.
    pub before: Option<Confidence>,
}

/// An input that is watched; see the module.
#[derive(Debug)]
pub struct Watch<'a> {
    engine: &'a Engine,
    options: Options,
    scan: Scan,
    speakers: Speakers,
    read: Before,
    /// Lines above the first that was read.
    skipped: usize,
    /// What came in and is not read yet, behind some bytes that are.
    buffer: Vec<u8>,
    /// Where in the buffer that begins which is not read.
    next: usize,
    /// Pages with a hit that is not judged yet.
    fresh: BTreeSet<usize>,
    told: BTreeMap<usize, Confidence>,
    lasting: Vec<bool>,
}

impl<'a> Watch<'a> {
    /// Nothing has come in yet; the first line will be the one behind `lines`.
    #[must_use]
    pub fn new(engine: &'a Engine, options: Options, lines: usize) -> Self {
        Self {
            engine,
            options,
            scan: Scan::new(engine.matcher()),
            speakers: Speakers::default(),
            read: Before { lines, ..Before::default() },
            skipped: lines,
            buffer: Vec::new(),
            next: 0,
            fresh: BTreeSet::new(),
            told: BTreeMap::new(),
            lasting: lasting(engine.knowledge().pages()),
        }
    }

    /// Takes what came in. Much of it is judged at once; the rest waits for more, or for [`Watch::settle`].
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<News> {
        let mut news = Vec::new();
        for some in bytes.chunks(BLOCK) {
            self.buffer.extend_from_slice(some);
            while self.buffer.len() - self.next > BLOCK + AROUND {
                let end = pieces(self.waiting(), BLOCK).next().map_or(BLOCK, |piece| piece.end);
                self.read_to(self.next + end);
                news.extend(self.judge());
            }
        }
        news
    }

    /// Reads and judges what has come in.
    pub fn settle(&mut self, until: Until) -> Vec<News> {
        let waiting = self.waiting();
        let end = match until {
            Until::Line => waiting.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1),
            Until::Character => whole_characters(waiting),
            Until::End => waiting.len(),
        };
        if end > 0 {
            self.read_to(self.next + end);
        }
        self.judge()
    }

    /// Begins with another file of the same name, behind what was read of the old one. What was told stays told.
    pub fn restart(&mut self) {
        self.scan = Scan::new(self.engine.matcher());
        self.read = Before::default();
        self.skipped = 0;
        self.buffer.clear();
        self.next = 0;
        self.fresh.clear();
    }

    /// Whether something came in that is not read yet.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.next < self.buffer.len()
    }

    /// How many lines were read since the beginning, or since the last restart.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.read.lines + usize::from(self.read.columns > 0) - self.skipped
    }

    fn waiting(&self) -> &[u8] {
        self.buffer.get(self.next..).unwrap_or(&[])
    }

    fn read_to(&mut self, end: usize) {
        let (from, to) = (self.next.saturating_sub(AROUND), self.buffer.len().min(end + AROUND));
        let near = self.buffer.get(from..to).unwrap_or(&[]);
        let part = self.engine.read_part(0, near, self.next - from..end - from, &self.options, Enough::default());
        self.fresh.extend(part.scan.pages(false));
        self.scan.append(part.scan, self.read);
        self.speakers.append(part.speakers);
        self.read = self.read.and(part.read);
        let done = end.saturating_sub(AROUND);
        self.buffer.drain(..done);
        self.next = end - done;
    }

    fn judge(&mut self) -> Vec<News> {
        let mut news = Vec::new();
        if !self.fresh.is_empty() {
            if self.lines() > LONG {
                self.scan.set_long(0, self.speakers.is_device_wide());
            }
            let found = self.engine.judge(&self.scan, std::slice::from_ref(&self.speakers), Systems::Ours);
            for one in found.iter().filter(|one| self.fresh.contains(&one.page)) {
                let before = self.told.get(&one.page).copied();
                if before.is_some_and(|before| before <= one.confidence) {
                    continue;
                }
                for page in one.folded.iter().chain([&one.page]) {
                    let told = self.told.entry(*page).or_insert(one.confidence);
                    *told = one.confidence.min(*told);
                }
                news.extend(self.engine.finding(one).filter(|finding| self.is_wanted(finding)).map(|finding| News { finding, before }));
            }
            self.fresh.clear();
        }
        self.scan.forget(self.read.lines.saturating_sub(WINDOW), &self.lasting);
        news
    }

    fn is_wanted(&self, finding: &Finding) -> bool {
        finding.severity != Severity::Noise && self.options.topic.as_deref().is_none_or(|topic| finding.topic == topic)
    }
}

/// How many bytes of `bytes` are whole characters: all, unless the last one is cut.
fn whole_characters(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3);
    let cut = bytes.get(tail..).unwrap_or(&[]).iter().rposition(|b| *b >= 0xc0).map(|at| tail + at);
    let Some(start) = cut else { return bytes.len() };
    let long = match bytes.get(start) {
        Some(0xc0..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        _ => 4,
    };
    if bytes.len() - start < long { start } else { bytes.len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Vec::new()));

    const LOST: &str = "Notes[5] SecItemCopyMatching failed: -25308, so we reset\nNotes[5] SecItemDelete -> 0\n";

    fn ids(news: &[News]) -> Vec<(String, Confidence)> {
        news.iter().map(|one| (one.finding.id.clone(), one.finding.confidence)).collect()
    }

    fn watch() -> Watch<'static> {
        Watch::new(&ENGINE, Options::default(), 0)
    }

    #[test]
    fn a_finding_is_told_once_and_again_when_it_is_surer() {
        let mut watch = watch();
        let mut all = Vec::new();
        let mut told: BTreeMap<String, Confidence> = BTreeMap::new();
        for _ in 0..3 {
            for line in LOST.split_inclusive('\n') {
                all.extend(watch.feed(line.as_bytes()));
                all.extend(watch.settle(Until::Line));
            }
        }
        assert!(all.iter().any(|one| one.finding.confidence < Confidence::Possible), "{:?}", ids(&all));
        for one in &all {
            let known = told.insert(one.finding.id.clone(), one.finding.confidence);
            assert_eq!(known, one.before, "{}", one.finding.id);
            assert!(known.is_none_or(|known| one.finding.confidence < known), "{}", one.finding.id);
        }
    }

    /// In whatever pieces the bytes come in, what triage is sure of is told, at the same place.
    #[test]
    fn pieces_change_nothing() {
        let text = format!("é “quoted” {LOST}naïve \u{1f511} the end, without a line's end: errSecMissingEntitlement (-34018)");
        for size in [1, 2, 3, 7, 64, 10_000] {
            let mut watch = watch();
            let mut news: Vec<News> = text.as_bytes().chunks(size).flat_map(|some| watch.feed(some)).collect();
            news.extend(watch.settle(Until::End));
            let whole = ENGINE.triage(&[super::super::Input { name: "-".into(), bytes: text.clone().into_bytes() }], &Options::default());
            let wanted: Vec<_> = whole.findings.iter().filter(|one| one.severity != Severity::Noise && !one.evidence.is_empty()).collect();
            assert!(wanted.len() > 1);
            for one in wanted {
                let told = news.iter().find(|news| news.finding.id == one.id).unwrap_or_else(|| panic!("{} with {size}", one.id));
                assert_eq!((told.finding.confidence, &told.finding.evidence), (one.confidence, &one.evidence), "{} with {size}", one.id);
            }
        }
    }

    #[test]
    fn a_character_is_not_cut_when_it_pauses() {
        for (text, whole) in [("a", 1), ("é", 2), ("\u{1f511}", 4), ("aé", 3)] {
            let bytes = text.as_bytes();
            assert_eq!(whole_characters(bytes), whole);
            assert!(whole_characters(&bytes[..bytes.len() - 1]) < bytes.len() || bytes.len() == 1);
        }
        assert_eq!(whole_characters("aé".as_bytes().get(..2).unwrap()), 1);
        assert_eq!(whole_characters(b"\xff\xff"), 1, "not UTF-8: the last byte waits for the end");
        let mut watch = watch();
        let text = "SecItemAdd – failed: -34018";
        let (one, other) = text.as_bytes().split_at(12);
        let mut news = watch.feed(one);
        news.extend(watch.settle(Until::Character));
        news.extend(watch.feed(other));
        news.extend(watch.settle(Until::Character));
        let found = news.iter().find(|news| news.finding.id == "keychain-entitlement-missing").unwrap();
        let code = found.finding.evidence.iter().find(|piece| piece.text.contains("34018")).unwrap();
        let front = code.text.find('-').unwrap(); // Some pages look for the space in front of it too.
        assert_eq!((code.place.line, code.place.start + front), (1, 22));
        assert_eq!(watch.lines(), 1);
    }

    #[test]
    fn old_hits_are_forgotten_and_never_told_again() {
        let mut watch = watch();
        let mut first = watch.feed(LOST.as_bytes());
        first.extend(watch.settle(Until::Line));
        assert!(!first.is_empty());
        let filler = "Notes[5] pushed some records and all went well\n".repeat(500);
        for _ in 0..(2 * WINDOW / 500) {
            let mut news = watch.feed(filler.as_bytes());
            news.extend(watch.settle(Until::Line));
            assert!(news.is_empty(), "{:?}", ids(&news));
        }
        let slots = watch.scan.pages(false);
        let pages = ENGINE.knowledge().pages();
        let lasting = |page: &usize| pages[*page].patterns.iter().any(|pattern| pattern.id != "locked" && pattern.id != "deletes");
        assert!(slots.iter().all(lasting), "{slots:?}");
        assert!(watch.feed(LOST.as_bytes()).is_empty() && watch.settle(Until::Line).is_empty(), "it was told before");
        assert!(watch.buffer.len() <= BLOCK + 2 * AROUND);
    }

    #[test]
    fn another_file_begins_at_line_one() {
        let mut watch = Watch::new(&ENGINE, Options::default(), 41);
        watch.feed(b"all is well\n");
        watch.settle(Until::End);
        let mut news = watch.feed(b"SecItemAdd failed: -34018\n");
        news.extend(watch.settle(Until::Line));
        assert_eq!(news.first().map(|one| one.finding.evidence[0].place.line), Some(43));
        assert_eq!(watch.lines(), 2);
        watch.restart();
        let mut news = watch.feed(b"\n-25308\nSecItemDelete\n");
        news.extend(watch.settle(Until::Line));
        assert!(!news.is_empty() && news.iter().flat_map(|one| &one.finding.evidence).all(|piece| piece.place.line <= 3), "{news:?}");
    }
}
