//! One page by itself: lengths, patterns, steps, self-tests' shape.

use super::{at, in_body};
use crate::facts::Kind as FactKind;
use crate::knowledge::{Body, Expectation, Knowledge, Page, Problem, ProblemKind as Kind, Severity, Test};
use crate::pattern::Pattern;
use crate::text::char_len;
use std::collections::BTreeSet;

const TITLE: usize = 90;
const SUMMARY: std::ops::RangeInclusive<usize> = 30..=260;
const PATTERNS: std::ops::RangeInclusive<usize> = 1..=14;
const NEEDLE: std::ops::RangeInclusive<usize> = 4..=80;
const REGEX: usize = 300;
const LINES: usize = 180;

pub(super) fn check(page: &Page, knowledge: &Knowledge, problems: &mut Vec<Problem>) {
    lengths(page, problems);
    patterns(page, knowledge, problems);
    let body = Body::read(page.body_text(), page.stated_severity());
    problems.extend(body.mistakes.iter().map(|mistake| in_body(page, mistake.at, mistake.kind, mistake.message.clone(), mistake.hint)));
    tests(page, &body, problems);
    placeholders(page, &body, problems);
    if page.references.is_empty() && page.stated_severity() != Severity::Noise {
        problems.push(at(
            page,
            "references:",
            Kind::Reference,
            "no reference".into(),
            "Name Apple's documentation, a technote, a thread or a source.",
        ));
    }
    for reference in &page.references {
        if reference.title.trim().is_empty() || reference.url.as_ref().is_some_and(|url| !url.starts_with("https://")) {
            problems.push(at(
                page,
                &reference.title,
                Kind::Reference,
                format!("reference `{}` without a title or a https url", reference.title),
                "Leave `url` out where it is not sure.",
            ));
        }
    }
    if page.reviewed.parse::<jiff::civil::Date>().is_err() {
        problems.push(at(page, "reviewed:", Kind::Date, format!("`{}` is not a date", page.reviewed), "Write YYYY-MM-DD."));
    }
}

fn lengths(page: &Page, problems: &mut Vec<Problem>) {
    let mut wrong = |key: &str, what: String| problems.push(at(page, key, Kind::Length, what, "See K06 for the limits."));
    let title = char_len(&page.title);
    if !(3..=TITLE).contains(&title) {
        wrong("title:", format!("a title of {title} characters, at most {TITLE}"));
    }
    let summary = char_len(&page.summary);
    if !SUMMARY.contains(&summary) {
        wrong("summary:", format!("a summary of {summary} characters, {} to {}", SUMMARY.start(), SUMMARY.end()));
    }
    if !PATTERNS.contains(&page.patterns.len()) {
        wrong("patterns:", format!("{} patterns, {} to {}", page.patterns.len(), PATTERNS.start(), PATTERNS.end()));
    }
    let lines = page.raw.lines().count();
    if lines > LINES {
        wrong("---", format!("{lines} lines, at most {LINES}"));
    }
}

fn patterns(page: &Page, knowledge: &Knowledge, problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for pattern in &page.patterns {
        let place = format!("id: {}", pattern.id);
        let mut wrong = |kind, message: String, hint: &str| problems.push(at(page, &place, kind, message, hint));
        if !seen.insert(&pattern.id) {
            wrong(Kind::Pattern, format!("pattern id `{}` stands twice", pattern.id), "Pattern ids are unique in a page.");
        }
        match &pattern.test {
            Test::Code(spec) => {
                if knowledge.catalogue().resolve(&spec.0).is_empty() {
                    wrong(Kind::CodeSpec, format!("no catalogue lists `{}`", spec.0), "Mend the spelling, or add the entry under codes/.");
                }
            }
            Test::Text { needles, regex } => {
                for needle in needles.iter().filter(|needle| !is_long_enough(needle)) {
                    wrong(
                        Kind::Length,
                        format!("needle `{needle}` has {} characters, {} to {}", char_len(needle), NEEDLE.start(), NEEDLE.end()),
                        "Choose a longer, rarer literal.",
                    );
                }
                if needles.is_empty() {
                    wrong(Kind::Pattern, format!("pattern `{}` has no needle", pattern.id), "Give it one.");
                }
                if let Some(regex) = regex {
                    if char_len(regex) > REGEX {
                        wrong(
                            Kind::Length,
                            format!("a regex of {} characters, at most {REGEX}", char_len(regex)),
                            "Split it into two patterns.",
                        );
                    }
                    if let Err(error) = Pattern::check(regex) {
                        wrong(Kind::Pattern, format!("regex of `{}`: {error}", pattern.id), "Rust regex syntax, without look-around.");
                    }
                }
            }
            Test::Fact(test) => match FactKind::parse(&test.kind) {
                None => {
                    let near = crate::knowledge::nearest(&test.kind, FactKind::ALL.iter().map(|kind| kind.word())).unwrap_or("error");
                    wrong(
                        Kind::FactKind,
                        format!("unknown fact kind `{}`; did you mean `{near}`?", test.kind),
                        "The author's guide lists the kinds.",
                    );
                }
                Some(kind) => {
                    for (field, _) in test.fields.iter().filter(|(field, _)| !kind.fields().contains(&field.as_str())) {
                        wrong(
                            Kind::FactKind,
                            format!("`{}` facts have no field `{field}`", test.kind),
                            &format!("Fields: {}.", kind.fields().join(", ")),
                        );
                    }
                }
            },
        }
        if !page.rules.iter().any(|rule| rule.names().any(|name| *name == pattern.id)) {
            wrong(Kind::UnusedPattern, format!("no rule names `{}`", pattern.id), "Use it in a rule, or take it out.");
        }
    }
}

