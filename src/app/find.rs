//! One box for everything: pages, guides, codes, actions; what was open lately while it is empty.

use crate::app::action::Action;
use crate::app::edit::Edit;
use crate::app::key::Key;
use crate::app::keys::Bound;
use crate::app::layout;
use crate::app::message::Effect;
use crate::app::model::{Model, Screen};
use crate::app::record::KnownCase;
use crate::app::{cases, home};
use crate::engine::{HitKind, SearchHit};
use crate::knowledge::{Platform, Severity, TOPICS, Topic};
use crate::text::clean;
use std::ops::Range;

/// The search screen.
#[derive(Debug, Clone, Default)]
pub struct Find {
    /// What was typed.
    pub edit: Edit,
    /// What was found, best first.
    pub hits: Vec<Hit>,
    /// The selected hit.
    pub selected: usize,
    /// The first that is seen.
    pub top: usize,
    /// Only this topic.
    pub topic: Option<&'static Topic>,
    /// Only this severity.
    pub severity: Option<Severity>,
    /// Only this platform.
    pub platform: Option<Platform>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where it leads.
    pub target: Target,
    /// What kind it is, in a word.
    pub kind: &'static str,
    /// One line.
    pub title: String,
    /// An extract.
    pub extract: String,
    /// The bytes of the extract that were sought.
    pub marks: Vec<Range<usize>>,
}

/// Where a hit leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A page or guide, in a scope.
    Page(String, String),
    /// A code.
    Code(String),
    /// A file.
    File(String),
    /// A case that was diagnosed once: its key and name.
    Case(String, String),
    /// An action.
    Do(Action),
}

/// So many cases are listed among the hits.
const CASES: usize = 5;
/// Hits asked for; more nobody reads.
pub const HITS: usize = 50;

/// Shows the search box.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let find = Find { hits: lately(model), ..Find::default() };
    model.go(Screen::Find(find));
    Vec::new()
}

fn lately(model: &Model) -> Vec<Hit> {
    let hit = |(recent, marked): (crate::app::record::Recent, bool)| Hit {
        kind: if marked { "bookmark" } else { "lately" },
        title: clean(&recent.name).text,
        target: if recent.page.is_empty() { Target::File(recent.name) } else { Target::Page(recent.page, recent.scope) },
        extract: String::new(),
        marks: Vec::new(),
    };
    let rows = home::rows(model).into_iter().filter(|(recent, _)| !home::is_case(recent)).map(hit);
    rows.chain(model.record.cases.iter().take(CASES).map(case_hit)).collect()
}

fn case_hit(case: &KnownCase) -> Hit {
    let pasted = case.name.starts_with(crate::app::triage::PASTED) || case.imported;
    let (settled, steps) = case.steps;
    let more = if case.kept.is_some() { format!("{}, {settled} of {steps} steps settled", case.state.word()) } else { String::new() };
    let named = if pasted { String::new() } else { clean(&case.name).text };
    Hit {
        kind: "case",
        title: cases::title(case),
        target: Target::Case(case.key.clone(), case.name.clone()),
        extract: if more.is_empty() || named.is_empty() { format!("{named}{more}") } else { format!("{named}  {more}") },
        marks: Vec::new(),
    }
}

/// A key that did not mean an action.
pub(crate) fn typed(model: &mut Model, key: Key) -> Vec<Effect> {
    let Screen::Find(find) = &mut model.screen else { return Vec::new() };
    let before = find.edit.text().to_owned();
    find.edit.key(key);
    if find.edit.text() == before { Vec::new() } else { ask(model) }
}

/// A text pasted into the box.
pub(crate) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let Screen::Find(find) = &mut model.screen else { return Vec::new() };
    find.edit.paste(text);
    ask(model)
}

fn ask(model: &mut Model) -> Vec<Effect> {
    let Screen::Find(find) = &mut model.screen else { return Vec::new() };
    let words = find.edit.text().trim().to_owned();
    let topic = find.topic.map(|topic| topic.id.to_owned());
    find.selected = 0;
    if words.is_empty() {
        model.work.search = None;
        let hits = lately(model);
        if let Screen::Find(find) = &mut model.screen {
            find.hits = hits;
        }
        return Vec::new();
    }
    let id = model.ask();
    model.work.search = Some(id);
    vec![Effect::Search(id, words, topic)]
}

