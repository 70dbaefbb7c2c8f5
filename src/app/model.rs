//! The state of the screen program.

use crate::app::browse::Browse;
use crate::app::card::Card;
use crate::app::case::Case;
use crate::app::cases::Reopened;
use crate::app::find::Find;
use crate::app::home::Home;
use crate::app::inspect::Inspect;
use crate::app::keys::{Context, Keymap};
use crate::app::layout::{self, Area, Panes};
use crate::app::leaving::Privacy;
use crate::app::page::PageView;
use crate::app::popup::{Popup, Prompt};
use crate::app::queue::Queue;
use crate::app::record::{Record, StepKey, Tick};
use crate::app::select::Spot;
use crate::app::triage::Triage;
use crate::case::CaseState;
use crate::engine::Engine;
use std::sync::Arc;

/// A screen with what belongs to it.
#[derive(Debug, Clone)]
pub enum Screen {
    /// The first one.
    Home(Home),
    /// Log and findings.
    Triage(Triage),
    /// A page and its checklist.
    Page(Box<PageView>),
    /// Search.
    Find(Find),
    /// Pages by topic.
    Browse(Browse),
    /// An error code.
    Card(Card),
    /// The artifacts of the case.
    Inspect(Inspect),
    /// The forum queue.
    Queue(Box<Queue>),
}

/// What lies over the screen.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// The keys; scrolled by so many rows.
    Help(usize),
    /// A list to choose from.
    Popup(Popup),
    /// A box that asks for a text.
    Prompt(Prompt),
    /// What was replaced in the last copy; the selected row.
    Redactions(usize),
}

/// A pane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    #[default]
    Right,
}

impl Side {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        if self == Self::Left { Self::Right } else { Self::Left }
    }
}

/// How a sentence in the bottom line is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Good,
    /// To be known.
    Plain,
    /// It did not work.
    Bad,
}

/// A sentence in the bottom line, until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The sentence.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
}

/// A theme.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ThemeName {
    /// For dark terminals.
    #[default]
    Dark,
    /// For light terminals.
    Light,
    /// Black, white and the strongest colours.
    Contrast,
    /// The terminal's own sixteen colours.
    Sixteen,
    /// No colours: words and attributes only.
    Plain,
}

impl ThemeName {
    /// Every theme, in the order in which a key goes through them.
    pub const ALL: &'static [Self] = &[Self::Dark, Self::Light, Self::Contrast, Self::Sixteen, Self::Plain];

    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Contrast => "contrast",
            Self::Sixteen => "16",
            Self::Plain => "plain",
        }
    }

    /// The theme of this name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let word = if word == "high-contrast" { Self::Contrast.word() } else { word };
        Self::ALL.iter().copied().find(|theme| theme.word() == word)
    }
}

/// How things look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looks {
    /// The theme.
    pub theme: ThemeName,
    /// Borders and marks of ASCII only.
    pub ascii: bool,
    /// The theme was asked for; what the terminal says does not change it.
    pub fixed: bool,
    /// The terminal may be given real hyperlinks (OSC 8).
    pub links: bool,
}

/// What the mouse holds while its button is down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Grip {
    /// Nothing.
    #[default]
    Nothing,
    /// The divider between two panes.
    Divider,
    /// The map of the log.
    Map,
    /// Text, from this spot on.
    Text(Spot),
}

/// The work that runs outside; an answer with another number is dropped.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// The last number given out.
    pub last: u64,
    /// The diagnosis.
    pub diagnosis: Option<u64>,
    /// The search.
    pub search: Option<u64>,
    /// The explanation.
    pub explain: Option<u64>,
    /// The file or clipboard.
    pub reading: Option<u64>,
    /// The processes of a log.
    pub processes: Option<u64>,
    /// The redaction of what is to be copied.
    pub redaction: Option<u64>,
    /// The bytes that are being diagnosed.
    pub bytes: usize,
    /// The thread of the queue.
    pub thread: Option<u64>,
    /// The search in the queue.
    pub thread_search: Option<u64>,
    /// The case that is being diagnosed again from what is kept.
    pub reopened: Option<Box<Reopened>>,
    /// The case that is being kept.
    pub keeping: Option<String>,
    /// Turns while something runs.
    pub beat: usize,
}

/// A change that can be taken back.
#[derive(Debug, Clone)]
pub enum Undo {
    /// A step was like this.
    Tick(StepKey, Tick),
    /// Whether the page was bookmarked.
    Bookmark(String, bool),
    /// The case was this one.
    Case(Box<Case>),
    /// The case of this key stood there.
    CaseState(String, CaseState),
}

