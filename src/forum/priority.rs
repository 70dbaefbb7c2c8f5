//! What to answer first, and why; and whether many ask the same at once, which smells of an outage.

use super::class::{Kind, Verdict};
use super::date::{DAY, Precision};
use super::thread::Thread;
use crate::engine::Glance;
use crate::knowledge::{Confidence, Severity};
use std::collections::BTreeMap;

/// How urgent a thread is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Priority {
    /// 0: nothing to do; 100: now.
    pub points: u32,
    /// The reasons, the weightiest first, each with its points.
    pub why: Vec<String>,
    /// Whether waiting makes it more urgent; then [`Priority::aged`] is still to be added.
    pub ages: bool,
}

impl Priority {
    /// The same with what waiting since `asked` adds at the time `now`, both in seconds since 1970.
    #[must_use]
    pub fn aged(mut self, asked: Option<i64>, now: i64) -> Self {
        if let Some((points, why)) = asked.filter(|_| self.ages).and_then(|asked| age(asked, now)) {
            self.points = (self.points + points).min(100);
            self.why.push(format!("{why} (+{points})"));
        }
        self.ages = false;
        self
    }

    /// The same with a burst of so many threads.
    #[must_use]
    pub fn in_burst(mut self, burst: usize) -> Self {
        if burst > 0 {
            self.points = (self.points + BURST_POINTS).min(100);
            self.why.insert(0, format!("{} (+{BURST_POINTS})", burst_told(burst)));
        }
        self
    }

    /// The reasons as one line.
    #[must_use]
    pub fn told(&self) -> String {
        self.why.join(", ")
    }
}

/// Many threads on one day about the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burst {
    /// The day, in days since 1970.
    pub day: i64,
    /// What they have in common: a page's id, or a topic and a code.
    pub about: String,
    /// The threads, by their place in the list given.
    pub threads: Vec<usize>,
}

/// So many threads on one day about the same are a burst, and this many times more than on other days.
const BURST: usize = 4;
const TIMES: usize = 3;

/// What a thread is about, for bursts: the page that a rule found, else topic and first code.
pub(super) fn about(verdict: &Verdict, glance: &Glance) -> Option<String> {
    if verdict.kind != Kind::Question {
        return None;
    }
    let sure = glance.found.iter().find(|page| page.severity != Severity::Noise && page.confidence < Confidence::Possible);
    if let Some(page) = sure {
        return Some(page.id.clone());
    }
    let topic = verdict.topic?;
    let code = glance.facts.iter().find_map(|fact| match fact.kind {
        crate::facts::Kind::Error => fact.code.as_ref().map(ToString::to_string).or_else(|| fact.name.clone()),
        crate::facts::Kind::OAuth | crate::facts::Kind::WebAuthn => fact.name.clone(),
        _ => None,
    })?;
    Some(format!("{topic} {code}"))
}

/// The bursts among threads: for each its day, where one is known, and what it is about.
#[must_use]
pub fn bursts(threads: &[(Option<i64>, Option<String>)]) -> Vec<Burst> {
    let mut days: BTreeMap<(&str, i64), Vec<usize>> = BTreeMap::new();
    let mut totals: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (at, (day, about)) in threads.iter().enumerate() {
        if let (Some(day), Some(about)) = (day, about) {
            days.entry((about, *day)).or_default().push(at);
        }
    }
    for ((about, _), on_day) in &days {
        let total = totals.entry(about).or_default();
        total.0 += 1;
        total.1 += on_day.len();
    }
    let is_burst = |about: &str, count: usize| {
        let (days, all) = totals.get(about).copied().unwrap_or((1, count));
        let elsewhere = (all - count).div_ceil(days.saturating_sub(1).max(1));
        count >= BURST && count >= TIMES * elsewhere
    };
    days.into_iter()
        .filter(|((about, _), on_day)| is_burst(about, on_day.len()))
        .map(|((about, day), threads)| Burst { day, about: about.to_owned(), threads })
        .collect()
}

/// The day on which a thread was asked, as far as one is known to the day.
pub(super) fn day(thread: &Thread) -> Option<i64> {
    thread.created.or(thread.when).filter(|moment| moment.precision != Precision::Month).map(super::date::Moment::day)
}

