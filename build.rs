#![allow(clippy::expect_used)] // A build script ends with a sentence where it cannot go on.

//! Turns `knowledge/` into what the program embeds: the raw text of every file, and its YAML as JSON, so that a start parses no YAML.
//!
//! A file that cannot be read as YAML is embedded without its JSON; loading reports it, so the build itself never hides a mistake.

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=knowledge");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("knowledge");
    let out = PathBuf::from(std::env::var("OUT_DIR").unwrap_or_default());
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let mut pages = Blob::default();
    let mut guides = Blob::default();
    let mut codes = Blob::default();
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        if name.starts_with("guides/") && name.ends_with(".md") {
            guides.add(&name, &text, front_matter(&text).as_ref());
        } else if name.ends_with(".md") && name.contains('/') {
            pages.add(&name, &text, front_matter(&text).as_ref());
        } else if name.starts_with("codes/") && name.ends_with(".yaml") {
            codes.add(&name, &text, serde_yaml::from_str::<serde_json::Value>(&text).ok().as_ref());
        }
    }
    for (name, blob) in [("pages", pages), ("guides", guides), ("codes", codes)] {
        fs::write(out.join(format!("{name}.txt")), blob.text).expect("the build folder takes files");
        let index = serde_json::to_string(&blob.index).expect("an index is JSON");
        fs::write(out.join(format!("{name}.json")), index).expect("the build folder takes files");
    }
}

#[derive(Default)]
struct Blob {
    text: String,
    index: Vec<serde_json::Value>,
}

impl Blob {
    fn add(&mut self, path: &str, text: &str, value: Option<&serde_json::Value>) {
        let start = self.text.len();
        self.text.push_str(text);
        self.index.push(serde_json::json!({"path": path, "start": start, "end": self.text.len(), "value": value}));
    }
}

/// The YAML between the first two lines that are exactly `---`.
fn front_matter(text: &str) -> Option<serde_json::Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.split_inclusive('\n');
    if lines.next()?.trim_end_matches(['\n', '\r']) != "---" {
        return None;
    }
    let yaml: String = lines.take_while(|line| line.trim_end_matches(['\n', '\r']) != "---").collect();
    serde_yaml::from_str(&yaml).ok()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo:rerun-if-changed={}", folder.display());
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
