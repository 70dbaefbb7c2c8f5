//! The map of a log: one column for the whole of it, with the findings, noise, folds, and the part that is on the screen.

use super::paint::Painter;
use crate::app::ink::{Role, Span};
use crate::app::layout::Area;
use crate::app::{Case, FoldKind, Log, Triage};
use crate::knowledge::Severity;

/// Draws the map; a log that is seen whole needs none.
pub(super) fn draw(case: &Case, triage: &Triage, log: &Log, painter: &mut Painter<'_>, area: Area) {
    let rows = usize::from(area.height);
    let pieces = log.pieces.len().max(1);
    if rows == 0 || area.width == 0 || pieces <= rows {
        return;
    }
    let row_of = |piece: usize| (piece * rows / pieces).min(rows - 1);
    let column = area.width - 1;
    let put = |painter: &mut Painter<'_>, x: u16, row: usize, sign: &str, role: Role| {
        painter.put(area, (x, u16::try_from(row).unwrap_or(u16::MAX)), &[Span::new(sign, role)]);
    };
    for fold in log.folds.iter().filter(|fold| fold.kind == FoldKind::Repeats) {
        for row in row_of(fold.pieces.start)..=row_of(fold.pieces.end.saturating_sub(1)) {
            put(painter, column, row, painter.sign("┊", "~"), Role::Border);
        }
    }
    let here = row_of(log.piece_of(log.top))..=row_of(log.piece_here());
    for row in here {
        put(painter, 0, row, painter.sign("▕", ":"), Role::Key);
    }
    // The selected finding last, so that nothing covers it; before it the worst.
    let mut marks: Vec<_> = log.marks.iter().collect();
    marks.sort_by_key(|mark| {
        let severity = case.diagnosis.findings.get(mark.finding).map(|finding| finding.severity);
        (mark.finding == triage.finding, std::cmp::Reverse(severity))
    });
    for mark in marks {
        let piece = log.pieces.partition_point(|piece| piece.range.start <= mark.range.start).saturating_sub(1);
        let (sign, role) = sign(case, mark.finding, mark.finding == triage.finding, painter);
        put(painter, column, row_of(piece), sign, role);
    }
}

/// The sign of a finding in the margin and on the map.
pub(super) fn sign(case: &Case, finding: usize, selected: bool, painter: &Painter<'_>) -> (&'static str, Role) {
    let severity = case.diagnosis.findings.get(finding).map_or(Severity::Low, |finding| finding.severity);
    let full = match (selected, severity) {
        (true, _) => painter.sign("█", "#"),
        (_, Severity::Noise) => painter.sign("░", "."),
        _ => painter.sign("▌", "|"),
    };
    (full, crate::app::ink::severity(severity))
}
