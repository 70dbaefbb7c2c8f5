//! Saved HTML of a listing or a thread.
//!
//! Sites change their class names; what lasts is the address of a thread, its heading, the words beside the figures, `time` elements and what
//! the page tells search engines. These are read, for Apple's developer forums and for others alike.

use super::{Page, PageForm, markup, metadata};
use crate::forum::date::{Moment, is_date, moment};
use crate::forum::said::one_line;
use crate::forum::thread::{Counts, Reply, Thread};
use crate::pattern::Pattern;
use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Addresses of threads on the sites that people use.
static THREAD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"/forums/thread/\d+|/questions/\d+|/t/[\w\-%]+/\d+|/(?:issues|discussions)/\d+|/thread/\d+|/threads?/[\w\-%.]+")
});
/// Names by which Apple's engineers are marked.
static STAFF: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:DTS Engineer|App Store Staff|Apple Staff|Apple Engineer|Frameworks Engineer|Apple Designer|Developer Tools Engineer|Media Engineer|App Store Connect Engineer|WWDR|Apple Recommended)\b",
    )
});
/// Class names of parts of a thread; whole words of a class attribute are matched.
static PART: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"(?:^|[\s_-])(?:post|reply|replies|answer|comment|message|question|topic-post)(?:[\s_-]|$)"));

/// Whether a name or label is that of an engineer of the platform's owner.
pub(in crate::forum) fn is_staff(label: &str) -> bool {
    STAFF.is_match(label)
}

/// Reads a page of HTML: one thread, or a listing of many.
pub(super) fn read(text: &str, copied: Option<i64>) -> Page {
    let html = Html::parse_document(markup::shallow(text));
    if let Some(thread) = metadata::thread(&html) {
        let mut page = Page::new(PageForm::HtmlThread, "a page of HTML that tells search engines of one question");
        page.threads.push(with_marks(thread, &html));
        return page;
    }
    let groups = links(&html);
    let heading = heading(&html);
    let parts = parts(&html);
    if groups.len() >= 2 && (parts.len() < 2 || groups.len() > parts.len()) {
        return listing(&groups, &html, copied);
    }
    let mut page = Page::new(PageForm::HtmlThread, "a page of HTML with a heading and posts");
    match thread(&heading, &parts, &html, copied) {
        Some(thread) => page.threads.push(thread),
        None if groups.is_empty() => page.problem(0, "HTML in which neither a listing nor a thread is recognised"),
        None => return listing(&groups, &html, copied),
    }
    page
}

fn selector(source: &str) -> Option<Selector> {
    Selector::parse(source).ok()
}

fn select<'a>(html: &'a Html, source: &str) -> Vec<ElementRef<'a>> {
    selector(source).map(|selector| html.select(&selector).collect()).unwrap_or_default()
}

fn within<'a>(element: ElementRef<'a>, source: &str) -> Vec<ElementRef<'a>> {
    selector(source).map(|selector| element.select(&selector).collect()).unwrap_or_default()
}

/// The first heading, else the title of the page without the site's name.
fn heading(html: &Html) -> String {
    let first = |source: &str| {
        select(html, source).into_iter().map(|element| one_line(&element.text().collect::<String>())).find(|text| !text.is_empty())
    };
    let title = || first("title").map(|title| title.split(" | ").next().unwrap_or(&title).to_owned());
    first("h1").or_else(title).unwrap_or_default()
}

/// Links to threads by address, in the order of the page; of several to one thread the longest text is its title.
fn links(html: &Html) -> Vec<(String, Vec<ElementRef<'_>>)> {
    let mut order: Vec<String> = Vec::new();
    let mut groups: BTreeMap<String, Vec<ElementRef<'_>>> = BTreeMap::new();
    for link in select(html, "a[href]") {
        let href = link.attr("href").unwrap_or("");
        let Some(hit) = THREAD.find(href) else { continue };
        let key = crate::text::clip(href, 0..hit.end).to_owned();
        if !groups.contains_key(&key) {
            order.push(key.clone());
        }
        groups.entry(key).or_default().push(link);
    }
    order.into_iter().filter_map(|key| groups.remove(&key).map(|links| (key, links))).collect()
}

