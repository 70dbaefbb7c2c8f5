//! Info.plist: identity, purpose strings, URL schemes, extension keys. App Transport Security is in `transport`.

use super::source::Source;
use super::values::{is_bundle_id, listed, nearest};
use super::{Artifact, Context, property_list, transport};
use crate::pattern::Pattern;
use plist::{Dictionary, Value};
use std::sync::LazyLock;

/// Purpose strings that the system asks for.
const PURPOSES: &[&str] = &[
    "NSAppDataUsageDescription",
    "NSAppleEventsUsageDescription",
    "NSAppleMusicUsageDescription",
    "NSAudioCaptureUsageDescription",
    "NSBluetoothAlwaysUsageDescription",
    "NSBluetoothPeripheralUsageDescription",
    "NSCalendarsFullAccessUsageDescription",
    "NSCalendarsUsageDescription",
    "NSCalendarsWriteOnlyAccessUsageDescription",
    "NSCameraUsageDescription",
    "NSContactsUsageDescription",
    "NSCriticalMessagingUsageDescription",
    "NSCrossWebsiteTrackingUsageDescription",
    "NSDesktopFolderUsageDescription",
    "NSDocumentsFolderUsageDescription",
    "NSDownloadsFolderUsageDescription",
    "NSFaceIDUsageDescription",
    "NSFallDetectionUsageDescription",
    "NSFileProviderDomainUsageDescription",
    "NSFileProviderPresenceUsageDescription",
    "NSFinancialDataUsageDescription",
    "NSFocusStatusUsageDescription",
    "NSGKFriendListUsageDescription",
    "NSHandsTrackingUsageDescription",
    "NSHealthClinicalHealthRecordsShareUsageDescription",
    "NSHealthShareUsageDescription",
    "NSHealthUpdateUsageDescription",
    "NSHomeKitUsageDescription",
    "NSIdentityUsageDescription",
    "NSLocalNetworkUsageDescription",
    "NSLocationAlwaysAndWhenInUseUsageDescription",
    "NSLocationAlwaysUsageDescription",
    "NSLocationUsageDescription",
    "NSLocationTemporaryUsageDescriptionDictionary",
    "NSLocationWhenInUseUsageDescription",
    "NSMainCameraUsageDescription",
    "NSMicrophoneUsageDescription",
    "NSMotionUsageDescription",
    "NSNearbyInteractionAllowOnceUsageDescription",
    "NSNearbyInteractionUsageDescription",
    "NSNetworkVolumesUsageDescription",
    "NSPhotoLibraryAddUsageDescription",
    "NSPhotoLibraryUsageDescription",
    "NSRemindersFullAccessUsageDescription",
    "NSRemindersUsageDescription",
    "NSRemovableVolumesUsageDescription",
    "NSSensorKitUsageDescription",
    "NSSiriUsageDescription",
    "NSSpeechRecognitionUsageDescription",
    "NSSystemAdministrationUsageDescription",
    "NSSystemExtensionUsageDescription",
    "NSUserTrackingUsageDescription",
    "NSVideoSubscriberAccountUsageDescription",
    "NSVoIPUsageDescription",
    "NSWorldSensingUsageDescription",
    "NFCReaderUsageDescription",
    "OSBundleUsageDescription",
    "NSUpdateSecurityPolicy",
];

static SERVICE: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^_[a-z0-9-]{1,15}\._(?:tcp|udp)$"));
static SCHEME: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^[a-z][a-z0-9+.-]*$"));

/// A property list with the keys of a bundle.
pub(super) fn claims(source: &Source<'_>) -> bool {
    match source.plist() {
        Some(Ok(Value::Dictionary(entries))) => entries.keys().any(|key| {
            key.starts_with("CFBundle")
                || is_purpose(key)
                || matches!(key.as_str(), "NSAppTransportSecurity" | "NSExtension" | "UIBackgroundModes" | "LSMinimumSystemVersion")
        }),
        Some(Err(_)) => source.file_name() == "Info.plist" || source.text().contains("<key>CFBundleIdentifier"),
        _ => false,
    }
}

fn is_purpose(key: &str) -> bool {
    key.ends_with("UsageDescription")
}

/// Checks an Info.plist.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let Some(entries) = property_list::dictionary(source, artifact) else { return };
    identity(entries, artifact);
    purposes(entries, artifact);
    families(entries, artifact);
    transport::check(entries, artifact);
    schemes(entries, artifact);
    extension(entries, artifact);
    local_network(entries, artifact);
    let misplaced: Vec<&str> = entries
        .keys()
        .map(String::as_str)
        .filter(|key| {
            matches!(*key, "NSPrivacyTracking" | "NSPrivacyTrackingDomains" | "NSPrivacyCollectedDataTypes" | "NSPrivacyAccessedAPITypes")
        })
        .collect();
    if !misplaced.is_empty() {
        artifact.fail(
            "info.privacy-manifest",
            "manifest-keys-in-info-plist",
            format!("{} belong in PrivacyInfo.xcprivacy; in Info.plist nobody reads them.", listed(&misplaced)),
        );
    }
}

