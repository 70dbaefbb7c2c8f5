//! A drawn screen as SVG: runs of cells with the same style, each kept to the grid by its length.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};
use std::fmt::Write as _;

/// The size of a cell, and of the writing in it, in SVG units.
const CELL: (f32, f32) = (8.4, 18.0);
const FONT: f32 = 14.0;
/// Around the screen.
const MARGIN: f32 = 10.0;

/// The colours that a terminal has of its own.
pub(crate) struct Ground {
    /// Behind the text.
    pub(crate) back: &'static str,
    /// The text.
    pub(crate) front: &'static str,
}

/// A dark terminal and a light one.
pub(crate) const DARK: Ground = Ground { back: "#1e1e1e", front: "#d4d4d4" };
pub(crate) const LIGHT: Ground = Ground { back: "#ffffff", front: "#24292f" };

fn colour(colour: Option<Color>, own: &str) -> String {
    match colour {
        Some(Color::Rgb(r, g, b)) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => own.to_owned(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The picture of a buffer.
pub(crate) fn picture(buffer: &Buffer, ground: &Ground, title: &str) -> String {
    let (columns, rows) = (f32::from(buffer.area.width), f32::from(buffer.area.height));
    let (width, height) = (columns * CELL.0 + 2.0 * MARGIN, rows * CELL.1 + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\">\n\
         <title>{}</title>\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\" stroke=\"#888888\" stroke-opacity=\"0.4\"/>\n\
         <g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,monospace\" font-size=\"{FONT}\" xml:space=\"preserve\">\n",
        escaped(title),
        ground.back
    );
    for y in 0..buffer.area.height {
        for (x, text, cells, style) in runs(buffer, y) {
            run(&mut out, (x, y), &text, cells, style, ground);
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// The runs of a row: first column, text, cells, style.
fn runs(buffer: &Buffer, y: u16) -> Vec<(u16, String, u16, Style)> {
    let mut found: Vec<(u16, String, u16, Style)> = Vec::new();
    for x in 0..buffer.area.width {
        let cell = &buffer[(x, y)];
        match found.last_mut() {
            Some((_, text, cells, style)) if *style == cell.style() => {
                text.push_str(cell.symbol());
                *cells += 1;
            }
            _ => found.push((x, cell.symbol().to_owned(), 1, cell.style())),
        }
    }
    found
}

fn run(out: &mut String, (x, y): (u16, u16), text: &str, cells: u16, style: Style, ground: &Ground) {
    let (mut front, mut back) = (colour(style.fg, ground.front), colour(style.bg, ground.back));
    if style.add_modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut front, &mut back);
    }
    let (left, top) = (MARGIN + f32::from(x) * CELL.0, MARGIN + f32::from(y) * CELL.1);
    let width = f32::from(cells) * CELL.0;
    if back != ground.back {
        let _ = writeln!(out, "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{back}\"/>", CELL.1);
    }
    let shown = text.trim_end();
    if shown.is_empty() {
        return;
    }
    let lost = u16::try_from(text.chars().count() - shown.chars().count()).unwrap_or(0);
    let length = f32::from(cells - lost.min(cells)) * CELL.0;
    let mut more = String::new();
    for (modifier, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ] {
        if style.add_modifier.contains(modifier) {
            more.push_str(attribute);
        }
    }
    let base = top + FONT;
    let _ = writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{base:.1}\" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{front}\"{more}>{}</text>",
        escaped(shown)
    );
}
