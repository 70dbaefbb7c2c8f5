//! What an inspection is given beside the artifacts: keys that verify, and the values that a server would hold an attestation against.

use super::signature::PublicKey;
use super::source::Source;
use super::values::{base64, hex};
use super::{attestation, pem};
use serde_json::Value as Json;

/// Keys that are tried; Apple's key set has three or four.
const MOST: usize = 40;

/// A key, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownKey {
    /// The input that it stood in.
    pub(super) from: String,
    /// Its identifier, where one is known.
    pub(super) id: Option<String>,
    pub(super) key: PublicKey,
    /// It is the key of a credential, which signs assertions and no tokens.
    pub(super) credential: bool,
}

/// The keys to verify with. Only public halves are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys(Vec<KnownKey>);

impl Keys {
    /// Takes the keys out of an input: a key set, PEM or DER of public or private keys, the credential of an attestation; with `certificates`,
    /// those of certificates too. Returns how many there were.
    pub fn read(&mut self, name: &str, bytes: &[u8], certificates: bool) -> usize {
        let before = self.0.len();
        let source = Source::new(name, bytes);
        for (id, key, credential) in found(&source, certificates).into_iter().take(MOST) {
            let known = KnownKey { from: super::values::shown(name, 120), id, key, credential };
            if self.0.len() < MOST && !self.0.contains(&known) {
                self.0.push(known);
            }
        }
        self.0.len() - before
    }

    /// Keys that sign tokens.
    pub(super) fn of_tokens(&self) -> impl Iterator<Item = &KnownKey> {
        self.0.iter().filter(|known| !known.credential)
    }

    /// Every key.
    pub(super) fn all(&self) -> impl Iterator<Item = &KnownKey> {
        self.0.iter()
    }
}

fn found(source: &Source<'_>, certificates: bool) -> Vec<(Option<String>, PublicKey, bool)> {
    if let Some(json) = source.json() {
        let text = |json: &Json, name: &str| json.get(name).and_then(Json::as_str).map(str::to_owned);
        let one = [json.clone()];
        let set = json.get("keys").and_then(Json::as_array).map_or(&one[..], Vec::as_slice);
        let keys: Vec<_> = set.iter().take(MOST).filter_map(|jwk| Some((text(jwk, "kid"), PublicKey::from_jwk(jwk)?, false))).collect();
        if !keys.is_empty() {
            return keys;
        }
    }
    if attestation::claims_attestation(source) {
        return attestation::credential_key(source).map(|key| (None, key, true)).into_iter().collect();
    }
    let id = pem::file_key_id(source.file_name());
    let of = |bytes: &[u8]| PublicKey::from_der(bytes).map(|key| (id.clone(), key, false));
    if source.text().contains("BEGIN") {
        let wanted = |label: &str| certificates || !label.contains("CERTIFICATE");
        return pem::blocks(source.text()).iter().filter(|block| wanted(&block.label)).filter_map(|block| of(&block.bytes)).collect();
    }
    let bytes = source.binary().unwrap_or(&[]);
    let is_certificate = super::certificate::public_key(bytes).is_some();
    if is_certificate && !certificates { Vec::new() } else { of(bytes).into_iter().collect() }
}

/// What a server knows when it validates: the values given with an artifact, or on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// The challenge, as text, base64 or hexadecimal digits.
    pub challenge: Option<String>,
    /// The client data of an assertion, as bytes: what the app hashed and signed.
    pub client_data: Option<Vec<u8>>,
    /// The App ID: prefix, dot, bundle ID.
    pub app_id: Option<String>,
    /// The key's identifier, base64.
    pub key_id: Option<String>,
    /// The counter that the server stored last.
    pub counter: Option<u32>,
    /// The origin that is expected in client data.
    pub origin: Option<String>,
    /// The relying party's identifier.
    pub rp_id: Option<String>,
    /// A root certificate to end chains at, DER or PEM, instead of Apple's.
    pub root: Option<Vec<u8>>,
    /// Keys to verify with.
    pub keys: Keys,
}

/// The ways that a challenge can be meant, each with its name: the bytes of the text, and what it encodes.
pub(super) fn readings(challenge: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = vec![("the text", challenge.as_bytes().to_vec())];
    if let Some(bytes) = base64(challenge) {
        all.push(("the bytes that its base64 stands for", bytes));
    }
    if let Some(bytes) = hex(challenge) {
        all.push(("the bytes that its hexadecimal digits stand for", bytes));
    }
    all
}
