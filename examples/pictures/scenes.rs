//! What the pictures show: the real program with its own knowledge and the example log of this repository, brought there by keys.

use super::svg::{DARK, LIGHT, picture};
use pitfall::app::{self, Case, Effect, Key, Looks, Model, Msg, ThemeName, layout::Area, update};
use pitfall::engine::{Engine, Input};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;

/// The size of the pictured terminal.
const SIZE: (u16, u16) = (104, 30);

/// A picture's name, what it is of, and the keys that lead there.
const SCENES: &[(&str, &str, &str)] = &[
    ("diagnosis", "A log with its evidence on the left, the findings and what to do on the right", ""),
    ("checklist", "A page with its checklist, one step ticked", "enter space"),
    ("search", "Search as one types: pages, guides and codes with extracts", "/ k e y c h a i n space b a c k g"),
];

/// Every picture: the name of its file, and its text.
pub(crate) fn pictures(log: &str) -> Vec<(String, String)> {
    let engine = Arc::new(Engine::new(Vec::new()));
    let mut found = Vec::new();
    for (name, title, keys) in SCENES {
        for (theme, ground, suffix) in [(ThemeName::Dark, &DARK, "dark"), (ThemeName::Light, &LIGHT, "light")] {
            let mut model = Model::new(Area::of(SIZE.0, SIZE.1), Looks { theme, ..Looks::default() });
            tell(&mut model, &engine, Msg::Ready(Arc::clone(&engine), Vec::new()));
            tell(&mut model, &engine, Msg::Paste(log.to_owned()));
            for key in keys.split_whitespace().filter_map(Key::parse) {
                tell(&mut model, &engine, Msg::Key(key));
            }
            let area = Rect::new(0, 0, SIZE.0, SIZE.1);
            let mut buffer = Buffer::empty(area);
            pitfall::view::render(&model, area, &mut buffer);
            found.push((format!("{name}-{suffix}.svg"), picture(&buffer, ground, title)));
        }
    }
    found
}

/// Tells the model something, and answers what it asks the engine.
fn tell(model: &mut Model, engine: &Engine, msg: Msg) {
    for effect in update(model, msg) {
        match effect {
            Effect::Diagnose(id, inputs) => {
                let inputs = Arc::new(inputs.iter().map(|input| Input { name: "notes.log".into(), bytes: input.bytes.clone() }).collect());
                tell(model, engine, Msg::Diagnosed(id, Box::new(Case::diagnose(engine, "key".into(), inputs))));
            }
            Effect::Search(id, words, topic) => tell(model, engine, Msg::Found(id, engine.search(&words, topic.as_deref(), app::HITS))),
            Effect::Explain(id, term) => tell(model, engine, Msg::Explained(id, engine.explain(&term))),
            _ => {}
        }
    }
}
