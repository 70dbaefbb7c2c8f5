//! Artifacts made for the tests, and ways to say what is expected of them. Nothing here is real: keys are counted bytes, names are examples.

use super::values::{sha256, to_base64, to_base64url};
use super::{Artifact, Context, Given, Keys, Status, inspect};
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer as _;
use serde_json::{Value as Json, json};

/// 22 November 2026, 10:00 UTC.
pub(super) const NOW: i64 = 1_795_341_600;
pub(super) const TEAM: &str = "ABCDE12345";

/// The time of the tests, and the root of their certificates instead of Apple's.
pub(super) fn context() -> Context {
    let root = certificate(&Cert { subject: ROOT, issuer: ROOT, authority: true, hosts: &[], usage: &[], ..Cert::default() });
    Context { now: Some(NOW), given: Given { root: Some(root), ..Given::default() } }
}

/// The same with the keys of this input.
pub(super) fn with_keys(name: &str, bytes: impl AsRef<[u8]>) -> Context {
    let mut context = context();
    let mut keys = Keys::default();
    assert!(keys.read(name, bytes.as_ref(), true) > 0, "no key in {name}");
    context.given.keys = keys;
    context
}

/// Inspects at [`NOW`].
pub(super) fn look(name: &str, bytes: impl AsRef<[u8]>) -> Artifact {
    inspect(name, bytes.as_ref(), &context())
}

/// A private key of the tests: the hash of its owner's name.
pub(super) fn signing_key(owner: &str) -> SigningKey {
    SigningKey::from_slice(&sha256(owner.as_bytes())).unwrap()
}

/// The public point of that key.
pub(super) fn point_of(owner: &str) -> Vec<u8> {
    signing_key(owner).verifying_key().to_sec1_point(false).as_bytes().to_vec()
}

/// A signature in DER.
pub(super) fn sign(owner: &str, message: &[u8]) -> Vec<u8> {
    let signature: p256::ecdsa::Signature = signing_key(owner).sign(message);
    signature.to_der().as_bytes().to_vec()
}

/// A token signed with ES256.
pub(super) fn signed_token(owner: &str, header: &Json, claims: &Json) -> String {
    let front = [to_base64url(header.to_string().as_bytes()), to_base64url(claims.to_string().as_bytes())].join(".");
    let signature: p256::ecdsa::Signature = signing_key(owner).sign(front.as_bytes());
    format!("{front}.{}", to_base64url(&signature.to_bytes()))
}

/// The root of made chains.
const ROOT: &str = "Apple App Attestation Root CA";
/// The modulus and exponent of the RSA key in RFC 7515, appendix A.2.
pub(super) const RFC_7515_RSA: (&str, &str) = (
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    "AQAB",
);

/// Every check that is not passed, as `status id page`.
pub(super) fn troubles(artifact: &Artifact) -> Vec<String> {
    artifact
        .checks
        .iter()
        .filter(|check| matches!(check.status, Status::Fail | Status::Warn))
        .map(|check| format!("{} {} {}", check.status.word(), check.id, check.pitfall.unwrap_or("-")))
        .collect()
}

/// Asserts that this trouble is among those found.
#[track_caller]
pub(super) fn shows(artifact: &Artifact, trouble: &str) {
    assert!(troubles(artifact).iter().any(|found| found == trouble), "no `{trouble}` in {:#?} of {:?}", troubles(artifact), artifact.form);
}

/// Asserts that nothing is wrong and something was looked at.
#[track_caller]
pub(super) fn healthy(artifact: &Artifact) {
    assert!(troubles(artifact).is_empty(), "{:#?}", troubles(artifact));
    assert!(artifact.checks.iter().any(|check| check.status == Status::Pass));
}

/// A token of these parts.
pub(super) fn token(header: &Json, claims: &Json, signature: &[u8]) -> String {
    [to_base64url(header.to_string().as_bytes()), to_base64url(claims.to_string().as_bytes()), to_base64url(signature)].join(".")
}

/// Claims of a client secret as it should be.
pub(super) fn secret_claims() -> Json {
    json!({"iss": TEAM, "sub": "com.example.app", "aud": "https://appleid.apple.com", "iat": NOW - 60, "exp": NOW + 86_400 * 30})
}

/// A client secret with claims of one's own.
pub(super) fn client_secret(claims: &Json) -> String {
    token(&json!({"alg": "ES256", "kid": "KEY4567890"}), claims, &[7; 64])
}

/// The object with some members set, or taken out where the value is null.
#[allow(clippy::needless_pass_by_value)] // A literal is handed in.
pub(super) fn with(mut object: Json, members: Json) -> Json {
    for (key, value) in members.as_object().unwrap() {
        if value.is_null() {
            object.as_object_mut().unwrap().remove(key);
        } else {
            object[key] = value.clone();
        }
    }
    object
}

/// One element of DER.
pub(super) fn der(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match body.len() {
        short @ 0..=127 => out.push(u8::try_from(short).unwrap()),
        long => {
            out.push(0x82);
            out.extend(u16::try_from(long).unwrap().to_be_bytes());
        }
    }
    out.extend(body);
    out
}

