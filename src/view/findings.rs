//! The findings, best first, and what the selected one says.

use super::paint::Painter;
use crate::app::ink::{Role, Span, severity};
use crate::app::layout::Area;
use crate::app::prose::{lines, ticked};
use crate::app::{Case, Model, Side, StepKey, TickState, Triage, findings_place, findings_rows};
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
    let topic = triage.topic.and_then(crate::knowledge::topic).map(|topic| format!(" · {}", topic.title)).unwrap_or_default();
    let heading = match hidden {
        0 => count,
        _ if triage.no_noise && triage.topic.is_none() => format!("{count}, {hidden} harmless hidden"),
        _ => format!("{} of {} findings{topic}", listed.len(), case.diagnosis.findings.len()),
    };
    painter.frame(pane, &heading, focused);
    if listed.is_empty() {
        nothing(case, painter, pane.inner(), hidden);
        return;
    }
    let (list, detail) = findings_place(model);
    let rows = findings_rows(model);
    for (place, number, row) in &rows {
        let Some(finding) = case.diagnosis.findings.get(*number) else { continue };
        entry(model, case, painter, *row, (*place, finding, *number == triage.finding));
        if *number == triage.finding {
            painter.tint(*row, if focused { Role::Selected } else { Role::Marked });
        }
    }
    painter.scrollbar(Area { height: list.height + 2, ..pane }, triage.top, rows.len(), listed.len());
    if let Some(finding) = case.diagnosis.findings.get(triage.finding).filter(|_| listed.contains(&triage.finding)) {
        self::detail(model, triage, case, finding, painter, detail);
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
    let title = [Span::new(crate::text::clean(&finding.title).text, if here { Role::Strong } else { Role::Text })];
    let inset = Area { x: row.x + 4, width: row.width.saturating_sub(4), ..row };
    if here {
        for (number, line) in lines(&title, usize::from(inset.width), usize::from(row.height.saturating_sub(1))).iter().enumerate() {
            painter.line(inset, u16::try_from(number).unwrap_or(0) + 1, line);
        }
    } else {
        painter.line(inset, 1, &title);
    }
}

/// What the selected finding says: why, what to do first, where it shows, what would decide.
fn detail(model: &Model, triage: &Triage, case: &Case, finding: &Finding, painter: &mut Painter<'_>, area: Area) {
    if area.height == 0 {
        return;
    }
    painter.line(area, 0, &[Span::new("─".repeat(usize::from(area.width)), Role::Border)]);
    let width = usize::from(area.width);
    let room = usize::from(area.height - 1);
    let text = |text: &str, role: Role| lines(&ticked(&crate::text::clean(text).text, role), width, usize::MAX);
    let mut rows = text(&finding.why, Role::Text);
    let mut rest = vec![place(triage, case, finding)];
    rest.extend(finding.ask.iter().flat_map(|question| text(&format!("? {question}"), Role::Emphasis)));
    if !finding.absorbed.is_empty() {
        rest.extend(text(&format!("explains: {}", finding.absorbed.join(", ")), Role::Dim));
    }
    let steps = steps(model, case, finding, width, room.saturating_sub(rows.len() + 1).max(2));
    rows.extend(steps);
    rows.extend(rest);
    let cut = rows.len() > room;
    for (number, line) in rows.iter().take(room).enumerate() {
        painter.line(area, u16::try_from(number).unwrap_or(0) + 1, line);
    }
    if cut && room > 0 {
        painter.right(area, area.height - 1, &[Span::new(painter.sign("…", "~"), Role::Key)]);
    }
}

/// What is to be done, as much of it as has room: first how many steps there are, and how to get to them.
fn steps(model: &Model, case: &Case, finding: &Finding, width: usize, room: usize) -> Vec<Vec<Span>> {
    let count = finding.checklist.len();
    if count == 0 {
        return Vec::new();
    }
    let key = model.keymap.key_of(crate::app::Action::Open);
    let several = if count == 1 { "1 step".to_owned() } else { format!("{count} steps") };
    let mut rows = vec![vec![Span::new(key, Role::Key), Span::new(format!(" opens the checklist: {several}"), Role::Dim)]];
    for step in &finding.checklist {
        let key = StepKey { scope: case.key.clone(), page: finding.id.clone(), step: step.id.clone() };
        let (mark, role) = match model.record.tick(&key).state {
            TickState::Open => ("[ ] ", Role::Text),
            TickState::Done => ("[x] ", Role::Dim),
            TickState::Skipped => ("[-] ", Role::Dim),
        };
        let set = lines(&ticked(&crate::text::clean(&step.text).text, role), width.saturating_sub(4), 3);
        if rows.len() + set.len() > room {
            break;
        }
        rows.extend(set.into_iter().enumerate().map(|(number, line)| {
            let front = Span::new(if number == 0 { mark } else { "    " }, role);
            std::iter::once(front).chain(line).collect()
        }));
    }
    rows
}

fn place(triage: &Triage, case: &Case, finding: &Finding) -> Vec<Span> {
    let Some(evidence) = finding.evidence.get(triage.evidence) else { return Vec::new() };
    let several = if case.inputs.len() > 1 { format!(" of input {}", evidence.input + 1) } else { String::new() };
    let all = finding.evidence.len() + finding.more_evidence;
    vec![Span::new(format!("place {} of {all}: line {}{several}", triage.evidence + 1, evidence.place.line), Role::Dim)]
}

/// Never a dead end: what the input holds, and what to collect next.
fn nothing(case: &Case, painter: &mut Painter<'_>, area: Area, hidden: usize) {
    let width = usize::from(area.width);
    if hidden > 0 {
        let told = if hidden == 1 {
            "1 finding is hidden; Esc shows it.".to_owned()
        } else {
            format!("{hidden} findings are hidden; Esc shows them.")
        };
        painter.line(area, 0, &[Span::new(told, Role::Strong)]);
        return;
    }
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