/// Four characters at least; two of a script in which two are a word.
fn is_long_enough(needle: &str) -> bool {
    let characters = char_len(needle);
    NEEDLE.contains(&characters) || (2..*NEEDLE.start()).contains(&characters) && needle.chars().all(|c| c as u32 >= 0x3000)
}

fn tests(page: &Page, body: &Body, problems: &mut Vec<Problem>) {
    let Some(section) = body.section("Self-tests") else { return };
    let mut wrong = |kind, message: String, hint: &str| problems.push(in_body(page, section.start.saturating_sub(1), kind, message, hint));
    let proven = |id: &String| body.tests.iter().any(|test| matches!(&test.expect, Expectation::Found(ids, _) if ids.contains(id)));
    // A pattern that only spoils rules shows itself where it keeps a page silent.
    for pattern in page.patterns.iter().filter(|pattern| !proven(&pattern.id) && !only_spoils(page, &pattern.id)) {
        wrong(Kind::Unproven, format!("no self-test proves pattern `{}`", pattern.id), "Name it in a `match=` whose text it hits.");
    }
    for confidence in page.rules.iter().map(|rule| rule.confidence).collect::<BTreeSet<_>>() {
        if !body.tests.iter().any(|test| matches!(&test.expect, Expectation::Found(_, shown) if *shown == confidence)) {
            wrong(Kind::Unshown, format!("no self-test shows confidence `{confidence}`"), "Add one, or take the rule out.");
        }
    }
    let silent = body.tests.iter().filter(|test| test.expect == Expectation::Silent).count();
    let least = if page.stated_severity() == Severity::Noise { 1 } else { 2 };
    if silent < least {
        wrong(Kind::FewSilent, format!("{silent} silent self-tests, at least {least}"), "Add near misses.");
    }
    for test in &body.tests {
        if let Expectation::Found(ids, _) = &test.expect {
            for id in ids.iter().filter(|id| !page.patterns.iter().any(|pattern| pattern.id == **id)) {
                problems.push(in_body(
                    page,
                    test.at,
                    Kind::Fence,
                    format!("`{id}` is no pattern of this page"),
                    "`match=` names patterns.",
                ));
            }
        }
    }
}

fn only_spoils(page: &Page, id: &str) -> bool {
    page.rules.iter().all(|rule| {
        !rule.all.iter().chain(&rule.any).chain(&rule.then).any(|name| name == id) && !rule.count.iter().any(|(name, _)| name == id)
    })
}

fn placeholders(page: &Page, body: &Body, problems: &mut Vec<Problem>) {
    let mut known: BTreeSet<String> = BTreeSet::from(["name".to_owned()]);
    for pattern in &page.patterns {
        match &pattern.test {
            Test::Text { regex: Some(regex), .. } => known.extend(group_names(regex)),
            Test::Fact(test) => {
                known
                    .extend(FactKind::parse(&test.kind).into_iter().flat_map(|kind| kind.fields().iter().map(|field| (*field).to_owned())));
            }
            Test::Text { .. } | Test::Code(_) => {}
        }
    }
    let texts = std::iter::once(&page.summary).chain(body.steps.iter().map(|step| &step.text));
    for text in texts {
        for name in crate::matching::placeholders(text) {
            if !known.contains(&name) {
                problems.push(at(
                    page,
                    &format!("{{{name}}}"),
                    Kind::Capture,
                    format!("`{{{name}}}` is no group of a regex and no field of a fact"),
                    "Name the group `(?P<name>…)`, or drop the braces.",
                ));
            }
        }
    }
}

fn group_names(regex: &str) -> Vec<String> {
    regex.split("(?P<").chain(regex.split("(?<")).skip(1).filter_map(|rest| rest.split_once('>')).map(|(name, _)| name.to_owned()).collect()
}
