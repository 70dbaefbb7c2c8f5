//! What is public: never replaced, whoever says it.

/// Domains that are no one's own: Apple's, and what every log and document names. With all their subdomains.
const DOMAINS: &[&str] = &[
    "openssh.com",
    "libssh.org",
    "lysator.liu.se",
    "apple.com",
    "apple.com.cn",
    "icloud.com.cn",
    "osstatus.com",
    "js.org",
    "amplify.aws",
    "applovin.com",
    "appsflyer.com",
    "adjust.com",
    "branch.io",
    "amplitude.com",
    "mixpanel.com",
    "onesignal.com",
    "doubleclick.net",
    "app-measurement.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "apple-dns.net",
    "aaplimg.com",
    "cdn-apple.com",
    "mzstatic.com",
    "apple-cloudkit.com",
    "icloud-content.com",
    "itunes.com",
    "appleid.com",
    "apple.news",
    "swift.org",
    "webkit.org",
    "macports.org",
    "brew.sh",
    "opensource.org",
    "w3.org",
    "ietf.org",
    "iana.org",
    "rfc-editor.org",
    "oasis-open.org",
    "schema.org",
    "openid.net",
    "oauth.net",
    "fidoalliance.org",
    "webauthn.io",
    "jwt.io",
    "example.com",
    "example.org",
    "example.net",
    "stackoverflow.com",
    "github.com",
    "githubusercontent.com",
    "gitlab.com",
    "bitbucket.org",
    "google.com",
    "googleapis.com",
    "gstatic.com",
    "crashlytics.com",
    "mozilla.org",
    "chromium.org",
    "microsoft.com",
    "microsoftonline.com",
    "digicert.com",
    "letsencrypt.org",
    "lencr.org",
    "globalsign.com",
    "sectigo.com",
    "entrust.net",
    "verisign.com",
    "godaddy.com",
    "cloudflare.com",
    "amazontrust.com",
    "amazonaws.com",
    "facebook.com",
    "npmjs.org",
    "npmjs.com",
    "cocoapods.org",
    "wikipedia.org",
    "sqlite.org",
    "openssl.org",
    "kernel.org",
    "gnu.org",
    "apache.org",
    "python.org",
    "rust-lang.org",
    "crates.io",
    "docs.rs",
    "nodejs.org",
    "maven.org",
    "gradle.org",
    "flutter.dev",
    "dart.dev",
    "pub.dev",
    "reactnative.dev",
    "expo.dev",
    "fastlane.tools",
    "firebase.com",
    "sentry.io",
    "slashdot.org",
    "archive.org",
    "medium.com",
    "reddit.com",
    "youtube.com",
    "twitter.com",
];

/// Of these only the domain itself is public: what stands before it is somebody's own.
const SHARED: &[&str] = &["amazonaws.com", "github.io", "gitlab.io", "firebaseio.com", "cloudfront.net", "microsoftonline.com"];

/// Who hands out addresses to everybody: telling which one tells nobody.
const MAILERS: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "proton.me",
    "protonmail.com",
    "aol.com",
    "qq.com",
    "163.com",
    "example.com",
    "example.org",
    "privaterelay.appleid.com",
];

