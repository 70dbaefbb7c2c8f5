//! Local tuning: what an `overlay.yaml` says of pages that are not its own. It names pages by id or alias and changes none of their files, so
//! it holds when they are updated; what it names and is gone is told, and stops nothing.

use super::body::nearest;
use super::front_matter::{self, RawOverlay};
use super::load::{Knowledge, SourceFile};
use super::model::{Confidence, Severity};
use super::origin::Note;
use super::pack::{Tuning, near_field};
use super::problem::Kind;
use std::sync::Arc;

/// A note has at most so many bytes: it stands beside a page, it is none.
const LONGEST_NOTE: usize = 4 << 10;

impl Knowledge {
    /// Applies an `overlay.yaml`.
    pub(super) fn tune(&mut self, file: &SourceFile) {
        let overlay = match front_matter::parse::<RawOverlay>(&file.text) {
            Ok(overlay) => overlay,
            Err(error) => {
                let hint = near_field(&error.message).unwrap_or_else(|| {
                    "overlay.yaml holds `disable: [ids]`, and `severity:`, `confidence:`, `notes:` with an id on each line.".to_owned()
                });
                self.say(file, error.line, error.column, Kind::Yaml, error.message, &hint);
                return;
            }
        };
        for id in &overlay.disable {
            self.tuned(id, "disable", "");
            self.disable(file, id);
        }
        for (id, word) in &overlay.severity {
            self.tuned(id, "severity", word);
            self.set_severity(file, id, word);
        }
        for (id, word) in &overlay.confidence {
            self.tuned(id, "confidence", word);
            self.lower(file, id, word);
        }
        for (id, text) in &overlay.notes {
            self.tuned(id, "notes", text);
            self.note(file, id, text);
        }
    }

    fn tuned(&mut self, id: &str, key: &'static str, value: &str) {
        if let Some(layer) = self.layers.last_mut() {
            layer.tuning.push(Tuning { id: id.to_owned(), key, value: value.trim().to_owned() });
        }
    }

    fn page_place(&self, id: &str) -> Option<usize> {
        let exact = self.pages.iter().position(|page| page.id == id);
        exact.or_else(|| self.pages.iter().position(|page| page.aliases.iter().any(|alias| alias == id)))
    }

    fn disable(&mut self, file: &SourceFile, id: &str) {
        let rank = self.layers.last().map_or(0, |layer| layer.pack.rank);
        if let Some(at) = self.page_place(id) {
            let page = self.pages.remove(at);
            for name in page.aliases.iter().chain([&page.id]) {
                self.disabled.insert(name.clone(), rank);
            }
            self.account(|layer| &mut layer.pages.disabled, &page.id);
        } else if let Some(at) = self.guides.iter().position(|guide| guide.id == id) {
            let guide = self.guides.remove(at);
            self.account(|layer| &mut layer.guides.disabled, &guide.id);
            self.disabled.insert(guide.id, rank);
        } else {
            self.stale(file, id, "cannot disable");
        }
    }

    fn set_severity(&mut self, file: &SourceFile, id: &str, word: &str) {
        let Some(to) = self.level(file, id, ("severity", word), (Severity::parse, Severity::ALL)) else { return };
        let (at, pack) = (self.page_place(id), self.layers.last().map(|layer| Arc::clone(&layer.pack)));
        match at.and_then(|at| self.pages.get_mut(at)).zip(pack) {
            Some((page, pack)) => {
                page.from.severity = Some((page.stated_severity(), pack));
                page.severity = to;
            }
            None => self.stale(file, id, "cannot set the severity of"),
        }
    }

    fn lower(&mut self, file: &SourceFile, id: &str, word: &str) {
        let Some(to) = self.level(file, id, ("confidence", word), (Confidence::parse, Confidence::ALL)) else { return };
        let (at, pack) = (self.page_place(id), self.layers.last().map(|layer| Arc::clone(&layer.pack)));
        match at.and_then(|at| self.pages.get_mut(at)).zip(pack) {
            // The order is surest first: what another pack lowered further stays there.
            Some((page, pack)) if page.from.most.as_ref().is_none_or(|(most, _)| *most < to) => page.from.most = Some((to, pack)),
            Some(_) => {}
            None => self.stale(file, id, "cannot lower the confidence of"),
        }
    }

