//! Keys: PEM in any state of damage, and DER. Says what kind of key it is and what is wrong with its wrapping; no byte of it is shown.

use super::source::Source;
use super::values::{base64, listed};
use super::{Artifact, Context, der};
use crate::pattern::Pattern;
use std::sync::LazyLock;

/// Bytes of one block that are read; keys and certificates have a few thousand.
const LONGEST: usize = 64 << 10;

static ARMOUR: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"-{2,8} ?(?P<edge>BEGIN|END) ?(?P<label>[A-Z0-9 #]{0,40}?) ?-{2,8}"));
static FILE_KEY_ID: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?-i)(?:AuthKey|SubscriptionKey|ApiKey)_(?P<id>[A-Z0-9]{10})"));

/// A block of PEM, or what is left of one.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) label: String,
    pub(super) bytes: Vec<u8>,
    damage: Vec<&'static str>,
    /// The body is no base64.
    broken: bool,
}

/// What a key is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Material {
    Ec { curve: String, private: bool },
    Rsa { bits: usize, private: bool },
    Encrypted,
    Certificate,
    Other(String),
    Nothing,
}

/// All blocks of PEM in `text`, mended.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let joined = text.replace("\\r", "").replace("\\n", "\n");
    let escaped = joined.len() != text.len();
    let edges: Vec<_> = ARMOUR.find_all(&joined).take(64).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(edge) = edges.get(at) {
        at += 1;
        if !edge.group("edge").eq_ignore_ascii_case("BEGIN") {
            continue;
        }
        let end = edges.get(at).filter(|next| next.group("edge").eq_ignore_ascii_case("END"));
        let stop = edges.get(at).map_or(joined.len(), |next| next.start).min(edge.end + LONGEST);
        let body = crate::text::clip(&joined, edge.end..stop);
        let mut block = Block { label: edge.group("label").trim().to_ascii_uppercase(), ..Block::default() };
        block.note(&[
            (escaped, "line breaks written as \\n instead of real ones"),
            (end.is_none(), "no END line"),
            (!edge_is_exact(&joined, edge), "a BEGIN line with the wrong number of hyphens or with spaces"),
            (end.is_some_and(|end| end.group("label").trim() != edge.group("label").trim()), "BEGIN and END lines of different names"),
        ]);
        block.fill(body);
        found.push(block);
    }
    found
}

fn edge_is_exact(text: &str, edge: &crate::pattern::Hit) -> bool {
    crate::text::clip(text, edge.start..edge.end) == format!("-----{} {}-----", edge.group("edge"), edge.group("label"))
}

impl Block {
    fn note(&mut self, notes: &[(bool, &'static str)]) {
        self.damage.extend(notes.iter().filter(|(found, _)| *found).map(|(_, what)| *what));
    }

    /// Takes the body of a block; headers such as those of encrypted keys are left out.
    fn fill(&mut self, body: &str) {
        let quotes = ['"', '\'', '`', '\\'];
        let lines: Vec<&str> = body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains(": ")).collect();
        let one_line = !body.contains('\n');
        let spaced = lines.iter().any(|line| line.contains([' ', '\t']));
        let quoted = body.contains(quotes);
        let starred = body.contains("***") || body.contains("•••");
        self.note(&[
            (one_line && !starred, "everything on one line"),
            (spaced, "spaces where line breaks belong"),
            (quoted, "quotes or backslashes in it"),
            (body.contains('-') || body.contains('_'), "the alphabet of base64url (- and _)"),
            (starred, "a row of asterisks instead of the key"),
        ]);
        let clean: String = lines.concat().chars().filter(|c| !quotes.contains(c) && !c.is_whitespace()).collect();
        match base64(&clean) {
            Some(bytes) => self.bytes = bytes,
            None => self.broken = true,
        }
    }
}

/// PEM that is no certificate, or the body of a key without its armour.
pub(super) fn claims(source: &Source<'_>) -> bool {
    let text = source.text();
    if text.contains("-BEGIN") || text.contains("- BEGIN") {
        return blocks(text).iter().any(|block| block.label.contains("KEY") || block.label.is_empty());
    }
    if text.contains("-END") && text.contains("KEY-") {
        return true;
    }
    source.binary().is_some_and(|bytes| !matches!(material(bytes), Material::Nothing | Material::Certificate | Material::Other(_)))
}

/// Says what kind of key it is and what is wrong with it.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let text = source.text();
    let mut found = blocks(text);
    artifact.fact_if("key id", file_key_id(source.file_name()));
    if found.is_empty() {
        found.push(bare(source));
    }
    for block in found.iter().take(8) {
        one(block, is_apples(source), artifact);
    }
}