/// A site's own address, where the page tells it.
fn origin(html: &Html) -> String {
    let of = |source: &str, name: &str| select(html, source).first().and_then(|element| element.attr(name)).map(str::to_owned);
    let address = of("link[rel=canonical]", "href").or_else(|| of(r#"meta[property="og:url"]"#, "content")).unwrap_or_default();
    let host = address.split_once("://").and_then(|(_, rest)| rest.split('/').next()).unwrap_or("");
    if host.is_empty() { String::new() } else { format!("https://{host}") }
}

fn listing(groups: &[(String, Vec<ElementRef<'_>>)], html: &Html, copied: Option<i64>) -> Page {
    let mut page = Page::new(PageForm::HtmlListing, format!("a page of HTML with links to {} threads", groups.len()));
    let site = origin(html);
    let apple = groups.iter().any(|(key, _)| key.contains("/forums/thread/"));
    let site = if site.is_empty() && apple { "https://developer.apple.com".to_owned() } else { site };
    let forum = heading(html);
    for (key, links) in groups {
        let title =
            links.iter().map(|link| one_line(&link.text().collect::<String>())).max_by_key(|text| text.chars().count()).unwrap_or_default();
        if title.is_empty() {
            page.problem(0, format!("a link to {key} without a title"));
            continue;
        }
        let row = links.first().map(|link| row(*link, key));
        let mut thread = row.map(|row| from_row(row, &title, copied)).unwrap_or_default();
        page.relative_dates |= !thread.activity.is_empty() && moment(&thread.activity, None).is_none();
        thread.url = if key.starts_with("http") {
            Some(key.clone())
        } else if site.is_empty() {
            None
        } else {
            Some(format!("{site}{key}"))
        };
        if thread.url.is_none() {
            thread.id = format!("page-{}", key.rsplit('/').next().unwrap_or(key));
        }
        thread.title = title;
        thread.forum.clone_from(&forum);
        page.threads.push(thread);
    }
    page
}

/// The largest element around a link in which no other thread is linked.
fn row<'a>(link: ElementRef<'a>, key: &str) -> ElementRef<'a> {
    let mut row = link;
    for parent in link.ancestors().filter_map(ElementRef::wrap).take(8) {
        let others = within(parent, "a[href]").into_iter().any(|other| {
            let href = other.attr("href").unwrap_or("");
            THREAD.find(href).is_some_and(|hit| crate::text::clip(href, 0..hit.end) != key)
        });
        if others || matches!(parent.value().name(), "body" | "main" | "html") {
            break;
        }
        row = parent;
    }
    row
}

/// Figures, date, tags and the beginning of the text from a row of a listing.
fn from_row(row: ElementRef<'_>, title: &str, copied: Option<i64>) -> Thread {
    let mut thread = Thread { counts: counts(row), ..Thread::default() };
    (thread.activity, thread.when) = date(row, copied);
    let text = markup::element_text(row);
    let body = text
        .lines()
        .map(str::trim)
        .filter(|line| line.chars().count() > 60 && !line.contains(title))
        .max_by_key(|line| line.chars().count());
    thread.body = body.unwrap_or("").trim_start_matches("- ").to_owned();
    thread.tags =
        within(row, "[class*=tag] a, a[class*=tag], [rel=tag]").into_iter().map(|tag| one_line(&tag.text().collect::<String>())).collect();
    thread.tags.retain(|tag| !tag.is_empty() && tag.len() < 60);
    thread.tags.dedup();
    let words = text.to_lowercase();
    thread.answered = words.contains("accepted answer") || words.contains("recommended") || words.contains("solved");
    thread
}

static COUNTED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?P<n>\d[\d.,]*[km]?)\s*(?P<what>repl(?:y|ies)|answers?|comments?|boosts?|votes?|likes?|views?)\b|\b(?P<what2>repl(?:y|ies)|answers?|comments?|boosts?|votes?|likes?|views?)\s*:?\s*(?P<n2>\d[\d.,]*[km]?)",
    )
});

/// Figures by the words beside them, in texts and labels; else by the class of the element that holds a bare number.
fn counts(row: ElementRef<'_>) -> Counts {
    let mut counts = Counts::default();
    let labels =
        within(row, "[aria-label], [title]").into_iter().flat_map(|element| [element.attr("aria-label"), element.attr("title")]).flatten();
    let text = row.text().collect::<Vec<_>>().join(" ");
    for said in labels.map(str::to_owned).chain([text]) {
        for hit in COUNTED.find_all(&said) {
            let (number, what) =
                if hit.group("n").is_empty() { (hit.group("n2"), hit.group("what2")) } else { (hit.group("n"), hit.group("what")) };
            put(&mut counts, what, super::listing::figure(number));
        }
    }
    for element in within(row, "[class]") {
        let text = one_line(&element.text().collect::<String>());
        if let Some(number) = super::listing::figure(&text) {
            put(&mut counts, element.attr("class").unwrap_or(""), Some(number));
        }
    }
    counts
}

fn put(counts: &mut Counts, what: &str, number: Option<u64>) {
    let what = what.to_ascii_lowercase();
    let slot = if ["repl", "answer", "comment"].iter().any(|word| what.contains(word)) {
        &mut counts.replies
    } else if ["boost", "vote", "like"].iter().any(|word| what.contains(word)) {
        &mut counts.boosts
    } else if what.contains("view") {
        &mut counts.views
    } else {
        return;
    };
    *slot = slot.or(number);
}

