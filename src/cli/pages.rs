//! `pitfall explain`, `search`, `show` and `list`: the knowledge as a reference.

use super::{Common, Format, Outcome, engine, out, triage::known_topic};
use crate::engine::Reference;
use crate::knowledge::{Page, Severity, nearest};
use crate::report::{
    explain_json, explain_markdown, explain_text, guide_json, list_text, notes_markdown, page_json, page_text, pages_json, search_json,
    search_text,
};
use anyhow::bail;

#[derive(Debug, clap::Args)]
pub(super) struct ExplainArgs {
    /// Codes, symbols, DOMAIN:CODE, hex or unsigned numbers, entitlements, sandbox operations, OAuth errors.
    #[arg(required = true, allow_negative_numbers = true)]
    terms: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct SearchArgs {
    /// What to look for.
    #[arg(required = true, allow_negative_numbers = true)]
    words: Vec<String>,
    /// Only this topic.
    #[arg(long)]
    topic: Option<String>,
    /// At most so many.
    #[arg(long, default_value_t = 10)]
    limit: usize,
}

#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// The id of a page or guide.
    id: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// Only this topic.
    #[arg(long)]
    topic: Option<String>,
    /// Only this severity.
    #[arg(long)]
    severity: Option<String>,
}

pub(super) fn explain(args: &ExplainArgs, common: &Common) -> anyhow::Result<Outcome> {
    // Without overlays no page needs to be read.
    let reference = if common.knowledge.is_empty() { Reference::embedded() } else { Reference::of(engine(common)?.knowledge()) };
    let mut outcome = Outcome::Nothing;
    for term in &args.terms {
        let matches = reference.explain(term);
        if !matches.is_empty() {
            outcome = Outcome::Found;
        }
        match common.format {
            Format::Text => out::say(&explain_text(term, &matches, out::paint(common)))?,
            Format::Json => out::say_json(&explain_json(term, &matches))?,
            Format::Markdown => out::say(&explain_markdown(&matches))?,
        }
    }
    Ok(outcome)
}

pub(super) fn search(args: &SearchArgs, common: &Common) -> anyhow::Result<Outcome> {
    if let Some(topic) = &args.topic {
        known_topic(topic)?;
    }
    let hits = engine(common)?.search(&args.words.join(" "), args.topic.as_deref(), args.limit);
    match common.format {
        Format::Text | Format::Markdown if hits.is_empty() => out::say("Nothing found.\n")?,
        Format::Text | Format::Markdown => out::say(&search_text(&hits, out::paint(common)))?,
        Format::Json => out::say_json(&search_json(&hits))?,
    }
    Ok(if hits.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

pub(super) fn show(args: &ShowArgs, common: &Common) -> anyhow::Result<Outcome> {
    let engine = engine(common)?;
    let knowledge = engine.knowledge();
    if let Some(page) = knowledge.page(&args.id) {
        match common.format {
            Format::Json => out::say_json(&page_json(page))?,
            Format::Markdown => out::say(&format!("{}{}", page.raw, notes_behind(&page.from)))?,
            Format::Text => {
                let platforms: Vec<_> = page.platforms.iter().map(|platform| platform.word()).collect();
                let head = format!(
                    "{} · severity {} · {} · {} · reviewed {}\n{}",
                    page.id,
                    page.severity,
                    page.topic,
                    platforms.join(", "),
                    page.reviewed,
                    page.from.line(Some(page.severity))
                );
                let body = format!("{}\n\n{}{}", page.summary, notes_markdown(&page.from), page.body_text());
                out::say(&page_text(&page.title, &head, &body, &page.references, out::paint(common)))?;
            }
        }
        return Ok(Outcome::Found);
    }
    if let Some(guide) = knowledge.guide(&args.id) {
        match common.format {
            Format::Json => out::say_json(&guide_json(guide))?,
            Format::Markdown => out::say(&format!("{}{}", guide.raw, notes_behind(&guide.from)))?,
            Format::Text => out::say(&page_text(
                &guide.title,
                &format!("{} · guide · reviewed {}\n{}", guide.id, guide.reviewed, guide.from.line(None)),
                &format!("{}{}", notes_markdown(&guide.from), guide.body_text()),
                &guide.references,
                out::paint(common),
            ))?,
        }
        return Ok(Outcome::Found);
    }
    match knowledge.near(&args.id) {
        Some(near) => out::warn(&format!("no page `{}`; did you mean `{near}`?", args.id)),
        None => out::warn(&format!("no page `{}`; `pitfall list` names them, `pitfall search` finds them", args.id)),
    }
    Ok(Outcome::Nothing)
}

/// The notes behind a page's own file.
fn notes_behind(from: &crate::knowledge::Provenance) -> String {
    let notes = notes_markdown(from);
    if notes.is_empty() { notes } else { format!("\n{}\n", notes.trim_end()) }
}

pub(super) fn list(args: &ListArgs, common: &Common) -> anyhow::Result<Outcome> {
    if let Some(topic) = &args.topic {
        known_topic(topic)?;
    }
    let severity = match args.severity.as_deref() {
        None => None,
        Some(word) => {
            if let Some(severity) = Severity::parse(word) {
                Some(severity)
            } else {
                let words: Vec<_> = Severity::ALL.iter().map(|severity| severity.word()).collect();
                let near = nearest(word, words.iter().copied()).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                bail!("unknown severity `{word}`{near} Severities: {}", words.join(", "));
            }
        }
    };
    let engine = engine(common)?;
    let wanted = |page: &&Page| {
        args.topic.as_ref().is_none_or(|topic| page.topic == topic) && severity.is_none_or(|severity| page.severity == severity)
    };
    let mut pages: Vec<&Page> = engine.knowledge().pages().iter().filter(wanted).collect();
    pages.sort_by_key(|page| (page.topic, page.severity, page.id.clone()));
    match common.format {
        Format::Json => out::say_json(&pages_json(&pages, engine.knowledge()))?,
        Format::Text | Format::Markdown => out::say(&list_text(&pages, out::paint(common)))?,
    }
    Ok(if pages.is_empty() { Outcome::Nothing } else { Outcome::Found })
}
