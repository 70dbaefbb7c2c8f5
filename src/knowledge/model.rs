//! The types of the knowledge: a page, its patterns and rules, a guide, the topics.

use super::origin::Provenance;
use std::fmt;
use std::sync::Arc;

/// A topic: a folder under `knowledge/`.
#[derive(Debug, PartialEq, Eq)]
pub struct Topic {
    /// The folder's name.
    pub id: &'static str,
    /// As people read it.
    pub title: &'static str,
}

/// The twenty topics, in the order in which they are shown.
pub const TOPICS: &[Topic] = &[
    Topic { id: "keychain", title: "Keychain" },
    Topic { id: "secure-enclave", title: "Secure Enclave" },
    Topic { id: "biometrics", title: "Biometrics" },
    Topic { id: "crypto-certs", title: "Keys and certificates" },
    Topic { id: "siwa", title: "Sign in with Apple" },
    Topic { id: "app-attest", title: "App Attest" },
    Topic { id: "passkeys", title: "Passkeys" },
    Topic { id: "credential-provider", title: "Credential providers" },
    Topic { id: "associated-domains", title: "Associated domains" },
    Topic { id: "web-auth", title: "Web authentication" },
    Topic { id: "platform-sso", title: "Platform SSO" },
    Topic { id: "sandbox", title: "App Sandbox" },
    Topic { id: "tcc-privacy", title: "Privacy permissions (TCC)" },
    Topic { id: "att", title: "App Tracking Transparency" },
    Topic { id: "privacy-manifest", title: "Privacy manifests" },
    Topic { id: "data-protection", title: "Data protection" },
    Topic { id: "code-signing", title: "Code signing" },
    Topic { id: "hardened-runtime", title: "Hardened runtime" },
    Topic { id: "notarization", title: "Notarization" },
    Topic { id: "transport-security", title: "Transport security" },
];

/// The topic with this id.
#[must_use]
pub fn topic(id: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.id == id)
}

/// A closed set of words that files may use.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word for it in files and documents.
            #[must_use]
            pub fn word(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// The value that `word` stands for.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> { Self::ALL.iter().copied().find(|value| value.word() == word) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result { out.pad(self.word()) }
        }
    };
}

words! {
    /// How bad a pitfall is; worst first.
    Severity {
        /// Data or keys lost, or a security hole.
        Critical = "critical",
        /// A feature is broken.
        High = "high",
        /// A feature is broken for some, or there is a way around.
        Medium = "medium",
        /// A nuisance.
        Low = "low",
        /// Looks alarming and is normal.
        Noise = "noise",
    }
}
words! {
    /// How sure a finding is; surest first.
    Confidence {
        /// We would bet on it: right 97 times of 100.
        Certain = "certain",
        /// Right 80 times of 100.
        Likely = "likely",
        /// Worth a look.
        Possible = "possible",
    }
}
words! {
    /// An Apple platform.
    Platform {
        /// iOS and iPadOS.
        Ios = "ios",
        /// macOS.
        Macos = "macos",
        /// tvOS.
        Tvos = "tvos",
        /// watchOS.
        Watchos = "watchos",
        /// visionOS.
        Visionos = "visionos",
    }
}
words! {
    /// Where a page stands in its life.
    Status {
        /// Not finished.
        Draft = "draft",
        /// Holds.
        Stable = "stable",
        /// Replaced by another page.
        Retired = "retired",
    }
}

/// An error code: a number, or a word where the domain uses words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A number; 32-bit values are signed.
    Number(i64),
    /// A word such as `invalid_client` or `CA92.1`.
    Text(String),
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(out, "{number}"),
            Self::Text(text) => out.write_str(text),
        }
    }
}

