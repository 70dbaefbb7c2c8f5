//! Crash reports: the JSON of `.ips` files and the text that Console and Xcode show.

use super::source::Source;
use super::values::number;
use super::{Artifact, Context};
use crate::pattern::Pattern;
use serde_json::Value as Json;
use std::sync::LazyLock;

static LINE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?m)^(?P<key>Process|Path|Identifier|Version|Code Type|Parent Process|Responsible|Coalition|OS Version|Date/Time|Hardware Model|Exception Type|Exception Subtype|Exception Codes|Exception Note|Termination Reason|Triggered by Thread|Role):[ \t]+(?P<value>[^\n]+)",
    )
});
static REASON: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?:Namespace )?(?P<namespace>[A-Z][A-Z_ ]{2,24}),\s*(?:Code )?(?P<code>0x[0-9a-f]+|\d+)[,;]?\s*(?P<text>[^\n]*)")
});
static BRACKETS: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r" \[\d+\]$"));

/// What a report says, whichever way it was written.
#[derive(Debug, Default)]
struct Report {
    process: String,
    path: String,
    bundle: String,
    version: String,
    parent: String,
    responsible: String,
    team: String,
    system: String,
    time: String,
    exception: String,
    detail: String,
    namespace: String,
    code: Option<u64>,
    reason: String,
}

/// The two JSON documents of an `.ips` file, or the head of a text report.
pub(super) fn claims(source: &Source<'_>) -> bool {
    let text = source.text();
    let ips = text.trim_start().starts_with('{')
        && (crate::text::clip(text, 0..4_096).contains("\"bug_type\"")
            || (text.contains("\"exception\"") && text.contains("\"procName\"")));
    ips || (text.contains("Exception Type:")
        && (text.contains("Process:") || text.contains("Incident Identifier:") || text.contains("Termination Reason:")))
}

/// Checks a crash report.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let text = source.text();
    let report = if text.trim_start().starts_with('{') {
        let Some(report) = from_json(text, artifact) else {
            artifact.fail("crash.syntax", "", "The report's JSON cannot be read: it is cut off, or only its first line was given.");
            return;
        };
        artifact.fact("form", "JSON (.ips)");
        report
    } else {
        artifact.fact("form", "text");
        from_text(text)
    };
    facts(&report, artifact);
    verdict(&report, text, artifact);
    surroundings(&report, text, artifact);
}

fn from_json(text: &str, artifact: &mut Artifact) -> Option<Report> {
    // The first line is a header of its own; serde reads one document after the other.
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<Json>();
    let first = documents.next()?.ok()?;
    let second = documents.next();
    let header = first.get("bug_type").is_some().then_some(&first);
    if let Some(header) = header {
        artifact.fact_if("bug type", header.get("bug_type").and_then(Json::as_str));
    }
    let body = match second {
        Some(Ok(body)) => body,
        None if first.get("exception").is_some() || first.get("termination").is_some() => first.clone(),
        Some(Err(_)) | None => return None,
    };
    let text = |value: &Json, key: &str| value.get(key).and_then(Json::as_str).unwrap_or("").to_owned();
    let exception = body.get("exception").cloned().unwrap_or(Json::Null);
    let termination = body.get("termination").cloned().unwrap_or(Json::Null);
    let reasons: Vec<&str> =
        termination.get("reasons").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).take(4).collect();
    let bundle = body.get("bundleInfo").map(|info| text(info, "CFBundleIdentifier")).unwrap_or_default();
    let identifier = header.map(|header| text(header, "bundleID")).unwrap_or_default();
    let system = body.get("osVersion").map(|system| format!("{} ({})", text(system, "train"), text(system, "build"))).unwrap_or_default();
    let indicator = text(&termination, "indicator");
    Some(Report {
        process: text(&body, "procName"),
        path: text(&body, "procPath"),
        bundle: [bundle, identifier, text(&body, "codeSigningID")].into_iter().find(|id| !id.is_empty()).unwrap_or_default(),
        version: body.get("bundleInfo").map(|info| text(info, "CFBundleShortVersionString")).unwrap_or_default(),
        parent: text(&body, "parentProc"),
        responsible: text(&body, "responsibleProc"),
        team: text(&body, "codeSigningTeamID"),
        system,
        time: text(&body, "captureTime"),
        exception: [text(&exception, "type"), text(&exception, "signal")]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        detail: text(&exception, "subtype"),
        namespace: text(&termination, "namespace"),
        code: termination.get("code").and_then(Json::as_u64),
        reason: std::iter::once(indicator.as_str()).chain(reasons).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; "),
    })
}

fn from_text(text: &str) -> Report {
    let mut report = Report::default();
    for hit in LINE.find_all(text).take(60) {
        let value = hit.group("value").trim().to_owned();
        let bare = BRACKETS.replace_all(&value, |_, _| String::new());
        match hit.group("key") {
            "Process" => report.process = bare,
            "Path" => report.path = value,
            "Identifier" => report.bundle = value,
            "Version" => report.version = value,
            "Parent Process" => report.parent = bare,
            "Responsible" => report.responsible = bare,
            "OS Version" => report.system = value,
            "Date/Time" => report.time = value,
            "Exception Type" => report.exception = value,
            "Exception Subtype" => report.detail = value,
            "Termination Reason" => {
                if let Some(reason) = REASON.find(&value) {
                    report.namespace = reason.group("namespace").trim().to_uppercase();
                    report.code = number(reason.group("code"));
                    report.reason = reason.group("text").trim().to_owned();
                }
            }
            _ => {}
        }
    }
    report
}

