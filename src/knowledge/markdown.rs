//! The one home of `pulldown-cmark`: Markdown into blocks that screens and reports can draw.
//!
//! Blocks keep where they stand in the source, so that problems have a place and links a target.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// A piece of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its bytes in the source.
    pub range: Range<usize>,
}

/// The kinds of block.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockKind {
    /// A heading of this level.
    Heading(u8, Vec<Inline>),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A fenced or indented code block: info string and text.
    Code(String, String),
    /// A list; numbered from here, if it is.
    List(Option<u64>, Vec<Item>),
    /// A quotation.
    Quote(Vec<Block>),
    /// A table: header cells and rows of cells.
    Table(Vec<Vec<Inline>>, Vec<Vec<Vec<Inline>>>),
    /// A rule across the page.
    Rule,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Whether it has a checkbox, and a ticked one.
    pub task: Option<bool>,
    /// What stands in it.
    pub blocks: Vec<Block>,
    /// Its bytes in the source.
    pub range: Range<usize>,
}

/// Text inside a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Emphasis.
    Emphasis(String),
    /// Strong emphasis.
    Strong(String),
    /// Code.
    Code(String),
    /// A link: its text and where it leads.
    Link(String, String),
    /// A line end that was asked for.
    Break,
}

impl Inline {
    /// The text as people read it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Emphasis(text) | Self::Strong(text) | Self::Code(text) | Self::Link(text, _) => text,
            Self::Break => "\n",
        }
    }
}

/// The plain text of some inlines.
#[must_use]
pub fn plain(inlines: &[Inline]) -> String {
    inlines.iter().map(Inline::text).collect()
}

/// The inlines as Markdown again, on one line, code in backticks.
#[must_use]
pub fn source_text(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for inline in inlines {
        match inline {
            Inline::Code(code) => {
                out.push('`');
                out.push_str(code);
                out.push('`');
            }
            Inline::Break => out.push(' '),
            other => out.push_str(other.text()),
        }
    }
    out
}

/// Reads Markdown (tables and task lists included). Raw HTML is kept as text; nesting deeper than any page needs is flattened.
#[must_use]
pub fn blocks(source: &str) -> Vec<Block> {
    let events = Parser::new_ext(source, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS).into_offset_iter();
    let mut builder = Builder { stack: vec![Frame::default()], skipped: 0 };
    for (event, range) in events {
        builder.event(event, range);
    }
    builder.finish()
}

/// Containers deeper than this put their blocks into the container around them.
const DEEPEST: usize = 32;

/// An open container and what has been gathered for it.
#[derive(Default)]
struct Frame {
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<Item>,
    cells: Vec<Vec<Inline>>,
    rows: Vec<Vec<Vec<Inline>>>,
    head: Vec<Vec<Inline>>,
    task: Option<bool>,
    styles: Vec<Style>,
    code: Option<String>,
}

enum Style {
    Emphasis,
    Strong,
    Link(String),
}

struct Builder {
    stack: Vec<Frame>,
    /// Open containers that were too deep to get a frame of their own.
    skipped: usize,
}

