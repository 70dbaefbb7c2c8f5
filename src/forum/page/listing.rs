//! The copied text of a topic's listing, in its two layouts.
//!
//! A thread is recognised from its end: the figures in the order of the columns and a date (layout A), or the names of the columns with a
//! value each (layout B). What stands between two such ends is title and text, so that a text that is a number, or a title that reads like
//! a date, does no harm.

use super::{Page, PageForm};
use crate::forum::date::{is_date, moment};
use crate::forum::said::{entities, one_line};
use crate::forum::thread::{Counts, Thread};

/// A column of the listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Replies,
    Boosts,
    Views,
    Other,
    When,
}

/// The column that a line names.
fn column(line: &str) -> Option<Column> {
    match line.trim_end_matches(':').to_ascii_lowercase().as_str() {
        "replies" | "reply" | "answers" | "answer" | "comments" => Some(Column::Replies),
        "boosts" | "boost" | "likes" | "like" | "votes" | "vote" => Some(Column::Boosts),
        "views" | "view" => Some(Column::Views),
        "participants" | "users" => Some(Column::Other),
        "activity" | "created" | "last activity" | "latest activity" | "updated" | "date" => Some(Column::When),
        _ => None,
    }
}

/// A figure: `0`, `1,204`, `2.9k`, `4M`.
pub(super) fn figure(line: &str) -> Option<u64> {
    let lower = line.to_ascii_lowercase();
    let (number, times) = match lower.strip_suffix(['k', 'm']) {
        Some(front) => (front.trim_end(), if lower.ends_with('k') { 1_000.0 } else { 1_000_000.0 }),
        None => (lower.as_str(), 1.0),
    };
    if number.is_empty() || number.len() > 12 || !number.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if !number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) {
        return None;
    }
    let value: f64 = if times > 1.0 { number.replace(',', ".").parse().ok()? } else { number.replace([',', '.'], "").parse().ok()? };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most 12 digits, none negative
    Some((value * times).round() as u64)
}

/// A line that is not blank.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    number: usize,
    text: &'a str,
}

/// Where a thread ends, and what its figures say.
#[derive(Debug, Default)]
struct End<'a> {
    first: usize,
    behind: usize,
    counts: Counts,
    when: Option<&'a str>,
}

/// Reads a listing; none where the text is none.
pub(super) fn read(text: &str, copied: Option<i64>) -> Option<Page> {
    let lines: Vec<Line<'_>> = text
        .lines()
        .enumerate()
        .map(|(at, line)| Line { number: at + 1, text: line.trim() })
        .filter(|line| !line.text.is_empty())
        .collect();
    let head = Head::of(&lines);
    let ends = ends(&lines, &head);
    if ends.is_empty() || ends.len() < 2 && head.columns.is_empty() && head.reason.is_empty() {
        return None;
    }
    let mut page = Page::new(PageForm::Listing, head.reason(ends.len()));
    let mut from = head.behind;
    for end in &ends {
        let block = lines.get(from.min(end.first)..end.first).unwrap_or(&[]);
        thread(&mut page, block, end, &head, copied);
        from = end.behind;
    }
    rest(&mut page, lines.get(from..).unwrap_or(&[]), &head);
    Some(page)
}

/// What stands before the first thread.
#[derive(Debug, Default)]
struct Head {
    forum: String,
    reason: String,
    columns: Vec<Column>,
    behind: usize,
}

