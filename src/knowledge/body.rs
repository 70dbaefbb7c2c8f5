//! The part of a page behind its front matter: sections, steps and self-tests.

use super::markdown::{Block, BlockKind, Inline, Item, blocks, plain, source_text};
use super::model::{Confidence, Severity};
use super::problem::Kind;
use std::ops::Range;

/// The body of a page, read.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// The sections in their order: heading, and where its text stands in the body.
    pub sections: Vec<(String, Range<usize>)>,
    /// The remediation.
    pub steps: Vec<Step>,
    /// The self-tests.
    pub tests: Vec<SelfTest>,
    /// Mistakes, each with its place in the body, in bytes.
    pub mistakes: Vec<Mistake>,
    /// Links to other pages, with their places.
    pub links: Vec<(String, usize)>,
}

/// A step of a checklist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Stable inside the page.
    pub id: String,
    /// What to do, with code in backticks; may hold `{name}` placeholders.
    pub text: String,
    /// A command or snippet that shows or does it, empty where there is none.
    pub command: String,
    /// The language of the command.
    pub language: String,
    /// What is seen then, empty where it is not said.
    pub expect: String,
}

/// A text with what the page must make of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfTest {
    /// The text.
    pub text: String,
    /// What is asserted.
    pub expect: Expectation,
    /// Other pages that rightly fire too.
    pub also: Vec<String>,
    /// Where the fence begins in the body, in bytes.
    pub at: usize,
}

/// What a self-test asserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// These patterns hit, and the finding has this confidence.
    Found(Vec<String>, Confidence),
    /// The page does not fire.
    Silent,
}

/// A mistake in a body.
#[derive(Debug, Clone)]
pub struct Mistake {
    /// What kind.
    pub kind: Kind,
    /// Where in the body, in bytes.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}

const SECTIONS: &[(&str, bool)] = &[
    ("Symptom", true),
    ("Cause", true),
    ("Neighbours", false),
    ("Remediation", true),
    ("Prevention", false),
    ("Example", false),
    ("Self-tests", true),
];
const NOISE_SECTIONS: &[(&str, bool)] =
    &[("Symptom", true), ("Why it is harmless", true), ("When it is not", true), ("Neighbours", false), ("Self-tests", true)];
/// A step's sentence is at most this long, in characters: what is longer is two steps.
const LONGEST_STEP: usize = 300;

impl Body {
    /// Reads the body of a page of this severity.
    #[must_use]
    pub fn read(source: &str, severity: Severity) -> Self {
        let blocks = blocks(source);
        let mut body = Self::default();
        body.split(source, &blocks);
        body.check_sections(if severity == Severity::Noise { NOISE_SECTIONS } else { SECTIONS });
        let inside = |name: &str, body: &Self| body.section(name).unwrap_or(0..0);
        let remediation = inside("Remediation", &body);
        let tests = inside("Self-tests", &body);
        body.read_steps(&blocks, &remediation, severity);
        for block in blocks.iter().filter(|block| tests.contains(&block.range.start)) {
            body.read_test(block);
        }
        body.links = links(&blocks);
        body
    }

    /// Where the section with this heading stands in the body.
    #[must_use]
    pub fn section(&self, name: &str) -> Option<Range<usize>> {
        self.sections.iter().find(|(heading, _)| heading == name).map(|(_, range)| range.clone())
    }

    fn mistake(&mut self, kind: Kind, at: usize, message: String, hint: &'static str) {
        self.mistakes.push(Mistake { kind, at, message, hint });
    }

    fn split(&mut self, source: &str, blocks: &[Block]) {
        for block in blocks {
            match &block.kind {
                BlockKind::Heading(2, inlines) => {
                    if let Some((_, range)) = self.sections.last_mut() {
                        range.end = block.range.start;
                    }
                    self.sections.push((plain(inlines), block.range.end..source.len()));
                }
                BlockKind::Heading(1, _) => {
                    self.mistake(
                        Kind::Section,
                        block.range.start,
                        "a `# ` heading inside a page".into(),
                        "The title stands in the front matter; sections begin with `## `.",
                    );
                }
                _ => {}
            }
        }
    }