/// The date of a row or post: a `time` element, else a short text that is a date.
fn date(element: ElementRef<'_>, copied: Option<i64>) -> (String, Option<Moment>) {
    for time in within(element, "time, relative-time, [datetime]") {
        let shown = one_line(&time.text().collect::<String>());
        let when = time.attr("datetime").and_then(|stamp| moment(stamp, copied)).or_else(|| moment(&shown, copied));
        if when.is_some() {
            return (if shown.is_empty() { when.map(Moment::date).unwrap_or_default() } else { shown }, when);
        }
    }
    let found = element.text().map(one_line).find(|text| !text.is_empty() && text.len() < 40 && is_date(text));
    found.map_or((String::new(), None), |text| (text.clone(), moment(&text, copied)))
}

/// The posts of a thread's page: the outermost elements whose class says so and that hold a text.
fn parts(html: &Html) -> Vec<ElementRef<'_>> {
    let mut parts: Vec<ElementRef<'_>> = Vec::new();
    for element in select(html, "article, li[class], div[class], section[class]") {
        let named = element.value().name() == "article" || element.attr("class").is_some_and(|class| PART.is_match(class));
        let inside = parts.iter().any(|part| element.ancestors().any(|above| above.id() == part.id()));
        let text_length: usize = element.text().map(|text| text.trim().len()).sum();
        // A container of several posts is none itself.
        let several = within(element, "article, [class]")
            .into_iter()
            .filter(|inner| inner.attr("class").is_some_and(|class| PART.is_match(class)) && !within(*inner, "p, pre").is_empty())
            .count()
            > 1;
        if named && !inside && !several && text_length > 20 {
            parts.push(element);
        }
    }
    parts
}

