//! Provisioning profiles: the property list inside a signed message, or what `security cms -D` made of one.

use super::source::Source;
use super::values::{date, listed, prefixed, span};
use super::{Artifact, Context, certificate, der, entitlements, property_list};
use plist::{Dictionary, Value};

/// A signed message with the keys of a profile in it, or those keys alone.
pub(super) fn claims(source: &Source<'_>) -> bool {
    if source.bytes().first() == Some(&0x30) {
        let text = source.text();
        return text.contains("<plist")
            || signed_content(source.bytes())
                .is_some_and(|content| property_list::find(content.get(..content.len().min(512)).unwrap_or(&[]), b"<plist").is_some());
    }
    match source.plist() {
        Some(Ok(Value::Dictionary(entries))) => {
            entries.contains_key("Entitlements") && (entries.contains_key("TeamIdentifier") || entries.contains_key("ExpirationDate"))
        }
        Some(Err(_)) => {
            source.text().contains("<key>ProvisionedDevices")
                || source.file_name().contains(".mobileprovision")
                || source.file_name().contains(".provisionprofile")
        }
        _ => false,
    }
}

/// The content of a signed message: a walk down to its octets, which Apple may send in pieces.
fn signed_content(bytes: &[u8]) -> Option<Vec<u8>> {
    const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
    let outer = der::element(bytes)?.children();
    if outer.first()?.body != SIGNED_DATA {
        return None;
    }
    let signed = outer.get(1)?.children().first()?.children();
    // Version, digest algorithms, encapsulated content.
    let encapsulated = signed.get(2)?.children();
    let content = encapsulated.get(1)?.children();
    Some(der::octets(content.first()?))
}

/// Checks a profile.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, context: &Context) {
    let wrapped = source.bytes().first() == Some(&0x30);
    let content = if wrapped { signed_content(source.bytes()) } else { None };
    let inner = content.as_deref().and_then(|content| {
        let text = String::from_utf8_lossy(content).into_owned();
        let (start, end) = property_list::xml_range(&text)?;
        Some(property_list::xml(crate::text::clip(&text, start..end)))
    });
    match (wrapped, inner) {
        (true, Some(Ok(Value::Dictionary(entries)))) => {
            artifact.pass("profile.cms", "A signed message with a property list; its signature is not verified here.");
            check(&entries, artifact, context);
        }
        (true, _) => {
            artifact.warn(
                "profile.cms",
                "profile-not-valid-for-this-install",
                "The signed message around the property list is damaged or cut off; the property list was searched in the bytes.",
            );
            if let Some(entries) = property_list::dictionary(source, artifact) {
                check(entries, artifact, context);
            } else {
                artifact.fail("plist.syntax", "profile-not-valid-for-this-install", "No whole property list is left in it.");
            }
        }
        (false, _) => {
            if let Some(entries) = property_list::dictionary(source, artifact) {
                check(entries, artifact, context);
            }
        }
    }
}

/// How a profile lets programs be distributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Development,
    AdHoc,
    Store,
    Enterprise,
    DeveloperId,
}

impl Kind {
    fn of(entries: &Dictionary) -> Self {
        let devices = entries.get("ProvisionedDevices").and_then(Value::as_array).is_some_and(|devices| !devices.is_empty());
        let granted = entries.get("Entitlements").and_then(Value::as_dictionary);
        let debuggable = granted.is_some_and(|granted| {
            ["get-task-allow", "com.apple.security.get-task-allow"]
                .iter()
                .any(|key| granted.get(key).and_then(Value::as_boolean) == Some(true))
        });
        let all = entries.get("ProvisionsAllDevices").and_then(Value::as_boolean) == Some(true);
        let mac = property_list::strings(entries.get("Platform")).contains(&"OSX");
        match (all, mac, devices, debuggable) {
            (true, true, ..) => Self::DeveloperId,
            (true, false, ..) => Self::Enterprise,
            // Development profiles of the Mac need not grant get-task-allow.
            (_, true, true, _) | (_, _, _, true) => Self::Development,
            (_, _, true, false) => Self::AdHoc,
            (_, _, false, false) => Self::Store,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::AdHoc => "ad hoc",
            Self::Store => "App Store",
            Self::Enterprise => "in-house (Enterprise)",
            Self::DeveloperId => "Developer ID",
        }
    }
}

fn check(entries: &Dictionary, artifact: &mut Artifact, context: &Context) {
    let kind = Kind::of(entries);
    artifact.fact("profile kind", kind.title());
    for (key, name) in [("Name", "name"), ("UUID", "uuid"), ("AppIDName", "app id name"), ("TeamName", "team name")] {
        artifact.fact_if(name, entries.get(key).and_then(Value::as_string));
    }
    for team in property_list::strings(entries.get("TeamIdentifier")) {
        artifact.fact("profile team", team);
    }
    for prefix in property_list::strings(entries.get("ApplicationIdentifierPrefix")) {
        artifact.fact("app id prefix", prefix);
    }
    for platform in property_list::strings(entries.get("Platform")) {
        artifact.fact("platform", platform);
    }
    let devices = entries.get("ProvisionedDevices").and_then(Value::as_array).map_or(0, Vec::len);
    artifact.fact("devices", devices);
    dates(entries, artifact, context);
    certificates(entries, artifact, context);
    granted(entries, kind, artifact);
}