/// The key identifier in the name that Apple gives the file.
pub(super) fn file_key_id(file: &str) -> Option<String> {
    FILE_KEY_ID.find(file).map(|hit| hit.group("id").to_owned())
}

/// Whether the file's name says that Apple gave it out; other keys have a right to be of other kinds.
fn is_apples(source: &Source<'_>) -> bool {
    source.file_name().to_ascii_lowercase().rsplit_once('.').is_some_and(|(_, ending)| ending == "p8")
        || FILE_KEY_ID.is_match(source.file_name())
}

/// A key without BEGIN line: the base64 alone, or DER.
fn bare(source: &Source<'_>) -> Block {
    let mut block = Block::default();
    let text = source.text();
    if source.bytes().first() == Some(&0x30) && source.binary() == Some(source.bytes()) {
        block.bytes = source.bytes().to_vec();
        block.label = "DER".to_owned();
        return block;
    }
    let end = ARMOUR.find(text).map_or(text.len(), |edge| edge.start).min(LONGEST);
    block.fill(crate::text::clip(text, 0..end));
    block.damage.clear();
    block.damage.push("no BEGIN line");
    if !text.contains("-END") {
        block.damage.push("no END line");
    }
    block
}

fn one(block: &Block, apples: bool, artifact: &mut Artifact) {
    let material = material(&block.bytes);
    if !block.label.is_empty() {
        artifact.fact("label", &block.label);
    }
    wrapping(block, &material, artifact);
    match &material {
        Material::Ec { curve, private: true } => {
            artifact.fact("key", format!("private key, elliptic curve {curve}"));
            curve_check(curve, &block.label, artifact);
        }
        Material::Ec { curve, private: false } => {
            artifact.fact("key", format!("public key, elliptic curve {curve}"));
            artifact.warn("key.kind", "client-secret-wrong-key-or-kid", "This is a public key: it verifies and cannot sign.");
        }
        Material::Rsa { bits, private } => {
            artifact.fact("key", format!("{} key, RSA {bits} bits", if *private { "private" } else { "public" }));
            let text = format!(
                "This is an RSA key of {bits} bits; Apple's .p8 keys are elliptic curve P-256, and ES256 cannot sign with RSA. Keys of servers and of Google service accounts look like this."
            );
            if apples {
                artifact.fail("key.kind", "client-secret-wrong-aud-or-alg", text);
            } else {
                artifact.warn("key.kind", "client-secret-wrong-aud-or-alg", text);
            }
        }
        Material::Encrypted => {
            artifact.fact("key", "private key, encrypted with a password");
            artifact.fail(
                "key.kind",
                "p8-key-format",
                "The key is encrypted with a password; Apple's .p8 files are not, and most libraries do not ask for one.",
            );
        }
        Material::Certificate => artifact.fail("key.kind", "p8-key-format", "This is a certificate, not a key."),
        Material::Other(what) => artifact.fail("key.kind", "p8-key-format", format!("This is no key that Apple gives out: {what}.")),
        Material::Nothing => {}
    }
}

fn wrapping(block: &Block, material: &Material, artifact: &mut Artifact) {
    let damage = listed(&block.damage);
    if block.damage.iter().any(|what| what.contains("asterisks")) {
        artifact.fail(
            "key.form",
            "masked-secret-saved",
            "There is a row of asterisks where the key should be: the masked display of an admin page was saved.",
        );
    } else if block.broken || block.bytes.is_empty() {
        let also = if damage.is_empty() { String::new() } else { format!(" Also: {damage}.") };
        artifact.fail("key.form", "p8-key-format", format!("The body is no base64: characters are missing or do not belong there.{also}"));
    } else if *material == Material::Nothing {
        artifact.fail(
            "key.form",
            "p8-key-format",
            format!("The body is base64 of {} bytes, but no key in DER: the key is cut off or altered.", block.bytes.len()),
        );
    } else if block.damage.is_empty() {
        artifact.pass(
            "key.form",
            if block.label == "DER" {
                "The key is DER, without PEM around it."
            } else {
                "BEGIN and END lines and a body of base64, as it should be."
            },
        );
    } else {
        artifact.fail("key.form", "p8-key-format", format!("The wrapping is damaged: {damage}. The key inside is whole."));
    }
}

