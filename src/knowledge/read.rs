//! Raw front matter into pages and guides, word by word, with every mistake told.

use super::body::{is_kebab, nearest};
use super::front_matter::{RawGuide, RawPage, RawPattern, RawRule, Some1};
use super::load::{Knowledge, SourceFile, texts};
use super::model::{
    CodeSpec, Confidence, FactTest, Guide, Page, PatternSpec, Platform, Reference, Rule, Severity, Status, TOPICS, Test, topic,
};
use super::problem::Kind;
use std::sync::Arc;

impl Knowledge {
    pub(super) fn add_guide(&mut self, file: &SourceFile, raw: RawGuide, body_at: usize, replaces: bool) {
        let id = raw.id.text();
        if !self.id_is_good(file, &id) {
            return;
        }
        let same = self.guides.iter().position(|known| known.id == id);
        let guide = Guide {
            id,
            title: raw.title,
            summary: raw.summary,
            keywords: texts(&raw.keywords),
            related: raw.related,
            references: raw.references.into_iter().map(|r| Reference { title: r.title, url: r.url }).collect(),
            reviewed: raw.reviewed.text(),
            from: self.provenance(),
            path: file.path.clone(),
            raw: Arc::from(file.text.as_ref()),
            body_at,
        };
        match same {
            Some(at) if replaces => {
                self.account(|layer| &mut layer.guides.replaced, &guide.id);
                let from = guide.from.over(&self.guides[at].from);
                self.guides[at] = Guide { from, ..guide };
            }
            Some(_) => self.say_at(
                file,
                &format!("id: {}", guide.id),
                Kind::Id,
                format!("guide id `{}` stands twice", guide.id),
                "Ids are unique.",
            ),
            None => {
                self.account(|layer| &mut layer.guides.added, &guide.id);
                self.guides.push(guide);
            }
        }
    }

    pub(super) fn add_page(&mut self, file: &SourceFile, raw: RawPage, body_at: usize, replaces: bool) {
        let id = raw.id.text();
        let mut good = self.id_is_good(file, &id);
        let topic = topic(&raw.topic);
        if topic.is_none() || file.folder_and_stem().0 != raw.topic {
            let near = nearest(&raw.topic, TOPICS.iter().map(|topic| topic.id)).unwrap_or("keychain");
            let message = if topic.is_none() {
                format!("unknown topic `{}`; did you mean `{near}`?", raw.topic)
            } else {
                format!("topic `{}` in folder `{}`", raw.topic, file.folder_and_stem().0)
            };
            self.say_at(file, "topic:", Kind::Topic, message, "The topic is one of the twenty and names the folder.");
            good &= topic.is_some();
        }
        let severity = self.word(file, "severity", &raw.severity, Severity::parse, Severity::ALL.iter().map(|v| v.word()));
        let status = self.word(file, "status", &raw.status, Status::parse, Status::ALL.iter().map(|v| v.word()));
        let platforms = raw
            .platforms
            .iter()
            .filter_map(|p| self.word(file, "platforms", p, Platform::parse, Platform::ALL.iter().map(|v| v.word())))
            .collect();
        let patterns: Vec<_> = raw.patterns.iter().filter_map(|pattern| self.pattern(file, pattern)).collect();
        let rules: Vec<_> = raw.rules.iter().filter_map(|rule| self.rule(file, rule, &patterns)).collect();
        let (Some(topic), Some(severity), Some(status), true) = (topic, severity, status, good) else { return };
        let page = Page {
            id,
            title: raw.title,
            topic: topic.id,
            severity,
            platforms,
            status,
            replaced_by: raw.replaced_by,
            summary: raw.summary,
            keywords: texts(&raw.keywords),
            aliases: raw.aliases,
            rules: if raw.rules.is_empty() { default_rules(&patterns) } else { rules },
            patterns,
            absorbs: raw.absorbs,
            ask: raw.ask,
            references: raw.references.into_iter().map(|r| Reference { title: r.title, url: r.url }).collect(),
            related: raw.related,
            since: raw.since.into_iter().map(|(k, v)| (k, v.text())).collect(),
            fixed_in: raw.fixed_in.into_iter().map(|(k, v)| (k, v.text())).collect(),
            reviewed: raw.reviewed.text(),
            from: self.provenance(),
            path: file.path.clone(),
            raw: Arc::from(file.text.as_ref()),
            body_at,
        };
        match self.pages.iter().position(|known| known.id == page.id) {
            Some(at) if replaces => {
                self.account(|layer| &mut layer.pages.replaced, &page.id);
                let from = page.from.over(&self.pages[at].from);
                self.pages[at] = Page { from, ..page };
            }
            Some(at) => {
                let other = self.pages[at].path.clone();
                self.say_at(file, "id:", Kind::Id, format!("id `{}` is also in {other}", page.id), "Ids are unique.");
            }
            None => {
                self.account(|layer| &mut layer.pages.added, &page.id);
                self.pages.push(page);
            }
        }
    }

