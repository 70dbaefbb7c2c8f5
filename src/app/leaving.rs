//! What leaves the screen by copying: redacted first, with a list of what was replaced, in which values are let through or added.

use crate::app::action::Action;
use crate::app::edit::Edit;
use crate::app::message::Effect;
use crate::app::model::{Model, Overlay, Tone};
use crate::app::popup::{Prompt, PromptKind};
use crate::engine::Engine;
use crate::redact::{Kind, Map, Redacted, Redactor, Settings};
use crate::text::Document;
use std::sync::Arc;

/// A text that is to be copied, and what must be known to redact it.
#[derive(Debug, Clone, Default)]
pub struct Leaving {
    /// The text as it is.
    pub text: Arc<str>,
    /// What it is called.
    pub what: String,
    /// The inputs of its case: what a value is, another line may say.
    documents: Vec<Arc<Document>>,
    /// The pages it tells of, by id: what they name is public.
    pages: Vec<String>,
    settings: Settings,
    map: Map,
}

impl PartialEq for Leaving {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.what == other.what && self.settings == other.settings
    }
}

impl Leaving {
    /// Redacts it. This is the long work; it runs aside.
    #[must_use]
    pub fn redacted(self, engine: &Engine) -> Left {
        let mut redactor = Redactor::with_map(self.settings.clone(), self.map.clone());
        engine.teach(&mut redactor, &self.documents, &self.pages);
        let redacted = redactor.redact(&self.text);
        Left { map: redactor.into_map(), leaving: self, redacted }
    }
}

/// A text that was redacted.
#[derive(Debug, Clone)]
pub struct Left {
    leaving: Leaving,
    redacted: Redacted,
    map: Map,
}

/// What is known of redaction in the case that is open.
#[derive(Debug, Clone, Default)]
pub struct Privacy {
    /// The case that the map is of.
    scope: String,
    /// What the user wants otherwise.
    settings: Settings,
    map: Map,
    /// What was copied last, with what was replaced in it.
    last: Option<(Leaving, Vec<Replacement>)>,
}

/// A value of the text that was copied last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// What it is.
    pub kind: Kind,
    /// The value.
    pub original: String,
    /// What stands for it; empty where nothing does yet.
    pub stand_in: String,
    /// How often it stands there.
    pub count: usize,
    /// It is let through.
    pub kept: bool,
}

impl Privacy {
    /// What was replaced in the text that was copied last.
    #[must_use]
    pub fn rows(&self) -> &[Replacement] {
        self.last.as_ref().map_or(&[], |(_, rows)| rows)
    }

    /// What was copied last.
    #[must_use]
    pub fn what(&self) -> &str {
        self.last.as_ref().map_or("", |(leaving, _)| &leaving.what)
    }
}

/// Copies a text of the case that is open, redacted.
pub(crate) fn copy(model: &mut Model, text: String, what: impl Into<String>) -> Vec<Effect> {
    let scope = model.case.as_ref().map_or("", |case| &case.key).to_owned();
    if model.privacy.scope != scope {
        model.privacy = Privacy { scope, ..Privacy::default() };
    }
    let documents = model.case.iter().flat_map(|case| case.diagnosis.inputs.iter().map(|input| Arc::clone(&input.document))).collect();
    let pages = model.case.iter().flat_map(|case| case.diagnosis.findings.iter().map(|finding| finding.id.clone())).collect();
    let leaving = Leaving { text: text.into(), what: what.into(), documents, pages, ..Leaving::default() };
    ask(model, leaving)
}

fn ask(model: &mut Model, leaving: Leaving) -> Vec<Effect> {
    let leaving = Leaving { settings: model.privacy.settings.clone(), map: model.privacy.map.clone(), ..leaving };
    let id = model.ask();
    model.work.redaction = Some(id);
    vec![Effect::Redact(id, Box::new(leaving))]
}