/// Hits arrived.
pub(crate) fn arrived(model: &mut Model, found: Vec<SearchHit>) {
    let scope = model.case.as_ref().map(|case| case.key.clone()).unwrap_or_default();
    let below = model.trail.0.last().map_or(&[][..], |_| crate::app::keys::STACKS.first().copied().unwrap_or(&[]));
    let keymap = model.keymap.clone();
    let engine = model.engine.clone();
    let cases = model.record.cases.clone();
    let Screen::Find(find) = &mut model.screen else { return };
    let fits = |hit: &SearchHit| {
        let Some(page) = engine.as_ref().and_then(|engine| engine.knowledge().page(&hit.id)).filter(|_| hit.kind == HitKind::Page) else {
            return find.severity.is_none() && find.platform.is_none() && find.topic.is_none();
        };
        find.severity.is_none_or(|severity| page.severity == severity)
            && find.platform.is_none_or(|platform| page.platforms.contains(&platform))
    };
    let hit = |hit: SearchHit| Hit {
        kind: match hit.kind {
            HitKind::Page => "page",
            HitKind::Guide => "guide",
            HitKind::Code => "code",
        },
        target: if hit.kind == HitKind::Code { Target::Code(hit.id) } else { Target::Page(hit.id, scope.clone()) },
        title: clean(&hit.title).text,
        extract: hit.snippet,
        marks: hit.marks,
    };
    let mut hits: Vec<Hit> = found.into_iter().filter(fits).map(hit).collect();
    // Cases and actions come last, so that who seeks a page is not kept from it; but for an action that is called just so.
    let typed = find.edit.text().to_lowercase();
    let narrowed = find.topic.is_some() || find.severity.is_some() || find.platform.is_some();
    if typed.chars().count() >= 3 && !narrowed {
        let holds = |text: &str| typed.split_whitespace().all(|word| text.contains(word));
        let fits =
            |case: &&KnownCase| holds(&format!("case {} {} {}", case.name.to_lowercase(), case.heading.to_lowercase(), case.state.word()));
        hits.extend(cases.iter().filter(fits).take(CASES).map(case_hit));
        let hit = |bound: Bound| Hit {
            target: Target::Do(bound.action),
            kind: "action",
            title: bound.help.to_owned(),
            extract: bound.shown(),
            marks: Vec::new(),
        };
        let fitting = keymap.here(below).into_iter().filter(|bound| holds(&bound.help.to_lowercase()));
        let (meant, others): (Vec<Bound>, Vec<Bound>) = fitting.partition(|bound| bound.help.to_lowercase().starts_with(typed.trim()));
        hits.extend(others.into_iter().map(hit));
        hits.splice(0..0, meant.into_iter().map(hit));
    }
    find.selected = find.selected.min(hits.len().saturating_sub(1));
    find.hits = hits;
}

/// Does an action in the search.
pub(crate) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let page = seen(model);
    let Screen::Find(find) = &mut model.screen else { return None };
    let last = find.hits.len().saturating_sub(1);
    match action {
        Action::Down => find.selected = (find.selected + 1).min(last),
        Action::Up => find.selected = find.selected.saturating_sub(1),
        Action::PageDown => find.selected = (find.selected + page).min(last),
        Action::PageUp => find.selected = find.selected.saturating_sub(page),
        Action::CycleTopic => {
            find.topic = after(&TOPICS.iter().collect::<Vec<_>>(), find.topic);
            return Some(ask(model));
        }
        Action::CycleSeverity => {
            find.severity = after(Severity::ALL, find.severity);
            return Some(ask(model));
        }
        Action::CyclePlatform => {
            find.platform = after(Platform::ALL, find.platform);
            return Some(ask(model));
        }
        Action::Cancel if find.edit.text().is_empty() => return Some(crate::app::update::back(model)),
        Action::Cancel => {
            find.edit = Edit::default();
            return Some(ask(model));
        }
        Action::Accept => return Some(accept(model)),
        _ => return None,
    }
    Some(Vec::new())
}

/// The value behind `now` in a circle that begins with none.
fn after<T: PartialEq + Copy>(all: &[T], now: Option<T>) -> Option<T> {
    match now {
        None => all.first().copied(),
        Some(now) => all.iter().position(|one| *one == now).and_then(|at| all.get(at + 1)).copied(),
    }
}

fn accept(model: &mut Model) -> Vec<Effect> {
    let Screen::Find(find) = &model.screen else { return Vec::new() };
    let Some(target) = find.hits.get(find.selected).map(|hit| hit.target.clone()) else { return Vec::new() };
    match target {
        Target::Page(id, scope) => crate::app::page::open(model, &id, &scope),
        Target::Code(term) => crate::app::card::open(model, &term),
        Target::File(path) => crate::app::update::open_file(model, &path),
        Target::Case(key, _) => cases::reopen(model, &key),
        Target::Do(action) => {
            crate::app::update::back(model);
            crate::app::update::act(model, action)
        }
    }
}

/// How many hits are seen at once; each takes two rows.
#[must_use]
pub(crate) fn seen(model: &Model) -> usize {
    let (_, body, _) = layout::bands(model.area);
    usize::from(body.height.saturating_sub(4) / 2).max(1)
}

/// Brings scrolling in line with the size of the screen.
pub(crate) fn settle(model: &mut Model) {
    let seen = seen(model);
    if let Screen::Find(find) = &mut model.screen {
        find.top = layout::scrolled(find.top, find.selected, seen);
    }
}
