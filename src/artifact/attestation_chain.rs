//! The certificate chain of an attestation, and the nonce in its leaf.

use super::auth_data::AuthData;
use super::cbor::Cbor;
use super::keys::{Given, readings};
use super::values::{date, sha256, span};
use super::{Artifact, Context, certificate, der};
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// Apple puts the nonce here, for App Attest and for its anonymous attestation.
const NONCE: &str = "1.2.840.113635.100.8.2";

/// The certificates of a statement, the leaf first.
pub(super) fn chain(object: &Cbor) -> Vec<&[u8]> {
    match object.get("attStmt").and_then(|statement| statement.get("x5c")) {
        Some(Cbor::Array(items)) => items.iter().filter_map(Cbor::bytes).take(8).collect(),
        _ => Vec::new(),
    }
}

/// Names and dates of the chain, and whether its leaf has the credential's key.
pub(super) fn check(object: &Cbor, data: &AuthData, artifact: &mut Artifact, context: &Context) {
    let all = chain(object);
    let format = object.get("fmt").and_then(Cbor::text).unwrap_or("");
    if all.is_empty() {
        if matches!(format, "apple-appattest" | "apple") {
            artifact.fail("att.chain", "attest-wrong-root-certificate", "The statement holds no certificates (x5c).");
        }
        return;
    }
    let mut issuers = Vec::new();
    for (number, bytes) in all.iter().enumerate() {
        let Some(summary) = certificate::summary(bytes) else {
            artifact.fail("att.chain", "attest-wrong-root-certificate", format!("Certificate {} of the chain cannot be read.", number + 1));
            return;
        };
        artifact.fact(
            "chain",
            format!("{}, issued by {}, {} to {}", summary.subject, summary.issuer, date(summary.not_before), date(summary.not_after)),
        );
        if number == 0 {
            leaf_dates(&summary, artifact, context);
        }
        issuers.push((summary.subject, summary.issuer));
    }
    let broken = issuers.windows(2).any(|pair| matches!(pair, [one, next] if one.1 != next.0));
    let last = issuers.last().map_or("", |(_, issuer)| issuer.as_str());
    if broken {
        artifact.fail(
            "att.chain",
            "attest-wrong-root-certificate",
            "The certificates do not follow each other: the issuer of one is not the subject of the next.",
        );
    } else if format == "apple-appattest" && !last.contains("App Attestation Root CA") {
        artifact.fail(
            "att.chain",
            "attest-wrong-root-certificate",
            format!("The chain leads to {last}; App Attest's leads to the Apple App Attestation Root CA."),
        );
    } else {
        artifact.pass("att.chain", format!("{} certificates that lead to {last}, by their names.", all.len()));
    }
    let leaf_key = all
        .first()
        .and_then(|bytes| X509Certificate::from_der(bytes).ok())
        .map(|(_, leaf)| leaf.public_key().subject_public_key.data.to_vec());
    match (leaf_key, data.point()) {
        (Some(leaf), Some(point)) if leaf == point => artifact.pass("att.leaf-key", "The leaf certifies the credential's key."),
        (Some(_), Some(_)) if matches!(format, "apple-appattest" | "apple") => {
            artifact.fail("att.leaf-key", "attest-key-id-mismatch", "The leaf certifies another key than the credential's.");
        }
        _ => {}
    }
}

/// An App Attest leaf lives for days: it has to be judged as of the time of the attestation.
fn leaf_dates(summary: &certificate::Summary, artifact: &mut Artifact, context: &Context) {
    match context.now {
        Some(now) if now > summary.not_after => artifact.warn(
            "att.leaf-date",
            "attest-leaf-expired",
            format!(
                "The leaf expired on {}, {} ago: check the chain as of the time of the attestation.",
                date(summary.not_after),
                span(now - summary.not_after)
            ),
        ),
        Some(now) if now < summary.not_before => artifact.warn(
            "att.leaf-date",
            "device-clock-wrong",
            format!("The leaf is valid from {} on, which is in the future.", date(summary.not_before)),
        ),
        Some(_) => artifact.pass("att.leaf-date", format!("The leaf is valid until {}.", date(summary.not_after))),
        None => artifact.unknown(
            "att.leaf-date",
            "attest-leaf-expired",
            format!("The leaf is valid until {}; no time was given to compare with.", date(summary.not_after)),
        ),
    }
}

/// Holds the nonce of the leaf against the challenge, if that was given.
pub(super) fn nonce(object: &Cbor, auth_bytes: &[u8], given: &Given, artifact: &mut Artifact) {
    let leaf = chain(object).first().copied();
    let Some(certified) = leaf.and_then(certified_nonce) else {
        if leaf.is_some() {
            artifact.fail("att.nonce", "attest-challenge-hash-mismatch", format!("The leaf has no nonce of 32 bytes (extension {NONCE})."));
        }
        return;
    };
    let over = |bytes: &[u8]| sha256(&[auth_bytes, bytes].concat()) == certified;
    let all: Vec<(&str, Vec<u8>)> = match (&given.client_data, &given.challenge) {
        (Some(bytes), _) => vec![("the client data", bytes.clone())],
        (None, Some(challenge)) => readings(challenge),
        (None, None) => {
            artifact.unknown(
                "att.nonce",
                "attest-challenge-hash-mismatch",
                "The leaf holds a nonce of 32 bytes; without the challenge it cannot be compared.",
            );
            return;
        }
    };
    if let Some((how, _)) = all.iter().find(|(_, bytes)| over(&sha256(bytes))) {
        artifact.pass("att.nonce", format!("The nonce is the SHA-256 of the authenticator data and the SHA-256 of the challenge ({how})."));
    } else if let Some((how, _)) = all.iter().find(|(_, bytes)| over(bytes)) {
        artifact.warn(
            "att.nonce",
            "attest-challenge-hash-mismatch",
            format!("The nonce was made with {how}, not hashed: what is given is the hash already, or the app did not hash the challenge."),
        );
    } else {
        artifact.fail(
            "att.nonce",
            "attest-challenge-hash-mismatch",
            "The nonce does not come from this challenge: other bytes, text instead of bytes, or another hash.",
        );
    }
}

/// The nonce that a leaf certifies.
pub(super) fn certified_nonce(leaf: &[u8]) -> Option<Vec<u8>> {
    X509Certificate::from_der(leaf).ok().and_then(|(_, leaf)| certificate::extension(&leaf, NONCE).and_then(nonce_in))
}

/// The 32 bytes inside the extension.
fn nonce_in(value: &[u8]) -> Option<Vec<u8>> {
    let mut found = None;
    let mut seen = 0;
    der::walk(value, 0, &mut seen, &mut |element| {
        if element.tag == 0x04 && element.body.len() == 32 {
            found = Some(element.body.to_vec());
        }
    });
    found
}
