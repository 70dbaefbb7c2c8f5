//! Public keys and the signatures that they verify: ES256, ES384 and RS256, by the `RustCrypto` crates. Of a private key only its public half is
//! ever kept.

use super::values::base64;
use super::{certificate, der};
use p256::ecdsa::signature::Verifier as _;
use rsa::BoxedUint;
use rsa::pkcs1v15;
use serde_json::Value as Json;

/// Apple's and everybody's RSA keys stay below; a longer one only costs time.
const RSA_BYTES: usize = 1024;

/// A key that can verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PublicKey {
    /// An elliptic curve key on P-256, for ES256.
    P256(Box<p256::ecdsa::VerifyingKey>),
    /// An elliptic curve key on P-384, which Apple's certificate authorities use.
    P384(Box<p384::ecdsa::VerifyingKey>),
    /// An RSA key, for RS256.
    Rsa(Box<rsa::PublicKey>),
}

/// How a signature was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// ECDSA with the hash of the curve's usual length, r and s one after the other.
    EcdsaRaw,
    /// ECDSA with SHA-256, in DER.
    EcdsaSha256,
    /// ECDSA with SHA-384, in DER.
    EcdsaSha384,
    /// RSA, PKCS#1 version 1.5, with SHA-256.
    RsaSha256,
    /// The same with SHA-384.
    RsaSha384,
}

impl Scheme {
    /// The scheme of a token's `alg`.
    pub(super) fn of_alg(alg: &str) -> Option<Self> {
        match alg {
            "ES256" | "ES384" => Some(Self::EcdsaRaw),
            "RS256" => Some(Self::RsaSha256),
            "RS384" => Some(Self::RsaSha384),
            _ => None,
        }
    }

    /// The scheme of a certificate's signature algorithm.
    pub(super) fn of_oid(oid: &str) -> Option<Self> {
        match oid {
            "1.2.840.10045.4.3.2" => Some(Self::EcdsaSha256),
            "1.2.840.10045.4.3.3" => Some(Self::EcdsaSha384),
            "1.2.840.113549.1.1.11" => Some(Self::RsaSha256),
            "1.2.840.113549.1.1.12" => Some(Self::RsaSha384),
            _ => None,
        }
    }
}

impl PublicKey {
    /// A key from an uncompressed point: 65 bytes are P-256, 97 are P-384.
    pub(super) fn from_point(point: &[u8]) -> Option<Self> {
        match point.len() {
            65 => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(|key| Self::P256(Box::new(key))),
            97 => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(|key| Self::P384(Box::new(key))),
            _ => None,
        }
    }

    /// A key from its modulus and exponent.
    pub(super) fn from_rsa(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let trimmed = |bytes: &[u8]| bytes.iter().skip_while(|byte| **byte == 0).copied().collect::<Vec<u8>>();
        let (modulus, exponent) = (trimmed(modulus), trimmed(exponent));
        // An even modulus is no product of two primes, and the arithmetic asks for an odd one.
        let odd = modulus.last().is_some_and(|last| last & 1 == 1);
        if !odd || modulus.len() > RSA_BYTES || exponent.is_empty() || exponent.len() > 8 {
            return None;
        }
        let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
        rsa::PublicKey::new(number(&modulus), number(&exponent)).ok().map(|key| Self::Rsa(Box::new(key)))
    }

    /// A key from a JSON Web Key.
    pub(super) fn from_jwk(jwk: &Json) -> Option<Self> {
        let part = |name: &str| jwk.get(name).and_then(Json::as_str).and_then(base64);
        match jwk.get("kty").and_then(Json::as_str)? {
            "EC" => Self::from_point(&[vec![4], part("x")?, part("y")?].concat()),
            "RSA" => Self::from_rsa(&part("n")?, &part("e")?),
            _ => None,
        }
    }

    /// The public key in DER of any usual kind: a public key, a private one, a certificate.
    pub(super) fn from_der(bytes: &[u8]) -> Option<Self> {
        let outer = der::element(bytes).filter(|outer| outer.tag == 0x30)?;
        let parts = outer.children();
        let tags: Vec<u8> = parts.iter().map(|part| part.tag).collect();
        match tags.as_slice() {
            [0x30, 0x03] => Self::from_bits(parts.get(1)?.body),
            [0x02, 0x30, 0x04, ..] => Self::from_private(parts.get(2)?.body),
            [0x02, 0x04, ..] | [0x02, 0x02, 0x02, 0x02, 0x02, ..] => Self::from_private(bytes),
            [0x02, 0x02] => Self::from_rsa(parts.first()?.body, parts.get(1)?.body),
            [0x30, 0x30, 0x03] => certificate::public_key(bytes),
            _ => None,
        }
    }

    /// A key from the bit string of a `SubjectPublicKeyInfo`: a point, or modulus and exponent.
    pub(super) fn from_bits(bits: &[u8]) -> Option<Self> {
        let (unused, body) = bits.split_first()?;
        if *unused != 0 {
            return None;
        }
        if body.first() == Some(&4) {
            return Self::from_point(body);
        }
        let parts = der::element(body).filter(|outer| outer.tag == 0x30)?.children();
        Self::from_rsa(parts.first()?.body, parts.get(1)?.body)
    }

