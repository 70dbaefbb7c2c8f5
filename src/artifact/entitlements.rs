//! Entitlements: an XML property list, what `codesign -d --entitlements` prints in its text form, or the signature's blob with its leading bytes.

use super::source::Source;
use super::values::{is_bundle_id, is_team, listed, prefixed};
use super::{Artifact, Context, domains, entitlement_keys, entitlement_values, entitlements_der, property_list};
use crate::text::{clip, tail};
use plist::{Dictionary, Value};

const GROUPS: &str = "keychain-access-groups";
const APP_GROUPS: &str = "com.apple.security.application-groups";
const SANDBOX: &str = "com.apple.security.app-sandbox";
const INHERIT: &str = "com.apple.security.inherit";

/// Keys that make a property list a list of entitlements.
fn is_entitlement(key: &str) -> bool {
    key.starts_with("com.apple.security.")
        || key.starts_with("com.apple.developer.")
        || key.starts_with("com.apple.private.")
        || entitlement_keys::is_known(key)
}

/// A property list of entitlements, or codesign's text.
pub(super) fn claims(source: &Source<'_>) -> bool {
    if is_text_form(source.text()) || entitlements_der::read(source).is_some() {
        return true;
    }
    match source.plist() {
        Some(Ok(Value::Dictionary(entries))) => entries.keys().any(|key| is_entitlement(key)) || (entries.is_empty() && named(source)),
        Some(Err(_)) => {
            named(source)
                || source.text().contains("<key>com.apple.security.")
                || source.text().contains("<key>com.apple.developer.")
                || source.text().contains("<key>keychain-access-groups")
        }
        _ => false,
    }
}

fn named(source: &Source<'_>) -> bool {
    source.file_name().ends_with(".entitlements") || source.file_name().ends_with(".xcent")
}

fn is_text_form(text: &str) -> bool {
    text.contains("[Dict]") && text.contains("[Key]") && text.contains("[Value]")
}

/// Checks entitlements.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    if is_text_form(source.text()) {
        artifact.fact("form", "codesign's text");
        let entries = text_form(source.text());
        artifact.pass("plist.syntax", format!("codesign's text with {} keys: the entitlements of a signature.", entries.len()));
        check(&entries, artifact);
        return;
    }
    match entitlements_der::read(source) {
        Some(Ok(entries)) => {
            artifact.fact("form", "DER");
            artifact.pass("plist.syntax", format!("DER with {} keys: the entitlements of a signature.", entries.len()));
            check(&entries, artifact);
            return;
        }
        Some(Err(why)) => {
            artifact.fail(
                "ent.amfi",
                "signature-without-der-entitlements",
                format!("These entitlements in DER cannot be read: {why}; the system does not launch a program with them."),
            );
            return;
        }
        None => {}
    }
    wrapping(source, artifact);
    if let Some(entries) = property_list::dictionary(source, artifact) {
        check(entries, artifact);
    } else if source.plist().is_some_and(|read| read.is_err()) {
        artifact.fail(
            "ent.amfi",
            "entitlements-xml-malformed",
            "codesign and AMFI will not read these entitlements: the program is signed without them, or killed at launch.",
        );
    }
}

/// What stands around and between the keys.
fn wrapping(source: &Source<'_>, artifact: &mut Artifact) {
    let text = source.text();
    if source.bytes().starts_with(&[0xfa, 0xde, 0x71, 0x71]) {
        artifact.fact("form", "blob of a signature (8 leading bytes)");
    } else if source.bytes().starts_with(b"bplist") {
        artifact.fact("form", "binary property list");
        artifact.warn(
            "ent.format",
            "entitlements-blob-ignored",
            "A binary property list: codesign embeds the file as it stands, and the system expects XML.",
        );
    } else if let Some((start, _)) = property_list::xml_range(text) {
        artifact.fact("form", "XML");
        // codesign names the program first, and warns of the old way to ask.
        let codesigns =
            |line: &&str| line.starts_with("Executable=") || line.starts_with("warning: Specifying ':'") || line.starts_with("$ ");
        let before: String = clip(text, 0..start).lines().map(str::trim).filter(|line| !codesigns(line)).collect();
        if !before.trim().is_empty() {
            artifact.warn(
                "ent.format",
                "",
                format!("{} characters stand before the property list; they were left out.", before.trim().chars().count()),
            );
        }
    }
    comments(text, artifact);
}

