//! The log: numbered lines, evidence highlighted, a map of the whole at its right edge, the line under the cursor explained below.

use super::paint::Painter;
use crate::app::ink::{Role, Span};
use crate::app::layout::{self, Area};
use crate::app::{Case, FoldKind, Log, Model, Row, Side, Triage, log_pieces, wrapped_rows};
use crate::knowledge::Severity;
use crate::text::{clip, clock};
use std::ops::Range;

/// Draws the log's pane.
pub(super) fn draw(model: &Model, triage: &Triage, painter: &mut Painter<'_>, pane: Area) {
    if pane.width == 0 {
        return;
    }
    let focused = triage.side == Side::Left;
    let found = model.case.as_ref().and_then(|case| case.logs.get(triage.input).map(|log| (case, log)));
    let Some((case, log)) = found else {
        painter.frame(pane, "log", focused);
        painter.line(pane.inner(), 0, &[Span::new("Reading what was pasted…", Role::Dim)]);
        return;
    };
    painter.frame(pane, &heading(case, triage, log), focused);
    let (text, map, told) = layout::log(pane, triage.more);
    lines(case, triage, log, painter, text);
    super::minimap::draw(case, triage, log, painter, map);
    super::told::draw(model, case, triage, painter, told);
}

fn heading(case: &Case, triage: &Triage, log: &Log) -> String {
    let name = case.input_name(triage.input);
    let line = log.pieces.get(log.piece_here()).map_or(0, |piece| piece.line + 1);
    if !log.is_narrowed() {
        return format!("{name} · line {line} of {}", log.document.line_count());
    }
    let lines = if log.rows.len() == 1 { "line" } else { "lines" };
    let process = log.process.and_then(|number| log.processes.as_ref().map(|all| format!(" of {}", all.name(number))));
    let text = if log.filter.is_empty() { String::new() } else { format!(" with “{}”", crate::text::clean(&log.filter).text) };
    format!("{name} · {} {lines}{}{text}", log.rows.len(), process.unwrap_or_default())
}

fn lines(case: &Case, triage: &Triage, log: &Log, painter: &mut Painter<'_>, area: Area) {
    let gutter = layout::gutter(area, log.document.line_count());
    let (margin, text) = area.split_left(gutter);
    if log.rows.is_empty() {
        let told = if log.filter.is_empty() { "This input is empty." } else { "No line holds that." };
        painter.line(text, 0, &[Span::new(told, Role::Dim)]);
    }
    let mut y = 0;
    for row in log.top..log.rows.len() {
        if y >= area.height {
            break;
        }
        let here = row == log.cursor;
        let from = y;
        y += match log.rows.get(row) {
            Some(Row::Piece(piece)) => self::piece(case, triage, log, painter, (margin, text), (*piece, y)),
            Some(Row::Fold(fold)) => self::fold(case, log, painter, text, (*fold, y)),
            None => 0,
        };
        if here {
            let rows = Area { y: area.y + from, height: (y - from).min(area.height - from), ..margin };
            let role = if triage.side == Side::Left { Role::Selected } else { Role::Marked };
            painter.tint(rows, role);
            painter.put(margin, (gutter.saturating_sub(2), from), &[Span::new(painter.sign("▸", ">"), Role::Key)]);
        }
    }
}

/// Draws a piece; returns the rows that it took.
fn piece(
    case: &Case,
    triage: &Triage,
    log: &Log,
    painter: &mut Painter<'_>,
    (margin, area): (Area, Area),
    (number, y): (usize, u16),
) -> u16 {
    let Some(piece) = log.pieces.get(number) else { return 0 };
    // Of equal length, so that every place in it stays where it is.
    let text = &*if triage.reveal { log.text(number).into() } else { crate::engine::starred(log.text(number)) };
    let selected = triage.selection.and_then(|selection| selection.of(number, text.len()));
    let roles = roles(case, triage, log, &piece.range, (text, selected.as_ref()));
    let rows = wrapped_rows(text, usize::from(area.width));
    let marked = log.marks_in(piece.range.clone()).map(|mark| mark.finding).min();
    let first = number == 0 || log.pieces.get(number - 1).is_none_or(|before| before.line != piece.line);
    if margin.width > 2 {
        let digits = usize::from(margin.width - 3);
        let shown = if first { format!("{:>digits$}", piece.line + 1) } else { String::new() };
        painter.put(margin, (0, y), &[Span::new(shown, Role::Dim)]);
    }
    if let Some(finding) = marked {
        let (sign, role) = super::minimap::sign(
            case,
            finding,
            finding == triage.finding || log.marks_in(piece.range.clone()).any(|mark| mark.finding == triage.finding),
            painter,
        );
        painter.put(margin, (margin.width.saturating_sub(1), y), &[Span::new(sign, role)]);
    }
    for (offset, row) in rows.iter().enumerate() {
        let Some(row_y) = u16::try_from(offset).ok().map(|offset| y + offset).filter(|row_y| *row_y < area.height) else { break };
        let mut spans: Vec<Span> = roles
            .iter()
            .filter(|(range, _)| range.start < row.end && range.end > row.start)
            .map(|(range, role)| Span::new(clip(text, range.start.max(row.start)..range.end.min(row.end)), *role))
            .collect();
        if row.is_empty() && selected.is_some() {
            spans.push(Span::new(" ", Role::Chosen));
        }
        painter.put(area, (0, row_y), &spans);
    }
    u16::try_from(rows.len()).unwrap_or(u16::MAX).min(area.height.saturating_sub(y)).max(1)
}