fn dates(entries: &Dictionary, artifact: &mut Artifact, context: &Context) {
    let (created, expires) = (property_list::seconds(entries.get("CreationDate")), property_list::seconds(entries.get("ExpirationDate")));
    artifact.fact_if("created", created.map(date));
    artifact.fact_if("expires", expires.map(date));
    match (expires, context.now) {
        (None, _) => artifact.fail("profile.expiry", "profile-not-valid-for-this-install", "The profile has no ExpirationDate."),
        (Some(expires), Some(now)) if expires < now => artifact.fail(
            "profile.expiry",
            "profile-not-valid-for-this-install",
            format!("The profile expired on {}, {} ago.", date(expires), span(now.saturating_sub(expires))),
        ),
        (Some(expires), Some(now)) if expires - now < 14 * 86_400 => artifact.warn(
            "profile.expiry",
            "profile-not-valid-for-this-install",
            format!("The profile expires on {}, in {}.", date(expires), span(expires - now)),
        ),
        (Some(expires), Some(_)) => artifact.pass("profile.expiry", format!("The profile is valid until {}.", date(expires))),
        (Some(expires), None) => {
            artifact.unknown("profile.expiry", "", format!("The profile expires on {}; no time was given to compare with.", date(expires)));
        }
    }
}

fn certificates(entries: &Dictionary, artifact: &mut Artifact, context: &Context) {
    let all: Vec<&[u8]> =
        entries.get("DeveloperCertificates").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_data).take(40).collect();
    let mut expired = Vec::new();
    for bytes in &all {
        let Some(summary) = certificate::summary(bytes) else {
            artifact.warn("profile.certificates", "profile-not-valid-for-this-install", "A certificate in the profile cannot be read.");
            continue;
        };
        artifact.fact("certificate", format!("{}, until {}", summary.subject, date(summary.not_after)));
        if context.now.is_some_and(|now| now > summary.not_after) {
            expired.push(summary.subject);
        }
    }
    if all.is_empty() {
        artifact.unknown("profile.certificates", "profile-missing-capability", "The profile holds no certificate that can be read here.");
    } else if !expired.is_empty() {
        artifact.warn(
            "profile.certificates",
            "signing-certificate-revoked",
            format!("Expired certificates in the profile: {}.", listed(&expired)),
        );
    } else {
        artifact.pass("profile.certificates", format!("{} certificates may sign with this profile.", all.len()));
    }
}

fn granted(entries: &Dictionary, kind: Kind, artifact: &mut Artifact) {
    let Some(granted) = entries.get("Entitlements").and_then(Value::as_dictionary) else {
        artifact.fail("profile.entitlements", "profile-missing-capability", "The profile grants no entitlements at all.");
        return;
    };
    entitlements::facts(granted, artifact);
    let identifier = ["application-identifier", "com.apple.application-identifier"]
        .iter()
        .find_map(|key| granted.get(key))
        .and_then(Value::as_string)
        .unwrap_or("");
    let prefixes = property_list::strings(entries.get("ApplicationIdentifierPrefix"));
    match prefixed(identifier) {
        Some((prefix, _)) if !prefixes.is_empty() && !prefixes.contains(&prefix) => {
            artifact.fail("profile.application-identifier", "profile-application-identifier-mismatch", format!("The profile is for {identifier}, but its prefix is {}.", listed(&prefixes)));
        }
        Some((_, rest)) if rest.ends_with('*') => artifact.warn("profile.application-identifier", "profile-missing-capability", format!("The profile is for {identifier}, a wildcard: push, Sign in with Apple, associated domains and app groups do not work with it.")),
        Some(_) => artifact.pass("profile.application-identifier", format!("The profile is for {identifier}.")),
        None => artifact.fail("profile.application-identifier", "profile-application-identifier-mismatch", "The profile names no application identifier."),
    }
    if kind == Kind::Enterprise && granted.contains_key("com.apple.developer.applesignin") {
        artifact.warn(
            "profile.applesignin",
            "enterprise-program-no-siwa",
            "An in-house profile with Sign in with Apple: the Enterprise program does not have it.",
        );
    }
    let store = matches!(kind, Kind::Store | Kind::AdHoc);
    if store && granted.get("aps-environment").and_then(Value::as_string) == Some("development") {
        artifact.fail("profile.environment", "profile-missing-capability", "A distribution profile with aps-environment development.");
    }
}
