//! The circumstances that a text tells: where the code ran, how it was built, on what system, with which framework, which APIs it calls.
//!
//! One table each, from the words that people and tools use. A circumstance tells neighbours apart; alone it proves nothing.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::Catalogue;
use crate::pattern::Pattern;
use std::sync::LazyLock;

/// A circumstance and the words that tell it; each alternative begins and ends at a word's edge.
const CIRCUMSTANCE_WORDS: &[(&str, &str)] = &[
    ("simulator", r"simulators?|CoreSimulator|iphonesimulator|simctl"),
    (
        "device",
        r"(?:real|physical|actual) (?:iOS )?(?:device|iphone|ipad|phone)s?|on(?: an?| my| the)? (?:device|iphone(?: \d+\w*(?: pro)?(?: max)?)?|ipad)s?",
    ),
    (
        "ci",
        r"CI|github actions?|runner|runners|jenkins|bitrise|circleci|travis|azure (?:pipelines|devops)|gitlab|teamcity|xcode cloud|codemagic|build (?:server|agent|machine)|fastlane match|self-hosted|app ?center",
    ),
    ("ssh", r"ssh|sshd|over ssh|via ssh"),
    ("root", r"root|sudo|setuid"),
    ("daemon", r"daemons?|LaunchDaemons?|SMAppService|SMJobBless|privileged helper|system service"),
    ("launch-agent", r"launch ?agents?|LaunchAgents"),
    ("unit-test", r"unit tests?|XCTest|xctest|test target|test bundle|swift test|test host|TEST_HOST|XCTestCase"),
    (
        "app-extension",
        r"app extensions?|extension target|(?:share|widget|today|notification service|keyboard|action|safari web|intents?|network|credential provider) extensions?|appex|NSExtension|widgets?|PlugIns/[\w.\-]+\.appex",
    ),
    ("command-line-tool", r"command[- ]?line tools?|cli tool|CLI|terminal app|executable target|swift package executable|console app"),
    ("debug-build", r"debug build|debug configuration|Debug-iphone\w+|development build|debug mode"),
    ("release-build", r"release build|release configuration|Release-iphone\w+|release mode|production build"),
    ("testflight", r"testflight"),
    ("app-store", r"app store|appstore|mac app store|app review"),
    ("developer-id", r"developer id|Developer ID Application"),
    ("ad-hoc", r"ad[- ]?hoc|adhoc|Signature=adhoc|sign to run locally"),
    ("enterprise", r"enterprise (?:program|account|distribution|certificate|developer)|in-house|inhouse"),
    ("mdm", r"mdm|jamf|intune|kandji|mosyle|configuration profile|managed device|supervised|workspace one"),
    (
        "background",
        r"in(?: the)? background|background (?:task|fetch|launch|refresh|mode|app refresh|execution|push|thread)|BGTask\w*|silent (?:push|notification)s?|background(?:ed)?|didEnterBackground|VoIP push",
    ),
    (
        "locked-device",
        r"(?:device|phone|iphone|screen) (?:is |was |being )?locked|locked (?:device|phone|iphone|screen)|while locked|when locked|lock screen|isProtectedDataAvailable",
    ),
    (
        "before-first-unlock",
        r"(?:before|after|until|since) (?:the )?first unlock|after (?:a )?(?:reboot|restart)|rebooted|restarting the (?:phone|device|iphone)|not (?:been )?unlocked since(?: boot)?",
    ),
    ("prewarmed", r"prewarm\w*|pre-warm\w*|ActivePrewarm"),
    ("reinstall", r"re-?install(?:ed|ing|s|ation)?|delet(?:e|ed|ing) (?:and re-?install\w*|the app)|uninstall(?:ed|ing)?|fresh install"),
    (
        "restored-device",
        r"restor(?:e|ed|ing) (?:from )?(?:an? )?(?:icloud |itunes |encrypted |unencrypted )?backup|(?:new|another|replacement) (?:iphone|phone|device)|device migration|quick start|migrated (?:to|from)|backup",
    ),
    (
        "app-transfer",
        r"app transfer|transferr?(?:ed|ing)? (?:the |an? |my |our )?app|transfer(?:red)? (?:to|from) (?:another|a different|the new) (?:team|account)|(?:new|different|another) (?:team|developer account)|team transfer",
    ),
    ("re-signed", r"re-?sign(?:ed|ing)?|sideload\w*|altstore|resign(?:ed|ing)? (?:the )?(?:ipa|app)|sidestore|jailbr\w+"),
    ("catalyst", r"mac ?catalyst|catalyst"),
    ("ios-app-on-mac", r"ios apps? on (?:a )?mac|designed for (?:ipad|iphone)|my mac \(designed for|isiOSAppOnMac"),
    ("web-view", r"wkwebview|web ?view|in-app browser|embedded browser|SFSafariViewController|UIWebView"),
    ("virtual-machine", r"virtual machine|vmware|parallels|utm|virtualbox|VM|tart|anka"),
    ("container", r"docker|container|kubernetes|k8s|podman"),
];

