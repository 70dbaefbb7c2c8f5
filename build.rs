#![allow(clippy::expect_used)] // A build script ends with a sentence where it cannot go on.

//! Turns `knowledge/` into what the program embeds: the raw text of every file, and its YAML as JSON, so that a start parses no YAML.
//!
//! What a page names of codes stands apart once more, so that explaining a code reads no page.
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
    let mut named = Vec::new();
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        if name.starts_with("guides/") && name.ends_with(".md") {
            guides.add(&name, &text, front_matter(&text).as_ref());
        } else if name.ends_with(".md") && name.contains('/') {
            let front = front_matter(&text);
            named.extend(front.as_ref().and_then(named_codes));
            pages.add(&name, &text, front.as_ref());
        } else if name.starts_with("codes/") && name.ends_with(".yaml") {
            codes.add(&name, &text, serde_yaml::from_str::<serde_json::Value>(&text).ok().as_ref());
        }
    }
    for (name, blob) in [("pages", pages), ("guides", guides), ("codes", codes)] {
        fs::write(out.join(format!("{name}.txt")), blob.text).expect("the build folder takes files");
        let index = serde_json::to_string(&blob.index).expect("an index is JSON");
        fs::write(out.join(format!("{name}.json")), index).expect("the build folder takes files");
    }
    let named = serde_json::to_string(&named).expect("a list is JSON");
    fs::write(out.join("named.json"), named).expect("the build folder takes files");
}

/// The page's id, its aliases and the codes that its patterns name: all that explaining a code needs of a page.
fn named_codes(front: &serde_json::Value) -> Option<serde_json::Value> {
    let patterns = front.get("patterns").and_then(serde_json::Value::as_array);
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let codes: Vec<String> = patterns.into_iter().flatten().filter_map(|pattern| pattern.get("code")).map(text).collect();
    let aliases = front.get("aliases").cloned().unwrap_or_else(|| serde_json::json!([]));
    Some(serde_json::json!({"id": front.get("id")?, "aliases": aliases, "codes": codes}))
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
