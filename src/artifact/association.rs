//! Association files (`apple-app-site-association`), with the headers they came with where those were pasted.

use super::source::{Answer, Source};
use super::values::{is_bundle_id, is_team, listed, nearest, prefixed};
use super::{Artifact, Context};
use serde_json::Value as Json;

const SERVICES: &[&str] = &["applinks", "webcredentials", "appclips", "activitycontinuation"];
/// Apple's CDN does not take more, uncompressed.
const LARGEST: usize = 128 << 10;
const NAME: &str = "apple-app-site-association";

/// JSON with a service of associations, or whatever stands under the file's name.
pub(super) fn claims(source: &Source<'_>) -> bool {
    if let Some(json) = source.json() {
        let services = json
            .as_object()
            .is_some_and(|entries| entries.keys().any(|key| SERVICES.iter().any(|service| service.eq_ignore_ascii_case(key))));
        return services || (named(source) && json.is_object() && json.get("target").is_none());
    }
    let broken =
        source.text().trim_start().starts_with('{') && SERVICES.iter().any(|service| source.text().contains(&format!("\"{service}\"")));
    broken || named(source) || source.answer().is_some_and(|answer| is_page(&answer.body) && source.text().contains(NAME))
}

fn named(source: &Source<'_>) -> bool {
    let name = source.file_name().to_ascii_lowercase();
    name.contains(NAME) || name.contains("aasa") || name.contains("app-site-association")
}

fn is_page(body: &str) -> bool {
    let head = body.trim_start().get(..15).unwrap_or(body.trim_start()).to_ascii_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html") || head.starts_with("<head")
}

/// Checks an association file.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let answer = source.answer();
    if let Some(answer) = &answer {
        headers(answer, artifact);
    }
    let body = answer.as_ref().map_or(source.text(), |answer| answer.body.as_str());
    size(if answer.is_some() { body.len() } else { source.size() }, artifact);
    if is_page(body) {
        artifact.fail(
            "aasa.json",
            "aasa-served-as-html",
            "The answer is an HTML page: a single-page app, a login or an error page stands where the file should be.",
        );
        return;
    }
    let Some(json) = source.json() else {
        let why = serde_json::from_str::<Json>(body.trim()).err().map_or_else(String::new, |error| format!(": {error}"));
        artifact.fail("aasa.json", "app-missing-from-webcredentials", format!("The file is no JSON{why}."));
        return;
    };
    let Some(entries) = json.as_object() else {
        artifact.fail("aasa.json", "app-missing-from-webcredentials", "The file is JSON, but no object.");
        return;
    };
    artifact.pass("aasa.json", "The file is a JSON object.");
    for key in entries.keys().filter(|key| !SERVICES.contains(&key.as_str())) {
        if let Some(near) =
            SERVICES.iter().find(|service| service.eq_ignore_ascii_case(key)).copied().or_else(|| nearest(key, SERVICES.iter().copied()))
        {
            artifact.fail("aasa.keys", "app-missing-from-webcredentials", format!("{key} means nothing; the service is written {near}."));
        }
    }
    if !entries.keys().any(|key| SERVICES.contains(&key.as_str())) {
        artifact.fail("aasa.keys", "app-missing-from-webcredentials", format!("None of the services {} stands in it.", listed(SERVICES)));
    }
    for service in ["webcredentials", "appclips", "activitycontinuation"] {
        if let Some(value) = entries.get(service) {
            apps(service, value, artifact);
        }
    }
    if let Some(links) = entries.get("applinks") {
        app_links(links, artifact);
    }
}

fn headers(answer: &Answer, artifact: &mut Artifact) {
    artifact.fact_if("status", answer.status);
    for name in ["Content-Type", "Location", "Server", "Content-Encoding"] {
        artifact.fact_if(&name.to_lowercase(), answer.header(name));
    }
    match (answer.status, answer.header("earlier status").or(answer.header("Location"))) {
        (_, Some(_)) => artifact.fail(
            "aasa.status",
            "aasa-redirected-or-too-large",
            format!(
                "The address was redirected{}; Apple's CDN does not follow.",
                answer.header("Location").map_or(String::new(), |to| format!(" to {to}"))
            ),
        ),
        (Some(200), None) => artifact.pass("aasa.status", "Status 200, not redirected."),
        (Some(401 | 403), None) => artifact.fail(
            "aasa.status",
            "aasa-cdn-cannot-fetch",
            format!("Status {}: a login or bot protection stands before the file.", answer.status.unwrap_or(0)),
        ),
        (Some(status), None) => {
            artifact.fail("aasa.status", "aasa-served-as-html", format!("Status {status}; the file has to come with 200."));
        }
        (None, None) => {}
    }
    match answer.header("Content-Type") {
        Some(kind) if kind.starts_with("application/json") || kind.starts_with("application/pkcs7-mime") => {
            artifact.pass("aasa.content-type", format!("Content-Type is {kind}."));
        }
        Some(kind) if kind.starts_with("text/html") => {
            artifact.fail("aasa.content-type", "aasa-served-as-html", format!("Content-Type is {kind}."));
        }
        Some(kind) => {
            artifact.warn("aasa.content-type", "aasa-served-as-html", format!("Content-Type is {kind}; application/json is expected."));
        }
        None => artifact.warn("aasa.content-type", "aasa-served-as-html", "There is no Content-Type; application/json is expected."),
    }
}

