//! Judging the rules of a page on its hits: all, any, unless, then, count, within, same process.

use super::compile::PatternId;
use super::found::{EVENT, Hit, Scan};
use crate::facts::origin;
use crate::knowledge::{Confidence, Page, Rule, Test};

/// A page that is found.
#[derive(Debug, Clone)]
pub struct Match {
    /// The page's place in the knowledge.
    pub page: usize,
    /// How sure.
    pub confidence: Confidence,
    /// How many different patterns the rule asked for and got; more say more.
    pub strength: usize,
    /// The hits that show it: pattern (its place in the page) and hit, in the order of the text.
    pub evidence: Vec<(usize, Hit)>,
    /// How many hits there are beyond those.
    pub more: usize,
    /// Pages that this one explains and that were found too.
    pub folded: Vec<usize>,
}

/// A page that was nearly found.
#[derive(Debug, Clone)]
pub struct Miss {
    /// The page's place in the knowledge.
    pub page: usize,
    /// The patterns that hit.
    pub hit: Vec<usize>,
    /// Patterns whose needle stood there while the regex did not hit.
    pub needles: Vec<usize>,
    /// For each rule, in order: why it does not hold.
    pub failures: Vec<Failure>,
}

/// Why a rule does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// These patterns of `all`, `then` or `count` did not hit often enough.
    Missing(Vec<String>),
    /// None of these patterns of `any` hit.
    NoneOf(Vec<String>),
    /// This pattern of `unless` hit.
    Unless(String),
    /// All hit, but not near enough, not in order, or not in one process.
    Apart,
}

/// The hits of one page by pattern.
struct Hits<'a> {
    page: &'a Page,
    scan: &'a Scan,
    by_pattern: Vec<&'a [Hit]>,
    counts: Vec<usize>,
}

/// The row of a hit.
fn row(hit: &Hit) -> usize {
    Scan::row(hit.spot.input, hit.spot.line)
}

/// The process that wrote the line of a hit.
fn process(hit: &Hit) -> Option<&str> {
    origin(&hit.spot.whole).process
}

/// Facts that hold for a whole input, wherever it tells them; all others are events, which have a place.
const CIRCUMSTANCES: &[&str] = &["context", "platform", "framework", "bundle-id", "team-id"];

/// Whether a pattern looks for an event.
fn is_event(test: &Test) -> bool {
    !matches!(test, Test::Fact(fact) if fact.kind.split(',').all(|kind| CIRCUMSTANCES.contains(&kind.trim())))
}

impl<'a> Hits<'a> {
    fn new(page: &'a Page, place: usize, scan: &'a Scan) -> Self {
        let id = |pattern: usize| PatternId::new(place, pattern);
        let by_pattern = (0..page.patterns.len()).map(|p| scan.hits(id(p))).collect();
        let counts = (0..page.patterns.len()).map(|p| scan.count(id(p))).collect();
        Self { page, scan, by_pattern, counts }
    }

    /// The patterns that hit: few of the many that a page may have.
    fn names(&self) -> Vec<&'a str> {
        let patterns = self.page.patterns.iter().zip(&self.counts);
        patterns.filter(|(_, count)| **count > 0).map(|(pattern, _)| pattern.id.as_str()).collect()
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.page.patterns.iter().position(|pattern| pattern.id == name)
    }

    fn of(&self, name: &str) -> &'a [Hit] {
        self.place(name).and_then(|at| self.by_pattern.get(at)).copied().unwrap_or(&[])
    }

    fn count(&self, name: &str) -> usize {
        self.place(name).and_then(|at| self.counts.get(at)).copied().unwrap_or(0)
    }
}

/// Of every pattern, in the order of pages and patterns, whether it looks for what holds for a whole input, and not for an event.
#[must_use]
pub fn lasting(pages: &[Page]) -> Vec<bool> {
    pages.iter().flat_map(|page| &page.patterns).map(|pattern| !is_event(&pattern.test)).collect()
}

/// Judges the page at `place`. None where no rule holds.
#[must_use]
pub fn judge(page: &Page, place: usize, scan: &Scan) -> Option<Match> {
    let hits = Hits::new(page, place, scan);
    let there = hits.names();
    let mut best: Option<(&Rule, Vec<&str>, Option<(usize, usize)>)> = None;
    for rule in page.rules.iter().filter(|rule| is_possible(rule, &there)) {
        if best.as_ref().is_some_and(|(known, names, _)| {
            known.confidence < rule.confidence || (known.confidence == rule.confidence && names.len() >= rule.names().count())
        }) {
            continue;
        }
        if let Ok((names, window)) = holds(rule, &hits)
            && best.as_ref().is_none_or(|(known, known_names, _)| rule.confidence < known.confidence || names.len() > known_names.len())
        {
            best = Some((rule, names, window));
        }
    }
    let (rule, names, window) = best?;
    let (evidence, more) = evidence(&hits, &names, window);
    Some(Match { page: place, confidence: rule.confidence, strength: names.len(), evidence, more, folded: Vec::new() })
}

