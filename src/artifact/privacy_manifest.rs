//! Privacy manifests (`PrivacyInfo.xcprivacy`): tracking, collected data, and the reasons for the APIs that need one.

use super::source::Source;
use super::values::listed;
use super::{Artifact, Context, property_list};
use plist::{Dictionary, Value};

const KEYS: &[&str] = &["NSPrivacyTracking", "NSPrivacyTrackingDomains", "NSPrivacyCollectedDataTypes", "NSPrivacyAccessedAPITypes"];
/// Categories and the reasons that each accepts. Source: Describing use of required reason API, Apple's documentation.
const REASONS: &[(&str, &[&str])] = &[
    ("NSPrivacyAccessedAPICategoryFileTimestamp", &["DDA9.1", "C617.1", "3B52.1", "0A2A.1"]),
    ("NSPrivacyAccessedAPICategorySystemBootTime", &["35F9.1", "8FFB.1", "3D61.1"]),
    ("NSPrivacyAccessedAPICategoryDiskSpace", &["85F4.1", "E174.1", "7D9E.1", "B728.1"]),
    ("NSPrivacyAccessedAPICategoryActiveKeyboards", &["3EC4.1", "54BD.1"]),
    ("NSPrivacyAccessedAPICategoryUserDefaults", &["CA92.1", "1C8F.1", "C56D.1", "AC6B.1"]),
];
/// Reasons that only an SDK may give.
const SDK_ONLY: &[&str] = &["0A2A.1", "C56D.1"];

/// A property list with the keys of a manifest, and not an Info.plist that they strayed into.
pub(super) fn claims(source: &Source<'_>) -> bool {
    match source.plist() {
        Some(Ok(Value::Dictionary(entries))) => {
            (entries.keys().any(|key| key.starts_with("NSPrivacy")) && !entries.keys().any(|key| key.starts_with("CFBundle")))
                || named(source)
        }
        Some(Err(_)) => named(source) || source.text().contains("<key>NSPrivacyAccessedAPITypes"),
        _ => false,
    }
}

fn named(source: &Source<'_>) -> bool {
    source.file_name().ends_with(".xcprivacy")
}

/// Checks a manifest.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let Some(entries) = property_list::dictionary(source, artifact) else {
        artifact.fail("privacy.syntax", "invalid-manifest-in-sdk", "A manifest that cannot be read is refused at upload.");
        return;
    };
    let unknown: Vec<&str> = entries.keys().map(String::as_str).filter(|key| !KEYS.contains(key)).collect();
    if !unknown.is_empty() {
        artifact.fail("privacy.keys", "invalid-manifest-in-sdk", format!("Keys that a manifest does not have: {}.", listed(&unknown)));
    }
    tracking(entries, artifact);
    collected(entries, artifact);
    accessed(entries, artifact);
}

fn tracking(entries: &Dictionary, artifact: &mut Artifact) {
    let tracking = entries.get("NSPrivacyTracking");
    let domains = property_list::strings(entries.get("NSPrivacyTrackingDomains"));
    artifact.fact_if("tracking", tracking.map(property_list::brief));
    for domain in domains.iter().take(60) {
        artifact.fact("tracking domain", domain);
    }
    if tracking.is_some_and(|value| value.as_boolean().is_none()) {
        artifact.fail("privacy.tracking", "invalid-manifest-in-sdk", "NSPrivacyTracking has to be a Boolean.");
        return;
    }
    let on = tracking.and_then(Value::as_boolean).unwrap_or(false);
    match (on, domains.is_empty()) {
        (false, false) => artifact.fail(
            "privacy.tracking",
            "tracking-domains-mismatch",
            format!(
                "NSPrivacyTracking is {}, yet there are {} tracking domains ({}).",
                if tracking.is_some() { "false" } else { "absent" },
                domains.len(),
                listed(&domains)
            ),
        ),
        (true, true) => artifact.warn(
            "privacy.tracking",
            "tracking-domains-mismatch",
            "NSPrivacyTracking is true without a tracking domain: list the hosts that track, or Apple asks for them.",
        ),
        (true, false) => {
            artifact.pass("privacy.tracking", format!("Tracking with {} domains; without consent the system blocks them.", domains.len()));
        }
        (false, true) => artifact.pass("privacy.tracking", "No tracking, no tracking domains."),
    }
    let addresses: Vec<&str> = domains.iter().filter(|domain| domain.contains('/') || domain.contains(':')).copied().collect();
    if !addresses.is_empty() {
        artifact.fail(
            "privacy.tracking-domains",
            "tracking-domains-mismatch",
            format!("Tracking domains are hosts, not addresses: {}.", listed(&addresses)),
        );
    }
}