fn identity(entries: &Dictionary, artifact: &mut Artifact) {
    let text = |key: &str| entries.get(key).and_then(Value::as_string);
    for (key, name) in [
        ("CFBundleIdentifier", "bundle id"),
        ("CFBundleExecutable", "executable"),
        ("CFBundlePackageType", "package type"),
        ("CFBundleShortVersionString", "version"),
        ("CFBundleVersion", "build"),
        ("MinimumOSVersion", "minimum system"),
        ("LSMinimumSystemVersion", "minimum system"),
        ("DTPlatformName", "platform"),
    ] {
        artifact.fact_if(name, text(key));
    }
    for mode in property_list::strings(entries.get("UIBackgroundModes")) {
        artifact.fact("background mode", mode);
    }
    match text("CFBundleIdentifier") {
        Some(id) if id.contains("$(") || id.contains("${") => {
            artifact.unknown("info.bundle-id", "", format!("CFBundleIdentifier is {id}: a source file; the built one holds the value."));
        }
        Some(id) if is_bundle_id(id) => artifact.pass("info.bundle-id", format!("CFBundleIdentifier is {id}.")),
        Some(id) => artifact.fail(
            "info.bundle-id",
            "",
            format!("CFBundleIdentifier is {id}; only letters, digits, hyphens and dots may stand in it."),
        ),
        None => artifact.unknown(
            "info.bundle-id",
            "",
            "There is no CFBundleIdentifier: Xcode adds it when it builds, or only a part was given.",
        ),
    }
    if text("CFBundlePackageType") == Some("FMWK") && text("CFBundleExecutable").is_none() {
        artifact.fail(
            "info.executable",
            "framework-plist-executable-mismatch",
            "A framework without CFBundleExecutable: notarization cannot find its code.",
        );
    }
}

fn purposes(entries: &Dictionary, artifact: &mut Artifact) {
    let mut good = 0;
    for (key, value) in entries.iter().filter(|(key, _)| is_purpose(key)) {
        match value.as_string().map(str::trim) {
            Some("") => artifact.fail(
                "info.purpose",
                "usage-description-not-a-string",
                format!("{key} is empty; the system wants a sentence, and may end the program without one."),
            ),
            Some(text) if text.contains("$(") => {
                artifact.warn("info.purpose", "usage-description-not-a-string", format!("{key} is {text}: is the variable filled in?"));
            }
            Some(text) => {
                good += 1;
                artifact.fact("purpose", format!("{key}: {text}"));
            }
            None => artifact.fail(
                "info.purpose",
                "usage-description-not-a-string",
                format!("{key} is {}; it has to be a string.", property_list::kind(value)),
            ),
        }
        if !PURPOSES.contains(&key.as_str()) {
            let hint = nearest(key, PURPOSES.iter().copied()).map_or(String::new(), |near| format!(" It looks like {near}."));
            artifact.warn("info.purpose-name", "wrong-usage-description-key", format!("{key} is no purpose string that is known.{hint}"));
        }
    }
    if good > 0 {
        artifact.pass("info.purposes", format!("{good} purpose strings are filled in."));
    }
}

/// Purpose strings that need another one beside them, or that newer systems no longer read.
fn families(entries: &Dictionary, artifact: &mut Artifact) {
    let has = |key: &str| entries.contains_key(key);
    if (has("NSCalendarsUsageDescription")
        && !has("NSCalendarsFullAccessUsageDescription")
        && !has("NSCalendarsWriteOnlyAccessUsageDescription"))
        || (has("NSRemindersUsageDescription") && !has("NSRemindersFullAccessUsageDescription"))
    {
        artifact.warn(
            "info.calendar",
            "ios17-calendar-full-access",
            "Only the older purpose strings for calendars or reminders: from iOS 17 and macOS 14 on the full-access ones are read.",
        );
    }
    if (has("NSLocationAlwaysAndWhenInUseUsageDescription") || has("NSLocationAlwaysUsageDescription"))
        && !has("NSLocationWhenInUseUsageDescription")
    {
        artifact.warn(
            "info.location",
            "location-always-or-reduced",
            "A purpose string for location always without NSLocationWhenInUseUsageDescription: the request fails without a prompt.",
        );
    }
    if has("NSHealthUpdateUsageDescription") != has("NSHealthShareUsageDescription") {
        artifact.warn("info.health", "healthkit-missing-purpose-string", "One of NSHealthShareUsageDescription (read) and NSHealthUpdateUsageDescription (write) is absent; HealthKit raises an exception where the missing one is needed.");
    }
    if has("NSBluetoothPeripheralUsageDescription") && !has("NSBluetoothAlwaysUsageDescription") {
        artifact.warn(
            "info.bluetooth",
            "wrong-usage-description-key",
            "NSBluetoothPeripheralUsageDescription alone: from iOS 13 on NSBluetoothAlwaysUsageDescription is read.",
        );
    }
}

