//! The text of a page, laid out: what its file says, in the order in which it is read.

use crate::app::ink::{Role, Span, severity};
use crate::app::page::PageView;
use crate::app::prose::{Prose, Setter, ticked};
use crate::engine::Engine;
use crate::knowledge::markdown::{Block, BlockKind, blocks, plain};
use crate::knowledge::{Provenance, Reference, Severity};
use crate::text::clean;

/// The page or guide with this id, not yet laid out.
pub(crate) fn read(engine: &Engine, id: &str) -> Option<PageView> {
    let knowledge = engine.knowledge();
    if let Some(page) = knowledge.page(id) {
        let steps = Engine::body(page).steps;
        return Some(PageView {
            id: page.id.clone(),
            title: page.title.clone(),
            summary: crate::engine::fill(&page.summary, &[]),
            steps,
            topic: topic_title(page.topic),
            ..PageView::default()
        });
    }
    let guide = knowledge.guide(id)?;
    Some(PageView {
        id: guide.id.clone(),
        title: guide.title.clone(),
        summary: guide.summary.clone(),
        topic: "Guide",
        ..PageView::default()
    })
}

fn topic_title(id: &'static str) -> &'static str {
    crate::knowledge::topic(id).map_or(id, |topic| topic.title)
}

/// Lays the page out for `width` cells.
pub(crate) fn set(engine: &Engine, view: &PageView, width: usize) -> Prose {
    let mut setter = Setter::new(width);
    setter.heading(1, &clean(&view.title).text);
    let knowledge = engine.knowledge();
    let (body, references, related, ask) = if let Some(page) = knowledge.page(&view.id) {
        let platforms = page.platforms.iter().map(|platform| platform.word()).collect::<Vec<_>>().join(", ");
        let topic = topic_title(page.topic);
        setter.paragraph(&[
            Span::new(page.severity.word(), severity(page.severity)),
            Span::new(format!(" · {topic} · {platforms}"), Role::Dim),
        ]);
        provenance(&mut setter, &page.from, Some(page.severity));
        (page.body_text(), page.references.clone(), page.related.clone(), page.ask.clone())
    } else if let Some(guide) = knowledge.guide(&view.id) {
        setter.paragraph(&[Span::new("guide", Role::Dim)]);
        provenance(&mut setter, &guide.from, None);
        (guide.body_text(), guide.references.clone(), guide.related.clone(), Vec::new())
    } else {
        return setter.prose;
    };
    let notes = knowledge.page(&view.id).map(|page| &page.from).or_else(|| knowledge.guide(&view.id).map(|guide| &guide.from));
    let notes = notes.map(|from| from.notes.as_slice()).unwrap_or_default();
    setter.gap();
    setter.paragraph(&ticked(&clean(&view.summary).text, Role::Strong));
    setter.gap();
    for note in notes {
        setter.heading(2, &clean(&format!("Note of {}", note.by)).text);
        setter.blocks(&blocks(&clean(&note.text).text));
    }
    setter.blocks(&for_readers(blocks(&clean(body).text)));
    questions(&mut setter, &ask);
    for (heading, list) in [("Related", related_links(engine, &related)), ("References", reference_links(&references))] {
        if !list.is_empty() {
            setter.heading(2, heading);
            for (text, target) in &list {
                if target.is_empty() {
                    setter.paragraph(&[Span::new(format!("• {text}"), Role::Text)]);
                } else {
                    setter.link("• ", text, target);
                }
            }
            setter.gap();
        }
    }
    setter.prose
}

fn provenance(setter: &mut Setter, from: &Provenance, severity: Option<Severity>) {
    setter.paragraph(&[Span::new(clean(&from.line(severity)).text, Role::Dim)]);
}

fn questions(setter: &mut Setter, ask: &[String]) {
    if ask.is_empty() {
        return;
    }
    setter.heading(2, "Questions that decide");
    for question in ask {
        setter.paragraph(&[vec![Span::new("• ", Role::Dim)], ticked(&clean(question).text, Role::Text)].concat());
    }
    setter.gap();
}

fn related_links(engine: &Engine, ids: &[String]) -> Vec<(String, String)> {
    let knowledge = engine.knowledge();
    let title =
        |id: &String| knowledge.page(id).map(|page| page.title.clone()).or_else(|| knowledge.guide(id).map(|guide| guide.title.clone()));
    ids.iter().filter_map(|id| title(id).map(|title| (clean(&title).text, id.clone()))).collect()
}

fn reference_links(references: &[Reference]) -> Vec<(String, String)> {
    references.iter().map(|reference| (clean(&reference.title).text, reference.url.clone().unwrap_or_default())).collect()
}

/// Without the checklist, which stands beside the text, and the self-tests, which are for authors.
fn for_readers(blocks: Vec<Block>) -> Vec<Block> {
    let mut hidden = false;
    let keep = |block: &Block| {
        if let BlockKind::Heading(2, inlines) = &block.kind {
            hidden = matches!(plain(inlines).as_str(), "Remediation" | "Self-tests");
        }
        !hidden
    };
    blocks.into_iter().filter(keep).collect()
}
