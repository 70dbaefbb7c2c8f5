//! The tree of the artifacts in a case.

use super::paint::Painter;
use crate::app::ink::{Role, Span};
use crate::app::layout::{Area, scrolled};
use crate::app::{Branch, Inspect, Model, branches};
use crate::engine::Verdict;
use crate::text::fit;

/// Draws the tree; the selected row is told in full below it.
pub(super) fn draw(model: &Model, view: &Inspect, painter: &mut Painter<'_>, body: Area) {
    painter.frame(body, "artifacts in it", true);
    let Some(case) = &model.case else { return };
    let rows = branches(view, &case.diagnosis);
    let (list, told) = body.inner().split_bottom(4.min(body.height / 3));
    let height = usize::from(list.height);
    let selected = view.selected.min(rows.len().saturating_sub(1));
    let top = scrolled(0, selected, height);
    for (number, row) in rows.iter().enumerate().skip(top).take(height) {
        let area = Area { y: list.y + u16::try_from(number - top).unwrap_or(0), height: 1, ..list };
        painter.line(area, 0, &spans(view, case, row, painter, usize::from(list.width)));
        if number == selected {
            painter.tint(area, Role::Selected);
        }
    }
    painter.scrollbar(body, top, height, rows.len());
    explain(rows.get(selected), painter, told);
}

fn spans(view: &Inspect, case: &crate::app::Case, row: &Branch, painter: &Painter<'_>, width: usize) -> Vec<Span> {
    match row {
        Branch::Artifact(number) => {
            let Some(report) = case.diagnosis.artifacts.get(*number) else { return Vec::new() };
            let failed = report.artifact.checks.iter().filter(|check| check.status == Verdict::Fail).count();
            let mark = if view.folded.contains(number) { painter.sign("▸ ", "+ ") } else { painter.sign("▾ ", "- ") };
            let kind = report.artifact.value("kind").map_or(String::new(), |kind| format!(", {}", crate::text::clean(kind).text));
            vec![
                Span::new(mark, Role::Key),
                Span::new(format!("{}{kind}", report.artifact.form.title()), Role::Heading),
                Span::new(format!("  line {}", report.place.line), Role::Dim),
                Span::new(if failed > 0 { format!("  {failed} wrong") } else { String::new() }, Role::Bad),
            ]
        }
        Branch::Compared => vec![Span::new("Held against each other", Role::Heading)],
        Branch::Fact { name, value } => {
            let room = width.saturating_sub(crate::text::display_width(name) + 6);
            vec![Span::new(format!("    {name}  "), Role::Dim), Span::new(fit(value, room), Role::Text)]
        }
        Branch::Check { verdict, text, page } => {
            let (word, role) = told_as(*verdict);
            let way = if page.is_some() { painter.sign(" →", " >") } else { "" };
            vec![
                Span::new(format!("    {word:<8}"), role),
                Span::new(fit(text, width.saturating_sub(15)), Role::Text),
                Span::new(way, Role::Link),
            ]
        }
    }
}

fn told_as(verdict: Verdict) -> (&'static str, Role) {
    match verdict {
        Verdict::Pass => ("pass", Role::Good),
        Verdict::Warn => ("look", Role::Alarm),
        Verdict::Fail => ("wrong", Role::Bad),
        Verdict::Unknown => ("open", Role::Dim),
    }
}

fn explain(row: Option<&Branch>, painter: &mut Painter<'_>, area: Area) {
    let (text, page) = match row {
        Some(Branch::Check { text, page, .. }) => (text.clone(), page.unwrap_or("")),
        Some(Branch::Fact { name, value }) => (format!("{name}: {value}"), ""),
        _ => return,
    };
    let mut all = crate::app::prose::lines(&[Span::new(text, Role::Text)], usize::from(area.width), 3);
    if !page.is_empty() {
        all.push(vec![Span::new(painter.sign("→ ", "> "), Role::Key), Span::new(page, Role::Link)]);
    }
    for (number, line) in all.iter().take(usize::from(area.height)).enumerate() {
        painter.line(area, u16::try_from(number).unwrap_or(u16::MAX), line);
    }
}
