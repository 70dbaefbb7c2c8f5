//! `assetlinks.json`, Android's counterpart of an association file. Apple does not read it; it stands beside the other on the same host.

use super::source::Source;
use super::values::{hex, is_bundle_id, listed};
use super::{Artifact, Context};
use serde_json::Value as Json;

const LINKS: &str = "delegate_permission/common.handle_all_urls";
const LOGIN: &str = "delegate_permission/common.get_login_creds";

/// A list of statements with relation and target.
pub(super) fn claims(source: &Source<'_>) -> bool {
    statements(source).is_some_and(|all| all.iter().any(|one| one.get("relation").is_some() && one.get("target").is_some()))
}

fn statements<'a>(source: &'a Source<'_>) -> Option<&'a [Json]> {
    source.json().and_then(Json::as_array).map(Vec::as_slice)
}

/// Checks the statements.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    artifact.unknown(
        "links.apple",
        "",
        "Android's file: Apple's systems read apple-app-site-association alone, so nothing here helps or hurts an app on them.",
    );
    for (number, one) in statements(source).unwrap_or(&[]).iter().take(40).enumerate() {
        statement(number + 1, one, artifact);
    }
}

fn statement(number: usize, one: &Json, artifact: &mut Artifact) {
    let relations: Vec<&str> = one.get("relation").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
    let known = |relation: &&str| matches!(*relation, LINKS | LOGIN);
    if relations.is_empty() {
        artifact.fail("links.relation", "", format!("Statement {number} has no array of relations."));
    } else if relations.iter().any(|relation| !known(relation)) {
        artifact.warn("links.relation", "", format!("Statement {number} has the relations {}.", listed(&relations)));
    } else {
        let passkeys =
            if relations.contains(&LOGIN) { "passkeys and passwords are shared" } else { "links only: passkeys need get_login_creds too" };
        artifact.pass("links.relation", format!("Statement {number}: {passkeys}."));
    }
    let target = one.get("target");
    let text = |name: &str| target.and_then(|target| target.get(name)).and_then(Json::as_str);
    match text("namespace") {
        Some("android_app") => android(number, target, text("package_name").unwrap_or(""), artifact),
        Some("web") => artifact.fact("site", text("site").unwrap_or("")),
        other => artifact.fail(
            "links.target",
            "",
            format!("Statement {number} has the namespace {}; it has to be android_app or web.", other.unwrap_or("absent")),
        ),
    }
}

fn android(number: usize, target: Option<&Json>, package: &str, artifact: &mut Artifact) {
    artifact.fact("package", package);
    if !is_bundle_id(&package.replace('_', "-")) {
        artifact.fail("links.target", "", format!("Statement {number} names the package {package}, which is no package name."));
    }
    let prints: Vec<&str> = target
        .and_then(|target| target.get("sha256_cert_fingerprints"))
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    let wrong: Vec<&str> =
        prints.iter().filter(|print| print.len() != 95 || hex(print).is_none_or(|bytes| bytes.len() != 32)).copied().collect();
    if prints.is_empty() {
        artifact.fail("links.fingerprint", "", format!("Statement {number} has no sha256_cert_fingerprints."));
    } else if wrong.is_empty() {
        artifact.pass("links.fingerprint", format!("Statement {number} has {} fingerprints of 32 bytes.", prints.len()));
    } else {
        artifact.fail(
            "links.fingerprint",
            "",
            format!("Statement {number} has fingerprints that are no SHA-256 in pairs with colons: {}.", listed(&wrong)),
        );
    }
}
