//! Keys, pastes and the mouse from the terminal.
//!
//! Where the terminal knows no bracketed paste, a pasted text arrives as keys; so many of them in so short a time that nobody typed them are
//! put together again: pasted text is data, never keys.

use super::{Event, spawn};
use crate::app::{Key, KeyCode, Msg, Pointer, PointerKind};
use crossterm::event::{self, Event as Raw, KeyCode as RawCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use std::sync::mpsc::Sender;
use std::time::Duration;

/// Keys that are this near to each other belong together.
const NEAR: Duration = Duration::from_millis(5);
/// Fewer keys than this are typing, even if a slow line delivers them at once.
const FEWEST: usize = 12;
/// A burst is handed on when it is this long; the rest of the paste joins it.
const LONGEST: usize = 1 << 26;

/// Tells the loop of what the terminal sends.
pub(super) fn watch(sender: &Sender<Event>) -> std::io::Result<()> {
    let sender = sender.clone();
    spawn("input", move || {
        let mut ahead: Option<Raw> = None;
        loop {
            let Some(raw) = ahead.take().or_else(|| event::read().ok()) else {
                let _ = sender.send(Event::Gone);
                return;
            };
            let (burst, next) = gather(raw, |patience| if event::poll(patience).unwrap_or(false) { event::read().ok() } else { None });
            ahead = next;
            for msg in messages(burst) {
                if sender.send(Event::Msg(msg)).is_err() {
                    return;
                }
            }
        }
    })?;
    Ok(())
}

/// Takes events as long as they are typed characters that come without a pause; returns them, and the one that is no such character.
fn gather(first: Raw, mut next: impl FnMut(Duration) -> Option<Raw>) -> (Vec<Raw>, Option<Raw>) {
    let mut burst = vec![first];
    while burst.len() < LONGEST && burst.last().and_then(character).is_some() {
        // A single key waits for nothing: the rest of a burst came with its first character.
        let patience = if burst.len() == 1 { Duration::ZERO } else { NEAR };
        match next(patience) {
            Some(raw) if character(&raw).is_some() => burst.push(raw),
            other => return (burst, other),
        }
    }
    (burst, None)
}

/// The character that a key would type, line ends included.
fn character(raw: &Raw) -> Option<char> {
    let Raw::Key(KeyEvent { code, modifiers, kind: KeyEventKind::Press, .. }) = raw else { return None };
    // In raw mode a pasted line feed arrives as Ctrl-J.
    match (code, *modifiers) {
        (RawCode::Char('j'), KeyModifiers::CONTROL) | (RawCode::Enter, KeyModifiers::NONE) => Some('\n'),
        (RawCode::Tab, KeyModifiers::NONE) => Some('\t'),
        (RawCode::Char(c), modifiers) if modifiers.difference(KeyModifiers::SHIFT).is_empty() => Some(*c),
        _ => None,
    }
}

fn messages(burst: Vec<Raw>) -> Vec<Msg> {
    let text: String = burst.iter().filter_map(character).collect();
    // A key that is held down repeats itself; a paste does not.
    let held = text.chars().next().is_some_and(|first| text.chars().all(|c| c == first));
    if burst.len() >= FEWEST && !held {
        return vec![Msg::Burst(text)];
    }
    burst.into_iter().filter_map(message).collect()
}

fn message(raw: Raw) -> Option<Msg> {
    match raw {
        Raw::Key(key) if key.kind != KeyEventKind::Release => self::key(key).map(Msg::Key),
        Raw::Paste(text) => Some(Msg::Paste(text)),
        Raw::Resize(width, height) => Some(Msg::Resize(width, height)),
        Raw::Mouse(mouse) => {
            let kind = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => PointerKind::Press,
                MouseEventKind::Drag(MouseButton::Left) => PointerKind::Drag,
                MouseEventKind::Up(MouseButton::Left) => PointerKind::Release,
                MouseEventKind::ScrollUp => PointerKind::WheelUp,
                MouseEventKind::ScrollDown => PointerKind::WheelDown,
                _ => return None,
            };
            Some(Msg::Pointer(Pointer { kind, x: mouse.column, y: mouse.row }))
        }
        _ => None,
    }
}

fn key(key: KeyEvent) -> Option<Key> {
    let code = match key.code {
        RawCode::Char(c) => KeyCode::Char(c),
        RawCode::Enter => KeyCode::Enter,
        RawCode::Esc => KeyCode::Esc,
        RawCode::Tab => KeyCode::Tab,
        RawCode::BackTab => KeyCode::BackTab,
        RawCode::Backspace => KeyCode::Backspace,
        RawCode::Delete => KeyCode::Delete,
        RawCode::Up => KeyCode::Up,
        RawCode::Down => KeyCode::Down,
        RawCode::Left => KeyCode::Left,
        RawCode::Right => KeyCode::Right,
        RawCode::Home => KeyCode::Home,
        RawCode::End => KeyCode::End,
        RawCode::PageUp => KeyCode::PageUp,
        RawCode::PageDown => KeyCode::PageDown,
        RawCode::F(number) => KeyCode::F(number),
        _ => return None,
    };
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    // Ctrl with a letter says nothing of its case.
    let code = match code {
        KeyCode::Char(c) if ctrl => KeyCode::Char(c.to_ascii_lowercase()),
        other => other,
    };
    Some(Key { code, ctrl, alt: key.modifiers.contains(KeyModifiers::ALT) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Vec<Raw> {
        let code = |c: char| if c == '\n' { RawCode::Enter } else { RawCode::Char(c) };
        text.chars().map(|c| Raw::Key(KeyEvent::new(code(c), KeyModifiers::NONE))).collect()
    }

    fn through(events: Vec<Raw>) -> Vec<Msg> {
        let mut events = events.into_iter();
        let mut all = Vec::new();
        let mut ahead = events.next();
        while let Some(first) = ahead.take() {
            let (burst, next) = gather(first, |_| events.next());
            ahead = next.or_else(|| events.next());
            all.extend(messages(burst));
        }
        all
    }

    #[test]
    fn a_burst_is_a_paste_and_typing_is_not() {
        let pasted = through(typed("Error Domain=x\nCode=-34018\nq"));
        assert!(matches!(&pasted[..], [Msg::Burst(text)] if text == "Error Domain=x\nCode=-34018\nq"), "{pasted:?}");
        assert_eq!(through(typed("jjk")).len(), 3);
        assert_eq!(through(typed(&"j".repeat(40))).len(), 40);
    }

    #[test]
    fn a_burst_ends_at_what_is_no_character() {
        let mut events = typed("a log line that is long");
        events.push(Raw::Key(KeyEvent::new(RawCode::Esc, KeyModifiers::NONE)));
        events.extend(typed("q"));
        let told = through(events);
        assert!(matches!(&told[..], [Msg::Burst(_), Msg::Key(esc), Msg::Key(_)] if esc.code == KeyCode::Esc), "{told:?}");
    }

    #[test]
    fn keys_are_read() {
        let of = |code, modifiers| key(KeyEvent::new(code, modifiers)).map(|key| key.to_string());
        assert_eq!(of(RawCode::Char('D'), KeyModifiers::CONTROL).as_deref(), Some("Ctrl-D"));
        assert_eq!(of(RawCode::Char('x'), KeyModifiers::ALT).as_deref(), Some("Alt-x"));
        assert_eq!(of(RawCode::Char('G'), KeyModifiers::SHIFT).as_deref(), Some("G"));
        assert_eq!(of(RawCode::CapsLock, KeyModifiers::NONE), None);
    }
}
