//! Text and Markdown as HTML: everything is escaped, raw HTML is text, a link leads into the book or plainly out of it.

use super::Site;
use crate::knowledge::markdown::{Block, BlockKind, Inline, Item};
use crate::text::clean;
use std::fmt::Write as _;

/// Text as it may stand between tags and in quoted attributes; control characters are gone.
pub(super) fn escape(text: &str) -> String {
    let text = clean(text).text;
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A sentence with code in backticks.
pub(super) fn ticked(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        // An odd backtick at the end is none.
        match at % 2 == 1 {
            true if at + 1 < parts.len() => {
                let _ = write!(out, "<code>{}</code>", escape(part));
            }
            true => {
                let _ = write!(out, "`{}", escape(part));
            }
            false => out.push_str(&escape(part)),
        }
    }
    out
}

/// A link to the outside: nothing is told to where it leads. What is no web address is text.
pub(super) fn outside(text: &str, url: &str) -> String {
    let lower = url.trim().to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        format!("<a rel=\"noreferrer noopener external\" href=\"{}\">{}</a>", escape(url.trim()), escape(text))
    } else {
        escape(text)
    }
}

/// Blocks of Markdown, in a page from which `root` leads to the book's folder.
pub(super) fn blocks(site: &Site<'_>, root: &str, blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        put(site, root, block, &mut out);
    }
    out
}

fn put(site: &Site<'_>, root: &str, block: &Block, out: &mut String) {
    match &block.kind {
        BlockKind::Heading(level, inlines) => {
            let level = (*level).clamp(2, 6);
            let _ = writeln!(out, "<h{level}>{}</h{level}>", self::inlines(site, root, inlines));
        }
        BlockKind::Paragraph(inlines) => {
            let _ = writeln!(out, "<p>{}</p>", self::inlines(site, root, inlines));
        }
        BlockKind::Code(_, text) => {
            let _ = writeln!(out, "{}", code(text));
        }
        BlockKind::List(first, items) => {
            let tag = if first.is_some() { "ol" } else { "ul" };
            let _ = writeln!(out, "<{tag}>");
            for item in items {
                let _ = writeln!(out, "<li>{}</li>", self::item(site, root, item));
            }
            let _ = writeln!(out, "</{tag}>");
        }
        BlockKind::Quote(inner) => {
            let _ = writeln!(out, "<blockquote>\n{}</blockquote>", blocks(site, root, inner));
        }
        BlockKind::Table(head, rows) => table(site, root, head, rows, out),
        BlockKind::Rule => out.push_str("<hr>\n"),
    }
}

/// An item; the one paragraph of a tight one stands without its tags.
fn item(site: &Site<'_>, root: &str, item: &Item) -> String {
    let mark = match item.task {
        Some(true) => "☑ ",
        Some(false) => "☐ ",
        None => "",
    };
    match item.blocks.as_slice() {
        [Block { kind: BlockKind::Paragraph(only), .. }] => format!("{mark}{}", inlines(site, root, only)),
        more => format!("{mark}{}", blocks(site, root, more)),
    }
}

fn table(site: &Site<'_>, root: &str, head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], out: &mut String) {
    let cells = |tag: &str, cells: &[Vec<Inline>]| {
        cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", inlines(site, root, cell))).collect::<Vec<_>>().concat()
    };
    let _ = writeln!(out, "<div class=\"wide\"><table>\n<thead><tr>{}</tr></thead>\n<tbody>", cells("th", head));
    for row in rows {
        let _ = writeln!(out, "<tr>{}</tr>", cells("td", row));
    }
    out.push_str("</tbody></table></div>\n");
}

/// A block of code, as it is written.
pub(super) fn code(text: &str) -> String {
    format!("<pre tabindex=\"0\"><code>{}</code></pre>", escape(text.trim_end()))
}

fn inlines(site: &Site<'_>, root: &str, inlines: &[Inline]) -> String {
    let one = |inline: &Inline| match inline {
        Inline::Text(text) => escape(text),
        Inline::Emphasis(text) => format!("<em>{}</em>", escape(text)),
        Inline::Strong(text) => format!("<strong>{}</strong>", escape(text)),
        Inline::Code(text) => format!("<code>{}</code>", escape(text)),
        Inline::Link(text, to) => match site.target(to) {
            Some((path, _)) => format!("<a href=\"{root}{path}\">{}</a>", escape(text)),
            None => outside(text, to),
        },
        Inline::Break => "<br>".to_owned(),
    };
    inlines.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{Knowledge, markdown};

    fn written(source: &str) -> String {
        let knowledge = Knowledge::load(Vec::new(), Vec::new(), Vec::new());
        blocks(&Site::new(&knowledge), "../", &markdown::blocks(source))
    }

    #[test]
    fn markdown_is_written_and_raw_html_is_text() {
        assert_eq!(written("a **b** `c<d`\n"), "<p>a <strong>b</strong> <code>c&lt;d</code></p>\n");
        assert_eq!(written("- x\n- y\n"), "<ul>\n<li>x</li>\n<li>y</li>\n</ul>\n");
        assert!(written("|a|b|\n|-|-|\n|1|<i>|\n").contains("<td>&lt;i&gt;</td>"));
        let hostile = written("<script>alert(1)</script>\n\n<img src=x onerror=y>\n\n# <b>x</b>\n");
        assert!(!hostile.contains("<script") && !hostile.contains("<img") && !hostile.contains("<b>"), "{hostile}");
    }

    #[test]
    fn only_web_addresses_are_links() {
        assert!(written("[x](https://example.com/?a=1&b=\"2\")").contains("rel=\"noreferrer"));
        for to in ["javascript:alert(1)", "data:text/html,x", "//example.com", "no-such-page", "file:///etc/passwd", "JaVaScRiPt:x"] {
            assert_eq!(written(&format!("[x]({to})")), "<p>x</p>\n", "{to}");
        }
        assert!(!written("![x](https://example.com/pixel.png)").contains("src="));
        assert_eq!(ticked("a `b<` c` d"), "a <code>b&lt;</code> c` d");
    }
}
