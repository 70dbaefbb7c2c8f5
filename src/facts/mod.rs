//! What a text says: error codes however they are written, denials, refusals, and the circumstances they happened in.
//!
//! One file a family. A family names literals that announce it (`Family::triggers`); it is asked to read a line only where one of them
//! stands, so that a long log costs one pass over all literals of all families, and nothing else. The families know nothing of each other:
//! [`Extractor::line`] runs them and drops what two of them said of the same place.

mod context;
mod crash;
mod entitlement;
mod errors;
mod exit_status;
mod family;
mod http;
mod libraries;
mod loose;
mod mangled;
mod mentions;
mod oauth;
mod origin;
mod osstatus;
mod posix;
mod sandbox;
mod statuses;
mod symbols;
mod system;
mod tcc;
mod tls;
mod transcripts;
mod web;

pub use family::{Announced, Extractor, Scope, Trigger};
pub use origin::{Origin, Role, origin, role_of};

use crate::knowledge::Code;
use std::borrow::Cow;

/// A typed thing that a text says, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What kind of thing.
    pub kind: Kind,
    /// The domain of an error, in full.
    pub domain: Option<String>,
    /// The code of an error.
    pub code: Option<Code>,
    /// The symbol, word, key or name.
    pub name: Option<String>,
    /// Where it begins, in bytes of the cleaned text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What else is said of it.
    pub fields: Vec<(&'static str, String)>,
}

macro_rules! fact_kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal [$($field:literal),*]),+ $(,)?) => {
        /// The kinds of fact.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $variant),+ }
        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word for it in files and documents.
            #[must_use]
            pub fn word(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// The kind that `word` stands for.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> { Self::ALL.iter().copied().find(|kind| kind.word() == word) }
            /// The fields that a pattern may ask for.
            #[must_use]
            pub fn fields(self) -> &'static [&'static str] { match self { $(Self::$variant => &[$($field),*]),+ } }
        }
    };
}

fact_kinds! {
    /// An error code.
    Error = "error" ["domain", "code", "name", "nested", "under"],
    /// How a tool ended.
    ExitStatus = "exit-status" ["code", "tool"],
    /// Something that a sandbox refused.
    SandboxDenial = "sandbox-denial" ["operation", "target", "process", "reporter"],
    /// A privacy decision.
    Tcc = "tcc" ["service", "decision", "process", "key"],
    /// An OAuth error.
    OAuth = "oauth" ["name", "description"],
    /// A `DOMException` of `WebAuthn`.
    WebAuthn = "webauthn" ["name"],
    /// Why a process ended.
    Crash = "crash" ["exception", "signal", "namespace", "code", "reason", "process"],
    /// What a signing or notarization tool found.
    Verdict = "verdict" ["tool", "result"],
    /// An entitlement that is named.
    Entitlement = "entitlement" ["name", "value"],
    /// A privacy key of Info.plist that is named.
    UsageKey = "usage-key" ["name"],
    /// An API that is named.
    Api = "api" ["name"],
    /// A circumstance.
    Context = "context" ["is"],
    /// An operating system.
    Platform = "platform" ["os", "version"],
    /// A framework, language or service.
    Framework = "framework" ["name"],
    /// A process that a log line names.
    Process = "process" ["name", "role"],
    /// A bundle identifier.
    BundleId = "bundle-id" ["name"],
    /// A team identifier.
    TeamId = "team-id" ["name"],
    /// An address.
    Url = "url" ["host", "path"],
}

impl Fact {
    /// A fact of this kind at this place.
    #[must_use]
    pub fn new(kind: Kind, start: usize, end: usize) -> Self {
        Self { kind, domain: None, code: None, name: None, start, end, fields: Vec::new() }
    }

    /// The same with a name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The same with a field, unless its value is empty.
    #[must_use]
    pub fn with(mut self, field: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.fields.push((field, value));
        }
        self
    }

    /// The same with a domain and a code.
    #[must_use]
    pub fn coded(mut self, domain: Option<&str>, code: Code) -> Self {
        self.domain = domain.map(str::to_owned);
        self.code = Some(code);
        self
    }

    /// The same in a text in front of which `bytes` bytes more stand.
    #[must_use]
    pub fn moved(self, bytes: usize) -> Self {
        Self { start: self.start + bytes, end: self.end + bytes, ..self }
    }

    /// The value of a field as a pattern asks for it; `domain`, `code` and `name` count as fields.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        match name {
            "domain" => self.domain.as_deref().map(Cow::Borrowed),
            "code" => self.code.as_ref().map(|code| Cow::Owned(code.to_string())),
            "name" => self.name.as_deref().map(Cow::Borrowed),
            _ => self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| Cow::Borrowed(value.as_str())),
        }
    }

    /// The same, to be kept.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        self.value(name).map(Cow::into_owned)
    }

    /// Whether two facts say the same, wherever they stand.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        (self.kind, &self.domain, &self.code, &self.name, &self.fields)
            == (other.kind, &other.domain, &other.code, &other.name, &other.fields)
    }
}
