//! Where no rule is sure: possible findings in the order of their nearness to the input, and pages that are near it by its rare words.
//! A place to look, never more than `possible`.

use super::systems::{FRONT, Systems};
use super::{Engine, Finding, InputReport, Options};
use crate::knowledge::{Confidence, Severity, Step};
use crate::matching::fill;
use crate::search::Near;

/// Findings are filled up to so many.
const CANDIDATES: usize = 3;
/// A page must be this near. Of 249 reports whose cause is known no right page was further; of 176 articles about other programming on the same
/// platforms, whose nearest page is chance, twelve were nearer.
const NEAR: f32 = 6.0;
/// The same for an input that does not say which system it speaks of; none of those articles was nearer than 7.5.
const NEAR_UNNAMED: f32 = 8.0;
/// A page further than this share of the nearest one's score was hardly ever the right one in the same measurement.
const BESIDE: f32 = 0.7;
/// Words shared that are told.
const TOLD: usize = 8;
/// A page shares at least so many words: one alone happens to be rare.
const SHARED: usize = 3;
/// Orders possible findings by nearness, and adds near pages behind them, at most as many as make three. Where something is surer, or a
/// noise page says that the lines are normal, all stays as the rules have it.
pub(super) fn add(engine: &Engine, inputs: &[InputReport], systems: Systems, options: &Options, findings: &mut Vec<Finding>) {
    let real = findings.iter().filter(|finding| finding.severity != Severity::Noise).count();
    if findings.iter().any(|finding| finding.confidence < Confidence::Possible) {
        return;
    }
    let text: String = inputs.iter().map(|input| crate::text::clip(input.document.text(), 0..FRONT)).collect::<Vec<_>>().join("\n");
    let near = engine.nearness().of(&text);
    if inputs.iter().all(|input| input.lines <= super::LONG) {
        order(engine, &near, findings.get_mut(..real).unwrap_or_default());
    }
    if real < CANDIDATES
        && let Some(least) = least(systems)
    {
        let wanted = |finding: &Finding| options.topic.as_deref().is_none_or(|topic| finding.topic == topic);
        let fitting = pages(engine, &near, &text, least).filter(|one| wanted(one) && !is_told(engine, findings, &one.id));
        let added: Vec<Finding> = fitting.take(CANDIDATES - real).collect();
        findings.splice(real..real, added);
    }
}

/// What the rules hold for equally possible, nearest first.
fn order(engine: &Engine, near: &[Near], findings: &mut [Finding]) {
    let pages = engine.knowledge().pages();
    let place =
        |finding: &Finding| near.iter().position(|one| pages.get(one.page).is_some_and(|page| page.id == finding.id)).unwrap_or(usize::MAX);
    findings.sort_by_cached_key(place);
}

/// Pages near the input, nearest first.
fn pages<'a>(engine: &'a Engine, near: &'a [Near], text: &'a str, least: f32) -> impl Iterator<Item = Finding> + 'a {
    let least = near.first().map_or(least, |best| (best.score * BESIDE).max(least));
    near.iter().take_while(move |one| one.score >= least).filter_map(|one| {
        let words = engine.nearness().shared(text, one.page);
        if words.len() < SHARED { None } else { finding(engine, one.page, words.get(..TOLD).unwrap_or(&words)) }
    })
}

/// Whether a page is among the findings, or explained by one that is.
fn is_told(engine: &Engine, findings: &[Finding], id: &str) -> bool {
    let page = |id: &str| engine.knowledge().page(id);
    // A page may name another by an alias.
    let is_it = |name: &String| page(name).is_some_and(|page| page.id == id);
    let absorbs = |known: &Finding| page(&known.id).is_some_and(|page| page.absorbs.iter().any(is_it));
    findings.iter().any(|known| known.id == id || absorbs(known))
}

/// How near a page must be. An input that speaks of other systems only is near to nothing; one that names none must be nearer.
fn least(systems: Systems) -> Option<f32> {
    match systems {
        Systems::Ours => Some(NEAR),
        Systems::Unnamed => Some(NEAR_UNNAMED),
        Systems::Others => None,
    }
}

fn finding(engine: &Engine, page: usize, words: &[String]) -> Option<Finding> {
    let page = engine.knowledge().pages().get(page).filter(|page| page.severity != Severity::Noise)?;
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

#[cfg(test)]
mod tests {
    use super::super::{Engine, Input, Options};
    use super::*;

    fn found(engine: &Engine, text: &str) -> Vec<Finding> {
        let input = Input { name: "-".to_owned(), bytes: text.as_bytes().to_vec() };
        engine.triage(&[input], &Options::default()).findings
    }

    /// No rule of the page knows these words; the page speaks of them.
    #[test]
    fn prose_that_no_rule_decides_gets_pages_to_look_at_and_nothing_sure() {
        let engine = Engine::new(Vec::new());
        let text =
            "Update says my Mac app is on a read-only volume\n\nThe updater refuses, although users have dragged it to Applications.";
        let findings = found(&engine, text);
        assert!(findings.iter().any(|one| one.id == "app-translocation"), "{:?}", findings.iter().map(|one| &one.id).collect::<Vec<_>>());
        assert!(findings.len() <= CANDIDATES && findings.iter().all(|one| one.confidence == Confidence::Possible));
    }

    #[test]
    fn other_systems_and_other_subjects_get_nothing() {
        let engine = Engine::new(Vec::new());
        for text in [
            "Passkey creation hangs with the password manager on Android 14, Samsung phone",
            "How do I centre a picture in a column of my table?",
            "Firefox on Linux does not open the secure websocket, Chrome does.",
        ] {
            assert!(found(&engine, text).is_empty(), "{text}");
        }
    }
}
