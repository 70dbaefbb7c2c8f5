//! The one key table: dispatch, the help overlay, the palette and the README read it.

use crate::app::action::Action;
use crate::app::key::Key;
use std::fmt::Write as _;

/// Where a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// The first screen.
    Start,
    /// Findings and log, whichever has the keys.
    Triage,
    /// The log.
    Log,
    /// The list of findings.
    Findings,
    /// A page and its checklist, whichever has the keys.
    Page,
    /// The text of a page.
    Text,
    /// A checklist.
    Checklist,
    /// The search box.
    Find,
    /// Pages by topic.
    Browse,
    /// An error code's card.
    Card,
    /// The artifacts of a case.
    Inspect,
    /// The forum queue.
    Queue,
    /// The help overlay.
    Help,
    /// The palette and other lists that pop up.
    Popup,
    /// A box that asks for a text.
    Prompt,
    /// What was left out of the last copy.
    Redactions,
    /// Screens with two panes.
    Panes,
    /// Whatever moves.
    Move,
    /// Every screen that is not a text box.
    Global,
    /// Everywhere.
    Always,
}

impl Context {
    /// Its heading in the help overlay and the README.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Start => "First screen",
            Self::Triage => "Diagnosis",
            Self::Log => "Log",
            Self::Findings => "Findings",
            Self::Page => "Page",
            Self::Text => "Text of a page",
            Self::Checklist => "Checklist",
            Self::Find => "Search",
            Self::Browse => "Topics",
            Self::Card => "Error code",
            Self::Inspect => "Artifacts",
            Self::Queue => "Forum queue",
            Self::Help => "Help",
            Self::Popup => "Lists that pop up",
            Self::Prompt => "Text box",
            Self::Redactions => "What was redacted",
            Self::Panes => "Two panes",
            Self::Move => "Moving",
            Self::Global => "Everywhere",
            Self::Always => "Even in a text box",
        }
    }

    /// Whether it is about what lies over a screen.
    #[must_use]
    pub fn is_overlay(self) -> bool {
        matches!(self, Self::Help | Self::Popup | Self::Prompt | Self::Redactions)
    }
}

/// What works together on a screen, most special first.
pub const STACKS: &[&[Context]] = &[
    &[Context::Start, Context::Move, Context::Global, Context::Always],
    &[Context::Log, Context::Triage, Context::Panes, Context::Move, Context::Global, Context::Always],
    &[Context::Findings, Context::Triage, Context::Panes, Context::Move, Context::Global, Context::Always],
    &[Context::Text, Context::Page, Context::Panes, Context::Move, Context::Global, Context::Always],
    &[Context::Checklist, Context::Page, Context::Panes, Context::Move, Context::Global, Context::Always],
    &[Context::Browse, Context::Panes, Context::Move, Context::Global, Context::Always],
    &[Context::Inspect, Context::Move, Context::Global, Context::Always],
    &[Context::Card, Context::Move, Context::Global, Context::Always],
    &[Context::Queue, Context::Panes, Context::Move, Context::Global, Context::Always],
    &[Context::Find, Context::Always],
    &[Context::Help, Context::Move, Context::Always],
    &[Context::Popup, Context::Always],
    &[Context::Prompt, Context::Always],
    &[Context::Redactions, Context::Move, Context::Always],
];

/// An action, the keys for it, and where they work.
#[derive(Debug)]
pub struct Binding {
    /// What happens.
    pub action: Action,
    /// Where.
    pub context: Context,
    /// The keys, the one to teach first.
    pub keys: &'static [&'static str],
    /// What happens, for the help overlay.
    pub help: &'static str,
    /// One word for the bottom line; empty where it is not worth the room.
    pub hint: &'static str,
}

const fn row(context: Context, action: Action, keys: &'static [&'static str], help: &'static str, hint: &'static str) -> Binding {
    Binding { action, context, keys, help, hint }
}

