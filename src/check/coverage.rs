//! How much of the field the knowledge covers: what there is by topic, what nothing leads to, what was not looked at for longest.

use super::links;
use crate::knowledge::{Code, Knowledge, ProblemKind, Severity, TOPICS, Test};
use std::collections::{BTreeMap, BTreeSet};

/// The pages of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicCoverage {
    /// The topic's id.
    pub topic: &'static str,
    /// Pages of things that go wrong.
    pub pitfalls: usize,
    /// Pages of lines that only look so.
    pub noise: usize,
}

/// What the knowledge covers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Pages by topic, in the order of the topics.
    pub topics: Vec<TopicCoverage>,
    /// Codes in the catalogues.
    pub codes: usize,
    /// How many codes of each domain lead to no page, the most first.
    pub codes_without_page: Vec<(String, usize)>,
    /// Pages whose patterns name no code, by id.
    pub pages_without_code: Vec<String>,
    /// Links to pages that do not exist, as `path:line: message`.
    pub dead_links: Vec<String>,
    /// The pages that were reviewed longest ago: date and id.
    pub oldest: Vec<(String, String)>,
    /// Ids of the taxonomy that no page answers.
    pub missing: Vec<String>,
    /// Pages that the taxonomy does not name.
    pub beyond: Vec<String>,
}

/// So many of the oldest reviews are told.
const OLDEST: usize = 10;

/// The coverage of the knowledge; `taxonomy` lists the ids that it should answer, none where it is not compared.
#[must_use]
pub fn coverage(knowledge: &Knowledge, taxonomy: Option<&[String]>) -> Coverage {
    let pages = knowledge.pages();
    let topics = TOPICS.iter().map(|topic| {
        let of = |noise: bool| pages.iter().filter(|page| page.topic == topic.id && (page.severity == Severity::Noise) == noise).count();
        TopicCoverage { topic: topic.id, pitfalls: of(false), noise: of(true) }
    });
    let mut problems = Vec::new();
    links::check(knowledge, &mut problems);
    problems.retain(|problem| problem.kind == ProblemKind::Link);
    let mut reviews: Vec<(String, String)> = pages.iter().map(|page| (page.reviewed.clone(), page.id.clone())).collect();
    reviews.sort();
    reviews.truncate(OLDEST);
    let named = |id: &String| knowledge.page(id).is_some();
    let wanted: BTreeSet<&String> = taxonomy.unwrap_or(&[]).iter().collect();
    let answered = |page: &&crate::knowledge::Page| wanted.contains(&page.id) || page.aliases.iter().any(|alias| wanted.contains(alias));
    let beyond = pages.iter().filter(|page| taxonomy.is_some() && !answered(page)).map(|page| page.id.clone());
    Coverage {
        topics: topics.collect(),
        codes: knowledge.catalogue().entries().len(),
        codes_without_page: codes_without_page(knowledge),
        pages_without_code: pages
            .iter()
            .filter(|page| !page.patterns.iter().any(|pattern| matches!(pattern.test, Test::Code(_))))
            .map(|page| page.id.clone())
            .collect(),
        dead_links: problems.iter().map(|problem| format!("{}:{}: {}", problem.path, problem.line, problem.message)).collect(),
        oldest: reviews,
        missing: wanted.iter().filter(|id| !named(id)).map(|id| (*id).clone()).collect(),
        beyond: beyond.collect(),
    }
}

/// Codes that no page names and that name no page, counted by domain.
fn codes_without_page(knowledge: &Knowledge) -> Vec<(String, usize)> {
    let mut led: BTreeSet<(&str, Option<&Code>, Option<&str>)> = BTreeSet::new();
    for page in knowledge.pages() {
        for pattern in &page.patterns {
            if let Test::Code(spec) = &pattern.test {
                led.extend(
                    knowledge
                        .catalogue()
                        .resolve(&spec.0)
                        .iter()
                        .map(|entry| (entry.domain.as_str(), entry.code.as_ref(), entry.name.as_deref())),
                );
            }
        }
    }
    let mut alone: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in knowledge.catalogue().entries() {
        if entry.pitfalls.is_empty() && !led.contains(&(entry.domain.as_str(), entry.code.as_ref(), entry.name.as_deref())) {
            *alone.entry(entry.domain.as_str()).or_default() += 1;
        }
    }
    let mut alone: Vec<(String, usize)> = alone.into_iter().map(|(domain, count)| (domain.to_owned(), count)).collect();
    alone.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    alone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{embedded, embedded_codes};

    #[test]
    fn tells_what_is_missing_and_what_is_beyond() {
        let knowledge = Knowledge::load(embedded(), embedded_codes(), Vec::new());
        let wanted = ["delete-on-any-read-error".to_owned(), "no-such-page".to_owned()];
        let coverage = coverage(&knowledge, Some(&wanted));
        assert_eq!(coverage.missing, ["no-such-page"]);
        assert_eq!(coverage.beyond.len(), knowledge.pages().len() - 1);
        assert_eq!(coverage.topics.len(), TOPICS.len());
        let counted: usize = coverage.topics.iter().map(|topic| topic.pitfalls + topic.noise).sum();
        assert_eq!(counted, knowledge.pages().len());
        assert!(coverage.dead_links.is_empty(), "{:?}", coverage.dead_links);
        assert_eq!(coverage.oldest.len(), OLDEST);
    }
}
