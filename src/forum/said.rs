//! Text of pages: cleaned like every text from outside, with its typographic quotes kept, since titles are shown as they were written.

use crate::text::clean;

/// Quotes that cleaning would straighten, and characters for private use that stand for them meanwhile.
const QUOTES: [(char, char); 6] = [
    ('\u{2018}', '\u{e010}'),
    ('\u{2019}', '\u{e011}'),
    ('\u{201c}', '\u{e012}'),
    ('\u{201d}', '\u{e013}'),
    ('\u{201e}', '\u{e014}'),
    ('\u{201a}', '\u{e015}'),
];

/// Cleans a text and keeps its quotes.
pub(super) fn tidy(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'[' | b']'..=b'~' | b'\n' | b'\t')) {
        return text.to_owned();
    }
    let swap = |text: &str, back: bool| -> String {
        let other = |c: char| {
            QUOTES.iter().find_map(|(quote, mark)| if back { (*mark == c).then_some(*quote) } else { (*quote == c).then_some(*mark) })
        };
        text.chars().map(|c| other(c).unwrap_or(c)).collect()
    };
    swap(&clean(&swap(text, false)).text, true)
}

/// The same on one line, without white space at its ends or twice.
pub(super) fn one_line(text: &str) -> String {
    tidy(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The commonest HTML entities, which survive in copied text.
pub(super) fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let named = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&apos;", "'")
        .replace("&nbsp;", " ")
        .replace("&hellip;", "…");
    named.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stay_and_escapes_go() {
        assert_eq!(tidy("“It’s” \u{1b}[31mred\u{1b}[0m"), "“It’s” red");
        assert_eq!(one_line(" a \u{7} b\n c "), "a ␇ b c");
        assert!(!tidy("a\u{202e}b").contains('\u{202e}'));
    }

    #[test]
    fn entities_are_read_once() {
        assert_eq!(entities("Privacy &amp; Security &lt;key&gt; &amp;lt;"), "Privacy & Security <key> &lt;");
    }
}