/// The table.
pub const TABLE: &[Binding] = &[
    row(Context::Start, Action::Example, &["e"], "Try it with an example", "example"),
    row(Context::Start, Action::Open, &["enter"], "Open the selected case or page", ""),
    row(Context::Findings, Action::Open, &["enter"], "Open the finding's page and checklist", "open"),
    row(Context::Log, Action::Open, &["enter"], "Open the page of the finding on this line, or unfold", "open"),
    row(Context::Log, Action::Select, &["v"], "Select lines; moving selects more, y copies", ""),
    row(Context::Triage, Action::Fold, &["z"], "Fold or unfold the group of lines under the cursor", ""),
    row(Context::Triage, Action::FoldAll, &["Z"], "Fold or unfold all groups", ""),
    row(Context::Triage, Action::Next, &["n"], "Next place that shows the finding", "next place"),
    row(Context::Triage, Action::Previous, &["N"], "Place before", ""),
    row(Context::Triage, Action::ExplainLine, &["i"], "Explain more, or less, of the line under the cursor", "explain"),
    row(Context::Triage, Action::OpenCard, &["I"], "The whole card of the line's code", ""),
    row(Context::Triage, Action::NextFinding, &["J"], "Next finding, whichever pane has the keys", ""),
    row(Context::Triage, Action::PreviousFinding, &["K"], "Finding before", ""),
    row(Context::Triage, Action::Filter, &["f"], "Only lines that hold a text; empty shows all", "filter"),
    row(Context::Triage, Action::FilterProcess, &["F"], "Only lines of one process", ""),
    row(Context::Triage, Action::FilterTopic, &["t"], "Only findings of one topic", ""),
    row(Context::Triage, Action::ToggleNoise, &["m"], "Show or hide harmless findings", ""),
    row(Context::Triage, Action::Artifacts, &["V"], "The artifacts in it: tokens, keys, property lists", ""),
    row(Context::Triage, Action::Reveal, &["S"], "Show or hide tokens and keys in the text", ""),
    row(Context::Triage, Action::NextTab, &["]"], "Next input", ""),
    row(Context::Triage, Action::PreviousTab, &["["], "Input before", ""),
    row(Context::Triage, Action::CloseTab, &["X"], "Take this input out of the case", ""),
    row(Context::Triage, Action::Copy, &["y"], "Copy the finding as Markdown, or the selected text", "copy"),
    row(Context::Triage, Action::CopyReport, &["Y"], "Copy the whole report as Markdown, or the selected text", ""),
    row(Context::Triage, Action::KeepCase, &["w"], "Keep the case: its text, a redacted copy, or its facts", "keep"),
    row(Context::Triage, Action::CaseState, &["s"], "Where the case stands: open, waiting, solved, dropped", ""),
    row(Context::Checklist, Action::Tick, &["space", "x"], "Tick the step, or take the tick back", "tick"),
    row(Context::Checklist, Action::Skip, &["-"], "The step does not apply", "n/a"),
    row(Context::Checklist, Action::Note, &["a"], "Write a note on the step", "note"),
    row(Context::Checklist, Action::CopyCommand, &["c", "enter"], "Copy the step's command", "copy command"),
    row(Context::Text, Action::Open, &["enter"], "Follow the link that is marked", ""),
    row(Context::Text, Action::NextLink, &["]"], "Mark the next link", "links"),
    row(Context::Text, Action::PreviousLink, &["["], "Mark the link before", ""),
    row(Context::Text, Action::CopySnippet, &["c"], "Copy the first snippet on the screen; 2c copies snippet 2", ""),
    row(Context::Text, Action::Snippets, &["C"], "Choose a snippet to copy", ""),
    row(Context::Text, Action::Select, &["v"], "Select lines; moving selects more, y copies", ""),
    row(Context::Page, Action::SearchHere, &["ctrl-f"], "Search in this page", ""),
    row(Context::Page, Action::Next, &["n"], "Next match", ""),
    row(Context::Page, Action::Previous, &["N"], "Match before", ""),
    row(Context::Page, Action::Outline, &["t"], "Headings of this page", "outline"),
    row(Context::Page, Action::Bookmark, &["*"], "Bookmark the page, or take the bookmark away", ""),
    row(Context::Page, Action::KeepCase, &["w"], "Keep the case: its text, a redacted copy, or its facts", ""),
    row(Context::Page, Action::CaseState, &["s"], "Where the case stands: open, waiting, solved, dropped", ""),
    row(Context::Page, Action::Copy, &["y"], "Copy the checklist as Markdown, or the selected text", "copy list"),
    row(Context::Browse, Action::Open, &["enter"], "Open the page, or the topic", "open"),
    row(Context::Inspect, Action::Open, &["enter"], "Open the page of the check, or fold the artifact", "open"),
    row(Context::Card, Action::Open, &["enter"], "Open the selected page", "open"),
    row(Context::Card, Action::Copy, &["y"], "Copy the card", "copy"),
    row(Context::Queue, Action::Open, &["enter"], "To the thread; there, to the page of its first finding", "open"),
    row(Context::Queue, Action::NextTab, &["]"], "Next sub-queue", "sub-queue"),
    row(Context::Queue, Action::PreviousTab, &["["], "Sub-queue before", ""),
    row(Context::Queue, Action::ToAnswered, &["a"], "Answered: the marked threads, or this one", "answered"),
    row(Context::Queue, Action::ToNeedsInfo, &["i"], "Waits for information from its author", "needs info"),
    row(Context::Queue, Action::ToDuplicate, &["d"], "A duplicate", ""),
    row(Context::Queue, Action::ToOffTopic, &["x"], "Belongs elsewhere", ""),
    row(Context::Queue, Action::ToEscalated, &["e"], "Escalated", ""),
    row(Context::Queue, Action::ToClosed, &["c"], "Closed", "closed"),
    row(Context::Queue, Action::ToNew, &["r"], "New again", ""),
    row(Context::Queue, Action::Tick, &["space"], "Mark the thread, or take the mark away", "mark"),
    row(Context::Queue, Action::MarkAll, &["M"], "Mark all that are shown, or none", ""),
    row(Context::Queue, Action::Note, &["n"], "Write a note", ""),
    row(Context::Queue, Action::Filter, &["f"], "Only threads with these words; empty shows all", "filter"),
    row(Context::Queue, Action::Copy, &["y"], "Copy the reply as Markdown", "copy reply"),
    row(Context::Queue, Action::Statistics, &["s"], "Statistics, or the thread again", "statistics"),
    row(Context::Find, Action::Accept, &["enter"], "Open what is selected", "open"),
    row(Context::Find, Action::Down, &["down", "ctrl-n"], "Next hit", ""),
    row(Context::Find, Action::Up, &["up", "ctrl-p"], "Hit before", ""),
    row(Context::Find, Action::PageDown, &["pagedown", "ctrl-v"], "One screen down", ""),
    row(Context::Find, Action::PageUp, &["pageup", "alt-v"], "One screen up", ""),
    row(Context::Find, Action::CycleTopic, &["tab", "ctrl-t"], "Only the next topic", "topic"),
    row(Context::Find, Action::CycleSeverity, &["ctrl-s"], "Only the next severity", "severity"),
    row(Context::Find, Action::CyclePlatform, &["ctrl-o"], "Only the next platform", "platform"),
    row(Context::Find, Action::Cancel, &["esc"], "Empty the box; when it is empty, go back", "back"),
    row(Context::Help, Action::Cancel, &["esc", "q", "?", "f1"], "Close", "close"),
    row(Context::Popup, Action::Accept, &["enter"], "Do it", "do it"),
    row(Context::Popup, Action::Down, &["down", "ctrl-n"], "Next", ""),
    row(Context::Popup, Action::Up, &["up", "ctrl-p"], "Before", ""),
    row(Context::Popup, Action::PageDown, &["pagedown", "ctrl-v"], "One screen down", ""),
    row(Context::Popup, Action::PageUp, &["pageup", "alt-v"], "One screen up", ""),
    row(Context::Popup, Action::Cancel, &["esc"], "Close", "close"),
    row(Context::Prompt, Action::Accept, &["enter"], "Take what was typed", "take"),
    row(Context::Prompt, Action::Cancel, &["esc"], "Close and change nothing", "close"),
    row(Context::Redactions, Action::Tick, &["space", "x"], "Let the value through, or redact it again", "let through"),
    row(Context::Redactions, Action::RedactAlso, &["a"], "Redact another value", "add"),
    row(Context::Redactions, Action::Accept, &["enter", "y"], "Copy again so", "copy so"),
    row(Context::Redactions, Action::CopyRaw, &["!"], "Copy it as it is, nothing redacted", ""),
    row(Context::Redactions, Action::Cancel, &["esc", "q"], "Close", "close"),
    row(Context::Panes, Action::OtherPane, &["tab", "backtab"], "The other pane", "pane"),
    row(Context::Panes, Action::LeftPane, &["h", "left", "ctrl-b"], "The left pane", ""),
    row(Context::Panes, Action::RightPane, &["l", "right", "ctrl-f"], "The right pane", ""),
    row(Context::Panes, Action::Wider, &[">"], "Divider to the right", ""),
    row(Context::Panes, Action::Narrower, &["<"], "Divider to the left", ""),
    row(Context::Move, Action::Down, &["j", "down", "ctrl-n"], "Down", ""),
    row(Context::Move, Action::Up, &["k", "up", "ctrl-p"], "Up", ""),
    row(Context::Move, Action::PageDown, &["pagedown", "ctrl-d", "ctrl-v"], "One screen down", ""),
    row(Context::Move, Action::PageUp, &["pageup", "ctrl-u", "alt-v"], "One screen up", ""),
    row(Context::Move, Action::Top, &["g", "home", "alt-<"], "To the top", ""),
    row(Context::Move, Action::Bottom, &["G", "end", "alt->"], "To the bottom; 40G goes to line 40", ""),
    row(Context::Global, Action::Find, &["/"], "Search pages, codes, guides, cases and commands", "search"),
    row(Context::Global, Action::Browse, &["b"], "Pages by topic", "topics"),
    row(Context::Global, Action::Queue, &["Q"], "The forum queue", ""),
    row(Context::Global, Action::OpenFile, &["o"], "Open a file", ""),
    row(Context::Global, Action::PasteClipboard, &["p"], "Read the system's clipboard", ""),
    row(Context::Global, Action::NewCase, &["ctrl-t"], "First screen, for another case", ""),
    row(Context::Global, Action::Palette, &[":", "alt-x"], "Every action by name", ""),
    row(Context::Global, Action::Help, &["?", "f1"], "The keys that work here", "keys"),
    row(Context::Global, Action::Redactions, &["R"], "What was redacted in the last copy", ""),
    row(Context::Global, Action::Undo, &["u"], "Take the last change back", ""),
    row(Context::Global, Action::Back, &["esc", "backspace"], "Back", "back"),
    row(Context::Global, Action::Forward, &["alt-right"], "Forward again", ""),
    row(Context::Global, Action::NextTheme, &["T"], "Next theme", ""),
    row(Context::Global, Action::CancelWork, &["ctrl-g"], "Stop the work that runs", ""),
    row(Context::Global, Action::Quit, &["q"], "Leave", "leave"),
    row(Context::Always, Action::Quit, &["ctrl-c"], "Leave", ""),
    row(Context::Always, Action::Suspend, &["ctrl-z"], "Stop; `fg` goes on", ""),
    row(Context::Always, Action::Redraw, &["ctrl-l"], "Draw everything anew", ""),
];

