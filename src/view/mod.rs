//! Drawing: the model into cells, and nothing else. The one home of ratatui.
//!
//! [`render`] changes nothing; where things stand comes from [`crate::app::layout`], what they mean from [`crate::app::ink`], and how that
//! looks from the theme here. Colour is never the only sign: what is selected, evident, severe or done also has a mark or a word.

mod browse;
mod canvas;
mod card;
mod checklist;
mod find;
mod findings;
mod home;
mod log;
mod overlay;
mod page;
mod paint;
mod queue;
mod theme;

pub use canvas::Canvas;
pub use theme::Theme;

use crate::app::ink::{Role, Span};
use crate::app::layout::{self, Area};
use crate::app::{Model, Saving, Screen, Tone};
use crate::text::display_width;
use paint::Painter;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Draws the model.
pub fn render(model: &Model, area: Rect, buffer: &mut Buffer) {
    let mut painter = Painter::new(buffer, Theme::of(model.looks.theme), model.looks.ascii);
    let screen = Area { x: area.x, y: area.y, width: area.width, height: area.height };
    painter.clear(screen);
    let (title, body, bottom) = layout::bands(screen);
    title_row(model, &mut painter, title);
    match &model.screen {
        Screen::Home(home) => home::draw(model, home, &mut painter, body),
        Screen::Triage(triage) => {
            let panes = model.panes();
            log::draw(model, triage, &mut painter, panes.left);
            findings::draw(model, triage, &mut painter, panes.right);
        }
        Screen::Page(view) => {
            let panes = model.panes();
            page::draw(view, &mut painter, panes.left);
            checklist::draw(model, view, &mut painter, panes.right);
        }
        Screen::Find(view) => find::draw(model, view, &mut painter, body),
        Screen::Browse(view) => browse::draw(model, view, &mut painter),
        Screen::Card(card) => card::draw(model, card, &mut painter, body),
        Screen::Queue(view) => queue::draw(model, view, &mut painter),
    }
    bottom_row(model, &mut painter, bottom);
    if let Some(over) = &model.overlay {
        overlay::draw(model, over, &mut painter, screen);
    }
}

fn title_row(model: &Model, painter: &mut Painter<'_>, row: Area) {
    let name = match &model.screen {
        Screen::Home(_) => String::new(),
        Screen::Triage(_) => "diagnosis".to_owned(),
        Screen::Page(view) => format!("page · {}", view.id),
        Screen::Find(_) => "search".to_owned(),
        Screen::Browse(_) => "topics".to_owned(),
        Screen::Card(card) => format!("code · {}", card.term),
        Screen::Queue(_) => "forum queue".to_owned(),
    };
    let mut spans = vec![Span::new(" pitfall ", Role::Title), Span::new(name, Role::Text)];
    if let (Screen::Triage(triage), Some(case)) = (&model.screen, &model.case)
        && case.logs.len() > 1
    {
        for number in 0..case.inputs.len() {
            let here = number == triage.input;
            let name = case.input_name(number);
            let shown = if here { format!(" [{} {name}] ", number + 1) } else { format!("  {} {name}  ", number + 1) };
            spans.push(Span::new(shown, if here { Role::Strong } else { Role::Dim }));
        }
    }
    painter.line(row, 0, &spans);
    let state = match &model.record.saving {
        Saving::Off(_) => "not saving ",
        _ => "",
    };
    let busy = if model.is_busy() { painter.spinner(model.work.beat) } else { "" };
    let doing = if model.work.diagnosis.is_some() {
        "diagnosing "
    } else if model.work.reading.is_some() {
        "reading "
    } else if model.engine.is_none() {
        "loading "
    } else {
        ""
    };
    painter.right(row, 0, &[Span::new(format!("{doing}{busy} "), Role::Dim), Span::new(state, Role::Bad)]);
}

/// A sentence if there is one, else the keys that are worth knowing here.
fn bottom_row(model: &Model, painter: &mut Painter<'_>, row: Area) {
    if let Some(status) = &model.status {
        let (role, mark) = match status.tone {
            Tone::Good => (Role::Good, ""),
            Tone::Plain => (Role::Text, ""),
            Tone::Bad => (Role::Bad, "! "),
        };
        painter.line(row, 0, &[Span::new(format!(" {mark}{}", status.text), role)]);
        return;
    }
    let mut room = usize::from(row.width);
    let mut spans = Vec::new();
    let mut hints: Vec<_> = model.keymap.here(model.contexts()).into_iter().filter(|bound| !bound.hint.is_empty()).collect();
    // The way to all other keys never falls off the edge.
    hints.sort_by_key(|bound| bound.action != crate::app::Action::Help);
    for bound in hints {
        let key = bound.keys.first().map(ToString::to_string).unwrap_or_default();
        let used = display_width(&key) + display_width(bound.hint) + 3;
        if used > room {
            break;
        }
        room -= used;
        spans.push(Span::new(format!(" {key}"), Role::Key));
        spans.push(Span::new(format!(" {} ", bound.hint), Role::Dim));
    }
    painter.line(row, 0, &spans);
}
