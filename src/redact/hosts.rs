//! Hosts and addresses: own domains, names in a network, IPv4 and IPv6.

use super::public;
use super::rule::{Rule, Value};

/// Ends of names that stand alone in a text: those that no file, method or framework ends with.
const ENDS: &str = r"(?:com|org|net|edu|gov|info|biz|io|dev|cloud|online|tech|xyz|de|fr|uk|eu|ch|nl|se|no|dk|fi|jp|cn|kr|au|ca|br|ru|pl|cz|es|pt|ie|nz|in|us|health|bank|ai|tv|co|me|at|be|it)";

/// The rules of this file.
pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule::new(
            &["://", "applinks:", "webcredentials:", "appclips:", "activitycontinuation:", "authsrv:"],
            r"(?:\b[a-z][a-z0-9+.-]{1,20}://(?:[^\s/@]{1,200}@)?|(?:applinks|webcredentials|appclips|activitycontinuation|authsrv):)(?:\*\.)?(?P<host>(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]{1,24})",
        )
        .only(is_host),
        Rule::new(
            &["host", "domain", "server", "origin", "relying", "rpid", "rp id", "site", "peer"],
            r#"\b(?:host(?:name)?|domain|server(?: ?name)?|sni|relyingParty(?:Identifier)?|relying party(?: identifier)?|rp[ _]?id|fqdn|peer|associated domain)\\?["']?(?:</key>\s*<string>|\s{0,3}[:=]\s{0,3}\\?["'<]?|\s["']?)(?P<host>(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]{1,24})\b"#,
        )
        .only(|value| is_host(value) && !is_file(value.get()) && !is_code(value)),
        Rule::new(&[], &format!(r"(?-i)(?:^|[^\w.@/$-]|//|@|\*\.|%2[fF]|\b[a-zA-Z]:)(?P<host>(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+{ENDS})(?:[^\w.(-]|\.?$|\.[\s)\x22])")).only(|value| is_host(value) && is_bare(value)),
        Rule::new(&[".local", ".lan", ".internal", ".corp", ".intranet", ".home", ".fritz.box"], r"\b(?P<host>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*)\.(?:local|lan|internal|corp|intranet|home\.arpa|fritz\.box)\b(?:[^\w(./]|\.?$|[./][\s/\w])").only(is_local),
        // The host of a line of syslog.
        Rule::new(
            &["]: "],
            r"(?m)^(?:<\d{1,3}>)?(?-i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2} \d{2}:\d{2}:\d{2} (?P<host>[\w.-]{2,64}) [^\s\[]{1,80}(?:\[\d+\])",
        )
        .only(is_named),
        Rule::new(&["]: ", " kernel"], r"(?m)^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}[.0-9]*(?:[+-]\d{2}:?\d{2}|Z)? (?P<host>[a-zA-Z][\w-]*-[\w.-]{1,60}|[a-zA-Z][\w.-]*\.local) [\w.-]+\[\d+\]").only(is_named),
        // A prompt.
        Rule::new(&[" % ", " $ ", "$ ", "% ", "# "], r"(?m)^(?P<user>[a-z][\w.-]{0,63})@(?P<host>[A-Za-z][\w.-]{0,63})[: ][^\n]{0,80}?[%$#] ").only(|value| !public::is_user(value.get()) && !public::is_host(value.get())),
        Rule::new(&[], r"(?:^|[^\w.-]|%5B)(?P<address>(?:[0-9]{1,3}\.){3}[0-9]{1,3})(?:[^\w.]|\.?$|\.[^\w])").only(is_v4),
        Rule::new(&[], r"(?:^|[^\w:.])(?P<address>[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.\d{1,3}){0,3})(?:[^\w:]|$)").only(is_v6),
    ]
}

fn is_host(value: &Value<'_>) -> bool {
    let host = value.get();
    !public::is_host(host) && !public::is_placeholder(host) && !is_ours(host) && host.len() <= 253
}

