//! The App Transport Security part of an Info.plist: misplaced and misspelt keys, and exceptions that cancel each other.

use super::values::{listed, nearest};
use super::{Artifact, property_list};
use plist::{Dictionary, Value};

const TOP: &[&str] = &[
    "NSAllowsArbitraryLoads",
    "NSAllowsArbitraryLoadsForMedia",
    "NSAllowsArbitraryLoadsInWebContent",
    "NSAllowsLocalNetworking",
    "NSExceptionDomains",
    "NSPinnedDomains",
];
const DOMAIN: &[&str] = &[
    "NSIncludesSubdomains",
    "NSExceptionAllowsInsecureHTTPLoads",
    "NSExceptionMinimumTLSVersion",
    "NSExceptionRequiresForwardSecrecy",
    "NSRequiresCertificateTransparency",
];
/// Keys of iOS 9 that still work under these names.
const OLD: &[&str] = &[
    "NSTemporaryExceptionAllowsInsecureHTTPLoads",
    "NSTemporaryExceptionMinimumTLSVersion",
    "NSTemporaryExceptionRequiresForwardSecrecy",
    "NSThirdPartyExceptionAllowsInsecureHTTPLoads",
    "NSThirdPartyExceptionMinimumTLSVersion",
    "NSThirdPartyExceptionRequiresForwardSecrecy",
];

/// Checks the section, and looks for its keys outside it.
pub(super) fn check(entries: &Dictionary, artifact: &mut Artifact) {
    let stray: Vec<&str> = entries.keys().map(String::as_str).filter(|key| TOP.contains(key) || DOMAIN.contains(key)).collect();
    if !stray.is_empty() {
        artifact.fail(
            "info.ats-place",
            "ats-exception-key-misplaced",
            format!("{} at the top of Info.plist; they belong inside NSAppTransportSecurity.", listed(&stray)),
        );
    }
    let Some(value) = entries.get("NSAppTransportSecurity") else { return };
    let Some(section) = value.as_dictionary() else {
        artifact.fail(
            "info.ats-place",
            "ats-exception-key-misplaced",
            format!("NSAppTransportSecurity is {}; it has to be a dictionary.", property_list::kind(value)),
        );
        return;
    };
    keys(section, artifact);
    overrides(section, artifact);
    if let Some(domains) = section.get("NSExceptionDomains").and_then(Value::as_dictionary) {
        domain_names(domains, artifact);
        for (domain, exception) in domains.iter().take(100) {
            exception_keys(domain, exception, artifact);
        }
    }
}

fn on(section: &Dictionary, key: &str) -> bool {
    section.get(key).and_then(Value::as_boolean) == Some(true)
}

fn keys(section: &Dictionary, artifact: &mut Artifact) {
    for (key, value) in section {
        artifact.fact(&format!("ATS {key}"), property_list::brief(value));
        if TOP.contains(&key.as_str()) {
            if key.starts_with("NSAllows") && value.as_boolean().is_none() {
                artifact.fail(
                    "info.ats-type",
                    "ats-exception-key-misplaced",
                    format!("{key} is {}; it has to be a Boolean.", property_list::kind(value)),
                );
            }
            continue;
        }
        let why = if DOMAIN.contains(&key.as_str()) {
            " It belongs under a domain in NSExceptionDomains.".to_owned()
        } else {
            nearest(key, TOP.iter().copied()).map_or(String::new(), |near| format!(" It looks like {near}."))
        };
        artifact.fail(
            "info.ats-place",
            "ats-exception-key-misplaced",
            format!("{key} means nothing directly in NSAppTransportSecurity.{why}"),
        );
    }
}

/// Any of the narrower switches makes newer systems ignore the wide one.
fn overrides(section: &Dictionary, artifact: &mut Artifact) {
    if !on(section, "NSAllowsArbitraryLoads") {
        return;
    }
    let narrower: Vec<&str> = ["NSAllowsArbitraryLoadsForMedia", "NSAllowsArbitraryLoadsInWebContent", "NSAllowsLocalNetworking"]
        .into_iter()
        .filter(|key| section.contains_key(key))
        .collect();
    if narrower.is_empty() {
        artifact.warn("info.ats-arbitrary", "", "NSAllowsArbitraryLoads is true: App Transport Security is off, and App Review asks why.");
    } else {
        artifact.fail(
            "info.ats-arbitrary",
            "ats-arbitrary-loads-overridden",
            format!("NSAllowsArbitraryLoads is true, but {} beside it makes the system ignore it, whatever its value.", listed(&narrower)),
        );
    }
}

fn domain_names(domains: &Dictionary, artifact: &mut Artifact) {
    let mut wrong = Vec::new();
    for domain in domains.keys() {
        let why = if domain.contains("://") {
            "an address; only the host belongs here"
        } else if domain.contains('/') {
            "a path"
        } else if domain.contains('*') {
            "a wildcard; use NSIncludesSubdomains"
        } else if domain.contains(':') || domain.rsplit_once(':').is_some() {
            "a port"
        } else if domain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            "an IP address, which counts from iOS 17 and macOS 14 on only"
        } else {
            continue;
        };
        wrong.push(format!("{domain} ({why})"));
    }
    if wrong.is_empty() {
        artifact.pass("info.ats-domains", format!("{} exception domains, each a host.", domains.len()));
    } else {
        artifact.fail(
            "info.ats-domains",
            "ats-exception-for-ip-or-port",
            format!("Exception domains that do not match: {}.", listed(&wrong)),
        );
    }
}

fn exception_keys(domain: &str, exception: &Value, artifact: &mut Artifact) {
    let Some(keys) = exception.as_dictionary() else {
        artifact.fail(
            "info.ats-exception",
            "ats-exception-key-misplaced",
            format!("The exception for {domain} is {}; it has to be a dictionary.", property_list::kind(exception)),
        );
        return;
    };
    for key in keys.keys().filter(|key| !DOMAIN.contains(&key.as_str()) && !OLD.contains(&key.as_str())) {
        let why = if TOP.contains(&key.as_str()) {
            " It belongs directly in NSAppTransportSecurity.".to_owned()
        } else {
            nearest(key, DOMAIN.iter().copied()).map_or(String::new(), |near| format!(" It looks like {near}."))
        };
        artifact.fail("info.ats-exception", "ats-exception-key-misplaced", format!("{key} under {domain} means nothing there.{why}"));
    }
}
