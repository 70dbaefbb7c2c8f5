//! Never a dead end: what to collect next where the text does not decide, for the sort of problem at hand, with the command that collects it.
//! Nothing is asked for that stands in the input already.

use super::{Confidence, Finding, Severity};
use crate::facts::Kind;
use crate::form::Form;
use crate::matching::Scan;

/// So many questions are asked at once; more would not be answered.
const QUESTIONS: usize = 6;
/// Questions that pages ask, among them.
const OF_PAGES: usize = 3;
/// Questions about the sort of problem, among them.
const OF_TOPIC: usize = 3;

/// What to collect or answer next: empty where something sure was found.
pub(super) fn questions(findings: &[Finding], scan: &Scan, forms: &[Form]) -> Vec<String> {
    let real = || findings.iter().filter(|finding| finding.severity != Severity::Noise);
    if real().any(|finding| finding.confidence < Confidence::Possible) {
        return Vec::new();
    }
    let mut ask: Vec<String> = Vec::new();
    for question in real().take(OF_PAGES).filter_map(|finding| finding.ask.first()) {
        add(&mut ask, question);
    }
    let seen = Seen {
        scan,
        server: forms.contains(&Form::ServerLog),
        build: forms.contains(&Form::BuildLog),
        log: forms.contains(&Form::UnifiedLog),
    };
    if !seen.error() {
        add(&mut ask, NO_ERROR);
    }
    let mut topics: Vec<&str> = real().map(|finding| finding.topic).collect();
    if topics.is_empty() {
        topics = seen.topics();
    }
    let wanted = COLLECT.iter().filter(|row| row.topics.iter().any(|topic| topics.contains(topic)) && (row.lacking)(&seen));
    for row in wanted.take(OF_TOPIC) {
        add(&mut ask, row.question);
    }
    if !seen.has(Kind::Platform) && !seen.server {
        add(&mut ask, SYSTEM);
    }
    if !seen.built() && !seen.build && !seen.server {
        add(&mut ask, BUILD);
    }
    if topics.is_empty() && !seen.log && !seen.server {
        add(&mut ask, LOG);
    }
    ask
}

const NO_ERROR: &str = "The complete error with its domain, code and underlying errors: `print(error as NSError)` in Swift, `NSLog(@\"%@\", error)` in Objective-C; of a server the whole response body.";
const SYSTEM: &str = "The system and its version (`sw_vers` on a Mac; Settings > General > About on a device), and whether it happens on one device or on all.";
const BUILD: &str = "Simulator or device, and how the build got there: Xcode, TestFlight, App Store, Developer ID, a CI job.";
const LOG: &str = "The system's log around the failure: `log show --last 5m --info --debug --predicate 'process == \"YourApp\" OR process == \"secd\" OR process == \"akd\" OR process == \"tccd\"'`, or a sysdiagnose from a device.";

/// What the inputs hold.
struct Seen<'a> {
    scan: &'a Scan,
    server: bool,
    build: bool,
    log: bool,
}

impl Seen<'_> {
    fn has(&self, kind: Kind) -> bool {
        self.scan.facts.iter().any(|group| group.fact.kind == kind)
    }

    fn error(&self) -> bool {
        [Kind::Error, Kind::OAuth, Kind::WebAuthn, Kind::Crash, Kind::SandboxDenial, Kind::Tcc].into_iter().any(|kind| self.has(kind))
    }

    /// Whether the text says how the code was built or where it ran.
    fn built(&self) -> bool {
        const WORDS: &[&str] = &["simulator", "device", "testflight", "app-store", "developer-id", "ad-hoc", "ci", "enterprise"];
        let says = |is: &str| WORDS.contains(&is);
        self.scan.facts.iter().any(|group| group.fact.value("is").is_some_and(|is| says(&is)))
    }

    fn api(&self, start: &str) -> bool {
        self.scan
            .facts
            .iter()
            .any(|group| group.fact.kind == Kind::Api && group.fact.name.as_deref().is_some_and(|name| name.starts_with(start)))
    }

    /// Topics that the facts speak of, where no page was found.
    fn topics(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        for group in &self.scan.facts {
            let by_kind = KINDS.iter().find(|(kind, _)| *kind == group.fact.kind).map(|(_, topic)| *topic);
            let domain = group.fact.domain.as_deref().unwrap_or("");
            let by_domain = || DOMAINS.iter().find(|(start, _)| !domain.is_empty() && domain.starts_with(start)).map(|(_, topic)| *topic);
            if let Some(topic) = by_kind.or_else(by_domain)
                && !found.contains(&topic)
            {
                found.push(topic);
            }
        }
        found
    }
}

