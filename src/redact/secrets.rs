//! Tokens, passwords, codes, cookies, what keychain items hold. (JWTs, PEM blocks and Sign in with Apple's codes: [`crate::artifact::secrets`].)

use super::public::is_placeholder;
use super::rule::{Rule, Value};
use std::ops::Range;

/// Names of values that are secret, as they end.
const SECRET_NAMES: &str = r"(?:password|passwd|passphrase|passcode|\bpwd|\bpass|client[_-]?secret|api[_-]?key|api[_-]?secret|app[_-]?secret|shared[_-]?secret|secret[_-]?key|\bsecret|private[_-]?key|encryption[_-]?key|signing[_-]?key|access[_-]?key(?:[_-]?id)?|account[_-]?key|webhook[_-]?secret)";
const TOKEN_NAMES: &str = r"(?:access[_-]?token|refresh[_-]?token|id(?:entity)?[_-]?token|auth(?:orization)?[_-]?token|session[_-]?token|session[_-]?key|session[_-]?id|bearer[_-]?token|registration[_-]?token|csrf[_-]?token|xsrf[_-]?token|user[_-]?token|push[_-]?token|[a-z]Token|\btoken|\bsession|\bsid|\bjsessionid|\bphpsessid|subscription[_-]?key|license[_-]?key|code[_-]?verifier|device[_-]?secret|api[_-]?token|bot[_-]?token|personal[_-]?access[_-]?token)";
/// Between a name and its value: `=`, `:`, `=>`, with the quotes, brackets and Swift's `Optional(` about it.
const SIGN: &str = r#"\\?["']?\]?(?: as [A-Za-z]+)?\s{0,3}(?:=>|:=|[:=])\s{0,3}(?:Optional\()?"#;

/// The rules of this file.
pub(super) fn rules() -> Vec<Rule> {
    let mut rules = headers();
    rules.extend(names());
    rules.extend(commands());
    rules.extend(keychain());
    rules
}

fn headers() -> Vec<Rule> {
    vec![
        Rule::new(
            &["authorization", "x-api-key", "x-auth", "apikey", "x-access-token", "x-amz-security"],
            r#"(?:\bauthorization|x-api-key|x-auth-token|x-auth-key|x-access-token|x-amz-security-token)\\?["']?\s*[:=]\s*\\?["']?(?:(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate)\s+)?(?P<token>[A-Za-z0-9+/._~=|:-]{8,})"#,
        )
        .only(is_opaque),
        Rule::new(&["bearer ", "basic ", "dpop "], r"\b(?:Bearer|Basic|DPoP)\s+(?P<token>[A-Za-z0-9+/._~=-]{12,})").only(is_opaque),
        Rule::new(
            &["sk-", "sk_", "rk_", "whsec_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "glpat-", "npm_", "pypi-", "github_pat_", "ya29.", "shpat_", "dop_v1_", "hf_", "SG.", "xox", "AKIA", "ASIA", "AIza", "key-"],
            r"(?-i)\b(?:sk-(?:proj-|ant-|or-|live-|test-)?|sk_(?:live|test)_|rk_(?:live|test)_|whsec_|gh[pousr]_|github_pat_|glpat-|npm_|pypi-|ya29\.|shpat_|dop_v1_|hf_|SG\.|xox[abeprs]-|AKIA|ASIA|AIza|key-)(?P<token>[A-Za-z0-9_.-]{16,})",
        )
        .only(is_opaque),
        Rule::new(&["hooks.slack.com"], r"hooks\.slack\.com/(?:services|workflows)/(?P<token>[A-Za-z0-9/]{16,})"),
        Rule::new(&["cookie"], r#"\b(?:set-)?cookie\\?["']?\s*[:=]\s*\\?["']?(?P<cookie>[^\n"']{3,4096})"#).cut(cookies).only(|value| {
            !value.get().contains("REDACTED") && !is_placeholder(value.get())
        }),
        Rule::new(
            &["token", "apns", "push"],
            r"(?:device|push|apns|registration|voip|fcm)[ _-]?(?:device)?[ _-]?token\w*[^\n]{0,24}?[^0-9a-f](?P<token>[0-9a-f]{8}(?: ?[0-9a-f]{8}){7,19})\b",
        ),
    ]
}

