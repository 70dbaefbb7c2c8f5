//! A stage for scenarios: the model with a small knowledge of its own, effects answered by the real engine at once.
#![allow(dead_code, unreachable_pub, clippy::unused_self, clippy::unwrap_used, clippy::panic, clippy::single_range_in_vec_init)] // Each test file uses its part; a failed stage is a failed test.

pub mod legend;
pub mod script;

use pitfall::app::{self, Case, Effect, Key, Looks, Model, Msg, Pointer, PointerKind, layout::Area, update};
use pitfall::engine::{Engine, Explained, HitKind, SearchHit};
use pitfall::knowledge::{Knowledge, SourceFile};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use std::sync::{Arc, OnceLock};

pub const LOG: &str = "2026-11-22 10:00:00.100000+0100 Notes[512:1a2b3] [App] applicationDidEnterBackground
2026-11-22 10:00:01.200000+0100 Notes[512:1a2b3] [Sync] refresh started
2026-11-22 10:00:01.300000+0100 Notes[512:1a2b3] [Keychain] SecItemAdd failed: -34018
2026-11-22 10:00:02.400000+0100 Notes[512:1a2b3] [Keychain] SecItemCopyMatching failed: -25308
2026-11-22 10:00:02.500000+0100 Notes[512:1a2b3] [Keychain] token unreadable, SecItemDelete, signing out
";