fn thread(heading: &str, parts: &[ElementRef<'_>], html: &Html, copied: Option<i64>) -> Option<Thread> {
    if heading.is_empty() {
        return None;
    }
    let (first, rest) = match parts.split_first() {
        Some((first, rest)) => (*first, rest),
        None => (*select(html, "main, #content, body").first()?, &[][..]),
    };
    let mut thread = Thread { title: heading.to_owned(), counts: counts(first), author: author(first), ..Thread::default() };
    (thread.activity, thread.when) = date(first, copied);
    thread.created = thread.when;
    thread.body = content(first, heading);
    thread.replies = rest.iter().map(|part| reply(*part, copied)).filter(|reply| !reply.body.is_empty()).collect();
    thread.counts.replies = thread.counts.replies.or(Some(thread.replies.len() as u64));
    let url = select(html, "link[rel=canonical]").first().and_then(|link| link.attr("href")).map(str::to_owned);
    thread.url = url.filter(|url| url.starts_with("http") && THREAD.is_match(url));
    thread.tags =
        select(html, "[class*=tag] a, a[class*=tag], [rel=tag]").into_iter().map(|tag| one_line(&tag.text().collect::<String>())).collect();
    thread.tags.retain(|tag| !tag.is_empty() && tag.len() < 60);
    thread.tags.dedup();
    Some(with_marks(thread, html))
}

/// Whether the page as a whole says that it is answered or closed.
fn with_marks(mut thread: Thread, html: &Html) -> Thread {
    let text = html.root_element().text().collect::<Vec<_>>().join(" ").to_lowercase();
    thread.answered |= thread.replies.iter().any(|reply| reply.accepted);
    thread.closed |= ["this thread has been locked", "thread is locked", "this topic is closed", "thread closed"]
        .iter()
        .any(|words| text.contains(words));
    thread
}

fn reply(part: ElementRef<'_>, copied: Option<i64>) -> Reply {
    let whole = part.text().collect::<Vec<_>>().join(" ");
    let class = part.attr("class").unwrap_or("").to_ascii_lowercase();
    let head: String = whole.split_whitespace().take(40).collect::<Vec<_>>().join(" ");
    let accepted =
        class.contains("accepted") || class.contains("solution") || head.contains("Accepted Answer") || head.contains("Recommended");
    Reply { author: author(part), staff: is_staff(&head), accepted, when: date(part, copied).1, body: content(part, "") }
}

fn author(part: ElementRef<'_>) -> String {
    let found = within(part, "[class*=author], [class*=user], [rel=author], [itemprop=author]")
        .into_iter()
        .map(|element| one_line(&element.text().collect::<String>()));
    found.filter(|name| !name.is_empty() && name.len() < 60).max_by_key(String::len).unwrap_or_default()
}

/// The text of a post: of an element made for it, else of the whole post without its head.
fn content(part: ElementRef<'_>, heading: &str) -> String {
    let made = within(part, "[class*=content], [class*=body], [class*=markdown], [class*=cooked], [itemprop=text]").into_iter().next();
    let text = markup::element_text(made.unwrap_or(part));
    let is_furniture = |line: &str| {
        let line = line.trim().trim_start_matches("- ");
        line == heading
            || line.eq_ignore_ascii_case("copy to clipboard")
            || is_date(line)
            || super::listing::figure(line).is_some()
            || is_staff(line) && line.len() < 40
    };
    let kept: Vec<&str> = text.lines().filter(|line| line.is_empty() || !is_furniture(line)).collect();
    kept.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use crate::forum::page::{PageForm, read};

    /// 2026-04-10T12:00:00Z.
    const COPIED: i64 = 1_775_822_400;

    #[test]
    fn a_listing() {
        let html = r#"<!DOCTYPE html><html><head><title>Keychain | Forums</title></head><body><h1>Keychain</h1><nav><a href="/forums/">Home</a></nav><ul>
          <li class="row"><h3><a href="/forums/thread/811111">Item gone &amp; never found</a></h3><p>After an update the app reads nothing from the keychain, on three devices so far.</p>
            <a class="tag" href="/forums/tags/keychain">Keychain</a><span class="reply-count">2</span><span class="view-count">1.5k</span><span aria-label="4 boosts">4</span><time datetime="2026-04-01T10:00:00Z">Apr ’26</time></li>
          <li class="row"><h3><a href="/forums/thread/822222">Second</a></h3><span>0 replies</span><span>7 views</span><span>4d</span></li></ul></body></html>"#;
        let page = read(html.as_bytes(), Some(COPIED));
        assert_eq!((page.form, page.threads.len()), (PageForm::HtmlListing, 2), "{:?}", page.problems);
        let first = &page.threads[0];
        assert_eq!((first.id.as_str(), first.title.as_str()), ("apple-811111", "Item gone & never found"));
        assert_eq!((first.counts.replies, first.counts.boosts, first.counts.views), (Some(2), Some(4), Some(1_500)));
        assert!(first.body.starts_with("After an update") && first.tags == ["Keychain"]);
        let second = &page.threads[1];
        assert_eq!(
            (second.counts.replies, second.counts.views, second.when.map(crate::forum::Moment::date)),
            (Some(0), Some(7), Some("2026-04-06".into()))
        );
    }

    #[test]
    fn a_thread_with_an_engineers_accepted_answer() {
        let html = r#"<html><head><link rel="canonical" href="https://developer.apple.com/forums/thread/811111"></head><body><h1>Item gone</h1>
          <div class="post question"><span class="author">sam</span><time datetime="2026-03-01">Mar ’26</time><div class="content"><p>It fails:</p><pre><code>SecItemCopyMatching
  -25300</code></pre><button>Copy to clipboard</button></div></div>
          <div class="post reply"><span class="author">kim</span><div class="content"><p>Me too, on the same system.</p></div></div>
          <div class="post reply accepted"><span class="author">Quinn</span> DTS Engineer <div class="content"><p>Look at the access group first.</p></div></div></body></html>"#;
        let page = read(html.as_bytes(), None);
        assert_eq!((page.form, page.threads.len()), (PageForm::HtmlThread, 1));
        let thread = &page.threads[0];
        assert_eq!((thread.id.as_str(), thread.author.as_str()), ("apple-811111", "sam"));
        assert!(thread.body.contains("```\nSecItemCopyMatching\n  -25300\n```") && !thread.body.contains("clipboard"), "{}", thread.body);
        assert_eq!(thread.replies.len(), 2);
        assert!(thread.replies[1].staff && thread.replies[1].accepted && thread.answered && !thread.replies[0].staff);
    }

    #[test]
    fn what_a_page_tells_search_engines_is_surer() {
        let html = r#"<html><head><script type="application/ld+json">{"@context":"https://schema.org","@type":"QAPage","mainEntity":{"@type":"Question",
          "name":"Passkey &amp; UV","text":"Why <b>bold</b>?","answerCount":1,"upvoteCount":2,"dateCreated":"2026-01-02","author":{"@type":"Person","name":"sam"},
          "acceptedAnswer":{"@type":"Answer","text":"Because.","author":{"name":"DTS Engineer"}}}}</script></head><body><h1>x</h1></body></html>"#;
        let page = read(html.as_bytes(), None);
        let thread = &page.threads[0];
        assert_eq!((thread.title.as_str(), thread.body.as_str(), thread.counts.boosts), ("Passkey & UV", "Why bold?", Some(2)));
        assert!(thread.answered && thread.replies[0].staff);
    }

    #[test]
    fn a_page_without_threads_says_so() {
        let page = read(b"<html><body><p>Sign in to continue</p></body></html>", None);
        assert!(page.threads.is_empty() && page.problems.len() == 1);
    }
}
