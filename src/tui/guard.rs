//! The terminal's modes: switched on together, switched off together, whatever ends the program.

use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange, EnableMouseCapture,
};
use crossterm::execute;
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use std::io::{self, Write, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the modes are on.
static ON: AtomicBool = AtomicBool::new(false);
/// How names of our threads begin.
pub(super) const WORKER: &str = "pitfall-";

/// While it lives the terminal is ours.
pub(super) struct Guard(());

impl Guard {
    /// Switches the modes on.
    pub(super) fn enter() -> io::Result<Self> {
        enter()?;
        Ok(Self(()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

/// Switches the modes on. What was switched on before a failure is switched off again.
pub(super) fn enter() -> io::Result<()> {
    // Before the first mode: a panic between two of them must not leave one on.
    ON.store(true, Ordering::SeqCst);
    let done = enable_raw_mode()
        .and_then(|()| execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, EnableMouseCapture, EnableFocusChange));
    if done.is_err() {
        leave();
    }
    done
}

/// Switches the modes off, once, and goes on over failures: a terminal that is gone needs nothing.
pub(super) fn leave() {
    if !ON.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    let _ = execute!(out, DisableFocusChange, DisableMouseCapture, DisableBracketedPaste);
    let _ = execute!(out, SetAttribute(Attribute::Reset), LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
    let _ = out.flush();
}

/// From here on a panic gives the terminal back before it is told. One on a thread that only works for the screen is told by the screen.
pub(super) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let worker = std::thread::current().name().is_some_and(|name| name.starts_with(WORKER));
            if worker && cfg!(panic = "unwind") {
                return;
            }
            leave();
            before(info);
        }));
    });
}