pub const PAGES: &[(&str, &str)] = &[
    (
        "keychain/entitlement-missing.md",
        "---
id: entitlement-missing
title: Keychain entitlement missing (-34018)
topic: keychain
severity: high
platforms: [ios, macos]
status: stable
summary: The process has no `keychain-access-groups`, so the keychain refuses it.
patterns:
  - {id: code, code: errSecMissingEntitlement}
ask:
  - Does it happen in the tests only?
references:
  - {title: Sharing access, url: \"https://developer.apple.com/documentation/security\"}
related: [locked-delete]
reviewed: 2026-11-22
---
## Symptom
Every keychain call answers -34018. See also [the delete](locked-delete).
## Cause
| code | meaning |
|---|---|
| -34018 | no entitlement |

```swift
let status = SecItemAdd(query, nil) // fails
```
## Remediation
- [ ] Add the keychain-access-groups entitlement to the target. {#add-groups}
- [ ] Look at what was signed. {#look}

  ```console
  codesign -d --entitlements - App.app
  ```
  Expect: the group stands there.
- [ ] Sign again with a profile that allows the group. {#sign-again}
## Self-tests
```log match=code confidence=possible
SecItemAdd failed: -34018
```
",
    ),
    (
        "keychain/locked-delete.md",
        "---
id: locked-delete
title: Credential deleted because the keychain was locked (-25308)
topic: keychain
severity: critical
platforms: [ios]
status: stable
summary: The item was unreadable only because the device was locked.
patterns:
  - {id: locked, code: errSecInteractionNotAllowed}
  - {id: deletes, needle: SecItemDelete}
rules:
  - {all: [deletes, locked], confidence: certain}
reviewed: 2026-11-22
---
## Symptom
Signed out over night.
## Cause
A locked device.
## Remediation
- [ ] Keep the item. {#keep}
- [ ] Wait. {#wait}
## Self-tests
```log silent
SecItemDelete
```
",
    ),
    (
        "keychain/safari-noise.md",
        "---
id: safari-noise
title: Safari asks for a circle that is not there
topic: keychain
severity: noise
platforms: [macos]
status: stable
summary: Safari writes this on every start.
patterns:
  - {id: icdp, needle: KeychainGetICDPStatus}
rules:
  - {all: [icdp], confidence: certain}
reviewed: 2026-11-22
---
## Symptom
A line.
## Why it is harmless
Nothing depends on it.
## When it is not
Never.
## Self-tests
```log silent
Keychain
```
",
    ),
];

pub const SANDBOX_PAGE: (&str, &str) = (
    "sandbox/denied-read.md",
    "---
id: denied-read
title: Sandbox denies reading a file outside the container
topic: sandbox
severity: medium
platforms: [macos]
status: stable
summary: The sandbox refused `file-read-data`; the file was never chosen by the user.
patterns:
  - {id: deny, needle: deny(1) file-read-data}
rules:
  - {all: [deny], confidence: likely}
reviewed: 2026-11-22
---
## Symptom
A file that is there cannot be read.
## Cause
1. The path was typed, not chosen:
   - by hand
     - in a script
   - by a script
2. The bookmark is old.

> Quoted: ask the user once.

- [x] A task that is done
- [ ] One that is not
## Remediation
- [ ] Let the user choose the folder. {#choose}
- [ ] Keep a bookmark of it. {#bookmark}

  ```console
  codesign -d --entitlements - App.app # look
  ```
  Expect: `com.apple.security.files.user-selected.read-write` is there.
## Example
```objc
NSURL *url = [panel URL]; // chosen
```

```json
{\"com.apple.security.app-sandbox\": true}
```

```xml
<key>com.apple.security.app-sandbox</key><true/>
```

```yaml
sandbox: true # on
```
## Self-tests
```log match=deny confidence=likely
Sandbox: Notes(512) deny(1) file-read-data /Users/jo/x
```
",
);

pub const GUIDE: (&str, &str) = (
    "guides/keychain-guide.md",
    "---
id: keychain-guide
title: How the keychain identifies an item
summary: Which columns make an item unique.
keywords: [uniqueness]
related: [entitlement-missing]
references:
  - {title: Keychain items, url: \"https://developer.apple.com/documentation/security/keychain-items\"}
reviewed: 2026-11-22
---
## The keychain is a database
It has four tables.
",
);

pub const CODES: &str = "domain: NSOSStatusErrorDomain
short: [OSStatus]
codes:
  - {code: -34018, name: errSecMissingEntitlement, meaning: The process lacks an entitlement., pitfalls: [entitlement-missing]}
  - {code: -25308, name: errSecInteractionNotAllowed, meaning: The keychain is locked and nobody may be asked., pitfalls: [locked-delete]}
  - {code: -25300, name: errSecItemNotFound, meaning: There is no such item., pitfalls: []}
";

pub fn engine() -> Arc<Engine> {
    static ENGINE: OnceLock<Arc<Engine>> = OnceLock::new();
    let make = || {
        let pages = PAGES
            .iter()
            .chain([&SANDBOX_PAGE, &GUIDE])
            .map(|(path, text)| SourceFile::new((*path).to_owned(), (*text).to_owned()))
            .collect();
        let codes = vec![SourceFile::new("codes/osstatus.yaml".into(), CODES.into())];
        let knowledge = Knowledge::load(pages, codes, Vec::new());
        assert!(knowledge.problems().is_empty(), "{:#?}", knowledge.problems());
        Arc::new(Engine::of(knowledge))
    };
    Arc::clone(ENGINE.get_or_init(make))
}

pub struct Stage {
    pub model: Model,
}

impl Stage {
    pub fn new(width: u16, height: u16) -> Self {
        let mut stage = Self { model: Model::new(Area::of(width, height), Looks::default()) };
        app::start(&mut stage.model, Vec::new());
        stage.send(Msg::Ready(engine(), Vec::new()));
        stage
    }

    /// Sends a message; what the engine can answer is answered at once. Returns the effects of the message itself.
    pub fn send(&mut self, msg: Msg) -> Vec<Effect> {
        update(&mut self.model, msg)
    }

    /// Marks effects as not to be answered.
    pub fn without_answers(&self, effects: Vec<Effect>) -> Vec<Effect> {
        effects
    }

    /// Answers the diagnoses among effects; returns what followed.
    pub fn answer(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let mut all = Vec::new();
        for effect in effects {
            if let Effect::Diagnose(id, inputs) = effect {
                let key = pitfall::store::fingerprint(&inputs);
                all.extend(self.send(Msg::Diagnosed(id, Box::new(Case::diagnose(&engine(), key, inputs)))));
            } else if let Effect::Redact(id, leaving) = effect {
                all.extend(self.send(Msg::Redacted(id, Box::new(leaving.redacted(&engine())))));
            } else {
                all.push(effect);
            }
        }
        all
    }

    /// Presses keys; diagnoses are answered between them. Returns the effects of the last one.
    pub fn keys(&mut self, keys: &str) -> Vec<Effect> {
        let mut last = Vec::new();
        for key in keys.split_whitespace() {
            let key = Key::parse(key).unwrap_or_else(|| panic!("{key} is no key"));
            let effects = self.send(Msg::Key(key));
            last = self.answer(effects);
        }
        last
    }

    /// Presses a key; searches and explanations are answered too, by the real engine.
    pub fn keys_answered(&mut self, key: &str) {
        for effect in self.keys(key) {
            match effect {
                Effect::Search(id, words, topic) => drop(self.send(Msg::Found(id, engine().search(&words, topic.as_deref(), 50)))),
                Effect::Explain(id, term) => drop(self.send(Msg::Explained(id, engine().explain(&term)))),
                _ => {}
            }
        }
    }

    /// A row of the screen.
    pub fn row(&self, row: u16) -> String {
        self.screen().lines().nth(usize::from(row)).unwrap_or("").to_owned()
    }

    pub fn paste(&mut self, text: &str) {
        let effects = self.send(Msg::Paste(text.into()));
        self.answer(effects);
    }

    /// Types a letter into the search; returns the number of the question.
    pub fn ask(&mut self, letter: &str) -> u64 {
        let effects = self.keys(letter);
        match effects.first() {
            Some(Effect::Search(id, ..)) => *id,
            other => panic!("{other:?}"),
        }
    }

    pub fn found(&mut self, id: u64, pages: &[&str]) {
        let engine = engine();
        let hit = |id: &&str| SearchHit {
            kind: HitKind::Page,
            id: (*id).to_owned(),
            title: engine.knowledge().page(id).unwrap().title.clone(),
            topic: "keychain".into(),
            score: 1.0,
            snippet: "an extract".into(),
            marks: vec![3..10],
        };
        self.send(Msg::Found(id, pages.iter().map(hit).collect()));
    }

    pub fn explained(&mut self, id: u64, code: &str) {
        let found = engine()
            .knowledge()
            .catalogue()
            .resolve(code)
            .into_iter()
            .map(|entry| Explained { entry: entry.clone(), also: vec!["0xffff7b1e".into()], pitfalls: entry.pitfalls.clone() })
            .collect();
        self.send(Msg::Explained(id, found));
    }

    pub fn buffer(&self) -> Buffer {
        let area = Rect::new(0, 0, self.model.area.width, self.model.area.height);
        let mut buffer = Buffer::empty(area);
        pitfall::view::render(&self.model, area, &mut buffer);
        buffer
    }

    /// The screen as lines of text.
    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        let width = usize::from(buffer.area.width.max(1));
        let row =
            |cells: &[ratatui::buffer::Cell]| cells.iter().map(ratatui::buffer::Cell::symbol).collect::<String>().trim_end().to_owned();
        buffer.content().chunks(width).map(row).collect::<Vec<_>>().join("\n")
    }

    pub fn shows(&self, text: &str) {
        let screen = self.screen();
        assert!(screen.contains(text), "{text:?} is not on the screen:\n{screen}");
    }

    pub fn hides(&self, text: &str) {
        let screen = self.screen();
        assert!(!screen.contains(text), "{text:?} is on the screen:\n{screen}");
    }

    /// Where a text begins.
    pub fn place(&self, text: &str) -> (u16, u16) {
        self.find(text).unwrap_or_else(|| panic!("{text:?} is not on the screen:\n{}", self.screen()))
    }

    fn find(&self, text: &str) -> Option<(u16, u16)> {
        let buffer = self.buffer();
        let width = buffer.area.width;
        for y in 0..buffer.area.height {
            for x in 0..width {
                let rest: String = (x..width).map(|x| buffer[(x, y)].symbol()).collect();
                if rest.starts_with(text) {
                    return Some((x, y));
                }
            }
        }
        None
    }

    pub fn style_of(&self, text: &str) -> Style {
        let (x, y) = self.place(text);
        self.buffer()[(x, y)].style()
    }

    /// How the last word of a text of the log is marked.
    pub fn marked(&self, text: &str) -> Option<&'static str> {
        use pitfall::app::ink::Role;
        let theme = pitfall::view::Theme::of(self.model.looks.theme);
        let (x, y) = self.place(text);
        let x = x + u16::try_from(text.rfind(' ').map_or(0, |at| at + 1)).unwrap();
        let style = self.buffer()[(x, y)].style();
        let same = |role: Role| style.fg == theme.style(role).fg && style.bg == theme.style(role).bg;
        [("here", Role::EvidenceHere), ("evidence", Role::Evidence)].into_iter().find(|(_, role)| same(*role)).map(|(name, _)| name)
    }

    pub fn has_colours(&self) -> bool {
        let plain = |colour: Option<Color>| matches!(colour, None | Some(Color::Reset));
        self.buffer().content().iter().any(|cell| !plain(cell.style().fg) || !plain(cell.style().bg))
    }

    pub fn click(&mut self, x: u16, y: u16) {
        for kind in [PointerKind::Press, PointerKind::Release] {
            self.send(Msg::Pointer(Pointer { kind, x, y }));
        }
    }

    pub fn pointer(&mut self, kind: PointerKind, x: u16, y: u16) -> Vec<Effect> {
        self.send(Msg::Pointer(Pointer { kind, x, y }))
    }

    pub fn wheel(&mut self, x: u16, y: u16) {
        self.send(Msg::Pointer(Pointer { kind: PointerKind::WheelDown, x, y }));
    }

    pub fn drag(&mut self, from: u16, to: u16) {
        self.send(Msg::Pointer(Pointer { kind: PointerKind::Press, x: from, y: 5 }));
        self.send(Msg::Pointer(Pointer { kind: PointerKind::Drag, x: to, y: 5 }));
        self.send(Msg::Pointer(Pointer { kind: PointerKind::Release, x: to, y: 5 }));
    }
}

/// The first rows of a screen.
pub fn clipped(screen: &str, rows: usize) -> String {
    screen.lines().take(rows).collect::<Vec<_>>().join("\n")
}