const FRAMEWORK_WORDS: &[(&str, &str)] = &[
    ("flutter", r"flutter\w*|PlatformException|MethodChannel|pubspec|dart|sign_in_with_apple"),
    ("react-native", r"react[- ]?native|RCT\w+|\[RCTConvert|NativeModules|metro"),
    ("expo", r"expo(?:-\w+|go)?|EAS build|eas"),
    ("unity", r"unity|UnityFramework|il2cpp"),
    ("capacitor", r"capacitor\w*|CAPPlugin\w*"),
    ("cordova", r"cordova\w*|CDV\w+|phonegap"),
    ("ionic", r"ionic"),
    ("maui", r"\.net maui|maui"),
    ("xamarin", r"xamarin\w*|mtouch|Xamarin\.\w+"),
    ("electron", r"electron(?:-\w+)?|electron-builder|asar"),
    ("tauri", r"tauri\w*"),
    ("qt", r"Qt(?:\d|Creator)?|macdeployqt|QSettings"),
    ("go", r"golang|goroutine|gin-gonic|\.go:\d+"),
    ("rust", r"cargo|rustc|rust|panicked at"),
    ("python", r"python\d?|Traceback|pip|pyinstaller|py2app|django|flask|PyJWT|pyobjc"),
    ("node", r"node\.?js|npm|yarn|passport(?:-apple)?|express|next-auth|auth\.js|jsonwebtoken|node:internal|node_modules"),
    ("ruby", r"ruby|rails|omniauth\w*|devise|gem|\.rb:\d+"),
    ("php", r"php|laravel|socialite|composer|guzzle\w*|GuzzleHttp"),
    ("java", r"java|spring|jvm|kotlin|gradle|\.java:\d+"),
    ("dotnet", r"\.net|asp\.?net\w*|csharp|System\.\w+Exception|nuget"),
    ("firebase", r"firebase\w*|FIR[A-Z]\w+|firestore|google-services"),
    ("supabase", r"supabase\w*|gotrue"),
    ("auth0", r"auth0"),
    ("cognito", r"cognito\w*|amplify"),
    ("keycloak", r"keycloak\w*"),
    ("msal", r"msal\w*|AADSTS\d+|azure ad|entra"),
    ("appauth", r"appauth\w*|OIDAuth\w*|org\.openid\.appauth"),
    ("fastlane", r"fastlane|match|gym|pilot|deliver"),
    ("nativescript", r"nativescript"),
    ("kotlin-multiplatform", r"kotlin multiplatform|kmm|kmp|kotlin/native"),
];