/// Kinds of fact that belong to one topic.
const KINDS: &[(Kind, &str)] = &[
    (Kind::OAuth, "siwa"),
    (Kind::WebAuthn, "passkeys"),
    (Kind::SandboxDenial, "sandbox"),
    (Kind::Tcc, "tcc-privacy"),
    (Kind::UsageKey, "tcc-privacy"),
    (Kind::Verdict, "notarization"),
    (Kind::Crash, "code-signing"),
];

/// Beginnings of domains, with the topic of their errors.
const DOMAINS: &[(&str, &str)] = &[
    ("NSOSStatusErrorDomain", "keychain"),
    ("CSSM", "keychain"),
    ("com.apple.LocalAuthentication", "biometrics"),
    ("CryptoTokenKit", "secure-enclave"),
    ("AKAuthenticationError", "siwa"),
    ("appleid.apple.com", "siwa"),
    ("com.apple.AuthenticationServices.WebAuth", "web-auth"),
    ("org.openid.appauth", "web-auth"),
    ("MSAL", "web-auth"),
    ("com.apple.AuthenticationServices", "passkeys"),
    ("ASExtension", "credential-provider"),
    ("ASCredentialIdentityStore", "credential-provider"),
    ("SWCErrorDomain", "associated-domains"),
    ("com.apple.devicecheck", "app-attest"),
    ("com.firebase.appCheck", "app-attest"),
    ("com.google.app_check", "app-attest"),
    ("com.apple.PlatformSSO", "platform-sso"),
    ("com.apple.AppSSO", "platform-sso"),
    ("MobileDevice", "code-signing"),
    ("MIInstaller", "code-signing"),
    ("AppleMobileFileIntegrity", "code-signing"),
    ("RBSRequest", "code-signing"),
    ("CODESIGNING", "code-signing"),
    ("ITMS", "privacy-manifest"),
    ("notary", "notarization"),
    ("stapler", "notarization"),
    ("altool", "notarization"),
    ("NSURLErrorDomain", "transport-security"),
    ("kCF", "transport-security"),
    ("OpenSSL", "transport-security"),
    ("TLS alert", "transport-security"),
    ("net", "transport-security"),
    ("CLAuthorizationStatus", "tcc-privacy"),
    ("kCLErrorDomain", "tcc-privacy"),
    ("CNErrorDomain", "tcc-privacy"),
    ("PHPhotos", "tcc-privacy"),
    ("ATT status", "att"),
];

/// Something to collect about some topics.
struct Collect {
    topics: &'static [&'static str],
    lacking: fn(&Seen<'_>) -> bool,
    question: &'static str,
}

const fn collect(topics: &'static [&'static str], lacking: fn(&Seen<'_>) -> bool, question: &'static str) -> Collect {
    Collect { topics, lacking, question }
}

/// Topics in which the signature decides.
const SIGNED: &[&str] = &[
    "keychain",
    "app-attest",
    "passkeys",
    "associated-domains",
    "credential-provider",
    "sandbox",
    "hardened-runtime",
    "code-signing",
    "tcc-privacy",
    "secure-enclave",
];

