//! Pages and guides as resources: `pitfall://page/<id>`, `pitfall://guide/<id>`; and codes by a template.

use crate::engine::Engine;
use crate::knowledge::{Knowledge, Status};
use crate::report::explain_markdown;
use rmcp::ErrorData;
use rmcp::model::{ListResourcesResult, ReadResourceResult, Resource, ResourceContents, ResourceTemplate};

/// Resources told at once; a client asks for the next ones with the cursor.
const AT_ONCE: usize = 200;
const MARKDOWN: &str = "text/markdown";

/// The resources behind `cursor`, which is the number of the first.
pub(super) fn list(knowledge: &Knowledge, cursor: Option<&str>) -> Result<ListResourcesResult, ErrorData> {
    let from = match cursor {
        None => 0,
        Some(text) => text
            .parse::<usize>()
            .map_err(|_| ErrorData::invalid_params(format!("`{text}` is no cursor of this server; list without one"), None))?,
    };
    let guides = knowledge.guides().iter().map(|guide| {
        let uri = format!("pitfall://guide/{}", guide.id);
        resource(uri, &guide.id, &guide.title, &guide.summary, guide.raw.len())
    });
    let pages = knowledge.pages().iter().filter(|page| page.status != Status::Retired).map(|page| {
        let uri = format!("pitfall://page/{}", page.id);
        resource(uri, &page.id, &page.title, &format!("{}, severity {}", page.topic, page.severity), page.raw.len())
    });
    let mut all: Vec<Resource> = guides.chain(pages).collect();
    all.sort_by(|one, other| one.uri.cmp(&other.uri));
    let more = all.len() > from.saturating_add(AT_ONCE);
    let mut result = ListResourcesResult::with_all_items(all.into_iter().skip(from).take(AT_ONCE).collect());
    result.next_cursor = more.then(|| (from + AT_ONCE).to_string());
    Ok(result)
}

fn resource(uri: String, id: &str, title: &str, about: &str, size: usize) -> Resource {
    Resource::new(uri, id).with_title(title).with_description(about).with_mime_type(MARKDOWN).with_size(size as u64)
}

/// What can be asked for by name.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    let template = |uri: &str, name: &str, about: &str| ResourceTemplate::new(uri, name).with_description(about).with_mime_type(MARKDOWN);
    vec![
        template("pitfall://page/{id}", "page", "A page: symptom, cause, checklist; ids stand in findings and in the answers of `search`."),
        template("pitfall://guide/{id}", "guide", "A guide: how a part of the platform works."),
        template(
            "pitfall://code/{term}",
            "code",
            "What a code, symbol, entitlement or sandbox operation means, e.g. pitfall://code/-34018.",
        ),
    ]
}

/// The resource at `uri`.
pub(super) fn read(engine: &Engine, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let knowledge = engine.knowledge();
    let text = match uri.strip_prefix("pitfall://").and_then(|rest| rest.split_once('/')) {
        Some(("page", id)) => knowledge.page(id).map(|page| page.raw.to_string()),
        Some(("guide", id)) => knowledge.guide(id).map(|guide| guide.raw.to_string()),
        Some(("code", term)) => {
            let matches = engine.explain(&decoded(term));
            (!matches.is_empty()).then(|| explain_markdown(&matches))
        }
        _ => None,
    };
    if let Some(text) = text {
        Ok(ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(MARKDOWN)]))
    } else {
        let near = uri.rsplit('/').next().and_then(|id| knowledge.near(id));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean pitfall://page/{near}?"));
        Err(ErrorData::resource_not_found(format!("there is no {uri}{hint}"), Some(serde_json::json!({"uri": uri}))))
    }
}

/// A part of a URI without its percent signs.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let two: Vec<u8> = if byte == b'%' { rest.clone().take(2).collect() } else { Vec::new() };
        let number = std::str::from_utf8(&two).ok().filter(|hex| hex.len() == 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if number.is_some() {
            rest.nth(1);
        }
        bytes.push(number.unwrap_or(byte));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_signs_are_read() {
        assert_eq!(decoded("NSOSStatusErrorDomain%3A-34018"), "NSOSStatusErrorDomain:-34018");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%zz%C3%A9"), "%zzé");
    }
}
