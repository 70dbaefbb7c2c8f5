//! Attestations and assertions against the app and the domains that they should be of.

use super::cross::{Checks, application, of, signed_apps};
use super::values::{listed, sha256, to_hex};
use super::{Artifact, Form, domains};
use std::collections::BTreeSet;

/// Holds every attestation and assertion against the others.
pub(super) fn attestations(all: &[Artifact], checks: &mut Checks) {
    for proof in all.iter().filter(|artifact| matches!(artifact.form, Form::Attestation | Form::Assertion)) {
        let Some(hash) = proof.value("rp id hash") else { continue };
        let app_attest = proof.value("format") == Some("apple-appattest") || proof.value("from") == Some("App Attest");
        if app_attest {
            for app in signed_apps(all) {
                let Some(id) = application(app) else { continue };
                if to_hex(&sha256(id.as_bytes())) == hash {
                    checks.pass("cross.app-id-hash", format!("{} is of {id}.", proof.name));
                } else {
                    checks.fail(
                        "cross.app-id-hash",
                        "attest-rp-id-hash-mismatch",
                        format!("{} is not of {id}, which {} is signed for: its hash of the App ID is another.", proof.name, app.name),
                    );
                }
            }
        } else {
            relying_party(proof, hash, all, checks);
        }
        attested_environment(proof, all, checks);
    }
}

/// The hash of a relying party against the domains that the app is associated with.
fn relying_party(proof: &Artifact, hash: &str, all: &[Artifact], checks: &mut Checks) {
    let domains: BTreeSet<&str> = all
        .iter()
        .flat_map(|artifact| artifact.values("associated domain"))
        .filter_map(domains::parts)
        .filter(|(service, _)| *service == "webcredentials")
        .map(|(_, host)| host)
        .collect();
    if domains.is_empty() {
        return;
    }
    let candidate = |host: &&&str| to_hex(&sha256(host.trim_start_matches("*.").as_bytes())) == hash;
    match domains.iter().find(candidate) {
        Some(host) => checks.pass("cross.rp-id", format!("The relying party of {} is {host}, an associated domain.", proof.name)),
        None => checks.fail(
            "cross.rp-id",
            "rp-id-not-in-associated-domains",
            format!(
                "The relying party of {} is none of the associated domains {}.",
                proof.name,
                listed(&domains.into_iter().collect::<Vec<_>>())
            ),
        ),
    }
}

fn attested_environment(proof: &Artifact, all: &[Artifact], checks: &mut Checks) {
    let Some(attested) = proof.value("attested environment") else { return };
    let distributed = of(all, Form::Profile)
        .filter_map(|profile| profile.value("profile kind"))
        .find(|kind| *kind == "App Store" || kind.starts_with("in-house"));
    if let Some(kind) = distributed
        && attested == "development"
    {
        checks.fail(
            "cross.attest-environment",
            "attest-environment-mismatch",
            format!(
                "{} is of the development environment, the profile is for {kind} distribution, which always attests in production.",
                proof.name
            ),
        );
        return;
    }
    for own in of(all, Form::Entitlements).filter_map(|artifact| artifact.value("app attest environment")) {
        if own == attested {
            checks.pass("cross.attest-environment", format!("{} is of the {attested} environment, as the entitlements say.", proof.name));
        } else {
            checks.warn(
                "cross.attest-environment",
                "attest-environment-mismatch",
                format!(
                    "{} is of the {attested} environment, the entitlements say {own}; store builds attest in production whatever they say.",
                    proof.name
                ),
            );
        }
    }
}