/// How urgent a thread is by itself, but for its age and for others that ask the same.
pub(super) fn judge(thread: &Thread, verdict: &Verdict, glance: &Glance) -> Priority {
    if matches!(verdict.kind, Kind::Resource | Kind::Announcement) {
        return Priority { points: 0, why: vec!["asks nothing".into()], ages: false };
    }
    let mut reasons: Vec<(u32, String)> = Vec::new();
    let replies = thread.counts.replies.unwrap_or(thread.replies.len() as u64);
    if thread.answered {
        return Priority { points: 2, why: vec!["has an accepted answer".into()], ages: false };
    }
    match replies {
        0 => reasons.push((25, "nobody has replied".into())),
        _ if thread.replies.iter().any(|reply| reply.staff) => reasons.push((5, "an engineer has replied, not accepted yet".into())),
        1 => reasons.push((12, "one reply, none accepted".into())),
        many => reasons.push((10, format!("{many} replies, none accepted"))),
    }
    if verdict.kind == Kind::OffTopic {
        return Priority { points: 8, why: vec!["belongs elsewhere: a pointer is enough".into()], ages: false };
    }
    severity(glance, &mut reasons);
    match thread.counts.boosts.unwrap_or(0) {
        0 => {}
        boosts => reasons.push((
            u32::try_from(boosts.saturating_mul(4)).unwrap_or(16).min(16),
            format!("{boosts} boost{}", if boosts == 1 { "" } else { "s" }),
        )),
    }
    match thread.counts.views.unwrap_or(0) {
        0..=149 => {}
        views @ 150..=499 => reasons.push((4, format!("{views} views"))),
        views @ 500..=1_999 => reasons.push((8, format!("{views} views"))),
        views => reasons.push((12, format!("{views} views"))),
    }
    reasons.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    let points = reasons.iter().map(|(points, _)| points).sum::<u32>().min(100);
    Priority { points, why: reasons.into_iter().map(|(points, why)| format!("{why} (+{points})")).collect(), ages: true }
}

fn severity(glance: &Glance, reasons: &mut Vec<(u32, String)>) {
    let Some(worst) = glance.found.iter().filter(|page| page.confidence < Confidence::Possible).min_by_key(|page| page.severity) else {
        return;
    };
    let points = match worst.severity {
        Severity::Critical => 30,
        Severity::High => 18,
        Severity::Medium => 10,
        Severity::Low => 4,
        Severity::Noise => return,
    };
    reasons.push((points, format!("{} severity: {}", worst.severity, worst.id)));
}

/// What a burst adds.
const BURST_POINTS: u32 = 30;

fn burst_told(burst: usize) -> String {
    format!("{burst} threads about the same on one day: look for an outage before anything else")
}

/// Waiting longer counts more for two weeks; what has rested for half a year is no longer urgent.
fn age(asked: i64, now: i64) -> Option<(u32, String)> {
    let days = (now - asked) / DAY;
    match days {
        ..=0 => None,
        1..=14 => Some((u32::try_from(days).unwrap_or(0), format!("waiting for {days} day{}", if days == 1 { "" } else { "s" }))),
        15..=180 => Some((10, format!("waiting for {} weeks", days / 7))),
        _ => Some((2, format!("at rest for {} months", days / 30))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forum::date::Moment;
    use crate::forum::thread::Counts;

    const NOW: i64 = 1_775_822_400;

    fn of(change: impl FnOnce(&mut Thread), burst: usize) -> Priority {
        let mut thread = Thread { counts: Counts { replies: Some(0), boosts: Some(0), views: Some(10) }, ..Thread::default() };
        thread.when = Some(Moment { at: NOW - 3 * DAY, precision: Precision::Day });
        change(&mut thread);
        judge(&thread, &Verdict::default(), &Glance::default()).in_burst(burst).aged(thread.when.map(|when| when.at), NOW)
    }

    #[test]
    fn each_reason_counts_and_is_told() {
        let plain = of(|_| {}, 0);
        assert!(plain.told().contains("nobody has replied") && plain.told().contains("waiting for 3 days"), "{}", plain.told());
        assert!(of(|thread| thread.counts.boosts = Some(2), 0).points > plain.points);
        assert!(of(|thread| thread.counts.views = Some(900), 0).points > plain.points);
        assert!(of(|thread| thread.counts.replies = Some(3), 0).points < plain.points);
        assert!(of(|thread| thread.answered = true, 0).points < 5);
        let burst = of(|_| {}, 6);
        assert!(burst.points > plain.points && burst.why[0].contains("6 threads about the same on one day"));
    }

    #[test]
    fn a_burst_is_many_on_one_day_and_not_every_day() {
        let row = |day: i64, about: &str| (Some(day), Some(about.to_owned()));
        let mut threads: Vec<_> = (0..5).map(|_| row(100, "siwa invalid_client")).collect();
        threads.push(row(90, "siwa invalid_client"));
        threads.extend((0..40).map(|at| row(at, "keychain -25300")));
        threads.extend((0..40).map(|at| row(at, "keychain -25300")));
        threads.push((None, Some("siwa invalid_client".into())));
        threads.push((Some(100), None));
        let found = bursts(&threads);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].day, found[0].about.as_str(), found[0].threads.len()), (100, "siwa invalid_client", 5));
    }
}
