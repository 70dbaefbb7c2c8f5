//! Real hyperlinks (OSC 8) for the references of a page: the one thing besides text that reaches the terminal in a cell.
//!
//! Every cell of a link carries the whole of it: opening, its character, closing. Of a frame only the cells that changed are written, so a
//! link that is opened in one cell and closed in another would be left open now and then.

use crate::app::{Model, Screen};
use ratatui::buffer::{Buffer, CellDiffOption};
use std::num::NonZeroU16;

/// A link on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hyperlink {
    /// Its first column.
    pub x: u16,
    /// Its row.
    pub y: u16,
    /// Its columns.
    pub width: u16,
    /// Where it leads.
    pub address: String,
}

/// Longer addresses are refused by some terminals.
const LONGEST: usize = 2_000;

/// Whether an address may stand in an escape sequence: what it begins with, and that nothing in it can end the sequence.
fn is_safe(address: &str) -> bool {
    address.starts_with("https://") && address.len() <= LONGEST && address.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The links of the page that is shown; none while something lies over it.
#[must_use]
pub fn hyperlinks(model: &Model) -> Vec<Hyperlink> {
    let Screen::Page(view) = &model.screen else { return Vec::new() };
    let inner = model.panes().left.inner();
    if model.overlay.is_some() || inner.width == 0 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for link in view.prose.links.iter().filter(|link| is_safe(&link.target)) {
        for (line, cells) in &link.places {
            let Some(y) = line.checked_sub(view.top).and_then(|y| u16::try_from(y).ok()).filter(|y| *y < inner.height) else { continue };
            let from = u16::try_from(cells.start).unwrap_or(u16::MAX).min(inner.width);
            let to = u16::try_from(cells.end).unwrap_or(u16::MAX).min(inner.width);
            if from < to {
                found.push(Hyperlink { x: inner.x + from, y: inner.y + y, width: to - from, address: link.target.clone() });
            }
        }
    }
    found
}

/// Puts links into a drawn buffer.
pub fn ink(links: &[Hyperlink], buffer: &mut Buffer) {
    for link in links.iter().filter(|link| is_safe(&link.address)) {
        for x in link.x..link.x.saturating_add(link.width) {
            let Some(cell) = buffer.cell_mut((x, link.y)) else { continue };
            let symbol = cell.symbol().to_owned();
            // The second half of a wide character holds nothing, and nothing may be put there.
            let Some(width) = u16::try_from(crate::text::display_width(&symbol)).ok().and_then(NonZeroU16::new) else { continue };
            if symbol.chars().any(char::is_control) {
                continue;
            }
            cell.set_symbol(&format!("\u{1b}]8;;{}\u{1b}\\{symbol}\u{1b}]8;;\u{1b}\\", link.address));
            cell.diff_option = CellDiffOption::ForcedWidth(width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;

    fn inked(address: &str, text: &str) -> Buffer {
        let mut buffer = Buffer::with_lines([text]);
        let width = buffer.area.width;
        ink(&[Hyperlink { x: 0, y: 0, width, address: address.to_owned() }], &mut buffer);
        buffer
    }

    #[test]
    fn every_cell_opens_and_closes_its_link() {
        let buffer = inked("https://developer.apple.com/x", "a漢");
        let open = "\u{1b}]8;;https://developer.apple.com/x\u{1b}\\";
        assert_eq!(buffer[(0, 0)].symbol(), format!("{open}a\u{1b}]8;;\u{1b}\\"));
        assert_eq!(buffer[(1, 0)].symbol(), format!("{open}漢\u{1b}]8;;\u{1b}\\"));
    }

    #[test]
    fn what_is_no_plain_address_is_left_as_text() {
        for address in [
            "http://x.y",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://x\u{1b}\\y",
            "https://x\u{7}y",
            "https://x y",
            "https://é",
            "",
        ] {
            assert_eq!(inked(address, "ab")[(0, 0)].symbol(), "a", "{address:?}");
        }
        assert_eq!(inked(&format!("https://{}", "x".repeat(3_000)), "ab")[(0, 0)].symbol(), "a");
    }

    #[test]
    fn a_frame_with_links_takes_the_same_cells() {
        let plain = Buffer::empty(Rect::new(0, 0, 4, 1));
        let mut next = Buffer::empty(Rect::new(0, 0, 4, 1));
        next.set_string(0, 0, "漢bc", ratatui::style::Style::new());
        ink(&[Hyperlink { x: 0, y: 0, width: 4, address: "https://a.b".into() }], &mut next);
        let places: Vec<(u16, u16)> = plain.diff(&next).into_iter().map(|(x, y, _)| (x, y)).collect();
        assert_eq!(places, [(0, 0), (2, 0), (3, 0)]);
    }
}
