//! Running the self-tests: what a page claims, it does; what it leaves alone, it leaves alone; and no other page cries.

use super::in_body;
use crate::knowledge::{Body, Confidence, Expectation, Knowledge, Page, Problem, ProblemKind as Kind, SelfTest, Severity};
use crate::matching::{Matcher, PatternId, Proof, prove};

pub(super) fn check(knowledge: &Knowledge, matcher: &Matcher, problems: &mut Vec<Problem>) {
    for (place, page) in knowledge.pages().iter().enumerate() {
        let body = Body::read(page.body_text(), page.stated_severity());
        for test in &body.tests {
            let proof = prove(knowledge, matcher, &test.text);
            match &test.expect {
                Expectation::Found(ids, confidence) => found(page, place, test, ids, *confidence, &proof, problems),
                Expectation::Silent => silent(page, place, test, &proof, problems),
            }
            if matches!(test.expect, Expectation::Found(..)) {
                cross_fire(knowledge, page, place, test, &proof, problems);
            }
        }
    }
}

fn pattern_hit(page: &Page, place: usize, id: &str, hits: &[PatternId]) -> bool {
    page.patterns
        .iter()
        .position(|pattern| pattern.id == id)
        .is_some_and(|at| hits.iter().any(|hit| hit.page as usize == place && hit.pattern as usize == at))
}

fn found(page: &Page, place: usize, test: &SelfTest, ids: &[String], confidence: Confidence, proof: &Proof, problems: &mut Vec<Problem>) {
    for id in ids.iter().filter(|id| page.patterns.iter().any(|pattern| pattern.id == **id) && !pattern_hit(page, place, id, &proof.hits)) {
        let why = if pattern_hit(page, place, id, &proof.needles) { " (its needle stands there, its regex does not hit)" } else { "" };
        problems.push(in_body(
            page,
            test.at,
            Kind::TestFailed,
            format!("pattern `{id}` does not hit{why}"),
            "Mend the pattern or the text.",
        ));
    }
    let folded = proof.found.iter().any(|one| one.folded.contains(&place));
    match proof.confidence(place) {
        Some(got) if got == confidence => {}
        Some(got) => problems.push(in_body(
            page,
            test.at,
            Kind::TestFailed,
            format!("found with confidence `{got}`, not `{confidence}`"),
            "The strongest rule that holds decides.",
        )),
        None if folded => {}
        None => problems.push(in_body(
            page,
            test.at,
            Kind::TestFailed,
            "not found".into(),
            "`pitfall triage --explain-match` says which condition failed.",
        )),
    }
}

fn silent(page: &Page, place: usize, test: &SelfTest, proof: &Proof, problems: &mut Vec<Problem>) {
    if let Some(got) = proof.confidence(place) {
        problems.push(in_body(
            page,
            test.at,
            Kind::TestFailed,
            format!("a silent test fired with confidence `{got}`"),
            "Ask for more in the rule, or choose another near miss.",
        ));
    } else if !proof.hits.iter().chain(&proof.needles).any(|hit| hit.page as usize == place) {
        problems.push(in_body(
            page,
            test.at,
            Kind::Unearned,
            "a silent test that holds none of the page's needles or codes".into(),
            "A near miss is told apart by the rule, not by being about something else.",
        ));
    }
}

fn cross_fire(knowledge: &Knowledge, page: &Page, place: usize, test: &SelfTest, proof: &Proof, problems: &mut Vec<Problem>) {
    for other in proof.found.iter().filter(|other| other.page != place && other.confidence <= Confidence::Likely) {
        let Some(cross) = knowledge.pages().get(other.page) else { continue };
        let noise = cross.stated_severity() == Severity::Noise
            || page.stated_severity() == Severity::Noise && other.confidence == Confidence::Possible;
        let named = test.also.iter().any(|id| *id == cross.id || cross.aliases.contains(id));
        if !noise && !named {
            let message = format!("`{}` ({}) fires here too, `{}`", cross.id, cross.title, other.confidence);
            problems.push(in_body(
                page,
                test.at,
                Kind::CrossFire,
                message,
                "Narrow one of the rules, use `absorbs`, or name it in `also=`.",
            ));
        }
    }
}
