//! The one door to the core: plain data in, plain data out.
//!
//! The engine holds the knowledge and makes the rest on first need: the matcher when something is diagnosed, the search index when
//! something is sought. It touches no file, clock, terminal or thread; who has those hands in bytes and overlays.

mod artifacts;
mod candidates;
mod diagnosis;
mod documents;
mod glance;
mod next;
mod owner;
mod reading;
mod systems;
mod told;
mod watch;

pub use crate::artifact::{Check, Status as Verdict, starred};
pub use crate::check::{Coverage, TopicCoverage};
pub use crate::explain::{Explained, Reference};
pub use crate::form::Form;
pub use crate::matching::{Enough, fill};
pub use crate::search::{HitKind, SearchHit};
pub use artifacts::ArtifactReport;
pub use diagnosis::{Diagnosis, Evidence, FactReport, Finding, Input, InputReport, NearMiss, Options};
pub use glance::{Found, Glance};
pub use reading::{Part, Reading, is_utf8};
pub use watch::{News, Until, Watch};

use crate::artifact::masked;
use crate::form::form;
use crate::knowledge::{Body, Confidence, Knowledge, Overlay, Page, Problem, Severity, Step, embedded, embedded_codes, is_embedded};
use crate::matching::{Before, Match, Matcher, Scan, judge, near_misses, rank};
use crate::redact::Redactor;
use crate::search::{Index, Nearness};
use crate::text::Document;
use artifacts::Artifacts;
use std::sync::{Arc, OnceLock};
use systems::Systems;

/// The engine; see the module.
#[derive(Debug)]
pub struct Engine {
    knowledge: Knowledge,
    matcher: OnceLock<Matcher>,
    index: OnceLock<Index>,
    nearness: OnceLock<Nearness>,
    reference: OnceLock<Reference>,
}

/// Facts told in a diagnosis; the rest as a number.
const FACTS: usize = 1_000;
/// A log of more lines tells of many events.
const LONG: usize = 400;

impl Engine {
    /// The embedded knowledge with `overlays` laid over it, in order.
    #[must_use]
    pub fn new(overlays: Vec<Overlay>) -> Self {
        Self::of(Knowledge::load(embedded(), embedded_codes(), overlays))
    }

    /// An engine over other knowledge.
    #[must_use]
    pub fn of(knowledge: Knowledge) -> Self {
        Self { knowledge, matcher: OnceLock::new(), index: OnceLock::new(), nearness: OnceLock::new(), reference: OnceLock::new() }
    }

    /// The knowledge.
    #[must_use]
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// The matcher, made on first need.
    #[must_use]
    pub fn matcher(&self) -> &Matcher {
        self.matcher.get_or_init(|| Matcher::new(&self.knowledge))
    }

