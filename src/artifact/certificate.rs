//! Certificates: PEM or DER, alone or as a chain. Apple's own extensions are named; certificates of servers are held against Apple's rules for TLS.

use super::signature::{PublicKey, Scheme};
use super::source::Source;
use super::values::{date, listed, shown, span, to_hex};
use super::{Artifact, Context, pem};
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};
use x509_parser::public_key::PublicKey as Parsed;

/// Certificates of one chain.
const CHAIN: usize = 16;
/// Apple's extensions and policies, as they stand in its certificates.
const APPLE: &[(&str, &str)] = &[
    ("1.2.840.113635.100.6.1.2", "iPhone Developer"),
    ("1.2.840.113635.100.6.1.4", "iPhone Distribution"),
    ("1.2.840.113635.100.6.1.7", "Mac App Store distribution (3rd Party Mac Developer Application)"),
    ("1.2.840.113635.100.6.1.8", "Mac Installer distribution"),
    ("1.2.840.113635.100.6.1.12", "Mac Developer"),
    ("1.2.840.113635.100.6.1.13", "Developer ID Application"),
    ("1.2.840.113635.100.6.1.14", "Developer ID Installer"),
    ("1.2.840.113635.100.6.1.33", "Developer ID date"),
    ("1.2.840.113635.100.6.2.1", "Worldwide Developer Relations intermediate"),
    ("1.2.840.113635.100.6.2.6", "Developer ID intermediate"),
    ("1.2.840.113635.100.6.3.1", "APNs development"),
    ("1.2.840.113635.100.6.3.2", "APNs production"),
    ("1.2.840.113635.100.8.2", "App Attest nonce"),
    ("1.2.840.113635.100.8.5", "App Attest key properties"),
    ("1.2.840.113635.100.8.7", "App Attest system information"),
];
const USAGES: &[(&str, &str)] =
    &[("1.2.840.113635.100.4.1", "Apple code signing"), ("1.2.840.113635.100.4.13", "Apple store package signing")];

/// What is said of a certificate elsewhere.
pub(super) struct Summary {
    pub(super) subject: String,
    pub(super) issuer: String,
    pub(super) not_before: i64,
    pub(super) not_after: i64,
}

/// The names and dates of a certificate in DER.
pub(super) fn summary(bytes: &[u8]) -> Option<Summary> {
    let (_, certificate) = X509Certificate::from_der(bytes).ok()?;
    Some(Summary {
        subject: name(certificate.subject()),
        issuer: name(certificate.issuer()),
        not_before: certificate.validity().not_before.timestamp(),
        not_after: certificate.validity().not_after.timestamp(),
    })
}

/// The public key of a certificate in DER, where it is of a kind that verifies here.
pub(super) fn public_key(bytes: &[u8]) -> Option<PublicKey> {
    let (_, certificate) = X509Certificate::from_der(bytes).ok()?;
    key_of(&certificate)
}

fn key_of(certificate: &X509Certificate<'_>) -> Option<PublicKey> {
    let bits: &[u8] = &certificate.public_key().subject_public_key.data;
    PublicKey::from_bits(&[&[0], bits].concat())
}

/// Whether `key` signed the certificate; nothing where the algorithm is not known here.
pub(super) fn signed_by(bytes: &[u8], key: &PublicKey) -> Option<bool> {
    let (_, certificate) = X509Certificate::from_der(bytes).ok()?;
    signed(&certificate, key)
}

fn signed(certificate: &X509Certificate<'_>, key: &PublicKey) -> Option<bool> {
    let scheme = Scheme::of_oid(&certificate.signature_algorithm.algorithm.to_id_string())?;
    Some(key.verifies(scheme, certificate.tbs_certificate.as_ref(), &certificate.signature_value.data))
}

/// Whether the certificate may issue others.
pub(super) fn is_authority(bytes: &[u8]) -> bool {
    X509Certificate::from_der(bytes).is_ok_and(|(_, certificate)| certificate.is_ca())
}

/// The common name, or the whole name where there is none.
fn name(name: &x509_parser::x509::X509Name<'_>) -> String {
    let common = name.iter_common_name().find_map(|common| common.as_str().ok());
    shown(&common.map_or_else(|| name.to_string(), str::to_owned), 120)
}

