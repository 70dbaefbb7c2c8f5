//! Posts that ask several things at once: each question, and which part of a reply speaks to it.

use super::fingerprint::{is_symbol, is_telling, stem, words};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Questions that are told one by one; more are counted.
const LISTED: usize = 12;
/// So many questions are several; one and its echo are answered by the reply as a whole.
const SEVERAL: usize = 3;
/// Letters of a question that are repeated.
const QUOTED: usize = 150;
/// Shared words from which a part of a reply speaks to a question; one is enough where it is a name from code.
const SHARED: usize = 2;

/// A part of a reply: how it is referred to, and its text.
pub(super) type Part = (String, String);

/// The questions of a text that ask something of their own: not `any ideas?`, each once.
pub(super) fn asked(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for sentence in sentences(text).into_iter().filter(|sentence| sentence.ends_with(['?', '？'])) {
        let question = short(sentence);
        // `Or should it fail?` goes on with the question before.
        if question.starts_with("Or ") {
            continue;
        }
        if points(&terms(&question)) >= SHARED && !out.contains(&question) {
            out.push(question);
        }
    }
    out
}

/// What terms weigh: a name from code as much as two words.
fn points<'a>(terms: impl IntoIterator<Item = &'a String>) -> usize {
    terms.into_iter().map(|term| if term.starts_with('!') { SHARED } else { 1 }).sum()
}

/// The sentences of a text; a dot within a word, or before a small letter (`e.g. this`), ends none.
fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        let breaks = match letter {
            '\n' | '？' => true,
            // Not the one of an address: `/callback?code=`.
            '?' => !crate::text::tail(text, end).starts_with(char::is_alphanumeric),
            '.' | '!' => {
                let rest = crate::text::tail(text, end);
                let next = rest.trim_start();
                next.is_empty() || next.len() < rest.len() && !next.starts_with(char::is_lowercase)
            }
            _ => false,
        };
        if breaks {
            out.push(crate::text::clip(text, from..end).trim());
            from = end;
        }
    }
    out.push(crate::text::clip(text, from..text.len()).trim());
    out
}

/// A question without the marks of a list before it, and of a long one the end, which asks.
fn short(sentence: &str) -> String {
    let line = sentence.split_whitespace().collect::<Vec<_>>().join(" ").replace(['`', '*', '<', '>', '[', ']', '“', '”', '"'], "");
    let line = match line.rsplit_once(": ") {
        Some((label, asks)) if label.to_lowercase().contains("question") => asks,
        _ => line.as_str(),
    };
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    if line.chars().count() <= QUOTED {
        return line.to_owned();
    }
    let asks = line.rsplit_once(": ").or_else(|| line.rsplit_once("; ")).map_or(line, |(_, asks)| asks);
    let skip = asks.chars().count().saturating_sub(QUOTED);
    if skip == 0 {
        return asks.to_owned();
    }
    let end: String = asks.chars().skip(skip).collect();
    format!("…{}", end.split_once(' ').map_or(end.as_str(), |(_, rest)| rest))
}

/// What a text is about: its telling words, and with `!` before them the names from code.
fn terms(text: &str) -> BTreeSet<String> {
    words(text)
        .filter_map(|word| {
            let lower = word.to_lowercase();
            if is_symbol(word) {
                return Some(format!("!{lower}"));
            }
            (lower.len() >= 4 && is_telling(&lower)).then(|| stem(&lower).to_owned())
        })
        .collect()
}

/// The questions as a list, each with the parts that speak to it; none where the post asks fewer than three things.
pub(super) fn told(text: &str, parts: &[Part]) -> Option<String> {
    let questions = asked(text);
    if questions.len() < SEVERAL {
        return None;
    }
    let parts: Vec<(&str, BTreeSet<String>)> = parts.iter().map(|(name, text)| (name.as_str(), terms(text))).collect();
    let mut out = format!("You ask {} things; one by one:\n\n", questions.len());
    let mut open = 0;
    for question in questions.iter().take(LISTED) {
        let answer = speaking(&terms(question), &parts);
        open += usize::from(answer.is_empty());
        let answer = if answer.is_empty() { "open: no step above names it".to_owned() } else { format!("see {answer}") };
        let _ = writeln!(out, "- “{question}” — {answer}.");
    }
    if questions.len() > LISTED {
        let _ = writeln!(out, "- And {} more.", questions.len() - LISTED);
    }
    out.push('\n');
    match open {
        0 => {}
        1 => out.push_str("The open one is best asked in a thread of its own, with the call and its result.\n\n"),
        _ => out.push_str("The open ones are best asked in threads of their own, with the call and its result.\n\n"),
    }
    Some(out)
}

/// The one or two parts that share most with a question.
fn speaking(question: &BTreeSet<String>, parts: &[(&str, BTreeSet<String>)]) -> String {
    let shared = |terms: &BTreeSet<String>| points(question.intersection(terms));
    let mut found: Vec<(usize, &str)> =
        parts.iter().map(|(name, terms)| (shared(terms), *name)).filter(|(points, _)| *points >= SHARED).collect();
    found.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    let best = found.first().map_or(0, |(points, _)| *points);
    found.iter().filter(|(points, _)| *points == best).take(2).map(|(_, name)| *name).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const POST: &str = "I have a few questions. Does the client-request-id need to be present on all requests? Any ideas? \
        How does Platform SSO exchange tokens, e.g. with OIDC? What about `loginManager.presentRegistrationViewController`?";

    #[test]
    fn each_question_is_found_and_polite_ones_are_not() {
        let asked = asked(POST);
        assert_eq!(asked.len(), 3, "{asked:?}");
        assert!(asked[0].starts_with("Does the client-request-id") && asked[2].contains("presentRegistrationViewController"), "{asked:?}");
        assert!(super::asked("It fails. Can anybody help? Thanks?").is_empty());
        assert!(super::asked("").is_empty());
        let asked = super::asked(
            "My URL is https://example.com/callback?code=1 now. Two questions: is the Services ID compared? Or the bundle ID?",
        );
        assert_eq!(asked, ["is the Services ID compared?"]);
    }

    #[test]
    fn each_is_told_with_the_part_that_speaks_to_it_or_as_open() {
        let parts = [
            ("step 1".to_owned(), "Log client-request-id and reject no request for it.".to_owned()),
            ("step 2".to_owned(), "Let the extension exchange the tokens of OIDC.".to_owned()),
        ];
        let told = told(POST, &parts).unwrap();
        assert!(told.contains("3 things") && told.contains("requests?” — see step 1") && told.contains("OIDC?” — see step 2"), "{told}");
        assert!(told.contains("presentRegistrationViewController?” — open"), "{told}");
        assert!(super::told("Does the keychain survive a reinstall?", &parts).is_none());
    }

    #[test]
    fn a_long_question_keeps_its_end() {
        let long = format!("{}: should the keychain item be deleted again?", "about the matter of the item ".repeat(12));
        assert_eq!(short(&long), "should the keychain item be deleted again?");
        assert!(short(&format!("{} keychain?", "word ".repeat(80))).chars().count() <= QUOTED);
    }
}
