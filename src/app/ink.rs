//! What a piece of text means; the theme decides how that looks.

/// The meaning of a piece of text on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Running text.
    Text,
    /// Less important than the text around it.
    Dim,
    /// The name of a screen or page.
    Title,
    /// A heading.
    Heading,
    /// Strong emphasis.
    Strong,
    /// Emphasis.
    Emphasis,
    /// Code in running text, a command.
    Code,
    /// A link.
    Link,
    /// A key on the keyboard.
    Key,
    /// A border or rule.
    Border,
    /// The border of the pane that has the keys.
    Focus,
    /// The row that is selected in the pane that has the keys.
    Selected,
    /// The row that is selected in another pane.
    Marked,
    /// Text that shows the selected finding.
    Evidence,
    /// The piece of it that was jumped to.
    EvidenceHere,
    /// Text that shows some other finding.
    Hint,
    /// Text that was sought.
    Match,
    /// Text that was selected to be copied.
    Chosen,
    /// A time.
    Time,
    /// A word such as `error`.
    Alarm,
    /// A process, with its number.
    Process,
    /// A number or code.
    Number,
    /// A UUID, hash or address.
    Id,
    /// A path or address.
    Path,
    /// A string in code.
    Quoted,
    /// A word of the language in code.
    Keyword,
    /// A comment in code.
    Comment,
    /// Very bad.
    Critical,
    /// Bad.
    High,
    /// Not so bad.
    Medium,
    /// A nuisance.
    Low,
    /// Harmless.
    Noise,
    /// Done, arrived, sure.
    Good,
    /// Failed, refused.
    Bad,
}

/// A piece of text with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text.
    pub text: String,
    /// What it means.
    pub role: Role,
}

impl Span {
    /// A piece of text with its meaning.
    #[must_use]
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self { text: text.into(), role }
    }
}

/// The role of a severity.
#[must_use]
pub fn severity(severity: crate::knowledge::Severity) -> Role {
    use crate::knowledge::Severity;
    match severity {
        Severity::Critical => Role::Critical,
        Severity::High => Role::High,
        Severity::Medium => Role::Medium,
        Severity::Low => Role::Low,
        Severity::Noise => Role::Noise,
    }
}