/// PEM with certificates, or DER.
pub(super) fn claims(source: &Source<'_>) -> bool {
    if source.text().contains("BEGIN CERTIFICATE-") || source.text().contains("BEGIN TRUSTED CERTIFICATE-") {
        return true;
    }
    source.binary().is_some_and(|bytes| bytes.first() == Some(&0x30) && X509Certificate::from_der(bytes).is_ok())
}

/// Checks a certificate or a chain.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, context: &Context) {
    let text = source.text();
    let pem = text.contains("-BEGIN");
    let all: Vec<Vec<u8>> = if pem {
        pem::blocks(text).into_iter().filter(|block| block.label.contains("CERTIFICATE")).map(|block| block.bytes).take(CHAIN).collect()
    } else {
        source.binary().map(<[u8]>::to_vec).into_iter().collect()
    };
    if pem::blocks(text).iter().any(|block| block.label.contains("PRIVATE KEY")) {
        artifact.warn("cert.private-key", "", "A private key stands in the same file: do not pass it on. It is not shown.");
    }
    let mut parsed = Vec::new();
    for (number, bytes) in all.iter().enumerate() {
        match X509Certificate::from_der(bytes) {
            Ok((_, certificate)) => parsed.push(certificate),
            Err(_) => artifact.fail(
                "cert.syntax",
                "certificate-not-standards-compliant",
                format!("Certificate {} of {} cannot be read: cut off, or no DER.", number + 1, all.len()),
            ),
        }
    }
    for (number, certificate) in parsed.iter().enumerate() {
        let label = if parsed.len() > 1 { format!("certificate {} ", number + 1) } else { String::new() };
        facts(certificate, &label, artifact);
        dates(certificate, &label, artifact, context);
    }
    if let Some(leaf) = parsed.first() {
        if is_server(leaf) {
            server(leaf, artifact);
        }
        chain(&parsed, artifact);
    }
}

fn facts(certificate: &X509Certificate<'_>, label: &str, artifact: &mut Artifact) {
    artifact.fact(&format!("{label}subject"), certificate.subject());
    artifact.fact(&format!("{label}issuer"), certificate.issuer());
    artifact.fact(&format!("{label}serial"), certificate.raw_serial_as_string());
    artifact.fact(&format!("{label}valid from"), date(certificate.validity().not_before.timestamp()));
    artifact.fact(&format!("{label}valid until"), date(certificate.validity().not_after.timestamp()));
    artifact.fact(&format!("{label}key"), key(certificate));
    artifact.fact(&format!("{label}signed with"), algorithm(&certificate.signature_algorithm.algorithm.to_id_string()));
    let hosts = hosts(certificate);
    if !hosts.is_empty() {
        artifact.fact(&format!("{label}hosts"), listed(&hosts));
    }
    let usages = usages(certificate);
    if !usages.is_empty() {
        artifact.fact(&format!("{label}usage"), listed(&usages));
    }
    for extension in certificate.extensions() {
        let oid = extension.oid.to_id_string();
        if let Some((_, title)) = APPLE.iter().find(|(known, _)| *known == oid) {
            artifact.fact(&format!("{label}Apple extension"), format!("{title} ({oid})"));
        }
    }
    artifact.fact(&format!("{label}sha-256"), to_hex(&super::values::sha256(certificate.as_raw())));
    if let Some(team) =
        certificate.subject().iter_organizational_unit().find_map(|unit| unit.as_str().ok()).filter(|unit| super::values::is_team(unit))
    {
        artifact.fact(&format!("{label}team"), team);
    }
}

fn key(certificate: &X509Certificate<'_>) -> String {
    match certificate.public_key().parsed() {
        Ok(Parsed::RSA(rsa)) => format!("RSA {} bits", rsa.key_size()),
        Ok(Parsed::EC(point)) => format!("elliptic curve {} bits", point.key_size()),
        _ => "of another kind".to_owned(),
    }
}

fn algorithm(oid: &str) -> String {
    match oid {
        "1.2.840.113549.1.1.5" => "SHA-1 with RSA",
        "1.2.840.113549.1.1.4" => "MD5 with RSA",
        "1.2.840.113549.1.1.11" => "SHA-256 with RSA",
        "1.2.840.113549.1.1.12" => "SHA-384 with RSA",
        "1.2.840.113549.1.1.13" => "SHA-512 with RSA",
        "1.2.840.10045.4.1" => "SHA-1 with ECDSA",
        "1.2.840.10045.4.3.2" => "SHA-256 with ECDSA",
        "1.2.840.10045.4.3.3" => "SHA-384 with ECDSA",
        other => other,
    }
    .to_owned()
}

