//! What comes in and what goes out.

use crate::app::case::Case;
use crate::app::key::Key;
use crate::app::leaving::{Leaving, Left};
use crate::app::model::ThemeName;
use crate::app::processes::Processes;
use crate::app::queue::QueueRow;
use crate::app::queue_act::ThreadChange;
use crate::app::record::{KnownCase, Recent, StepKey, Tick};
use crate::case::{CaseState, Dossier, Kept};
use crate::engine::{Engine, Explained, Input, SearchHit};
use crate::forum::Triaged;
use crate::text::Document;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// A text was pasted. It is data, whatever it looks like.
    Paste(String),
    /// So many characters in so short a time that nobody typed them, from a terminal that does not mark pastes.
    Burst(String),
    /// The mouse did something.
    Pointer(Pointer),
    /// The screen has this size now.
    Resize(u16, u16),
    /// Time passed while work runs.
    Beat,
    /// The knowledge is loaded; with sentences about what was wrong with it.
    Ready(Arc<Engine>, Vec<String>),
    /// The terminal is light or dark.
    Background(ThemeName),
    /// The diagnosis that was asked for under this number.
    Diagnosed(u64, Box<Case>),
    /// The hits of the search that was asked for under this number.
    Found(u64, Vec<SearchHit>),
    /// What the term means that was asked for under this number.
    Explained(u64, Vec<Explained>),
    /// The file that was asked for under this number, or why not.
    Opened(u64, Result<Input, String>),
    /// The system's clipboard, asked for under this number, or why not.
    Clipboard(u64, Result<String, String>),
    /// The text is redacted that was to be under this number.
    Redacted(u64, Box<Left>),
    /// How a text was copied, or why not.
    Copied(Result<String, String>),
    /// What is remembered of a scope, asked for when the record had this age.
    Ticks(String, u64, Vec<(StepKey, Tick)>),
    /// What was open lately, the bookmarks, and the cases.
    Remembered(Vec<Recent>, BTreeSet<String>, Vec<KnownCase>),
    /// Who wrote which line of the input with this number, asked for under the first one.
    Processes(u64, usize, Arc<Processes>),
    /// The rows of the forum queue.
    Queue(Vec<QueueRow>),
    /// The thread that was asked for under this number, with the reply as a person edited it; none where it is gone.
    Thread(u64, Option<Box<(Triaged, String)>>),
    /// The threads whose texts hold what was asked for under this number.
    QueueFound(u64, Vec<String>),
    /// How saving went.
    Saved(Saved),
    /// The case of this key is kept with so much of its inputs, or why not.
    CaseKept(String, Result<Kept, String>),
    /// The case that was asked for under this number; none where it is gone.
    CaseOpened(u64, Option<Box<Dossier>>),
    /// Work under this number failed; why.
    Failed(u64, String),
}

/// How saving went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It works.
    Works,
    /// It works; this sentence should be read.
    Notice(String),
    /// It does not, because of this.
    Off(String),
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    /// What.
    pub kind: PointerKind,
    /// The column.
    pub x: u16,
    /// The row.
    pub y: u16,
}

/// What the mouse can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointerKind {
    /// The first button went down.
    Press,
    /// It moved with the first button down.
    Drag,
    /// The first button went up.
    Release,
    /// The wheel turned up.
    WheelUp,
    /// The wheel turned down.
    WheelDown,
}

/// Something to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// A step's state and note.
    Tick(StepKey, Tick),
    /// Whether a page is bookmarked.
    Bookmark(String, bool),
    /// A page or file was opened.
    Recent(Recent),
    /// A case was diagnosed: its key and the names of its inputs.
    Case(String, String),
    /// Where a case stands.
    CaseState(String, CaseState),
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Diagnose these inputs.
    Diagnose(u64, Arc<Vec<Input>>),
    /// Search; the topic narrows it.
    Search(u64, String, Option<String>),
    /// Explain a term.
    Explain(u64, String),
    /// Read a file.
    Open(u64, String),
    /// Find out who wrote which line of the input with this number.
    ListProcesses(u64, usize, Shared),
    /// Read the system's clipboard.
    ReadClipboard(u64),
    /// Redact a text, which is then copied.
    Redact(u64, Box<Leaving>),
    /// Copy a text, and say that it was this.
    Copy(String, String),
    /// Show an address in the system's browser.
    Visit(String),
    /// Tell what is remembered of a scope; with the record's age.
    LoadTicks(String, u64),
    /// Tell what was open lately, the bookmarks, and the cases.
    LoadRecent,
    /// Tell the rows of the forum queue.
    LoadQueue,
    /// Diagnose and draft a thread of the queue.
    OpenThread(u64, String),
    /// Find threads of the queue by their texts.
    SearchQueue(u64, String),
    /// Change threads of the queue.
    ChangeThreads(Vec<String>, ThreadChange),
    /// Take the last change of threads back, and tell the rows.
    UndoThreads,
    /// Keep something.
    Save(Put),
    /// Keep a case with so much of its inputs.
    KeepCase(String, Kept, Arc<Vec<Input>>),
    /// Tell all that is kept of a case.
    OpenCase(u64, String),
    /// Evaluate a kept case again, and keep what is found with it.
    RecheckCase(String),
    /// Draw everything anew.
    Redraw,
    /// Stop, to go on later.
    Suspend,
    /// Leave.
    Quit,
}

/// A document that is handed to other threads; the same one, not one that reads the same.
#[derive(Debug, Clone)]
pub struct Shared(pub Arc<Document>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl PartialEq for Input {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.bytes == other.bytes
    }
}
