//! The thing itself instead of a log: tokens, keys, entitlements, property lists, certificates, profiles, association files, attestations and
//! crash reports, decoded and checked, and held against each other.
//!
//! One file an inspector. An inspector says whether a [`Source`] is its own, and fills an [`Artifact`] with facts and checks. A check has an id
//! that stays, a verdict, one sentence with the values seen, and the page that helps. Private keys, signatures and whole tokens are read and never
//! repeated. Nothing here looks at a file or a clock: whoever asks hands in the bytes and the time.

mod asset_links;
mod association;
mod attest_steps;
mod attestation;
mod attestation_chain;
mod auth_data;
mod cbor;
mod certificate;
mod client_data;
mod crash_report;
mod cross;
mod cross_attestation;
mod der;
mod domains;
mod embedded;
mod entitlement_keys;
mod entitlement_values;
mod entitlements;
mod entitlements_der;
mod identities;
mod info_plist;
mod jwt;
mod jwt_checks;
mod jwt_signature;
mod keychain_item;
mod keys;
mod mask;
mod notary;
mod oidc;
mod pem;
mod pkcs12;
mod platform_sso;
mod privacy_manifest;
mod profile;
mod property_list;
mod request;
mod said;
mod signature;
mod source;
mod swcutil;
mod transport;
mod values;

pub use cross::cross;
pub use embedded::{Found, find};
pub use keys::{Given, Keys};
pub use mask::{FoundSecret, Secret, masked, secrets, starred};

use source::Source;
use std::fmt::Display;

/// More than this is not read as one artifact: the largest real ones, crash reports and device-rich profiles, stay well below.
pub const LARGEST: usize = 4 << 20;
/// Facts and checks of one artifact; a hostile one could make any number.
const MOST: usize = 400;
/// Artifacts found inside one text.
const EMBEDDED: usize = 8;

macro_rules! forms {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $title:literal;)+) => {
        /// What an artifact is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Form { $($(#[$doc])* $variant),+ }
        impl Form {
            /// Every form.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word for it in documents.
            #[must_use]
            pub fn word(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// What people call it.
            #[must_use]
            pub fn title(self) -> &'static str { match self { $(Self::$variant => $title),+ } }
        }
    };
}

forms! {
    /// A JSON Web Token.
    Jwt = "jwt", "JSON Web Token";
    /// The body of a request to a token endpoint.
    TokenRequest = "token-request", "token request";
    /// A private or public key, as PEM or DER.
    Key = "key", "key";
    /// A certificate or a chain.
    Certificate = "certificate", "certificate";
    /// A PKCS#12 file.
    Pkcs12 = "pkcs12", "PKCS#12 file";
    /// Entitlements, in any of their forms.
    Entitlements = "entitlements", "entitlements";
    /// An Info.plist.
    InfoPlist = "info-plist", "Info.plist";
    /// A `PrivacyInfo.xcprivacy`.
    PrivacyManifest = "privacy-manifest", "privacy manifest";
    /// A property list of no kind that is known here.
    PropertyList = "property-list", "property list";
    /// A provisioning profile.
    Profile = "profile", "provisioning profile";
    /// An `apple-app-site-association`.
    Association = "association", "apple-app-site-association";
    /// An `openid-configuration`.
    OpenIdConfiguration = "openid-configuration", "OpenID configuration";
    /// A JSON Web Key Set.
    KeySet = "jwks", "JSON Web Key Set";
    /// An attestation object of WebAuthn or App Attest.
    Attestation = "attestation", "attestation";
    /// An assertion of WebAuthn or App Attest.
    Assertion = "assertion", "assertion";
    /// The client data of WebAuthn.
    ClientData = "client-data", "WebAuthn client data";
    /// An `assetlinks.json`.
    AssetLinks = "assetlinks", "assetlinks.json";
    /// The notary service's log, or what notarytool prints.
    NotaryLog = "notary-log", "notarization";
    /// What `security find-identity` prints.
    Identities = "identities", "signing identities";
    /// The attributes of a keychain item.
    KeychainItem = "keychain-item", "keychain item";
    /// What `swcutil show` prints.
    AssociationState = "swcutil", "associated domains on the device";
    /// What `app-sso platform -s` prints.
    PlatformSso = "platform-sso", "Platform SSO state";
    /// A crash report.
    CrashReport = "crash-report", "crash report";
    /// Nothing that is known here.
    Unknown = "unknown", "not an artifact";
}

