//! Authenticator data: the bytes that WebAuthn and App Attest sign. Hash of the relying party, flags, counter, credential, extensions.

use super::Artifact;
use super::cbor::{self, Cbor};
use super::values::{to_base64url, to_hex};

/// Flags by their bits.
const FLAGS: &[(u8, &str)] = &[
    (0x01, "UP user present"),
    (0x04, "UV user verified"),
    (0x08, "BE backup eligible"),
    (0x10, "BS backed up"),
    (0x40, "AT credential included"),
    (0x80, "ED extensions included"),
];
/// Authenticators whose identifier is widely known; from the community list of passkey providers.
const KNOWN: &[(&str, &str)] = &[
    ("00000000-0000-0000-0000-000000000000", "all zero: nobody is named, as with attestation none"),
    ("fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "Apple Passwords (iCloud Keychain)"),
    ("dd4ec289-e01d-41c9-bb89-70fa845d4bf2", "iCloud Keychain, managed"),
    ("adce0002-35bc-c60a-648b-0b25f1f05503", "Chrome on the Mac"),
    ("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4", "Google Password Manager"),
    ("bada5566-a7aa-401f-bd96-45619a55120d", "1Password"),
    ("d548826e-79b4-db40-a3d8-11116f7e8349", "Bitwarden"),
    ("531126d6-e717-415c-9320-3d9aa6981239", "Dashlane"),
    ("08987058-cadc-4b81-b6e1-30de50dcbe96", "Windows Hello"),
];

/// Authenticator data, taken apart.
#[derive(Debug, Clone, Default)]
pub(super) struct AuthData {
    pub(super) rp_id_hash: Vec<u8>,
    pub(super) flags: u8,
    pub(super) counter: u32,
    pub(super) aaguid: Vec<u8>,
    pub(super) credential_id: Vec<u8>,
    pub(super) key: Option<Cbor>,
    pub(super) extensions: Option<Cbor>,
    /// Bytes behind everything that the flags announce.
    pub(super) rest: usize,
    pub(super) length: usize,
}

impl AuthData {
    /// Takes the bytes apart; says where they end too early. App Attest's assertions set the flag of a credential and hold none, so that flag
    /// counts in attestations only.
    pub(super) fn read(bytes: &[u8], attested: bool) -> Result<Self, String> {
        let cut = |what: &str| format!("cut off in {what}: {} bytes", bytes.len());
        let (hash, rest) = bytes.split_at_checked(32).ok_or_else(|| cut("the hash of the relying party"))?;
        let ([flags, counter @ ..], mut rest) = rest.split_first_chunk::<5>().ok_or_else(|| cut("flags and counter"))?;
        let mut data = Self {
            rp_id_hash: hash.to_vec(),
            flags: *flags,
            counter: u32::from_be_bytes(*counter),
            length: bytes.len(),
            ..Self::default()
        };
        if attested && data.has(0x40) {
            let (aaguid, after) = rest.split_at_checked(16).ok_or_else(|| cut("the AAGUID"))?;
            let (length, after) = after.split_first_chunk::<2>().ok_or_else(|| cut("the credential"))?;
            let (id, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or_else(|| cut("the credential ID"))?;
            let (key, used) = cbor::decode(after).map_err(|why| format!("the credential's key: {why}"))?;
            data.aaguid = aaguid.to_vec();
            data.credential_id = id.to_vec();
            data.key = Some(key);
            rest = after.get(used..).unwrap_or(&[]);
        }
        if data.has(0x80) {
            let (extensions, used) = cbor::decode(rest).map_err(|why| format!("the extensions: {why}"))?;
            data.extensions = Some(extensions);
            rest = rest.get(used..).unwrap_or(&[]);
        }
        data.rest = rest.len();
        Ok(data)
    }

    pub(super) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// The public key as an uncompressed point, where it is one of P-256.
    pub(super) fn point(&self) -> Option<Vec<u8>> {
        let key = self.key.as_ref()?;
        let (x, y) = (key.number(-2)?.bytes()?, key.number(-3)?.bytes()?);
        Some([&[0x04], x, y].concat())
    }

    /// The App Attest environment that the AAGUID names.
    pub(super) fn environment(&self) -> Option<&'static str> {
        match self.aaguid.as_slice() {
            b"appattestdevelop" => Some("development"),
            b"appattest\0\0\0\0\0\0\0" => Some("production"),
            _ => None,
        }
    }

    /// Makes facts of everything.
    pub(super) fn facts(&self, artifact: &mut Artifact) {
        artifact.fact("rp id hash", to_hex(&self.rp_id_hash));
        let names: Vec<&str> = FLAGS.iter().filter(|(bit, _)| self.has(*bit)).map(|(_, name)| *name).collect();
        artifact.fact("flags", format!("0x{:02x}: {}", self.flags, if names.is_empty() { "none".to_owned() } else { names.join(", ") }));
        artifact.fact("counter", self.counter);
        if !self.aaguid.is_empty() {
            artifact.fact("aaguid", format!("{} ({})", uuid(&self.aaguid), self.authenticator()));
            artifact.fact("credential id", to_base64url(&self.credential_id));
        }
        if let Some(key) = &self.key {
            artifact.fact("credential key", key_title(key));
        }
        if let Some(extensions) = &self.extensions {
            artifact.fact("extensions", extensions.brief());
        }
    }

    fn authenticator(&self) -> &'static str {
        match self.environment() {
            Some("development") => "appattestdevelop: App Attest, development",
            Some(_) => "appattest: App Attest, production",
            None => {
                let id = uuid(&self.aaguid);
                KNOWN.iter().find(|(known, _)| *known == id).map_or("not known here", |(_, title)| title)
            }
        }
    }

    /// Flags that contradict each other or the data.
    pub(super) fn flag_checks(&self, app_attest: bool, artifact: &mut Artifact) {
        if self.has(0x10) && !self.has(0x08) {
            artifact.fail(
                "auth.flags",
                "backup-eligible-flag-not-persisted",
                "The flags say backed up (BS) without backup eligible (BE): the specification forbids that.",
            );
        } else if !self.has(0x01) && !app_attest {
            artifact.warn("auth.flags", "", "The flag user present (UP) is off; servers refuse that.");
        } else {
            artifact.pass("auth.flags", format!("The flags 0x{:02x} do not contradict each other.", self.flags));
        }
        if self.rest > 0 {
            artifact.fail(
                "auth.length",
                "authdata-extensions-unparsed",
                format!("{} bytes follow that the flags do not announce.", self.rest),
            );
        }
    }
}

fn uuid(bytes: &[u8]) -> String {
    let hex = to_hex(bytes);
    [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| crate::text::clip(&hex, range)).join("-")
}

fn key_title(key: &Cbor) -> String {
    let number = |label: i64| key.number(label).and_then(Cbor::integer);
    let algorithm = match number(3) {
        Some(-7) => "ES256".to_owned(),
        Some(-257) => "RS256".to_owned(),
        Some(-8) => "EdDSA".to_owned(),
        Some(other) => format!("algorithm {other}"),
        None => "no algorithm".to_owned(),
    };
    let curve = match (number(1), number(-1)) {
        (Some(2), Some(1)) => "elliptic curve P-256",
        (Some(2), Some(2)) => "elliptic curve P-384",
        (Some(2), _) => "elliptic curve",
        (Some(3), _) => "RSA",
        (Some(1), _) => "Ed25519",
        _ => "of an unknown kind",
    };
    format!("{algorithm}, {curve}")
}
