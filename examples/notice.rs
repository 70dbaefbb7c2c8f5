//! Writes `NOTICE`: every package that a build of pitfall may hold, with its licence and its notices of copyright, from `cargo metadata`.
//! `cargo run --example notice > NOTICE`

#![allow(clippy::print_stdout, clippy::expect_used)] // That is what it is for.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn main() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo).args(["metadata", "--format-version", "1", "--locked"]).output().expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    println!("pitfall is licensed under MIT OR Apache-2.0 (LICENSE-MIT, LICENSE-APACHE).");
    println!(
        "It is built from the packages below, each under its own licence; those that only tests or other systems need are among them."
    );
    println!(
        "Where a licence lets one choose, pitfall takes MIT, else Apache-2.0. SQLite, bundled by libsqlite3-sys, is in the public domain."
    );
    println!("Made by `cargo run --example notice > NOTICE`.\n");
    let packages = metadata.get("packages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut rows: Vec<String> = packages.iter().filter(|package| package["source"].is_string()).map(row).collect();
    rows.sort();
    for row in &rows {
        println!("{row}");
    }
}

fn row(package: &Value) -> String {
    let text = |name: &str| package[name].as_str().unwrap_or_default();
    let folder = Path::new(text("manifest_path")).parent().unwrap_or(Path::new(""));
    let licence = match (text("license"), package["license_file"].as_str()) {
        ("", Some(file)) => format!("its own, see {file}"),
        ("", None) => "no licence told".to_owned(),
        (licence, _) => licence.to_owned(),
    };
    let mut row = format!("{} {}: {licence} {}", text("name"), text("version"), text("repository")).trim_end().to_owned();
    for notice in notices(folder) {
        row.push_str("\n    ");
        row.push_str(&notice);
    }
    row
}

/// The lines of copyright in the licence files of a package.
fn notices(folder: &Path) -> BTreeSet<String> {
    const FILES: [&str; 4] = ["license", "licence", "copying", "notice"];
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let licences = entries.filter(|entry| {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        FILES.iter().any(|file| name.starts_with(file) || name == "copyright")
    });
    let texts = licences.filter_map(|entry| std::fs::read(entry.path()).ok()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let mut found = BTreeSet::new();
    for text in texts {
        let lines = text.lines().map(str::trim).filter(|line| {
            let lower = line.to_lowercase();
            // The licence texts themselves speak of copyright in other words; a template's brackets tell nothing.
            lower.starts_with("copyright") && line.contains(|c: char| c.is_ascii_digit() || c == '©') && !line.contains(['[', '{'])
        });
        found.extend(lines.map(str::to_owned));
    }
    found
}