fn size(bytes: usize, artifact: &mut Artifact) {
    if bytes > LARGEST {
        artifact.fail("aasa.size", "aasa-redirected-or-too-large", format!("The file has {bytes} bytes; at most {LARGEST} are taken."));
    } else {
        artifact.pass("aasa.size", format!("The file has {bytes} bytes, at most {LARGEST} are taken."));
    }
}

fn apps(service: &str, value: &Json, artifact: &mut Artifact) {
    let Some(apps) = value.get("apps").and_then(Json::as_array) else {
        artifact.fail("aasa.apps", "app-missing-from-webcredentials", format!("{service} has to be an object with an array apps."));
        return;
    };
    let ids: Vec<&str> = apps.iter().filter_map(Json::as_str).collect();
    identifiers(service, &ids, artifact);
}

/// Checks application identifiers, and makes facts of them.
fn identifiers(service: &str, ids: &[&str], artifact: &mut Artifact) {
    for id in ids.iter().take(60) {
        artifact.fact(&format!("{service} app"), id);
    }
    let wrong: Vec<String> = ids.iter().filter_map(|id| fault(id).map(|why| format!("{id} ({why})"))).collect();
    if ids.is_empty() {
        artifact.fail("aasa.apps", "app-missing-from-webcredentials", format!("{service} lists no app."));
    } else if wrong.is_empty() {
        artifact.pass("aasa.apps", format!("{service} lists {}.", listed(ids)));
    } else {
        artifact.fail(
            "aasa.apps",
            "aasa-team-id-prefix-mismatch",
            format!("{service} lists identifiers that cannot match: {}.", listed(&wrong)),
        );
    }
}

fn fault(id: &str) -> Option<&'static str> {
    if id.trim() != id {
        return Some("white space around it");
    }
    if let Some((_, bundle)) = prefixed(id) {
        return (!is_bundle_id(bundle) && bundle != "*").then_some("no bundle ID after the prefix");
    }
    let first = id.split('.').next().unwrap_or("");
    if is_team(&first.to_ascii_uppercase()) && first.bytes().any(|byte| byte.is_ascii_digit()) {
        return Some("the prefix is in lower case");
    }
    if first.to_ascii_uppercase().contains("TEAM") || id.contains(['<', '>', '$', '{']) {
        return Some("a placeholder instead of the prefix");
    }
    Some("no team prefix before the bundle ID")
}

fn app_links(links: &Json, artifact: &mut Artifact) {
    if links.get("apps").is_some_and(|apps| apps.as_array().is_none_or(|apps| !apps.is_empty())) {
        artifact.warn(
            "aasa.applinks",
            "aasa-path-pattern-wrong",
            "applinks.apps holds something; older systems want it as an empty array, newer ones ignore it.",
        );
    }
    let details: Vec<(Vec<&str>, &Json)> = match links.get("details") {
        Some(Json::Array(items)) => items.iter().take(100).map(|item| (ids(item), item)).collect(),
        Some(Json::Object(items)) => items.iter().take(100).map(|(id, item)| (vec![id.as_str()], item)).collect(),
        _ => {
            artifact.fail("aasa.applinks", "aasa-path-pattern-wrong", "applinks has to hold an array details.");
            return;
        }
    };
    let all: Vec<&str> = details.iter().flat_map(|(ids, _)| ids.iter().copied()).collect();
    identifiers("applinks", &all, artifact);
    let mut wrong = Vec::new();
    let mut count = 0;
    for (_, item) in &details {
        for pattern in patterns(item) {
            count += 1;
            if let Some(why) = pattern_fault(pattern) {
                wrong.push(format!("{pattern} ({why})"));
            }
        }
        if item.get("paths").is_none() && item.get("components").is_none() {
            wrong.push("an entry without components or paths".to_owned());
        }
    }
    if wrong.is_empty() {
        artifact.pass("aasa.patterns", format!("{count} path patterns, each of a form that can match."));
    } else {
        artifact.fail("aasa.patterns", "aasa-path-pattern-wrong", format!("Patterns that cannot match: {}.", listed(&wrong)));
    }
}

fn ids(item: &Json) -> Vec<&str> {
    let one = item.get("appID").and_then(Json::as_str);
    let several = item.get("appIDs").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    one.into_iter().chain(several).collect()
}

fn patterns(item: &Json) -> Vec<&str> {
    let paths = item.get("paths").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    let components = item
        .get("components")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(|component| component.get("/"))
        .filter_map(Json::as_str);
    paths.chain(components).take(500).collect()
}

fn pattern_fault(pattern: &str) -> Option<&'static str> {
    let path = pattern.strip_prefix("NOT ").unwrap_or(pattern);
    if path.contains("://") || path.split('/').next().is_some_and(|host| host.contains('.') && !host.contains('*')) {
        Some("a host; only the path belongs here")
    } else if path.contains('#') || (path.contains('?') && path.contains('=')) {
        Some("a query or fragment; they have keys of their own in components")
    } else if !path.starts_with(['/', '*', '?']) {
        Some("a path begins with a slash")
    } else {
        None
    }
}
