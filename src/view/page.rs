//! The text of a page.

use super::paint::Painter;
use crate::app::ink::{Role, Span};
use crate::app::layout::Area;
use crate::app::{PageView, Side};
use crate::text::{clip, tail};

/// Draws the text's pane.
pub(super) fn draw(view: &PageView, painter: &mut Painter<'_>, pane: Area) {
    if pane.width == 0 {
        return;
    }
    painter.frame(pane, view.topic, view.side == Side::Left);
    let inner = pane.inner();
    let marked = view.link.and_then(|link| view.prose.links.get(link));
    for (row, line) in view.prose.lines.iter().skip(view.top).take(usize::from(inner.height)).enumerate() {
        let mut spans: Vec<Span> = line.iter().flat_map(|span| matched(span, &view.sought)).collect();
        if marked.is_some_and(|link| link.line == view.top + row) {
            for span in
                spans.iter_mut().filter(|span| span.role == Role::Link && marked.is_some_and(|link| link.text.contains(span.text.trim())))
            {
                span.role = Role::EvidenceHere;
            }
        }
        painter.put(inner, (0, u16::try_from(row).unwrap_or(u16::MAX)), &spans);
    }
    painter.scrollbar(pane, view.top, usize::from(inner.height), view.prose.lines.len());
}

/// A piece, cut where it holds what is sought.
fn matched(span: &Span, sought: &str) -> Vec<Span> {
    let wanted = sought.to_ascii_lowercase();
    let lower = span.text.to_ascii_lowercase();
    if wanted.is_empty() || !lower.contains(&wanted) {
        return vec![span.clone()];
    }
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = tail(&lower, at).find(&wanted) {
        out.push(Span::new(clip(&span.text, at..at + found), span.role));
        out.push(Span::new(clip(&span.text, at + found..at + found + wanted.len()), Role::Match));
        at += found + wanted.len();
    }
    out.push(Span::new(tail(&span.text, at), span.role));
    out
}
