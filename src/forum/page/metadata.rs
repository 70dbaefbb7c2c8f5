//! What a page says of itself for search engines: schema.org's question or discussion, as JSON-LD. Where it stands it is surer than any class name.

use crate::forum::date::moment;
use crate::forum::said::{entities, one_line, tidy};
use crate::forum::thread::{Counts, Reply, Thread};
use scraper::{Html, Selector};
use serde_json::Value;

/// The thread that the page's JSON-LD tells; none where there is none.
pub(super) fn thread(html: &Html) -> Option<Thread> {
    let scripts = Selector::parse(r#"script[type="application/ld+json"]"#).ok()?;
    html.select(&scripts).find_map(|script| {
        let text: String = script.text().collect();
        find(&serde_json::from_str(&text).ok()?)
    })
}

/// The question in a document of any nesting; a stack of our own keeps depth harmless.
fn find(value: &Value) -> Option<Thread> {
    let mut stack = vec![value];
    while let Some(value) = stack.pop() {
        let kind = value.get("@type").and_then(|kind| kind.as_str().or_else(|| kind.get(0)?.as_str())).unwrap_or("");
        if matches!(kind, "Question" | "DiscussionForumPosting") && (value.get("name").is_some() || value.get("headline").is_some()) {
            return Some(question(value));
        }
        match value {
            Value::Array(rows) => stack.extend(rows.iter().rev()),
            Value::Object(fields) => stack.extend(fields.values()),
            _ => {}
        }
    }
    None
}

fn text<'a>(value: &'a Value, names: &[&str]) -> &'a str {
    names.iter().find_map(|name| value.get(*name)?.as_str()).unwrap_or("")
}

fn number(value: &Value, names: &[&str]) -> Option<u64> {
    names.iter().find_map(|name| {
        let found = value.get(*name)?;
        found.as_u64().or_else(|| found.as_str()?.parse().ok())
    })
}

/// A text of JSON-LD may be HTML or plain.
fn body(value: &Value) -> String {
    let text = text(value, &["text", "articleBody", "description"]);
    if text.contains("</") || text.contains("<br") { super::markup::to_text(text) } else { tidy(&entities(text)) }
}

fn author(value: &Value) -> String {
    let author = value.get("author").map_or("", |author| author.as_str().unwrap_or_else(|| text(author, &["name"])));
    one_line(&entities(author))
}

fn answers<'a>(value: &'a Value, name: &str) -> Vec<&'a Value> {
    match value.get(name) {
        Some(Value::Array(rows)) => rows.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

fn question(value: &Value) -> Thread {
    let day = |value: &Value, names: &[&str]| moment(text(value, names), None);
    let mut replies = Vec::new();
    for (name, accepted) in [("acceptedAnswer", true), ("suggestedAnswer", false), ("comment", false)] {
        replies.extend(answers(value, name).into_iter().map(|answer| Reply {
            author: author(answer),
            staff: super::html::is_staff(&author(answer)),
            accepted,
            when: day(answer, &["dateCreated", "datePublished"]),
            body: body(answer),
        }));
    }
    let when = day(value, &["dateModified"]).or_else(|| day(value, &["dateCreated", "datePublished"]));
    let url = text(value, &["url", "@id"]);
    Thread {
        title: one_line(&entities(text(value, &["name", "headline"]))),
        body: body(value),
        url: (url.starts_with("https://") || url.starts_with("http://")).then(|| one_line(url)),
        author: author(value),
        activity: when.map(crate::forum::Moment::date).unwrap_or_default(),
        when,
        created: day(value, &["dateCreated", "datePublished"]),
        counts: Counts {
            replies: number(value, &["answerCount", "commentCount"]).or(Some(replies.len() as u64)),
            boosts: number(value, &["upvoteCount"]),
            views: number(value, &["viewCount"]),
        },
        answered: replies.iter().any(|reply| reply.accepted),
        replies,
        ..Thread::default()
    }
}
