//! The search.

use super::paint::{Painter, box_text};
use crate::app::ink::{Role, Span};
use crate::app::layout::Area;
use crate::app::{Find, Hit, Model};
use crate::text::{clean, clip, tail};

/// Draws the search.
pub(super) fn draw(model: &Model, view: &Find, painter: &mut Painter<'_>, body: Area) {
    let (boxed, rest) = body.split_top(3);
    let mut filters = Vec::new();
    filters.extend(view.topic.map(|topic| topic.title.to_owned()));
    filters.extend(view.severity.map(|severity| severity.word().to_owned()));
    filters.extend(view.platform.map(|platform| platform.word().to_owned()));
    let title = if filters.is_empty() { "search everything".to_owned() } else { format!("search · only {}", filters.join(", ")) };
    painter.frame(boxed, &title, true);
    let inner = boxed.inner();
    let room = usize::from(inner.width.saturating_sub(3));
    if view.edit.text().is_empty() {
        painter.put(inner, (2, 0), &[Span::new("an error code, a symbol, words of a message…", Role::Dim)]);
    } else {
        painter.put(inner, (2, 0), &[Span::new(box_text(&view.edit, room), Role::Text)]);
    }
    let seen = usize::from(rest.height.saturating_sub(1) / 2).max(1);
    if view.hits.is_empty() {
        let told = match (view.edit.text().trim().is_empty(), model.work.search.is_some(), filters.is_empty()) {
            (true, ..) => "What you open will be listed here.",
            (_, true, _) => "searching…",
            (_, _, true) => "Nothing found. Fewer words, or the bare code, may find more.",
            _ => "Nothing found with these filters; their keys go round to none.",
        };
        painter.line(rest, 0, &[Span::new(format!("  {told}"), Role::Dim)]);
    }
    for (number, hit) in view.hits.iter().enumerate().skip(view.top).take(seen) {
        let y = u16::try_from((number - view.top) * 2).unwrap_or(u16::MAX);
        let row = Area { y: rest.y.saturating_add(y), height: 2.min(rest.height.saturating_sub(y)), ..rest };
        draw_hit(painter, row, hit, number == view.selected);
    }
}

fn draw_hit(painter: &mut Painter<'_>, row: Area, hit: &Hit, here: bool) {
    let mark = if here { painter.sign("▸ ", "> ") } else { "  " };
    painter.line(
        row,
        0,
        &[Span::new(mark, Role::Key), Span::new(format!("{:<9}", hit.kind), Role::Dim), Span::new(hit.title.as_str(), Role::Strong)],
    );
    let mut spans = vec![Span::new("           ", Role::Dim)];
    let mut at = 0;
    for mark in &hit.marks {
        spans.push(Span::new(flat(clip(&hit.extract, at..mark.start)), Role::Dim));
        spans.push(Span::new(flat(clip(&hit.extract, mark.clone())), Role::Match));
        at = mark.end;
    }
    spans.push(Span::new(flat(tail(&hit.extract, at)), Role::Dim));
    painter.line(row, 1, &spans);
    if here {
        painter.tint(Area { height: 1.min(row.height), ..row }, Role::Selected);
    }
}

fn flat(text: &str) -> String {
    clean(text).text.replace(['\n', '\t'], " ")
}
