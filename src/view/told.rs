//! What the line under the cursor says, below the log.

use super::paint::Painter;
use crate::app::ink::{Role, Span, severity};
use crate::app::layout::Area;
use crate::app::prose::{lines, ticked};
use crate::app::{Case, Model, Triage};
use crate::engine::Explained;
use crate::text::clean;

/// Draws it: in a few rows the codes in short, in many their whole cards.
pub(super) fn draw(model: &Model, case: &Case, triage: &Triage, painter: &mut Painter<'_>, area: Area) {
    if area.height == 0 {
        return;
    }
    let (rule, rest) = area.split_top(u16::from(area.height > 1));
    painter.line(rule, 0, &[Span::new("─".repeat(usize::from(area.width)), Role::Border)]);
    let width = usize::from(rest.width);
    let mut rows = if triage.more { long(model, case, triage, width) } else { short(case, triage, width, usize::from(rest.height)) };
    if rows.is_empty() {
        rows.push(vec![Span::new("nothing known on this line", Role::Dim)]);
    }
    let cut = rows.len() > usize::from(rest.height);
    for (number, row) in rows.iter().take(usize::from(rest.height)).enumerate() {
        painter.line(rest, u16::try_from(number).unwrap_or(u16::MAX), row);
    }
    if cut && rest.height > 0 {
        painter.right(rest, rest.height - 1, &[Span::new(painter.sign("…", "~"), Role::Key)]);
    }
}

fn process(triage: &Triage) -> Vec<Span> {
    match &triage.told.process {
        Some((name, system)) => {
            vec![Span::new(clean(name).text, Role::Process), Span::new(if *system { " (Apple's)  " } else { "  " }, Role::Dim)]
        }
        None => Vec::new(),
    }
}

fn head(card: &Explained) -> [Span; 2] {
    let entry = &card.entry;
    let code = entry.code.as_ref().map(|code| format!("{} ", clean(&code.to_string()).text)).unwrap_or_default();
    [Span::new(code, Role::Number), Span::new(clean(entry.name.as_deref().unwrap_or("")).text, Role::Strong)]
}

/// Who wrote it and what its codes mean; where nothing is coded, what it shows and states.
fn short(case: &Case, triage: &Triage, width: usize, rows: usize) -> Vec<Vec<Span>> {
    let mut spans = process(triage);
    for card in triage.told.cards.iter().take(3) {
        spans.extend(head(card));
        spans.push(Span::new(format!(": {}  ", clean(&card.entry.meaning).text), Role::Text));
    }
    for (kind, thing) in &triage.told.facts {
        spans.extend([Span::new(format!("{kind} "), Role::Dim), Span::new(format!("{thing}  "), Role::Text)]);
    }
    if triage.told.cards.is_empty() {
        for finding in triage.told.findings.iter().filter_map(|number| case.diagnosis.findings.get(*number)).take(3) {
            spans.extend([
                Span::new("shows ", Role::Dim),
                Span::new(format!("{}  ", clean(&finding.title).text), severity(finding.severity)),
            ]);
        }
    }
    if spans.is_empty() { Vec::new() } else { lines(&spans, width, rows) }
}

/// The same with every card whole: spellings, meaning, pages.
fn long(model: &Model, case: &Case, triage: &Triage, width: usize) -> Vec<Vec<Span>> {
    let mut rows = Vec::new();
    let told = &triage.told;
    if told.process.is_some() {
        rows.push(process(triage));
    }
    for card in &told.cards {
        let mut first: Vec<Span> = head(card).into();
        first.push(Span::new(format!("  {}", clean(&card.entry.domain).text), Role::Dim));
        rows.extend(lines(&first, width, 2));
        rows.extend(lines(&ticked(&clean(&card.entry.meaning).text, Role::Text), width, usize::MAX));
        if !card.also.is_empty() {
            let spans = [Span::new("also written ", Role::Dim), Span::new(clean(&card.also.join("  ")).text, Role::Code)];
            rows.extend(lines(&spans, width, 3));
        }
        for id in card.pitfalls.iter().take(4) {
            let page = model.engine.as_ref().and_then(|engine| engine.knowledge().page(id).map(|page| clean(&page.title).text));
            rows.extend(lines(&[Span::new("page ", Role::Dim), Span::new(page.unwrap_or_else(|| id.clone()), Role::Link)], width, 1));
        }
    }
    for finding in told.findings.iter().filter_map(|number| case.diagnosis.findings.get(*number)) {
        let spans = [Span::new("shows ", Role::Dim), Span::new(clean(&finding.title).text, severity(finding.severity))];
        rows.extend(lines(&spans, width, 2));
    }
    for (kind, thing) in &told.facts {
        rows.extend(lines(&[Span::new(format!("{kind} "), Role::Dim), Span::new(thing.as_str(), Role::Text)], width, 2));
    }
    if !rows.is_empty() && !told.cards.is_empty() {
        let key = model.keymap.key_of(crate::app::Action::OpenCard);
        rows.push(vec![Span::new(format!("{key} opens the card, to go on to its pages"), Role::Dim)]);
    }
    rows
}