/// What decides between neighbours, per topic; the most telling first.
const COLLECT: &[Collect] = &[
    collect(
        &["siwa"],
        |seen| !seen.server,
        "The AuthKit line beside the error, which names the cause: `log stream --predicate 'process == \"akd\" OR subsystem == \"com.apple.AuthenticationServices\"'` while the sign-in fails (Console for a device).",
    ),
    collect(
        &["siwa"],
        |seen| seen.server || seen.has(Kind::OAuth),
        "The parameters of the token request without their secrets (client_id, grant_type, redirect_uri), and header and claims of the client secret: `pitfall inspect -` with the JWT on standard input shows them.",
    ),
    collect(
        &["siwa"],
        |seen| !seen.server && !seen.has(Kind::Entitlement),
        "The entitlements of the built app: `codesign -d --entitlements - --xml /path/to/App.app | plutil -p -`.",
    ),
    collect(
        &["keychain"],
        |seen| !seen.api("SecItem") && !seen.api("SecKey"),
        "The call that failed (SecItemAdd, SecItemCopyMatching, SecItemUpdate, SecItemDelete) and its whole dictionary, printed right before: `print(query as NSDictionary)`.",
    ),
    collect(
        &["secure-enclave", "biometrics"],
        |seen| !seen.api("evaluatePolicy") && !seen.api("canEvaluatePolicy"),
        "What `LAContext().canEvaluatePolicy(.deviceOwnerAuthentication, error: &error)` answers on that device, with its error, and whether a passcode is set.",
    ),
    collect(
        &["app-attest"],
        |seen| !seen.api("attestKey") && !seen.api("generateAssertion"),
        "Which call failed: isSupported, generateKey, attestKey or generateAssertion; and whether the key id was stored by an earlier install.",
    ),
    collect(
        &["app-attest"],
        |seen| !seen.has(Kind::Url),
        "The address that answered and the whole body: the end of an App Check URL (`:exchangeAppAttestAttestation`, `:exchangeDebugToken`…) names the provider at work.",
    ),
    collect(
        &["passkeys", "associated-domains"],
        |_| true,
        "The association file as Apple's CDN has it: `curl -si https://app-site-association.cdn-apple.com/a/v1/example.com` with your domain, and `sudo swcutil dl -d example.com` on a Mac.",
    ),
    collect(
        &["passkeys"],
        |seen| seen.has(Kind::WebAuthn) && !seen.has(Kind::Url),
        "The origin of the page, the RP ID of the options, and whether the call comes out of a tap or a click: `console.log(location.origin, options.publicKey)`.",
    ),
    collect(
        &["credential-provider"],
        |_| true,
        "Whether the system knows the extension: `pluginkit -mAvvv -p com.apple.authentication-services-credential-provider-ui` on a Mac, Settings > General > AutoFill & Passwords on a device.",
    ),
    collect(
        &["web-auth"],
        |_| true,
        "The callback address that the session was given, and the schemes that the built app registers: `plutil -p App.app/Info.plist | grep -A8 CFBundleURLTypes`.",
    ),
    collect(
        &["platform-sso"],
        |_| true,
        "The state of the registration: `app-sso platform -s`, and the log of its agent: `log show --last 10m --predicate 'process == \"AppSSOAgent\"'`.",
    ),
    collect(
        &["sandbox"],
        |seen| !seen.has(Kind::SandboxDenial),
        "The kernel's denial, which names operation and path: `log stream --predicate 'sender == \"Sandbox\"'` while it fails.",
    ),
    collect(
        &["tcc-privacy"],
        |seen| !seen.has(Kind::Tcc),
        "What tccd decided and for whom: `log stream --debug --predicate 'subsystem == \"com.apple.TCC\"'` while the access fails.",
    ),
    collect(
        &["tcc-privacy"],
        |seen| !seen.has(Kind::UsageKey),
        "The purpose strings of the built app: `plutil -p App.app/Contents/Info.plist | grep UsageDescription` (on iOS App.app/Info.plist).",
    ),
    collect(
        &["att"],
        |_| true,
        "The status before the call and the application's state at that moment: `print(ATTrackingManager.trackingAuthorizationStatus.rawValue, UIApplication.shared.applicationState.rawValue)`.",
    ),
    collect(
        &["code-signing", "hardened-runtime"],
        |seen| !seen.has(Kind::Verdict),
        "The signature as it was built: `codesign -dvvv --entitlements - App.app` and `codesign --verify --deep --strict --verbose=4 App.app`.",
    ),
    collect(
        &["code-signing"],
        |_| true,
        "The profile inside the app: `security cms -D -i App.app/embedded.mobileprovision` (on a Mac App.app/Contents/embedded.provisionprofile); `pitfall inspect` reads it too.",
    ),
    collect(
        &["notarization"],
        |_| true,
        "The notary's log of the submission: `xcrun notarytool log SUBMISSION-ID --keychain-profile PROFILE`, and `spctl -a -vvv -t exec App.app`.",
    ),
    collect(
        &["transport-security", "crypto-certs"],
        |_| true,
        "What the server sends and which rule fails: `openssl s_client -connect host:443 -servername host -showcerts </dev/null` and `nscurl --ats-diagnostics --verbose https://host`.",
    ),
    collect(
        &["transport-security"],
        |seen| !seen.has(Kind::Url),
        "The address that was loaded, and NSAppTransportSecurity of the built Info.plist: `plutil -extract NSAppTransportSecurity json -o - App.app/Info.plist`.",
    ),
    collect(
        &["privacy-manifest"],
        |_| true,
        "The whole mail or message with its paths, and the manifests that were shipped: `find App.app -name PrivacyInfo.xcprivacy -print -exec plutil -p {} ';'`.",
    ),
    collect(
        &["data-protection"],
        |_| true,
        "The protection class of the file, and whether the device was locked: `try FileManager.default.attributesOfItem(atPath: path)[.protectionKey]`.",
    ),
    collect(
        SIGNED,
        |seen| !seen.has(Kind::Entitlement),
        "The entitlements of the built product, not of the project: `codesign -d --entitlements - --xml /path/to/App.app | plutil -p -`.",
    ),
];

