//! The pictures of the README are those of the program as it is.

#![allow(clippy::unwrap_used)] // A failed stage is a failed test.

#[path = "../examples/pictures/scenes.rs"]
mod scenes;
#[path = "../examples/pictures/svg.rs"]
mod svg;

use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn the_pictures_are_up_to_date_and_the_readme_shows_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let log = std::fs::read_to_string(root.join("examples/keychain-background.log")).unwrap();
    let pictures = scenes::pictures(&log);
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    for (name, text) in &pictures {
        let kept = std::fs::read_to_string(root.join("docs/pictures").join(name)).unwrap_or_default();
        assert!(kept == *text, "docs/pictures/{name} is out of date: `cargo run --example pictures` makes it anew");
        assert!(readme.contains(&format!("docs/pictures/{name}")), "README does not show {name}");
        assert!(text.starts_with("<svg ") && !text.contains("<script"), "{name}");
    }
    let made: BTreeSet<String> = pictures.into_iter().map(|(name, _)| name).collect();
    let kept: BTreeSet<String> = std::fs::read_dir(root.join("docs/pictures"))
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(made, kept, "pictures that nothing makes, or that are not there");
}

#[test]
fn a_picture_tells_what_the_screen_tells() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let log = std::fs::read_to_string(root.join("examples/keychain-background.log")).unwrap();
    let pictures = scenes::pictures(&log);
    let of = |name: &str| pictures.iter().find(|(file, _)| file == name).map(|(_, text)| text.clone()).unwrap();
    assert!(of("diagnosis-dark.svg").contains("SecItemDelete"));
    assert!(of("diagnosis-light.svg").contains("findings"));
    assert!(of("checklist-dark.svg").contains("[x]"));
    assert!(of("search-light.svg").contains("keychain backg"));
    assert_ne!(of("diagnosis-dark.svg"), of("diagnosis-light.svg"));
}

#[test]
fn the_list_of_keys_is_that_of_the_table() {
    let kept = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md")).unwrap_or_default();
    assert!(kept == pitfall::app::keys::document(), "docs/keys.md is out of date: `cargo run --example pictures` makes it anew");
}
