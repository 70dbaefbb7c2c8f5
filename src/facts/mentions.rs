//! What a text names: APIs, bundle and team identifiers, addresses.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::Catalogue;
use crate::pattern::Pattern;
use std::sync::LazyLock;

pub(super) static APIS: Family = Family {
    triggers: &[
        "secitem",
        "seckey",
        "seccode",
        "sectrust",
        "secpkcs12",
        "seccert",
        "secaccesscontrol",
        "ksec",
        "lacontext",
        "evaluatepolicy",
        "asauthorization",
        "aswebauthentication",
        "ascredential",
        "aspasskey",
        "aspasswordcredential",
        "dcappattest",
        "dcdevice",
        "attestkey",
        "generateassertion",
        "generatekey",
        "attrackingmanager",
        "requesttracking",
        "requestaccess",
        "performrequests",
        "getcredentialstate",
        "preparecredentiallist",
        "preparinterface",
        "prepareinterface",
        "provid",
        "nsfilecoordinator",
        "startaccessingsecurityscoped",
        "nsopenpanel",
        "nstask",
        "nsxpcconnection",
        "nsurlsession",
        "urlsession",
        "navigator.credentials",
        "smappservice",
        "avcapturedevice",
        "phphotolibrary",
        "cllocationmanager",
        "cncontactstore",
        "ekeventstore",
        "ahtextrusted",
        "axisprocesstrusted",
        "cgrequestscreen",
        "cgpreflight",
        "scstream",
        "scshareable",
        "applesignin",
        "asidentifiermanager",
        "advertisingidentifier",
        "isprotecteddata",
        "nsfileprotection",
        "posix_spawn",
        "dlopen",
    ],
    read: read_apis,
    numbered: false,
};

pub(super) static IDENTIFIERS: Family = Family {
    triggers: &[
        "bundle id",
        "bundleid",
        "bundle identifier",
        "bundle_id",
        "cfbundleidentifier",
        "team id",
        "teamid",
        "teamidentifier",
        "team_id",
        "akclientbundleid",
        "team identifier",
        "identifier=",
        "identifier: ",
        "application with identifier",
    ],
    read: read_identifiers,
    numbered: false,
};

pub(super) static URLS: Family = Family { triggers: &["https://", "http://"], read: read_urls, numbered: false };

static API: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"(?-i)\b(?P<api>Sec(?:Item|Key|Code|Trust|PKCS12|Certificate|AccessControl|Task|Keychain)[A-Z]\w+|kSec[A-Z]\w+|LAContext|evaluatePolicy|canEvaluatePolicy|ASAuthorization\w*|ASWebAuthenticationSession\w*|ASCredential\w+|ASPasskey\w+|ASPassword\w+|",
        r"DCAppAttestService|DCDevice|attestKey|generateAssertion|generateKey|ATTrackingManager|requestTrackingAuthorization|ASIdentifierManager|requestAccess|performRequests|getCredentialState|prepare(?:CredentialList|InterfaceToProvideCredential|InterfaceForExtensionConfiguration|Interface)\w*|provideCredential\w*|",
        r"NSFileCoordinator|startAccessingSecurityScopedResource|NSOpenPanel|NSTask|NSXPCConnection|URLSession\w*|NSURLSession\w*|navigator\.credentials\.\w+|SMAppService|AVCaptureDevice|PHPhotoLibrary|CLLocationManager|CNContactStore|EKEventStore|AXIsProcessTrusted\w*|CGRequestScreenCaptureAccess|CGPreflight\w+|SCStream\w*|SCShareableContent|isProtectedDataAvailable|NSFileProtection\w+|posix_spawn|dlopen)\b"
    ))
});

fn read_apis(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    let mut seen: Vec<String> = Vec::new();
    for hit in API.find_all(scope.text) {
        let api = hit.group("api");
        if seen.iter().any(|known| known == api) {
            continue;
        }
        seen.push(api.to_owned());
        facts.push(Fact::new(Kind::Api, scope.start + hit.start, scope.start + hit.end).named(api));
    }
}

static BUNDLE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"(?:bundle[ _-]?id(?:entifier)?|CFBundleIdentifier(?:</key>\s*<string>)?|AKClientBundleID)["'`\\]*\s*(?:is|:|=)?\s*["'`<\\]*(?P<id>[A-Za-z][\w\-]*(?:\.[\w\-]+){1,6})"#,
    )
});

/// `codesign -d`, crash reports and the daemons of associated domains name the program so.
static IDENTIFIER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?:^|\s)(?:Identifier[=:]\s*|Application with identifier )(?:(?P<team>[A-Z0-9]{10})\.)?(?P<id>[A-Za-z][\w\-]*(?:\.[\w\-]+){1,6})",
    )
});

static TEAM: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r#"(?:team[ _-]?id(?:entifier)?)["'`\\]*\s*(?:is|:|=)?\s*["'`(\\]*(?P<id>[A-Z0-9]{10})\b"#));

fn read_identifiers(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for (pattern, kind) in [(&*BUNDLE, Kind::BundleId), (&*TEAM, Kind::TeamId)] {
        for hit in pattern.find_all(scope.text).take(16) {
            facts.push(Fact::new(kind, scope.start + hit.start, scope.start + hit.end).named(hit.group("id")));
        }
    }
    for hit in IDENTIFIER.find_all(scope.text).take(16).filter(|hit| !hit.group("id").starts_with("com.apple.")) {
        let fact = |kind, name: &str| Fact::new(kind, scope.start + hit.start, scope.start + hit.end).named(name);
        facts.push(fact(Kind::BundleId, hit.group("id")));
        if !hit.group("team").is_empty() {
            facts.push(fact(Kind::TeamId, hit.group("team")));
        }
    }
}

static URL: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r#"\bhttps?://(?P<host>[A-Za-z0-9.\-]{3,120})(?::\d+)?(?P<path>/[^\s"'<>?#)\]}`]{0,200})?"#));

fn read_urls(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in URL.find_all(scope.text).take(64) {
        let host = hit.group("host").trim_end_matches('.').to_lowercase();
        let path = hit.group("path").trim_end_matches(['.', ',']);
        facts.push(
            Fact::new(Kind::Url, scope.start + hit.start, scope.start + hit.end).named(host.clone()).with("host", host).with("path", path),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::of;
    use crate::facts::Kind;

    #[test]
    fn identifiers_of_signatures_crashes_and_association() {
        for text in [
            "Identifier=com.example.notes",
            "Identifier:            com.example.notes",
            "Bundle Identifier: com.example.notes",
            "UserInfo={AKClientBundleID=com.example.notes}",
            "Application with identifier ABCDE12345.com.example.notes is not associated with domain example.com",
            "\"bundleID\" : \"com.example.notes\"",
        ] {
            assert_eq!(of(Kind::BundleId, text), ["com.example.notes"], "{text}");
        }
        assert_eq!(of(Kind::TeamId, "Application with identifier ABCDE12345.com.example.notes is not"), ["ABCDE12345"]);
        assert_eq!(of(Kind::TeamId, "TeamIdentifier=ABCDE12345"), ["ABCDE12345"]);
        for text in ["Identifier=com.apple.secd", "identifier=7", "TeamIdentifier=not set", "reuseIdentifier: cell"] {
            assert!(of(Kind::BundleId, text).is_empty() && of(Kind::TeamId, text).is_empty(), "{text}");
        }
    }
}