    fn note(&mut self, file: &SourceFile, id: &str, text: &str) {
        if text.trim().is_empty() || text.len() > LONGEST_NOTE {
            let message = format!("the note on `{id}` has {} bytes; it has 1 to {LONGEST_NOTE}", text.trim().len());
            self.say_at(file, &format!("{id}:"), Kind::Overlay, message, "What is longer is a page or guide of its own.");
            return;
        }
        let Some(by) = self.layers.last().map(|layer| Arc::clone(&layer.pack)) else { return };
        let note = Note { by, text: text.trim().to_owned() };
        let page = self.page_place(id).and_then(|at| self.pages.get_mut(at)).map(|page| &mut page.from);
        match page.or_else(|| self.guides.iter_mut().find(|guide| guide.id == id).map(|guide| &mut guide.from)) {
            Some(from) => from.notes.push(note),
            None => self.stale(file, id, "cannot add a note to"),
        }
    }

    fn level<T: Copy + std::fmt::Display>(
        &mut self,
        file: &SourceFile,
        id: &str,
        (key, word): (&str, &str),
        (parse, all): (fn(&str) -> Option<T>, &[T]),
    ) -> Option<T> {
        let value = parse(word);
        if value.is_none() {
            let words: Vec<String> = all.iter().map(ToString::to_string).collect();
            let near = nearest(word, words.iter().map(String::as_str)).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            self.say_at(
                file,
                &format!("{id}:"),
                Kind::Word,
                format!("unknown {key} `{word}`{near}"),
                &format!("One of: {}.", words.join(", ")),
            );
        }
        value
    }

    /// Tells of an id that is not there: a warning.
    fn stale(&mut self, file: &SourceFile, id: &str, what: &str) {
        let gone = if self.disabled.contains_key(id) { "it is disabled" } else { "no such page" };
        let ids = self.pages.iter().map(|page| page.id.as_str()).chain(self.guides.iter().map(|guide| guide.id.as_str()));
        let hint = nearest(id, ids).map_or("`pitfall list` names the ids.".to_owned(), |near| format!("Did you mean `{near}`?"));
        self.say_at(file, id, Kind::Stale, format!("{what} `{id}`: {gone}"), &hint);
    }
}

#[cfg(test)]
mod tests {
    use super::super::load::Overlay;
    use super::*;

    const PAGE: &str = "---\nid: a\ntitle: A title\ntopic: keychain\nseverity: high\nstatus: stable\naliases: [old-a]\nsummary: A summary that is long enough to read.\npatterns:\n  - {id: a, needle: something}\nreviewed: 2026-11-22\n---\n## Symptom\n";

    fn tuned(overlays: &[&str]) -> Knowledge {
        let layer = |(at, text): (usize, &&str)| Overlay {
            name: format!("o{at}"),
            files: vec![SourceFile::new(format!("o{at}/overlay.yaml"), (*text).into())],
            problems: Vec::new(),
        };
        let base = vec![SourceFile::new("keychain/a.md".into(), PAGE.into())];
        Knowledge::load(base, Vec::new(), overlays.iter().enumerate().map(layer).collect())
    }

    #[test]
    fn the_lowest_confidence_holds_whoever_said_it() {
        for overlays in
            [["confidence: {a: possible}", "confidence: {a: certain}"], ["confidence: {a: likely}", "confidence: {old-a: possible}"]]
        {
            let knowledge = tuned(&overlays);
            let page = knowledge.page("a").unwrap();
            assert_eq!(page.capped(Confidence::Certain), Confidence::Possible);
        }
        let knowledge = tuned(&["confidence: {a: certain}"]);
        assert_eq!(knowledge.page("a").unwrap().capped(Confidence::Possible), Confidence::Possible, "it is not raised");
    }

    #[test]
    fn the_last_severity_holds_and_the_stated_one_is_kept() {
        let knowledge = tuned(&["severity: {a: noise}", "severity: {old-a: low}"]);
        let page = knowledge.page("a").unwrap();
        assert_eq!((page.severity, page.stated_severity()), (Severity::Low, Severity::High));
    }

    #[test]
    fn an_alias_disables_and_what_is_gone_is_a_warning_with_its_place() {
        let knowledge = tuned(&["disable: [old-a]", "notes:\n  a: x\n  b: y\n"]);
        assert!(knowledge.page("a").is_none() && knowledge.is_disabled_above("old-a", 0) && !knowledge.is_disabled_above("a", 1));
        let told: Vec<_> = knowledge.problems().iter().map(|one| (one.kind, one.line, one.kind.is_warning())).collect();
        assert_eq!(told, [(Kind::Stale, 2, true), (Kind::Stale, 3, true)]);
        assert!(knowledge.problems()[0].message.contains("it is disabled"));
    }
}