pub(super) static CIRCUMSTANCES: Family = Family {
    triggers: &[
        "simulator",
        "simctl",
        "device",
        "iphone",
        "ipad",
        " ci",
        "github action",
        "runner",
        "jenkins",
        "bitrise",
        "circleci",
        "travis",
        "azure",
        "gitlab",
        "teamcity",
        "xcode cloud",
        "codemagic",
        "self-hosted",
        "app center",
        "build server",
        "build agent",
        "ssh",
        "root",
        "sudo",
        "setuid",
        "daemon",
        "smappservice",
        "smjobbless",
        "privileged helper",
        "launch agent",
        "launchagent",
        "unit test",
        "xctest",
        "test target",
        "swift test",
        "test host",
        "test_host",
        "extension",
        "appex",
        "widget",
        "command line",
        "command-line",
        "cli",
        "debug build",
        "debug config",
        "debug-iphone",
        "debug mode",
        "development build",
        "release build",
        "release config",
        "release-iphone",
        "release mode",
        "production build",
        "testflight",
        "app store",
        "appstore",
        "app review",
        "developer id",
        "ad hoc",
        "ad-hoc",
        "adhoc",
        "enterprise",
        "in-house",
        "inhouse",
        "mdm",
        "jamf",
        "intune",
        "kandji",
        "mosyle",
        "configuration profile",
        "supervised",
        "background",
        "bgtask",
        "silent push",
        "voip push",
        "locked",
        "lock screen",
        "isprotecteddata",
        "first unlock",
        "reboot",
        "restart",
        "unlocked since",
        "prewarm",
        "pre-warm",
        "reinstall",
        "re-install",
        "uninstall",
        "fresh install",
        "deleting the app",
        "deleted the app",
        "delete the app",
        "restor",
        "backup",
        "new phone",
        "new iphone",
        "new device",
        "migrat",
        "transfer",
        "another team",
        "different team",
        "new team",
        "resign",
        "re-sign",
        "sideload",
        "altstore",
        "jailbr",
        "catalyst",
        "designed for",
        "isiosapponmac",
        "ios app on",
        "ios apps on",
        "webview",
        "web view",
        "in-app browser",
        "sfsafariview",
        "virtual machine",
        "vmware",
        "parallels",
        "virtualbox",
        "docker",
        "container",
        "kubernetes",
        "sign to run locally",
        "console app",
    ],
    read: read_circumstances,
};
pub(super) static FRAMEWORKS: Family = Family {
    triggers: &[
        "flutter",
        "platformexception",
        "dart",
        "sign_in_with_apple",
        "react native",
        "react-native",
        "reactnative",
        "rct",
        "expo",
        "unity",
        "il2cpp",
        "capacitor",
        "capplugin",
        "cordova",
        "cdv",
        "ionic",
        "maui",
        "xamarin",
        "mtouch",
        "electron",
        "asar",
        "tauri",
        "qt",
        "golang",
        "goroutine",
        ".go:",
        "cargo",
        "rust",
        "python",
        "traceback",
        "django",
        "flask",
        "pyjwt",
        "pyinstaller",
        "node",
        "npm",
        "passport",
        "next-auth",
        "auth.js",
        "ruby",
        "rails",
        "omniauth",
        "devise",
        ".rb:",
        "php",
        "laravel",
        "socialite",
        "guzzle",
        "java",
        "spring",
        "kotlin",
        "gradle",
        ".net",
        "asp.net",
        "csharp",
        "exception",
        "firebase",
        "supabase",
        "gotrue",
        "auth0",
        "cognito",
        "amplify",
        "keycloak",
        "msal",
        "aadsts",
        "entra",
        "appauth",
        "oidauth",
        "fastlane",
        "nativescript",
        "kmm",
        "express",
        "jsonwebtoken",
        "panicked at",
    ],
    read: read_frameworks,
};
pub(super) static PLATFORMS: Family = Family {
    triggers: &[
        "ios", "ipados", "macos", "mac os", "os x", "osx", "tvos", "watchos", "visionos", "android", "windows", "ubuntu", "linux",
        "monterey", "ventura", "sonoma", "sequoia", "tahoe", "catalina", "big sur", "mojave",
    ],
    read: read_platforms,
};
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
    ],
    read: read_identifiers,
};
pub(super) static URLS: Family = Family { triggers: &["https://", "http://"], read: read_urls };

