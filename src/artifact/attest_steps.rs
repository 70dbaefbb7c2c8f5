//! What a server does with an attestation or assertion, step by step in Apple's order ("Validating apps that connect to your server"), with the
//! values given; the first step that fails is named. Steps whose values were not given stay open.

use super::attestation_chain::{certified_nonce, chain};
use super::auth_data::AuthData;
use super::cbor::Cbor;
use super::keys::{Given, readings};
use super::signature::{PublicKey, Scheme};
use super::values::{base64, date, sha256, to_base64};
use super::{Artifact, Check, Status, certificate, pem};

/// The Apple App Attestation Root CA, from apple.com/certificateauthority/private; its SHA-256 begins with 1cb9823b and ends with 6242c932.
const ROOT: &str = "MIICITCCAaegAwIBAgIQC/O+DvHN0uD7jG5yH2IXmDAKBggqhkjOPQQDAzBSMSYwJAYDVQQDDB1BcHBsZSBBcHAgQXR0ZXN0YXRpb24gUm9vdCBDQTETMBEGA1UECgwKQXBwbGUgSW5jLjETMBEGA1UECAwKQ2FsaWZvcm5pYTAeFw0yMDAzMTgxODMyNTNaFw00NTAzMTUwMDAwMDBaMFIxJjAkBgNVBAMMHUFwcGxlIEFwcCBBdHRlc3RhdGlvbiBSb290IENBMRMwEQYDVQQKDApBcHBsZSBJbmMuMRMwEQYDVQQIDApDYWxpZm9ybmlhMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAERTHhmLW07ATaFQIEVwTtT4dyctdhNbJhFs/Ii2FdCgAHGbpphY3+d8qjuDngIN3WVhQUBHAoMeQ/cLiP1sOUtgjqK9auYen1mMEvRq9Sk3Jm5X8U62H+xTD3FE9TgS41o0IwQDAPBgNVHRMBAf8EBTADAQH/MB0GA1UdDgQWBBSskRBTM72+aEH/pwyp5frq5eWKoTAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0EAwMDaAAwZQIwQgFGnByvsiVbpTKwSga0kP0e8EeDS4+sQmTvb7vn53O5+FRXgeLhpJ06ysC5PrOyAjEAp5U4xDgEgllF7En3VcE3iexZZtKeYnpqtijVoyFraWVIyd/dganmrduC1bmTBGwD";

/// An attestation, decoded.
pub(super) struct Proof<'a> {
    pub(super) object: &'a Cbor,
    pub(super) data: &'a AuthData,
    pub(super) auth_bytes: &'a [u8],
}

/// An assertion, decoded.
pub(super) struct Assertion<'a> {
    pub(super) data: &'a AuthData,
    pub(super) auth_bytes: &'a [u8],
    pub(super) signature: Option<Vec<u8>>,
}

/// What a step found: a verdict, what it says, and the page for a failure.
struct Step {
    id: &'static str,
    title: &'static str,
    status: Status,
    page: &'static str,
    text: String,
}

/// The steps of one validation, in order.
#[derive(Default)]
struct Steps(Vec<Step>);

impl Steps {
    fn add(&mut self, id: &'static str, title: &'static str, outcome: Result<String, (&'static str, String)>) {
        let (status, page, text) = match outcome {
            Ok(text) => (Status::Pass, "", text),
            Err((page, text)) => (Status::Fail, page, text),
        };
        self.0.push(Step { id, title, status, page, text });
    }

    fn open(&mut self, id: &'static str, title: &'static str, lacking: &str) {
        self.0.push(Step { id, title, status: Status::Unknown, page: "", text: format!("not run: {lacking} was not given") });
    }

    /// Makes checks of the steps, and the verdict over all of them under `verdict`.
    fn tell(self, verdict: &'static str, artifact: &mut Artifact) {
        let total = self.0.len();
        for (number, step) in self.0.iter().enumerate() {
            let text = format!("Step {} of {total}, {}: {}.", number + 1, step.title, step.text);
            artifact.check(Check::new(step.status, step.id, step.page, text));
        }
        if let Some((number, first)) = self.0.iter().enumerate().find(|(_, step)| step.status == Status::Fail) {
            artifact.fail(
                verdict,
                first.page,
                format!("The validation fails first at step {} of {total}, {}: {}.", number + 1, first.title, first.text),
            );
            return;
        }
        let open: Vec<String> = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, step)| step.status == Status::Unknown)
            .map(|(number, _)| (number + 1).to_string())
            .collect();
        if open.is_empty() {
            artifact.pass(verdict, format!("All {total} steps of the validation hold."));
        } else {
            artifact.unknown(
                verdict,
                "",
                format!("No step fails, but {} of {total} could not be run: {}.", open.len(), super::values::listed(&open)),
            );
        }
    }
}

