//! Values of entitlements that are of the wrong kind, or forbidden.

use super::entitlements::flag;
use super::values::listed;
use super::{Artifact, property_list};
use plist::{Dictionary, Value};

/// Values that are of the wrong kind or forbidden.
pub(super) fn check(entries: &Dictionary, artifact: &mut Artifact) {
    for key in ["get-task-allow", "com.apple.security.get-task-allow"] {
        if flag(entries, key) {
            artifact.warn(
                "ent.get-task-allow",
                "get-task-allow-in-release",
                format!("{key} is true: a development build; notarization and the store refuse it."),
            );
        }
    }
    if let Some(value) = entries.get("com.apple.developer.applesignin") {
        if property_list::strings(Some(value)) == ["Default"] && value.as_array().is_some() {
            artifact.pass("ent.applesignin", "com.apple.developer.applesignin is [Default].");
        } else {
            artifact.fail(
                "ent.applesignin",
                "siwa-entitlement-missing",
                format!(
                    "com.apple.developer.applesignin is {} ({}); it has to be an array with the one string Default.",
                    property_list::kind(value),
                    property_list::brief(value)
                ),
            );
        }
    }
    for key in ["aps-environment", "com.apple.developer.aps-environment", "com.apple.developer.devicecheck.appattest-environment"] {
        if let Some(value) = entries.get(key)
            && !matches!(value.as_string(), Some("development" | "production"))
        {
            artifact.fail(
                "ent.environment",
                "",
                format!("{key} is {}; it has to be development or production.", property_list::brief(value)),
            );
        }
    }
    match entries.get("com.apple.developer.default-data-protection").map(|value| value.as_string().unwrap_or("")) {
        Some("NSFileProtectionComplete" | "NSFileProtectionCompleteUnlessOpen") => {
            artifact.warn(
                "ent.data-protection",
                "default-file-protection-entitlement",
                "The default protection of new files locks them with the device: background work on them fails.",
            );
        }
        Some("NSFileProtectionCompleteUntilFirstUserAuthentication" | "NSFileProtectionNone") | None => {}
        Some(other) => artifact.fail(
            "ent.data-protection",
            "default-file-protection-entitlement",
            format!("com.apple.developer.default-data-protection is {other}, which is no protection class."),
        ),
    }
    kinds(entries, artifact);
}

/// Keys whose value is an array of strings; from Apple's documentation of each.
const LISTS: &[&str] = &[
    "keychain-access-groups",
    "com.apple.security.application-groups",
    "com.apple.developer.associated-domains",
    "com.apple.developer.icloud-container-identifiers",
    "com.apple.developer.icloud-services",
    "com.apple.developer.ubiquity-container-identifiers",
    "com.apple.developer.networking.networkextension",
    "com.apple.developer.networking.vpn.api",
    "com.apple.developer.nfc.readersession.formats",
    "com.apple.developer.in-app-payments",
    "com.apple.developer.pass-type-identifiers",
];

/// Strings where a boolean or an array has to be.
fn kinds(entries: &Dictionary, artifact: &mut Artifact) {
    let written = |value: &Value| matches!(value.as_string(), Some("true" | "false" | "YES" | "NO" | "1" | "0"));
    let listed_of = |wrong: &dyn Fn(&str, &Value) -> bool| {
        let keys: Vec<&str> = entries.iter().filter(|(key, value)| wrong(key, value)).map(|(key, _)| key.as_str()).collect();
        (!keys.is_empty()).then(|| listed(&keys))
    };
    if let Some(keys) = listed_of(&|key, value| key.starts_with("com.apple.security.") && written(value)) {
        let text = format!("Booleans written as strings: {keys}; they have to be <true/> or <false/>.");
        artifact.fail("ent.type", "entitlement-value-wrong-kind", text);
    }
    // In a profile an asterisk stands for any list.
    if let Some(keys) = listed_of(&|key, value| LISTS.contains(&key) && value.as_string().is_some_and(|value| value != "*")) {
        let text = format!("One string where an array of strings has to be: {keys}; put it into <array><string>…</string></array>.");
        artifact.fail("ent.type", "entitlement-value-wrong-kind", text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn a_string_is_no_array_and_no_boolean() {
        let plist = |entries: &str| format!("<?xml version=\"1.0\"?><plist version=\"1.0\"><dict>{entries}</dict></plist>");
        let groups = "<key>com.apple.security.application-groups</key>";
        for (entries, wrong) in [
            (format!("{groups}<string>ABCDE12345.com.example.notes</string>"), true),
            (format!("{groups}<array><string>ABCDE12345.com.example.notes</string></array>"), false),
            ("<key>com.apple.security.app-sandbox</key><string>YES</string>".to_owned(), true),
            ("<key>com.apple.developer.associated-domains</key><string>*</string>".to_owned(), false),
        ] {
            let artifact = look("Notes.entitlements", plist(&entries));
            assert_eq!(troubles(&artifact).iter().any(|trouble| trouble.contains("ent.type")), wrong, "{entries}");
        }
    }
}