/// Fronts of identifiers that belong to systems and well-known libraries.
const VENDORS: &[&str] = &[
    "com.apple",
    "com.google",
    "com.microsoft",
    "com.adobe",
    "com.facebook",
    "com.amazon",
    "com.amazonaws",
    "com.crashlytics",
    "com.firebase",
    "com.example",
    "org.example",
    "net.example",
    "com.yourcompany",
    "com.mycompany",
    "com.yourdomain",
    "com.mydomain",
    "com.company",
    "com.domain",
    "com.your",
    "com.my",
    "org.swift",
    "org.webkit",
    "org.chromium",
    "org.mozilla",
    "org.cocoapods",
    "org.python",
    "org.apache",
    "org.w3",
    "org.iso",
    "io.flutter",
    "dev.flutter",
    "io.sentry",
    "io.realm",
    "org.sparkle-project",
    "com.electron",
    "com.github",
    "com.atlassian",
    "com.jetbrains",
    "com.docker",
    "com.vmware",
    "com.parallels",
    "com.unity3d",
    "com.swiftlee",
    "com.squareup",
    "com.alamofire",
    "com.auth0",
    "com.okta",
    "com.bugsnag",
    "org.gradle",
    "org.slf4j",
    "org.springframework",
    "com.fasterxml",
    "com.sun",
    "com.oracle",
    "org.json",
    "org.bouncycastle",
    "net.openid",
    "org.openid",
    "public.app-category",
    "com.symantec",
    "com.intel",
    "com.amd",
    "com.nvidia",
    "com.valvesoftware",
    "com.dts",
    "net.inet",
    "net.link",
    "net.core",
    "net.ipv4",
    "net.local",
    "com.ibm",
    "org.keycloak",
    "com.webauthn4j",
    "com.kishikawakatsumi",
    "com.salesforce",
    "net.java",
    "com.samsoffes",
    "com.nimbusds",
    "io.jsonwebtoken",
    "com.8bit",
    "com.yubico",
    "org.jose4j",
    "com.bitwarden",
    "com.1password",
    "com.agilebits",
    "com.android",
];

/// Apple's own teams, as its own programs show them.
const TEAMS: &[&str] = &["243LU875E5", "74J34U3R6X", "K36BKF7T3D", "59GAB85EFG", "F3LWYJ7GM7", "0000000000"];

/// Accounts that every machine has, and words that stand where a name would.
const USERS: &[&str] = &[
    "shared",
    "runner",
    "guest",
    "root",
    "public",
    "default",
    "all users",
    "user",
    "users",
    "username",
    "you",
    "yourname",
    "name",
    "me",
    "myuser",
    "xxx",
    "xxxx",
    "mobile",
    "daemon",
    "nobody",
    "admin",
    "administrator",
    "developer",
    "dev",
    "travis",
    "circleci",
    "distiller",
    "vsts",
    "jenkins",
    "builder",
    "build",
    "ci",
    "vagrant",
    "ubuntu",
    "app",
    "node",
    "deleted users",
    "whoever",
    "someone",
    "somebody",
    "library",
    "staff",
    "wheel",
    "(null)",
    "null",
    "nil",
    "none",
    "vmuser",
    "appveyor",
    "buildkite",
    "gitlab",
    "github",
    "example",
    "test",
    "tmp",
    "local",
    "sandbox",
    "home",
];

/// Words that are names too: taken for one only where a rule says so, never spread over the text.
const COMMON: &[&str] = &[
    "mark",
    "will",
    "grant",
    "chase",
    "bill",
    "rich",
    "art",
    "max",
    "pat",
    "sky",
    "joy",
    "dawn",
    "may",
    "april",
    "june",
    "summer",
    "faith",
    "hope",
    "grace",
    "rose",
    "iris",
    "frank",
    "drew",
    "rob",
    "sue",
    "miles",
    "chip",
    "ray",
    "christian",
    "penny",
    "robin",
    "jack",
    "mac",
    "apple",
    "ipad",
    "iphone",
    "watch",
    "notes",
    "mail",
    "safari",
    "finder",
    "xcode",
    "kernel",
    "system",
    "server",
    "client",
    "keychain",
    "security",
    "login",
    "main",
    "data",
    "error",
    "info",
    "debug",
    "warning",
    "release",
    "this",
    "that",
    "with",
    "from",
    "http",
    "https",
    "file",
    "path",
    "team",
    "code",
    "token",
    "work",
    "office",
    "iphones",
    "swift",
    "demo",
    "user",
    "test",
    "tests",
    "local",
    "macbook",
    "imac",
    "mini",
    "studio",
    "admin",
    "default",
    "none",
    "null",
    "true",
    "false",
    "password",
];

