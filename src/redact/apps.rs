//! Identifiers of a developer and of apps: teams, keys, bundle identifiers, app groups.

use super::Kind;
use super::public;
use super::rule::{Rule, Value};

/// Tops of domains with which identifiers begin, and which are no words of code.
const TOPS: &str = "com|org|net|edu|gov|mil|info|biz";
/// Those that words of code begin with too: what follows decides.
const SHORT_TOPS: &str =
    "io|de|co|app|dev|me|ch|at|nl|eu|fr|uk|jp|cn|kr|au|ca|br|ru|pl|cz|se|no|dk|fi|es|it|pt|ie|nz|in|us|tv|ai|xyz|tech|cloud";

/// The rules of this file.
pub(super) fn rules() -> Vec<Rule> {
    let mut rules = teams();
    rules.extend(bundles());
    rules
}

fn teams() -> Vec<Rule> {
    vec![
        Rule::new(
            &["team"],
            r#"\b(?:(?:com\.apple\.(?:developer\.)?)?Team[ _-]?(?:ID(?:s|entifiers?)?)?|ProvisioningTeamIdentifiers?|DEVELOPMENT_TEAM|FASTLANE_TEAM_ID|APPLE_TEAM_ID|MATCH_TEAM_ID|--team-id|--asc-provider|ProviderShortname)\\?["']?(?:</key>\s*(?:<array>\s*)?<string>|\s{0,3}(?:=>|[:=(]|is|of)\s{0,3}[\[(]?\s{0,3}\\?["'`]?|\s\\?["'`]?)(?-i:(?P<team>[A-Z0-9]{10}))\b"#,
        )
        .only(is_team),
        Rule::new(
            &["prefix", "provider", "issuer", "\"iss\"", "appid", "OU=", "OU =", "organizational"],
            r#"(?:\b(?:app(?:lication)?[ _-]?(?:id(?:entifier)?)?[ _-]?prefix(?:es)?|AppIDPrefix|seed[ _-]?id|Issuer ID|issuer|iss|OU|Organizational ?Unit|UserID|UID)|subject\.OU\]?)\\?["']?(?:</key>\s*(?:<array>\s*)?<string>|\s{0,3}(?:=>|[:=])\s{0,3}[\[(]?\s{0,3}\\?["'`]?|\s\\?["'`]?)(?-i:(?P<team>[A-Z0-9]{10}))\b"#,
        )
        .only(is_team),
        // In front of what a team owns.
        Rule::new(&[], &format!(r"(?-i)(?:^|[^A-Za-z0-9._])(?P<team>[A-Z0-9]{{10}})\.(?:(?:{TOPS}|{SHORT_TOPS})\.[A-Za-z0-9*]|group\.|iCloud\.|\*|[A-Za-z][\w-]*\.)")).only(|value| is_team(value) && !value.after(12).starts_with(".com.apple.")),
        Rule::new(&["certificate leaf"], r#"(?-i)certificate (?:leaf|\d)\[subject\.(?:OU|UID)\] = "?(?P<team>[A-Z0-9]{10})\b"#).only(is_team),
        Rule::new(
            &["AuthKey_", "SubscriptionKey_", "kid", "key-id", "keyid", "key id", "key_id", "apikey"],
            r#"(?:AuthKey_|SubscriptionKey_|\bkid|\bkey[ _-]?id(?:entifier)?|--key-id|--apiKey|ASC_KEY_ID|API_KEY_ID)\\?["']?(?:\s{0,3}[:=]\s{0,3}|\s)?\\?["'`]?(?-i:(?P<kid>[A-Z0-9]{10}))\b"#,
        )
        .only(|value| is_team(value) && !value.get().starts_with("KEY0")),
    ]
}

fn bundles() -> Vec<Rule> {
    let label = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
    vec![
        Rule::new(
            &["com.", "org.", "net.", "edu.", "gov.", "mil.", "info.", "biz."],
            &format!(r"(?-i)(?:^|[^A-Za-z0-9_.@/-]|[A-Z0-9]{{10}}\.|\b(?:group|iCloud|web|merchant|pass|maps|systemgroup|appex|UIKitApplication|user|gui|pid|xpc|Containers|Application Scripts|Preferences|Caches|Application Support|Group Containers|CrashReporter|LaunchAgents|LaunchDaemons|PrivilegedHelperTools|HTTPStorages|WebKit|Saved Application State)[./:-])/?(?P<bundle>(?:{TOPS})\.{label}(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*(?:\.\*)?)")
        )
        .only(is_bundle)
        .cut(without_file),
        Rule::new(
            &["/com.", "/org.", "/net.", "/io.", "/de."],
            &format!(r"(?-i)/(?P<bundle>(?:{TOPS})\.{label}(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*)(?:[/\s\x22':,)]|$)")
        )
        .only(is_bundle)
        .cut(without_file),
        Rule::new(&[], &format!(r"(?-i)(?:^|[^\w.@/$&-]|[A-Z0-9]{{10}}\.|\b(?:group|iCloud|web|merchant|app)[.<])(?P<bundle>(?:{SHORT_TOPS})\.{label}\.{label}(?:\.{label})*)(?:[^\w(.-]|\.?$|\.[\s\x22]|\.\*)")).only(|value| is_bundle(value) && is_likely(value)),
        // Wherever a key says so.
        Rule::new(
            &["bundle", "identifier", "client_id", "clientid", "appid", "service"],
            &format!(r#"\b(?:CFBundleIdentifier|bundle[ _-]?(?:id(?:entifier)?)|PRODUCT_BUNDLE_IDENTIFIER|client_?id|application-identifier|Identifier|parent bundle)\\?["']?(?:</key>\s*<string>|\s{{0,3}}(?:=>|[:=])\s{{0,3}}\\?["'`]?|\s\\?["'`])(?:[A-Z0-9]{{10}}\.)?(?-i:(?P<bundle>{label}\.{label}(?:\.{label})*))\b"#),
        )
        .only(|value| is_bundle(value) && value.get().bytes().any(|b| b.is_ascii_alphabetic()) && !value.after(1).starts_with('(')),
    ]
}

/// `com.acme.notes.plist` is a file of `com.acme.notes`.
fn without_file(id: &str) -> Vec<std::ops::Range<usize>> {
    const FILES: &[&str] = &[
        "plist",
        "log",
        "crash",
        "ips",
        "sb",
        "savedState",
        "app",
        "appex",
        "framework",
        "xpc",
        "dylib",
        "lockfile",
        "db",
        "sqlite",
        "json",
        "zip",
        "pkg",
        "dmg",
        "mobileprovision",
        "entitlements",
        "binarycookies",
        "swift",
    ];
    let end =
        id.rsplit_once('.').filter(|(front, file)| FILES.contains(file) && front.contains('.')).map_or(id.len(), |(front, _)| front.len());
    std::iter::once(0..end).collect()
}

fn is_team(value: &Value<'_>) -> bool {
    let text = value.get();
    let letter = text.bytes().any(|b| b.is_ascii_uppercase());
    let digit = text.bytes().any(|b| b.is_ascii_digit());
    // A word in capitals is none, unless it is said to be.
    let told = value.kind == Kind::Team && value.before(40).to_ascii_lowercase().contains("team");
    letter && (digit || told) && !public::is_team(text)
}

fn is_bundle(value: &Value<'_>) -> bool {
    let id = value.get();
    let labels: Vec<&str> = id.split('.').collect();
    let code = labels.len() == 2 && value.after(1).starts_with(['(', '@']);
    let version = labels.iter().skip(1).all(|label| label.bytes().all(|b| b.is_ascii_digit()));
    labels.len() >= 2 && !public::is_bundle(id) && !is_ours(id) && !code && !version && !value.after(3).starts_with("://")
}

/// One of ours, or of a document.
fn is_ours(id: &str) -> bool {
    id.split('.').nth(1).is_some_and(|label| label.strip_prefix("example").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit())))
}

/// Two letters and names behind them: an identifier, not the member of a member.
fn is_likely(value: &Value<'_>) -> bool {
    let id = value.get();
    const CODE: &[&str] = &[
        "app.state",
        "app.delegate",
        "io.read",
        "io.write",
        "me.id",
        "in.the",
        "app.main",
        "app.windows",
        "app.kubernetes",
        "app.test",
        "me.name",
    ];
    !CODE.iter().any(|front| id.starts_with(front)) && !id.split('.').skip(1).any(|label| label.bytes().all(|b| b.is_ascii_digit()))
}