    /// The search index, made on first need.
    #[must_use]
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(documents::documents(&self.knowledge)))
    }

    /// How near a text is to each page, in the order of the pages; made on first need.
    fn nearness(&self) -> &Nearness {
        self.nearness.get_or_init(|| Nearness::new(self.knowledge.pages().iter().map(documents::gist)))
    }

    /// What codes are explained by, made on first need.
    #[must_use]
    pub fn reference(&self) -> &Reference {
        self.reference.get_or_init(|| Reference::of(&self.knowledge))
    }

    /// Everything that is wrong with the knowledge.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        crate::check::check(&self.knowledge, self.matcher())
    }

    /// What the knowledge covers, compared with the ids of a taxonomy where one is given.
    #[must_use]
    pub fn coverage(&self, taxonomy: Option<&[String]>) -> Coverage {
        crate::check::coverage(&self.knowledge, taxonomy)
    }

    /// The body of a page.
    #[must_use]
    pub fn body(page: &Page) -> Body {
        Body::read(page.body_text(), page.stated_severity())
    }

    /// Diagnoses some inputs together.
    #[must_use]
    pub fn triage(&self, inputs: &[Input], options: &Options) -> Diagnosis {
        let readings = inputs.iter().enumerate().map(|(number, input)| self.read(number, input, options));
        self.diagnose(readings.collect(), options)
    }

    /// Diagnoses inputs that were read, in the order of their numbers.
    #[must_use]
    pub fn diagnose(&self, readings: Vec<Reading>, options: &Options) -> Diagnosis {
        let inputs: Vec<InputReport> = readings.iter().map(|reading| report(reading, options.form)).collect();
        let forms: Vec<Form> = inputs.iter().filter_map(|input| Form::parse(input.form)).collect();
        let mut scan = Scan::new(self.matcher());
        let mut speakers = Vec::new();
        let mut artifacts = Vec::new();
        for (number, (reading, form)) in readings.into_iter().zip(&forms).enumerate() {
            if reading.lines() > LONG && !matches!(form, Form::CrashReport | Form::Artifact) {
                scan.set_long(number, reading.speakers.is_device_wide());
            }
            scan.append(reading.scan, Before::default());
            speakers.push(reading.speakers);
            artifacts.extend(reading.artifacts.into_iter().map(|one| (number, one)));
        }
        let texts = inputs.iter().map(|input| input.document.text());
        let systems = Systems::of(texts, &scan);
        let found = self.judge(&scan, &speakers, systems);
        let pages = self.knowledge.pages();
        let wanted =
            |one: &&Match| options.topic.as_deref().is_none_or(|topic| pages.get(one.page).is_some_and(|page| page.topic == topic));
        let mut findings: Vec<_> = found.iter().filter(wanted).filter_map(|one| self.finding(one)).collect();
        let documents: Vec<Arc<Document>> = inputs.iter().map(|input| Arc::clone(&input.document)).collect();
        let artifacts = Artifacts::of(artifacts);
        artifacts.add(self, &documents, options, &mut findings);
        candidates::add(self, &inputs, systems, options, &mut findings);
        findings.truncate(options.limit.unwrap_or(usize::MAX));
        let near_misses = if options.explain { self.near(&scan, &found) } else { Vec::new() };
        let ask = next::questions(&findings, &scan, &forms);
        let more_facts = scan.facts.len().saturating_sub(FACTS) + scan.more_facts;
        let facts = scan.facts.into_iter().take(FACTS).map(|group| FactReport {
            place: group.spot.place,
            written: masked(&group.spot.text).into_owned(),
            fact: group.fact,
            input: group.spot.input,
            count: group.count,
            meaning: String::new(),
            pages: Vec::new(),
        });
        let facts = told::tell(|| self.reference(), facts.collect(), &findings);
        let (artifacts, cross) = artifacts.reports(&documents);
        Diagnosis { inputs, facts, more_facts, findings, artifacts, cross, ask, near_misses }
    }

    /// Pages, guides and codes for `words`, best first; the last word may be unfinished, one slip of the pen is forgiven.
    #[must_use]
    pub fn search(&self, words: &str, topic: Option<&str>, limit: usize) -> Vec<SearchHit> {
        self.index().search(words, topic, limit)
    }

    /// What a code, symbol, number or key means, best first; empty where nothing is known.
    #[must_use]
    pub fn explain(&self, term: &str) -> Vec<Explained> {
        self.reference().explain(term)
    }

    /// Prepares the redaction of what is told of some inputs: what they hold is learnt, what our own pages name is public.
    pub fn teach(&self, redactor: &mut Redactor, inputs: &[Arc<Document>], pages: &[String]) {
        let own = pages.iter().filter_map(|id| self.knowledge.page(id)).filter(|page| is_embedded(&page.raw));
        own.for_each(|page| redactor.allow(&page.raw));
        for input in inputs {
            redactor.learn(input.text());
        }
    }

    /// The spellings by which any text tells this error, whatever stands around them: symbols, sentences, numbers that only it has; lower case.
    #[must_use]
    pub fn spellings_of(&self, code: &str) -> Vec<&str> {
        self.matcher().spellings_of(code)
    }

    /// What the rules make of a scan, in order.
    fn judge(&self, scan: &Scan, speakers: &[owner::Speakers], systems: Systems) -> Vec<Match> {
        let pages = self.knowledge.pages();
        let places = scan.pages(false);
        let mut found: Vec<Match> = places.iter().filter_map(|place| judge(pages.get(*place)?, *place, scan)).collect();
        // What a team lowered comes last of what the page says, and before the order: it must not take in what is surer.
        for one in &mut found {
            one.confidence = pages.get(one.page).map_or(one.confidence, |page| page.capped(one.confidence));
        }
        owner::lower(&mut found, &self.knowledge, speakers);
        systems.lower(&mut found, &self.knowledge);
        rank(&self.knowledge, found)
    }

    fn finding(&self, one: &Match) -> Option<Finding> {
        let page = self.knowledge.pages().get(one.page)?;
        let named: Vec<(String, String)> = one.evidence.iter().flat_map(|(_, hit)| hit.named.iter().cloned()).collect();
        let evidence = one.evidence.iter().filter_map(|(pattern, hit)| {
            Some(Evidence {
                input: hit.spot.input,
                place: hit.spot.place,
                start: hit.spot.start,
                end: hit.spot.end,
                text: masked(&hit.spot.text).into_owned(),
                pattern: page.patterns.get(*pattern)?.id.clone(),
            })
        });
        let steps = Self::body(page).steps.into_iter().map(|step| Step { text: fill(&step.text, &named), ..step });
        Some(Finding {
            id: page.id.clone(),
            title: page.title.clone(),
            topic: page.topic,
            severity: page.severity,
            confidence: one.confidence,
            why: fill(&page.summary, &named),
            evidence: evidence.collect(),
            more_evidence: one.more,
            checklist: steps.collect(),
            ask: page.ask.clone(),
            references: page.references.clone(),
            related: page.related.clone(),
            absorbed: one.folded.iter().filter_map(|at| self.knowledge.pages().get(*at)).map(|page| page.id.clone()).collect(),
        })
    }

    fn near(&self, scan: &Scan, found: &[Match]) -> Vec<NearMiss> {
        use crate::matching::Failure;
        let is_found = |place: usize| found.iter().any(|one| one.page == place || one.folded.contains(&place));
        let pages = self.knowledge.pages();
        let name = |page: &Page, at: usize| page.patterns.get(at).map(|pattern| pattern.id.clone()).unwrap_or_default();
        let told = |failure: &Failure| match failure {
            Failure::Missing(ids) => format!("missing: {}", ids.join(", ")),
            Failure::NoneOf(ids) => format!("none of: {}", ids.join(", ")),
            Failure::Unless(id) => format!("spoiled by: {id}"),
            Failure::Apart => "all there, but not near enough, not in order, or not in one process".to_owned(),
        };
        let misses = near_misses(pages, scan, &is_found);
        let told = misses.iter().filter_map(|miss| {
            let page = pages.get(miss.page)?;
            Some(NearMiss {
                id: page.id.clone(),
                hit: miss.hit.iter().map(|at| name(page, *at)).collect(),
                needles: miss.needles.iter().map(|at| name(page, *at)).collect(),
                failures: miss.failures.iter().map(told).collect(),
            })
        });
        told.collect()
    }
}

fn report(reading: &Reading, forced: Option<Form>) -> InputReport {
    let document = &reading.document;
    let (form, form_reason) = forced.map_or_else(|| form(document), |form| (form, "as told".to_owned()));
    InputReport {
        name: reading.name.clone(),
        form: form.word(),
        form_reason,
        bytes: reading.bytes,
        lines: reading.lines(),
        notes: reading.notes,
        document: Arc::clone(document),
    }
}