fn hosts(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return Vec::new() };
    let text = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(host) => Some((*host).to_owned()),
        GeneralName::IPAddress(bytes) => Some(match bytes {
            [a, b, c, d] => format!("{a}.{b}.{c}.{d}"),
            other => format!("IP {}", to_hex(other)),
        }),
        _ => None,
    };
    names.value.general_names.iter().filter_map(text).collect()
}

fn usages(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(usage)) = certificate.extended_key_usage() else { return Vec::new() };
    let usage = usage.value;
    let mut all: Vec<String> = [
        (usage.server_auth, "server authentication"),
        (usage.client_auth, "client authentication"),
        (usage.code_signing, "code signing"),
        (usage.email_protection, "mail"),
        (usage.time_stamping, "time stamping"),
        (usage.ocsp_signing, "OCSP"),
        (usage.any, "any"),
    ]
    .iter()
    .filter(|(on, _)| *on)
    .map(|(_, word)| (*word).to_owned())
    .collect();
    all.extend(usage.other.iter().map(|oid| {
        let oid = oid.to_id_string();
        USAGES.iter().find(|(known, _)| *known == oid).map_or(oid.clone(), |(_, title)| (*title).to_owned())
    }));
    all
}

fn dates(certificate: &X509Certificate<'_>, label: &str, artifact: &mut Artifact, context: &Context) {
    let (from, until) = (certificate.validity().not_before.timestamp(), certificate.validity().not_after.timestamp());
    let whose = if label.is_empty() { "The certificate".to_owned() } else { format!("The {}", label.trim()) };
    match context.now {
        _ if until <= from => artifact.fail(
            "cert.dates",
            "certificate-not-standards-compliant",
            format!("{whose} ends ({}) before it begins ({}).", date(until), date(from)),
        ),
        Some(now) if now > until => artifact.fail(
            "cert.dates",
            "server-certificate-expired",
            format!("{whose} expired on {}, {} ago.", date(until), span(now - until)),
        ),
        Some(now) if now < from => artifact.fail(
            "cert.dates",
            "device-clock-wrong",
            format!("{whose} is valid from {} on, in {}: the clock is wrong, or the certificate too new.", date(from), span(from - now)),
        ),
        Some(_) => artifact.pass("cert.dates", format!("{whose} is valid until {}.", date(until))),
        None => artifact.unknown(
            "cert.dates",
            "",
            format!("{whose} is valid from {} to {}; no time was given to compare with.", date(from), date(until)),
        ),
    }
}

/// A certificate of a server: it says so, or it names hosts and says nothing.
fn is_server(certificate: &X509Certificate<'_>) -> bool {
    let host_like = certificate
        .subject()
        .iter_common_name()
        .any(|common| common.as_str().is_ok_and(|text| (text.contains('.') || text == "localhost") && !text.contains(' ')));
    // `openssl req -x509` makes its certificates authorities, for hosts too.
    if certificate.is_ca() && !host_like {
        return false;
    }
    match certificate.extended_key_usage() {
        Ok(Some(usage)) => usage.value.server_auth,
        _ => !hosts(certificate).is_empty() || host_like,
    }
}

