//! A keychain item as programs print it: the attributes of a query's result, in short keys, and what `security find-generic-password` and its
//! relatives show. Attributes are told in words; data and passwords never.

use super::source::Source;
use super::values::{listed, prefixed};
use super::{Artifact, Context};
use crate::pattern::Pattern;
use std::sync::LazyLock;

/// Attributes by the short keys in which the keychain stores them.
const WORDS: &[(&str, &str)] = &[
    ("acct", "account"),
    ("svce", "service"),
    ("agrp", "access group"),
    ("pdmn", "accessible"),
    ("sync", "synchronizable"),
    ("accc", "access control"),
    ("tomb", "tombstone"),
    ("labl", "label"),
    ("desc", "description"),
    ("icmt", "comment"),
    ("cdat", "created"),
    ("mdat", "modified"),
    ("gena", "generic data"),
    ("crtr", "creator"),
    ("type", "type"),
    ("invi", "invisible"),
    ("nega", "negative"),
    ("srvr", "server"),
    ("sdmn", "security domain"),
    ("atyp", "authentication type"),
    ("ptcl", "protocol"),
    ("port", "port"),
    ("path", "path"),
    ("kcls", "key class"),
    ("klbl", "key label"),
    ("atag", "application tag"),
    ("bsiz", "key bits"),
    ("tkid", "token"),
    ("musr", "multi-user"),
    ("vwht", "view hint"),
    ("sha1", "hash"),
    ("class", "class"),
];
/// What these say is a secret, or refers to one.
const SECRET: &[&str] = &["v_Data", "v_PersistentRef", "v_Ref", "password", "data"];
/// Classes by their short names.
const CLASSES: &[(&str, &str)] =
    &[("genp", "generic password"), ("inet", "internet password"), ("cert", "certificate"), ("keys", "key"), ("idnt", "identity")];

static ATTRIBUTE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"(?-i)(?:^|[\s\[{(,;"'])(?:kSecAttr)?(?P<key>acct|svce|agrp|pdmn|sync|accc|tomb|labl|desc|icmt|cdat|mdat|gena|crtr|type|invi|nega|srvr|sdmn|atyp|ptcl|port|path|kcls|klbl|atag|bsiz|tkid|musr|vwht|sha1|class|v_Data|v_PersistentRef|v_Ref)["']?\)?\s*(?:=>|=|:)\s*(?:Optional\()?(?P<value>"[^"\n]{0,300}"|<[^>\n]{0,2000}>|[^\s,;)\]}"][^,;)\]}\n]{0,200})"#,
    )
});
static BLOB: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r#"(?-i)^\s*(?:"(?P<key>[a-z]{4})"|(?P<number>0x[0-9A-Fa-f]{8}) ?)\s*<(?:blob|timedate|uint32|sint32)>=(?P<value>.*)$"#)
});

/// The attributes that a text gives, each key once, in the order of the text.
fn attributes(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut add = |key: &str, value: &str| {
        if !found.iter().any(|(known, _)| known == key) {
            found.push((key.to_owned(), value.trim().trim_matches('"').to_owned()));
        }
    };
    if is_security_dump(text) {
        for line in text.lines().take(400) {
            if let Some(hit) = BLOB.find(line) {
                let key = if hit.group("number").eq_ignore_ascii_case("0x00000007") { "labl" } else { hit.group("key") };
                if !key.is_empty() && hit.group("value") != "<NULL>" {
                    add(key, hit.group("value"));
                }
            } else if let Some(class) = line.trim().strip_prefix("class:") {
                add("class", class);
            }
        }
    } else {
        for hit in ATTRIBUTE.find_all(text).take(200) {
            add(hit.group("key"), hit.group("value"));
        }
    }
    found
}

fn is_security_dump(text: &str) -> bool {
    text.contains("attributes:") && text.contains("<blob>=")
}

/// What `security` prints, or at least three attributes of which one is the keychain's alone.
pub(super) fn claims(source: &Source<'_>) -> bool {
    let text = source.text();
    if text.len() > 64 << 10 || text.starts_with("bplist") {
        return false;
    }
    if is_security_dump(text) {
        return true;
    }
    let own = ["pdmn", "agrp", "svce", "v_Data", "tomb"];
    if !own.iter().any(|key| text.contains(key)) {
        return false;
    }
    let found = attributes(text);
    let is_own = |key: &str| own.contains(&key);
    found.len() >= 3 && found.iter().filter(|(key, _)| is_own(key)).count() >= 2
}

/// Checks an item.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let text = source.text();
    let found = attributes(text);
    let value = |name: &str| found.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    for (key, value) in &found {
        let title = WORDS.iter().find(|(short, _)| short == key).map_or(key.as_str(), |(_, word)| *word);
        if SECRET.contains(&key.as_str()) {
            artifact.fact(&format!("{title} ({key})"), "present, not shown");
        } else if key == "class" {
            let class = CLASSES.iter().find(|(short, _)| short == value).map_or(value.as_str(), |(_, word)| *word);
            artifact.fact("class", class);
        } else if key == "pdmn" {
            artifact.fact("accessible (pdmn)", format!("{value}: {}", accessible(value).unwrap_or("not known here")));
        } else {
            artifact.fact(&format!("{title} ({key})"), value);
        }
    }
    artifact.fact_if("item access group", value("agrp"));
    if is_security_dump(text) {
        security_dump(text, artifact);
    }
    protection(value("pdmn"), artifact);
    syncing(value("sync"), value("pdmn"), value("accc"), artifact);
    group(value("agrp"), artifact);
    if value("tomb").is_some_and(is_on) {
        artifact.warn(
            "item.tombstone",
            "",
            "tomb is 1: the item was deleted and only its tombstone is left, so that the deletion can sync.",
        );
    }
}

