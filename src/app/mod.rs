//! The screen program as a state machine: [`update`] takes a message, changes the [`Model`] and says what is to be done outside.
//!
//! Nothing here touches a terminal, a file, the clock or a thread, and nothing fails: what goes wrong outside arrives as a message. The
//! size of the screen is part of the model, and so is all that must be known of it to scroll; drawing only reads.

mod action;
mod bar;
mod browse;
mod card;
mod case;
mod cases;
mod edit;
mod find;
mod findings;
mod home;
pub mod ink;
mod inspect;
mod key;
pub mod keys;
pub mod layout;
mod leaving;
mod lexcode;
mod lexlog;
mod log;
mod message;
mod model;
mod mouse;
mod narrow;
mod page;
mod page_text;
mod popup;
mod processes;
pub mod prose;
mod queue;
mod queue_act;
mod queue_text;
mod record;
mod report;
mod select;
mod told;
mod triage;
mod update;
mod wrap;

pub use action::Action;
pub use bar::{Hint, Tab, hints, tabs};
pub(crate) use bar::{NAME, title};
pub use browse::{Browse, Section};
pub use card::{Card, pages_area as card_pages};
pub use case::{Case, EXAMPLE};
pub use cases::Reopened;
pub use edit::Edit;
pub use find::{Find, HITS, Hit, Target};
pub use findings::{entry_height, findings_place, findings_rows};
pub use home::{HINTS, Home, is_case as is_case_row, place as home_place, rows as home_rows};
pub use inspect::{Branch, Inspect, branches};
pub use key::{Key, KeyCode};
pub use leaving::{Leaving, Left, Privacy, Replacement};
pub use lexcode::highlight;
pub use lexlog::pieces as log_pieces;
pub use log::{Fold, FoldKind, Log, Mark, Piece, Row};
pub use message::{Effect, Msg, Pointer, PointerKind, Put, Saved, Shared};
pub use model::{Grip, Looks, Model, Overlay, Screen, Side, Status, ThemeName, Tone, Work};
pub use page::{PageView, step_height};
pub use popup::{Choice, Item, Popup, Prompt, PromptKind};
pub use processes::Processes;
pub use queue::{OpenThread, Part, Queue, QueueRow};
pub use queue_act::ThreadChange;
pub use queue_text::bars as queue_bars;
pub use record::{KnownCase, Recent, Record, Saving, StepKey, Tick, TickState};
pub use select::{Selection, Spot};
pub use told::Told;
pub use triage::Triage;
pub use update::update;
pub use wrap::{cells, words as wrapped_rows};

/// What is to be done first: the record is read, and the inputs that came with the command are diagnosed.
pub fn start(model: &mut Model, inputs: Vec<crate::engine::Input>) -> Vec<Effect> {
    let mut effects = vec![Effect::LoadRecent];
    if !inputs.is_empty() {
        effects.extend(triage::add(model, inputs));
    }
    effects
}

/// Opens a kept case, once the record is read.
pub fn open_case(model: &mut Model, key: &str) -> Vec<Effect> {
    cases::open(model, key)
}

/// The last part of a path, which is what a person calls the file.
#[must_use]
pub fn short_name(name: &str) -> &str {
    name.rsplit('/').next().filter(|last| !last.is_empty()).unwrap_or(name)
}