/// Runs the nine steps for an attestation of App Attest, where something to compare with was given.
pub(super) fn attestation(proof: &Proof<'_>, given: &Given, artifact: &mut Artifact) {
    if given.challenge.is_none() && given.client_data.is_none() && given.app_id.is_none() && given.key_id.is_none() {
        return;
    }
    let mut steps = Steps::default();
    let leaf = chain(proof.object).first().copied();
    steps.add("att.step-chain", "the certificate chain", trusted(&chain(proof.object), given));
    nonce(proof, leaf, given, &mut steps);
    let key = leaf.and_then(certificate::public_key);
    let key_hash = proof.data.point().filter(|point| PublicKey::from_point(point) == key && key.is_some()).map(|point| sha256(&point));
    let key_id = given.key_id.as_deref();
    match (key_id.map(|id| (id, base64(id))), &key_hash) {
        (None, _) => steps.open("att.step-key", "the public key against the key ID", "the key ID"),
        (Some((_, Some(id))), Some(hash)) if id == *hash => {
            steps.add("att.step-key", "the public key against the key ID", Ok("the SHA-256 of the leaf's key is the key ID".into()));
        }
        (Some((id, _)), hash) => steps.add(
            "att.step-key",
            "the public key against the key ID",
            Err((
                "attest-key-id-mismatch",
                format!("the key ID given is {id}, the leaf's key has {}", hash.as_ref().map_or("none".into(), |hash| to_base64(hash))),
            )),
        ),
    }
    app_id(proof.data, given, "att.step-app-id", &mut steps);
    let counter = proof.data.counter;
    steps.add(
        "att.step-counter",
        "the counter",
        if counter == 0 { Ok("it is 0".into()) } else { Err(("attest-counter-not-increasing", format!("it is {counter}, not 0"))) },
    );
    steps.add(
        "att.step-aaguid",
        "the AAGUID",
        proof
            .data
            .environment()
            .map(|environment| format!("it names the {environment} environment"))
            .ok_or(("attest-environment-mismatch", "it is neither appattest with seven zeros nor appattestdevelop".to_owned())),
    );
    match key_id {
        None => steps.open("att.step-credential", "the credential ID against the key ID", "the key ID"),
        Some(id) if base64(id).is_some_and(|id| id == proof.data.credential_id) => {
            steps.add("att.step-credential", "the credential ID against the key ID", Ok("they are the same".into()));
        }
        Some(id) => steps.add(
            "att.step-credential",
            "the credential ID against the key ID",
            Err((
                "attest-key-id-mismatch",
                format!("the key ID given is {id}, the credential ID {}", to_base64(&proof.data.credential_id)),
            )),
        ),
    }
    steps.tell("att.validation", artifact);
}