    fn check_sections(&mut self, wanted: &[(&str, bool)]) {
        let mut next = 0;
        for (heading, range) in self.sections.clone() {
            match wanted.iter().position(|(name, _)| *name == heading) {
                Some(place) if place >= next => next = place + 1,
                Some(_) => self.mistake(
                    Kind::Section,
                    range.start,
                    format!("section `{heading}` stands twice or out of order"),
                    "See K12 for the order.",
                ),
                None => self.mistake(
                    Kind::Section,
                    range.start,
                    format!("unknown section `{heading}`"),
                    "See K12 for the sections that a page has.",
                ),
            }
        }
        for (name, _) in wanted.iter().filter(|(_, needed)| *needed) {
            if self.section(name).is_none() {
                self.mistake(Kind::Section, 0, format!("no section `## {name}`"), "See K12 for the sections that a page has.");
            }
        }
    }

    fn read_steps(&mut self, blocks: &[Block], section: &Range<usize>, severity: Severity) {
        for block in blocks.iter().filter(|block| section.contains(&block.range.start)) {
            let BlockKind::List(_, items) = &block.kind else { continue };
            for item in items.iter().filter(|item| item.task.is_some()) {
                let step = self.read_step(item);
                if self.steps.iter().any(|known| known.id == step.id && !step.id.is_empty()) {
                    self.mistake(
                        Kind::Step,
                        item.range.start,
                        format!("step id `{}` stands twice", step.id),
                        "Step ids are unique in a page.",
                    );
                }
                self.steps.push(step);
            }
        }
        let count = self.steps.len();
        if severity != Severity::Noise && !(2..=9).contains(&count) {
            self.mistake(Kind::Step, section.start, format!("{count} steps"), "Remediation has two to nine steps, each `- [ ] …`.");
        }
    }

    fn read_step(&mut self, item: &Item) -> Step {
        let mut step = Step::default();
        for block in &item.blocks {
            match &block.kind {
                BlockKind::Paragraph(inlines) => Self::read_paragraph(&mut step, inlines),
                BlockKind::Code(info, text) if step.command.is_empty() => {
                    step.command = text.trim_end().to_owned();
                    step.language = info.split_whitespace().next().unwrap_or("").to_owned();
                }
                _ => {}
            }
        }
        if !is_kebab(&step.id) {
            self.mistake(Kind::Step, item.range.start, "a step without an id".into(), "End its first paragraph with `{#kebab-case}`.");
        }
        if !step.command.is_empty() && step.expect.is_empty() {
            self.mistake(
                Kind::Step,
                item.range.start,
                format!("step `{}` has a command and no `Expect:`", step.id),
                "Say behind the command what is seen then.",
            );
        }
        let length = crate::text::char_len(&step.text);
        if length > LONGEST_STEP {
            self.mistake(
                Kind::Length,
                item.range.start,
                format!("step `{}` has {length} characters, at most {LONGEST_STEP}", step.id),
                "Make two steps of it, or move the reason to Cause.",
            );
        }
        step
    }

    fn read_paragraph(step: &mut Step, inlines: &[Inline]) {
        let text = source_text(inlines);
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("Expect:") {
            step.expect = rest.trim().to_owned();
            return;
        }
        if !step.text.is_empty() {
            step.text.push(' ');
        }
        let (sentence, id) = match text.rsplit_once("{#") {
            Some((sentence, rest)) if step.id.is_empty() && rest.contains('}') => {
                let (id, after) = rest.split_once('}').unwrap_or((rest, ""));
                step.expect = after.trim().strip_prefix("Expect:").map_or(String::new(), |e| e.trim().to_owned());
                (sentence.trim(), Some(id))
            }
            _ => (text, None),
        };
        step.text.push_str(sentence);
        if let Some(id) = id {
            id.clone_into(&mut step.id);
        }
    }