    fn id_is_good(&mut self, file: &SourceFile, id: &str) -> bool {
        let stem = file.folder_and_stem().1;
        if !is_kebab(id) {
            self.say_at(
                file,
                "id:",
                Kind::Id,
                format!("`{id}` is not kebab-case of at most 60 characters"),
                "Use a-z, 0-9 and single hyphens.",
            );
        } else if id != stem {
            self.say_at(file, "id:", Kind::Id, format!("id `{id}` in a file named `{stem}`"), "The file's name is the id.");
        }
        is_kebab(id)
    }

    fn word<T>(
        &mut self,
        file: &SourceFile,
        key: &str,
        word: &str,
        parse: impl Fn(&str) -> Option<T>,
        known: impl Iterator<Item = &'static str>,
    ) -> Option<T> {
        let value = parse(word);
        if value.is_none() {
            let known: Vec<_> = known.collect();
            let near = nearest(word, known.iter().copied()).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            self.say_at(
                file,
                &format!("{key}:"),
                Kind::Word,
                format!("unknown {key} `{word}`{near}"),
                &format!("One of: {}.", known.join(", ")),
            );
        }
        value
    }

    fn pattern(&mut self, file: &SourceFile, raw: &RawPattern) -> Option<PatternSpec> {
        let id = raw.id.text();
        let place = format!("id: {id}");
        if !is_kebab(&id) {
            self.say_at(file, &place, Kind::Pattern, format!("pattern id `{id}` is not kebab-case"), "Use a-z, 0-9 and single hyphens.");
            return None;
        }
        let test = match (&raw.code, &raw.needle, &raw.fact) {
            (Some(code), None, None) if raw.regex.is_none() => Test::Code(CodeSpec(code.text())),
            (None, Some(needle), None) => Test::Text { needles: needle.list(), regex: raw.regex.clone() },
            (None, None, Some(fact)) if raw.regex.is_none() => fact_test(fact),
            _ => {
                self.say_at(
                    file,
                    &place,
                    Kind::Pattern,
                    format!("pattern `{id}` needs exactly one of code, needle (with regex), fact"),
                    "A regex goes with a needle only.",
                );
                return None;
            }
        };
        Some(PatternSpec { id, test })
    }

    fn rule(&mut self, file: &SourceFile, raw: &RawRule, patterns: &[PatternSpec]) -> Option<Rule> {
        let confidence = self.word(file, "confidence", &raw.confidence, Confidence::parse, Confidence::ALL.iter().map(|v| v.word()));
        let same_process = match raw.same.as_deref() {
            None => false,
            Some("process") => true,
            Some(other) => {
                self.say_at(file, "same:", Kind::Word, format!("unknown same `{other}`"), "One of: process.");
                return None;
            }
        };
        let rule = Rule {
            all: texts(&raw.all),
            any: texts(&raw.any),
            unless: texts(&raw.unless),
            then: texts(&raw.then),
            count: raw.count.iter().map(|(k, v)| (k.clone(), *v)).collect(),
            within: raw.within,
            same_process,
            confidence: confidence?,
        };
        if rule.all.is_empty() && rule.any.is_empty() && rule.count.is_empty() {
            self.say_at(file, "rules:", Kind::Rule, "a rule that asks for nothing".into(), "Give it `all`, `any` or `count`.");
            return None;
        }
        for name in rule.names() {
            if !patterns.iter().any(|pattern| pattern.id == *name) {
                let near =
                    nearest(name, patterns.iter().map(|p| p.id.as_str())).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                self.say_at(
                    file,
                    name,
                    Kind::Rule,
                    format!("a rule names `{name}`, which is no pattern of this page{near}"),
                    "Rules use the ids of the page's own patterns.",
                );
                return None;
            }
        }
        Some(rule)
    }
}

fn fact_test(raw: &std::collections::BTreeMap<String, Some1>) -> Test {
    let kind = raw.get("kind").map(|value| value.list().join(",")).unwrap_or_default();
    let fields = raw.iter().filter(|(key, _)| *key != "kind").map(|(key, value)| (key.clone(), value.list())).collect();
    Test::Fact(FactTest { kind, fields })
}

/// Without rules each pattern alone is worth a look.
fn default_rules(patterns: &[PatternSpec]) -> Vec<Rule> {
    let rule = |id: &str| Rule {
        all: vec![id.to_owned()],
        any: vec![],
        unless: vec![],
        then: vec![],
        count: vec![],
        within: None,
        same_process: false,
        confidence: Confidence::Possible,
    };
    patterns.iter().map(|pattern| rule(&pattern.id)).collect()
}