/// Steps two to four: client data hash, nonce, and the nonce in the leaf.
fn nonce(proof: &Proof<'_>, leaf: Option<&[u8]>, given: &Given, steps: &mut Steps) {
    const PAGE: &str = "attest-challenge-hash-mismatch";
    let all = match (&given.client_data, &given.challenge) {
        (Some(bytes), _) => vec![("the client data", bytes.clone())],
        (None, Some(challenge)) => readings(challenge),
        (None, None) => {
            for (id, title) in [
                ("att.step-client-data", "the client data hash"),
                ("att.step-nonce", "the nonce"),
                ("att.step-certified-nonce", "the nonce in the leaf"),
            ] {
                steps.open(id, title, "the challenge");
            }
            return;
        }
    };
    let certified = leaf.and_then(certified_nonce);
    let over = |hash: &[u8]| sha256(&[proof.auth_bytes, hash].concat());
    let hashed = all.iter().find(|(_, bytes)| Some(over(&sha256(bytes))) == certified);
    let plain = all.iter().find(|(_, bytes)| Some(over(bytes)) == certified);
    let how = hashed.or(plain).or(all.first()).map_or("", |(how, _)| *how);
    let first = all.first().map_or(&[][..], |(_, bytes)| bytes.as_slice());
    steps.add("att.step-client-data", "the client data hash", Ok(format!("the SHA-256 of {how}, put behind the authenticator data")));
    steps.add("att.step-nonce", "the nonce", Ok(format!("the SHA-256 of both, {}", to_base64(&over(&sha256(first))))));
    let outcome = match (certified, hashed, plain) {
        (None, ..) => Err((PAGE, "the leaf holds none".to_owned())),
        (Some(_), Some((how, _)), _) => Ok(format!("the same as the one made from {how}")),
        (Some(_), None, Some((how, _))) => Ok(format!("the same as the one made from {how} without hashing it first")),
        (Some(nonce), None, None) => {
            Err((PAGE, format!("it is {}, which does not come from this challenge in any reading", to_base64(&nonce))))
        }
    };
    steps.add("att.step-certified-nonce", "the nonce in the leaf", outcome);
}

fn app_id(data: &AuthData, given: &Given, id: &'static str, steps: &mut Steps) {
    match &given.app_id {
        None => steps.open(id, "the App ID", "the App ID"),
        Some(app) if sha256(app.as_bytes()) == data.rp_id_hash => {
            steps.add(id, "the App ID", Ok(format!("its hash is the SHA-256 of {app}")));
        }
        Some(app) => steps.add(
            id,
            "the App ID",
            Err(("attest-rp-id-hash-mismatch", format!("the hash is not the SHA-256 of {app}: the prefix or the bundle ID is another"))),
        ),
    }
}

/// Whether the chain ends at the root, each certificate signed by the next, as of the leaf's own time.
fn trusted(chain: &[&[u8]], given: &Given) -> Result<String, (&'static str, String)> {
    const PAGE: &str = "attest-wrong-root-certificate";
    let [leaf, between @ ..] = chain else { return Err((PAGE, "there is none".to_owned())) };
    if between.is_empty() {
        return Err((PAGE, "it holds the leaf alone, without the intermediate".to_owned()));
    }
    let root = match &given.root {
        Some(bytes) => root(bytes),
        None => base64(ROOT).and_then(|bytes| certificate::public_key(&bytes)),
    };
    let root = root.ok_or((PAGE, "the root given is no certificate with a key that is known here".to_owned()))?;
    let mut issuers: Vec<PublicKey> = Vec::new();
    for (number, bytes) in between.iter().enumerate() {
        if !certificate::is_authority(bytes) {
            return Err((PAGE, format!("certificate {} may not issue others", number + 2)));
        }
        issuers.push(certificate::public_key(bytes).ok_or((PAGE, format!("certificate {} cannot be read", number + 2)))?);
    }
    issuers.push(root);
    for (number, (bytes, issuer)) in chain.iter().zip(&issuers).enumerate() {
        if certificate::signed_by(bytes, issuer) != Some(true) {
            let by = if number + 1 == chain.len() { "the root".to_owned() } else { format!("certificate {}", number + 2) };
            return Err((PAGE, format!("certificate {} was not signed by {by}", number + 1)));
        }
    }
    let ends = certificate::summary(leaf).map_or(0, |leaf| leaf.not_after);
    Ok(format!("{} certificates, each signed by the next and the last by the root; the leaf counts until {}", chain.len(), date(ends)))
}

/// The key of a root, DER or PEM.
fn root(bytes: &[u8]) -> Option<PublicKey> {
    certificate::public_key(bytes).or_else(|| {
        let (text, ..) = crate::text::decode(bytes);
        pem::blocks(&text).iter().find_map(|block| certificate::public_key(&block.bytes))
    })
}

