//! What the notary service said: the log of a submission as JSON, and the text that `notarytool info`, `history`, `submit` and `wait` print.

use super::source::Source;
use super::values::listed;
use super::{Artifact, Context};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Submissions of one history.
const SUBMISSIONS: usize = 100;
/// Issues that get a check of their own; the rest is counted.
const ISSUES: usize = 40;

/// The service's messages, by a part that does not change, and the page for each.
const MESSAGES: &[(&str, &str)] = &[
    ("does not include a secure timestamp", "no-secure-timestamp"),
    ("hardened runtime enabled", "hardened-runtime-not-enabled"),
    ("com.apple.security.get-task-allow", "get-task-allow-in-release"),
    ("not signed with a valid developer id certificate", "helper-signed-for-development"),
    ("the signature of the binary is invalid", "binary-modified-after-signing"),
    ("signature of the bundle is invalid", "bundle-seal-broken"),
    ("sealed resource is missing or invalid", "bundle-seal-broken"),
    ("sdk older than the 10.9", "old-sdk-or-i386-slice"),
    ("i386", "old-sdk-or-i386-slice"),
    ("team is not yet configured", "notary-team-not-configured"),
    ("agreement", "developer-agreement-pending"),
];

/// The log of one submission.
fn log<'a>(source: &'a Source<'_>) -> Option<&'a Json> {
    source.json().filter(|json| {
        let has = |name: &str| json.get(name).is_some();
        has("status") && (has("jobId") && (has("statusSummary") || has("statusCode")) || has("logFormatVersion") && has("archiveFilename"))
    })
}

/// A submission, as text lines give it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Submission {
    id: String,
    status: String,
    name: String,
    created: String,
    message: String,
}

/// `key: value` lines of notarytool, one submission for each `id`.
fn submissions(text: &str) -> Vec<Submission> {
    let mut all: Vec<Submission> = Vec::new();
    let mut now = Submission::default();
    for line in text.lines().take(4_000) {
        let Some((key, value)) = line.trim().split_once(':') else { continue };
        let value = value.trim();
        let slot = match key {
            "id" => &mut now.id,
            "status" => &mut now.status,
            "name" => &mut now.name,
            "createdDate" => &mut now.created,
            "message" => &mut now.message,
            _ => continue,
        };
        // history gives the date first, submit the identifier: whatever comes again begins the next one.
        if !slot.is_empty() && *slot != value {
            all.push(std::mem::take(&mut now));
            match key {
                "id" => value.clone_into(&mut now.id),
                "createdDate" => value.clone_into(&mut now.created),
                "message" => value.clone_into(&mut now.message),
                _ => {}
            }
            continue;
        }
        value.clone_into(slot);
    }
    all.push(now);
    all.retain(|one| is_uuid(&one.id) && !one.status.is_empty());
    all.truncate(SUBMISSIONS);
    all
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// A log, or notarytool's text.
pub(super) fn claims(source: &Source<'_>) -> bool {
    log(source).is_some() || source.json().is_none() && looks_like_text(source.text()) && !submissions(source.text()).is_empty()
}

/// Whether notarytool may have printed it.
pub(super) fn looks_like_text(text: &str) -> bool {
    text.lines().count() < 4_000
        && text.contains("status:")
        && text.contains("id:")
        && (text.contains("createdDate:") || text.contains("Successfully received submission") || text.contains("Processing complete"))
}

/// Checks a log or a list of submissions.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    match log(source) {
        Some(json) => json_log(json, artifact),
        None => history(&submissions(source.text()), artifact),
    }
}