/// Whether a host is public.
pub(super) fn is_host(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let under = |domain: &&&str| host == **domain || host.strip_suffix(**domain).is_some_and(|front| front.ends_with('.'));
    let shared = SHARED.iter().find(under).is_some_and(|domain| {
        host != **domain && !matches!(host.as_str(), "www.googleapis.com" | "oauth2.googleapis.com" | "login.microsoftonline.com")
    });
    !shared
        && (DOMAINS.iter().any(|domain| under(&domain))
            || matches!(host.as_str(), "localhost" | "localhost.localdomain" | "broadcasthost")
            || host.ends_with(".example")
            || host.ends_with(".test")
            || host.ends_with(".invalid"))
}

/// Whether addresses of this domain belong to all and sundry.
pub(super) fn is_mailer(domain: &str) -> bool {
    MAILERS.iter().any(|known| known.eq_ignore_ascii_case(domain))
}

/// Whether an identifier belongs to a system, a well-known library or a document.
pub(super) fn is_bundle(id: &str) -> bool {
    let id = id.to_ascii_lowercase();
    VENDORS.iter().any(|vendor| id.strip_prefix(vendor).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

/// Whether a team is Apple's, or no team at all.
pub(super) fn is_team(team: &str) -> bool {
    let first = team.chars().next();
    TEAMS.contains(&team) || team.chars().all(|c| Some(c) == first) || team.starts_with("TEAM0") || is_placeholder(team)
}

/// Whether an account is on every machine.
pub(super) fn is_user(user: &str) -> bool {
    USERS.iter().any(|known| known.eq_ignore_ascii_case(user)) || user.starts_with('_') || user.starts_with('$') || user.starts_with('%')
}

/// Whether a name is an everyday word too.
pub(super) fn is_common(word: &str) -> bool {
    COMMON.iter().any(|known| known.eq_ignore_ascii_case(word)) || is_user(word)
}

/// Whether this stands where a value would: `<token>`, `YOUR_KEY`, `xxxx`, `nil`, `***`.
pub(super) fn is_placeholder(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "nil",
        "null",
        "(null)",
        "none",
        "true",
        "false",
        "yes",
        "no",
        "undefined",
        "<private>",
        "<redacted>",
        "<nil>",
        "empty",
        "(none)",
        "private",
        "hidden",
        "base64",
        "masked",
        "secret",
        "value",
        "string",
        "data",
        "optional",
    ];
    const PARTS: &[&str] =
        &["redacted", "your", "xxxx", "****", "....", "placeholder", "…", "<", ">", "${", "$(", "@keychain:", "@env:", "not shown", "••"];
    let lower = value.trim_matches(['"', '\'']).to_ascii_lowercase();
    let first = lower.chars().next();
    WORDS.contains(&lower.as_str())
        || PARTS.iter().any(|part| lower.contains(part))
        || lower.starts_with('$')
        || lower.chars().all(|c| Some(c) == first && !c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_public_is_known() {
        for host in [
            "appleid.apple.com",
            "app-site-association.cdn-apple.com",
            "data.appattest.apple.com",
            "GitHub.com",
            "api.example.com",
            "localhost",
        ] {
            assert!(is_host(host), "{host}");
        }
        for host in ["acme.com", "notapple.com", "apple.com.evil.io", "db1.eu-west-1.rds.amazonaws.com", "acme.github.io"] {
            assert!(!is_host(host), "{host}");
        }
        assert!(
            is_bundle("com.apple.security")
                && is_bundle("com.example.app")
                && !is_bundle("com.applesauce.app")
                && !is_bundle("com.acme.notes")
        );
        assert!(is_team("XXXXXXXXXX") && is_team("59GAB85EFG") && !is_team("A1B2C3D4E5"));
        assert!(is_user("Shared") && is_user("_www") && !is_user("jane"));
        assert!(is_placeholder("<token>") && is_placeholder("YOUR_KEY") && is_placeholder("nil") && !is_placeholder("hunter2"));
    }
}
