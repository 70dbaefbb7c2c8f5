//! Pages laid out: Markdown into lines of meaningful pieces at a width, with their headings, links and snippets.

use crate::app::ink::{Role, Span};
use crate::app::lexcode::highlight;
use crate::app::select::Selection;
use crate::app::wrap;
use crate::knowledge::markdown::{Block, BlockKind, Inline, Item, plain};
use crate::text::{clip, display_width, fit};
use std::ops::Range;

/// A page laid out at a width.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prose {
    /// The lines.
    pub lines: Vec<Vec<Span>>,
    /// The headings: line, level, text.
    pub headings: Vec<(usize, u8, String)>,
    /// The links, in order.
    pub links: Vec<Link>,
    /// The snippets, in order.
    pub snippets: Vec<Snippet>,
}

/// A link of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The line where it begins.
    pub line: usize,
    /// What is read.
    pub text: String,
    /// Where it leads: the id of a page or guide, or an address.
    pub target: String,
    /// Where it stands: lines, and the cells on each.
    pub places: Vec<(usize, Range<usize>)>,
}

/// A snippet of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// Its first line.
    pub line: usize,
    /// Its text.
    pub text: String,
}

impl Prose {
    /// The text of a line.
    #[must_use]
    pub fn text(&self, line: usize) -> String {
        self.lines.get(line).into_iter().flatten().map(|span| span.text.as_str()).collect()
    }

    /// The link at a cell of a line.
    #[must_use]
    pub fn link_at(&self, line: usize, cell: usize) -> Option<usize> {
        self.links.iter().position(|link| link.places.iter().any(|(at, cells)| *at == line && cells.contains(&cell)))
    }

    /// The selected text.
    #[must_use]
    pub fn selected(&self, selection: &Selection) -> String {
        let (first, last) = selection.ends();
        let part = |row: usize| {
            let text = self.text(row);
            selection.of(row, text.len()).map(|range| clip(&text, range).trim_end().to_owned())
        };
        (first.row..=last.row.min(self.lines.len().saturating_sub(1))).filter_map(part).collect::<Vec<_>>().join("\n")
    }

    /// The lines (whatever the case) that hold `wanted`.
    #[must_use]
    pub fn lines_with(&self, wanted: &str) -> Vec<usize> {
        let wanted = wanted.to_lowercase();
        let holds = |line: &usize| self.text(*line).to_lowercase().contains(&wanted);
        if wanted.is_empty() { Vec::new() } else { (0..self.lines.len()).filter(holds).collect() }
    }
}

/// Lays out blocks, one after the other.
#[derive(Debug)]
pub struct Setter {
    /// What has been set.
    pub prose: Prose,
    width: usize,
}

/// Nesting moves text to the right no further than to this column.
const DEEPEST_INDENT: usize = 16;