fn json_log(json: &Json, artifact: &mut Artifact) {
    let text = |name: &str| json.get(name).and_then(Json::as_str);
    for (name, title) in [("jobId", "submission"), ("archiveFilename", "archive"), ("uploadDate", "uploaded"), ("sha256", "sha-256")] {
        artifact.fact_if(title, text(name));
    }
    let code = json.get("statusCode").and_then(Json::as_i64);
    let summary = text("statusSummary").unwrap_or("");
    artifact.fact("status", text("status").unwrap_or(""));
    artifact.fact_if("status code", code);
    artifact.fact("summary", summary);
    let issues: Vec<&Json> = json.get("issues").and_then(Json::as_array).into_iter().flatten().collect();
    let page = page_of(summary).or_else(|| issues.iter().find_map(|issue| page_for(issue))).unwrap_or("");
    match text("status") {
        Some("Accepted") => artifact.pass("notary.status", format!("Accepted: {summary}.")),
        Some("In Progress") => {
            artifact.unknown("notary.status", "notary-first-submission-slow", "The submission is still being looked at.");
        }
        Some(other) => artifact.fail(
            "notary.status",
            page,
            format!("{other}: {summary}{}.", code.map_or(String::new(), |code| format!(" (status code {code})"))),
        ),
        None => artifact.fail("notary.status", "", "The log has no status."),
    }
    issue_checks(&issues, artifact);
    let tickets = json.get("ticketContents").and_then(Json::as_array).map_or(0, Vec::len);
    if text("status") == Some("Accepted") && tickets == 0 {
        artifact.warn(
            "notary.tickets",
            "stapled-artifact-never-submitted",
            "Accepted, but no ticket was made: there is nothing to staple.",
        );
    } else if tickets > 0 {
        artifact.pass("notary.tickets", format!("{tickets} tickets: one for each code file."));
    }
}

/// Issues of the same message together, each with its files.
fn issue_checks(issues: &[&Json], artifact: &mut Artifact) {
    let mut by_message: BTreeMap<(bool, &str), Vec<&Json>> = BTreeMap::new();
    for issue in issues {
        let text = |name: &str| issue.get(name).and_then(Json::as_str);
        by_message.entry((text("severity") != Some("error"), text("message").unwrap_or(""))).or_default().push(issue);
    }
    if issues.is_empty() {
        artifact.pass("notary.issues", "The log names no issue.");
    }
    for ((mild, message), group) in by_message.into_iter().take(ISSUES) {
        let mut files: Vec<String> = group.iter().filter_map(|issue| issue.get("path").and_then(Json::as_str)).map(within).collect();
        files.sort();
        files.dedup();
        let page = group.first().and_then(|issue| page_for(issue)).unwrap_or("");
        let place = if files.is_empty() { "the upload".to_owned() } else { listed(&files) };
        let text = format!("{}: {place}.", message.trim_end_matches('.'));
        if mild {
            artifact.warn("notary.issue", page, text);
        } else {
            artifact.fail("notary.issue", page, text);
        }
    }
}

/// The path inside the archive.
fn within(path: &str) -> String {
    path.split_once('/').map_or(path, |(_, rest)| rest).to_owned()
}

fn page_for(issue: &Json) -> Option<&'static str> {
    let text = |name: &str| issue.get(name).and_then(Json::as_str).unwrap_or("");
    let (message, path) = (text("message").to_lowercase(), text("path"));
    if message.contains("the binary is not signed") && !message.contains("valid developer id") {
        return Some(if path.contains(".jar") {
            "unsigned-native-library-in-jar"
        } else if path.contains("app.asar") || path.ends_with(".node") {
            "unsigned-natives-beside-asar"
        } else {
            "nested-code-unsigned"
        });
    }
    page_of(&message)
}

fn page_of(message: &str) -> Option<&'static str> {
    let message = message.to_lowercase();
    MESSAGES.iter().find(|(part, _)| message.contains(part)).map(|(_, page)| *page)
}

fn history(all: &[Submission], artifact: &mut Artifact) {
    for one in all {
        artifact.fact("submission", format!("{} {} {} {}", one.id, one.status, one.name, one.created));
    }
    let Some(latest) = all.iter().max_by(|one, other| one.created.cmp(&other.created)) else { return };
    match latest.status.as_str() {
        "Accepted" => artifact.pass("notary.status", format!("The latest submission, {}, was accepted.", latest.id)),
        "In Progress" => artifact.unknown(
            "notary.status",
            "notary-first-submission-slow",
            format!("The latest submission, {}, is still being looked at.", latest.id),
        ),
        other => artifact.fail(
            "notary.status",
            "notarytool-wait-exits-zero",
            format!("The submission {} ended as {other}: `notarytool log {}` says why.", latest.id, latest.id),
        ),
    }
    let waiting: Vec<&str> = all.iter().filter(|one| one.status == "In Progress").map(|one| one.id.as_str()).collect();
    if waiting.len() > 1 {
        artifact.warn(
            "notary.waiting",
            "notary-first-submission-slow",
            format!("{} submissions are in progress at once; submitting again makes none of them faster.", waiting.len()),
        );
    }
}
