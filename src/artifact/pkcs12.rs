//! PKCS#12 files: which algorithms protect them, without the password. Apple's importers do not know all that OpenSSL writes.

use super::source::Source;
use super::values::listed;
use super::{Artifact, Context, der};

const ALGORITHMS: &[(&str, &str)] = &[
    ("1.2.840.113549.1.12.1.3", "SHA-1 and 3DES"),
    ("1.2.840.113549.1.12.1.6", "SHA-1 and RC2-40"),
    ("1.2.840.113549.1.5.13", "PBES2"),
    ("2.16.840.1.101.3.4.1.42", "AES-256"),
    ("2.16.840.1.101.3.4.1.2", "AES-128"),
    ("1.2.840.113549.2.9", "HMAC with SHA-256"),
    ("2.16.840.1.101.3.4.2.1", "MAC with SHA-256"),
    ("1.3.14.3.2.26", "MAC with SHA-1"),
];

/// A sequence of the version 3 and a message.
pub(super) fn claims(source: &Source<'_>) -> bool {
    source.binary().is_some_and(|bytes| {
        let head = bytes.get(..bytes.len().min(32)).unwrap_or(bytes);
        let outer = head.first() == Some(&0x30) && super::property_list::find(head, &[0x02, 0x01, 0x03, 0x30]).is_some();
        outer && super::property_list::find(head, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07]).is_some()
    })
}

/// Names the algorithms and who cannot read them.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let bytes = source.binary().unwrap_or(&[]);
    if source.binary() != Some(source.bytes()) {
        artifact.fact("form", "base64");
    }
    if der::element(bytes).is_none() {
        artifact.fail(
            "p12.syntax",
            "pkcs12-file-corrupt",
            format!("The file has {} bytes and says that it has more: it was cut off.", bytes.len()),
        );
        return;
    }
    let oids = der::object_identifiers(bytes);
    let known: Vec<&str> = ALGORITHMS.iter().filter(|(oid, _)| oids.iter().any(|seen| seen == oid)).map(|(_, title)| *title).collect();
    artifact.fact("algorithms", listed(&known));
    if known.contains(&"PBES2") || known.contains(&"MAC with SHA-256") {
        artifact.warn("p12.algorithms", "pkcs12-unsupported-algorithms", format!("Protected with {}: what OpenSSL 3 writes by default. `security import` of older systems refuses it as a wrong password; export again with -legacy.", listed(&known)));
    } else if known.is_empty() {
        artifact.unknown("p12.algorithms", "pkcs12-unsupported-algorithms", "No algorithm that is known here protects it.");
    } else {
        artifact.pass("p12.algorithms", format!("Protected with {}, which every system imports.", listed(&known)));
    }
}