fn add(ask: &mut Vec<String>, question: &str) {
    if ask.len() < QUESTIONS && !ask.iter().any(|known| known == question) {
        ask.push(question.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Engine, Input, Options};

    fn ask(text: &str) -> Vec<String> {
        let engine = Engine::new(Vec::new());
        engine.triage(&[Input { name: "-".into(), bytes: text.as_bytes().to_vec() }], &Options::default()).ask
    }

    #[test]
    fn what_is_asked_fits_the_problem() {
        for (text, want) in [
            ("Error Domain=com.apple.AppSSO.AuthorizationError Code=-7 \"x\"", "app-sso platform -s"),
            ("ASExtensionErrorDomain error 0", "pluginkit"),
            ("Error Domain=NSURLErrorDomain Code=-1017 \"x\"", "nscurl"),
            ("LAError Code=-14", "canEvaluatePolicy"),
            ("my app does not do what it should", "print(error as NSError)"),
        ] {
            assert!(ask(text).iter().any(|question| question.contains(want)), "{text}: {:?}", ask(text));
        }
    }

    #[test]
    fn nothing_is_asked_that_stands_there() {
        let told = "LAError Code=-14 from evaluatePolicy on a device with iOS 18.2, TestFlight build\n<key>keychain-access-groups</key>";
        let found = ask(told);
        for unwanted in ["canEvaluatePolicy", "sw_vers", "Simulator or device", "codesign -d --entitlements", "print(error"] {
            assert!(!found.iter().any(|question| question.contains(unwanted)), "{unwanted}: {found:?}");
        }
        assert!(ask("Authorization failed: Error Domain=AKAuthenticationError Code=-7026 \"(null)\"").is_empty());
    }
}
