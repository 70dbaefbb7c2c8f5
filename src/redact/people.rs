//! People: e-mail addresses, names, user names, account numbers, telephone numbers.

use super::Kind;
use super::public;
use super::rule::{Rule, Value};

/// The rules of this file.
pub(super) fn rules() -> Vec<Rule> {
    let mut rules = vec![
        Rule::new(&[], r"\b(?P<email>[A-Za-z0-9][A-Za-z0-9._+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24})\b").only(is_email),
        Rule::new(&["%40"], r"\b(?P<email>[A-Za-z0-9][A-Za-z0-9._+-]*%40(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24})\b").only(is_email),
        Rule::new(&["dsid", "directoryservicesidentifier", "personid"], r#"\b(?:alt)?(?:dsid|directoryservicesidentifier|personid)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?<?(?P<account>[0-9A-Za-z-]{6,64})"#)
            .only(|value| value.get().bytes().filter(u8::is_ascii_digit).count() >= 6),
        Rule::new(&[], r"(?-i)\b(?P<subject>\d{6}\.[0-9a-f]{32}\.\d{4})\b"),
        Rule::new(&["\"sub\"", "\"user\""], r#""sub"\s*:\s*"(?P<subject>[^"\n]{6,200})""#).only(|value| !is_dotted(value.get())),
        Rule::new(&[], r"(?:^|[^\w+.-])(?P<phone>\+[1-9][0-9]{0,3}(?:[ .-]?\(?[0-9]{2,5}\)?){1,5})\b").only(is_phone),
        Rule::new(&["phone", "tel:", "mobile", "sms", "call "], r#"\b(?:phone|tel|mobile|sms)(?:[ _-]?number)?\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?(?P<phone>\+?\(?[0-9](?:[ ().-]{0,2}[0-9]){6,14})"#)
            .only(|value| value.get().bytes().filter(u8::is_ascii_digit).count() >= 7),
        Rule::new(&[], r"(?:^|\s)(?P<phone>\([2-9][0-9]{2}\) [2-9][0-9]{2}-[0-9]{4})\b"),
    ];
    rules.extend(users());
    rules.extend(names());
    rules
}

fn users() -> Vec<Rule> {
    vec![
        Rule::new(&["/Users/"], r#"/Users/(?P<user>[^/\\\s"'`:<>|,;()\[\]{}*?]{1,64})"#).only(is_user).cut(trimmed),
        Rule::new(&["\\Users\\"], r#"\\Users\\{1,2}(?P<user>[^/\\\s"'`:<>|,;()\[\]{}*?]{1,64})"#).only(is_user).cut(trimmed),
        Rule::new(&["/home/"], r#"(?:^|[\s"'=:(\[`]|/var)/home/(?P<user>[^/\\\s"'`:<>|,;()\[\]{}*?]{1,64})"#).only(is_user).cut(trimmed),
        Rule::new(&["USER=", "LOGNAME=", "USERNAME="], r"(?-i)\b(?:USER|LOGNAME|USERNAME|SUDO_USER)=(?P<user>[\w.-]{1,64})").only(is_user),
        Rule::new(&["uid=", "gid="], r"\buid=\d+\((?P<user>[\w.-]{1,64})\)").only(is_user),
        Rule::new(&[" staff", " admin", " wheel"], r"(?-i)\s\d+\s+(?P<user>[a-z][\w.-]{0,63})\s+(?:staff|admin|wheel)\s").only(is_user),
        Rule::new(&["sudo:", "sudo["], r"(?-i)\bsudo(?:\[\d+\])?:\s+(?P<user>[a-z][\w.-]{0,63}) : ").only(is_user),
        Rule::new(
            &["user", "login", "account"],
            r#"\b(?:user[_-]?name|login[_-]?name|short[_-]?name|login|account[_-]?name|user)\\?["']?\s{0,3}[:=]\s{0,3}(?:\\?["'](?P<user>[A-Za-z][\w.-]{1,63})\\?["'])"#,
        )
        .only(|value| is_user(value) && !is_symbol(value.get())),
    ]
}

fn names() -> Vec<Rule> {
    vec![
        Rule::new(
            &["Apple Development", "Apple Distribution", "Developer ID", "iPhone D", "Mac D", "Mac App", "3rd Party Mac", "Apple Push", "Apple Production"],
            r#"(?-i)\b(?:Apple Development|Apple Distribution|Developer ID (?:Application|Installer|Kernel Extension)|iPhone Developer|iPhone Distribution|Mac Developer|Mac Distribution|Mac App Distribution|3rd Party Mac Developer (?:Application|Installer)): (?P<name>[^"\n(<>:]{2,120}?)(?: \((?P<team>[A-Z0-9]{10})\)|["\n,:]|$)"#,
        )
        .only(|value| if value.kind == Kind::Team { !public::is_team(value.get()) } else { is_name(value) }),
        Rule::new(
            &["name"],
            r#"(?-i)\b(?:given[_-]?[nN]ame|family[_-]?[nN]ame|full[_ -]?[nN]ame|fullUserName|realName|RealName|firstName|lastName|first_name|last_name|displayName|nickname)\\?["']?\s{0,3}[:=]\s{0,3}(?:Optional\()?\\?["']?(?P<name>[A-Z\x80-\xff][^\s"',;:=<>(){}\n]*(?: [A-Z\x80-\xff][^\s"',;:=<>(){}\n]*){0,3})"#,
        )
        .only(is_name),
        Rule::new(&["TeamName", "team_name", "Team Name", "teamName"], r#"(?-i)(?:TeamName|team_name|Team Name|teamName)(?:</key>\s*<string>|\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?)(?P<name>[^"<>\n;]{2,120})"#).only(is_name),
        Rule::new(&["CN=", "OU=", "ST=", "CN =", "OU =", "DC=", "C = "], r#"(?-i)\b(?:C|CN|OU|ST|L|DC) ?= ?[^\n]{0,200}?[,/]\s*O ?= ?"?(?P<name>[^,/\n"<>]{2,100})"#).only(is_name),
        Rule::new(&["CN=", "OU=", "ST=", "CN =", "OU =", "DC=", "C = "], r#"(?-i)(?:[:\s/,"]|^)O ?= ?"?(?P<name>[^,/\n"<>=]{2,100})"?(?:,|/)\s*(?:C|CN|OU|ST|L|DC) ?="#).only(is_name),
        Rule::new(&["Author:", "Signed-off-by:", "Co-authored-by:", "Committer:"], r"(?-i)\b(?:Author|Signed-off-by|Co-authored-by|Committer|Reported-by):\s+(?P<name>[^<\n]{2,80}?)\s*<").only(is_name),
    ]
}

/// A name at the end of a sentence does not hold the full stop.
fn trimmed(value: &str) -> Vec<std::ops::Range<usize>> {
    std::iter::once(0..value.trim_end_matches(['.', '!', '…', '-']).len()).collect()
}

fn is_dotted(text: &str) -> bool {
    text.split('.').count() > 2 && !text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'.')
}

fn is_email(value: &Value<'_>) -> bool {
    const FILES: &[&str] = &[
        "png",
        "jpg",
        "jpeg",
        "gif",
        "pdf",
        "heic",
        "svg",
        "plist",
        "js",
        "ts",
        "py",
        "swift",
        "framework",
        "dylib",
        "xcassets",
        "car",
        "nib",
        "service",
        "socket",
        "mount",
        "timer",
    ];
    let text = value.get();
    let (local, domain) = text.split_once('@').or_else(|| text.split_once("%40")).unwrap_or((text, ""));
    let ending = domain.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    let own = !domain.to_ascii_lowercase().starts_with("example.") && !domain.eq_ignore_ascii_case("email.apple.com");
    let robot = ["git", "noreply", "no-reply", "ssh"].iter().any(|known| known.eq_ignore_ascii_case(local)) && public::is_host(domain);
    // SSH names its algorithms so: `chacha20-poly1305@openssh.com` (RFC 4250, 4.6.1).
    let algorithm = ["openssh.com", "libssh.org", "lysator.liu.se"].contains(&domain) && local.contains('-');
    // A URL's password is in front of the host too.
    let url = value.before(300).rsplit([' ', '"', '\'']).next().is_some_and(|word| {
        word.contains("://")
            && !word.contains('?')
            && !word.contains('#')
            && word.contains(':')
            && word.rsplit("://").next().is_some_and(|rest| !rest.contains('/'))
    });
    !FILES.contains(&ending.as_str()) && own && !robot && !algorithm && !url
}

/// From the plus to the last digit eight to fifteen; an offset in a stack has no country.
fn is_phone(value: &Value<'_>) -> bool {
    let text = value.get();
    let count = text.bytes().filter(u8::is_ascii_digit).count();
    let grouped = text.contains([' ', '-', '(', '.']);
    let offset = value.before(40).trim_end().ends_with([')', '+', ']']) || value.before(12).contains("0x");
    let shaped = text.split([' ', '-', '.', '(', ')']).filter(|part| !part.is_empty()).count() >= 3;
    (10..=15).contains(&count) && !offset && (!grouped || shaped)
}

fn is_user(value: &Value<'_>) -> bool {
    let text = value.get();
    !public::is_user(text) && !public::is_placeholder(text) && !text.bytes().all(|b| b.is_ascii_digit()) && !is_numbered_user(text)
}

/// What stands for a user of ours.
fn is_numbered_user(text: &str) -> bool {
    text.strip_prefix("user").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

/// `kSecAttrAccount`, `refreshToken`: a name of code.
fn is_symbol(text: &str) -> bool {
    text.bytes().skip(1).any(|b| b.is_ascii_uppercase()) && !text.contains(['.', '-'])
}

fn is_name(value: &Value<'_>) -> bool {
    const KNOWN: &[&str] = &[
        "Apple",
        "Apple Inc.",
        "Apple Computer",
        "Google",
        "Let's Encrypt",
        "DigiCert",
        "Microsoft",
        "Amazon",
        "Entrust",
        "Sectigo",
        "GlobalSign",
        "Optional",
        "NSString",
        "Test",
        "Example",
        "Name",
    ];
    let text = value.get().trim();
    let known = KNOWN.iter().any(|known| text.eq_ignore_ascii_case(known) || text.starts_with(known) && text.contains("Inc"));
    let numbered = text.strip_prefix("Name").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    let told = text.starts_with("ambiguous") || text.starts_with("no ") || text.contains("not found");
    !known && !told && !numbered && !public::is_placeholder(text) && !text.contains("com.apple") && !text.contains('@')
}