pub(super) fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    der(0x30, &parts.concat())
}

/// An object identifier.
pub(super) fn oid(dotted: &str) -> Vec<u8> {
    let parts: Vec<u64> = dotted.split('.').map(|part| part.parse().unwrap()).collect();
    let mut body = Vec::new();
    for part in std::iter::once(parts[0] * 40 + parts[1]).chain(parts[2..].iter().copied()) {
        let mut septets = vec![u8::try_from(part & 0x7f).unwrap()];
        let mut rest = part >> 7;
        while rest > 0 {
            septets.push(u8::try_from(rest & 0x7f).unwrap() | 0x80);
            rest >>= 7;
        }
        body.extend(septets.iter().rev());
    }
    der(0x06, &body)
}

/// The point of the credential that attestations are of.
pub(super) fn point() -> Vec<u8> {
    point_of("credential")
}

pub(super) const EC: &str = "1.2.840.10045.2.1";
pub(super) const P256: &str = "1.2.840.10045.3.1.7";

/// A PKCS#8 key, that of `client`.
pub(super) fn pkcs8(curve: &str) -> Vec<u8> {
    private_key("client", curve)
}

/// The key of this owner in PKCS#8, as Apple writes its own.
pub(super) fn private_key(owner: &str, curve: &str) -> Vec<u8> {
    let scalar = signing_key(owner).to_bytes();
    let inner = seq(&[der(0x02, &[1]), der(0x04, &scalar), der(0xa1, &der(0x03, &[vec![0], point_of(owner)].concat()))]);
    seq(&[der(0x02, &[0]), seq(&[oid(EC), oid(curve)]), der(0x04, &inner)])
}

/// The public key of this owner, as `openssl` writes it.
pub(super) fn public_key(owner: &str) -> Vec<u8> {
    seq(&[seq(&[oid(EC), oid(P256)]), der(0x03, &[vec![0], point_of(owner)].concat())])
}

/// PEM as tools write it.
pub(super) fn pem(label: &str, bytes: &[u8]) -> String {
    let body = to_base64(bytes);
    let lines: Vec<&str> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// What a made certificate says.
pub(super) struct Cert<'a> {
    pub(super) subject: &'a str,
    pub(super) issuer: &'a str,
    pub(super) days: (i64, i64),
    pub(super) hosts: &'a [&'a str],
    pub(super) usage: &'a [&'a str],
    pub(super) signed_with: &'a str,
    pub(super) extra: Vec<(&'a str, Vec<u8>)>,
    pub(super) rsa: Option<usize>,
    pub(super) point: Option<Vec<u8>>,
    pub(super) authority: bool,
}

impl Default for Cert<'_> {
    fn default() -> Self {
        Self {
            subject: "app.example.com",
            issuer: "Example CA",
            days: (-10, 80),
            hosts: &["app.example.com"],
            usage: &["1.3.6.1.5.5.7.3.1"],
            signed_with: "1.2.840.10045.4.3.2",
            extra: Vec::new(),
            rsa: None,
            point: None,
            authority: false,
        }
    }
}

fn common_name(name: &str) -> Vec<u8> {
    seq(&[der(0x31, &seq(&[oid("2.5.4.3"), der(0x0c, name.as_bytes())]))])
}

fn time(days: i64) -> Vec<u8> {
    let stamp = jiff::Timestamp::from_second(NOW + days * 86_400).unwrap().to_string();
    let digits: String = stamp.chars().filter(char::is_ascii_digit).take(14).collect();
    der(0x18, format!("{digits}Z").as_bytes())
}

/// A certificate: its key is that of its subject, its signature that of its issuer.
pub(super) fn certificate(cert: &Cert<'_>) -> Vec<u8> {
    let algorithm = seq(&[oid(cert.signed_with)]);
    let key = if let Some(bits) = cert.rsa {
        let modulus = [vec![0], vec![0xc3; bits / 8]].concat();
        let numbers = seq(&[der(0x02, &modulus), der(0x02, &[1, 0, 1])]);
        seq(&[seq(&[oid("1.2.840.113549.1.1.1"), der(0x05, &[])]), der(0x03, &[vec![0], numbers].concat())])
    } else {
        let point = cert.point.clone().unwrap_or_else(|| point_of(cert.subject));
        seq(&[seq(&[oid(EC), oid(P256)]), der(0x03, &[vec![0], point].concat())])
    };
    let mut extensions = Vec::new();
    if !cert.hosts.is_empty() {
        let names: Vec<Vec<u8>> = cert.hosts.iter().map(|host| der(0x82, host.as_bytes())).collect();
        extensions.push(seq(&[oid("2.5.29.17"), der(0x04, &seq(&names))]));
    }
    if !cert.usage.is_empty() {
        let usages: Vec<Vec<u8>> = cert.usage.iter().map(|usage| oid(usage)).collect();
        extensions.push(seq(&[oid("2.5.29.37"), der(0x04, &seq(&usages))]));
    }
    if cert.authority {
        extensions.push(seq(&[oid("2.5.29.19"), der(0x04, &seq(&[der(0x01, &[0xff])]))]));
    }
    extensions.extend(cert.extra.iter().map(|(id, value)| seq(&[oid(id), der(0x04, value)])));
    let mut body = vec![
        der(0xa0, &der(0x02, &[2])),
        der(0x02, &[1]),
        algorithm.clone(),
        common_name(cert.issuer),
        seq(&[time(cert.days.0), time(cert.days.1)]),
        common_name(cert.subject),
        key,
    ];
    if !extensions.is_empty() {
        body.push(der(0xa3, &seq(&extensions)));
    }
    let signature = sign(cert.issuer, &seq(&body));
    seq(&[seq(&body), algorithm, der(0x03, &[vec![0], signature].concat())])
}