fn names() -> Vec<Rule> {
    let quoted = |names: &str, group: &str| {
        format!(
            r#"{names}{SIGN}(?:\\"(?P<{group}>[^"\\\n]{{1,4096}})\\"|"(?P<{group}2>[^"\n]{{1,4096}})"|'(?P<{group}3>[^'\n]{{1,4096}})')"#
        )
    };
    let bare = |names: &str, group: &str| format!(r#"{names}{SIGN}(?P<{group}>[^\s"'<>(){{}}\[\],;&\\]{{4,4096}})"#);
    const PASSWORDS: &[&str] = &["pass", "secret", "key", "pwd"];
    const TOKENS: &[&str] = &["token", "session", "sessid", "sid", "key", "verifier", "secret"];
    vec![
        Rule::new(PASSWORDS, &quoted(SECRET_NAMES, "password")).only(is_quoted_secret),
        Rule::new(PASSWORDS, &bare(SECRET_NAMES, "password")).only(is_bare_password),
        Rule::new(TOKENS, &quoted(TOKEN_NAMES, "token")).only(is_opaque),
        Rule::new(TOKENS, &bare(TOKEN_NAMES, "token")).only(is_opaque),
        Rule::new(
            &["<key>"],
            r"<key>[^<]{0,80}(?:password|passphrase|secret|token|api[_-]?key)</key>\s*<(?:string|data)>\s*(?P<password>[^<]{4,8192}?)\s*</",
        )
        .only(|value| is_quoted_secret(value) && !value.get().contains("com.apple.")),
        Rule::new(
            &["code"],
            r#"(?:authorization[_-]?code|auth[_-]?code|\bcode)\\?["']?\s{0,3}[:=]\s{0,3}(?:Optional\()?\\?["']?(?P<code>[A-Za-z0-9._~+/=%-]{16,})"#,
        )
        .only(is_opaque),
        Rule::new(
            &["base64", "key", "blob"],
            r#"(?:base64|key|blob|seed|shared_?key)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?(?P<token>[A-Za-z0-9+/]{40,}={0,2})"#,
        )
        .only(|value| is_opaque(value) && !value.get().bytes().all(|b| b.is_ascii_hexdigit())),
    ]
}

fn commands() -> Vec<Rule> {
    let value = |group: &str| format!(r#"(?:"(?P<{group}>[^"\n]+)"|'(?P<{group}2>[^'\n]+)'|(?P<{group}3>[^\s"'-][^\s"']*))"#);
    let password = value("password");
    let after = |front: &str| format!("{front}[ =]{{1,3}}{password}");
    vec![
        Rule::new(&["://"], r#"://(?P<user>[^\s/:@"'<>]{1,200}):(?P<password>[^\s/@"'<>]{1,200})@"#).only(|value| !is_placeholder(value.get())),
        Rule::new(
            &["--pass", "--app-pass", "--client-secret", "--secret", "--store-pass", "--api-token", "--token", "--keychain-pass"],
            &after(r"(?-i)--(?:password|passphrase|app-password|app-specific-password|client-secret|secret|storepass|keypass|api-token|token|keychain-password|keychain-pass)"),
        )
        .only(is_argument),
        Rule::new(
            &["security "],
            &after(r"(?-i)\bsecurity (?:-\w+ )*(?:unlock-keychain|create-keychain|set-keychain-password|set-key-partition-list|import|export|add-generic-password|add-internet-password|lock-keychain)\b[^\n]{0,400}? -[pkPwo]"),
        )
        .only(is_argument),
        Rule::new(&["altool", "sshpass", "notarytool", "iTMSTransporter"], &after(r"(?-i)\b(?:altool|sshpass|iTMSTransporter|notarytool)\b[^\n]{0,400}? -p")).only(is_argument),
        Rule::new(&["pass:"], r#"\bpass:(?P<password>[^\s"']+)"#).only(is_argument),
        Rule::new(&["-storepass", "-keypass", "-srcstorepass"], &after(r"(?-i) -(?:store|key|srcstore|deststore)pass")).only(is_argument),
        Rule::new(
            &["curl", "wget", "httpie"],
            r#"(?-i)\b(?:curl|wget)\b[^\n]{0,400}? (?:-u|--user|--proxy-user)[ =]*["']?(?P<user>[^\s"':]{1,200}):(?P<password>[^\s"']{1,200})"#,
        )
        .only(is_argument),
        Rule::new(
            &["password", "altool", "notarytool", "fastlane", "app-specific", "pwd", "AC_PASS"],
            r"(?-i)\b(?P<password>[a-z]{4}-[a-z]{4}-[a-z]{4}-[a-z]{4})\b",
        )
        .only(is_app_password),
    ]
}

fn keychain() -> Vec<Rule> {
    vec![
        Rule::new(
            &["kSecValueData", "v_Data", "v_data", "secretData"],
            r#"(?:kSecValueData|v_Data|secretData)\\?["']?(?: as String)?\s{0,3}[:=]\s{0,3}(?:Optional\()?(?:\{length = \d+, bytes = 0x(?P<keychain>[0-9a-f][0-9a-f .]*[0-9a-f])|<(?P<keychain2>[0-9a-f][0-9a-f ]*)>|"(?P<keychain3>[^"\n]+)"|(?P<keychain4>[A-Za-z0-9+/=_.-]{6,}))"#,
        )
        .only(|value| !is_placeholder(value.get()) && !is_code(value.get())),
        Rule::new(&["password: 0x"], r#"\bpassword: 0x(?P<keychain>[0-9A-F]{2,})(?:\s+"(?P<keychain2>[^"\n]+)")?"#),
        Rule::new(&["data:\n"], r#"(?m)^data:\n(?:0x(?P<keychain>[0-9A-F]{2,})\s*)?"(?P<keychain2>[^"\n]+)""#),
        Rule::new(&["\"acct\"<blob>"], r#""acct"<blob>=(?:0x[0-9A-F]+\s+)?"(?P<user>[^"\n]+)""#).only(|value| !value.get().contains('@')),
    ]
}

/// The values of the cookies, without names and attributes.
fn cookies(line: &str) -> Vec<Range<usize>> {
    const ATTRIBUTES: &[&str] = &["path", "domain", "expires", "max-age", "samesite", "priority", "version", "comment"];
    let mut at = 0;
    let mut all = Vec::new();
    for part in line.split_inclusive(';') {
        let value = part.trim_end_matches(';').trim_end();
        if let Some((name, value)) = value.split_once('=')
            && !ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(name.trim()))
        {
            let start = at + name.len() + 1;
            all.push(start..start + value.len());
        }
        at += part.len();
    }
    all
}

/// Long, of letters and digits, no word, no code: what a machine made.
fn is_opaque(value: &Value<'_>) -> bool {
    let text = value.get();
    let mixed = text.bytes().any(|b| b.is_ascii_digit()) && text.bytes().any(|b| b.is_ascii_alphabetic());
    let long = text.len() >= 24
        && text.bytes().any(|b| b.is_ascii_uppercase())
        && text.bytes().any(|b| b.is_ascii_lowercase())
        && !text.contains('.');
    text.len() >= 8 && (mixed || long && !is_word(text)) && !is_code(text) && !is_placeholder(text) && !text.contains("://")
}

/// A name of code: letters alone that begin words by capitals, or parts joined by underscores and points.
fn is_word(text: &str) -> bool {
    text.split(['_', '.', '-', '/']).all(|part| {
        let capitals = part.bytes().filter(u8::is_ascii_uppercase).count();
        part.bytes().all(|b| b.is_ascii_alphabetic()) && (capitals * 3 < part.len().max(4) || capitals == part.len())
    })
}

/// What stands behind `password =` and is none: codes, constants, names of classes.
fn is_code(text: &str) -> bool {
    const FRONTS: &[&str] = &["0x", "kSec", "errSec", "com.apple.", "kCF", "SecItem", "NS", "LA", "AS", "Sec"];
    let symbol = FRONTS.iter().any(|front| {
        text.strip_prefix(front)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()) && is_word(rest))
    });
    let hexadecimal = text.strip_prefix("0x").is_some_and(|rest| rest.len() <= 16 && rest.bytes().all(|b| b.is_ascii_hexdigit()));
    symbol || hexadecimal || text.starts_with("com.apple.") || text.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit())
}

fn is_quoted_secret(value: &Value<'_>) -> bool {
    let text = value.get();
    let sentence = text.split_whitespace().count() > 3 && !value.before(40).to_ascii_lowercase().contains("phrase");
    !is_placeholder(text)
        && !sentence
        && !text.starts_with("0x")
        && !text.starts_with("kSec")
        && !text.starts_with("com.apple.")
        && !text.contains("%@")
}

/// Without quotes a word is likely prose: `password: required`. After `=` only the words of states are.
fn is_bare_password(value: &Value<'_>) -> bool {
    const STATES: &[&str] = &[
        "required",
        "incorrect",
        "invalid",
        "wrong",
        "missing",
        "expired",
        "unknown",
        "correct",
        "valid",
        "set",
        "enabled",
        "disabled",
        "autofill",
        "changed",
        "failed",
        "rejected",
        "accepted",
        "protected",
        "field",
        "manager",
        "prompt",
        "string",
        "data",
        "self",
        "error",
        "not",
        "status",
        "length",
    ];
    let text = value.get();
    let assigned = value.before(3).trim_end().ends_with('=');
    let odd = text.bytes().any(|b| !b.is_ascii_alphabetic());
    let state = STATES.iter().any(|state| state.eq_ignore_ascii_case(text.trim_end_matches('.')));
    !is_placeholder(text)
        && !is_code(text)
        && !state
        && (odd && text.len() >= 6 && !is_word(text) || assigned && !text.contains('.') && !is_word_of_code(text))
}

/// `kSecClassInternetPassword`, `UITextContentTypePassword`.
fn is_word_of_code(text: &str) -> bool {
    text.len() > 12 && is_word(text) && text.bytes().filter(u8::is_ascii_uppercase).count() >= 2
}

fn is_argument(value: &Value<'_>) -> bool {
    let text = value.get();
    !is_placeholder(text) && !text.starts_with('-') && !text.starts_with('@') && text != "\\"
}

/// Apple's form of a password for one app; on a line that speaks of one.
fn is_app_password(value: &Value<'_>) -> bool {
    let line = [value.before(300), value.after(120)].concat().to_ascii_lowercase();
    ["password", "altool", "notarytool", "app-specific", "pwd", "ac_pass"].iter().any(|word| line.contains(word))
        && !is_placeholder(value.get())
}