fn schemes(entries: &Dictionary, artifact: &mut Artifact) {
    let Some(types) = entries.get("CFBundleURLTypes") else { return };
    let all: Vec<&str> = types
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_dictionary)
        .flat_map(|one| property_list::strings(one.get("CFBundleURLSchemes")))
        .collect();
    let mut wrong = Vec::new();
    for scheme in &all {
        artifact.fact("url scheme", scheme);
        let why = match *scheme {
            s if s.contains("$(") => continue,
            "http" | "https" => "reserved for browsers; use associated domains",
            "msauth" => "refused by the App Store; MSAL's scheme is msauth. with the bundle ID behind it",
            s if s.contains(':') || s.contains('/') => "only the part before the colon belongs here",
            s if s.contains('_') => "an underscore, which URLs may not have there",
            s if !SCHEME.is_match(s) => "characters that a scheme may not have",
            _ => continue,
        };
        wrong.push(format!("{scheme} ({why})"));
    }
    if types.as_array().is_none() || all.is_empty() {
        artifact.fail(
            "info.url-schemes",
            "url-scheme-not-registered",
            "CFBundleURLTypes holds no scheme: it has to be an array of dictionaries, each with an array CFBundleURLSchemes.",
        );
    } else if all.contains(&"msauth") {
        artifact.fail("info.url-schemes", "disallowed-url-scheme", format!("URL schemes that cannot work: {}.", listed(&wrong)));
    } else if !wrong.is_empty() {
        artifact.fail(
            "info.url-schemes",
            "callback-scheme-has-special-chars",
            format!("URL schemes that cannot work: {}.", listed(&wrong)),
        );
    } else {
        artifact.pass("info.url-schemes", format!("URL schemes: {}.", listed(&all)));
    }
}

fn extension(entries: &Dictionary, artifact: &mut Artifact) {
    let Some(extension) = entries.get("NSExtension").and_then(Value::as_dictionary) else { return };
    let point = extension.get("NSExtensionPointIdentifier").and_then(Value::as_string).unwrap_or("");
    artifact.fact("extension point", point);
    if point != "com.apple.authentication-services-credential-provider-ui" {
        return;
    }
    let attributes = extension.get("NSExtensionAttributes").and_then(Value::as_dictionary);
    let find = |key: &str| {
        attributes
            .and_then(|attributes| attributes.get("ASCredentialProviderExtensionCapabilities"))
            .and_then(Value::as_dictionary)
            .and_then(|capabilities| capabilities.get(key))
    };
    for key in
        ["ProvidesPasswords", "ProvidesPasskeys", "ProvidesOneTimeCodes", "ProvidesTextToInsert", "SupportsConditionalPasskeyRegistration"]
    {
        artifact.fact_if(key, find(key).map(property_list::brief));
    }
    match find("ProvidesPasskeys") {
        Some(value) if value.as_boolean() == Some(true) => artifact.pass("info.provides-passkeys", "ProvidesPasskeys is true."),
        Some(value) => artifact.fail(
            "info.provides-passkeys",
            "provides-passkeys-missing",
            format!("ProvidesPasskeys is {}; it has to be the Boolean true.", property_list::brief(value)),
        ),
        None => {
            let elsewhere = attributes.is_some_and(|attributes| attributes.contains_key("ProvidesPasskeys"))
                || extension.contains_key("ASCredentialProviderExtensionCapabilities");
            let hint = if elsewhere { " It stands in another place, where nobody reads it." } else { "" };
            artifact.fail("info.provides-passkeys", "provides-passkeys-missing", format!("ProvidesPasskeys is not in NSExtension, NSExtensionAttributes, ASCredentialProviderExtensionCapabilities: the extension is not asked for passkeys.{hint}"));
        }
    }
}

fn local_network(entries: &Dictionary, artifact: &mut Artifact) {
    let Some(value) = entries.get("NSBonjourServices") else { return };
    let services = property_list::strings(Some(value));
    let wrong: Vec<&str> = services.iter().filter(|service| !SERVICE.is_match(service.trim_end_matches('.'))).copied().collect();
    if services.is_empty() || !wrong.is_empty() {
        artifact.fail(
            "info.bonjour",
            "bonjour-services-not-declared",
            format!(
                "NSBonjourServices has to be an array of types such as _http._tcp; wrong: {}.",
                if wrong.is_empty() { "no entry".to_owned() } else { listed(&wrong) }
            ),
        );
    } else {
        artifact.pass("info.bonjour", format!("Bonjour types: {}.", listed(&services)));
    }
    if !entries.contains_key("NSLocalNetworkUsageDescription") {
        artifact.warn(
            "info.local-network",
            "local-network-denied",
            "NSBonjourServices without NSLocalNetworkUsageDescription: the prompt for the local network shows a text of the system's.",
        );
    }
}