impl Head {
    fn of(lines: &[Line<'_>]) -> Self {
        let mut head = Self::default();
        let named = lines.iter().take(200).position(|line| line.text.starts_with("Posts ") && posts_under(line.text).is_some());
        if let Some(name) = named.and_then(|at| lines.get(at)).and_then(|line| posts_under(line.text)) {
            head.forum = entities(name);
            head.reason = format!("the head of a listing, `Posts under {}`", head.forum);
            head.behind = named.map_or(0, |at| at + 1);
        }
        // The names of the columns follow each other; in layout B a value stands between two.
        let start = lines.iter().take(400).position(|line| matches!(line.text, "Post" | "Posts" | "Topic" | "Title" | "Thread"));
        if let Some(at) = start {
            let columns: Vec<Column> = lines.iter().skip(at + 1).map_while(|line| column(line.text)).collect();
            if columns.len() >= 2 {
                head.behind = at + 1 + columns.len();
                head.columns = columns;
            }
        }
        head
    }

    fn reason(&self, count: usize) -> String {
        let columns = if self.columns.is_empty() { "" } else { " and its columns" };
        if self.reason.is_empty() {
            format!("{count} times figures and a date behind a title{columns}")
        } else {
            format!("{}{columns}", self.reason)
        }
    }

    /// The figures' columns in order.
    fn figures(&self) -> Vec<Column> {
        let own: Vec<Column> = self.columns.iter().copied().filter(|column| *column != Column::When).collect();
        if own.is_empty() { vec![Column::Replies, Column::Boosts, Column::Views] } else { own }
    }
}

/// The topic of `Posts under X topic`, `Posts under X subtopic tagged with Y`, `Posts tagged with Y`.
fn posts_under(line: &str) -> Option<&str> {
    if let Some(rest) = line.strip_prefix("Posts under ") {
        let end = rest.rfind(" topic").or_else(|| rest.rfind(" subtopic")).unwrap_or(rest.len());
        let name = crate::text::clip(rest, 0..end).trim_end_matches(" sub").trim();
        return (!name.is_empty() && name.len() < 120).then_some(name);
    }
    line.strip_prefix("Posts tagged with ").map(str::trim).filter(|name| name.len() < 120)
}

/// All ends of threads, from front to back.
fn ends<'a>(lines: &[Line<'a>], head: &Head) -> Vec<End<'a>> {
    let figures = head.figures();
    let mut ends = Vec::new();
    let mut at = head.behind;
    while at < lines.len() {
        let end = labelled(lines, at).or_else(|| bare(lines, at, &figures));
        match end {
            Some(end) => {
                at = end.behind;
                ends.push(end);
            }
            None => at += 1,
        }
    }
    ends
}

/// Layout B at `at`: at least two names of columns, each with its value on the next line or on its own.
fn labelled<'a>(lines: &[Line<'a>], at: usize) -> Option<End<'a>> {
    let mut end = End { first: at, behind: at, ..End::default() };
    let mut seen: Vec<Column> = Vec::new();
    while let Some(line) = lines.get(end.behind) {
        let next = lines.get(end.behind + 1).map_or("", |line| line.text);
        let Some((column, value, taken)) = cell(line.text, next) else { break };
        // A name that comes again begins the next thread's figures; one without a title in between is navigation.
        if seen.contains(&column) {
            break;
        }
        seen.push(column);
        end.behind += taken;
        if column == Column::When {
            end.when = Some(value);
            break;
        }
        put(&mut end.counts, column, value);
    }
    // `3 replies` on one line leaves the date a line of its own.
    if end.when.is_none()
        && seen.len() >= 2
        && let Some(line) = lines.get(end.behind).filter(|line| is_date(line.text))
    {
        end.when = Some(line.text);
        end.behind += 1;
    }
    let last_of_page = end.behind >= lines.len() && !seen.is_empty();
    (seen.len() >= 2 && (end.when.is_some() || last_of_page || seen.len() >= 3)).then_some(end)
}

/// A column and its value: `Replies` and `3` on two lines, or `3 replies`, `Replies: 3` on one; and how many lines that takes.
fn cell<'a>(line: &'a str, next: &'a str) -> Option<(Column, &'a str, usize)> {
    let fits = |column: Column, value: &str| if column == Column::When { is_date(value) } else { figure(value).is_some() };
    if let Some(column) = column(line) {
        return fits(column, next).then_some((column, next, 2));
    }
    let (front, back) = line.split_once([' ', ':'])?;
    let (front, back) = (front.trim(), back.trim_start_matches(':').trim());
    let of = |name: &str, value: &'a str| column(name).filter(|column| fits(*column, value)).map(|column| (column, value, 1));
    of(front, back).or_else(|| of(back, front))
}