/// One thing that goes wrong.
#[derive(Debug, Clone)]
pub struct Page {
    /// The id, the same for ever.
    pub id: String,
    /// One line, with the code.
    pub title: String,
    /// The topic's id.
    pub topic: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where it happens.
    pub platforms: Vec<Platform>,
    /// Where the page stands in its life.
    pub status: Status,
    /// The id of the page that replaces a retired one.
    pub replaced_by: Option<String>,
    /// One or two sentences; may hold `{name}` of a captured group.
    pub summary: String,
    /// Search words that are not in the text.
    pub keywords: Vec<String>,
    /// Other ids that lead here.
    pub aliases: Vec<String>,
    /// How it shows itself.
    pub patterns: Vec<PatternSpec>,
    /// When it is found, strongest rule first.
    pub rules: Vec<Rule>,
    /// General pages that this one explains when both are found.
    pub absorbs: Vec<String>,
    /// Questions that decide.
    pub ask: Vec<String>,
    /// Where it is written.
    pub references: Vec<Reference>,
    /// Ids of pages near it.
    pub related: Vec<String>,
    /// First versions that have it, by platform.
    pub since: Vec<(String, String)>,
    /// First versions without it, by platform.
    pub fixed_in: Vec<(String, String)>,
    /// The date of the last review, `YYYY-MM-DD`.
    pub reviewed: String,
    /// Where it is from, and what was tuned on it.
    pub from: Provenance,
    /// The file, as problems name it.
    pub path: String,
    /// The whole file.
    pub raw: Arc<str>,
    /// Where the body begins in `raw`, in bytes.
    pub body_at: usize,
}

impl Page {
    /// The Markdown behind the front matter.
    #[must_use]
    pub fn body_text(&self) -> &str {
        crate::text::tail(&self.raw, self.body_at)
    }
}

/// A reference page without patterns.
#[derive(Debug, Clone)]
pub struct Guide {
    /// The id, unique among pages and guides.
    pub id: String,
    /// One line.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Search words.
    pub keywords: Vec<String>,
    /// Ids of pages near it.
    pub related: Vec<String>,
    /// Where it is written.
    pub references: Vec<Reference>,
    /// The date of the last review.
    pub reviewed: String,
    /// Where it is from, and what was tuned on it.
    pub from: Provenance,
    /// The file, as problems name it.
    pub path: String,
    /// The whole file.
    pub raw: Arc<str>,
    /// Where the body begins in `raw`, in bytes.
    pub body_at: usize,
}

impl Guide {
    /// The Markdown behind the front matter.
    #[must_use]
    pub fn body_text(&self) -> &str {
        crate::text::tail(&self.raw, self.body_at)
    }
}

/// A title, and an address where it is sure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The title.
    pub title: String,
    /// The address.
    pub url: Option<String>,
}

/// One way in which a pitfall shows itself.
#[derive(Debug, Clone)]
pub struct PatternSpec {
    /// Its name inside the page.
    pub id: String,
    /// What is looked for.
    pub test: Test,
}

/// What a pattern looks for.
#[derive(Debug, Clone)]
pub enum Test {
    /// An error in any spelling.
    Code(CodeSpec),
    /// A literal, and a regular expression on the lines that hold it.
    Text {
        /// Any of these; ASCII case ignored.
        needles: Vec<String>,
        /// Runs on lines with a needle.
        regex: Option<String>,
    },
    /// A fact with these fields.
    Fact(FactTest),
}

/// An error as a page names it: `errSecParam`, `-34018`, `DCError:3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSpec(pub String);

/// A fact as a page describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactTest {
    /// The kind's word.
    pub kind: String,
    /// Field and accepted values; `*` at the end of a value matches any rest.
    pub fields: Vec<(String, Vec<String>)>,
}

/// When a page is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// All of these patterns hit.
    pub all: Vec<String>,
    /// One of these hits, where there are any.
    pub any: Vec<String>,
    /// None of these hits.
    pub unless: Vec<String>,
    /// These hit on the same or a later line.
    pub then: Vec<String>,
    /// The pattern hits at least so often.
    pub count: Vec<(String, usize)>,
    /// All inside so many lines.
    pub within: Option<usize>,
    /// All on lines of one process.
    pub same_process: bool,
    /// How sure the finding is.
    pub confidence: Confidence,
}

impl Rule {
    /// Every pattern that the rule names.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        let counted = self.count.iter().map(|(id, _)| id);
        self.all.iter().chain(&self.any).chain(&self.unless).chain(&self.then).chain(counted)
    }
}
