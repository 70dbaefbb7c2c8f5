//! Pages: what a user saved or copied, read as threads. One file a form; the form is recognised and told, and what cannot be read is told by line.

mod html;
mod json;
mod listing;
mod mail;
mod markup;
mod metadata;
mod post;

use super::date::Moment;
pub(super) use html::is_staff;

use super::said;
use super::thread::{Thread, identity};
use crate::text::{clip, decode};
use std::collections::BTreeMap;

/// A page is read up to this many bytes; what is larger is told.
pub const LARGEST: usize = 256 << 20;

/// The form of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageForm {
    /// The copied text of a topic's listing.
    Listing,
    /// A saved listing.
    HtmlListing,
    /// A saved thread.
    HtmlThread,
    /// `gh issue list --json` or `gh issue view --json`.
    GitHub,
    /// Discourse's JSON of a topic or a list of topics.
    Discourse,
    /// The Stack Exchange API's answer.
    StackExchange,
    /// Mails in one file.
    Mbox,
    /// One mail.
    Mail,
    /// A question in words.
    Question,
}

impl PageForm {
    /// Every form.
    pub const ALL: &'static [Self] = &[
        Self::Listing,
        Self::HtmlListing,
        Self::HtmlThread,
        Self::GitHub,
        Self::Discourse,
        Self::StackExchange,
        Self::Mbox,
        Self::Mail,
        Self::Question,
    ];

    /// The word for it in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Listing => "copied-listing",
            Self::HtmlListing => "html-listing",
            Self::HtmlThread => "html-thread",
            Self::GitHub => "github-issues",
            Self::Discourse => "discourse",
            Self::StackExchange => "stack-exchange",
            Self::Mbox => "mbox",
            Self::Mail => "mail",
            Self::Question => "question",
        }
    }
}

/// Something on a page that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageProblem {
    /// The line, from 1; 0 where it concerns the page as a whole.
    pub line: usize,
    /// What and why.
    pub message: String,
}

/// A page, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What kind of page.
    pub form: PageForm,
    /// Why we think so.
    pub form_reason: String,
    /// Its threads, each once, in the order of the page.
    pub threads: Vec<Thread>,
    /// What could not be read.
    pub problems: Vec<PageProblem>,
    /// Whether a date of it counts from the day of the copy.
    pub relative_dates: bool,
}

impl Page {
    fn new(form: PageForm, form_reason: impl Into<String>) -> Self {
        Self { form, form_reason: form_reason.into(), threads: Vec::new(), problems: Vec::new(), relative_dates: false }
    }

    fn problem(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(PageProblem { line, message: message.into() });
    }
}

/// Reads a page, whatever it is; `copied` is the time of the copy in seconds since 1970, from which `4d` counts.
#[must_use]
pub fn read(bytes: &[u8], copied: Option<i64>) -> Page {
    let kept = bytes.get(..LARGEST).unwrap_or(bytes);
    let (text, _, _) = decode(kept);
    let mut page = read_text(&text, copied);
    if kept.len() < bytes.len() {
        page.problem(0, format!("the page has {} bytes; only the first {LARGEST} were read", bytes.len()));
    }
    unite(&mut page);
    page
}

fn read_text(text: &str, copied: Option<i64>) -> Page {
    let start = clip(text, 0..4 << 10).trim_start_matches('\u{feff}').trim_start();
    if start.starts_with(['{', '[']) {
        match serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}').trim()) {
            Ok(value) => return json::read(&value),
            Err(error) if start.starts_with("{\"") || start.starts_with("[{") => {
                if let Some(page) = json::read_cut(text, &error) {
                    return page;
                }
            }
            Err(_) => {}
        }
    }
    if start.starts_with('<') && markup::is_html(start) || markup::is_html(clip(text, 0..16 << 10)) {
        let mut page = html::read(text, copied);
        if markup::is_cut(text) {
            page.problem(text.lines().count(), "the page ends without `</html>`: it is cut here, what stands before was read");
        }
        return page;
    }
    if let Some(page) = mail::read(text) {
        return page;
    }
    let clean = said::tidy(text);
    listing::read(&clean, copied).unwrap_or_else(|| post::read(&clean))
}

/// Gives every thread its id and leaves each once: a page may hold one in two layouts, one of them cut.
fn unite(page: &mut Page) {
    let mut kept: Vec<Thread> = Vec::with_capacity(page.threads.len());
    let mut fronts = Fronts::default();
    for thread in std::mem::take(&mut page.threads) {
        let near = fronts.near(&thread);
        let known = near.into_iter().find(|at| kept.get(*at).is_some_and(|own| own.is_same(&thread) && fits(own, &thread)));
        if let Some(own) = known.and_then(|at| kept.get_mut(at)) {
            own.merge(&thread);
        } else {
            fronts.add(&thread, kept.len());
            kept.push(thread);
        }
    }
    for thread in &mut kept {
        if thread.id.is_empty() {
            thread.id = thread.url.as_deref().and_then(address_id).unwrap_or_else(|| identity(&thread.title, &thread.body));
        }
    }
    page.threads = kept;
}

