//! Entitlements and privacy keys that a text names, as property list, as `codesign` prints them, or in prose.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::Catalogue;
use crate::pattern::Pattern;
use std::sync::LazyLock;

pub(super) static FAMILY: Family = Family {
    triggers: &[
        "com.apple.security.",
        "com.apple.developer.",
        "com.apple.private.",
        "keychain-access-groups",
        "get-task-allow",
        "application-identifier",
        "usagedescription",
        "aps-environment",
        "beta-reports-active",
        "com.apple.vm.",
    ],
    read,
    numbered: false,
};

static KEY: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?P<key>com\.apple\.(?:security|developer|private|vm|application-identifier)[\w.\-]*|keychain-access-groups|(?:com\.apple\.security\.)?get-task-allow|(?:com\.apple\.)?application-identifier|aps-environment|beta-reports-active)\b",
    )
});
static VALUE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"^[^\w<]{0,8}(?:</key>)?\s*(?:<(?P<flag>true|false)/>|<string>(?P<text>[^<]{1,120})</string>|\[Bool\]\s*(?P<bool>true|false)|\[String\]\s*(?P<str>[^\n]{1,120})|[=:]\s*"?(?P<plain>true|false|yes|no|1|0)\b)"#,
    )
});
static USAGE: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"\b(?P<key>NS[A-Za-z]{3,40}UsageDescription|NFCReaderUsageDescription)\b"));

/// Prefixes of services and containers that look like entitlements and are none.
const NOT_KEYS: &[&str] =
    &["com.apple.security.xpc", "com.apple.security.cryptexd", "com.apple.security.syspolicy", "com.apple.developer.com"];

fn read(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in KEY.find_all(scope.text) {
        let key = hit.group("key").trim_end_matches(['.', '-']);
        if NOT_KEYS.iter().any(|prefix| key.starts_with(prefix)) {
            continue;
        }
        let (from, around) = scope.around(0, 2);
        let behind =
            crate::text::clip(around, (scope.start + hit.end).saturating_sub(from)..(scope.start + hit.end).saturating_sub(from) + 200);
        let value = VALUE.find(behind).and_then(|hit| hit.named.first().map(|(_, value)| value.trim().to_lowercase())).unwrap_or_default();
        facts.push(
            Fact::new(Kind::Entitlement, scope.start + hit.start, scope.start + hit.start + key.len()).named(key).with("value", value),
        );
    }
    for hit in USAGE.find_all(scope.text) {
        facts.push(Fact::new(Kind::UsageKey, scope.start + hit.start, scope.start + hit.end).named(hit.group("key")));
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::of;
    use crate::facts::Kind;

    #[test]
    fn keys_with_their_values() {
        assert_eq!(
            of(Kind::Entitlement, "<key>com.apple.security.app-sandbox</key>\n<true/>"),
            ["com.apple.security.app-sandbox value=true"]
        );
        assert_eq!(of(Kind::Entitlement, "[Key] com.apple.security.network.client\n[Value]"), ["com.apple.security.network.client"]);
        assert_eq!(of(Kind::Entitlement, "add com.apple.developer.applesignin."), ["com.apple.developer.applesignin"]);
        assert_eq!(of(Kind::UsageKey, "no NSFaceIDUsageDescription in it"), ["NSFaceIDUsageDescription"]);
    }
}