/// Whether all that a rule asks for is there at all. Most rules fail here, and saying why is work that only [`near_misses`] needs.
fn is_possible(rule: &Rule, there: &[&str]) -> bool {
    let is_there = |name: &String| there.contains(&name.as_str());
    rule.all.iter().chain(&rule.then).all(is_there)
        && rule.count.iter().all(|(name, least)| *least == 0 || is_there(name))
        && (rule.any.is_empty() || rule.any.iter().any(is_there))
}

/// Pages with a hit or a needle that no rule made a finding of.
#[must_use]
pub fn near_misses(pages: &[Page], scan: &Scan, found: &dyn Fn(usize) -> bool) -> Vec<Miss> {
    let places = scan.pages(true).into_iter().filter(|place| !found(*place));
    let miss = |place: usize| {
        let page = pages.get(place)?;
        let hits = Hits::new(page, place, scan);
        let needle = |p: &usize| scan.bare_needles(PatternId::new(place, *p)) > 0;
        Some(Miss {
            page: place,
            hit: (0..page.patterns.len()).filter(|p| hits.counts.get(*p).is_some_and(|n| *n > 0)).collect(),
            needles: (0..page.patterns.len()).filter(needle).collect(),
            failures: page.rules.iter().filter_map(|rule| holds(rule, &hits).err()).collect(),
        })
    };
    places.filter_map(miss).collect()
}

type Holding<'a> = (Vec<&'a str>, Option<(usize, usize)>);

/// The patterns that make the rule hold, and the rows they stand in where the rule is local.
fn holds<'a>(rule: &'a Rule, hits: &Hits<'_>) -> Result<Holding<'a>, Failure> {
    let few = rule.count.iter().filter(|(name, least)| hits.count(name) < *least).map(|(name, _)| name);
    let missing: Vec<String> = rule.all.iter().chain(&rule.then).filter(|name| hits.count(name) == 0).chain(few).cloned().collect();
    if !missing.is_empty() {
        return Err(Failure::Missing(missing));
    }
    let any: Vec<&str> = rule.any.iter().map(String::as_str).filter(|name| hits.count(name) > 0).collect();
    if any.is_empty() && !rule.any.is_empty() {
        return Err(Failure::NoneOf(rule.any.clone()));
    }
    let mut names: Vec<&str> = rule.all.iter().chain(&rule.then).map(String::as_str).collect();
    names.extend(&any);
    names.extend(rule.count.iter().map(|(name, _)| name.as_str()));
    names.sort_unstable();
    names.dedup();
    if rule.within.is_none() && !rule.same_process && rule.then.is_empty() {
        return match rule.unless.iter().find(|name| hits.count(name) > 0) {
            Some(name) => Err(Failure::Unless(name.clone())),
            None => anywhere(rule, hits, &names, &any),
        };
    }
    local(rule, hits, &any).map(|window| (names, Some(window)))
}

/// Whether two hits may belong to one event. Where a rule that is not sure asks for words alone, they must be of one saying.
fn is_one_event(rule: &Rule, hits: &Hits<'_>, one: &Hit, other: &Hit) -> bool {
    let is_text = |name: &String| {
        let pattern = hits.place(name).and_then(|at| hits.page.patterns.get(at));
        pattern.is_some_and(|pattern| matches!(pattern.test, Test::Text { .. }))
    };
    let words_alone = || rule.confidence == Confidence::Possible && rule.all.iter().chain(&rule.then).chain(&rule.any).all(is_text);
    hits.scan.is_one_event(one, other) && (hits.scan.is_one_saying(one, other) || !words_alone())
}

