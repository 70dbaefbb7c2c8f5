//! JSON of sites: `gh issue list/view --json`, Discourse, Stack Exchange. Every string of it is cleaned, since escapes hide in `\u001b`.

use super::{Page, PageForm, second};
use crate::forum::date::{Moment, moment};
use crate::forum::said::{entities, one_line, tidy};
use crate::forum::thread::{Counts, Reply, Thread};
use serde_json::{Value, json};

/// Reads a document of a known site.
pub(super) fn read(value: &Value) -> Page {
    let rows = rows(value);
    if value.get("post_stream").is_some() || value.pointer("/topic_list/topics").is_some() {
        return discourse(value);
    }
    if value.get("items").is_some_and(Value::is_array) {
        return stack_exchange(value);
    }
    let mut page = Page::new(PageForm::GitHub, "JSON with the fields of `gh issue list --json` or `gh issue view --json`");
    if !rows.iter().any(|row| row.get("title").is_some()) {
        page.form = PageForm::Question;
        page.form_reason = "JSON of no site that is known".into();
        page.problem(0, "JSON, but not of `gh`, Discourse or Stack Exchange: no `title`, `post_stream`, `topic_list` or `items` in it");
        return page;
    }
    add(&mut page, &rows, github);
    page
}

/// Reads what is whole of a document that ends in the middle of a list. None where it holds no list and does not end too early either: then it
/// is a text that merely begins like JSON.
pub(super) fn read_cut(text: &str, error: &serde_json::Error) -> Option<Page> {
    let list = LISTS.iter().find_map(|(key, whole)| Some((whole_rows(after_list(text, key)?), *whole)));
    let (rows, whole) = list.or_else(|| Some((whole_rows(after_list(text, "")?), Value::Array as fn(Vec<Value>) -> Value)))?;
    if rows.is_empty() && !error.is_eof() {
        return None;
    }
    let (mut page, before) = if rows.is_empty() {
        (Page::new(PageForm::Question, "JSON that is cut"), "nothing whole stands before")
    } else {
        (read(&whole(rows)), "what stands before was read")
    };
    page.problem(error.line(), format!("the JSON ends or breaks here, {before}: {error}"));
    Some(page)
}

/// Keys of the lists that sites send, and a document that holds such a list alone.
const LISTS: &[(&str, fn(Vec<Value>) -> Value)] = &[
    ("\"topics\"", |rows| json!({"topic_list": {"topics": rows}})),
    ("\"posts\"", topic_of),
    ("\"items\"", |rows| json!({"items": rows})),
];

/// A topic of which only posts are known: they tell its number and, in its address, its title.
#[allow(clippy::needless_pass_by_value)] // As its neighbours in the table.
fn topic_of(posts: Vec<Value>) -> Value {
    let told = |name: &str| posts.iter().find_map(|post| post.get(name)).cloned().unwrap_or_default();
    let title = told("topic_slug").as_str().unwrap_or("a topic whose title was cut off").replace('-', " ");
    json!({"id": told("topic_id"), "title": title, "post_stream": {"posts": posts}})
}

/// What stands behind the bracket of the list under a key; without a key, of the first list.
fn after_list<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let rest = crate::text::tail(text, text.find(key)? + key.len());
    let bracket = rest.find('[')?;
    let between = crate::text::clip(rest, 0..bracket);
    (key.is_empty() || between.trim() == ":").then(|| crate::text::tail(rest, bracket + 1))
}

/// The rows of a list that are whole.
fn whole_rows(mut rest: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(row)) = stream.next() else { return rows };
        rest = crate::text::tail(rest, stream.byte_offset());
        rows.push(row);
    }
}

fn rows(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |rows| rows.iter().collect())
}