/// Layout A at `at`: as many figures as there are columns for them, then a date; of more figures in a row the last ones count.
fn bare<'a>(lines: &[Line<'a>], at: usize, figures: &[Column]) -> Option<End<'a>> {
    let when = lines.get(at + figures.len())?;
    let values = lines.get(at..at + figures.len())?;
    if !is_date(when.text) || values.iter().any(|line| figure(line.text).is_none()) {
        return None;
    }
    let mut end = End { first: at, behind: at + figures.len() + 1, when: Some(when.text), ..End::default() };
    for (column, line) in figures.iter().zip(values) {
        put(&mut end.counts, *column, line.text);
    }
    Some(end)
}

fn put(counts: &mut Counts, column: Column, value: &str) {
    match column {
        Column::Replies => counts.replies = figure(value),
        Column::Boosts => counts.boosts = figure(value),
        Column::Views => counts.views = figure(value),
        Column::Other | Column::When => {}
    }
}

/// A thread from the lines before its figures.
fn thread(page: &mut Page, block: &[Line<'_>], end: &End<'_>, head: &Head, copied: Option<i64>) {
    let block: Vec<Line<'_>> = block.iter().copied().skip_while(|line| is_navigation(line.text)).collect();
    let Some((title, rest)) = block.split_first() else {
        page.problem(0, format!("figures without a title (dated {})", end.when.unwrap_or("nowhere")));
        return;
    };
    let (rest, tags) = split_tags(rest);
    let (title_text, url) = linked(title.text);
    let activity = end.when.unwrap_or("").to_owned();
    let when = moment(&activity, copied);
    page.relative_dates |= !activity.is_empty() && moment(&activity, None).is_none();
    if end.when.is_none() {
        page.problem(title.number, format!("`{}` has no date; the page may be cut there", short(&title_text)));
    }
    page.threads.push(Thread {
        title: title_text,
        body: entities(&rest.iter().map(|line| line.text).collect::<Vec<_>>().join("\n")),
        url,
        forum: head.forum.clone(),
        tags,
        activity,
        when,
        counts: end.counts,
        line: title.number,
        ..Thread::default()
    });
}

/// Lines of a site around its threads. Only whole lines at a thread's front are dropped for them.
fn is_navigation(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "post",
        "posts",
        "all subtopics",
        "sort by",
        "sort",
        "filter",
        "filters",
        "next",
        "previous",
        "load more",
        "show more",
        "sign in",
        "search",
        "search forums",
        "developer forums",
        "forums",
        "apple developer",
        "overview",
        "latest",
        "reset filters",
        "clear",
        "page",
        "first",
        "last",
        "back to top",
        "ask a question",
        "start a new thread",
        "new post",
        "topics",
        "tags",
        "home",
        "profile",
        "pinned",
        "follow",
        "following",
        "subscribe",
        "rss",
    ];
    let lower = line.to_ascii_lowercase();
    let lower = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let paging = lower.starts_with("page ") && lower.contains(" of ") && lower.len() < 24;
    let range = lower.starts_with("showing ") && lower.len() < 60;
    lower.is_empty() || WORDS.contains(&lower) || column(lower).is_some() || paging || range || posts_under(line).is_some()
}

/// Tags stand behind a text as short lines of their own, all of them without the end of a sentence.
fn split_tags<'a, 'b>(rest: &'b [Line<'a>]) -> (&'b [Line<'a>], Vec<String>) {
    let is_tag =
        |line: &&Line<'_>| line.text.chars().count() <= 40 && !line.text.ends_with(['.', '?', '!', ':', ';', ',', '{', '}', ')', '>']);
    let count = rest.iter().rev().take_while(is_tag).count();
    let (body, tags) = rest.split_at(rest.len() - count);
    let long = body.len() == 1 && body.first().is_some_and(|line| line.text.chars().count() > 80);
    if long && count <= 6 { (body, tags.iter().map(|line| entities(line.text)).collect()) } else { (rest, Vec::new()) }
}

