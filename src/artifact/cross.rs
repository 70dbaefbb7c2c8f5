//! Artifacts held against each other: prefixes, identifiers, groups, environments, and values that have to be the same on both sides.

use super::values::{listed, prefixed};
use super::{Artifact, Check, Form, Status, cross_attestation, domains, entitlement_keys};
use std::collections::BTreeSet;

/// Artifacts that are compared; more than a project has.
const MOST: usize = 60;

/// What several artifacts say of the same thing, where it does not fit together, and where it does.
#[must_use]
pub fn cross(artifacts: &[Artifact]) -> Vec<Check> {
    let all = artifacts.get(..artifacts.len().min(MOST)).unwrap_or(artifacts);
    let mut checks = Checks(Vec::new());
    for signed in of(all, Form::Entitlements) {
        if let Some(profile) = profile_for(all, signed) {
            entitlements_in_profile(signed, profile, &mut checks);
        }
        for plist in of(all, Form::InfoPlist) {
            bundle_in_entitlements(plist, signed, all, &mut checks);
        }
    }
    shared_groups(all, &mut checks);
    associations(all, &mut checks);
    device_state(all, &mut checks);
    tokens(all, &mut checks);
    cross_attestation::attestations(all, &mut checks);
    teams(all, &mut checks);
    checks.0
}

pub(super) struct Checks(Vec<Check>);

impl Checks {
    pub(super) fn pass(&mut self, id: &'static str, text: String) {
        self.0.push(Check::new(Status::Pass, id, "", text));
    }
    pub(super) fn warn(&mut self, id: &'static str, page: &'static str, text: String) {
        self.0.push(Check::new(Status::Warn, id, page, text));
    }
    pub(super) fn fail(&mut self, id: &'static str, page: &'static str, text: String) {
        self.0.push(Check::new(Status::Fail, id, page, text));
    }
}

pub(super) fn of(all: &[Artifact], form: Form) -> impl Iterator<Item = &Artifact> {
    all.iter().filter(move |artifact| artifact.form == form)
}

/// Whether `pattern`, which may end with an asterisk, covers `value`.
fn covers(pattern: &str, value: &str) -> bool {
    pattern == value || pattern.strip_suffix('*').is_some_and(|head| value.starts_with(head))
}

pub(super) fn application(artifact: &Artifact) -> Option<&str> {
    artifact.value("application identifier").filter(|id| !id.contains("$("))
}

/// The profile that is meant for these entitlements: the one that covers them, or the only one.
fn profile_for<'a>(all: &'a [Artifact], signed: &Artifact) -> Option<&'a Artifact> {
    let profiles: Vec<&Artifact> = of(all, Form::Profile).collect();
    let id = application(signed);
    let fitting = profiles.iter().find(|profile| application(profile).zip(id).is_some_and(|(pattern, id)| covers(pattern, id)));
    fitting.copied().or(if profiles.len() == 1 { profiles.first().copied() } else { None })
}

fn entitlements_in_profile(signed: &Artifact, profile: &Artifact, checks: &mut Checks) {
    if let (Some(id), Some(pattern)) = (application(signed), application(profile)) {
        if covers(pattern, id) {
            checks.pass("cross.application-identifier", format!("{} signs {id}, which the profile {} covers.", signed.name, profile.name));
        } else {
            checks.fail(
                "cross.application-identifier",
                "profile-application-identifier-mismatch",
                format!("{} says {id}, the profile {} is for {pattern}.", signed.name, profile.name),
            );
        }
    }
    let granted: BTreeSet<&str> = profile.values("entitlement").collect();
    let missing: Vec<&str> = signed
        .values("entitlement")
        .filter(|key| entitlement_keys::is_restricted(key) && !granted.contains(key))
        .filter(|key| !is_free_group(key, signed))
        .collect();
    if missing.is_empty() {
        checks.pass("cross.entitlements", format!("The profile {} grants every restricted entitlement of {}.", profile.name, signed.name));
    } else {
        let page = if missing.contains(&"com.apple.developer.associated-domains") && missing.len() == 1 {
            "profile-lacks-associated-domains"
        } else {
            "entitlements-not-in-profile"
        };
        checks.fail(
            "cross.entitlements",
            page,
            format!("{} claims what the profile {} does not grant: {}.", signed.name, profile.name, listed(&missing)),
        );
    }
    let lost: Vec<&str> = [
        "com.apple.developer.applesignin",
        "com.apple.developer.associated-domains",
        "com.apple.developer.devicecheck.appattest-environment",
    ]
    .into_iter()
    .filter(|key| granted.contains(key) && !signed.values("entitlement").any(|own| own == *key))
    .collect();
    if !lost.is_empty() {
        checks.warn(
            "cross.unused",
            "profile-missing-capability",
            format!(
                "The profile {} grants what {} does not claim: {}. Was the capability lost in this target or configuration?",
                profile.name,
                signed.name,
                listed(&lost)
            ),
        );
    }
    for (fact, id, page) in [
        ("keychain access group", "cross.keychain-groups", "access-group-not-in-entitlements"),
        ("app group", "cross.app-groups", "app-group-entitlement-mismatch"),
    ] {
        let patterns: Vec<&str> = profile.values(fact).collect();
        let foreign: Vec<&str> = signed
            .values(fact)
            .filter(|group| !group.contains("$(") && !patterns.iter().any(|pattern| covers(pattern, group)))
            .filter(|group| fact != "app group" || prefixed(group).is_none())
            .collect();
        if !foreign.is_empty() {
            checks.fail(
                id,
                page,
                format!(
                    "{} has {}, the profile {} grants {}.",
                    signed.name,
                    listed(&foreign),
                    profile.name,
                    if patterns.is_empty() { "none".to_owned() } else { listed(&patterns) }
                ),
            );
        }
    }
    environment(signed, profile, checks);
}

