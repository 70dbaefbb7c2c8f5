//! The circumstances that a text tells: where the code ran, how it was built, on what system, with which framework, which APIs it calls.
//!
//! One table each, from the words that people and tools use. A circumstance tells neighbours apart; alone it proves nothing.

use super::family::Family;

use super::{Fact, Kind, Scope};

use crate::knowledge::Catalogue;

use crate::pattern::Pattern;

use std::sync::LazyLock;

/// A row of a table: what it tells, the literals of which one stands on every line that tells it, and the words; each alternative of these
/// begins and ends at a word's edge.
type Row = (&'static str, &'static [&'static str], &'static str);

/// A circumstance and the words that tell it; each alternative begins and ends at a word's edge.
const CIRCUMSTANCE_WORDS: &[Row] = &[
    ("simulator", &["simulator", "simctl", "iphone"], r"simulators?|CoreSimulator|iphonesimulator|simctl"),
    (
        "device",
        &["device", "iphone", "ipad", "/var/mobile/", "/containers/bundle/"],
        r"/(?:private/)?var/(?:mobile|containers/Bundle)/[\w/\-]*|(?:real|physical|actual) (?:iOS )?(?:device|iphone|ipad|phone)s?|on(?: an?| my| the)? (?:device|iphone(?: \d+\w*(?: pro)?(?: max)?)?|ipad)s?",
    ),
    (
        "ci",
        &[
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
        ],
        r"CI|github actions?|runner|runners|jenkins|bitrise|circleci|travis|azure (?:pipelines|devops)|gitlab|teamcity|xcode cloud|codemagic|build (?:server|agent|machine)|fastlane match|self-hosted|app ?center",
    ),
    ("ssh", &["ssh"], r"ssh|sshd|over ssh|via ssh"),
    ("root", &["root", "sudo", "setuid"], r"root|sudo|setuid"),
    (
        "daemon",
        &["daemon", "smappservice", "smjobbless", "privileged helper"],
        r"daemons?|LaunchDaemons?|SMAppService|SMJobBless|privileged helper|system service",
    ),
    ("launch-agent", &["launch agent", "launchagent"], r"launch ?agents?|LaunchAgents"),
    (
        "unit-test",
        &["unit test", "xctest", "test target", "swift test", "test host", "test_host"],
        r"unit tests?|XCTest|xctest|test target|test bundle|swift test|test host|TEST_HOST|XCTestCase",
    ),
    (
        "app-extension",
        &["extension", "appex", "widget"],
        r"app extensions?|extension target|(?:share|widget|today|notification service|keyboard|action|safari web|intents?|network|credential provider) extensions?|appex|NSExtension|widgets?|PlugIns/[\w.\-]+\.appex",
    ),
    (
        "command-line-tool",
        &["command line", "command-line", "cli", "console app"],
        r"command[- ]?line tools?|cli tool|CLI|terminal app|executable target|swift package executable|console app",
    ),
    (
        "debug-build",
        &["iphone", "debug build", "debug config", "debug-iphone", "debug mode", "development build"],
        r"debug build|debug configuration|Debug-iphone\w+|development build|debug mode",
    ),
    (
        "release-build",
        &["iphone", "release build", "release config", "release-iphone", "release mode", "production build"],
        r"release build|release configuration|Release-iphone\w+|release mode|production build",
    ),
    ("testflight", &["testflight"], r"testflight"),
    ("app-store", &["app store", "appstore", "app review"], r"app store|appstore|mac app store|app review"),
    ("developer-id", &["developer id"], r"developer id|Developer ID Application"),
    ("ad-hoc", &["ad hoc", "ad-hoc", "adhoc", "sign to run locally"], r"ad[- ]?hoc|adhoc|Signature=adhoc|sign to run locally"),
    (
        "enterprise",
        &["enterprise", "in-house", "inhouse"],
        r"enterprise (?:program|account|distribution|certificate|developer)|in-house|inhouse",
    ),
    (
        "mdm",
        &["device", "mdm", "jamf", "intune", "kandji", "mosyle", "configuration profile", "supervised"],
        r"mdm|jamf|intune|kandji|mosyle|configuration profile|managed device|supervised|workspace one",
    ),
    (
        "background",
        &["background", "bgtask", "silent push", "voip push"],
        r"in(?: the)? background|background (?:task|fetch|launch|refresh|mode|app refresh|execution|push|thread)|BGTask\w*|silent (?:push|notification)s?|background(?:ed)?|didEnterBackground|VoIP push",
    ),
    (
        "locked-device",
        &["device", "iphone", "locked", "lock screen", "isprotecteddata"],
        r"(?:device|phone|iphone|screen) (?:is |was |being )?locked|locked (?:device|phone|iphone|screen)|while locked|when locked|lock screen|isProtectedDataAvailable",
    ),
    (
        "before-first-unlock",
        &["device", "iphone", "locked", "first unlock", "reboot", "restart", "unlocked since"],
        r"(?:before|after|until|since) (?:the )?first unlock|after (?:a )?(?:reboot|restart)|rebooted|restarting the (?:phone|device|iphone)|not (?:been )?unlocked since(?: boot)?",
    ),
    ("prewarmed", &["prewarm", "pre-warm"], r"prewarm\w*|pre-warm\w*|ActivePrewarm"),
    (
        "reinstall",
        &["reinstall", "re-install", "uninstall", "fresh install", "deleting the app", "deleted the app", "delete the app"],
        r"re-?install(?:ed|ing|s|ation)?|delet(?:e|ed|ing) (?:and re-?install\w*|the app)|uninstall(?:ed|ing)?|fresh install",
    ),
    (
        "restored-device",
        &["device", "iphone", "restor", "backup", "new phone", "new iphone", "new device", "migrat"],
        r"restor(?:e|ed|ing) (?:from )?(?:an? )?(?:icloud |itunes |encrypted |unencrypted )?backup|(?:new|another|replacement) (?:iphone|phone|device)|device migration|quick start|migrated (?:to|from)|backup",
    ),
    (
        "app-transfer",
        &["transfer", "another team", "different team", "new team"],
        r"app transfer|transferr?(?:ed|ing)? (?:the |an? |my |our )?app|transfer(?:red)? (?:to|from) (?:another|a different|the new) (?:team|account)|(?:new|different|another) (?:team|developer account)|team transfer",
    ),
    (
        "re-signed",
        &["resign", "re-sign", "sideload", "altstore", "jailbr"],
        r"re-?sign(?:ed|ing)?|sideload\w*|altstore|resign(?:ed|ing)? (?:the )?(?:ipa|app)|sidestore|jailbr\w+",
    ),
    ("catalyst", &["catalyst"], r"mac ?catalyst|catalyst"),
    (
        "ios-app-on-mac",
        &["iphone", "ipad", "designed for", "isiosapponmac", "ios app on", "ios apps on"],
        r"ios apps? on (?:a )?mac|designed for (?:ipad|iphone)|my mac \(designed for|isiOSAppOnMac",
    ),
    (
        "web-view",
        &["webview", "web view", "in-app browser", "sfsafariview"],
        r"wkwebview|web ?view|in-app browser|embedded browser|SFSafariViewController|UIWebView",
    ),
    (
        "virtual-machine",
        &["virtual machine", "vmware", "parallels", "virtualbox"],
        r"virtual machine|vmware|parallels|utm|virtualbox|VM|tart|anka",
    ),
    ("container", &["docker", "container", "kubernetes"], r"docker|container|kubernetes|k8s|podman"),
];

const FRAMEWORK_WORDS: &[Row] = &[
    (
        "flutter",
        &["flutter", "platformexception", "dart", "sign_in_with_apple", "exception"],
        r"flutter\w*|PlatformException|MethodChannel|pubspec|dart|sign_in_with_apple",
    ),
    ("react-native", &["react-native", "react native", "reactnative", "rct"], r"react[- ]?native|RCT\w+|\[RCTConvert|NativeModules|metro"),
    ("expo", &["expo"], r"expo(?:-\w+|go)?|EAS build|eas"),
    ("unity", &["unity", "il2cpp"], r"unity|UnityFramework|il2cpp"),
    ("capacitor", &["capacitor", "capplugin"], r"capacitor\w*|CAPPlugin\w*"),
    ("cordova", &["cordova", "cdv"], r"cordova\w*|CDV\w+|phonegap"),
    ("ionic", &["ionic"], r"ionic"),
    ("maui", &["maui", ".net"], r"\.net maui|maui"),
    ("xamarin", &["xamarin", "mtouch"], r"xamarin\w*|mtouch|Xamarin\.\w+"),
    ("electron", &["electron", "asar"], r"electron(?:-\w+)?|electron-builder|asar"),
    ("tauri", &["tauri"], r"tauri\w*"),
    ("qt", &["qt"], r"Qt(?:\d|Creator)?|macdeployqt|QSettings"),
    ("go", &["golang", "goroutine", ".go:"], r"golang|goroutine|gin-gonic|\.go:\d+"),
    ("rust", &["cargo", "rust", "panicked at"], r"cargo|rustc|rust|panicked at"),
    (
        "python",
        &["python", "traceback", "django", "flask", "pyjwt", "pyinstaller"],
        r"python\d?|Traceback|pip|pyinstaller|py2app|django|flask|PyJWT|pyobjc",
    ),
    (
        "node",
        &["node", "npm", "passport", "next-auth", "auth.js", "express", "jsonwebtoken"],
        r"node\.?js|npm|yarn|passport(?:-apple)?|express|next-auth|auth\.js|jsonwebtoken|node:internal|node_modules",
    ),
    ("ruby", &["ruby", "rails", "omniauth", "devise", ".rb:"], r"ruby|rails|omniauth\w*|devise|gem|\.rb:\d+"),
    ("php", &["php", "laravel", "socialite", "guzzle"], r"php|laravel|socialite|composer|guzzle\w*|GuzzleHttp"),
    ("java", &["java", "spring", "kotlin", "gradle"], r"java|spring|jvm|kotlin|gradle|\.java:\d+"),
    ("dotnet", &[".net", "asp.net", "csharp", "exception"], r"\.net|asp\.?net\w*|csharp|System\.\w+Exception|nuget"),
    ("firebase", &["firebase"], r"firebase\w*|FIR[A-Z]\w+|firestore|google-services"),
    ("supabase", &["supabase", "gotrue"], r"supabase\w*|gotrue"),
    ("auth0", &["auth0"], r"auth0"),
    ("cognito", &["cognito", "amplify"], r"cognito\w*|amplify"),
    ("keycloak", &["keycloak"], r"keycloak\w*"),
    ("msal", &["msal", "aadsts", "entra"], r"msal\w*|AADSTS\d+|azure ad|entra"),
    ("appauth", &["appauth", "oidauth"], r"appauth\w*|OIDAuth\w*|org\.openid\.appauth"),
    ("fastlane", &["fastlane"], r"fastlane|match|gym|pilot|deliver"),
    ("nativescript", &["nativescript"], r"nativescript"),
    ("kotlin-multiplatform", &["kotlin", "kmm"], r"kotlin multiplatform|kmm|kmp|kotlin/native"),
];

pub(super) static CIRCUMSTANCES: Family = Family { triggers: &[], read: read_circumstances, numbered: false };

pub(super) static FRAMEWORKS: Family = Family { triggers: &[], read: read_frameworks, numbered: false };

pub(super) static PLATFORMS: Family = Family {
    triggers: &[
        "ios",
        "ipados",
        "iphone os",
        "cpu os",
        "productversion",
        "darwin/",
        "macos",
        "mac os",
        "os x",
        "osx",
        "tvos",
        "watchos",
        "visionos",
        "android",
        "windows",
        "ubuntu",
        "linux",
        "monterey",
        "ventura",
        "sonoma",
        "sequoia",
        "tahoe",
        "catalina",
        "big sur",
        "mojave",
    ],
    read: read_platforms,
    numbered: false,
};

type Table = Vec<(&'static str, Pattern)>;

fn table(words: &[Row]) -> Table {
    words.iter().map(|(name, _, source)| (*name, Pattern::new(&format!(r"(?:^|[^\w])(?P<word>{source})(?:$|[^\w])")))).collect()
}

/// The literals of the two tables: the table's number, the row's, and the literal.
pub(super) fn row_triggers() -> impl Iterator<Item = (usize, usize, &'static str)> {
    let rows = |table: usize, words: &'static [Row]| {
        words.iter().enumerate().flat_map(move |(row, (_, literals, _))| literals.iter().map(move |literal| (table, row, *literal)))
    };
    rows(CIRCUMSTANCE, CIRCUMSTANCE_WORDS).chain(rows(FRAMEWORK, FRAMEWORK_WORDS))
}

/// The tables' places among the families.
const CIRCUMSTANCE: usize = 0;
const FRAMEWORK: usize = 1;

static CIRCUMSTANCE_TABLE: LazyLock<Table> = LazyLock::new(|| table(CIRCUMSTANCE_WORDS));

static FRAMEWORK_TABLE: LazyLock<Table> = LazyLock::new(|| table(FRAMEWORK_WORDS));

/// One fact for each announced row of the table whose words stand on the line.
fn read_table(table: &Table, announced: u64, (kind, field): (Kind, Option<&'static str>), scope: &Scope<'_>, facts: &mut Vec<Fact>) {
    for (_, (name, pattern)) in table.iter().enumerate().filter(|(row, _)| announced & 1 << row != 0) {
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
    read_table(&CIRCUMSTANCE_TABLE, scope.rows[CIRCUMSTANCE], (Kind::Context, Some("is")), scope, facts);
}

fn read_frameworks(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    read_table(&FRAMEWORK_TABLE, scope.rows[FRAMEWORK], (Kind::Framework, None), scope, facts);
}

static PLATFORM: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?:^|[^\w])(?P<os>iOS|iPadOS|iPhone OS|CPU OS|ProductVersion|Darwin|macOS|Mac OS X|Mac OS|OS X|OSX|tvOS|watchOS|visionOS|Android|Windows|Ubuntu|Linux|Monterey|Ventura|Sonoma|Sequoia|Tahoe|Catalina|Big Sur|Mojave)(?:[ \t/:\-]{0,4}(?:version:? ?)?(?P<version>\d{1,2}(?:[._]\d{1,2}){0,2}))?(?:\b|_)",
    )
});

