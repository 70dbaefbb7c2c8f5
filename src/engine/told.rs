//! How the facts of a diagnosis are told: which error lies under which, and, where nothing is sure, what each code means.
//!
//! One layer's error becomes another's: the local authentication's -2 comes out of the keychain as -128, `AuthKit`'s -7026 out of
//! `AuthenticationServices` as 1000. Where both stand in a text they are one story, and the inner one is its cause.

use super::{Confidence, FactReport, Finding, Severity};
use crate::explain::Reference;
use crate::facts::Kind;
use crate::knowledge::Code;

/// Codes explained at most.
const EXPLAINED: usize = 12;

/// The facts with their chains, and with meanings where no finding is sure.
pub(super) fn tell<'a>(reference: impl Fn() -> &'a Reference, mut facts: Vec<FactReport>, findings: &[Finding]) -> Vec<FactReport> {
    link(&mut facts);
    let sure = findings.iter().any(|one| one.severity != Severity::Noise && one.confidence < Confidence::Possible);
    if !sure {
        for report in facts.iter_mut().filter(|report| report.fact.code.is_some()).take(EXPLAINED) {
            explain(reference(), report);
        }
    }
    facts
}

fn explain(reference: &Reference, report: &mut FactReport) {
    let (Some(domain), Some(code)) = (&report.fact.domain, &report.fact.code) else { return };
    let known = reference.explain(&format!("{domain}:{code}"));
    if let Some(known) = known.into_iter().find(|one| one.entry.domain == *domain) {
        report.meaning = known.entry.meaning;
        report.pages = known.pitfalls;
    }
}

/// A layer that wraps or rewrites the errors of another one.
struct Layer {
    outer: &'static str,
    /// The codes that it makes of the inner ones; empty for any.
    becomes: &'static [i64],
    inner: &'static str,
    /// The inner codes; empty for any.
    from: &'static [i64],
    /// They stand so many lines apart at most.
    within: usize,
}

const fn layer(outer: &'static str, becomes: &'static [i64], inner: &'static str, from: &'static [i64], within: usize) -> Layer {
    Layer { outer, becomes, inner, from, within }
}

const AUTHORIZATION: &str = "com.apple.AuthenticationServices.AuthorizationError";
const OSSTATUS: &str = "NSOSStatusErrorDomain";
const LOCAL: &str = "com.apple.LocalAuthentication";
const POSIX: &str = "NSPOSIXErrorDomain";
const URL: &str = "NSURLErrorDomain";
const DEVICE: &str = "MobileDevice";

/// Sources: `SecErrorGetOSStatus` of Security (`SecItem.m`) for the keychain's, the frameworks' own descriptions for the others.
const LAYERS: &[Layer] = &[
    layer(AUTHORIZATION, &[1000, 1001, 1004], "AKAuthenticationError", &[], 6),
    layer(AUTHORIZATION, &[1000, 1004], "com.apple.AuthenticationServicesCore.AuthorizationError", &[], 4),
    layer(AUTHORIZATION, &[1004], LOCAL, &[], 4),
    layer(OSSTATUS, &[-128], LOCAL, &[-2], 6),
    layer(OSSTATUS, &[-25_308], LOCAL, &[-1004], 6),
    layer(OSSTATUS, &[-25_293], LOCAL, &[], 6),
    layer(OSSTATUS, &[-25_300], "CryptoTokenKit", &[-6, -7], 6),
    layer(OSSTATUS, &[-26_275], "CryptoTokenKit", &[-3], 6),
    layer(OSSTATUS, &[-128], "CryptoTokenKit", &[-4], 6),
    layer(OSSTATUS, &[-50], "CryptoTokenKit", &[-8], 6),
    layer(OSSTATUS, &[-26_276], "CryptoTokenKit", &[-2, -5, -9], 6),
    layer(OSSTATUS, &[-25_308], "IOReturn", &[-536_870_174], 2),
    layer("FIRAuthErrorDomain", &[17_995], OSSTATUS, &[], 1),
    layer("FIRAuthErrorDomain", &[17_999], "com.google.HTTPStatus", &[], 2),
    layer("MSALErrorDomain", &[-50_000], "MSALInternalErrorCode", &[], 4),
    layer(URL, &[], "kCFErrorDomainCFNetwork", &[], 1),
    layer(URL, &[], "kCFStreamErrorDomainSSL", &[], 6),
    layer("NSCocoaErrorDomain", &[], POSIX, &[], 0),
    layer("RBSRequestErrorDomain", &[], POSIX, &[], 3),
    layer("MIInstallerErrorDomain", &[], DEVICE, &[], 3),
    layer("IXUserPresentableErrorDomain", &[], "MIInstallerErrorDomain", &[], 4),
    layer("com.apple.dt.CoreDeviceError", &[], "MIInstallerErrorDomain", &[], 8),
    layer("com.apple.dt.CoreDeviceError", &[], DEVICE, &[], 8),
    layer("com.firebase.appCheck", &[0], "com.apple.devicecheck.error", &[], 3),
    layer("com.google.app_check_core", &[0], "com.apple.devicecheck.error", &[], 3),
    layer("com.firebase.appCheck", &[0], "com.google.HTTPStatus", &[], 3),
    layer("org.openid.appauth.general", &[-3], "com.apple.AuthenticationServices.WebAuthenticationSession", &[1], 3),
    layer("HTTP", &[400, 401], "OAuth", &[], 4),
];