/// On the Mac a group that begins with the team needs no profile.
fn is_free_group(key: &str, signed: &Artifact) -> bool {
    key == "com.apple.security.application-groups" && signed.values("app group").all(|group| prefixed(group).is_some())
}

fn environment(signed: &Artifact, profile: &Artifact, checks: &mut Checks) {
    let (Some(own), Some(granted)) = (signed.value("push environment"), profile.value("push environment")) else { return };
    if own == granted {
        checks.pass("cross.environment", format!("The push environment is {own} on both sides."));
    } else {
        checks.fail(
            "cross.environment",
            "entitlements-not-in-profile",
            format!("The push environment of {} is {own}, the profile {} grants {granted}.", signed.name, profile.name),
        );
    }
}

fn bundle_in_entitlements(plist: &Artifact, signed: &Artifact, all: &[Artifact], checks: &mut Checks) {
    let (Some(bundle), Some(id)) = (plist.value("bundle id"), application(signed)) else { return };
    // With several apps and extensions given, only pairs that are meant for each other count.
    let several = of(all, Form::InfoPlist).count() > 1 || of(all, Form::Entitlements).count() > 1;
    match prefixed(id) {
        Some((_, rest)) if covers(rest, bundle) => {
            checks.pass("cross.bundle-id", format!("The bundle ID {bundle} of {} is the one of {}.", plist.name, signed.name));
        }
        Some((_, rest)) if !several && !bundle.contains("$(") => checks.fail(
            "cross.bundle-id",
            "profile-application-identifier-mismatch",
            format!("The bundle ID of {} is {bundle}, {} is signed for {rest}.", plist.name, signed.name),
        ),
        _ => {}
    }
}

/// Programs of one team that are given together are meant to share; those that share nothing are suspect.
fn shared_groups(all: &[Artifact], checks: &mut Checks) {
    let with: Vec<&Artifact> = of(all, Form::Entitlements).filter(|artifact| artifact.value("app group").is_some()).collect();
    let without: Vec<&str> = of(all, Form::Entitlements)
        .filter(|artifact| artifact.value("app group").is_none())
        .map(|artifact| artifact.name.as_str())
        .collect();
    for pair in with.windows(2) {
        let [one, other] = pair else { continue };
        let theirs: BTreeSet<&str> = other.values("app group").collect();
        if one.values("app group").any(|group| theirs.contains(group)) {
            checks.pass("cross.shared-group", format!("{} and {} share an app group.", one.name, other.name));
        } else {
            checks.fail(
                "cross.shared-group",
                "app-group-entitlement-mismatch",
                format!(
                    "{} has the app group {}, {} has {}: they share none.",
                    one.name,
                    one.value("app group").unwrap_or(""),
                    other.name,
                    other.value("app group").unwrap_or("")
                ),
            );
        }
    }
    if !with.is_empty() && !without.is_empty() {
        checks.warn(
            "cross.shared-group",
            "app-group-entitlement-mismatch",
            format!("{} has no app group, {} has.", listed(&without), with.first().map_or("", |first| first.name.as_str())),
        );
    }
}