fn collected(entries: &Dictionary, artifact: &mut Artifact) {
    let Some(value) = entries.get("NSPrivacyCollectedDataTypes") else { return };
    let mut wrong = Vec::new();
    let types = value.as_array().map(Vec::as_slice).unwrap_or_default();
    for (number, item) in types.iter().enumerate() {
        let Some(item) = item.as_dictionary() else {
            wrong.push(format!("entry {} is no dictionary", number + 1));
            continue;
        };
        let name = item.get("NSPrivacyCollectedDataType").and_then(Value::as_string).unwrap_or("");
        artifact.fact("collected data", name.trim_start_matches("NSPrivacyCollectedDataType"));
        let missing = [
            (!name.starts_with("NSPrivacyCollectedDataType"), "NSPrivacyCollectedDataType"),
            (item.get("NSPrivacyCollectedDataTypeLinked").and_then(Value::as_boolean).is_none(), "NSPrivacyCollectedDataTypeLinked"),
            (item.get("NSPrivacyCollectedDataTypeTracking").and_then(Value::as_boolean).is_none(), "NSPrivacyCollectedDataTypeTracking"),
            (property_list::strings(item.get("NSPrivacyCollectedDataTypePurposes")).is_empty(), "NSPrivacyCollectedDataTypePurposes"),
        ];
        wrong.extend(missing.iter().filter(|(absent, _)| *absent).map(|(_, key)| format!("entry {} lacks {key}", number + 1)));
    }
    if value.as_array().is_none() {
        artifact.fail("privacy.collected", "invalid-manifest-in-sdk", "NSPrivacyCollectedDataTypes has to be an array.");
    } else if wrong.is_empty() {
        artifact.pass("privacy.collected", format!("{} kinds of collected data, each complete.", types.len()));
    } else {
        artifact.fail("privacy.collected", "invalid-manifest-in-sdk", format!("Collected data: {}.", listed(&wrong)));
    }
}

fn accessed(entries: &Dictionary, artifact: &mut Artifact) {
    let Some(value) = entries.get("NSPrivacyAccessedAPITypes") else {
        artifact.unknown("privacy.reasons", "missing-required-reason-api", "No required-reason API is declared: right only if neither the program nor its SDKs use one (user defaults, file times, disk space, boot time, keyboards).");
        return;
    };
    let Some(types) = value.as_array() else {
        artifact.fail("privacy.reasons", "invalid-manifest-in-sdk", "NSPrivacyAccessedAPITypes has to be an array.");
        return;
    };
    let mut seen: Vec<&str> = Vec::new();
    for item in types.iter().take(60) {
        let entry = item.as_dictionary();
        let category = entry.and_then(|entry| entry.get("NSPrivacyAccessedAPIType")).and_then(Value::as_string).unwrap_or("");
        let reasons = property_list::strings(entry.and_then(|entry| entry.get("NSPrivacyAccessedAPITypeReasons")));
        if seen.contains(&category) {
            artifact.warn(
                "privacy.category",
                "invalid-required-reason-category",
                format!("{category} stands twice; put all its reasons in one entry."),
            );
        }
        seen.push(category);
        category_check(category, &reasons, artifact);
    }
    let rest: Vec<&str> = REASONS
        .iter()
        .map(|(category, _)| *category)
        .filter(|category| !seen.contains(category))
        .map(|category| category.trim_start_matches("NSPrivacyAccessedAPICategory"))
        .collect();
    if !rest.is_empty() {
        artifact.fact("categories not declared", listed(&rest));
    }
}

fn category_check(category: &str, reasons: &[&str], artifact: &mut Artifact) {
    let short = category.trim_start_matches("NSPrivacyAccessedAPICategory");
    artifact.fact("required reason", format!("{short}: {}", listed(reasons)));
    let Some((_, accepted)) = REASONS.iter().find(|(known, _)| *known == category) else {
        let names: Vec<&str> = REASONS.iter().map(|(known, _)| *known).collect();
        artifact.fail(
            "privacy.category",
            "invalid-required-reason-category",
            format!(
                "{} is no category; there are {}.",
                if category.is_empty() { "An entry without NSPrivacyAccessedAPIType" } else { category },
                listed(&names)
            ),
        );
        return;
    };
    if reasons.is_empty() {
        artifact.fail("privacy.reasons", "missing-required-reason-api", format!("{short} has no reason; it accepts {}.", listed(accepted)));
        return;
    }
    let wrong: Vec<String> = reasons.iter().filter(|reason| !accepted.contains(reason)).map(|reason| foreign(reason)).collect();
    if wrong.is_empty() {
        artifact.pass("privacy.reasons", format!("{short}: {} fits.", listed(reasons)));
    } else {
        artifact.fail(
            "privacy.reasons",
            "invalid-required-reason-code",
            format!("{short} does not accept {}; it accepts {}.", listed(&wrong), listed(accepted)),
        );
    }
    let sdk: Vec<&str> = reasons.iter().filter(|reason| SDK_ONLY.contains(reason)).copied().collect();
    if !sdk.is_empty() {
        artifact.warn(
            "privacy.sdk-reasons",
            "invalid-required-reason-code",
            format!("{} is for SDKs that wrap the API, not for an app's own manifest.", listed(&sdk)),
        );
    }
}

/// A reason with the category that it belongs to.
fn foreign(reason: &str) -> String {
    match REASONS.iter().find(|(_, codes)| codes.contains(&reason)) {
        Some((category, _)) => format!("{reason} (a reason of {})", category.trim_start_matches("NSPrivacyAccessedAPICategory")),
        None => reason.to_owned(),
    }
}