fn curve_check(curve: &str, label: &str, artifact: &mut Artifact) {
    if curve != "P-256" {
        artifact.fail("key.kind", "client-secret-wrong-aud-or-alg", format!("The curve is {curve}; Apple's keys and ES256 are on P-256."));
    } else if label == "EC PRIVATE KEY" {
        artifact.warn("key.kind", "p8-key-format", "A P-256 key in the older form EC PRIVATE KEY (SEC1); Apple's .p8 files are PKCS#8 (PRIVATE KEY), and many libraries want that.");
    } else {
        artifact
            .pass("key.kind", "A private key on P-256 in PKCS#8, as Apple's .p8 files are; which service it is for cannot be seen in it.");
    }
}

/// What the DER holds.
fn material(bytes: &[u8]) -> Material {
    let Some(outer) = der::element(bytes).filter(|outer| outer.tag == 0x30) else { return Material::Nothing };
    let parts = outer.children();
    let tags: Vec<u8> = parts.iter().map(|part| part.tag).collect();
    let curve = || der::object_identifiers(outer.body).iter().find_map(|oid| curve_name(oid)).unwrap_or("unnamed").to_owned();
    match tags.as_slice() {
        // PrivateKeyInfo: version, algorithm, key.
        [0x02, 0x30, 0x04, ..] => algorithm(&parts.get(1).map(der::Element::children).unwrap_or_default(), bytes, true),
        // ECPrivateKey: version 1, key, parameters.
        [0x02, 0x04, ..] => Material::Ec { curve: curve(), private: true },
        // RSAPrivateKey: nine integers.
        [0x02, 0x02, 0x02, 0x02, 0x02, ..] => Material::Rsa { bits: bits(parts.get(1)), private: true },
        // RSAPublicKey: modulus and exponent.
        [0x02, 0x02] => Material::Rsa { bits: bits(parts.first()), private: false },
        // SubjectPublicKeyInfo.
        [0x30, 0x03] => algorithm(&parts.first().map(der::Element::children).unwrap_or_default(), bytes, false),
        [0x30, 0x04] => Material::Encrypted,
        [0x30, 0x30, 0x03] => certificate_or_request(parts.first()),
        [0x02, 0x30, ..] => Material::Other("a PKCS#12 file".to_owned()),
        [0x06, 0xa0] => Material::Other("a signed message (PKCS#7)".to_owned()),
        _ => Material::Nothing,
    }
}

fn certificate_or_request(first: Option<&der::Element<'_>>) -> Material {
    let first_tag = first.and_then(|first| first.children().first().map(|version| version.tag));
    if first_tag == Some(0x02) && first.is_some_and(|first| first.children().len() <= 4) {
        Material::Other("a certificate request".to_owned())
    } else {
        Material::Certificate
    }
}

fn algorithm(identifier: &[der::Element<'_>], bytes: &[u8], private: bool) -> Material {
    let oids: Vec<String> = identifier.iter().filter(|part| part.tag == 0x06).map(|part| der::oid(part.body)).collect();
    match oids.first().map(String::as_str) {
        Some("1.2.840.10045.2.1") => Material::Ec {
            curve: oids.get(1).map_or_else(|| "unnamed".to_owned(), |oid| curve_name(oid).map_or_else(|| oid.clone(), str::to_owned)),
            private,
        },
        Some("1.2.840.113549.1.1.1") => Material::Rsa { bits: modulus(bytes), private },
        Some("1.3.101.112") => Material::Ec { curve: "Ed25519".to_owned(), private },
        Some(other) => Material::Other(format!("a key of algorithm {other}")),
        None => Material::Nothing,
    }
}

/// The bits of the longest integer: an RSA key's modulus, wherever it is wrapped.
fn modulus(bytes: &[u8]) -> usize {
    let mut most = 0;
    let mut seen = 0;
    der::walk(bytes, 0, &mut seen, &mut |element| {
        if element.tag == 0x02 {
            most = most.max(bits(Some(element)));
        }
        // A public key's integers hide in a bit string.
        if element.tag == 0x03 {
            let inner = element.body.get(1..).and_then(der::element).map(|sequence| sequence.children()).unwrap_or_default();
            most = most.max(bits(inner.first()));
        }
    });
    most
}

fn bits(integer: Option<&der::Element<'_>>) -> usize {
    let body = integer.map_or(&[][..], |integer| integer.body);
    body.strip_prefix(&[0]).unwrap_or(body).len() * 8
}

fn curve_name(oid: &str) -> Option<&'static str> {
    match oid {
        "1.2.840.10045.3.1.7" => Some("P-256"),
        "1.3.132.0.34" => Some("P-384"),
        "1.3.132.0.35" => Some("P-521"),
        "1.3.132.0.10" => Some("secp256k1"),
        _ => None,
    }
}
