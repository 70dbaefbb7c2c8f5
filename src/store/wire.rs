//! A thread as it is kept: one JSON document, whose fields are only added to.

use crate::forum::{Counts, Moment, Precision, Reply, Thread};
use serde_json::{Value, json};

/// The document of a thread.
pub(super) fn data(thread: &Thread) -> String {
    json!({
        "id": thread.id,
        "title": thread.title,
        "body": thread.body,
        "url": thread.url,
        "author": thread.author,
        "forum": thread.forum,
        "tags": thread.tags,
        "activity": thread.activity,
        "when": thread.when.map(moment),
        "created": thread.created.map(moment),
        "counts": [thread.counts.replies, thread.counts.boosts, thread.counts.views],
        "replies": thread.replies.iter().map(reply).collect::<Vec<_>>(),
        "answered": thread.answered,
        "closed": thread.closed,
        "line": thread.line,
    })
    .to_string()
}

fn moment(moment: Moment) -> Value {
    let precision = match moment.precision {
        Precision::Second => "s",
        Precision::Day => "d",
        Precision::Month => "m",
    };
    json!([moment.at, precision])
}

fn reply(reply: &Reply) -> Value {
    json!({"author": reply.author, "staff": reply.staff, "accepted": reply.accepted, "when": reply.when.map(moment), "body": reply.body})
}

/// The thread of a document; none where it is damaged.
pub(super) fn thread(data: &str) -> Option<Thread> {
    let value: Value = serde_json::from_str(data).ok()?;
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let truth = |name: &str| value.get(name).and_then(Value::as_bool).unwrap_or(false);
    let count = |at: usize| value.get("counts").and_then(|counts| counts.get(at)).and_then(Value::as_u64);
    let array = |name: &str| value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Some(Thread {
        id: value.get("id")?.as_str()?.to_owned(),
        title: text("title"),
        body: text("body"),
        url: value.get("url").and_then(Value::as_str).map(str::to_owned),
        author: text("author"),
        forum: text("forum"),
        tags: array("tags").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        activity: text("activity"),
        when: value.get("when").and_then(read_moment),
        created: value.get("created").and_then(read_moment),
        counts: Counts { replies: count(0), boosts: count(1), views: count(2) },
        replies: array("replies").iter().map(read_reply).collect(),
        answered: truth("answered"),
        closed: truth("closed"),
        line: value.get("line").and_then(Value::as_u64).and_then(|line| usize::try_from(line).ok()).unwrap_or(0),
    })
}

fn read_moment(value: &Value) -> Option<Moment> {
    let precision = match value.get(1)?.as_str()? {
        "s" => Precision::Second,
        "m" => Precision::Month,
        _ => Precision::Day,
    };
    Some(Moment { at: value.get(0)?.as_i64()?, precision })
}

fn read_reply(value: &Value) -> Reply {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let truth = |name: &str| value.get(name).and_then(Value::as_bool).unwrap_or(false);
    Reply {
        author: text("author"),
        staff: truth("staff"),
        accepted: truth("accepted"),
        when: value.get("when").and_then(read_moment),
        body: text("body"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_comes_back_as_it_was() {
        let own = Thread {
            id: "a-1".into(),
            title: "“A” title".into(),
            body: "text\nlines".into(),
            url: Some("https://example.com/1".into()),
            tags: vec!["x".into()],
            when: Some(Moment { at: 5, precision: Precision::Month }),
            counts: Counts { replies: Some(1), boosts: None, views: Some(2_900) },
            replies: vec![Reply {
                author: "kim".into(),
                accepted: true,
                when: Some(Moment { at: 7, precision: Precision::Second }),
                body: "do".into(),
                staff: true,
            }],
            answered: true,
            line: 12,
            ..Thread::default()
        };
        assert_eq!(thread(&data(&own)), Some(own));
        assert_eq!(thread("{"), None);
        assert_eq!(thread("{}"), None);
    }
}