/// The text is redacted: now it is copied.
pub(crate) fn arrived(model: &mut Model, left: Left) -> Vec<Effect> {
    let Left { leaving, redacted, map } = left;
    let mut rows: Vec<Replacement> = Vec::new();
    for one in &redacted.replaced {
        match rows.iter_mut().find(|row| row.original == one.original) {
            Some(row) => row.count += 1,
            None => rows.push(Replacement {
                kind: one.kind,
                original: one.original.clone(),
                stand_in: one.stand_in.clone(),
                count: 1,
                kept: false,
            }),
        }
    }
    let values = rows.len();
    let kept = leaving.settings.keep.iter().filter_map(|value| {
        let count = leaving.text.matches(value.as_str()).count();
        let kind = map.stand_in(value).map_or(Kind::Added, |entry| entry.kind);
        (count > 0).then(|| Replacement { kind, original: value.clone(), stand_in: String::new(), count, kept: true })
    });
    rows.extend(kept);
    let key = model.keymap.key_of(Action::Redactions);
    let what = if values == 0 { leaving.what.clone() } else { format!("{}, {values} redacted ({key})", leaving.what) };
    model.privacy.map = map;
    model.privacy.last = Some((leaving, rows));
    vec![Effect::Copy(redacted.text, what)]
}

/// Shows what was replaced in the text that was copied last.
pub(crate) fn open(model: &mut Model) {
    if model.privacy.last.is_some() {
        model.overlay = Some(Overlay::Redactions(0));
    } else {
        model.say(Tone::Plain, "Nothing of the case was copied yet; what is copied is redacted first.");
    }
}

/// Does an action in the list.
pub(crate) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Overlay::Redactions(selected)) = &mut model.overlay else { return Vec::new() };
    let most = model.privacy.rows().len().saturating_sub(1);
    let at = (*selected).min(most);
    match action {
        Action::Down => *selected = (at + 1).min(most),
        Action::Up => *selected = at.saturating_sub(1),
        Action::PageDown => *selected = (at + 10).min(most),
        Action::PageUp => *selected = at.saturating_sub(10),
        Action::Top => *selected = 0,
        Action::Bottom => *selected = most,
        Action::Tick => toggle(model, at),
        Action::RedactAlso => model.overlay = Some(Overlay::Prompt(Prompt { kind: PromptKind::RedactAlso, edit: Edit::default() })),
        Action::CopyRaw => {
            model.overlay = None;
            let copied = model
                .privacy
                .last
                .as_ref()
                .map(|(leaving, _)| Effect::Copy(leaving.text.to_string(), format!("{}, nothing redacted", leaving.what)));
            return copied.into_iter().collect();
        }
        Action::Accept => {
            model.overlay = None;
            let leaving = model.privacy.last.as_ref().map(|(leaving, _)| leaving.clone());
            return leaving.map(|leaving| ask(model, leaving)).unwrap_or_default();
        }
        Action::Cancel => model.overlay = None,
        _ => {}
    }
    Vec::new()
}

/// Lets a value through, or no longer.
fn toggle(model: &mut Model, at: usize) {
    let Privacy { settings, last, .. } = &mut model.privacy;
    let Some(row) = last.as_mut().and_then(|(_, rows)| rows.get_mut(at)) else { return };
    row.kept = !row.kept;
    settings.keep.retain(|kept| *kept != row.original);
    if row.kept {
        settings.keep.push(row.original.clone());
    }
}

/// A value is to be replaced too.
pub(crate) fn also(model: &mut Model, value: &str) {
    let Privacy { settings, last, .. } = &mut model.privacy;
    if let Some((leaving, rows)) = last
        && !value.is_empty()
        && !settings.also.iter().any(|known| known == value)
    {
        settings.also.push(value.to_owned());
        settings.keep.retain(|kept| kept != value);
        rows.retain(|row| row.original != value);
        let count = leaving.text.matches(value).count();
        rows.push(Replacement { kind: Kind::Added, original: value.to_owned(), stand_in: String::new(), count, kept: false });
    }
    model.overlay = Some(Overlay::Redactions(model.privacy.rows().len().saturating_sub(1)));
}
