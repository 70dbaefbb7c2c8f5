//! Makes the pictures of the README from the real screens, and the list of keys from their table: `cargo run --example pictures` writes
//! `docs/pictures` and `docs/keys.md`.

mod scenes;
mod svg;

use std::path::Path;

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let log = std::fs::read_to_string(root.join("examples/keychain-background.log"))?;
    for (name, text) in scenes::pictures(&log) {
        std::fs::write(root.join("docs/pictures").join(name), text)?;
    }
    std::fs::write(root.join("docs/keys.md"), pitfall::app::keys::document())
}