/// AMFI's parser is stricter than the others: comments and what is in them break it.
fn comments(text: &str, artifact: &mut Artifact) {
    let mut rest = text;
    let mut count = 0;
    while let Some(at) = rest.find("<!--") {
        count += 1;
        let body = tail(rest, at + 4);
        let end = body.find("-->").unwrap_or(body.len());
        if clip(body, 0..end).contains("--") {
            artifact.fail("ent.comment", "entitlements-xml-malformed", format!("Comment number {count} holds a double hyphen, which XML forbids there: AMFIUnserializeXML refuses the file, other readers accept it."));
            return;
        }
        rest = tail(body, end);
    }
    if count > 0 {
        artifact.warn(
            "ent.comment",
            "entitlements-xml-malformed",
            format!("{count} comments; some versions of AMFI refuse entitlements with comments."),
        );
    }
}

/// The keys of codesign's text form. Nesting is read by order: a key ends the value before it.
fn text_form(text: &str) -> Dictionary {
    let mut entries = Dictionary::new();
    let mut key: Option<String> = None;
    let mut list: Option<Vec<Value>> = None;
    for line in text.lines().take(20_000) {
        let Some((word, rest)) = line.trim().strip_prefix('[').and_then(|line| line.split_once(']')) else { continue };
        let rest = rest.trim();
        let value = match word {
            "Key" => {
                store(&mut entries, key.take(), list.take());
                key = Some(rest.to_owned());
                continue;
            }
            "Array" => {
                list = Some(Vec::new());
                continue;
            }
            "Bool" => Value::Boolean(rest == "true"),
            "Int" | "Integer" | "Number" => rest.parse::<i64>().map_or_else(|_| Value::String(rest.to_owned()), Value::from),
            "String" => Value::String(rest.to_owned()),
            _ => continue,
        };
        match &mut list {
            Some(items) => items.push(value),
            None => {
                if let Some(key) = key.take() {
                    entries.insert(key, value);
                }
            }
        }
    }
    store(&mut entries, key, list);
    entries
}

fn store(entries: &mut Dictionary, key: Option<String>, list: Option<Vec<Value>>) {
    if let Some(key) = key {
        entries.insert(key, list.map_or_else(|| Value::Dictionary(Dictionary::new()), Value::Array));
    }
}

/// The checks; profiles use them for what they grant.
pub(super) fn check(entries: &Dictionary, artifact: &mut Artifact) {
    facts(entries, artifact);
    identifier(entries, artifact);
    keychain_groups(entries, artifact);
    app_groups(entries, artifact);
    if let Some(value) = entries.get("com.apple.developer.associated-domains") {
        domains::check(&property_list::strings(Some(value)), artifact);
    }
    sandbox(entries, artifact);
    entitlement_values::check(entries, artifact);
    names(entries, artifact);
    restricted(entries, artifact);
}

/// Facts that are compared with other artifacts, under the names that all of them use.
pub(super) fn facts(entries: &Dictionary, artifact: &mut Artifact) {
    let identifier =
        ["application-identifier", "com.apple.application-identifier"].iter().find_map(|key| entries.get(key)).and_then(Value::as_string);
    if let Some(identifier) = identifier {
        artifact.fact("application identifier", identifier);
    }
    let team = entries
        .get("com.apple.developer.team-identifier")
        .and_then(Value::as_string)
        .or_else(|| identifier.and_then(prefixed).map(|(team, _)| team));
    artifact.fact_if("team", team);
    for (key, name) in [(GROUPS, "keychain access group"), (APP_GROUPS, "app group")] {
        for group in property_list::strings(entries.get(key)).into_iter().take(40) {
            artifact.fact(name, group);
        }
    }
    for (key, name) in [
        ("aps-environment", "push environment"),
        ("com.apple.developer.aps-environment", "push environment"),
        ("com.apple.developer.devicecheck.appattest-environment", "app attest environment"),
    ] {
        artifact.fact_if(name, entries.get(key).map(property_list::brief));
    }
    for key in entries.keys().take(200) {
        artifact.fact("entitlement", key);
    }
}

fn is_mac(entries: &Dictionary) -> bool {
    entries.contains_key(SANDBOX)
        || entries.contains_key("com.apple.application-identifier")
        || entries.keys().any(|key| key.starts_with("com.apple.security.cs.") || key.starts_with("com.apple.security.files."))
}

pub(super) fn flag(entries: &Dictionary, key: &str) -> bool {
    entries.get(key).and_then(Value::as_boolean) == Some(true)
}

