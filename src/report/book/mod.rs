//! The whole knowledge as a folder of web pages, for people without a terminal: files in memory, by path.
//!
//! Everything stands in the folder: no page asks for anything outside of it, which a content security policy holds in every page, and links to
//! the outside are plain links. The pages work from a disk (`file://`) as from a server. Titles, texts and ids of overlays are hostile:
//! whatever comes from a knowledge file goes through [`html::escape`], and Markdown through [`html::blocks`], which knows no raw HTML.

mod html;
mod lists;
mod page;
mod words;

use crate::engine::Engine;
use crate::knowledge::{Code, Entry, Knowledge, Test};
use html::escape;
use std::collections::BTreeMap;

/// The file that says that a folder is a book of ours, and which files are its own.
pub const MARKER: &str = "pitfall-book.json";

/// A book: its files, and what they hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// The text of every file by its path below the folder, the marker among them.
    pub files: BTreeMap<String, String>,
    /// Pages of pitfalls.
    pub pages: usize,
    /// Guides.
    pub guides: usize,
    /// Codes.
    pub codes: usize,
    /// Domains of codes.
    pub domains: usize,
}

/// Writes the book of what the engine knows. The same knowledge gives the same bytes.
#[must_use]
pub fn book(engine: &Engine) -> Book {
    let site = Site::new(engine.knowledge());
    let mut files = BTreeMap::new();
    lists::write(&site, &mut files);
    page::write(&site, &mut files);
    files.insert("search-index.js".to_owned(), words::index(&site));
    files.insert("book.js".to_owned(), include_str!("book.js").to_owned());
    files.insert("style.css".to_owned(), include_str!("style.css").to_owned());
    files.insert("icon.svg".to_owned(), include_str!("icon.svg").to_owned());
    let names: Vec<&String> = files.keys().collect();
    let marker = serde_json::json!({"schema": super::SCHEMA, "book": "pitfall", "files": names});
    files.insert(MARKER.to_owned(), format!("{marker}\n"));
    Book {
        pages: site.knowledge.pages().len(),
        guides: site.knowledge.guides().len(),
        codes: site.knowledge.catalogue().entries().len(),
        domains: site.domains.len(),
        files,
    }
}

/// What tells entries of a catalogue apart.
type Key<'a> = (&'a str, Option<&'a Code>, Option<&'a str>);

fn key(entry: &Entry) -> Key<'_> {
    (&entry.domain, entry.code.as_ref(), entry.name.as_deref())
}

/// The knowledge, and where each part of it stands in the book.
struct Site<'a> {
    knowledge: &'a Knowledge,
    /// The domains with their entries and the names of their files.
    domains: BTreeMap<&'a str, (String, Vec<&'a Entry>)>,
    /// The pages about a code, by id.
    about: BTreeMap<Key<'a>, Vec<&'a str>>,
    /// The codes that a page names, by its id.
    codes: BTreeMap<&'a str, Vec<&'a Entry>>,
}

impl<'a> Site<'a> {
    fn new(knowledge: &'a Knowledge) -> Self {
        let mut domains: BTreeMap<&str, (String, Vec<&Entry>)> = BTreeMap::new();
        for entry in knowledge.catalogue().entries() {
            domains.entry(&entry.domain).or_default().1.push(entry);
        }
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        for (domain, (file, _)) in &mut domains {
            let slug = slug(domain);
            let count = taken.entry(slug.clone()).or_default();
            *count += 1;
            *file = if *count == 1 { format!("codes/{slug}.html") } else { format!("codes/{slug}-{count}.html") };
        }
        let mut site = Self { knowledge, domains, about: BTreeMap::new(), codes: BTreeMap::new() };
        site.link_codes();
        site
    }