/// A title, and its address where the copy kept the link as Markdown does.
fn linked(title: &str) -> (String, Option<String>) {
    if let Some(rest) = title.strip_prefix('[')
        && let Some((name, url)) = rest.strip_suffix(')').and_then(|rest| rest.rsplit_once("]("))
        && (url.starts_with("https://") || url.starts_with("http://") || url.starts_with('/'))
    {
        return (one_line(&entities(name)), Some(url.to_owned()));
    }
    (one_line(&entities(title.trim_start_matches("# "))), None)
}

/// What stands behind the last thread: navigation, or a thread that the copy cut.
fn rest(page: &mut Page, lines: &[Line<'_>], head: &Head) {
    let lines: Vec<Line<'_>> = lines.iter().copied().skip_while(|line| is_navigation(line.text)).collect();
    let Some((title, more)) = lines.split_first() else { return };
    let figures: Vec<u64> = more.iter().filter_map(|line| figure(line.text)).collect();
    let body = more.first().filter(|line| figure(line.text).is_none() && line.text.chars().count() > 40);
    if body.is_none() && figures.is_empty() || lines.len() > 8 {
        page.problem(title.number, format!("{} lines behind the last thread were left out, from `{}` on", lines.len(), short(title.text)));
        return;
    }
    page.problem(title.number, format!("`{}` has no complete figures; the page is cut there", short(title.text)));
    let (text, url) = linked(title.text);
    let mut counts = Counts::default();
    for (column, value) in head.figures().iter().zip(&figures) {
        put(&mut counts, *column, &value.to_string());
    }
    let body = body.map(|line| entities(line.text)).unwrap_or_default();
    page.threads.push(Thread { title: text, body, url, forum: head.forum.clone(), counts, line: title.number, ..Thread::default() });
}

fn short(text: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

#[cfg(test)]
mod tests {
    use crate::forum::page::{PageForm, read};

    /// 2026-04-10T12:00:00Z.
    const COPIED: i64 = 1_775_822_400;
    const HEAD: &str = "Explore the art of notes.\n\nAll subtopics\nPosts under Notes &amp; Ink topic\n\nPost\n\nReplies\n\nBoosts\n\nViews\n\nActivity\n\n";

    fn titles(text: &str) -> Vec<String> {
        read(text.as_bytes(), Some(COPIED)).threads.into_iter().map(|thread| thread.title).collect()
    }

    #[test]
    fn both_layouts_hold_each_thread_once() {
        let page = format!(
            "{HEAD}First &amp; foremost: -25300\nMy app fails.\n1\n2\n2.9k\nJul ’25\nOnly wide\nBody\n0\n0\n7\n4d\n\
             First & foremost: -25300\nMy app fails.\nReplies\n1\nBoosts\n2\nViews\n2.9k\nActivity\nJul ’25\n\
             Only narrow\nOther body\nReply\n1\nBoost\n1\nView\n1\nActivity\nYesterday\n"
        );
        let page = read(page.as_bytes(), Some(COPIED));
        assert_eq!(page.form, PageForm::Listing);
        assert!(page.problems.is_empty() && page.relative_dates, "{:?}", page.problems);
        let rows: Vec<_> = page.threads.iter().map(|t| (t.title.as_str(), t.counts.replies, t.counts.boosts, t.counts.views)).collect();
        assert_eq!(
            rows,
            [
                ("First & foremost: -25300", Some(1), Some(2), Some(2_900)),
                ("Only wide", Some(0), Some(0), Some(7)),
                ("Only narrow", Some(1), Some(1), Some(1)),
            ]
        );
        assert_eq!(page.threads[0].forum, "Notes & Ink");
        assert_eq!(page.threads[0].line, 16);
        assert_eq!(page.threads[1].when.unwrap().date(), "2026-04-06");
    }

    #[test]
    fn the_order_of_the_columns_decides_and_created_is_a_date_too() {
        let page = "Posts tagged with Keychain\nPost\nViews\nReplies\nBoosts\nCreated\nA\nb\n1.2k\n3\n4\n2w\n";
        let page = read(page.as_bytes(), Some(COPIED));
        let counts = page.threads[0].counts;
        assert_eq!((counts.views, counts.replies, counts.boosts), (Some(1_200), Some(3), Some(4)));
    }

    #[test]
    fn numbers_and_dates_in_titles_and_texts_do_no_harm() {
        let page = format!(
            "{HEAD}1001\n42\n0\n0\n12\nMay ’25\nJul ’25\nWhat happened then?\n0\n1\n5\n3h\nNo text at all\n0\n0\n1\nToday\nNext\n-25300\nagain\n2\n0\n9\n1w\n"
        );
        assert_eq!(titles(&page), ["1001", "Jul ’25", "No text at all", "-25300"]);
        let read = read(page.as_bytes(), Some(COPIED));
        assert_eq!(read.threads[0].body, "42");
        assert_eq!(read.threads[2].body, "");
    }

    #[test]
    fn crlf_navigation_tags_and_figures_with_their_names() {
        let body = "A text that is long enough to be the text of a thread and that ends with a full stop, as texts do.";
        let page =
            format!("{HEAD}Page 1 of 12\nNext\nTagged one\n{body}\nKeychain\nSecurity\n3 replies\n1 boost\n1,204 views\n2 days ago\n")
                .replace('\n', "\r\n");
        let page = read(page.as_bytes(), Some(COPIED));
        let thread = &page.threads[0];
        assert_eq!((thread.title.as_str(), thread.body.as_str()), ("Tagged one", body));
        assert_eq!(thread.tags, ["Keychain", "Security"]);
        assert_eq!(thread.counts.views, Some(1_204));
        assert_eq!(thread.when.unwrap().date(), "2026-04-08");
    }

    #[test]
    fn a_cut_page_keeps_what_was_read_and_says_where() {
        let page = format!("{HEAD}Whole\nbody\n0\n0\n1\n4d\nCut off\nThis one lost its figures when the selection ended too early.\n");
        let page = read(page.as_bytes(), Some(COPIED));
        assert_eq!(page.threads.len(), 2);
        assert_eq!(page.problems.len(), 1);
        assert_eq!(page.problems[0].line, 22);
        let page = format!("{HEAD}Whole\nbody\n0\n0\n1\n4d\nCopyright 2026 of somebody\nTerms\n");
        let page = read(page.as_bytes(), Some(COPIED));
        assert_eq!((page.threads.len(), page.problems.len()), (1, 1));
    }

    #[test]
    fn namesakes_stay_apart_and_links_are_kept() {
        let page = format!(
            "{HEAD}Help\none\n0\n0\n1\n4d\nHelp\ntwo\n0\n0\n2\n4d\n[A link](https://developer.apple.com/forums/thread/7)\nx\n0\n0\n3\n4d\n"
        );
        let page = read(page.as_bytes(), Some(COPIED));
        assert_eq!(page.threads.len(), 3);
        assert_ne!(page.threads[0].id, page.threads[1].id);
        assert_eq!(page.threads[2].id, "apple-7");
    }

    #[test]
    fn prose_and_logs_are_no_listing() {
        for text in ["Why does my app fail?\nIt prints -25300.\n", "1\n2\n3\n", "Replies\nBoosts\nViews\n", "12:00 Notes[5]: failed\n4d\n"]
        {
            assert_eq!(read(text.as_bytes(), Some(COPIED)).form, PageForm::Question, "{text}");
        }
    }

    #[test]
    #[allow(clippy::print_stderr)] // A test that skips says so.
    fn the_seed_page_has_twenty_one_threads() {
        let Ok(bytes) = std::fs::read("../shared/seed/forum-page.txt") else {
            eprintln!("skipped: no ../shared/seed/forum-page.txt");
            return;
        };
        let page = read(&bytes, Some(COPIED));
        assert_eq!(page.threads.len(), 21);
        assert!(page.problems.is_empty(), "{:?}", page.problems);
        assert!(page.threads.iter().all(|thread| thread.counts.views.is_some() && thread.when.is_some() && !thread.body.is_empty()));
        let views: u64 = page.threads.iter().filter_map(|thread| thread.counts.views).sum();
        assert!(views > 10_000, "the resource posts alone have more: {views}");
    }
}