/// Names of ours and of documents.
fn is_ours(host: &str) -> bool {
    host.split('.').any(|label| label.strip_prefix("example").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit())))
        || ["yourdomain", "mydomain", "domain", "yourcompany", "mycompany", "yoursite", "company"]
            .iter()
            .any(|word| host.rsplit('.').nth(1).is_some_and(|label| label.eq_ignore_ascii_case(word)))
}

/// `Info.plist` and `main.swift` are no hosts.
fn is_file(host: &str) -> bool {
    const FILES: &[&str] = &[
        "plist",
        "swift",
        "app",
        "appex",
        "framework",
        "dylib",
        "json",
        "md",
        "txt",
        "log",
        "m",
        "mm",
        "h",
        "c",
        "cc",
        "cpp",
        "rs",
        "py",
        "sh",
        "js",
        "ts",
        "pem",
        "cer",
        "p8",
        "p12",
        "der",
        "key",
        "crash",
        "ips",
        "xcodeproj",
        "xcworkspace",
        "mobileprovision",
        "entitlements",
        "html",
        "xml",
        "yaml",
        "yml",
        "toml",
        "zip",
        "dmg",
        "pkg",
        "ipa",
        "so",
        "a",
        "o",
        "db",
        "sqlite",
    ];
    let end = host.rsplit('.').next().unwrap_or("");
    FILES.iter().any(|file| file.eq_ignore_ascii_case(end))
}

/// A name with the points of code or of a reversed domain.
fn is_code(value: &Value<'_>) -> bool {
    let host = value.get();
    let reversed = host.split('.').next().is_some_and(is_top);
    reversed || host.bytes().any(|b| b.is_ascii_uppercase()) || value.after(1) == "("
}

fn is_top(label: &str) -> bool {
    matches!(label, "com" | "org" | "net" | "io" | "de" | "co" | "group" | "iCloud" | "dev" | "app" | "edu" | "gov" | "systemgroup")
}

/// Without a URL about it a name needs more to be a host's: no reversed domain, no part of a path, no access to a member.
fn is_bare(value: &Value<'_>) -> bool {
    const CODE: &[&str] = &[
        "self",
        "this",
        "config",
        "error",
        "err",
        "request",
        "response",
        "result",
        "user",
        "item",
        "data",
        "value",
        "options",
        "settings",
        "event",
        "context",
        "app",
        "session",
        "window",
        "document",
        "process",
        "math",
        "kernel",
        "libsystem",
        "node",
        "asp",
        "vb",
        "socket",
        "kernel",
    ];
    let host = value.get();
    let first = host.split('.').next().unwrap_or("");
    let short = host.rsplit('.').next().is_some_and(|end| {
        matches!(end, "in" | "it" | "at" | "be" | "me" | "co" | "no" | "us" | "tv" | "ai" | "io" | "es" | "se" | "is" | "info" | "dev")
    });
    let code = host.split('.').count() == 2
        && (CODE.contains(&first)
            || short && (first.len() < 3 || value.after(2).starts_with([' ', ',', ')']) && first.bytes().all(|b| b.is_ascii_digit())));
    !is_top(first) && !code && !first.bytes().all(|b| b.is_ascii_digit())
}

fn is_local(value: &Value<'_>) -> bool {
    const COMMON: &[&str] = &["_tcp", "_udp", "localhost", "com.apple.security.temporary-exception.files.home", "usr", "domain"];
    let host = value.get();
    let file = value.before(1).ends_with(['/', '.', '_']) || value.after(30).trim_start_matches(".local").starts_with(['_']);
    !COMMON.contains(&host)
        && !file
        && host.len() >= 3
        && !host.starts_with("com.")
        && !host.starts_with("host")
        && !public::is_common(host)
}

fn is_named(value: &Value<'_>) -> bool {
    let host = value.get();
    let common = ["localhost", "iphone", "ipad", "mac", "macbook", "macbook-pro", "macbook-air", "macos", "unknown", "apple-tv", "imac"];
    !common.contains(&host.to_ascii_lowercase().as_str()) && !is_ours(host) && !public::is_host(host) && !host.starts_with("host")
}

