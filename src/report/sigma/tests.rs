use super::portable::portable;
use super::*;

fn engine() -> Engine {
    Engine::new(Vec::new())
}

#[test]
fn every_pattern_is_a_rule_or_told_with_its_reason() {
    let engine = engine();
    let knowledge = engine.knowledge();
    let out = sigma(&engine);
    let patterns: usize = knowledge.pages().iter().filter(|page| page.status != Status::Retired).map(|page| page.patterns.len()).sum();
    let left = out.left.iter().filter(|one| !one.what.starts_with("rule ")).count();
    assert_eq!(out.rules.len() + left, patterns);
    let texts = knowledge.pages().iter().filter(|page| page.status != Status::Retired).flat_map(|page| &page.patterns);
    let texts = texts.filter(|pattern| matches!(pattern.test, Test::Text { .. })).count();
    let exact = out.rules.iter().filter(|rule| rule.exact).count();
    assert!(exact * 100 >= texts * 99, "{exact} rules of {texts} text patterns");
    let mut ids: Vec<&str> = out.rules.iter().map(|rule| rule.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), out.rules.len(), "ids are unique");
    assert_eq!(sigma(&engine), out, "the same every time");
}

#[test]
fn a_rule_reads_as_it_should() {
    let out = sigma(&engine());
    let rule = out.rules.iter().find(|rule| rule.page == "delete-on-any-read-error" && rule.pattern == "delete-call").unwrap();
    assert!(rule.text.contains("message|re:\n"), "its case counts:\n{}", rule.text);
    assert!(rule.text.contains("condition: needle and regex"), "{}", rule.text);
    assert!(rule.text.contains("\ntags:\n  - pitfall.keychain\n  - pitfall.delete-on-any-read-error\n"), "{}", rule.text);
}

#[test]
fn expressions_are_made_portable_or_refused() {
    assert_eq!(portable("a(?P<code>-\\d+)").unwrap(), ("a(?:-\\d+)".into(), false));
    assert_eq!(portable("(?-i)\\biOS\\b").unwrap(), ("\\biOS\\b".into(), true));
    assert!(portable("a(?s)b").is_err());
    assert!(portable("\\p{Lu}").is_err());
    assert!(portable("a{0,2000}").is_err());
    assert_eq!(portable("isn't").unwrap().0, "isn(?:'|\u{2018}|\u{2019}|\u{201a}|\u{201b}|\u{2032}|\\\\[Uu]201[89])t");
    assert_eq!(portable("[^'x]\\[").unwrap().0, "[^'\u{2018}\u{2019}\u{201a}\u{201b}\u{2032}x]\\[");
}

#[test]
fn ids_do_not_change() {
    assert_eq!(uuid("page/pattern"), uuid("page/pattern"));
    let id = uuid("page/pattern");
    assert_eq!((id.len(), id.get(14..15)), (36, Some("8")));
}
