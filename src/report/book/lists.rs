//! The ways in: the first page, the topics, the codes by domain.

use super::html::{escape, ticked};
use super::{Site, anchor, frame, key};
use crate::engine::fill;
use crate::knowledge::{Entry, Page, TOPICS, Topic};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Adds the first page, a page per topic, and the pages of codes.
pub(super) fn write(site: &Site<'_>, files: &mut BTreeMap<String, String>) {
    files.insert("index.html".into(), first(site));
    for topic in TOPICS {
        files.insert(format!("topic/{}.html", topic.id), frame(topic.title, "../", "", &one_topic(site, topic)));
    }
    files.insert("codes/index.html".into(), frame("Codes by domain", "../", "", &all_domains(site)));
    for (domain, (file, entries)) in &site.domains {
        files.insert(file.clone(), frame(&format!("Codes of {domain}"), "../", "", &one_domain(site, domain, entries)));
    }
}

fn of<'a>(site: &Site<'a>, topic: &Topic) -> Vec<&'a Page> {
    let mut pages: Vec<&Page> = site.knowledge.pages().iter().filter(|page| page.topic == topic.id).collect();
    pages.sort_by_key(|page| (page.severity, page.id.as_str()));
    pages
}

fn first(site: &Site<'_>) -> String {
    let knowledge = site.knowledge;
    let mut out = format!(
        "<h1>What goes wrong on Apple's platforms, and what to do</h1>\n<p class=\"summary\">{} pitfalls, {} guides, {} codes of {} domains. \
         Search for a code, a symbol or the words of a symptom; or choose a topic.</p>\n<h2 id=\"topics\">Topics</h2>\n<ul class=\"cards\">\n",
        knowledge.pages().len(),
        knowledge.guides().len(),
        knowledge.catalogue().entries().len(),
        site.domains.len()
    );
    for topic in TOPICS {
        let _ = writeln!(out, "<li><a href=\"topic/{}.html\">{}</a> <span>{}</span></li>", topic.id, topic.title, of(site, topic).len());
    }
    out.push_str("</ul>\n<h2 id=\"guides\">Guides</h2>\n<dl>\n");
    for guide in knowledge.guides() {
        let link = site.link(&guide.id, "");
        let _ = writeln!(out, "<dt>{link}</dt><dd>{}</dd>", ticked(&guide.summary));
    }
    let _ = writeln!(out, "</dl>\n<h2>Codes</h2>\n<p><a href=\"codes/index.html\">All codes by domain</a></p>");
    // Beside the lazy load of other pages: here people come to search.
    frame("pitfall", "", "", &out).replacen("</head>", "<script src=\"search-index.js\" defer></script>\n</head>", 1)
}

fn one_topic(site: &Site<'_>, topic: &Topic) -> String {
    let pages = of(site, topic);
    let mut out = format!("<h1>{}</h1>\n<p class=\"facts\">{} pitfalls, worst first</p>\n<dl>\n", topic.title, pages.len());
    for page in pages {
        let link = site.link(&page.id, "../");
        let summary = ticked(&fill(&page.summary, &[]));
        let _ = writeln!(out, "<dt><span class=\"severity {0}\">{0}</span> {link}</dt><dd>{summary}</dd>", page.severity);
    }
    out.push_str("</dl>\n");
    out
}

fn all_domains(site: &Site<'_>) -> String {
    let mut out = "<h1>Codes by domain</h1>\n<ul class=\"cards\">\n".to_owned();
    for (domain, (file, entries)) in &site.domains {
        let _ = writeln!(out, "<li><a href=\"../{file}\">{}</a> <span>{}</span></li>", escape(domain), entries.len());
    }
    out.push_str("</ul>\n");
    out
}

fn one_domain(site: &Site<'_>, domain: &str, entries: &[&Entry]) -> String {
    let mut out = format!(
        "<h1>Codes of {}</h1>\n<div class=\"wide\"><table>\n<thead><tr><th>Code</th><th>Name</th><th>Meaning</th></tr></thead>\n<tbody>\n",
        escape(domain)
    );
    let mut places = BTreeSet::new();
    for entry in entries {
        let place = anchor(entry);
        let id = if places.insert(place.clone()) { format!(" id=\"{place}\"") } else { String::new() };
        let number = entry.code.as_ref().map(ToString::to_string).unwrap_or_default();
        let name = entry.name.as_deref().unwrap_or_default();
        let also = if entry.also.is_empty() { String::new() } else { format!("<br><small>{}</small>", escape(&entry.also.join(", "))) };
        let _ = writeln!(
            out,
            "<tr{id}><td><code>{}</code></td><td><code>{}</code>{also}</td><td>{}{}{}</td></tr>",
            escape(&number),
            escape(name),
            ticked(&entry.meaning),
            about(site, entry),
            if entry.source.is_empty() { String::new() } else { format!("<br><small>Source: {}</small>", escape(&entry.source)) }
        );
    }
    out.push_str("</tbody></table></div>\n");
    out
}

fn about(site: &Site<'_>, entry: &Entry) -> String {
    let ids = site.about.get(&key(entry));
    let links: Vec<String> = ids.into_iter().flatten().map(|id| format!("<li>{}</li>", site.link(id, "../"))).collect();
    if links.is_empty() { String::new() } else { format!("<ul>{}</ul>", links.concat()) }
}