/// A rule that says nothing of distances: in a short text all it asks for is there, and so it holds. Of the lines of a long log those that are
/// far apart tell of different events, so there its events must stand near each other.
fn anywhere<'a>(rule: &Rule, hits: &Hits<'_>, names: &[&'a str], any: &[&str]) -> Result<Holding<'a>, Failure> {
    let event = |name: &&str| hits.place(name).and_then(|at| hits.page.patterns.get(at)).is_some_and(|pattern| is_event(&pattern.test));
    let all: Vec<&str> = rule.all.iter().map(String::as_str).filter(event).collect();
    let any: Vec<&str> = if any.iter().all(event) { any.to_vec() } else { Vec::new() };
    if all.len() + usize::from(!any.is_empty()) < 2 {
        return Ok((names.to_vec(), None));
    }
    let of = |name: &str| hits.of(name).iter();
    let first = all.first().copied().unwrap_or_default();
    let near = |anchor: &&Hit| {
        let close = |name: &&str| of(name).any(|hit| is_one_event(rule, hits, anchor, hit));
        all.iter().all(close) && (any.is_empty() || any.iter().any(close))
    };
    match of(first).find(near) {
        None => Err(Failure::Apart),
        Some(anchor) if !hits.scan.is_long(anchor.spot.input) => Ok((names.to_vec(), None)),
        Some(anchor) => Ok((names.to_vec(), Some((row(anchor).saturating_sub(EVENT), row(anchor) + EVENT)))),
    }
}

/// Finds rows `(first, last)` in which the rule holds.
fn local(rule: &Rule, hits: &Hits<'_>, any: &[&str]) -> Result<(usize, usize), Failure> {
    let reach = rule.within.unwrap_or(usize::MAX / 4);
    let anchors = rule.all.iter().chain(rule.count.iter().map(|(name, _)| name)).map(String::as_str).chain(any.iter().copied());
    let mut starts: Vec<&Hit> = anchors.flat_map(|name| hits.of(name)).collect();
    starts.sort_by_key(|hit| row(hit));
    let mut failure = Failure::Apart;
    for anchor in starts {
        let first = row(anchor);
        let last = first.saturating_add(reach);
        let owner = if rule.same_process { process(anchor) } else { None };
        let inside = |hit: &&Hit| {
            (first..=last).contains(&row(hit)) && (!rule.same_process || process(hit) == owner) && is_one_event(rule, hits, anchor, hit)
        };
        let rows = |name: &str| hits.of(name).iter().filter(inside).map(row).collect::<Vec<_>>();
        if rule.same_process && owner.is_none() || rule.all.iter().any(|name| rows(name).is_empty()) {
            continue;
        }
        if !any.is_empty() && any.iter().all(|name| rows(name).is_empty())
            || rule.count.iter().any(|(name, least)| rows(name).len() < *least)
        {
            continue;
        }
        let behind = rule.all.iter().filter_map(|name| rows(name).first().copied()).max().unwrap_or(first);
        if rule.then.iter().any(|name| !rows(name).iter().any(|row| *row >= behind)) {
            continue;
        }
        let around = first.saturating_sub(reach)..=last;
        let spoils = |name: &&String| hits.of(name).iter().any(|hit| around.contains(&row(hit)));
        match rule.unless.iter().find(spoils) {
            Some(name) => failure = Failure::Unless(name.clone()),
            None => return Ok((first, last)),
        }
    }
    Err(failure)
}

/// Evidence kept for one finding; the rest is told as a number.
const EVIDENCE: usize = 20;

/// First one hit of each pattern that made the rule hold, the most telling first (an error code, then a text, then a circumstance); then
/// the others, one a line and pattern, in the order of the text.
fn evidence(hits: &Hits<'_>, names: &[&str], window: Option<(usize, usize)>) -> (Vec<(usize, Hit)>, usize) {
    let inside = |hit: &Hit| window.is_none_or(|(first, last)| (first..=last).contains(&row(hit)));
    let mut chosen: Vec<(usize, &Hit)> = Vec::new();
    let mut rest: Vec<(usize, &Hit)> = Vec::new();
    let mut total = 0;
    for (place, pattern) in hits.page.patterns.iter().enumerate() {
        let needed = names.contains(&pattern.id.as_str());
        total += hits.counts.get(place).copied().unwrap_or(0);
        let mut taken = !needed;
        let mut last = None;
        for hit in hits.by_pattern[place] {
            if !taken && inside(hit) {
                taken = true;
                chosen.push((place, hit));
            } else if last != Some(row(hit)) {
                rest.push((place, hit));
            }
            last = Some(row(hit));
        }
    }
    let telling = |place: usize| match hits.page.patterns.get(place).map(|pattern| &pattern.test) {
        Some(Test::Code(_)) => 0,
        Some(Test::Text { regex: Some(_), .. }) => 1,
        Some(Test::Text { .. }) => 2,
        Some(Test::Fact(fact)) if fact.kind != "context" && fact.kind != "framework" && fact.kind != "platform" => 1,
        _ => 3,
    };
    chosen.sort_by_key(|(place, hit)| (telling(*place), *place, hit.spot.input, hit.spot.start));
    rest.sort_by_key(|(place, hit)| (telling(*place) == 3, hit.spot.input, hit.spot.start, *place));
    chosen.extend(rest);
    chosen.truncate(EVIDENCE);
    let more = total.saturating_sub(chosen.len());
    (chosen.into_iter().map(|(place, hit)| (place, hit.clone())).collect(), more)
}
