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
mod inspect;
mod links;
mod log;
mod minimap;
mod overlay;
mod page;
mod paint;
mod queue;
mod theme;
mod told;

pub use canvas::Canvas;
pub use links::{Hyperlink, hyperlinks, ink as ink_links};
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
            page::draw(model, view, &mut painter, panes.left);
            checklist::draw(model, view, &mut painter, panes.right);
        }
        Screen::Find(view) => find::draw(model, view, &mut painter, body),
        Screen::Browse(view) => browse::draw(model, view, &mut painter),
        Screen::Card(card) => card::draw(model, card, &mut painter, body),
        Screen::Inspect(view) => inspect::draw(model, view, &mut painter, body),
        Screen::Queue(view) => queue::draw(model, view, &mut painter),
    }
    bottom_row(model, &mut painter, bottom);
    if let Some(over) = &model.overlay {
        overlay::draw(model, over, &mut painter, screen);
    }
}

fn title_row(model: &Model, painter: &mut Painter<'_>, row: Area) {
    painter.line(row, 0, &[Span::new(crate::app::NAME, Role::Title), Span::new(crate::app::title(model), Role::Text)]);
    for tab in crate::app::tabs(model) {
        let x = u16::try_from(tab.x).unwrap_or(u16::MAX);
        painter.put(row, (x, 0), &[Span::new(tab.text, if tab.here { Role::Strong } else { Role::Dim })]);
    }
    let state = match &model.record.saving {
        Saving::Off(_) => "not saving ",
        _ => "",
    };
    let busy = if model.is_busy() { painter.spinner(model.work.beat) } else { "" };
    let spans = [Span::new(format!("{} {busy} ", doing(model)), Role::Dim), Span::new(state, Role::Bad)];
    let used: usize = spans.iter().map(|span| display_width(&span.text)).sum();
    // What runs is told over a tab that would reach under it.
    let used = u16::try_from(used).unwrap_or(u16::MAX).min(row.width);
    if model.is_busy() || !state.is_empty() {
        painter.clear(Area { x: row.x + row.width - used, width: used, ..row });
        painter.right(row, 0, &spans);
    }
}

/// What runs outside; a large diagnosis with its size, the seconds so far, and the way out.
fn doing(model: &Model) -> String {
    let work = &model.work;
    let seconds = work.beat * 12 / 100;
    let stop = || format!(" · {} stops", model.keymap.key_of(crate::app::Action::CancelWork));
    if work.diagnosis.is_some() && seconds > 0 {
        return format!("diagnosing {} MiB, {seconds} s{}", work.bytes.div_ceil(1 << 20), stop());
    }
    match (work.diagnosis, work.reading, work.processes) {
        (Some(_), ..) => "diagnosing".to_owned(),
        (_, Some(_), _) => "reading".to_owned(),
        (.., Some(_)) => "looking for processes".to_owned(),
        _ if model.engine.is_none() => "loading".to_owned(),
        _ => String::new(),
    }
}

/// A sentence if there is one, then the keys that are worth knowing here.
fn bottom_row(model: &Model, painter: &mut Painter<'_>, row: Area) {
    for hint in crate::app::hints(model) {
        let x = u16::try_from(hint.x).unwrap_or(u16::MAX);
        painter.put(row, (x, 0), &[Span::new(format!(" {}", hint.key), Role::Key), Span::new(format!(" {} ", hint.word), Role::Dim)]);
    }
    if let Some(status) = &model.status {
        let (role, mark) = match status.tone {
            Tone::Good => (Role::Good, ""),
            Tone::Plain => (Role::Text, ""),
            Tone::Bad => (Role::Bad, "! "),
        };
        painter.line(row, 0, &[Span::new(format!(" {mark}{}", status.text), role)]);
    }
}
