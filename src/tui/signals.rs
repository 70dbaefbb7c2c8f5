//! Signals as events.

use super::{Event, guard};
use anyhow::Context;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use std::sync::mpsc::Sender;

/// Tells the loop of signals. The second one that ends the program does not wait for the loop.
pub(super) fn watch(sender: &Sender<Event>) -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT]).context("signals cannot be watched")?;
    let sender = sender.clone();
    super::spawn("signals", move || {
        let mut ending = false;
        for signal in signals.forever() {
            let ends = !is_stop(signal) && !is_continue(signal);
            if ends && ending {
                guard::leave();
                let _ = emulate_default_handler(signal);
            }
            ending |= ends;
            if sender.send(Event::Signal(signal)).is_err() && ends {
                guard::leave();
                let _ = emulate_default_handler(signal);
            }
        }
    })?;
    Ok(())
}

/// Asks to stop, to go on later.
pub(super) fn is_stop(signal: i32) -> bool {
    signal == SIGTSTP
}

/// Says that it goes on.
pub(super) fn is_continue(signal: i32) -> bool {
    signal == SIGCONT
}

/// Stops the program; returns when it goes on.
pub(super) fn stop() {
    let _ = emulate_default_handler(SIGTSTP);
}

/// Ends the program as the signal would have.
pub(super) fn die(signal: i32) -> anyhow::Result<()> {
    emulate_default_handler(signal).context("the signal could not be passed on")
}