impl Builder {
    fn top(&mut self) -> &mut Frame {
        if self.stack.is_empty() {
            self.stack.push(Frame::default());
        }
        let last = self.stack.len() - 1;
        &mut self.stack[last]
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag, range),
            Event::Code(code) => self.top().inlines.push(Inline::Code(code.into_string())),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.top().inlines.push(Inline::Break),
            Event::Rule => self.top().blocks.push(Block { kind: BlockKind::Rule, range }),
            Event::TaskListMarker(done) => self.top().task = Some(done),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let frame = self.top();
        if let Some(code) = &mut frame.code {
            code.push_str(text);
            return;
        }
        let inline = match frame.styles.last() {
            None => Inline::Text(text.to_owned()),
            Some(Style::Emphasis) => Inline::Emphasis(text.to_owned()),
            Some(Style::Strong) => Inline::Strong(text.to_owned()),
            Some(Style::Link(url)) => Inline::Link(text.to_owned(), url.clone()),
        };
        match (frame.inlines.last_mut(), &inline) {
            (Some(Inline::Text(last)), Inline::Text(more)) => last.push_str(more),
            _ => frame.inlines.push(inline),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Emphasis => self.top().styles.push(Style::Emphasis),
            Tag::Strong => self.top().styles.push(Style::Strong),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.top().styles.push(Style::Link(dest_url.into_string())),
            Tag::CodeBlock(kind) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                let frame = self.top();
                frame.code = Some(String::new());
                frame.inlines.push(Inline::Code(info));
            }
            Tag::List(_) | Tag::Item | Tag::BlockQuote(_) | Tag::Table(_) => self.open_container(),
            Tag::Paragraph | Tag::Heading { .. } => self.close_loose(&(0..0)),
            _ => {}
        }
    }

    /// Inlines of a tight list item have no paragraph of their own; a following block closes them.
    fn close_loose(&mut self, range: &Range<usize>) {
        let frame = self.top();
        if frame.code.is_none() && !frame.inlines.is_empty() {
            let inlines = std::mem::take(&mut frame.inlines);
            frame.blocks.push(Block { kind: BlockKind::Paragraph(inlines), range: range.clone() });
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image => {
                self.top().styles.pop();
            }
            TagEnd::Paragraph => self.close_loose(&range),
            TagEnd::Heading(level) => {
                let inlines = std::mem::take(&mut self.top().inlines);
                self.top().blocks.push(Block { kind: BlockKind::Heading(level_number(level), inlines), range });
            }
            TagEnd::CodeBlock => {
                let frame = self.top();
                let text = frame.code.take().unwrap_or_default();
                let info = match frame.inlines.pop() {
                    Some(Inline::Code(info)) => info,
                    _ => String::new(),
                };
                self.close_loose(&range);
                self.top().blocks.push(Block { kind: BlockKind::Code(info, text), range });
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.top().inlines);
                self.top().cells.push(cell);
            }
            TagEnd::TableHead => {
                let cells = std::mem::take(&mut self.top().cells);
                self.top().head = cells;
            }
            TagEnd::TableRow => {
                let cells = std::mem::take(&mut self.top().cells);
                self.top().rows.push(cells);
            }
            TagEnd::List(_) | TagEnd::Item | TagEnd::BlockQuote(_) | TagEnd::Table => self.close_container(tag, range),
            _ => {}
        }
    }

    fn open_container(&mut self) {
        if self.skipped > 0 || self.stack.len() >= DEEPEST {
            self.skipped += 1;
        } else {
            self.stack.push(Frame::default());
        }
    }

    fn close_container(&mut self, tag: TagEnd, range: Range<usize>) {
        self.close_loose(&range);
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        if self.stack.len() < 2 {
            return;
        }
        let Some(frame) = self.stack.pop() else { return };
        let parent = self.top();
        match tag {
            TagEnd::Item => parent.items.push(Item { task: frame.task, blocks: frame.blocks, range }),
            TagEnd::List(ordered) => {
                let first = ordered.then_some(1);
                self.close_loose(&range);
                self.top().blocks.push(Block { kind: BlockKind::List(first, frame.items), range });
            }
            TagEnd::BlockQuote(_) => parent.blocks.push(Block { kind: BlockKind::Quote(frame.blocks), range }),
            _ => parent.blocks.push(Block { kind: BlockKind::Table(frame.head, frame.rows), range }),
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.close_loose(&(0..0));
        while self.stack.len() > 1 {
            let Some(frame) = self.stack.pop() else { break };
            self.top().blocks.extend(frame.blocks);
        }
        self.stack.pop().map(|frame| frame.blocks).unwrap_or_default()
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<BlockKind> {
        blocks(source).into_iter().map(|block| block.kind).collect()
    }

    #[test]
    fn a_task_list_keeps_its_steps_and_their_commands() {
        let found = kinds("- [ ] Do **this** with `x`. {#a}\n\n  ```console\n  ls\n  ```\n  Expect: y\n- [x] Second\n  1. inner\n");
        let [BlockKind::List(None, items)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(items.len(), 2);
        assert_eq!(items[0].task, Some(false));
        assert_eq!(items[1].task, Some(true));
        assert!(matches!(&items[0].blocks[0].kind, BlockKind::Paragraph(p) if plain(p) == "Do this with x. {#a}"));
        assert_eq!(items[0].blocks[1].kind, BlockKind::Code("console".into(), "ls\n".into()));
        assert!(matches!(&items[0].blocks[2].kind, BlockKind::Paragraph(p) if plain(p) == "Expect: y"));
        assert!(matches!(&items[1].blocks[1].kind, BlockKind::List(Some(1), inner) if inner.len() == 1));
    }

    #[test]
    fn tables_links_and_headings() {
        let found = kinds("## Head\n\n| a | b |\n|---|---|\n| 1 | [t](u) |\n\n> quoted\n");
        assert_eq!(found[0], BlockKind::Heading(2, vec![Inline::Text("Head".into())]));
        let BlockKind::Table(head, rows) = &found[1] else { panic!("{found:?}") };
        assert_eq!((head.len(), rows.len()), (2, 1));
        assert_eq!(rows[0][1], [Inline::Link("t".into(), "u".into())]);
        assert!(matches!(&found[2], BlockKind::Quote(inner) if inner.len() == 1));
    }

    #[test]
    fn deep_nesting_is_flattened_not_fatal() {
        assert!(!blocks(&"> ".repeat(5_000)).is_empty() || blocks(&"- ".repeat(5_000)).len() < 5_000);
        let text = format!("{}word", "- ".repeat(200));
        assert!(!blocks(&text).is_empty());
    }
}