/// A binding with the keys that really lead to it here.
#[derive(Debug, Clone)]
pub struct Bound {
    /// What happens.
    pub action: Action,
    /// Where.
    pub context: Context,
    /// The keys.
    pub keys: Vec<Key>,
    /// What happens, in words.
    pub help: &'static str,
    /// One word for the bottom line.
    pub hint: &'static str,
}

impl Bound {
    /// The keys as people read them.
    #[must_use]
    pub fn shown(&self) -> String {
        self.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

/// The table with the user's own keys in it.
#[derive(Debug, Clone)]
pub struct Keymap {
    bound: Vec<Bound>,
}

impl Default for Keymap {
    fn default() -> Self {
        let bound = |row: &Binding| Bound {
            action: row.action,
            context: row.context,
            keys: row.keys.iter().filter_map(|key| Key::parse(key)).collect(),
            help: row.help,
            hint: row.hint,
        };
        Self { bound: TABLE.iter().map(bound).collect() }
    }
}

impl Keymap {
    /// Gives actions other keys. What cannot be done is told in a sentence each; the rest holds.
    pub fn remap(&mut self, wanted: &[(String, Vec<String>)]) -> Vec<String> {
        let mut problems = Vec::new();
        for (name, keys) in wanted {
            let Some(action) = Action::ALL.iter().copied().find(|action| action.name() == name) else {
                let near = crate::knowledge::nearest(name, Action::ALL.iter().map(|action| action.name())).unwrap_or("quit");
                problems.push(format!("no action is called `{name}`; did you mean `{near}`?"));
                continue;
            };
            let parsed: Vec<Key> = keys.iter().filter_map(|key| Key::parse(key)).collect();
            problems.extend(
                keys.iter()
                    .filter(|key| Key::parse(key).is_none())
                    .map(|key| format!("`{key}` is no key; write it as in `ctrl-d`, `G` or `space`")),
            );
            if parsed.is_empty() {
                continue;
            }
            for bound in &mut self.bound {
                if bound.action == action {
                    bound.keys.clone_from(&parsed);
                } else {
                    bound.keys.retain(|key| !parsed.contains(key));
                }
            }
        }
        problems
    }

    /// Every binding, in the order of the table.
    pub fn all(&self) -> impl Iterator<Item = &Bound> {
        self.bound.iter().filter(|bound| !bound.keys.is_empty())
    }

    /// What `key` does where these contexts hold.
    #[must_use]
    pub fn action(&self, contexts: &[Context], key: Key) -> Option<Action> {
        let of = |context: &Context| self.bound.iter().find(|bound| bound.context == *context && bound.keys.contains(&key));
        contexts.iter().find_map(of).map(|bound| bound.action)
    }

    /// What works where these contexts hold, most special first; keys that a more special binding takes are left out.
    #[must_use]
    pub fn here(&self, contexts: &[Context]) -> Vec<Bound> {
        let mut found: Vec<Bound> = Vec::new();
        for context in contexts {
            for bound in self.bound.iter().filter(|bound| bound.context == *context) {
                let keys: Vec<Key> = bound.keys.iter().copied().filter(|key| !found.iter().any(|known| known.keys.contains(key))).collect();
                if !keys.is_empty() {
                    found.push(Bound { keys, ..bound.clone() });
                }
            }
        }
        found
    }

    /// The first key for an action.
    #[must_use]
    pub fn key_of(&self, action: Action) -> String {
        self.bound
            .iter()
            .find(|bound| bound.action == action)
            .and_then(|bound| bound.keys.first())
            .map(ToString::to_string)
            .unwrap_or_default()
    }
}

/// The table as Markdown: where, keys, what happens, and the action's name in the configuration.
#[must_use]
pub fn document() -> String {
    let mut out = String::from(
        "# Keys\n\nOther keys for an action: `[keys]` in `config.toml`, such as `tick = \"t\"` or `quit = [\"Q\", \"ctrl-q\"]`.\n",
    );
    out.push_str("A number typed in front of a key says how often, or which: `3n`, `40G`, `2c`.\n");
    let mut before = None;
    for bound in Keymap::default().all() {
        if before != Some(bound.context) {
            let _ = writeln!(out, "\n## {}\n\n| keys | what happens | action |\n| --- | --- | --- |", bound.context.title());
            before = Some(bound.context);
        }
        let keys = bound.keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" ");
        let _ = writeln!(out, "| {keys} | {} | `{}` |", bound.help, bound.action.name());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn every_key_parses() {
        for row in TABLE {
            for key in row.keys {
                assert!(Key::parse(key).is_some(), "{key}");
            }
        }
    }

    #[test]
    fn no_key_means_two_things_on_one_screen() {
        // The text of a page needs Ctrl-F for its search more than for Emacs' way to the right.
        let allowed = [(Context::Panes, "ctrl-f")];
        for stack in STACKS {
            let mut taken: HashMap<&str, &Binding> = HashMap::new();
            for row in TABLE.iter().filter(|row| stack.contains(&row.context)) {
                for key in row.keys.iter().filter(|key| !allowed.contains(&(row.context, key))) {
                    assert!(taken.insert(key, row).is_none(), "{key} twice in {stack:?}");
                }
            }
        }
    }

    #[test]
    fn every_action_has_a_key_and_help() {
        for action in Action::ALL {
            assert!(TABLE.iter().any(|row| row.action == *action && !row.help.is_empty() && !row.keys.is_empty()), "{action:?}");
        }
        assert!(TABLE.iter().all(|row| STACKS.iter().any(|stack| stack.contains(&row.context))));
        let document = document();
        assert!(TABLE.iter().all(|row| document.contains(row.help) && document.contains(row.action.name())));
    }

    #[test]
    fn help_tells_no_key_that_does_something_else() {
        let keymap = Keymap::default();
        for stack in STACKS {
            for bound in keymap.here(stack) {
                for key in &bound.keys {
                    assert_eq!(keymap.action(stack, *key), Some(bound.action), "{key} in {stack:?}");
                }
            }
        }
    }

    #[test]
    fn own_keys_replace_and_mistakes_are_told() {
        let mut keymap = Keymap::default();
        let problems =
            keymap.remap(&[("tick".into(), vec!["t".into()]), ("tikc".into(), vec!["x".into()]), ("quit".into(), vec!["hyper-q".into()])]);
        assert_eq!(problems.len(), 2);
        assert!(problems[0].contains("`tick`"), "{problems:?}");
        let stack = STACKS[4];
        assert_eq!(keymap.action(stack, Key::parse("t").unwrap()), Some(Action::Tick));
        assert_eq!(keymap.action(stack, Key::parse("space").unwrap()), None);
        assert_eq!(keymap.action(stack, Key::parse("q").unwrap()), Some(Action::Quit));
    }
}