    /// The public half of an `ECPrivateKey` or `RSAPrivateKey`.
    fn from_private(bytes: &[u8]) -> Option<Self> {
        let parts = der::element(bytes).filter(|outer| outer.tag == 0x30)?.children();
        if parts.get(1)?.tag == 0x02 {
            return Self::from_rsa(parts.get(1)?.body, parts.get(2)?.body);
        }
        match parts.get(1)?.body {
            scalar if scalar.len() == 32 => {
                let key = p256::ecdsa::SigningKey::from_slice(scalar).ok()?;
                Some(Self::P256(Box::new(*key.verifying_key())))
            }
            scalar if scalar.len() == 48 => {
                let key = p384::ecdsa::SigningKey::from_slice(scalar).ok()?;
                Some(Self::P384(Box::new(*key.verifying_key())))
            }
            _ => None,
        }
    }

    /// What kind of key it is, for a sentence.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::P256(_) => "elliptic curve P-256",
            Self::P384(_) => "elliptic curve P-384",
            Self::Rsa(_) => "RSA",
        }
    }

    /// Whether a signature of this scheme can come from a key of this kind.
    pub(super) fn fits(&self, alg: &str) -> bool {
        matches!((self, alg), (Self::P256(_), "ES256") | (Self::P384(_), "ES384") | (Self::Rsa(_), "RS256" | "RS384"))
    }

    /// Whether `signature` over `message` was made with this key.
    pub(super) fn verifies(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
        match (self, scheme) {
            (Self::P256(key), Scheme::EcdsaRaw) => {
                p256::ecdsa::Signature::from_slice(signature).is_ok_and(|made| key.verify(message, &made).is_ok())
            }
            (Self::P384(key), Scheme::EcdsaRaw) => {
                p384::ecdsa::Signature::from_slice(signature).is_ok_and(|made| key.verify(message, &made).is_ok())
            }
            (Self::P256(key), Scheme::EcdsaSha256 | Scheme::EcdsaSha384) => {
                let hash = hashed(scheme, message);
                p256::ecdsa::Signature::from_der(signature).is_ok_and(|made| verify_hash(key.as_ref(), &hash, &made))
            }
            (Self::P384(key), Scheme::EcdsaSha256 | Scheme::EcdsaSha384) => {
                let hash = hashed(scheme, message);
                p384::ecdsa::Signature::from_der(signature).is_ok_and(|made| verify_hash(key.as_ref(), &hash, &made))
            }
            (Self::Rsa(key), Scheme::RsaSha256) => pkcs1v15::Signature::try_from(signature)
                .is_ok_and(|made| pkcs1v15::VerifyingKey::<sha2::Sha256>::new(key.as_ref().clone()).verify(message, &made).is_ok()),
            (Self::Rsa(key), Scheme::RsaSha384) => pkcs1v15::Signature::try_from(signature)
                .is_ok_and(|made| pkcs1v15::VerifyingKey::<sha2::Sha384>::new(key.as_ref().clone()).verify(message, &made).is_ok()),
            _ => false,
        }
    }
}

/// A curve and a hash may be of different lengths: Apple signs P-256 leaves with a P-384 key and SHA-256.
fn verify_hash<S>(key: &impl p256::ecdsa::signature::hazmat::PrehashVerifier<S>, hash: &[u8], signature: &S) -> bool {
    key.verify_prehash(hash, signature).is_ok()
}

fn hashed(scheme: Scheme, message: &[u8]) -> Vec<u8> {
    use sha2::Digest as _;
    if scheme == Scheme::EcdsaSha384 { sha2::Sha384::digest(message).to_vec() } else { sha2::Sha256::digest(message).to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// RFC 7515, appendix A.3: a token signed with ES256, and its key.
    #[test]
    fn the_es256_vector_of_rfc_7515() {
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
        let key = PublicKey::from_jwk(&jwk).unwrap();
        let message = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = base64("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q").unwrap();
        assert!(key.verifies(Scheme::EcdsaRaw, message.as_bytes(), &signature));
        assert!(!key.verifies(Scheme::EcdsaRaw, b"another message", &signature));
        assert!(!key.verifies(Scheme::EcdsaSha256, message.as_bytes(), &signature));
        assert!(!key.verifies(Scheme::RsaSha256, message.as_bytes(), &signature));
    }

    /// RFC 7515, appendix A.2: a token signed with RS256, and its key.
    #[test]
    fn the_rs256_vector_of_rfc_7515() {
        let (n, e) = crate::artifact::testing::RFC_7515_RSA;
        let key = PublicKey::from_jwk(&json!({"kty": "RSA", "n": n, "e": e})).unwrap();
        let message = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = base64("cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw").unwrap();
        assert!(key.verifies(Scheme::RsaSha256, message.as_bytes(), &signature));
        assert!(!key.verifies(Scheme::RsaSha256, &message.as_bytes()[1..], &signature));
        assert!(!key.verifies(Scheme::RsaSha384, message.as_bytes(), &signature));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert_eq!(PublicKey::from_point(&[4; 65]), None);
        assert_eq!(PublicKey::from_rsa(&[0xff; 4096], &[1, 0, 1]), None);
        assert_eq!(PublicKey::from_rsa(&[0xfe; 256], &[1, 0, 1]), None);
        assert_eq!(PublicKey::from_rsa(&[3], &[]), None);
        assert_eq!(PublicKey::from_jwk(&json!({"kty": "oct", "k": "AA"})), None);
        assert_eq!(PublicKey::from_der(&[0x30, 0x03, 0x02, 0x01, 0x00]), None);
    }
}