fn facts(report: &Report, artifact: &mut Artifact) {
    for (name, value) in [
        ("process", &report.process),
        ("path", &report.path),
        ("bundle id", &report.bundle),
        ("version", &report.version),
        ("parent process", &report.parent),
        ("responsible process", &report.responsible),
        ("team", &report.team),
        ("system", &report.system),
        ("time", &report.time),
        ("exception", &report.exception),
        ("exception detail", &report.detail),
        ("termination namespace", &report.namespace),
        ("termination reason", &report.reason),
    ] {
        if !value.is_empty() {
            artifact.fact(name, value);
        }
    }
    artifact
        .fact_if("termination code", report.code.map(|code| if code > 0xffff { format!("{code} (0x{code:x})") } else { code.to_string() }));
}

/// Why the system ended the process, and the page for it.
fn verdict(report: &Report, text: &str, artifact: &mut Artifact) {
    let code = report.code.unwrap_or(u64::MAX);
    let reason = report.reason.as_str();
    let (page, why) = match (report.namespace.as_str(), code) {
        ("CODESIGNING", 1) => (
            "restricted-entitlement-without-profile",
            "the signature was refused at launch, mostly for an entitlement that no profile grants, or a store build started by hand",
        ),
        ("CODESIGNING", 2) => (
            "binary-modified-after-signing",
            "a page of code does not fit the signature: the file was changed after signing, or overwritten in place",
        ),
        ("CODESIGNING", 4) => ("launch-constraint-violation", "a launch constraint was violated"),
        ("CODESIGNING", _) => ("binary-modified-after-signing", "the code signature was refused"),
        ("DYLD", _) if text.contains("different Team IDs") => {
            ("library-validation-team-id-mismatch", "a library of another team was refused")
        }
        ("DYLD", _) if text.contains("code signature") => ("library-validation-team-id-mismatch", "the signature of a library was refused"),
        ("DYLD", _) => ("", "a library or symbol is missing"),
        ("TCC", _) if text.contains("NSFaceIDUsageDescription") => {
            ("missing-face-id-usage-description", "NSFaceIDUsageDescription is missing in Info.plist")
        }
        ("TCC", _) if text.contains("NSUserTrackingUsageDescription") => {
            ("att-missing-usage-description", "NSUserTrackingUsageDescription is missing in Info.plist")
        }
        ("TCC", _) => ("missing-usage-description", "a purpose string is missing in Info.plist"),
        (_, 0xdead_10cc) => ("file-lock-held-while-suspended", "0xdead10cc: a file or SQLite lock was held while the app was suspended"),
        (_, 0x8bad_f00d) => ("", "0x8badf00d: the watchdog ended it, it took too long"),
        ("JETSAM" | "MEMORY", _) => ("autofill-extension-memory-limit", "it used too much memory"),
        _ if text.contains("_libsecinit_appsandbox") || text.contains("_libsecinit_setup") => (
            "helper-missing-sandbox-inherit",
            "the sandbox could not be set up: a helper without inherit, or one with inherit that was started outside its app",
        ),
        _ if report.exception.contains("Code Signature Invalid") || text.contains("SIGKILL (Code Signature Invalid)") => {
            ("binary-modified-after-signing", "the code signature was refused")
        }
        ("", _) => {
            artifact.unknown(
                "crash.reason",
                "",
                format!(
                    "No termination reason; the exception is {}.",
                    if report.exception.is_empty() { "not named" } else { &report.exception }
                ),
            );
            return;
        }
        _ => {
            artifact.unknown(
                "crash.reason",
                "",
                format!(
                    "Ended by {} {}{}: a reason that is not known here.",
                    report.namespace,
                    report.code.map_or(String::new(), |code| code.to_string()),
                    if reason.is_empty() { String::new() } else { format!(" ({reason})") }
                ),
            );
            return;
        }
    };
    let ended = if report.namespace.is_empty() {
        String::new()
    } else {
        format!(" ({} {})", report.namespace, report.code.map_or(String::new(), |code| code.to_string()))
    };
    artifact.fail(
        "crash.reason",
        page,
        format!("{} was ended{ended}: {why}.", if report.process.is_empty() { "The process" } else { &report.process }),
    );
}

/// Who started it, and from where.
fn surroundings(report: &Report, text: &str, artifact: &mut Artifact) {
    if report.path.contains("/AppTranslocation/") {
        artifact.warn(
            "crash.path",
            "app-translocation",
            "The app runs from AppTranslocation: it is quarantined and was not moved by the user.",
        );
    }
    let other = !report.responsible.is_empty() && report.responsible != report.process;
    if other && report.namespace == "TCC" {
        artifact.warn(
            "crash.responsible",
            "responsible-process-lacks-purpose-string",
            format!(
                "The responsible process is {}: its Info.plist is asked for the purpose string, not that of {}.",
                report.responsible, report.process
            ),
        );
    } else if other {
        artifact.pass("crash.responsible", format!("The responsible process is {}.", report.responsible));
    }
    let placeholder = report.team.is_empty() && text.contains("\"codeSigningTeamID\"");
    if placeholder {
        artifact.warn("crash.signature", "", "The program has no team in its signature: ad hoc signed, or not signed.");
    }
}