/// `CFNetwork/1496.0.7 Darwin/23.5.0`: the kernel's version tells the year's systems, not which of them; so only what the line names besides.
fn darwin(scope: &Scope<'_>, hit: &crate::pattern::Hit<'_>) -> Option<Fact> {
    /// The kernel of macOS 11 and iOS 14 is 20; later ones count on from there until the numbers of all systems became 26.
    const FIRST: (u32, u32, u32) = (20, 11, 14);
    let kernel: u32 = hit.group("version").split(['.', '_']).next()?.parse().ok().filter(|kernel| (FIRST.0..=24).contains(kernel))?;
    let lower = scope.text.to_lowercase();
    let (os, first) = if lower.contains("macos") || lower.contains("mac os") || lower.contains("x86_64") {
        ("macos", FIRST.1)
    } else if lower.contains("iphone") || lower.contains("ipad") || lower.contains("ios") {
        ("ios", FIRST.2)
    } else {
        return None;
    };
    let version = (first + kernel - FIRST.0).to_string();
    Some(Fact::new(Kind::Platform, scope.start + hit.start, scope.start + hit.end).named(os).with("os", os).with("version", version))
}

fn read_platforms(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    let mut seen: Vec<(&str, String)> = Vec::new();
    for hit in PLATFORM.find_all(scope.text).take(16) {
        // A browser on a phone calls itself `CPU iPhone OS 17_4 like Mac OS X`.
        if crate::text::clip(scope.text, 0..hit.start).ends_with("like") {
            continue;
        }
        let written = hit.group("os").to_lowercase();
        let os = match written.as_str() {
            "darwin" | "productversion" if hit.group("version").is_empty() => continue,
            "darwin" => {
                facts.extend(darwin(scope, &hit));
                continue;
            }
            "ios" | "ipados" | "iphone os" | "cpu os" => "ios",
            "tvos" => "tvos",
            "watchos" => "watchos",
            "visionos" => "visionos",
            "android" => "android",
            "windows" => "windows",
            "ubuntu" | "linux" => "linux",
            _ => "macos",
        };
        let version = hit.group("version").replace('_', ".");
        if seen.contains(&(os, version.clone())) {
            continue;
        }
        seen.push((os, version.clone()));
        facts.push(
            Fact::new(Kind::Platform, scope.start + hit.start, scope.start + hit.end).named(os).with("os", os).with("version", version),
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
        for (text, want) in [
            ("/var/mobile/Containers/Data/Application/1A/Documents/a.sqlite", "device is=device"),
            ("/Users/dev/Library/Developer/CoreSimulator/Devices/1A/data", "simulator is=simulator"),
            ("Run xcodebuild on a GitHub Actions runner", "ci is=ci"),
            ("codesign over ssh", "ssh is=ssh"),
            ("/Applications/Notes.app/Contents/PlugIns/Share.appex/Contents/MacOS/Share", "app-extension is=app-extension"),
            ("Test Suite: KeychainTests (XCTest)", "unit-test is=unit-test"),
            ("Authority=Developer ID Application: Example (ABCDE12345)", "developer-id is=developer-id"),
            ("Signature=adhoc", "ad-hoc is=ad-hoc"),
            ("/Build/Products/Debug-iphoneos/Notes.app", "debug-build is=debug-build"),
            ("/Build/Products/Release-iphoneos/Notes.app", "release-build is=release-build"),
            ("installed by Jamf", "mdm is=mdm"),
        ] {
            assert!(of(Kind::Context, text).contains(&want.to_owned()), "{text}: {:?}", of(Kind::Context, text));
        }
        for text in ["unlocked blocked clidentity", "/var/mobilegestalt", "sshot", "adhocracy", "the circle", "Devicemapper"] {
            assert!(of(Kind::Context, text).is_empty(), "{text}: {:?}", of(Kind::Context, text));
        }
    }

    #[test]
    fn platforms_with_versions() {
        assert_eq!(
            of(Kind::Platform, "iOS 17.4 and macOS Sonoma 14"),
            ["ios os=ios version=17.4", "macos os=macos", "macos os=macos version=14"]
        );
        for (text, want) in [
            ("OS Version:            macOS 14.4 (23E214)", "macos os=macos version=14.4"),
            ("OS Version: iPhone OS 17.4.1 (21E236)", "ios os=ios version=17.4.1"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15", "ios os=ios version=17.4"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15", "macos os=macos version=10.15.7"),
            ("ProductVersion:\t\t14.4", "macos os=macos version=14.4"),
            ("Notes/3 CFNetwork/1496.0.7 Darwin/23.5.0 (iPhone)", "ios os=ios version=17"),
            ("\"os_version\" : \"iPhone OS 18.1 (22B83)\"", "ios os=ios version=18.1"),
            ("iPadOS 18.2", "ios os=ios version=18.2"),
            ("Running on visionOS 2.1", "visionos os=visionos version=2.1"),
        ] {
            assert_eq!(of(Kind::Platform, text), [want], "{text}");
        }
        for text in ["curiosity", "CFNetwork/1496.0.7 Darwin/23.5.0", "ProductVersion", "the CPU os"] {
            assert!(of(Kind::Platform, text).iter().all(|found| !found.contains("version")), "{text}: {:?}", of(Kind::Platform, text));
        }
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