/// Where threads stand that begin alike: by the front of the title and of the text, so that a page of many threads with like titles is no
/// square of work.
#[derive(Debug, Default)]
struct Fronts {
    whole: BTreeMap<(String, String), Vec<usize>>,
    /// Threads whose text is shorter than a front, by title: each may be the beginning of any.
    short: BTreeMap<String, Vec<usize>>,
    titles: BTreeMap<String, Vec<usize>>,
}

impl Fronts {
    /// Letters of a front.
    const LETTERS: usize = 24;

    fn of(thread: &Thread) -> (String, String) {
        let front = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(Self::LETTERS).collect();
        (front(&thread.title), front(&thread.body))
    }

    /// The places of threads that may be the same as this one, in order.
    fn near(&self, thread: &Thread) -> Vec<usize> {
        let (title, body) = Self::of(thread);
        let list = |found: Option<&Vec<usize>>| found.cloned().unwrap_or_default();
        if body.chars().count() < Self::LETTERS {
            return list(self.titles.get(&title));
        }
        let mut near = list(self.short.get(&title));
        near.extend(list(self.whole.get(&(title, body))));
        near.sort_unstable();
        near
    }

    fn add(&mut self, thread: &Thread, at: usize) {
        let (title, body) = Self::of(thread);
        self.titles.entry(title.clone()).or_default().push(at);
        if body.chars().count() < Self::LETTERS {
            self.short.entry(title).or_default().push(at);
        } else {
            self.whole.entry((title, body)).or_default().push(at);
        }
    }
}

/// Two layouts of one copy show the same figures; where both show some and they differ, the threads are namesakes.
fn fits(a: &Thread, b: &Thread) -> bool {
    let same = |x: Option<u64>, y: Option<u64>| x.is_none() || y.is_none() || x == y;
    same(a.counts.views, b.counts.views) && same(a.counts.replies, b.counts.replies)
}

/// An identity from an address that holds a number of the thread: `apple-123456`, `github-owner-name-12`, `discourse-example.com-12`.
fn address_id(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next()?.trim_end_matches('/');
    let (host, path) = rest.split_once('/').unwrap_or(("", rest));
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let number = parts.iter().rev().find(|part| part.len() <= 12 && part.bytes().all(|byte| byte.is_ascii_digit()))?;
    if (host.ends_with("apple.com") || host.is_empty()) && path.contains("forums/thread") {
        return Some(format!("apple-{number}"));
    }
    if host == "github.com" {
        return Some(format!("github-{}-{}-{number}", parts.first()?, parts.get(1)?).to_ascii_lowercase());
    }
    Some(format!("{}-{number}", host.trim_start_matches("www.").to_ascii_lowercase()))
}

/// A time that is given in seconds since 1970.
fn second(at: i64) -> Moment {
    Moment { at, precision: super::date::Precision::Second }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_give_identities() {
        for (url, expected) in [
            ("https://developer.apple.com/forums/thread/812345?page=2#answer", Some("apple-812345")),
            ("/forums/thread/812345", Some("apple-812345")),
            ("https://github.com/Owner/Name/issues/12", Some("github-owner-name-12")),
            ("https://forum.example.com/t/some-slug/77", Some("forum.example.com-77")),
            ("https://stackoverflow.com/questions/4711/a-title", Some("stackoverflow.com-4711")),
            ("https://example.com/about", None),
        ] {
            assert_eq!(address_id(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn a_cut_layout_joins_the_whole_one_whichever_comes_first() {
        let thread = |title: &str, body: &str| Thread { title: title.into(), body: body.into(), ..Thread::default() };
        let long = "After the update every read fails with -25300 on all devices.";
        for (first, second) in [(long, "After the up…"), ("After the up…", long), ("", long), (long, "")] {
            let mut page = Page::new(PageForm::Listing, "");
            page.threads = vec![
                thread("Keychain", first),
                thread("Keychain", second),
                thread("Keychain", "On the Mac only, and nothing helps at all."),
            ];
            unite(&mut page);
            assert_eq!((page.threads.len(), page.threads[0].body.as_str()), (2, long), "{first} {second}");
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic() {
        for bytes in [&b""[..], b"\xff\xfe", b"{", b"[]", b"<html>", b"\0\0\0", b"From \n", b"1\n2\n3\n4d\n", "\u{feff}{}".as_bytes()] {
            let page = read(bytes, None);
            assert!(page.threads.iter().all(|thread| !thread.id.is_empty()), "{bytes:?}");
        }
    }
}