/// Apps that are signed: their identifiers, from entitlements, or from profiles where no entitlements were given.
pub(super) fn signed_apps(all: &[Artifact]) -> Vec<&Artifact> {
    let signed: Vec<&Artifact> = of(all, Form::Entitlements).filter(|artifact| application(artifact).is_some()).collect();
    if signed.is_empty() {
        of(all, Form::Profile).filter(|artifact| application(artifact).is_some_and(|id| !id.ends_with('*'))).collect()
    } else {
        signed
    }
}

fn associations(all: &[Artifact], checks: &mut Checks) {
    for file in of(all, Form::Association) {
        for app in signed_apps(all) {
            let Some(id) = application(app) else { continue };
            let wanted: BTreeSet<&str> = app
                .values("associated domain")
                .filter_map(domains::parts)
                .map(|(service, _)| service)
                .filter(|service| matches!(*service, "webcredentials" | "applinks" | "appclips"))
                .collect();
            for service in wanted {
                association(file, app, (service, id), checks);
            }
            let any =
                ["webcredentials app", "applinks app", "appclips app"].iter().any(|fact| file.values(fact).any(|listed| listed == id));
            if any && app.form == Form::Entitlements && app.value("associated domain").is_none() {
                checks.fail(
                    "cross.associated-domains",
                    "profile-lacks-associated-domains",
                    format!("{} lists {id}, but {} has no associated domains.", file.name, app.name),
                );
            }
        }
    }
}

fn association(file: &Artifact, app: &Artifact, (service, id): (&str, &str), checks: &mut Checks) {
    let fact = format!("{service} app");
    let bundle = prefixed(id).map_or(id, |(_, bundle)| bundle);
    let named: Vec<&str> = file.values(&fact).collect();
    if named.contains(&id) {
        checks.pass("cross.association", format!("{} lists {id} under {service}.", file.name));
    } else if let Some(other) = named.iter().find(|other| prefixed(other).is_some_and(|(_, rest)| rest == bundle)) {
        checks.fail(
            "cross.association",
            "aasa-team-id-prefix-mismatch",
            format!("{} lists {other} under {service}, {} is signed as {id}: another prefix.", file.name, app.name),
        );
    } else {
        let page = if service == "webcredentials" { "app-missing-from-webcredentials" } else { "aasa-path-pattern-wrong" };
        checks.fail(
            "cross.association",
            page,
            format!(
                "{} does not list {id} under {service}; it lists {}.",
                file.name,
                if named.is_empty() { "nothing".to_owned() } else { listed(&named) }
            ),
        );
    }
}

/// What the device has on record for an app's domains, against what the app is signed for.
fn device_state(all: &[Artifact], checks: &mut Checks) {
    for state in of(all, Form::AssociationState) {
        for app in signed_apps(all) {
            let Some(id) = application(app) else { continue };
            let bundle = prefixed(id).map_or(id, |(_, bundle)| bundle);
            for (service, host) in app.values("associated domain").filter_map(domains::parts).filter(|(service, _)| *service != "authsrv") {
                let fact = format!("{service} app");
                let records: Vec<(&str, &str)> = state.values(&fact).filter_map(|record| record.split_once(" at ")).collect();
                let host = host.split('?').next().unwrap_or(host);
                let of_app: Vec<&str> = records.iter().filter(|(known, _)| *known == id).map(|(_, at)| *at).collect();
                if of_app.iter().any(|at| at.split('?').next() == Some(host)) {
                    checks.pass("cross.domain", format!("{} has a record of {service}:{host} for {id}.", state.name));
                } else if let Some((other, _)) =
                    records.iter().find(|(known, _)| *known != id && prefixed(known).is_some_and(|(_, rest)| rest == bundle))
                {
                    checks.fail(
                        "cross.domain",
                        "aasa-team-id-prefix-mismatch",
                        format!("{} has records for {other}, {} is signed as {id}: another prefix.", state.name, app.name),
                    );
                } else if !of_app.is_empty() {
                    checks.fail(
                        "cross.domain",
                        "aasa-not-downloaded-at-install",
                        format!("{} names {service}:{host}, but {} has records of {} only.", app.name, state.name, listed(&of_app)),
                    );
                }
            }
        }
    }
}

fn tokens(all: &[Artifact], checks: &mut Checks) {
    for token in of(all, Form::Jwt) {
        let kind = token.value("kind").unwrap_or("");
        let clients: BTreeSet<&str> = all
            .iter()
            .filter(|other| matches!(other.form, Form::TokenRequest | Form::Unknown))
            .flat_map(|other| other.values("client_id"))
            .collect();
        if kind.starts_with("client secret") {
            client_secret(token, &clients, checks);
            key_id(token, all, checks);
        } else if kind.starts_with("identity token") {
            identity_token(token, all, &clients, checks);
        } else {
            key_id(token, all, checks);
        }
    }
}