/// Apple's rules: support.apple.com/103769 (TLS certificates since iOS 13) and /102028 (398 days since September 2020).
fn server(certificate: &X509Certificate<'_>, artifact: &mut Artifact) {
    const PAGE: &str = "certificate-not-standards-compliant";
    const JULY_2019: i64 = 1_561_939_200;
    const SEPTEMBER_2020: i64 = 1_598_918_400;
    let hosts = hosts(certificate);
    if hosts.is_empty() {
        artifact.fail("cert.tls-name", PAGE, "No host in the subject alternative name; the common name alone does not count.");
    } else {
        artifact.pass("cert.tls-name", format!("Hosts: {}.", listed(&hosts)));
    }
    let (from, until) = (certificate.validity().not_before.timestamp(), certificate.validity().not_after.timestamp());
    let days = (until - from) / 86_400;
    if from >= JULY_2019 && days > 825 {
        artifact.fail("cert.tls-validity", PAGE, format!("Valid for {days} days; Apple accepts at most 825, from public roots 398."));
    } else if from >= SEPTEMBER_2020 && days > 398 {
        artifact.warn(
            "cert.tls-validity",
            PAGE,
            format!("Valid for {days} days; from roots that come with the system Apple accepts at most 398, from others 825."),
        );
    } else {
        artifact.pass("cert.tls-validity", format!("Valid for {days} days."));
    }
    match certificate.extended_key_usage() {
        Ok(Some(usage)) if usage.value.server_auth => artifact.pass("cert.tls-usage", "It is for server authentication."),
        _ if from >= JULY_2019 => artifact.fail(
            "cert.tls-usage",
            PAGE,
            "The extended key usage does not name server authentication; certificates made after 1 July 2019 need it.",
        ),
        _ => artifact.warn("cert.tls-usage", PAGE, "The extended key usage does not name server authentication."),
    }
    match certificate.public_key().parsed() {
        Ok(Parsed::RSA(rsa)) if rsa.key_size() < 2048 => {
            artifact.fail("cert.tls-key", PAGE, format!("The RSA key has {} bits; at least 2048 are needed.", rsa.key_size()));
        }
        _ => artifact.pass("cert.tls-key", format!("The key is {}.", key(certificate))),
    }
    let signed = algorithm(&certificate.signature_algorithm.algorithm.to_id_string());
    if signed.starts_with("SHA-1 ") || signed.starts_with("MD5") {
        artifact.fail("cert.tls-hash", PAGE, format!("Signed with {signed}; SHA-2 is needed."));
    } else {
        artifact.pass("cert.tls-hash", format!("Signed with {signed}."));
    }
}

fn chain(all: &[X509Certificate<'_>], artifact: &mut Artifact) {
    let alike = |one: &X509Certificate<'_>| one.subject().as_raw() == one.issuer().as_raw();
    let (Some(leaf), Some(last)) = (all.first(), all.last()) else { return };
    let breaks: Vec<String> = all
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| matches!(pair, [one, next] if one.issuer().as_raw() != next.subject().as_raw()))
        .map(|(number, _)| format!("{} and {}", number + 1, number + 2))
        .collect();
    if all.len() == 1 && alike(leaf) && (!leaf.is_ca() || is_server(leaf)) {
        artifact.warn("cert.chain", "untrusted-self-signed-certificate", "Self-signed: nobody trusts it who has not installed it.");
    } else if all.len() == 1 && !alike(leaf) && is_server(leaf) {
        artifact.unknown(
            "cert.chain",
            "server-chain-missing-intermediate",
            format!("Only the leaf was given; a server has to send the intermediate {} too.", name(leaf.issuer())),
        );
    } else if !breaks.is_empty() {
        artifact.fail(
            "cert.chain",
            "server-chain-missing-intermediate",
            format!(
                "The chain is broken or out of order between certificates {}: the issuer of one is not the subject of the next.",
                listed(&breaks)
            ),
        );
    } else if let Some((number, _)) = all.windows(2).enumerate().find(|(_, pair)| forged(pair)) {
        artifact.fail(
            "cert.chain",
            "server-trust-evaluation-failed",
            format!(
                "Certificate {} bears the name of {} as its issuer, but the key of certificate {} did not sign it.",
                number + 1,
                all.get(number + 1).map_or(String::new(), |issuer| name(issuer.subject())),
                number + 2
            ),
        );
    } else if all.len() > 1 {
        artifact.pass("cert.chain", format!("{} certificates, each issued by the next, up to {}.", all.len(), name(last.issuer())));
    }
}

/// Whether the second certificate of a pair did not sign the first, though its name says so.
fn forged(pair: &[X509Certificate<'_>]) -> bool {
    matches!(pair, [one, next] if key_of(next).and_then(|key| signed(one, &key)) == Some(false))
}

/// The contents of an extension, by its identifier.
pub(super) fn extension<'a>(certificate: &X509Certificate<'a>, oid: &str) -> Option<&'a [u8]> {
    certificate.extensions().iter().find(|extension| extension.oid.to_id_string() == oid).map(|extension| extension.value)
}