type Table = Vec<(&'static str, Pattern)>;

fn table(words: &[(&'static str, &str)]) -> Table {
    words.iter().map(|(name, source)| (*name, Pattern::new(&format!(r"(?:^|[^\w])(?P<word>{source})(?:$|[^\w])")))).collect()
}

static CIRCUMSTANCE_TABLE: LazyLock<Table> = LazyLock::new(|| table(CIRCUMSTANCE_WORDS));
static FRAMEWORK_TABLE: LazyLock<Table> = LazyLock::new(|| table(FRAMEWORK_WORDS));

/// One fact for each row of the table whose words stand on the line.
fn read_table(table: &Table, kind: Kind, field: Option<&'static str>, scope: &Scope<'_>, facts: &mut Vec<Fact>) {
    for (name, pattern) in table {
        if let Some(hit) = pattern.find(scope.text) {
            let word = hit.group("word");
            let inner = crate::text::clip(scope.text, hit.start..hit.end).find(word).unwrap_or(0);
            let start = scope.start + hit.start + inner;
            let fact = Fact::new(kind, start, start + word.len()).named(*name);
            facts.push(match field {
                Some(field) => fact.with(field, *name),
                None => fact,
            });
        }
    }
}

fn read_circumstances(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    read_table(&CIRCUMSTANCE_TABLE, Kind::Context, Some("is"), scope, facts);
}

fn read_frameworks(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    read_table(&FRAMEWORK_TABLE, Kind::Framework, None, scope, facts);
}

static PLATFORM: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?:^|[^\w])(?P<os>iOS|iPadOS|macOS|Mac OS X|Mac OS|OS X|OSX|tvOS|watchOS|visionOS|Android|Windows|Ubuntu|Linux|Monterey|Ventura|Sonoma|Sequoia|Tahoe|Catalina|Big Sur|Mojave)(?:[ -]?(?:version )?(?P<version>\d{1,2}(?:\.\d{1,2}){0,2}))?\b",
    )
});

fn read_platforms(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    let mut seen: Vec<(&str, String)> = Vec::new();
    for hit in PLATFORM.find_all(scope.text).take(16) {
        let os = match hit.group("os").to_lowercase().as_str() {
            "ios" | "ipados" => "ios",
            "tvos" => "tvos",
            "watchos" => "watchos",
            "visionos" => "visionos",
            "android" => "android",
            "windows" => "windows",
            "ubuntu" | "linux" => "linux",
            _ => "macos",
        };
        let version = hit.group("version").to_owned();
        if seen.contains(&(os, version.clone())) {
            continue;
        }
        seen.push((os, version.clone()));
        facts.push(
            Fact::new(Kind::Platform, scope.start + hit.start, scope.start + hit.end).named(os).with("os", os).with("version", version),
        );
    }
}

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
static TEAM: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r#"(?:team[ _-]?id(?:entifier)?)["'`\\]*\s*(?:is|:|=)?\s*["'`(\\]*(?P<id>[A-Z0-9]{10})\b"#));

fn read_identifiers(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for (pattern, kind) in [(&*BUNDLE, Kind::BundleId), (&*TEAM, Kind::TeamId)] {
        for hit in pattern.find_all(scope.text).take(16) {
            facts.push(Fact::new(kind, scope.start + hit.start, scope.start + hit.end).named(hit.group("id")));
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
    fn circumstances_in_prose_and_paths() {
        let found = of(Kind::Context, "Works in the Simulator, fails on TestFlight when the phone is locked");
        assert_eq!(found, ["simulator is=simulator", "testflight is=testflight", "locked-device is=locked-device"]);
        assert!(of(Kind::Context, "unlocked blocked clidentity").is_empty());
    }

    #[test]
    fn platforms_with_versions() {
        assert_eq!(
            of(Kind::Platform, "iOS 17.4 and macOS Sonoma 14"),
            ["ios os=ios version=17.4", "macos os=macos", "macos os=macos version=14"]
        );
        assert!(of(Kind::Platform, "curiosity").is_empty());
    }

    #[test]
    fn frameworks_apis_identifiers_urls() {
        assert_eq!(of(Kind::Framework, "PlatformException(x) from Flutter"), ["flutter"]);
        assert_eq!(of(Kind::Api, "SecItemAdd then SecItemAdd"), ["SecItemAdd"]);
        assert_eq!(of(Kind::BundleId, "Bundle ID: com.example.notes"), ["com.example.notes"]);
        assert_eq!(of(Kind::TeamId, "Team ID: ABCDE12345"), ["ABCDE12345"]);
        assert_eq!(
            of(Kind::Url, "POST https://appleid.apple.com/auth/token, x"),
            ["appleid.apple.com host=appleid.apple.com path=/auth/token"]
        );
    }
}