/// Runs the steps for an assertion of App Attest, where something to compare with was given.
pub(super) fn assertion(made: &Assertion<'_>, given: &Given, artifact: &mut Artifact) {
    let keys = given.keys.all().count();
    if given.client_data.is_none() && given.app_id.is_none() && given.counter.is_none() && keys == 0 {
        return;
    }
    let mut steps = Steps::default();
    match (&given.client_data, keys) {
        (None, _) => steps.open("assert.step-signature", "the signature", "the client data"),
        (_, 0) => steps.open("assert.step-signature", "the signature", "the public key"),
        (Some(client_data), _) => {
            let nonce = sha256(&[made.auth_bytes, &sha256(client_data)].concat());
            steps.add("assert.step-signature", "the signature", signed_nonce(made, given, client_data, &nonce));
        }
    }
    app_id(made.data, given, "assert.step-app-id", &mut steps);
    match given.counter {
        None => steps.open("assert.step-counter", "the counter", "the stored counter"),
        Some(stored) if made.data.counter > stored => {
            steps.add("assert.step-counter", "the counter", Ok(format!("{} is greater than the stored {stored}", made.data.counter)));
        }
        Some(stored) => steps.add(
            "assert.step-counter",
            "the counter",
            Err(("attest-counter-not-increasing", format!("{} is not greater than the stored {stored}", made.data.counter))),
        ),
    }
    match (&given.challenge, &given.client_data) {
        (Some(challenge), Some(client_data)) => {
            let within = |bytes: &[u8]| super::property_list::find(client_data, bytes).is_some();
            let there =
                readings(challenge).iter().any(|(_, bytes)| !bytes.is_empty() && (within(bytes) || within(to_base64(bytes).as_bytes())));
            let outcome = if there {
                Ok("the client data holds it".to_owned())
            } else {
                Err(("attest-challenge-hash-mismatch", "the client data does not hold it: an assertion of another request".to_owned()))
            };
            steps.add("assert.step-challenge", "the challenge", outcome);
        }
        _ => steps.open("assert.step-challenge", "the challenge", "the challenge, or the client data,"),
    }
    steps.tell("assert.validation", artifact);
}

fn signed_nonce(made: &Assertion<'_>, given: &Given, client_data: &[u8], nonce: &[u8]) -> Result<String, (&'static str, String)> {
    const PAGE: &str = "assertion-nonce-hashed-wrongly";
    let Some(signature) = &made.signature else { return Err((PAGE, "it is absent".to_owned())) };
    let by = |message: &[u8]| given.keys.all().find(|known| known.key.verifies(Scheme::EcdsaSha256, message, signature));
    if let Some(known) = by(nonce) {
        return Ok(format!("made over the nonce with the key of {}", known.from));
    }
    let unhashed = [made.auth_bytes, client_data].concat();
    let once = [made.auth_bytes, &sha256(client_data)].concat();
    if by(&once).is_some() {
        return Err((PAGE, "it was made over the authenticator data and client data hash, not over the SHA-256 of both".to_owned()));
    }
    if by(&unhashed).is_some() {
        return Err((PAGE, "it was made over the client data as it stands, which has to be hashed first".to_owned()));
    }
    Err((
        PAGE,
        "it was made over other bytes, or with another key: the client data has to be the very bytes that the app hashed".to_owned(),
    ))
}

/// The signature of a `WebAuthn` assertion, where client data and a key are there.
pub(super) fn web_signature(made: &Assertion<'_>, given: &Given, artifact: &mut Artifact) {
    let (Some(client_data), Some(signature)) = (&given.client_data, &made.signature) else { return };
    let message = [made.auth_bytes, &sha256(client_data)].concat();
    let keys = given.keys.all().count();
    let by = given.keys.all().find(|known| {
        let scheme = if matches!(known.key, PublicKey::Rsa(_)) { Scheme::RsaSha256 } else { Scheme::EcdsaSha256 };
        known.key.verifies(scheme, &message, signature)
    });
    match by {
        _ if keys == 0 => {}
        Some(known) => artifact.pass("assert.verified", format!("The signature was made with the key of {}.", known.from)),
        None => artifact.fail(
            "assert.verified",
            "",
            format!("The signature was made with none of the {keys} keys given: the credential of another account, or other bytes."),
        ),
    }
}