impl Setter {
    /// A setter for lines of `width` cells.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self { prose: Prose::default(), width: width.max(8) }
    }

    /// Sets blocks, with an empty line between them.
    pub fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block, &[]);
            self.gap();
        }
    }

    /// Sets a heading.
    pub fn heading(&mut self, level: u8, text: &str) {
        self.prose.headings.push((self.prose.lines.len(), level, text.to_owned()));
        let role = if level <= 1 { Role::Title } else { Role::Heading };
        let mark = if level >= 3 { "· " } else { "" };
        self.flow(&[Span::new(format!("{mark}{text}"), role)], &[], &[]);
    }

    /// Sets a paragraph.
    pub fn paragraph(&mut self, spans: &[Span]) {
        self.flow(spans, &[], &[]);
    }

    /// Sets an item with a bullet that is a link.
    pub fn link(&mut self, bullet: &str, text: &str, target: &str) {
        let first = [Span::new(bullet, Role::Dim)];
        let rest = [Span::new(" ".repeat(display_width(bullet)), Role::Text)];
        let from = self.prose.lines.len();
        self.flow(&[Span::new(text, Role::Link)], &first, &rest);
        let lines: Vec<Vec<Span>> = self.prose.lines.iter().skip(from).cloned().collect();
        self.place(&[(text, target)], &lines, from, 0);
    }

    /// An empty line, unless the last one is.
    pub fn gap(&mut self) {
        if self.prose.lines.last().is_some_and(|line| !line.is_empty()) {
            self.prose.lines.push(Vec::new());
        }
    }

    fn block(&mut self, block: &Block, indent: &[Span]) {
        match &block.kind {
            BlockKind::Heading(level, inlines) => self.heading(*level, &plain(inlines)),
            BlockKind::Paragraph(inlines) => self.inlines(inlines, indent, indent),
            BlockKind::Code(info, text) => self.code(info, text, indent),
            BlockKind::List(from, items) => self.list(*from, items, indent),
            BlockKind::Quote(inner) => {
                let indent = deeper(indent, Span::new("│ ", Role::Border));
                for block in inner {
                    self.block(block, &indent);
                }
            }
            BlockKind::Table(head, rows) => self.table(head, rows, indent),
            BlockKind::Rule => {
                let length = self.room(indent);
                self.push(indent, vec![Span::new("─".repeat(length), Role::Border)]);
            }
        }
    }

    fn room(&self, indent: &[Span]) -> usize {
        self.width.saturating_sub(indent.iter().map(|span| display_width(&span.text)).sum()).max(8)
    }

    fn push(&mut self, indent: &[Span], line: Vec<Span>) {
        self.prose.lines.push(indent.iter().cloned().chain(line).collect());
    }

    fn inlines(&mut self, inlines: &[Inline], first: &[Span], rest: &[Span]) {
        let spans: Vec<Span> = inlines.iter().map(span).collect();
        let from = self.prose.lines.len();
        self.flow(&spans, first, rest);
        let links = links_of(inlines);
        if !links.is_empty() {
            let lines: Vec<Vec<Span>> = self.prose.lines.iter().skip(from).cloned().collect();
            self.place(&links, &lines, from, 0);
        }
    }

    /// Remembers links, and where their words stand in these lines, whose first one is line `from` and begins at cell `x`.
    fn place(&mut self, links: &[(&str, &str)], lines: &[Vec<Span>], from: usize, x: usize) {
        let inked = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        let mut waiting = links.iter().map(|(text, target)| {
            let link = Link { line: from, text: (*text).to_owned(), target: (*target).to_owned(), places: Vec::new() };
            (link, inked(text))
        });
        let mut now = waiting.next();
        for (number, line) in lines.iter().enumerate() {
            let mut at = x;
            for span in line {
                let width = display_width(&span.text);
                if let Some((link, missing)) = now.as_mut().filter(|_| span.role == Role::Link) {
                    if link.places.is_empty() {
                        link.line = from + number;
                    }
                    link.places.push((from + number, at..at + display_width(span.text.trim_end())));
                    *missing = missing.saturating_sub(inked(&span.text));
                    if *missing == 0 {
                        self.prose.links.extend(now.take().map(|(link, _)| link));
                        now = waiting.next();
                    }
                }
                at += width;
            }
        }
        self.prose.links.extend(now.into_iter().chain(waiting).map(|(link, _)| link));
    }

    /// Breaks spans into lines at words.
    fn flow(&mut self, spans: &[Span], first: &[Span], rest: &[Span]) {
        for (number, line) in broken(spans, self.room(first), wrap::words).into_iter().enumerate() {
            self.push(if number == 0 { first } else { rest }, line);
        }
    }

    fn code(&mut self, info: &str, text: &str, indent: &[Span]) {
        let number = self.prose.snippets.len() + 1;
        self.prose.snippets.push(Snippet { line: self.prose.lines.len(), text: text.trim_end().to_owned() });
        let language = info.split_whitespace().next().unwrap_or("");
        self.push(indent, vec![Span::new(format!("┌ snippet {number} {language}").trim_end().to_owned(), Role::Dim)]);
        let inside: Vec<Span> = indent.iter().cloned().chain([Span::new("│ ", Role::Border)]).collect();
        let room = self.room(&inside);
        for line in highlight(info, text.trim_end()).iter().flat_map(|line| broken(line, room, wrap::rows)) {
            self.push(&inside, line);
        }
    }

    fn list(&mut self, from: Option<u64>, items: &[Item], indent: &[Span]) {
        for (number, item) in (from.unwrap_or(0)..).zip(items) {
            let bullet = match (item.task, from) {
                (Some(true), _) => "[x] ".to_owned(),
                (Some(false), _) => "[ ] ".to_owned(),
                (None, Some(_)) => format!("{number}. "),
                (None, None) => "• ".to_owned(),
            };
            let rest = deeper(indent, Span::new(" ".repeat(display_width(&bullet)), Role::Text));
            let first: Vec<Span> = indent.iter().cloned().chain([Span::new(bullet, Role::Dim)]).collect();
            let mut blocks = item.blocks.iter();
            match blocks.next() {
                Some(Block { kind: BlockKind::Paragraph(inlines), .. }) => self.inlines(inlines, &first, &rest),
                Some(other) => self.block(other, &rest),
                None => self.push(&first, Vec::new()),
            }
            blocks.for_each(|block| self.block(block, &rest));
        }
    }

    fn table(&mut self, head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], indent: &[Span]) {
        let widths = columns(head, rows, self.room(indent));
        let cells = |row: &[Vec<Inline>]| row.iter().map(|cell| cell.iter().map(span).collect::<Vec<_>>()).collect::<Vec<_>>();
        self.table_row(&cells(head), &widths, indent, Some(Role::Strong));
        let rule: String = widths.iter().map(|width| "─".repeat(*width)).collect::<Vec<_>>().join("─┼─");
        self.push(indent, vec![Span::new(rule, Role::Border)]);
        for row in rows {
            let mut x = indent.iter().map(|span| display_width(&span.text)).sum::<usize>();
            for (cell, width) in row.iter().zip(&widths) {
                let links = links_of(cell);
                if !links.is_empty() {
                    let lines = broken(&cell.iter().map(span).collect::<Vec<_>>(), *width, wrap::words);
                    self.place(&links, &lines, self.prose.lines.len(), x);
                }
                x += width + 3;
            }
            self.table_row(&cells(row), &widths, indent, None);
        }
    }

    /// A row of a table: every cell wrapped in its column.
    fn table_row(&mut self, cells: &[Vec<Span>], widths: &[usize], indent: &[Span], role: Option<Role>) {
        let set: Vec<Vec<Vec<Span>>> = cells.iter().zip(widths).map(|(cell, width)| broken(cell, *width, wrap::words)).collect();
        for line in 0..set.iter().map(Vec::len).max().unwrap_or(0) {
            let mut out = Vec::new();
            for (column, width) in widths.iter().enumerate() {
                let spans = set.get(column).and_then(|lines| lines.get(line)).cloned().unwrap_or_default();
                let used: usize = spans.iter().map(|span| display_width(&span.text)).sum();
                out.extend(spans.into_iter().map(|span| Span { role: role.unwrap_or(span.role), ..span }));
                out.push(Span::new(" ".repeat(width.saturating_sub(used)), Role::Text));
                if column + 1 < widths.len() {
                    out.push(Span::new(" │ ", Role::Border));
                }
            }
            self.push(indent, out);
        }
    }
}

