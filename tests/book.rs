//! `pitfall kb book`: the folder is whole, asks for nothing outside of itself, and what is hostile in an overlay stays text.
//!
//! The last test drives a real browser and needs Chromium, chromedriver and Python 3; without them it says so and ends. `PITFALL_BOOK_PICTURES`
//! names a folder for pictures of the pages in light and dark.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::string_slice, clippy::print_stderr)] // A test ends where it cannot go on.

use assert_cmd::Command;
use pitfall::engine::Engine;
use pitfall::knowledge::{Overlay, SourceFile};
use pitfall::report::{BOOK_MARKER, Book, book};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn written() -> Book {
    book(&Engine::new(Vec::new()))
}

/// The values of an attribute.
fn values<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let front = format!(" {name}=\"");
    html.match_indices(&front).map(|(at, _)| html[at + front.len()..].split('"').next().unwrap()).collect()
}

#[test]
fn the_book_has_everything_and_its_links_lead_somewhere() {
    let book = written();
    let engine = Engine::new(Vec::new());
    for page in engine.knowledge().pages() {
        let html = &book.files[&format!("page/{}.html", page.id)];
        assert_eq!(values(html, "data-step").len(), Engine::body(page).steps.len(), "{}", page.id);
    }
    assert!(engine.knowledge().guides().iter().all(|guide| book.files.contains_key(&format!("guide/{}.html", guide.id))));
    let mut wrong = BTreeSet::new();
    for (path, html) in book.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let folder = Path::new(path).parent().unwrap();
        for href in values(html, "href").into_iter().chain(values(html, "src")).filter(|href| !href.starts_with("https://")) {
            let (file, place) = href.split_once('#').unwrap_or((href, ""));
            let mut to = if file.is_empty() { PathBuf::from(path) } else { folder.to_path_buf() };
            for part in Path::new(file).components() {
                if part.as_os_str() == ".." { assert!(to.pop(), "{path}: {href} leaves the book") } else { to.push(part) }
            }
            let target = book.files.get(&to.to_string_lossy().replace('\\', "/"));
            let there = target.is_some_and(|text| place.is_empty() || text.contains(&format!(" id=\"{place}\"")));
            if !there && !href.starts_with("http://") {
                wrong.insert(format!("{path}: {href}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} {:#?}", wrong.len(), wrong.iter().take(20).collect::<Vec<_>>());
    let counts: usize = pitfall::knowledge::TOPICS
        .iter()
        .map(|topic| {
            let front = format!("href=\"topic/{}.html\">{}</a> <span>", topic.id, topic.title);
            book.files["index.html"].split(&front).nth(1).unwrap().split('<').next().unwrap().parse::<usize>().unwrap()
        })
        .sum();
    assert_eq!(counts, book.pages);
}

#[test]
fn nothing_is_loaded_from_outside_and_the_bytes_are_the_same() {
    let book = written();
    for (path, html) in book.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(html.contains("Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'; style-src 'self'"), "{path}");
        assert!(values(html, "src").iter().all(|src| !src.contains(':') && !src.starts_with("//")), "{path}");
        for tag in html.split('<').filter(|tag| tag.starts_with("link ")) {
            assert!(values(tag, "href").iter().all(|href| !href.contains(':')), "{path}: {tag}");
        }
        for tag in html.split('<').filter(|tag| tag.starts_with("a ") && tag.contains("href=\"http")) {
            assert!(tag.contains("rel=\"noreferrer"), "{path}: {tag}");
        }
        for bad in ["<script>", "<iframe", "<img", "<form", "<style"] {
            assert!(!html.contains(bad), "{path} has {bad}");
        }
        for tag in html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()) {
            assert!(!tag.contains(" on") && !tag.contains(" style="), "{path}: {tag}");
        }
    }
    assert!(!book.files["style.css"].contains("url(") && !book.files["style.css"].contains("@import"));
    assert!(!book.files["book.js"].contains("http") && !book.files["book.js"].contains("innerHTML"));
    assert!(book.files["search-index.js"].len() < 2 << 20, "{} bytes", book.files["search-index.js"].len());
    assert_eq!(book, written());
}

const HOSTILE: &str = r#"---
id: hostile-page
title: "</title><script>alert(1)</script>\" onload='x' \u001b[31m"
topic: keychain
severity: high
status: stable
summary: "<img src=http://example.com/x.png> `</code><script>`"
keywords: ["</script><script>alert(2)</script>"]
patterns: [{id: a, code: errSecParam}]
ask: ["<b>?</b>"]
references: [{title: "<i>x</i>", url: "javascript:alert(3)"}, {title: y, url: "https://example.com/\"><script>alert(4)</script>"}]
related: ["\"><script>alert(5)</script>"]
reviewed: "<u>2026</u>"
---
## Symptom
<script src="http://example.com/x.js"></script> and ![p](http://example.com/p.png) and [x](javascript:alert(6))

## Remediation
- [ ] Do <script>alert(7)</script> it. {#"><script>alert(8)</script>}

  ```html
  </code></pre><script>alert(9)</script>
  ```
  Expect: <svg onload=alert(10)>
"#;

const HOSTILE_CODES: &str = "domain: '../../<script>x</script>'\ncodes:\n  - {code: '\"><script>a', name: '<b>n', also: ['</td>'], meaning: '<script>m', source: '<s>'}\n";

#[test]
fn what_is_hostile_in_an_overlay_stays_text() {
    let files = vec![
        SourceFile::new("o/keychain/hostile-page.md".into(), HOSTILE.into()),
        SourceFile::new("o/codes/x.yaml".into(), HOSTILE_CODES.into()),
    ];
    let book = book(&Engine::new(vec![Overlay { name: "o".into(), files, ..Overlay::default() }]));
    let html = &book.files["page/hostile-page.html"];
    assert!(html.contains("&lt;script&gt;alert(7)&lt;/script&gt;") && html.contains("&lt;/title&gt;"), "it is shown, as text: {html}");
    for (path, text) in &book.files {
        assert!(!path.contains("..") && path.chars().all(|c| c.is_ascii_alphanumeric() || "-/._".contains(c)), "{path}");
        assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{path} has a control character");
        if path.ends_with(".html") {
            let scripts = text.matches("<script").count();
            assert!(scripts <= 2 && text.matches("<script src=\"").count() == scripts, "{path} has {scripts} scripts");
            for bad in ["<img", "<svg", "<b>n", "<b>?", "<i>", "<u>", "href=\"javascript", "</td></code>"] {
                assert!(!text.contains(bad), "{path} has {bad}");
            }
        }
    }
    assert!(!book.files["search-index.js"].contains("<script"));
}

fn pitfall(args: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("pitfall").unwrap().env_clear().env("HOME", "/nonexistent").args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_folder_of_others_is_left_alone_and_an_older_book_is_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let (others, own) = (folder.path().join("others"), folder.path().join("own"));
    fs::create_dir(&others).unwrap();
    fs::write(others.join("letter.txt"), "dear").unwrap();
    let (status, _, err) = pitfall(&["kb", "book", others.to_str().unwrap()]);
    assert_eq!((status, fs::read_dir(&others).unwrap().count()), (2, 1), "{err}");
    assert!(err.contains("holds no book of pitfall"), "{err}");
    let (status, _, err) = pitfall(&["kb", "book", others.join("letter.txt").to_str().unwrap()]);
    assert!(status == 2 && err.contains("no folder"), "{err}");

    let (status, out, _) = pitfall(&["kb", "book", own.to_str().unwrap(), "--format", "json"]);
    let said: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, said["pages"].as_u64(), said["removed"].as_u64()), (0, Some(written().pages as u64), Some(0)));
    // A page that the new book has no more goes; what the owner put beside it stays; a marker that names files of others is not obeyed.
    fs::write(own.join("page/old.html"), "old").unwrap();
    fs::write(own.join("mine.txt"), "mine").unwrap();
    let marker = fs::read_to_string(own.join(BOOK_MARKER)).unwrap();
    fs::write(own.join(BOOK_MARKER), marker.replace("[\"", "[\"page/old.html\",\"../others/letter.txt\",\"")).unwrap();
    let (status, out, _) = pitfall(&["kb", "book", own.to_str().unwrap()]);
    assert!(status == 0 && out.contains("1 files of the older book are gone") && out.contains("index.html"), "{out}");
    assert!(!own.join("page/old.html").exists() && own.join("mine.txt").exists() && others.join("letter.txt").exists());
    for (path, text) in written().files {
        assert_eq!(fs::read_to_string(own.join(&path)).unwrap(), text, "{path}");
    }
}

/// The first of these programs on the path.
fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name))).find(|file| file.is_file())
}

#[test]
fn a_browser_searches_ticks_and_asks_for_nothing_outside() {
    let found = (program(&["chromedriver"]), program(&["chromium", "google-chrome", "chromium-browser"]), program(&["python3"]));
    let (Some(driver), Some(browser), Some(python)) = found else {
        eprintln!("skipped: chromedriver, Chromium and python3 are not all here: {found:?}");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (at, profile) = (folder.path().join("a book"), folder.path().join("profile"));
    assert_eq!(pitfall(&["kb", "book", at.to_str().unwrap()]).0, 0);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/book/browser.py");
    let mut command = std::process::Command::new(python);
    command.arg(script).arg(driver).arg(browser).arg(&at).arg(&profile).args(std::env::var_os("PITFALL_BOOK_PICTURES"));
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.starts_with("ok "), "{said}");
    eprintln!("{said}");
}
