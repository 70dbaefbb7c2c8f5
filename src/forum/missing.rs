//! What a question leaves out: the one thing that would decide it, why it matters, and the command or setting that shows it. Nothing is asked
//! for that is there.

use super::class::{Kind, Verdict};
use super::thread::Thread;
use crate::engine::Glance;
use crate::facts::Kind as FactKind;

/// Something that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// Its name, the same for ever.
    pub id: &'static str,
    /// What.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// The command or setting that shows it.
    pub how: &'static str,
}

/// What a thread says, as the rows ask it.
struct Said<'a> {
    text: String,
    glance: &'a Glance,
    topic: &'a str,
}

impl Said<'_> {
    fn any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.contains(word))
    }

    fn has(&self, kind: FactKind) -> bool {
        self.glance.facts.iter().any(|fact| fact.kind == kind)
    }

    fn is(&self, circumstance: &str) -> bool {
        self.glance.facts.iter().any(|fact| fact.field("is").as_deref() == Some(circumstance))
    }

    fn topic(&self, topics: &[&str]) -> bool {
        topics.contains(&self.topic)
    }

    /// An error with domain and code, or the word of a protocol.
    fn error(&self) -> bool {
        [
            FactKind::Error,
            FactKind::OAuth,
            FactKind::WebAuthn,
            FactKind::Crash,
            FactKind::ExitStatus,
            FactKind::SandboxDenial,
            FactKind::Verdict,
        ]
        .iter()
        .any(|kind| self.has(*kind))
    }

    fn code(&self, code: &str) -> bool {
        self.glance.facts.iter().any(|fact| fact.code.as_ref().is_some_and(|known| known.to_string() == code))
    }

    /// Something went wrong, rather than a question of design.
    fn fails(&self) -> bool {
        !self.designs()
            && (self.error()
                || self.any(&[
                    "fail",
                    "error",
                    "crash",
                    "not work",
                    "doesn't work",
                    "does not work",
                    "stuck",
                    "denied",
                    "rejected",
                    "missing",
                    "lost",
                    "-25",
                    "-34",
                ]))
    }

    /// Several questions about how to build something, rather than about a failure.
    fn designs(&self) -> bool {
        let asks = self.text.matches('?').count();
        asks >= 3
            && self.any(&["recommend", "best practice", "guidance", "strategy", "is this the right way", "how should", "retry"])
            && !self.any(&["error domain=", "osstatus"])
    }

    fn server(&self) -> bool {
        self.any(&[
            "auth/token",
            "client_secret",
            "client secret",
            "backend",
            "invalid_client",
            "invalid_grant",
            "token endpoint",
            "our server",
            "my server",
        ])
    }
}