fn links_of(inlines: &[Inline]) -> Vec<(&str, &str)> {
    inlines
        .iter()
        .filter_map(|inline| match inline {
            Inline::Link(text, target) => Some((text.as_str(), target.as_str())),
            _ => None,
        })
        .collect()
}

/// Spans cut into lines of `width` cells by a way of wrapping.
fn broken(spans: &[Span], width: usize, wrapped: fn(&str, usize) -> Vec<Range<usize>>) -> Vec<Vec<Span>> {
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    let cut = |row: Range<usize>| {
        let mut at = 0;
        let mut line = Vec::new();
        for span in spans {
            let (start, end) = (row.start.max(at), row.end.min(at + span.text.len()));
            if start < end {
                line.push(Span::new(clip(&span.text, start - at..end - at), span.role));
            }
            at += span.text.len();
        }
        line
    };
    wrapped(&text, width).into_iter().map(cut).collect()
}

fn deeper(indent: &[Span], by: Span) -> Vec<Span> {
    let used: usize = indent.iter().map(|span| display_width(&span.text)).sum();
    let by = if used + display_width(&by.text) > DEEPEST_INDENT { None } else { Some(by) };
    indent.iter().cloned().chain(by).collect()
}

/// The widths of a table's columns: as wide as their cells, the widest cut first until all fit.
fn columns(head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], room: usize) -> Vec<usize> {
    let count = head.len().max(1);
    let width = |cell: &Vec<Inline>| display_width(&plain(cell));
    let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).chain(head.get(column)).map(width).max().unwrap_or(0).max(3);
    let mut widths: Vec<usize> = (0..count).map(widest).collect();
    let room = room.saturating_sub(3 * (count - 1)).max(3 * count);
    while widths.iter().sum::<usize>() > room {
        let Some(most) = widths.iter_mut().max() else { break };
        if *most <= 3 {
            break;
        }
        *most -= 1;
    }
    widths
}

fn span(inline: &Inline) -> Span {
    match inline {
        Inline::Text(text) => Span::new(text.replace('\n', " "), Role::Text),
        Inline::Emphasis(text) => Span::new(text, Role::Emphasis),
        Inline::Strong(text) => Span::new(text, Role::Strong),
        Inline::Code(text) => Span::new(text, Role::Code),
        Inline::Link(text, _) => Span::new(text, Role::Link),
        Inline::Break => Span::new("\n", Role::Text),
    }
}

