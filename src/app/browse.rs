//! Pages by topic, guides, and codes by domain.

use crate::app::action::Action;
use crate::app::layout;
use crate::app::message::Effect;
use crate::app::model::{Model, Screen, Side, Tone};
use crate::engine::Engine;
use crate::knowledge::TOPICS;
use crate::text::clean;
use std::collections::BTreeMap;

/// A row of the left list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What is read.
    pub title: String,
    /// What it holds.
    pub entries: Vec<Entry>,
}

/// A row of the right list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The id of a page or guide; a term for codes.
    pub id: String,
    /// What is read.
    pub title: String,
    /// The severity, where it is a page.
    pub severity: Option<crate::knowledge::Severity>,
    /// It is a code.
    pub is_code: bool,
}

/// The screen.
#[derive(Debug, Clone, Default)]
pub struct Browse {
    /// The pane that has the keys.
    pub side: Side,
    /// The sections.
    pub sections: Vec<Section>,
    /// The selected section, and the first that is seen.
    pub section: (usize, usize),
    /// The selected entry, and the first that is seen.
    pub entry: (usize, usize),
}

impl Browse {
    /// The sections of the knowledge.
    #[must_use]
    pub fn new(engine: &Engine) -> Self {
        let knowledge = engine.knowledge();
        let mut sections: Vec<Section> = Vec::new();
        for topic in TOPICS {
            let pages = knowledge.pages().iter().filter(|page| page.topic == topic.id);
            let mut entries: Vec<Entry> = pages
                .map(|page| Entry { id: page.id.clone(), title: clean(&page.title).text, severity: Some(page.severity), is_code: false })
                .collect();
            entries.sort_by(|a, b| (a.severity, &a.id).cmp(&(b.severity, &b.id)));
            sections.push(Section { title: topic.title.to_owned(), entries });
        }
        let guides = knowledge
            .guides()
            .iter()
            .map(|guide| Entry { id: guide.id.clone(), title: clean(&guide.title).text, severity: None, is_code: false })
            .collect();
        sections.push(Section { title: "Guides".into(), entries: guides });
        sections.retain(|section| !section.entries.is_empty());
        let mut domains: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
        for entry in knowledge.catalogue().entries() {
            let code = entry.code.as_ref().map(ToString::to_string).unwrap_or_default();
            let title = format!("{code:>8}  {}", entry.name.as_deref().unwrap_or(""));
            let id = format!("{}:{}", entry.domain, if code.is_empty() { entry.name.as_deref().unwrap_or("") } else { &code });
            domains.entry(&entry.domain).or_default().push(Entry { id, title: clean(&title).text, severity: None, is_code: true });
        }
        sections.extend(domains.into_iter().map(|(domain, entries)| Section { title: clean(domain).text, entries }));
        Self { side: Side::Left, sections, ..Self::default() }
    }

    /// The selected section's entries.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.sections.get(self.section.0).map_or(&[], |section| &section.entries)
    }
}

/// Shows the topics.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    match model.engine.clone() {
        Some(engine) => model.go(Screen::Browse(Browse::new(&engine))),
        None => model.say(Tone::Plain, "One moment: the pages are still being read."),
    }
    Vec::new()
}

/// Does an action on the topics.
pub(crate) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let height = usize::from(model.panes().left.inner().height.max(model.panes().right.inner().height)).max(1);
    let scope = model.case.as_ref().map(|case| case.key.clone()).unwrap_or_default();
    let Screen::Browse(browse) = &mut model.screen else { return None };
    let count = if browse.side == Side::Left { browse.sections.len() } else { browse.entries().len() };
    let last = count.saturating_sub(1);
    let at = if browse.side == Side::Left { browse.section.0 } else { browse.entry.0 };
    let to = match action {
        Action::Down => (at + 1).min(last),
        Action::Up => at.saturating_sub(1),
        Action::PageDown => (at + height).min(last),
        Action::PageUp => at.saturating_sub(height),
        Action::Top => 0,
        Action::Bottom => last,
        Action::Open if browse.side == Side::Left => {
            browse.side = Side::Right;
            return Some(Vec::new());
        }
        Action::Open => {
            let entry = browse.entries().get(at)?.clone();
            return Some(if entry.is_code {
                crate::app::card::open(model, &entry.id)
            } else {
                crate::app::page::open(model, &entry.id, &scope)
            });
        }
        _ => return None,
    };
    choose(browse, to);
    Some(Vec::new())
}

/// Selects a row of the list that has the keys.
pub(crate) fn choose(browse: &mut Browse, row: usize) {
    if browse.side == Side::Right {
        browse.entry.0 = row;
    } else if browse.section.0 != row {
        browse.section.0 = row;
        browse.entry = (0, 0);
    }
}

/// Brings scrolling in line with the size of the screen.
pub(crate) fn settle(model: &mut Model) {
    let panes = model.panes();
    let height = usize::from(panes.left.inner().height.max(panes.right.inner().height));
    let Screen::Browse(browse) = &mut model.screen else { return };
    browse.section.1 = layout::scrolled(browse.section.1, browse.section.0, height);
    browse.entry.1 = layout::scrolled(browse.entry.1, browse.entry.0, height);
}
