//! The entries of the associated-domains entitlement: `service:domain`, and the ways they are mistyped.

use super::Artifact;
use super::values::listed;
use crate::text::clip;

/// Services that the system knows.
const SERVICES: &[&str] = &["applinks", "webcredentials", "appclips", "activitycontinuation", "authsrv"];

/// Checks the entries and makes a fact of each.
pub(super) fn check(entries: &[&str], artifact: &mut Artifact) {
    let mut wrong = Vec::new();
    for entry in entries {
        artifact.fact("associated domain", entry);
        if let Some(why) = fault(entry) {
            wrong.push(format!("{entry}: {why}"));
        }
    }
    if entries.is_empty() {
        artifact.fail("ent.associated-domains", "rp-id-not-in-associated-domains", "The list of associated domains is empty.");
    } else if wrong.is_empty() {
        artifact.pass("ent.associated-domains", format!("{} associated domains, each a service and a host.", entries.len()));
    } else {
        artifact.fail(
            "ent.associated-domains",
            "rp-id-not-in-associated-domains",
            format!("Entries that cannot work: {}.", listed(&wrong)),
        );
    }
    let modes: Vec<&str> = entries.iter().filter(|entry| entry.contains("?mode=")).copied().collect();
    if !modes.is_empty() {
        artifact.warn("ent.associated-domains-mode", "aasa-host-not-public", format!("With an alternate mode: {}; it works only for development-signed builds on devices with developer mode for associated domains, or with managed ones.", listed(&modes)));
    }
    if entries.iter().any(|entry| host(entry).is_some_and(|host| host.split('.').any(|label| label.starts_with("xn--")))) {
        artifact.warn(
            "ent.associated-domains-idn",
            "aasa-idn-domain",
            "A domain in punycode (xn--): reported not to associate on iOS 16 and later.",
        );
    }
}

/// Service and host of an entry, without its mode.
pub(super) fn parts(entry: &str) -> Option<(&str, &str)> {
    let (service, rest) = entry.split_once(':')?;
    Some((service, rest.split('?').next().unwrap_or(rest)))
}

fn host(entry: &str) -> Option<&str> {
    parts(entry).map(|(_, host)| host)
}

fn fault(entry: &str) -> Option<&'static str> {
    let Some((service, rest)) = entry.split_once(':') else { return Some("no service before the domain, such as webcredentials:") };
    let host = clip(rest, 0..rest.find('?').unwrap_or(rest.len()));
    if matches!(service, "http" | "https") {
        return Some("an address, where a service such as applinks: belongs");
    }
    if !SERVICES.contains(&service) {
        return Some("an unknown service");
    }
    if rest.contains("://") {
        return Some("https:// does not belong in it");
    }
    if entry.contains(char::is_whitespace) {
        return Some("a space in it");
    }
    if host.contains('/') {
        return Some("a path or slash after the domain");
    }
    if host.contains(':') {
        return Some("a port, which only alternate modes may have").filter(|_| !rest.contains("?mode="));
    }
    let bare = host.strip_prefix("*.").unwrap_or(host);
    if bare.contains('*') || bare.is_empty() {
        return Some("a wildcard that is not *. at the beginning");
    }
    if bare.split('.').all(|label| label.bytes().all(|byte| byte.is_ascii_digit())) {
        return Some("an IP address");
    }
    if (!bare.contains('.') || bare.ends_with(".local")) && !rest.contains("?mode=") {
        return Some("a name that Apple's CDN cannot reach");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_entries() {
        for good in [
            "webcredentials:example.com",
            "applinks:*.example.com",
            "webcredentials:localhost:8080?mode=developer",
            "applinks:example.com?mode=managed",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in [
            "example.com",
            "https://example.com",
            "applinks:https://example.com",
            "applinks: example.com",
            "applinks:example.com/path",
            "webcredential:example.com",
            "applinks:10.0.0.1",
            "applinks:localhost",
            "applinks:a.*.com",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }
}