/// An XML property list with this inside its dictionary.
pub(super) fn plist(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n<dict>\n{inside}\n</dict>\n</plist>\n"
    )
}

pub(super) fn key(name: &str, value: &str) -> String {
    format!("<key>{name}</key>{value}\n")
}

pub(super) fn text(value: &str) -> String {
    format!("<string>{value}</string>")
}

pub(super) fn list(values: &[&str]) -> String {
    format!("<array>{}</array>", values.iter().map(|value| text(value)).collect::<String>())
}

/// A signed message around `content`, in pieces and of indefinite lengths as Apple writes it.
pub(super) fn signed_message(content: &[u8]) -> Vec<u8> {
    let indefinite = |tag: u8, body: &[u8]| [&[tag, 0x80][..], body, &[0, 0]].concat();
    let pieces: Vec<u8> = content.chunks(1000).flat_map(|piece| der(0x04, piece)).collect();
    let encapsulated = indefinite(0x30, &[oid("1.2.840.113549.1.7.1"), indefinite(0xa0, &indefinite(0x24, &pieces))].concat());
    let signed = indefinite(0x30, &[der(0x02, &[1]), der(0x31, &[]), encapsulated, der(0x31, &[])].concat());
    indefinite(0x30, &[oid("1.2.840.113549.1.7.2"), indefinite(0xa0, &signed)].concat())
}

/// A whole App Attest attestation, and what goes with it.
pub(super) struct Attest {
    pub(super) aaguid: [u8; 16],
    pub(super) counter: u32,
    pub(super) app_id: String,
    pub(super) challenge: Vec<u8>,
    pub(super) leaf_days: (i64, i64),
    pub(super) credential: Option<Vec<u8>>,
    pub(super) root: &'static str,
}

impl Default for Attest {
    fn default() -> Self {
        Self {
            aaguid: *b"appattest\0\0\0\0\0\0\0",
            counter: 0,
            app_id: format!("{TEAM}.com.example.app"),
            challenge: b"a challenge of the server".to_vec(),
            leaf_days: (-1, 2),
            credential: None,
            root: "Apple App Attestation Root CA",
        }
    }
}

impl Attest {
    fn auth_data(&self) -> Vec<u8> {
        let point = point();
        let credential = self.credential.clone().unwrap_or_else(|| sha256(&point));
        let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        key.extend(&point[1..33]);
        key.extend([0x22, 0x58, 0x20]);
        key.extend(&point[33..]);
        [
            sha256(self.app_id.as_bytes()),
            vec![0x40],
            self.counter.to_be_bytes().to_vec(),
            self.aaguid.to_vec(),
            vec![0, u8::try_from(credential.len()).unwrap()],
            credential,
            key,
        ]
        .concat()
    }

    /// The attestation object.
    pub(super) fn object(&self) -> Vec<u8> {
        let auth_data = self.auth_data();
        let nonce = sha256(&[auth_data.clone(), sha256(&self.challenge)].concat());
        let extension = seq(&[der(0xa1, &der(0x04, &nonce))]);
        let leaf = certificate(&Cert {
            subject: "leaf",
            issuer: "Apple App Attestation CA 1",
            days: self.leaf_days,
            hosts: &[],
            usage: &[],
            extra: vec![("1.2.840.113635.100.8.2", extension)],
            point: Some(point()),
            ..Cert::default()
        });
        let intermediate = certificate(&Cert {
            subject: "Apple App Attestation CA 1",
            issuer: self.root,
            days: (-1000, 3000),
            hosts: &[],
            usage: &[],
            authority: true,
            ..Cert::default()
        });
        attestation_object(&[leaf, intermediate], &auth_data)
    }
}

/// An attestation object of App Attest from its parts; the receipt is made up.
pub(super) fn attestation_object(chain: &[Vec<u8>], auth_data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut out);
    encoder.map(3).unwrap().str("fmt").unwrap().str("apple-appattest").unwrap();
    encoder.str("attStmt").unwrap().map(2).unwrap().str("x5c").unwrap().array(chain.len() as u64).unwrap();
    for certificate in chain {
        encoder.bytes(certificate).unwrap();
    }
    encoder.str("receipt").unwrap().bytes(&[9; 20]).unwrap().str("authData").unwrap().bytes(auth_data).unwrap();
    out
}
