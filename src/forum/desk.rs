//! The desk: threads in; sorted, compared, ranked and drafted threads out.

use super::class::{Verdict, judge};
use super::draft::{Draft, draft};
use super::fingerprint::{Book, Fingerprint, Shared};
use super::missing::{Missing, missing};
use super::priority::{self, Burst, Priority, bursts};
use super::thread::Thread;
use crate::engine::{Engine, Finding, Glance, Input, Options};
use crate::knowledge::{Confidence, Severity};

/// A thread that asks the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Duplicate {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: Option<String>,
    /// Whether it has an accepted answer, or is closed.
    pub answered: bool,
    /// The shared evidence.
    pub why: String,
    /// To put several in order; nothing to show.
    pub score: f32,
}

/// A thread, sorted: everything but the full diagnosis, which is made when it is opened.
#[derive(Debug, Clone, Default)]
pub struct Sorted {
    /// The thread.
    pub thread: Thread,
    /// What it is.
    pub verdict: Verdict,
    /// What a quick look sees.
    pub glance: Glance,
    /// Its terms.
    pub print: Fingerprint,
    /// What it leaves out.
    pub missing: Vec<Missing>,
    /// Threads that ask the same: answered ones first.
    pub duplicates: Vec<Duplicate>,
    /// How urgent.
    pub priority: Priority,
}

/// A sorted thread with its diagnosis and a draft.
#[derive(Debug, Clone, Default)]
pub struct Triaged {
    /// The sorted thread.
    pub sorted: Sorted,
    /// What is wrong, best first; evidence stands in lines of title, blank line, text.
    pub findings: Vec<Finding>,
    /// The reply.
    pub draft: Draft,
}

/// The desk; see the module.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    engine: &'a Engine,
}

/// Findings told of a thread.
const FINDINGS: usize = 5;

impl<'a> Desk<'a> {
    /// A desk with this knowledge.
    #[must_use]
    pub fn new(engine: &'a Engine) -> Self {
        Self { engine }
    }

    /// Sorts one thread by itself; duplicates and priority need the others.
    #[must_use]
    pub fn sort(&self, thread: Thread) -> Sorted {
        let glance = self.engine.glance(&thread.text());
        let verdict = judge(&thread, &glance);
        let print = Fingerprint::of(&thread, &glance);
        let missing = missing(&thread, &verdict, &glance);
        let priority = priority::judge(&thread, &verdict, &glance);
        Sorted { thread, verdict, glance, print, missing, duplicates: Vec::new(), priority }
    }

    /// The day and subject of a sorted thread, by which bursts are found.
    #[must_use]
    pub fn burst_key(sorted: &Sorted) -> (Option<i64>, Option<String>) {
        (priority::day(&sorted.thread), priority::about(&sorted.verdict, &sorted.glance))
    }

    /// Sorts the threads of a page among themselves.
    #[must_use]
    pub fn sort_all(&self, threads: Vec<Thread>, now: i64) -> (Vec<Sorted>, Vec<Burst>) {
        let mut sorted: Vec<Sorted> = threads.into_iter().map(|thread| self.sort(thread)).collect();
        let mut book = Book::default();
        for one in &sorted {
            book.add(&one.print);
        }
        let similar: Vec<Vec<Shared>> = sorted
            .iter()
            .enumerate()
            .map(|(at, one)| if asks(one) { book.similar(&one.print, u32::try_from(at).ok()) } else { Vec::new() })
            .collect();
        for (at, shared) in similar.into_iter().enumerate() {
            let mut duplicates: Vec<Duplicate> = shared
                .iter()
                .filter_map(|one| sorted.get(one.at as usize).filter(|other| asks(other)).map(|other| duplicate(&other.thread, one)))
                .collect();
            order(&mut duplicates);
            if let Some(one) = sorted.get_mut(at) {
                one.duplicates = duplicates;
            }
        }
        let keys: Vec<_> = sorted.iter().map(Self::burst_key).collect();
        let bursts = bursts(&keys);
        for (at, one) in sorted.iter_mut().enumerate() {
            let burst = bursts.iter().find(|burst| burst.threads.contains(&at)).map_or(0, |burst| burst.threads.len());
            one.priority = std::mem::take(&mut one.priority).in_burst(burst).aged(one.thread.asked(), now);
        }
        (sorted, bursts)
    }

    /// Diagnoses a sorted thread in full and drafts a reply.
    #[must_use]
    pub fn open(&self, sorted: Sorted) -> Triaged {
        let findings = if sorted.verdict.kind == super::Kind::OffTopic { Vec::new() } else { self.findings(&sorted) };
        let draft = draft(self.engine, &sorted, &findings);
        Triaged { sorted, findings, draft }
    }

    /// The findings of a thread. Of those that no rule made likely, the ones of the thread's topic come first. What asks nothing gets none
    /// that is near by its words alone.
    fn findings(self, sorted: &Sorted) -> Vec<Finding> {
        let input = Input { name: sorted.thread.id.clone(), bytes: sorted.thread.text().into_bytes() };
        let mut findings = self.engine.triage(&[input], &Options::default()).findings;
        findings.retain(|finding| sorted.verdict.kind == super::Kind::Question || !finding.evidence.is_empty());
        let key = |finding: &Finding| {
            let unsure = finding.confidence == Confidence::Possible;
            (finding.severity == Severity::Noise, unsure, unsure && Some(finding.topic) != sorted.verdict.topic)
        };
        findings.sort_by_key(key);
        findings.truncate(FINDINGS);
        findings
    }

    /// Sorts, compares, ranks and drafts the threads of a page.
    #[must_use]
    pub fn triage(&self, threads: Vec<Thread>, now: i64) -> (Vec<Triaged>, Vec<Burst>) {
        let (sorted, bursts) = self.sort_all(threads, now);
        (sorted.into_iter().map(|one| self.open(one)).collect(), bursts)
    }
}

/// Whether a thread asks something: an article is nobody's duplicate.
pub(super) fn asks(sorted: &Sorted) -> bool {
    matches!(sorted.verdict.kind, super::Kind::Question | super::Kind::OffTopic)
}

/// What is told of a thread that shares terms.
#[must_use]
pub fn duplicate(other: &Thread, shared: &Shared) -> Duplicate {
    Duplicate {
        id: other.id.clone(),
        title: other.title.clone(),
        url: other.url.clone(),
        answered: other.answered || other.closed && other.answer().is_some(),
        why: shared.why(),
        score: shared.score,
    }
}

/// Answered ones first, then the most shared.
pub fn order(duplicates: &mut [Duplicate]) {
    duplicates.sort_by(|a, b| b.answered.cmp(&a.answered).then(b.score.total_cmp(&a.score)).then_with(|| a.id.cmp(&b.id)));
}
