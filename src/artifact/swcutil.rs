//! What `swcutil show` prints, also in a sysdiagnose's `swcutil_show.txt`: which domains the system has approved for which app, and since when.

use super::source::Source;
use super::values::prefixed;
use super::{Artifact, Context};

/// Records of one list that are looked at; those of a device with many apps run to hundreds.
const RECORDS: usize = 120;

/// One record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Record {
    service: String,
    app: String,
    domain: String,
    user: String,
    site: String,
    flags: String,
    checked: String,
    next: String,
    error: String,
}

impl Record {
    fn slot(&mut self, key: &str) -> Option<&mut String> {
        Some(match key {
            "Service" => &mut self.service,
            "App ID" | "AppID" => &mut self.app,
            "Domain" => &mut self.domain,
            "User Approval" => &mut self.user,
            "Site/Fmwk Approval" => &mut self.site,
            "Flags" => &mut self.flags,
            "Last Checked" => &mut self.checked,
            "Next Check" => &mut self.next,
            "Error" => &mut self.error,
            _ => return None,
        })
    }

    fn title(&self) -> String {
        format!("{}:{} of {}", self.service, self.domain, self.app)
    }
}

fn records(text: &str) -> Vec<Record> {
    let mut all: Vec<Record> = Vec::new();
    for line in text.lines() {
        let Some((key, value)) = line.trim().split_once(':') else { continue };
        if key == "Service" {
            all.push(Record::default());
        }
        if let Some(slot) = all.last_mut().and_then(|record| record.slot(key)) {
            value.trim().clone_into(slot);
        }
        if all.len() > RECORDS {
            break;
        }
    }
    all.retain(|record| !record.domain.is_empty() && !record.app.is_empty());
    all.truncate(RECORDS);
    all
}

/// Records with an approval.
pub(super) fn claims(source: &Source<'_>) -> bool {
    let text = source.text();
    text.contains("Site/Fmwk Approval:") && text.contains("Service:") && text.contains("Domain:")
}

/// Checks the records.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let all = records(source.text());
    if all.is_empty() {
        artifact.fail(
            "swc.record",
            "aasa-not-downloaded-at-install",
            "No record names an app and a domain: it was cut off, or nothing is stored.",
        );
    }
    let own: Vec<&Record> = all.iter().filter(|record| !record.app.contains(".com.apple.")).collect();
    for record in own {
        artifact.fact(&format!("{} app", record.service), format!("{} at {}", record.app, record.domain));
        check(record, artifact);
    }
}

fn check(record: &Record, artifact: &mut Artifact) {
    let title = record.title();
    if prefixed(&record.app).is_none() {
        artifact.fail("swc.app", "aasa-team-id-prefix-mismatch", format!("{title}: the App ID has no ten-character prefix."));
    }
    let never = record.checked.is_empty() && (record.next.is_empty() || record.next.starts_with("0001-"));
    match record.site.as_str() {
        "approved" => artifact.pass("swc.site", format!("{title}: the site's file approves the app.")),
        "denied" => artifact.fail(
            "swc.site",
            "app-missing-from-webcredentials",
            format!("{title}: denied: the file was read and does not list this App ID under {}.", record.service),
        ),
        _ if !record.error.is_empty() => {}
        _ if never => artifact.fail(
            "swc.site",
            "aasa-not-downloaded-at-install",
            format!(
                "{title}: {}: the file was never fetched (next check {}).",
                record.site,
                if record.next.is_empty() { "none" } else { &record.next }
            ),
        ),
        other => artifact.warn("swc.site", "association-not-yet-verified", format!("{title}: {other}: not decided yet.")),
    }
    match record.user.as_str() {
        "denied" if record.service == "applinks" => artifact.fail(
            "swc.user",
            "",
            format!("{title}: the user chose the browser for these links; a long press on a link offers the app again."),
        ),
        "denied" => artifact.fail("swc.user", "shared-web-credentials-not-approved", format!("{title}: the user said no.")),
        _ => {}
    }
    if !record.error.is_empty() {
        let (page, why) = cause(&record.error);
        artifact.fail("swc.error", page, format!("{title}: {why}: {}", record.error));
    }
    let host = record.domain.split('?').next().unwrap_or("");
    if is_private(host) && !record.domain.contains("mode=") {
        artifact.fail("swc.host", "aasa-host-not-public", format!("{title}: Apple's CDN cannot reach {host}."));
    }
}

fn cause(error: &str) -> (&'static str, &'static str) {
    if error.contains("Code=3840") || error.contains("JSON text did not start") {
        ("aasa-served-as-html", "what came is no JSON")
    } else if error.contains("NSURLErrorDomain") || error.contains("kCFErrorDomain") {
        ("aasa-cdn-cannot-fetch", "the download failed")
    } else if error.contains("SWCErrorDomain") {
        ("aasa-cdn-cannot-fetch", "Apple's CDN has no file that can be used")
    } else {
        ("association-not-yet-verified", "an error")
    }
}

fn is_private(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".local")
        || host.ends_with(".internal")
        || host.starts_with("192.168.")
        || host.starts_with("10.")
        || host.starts_with("127.")
}
