//! HTML as text: paragraphs, lists, quotes and code kept as Markdown keeps them. Walked without recursion, so that depth is no danger.

use scraper::{ElementRef, Html, Node};

/// Whether a text begins like a page of HTML.
pub(super) fn is_html(head: &str) -> bool {
    let lower = head.to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<article", "<main", "<section"].iter().any(|mark| lower.contains(mark))
        || lower.trim_start().starts_with("<div")
}

/// Whether a whole page of HTML lacks its end. Pieces of pages have neither beginning nor end.
pub(super) fn is_cut(text: &str) -> bool {
    let has = |mark: &[u8]| text.as_bytes().windows(mark.len()).any(|bytes| bytes.eq_ignore_ascii_case(mark));
    has(b"<html") && !has(b"</html")
}

/// Elements nested deeper than any page has them; the parser's time grows with the square of the depth.
const DEEPEST: usize = 1_000;

/// The front of a page that is not nested deeper than [`DEEPEST`]. Elements that need no end, or whose end is often left out, are not counted.
pub(super) fn shallow(html: &str) -> &str {
    const OPEN_ENDED: &[&str] = &[
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p", "li", "dt", "dd", "td",
        "th", "tr", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup", "caption", "rp", "rt", "html", "head", "body", "path",
        "circle", "rect", "use",
    ];
    let mut depth = 0_usize;
    for (at, _) in html.match_indices('<') {
        let rest = crate::text::clip(html, at + 1..at + 24);
        let (closes, name) = rest.strip_prefix('/').map_or((false, rest), |name| (true, name));
        let (name, behind) = name.split_at(name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len()));
        // `i<n;` of a script opens nothing.
        let is_tag = behind.is_empty() || behind.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
        if !is_tag
            || !name.starts_with(|c: char| c.is_ascii_alphabetic())
            || OPEN_ENDED.iter().any(|known| known.eq_ignore_ascii_case(name))
        {
            continue;
        }
        depth = if closes { depth.saturating_sub(1) } else { depth + 1 };
        if depth > DEEPEST {
            return crate::text::clip(html, 0..at);
        }
    }
    html
}

/// The text of a piece of HTML.
pub(super) fn to_text(html: &str) -> String {
    element_text(Html::parse_fragment(shallow(html)).root_element())
}

/// The text of an element.
pub(super) fn element_text(element: ElementRef<'_>) -> String {
    let mut out = Text::default();
    walk(element, &mut out);
    out.finish()
}

/// A text being made.
#[derive(Debug, Default)]
pub(super) struct Text {
    out: String,
    code: usize,
    space: bool,
}

impl Text {
    fn word(&mut self, text: &str) {
        if self.code > 0 {
            self.out.push_str(text);
            return;
        }
        for (at, piece) in text.split(char::is_whitespace).enumerate() {
            self.space |= at > 0;
            if piece.is_empty() {
                continue;
            }
            if self.space && !self.out.is_empty() && !self.out.ends_with(['\n', ' ', '`']) || self.space && self.out.ends_with('`') {
                self.out.push(' ');
            }
            self.space = false;
            self.out.push_str(piece);
        }
    }

    fn mark(&mut self, mark: &str) {
        if self.space && !self.out.is_empty() && !self.out.ends_with(['\n', ' ']) && mark == "`" {
            self.out.push(' ');
        }
        self.space = false;
        self.out.push_str(mark);
    }

    fn lines(&mut self, count: usize) {
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        let have = self.out.chars().rev().take_while(|c| *c == '\n').count();
        if !self.out.is_empty() {
            (have..count).for_each(|_| self.out.push('\n'));
        }
        self.space = false;
    }

    fn finish(self) -> String {
        crate::forum::said::tidy(self.out.trim())
    }
}

/// Elements whose content nobody reads.
const SILENT: &[&str] = &["script", "style", "noscript", "template", "svg", "button", "nav", "footer", "select", "head"];

/// Goes through an element with a stack of its own, so that a page nested ten thousand deep does not end ours.
fn walk(element: ElementRef<'_>, out: &mut Text) {
    let mut stack = vec![(*element, true)];
    while let Some((node, opens)) = stack.pop() {
        if let Node::Text(text) = node.value() {
            out.word(text);
            continue;
        }
        let name = node.value().as_element().map_or("", |element| element.name());
        if SILENT.contains(&name) {
            continue;
        }
        tag(out, name, opens);
        if opens {
            stack.push((node, false));
            stack.extend(node.children().rev().map(|child| (child, true)));
        }
    }
}

fn tag(out: &mut Text, name: &str, opens: bool) {
    match name {
        "pre" if opens => {
            out.lines(2);
            out.mark("```\n");
            out.code += 1;
        }
        "pre" => {
            out.code = out.code.saturating_sub(1);
            out.lines(1);
            out.mark("```");
            out.lines(2);
        }
        "code" if out.code == 0 => out.mark("`"),
        "br" if opens => out.lines(1),
        "li" if opens => {
            out.lines(1);
            out.mark("- ");
        }
        "div" | "section" | "header" | "tr" | "li" | "dt" | "dd" => out.lines(1),
        "p" | "ul" | "ol" | "table" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "article" => out.lines(2),
        "td" | "th" if !opens => out.mark(" "),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::to_text;

    #[test]
    fn paragraphs_lists_and_code() {
        let html = "<p>Call <code>SecItemAdd</code> &amp; see:</p><ul><li>one</li><li>two</li></ul><pre><code>let a = 1\n  b()</code></pre><script>x()</script><p>End.</p>";
        assert_eq!(to_text(html), "Call `SecItemAdd` & see:\n\n- one\n- two\n\n```\nlet a = 1\n  b()\n```\n\nEnd.");
    }

    #[test]
    fn a_very_deep_page_is_no_danger() {
        let nested = |depth: usize| format!("front{}deep{}", "<div>".repeat(depth), "</div>".repeat(depth));
        assert_eq!(to_text(&nested(5_000)), "front");
        assert_eq!(to_text(&nested(900)).split_whitespace().collect::<Vec<_>>(), ["front", "deep"]);
    }
}