/// Four numbers up to 255 that are no version, not of this machine and not of a document.
fn is_v4(value: &Value<'_>) -> bool {
    let text = value.get();
    let parts: Vec<Option<u8>> =
        text.split('.').map(|part| if part.len() > 1 && part.starts_with('0') { None } else { part.parse().ok() }).collect();
    let [Some(a), Some(b), Some(c), Some(d)] = parts[..] else { return false };
    let nobody = matches!(a, 0 | 127) || (a, b, c, d) == (255, 255, 255, 255) || a == 255;
    let document = matches!((a, b, c), (192, 0, 2) | (198, 51, 100) | (203, 0, 113));
    let resolver = matches!((a, b, c, d), (8, 8, 8 | 4, 8 | 4) | (1, 1, 1, 1) | (1, 0, 0, 1) | (9, 9, 9, 9));
    !nobody && !document && !resolver && !is_version(value, (a, b))
}

fn is_version(value: &Value<'_>, (a, b): (u8, u8)) -> bool {
    const WORDS: &[&str] = &[
        "version",
        "ver",
        "build",
        "os",
        "ios",
        "macos",
        "tvos",
        "watchos",
        "visionos",
        "release",
        "sdk",
        "xcode",
        "framework",
        "lib",
        "bundle",
        "v",
        "tag",
        "update",
        "upgrade",
        "requires",
        "project",
    ];
    let before = value.before(48).to_ascii_lowercase();
    let port = value.after(6).strip_prefix(':').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let url = before.ends_with("//") || before.ends_with('@') || before.ends_with('[');
    if port || url {
        return false;
    }
    // `Product/15.2.1.4` and `lib-1.2.3.4`; but the address of a network: `/10.0.0.1`.
    let product = before.strip_suffix('/').is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_alphanumeric()));
    let named = before
        .split(|c: char| !c.is_ascii_alphanumeric())
        .rev()
        .filter(|word| !word.is_empty())
        .take(2)
        .any(|word| WORDS.contains(&word) || word.ends_with("version"));
    let told =
        ["addr", "ip", "host", "from", "peer", "client", "server", "remote", "gateway", "dns", "resolver", "connect", "interface", "ping"]
            .iter()
            .any(|word| before.contains(word));
    let network = matches!((a, b), (10, _) | (192, 168) | (172, 16..=31) | (169, 254) | (100, 64..=127));
    let oid = before.trim_end().ends_with("oid") || (a, b) == (1, 2) || (a, b) == (2, 5) || (a, b) == (1, 3);
    // `libfoo.dylib (15.2.1.4)`, as lists of images have it.
    let image = before.ends_with('(') && value.after(1) == ")" && !told;
    product || oid && !told || (named || image) && !(network && told)
}

/// At least one group, and `::` or all eight; times of day and hardware addresses have other forms.
fn is_v6(value: &Value<'_>) -> bool {
    let text = value.get().to_ascii_lowercase();
    let groups: Vec<&str> = text.split(':').collect();
    let shortened = text.matches("::").count() == 1 && !text.contains(":::");
    let filled = groups.iter().filter(|group| !group.is_empty()).count();
    let wide = groups.iter().any(|group| group.len() > 2 || group.bytes().any(|b| b.is_ascii_alphabetic()));
    let digit = text.bytes().any(|b| b.is_ascii_digit());
    let edges = !text.starts_with(':') || text.starts_with("::");
    let form = if shortened { (2..8).contains(&filled) && digit } else { filled == 8 && groups.len() == 8 };
    let mapped = groups.last().is_some_and(|last| last.contains('.'));
    form && wide
        && edges
        && !mapped
        && !text.starts_with("2001:db8:")
        && !text.ends_with(':')
        && !text.chars().all(|c| matches!(c, '0' | ':' | '1'))
}
