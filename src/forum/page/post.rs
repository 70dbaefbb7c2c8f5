//! A question in words: what somebody pastes when there is no page.

use super::{Page, PageForm};
use crate::forum::said::one_line;
use crate::forum::thread::Thread;

/// A first line that is longer is not a title.
const LONGEST_TITLE: usize = 160;
/// A title made of a text's beginning has at most so many characters.
const MADE_TITLE: usize = 80;

/// The text as one thread: title on the first line where that reads like one.
pub(super) fn read(text: &str) -> Page {
    let mut page = Page::new(PageForm::Question, "no form of a page is recognised; the text is taken for one question");
    let body = text.trim();
    let Some((number, first)) = text.lines().enumerate().find(|(_, line)| !line.trim().is_empty()) else {
        page.problem(0, "the page is empty");
        return page;
    };
    let line = first.trim().trim_start_matches("# ").trim_start_matches("Title: ");
    let rest = body.lines().skip(1).collect::<Vec<_>>().join("\n");
    let is_title = line.chars().count() <= LONGEST_TITLE && !rest.trim().is_empty();
    let (title, body) = if is_title { (one_line(line), rest.trim().to_owned()) } else { (made_title(body), body.to_owned()) };
    page.threads.push(Thread { title, body, line: number + 1, ..Thread::default() });
    page
}

/// The first sentence, or as much of it as a title holds.
fn made_title(text: &str) -> String {
    let line = one_line(text.lines().next().unwrap_or(""));
    let sentence = line.split_inclusive(['?', '!']).next().and_then(|front| front.split(". ").next()).unwrap_or(&line).trim();
    if sentence.chars().count() <= MADE_TITLE {
        return sentence.to_owned();
    }
    let cut: String = sentence.chars().take(MADE_TITLE).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(front, _)| front))
}

#[cfg(test)]
mod tests {
    use crate::forum::page::read;

    #[test]
    fn title_and_text() {
        let page = read(b"# Keychain is empty\n\nAfter the update -25300.\nWhy?\n", None);
        assert_eq!(
            (page.threads[0].title.as_str(), page.threads[0].body.as_str()),
            ("Keychain is empty", "After the update -25300.\nWhy?")
        );
        let long = "My app reads a token at launch and gets nothing. ".repeat(8);
        let page = read(long.as_bytes(), None);
        assert_eq!(page.threads[0].title, "My app reads a token at launch and gets nothing");
        assert_eq!(page.threads[0].body, long.trim());
        assert!(read(b" \n\n", None).threads.is_empty());
    }
}