/// Text with code in backticks, as steps have it, as spans.
#[must_use]
pub fn ticked(text: &str, role: Role) -> Vec<Span> {
    text.split('`')
        .enumerate()
        .filter(|(_, part)| !part.is_empty())
        .map(|(number, part)| Span::new(part, if number % 2 == 1 { Role::Code } else { role }))
        .collect()
}

/// Spans broken into lines of `width` cells, at words; at most `rows` of them, the last one cut with `…`.
#[must_use]
pub fn lines(spans: &[Span], width: usize, rows: usize) -> Vec<Vec<Span>> {
    let mut lines = broken(spans, width.max(2), wrap::words);
    if lines.len() > rows {
        lines.truncate(rows);
        if let Some(last) = lines.last_mut() {
            let used: usize = last.iter().map(|span| display_width(&span.text)).sum();
            match last.last_mut() {
                Some(span) if used + 2 > width => span.text = fit(&format!("{}  ", span.text), display_width(&span.text)),
                Some(span) => span.text.push_str(" …"),
                None => last.push(Span::new("…", Role::Dim)),
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::markdown::blocks;

    fn set(markdown: &str, width: usize) -> Prose {
        let mut setter = Setter::new(width);
        setter.blocks(&blocks(markdown));
        setter.prose
    }

    fn text(prose: &Prose) -> Vec<String> {
        prose.lines.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect::<String>().trim_end().to_owned()).collect()
    }

    #[test]
    fn lists_quotes_and_code() {
        let prose = set("# T\n\n1. one two three four\n   - inner\n2. two\n\n> quoted\n\n```swift\nlet x = 1\n```\n", 14);
        assert_eq!(
            text(&prose),
            ["T", "", "1. one two", "   three four", "   • inner", "2. two", "", "│ quoted", "", "┌ snippet 1 swift", "│ let x = 1", ""]
        );
        assert_eq!(prose.headings, [(0, 1, "T".to_owned())]);
        assert_eq!(prose.snippets, [Snippet { line: 9, text: "let x = 1".into() }]);
    }

    #[test]
    fn tables_fit_the_width() {
        let prose = set("| code | meaning |\n|---|---|\n| -1 | a rather long meaning |\n| -2 | short |\n", 24);
        assert_eq!(
            text(&prose),
            ["code │ meaning", "─────┼──────────────────", "-1   │ a rather long", "     │ meaning", "-2   │ short", ""]
        );
        assert!(
            set("| a | b | c |\n|---|---|---|\n| 漢字漢字漢字 | x | y |\n", 12).lines.iter().all(|line| line
                .iter()
                .map(|span| display_width(&span.text))
                .sum::<usize>()
                <= 15)
        );
    }

    #[test]
    fn links_know_their_line_and_target() {
        let prose = set("Words that fill, then [the other page](other-page) and [Apple](https://x.y).\n", 24);
        assert_eq!(prose.links[0].target, "other-page");
        assert!(text(&prose)[prose.links[0].line].contains("the"));
        assert_eq!(prose.links[1].text, "Apple");
        assert_eq!(prose.lines_with("OTHER").len(), 1);
        assert!(prose.lines_with("").is_empty());
    }

    #[test]
    fn links_know_their_cells_even_over_lines_and_in_tables() {
        let prose = set("See [the other page of ours](other) and [b](c).\n\n| a | b |\n|---|---|\n| x | [y z](t) |\n", 16);
        for link in &prose.links {
            let inked: String = link
                .places
                .iter()
                .map(|(line, cells)| prose.text(*line).chars().skip(cells.start).take(cells.len()).collect::<String>())
                .collect::<Vec<_>>()
                .join(" ");
            assert_eq!(inked, link.text, "{:?}", text(&prose));
        }
        assert_eq!(prose.links.len(), 3);
        assert!(prose.links[0].places.len() > 1, "it is broken over lines");
    }

    #[test]
    fn deep_nesting_stays_readable() {
        let prose = set(&format!("{}word word word", "> ".repeat(40)), 40);
        assert!(text(&prose).iter().any(|line| line.contains("word word")), "{:?}", text(&prose));
    }

    #[test]
    fn short_texts_are_cut_with_a_sign() {
        let cut = lines(&ticked("run `codesign` on the app and look", Role::Text), 12, 2);
        assert_eq!(cut.len(), 2);
        assert_eq!(cut[0], [Span::new("run ", Role::Text), Span::new("codesign", Role::Code)]);
        assert!(cut[1].last().unwrap().text.ends_with('…'), "{cut:?}");
    }
}