    fn read_test(&mut self, block: &Block) {
        let BlockKind::Code(info, text) = &block.kind else { return };
        let mut words = info.split_whitespace();
        let form = words.next().unwrap_or("");
        if !matches!(form, "log" | "post" | "artifact") {
            self.mistake(
                Kind::Fence,
                block.range.start,
                format!("self-test begins with `{form}`"),
                "The first word is `log`, `post` or `artifact`.",
            );
            return;
        }
        let mut found: Option<Vec<String>> = None;
        let mut confidence = None;
        let mut silent = false;
        let mut also = Vec::new();
        let list = |value: &str| value.split(',').map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect::<Vec<_>>();
        for word in words {
            match word.split_once('=') {
                None if word == "silent" => silent = true,
                Some(("match", ids)) => found = Some(list(ids)),
                Some(("also", ids)) => also = list(ids),
                Some(("confidence", word)) if Confidence::parse(word).is_some() => confidence = Confidence::parse(word),
                _ => {
                    let known = ["silent", "match=", "confidence=certain", "confidence=likely", "confidence=possible", "also="];
                    let near = nearest(word, known.iter().copied()).unwrap_or("silent");
                    self.mistake(
                        Kind::Fence,
                        block.range.start,
                        format!("unknown word `{word}`; did you mean `{near}`?"),
                        "See K14 for the words.",
                    );
                    return;
                }
            }
        }
        let expect = match (silent, found, confidence) {
            (true, None, None) => Expectation::Silent,
            (false, Some(ids), Some(confidence)) => Expectation::Found(ids, confidence),
            _ => {
                self.mistake(
                    Kind::Fence,
                    block.range.start,
                    format!("`{info}` asserts nothing"),
                    "Write `silent`, or both `match=…` and `confidence=…`.",
                );
                return;
            }
        };
        self.tests.push(SelfTest { text: text.clone(), expect, also, at: block.range.start });
    }
}

/// Links that name a page instead of an address.
fn links(blocks: &[Block]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for block in blocks {
        let mut take = |inlines: &[Inline]| {
            for inline in inlines {
                if let Inline::Link(_, to) = inline
                    && !to.contains(':')
                    && !to.starts_with('#')
                {
                    found.push((to.clone(), block.range.start));
                }
            }
        };
        match &block.kind {
            BlockKind::Heading(_, inlines) | BlockKind::Paragraph(inlines) => take(inlines),
            BlockKind::Table(head, rows) => head.iter().chain(rows.iter().flatten()).for_each(|cell| take(cell)),
            BlockKind::List(_, items) => found.extend(items.iter().flat_map(|item| links(&item.blocks))),
            BlockKind::Quote(inner) => found.extend(links(inner)),
            BlockKind::Code(..) | BlockKind::Rule => {}
        }
    }
    found
}

/// Whether `id` is kebab-case of at most 60 characters.
#[must_use]
pub fn is_kebab(id: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    id.len() <= 60 && id.split('-').all(word)
}

/// The known word nearest to `word`, if one is near enough to be meant.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(word.len()) / 2)
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "## Symptom\nx\n## Cause\nsee [other](other-page)\n## Remediation\n- [ ] Do it. {#one}\n\n  ```console\n  ls `a`\n  ```\n  Expect: files\n- [ ] Look. {#two} Expect: nothing\n## Self-tests\n```log match=a,b confidence=likely also=x\nline\n```\n```log silent\nnear\n```\n";

    #[test]
    fn reads_steps_and_tests() {
        let body = Body::read(BODY, Severity::High);
        assert!(body.mistakes.is_empty(), "{:?}", body.mistakes);
        assert_eq!(body.steps[0].command, "ls `a`");
        assert_eq!(body.steps[0].expect, "files");
        assert_eq!((body.steps[1].id.as_str(), body.steps[1].expect.as_str()), ("two", "nothing"));
        assert_eq!(body.tests.len(), 2);
        assert_eq!(body.tests[0].expect, Expectation::Found(vec!["a".into(), "b".into()], Confidence::Likely));
        assert_eq!(body.tests[0].also, ["x"]);
        assert_eq!(body.links[0].0, "other-page");
    }

    #[test]
    fn says_what_is_wrong() {
        let kinds = |text: &str| Body::read(text, Severity::High).mistakes.iter().map(|m| m.kind).collect::<Vec<_>>();
        assert!(kinds(&BODY.replace("{#one}", "")).contains(&Kind::Step));
        assert!(kinds(&BODY.replace("Expect: files", "")).contains(&Kind::Step));
        assert!(kinds(&BODY.replace("log silent", "log silnt")).contains(&Kind::Fence));
        assert!(kinds(&BODY.replace("## Cause", "## Causes")).contains(&Kind::Section));
        assert!(kinds(&BODY.replace("confidence=likely", "")).contains(&Kind::Fence));
        assert!(kinds(&BODY.replace("{#two}", "{#one}")).contains(&Kind::Step));
    }
}
