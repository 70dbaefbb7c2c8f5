//! Documents that a token carries: a JWT keeps its form and its checks when what it says is redacted and encoded anew; only its signature, which
//! is what makes it a key, is blotted out.

use super::shape;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{GeneralPurposeConfig, NO_PAD, STANDARD};

/// Both alphabets with or without padding, as people copy them.
const URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true)
        .with_encode_padding(false),
);

/// The token with the claims that `inner` makes of its claims; none where it carries no readable document.
pub(super) fn redacted(token: &str, mut inner: impl FnMut(&str) -> String) -> Option<String> {
    let _ = (NO_PAD, &STANDARD);
    let mut parts = token.split('.');
    let (header, payload) = (parts.next()?, parts.next()?);
    let rest: Vec<&str> = parts.collect();
    let texts = [decoded(header)?, decoded(payload)?];
    let [header, payload] = texts.map(|text| URL.encode(inner(&text)));
    let mut out = format!("{header}.{payload}");
    for part in rest {
        out.push('.');
        // What says that a signature is in DER, which is a mistake that people make, is no secret.
        let (front, secret) = part.split_at_checked(4).filter(|(front, _)| front.starts_with("ME")).unwrap_or(("", part));
        out.push_str(front);
        out.push_str(&signature(secret));
    }
    Some(out)
}

fn signature(secret: &str) -> String {
    let blotted = shape::filled(secret, 0);
    if blotted.len() == secret.len() { blotted } else { "A".repeat(secret.len()) }
}

fn decoded(part: &str) -> Option<String> {
    let text = String::from_utf8(URL.decode(part).ok()?).ok()?;
    text.trim_start().starts_with('{').then_some(text)
}