/// The verdict of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// As it should be.
    Pass,
    /// Works, or may work, and is worth a look.
    Warn,
    /// Does not work.
    Fail,
    /// Cannot be told from what was given.
    Unknown,
}

impl Status {
    /// The word for it in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked at; the same whatever the verdict.
    pub id: &'static str,
    /// The verdict.
    pub status: Status,
    /// One sentence with the values seen.
    pub text: String,
    /// The page that helps.
    pub pitfall: Option<&'static str>,
}

impl Check {
    fn new(status: Status, id: &'static str, page: &'static str, text: impl Display) -> Self {
        Self { id, status, text: values::shown(&text.to_string(), 600), pitfall: (!page.is_empty()).then_some(page) }
    }
}

/// A document, decoded and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its name, as given.
    pub name: String,
    /// What it is.
    pub form: Form,
    /// What it says: names and values, cleaned for a terminal; a name may stand several times.
    pub facts: Vec<(String, String)>,
    /// What was looked at.
    pub checks: Vec<Check>,
}

/// What an inspector cannot know by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// The time, in seconds since 1970; without it nothing is said of what has expired.
    pub now: Option<i64>,
    /// What a server would compare with.
    pub given: Given,
}

impl Artifact {
    fn new(name: &str, form: Form) -> Self {
        Self { name: values::shown(name, 300), form, facts: Vec::new(), checks: Vec::new() }
    }

    fn fact(&mut self, name: &str, value: impl Display) {
        if self.facts.len() < MOST {
            self.facts.push((values::shown(name, 120), values::shown(&value.to_string(), 400)));
        }
    }

    fn fact_if(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.fact(name, value);
        }
    }

    fn pass(&mut self, id: &'static str, text: impl Display) {
        self.check(Check::new(Status::Pass, id, "", text));
    }

    fn warn(&mut self, id: &'static str, page: &'static str, text: impl Display) {
        self.check(Check::new(Status::Warn, id, page, text));
    }

    fn fail(&mut self, id: &'static str, page: &'static str, text: impl Display) {
        self.check(Check::new(Status::Fail, id, page, text));
    }

    fn unknown(&mut self, id: &'static str, page: &'static str, text: impl Display) {
        self.check(Check::new(Status::Unknown, id, page, text));
    }

    fn check(&mut self, check: Check) {
        if self.checks.len() < MOST {
            self.checks.push(check);
        }
    }

    /// The first value of this name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.facts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of this name.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.facts.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a check failed.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.checks.iter().any(|check| check.status == Status::Fail)
    }
}

