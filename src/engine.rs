//! The one door to the core: plain data in, plain data out.
//!
//! The engine holds the knowledge and makes the rest on first need: the matcher when something is diagnosed, the search index when
//! something is sought. It touches no file, clock, terminal or thread; who has those hands in bytes and overlays.

pub use crate::explain::Explained;
use crate::facts::{Fact, origin};
use crate::knowledge::{Body, Confidence, Knowledge, Overlay, Page, Problem, Reference, Severity, Step, Test, embedded, embedded_codes};
use crate::matching::{Match, Matcher, Scan, fill, judge, near_misses, rank};
use crate::search::{Doc, Index};
pub use crate::search::{HitKind, SearchHit};
use crate::text::{Document, Place, clip};
use std::sync::{Arc, OnceLock};

/// A text to be diagnosed.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// Its name: a file's, or `-`.
    pub name: String,
    /// Its bytes, whatever they are.
    pub bytes: Vec<u8>,
}

/// How a diagnosis is made.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only lines of this process count.
    pub process: Option<String>,
    /// Only findings of this topic.
    pub topic: Option<String>,
    /// At most so many findings.
    pub limit: Option<usize>,
    /// Say which patterns hit and which conditions failed.
    pub explain: bool,
}

/// What the engine makes of some inputs.
#[derive(Debug, Clone, Default)]
pub struct Diagnosis {
    /// The inputs, read.
    pub inputs: Vec<InputReport>,
    /// What they say, each thing once, with its first place.
    pub facts: Vec<FactReport>,
    /// Different facts beyond those.
    pub more_facts: usize,
    /// What is wrong, best first.
    pub findings: Vec<Finding>,
    /// What to collect or answer next.
    pub ask: Vec<String>,
    /// Pages that were nearly found, where that was asked for.
    pub near_misses: Vec<NearMiss>,
}

/// An input, read.
#[derive(Debug, Clone)]
pub struct InputReport {
    /// Its name.
    pub name: String,
    /// What kind of text it is.
    pub form: &'static str,
    /// Why we think so.
    pub form_reason: String,
    /// Its size in bytes.
    pub bytes: usize,
    /// The text, cleaned, with its lines.
    pub document: Arc<Document>,
}

/// A fact, once.
#[derive(Debug, Clone)]
pub struct FactReport {
    /// The fact at its first place.
    pub fact: Fact,
    /// The input's number, from 0.
    pub input: usize,
    /// The first place.
    pub place: Place,
    /// The text as written, cleaned.
    pub written: String,
    /// How often it stands.
    pub count: usize,
}

/// Something that is wrong, or a line that only looks so.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The page's id.
    pub id: String,
    /// The page's title.
    pub title: String,
    /// The topic's id.
    pub topic: &'static str,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The summary, filled with what the input said.
    pub why: String,
    /// What shows it.
    pub evidence: Vec<Evidence>,
    /// Places beyond those.
    pub more_evidence: usize,
    /// What to do.
    pub checklist: Vec<Step>,
    /// Questions that decide.
    pub ask: Vec<String>,
    /// Where it is written.
    pub references: Vec<Reference>,
    /// Pages near it, by id.
    pub related: Vec<String>,
    /// General pages that this one explains and that would have been found too, by id.
    pub absorbed: Vec<String>,
}

/// A place of an input that shows a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The input's number, from 0.
    pub input: usize,
    /// Where, in the input as given.
    pub place: Place,
    /// Where it begins in the cleaned text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The text there, cleaned.
    pub text: String,
    /// The pattern's id.
    pub pattern: String,
}

/// A page that was nearly found.
#[derive(Debug, Clone)]
pub struct NearMiss {
    /// The page's id.
    pub id: String,
    /// Patterns that hit.
    pub hit: Vec<String>,
    /// Patterns whose needle stood there without the regex hitting.
    pub needles: Vec<String>,
    /// For each rule, why it does not hold.
    pub failures: Vec<String>,
}

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
        self.index.get_or_init(|| Index::new(documents(&self.knowledge)))
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
        let mut scan = Scan::default();
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
        let mut places: Vec<usize> = scan.hits.keys().map(|id| id.page as usize).collect();
        places.sort_unstable();
        places.dedup();
        let pages = self.knowledge.pages();
        let found = rank(&self.knowledge, places.iter().filter_map(|place| judge(pages.get(*place)?, *place, &scan, &process)).collect());
        let wanted =
            |one: &&Match| options.topic.as_deref().is_none_or(|topic| pages.get(one.page).is_some_and(|page| page.topic == topic));
        let findings: Vec<_> =
            found.iter().filter(wanted).take(options.limit.unwrap_or(usize::MAX)).filter_map(|one| self.finding(one, &documents)).collect();
        let near_misses = if options.explain { self.near(&scan, &found, &process) } else { Vec::new() };
        let ask = next_questions(&findings, &scan);
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
        Diagnosis {
            facts: facts.collect(),
            more_facts: total.saturating_sub(FACTS) + scan.more_facts,
            inputs: inputs.iter().zip(&documents).map(|(input, document)| report(input, document)).collect(),
            findings,
            ask,
            near_misses,
        }
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

/// Pages, guides and codes as the index takes them.
fn documents(knowledge: &Knowledge) -> Vec<Doc> {
    let mut docs: Vec<Doc> = knowledge.pages().iter().map(page_document).collect();
    docs.extend(knowledge.guides().iter().map(|guide| Doc {
        kind: HitKind::Guide,
        id: guide.id.clone(),
        title: guide.title.clone(),
        summary: format!("{} {}", guide.summary, guide.keywords.join(" ")),
        body: guide.body_text().to_owned(),
        ..Doc::default()
    }));
    docs.extend(knowledge.catalogue().entries().iter().map(|entry| {
        let code = entry.code.as_ref().map(ToString::to_string).unwrap_or_default();
        let name = entry.name.clone().unwrap_or_default();
        Doc {
            kind: HitKind::Code,
            id: format!("{}:{}", entry.domain, if code.is_empty() { &name } else { &code }),
            title: format!("{code} {name}").trim().to_owned(),
            codes: format!("{code} {name} {} {}", entry.also.join(" "), entry.domain),
            body: entry.meaning.clone(),
            ..Doc::default()
        }
    }));
    docs
}

fn page_document(page: &Page) -> Doc {
    let body = page.body_text().split("\n## Self-tests").next().unwrap_or("");
    let codes = page.patterns.iter().filter_map(|pattern| match &pattern.test {
        Test::Code(spec) => Some(spec.0.replace(':', " ")),
        Test::Text { .. } | Test::Fact(_) => None,
    });
    Doc {
        kind: HitKind::Page,
        id: page.id.clone(),
        title: page.title.clone(),
        topic: page.topic.to_owned(),
        codes: codes.collect::<Vec<_>>().join(" "),
        summary: format!("{} {} {}", page.summary, page.keywords.join(" "), page.aliases.join(" ")),
        body: body.to_owned(),
    }
}

fn report(input: &Input, document: &Arc<Document>) -> InputReport {
    InputReport {
        name: input.name.clone(),
        form: "text",
        form_reason: String::new(),
        bytes: input.bytes.len(),
        document: Arc::clone(document),
    }
}

/// Questions when nothing better than `possible` was found.
fn next_questions(_findings: &[Finding], _scan: &Scan) -> Vec<String> {
    Vec::new()
}
