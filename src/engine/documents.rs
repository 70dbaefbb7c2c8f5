//! Pages, guides and codes as the search takes them.

use crate::knowledge::{Expectation, Knowledge, Page, Test};
use crate::search::{Doc, Gist, HitKind};

/// Everything that can be searched.
pub(super) fn documents(knowledge: &Knowledge) -> Vec<Doc> {
    let mut docs: Vec<Doc> = knowledge.pages().iter().map(page_document).collect();
    docs.extend(knowledge.guides().iter().map(|guide| Doc {
        kind: HitKind::Guide,
        id: guide.id.clone(),
        title: guide.title.clone(),
        summary: format!("{} {}", guide.summary, guide.keywords.join(" ")),
        body: readable(guide.body_text()),
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
        body: readable(body),
    }
}

/// What a page is known by: its title and search words say most, then its summary, then the words its patterns look for, then its text and
/// the inputs on which it fires. The weights were measured on reports that were written after the pages.
pub(super) fn gist(page: &Page) -> Gist {
    let spoils = |id: &String| page.rules.iter().any(|rule| rule.unless.contains(id));
    let needles = page.patterns.iter().filter(|pattern| !spoils(&pattern.id)).flat_map(|pattern| match &pattern.test {
        Test::Text { needles, .. } => needles.clone(),
        Test::Code(spec) => vec![spec.0.replace(':', " ")],
        Test::Fact(_) => Vec::new(),
    });
    let text = page.body_text().split("\n## Self-tests").next().unwrap_or("");
    Gist {
        parts: vec![
            (3.0, page.title.clone()),
            (3.0, page.keywords.join("\n")),
            (2.0, page.id.replace('-', " ")),
            (2.0, page.summary.clone()),
            (1.5, needles.collect::<Vec<_>>().join("\n")),
            (1.0, format!("{text}\n{}", examples(page))),
        ],
    }
}

/// The texts on which a page fires, as its self-tests give them.
fn examples(page: &Page) -> String {
    let tests = super::Engine::body(page).tests.into_iter();
    tests.filter(|test| matches!(test.expect, Expectation::Found(..))).map(|test| test.text).collect::<Vec<_>>().join("\n")
}

/// Markdown without the marks that an extract should not show: headings, checkboxes, step ids.
fn readable(markdown: &str) -> String {
    let line = |line: &str| {
        let line = line.trim_start().trim_start_matches("- [ ] ").trim_start_matches('#').trim();
        line.split(" {#").next().unwrap_or(line).to_owned()
    };
    markdown.lines().filter(|line| !line.trim_start().starts_with("```")).map(line).collect::<Vec<_>>().join("\n")
}