/// An inspector: what it is for, whether a source is its own, and what it says of it.
struct Inspector {
    form: Form,
    claims: fn(&Source<'_>) -> bool,
    inspect: fn(&Source<'_>, &mut Artifact, &Context),
}

/// Asked in this order: forms that hold other forms come before them.
const INSPECTORS: &[Inspector] = &[
    Inspector { form: Form::Profile, claims: profile::claims, inspect: profile::inspect },
    Inspector { form: Form::PrivacyManifest, claims: privacy_manifest::claims, inspect: privacy_manifest::inspect },
    Inspector { form: Form::InfoPlist, claims: info_plist::claims, inspect: info_plist::inspect },
    Inspector { form: Form::Entitlements, claims: entitlements::claims, inspect: entitlements::inspect },
    Inspector { form: Form::PropertyList, claims: property_list::claims, inspect: property_list::inspect },
    Inspector { form: Form::TokenRequest, claims: request::claims, inspect: request::inspect },
    Inspector { form: Form::OpenIdConfiguration, claims: oidc::claims_configuration, inspect: oidc::inspect_configuration },
    Inspector { form: Form::KeySet, claims: oidc::claims_keys, inspect: oidc::inspect_keys },
    Inspector { form: Form::NotaryLog, claims: notary::claims, inspect: notary::inspect },
    Inspector { form: Form::AssetLinks, claims: asset_links::claims, inspect: asset_links::inspect },
    Inspector { form: Form::Association, claims: association::claims, inspect: association::inspect },
    Inspector { form: Form::CrashReport, claims: crash_report::claims, inspect: crash_report::inspect },
    Inspector { form: Form::Attestation, claims: attestation::claims_attestation, inspect: attestation::inspect_attestation },
    Inspector { form: Form::Assertion, claims: attestation::claims_assertion, inspect: attestation::inspect_assertion },
    Inspector { form: Form::ClientData, claims: client_data::claims, inspect: client_data::inspect },
    Inspector { form: Form::Certificate, claims: certificate::claims, inspect: certificate::inspect },
    Inspector { form: Form::Key, claims: pem::claims, inspect: pem::inspect },
    Inspector { form: Form::Pkcs12, claims: pkcs12::claims, inspect: pkcs12::inspect },
    Inspector { form: Form::Identities, claims: identities::claims, inspect: identities::inspect },
    Inspector { form: Form::AssociationState, claims: swcutil::claims, inspect: swcutil::inspect },
    Inspector { form: Form::PlatformSso, claims: platform_sso::claims, inspect: platform_sso::inspect },
    Inspector { form: Form::KeychainItem, claims: keychain_item::claims, inspect: keychain_item::inspect },
    Inspector { form: Form::Jwt, claims: jwt::claims, inspect: jwt::inspect },
];

/// What `bytes` are, if they are an artifact.
#[must_use]
pub fn recognise(bytes: &[u8]) -> Option<Form> {
    inspector(&Source::new("", bytes)).map(|inspector| inspector.form)
}

fn inspector(source: &Source<'_>) -> Option<&'static Inspector> {
    INSPECTORS.iter().find(|inspector| (inspector.claims)(source))
}

/// Decodes and checks one artifact. What is not recognised comes back as [`Form::Unknown`], with the identifiers that its text names.
#[must_use]
pub fn inspect(name: &str, bytes: &[u8], context: &Context) -> Artifact {
    let source = Source::new(name, bytes);
    let Some(inspector) = inspector(&source) else {
        let mut artifact = Artifact::new(name, Form::Unknown);
        source.size_check(&mut artifact);
        request::mentions(&source, &mut artifact);
        return artifact;
    };
    let mut artifact = Artifact::new(name, inspector.form);
    source.size_check(&mut artifact);
    (inspector.inspect)(&source, &mut artifact, context);
    artifact
}

/// Inspects inputs that belong together: the keys that some hold verify the tokens and assertions of the others, and the client data of a
/// browser's answer belongs to it alone.
#[must_use]
pub fn inspect_together(inputs: &[(&str, &[u8])], context: &Context) -> Vec<Artifact> {
    let mut context = context.clone();
    for (name, bytes) in inputs {
        context.given.keys.read(name, bytes, false);
    }
    inputs.iter().flat_map(|(name, bytes)| inspect_all(name, bytes, &context)).collect()
}

/// The artifact, and those that stand inside it: the tokens of a request, a log or a question, each under a name of its own.
#[must_use]
pub fn inspect_all(name: &str, bytes: &[u8], context: &Context) -> Vec<Artifact> {
    let first = inspect(name, bytes, context);
    let source = Source::new(name, bytes);
    if first.form == Form::TokenRequest {
        let tokens = jwt::embedded(source.text()).into_iter().take(EMBEDDED).enumerate();
        let tokens = tokens.map(|(number, token)| inspect(&format!("{name} (token {})", number + 1), token.as_bytes(), context));
        return std::iter::once(first).chain(tokens).collect();
    }
    if !is_read_in_text(first.form) {
        return vec![first];
    }
    // A log may hold several; what the text says of itself stands with the text.
    let found = find(name, bytes, source.text(), context);
    let inside: Vec<Artifact> =
        found.into_iter().filter(|one| one.artifact.form != Form::Unknown && !one.whole).map(|one| one.artifact).collect();
    if inside.is_empty() {
        return vec![first];
    }
    let mut rest = Artifact::new(name, Form::Unknown);
    source.size_check(&mut rest);
    request::mentions(&source, &mut rest);
    std::iter::once(rest).chain(inside).collect()
}

/// Forms whose inspectors read them out of a longer text too.
fn is_read_in_text(form: Form) -> bool {
    matches!(form, Form::Unknown | Form::NotaryLog | Form::Identities | Form::KeychainItem | Form::AssociationState | Form::PlatformSso)
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