/// Says of each error that lies under another one near it which one that is.
fn link(facts: &mut [FactReport]) {
    let told: Vec<Option<String>> = (0..facts.len()).map(|at| wrapper(facts, at)).collect();
    for (report, wrapper) in facts.iter_mut().zip(told) {
        report.fact.fields.extend(wrapper.map(|wrapper| ("under", wrapper)));
    }
}

/// The error, as `domain:code`, that the one at `at` became in another layer, where that stands near it.
fn wrapper(facts: &[FactReport], at: usize) -> Option<String> {
    let inner = facts.get(at)?;
    let domain = inner.fact.domain.as_deref()?;
    if !matches!(inner.fact.kind, Kind::Error | Kind::OAuth) || inner.fact.value("under").is_some() {
        return None;
    }
    let is = |codes: &[i64], code: Option<&Code>| codes.is_empty() || matches!(code, Some(Code::Number(n)) if codes.contains(n));
    let layers: Vec<&Layer> = LAYERS.iter().filter(|layer| layer.inner == domain && is(layer.from, inner.fact.code.as_ref())).collect();
    let apart = |outer: &FactReport| outer.place.line.abs_diff(inner.place.line);
    let wraps = |outer: &FactReport| {
        outer.input == inner.input
            && layers.iter().any(|layer| {
                Some(layer.outer) == outer.fact.domain.as_deref()
                    && is(layer.becomes, outer.fact.code.as_ref())
                    && apart(outer) <= layer.within
            })
    };
    let reach = layers.iter().map(|layer| layer.within).max()?;
    // Facts come in the order of the text, so that what is near stands near in the list too.
    let near = |outer: &&FactReport| apart(outer) <= reach;
    let (before, behind) = (facts.get(..at)?, facts.get(at + 1..)?);
    let candidates = before.iter().rev().take_while(near).chain(behind.iter().take_while(near)).filter(|outer| wraps(outer));
    let outer = candidates.min_by_key(|outer| apart(outer))?;
    Some(format!("{}:{}", outer.fact.domain.as_deref()?, outer.fact.code.as_ref()?))
}

#[cfg(test)]
mod tests {
    use super::super::{Engine, Input, Options};

    fn chains(text: &str) -> Vec<String> {
        let engine = Engine::new(Vec::new());
        let input = Input { name: "-".into(), bytes: text.as_bytes().to_vec() };
        let facts = engine.triage(&[input], &Options::default()).facts;
        let under = facts.iter().filter_map(|report| {
            let fact = &report.fact;
            Some(format!("{} <- {}:{}", fact.value("under")?, fact.domain.as_deref()?, fact.code.as_ref()?))
        });
        under.collect()
    }

    #[test]
    fn layers_that_rewrite_each_other_are_one_chain() {
        let authkit = "Notes[512] Authorization failed: Error Domain=AKAuthenticationError Code=-7026 \"(null)\"\nNotes[512] (com.apple.AuthenticationServices.AuthorizationError error 1000.)";
        assert_eq!(chains(authkit), ["com.apple.AuthenticationServices.AuthorizationError:1000 <- AKAuthenticationError:-7026"]);
        let touch = "LAError Code=-6\nSecItemCopyMatching -> -25293";
        assert_eq!(chains(touch), ["NSOSStatusErrorDomain:-25293 <- com.apple.LocalAuthentication:-6"]);
        assert_eq!(chains("HTTP/1.1 400 Bad Request\n{\"error\":\"invalid_grant\"}"), ["HTTP:400 <- OAuth:invalid_grant"]);
    }

    #[test]
    fn errors_far_apart_or_of_other_layers_are_none() {
        let far = format!("Error Domain=AKAuthenticationError Code=-7026\n{}ASAuthorizationError 1000", "start\n".repeat(20));
        assert!(chains(&far).is_empty());
        assert!(chains("Error Domain=AKAuthenticationError Code=-7026\nNSCocoaErrorDomain Code=257").is_empty());
        assert!(chains("LAError Code=-2\nSecItemAdd -> -34018").is_empty());
    }

    #[test]
    fn several_underlying_errors_lie_under_the_one_that_names_them() {
        let text = "Error Domain=com.example.sync Code=7 \"x\" UserInfo={NSMultipleUnderlyingErrorsKey=(\n    \"Error Domain=NSCocoaErrorDomain Code=257 \\\"y\\\" UserInfo={NSUnderlyingError=0x1 {Error Domain=NSPOSIXErrorDomain Code=13 \\\"z\\\"}}\",\n    \"Error Domain=CNErrorDomain Code=100 \\\"w\\\"\"\n)}";
        let want = [
            "com.example.sync:7 <- NSCocoaErrorDomain:257",
            "NSCocoaErrorDomain:257 <- NSPOSIXErrorDomain:13",
            "com.example.sync:7 <- CNErrorDomain:100",
        ];
        assert_eq!(chains(text), want);
    }

    #[test]
    fn codes_are_explained_only_where_nothing_is_sure() {
        let engine = Engine::new(Vec::new());
        let input = |text: &str| Input { name: "-".into(), bytes: text.as_bytes().to_vec() };
        let unsure = engine.triage(&[input("it said ASAuthorizationError 1003")], &Options::default());
        assert!(unsure.facts.iter().any(|report| report.meaning.contains("Nobody handled")), "{:?}", unsure.facts);
        let sure =
            engine.triage(&[input("Authorization failed: Error Domain=AKAuthenticationError Code=-7026 \"(null)\"")], &Options::default());
        assert!(sure.facts.iter().all(|report| report.meaning.is_empty()));
    }
}
