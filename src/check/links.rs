//! The pages together: every id that is named exists, aliases do not collide, catalogues are whole.

use super::{at, in_body};
use crate::knowledge::{Body, Knowledge, Problem, ProblemKind as Kind, place_of};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(knowledge: &Knowledge, problems: &mut Vec<Problem>) {
    let there = |id: &str| knowledge.page(id).is_some() || knowledge.guide(id).is_some();
    let hint = |id: &str| knowledge.near(id).map_or("Name a page or guide by its id.".to_owned(), |near| format!("Did you mean `{near}`?"));
    for page in knowledge.pages() {
        // What was disabled over a page's head is no mistake of the page.
        let rank = page.from.origin.rank();
        let known = |id: &str| there(id) || knowledge.is_disabled_above(id, rank);
        for id in page.related.iter().chain(&page.absorbs).chain(&page.replaced_by).filter(|id| !known(id)) {
            problems.push(at(page, id, Kind::Link, format!("no page `{id}`"), &hint(id)));
        }
        let body = Body::read(page.body_text(), page.stated_severity());
        for (id, place) in body.links.iter().filter(|(id, _)| !known(id.trim_end_matches(".md"))) {
            problems.push(in_body(page, *place, Kind::Link, format!("no page `{id}`"), &hint(id)));
        }
        for alias in page.aliases.iter().filter(|alias| {
            knowledge.pages().iter().any(|other| other.id != page.id && (other.id == **alias || other.aliases.contains(alias)))
        }) {
            problems.push(at(page, alias, Kind::Id, format!("alias `{alias}` is taken"), "An alias leads to one page."));
        }
    }
    for guide in knowledge.guides() {
        let rank = guide.from.origin.rank();
        let known = |id: &str| there(id) || knowledge.is_disabled_above(id, rank);
        let body = Body::read(guide.body_text(), crate::knowledge::Severity::Noise);
        let links = guide.related.iter().chain(body.links.iter().map(|(id, _)| id));
        for id in links.filter(|id| !known(id.trim_end_matches(".md"))).collect::<BTreeSet<_>>() {
            let (line, column) = place_of(&guide.raw, id);
            problems.push(Problem {
                kind: Kind::Link,
                path: guide.path.clone(),
                line,
                column,
                message: format!("no page `{id}`"),
                hint: hint(id),
            });
        }
    }
    catalogue(knowledge, problems, &|id| there(id) || knowledge.is_disabled_above(id, 0));
}

fn catalogue(knowledge: &Knowledge, problems: &mut Vec<Problem>, known: &dyn Fn(&str) -> bool) {
    let mut seen: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for entry in knowledge.catalogue().entries() {
        let code = entry.code.as_ref().map_or(String::new(), ToString::to_string);
        let label = format!("{}:{}", entry.domain, if code.is_empty() { entry.name.clone().unwrap_or_default() } else { code.clone() });
        let mut wrong = |kind, message: String| {
            problems.push(Problem { kind, path: entry.path.clone(), line: 1, column: 1, message, hint: "See K24 and K21.".into() });
        };
        *seen.entry((entry.domain.clone(), code, entry.name.clone().unwrap_or_default())).or_default() += 1;
        if entry.source.trim().is_empty() {
            wrong(Kind::Catalogue, format!("{label} has no source"));
        }
        for id in entry.pitfalls.iter().filter(|id| !known(id)) {
            wrong(Kind::Link, format!("{label}: no page `{id}`"));
        }
    }
    for ((domain, code, name), _) in seen.iter().filter(|(_, count)| **count > 1) {
        let path = knowledge
            .catalogue()
            .entries()
            .iter()
            .find(|entry| entry.domain == *domain)
            .map(|entry| entry.path.clone())
            .unwrap_or_default();
        problems.push(Problem {
            kind: Kind::Catalogue,
            path,
            line: 1,
            column: 1,
            message: format!("{domain}: {code} {name} stands twice"),
            hint: "Merge the two entries.".into(),
        });
    }
}
