//! A page of a pitfall, with its checklist, and a guide.

use super::html::{blocks, code, escape, outside, ticked};
use super::{Site, frame};
use crate::engine::{Engine, fill};
use crate::knowledge::markdown::{Block, BlockKind, blocks as read, plain};
use crate::knowledge::{Entry, Guide, Page, Provenance, Reference, Status, Step, topic};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const ROOT: &str = "../";

/// Adds every page and guide.
pub(super) fn write(site: &Site<'_>, files: &mut BTreeMap<String, String>) {
    for page in site.knowledge.pages() {
        files.insert(format!("page/{}.html", page.id), frame(&page.title, ROOT, &page.id, &page_html(site, page)));
    }
    for guide in site.knowledge.guides() {
        files.insert(format!("guide/{}.html", guide.id), frame(&guide.title, ROOT, "", &guide_html(site, guide)));
    }
}

fn page_html(site: &Site<'_>, page: &Page) -> String {
    let title = topic(page.topic).map_or(page.topic, |topic| topic.title);
    let platforms: Vec<_> = page.platforms.iter().map(|platform| platform.word()).collect();
    let mut out = format!("<h1>{}</h1>\n", escape(&page.title));
    let _ = writeln!(
        out,
        "<p class=\"facts\"><span class=\"severity {0}\">{0}</span> <a href=\"{ROOT}topic/{1}.html\">{title}</a> <span>{2}</span> <code>{3}</code></p>",
        page.severity,
        page.topic,
        platforms.join(", "),
        escape(&page.id)
    );
    if page.status != Status::Stable {
        let instead = page.replaced_by.as_ref().map_or(String::new(), |id| format!("; see {}", site.link(id, ROOT)));
        let _ = writeln!(out, "<p class=\"note\">This page is {}{instead}.</p>", page.status);
    }
    let _ = writeln!(out, "<p class=\"summary\">{}</p>", ticked(&fill(&page.summary, &[])));
    noted(site, &page.from, &mut out);
    sections(site, page, &mut out);
    listed(&mut out, "Questions that decide", page.ask.iter().map(|question| ticked(question)));
    let code = |entry: &&Entry| {
        let number = entry.code.as_ref().map(ToString::to_string).unwrap_or_default();
        let name = entry.name.as_deref().unwrap_or_default();
        format!("<a href=\"{ROOT}{}\"><code>{}</code></a>", site.place(entry), escape(format!("{number} {name}").trim()))
    };
    listed(&mut out, "Codes", site.codes.get(page.id.as_str()).into_iter().flatten().map(code));
    end(
        site,
        &mut out,
        (&page.related, &page.references),
        &format!("Reviewed {}; {}.", page.reviewed, page.from.line(Some(page.severity))),
    );
    out
}

/// The sections without the self-tests, which are for authors; the tasks of the remediation become a checklist.
fn sections(site: &Site<'_>, page: &Page, out: &mut String) {
    let mut steps = Engine::body(page).steps.into_iter();
    let mut section = String::new();
    for block in read(page.body_text()) {
        if let BlockKind::Heading(2, inlines) = &block.kind {
            section = plain(inlines);
        }
        match &block.kind {
            _ if section == "Self-tests" => {}
            BlockKind::List(_, items) if section == "Remediation" && items.iter().any(|item| item.task.is_some()) => {
                let count = items.iter().filter(|item| item.task.is_some()).count();
                checklist(&steps.by_ref().take(count).collect::<Vec<_>>(), out);
            }
            _ => out.push_str(&blocks(site, ROOT, &[block])),
        }
    }
}

/// The notes of teams, each with whose it is.
fn noted(site: &Site<'_>, from: &Provenance, out: &mut String) {
    for note in &from.notes {
        let _ = write!(out, "<h2>Note of {}</h2>\n{}", escape(&note.by.to_string()), blocks(site, ROOT, &read(&note.text)));
    }
}

fn checklist(steps: &[Step], out: &mut String) {
    out.push_str("<ol class=\"steps\">\n");
    for (number, step) in steps.iter().enumerate() {
        let id = if step.id.is_empty() { format!("step-{}", number + 1) } else { step.id.clone() };
        let text = ticked(&fill(&step.text, &[]));
        let _ = write!(out, "<li><label><input type=\"checkbox\" data-step=\"{}\"> <span>{text}</span></label>", escape(&id));
        if !step.command.is_empty() {
            let _ = write!(out, "{}", code(&step.command));
        }
        if !step.expect.is_empty() {
            let _ = write!(out, "<p class=\"expect\"><b>Expect:</b> {}</p>", ticked(&fill(&step.expect, &[])));
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n<p class=\"ticks\" hidden><span id=\"done\" aria-live=\"polite\"></span> <button type=\"button\" id=\"clear\">Clear the ticks</button></p>\n");
}

fn guide_html(site: &Site<'_>, guide: &Guide) -> String {
    let mut out =
        format!("<h1>{}</h1>\n<p class=\"facts\"><span>guide</span> <code>{}</code></p>\n", escape(&guide.title), escape(&guide.id));
    let _ = writeln!(out, "<p class=\"summary\">{}</p>", ticked(&guide.summary));
    noted(site, &guide.from, &mut out);
    let body: Vec<Block> = read(guide.body_text());
    out.push_str(&blocks(site, ROOT, &body));
    end(site, &mut out, (&guide.related, &guide.references), &format!("Reviewed {}; {}.", guide.reviewed, guide.from.line(None)));
    out
}

fn end(site: &Site<'_>, out: &mut String, (related, references): (&[String], &[Reference]), origin: &str) {
    let known = related.iter().filter(|id| site.target(id).is_some());
    listed(out, "Related", known.map(|id| site.link(id, ROOT)));
    listed(out, "References", references.iter().map(|one| outside(&one.title, one.url.as_deref().unwrap_or_default())));
    let _ = writeln!(out, "<p class=\"origin\">{}</p>", escape(origin));
}

fn listed(out: &mut String, heading: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.map(|line| format!("<li>{line}</li>\n")).collect();
    if !lines.is_empty() {
        let _ = writeln!(out, "<h2>{heading}</h2>\n<ul>\n{}</ul>", lines.concat());
    }
}