fn identifier(entries: &Dictionary, artifact: &mut Artifact) {
    let key = ["application-identifier", "com.apple.application-identifier"].into_iter().find(|key| entries.contains_key(key));
    let Some(value) = key.and_then(|key| entries.get(key)).and_then(Value::as_string) else {
        artifact.unknown("ent.application-identifier", "signature-lacks-application-identifier", "There is no application identifier: right for a source file, where Xcode adds it when it signs; wrong in the signature of a program that uses the keychain or restricted entitlements.");
        return;
    };
    match prefixed(value) {
        _ if value.contains("$(") => artifact.unknown(
            "ent.application-identifier",
            "",
            format!("The application identifier is {value}: a source file, filled in when Xcode signs."),
        ),
        Some((_, "*")) => artifact.warn(
            "ent.application-identifier",
            "",
            format!("The application identifier is {value}: a wildcard, which no capability works with."),
        ),
        Some((team, rest)) if is_bundle_id(rest.trim_end_matches(".*")) => {
            artifact.pass("ent.application-identifier", format!("The application identifier is {value}: prefix {team}, bundle ID {rest}."));
        }
        _ => artifact.fail(
            "ent.application-identifier",
            "profile-application-identifier-mismatch",
            format!("The application identifier is {value}; it has to be a ten-character prefix, a dot and the bundle ID."),
        ),
    }
}

fn keychain_groups(entries: &Dictionary, artifact: &mut Artifact) {
    let Some(value) = entries.get(GROUPS) else { return };
    let groups = property_list::strings(Some(value));
    if groups.is_empty() {
        artifact.fail(
            "ent.keychain-groups",
            "access-group-not-in-entitlements",
            format!("keychain-access-groups is {} without a group; it has to be an array of strings.", property_list::kind(value)),
        );
        return;
    }
    let variables = |group: &str| group.starts_with("$(AppIdentifierPrefix)") || group.starts_with("$(TeamIdentifierPrefix)");
    let bare: Vec<&str> =
        groups.iter().filter(|group| prefixed(group).is_none() && !variables(group) && **group != "com.apple.token").copied().collect();
    let doubled: Vec<&str> = groups.iter().filter(|group| group.starts_with("$(AppIdentifierPrefix).")).copied().collect();
    if !bare.is_empty() {
        artifact.fail(
            "ent.keychain-groups",
            "access-group-missing-team-prefix",
            format!("Keychain access groups without a team prefix: {}.", listed(&bare)),
        );
    } else if !doubled.is_empty() {
        artifact.fail(
            "ent.keychain-groups",
            "access-group-missing-team-prefix",
            format!("{}: the variable ends with a dot already, so this gives two.", listed(&doubled)),
        );
    } else {
        artifact.pass(
            "ent.keychain-groups",
            format!("Keychain access groups: {}; new items go to the first of the application's groups.", listed(&groups)),
        );
    }
    let teams: std::collections::BTreeSet<&str> = groups.iter().filter_map(|group| prefixed(group)).map(|(team, _)| team).collect();
    if teams.len() > 1 {
        artifact.warn(
            "ent.keychain-teams",
            "app-id-prefix-change-hides-items",
            format!("Keychain access groups of {} prefixes: {}.", teams.len(), listed(&teams.into_iter().collect::<Vec<_>>())),
        );
    }
}

fn app_groups(entries: &Dictionary, artifact: &mut Artifact) {
    let Some(value) = entries.get(APP_GROUPS) else { return };
    let groups = property_list::strings(Some(value));
    let formed = |group: &str| group.starts_with("group.") || prefixed(group).is_some() || group.starts_with("$(TeamIdentifierPrefix)");
    let wrong: Vec<&str> = groups.iter().filter(|group| !formed(group)).copied().collect();
    let ios_form: Vec<&str> = groups.iter().filter(|group| group.starts_with("group.")).copied().collect();
    if groups.is_empty() {
        artifact.fail("ent.app-groups", "app-group-entitlement-mismatch", "The list of app groups is empty, or no list.");
    } else if !wrong.is_empty() {
        artifact.fail(
            "ent.app-groups",
            "app-group-not-team-prefixed",
            format!("App groups that begin neither with group. nor with a team ID: {}.", listed(&wrong)),
        );
    } else if is_mac(entries) && !ios_form.is_empty() {
        artifact.warn(
            "ent.app-groups",
            "app-group-not-team-prefixed",
            format!("On the Mac {} needs a profile that grants it; a group that begins with the team ID does not.", listed(&ios_form)),
        );
    } else {
        artifact.pass("ent.app-groups", format!("App groups: {}.", listed(&groups)));
    }
}