/// A row: what may be missing, of which threads it is asked, and when it is there.
struct Row {
    missing: Missing,
    of: fn(&Said<'_>) -> bool,
    there: fn(&Said<'_>) -> bool,
}

macro_rules! row {
    ($id:literal, $what:literal, $why:literal, $how:literal, $of:expr, $there:expr) => {
        Row { missing: Missing { id: $id, what: $what, why: $why, how: $how }, of: $of, there: $there }
    };
}

/// What decides, the most specific first.
const ROWS: &[Row] = &[
    row!(
        "authkit-line",
        "The `AKAuthenticationError` line that stands in the device's log beside the 1000 or 1001",
        "1001 only says that the request ended; the line beside it names the cause, for example -7026 for the entitlement or -7034 for an account without two-factor authentication",
        "Reproduce with Console open on the device, filter by process `akd` and by `AuthKit`, and copy what stands within a second of the failure",
        |said| said.topic == "siwa" && !said.server() && (said.code("1000") || said.code("1001") || said.any(&["canceled", "cancelled"])),
        |said| said.any(&["akauthenticationerror", "authkit", "-7026", "-7034", "-7003", "-7071", "-7089"])
    ),
    row!(
        "each-call-alone",
        "The log of each sign-in call by itself: the one for existing credentials and the full one",
        "A request for an existing credential is meant to fail for somebody who never signed in, so the two must not be judged together",
        "Start the app anew, make one call only, note whether a sheet appears, copy the log; then the same with the other call",
        |said| said.topic == "siwa"
            && said.any(&["quicklogin", "quick login", "existing account", "aspassword", "asauthorizationpasswordprovider"]),
        |said| said.any(&["no sheet", "sheet appears", "separately"])
    ),
    row!(
        "token-form",
        "Header and claims of the client_secret that was really sent (not the signature), and the names and values of the form fields without code and secret",
        "Apple compares `sub` with `client_id` and checks alg, kid, iss, aud and the dates; only the values of one real request show a mismatch",
        "`cut -d. -f1,2 secret.jwt | tr . '\\n' | while read p; do echo $p | base64 -d; echo; done`, or paste the token into `pitfall inspect -`",
        |said| said.topic == "siwa" && said.server() && said.any(&["invalid_client", "client_secret", "client secret"]),
        |said| said.any(&["\"alg\"", "alg:", "es256"]) && said.any(&["\"iat\"", "iat", "exp"]) && said.any(&["kid"])
    ),
    row!(
        "code-origin",
        "Where the authorization code came from (the app or a web page), how old it is, and whether it was used before",
        "A code belongs to one client, lives five minutes and works once",
        "Log the time of receipt and of the exchange, and the client that asked for it",
        |said| said.topic == "siwa" && said.server() && said.any(&["invalid_grant", "authorization code", "auth code"]),
        |said| said.any(&["five minutes", "5 minutes", "first use", "fresh code", "used once", "native app"])
    ),
    row!(
        "request-url",
        "The complete URL in the address bar where it goes wrong, with the values of its parameters blotted out",
        "Host and path tell whose page it is and which flow runs",
        "Copy it from the browser, or from the web inspector's network tab",
        |said| said.topic == "siwa"
            && said.any(&["account.apple.com", "appleid.auth", "redirect_uri", "web form", "popup"])
            && !said.server()
            && !said.any(&["ipv6"]),
        |said| said.any(&["/auth/authorize?"])
    ),
    row!(
        "query-and-status",
        "The query dictionary with its attributes (not the secret) and the raw OSStatus of the call",
        "Which keychain, group and accessibility class are asked decides; a wrapper's own error hides the status",
        "`print(query)` before the call; `SecCopyErrorMessageString(status, nil)` and the number after it",
        |said| said.topic == "keychain" && said.fails(),
        |said| said.any(&["ksecclass", "ksecattr"]) && said.error()
    ),
    row!(
        "lock-state",
        "Whether the device was locked, or not yet unlocked since it started, when the call ran, and the stored item's accessibility class",
        "-25308 is about the state of the device at that moment",
        "Read the item with `kSecReturnAttributes` while unlocked and print `kSecAttrAccessible`; log `UIApplication.shared.isProtectedDataAvailable` beside the failure",
        |said| said.topic == "keychain" && (said.code("-25308") || said.any(&["background", "interaction is not allowed"])),
        |said| said.any(&["ksecattraccessible"]) && (said.is("locked-device") || said.is("before-first-unlock"))
    ),
    row!(
        "entitlements",
        "The entitlements of the built app, not of the project",
        "What was signed counts; a profile, a plug-in or a re-signing step may have dropped one",
        "`codesign -d --entitlements - --xml /path/to/App.app | plutil -p -` (on the app inside the .ipa or the archive)",
        |said| said.fails()
            && !said.server()
            && said.topic(&[
                "keychain",
                "siwa",
                "app-attest",
                "associated-domains",
                "passkeys",
                "credential-provider",
                "sandbox",
                "hardened-runtime",
                "data-protection"
            ]),
        |said| said.any(&[
            "codesign -d",
            "codesign --display",
            "[key]",
            "<key>com.apple",
            "entitlements of the built",
            "embedded.mobileprovision"
        ])
    ),
    row!(
        "per-call-error",
        "For each call (generateKey, attestKey, generateAssertion): domain, code and system version of the failure, and whether the app was reinstalled or restored before",
        "The same number means different things in different calls, and keys do not survive a reinstall or a restore while stored key ids may",
        "Log `(error as NSError).domain` and `.code` beside the name of the call",
        |said| said.topic == "app-attest"
            && said.any(&["dcerror", "attestkey", "generatekey", "generateassertion", "app attest"])
            && !said.any(&["authdata", "nonce", "rp id", "verif", "trustworthy"]),
        |said| said.any(&["dcerrordomain", "com.apple.devicecheck.error"]) && said.has(FactKind::Platform)
    ),
    row!(
        "attestation-values",
        "The attestation or assertion itself from a test device (base64), with the challenge and the key id that belong to it",
        "Which of the checks fails can be computed from these three",
        "Log them on a test build; `pitfall inspect attestation.b64` names the check that fails",
        |said| said.topic == "app-attest" && said.any(&["verif", "authdata", "nonce", "trustworthy"]) && said.fails(),
        |said| said.any(&["base64", "o2nmbxr"])
    ),
    row!(
        "webauthn-options",
        "The options as the page sent them (rpId, challenge length, userVerification, allowCredentials) and the browser or native API in use",
        "The client obeys the options, not the settings of the site; most surprises stand in them",
        "Network tab of the browser, or log the JSON before `navigator.credentials` is called",
        |said| said.topic(&["passkeys", "credential-provider"])
            && said.any(&["webauthn", "userverification", "user verification", "rpid", "relying party", "aaguid", "navigator.credentials"]),
        |said| said.any(&["\"rpid\"", "\"userverification\"", "allowcredentials"])
    ),
    row!(
        "provider-bytes",
        "The bytes that the extension hands over and those that the site receives, and whether the credential id is one that your extension stored",
        "Only both together show who changes a value; the provider's name that a site prints is no proof",
        "Log `attestationObject` in the extension as hex; decode `response.attestationObject` in the page's console",
        |said| said.topic == "credential-provider" && said.any(&["aaguid", "attestation object"]),
        |said| said.any(&["response.attestationobject", "authdata"])
    ),
    row!(
        "provider-methods",
        "Which of the provider's methods are overridden, what the one without interaction returns or cancels with, and whether a suggestion was tapped or the list opened",
        "The system shows your interface only after a cancel with `ASExtensionError.userInteractionRequired` (100)",
        "A log line in each of the entrances, and the code of `provideCredentialWithoutUserInteraction`",
        |said| said.topic == "credential-provider"
            && said.any(&["providecredentialwithoutuserinteraction", "prepareinterface", "preparecredentiallist"]),
        |said| said.any(&["userinteractionrequired", "cancelrequest"])
    ),
    row!(
        "identity-store",
        "The result and error of the store's calls in order, and whether `getState` says enabled",
        "Incremental updates are possible only after a full replacement has succeeded",
        "Log `state.isEnabled` and `state.supportsIncrementalUpdates` after each `replaceCredentialIdentities`",
        |said| said.topic == "credential-provider" && said.any(&["ascredentialidentitystore", "supportsincrementalupdates"]),
        |said| said.any(&["replacecredentialidentities"])
    ),
    row!(
        "aasa-as-served",
        "The association file as Apple's cache serves it, and the domain line of the built app's entitlements",
        "Devices ask Apple's cache, not your server",
        "`curl -i https://app-site-association.cdn-apple.com/a/v1/YOUR.DOMAIN`",
        |said| said.topic(&["associated-domains", "passkeys"]) && said.fails(),
        |said| said.any(&["app-site-association.cdn-apple.com", "\"applinks\"", "\"webcredentials\""])
    ),
    row!(
        "session-call",
        "The call that starts the session with its callback scheme, the last URL in the sheet, and the server's answer to the last request (status and `Location`)",
        "The session ends only when the page goes to the callback; these three show where it stops",
        "Log the URL and scheme at the start; read the server's log for the request after the login",
        |said| said.topic == "web-auth"
            && said.any(&[
                "aswebauthenticationsession",
                "callback",
                "redirect",
                "transfer",
                "does not return",
                "doesn't return",
                "custom scheme"
            ]),
        |said| said.any(&["callbackurlscheme"]) && said.any(&["location:"])
    ),
    row!(
        "sso-wanted",
        "Whether single sign-on with the browser is wanted, and whether the session is ephemeral at login and at logout",
        "That choice decides whether the system asks, and whether a logout ends anything",
        "The value of `prefersEphemeralWebBrowserSession` (or of your SDK's option) at both places; SDK and version",
        |said| said.topic == "web-auth" && said.any(&["log out", "logout", "sign out", "pop-up", "popup"]),
        |said| said.any(&["prefersephemeral", "ephemeral"])
    ),
    row!(
        "web-view-choice",
        "The SDK with its version, how it chooses the web view, the redirect URI at the provider and in Info.plist, and the words of the review",
        "The SDK's default is already an in-app sheet; something else opens the browser",
        "The parameters of the sign-in call, and CFBundleURLTypes",
        |said| said.topic == "web-auth" && said.any(&["webview", "web view", "wkwebview", "msal", "rejection", "rejected"]),
        |said| said.any(&["webviewtype", "cfbundleurltypes"])
    ),
    row!(
        "psso-state",
        "macOS version, the state of Platform SSO on the Mac and the configuration profile without its secrets",
        "Protocol version, method and type of the extension come from the profile",
        "`app-sso platform -s`; `profiles show -type configuration` (redacted)",
        |said| said.topic == "platform-sso",
        |said| said.any(&["app-sso platform", "com.apple.extensiblesso"])
    ),
    row!(
        "denial-line",
        "The sandbox's own line about the refusal: operation and path",
        "It names what is refused and to whom; the error of the API does not",
        "`log show --last 5m --predicate 'process == \"kernel\" AND eventMessage CONTAINS \"deny(1)\"'`",
        |said| said.topic == "sandbox" && said.fails(),
        |said| said.has(FactKind::SandboxDenial)
    ),
    row!(
        "tcc-state",
        "The authorization status before and after the call, the usage description in the built Info.plist, and who the system takes for responsible",
        "The status tells whether nobody was asked, somebody refused, or the signature changed since",
        "`plutil -p App.app/Contents/Info.plist | grep Usage`; `log show --last 5m --predicate 'process == \"tccd\"'`",
        |said| said.topic == "tcc-privacy" && said.fails(),
        |said| said.has(FactKind::Tcc) || said.has(FactKind::UsageKey) && said.any(&["authorizationstatus", "authorization status"])
    ),
    row!(
        "att-status",
        "`trackingAuthorizationStatus` printed before and after the request, and where in the app's life the request is made",
        "The prompt comes only while the app is active; asked earlier, the answer is notDetermined without a prompt",
        "Log the status and `UIApplication.shared.applicationState` beside the call",
        |said| said.topic == "att" && said.fails(),
        |said| said.any(&["applicationdidbecomeactive", "didbecomeactive", "scenedidbecomeactive", "applicationstate"])
    ),
    row!(
        "privacy-answers",
        "Whether the ads are personalised, which SDKs with which versions are in the app, and Xcode's privacy report",
        "The answers in App Store Connect, the manifests and the tracking prompt must agree",
        "Organizer > archive > Generate Privacy Report",
        |said| said.topic == "privacy-manifest" && said.any(&["ads", "admob", "advertis", "tracking"]),
        |said| said.any(&["privacy report"])
    ),
    row!(
        "upload-message",
        "The message of the upload or of the review in full, with its ITMS number",
        "The number names the file and the key that is missing",
        "The e-mail after the upload, or App Store Connect > the build",
        |said| said.topic == "privacy-manifest" && said.fails() && !said.any(&["ads", "admob"]),
        |said| said.any(&["itms-"])
    ),
    row!(
        "signature",
        "The signature of what was built, with every nested piece, and the identities that the machine has",
        "Which certificate, which team and which flags are on it decides",
        "`codesign -dvvv --entitlements - App.app`; `codesign --verify --deep --strict -vvv App.app`; `security find-identity -v -p codesigning`",
        |said| said.topic(&["code-signing", "hardened-runtime"]) && said.fails(),
        |said| said.any(&["codesign -d", "authority=", "teamidentifier=", "codesign --verify"])
    ),
    row!(
        "notary-log",
        "The notary's log of the submission",
        "It names each file and what is wrong with it",
        "`xcrun notarytool log SUBMISSION-ID --keychain-profile PROFILE`",
        |said| said.topic == "notarization" && said.any(&["invalid", "rejected", "fail", "submission", "refused"]),
        |said| said.any(&["\"issues\"", "statussummary", "notarytool log"])
    ),
    row!(
        "tls-diagnosis",
        "What the server offers, and the host and error of the failing request",
        "Versions, ciphers and the certificate chain decide",
        "`nscurl --ats-diagnostics --verbose https://HOST`; `openssl s_client -connect HOST:443 -servername HOST`",
        |said| said.topic == "transport-security" && said.fails(),
        |said| said.any(&["nscurl", "s_client"])
    ),
    row!(
        "name-resolution",
        "What name resolution and a connection over IPv6 say from that server today, and whether the provider offers NAT64",
        "Addresses of Apple's hosts change; the answer of a year ago may no longer hold",
        "`dig +short AAAA appleid.apple.com`; `curl -6 -sS -o /dev/null -w '%{http_code}\\n' https://appleid.apple.com/auth/keys`",
        |said| said.any(&["ipv6"]),
        |said| said.any(&["nat64", "dig "])
    ),
    row!(
        "whole-error",
        "The complete error with domain, code and underlying errors",
        "The description is for users; domain, code and NSUnderlyingError are for us",
        "`print(error as NSError)` in Swift, `NSLog(@\"%@\", error)` in Objective-C; of a server the whole response body",
        |said| said.fails() && !said.topic(&["platform-sso", "web-auth", "att", "privacy-manifest"]),
        |said| said.error() || said.has(FactKind::Tcc)
    ),
    row!(
        "system",
        "Device and system version, and whether it happens on one device or on all",
        "Several of these causes exist on some versions only",
        "Settings > General > About, or `sw_vers`",
        |said| said.fails() && !(said.topic == "siwa" && said.server()),
        |said| said.has(FactKind::Platform)
    ),
    row!(
        "distribution",
        "How the build got onto the device: Xcode, TestFlight, App Store, Developer ID; and whether it also fails in the others",
        "Signing, entitlements and environment differ between them",
        "Say which, and the Xcode version that built it",
        |said| said.fails()
            && !said.server()
            && said.topic(&[
                "keychain",
                "siwa",
                "app-attest",
                "att",
                "associated-domains",
                "code-signing",
                "passkeys",
                "tcc-privacy",
                "hardened-runtime"
            ]),
        |said| ["testflight", "app-store", "developer-id", "debug-build", "release-build", "ad-hoc", "enterprise", "simulator"]
            .iter()
            .any(|is| said.is(is))
            || said.any(&["xcode"])
    ),
];

/// So many things are asked for at once; more would not be answered.
const ASKED: usize = 5;

/// What a thread leaves out, the most specific first.
pub(super) fn missing(thread: &Thread, verdict: &Verdict, glance: &Glance) -> Vec<Missing> {
    if verdict.kind != Kind::Question || thread.answered {
        return Vec::new();
    }
    let replies = thread.replies.iter().map(|reply| reply.body.as_str());
    let text =
        std::iter::once(thread.title.as_str()).chain([thread.body.as_str()]).chain(replies).collect::<Vec<_>>().join("\n").to_lowercase();
    let said = Said { text, glance, topic: verdict.topic.unwrap_or("") };
    ROWS.iter().filter(|row| (row.of)(&said) && !(row.there)(&said)).map(|row| row.missing).take(ASKED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    fn of(topic: &'static str, body: &str) -> Vec<&'static str> {
        let engine = Engine::new(Vec::new());
        let thread = Thread { title: "A question".into(), body: body.into(), ..Thread::default() };
        let verdict = Verdict { topic: Some(topic), ..Verdict::default() };
        missing(&thread, &verdict, &engine.glance(&thread.text())).iter().map(|one| one.id).collect()
    }

    #[test]
    fn each_class_of_problem_misses_its_own() {
        assert_eq!(
            of("siwa", "The sheet fails with code 1001: com.apple.AuthenticationServices.AuthorizationError Code=1001")[..2],
            ["authkit-line", "entitlements"]
        );
        assert!(of("siwa", "Our backend gets invalid_client from auth/token").contains(&"token-form"));
        assert!(of("keychain", "The read fails").contains(&"query-and-status"));
        assert!(of("att", "The prompt is stuck in notDetermined").contains(&"att-status"));
        assert!(of("notarization", "The submission was rejected").contains(&"notary-log"));
        assert!(of("platform-sso", "How do I register?").contains(&"psso-state"));
    }

    #[test]
    fn what_is_there_is_not_asked_for() {
        let asked = of(
            "siwa",
            "Fails with 1001, beside it AKAuthenticationError Code=-7026, on iOS 26.1 from TestFlight; codesign -d --entitlements - shows com.apple.developer.applesignin",
        );
        assert!(asked.is_empty(), "{asked:?}");
        assert!(!of("keychain", "SecItemAdd fails: OSStatus -34018 for [kSecClass: x, kSecAttrAccount: y]").contains(&"query-and-status"));
        assert!(!of("siwa", "invalid_client; header alg: ES256, kid ABCDE12345, iat and exp are right").contains(&"token-form"));
    }

    #[test]
    fn ids_are_single_and_every_row_is_a_sentence_with_a_way() {
        let mut ids: Vec<_> = ROWS.iter().map(|row| row.missing.id).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
        assert!(ROWS.iter().all(|row| !row.missing.how.is_empty() && !row.missing.why.is_empty() && !row.missing.what.ends_with('.')));
    }
}