fn client_secret(token: &Artifact, clients: &BTreeSet<&str>, checks: &mut Checks) {
    let Some(sub) = token.value("sub") else { return };
    for client in clients {
        if *client == sub {
            checks.pass("cross.client-id", format!("sub of {} and client_id are both {sub}.", token.name));
        } else {
            checks.fail(
                "cross.client-id",
                "client-secret-sub-differs-from-client-id",
                format!(
                    "sub of {} is {sub}, client_id is {client}: Apple wants the same value in both and answers invalid_client.",
                    token.name
                ),
            );
        }
    }
}

/// The key's file is named after its identifier, and a key set names its keys.
fn key_id(token: &Artifact, all: &[Artifact], checks: &mut Checks) {
    let Some(kid) = token.value("kid") else { return };
    for key in of(all, Form::Key) {
        match key.value("key id") {
            Some(id) if id == kid => {
                checks.pass("cross.key-id", format!("kid of {} is the key ID in the name of {}.", token.name, key.name));
            }
            Some(id) => checks.fail(
                "cross.key-id",
                "client-secret-wrong-key-or-kid",
                format!("kid of {} is {kid}, the key file {} is of {id}.", token.name, key.name),
            ),
            None => {}
        }
    }
}

fn identity_token(token: &Artifact, all: &[Artifact], clients: &BTreeSet<&str>, checks: &mut Checks) {
    let audience = token.value("aud").unwrap_or("");
    for bundle in
        of(all, Form::InfoPlist).filter(|plist| plist.value("package type") != Some("XPC!")).filter_map(|plist| plist.value("bundle id"))
    {
        if bundle == audience {
            checks.pass("cross.audience", format!("aud of {} is the bundle ID.", token.name));
        } else {
            checks.warn(
                "cross.audience",
                "identity-token-audience-mismatch",
                format!(
                    "aud of {} is {audience}, the bundle ID is {bundle}: right only for a sign-in on the web with a Services ID.",
                    token.name
                ),
            );
        }
    }
    for client in clients.iter().filter(|client| **client != audience) {
        checks.fail(
            "cross.audience",
            "token-client-id-bundle-vs-services",
            format!("aud of {} is {audience}, client_id is {client}: code and token were issued to another client.", token.name),
        );
    }
    for configuration in of(all, Form::OpenIdConfiguration) {
        if let (Some(said), Some(own)) = (configuration.value("issuer"), token.value("iss")) {
            if said == own {
                checks.pass("cross.issuer", format!("iss of {} and the issuer of {} are both {own}.", token.name, configuration.name));
            } else {
                checks.fail(
                    "cross.issuer",
                    "issuer-mismatch-account-apple-com",
                    format!("iss of {} is {own}, {} says {said}.", token.name, configuration.name),
                );
            }
        }
    }
    for set in of(all, Form::KeySet) {
        let kid = token.value("kid").unwrap_or("");
        if set.values("key id").any(|known| known == kid) {
            checks.pass("cross.key-set", format!("The key {kid} is in {}.", set.name));
        } else {
            checks.fail(
                "cross.key-set",
                "jwks-key-not-found",
                format!("The key {kid} of {} is not in {}: a stale copy, or a token of another issuer.", token.name, set.name),
            );
        }
    }
}

/// Every artifact's team; more than one among files given together is worth a look.
fn teams(all: &[Artifact], checks: &mut Checks) {
    let mut said: Vec<(&str, &str)> = Vec::new();
    for artifact in all {
        let kind = artifact.value("kind").unwrap_or("");
        let team = match artifact.form {
            Form::Entitlements | Form::CrashReport | Form::Certificate => artifact.value("team"),
            Form::Profile => artifact.value("profile team"),
            Form::Jwt if kind.starts_with("client secret") || kind.contains("DeviceCheck") => artifact.value("iss"),
            _ => None,
        };
        said.extend(team.filter(|team| super::values::is_team(team)).map(|team| (team, artifact.name.as_str())));
    }
    let different: BTreeSet<&str> = said.iter().map(|(team, _)| *team).collect();
    if different.len() > 1 {
        let all: Vec<String> = said.iter().map(|(team, name)| format!("{team} in {name}")).collect();
        checks.fail("cross.team", "app-id-prefix-change-hides-items", format!("The team is not the same everywhere: {}.", listed(&all)));
    } else if said.len() > 1 {
        checks.pass("cross.team", format!("The team is {} everywhere.", said.first().map_or("", |(team, _)| team)));
    }
}
