//! What the knowledge covers, as text and as a document.

use super::SCHEMA;
use crate::engine::Coverage;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The report of `kb check --coverage`.
#[must_use]
pub fn coverage_text(coverage: &Coverage) -> String {
    let mut text = format!("{:<22} {:>8} {:>6}\n", "topic", "pitfalls", "noise");
    for topic in &coverage.topics {
        let _ = writeln!(text, "{:<22} {:>8} {:>6}", topic.topic, topic.pitfalls, topic.noise);
    }
    let sum = |count: fn(&crate::engine::TopicCoverage) -> usize| coverage.topics.iter().map(count).sum::<usize>();
    let _ = writeln!(text, "{:<22} {:>8} {:>6}", "all", sum(|topic| topic.pitfalls), sum(|topic| topic.noise));
    let without: usize = coverage.codes_without_page.iter().map(|(_, count)| count).sum();
    let _ = writeln!(text, "\n{} codes, {without} of them lead to no page:", coverage.codes);
    for (domain, count) in &coverage.codes_without_page {
        let _ = writeln!(text, "  {count:>5} {domain}");
    }
    let _ = writeln!(text, "\n{} pages are not led to by a code.", coverage.pages_without_code.len());
    list(&mut text, "Links that lead nowhere", &coverage.dead_links);
    let oldest: Vec<String> = coverage.oldest.iter().map(|(date, id)| format!("{date} {id}")).collect();
    list(&mut text, "Not reviewed for longest", &oldest);
    list(&mut text, "In the taxonomy, answered by no page", &coverage.missing);
    list(&mut text, "Pages beyond the taxonomy", &coverage.beyond);
    text
}

fn list(text: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}:");
    for line in lines {
        text.extend(["  ", line, "\n"]);
    }
}

/// The document of `kb check --coverage`.
#[must_use]
pub fn coverage_json(coverage: &Coverage) -> Value {
    let topic = |topic: &crate::engine::TopicCoverage| json!({"topic": topic.topic, "pitfalls": topic.pitfalls, "noise": topic.noise});
    let domain = |(domain, count): &(String, usize)| json!({"domain": domain, "codes": count});
    let review = |(date, id): &(String, String)| json!({"id": id, "reviewed": date});
    json!({
        "schema": SCHEMA,
        "topics": coverage.topics.iter().map(topic).collect::<Vec<_>>(),
        "codes": coverage.codes,
        "codes_without_page": coverage.codes_without_page.iter().map(domain).collect::<Vec<_>>(),
        "pages_without_code": coverage.pages_without_code,
        "dead_links": coverage.dead_links,
        "oldest_reviews": coverage.oldest.iter().map(review).collect::<Vec<_>>(),
        "missing": coverage.missing,
        "beyond": coverage.beyond,
    })
}
