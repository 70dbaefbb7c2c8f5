//! Everything that a key, a click or the palette can ask for.

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// Something to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $variant),+ }
        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Its name in the configuration.
            #[must_use]
            pub fn name(self) -> &'static str { match self { $(Self::$variant => $name),+ } }
        }
    };
}

actions! {
    /// Leave the program.
    Quit = "quit",
    /// Stop the program, to go on later.
    Suspend = "suspend",
    /// Draw everything anew.
    Redraw = "redraw",
    /// Show the keys that work here.
    Help = "help",
    /// List every action that works here.
    Palette = "palette",
    /// Search everything.
    Find = "find",
    /// Pages by topic.
    Browse = "browse",
    /// One screen back.
    Back = "back",
    /// One screen forward.
    Forward = "forward",
    /// Open a file.
    OpenFile = "open-file",
    /// Read the system's clipboard.
    PasteClipboard = "paste-clipboard",
    /// Try the built-in example.
    Example = "example",
    /// To the first screen, for another case.
    NewCase = "new-case",
    /// Take the last change back.
    Undo = "undo",
    /// The next theme.
    NextTheme = "next-theme",
    /// Stop the work that runs.
    CancelWork = "cancel",
    /// One down.
    Down = "down",
    /// One up.
    Up = "up",
    /// One screen down.
    PageDown = "page-down",
    /// One screen up.
    PageUp = "page-up",
    /// To the top.
    Top = "top",
    /// To the bottom.
    Bottom = "bottom",
    /// Open what is selected.
    Open = "open",
    /// The other pane.
    OtherPane = "other-pane",
    /// The left pane.
    LeftPane = "left-pane",
    /// The right pane.
    RightPane = "right-pane",
    /// More room for the left pane.
    Wider = "wider",
    /// Less room for the left pane.
    Narrower = "narrower",
    /// The next place.
    Next = "next",
    /// The place before.
    Previous = "previous",
    /// Fold or unfold the line's group.
    Fold = "fold",
    /// Fold or unfold everything.
    FoldAll = "fold-all",
    /// Only lines that hold a text.
    Filter = "filter",
    /// Show or hide what is harmless.
    ToggleNoise = "toggle-noise",
    /// Only lines of a process.
    FilterProcess = "filter-process",
    /// Only findings of a topic.
    FilterTopic = "filter-topic",
    /// More of what the line says, in place.
    ExplainLine = "explain-line",
    /// The tokens, keys and property lists in the case.
    Artifacts = "artifacts",
    /// Show or hide tokens and keys in the text.
    Reveal = "reveal",
    /// The whole card of the line's code.
    OpenCard = "open-card",
    /// The next finding, whichever pane has the keys.
    NextFinding = "next-finding",
    /// The finding before.
    PreviousFinding = "previous-finding",
    /// Select text.
    Select = "select",
    /// The next input.
    NextTab = "next-tab",
    /// The input before.
    PreviousTab = "previous-tab",
    /// Take this input out of the case.
    CloseTab = "close-tab",
    /// Copy what is selected.
    Copy = "copy",
    /// Copy the whole report.
    CopyReport = "copy-report",
    /// What was left out of the last copy.
    Redactions = "redactions",
    /// Redact another value.
    RedactAlso = "redact-also",
    /// Copy as it is.
    CopyRaw = "copy-raw",
    /// Search in the page.
    SearchHere = "search-here",
    /// The headings of the page.
    Outline = "outline",
    /// The next link.
    NextLink = "next-link",
    /// The link before.
    PreviousLink = "previous-link",
    /// Copy the snippet.
    CopySnippet = "copy-snippet",
    /// Choose a snippet to copy.
    Snippets = "snippets",
    /// Remember the page.
    Bookmark = "bookmark",
    /// Tick the step.
    Tick = "tick",
    /// The step does not apply.
    Skip = "skip",
    /// Write a note on the step.
    Note = "note",
    /// Copy the step's command.
    CopyCommand = "copy-command",
    /// The next filter by topic.
    CycleTopic = "cycle-topic",
    /// The next filter by severity.
    CycleSeverity = "cycle-severity",
    /// The next filter by platform.
    CyclePlatform = "cycle-platform",
    /// Keep the case, with as much of its inputs as is chosen.
    KeepCase = "keep-case",
    /// Where the case stands.
    CaseState = "case-state",
    /// Do what was typed.
    Accept = "accept",
    /// Leave the box as it was.
    Cancel = "cancel-box",
    /// The forum queue.
    Queue = "queue",
    /// Mark all that are shown.
    MarkAll = "mark-all",
    /// The statistics.
    Statistics = "statistics",
    /// Back to new.
    ToNew = "to-new",
    /// It waits for its author.
    ToNeedsInfo = "to-needs-info",
    /// It is answered.
    ToAnswered = "to-answered",
    /// It is a duplicate.
    ToDuplicate = "to-duplicate",
    /// It belongs elsewhere.
    ToOffTopic = "to-off-topic",
    /// Somebody else looks at it.
    ToEscalated = "to-escalated",
    /// It is done.
    ToClosed = "to-closed",
}