fn sandbox(entries: &Dictionary, artifact: &mut Artifact) {
    if flag(entries, INHERIT) {
        let others: Vec<&str> = entries.keys().map(String::as_str).filter(|key| !matches!(*key, SANDBOX | INHERIT)).collect();
        if !flag(entries, SANDBOX) {
            artifact.fail(
                "ent.inherit",
                "helper-missing-sandbox-inherit",
                "com.apple.security.inherit without com.apple.security.app-sandbox: both are needed.",
            );
        } else if others.is_empty() {
            artifact.pass("ent.inherit", "app-sandbox and inherit and nothing else: a helper that takes on its parent's sandbox.");
        } else {
            artifact.fail(
                "ent.inherit",
                "helper-missing-sandbox-inherit",
                format!(
                    "Beside app-sandbox and inherit stand {}: a helper with any other entitlement is killed at launch.",
                    listed(&others)
                ),
            );
        }
    }
    if flag(entries, SANDBOX) && !flag(entries, INHERIT) && !flag(entries, "com.apple.security.network.client") {
        artifact.unknown(
            "ent.network",
            "sandbox-network-client-missing",
            "Sandboxed without com.apple.security.network.client: outgoing connections fail with EPERM, if the program makes any.",
        );
    }
    let needs: Vec<&str> = entries
        .keys()
        .map(String::as_str)
        .filter(|key| {
            key.starts_with("com.apple.security.files.")
                || key.starts_with("com.apple.security.network.")
                || key.starts_with("com.apple.security.temporary-exception.")
        })
        .collect();
    if !needs.is_empty() && entries.get(SANDBOX).is_some_and(|value| value.as_boolean() == Some(false)) {
        artifact.warn("ent.sandbox", "", format!("app-sandbox is false, so these do nothing: {}.", listed(&needs)));
    }
    let exceptions: Vec<&str> = needs.iter().filter(|key| key.contains(".temporary-exception.")).copied().collect();
    if !exceptions.is_empty() {
        artifact.warn(
            "ent.exceptions",
            "temporary-exception-relied-on",
            format!("Temporary exceptions: {}; App Review asks for a reason for each.", listed(&exceptions)),
        );
    }
    for pair in ["user-selected", "downloads"] {
        let both = ["read-only", "read-write"].iter().all(|mode| flag(entries, &format!("com.apple.security.files.{pair}.{mode}")));
        if both {
            artifact.warn(
                "ent.contradiction",
                "",
                format!("files.{pair} stands as read-only and as read-write; only the wider one counts."),
            );
        }
    }
}

fn names(entries: &Dictionary, artifact: &mut Artifact) {
    let misspelt: Vec<String> = entries
        .keys()
        .filter(|key| !entitlement_keys::is_known(key))
        .filter_map(|key| entitlement_keys::nearest(key).map(|near| format!("{key} (meant: {near}?)")))
        .collect();
    if !misspelt.is_empty() {
        artifact.warn("ent.names", "", format!("Keys that look misspelt: {}.", listed(&misspelt)));
    }
    let private: Vec<&str> = entries.keys().map(String::as_str).filter(|key| key.starts_with("com.apple.private.")).collect();
    if !private.is_empty() {
        artifact.fail(
            "ent.private",
            "restricted-entitlement-without-profile",
            format!("Private entitlements, which only Apple's own programs may hold: {}.", listed(&private)),
        );
    }
}

fn restricted(entries: &Dictionary, artifact: &mut Artifact) {
    // On the Mac a group of the own team needs no profile.
    let free = |key: &str| {
        key == APP_GROUPS && property_list::strings(entries.get(key)).iter().all(|group| group.split('.').next().is_some_and(is_team))
    };
    let keys: Vec<&str> = entries.keys().map(String::as_str).filter(|key| entitlement_keys::is_restricted(key) && !free(key)).collect();
    let managed: Vec<&str> = keys.iter().filter(|key| entitlement_keys::is_managed(key)).copied().collect();
    if !managed.is_empty() {
        artifact.unknown("ent.managed", "profile-missing-capability", format!("Apple grants these on request only: {}.", listed(&managed)));
    }
    if is_mac(entries) && !keys.is_empty() {
        artifact.unknown(
            "ent.restricted",
            "restricted-entitlement-without-profile",
            format!(
                "On the Mac these need an embedded provisioning profile that grants them, or the program is killed at launch: {}.",
                listed(&keys)
            ),
        );
    }
}
