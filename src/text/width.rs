//! How wide text is on a terminal.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The cells that `text` takes on a terminal.
#[must_use]
pub fn display_width(text: &str) -> usize {
    text.width()
}

/// The characters as people see them, each with its width in cells.
pub fn graphemes(text: &str) -> impl Iterator<Item = (&str, usize)> {
    text.graphemes(true).map(|g| (g, g.width()))
}

/// `text` cut to at most `cells`, with `…` where something was cut.
#[must_use]
pub fn fit(text: &str, cells: usize) -> String {
    if display_width(text) <= cells {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for (grapheme, width) in graphemes(text) {
        if used + width + 1 > cells {
            break;
        }
        out.push_str(grapheme);
        used += width;
    }
    if cells > 0 {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_wide_characters_and_emoji() {
        assert_eq!(fit("abcdef", 4), "abc…");
        assert_eq!(fit("漢字漢字", 5), "漢字…");
        assert_eq!(fit("short", 9), "short");
        assert_eq!(fit("abc", 0), "");
    }
}