    fn link_codes(&mut self) {
        let catalogue = self.knowledge.catalogue();
        for page in self.knowledge.pages() {
            for pattern in &page.patterns {
                let Test::Code(spec) = &pattern.test else { continue };
                for entry in catalogue.resolve(&spec.0) {
                    push(self.about.entry(key(entry)).or_default(), page.id.as_str(), |a, b| a == b);
                    push(self.codes.entry(&page.id).or_default(), entry, |a, b| key(a) == key(b));
                }
            }
        }
        for entry in catalogue.entries() {
            for id in &entry.pitfalls {
                if let Some(page) = self.knowledge.page(id) {
                    push(self.about.entry(key(entry)).or_default(), page.id.as_str(), |a, b| a == b);
                    push(self.codes.entry(&page.id).or_default(), entry, |a, b| key(a) == key(b));
                }
            }
        }
    }

    /// The file and title of a page or guide.
    fn target(&self, id: &str) -> Option<(String, &'a str)> {
        let id = id.strip_suffix(".md").unwrap_or(id);
        if let Some(page) = self.knowledge.page(id) {
            return Some((format!("page/{}.html", page.id), &page.title));
        }
        self.knowledge.guide(id).map(|guide| (format!("guide/{}.html", guide.id), guide.title.as_str()))
    }

    /// A link to a page or guide by its title; the id alone where there is none.
    fn link(&self, id: &str, root: &str) -> String {
        match self.target(id) {
            Some((path, title)) => format!("<a href=\"{root}{path}\">{}</a>", escape(title)),
            None => escape(id),
        }
    }

    /// Where an entry of a catalogue stands.
    fn place(&self, entry: &Entry) -> String {
        let file = self.domains.get(entry.domain.as_str()).map_or("codes/index.html", |(file, _)| file.as_str());
        format!("{file}#{}", anchor(entry))
    }
}

fn push<T>(list: &mut Vec<T>, value: T, same: impl Fn(&T, &T) -> bool) {
    if !list.iter().any(|known| same(known, &value)) {
        list.push(value);
    }
}

/// A name for a file: lower case, letters, digits and single hyphens.
fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars().take(60) {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_end_matches('-');
    if out.is_empty() { "domain".to_owned() } else { out.to_owned() }
}

/// The place of a code in its domain's page.
fn anchor(entry: &Entry) -> String {
    let code = entry.code.as_ref().map(ToString::to_string).unwrap_or_default();
    let name = entry.name.as_deref().unwrap_or_default();
    let text = format!("c{code}.{name}");
    text.chars().take(80).map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '_' }).collect()
}

/// What a page allows itself: what stands in the folder, nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/// A whole page around `body`. `root` leads from the page to the book's folder; `id` names the page for its ticks.
fn frame(title: &str, root: &str, id: &str, body: &str) -> String {
    let (title, id) = (escape(title), escape(id));
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<link rel=\"icon\" href=\"{root}icon.svg\">\n<link rel=\"stylesheet\" href=\"{root}style.css\">\n\
         <script src=\"{root}book.js\" defer></script>\n</head>\n\
         <body data-root=\"{root}\" data-page=\"{id}\">\n\
         <header><nav><a class=\"home\" href=\"{root}index.html\">pitfall</a> <a href=\"{root}index.html#topics\">Topics</a> \
         <a href=\"{root}index.html#guides\">Guides</a> <a href=\"{root}codes/index.html\">Codes</a></nav>\n\
         <div id=\"search\" role=\"search\" hidden><label for=\"words\">Search</label>\
         <input id=\"words\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"-25300, errSecParam, words of a symptom\">\
         <p id=\"count\" aria-live=\"polite\"></p><ol id=\"hits\"></ol></div>\n\
         <noscript><p>The search and the ticks need JavaScript; everything else is here without it.</p></noscript></header>\n\
         <main>\n{body}</main>\n<footer>Written by pitfall {version}; works without a network.</footer>\n</body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_and_places_are_harmless() {
        assert_eq!(slug("com.apple.LocalAuthentication"), "com-apple-localauthentication");
        assert_eq!(slug("../../etc \"x\""), "etc-x");
        assert_eq!(slug("日本"), "domain");
        let entry = Entry {
            domain: "d".into(),
            code: Some(Code::Number(-25300)),
            name: Some("a b\"<".into()),
            also: vec![],
            meaning: String::new(),
            pitfalls: vec![],
            source: String::new(),
            path: String::new(),
        };
        assert_eq!(anchor(&entry), "c-25300.a_b__");
    }
}
