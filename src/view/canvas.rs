//! A terminal to draw frames on.

use crate::app::layout;
use crate::app::{Edit, Model, Overlay, Screen};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use std::io::{self, Write};

/// A terminal that shows the model; only what changed is written.
#[derive(Debug)]
pub struct Canvas<W: Write> {
    terminal: Terminal<CrosstermBackend<W>>,
}

impl<W: Write> Canvas<W> {
    /// A canvas on the whole of a terminal.
    ///
    /// # Errors
    /// When the terminal does not tell its size.
    pub fn new(out: W) -> io::Result<Self> {
        Ok(Self { terminal: Terminal::new(CrosstermBackend::new(out))? })
    }

    /// Draws a frame.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, model: &Model) -> io::Result<()> {
        self.terminal.draw(|frame| {
            let area = frame.area();
            super::render(model, area, frame.buffer_mut());
            if model.looks.links {
                super::ink_links(&super::hyperlinks(model), frame.buffer_mut());
            }
            if let Some((x, y)) = cursor(model)
                && x < area.width
                && y < area.height
            {
                frame.set_cursor_position((x, y));
            }
        })?;
        Ok(())
    }

    /// Forgets what is on the screen, so that the next frame is written whole.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn forget(&mut self) -> io::Result<()> {
        // `clear` would ask the terminal where its cursor is, and wait for an answer that another thread reads.
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::new(0, 0, size.width, size.height))
    }

    /// Lends the way to the terminal, for what is no frame.
    pub fn out(&mut self) -> &mut impl Write {
        self.terminal.backend_mut()
    }
}

/// Where the terminal's cursor stands: in the text box that has the keys, if there is one.
fn cursor(model: &Model) -> Option<(u16, u16)> {
    let behind = |edit: &Edit| u16::try_from(super::paint::shown_width(edit.before())).unwrap_or(u16::MAX);
    let (_, body, _) = layout::bands(model.area);
    match (&model.overlay, &model.screen) {
        (Some(Overlay::Prompt(prompt)), _) => {
            let area = layout::prompt(model.area);
            Some((area.x + 2 + super::paint::box_offset(behind(&prompt.edit), area.width.saturating_sub(4)), area.y + 1))
        }
        (Some(Overlay::Popup(popup)), _) => {
            let (area, _) = layout::popup(model.area, popup.items.len());
            Some((area.x + 4 + super::paint::box_offset(behind(&popup.edit), area.width.saturating_sub(6)), area.y + 1))
        }
        (None, Screen::Find(find)) => {
            Some((body.x + 3 + super::paint::box_offset(behind(&find.edit), body.width.saturating_sub(5)), body.y + 1))
        }
        _ => None,
    }
}
