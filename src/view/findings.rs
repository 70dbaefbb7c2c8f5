//! The findings, best first, and what the selected one says.

use super::paint::Painter;
use crate::app::ink::{Role, Span, severity};
use crate::app::layout::{self, Area};
use crate::app::prose::{lines, ticked};
use crate::app::{Case, Model, Side, Triage};
use crate::engine::Finding;
use crate::knowledge::Confidence;

/// Draws the findings' pane.
pub(super) fn draw(model: &Model, triage: &Triage, painter: &mut Painter<'_>, pane: Area) {
    if pane.width == 0 {
        return;
    }
    let focused = triage.side == Side::Right;
    let Some(case) = &model.case else {
        painter.frame(pane, "findings", focused);
        return;
    };
    let listed = triage.listed(case);
    let hidden = case.diagnosis.findings.len() - listed.len();
    let count = if listed.len() == 1 { "1 finding".to_owned() } else { format!("{} findings", listed.len()) };
    let heading = if hidden > 0 { format!("{count}, {hidden} harmless hidden") } else { count };
    painter.frame(pane, &heading, focused);
    if listed.is_empty() {
        nothing(case, painter, pane.inner());
        return;
    }
    let (list, detail) = layout::findings(pane, listed.len());
    let seen = usize::from(list.height / 2);
    for (place, number) in listed.iter().enumerate().skip(triage.top).take(seen) {
        let Some(finding) = case.diagnosis.findings.get(*number) else { continue };
        let y = u16::try_from((place - triage.top) * 2).unwrap_or(0);
        let row = Area { y: list.y + y, height: 2, ..list };
        entry(model, case, painter, row, (place, finding, *number == triage.finding));
        if *number == triage.finding {
            painter.tint(row, if focused { Role::Selected } else { Role::Marked });
        }
    }
    painter.scrollbar(Area { height: list.height + 2, ..pane }, triage.top, seen, listed.len());
    if let Some(finding) = case.diagnosis.findings.get(triage.finding) {
        self::detail(triage, case, finding, painter, detail);
    }
}

fn entry(model: &Model, case: &Case, painter: &mut Painter<'_>, row: Area, (place, finding, here): (usize, &Finding, bool)) {
    let mark = if here { painter.sign("▸", ">") } else { " " };
    let total = finding.checklist.len();
    let done = model.record.settled(&case.key, &finding.id, finding.checklist.iter().map(|step| step.id.as_str()));
    let progress = if done == 0 { String::new() } else { format!("  {done}/{total} done") };
    let role = severity(finding.severity);
    let spans = [
        Span::new(format!("{mark}{:>2} ", place + 1), Role::Key),
        Span::new(finding.severity.word(), role),
        Span::new(
            format!(" · {}", finding.confidence.word()),
            if finding.confidence == Confidence::Certain { Role::Strong } else { Role::Text },
        ),
        Span::new(progress, Role::Good),
    ];
    painter.line(row, 0, &spans);
    let title = crate::text::clean(&finding.title).text;
    let inset = Area { x: row.x + 4, width: row.width.saturating_sub(4), ..row };
    painter.line(inset, 1, &[Span::new(title, Role::Text)]);
}

fn detail(triage: &Triage, case: &Case, finding: &Finding, painter: &mut Painter<'_>, area: Area) {
    if area.height == 0 {
        return;
    }
    painter.line(area, 0, &[Span::new("─".repeat(usize::from(area.width)), Role::Border)]);
    let width = usize::from(area.width);
    let text = |text: &str, role: Role| lines(&ticked(&crate::text::clean(text).text, role), width, usize::MAX);
    let mut rows = text(&finding.title, Role::Strong);
    rows.extend(text(&finding.why, Role::Text));
    let all = finding.evidence.len();
    if let Some(evidence) = finding.evidence.get(triage.evidence) {
        let several = if case.inputs.len() > 1 { format!(" of input {}", evidence.input + 1) } else { String::new() };
        rows.push(vec![Span::new(
            format!("place {} of {}: line {}{several}", triage.evidence + 1, all + finding.more_evidence, evidence.place.line),
            Role::Dim,
        )]);
    }
    if !finding.absorbed.is_empty() {
        rows.extend(text(&format!("explains: {}", finding.absorbed.join(", ")), Role::Dim));
    }
    for question in &finding.ask {
        rows.extend(text(&format!("? {question}"), Role::Emphasis));
    }
    for (number, line) in rows.iter().take(usize::from(area.height - 1)).enumerate() {
        painter.line(area, u16::try_from(number).unwrap_or(0) + 1, line);
    }
}

/// Never a dead end: what the input holds, and what to collect next.
fn nothing(case: &Case, painter: &mut Painter<'_>, area: Area) {
    let width = usize::from(area.width);
    let mut rows = lines(&[Span::new("Nothing that we know was found.", Role::Strong)], width, 3);
    rows.push(Vec::new());
    let questions: Vec<&str> = if case.diagnosis.ask.is_empty() {
        vec![
            "Paste the whole error, with its domain and code, and some lines before it.",
            "Add the console of the process: paste again, it joins this case.",
            "Search for its words with `/`.",
        ]
    } else {
        case.diagnosis.ask.iter().map(String::as_str).collect()
    };
    for question in questions {
        rows.extend(lines(&[vec![Span::new("• ", Role::Dim)], ticked(&crate::text::clean(question).text, Role::Text)].concat(), width, 6));
    }
    let codes = case.diagnosis.facts.iter().filter_map(|report| report.fact.code.as_ref().map(|_| report.written.as_str()));
    let mut codes: Vec<&str> = codes.collect();
    codes.dedup();
    if !codes.is_empty() {
        rows.push(Vec::new());
        rows.push(vec![Span::new("Codes in it (i on their line explains):", Role::Dim)]);
        rows.extend(codes.iter().take(8).map(|code| vec![Span::new(format!("  {code}"), Role::Number)]));
    }
    for (number, line) in rows.iter().enumerate() {
        painter.line(area, u16::try_from(number).unwrap_or(u16::MAX), line);
    }
}