/// The state; see the module.
#[derive(Debug)]
pub struct Model {
    /// The whole screen.
    pub area: Area,
    /// How things look.
    pub looks: Looks,
    /// The knowledge, once it is loaded.
    pub engine: Option<Arc<Engine>>,
    /// The screen that is shown.
    pub screen: Screen,
    /// Screens behind it, and those that were gone back from.
    pub trail: (Vec<Screen>, Vec<Screen>),
    /// What lies over it.
    pub overlay: Option<Overlay>,
    /// The case.
    pub case: Option<Case>,
    /// What is remembered.
    pub record: Record,
    /// What runs outside.
    pub work: Work,
    /// The sentence in the bottom line.
    pub status: Option<Status>,
    /// The keys.
    pub keymap: Keymap,
    /// What is known of redaction.
    pub privacy: Privacy,
    /// What can be taken back.
    pub undo: Vec<Undo>,
    /// The left pane's share of the columns, in percent.
    pub split: u16,
    /// What the mouse holds.
    pub grip: Grip,
    /// A number that was typed in front of a key, so far; and the one that the key now being obeyed had.
    pub count: (Option<usize>, Option<usize>),
}

impl Model {
    /// The first screen at this size.
    #[must_use]
    pub fn new(area: Area, looks: Looks) -> Self {
        Self {
            area,
            looks,
            engine: None,
            screen: Screen::Home(Home::default()),
            trail: (Vec::new(), Vec::new()),
            overlay: None,
            case: None,
            record: Record::default(),
            work: Work::default(),
            status: None,
            keymap: Keymap::default(),
            privacy: Privacy::default(),
            undo: Vec::new(),
            split: 56,
            grip: Grip::Nothing,
            count: (None, None),
        }
    }

    /// The contexts whose keys work now, most special first.
    #[must_use]
    pub fn contexts(&self) -> &'static [Context] {
        let first = match (&self.overlay, &self.screen) {
            (Some(Overlay::Help(_)), _) => Context::Help,
            (Some(Overlay::Popup(_)), _) => Context::Popup,
            (Some(Overlay::Prompt(_)), _) => Context::Prompt,
            (Some(Overlay::Redactions(_)), _) => Context::Redactions,
            (None, screen) => Self::context_of(screen),
        };
        Self::stack(first)
    }

    /// The contexts of the screen under whatever lies over it.
    #[must_use]
    pub fn contexts_below(&self) -> &'static [Context] {
        Self::stack(Self::context_of(&self.screen))
    }

    fn context_of(screen: &Screen) -> Context {
        match screen {
            Screen::Home(_) => Context::Start,
            Screen::Triage(triage) if triage.side == Side::Left => Context::Log,
            Screen::Triage(_) => Context::Findings,
            Screen::Page(page) if page.side == Side::Left => Context::Text,
            Screen::Page(_) => Context::Checklist,
            Screen::Find(_) => Context::Find,
            Screen::Browse(_) => Context::Browse,
            Screen::Card(_) => Context::Card,
            Screen::Inspect(_) => Context::Inspect,
            Screen::Queue(_) => Context::Queue,
        }
    }

    fn stack(first: Context) -> &'static [Context] {
        crate::app::keys::STACKS.iter().find(|stack| stack.first() == Some(&first)).copied().unwrap_or(&[])
    }

    /// Whether something runs outside that a person waits for.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.work.diagnosis.is_some() || self.work.reading.is_some() || self.work.processes.is_some() || self.engine.is_none()
    }

    /// A number for a question.
    pub fn ask(&mut self) -> u64 {
        self.work.last += 1;
        self.work.last
    }

    /// Says a sentence in the bottom line.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.status = Some(Status { text: text.into(), tone });
    }

    /// How often, or which: the number typed in front of the key that is being obeyed.
    #[must_use]
    pub fn times(&self) -> usize {
        self.count.1.unwrap_or(1)
    }

    /// Goes to a screen; this one stays behind it.
    pub fn go(&mut self, screen: Screen) {
        let before = std::mem::replace(&mut self.screen, screen);
        self.trail.0.push(before);
        self.trail.1.clear();
    }

    /// The panes of a screen that has two.
    #[must_use]
    pub fn panes(&self) -> Panes {
        let (_, body, _) = layout::bands(self.area);
        let right = match &self.screen {
            Screen::Triage(triage) => triage.side == Side::Right,
            Screen::Page(page) => page.side == Side::Right && !page.steps.is_empty(),
            Screen::Browse(browse) => browse.side == Side::Right,
            Screen::Queue(queue) => queue.side == Side::Right,
            _ => false,
        };
        layout::panes(body, self.share(), right)
    }

    fn share(&self) -> u16 {
        // Names of topics are short whatever the divider of the other screens says.
        if matches!(self.screen, Screen::Browse(_)) { 38 } else { self.split }
    }
}
