//! What can be wrong with a knowledge file, each with a stable code and an explanation.

use std::fmt;

/// One mistake in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of mistake.
    pub kind: Kind,
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong, with the values seen.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}:{}:{}: {} {}{}",
            self.path,
            self.line,
            self.column,
            self.kind.code(),
            if self.kind.is_warning() { "warning: " } else { "" },
            self.message
        )?;
        if self.hint.is_empty() { Ok(()) } else { write!(out, "\n    hint: {}", self.hint) }
    }
}

macro_rules! kinds {
    ($($variant:ident = $code:literal, $title:literal, $text:literal;)+) => {
        /// The kinds of mistake; the codes are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $(#[doc = $title] $variant),+ }
        /// Every kind, by code.
        pub const PROBLEMS: &[Kind] = &[$(Kind::$variant),+];
        impl Kind {
            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// Whether it is told and fails nothing.
            #[must_use]
            pub fn is_warning(self) -> bool { matches!(self, Self::Stale) }
            /// What it is, in a few words.
            #[must_use]
            pub fn title(self) -> &'static str { match self { $(Self::$variant => $title),+ } }
            /// What it means and what to do.
            #[must_use]
            pub fn explanation(self) -> &'static str { match self { $(Self::$variant => $text),+ } }
        }
    };
}

kinds! {
    NoFrontMatter = "K01", "no front matter", "A page begins with a line that is exactly `---`, then YAML, then another line that is exactly `---`. Nothing may stand before the first one.";
    Yaml = "K02", "the YAML cannot be read", "The front matter, overlay.yaml or the catalogue is not valid YAML, or a key is unknown, missing, written twice, or holds the wrong kind of value. Quote strings that contain `: `, ` #`, quotes or a leading `[`, `{`, `*`, `&`, `!`, `%`, `@`.";
    Id = "K03", "bad id", "An id is kebab-case (`a-z`, `0-9`, `-`), at most 60 characters, the same as the file's name, and unique among all pages, guides and aliases.";
    Topic = "K04", "bad topic", "The topic is one of the twenty, and the folder has its name.";
    Word = "K05", "unknown word", "A field with a closed set of words (severity, status, platforms, confidence, same) holds another word.";
    Length = "K06", "too long or too short", "A title has at most 90 characters, a summary 30 to 260, a needle 4 to 80, a regex at most 300, a page at most 180 lines, a step at most 300 characters, and a page has 1 to 14 patterns.";
    Pattern = "K07", "bad pattern", "A pattern has an id and exactly one of `code`, `needle` (with an optional `regex`) and `fact`. A regex must compile without look-around and within the size limit.";
    CodeSpec = "K08", "unknown code", "A `code:` pattern names an error that no catalogue under knowledge/codes lists. Mend the spelling, or add the entry.";
    FactKind = "K09", "unknown fact", "A `fact:` pattern names a kind or field that facts do not have; the author's guide lists them.";
    Rule = "K10", "bad rule", "A rule names only patterns of its own page, and asks for something: `all` or `any` is not empty.";
    UnusedPattern = "K11", "pattern in no rule", "A pattern that no rule names does nothing. Use it, or take it out.";
    Section = "K12", "bad sections", "The sections stand in a fixed order under `## ` headings: Symptom, Cause, Neighbours?, Remediation, Prevention?, Example?, Self-tests. Noise pages: Symptom, Why it is harmless, When it is not, Self-tests.";
    Step = "K13", "bad step", "Remediation is a task list (`- [ ] …`) of two to nine steps. Each has an id `{#kebab-case}` at the end of its first paragraph, unique in the page, and a step with a fenced command says what is seen then, after `Expect:`.";
    Fence = "K14", "bad self-test fence", "A self-test's info string is `log`, `post` or `artifact`, then `silent`, or `match=a,b confidence=WORD` and perhaps `also=id,id`. An unknown word is an error, so that a mistyped marker cannot test nothing.";
    Unproven = "K15", "pattern without a proof", "Every pattern is listed in the `match=` of at least one self-test.";
    Unshown = "K16", "confidence without a proof", "Every confidence that a rule claims is shown by a self-test.";
    FewSilent = "K17", "too few silent tests", "A page needs two silent self-tests (a noise page one), each a near miss.";
    TestFailed = "K18", "self-test failed", "The patterns listed did not all hit, or the finding has another confidence, or a silent test fired. `pitfall triage --explain-match` on the text says which condition failed.";
    Unearned = "K19", "silence not earned", "A silent test must be a near miss: at least one pattern hits, or one needle stands in it.";
    CrossFire = "K20", "cross-fire", "Another page claims `certain` or `likely` for this self-test. One of the two rules says too much, or `absorbs` is missing, or the fence should name it with `also=`.";
    Link = "K21", "dead link", "`related`, `absorbs`, `replaced-by`, a catalogue's `pitfalls` and links in the text name existing pages or guides by id.";
    Reference = "K22", "bad reference", "A page has at least one reference; a `url` begins with https://.";
    Capture = "K23", "unknown placeholder", "A `{name}` in the summary or a step is the name of a group of one of the page's regexes, or a field of its fact patterns.";
    Catalogue = "K24", "bad catalogue entry", "An entry has a code or a name, a meaning and a source; code and name are unique in the domain.";
    Overlay = "K25", "bad overlay", "An overlay is a folder with topic folders, `guides`, `codes` and an optional overlay.yaml (`disable: [ids]`, `severity:`, `confidence:`, `notes:` by id) and pack.yaml (`name`, `owner`, perhaps `version`, `description`, `homepage`, `minimum-pitfall`); other files are not read.";
    Encoding = "K26", "not UTF-8", "Knowledge files are UTF-8.";
    Size = "K27", "too large", "A knowledge file has at most 256 KiB (a catalogue 2 MiB), YAML is nested at most 12 levels deep and has no aliases.";
    Benign = "K28", "fires on a healthy log", "A page fires `certain` or `likely` on the benign corpus: healthy logs full of harmless errors. Its rule says too much.";
    Date = "K29", "bad date", "`reviewed` is a date, YYYY-MM-DD.";
    Stale = "K30", "tuning of what is not there", "An overlay.yaml names an id that no page, guide or alias has, perhaps since an update. This is a warning: the rest of the tuning holds, and the exit status does not change. Take the id out, or name the page that came in its place.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        let codes: Vec<_> = PROBLEMS.iter().map(|kind| kind.code()).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(codes, sorted);
    }
}