/// A protection class in words.
pub(super) fn accessible(class: &str) -> Option<&'static str> {
    Some(match class {
        "ak" => "kSecAttrAccessibleWhenUnlocked",
        "ck" => "kSecAttrAccessibleAfterFirstUnlock",
        "dk" => "kSecAttrAccessibleAlways",
        "aku" => "kSecAttrAccessibleWhenUnlockedThisDeviceOnly",
        "cku" => "kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly",
        "dku" => "kSecAttrAccessibleAlwaysThisDeviceOnly",
        "akpu" => "kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly",
        _ => return None,
    })
}

fn protection(class: Option<&str>, artifact: &mut Artifact) {
    let Some(class) = class else { return };
    let Some(name) = accessible(class) else {
        artifact.fail("item.accessible", "", format!("pdmn is {class}, which is no protection class."));
        return;
    };
    match class {
        "ck" | "cku" => {
            artifact.pass("item.accessible", format!("pdmn is {class} ({name}): readable from the first unlock after a start on."));
        }
        "dk" | "dku" => artifact.warn(
            "item.accessible",
            "accessibility-class-not-migrated",
            format!("pdmn is {class} ({name}): deprecated since iOS 12; the item was stored by old code and stays so until it is updated."),
        ),
        _ => artifact.unknown(
            "item.accessible",
            "when-unlocked-item-used-while-locked",
            format!("pdmn is {class} ({name}): readable only while the device is unlocked; background work gets -25308."),
        ),
    }
}

fn is_on(value: &str) -> bool {
    matches!(value, "1" | "true" | "YES")
}

fn syncing(sync: Option<&str>, class: Option<&str>, control: Option<&str>, artifact: &mut Artifact) {
    let on = sync.is_some_and(is_on);
    let device_only = class.is_some_and(|class| class.ends_with('u') && accessible(class).is_some());
    // Every item has an access control object; it binds only where it holds more than the protection class.
    let bound = control.is_some_and(|control| ["od", "cbio", "cpo", "osgn", "bio", "kofn"].iter().any(|op| control.contains(op)));
    if on && device_only {
        artifact.fail(
            "item.sync",
            "icloud-keychain-not-syncing",
            format!("sync is 1, but pdmn is {}: a class for this device only does not sync.", class.unwrap_or("")),
        );
    } else if on && bound {
        artifact.fail(
            "item.sync",
            "synchronizable-with-access-control",
            "sync is 1 and there is an access control: the two exclude each other.",
        );
    } else if let Some(sync) = sync {
        artifact.pass(
            "item.sync",
            format!("sync is {sync}: the item {}.", if on { "syncs with iCloud Keychain" } else { "stays on the device" }),
        );
    }
}

fn group(group: Option<&str>, artifact: &mut Artifact) {
    let Some(group) = group else { return };
    match group {
        _ if group == "apple" || group.starts_with("com.apple.") => {
            artifact.pass("item.group", format!("The access group {group} is the system's own."));
        }
        _ if prefixed(group).is_some() => artifact.pass("item.group", format!("The access group is {group}.")),
        _ if group.starts_with("group.") => artifact.warn(
            "item.group",
            "app-group-as-keychain-group-on-mac",
            format!("The access group is the app group {group}: right on iOS, on the Mac only with a profile."),
        ),
        _ if group == "test" => artifact.warn(
            "item.group",
            "simulator-build-without-entitlements",
            "The access group is test: the simulator gives it to programs without entitlements.",
        ),
        _ => {
            artifact.fail("item.group", "access-group-missing-team-prefix", format!("The access group is {group}, without a team prefix."));
        }
    }
}

fn security_dump(text: &str, artifact: &mut Artifact) {
    let keychain = text.lines().find_map(|line| line.trim().strip_prefix("keychain:")).map(|name| name.trim().trim_matches('"'));
    artifact.fact_if("keychain", keychain);
    let secret: Vec<&str> = ["password:", "data:"].into_iter().filter(|word| text.lines().any(|line| line.starts_with(word))).collect();
    if !secret.is_empty() {
        artifact.warn(
            "item.secret",
            "",
            format!(
                "The output holds the secret itself ({}): take that line out before you pass it on. It is not shown here.",
                listed(&secret)
            ),
        );
    }
    if keychain.is_some_and(|name| name.contains("login.keychain") || name.contains("System.keychain")) {
        artifact.unknown(
            "item.keychain",
            "file-based-keychain-by-default",
            "A file-based keychain of the Mac: its items have access lists and no protection class, and the data protection keychain does not show them.",
        );
    }
}
