//! The one door to the core: plain data in, plain data out.
//!
//! The engine holds the knowledge and makes the rest on first need: the matcher when something is diagnosed, the search index when
//! something is sought. It touches no file, clock, terminal or thread; who has those hands in bytes and overlays.

mod candidates;
mod diagnosis;
mod documents;
mod glance;
mod next;
mod owner;

pub use crate::explain::Explained;
pub use crate::form::Form;
pub use crate::matching::fill;
pub use crate::search::{HitKind, SearchHit};
pub use diagnosis::{Diagnosis, Evidence, FactReport, Finding, Input, InputReport, NearMiss, Options};
pub use glance::{Found, Glance};

use crate::facts::origin;
use crate::form::form;
use crate::knowledge::{Body, Confidence, Knowledge, Overlay, Page, Problem, Severity, Step, embedded, embedded_codes};
use crate::matching::{Match, Matcher, Scan, judge, near_misses, rank};
use crate::search::Index;
use crate::text::{Document, clip};
use std::sync::{Arc, OnceLock};

/// The engine; see the module.
#[derive(Debug)]
pub struct Engine {
    knowledge: Knowledge,
    matcher: OnceLock<Matcher>,
    index: OnceLock<Index>,
}

/// Facts told in a diagnosis; the rest as a number.
const FACTS: usize = 1_000;

impl Engine {
    /// The embedded knowledge with `overlays` laid over it, in order.
    #[must_use]
    pub fn new(overlays: Vec<Overlay>) -> Self {
        Self::of(Knowledge::load(embedded(), embedded_codes(), overlays))
    }

    /// An engine over other knowledge.
    #[must_use]
    pub fn of(knowledge: Knowledge) -> Self {
        Self { knowledge, matcher: OnceLock::new(), index: OnceLock::new() }
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

    /// Everything that is wrong with the knowledge.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        crate::check::check(&self.knowledge, self.matcher())
    }

    /// The body of a page.
    #[must_use]
    pub fn body(page: &Page) -> Body {
        Body::read(page.body_text(), page.severity)
    }

    /// Diagnoses some inputs together.
    #[must_use]
    pub fn triage(&self, inputs: &[Input], options: &Options) -> Diagnosis {
        let documents: Vec<Arc<Document>> = inputs.iter().map(|input| Arc::new(Document::new(&input.bytes))).collect();
        let mut scan = Scan::new(self.matcher());
        for (number, document) in documents.iter().enumerate() {
            let wanted = |line: usize| {
                options
                    .process
                    .as_deref()
                    .is_none_or(|process| origin(document.line(line)).process.is_none_or(|of| of.eq_ignore_ascii_case(process)))
            };
            self.matcher().scan(document, number, &mut scan, &wanted);
        }
        let process =
            |input: usize, line: usize| documents.get(input).and_then(|document| origin(document.line(line)).process.map(str::to_owned));
        let found = self.judge(&scan, &documents, &process);
        let pages = self.knowledge.pages();
        let wanted =
            |one: &&Match| options.topic.as_deref().is_none_or(|topic| pages.get(one.page).is_some_and(|page| page.topic == topic));
        let mut findings: Vec<_> = found.iter().filter(wanted).filter_map(|one| self.finding(one, &documents)).collect();
        candidates::add(self, &documents, &scan, options, &mut findings);
        findings.truncate(options.limit.unwrap_or(usize::MAX));
        let near_misses = if options.explain { self.near(&scan, &found, &process) } else { Vec::new() };
        let inputs: Vec<InputReport> =
            inputs.iter().zip(&documents).map(|(input, document)| report(input, document, options.form)).collect();
        let forms: Vec<Form> = inputs.iter().filter_map(|input| Form::parse(input.form)).collect();
        let ask = next::questions(&findings, &scan, &forms);
        let total = scan.facts.len();
        let facts = scan.facts.iter().take(FACTS).filter_map(|group| {
            let document = documents.get(group.input)?;
            Some(FactReport {
                place: document.place(group.fact.start, group.fact.end),
                written: clip(document.text(), group.fact.start..group.fact.end).to_owned(),
                fact: group.fact.clone(),
                input: group.input,
                count: group.count,
            })
        });
        Diagnosis { facts: facts.collect(), more_facts: total.saturating_sub(FACTS) + scan.more_facts, inputs, findings, ask, near_misses }
    }

    /// Pages, guides and codes for `words`, best first; the last word may be unfinished, one slip of the pen is forgiven.
    #[must_use]
    pub fn search(&self, words: &str, topic: Option<&str>, limit: usize) -> Vec<SearchHit> {
        self.index().search(words, topic, limit)
    }

    /// What a code, symbol, number or key means, best first; empty where nothing is known.
    #[must_use]
    pub fn explain(&self, term: &str) -> Vec<Explained> {
        crate::explain::explain(&self.knowledge, term)
    }

    /// What the rules make of a scan, in order.
    fn judge(&self, scan: &Scan, documents: &[Arc<Document>], process: &dyn Fn(usize, usize) -> Option<String>) -> Vec<Match> {
        let pages = self.knowledge.pages();
        let places = scan.pages(false);
        let mut found: Vec<Match> = places.iter().filter_map(|place| judge(pages.get(*place)?, *place, scan, process)).collect();
        owner::lower(&mut found, &self.knowledge, documents);
        rank(&self.knowledge, found)
    }

    fn finding(&self, one: &Match, documents: &[Arc<Document>]) -> Option<Finding> {
        let page = self.knowledge.pages().get(one.page)?;
        let named: Vec<(String, String)> = one.evidence.iter().flat_map(|(_, hit)| hit.named.iter().cloned()).collect();
        let evidence = one.evidence.iter().filter_map(|(pattern, hit)| {
            let document = documents.get(hit.input)?;
            Some(Evidence {
                input: hit.input,
                place: document.place(hit.start, hit.end),
                start: hit.start,
                end: hit.end,
                text: clip(document.text(), hit.start..hit.end).to_owned(),
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

    fn near(&self, scan: &Scan, found: &[Match], process: &dyn Fn(usize, usize) -> Option<String>) -> Vec<NearMiss> {
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
        let misses = near_misses(pages, scan, &is_found, process);
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

fn report(input: &Input, document: &Arc<Document>, forced: Option<Form>) -> InputReport {
    let (form, form_reason) = forced.map_or_else(|| form(document), |form| (form, "as told".to_owned()));
    InputReport { name: input.name.clone(), form: form.word(), form_reason, bytes: input.bytes.len(), document: Arc::clone(document) }
}
