//! Artifacts inside the inputs, and what their failed checks add to the findings: a page with the values seen, or more weight for one that a rule
//! found already.

use super::{Engine, Evidence, Finding, Input, Options};
use crate::artifact::{Artifact, Check, Context, Form, Found, Status, cross, find, masked};
use crate::knowledge::{Confidence, Severity, Step};
use crate::matching::fill;
use crate::text::{Document, Place, clip};
use std::sync::Arc;

/// Pieces of evidence of one finding; the rest is a number.
const EVIDENCE: usize = 20;

/// An artifact that stands in an input.
#[derive(Debug, Clone)]
pub struct ArtifactReport {
    /// The artifact, decoded and checked.
    pub artifact: Artifact,
    /// The input's number, from 0.
    pub input: usize,
    /// Where it begins, in the input as given.
    pub place: Place,
    /// Where it begins in the cleaned text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// What the inputs hold: the artifacts, and what they say of each other.
#[derive(Debug, Default)]
pub(super) struct Artifacts {
    found: Vec<(usize, Found)>,
    crossed: Vec<Check>,
}

/// Finds and inspects the artifacts of an input. Without a time nothing is said of what has expired: a log may be as old as its token.
pub(super) fn find_in(input: &Input, document: &Document, options: &Options) -> Vec<Found> {
    find(&input.name, &input.bytes, document.text(), &Context { now: options.now, ..Context::default() })
}

impl Artifacts {
    /// Compares what was found in the inputs, each with the input's number.
    pub(super) fn of(found: Vec<(usize, Found)>) -> Self {
        let all: Vec<Artifact> = found.iter().map(|(_, one)| one.artifact.clone()).collect();
        Self { crossed: cross(&all), found }
    }

    /// Adds what failed to the findings, each page once, in their order.
    pub(super) fn add(&self, engine: &Engine, documents: &[Arc<Document>], options: &Options, findings: &mut Vec<Finding>) {
        for (input, one) in &self.found {
            for check in one.artifact.checks.iter().filter(|check| check.status == Status::Fail) {
                let shown = documents.get(*input).map(|document| evidence(document, *input, one, check));
                put(engine, check, confidence(one, check), shown, findings);
            }
        }
        for check in self.crossed.iter().filter(|check| check.status == Status::Fail) {
            let place = self.found.iter().find(|(_, one)| check.text.contains(&one.artifact.name));
            let shown = place.and_then(|(input, one)| Some(evidence(documents.get(*input)?, *input, one, check)));
            put(engine, check, if is_redacted(&check.text) { Confidence::Possible } else { Confidence::Likely }, shown, findings);
        }
        if let Some(topic) = options.topic.as_deref() {
            findings.retain(|one| one.topic == topic);
        }
    }

    /// What is told of them.
    pub(super) fn reports(self, documents: &[Arc<Document>]) -> (Vec<ArtifactReport>, Vec<Check>) {
        let reports = self.found.into_iter().filter_map(|(input, one)| {
            let place = documents.get(input)?.place(one.place.start, one.place.end);
            Some(ArtifactReport { artifact: one.artifact, input, place, start: one.place.start, end: one.place.end })
        });
        (reports.collect(), self.crossed)
    }
}

/// How sure a failed check is of its page. What people leave out or replace in a post makes checks of form fail.
fn confidence(found: &Found, check: &Check) -> Confidence {
    use Confidence::{Certain, Likely, Possible};
    if is_redacted(&check.text) {
        return Possible;
    }
    match (found.artifact.form, check.id) {
        (Form::Unknown, _) => {
            if found.sure {
                Certain
            } else {
                Likely
            }
        }
        (Form::Jwt, "jwt.lifetime" | "jwt.unit" | "jwt.aud" | "jwt.sub")
        | (Form::NotaryLog, "notary.issue")
        | (Form::Association, "aasa.status" | "aasa.json" | "aasa.content-type")
        | (Form::AssociationState, "swc.site") => Certain,
        // What is left out of a request in a log is not left out of the request, and a refused signature has many causes.
        (Form::Jwt, "jwt.signature" | "jwt.form")
        | (Form::KeychainItem, "item.group")
        | (Form::TokenRequest, "request.grant-type" | "request.client-id")
        | (Form::CrashReport, _) => Possible,
        (Form::Key, _) if !found.whole => Possible,
        _ => Likely,
    }
}

/// Whether a sentence holds what stands for a value that was taken out.
fn is_redacted(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "teamid",
        "team_id",
        "team-id",
        "yourteam",
        "your_",
        "your-",
        "com.your",
        "<team",
        "<your",
        "<bundle",
        "<app",
        "<client",
        "[team",
        "{team",
        "xxx",
        "yyyy",
        "***",
        "•••",
        "…",
        "redacted",
        "0000000000",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

fn evidence(document: &Document, input: usize, found: &Found, check: &Check) -> Evidence {
    const SHOWN: usize = 240;
    let text = clip(document.text(), found.place.clone());
    // Of a document its first line is pointed at, of a statement all of it.
    let said = found.artifact.form == Form::Unknown;
    let line = if said { text } else { text.lines().next().unwrap_or("") };
    let end = found.place.start + line.len();
    let shown = masked(line).replace('\n', " ");
    Evidence {
        input,
        place: document.place(found.place.start, end),
        start: found.place.start,
        end,
        text: clip(&shown, 0..SHOWN).to_owned(),
        pattern: check.id.to_owned(),
    }
}

/// Adds a page, or makes more of it where it is there.
fn put(engine: &Engine, check: &Check, confidence: Confidence, shown: Option<Evidence>, findings: &mut Vec<Finding>) {
    let Some(page) = check.pitfall.and_then(|id| engine.knowledge().page(id)) else { return };
    let confidence = page.capped(confidence);
    let known = findings.iter().position(|one| one.id == page.id);
    let mut finding = match known {
        Some(at) => findings.remove(at),
        None => Finding {
            id: page.id.clone(),
            title: page.title.clone(),
            topic: page.topic,
            severity: page.severity,
            confidence,
            why: fill(&page.summary, &[]),
            evidence: Vec::new(),
            more_evidence: 0,
            checklist: Engine::body(page).steps.into_iter().map(|step| Step { text: fill(&step.text, &[]), ..step }).collect(),
            ask: page.ask.clone(),
            references: page.references.clone(),
            related: page.related.clone(),
            absorbed: Vec::new(),
        },
    };
    finding.confidence = finding.confidence.min(confidence);
    if !finding.why.contains(&check.text) {
        finding.why = format!("{} {}", check.text, finding.why);
    }
    if let Some(shown) = shown {
        finding.evidence.insert(0, shown);
        finding.more_evidence += finding.evidence.len().saturating_sub(EVIDENCE);
        finding.evidence.truncate(EVIDENCE);
    }
    // A general page that this one explains goes into it, as rules do it.
    let general = |one: &Finding| page.absorbs.contains(&one.id) && finding.confidence <= one.confidence;
    let gone: Vec<String> = findings.iter().filter(|one| general(one)).map(|one| one.id.clone()).collect();
    findings.retain(|one| !gone.contains(&one.id));
    finding.absorbed.extend(gone);
    let behind =
        |one: &Finding| (one.severity == Severity::Noise, one.confidence) > (finding.severity == Severity::Noise, finding.confidence);
    let at = findings.iter().position(behind).unwrap_or(findings.len());
    // What a rule found with the same certainty stays before; what only an artifact shows comes behind its equals.
    findings.insert(known.filter(|known| *known < at).unwrap_or(at), finding);
}
