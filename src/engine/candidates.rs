//! Pages that are near an input by its rare words, where no rule found anything: a place to look, never more than `possible`.

use super::{Engine, Finding, InputReport, Options};
use crate::facts::Kind;
use crate::knowledge::{Confidence, Severity, Step};
use crate::matching::{Scan, fill};
use crate::search::HitKind;

/// Pages offered at most.
const CANDIDATES: usize = 3;
/// A page must share so many telling words with the input.
const SHARED: usize = 5;
/// A page must be this near: a score of the index, below which what comes is chance more often than not (measured on reports whose cause
/// is known).
const NEAR: f32 = 80.0;
/// Rare words taken from an input.
const WORDS: usize = 48;

/// Adds pages that are near to findings of which none is sure: behind them, at most as many as make three. Where a noise page already says
/// that the lines are normal, nothing is added.
pub(super) fn add(engine: &Engine, inputs: &[InputReport], scan: &Scan, options: &Options, findings: &mut Vec<Finding>) {
    let real = findings.iter().filter(|finding| finding.severity != Severity::Noise).count();
    if real >= CANDIDATES || findings.iter().any(|finding| finding.confidence < Confidence::Possible) {
        return;
    }
    let mut near = near(engine, inputs, scan);
    near.retain(|one| options.topic.as_deref().is_none_or(|topic| one.topic == topic) && !findings.iter().any(|known| known.id == one.id));
    near.truncate(CANDIDATES - real);
    findings.splice(real..real, near);
}

/// Pages near the input, best first. Nothing where the input says nothing about Apple's platforms at all.
fn near(engine: &Engine, inputs: &[InputReport], scan: &Scan) -> Vec<Finding> {
    if !is_ours(scan, inputs) {
        return Vec::new();
    }
    let text: String = inputs.iter().map(|input| crate::text::clip(input.document.text(), 0..64 << 10)).collect::<Vec<_>>().join("\n");
    let words = engine.index().telling_words(&text, WORDS);
    if words.len() < SHARED {
        return Vec::new();
    }
    let hits = engine.index().like(&words, HitKind::Page, CANDIDATES * 4);
    let shared = |id: &str| engine.index().shared(id, &words);
    let pages = hits.iter().filter(|hit| hit.score >= NEAR && shared(&hit.id).len() >= SHARED);
    pages.take(CANDIDATES).filter_map(|hit| finding(engine, &hit.id, &shared(&hit.id))).collect()
}

/// Words by which people say that they speak of Apple's platforms.
const OURS: &[&str] = &[
    "apple",
    "ios",
    "macos",
    "os x",
    "iphone",
    "ipad",
    "xcode",
    "codesign",
    "safari",
    "testflight",
    "keychain",
    "notariz",
    "secure enclave",
    "face id",
    "touch id",
    "entitlement",
];

/// Whether the input speaks of Apple's platforms at all.
fn is_ours(scan: &Scan, inputs: &[InputReport]) -> bool {
    let named = scan.facts.iter().any(|group| {
        matches!(group.fact.kind, Kind::Api | Kind::Entitlement | Kind::UsageKey | Kind::Tcc | Kind::SandboxDenial | Kind::Verdict)
    });
    named
        || inputs.iter().any(|input| {
            let head = crate::text::clip(input.document.text(), 0..64 << 10).to_ascii_lowercase();
            OURS.iter().any(|word| head.contains(word))
        })
}

fn finding(engine: &Engine, id: &str, words: &[String]) -> Option<Finding> {
    let page = engine.knowledge().page(id).filter(|page| page.severity != Severity::Noise)?;
    Some(Finding {
        id: page.id.clone(),
        title: page.title.clone(),
        topic: page.topic,
        severity: page.severity,
        confidence: Confidence::Possible,
        why: format!("{} (No rule decides; the page shares these words with the input: {}.)", fill(&page.summary, &[]), words.join(", ")),
        evidence: Vec::new(),
        more_evidence: 0,
        checklist: Engine::body(page).steps.into_iter().map(|step| Step { text: fill(&step.text, &[]), ..step }).collect(),
        ask: page.ask.clone(),
        references: page.references.clone(),
        related: page.related.clone(),
        absorbed: Vec::new(),
    })
}