/// The text of a piece with what each part means: what words look like, and over it what shows findings.
fn roles(
    case: &Case,
    triage: &Triage,
    log: &Log,
    range: &Range<usize>,
    (text, selected): (&str, Option<&Range<usize>>),
) -> Vec<(Range<usize>, Role)> {
    let mut edges: Vec<usize> = vec![0, text.len()];
    edges.extend(selected.into_iter().flat_map(|range| [range.start, range.end]));
    let words = log_pieces(text);
    let within = |at: usize| at.saturating_sub(range.start).min(text.len());
    let marks: Vec<(Range<usize>, Role)> = log
        .marks_in(range.clone())
        .map(|mark| {
            let role = if mark.finding == triage.finding && mark.evidence == triage.evidence {
                Role::EvidenceHere
            } else if mark.finding == triage.finding {
                Role::Evidence
            } else {
                Role::Hint
            };
            (within(mark.range.start)..within(mark.range.end), role)
        })
        .collect();
    edges.extend(words.iter().chain(&marks).flat_map(|(range, _)| [range.start, range.end]));
    edges.sort_unstable();
    edges.dedup();
    let noisy = !marks.is_empty()
        && log
            .marks_in(range.clone())
            .all(|mark| case.diagnosis.findings.get(mark.finding).is_some_and(|finding| finding.severity == Severity::Noise));
    let role_at = |at: usize| {
        if selected.is_some_and(|range| range.contains(&at)) {
            return Role::Chosen;
        }
        let holds = |(range, _): &&(Range<usize>, Role)| range.contains(&at);
        let strongest = [Role::EvidenceHere, Role::Evidence, Role::Hint];
        let mark = strongest.iter().find(|role| marks.iter().filter(holds).any(|(_, of)| of == *role));
        let word = words.iter().find(holds).map(|(_, role)| *role);
        mark.copied().or(word).unwrap_or(if noisy { Role::Dim } else { Role::Text })
    };
    edges.windows(2).filter_map(|pair| Some((*pair.first()?..*pair.last()?, role_at(*pair.first()?)))).collect()
}

fn fold(case: &Case, log: &Log, painter: &mut Painter<'_>, area: Area, (number, y): (usize, u16)) -> u16 {
    let Some(fold) = log.folds.get(number) else { return 1 };
    let count = fold.pieces.len();
    let lines = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
    let told = match fold.kind {
        FoldKind::Repeats => format!("{lines} more like this{}", span_of_time(log, &fold.pieces)),
        FoldKind::Noise => {
            let range = log.pieces.get(fold.pieces.start).map_or(0..0, |piece| piece.range.clone());
            let title = log
                .marks_in(range)
                .next()
                .and_then(|mark| case.diagnosis.findings.get(mark.finding))
                .map_or("", |finding| finding.title.as_str());
            format!("{lines} of noise: {title}")
        }
    };
    let row = Area { y: area.y + y, height: 1, ..area };
    painter.line(row, 0, &[Span::new(format!("{} {told}", painter.sign("⊞", "[+]")), Role::Dim)]);
    1
}

/// From when to when the lines of these pieces were written; empty where they do not say it.
fn span_of_time(log: &Log, pieces: &Range<usize>) -> String {
    let time = |piece: usize| {
        let line = log.text(piece);
        clock(line.as_bytes()).map(|range| clip(line, range))
    };
    match (time(pieces.start), time(pieces.end.saturating_sub(1))) {
        (Some(first), Some(last)) if first == last => format!(", at {first}"),
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    }
}