fn add(page: &mut Page, rows: &[&Value], read: fn(&Value) -> Option<Thread>) {
    for (at, row) in rows.iter().enumerate() {
        match read(row) {
            Some(thread) => page.threads.push(thread),
            None => page.problem(0, format!("entry {} has no title", at + 1)),
        }
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

fn number(value: &Value, pointer: &str) -> Option<u64> {
    value.pointer(pointer).and_then(|found| found.as_u64().or_else(|| found.as_i64().map(|_| 0)))
}

fn truth(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).and_then(Value::as_bool).unwrap_or(false)
}

fn array<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn title(value: &Value) -> Option<String> {
    let title = one_line(&entities(text(value, "/title")));
    (!title.is_empty()).then_some(title)
}

fn day(value: &Value, pointer: &str) -> Option<Moment> {
    let found = value.pointer(pointer)?;
    found.as_i64().map(second).or_else(|| moment(found.as_str()?, None))
}

/// A row of `gh`, or of GitHub's own API.
fn github(row: &Value) -> Option<Thread> {
    let author = |value: &Value| one_line(first([text(value, "/author/login"), text(value, "/user/login")]));
    let replies: Vec<Reply> = array(row, "/comments")
        .map(|comment| Reply {
            author: author(comment),
            staff: false,
            accepted: false,
            when: day(comment, "/createdAt").or_else(|| day(comment, "/created_at")),
            body: tidy(text(comment, "/body")),
        })
        .collect();
    let boosts: u64 = array(row, "/reactionGroups").filter_map(|group| number(group, "/users/totalCount")).sum();
    let when = ["/updatedAt", "/updated_at", "/createdAt", "/created_at"].iter().find_map(|pointer| day(row, pointer));
    let comments = number(row, "/comments").or_else(|| row.get("comments").map(|_| replies.len() as u64));
    Some(Thread {
        title: title(row)?,
        body: tidy(text(row, "/body")),
        url: url(first([text(row, "/url"), text(row, "/html_url")])).map(|url| url.replace("//api.github.com/repos/", "//github.com/")),
        author: author(row),
        tags: array(row, "/labels").map(|label| one_line(first([text(label, "/name"), label.as_str().unwrap_or("")]))).collect(),
        activity: when.map(Moment::date).unwrap_or_default(),
        when,
        created: day(row, "/createdAt").or_else(|| day(row, "/created_at")),
        counts: Counts { replies: comments, boosts: (boosts > 0).then_some(boosts), views: None },
        closed: text(row, "/state").eq_ignore_ascii_case("closed"),
        answered: text(row, "/state").eq_ignore_ascii_case("closed")
            && ["/stateReason", "/state_reason"].iter().any(|pointer| text(row, pointer).eq_ignore_ascii_case("completed")),
        replies,
        ..Thread::default()
    })
}

/// The first text that is not empty.
fn first<const N: usize>(texts: [&str; N]) -> &str {
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or("")
}

fn url(written: &str) -> Option<String> {
    (written.starts_with("https://") || written.starts_with("http://")).then(|| one_line(written))
}

fn discourse(value: &Value) -> Page {
    if value.get("post_stream").is_some() {
        let mut page = Page::new(PageForm::Discourse, "JSON of a Discourse topic (`post_stream`)");
        add(&mut page, &[value], discourse_topic);
        return page;
    }
    let mut page = Page::new(PageForm::Discourse, "JSON of a list of Discourse topics (`topic_list`)");
    let rows: Vec<&Value> = array(value, "/topic_list/topics").collect();
    add(&mut page, &rows, discourse_topic);
    page
}

fn discourse_topic(row: &Value) -> Option<Thread> {
    let mut posts = array(row, "/post_stream/posts");
    let question = posts.next();
    let body = question.map_or_else(|| entities(text(row, "/excerpt")), |post| super::markup::to_text(text(post, "/cooked")));
    let replies: Vec<Reply> = posts
        .map(|post| Reply {
            author: one_line(text(post, "/username")),
            staff: truth(post, "/staff") || truth(post, "/moderator"),
            accepted: truth(post, "/accepted_answer"),
            when: day(post, "/created_at"),
            body: super::markup::to_text(text(post, "/cooked")),
        })
        .collect();
    let when = ["/last_posted_at", "/bumped_at", "/created_at"].iter().find_map(|pointer| day(row, pointer));
    let posts_count = number(row, "/posts_count").map(|count| count.saturating_sub(1));
    Some(Thread {
        id: number(row, "/id").map(|id| format!("discourse-{id}")).unwrap_or_default(),
        title: title(row)?,
        body: tidy(&body),
        author: question.map(|post| one_line(text(post, "/username"))).unwrap_or_default(),
        tags: array(row, "/tags").filter_map(Value::as_str).map(one_line).collect(),
        activity: when.map(Moment::date).unwrap_or_default(),
        when,
        created: day(row, "/created_at"),
        counts: Counts {
            replies: posts_count.or_else(|| number(row, "/reply_count")),
            boosts: number(row, "/like_count"),
            views: number(row, "/views"),
        },
        answered: truth(row, "/has_accepted_answer")
            || row.get("accepted_answer").is_some_and(Value::is_object)
            || replies.iter().any(|reply| reply.accepted),
        closed: truth(row, "/closed") || truth(row, "/archived"),
        replies,
        ..Thread::default()
    })
}

fn stack_exchange(value: &Value) -> Page {
    let mut page = Page::new(PageForm::StackExchange, "JSON of the Stack Exchange API (`items`)");
    let rows: Vec<&Value> = array(value, "/items").collect();
    add(&mut page, &rows, question);
    page
}

fn question(row: &Value) -> Option<Thread> {
    let body = |value: &Value| match text(value, "/body_markdown") {
        "" => super::markup::to_text(text(value, "/body")),
        markdown => entities(markdown),
    };
    let accepted = number(row, "/accepted_answer_id");
    let replies: Vec<Reply> = array(row, "/answers")
        .map(|answer| Reply {
            author: one_line(&entities(text(answer, "/owner/display_name"))),
            staff: false,
            accepted: truth(answer, "/is_accepted") || accepted.is_some() && number(answer, "/answer_id") == accepted,
            when: day(answer, "/creation_date"),
            body: tidy(&body(answer)),
        })
        .collect();
    let when = day(row, "/last_activity_date").or_else(|| day(row, "/creation_date"));
    Some(Thread {
        id: number(row, "/question_id").map(|id| format!("stack-{id}")).unwrap_or_default(),
        title: title(row)?,
        body: tidy(&body(row)),
        url: url(text(row, "/link")),
        author: one_line(&entities(text(row, "/owner/display_name"))),
        tags: array(row, "/tags").filter_map(Value::as_str).map(one_line).collect(),
        activity: when.map(Moment::date).unwrap_or_default(),
        when,
        created: day(row, "/creation_date"),
        counts: Counts { replies: number(row, "/answer_count"), boosts: number(row, "/score"), views: number(row, "/view_count") },
        answered: accepted.is_some() || truth(row, "/is_answered"),
        closed: row.get("closed_date").is_some(),
        replies,
        ..Thread::default()
    })
}

#[cfg(test)]
mod tests {
    use crate::forum::page::{PageForm, read};

    #[test]
    fn issues_of_gh() {
        let page = read(
            br#"[{"number":12,"title":"Keychain read fails \u001b[31m-25300","body":"After the update.","url":"https://github.com/example/notes/issues/12",
            "createdAt":"2026-03-01T10:00:00Z","updatedAt":"2026-03-02T10:00:00Z","state":"OPEN","author":{"login":"sam"},"labels":[{"name":"bug"}],
            "comments":[{"author":{"login":"kim"},"body":"Same here","createdAt":"2026-03-02T10:00:00Z"}]},{"number":13}]"#,
            None,
        );
        assert_eq!(page.form, PageForm::GitHub);
        let thread = &page.threads[0];
        assert_eq!(
            (thread.id.as_str(), thread.title.as_str(), thread.author.as_str()),
            ("github-example-notes-12", "Keychain read fails -25300", "sam")
        );
        assert_eq!((thread.counts.replies, thread.replies.len(), thread.tags.as_slice()), (Some(1), 1, &["bug".to_owned()][..]));
        assert_eq!((page.threads.len(), page.problems.len()), (1, 1), "{:?}", page.problems);
    }

    #[test]
    fn topics_of_discourse() {
        let page = read(
            br#"{"id":77,"title":"Passkey fails","views":120,"like_count":3,"posts_count":3,"created_at":"2026-01-05T00:00:00.000Z","tags":["passkeys"],
            "post_stream":{"posts":[{"username":"ada","cooked":"<p>It says <code>NotAllowedError</code>.</p>"},
            {"username":"bob","cooked":"<p>Me too</p>"},{"username":"eng","cooked":"<p>Set the domain.</p>","accepted_answer":true,"staff":true}]}}"#,
            None,
        );
        let thread = &page.threads[0];
        assert_eq!(
            (page.form, thread.id.as_str(), thread.body.as_str()),
            (PageForm::Discourse, "discourse-77", "It says `NotAllowedError`.")
        );
        assert!(thread.answered && thread.replies.len() == 2 && thread.answer().is_some_and(|reply| reply.author == "eng"));
        let list = read(br#"{"topic_list":{"topics":[{"id":1,"title":"A &amp; B","posts_count":1,"views":5},{"id":2}]}}"#, None);
        assert_eq!((list.threads.len(), list.problems.len(), list.threads[0].title.as_str()), (1, 1, "A & B"));
    }

    #[test]
    fn questions_of_stack_exchange() {
        let page = read(
            br#"{"items":[{"question_id":4711,"title":"SecItemAdd &quot;-50&quot;","body":"<p>Why?</p><pre><code>let q = [1]\nadd(q)</code></pre>","score":-2,"view_count":10,
            "answer_count":1,"creation_date":1700000000,"link":"https://stackoverflow.com/questions/4711/x","tags":["ios"],"accepted_answer_id":9,
            "answers":[{"answer_id":9,"body_markdown":"Use `Data`.","owner":{"display_name":"Z"}}]}],"has_more":false}"#,
            None,
        );
        let thread = &page.threads[0];
        assert_eq!((thread.id.as_str(), thread.title.as_str()), ("stack-4711", "SecItemAdd \"-50\""));
        assert!(thread.body.contains("let q = [1]\nadd(q)") && thread.answered && thread.replies[0].accepted);
        assert_eq!(thread.counts.boosts, Some(0), "a score below nothing is no boost");
    }

    #[test]
    fn a_cut_document_keeps_its_whole_rows_and_a_strange_one_is_told() {
        let page = read(br#"[{"title":"One","body":"b"},{"title":"Two","body":"b"},{"titl"#, None);
        assert_eq!((page.threads.len(), page.problems.len()), (2, 1));
        let page = read(
            br#"{"users":[{"id":1}],"topic_list":{"more":"x","topics":[{"id":5,"title":"One","posts_count":3,"views":9},{"id":6,"ti"#,
            None,
        );
        assert_eq!((page.form, page.threads.len(), page.threads[0].id.as_str()), (PageForm::Discourse, 1, "discourse-5"));
        assert_eq!((page.threads[0].counts.replies, page.problems[0].line), (Some(2), 1));
        let posts = br#"{"post_stream":{"posts":[{"topic_id":8,"topic_slug":"passkey-fails","cooked":"<p>Why?</p>"},
            {"topic_id":8,"cooked":"<p>Set the domain.</p>"},{"cook"#;
        let page = read(posts, None);
        assert_eq!((page.threads[0].title.as_str(), page.threads[0].replies.len(), page.problems[0].line), ("passkey fails", 1, 2));
        let page = read(br#"{"items":[{"question_id":4,"title":"One","answer_count":1},{"#, None);
        assert_eq!((page.form, page.threads[0].id.as_str()), (PageForm::StackExchange, "stack-4"));
        let page = read(br#"{"topic_list":{"topics":[{"id":5,"title":"On"#, None);
        assert_eq!((page.threads.len(), page.problems.len()), (0, 1), "no question is made of a cut document");
        let page = read(br#"{"error":"invalid_client"} is what we get. Why?"#, None);
        assert_eq!((page.form, page.threads.len()), (PageForm::Question, 1));
        let page = read(br#"{"colour":"red"}"#, None);
        assert_eq!((page.threads.len(), page.problems.len()), (0, 1));
    }
}
