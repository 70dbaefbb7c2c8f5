//! What people write down about their set-up, compared: which identifier is the `sub` of a client secret and which the `client_id`, who is
//! `iss`, where the redirect goes, whose relying party it is. Only plain statements count: questions, advice and alternatives do not.

use super::values::{is_bundle_id, is_team};
use super::{Check, Status};
use crate::pattern::{Hit, Pattern};
use crate::text::{clip, tail};
use std::ops::Range;
use std::sync::LazyLock;

/// A post is short; nothing is compared beyond this.
const LONGEST: usize = 64 << 10;
/// A statement says what it says within so many bytes.
const CLAUSE: usize = 130;
/// Statements looked at.
const MOST: usize = 60;

static ROLE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r#"["'`]?\b(?:(?P<sub>sub|subject)(?: claim)?|(?P<client>client[_ ]?id(?:entifier)?)|(?P<iss>iss|issuer))\b["'`]?"#)
});
static KIND: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:(?P<services>services?[ _-]?(?:id|identifier))|(?P<bundle>(?:app(?:lication)?(?:'s)? )?bundle[ _-]?(?:id|identifier)|app[ _-]?id)|(?P<team>team[ _-]?id)|(?P<key>key[ _-]?id))\b",
    )
});
static VALUE: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+){2,}"));
/// What makes a clause no plain statement.
static UNSURE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:should|must|has to|have to|needs? to|ought|instead of|rather than|tried|try|both|either|or|whether|if|not|isn't|never|same|equals?|match(?:es)?|differs?|different|expects?|wrong)\b|!=",
    )
});
static LINK: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"^[^\w.;\n]{0,4}(?:\([^)\n]{0,60}\) )?(?:is |was )?(?:used |set |passed |sent |given )?(?:as|for|in) (?:the |our |my )?[`"']?$"#,
    )
});

/// What a role is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Services,
    Bundle,
    Team,
    Key,
}

impl Kind {
    fn of(hit: &Hit<'_>) -> Option<Self> {
        [("services", Self::Services), ("bundle", Self::Bundle), ("team", Self::Team), ("key", Self::Key)]
            .into_iter()
            .find(|(name, _)| !hit.group(name).is_empty())
            .map(|(_, kind)| kind)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Services => "Services ID",
            Self::Bundle => "bundle ID",
            Self::Team => "Team ID",
            Self::Key => "Key ID",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Sub,
    Client,
    Issuer,
}

/// One statement: a role, what fills it, and where it is said.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    role: Role,
    kind: Option<Kind>,
    value: Option<String>,
    place: Range<usize>,
}

impl Statement {
    fn told(&self) -> String {
        match (self.kind, &self.value) {
            (Some(kind), Some(value)) => format!("the {} {value}", kind.word()),
            (Some(kind), None) => format!("the {}", kind.word()),
            (None, Some(value)) => value.clone(),
            (None, None) => String::new(),
        }
    }
}

/// A contradiction or agreement that a text states, and where.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) check: Check,
    pub(super) place: Range<usize>,
    /// Facts for whoever compares with other artifacts.
    pub(super) facts: Vec<(&'static str, String)>,
    /// Nothing in the text leaves room for another reading.
    pub(super) sure: bool,
}

/// Everything that the text states and that can be compared.
pub(super) fn said(text: &str) -> Vec<Said> {
    let text = clip(text, 0..LONGEST);
    let all = statements(text);
    let mut found = Vec::new();
    found.extend(client(text, &all));
    found.extend(issuer(&all));
    found.extend(redirect(text));
    found.extend(relying_party(text));
    found
}

fn statements(text: &str) -> Vec<Statement> {
    let roles: Vec<(Role, Range<usize>)> = ROLE
        .find_all(text)
        .take(MOST)
        .map(|hit| {
            let role = if !hit.group("sub").is_empty() {
                Role::Sub
            } else if hit.group("client").is_empty() {
                Role::Issuer
            } else {
                Role::Client
            };
            (role, hit.start..hit.end)
        })
        .collect();
    let mut all = Vec::new();
    for (number, (role, place)) in roles.iter().enumerate() {
        // Another role ends the clause; the same one in brackets does not.
        let next = roles.iter().skip(number + 1).find(|(other, _)| other != role).map_or(text.len(), |(_, next)| next.start);
        let ahead = clip(text, place.end..next.min(place.end + CLAUSE));
        let ahead = clip(ahead, 0..clause_end(ahead));
        let before = clip(text, place.start.saturating_sub(90)..place.start);
        let own = backwards(before).map(|(kind, value)| (kind, value, place.start.saturating_sub(60)..place.end));
        let own = own.or_else(|| forwards(ahead).map(|(kind, value, used)| (kind, value, place.start..place.end + used)));
        if let Some((kind, value, place)) = own {
            all.push(Statement { role: *role, kind, value, place });
        }
    }
    all
}

/// Where a clause ends: at a full stop before a space, a semicolon, a question mark, a line's end.
fn clause_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = |at: usize, byte: u8| match byte {
        b';' | b'\n' => true,
        b'.' => {
            let spelt = clip(text, 0..at);
            bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace) && !spelt.ends_with("e.g") && !spelt.ends_with("i.e")
        }
        _ => false,
    };
    bytes.iter().enumerate().find(|(at, byte)| ends(*at, **byte)).map_or(text.len(), |(at, _)| at)
}

/// `sub is the Services ID com.example.web`.
fn forwards(clause: &str) -> Option<(Option<Kind>, Option<String>, usize)> {
    let kind = KIND.find(clause).filter(|hit| Kind::of(hit).is_some());
    let value = VALUE.find_all(clause).find(|hit| is_identifier(clip(clause, hit.start..hit.end)));
    let start = match (&kind, &value) {
        (Some(kind), Some(value)) => kind.start.min(value.start),
        (Some(one), None) | (None, Some(one)) => one.start,
        (None, None) => return None,
    };
    let end = kind.as_ref().map_or(0, |hit| hit.end).max(value.as_ref().map_or(0, |hit| hit.end));
    // A bare value has to follow at once: `sub: com.example.web`.
    let bare = kind.is_none() && clip(clause, 0..start).chars().any(char::is_alphabetic) && !is_copula(clip(clause, 0..start));
    let unsure =
        UNSURE.is_match(clip(clause, 0..end)) || clip(clause, end..end + 40).contains('?') && !clip(clause, end..end + 40).contains(". ");
    let several =
        KIND.find_all(clip(clause, 0..end + 40)).filter_map(|hit| Kind::of(&hit)).collect::<std::collections::BTreeSet<_>>().len() > 1;
    // `the Services ID as sub, and the bundle ID as client_id`: what comes next belongs to the next.
    let next = clip(clause, 0..start).contains(", and ");
    if bare || next || unsure || several && value.is_none() {
        return None;
    }
    Some((kind.and_then(|hit| Kind::of(&hit)), value.map(|hit| clip(clause, hit.start..hit.end).to_owned()), end))
}

fn is_copula(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.len() <= 3
        && words.iter().all(|word| {
            ["is", "was", "to", "set", "the", "claim", "value", "as", "of", "in", "my", "our", "subject", "parameter"].contains(word)
        })
}

/// `the Services ID (com.example.web) as sub`.
fn backwards(before: &str) -> Option<(Option<Kind>, Option<String>)> {
    let hit = KIND.find_all(before).last()?;
    let kind = Kind::of(&hit)?;
    let link = tail(before, hit.end);
    let value = VALUE.find(link).map(|hit| clip(link, hit.start..hit.end).to_owned());
    let plain = value.as_ref().map_or(link.to_owned(), |value| link.replace(value.as_str(), ""));
    let plain = plain.replace("()", "").replace("\"\"", "").replace("  ", " ");
    let lead = clip(before, 0..hit.start);
    let clause = lead.rfind([';', '\n', '?']).map_or(lead, |at| tail(lead, at + 1));
    let clause = clause.rfind(". ").map_or(clause, |at| tail(clause, at + 2));
    let clause = clause.rfind(", ").map_or(clause, |at| tail(clause, at + 2));
    let linked = LINK.is_match(plain.trim_start_matches([' ', ',']).trim_start()) || LINK.is_match(&plain);
    (linked && !UNSURE.is_match(clause)).then_some((Some(kind), value.filter(|value| is_identifier(value))))
}

/// A bundle ID or Services ID by its form, and no host or file of Apple's.
fn is_identifier(text: &str) -> bool {
    let tld = ["com", "org", "net", "io", "de", "app", "dev", "co", "me", "eu", "fr", "uk", "jp", "cn", "in", "ai", "xyz", "host"];
    let first = text.split('.').next().unwrap_or("").to_ascii_lowercase();
    is_bundle_id(text) && tld.contains(&first.as_str()) && !text.starts_with("com.apple.")
}

/// The statements of a role that agree with each other; none where they do not.
fn agreed(all: &[Statement], role: Role) -> Option<&Statement> {
    let own: Vec<&Statement> = all.iter().filter(|statement| statement.role == role).collect();
    let kinds: std::collections::BTreeSet<Kind> = own.iter().filter_map(|statement| statement.kind).collect();
    let values: std::collections::BTreeSet<&str> = own.iter().filter_map(|statement| statement.value.as_deref()).collect();
    if kinds.len() > 1 || values.len() > 1 {
        return None;
    }
    own.iter().find(|statement| statement.value.is_some() && statement.kind.is_some()).or(own.first()).copied()
}

fn client(text: &str, all: &[Statement]) -> Option<Said> {
    const PAGE: &str = "client-secret-sub-differs-from-client-id";
    const ID: &str = "request.said-client-id";
    let (sub, client) = (agreed(all, Role::Sub)?, agreed(all, Role::Client)?);
    let place = sub.place.start.min(client.place.start)..sub.place.end.max(client.place.end);
    let facts = vec![("said of sub", sub.told()), ("said of client_id", client.told())];
    let same_value = sub.value.is_some() && sub.value == client.value;
    let other_value = sub.value.is_some() && client.value.is_some() && !same_value;
    let other_kind = sub.kind.is_some() && client.kind.is_some() && sub.kind != client.kind;
    if same_value || !other_kind && !other_value {
        let known = same_value || sub.kind.is_some() && sub.kind == client.kind;
        let text = format!("The text says that sub is {} and client_id {}.", sub.told(), client.told());
        return known.then(|| Said { check: Check::new(Status::Pass, ID, "", text), place, facts, sure: true });
    }
    let lower = text.to_lowercase();
    let sure = other_kind && (lower.contains("invalid_client") || other_value) && lower.contains("apple");
    let text = format!("The text says that sub is {} and client_id is {}: Apple wants the same value in both.", sub.told(), client.told());
    Some(Said { check: Check::new(Status::Fail, ID, PAGE, text), place, facts, sure })
}

fn issuer(all: &[Statement]) -> Option<Said> {
    let (statement, kind) = agreed(all, Role::Issuer).and_then(|statement| Some((statement, statement.kind?)))?;
    // Only a text that speaks of a client secret speaks of this issuer.
    agreed(all, Role::Sub)?;
    let facts = vec![("said of iss", statement.told())];
    let (status, page, text) = if kind == Kind::Team {
        (Status::Pass, "", "The text says that iss is the Team ID.".to_owned())
    } else {
        let text = format!("The text says that iss is {}; in a client secret it has to be the Team ID.", statement.told());
        (Status::Fail, "client-secret-wrong-key-or-kid", text)
    };
    Some(Said { check: Check::new(status, "request.said-issuer", page, text), place: statement.place.clone(), facts, sure: false })
}

static REDIRECT: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r#"\bredirect[_ ]?ur[il]\b[^\n;]{0,90}?(?P<url>https?://[^\s"'`<>)\]},;]{4,200})"#));
static REGISTERED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"\b(?:registered|return url|configured in the (?:developer )?portal|in the portal)\b[^\n;]{0,90}?(?P<url>https?://[^\s"'`<>)\]},;]{4,200})"#,
    )
});

/// The one address that a pattern finds, and where.
fn only(pattern: &Pattern, text: &str) -> Option<(String, Range<usize>)> {
    let all: Vec<(String, Range<usize>)> = pattern
        .find_all(text)
        .take(MOST)
        .map(|hit| (hit.group("url").trim_end_matches(['.', ':']).to_owned(), hit.start..hit.end))
        .collect();
    let (first, place) = all.first()?;
    all.iter().all(|(other, _)| other == first).then(|| (first.clone(), place.clone()))
}

fn redirect(text: &str) -> Option<Said> {
    if !text.to_lowercase().contains("apple") {
        return None;
    }
    let ((sent, at), (registered, other)) = (only(&REDIRECT, text)?, only(&REGISTERED, text)?);
    let place = at.start.min(other.start)..at.end.max(other.end);
    let facts = vec![("said of redirect_uri", sent.clone()), ("said to be registered", registered.clone())];
    let (status, page, told) = if sent == registered {
        (Status::Pass, "", format!("The text says that redirect_uri and the registered address are both {sent}."))
    } else {
        let told = format!(
            "The text says that redirect_uri is {sent} and that {registered} is registered: they have to be the same, character by character."
        );
        (Status::Fail, "redirect-uri-not-registered", told)
    };
    Some(Said { check: Check::new(status, "request.said-redirect-uri", page, told), place, facts, sure: false })
}

static RP_ID: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"\b(?:rp[. _]?id|relyingPartyIdentifier|relying party(?: id(?:entifier)?)?)\b["'`]?\s*(?:is|=|:|\(|to)\s*["'`]?(?P<url>[a-z0-9-]+(?:\.[a-z0-9-]+)+)"#,
    )
});
static CREDENTIALS: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"\bwebcredentials:(?P<url>[a-z0-9*-]+(?:\.[a-z0-9-]+)+)"));

fn relying_party(text: &str) -> Option<Said> {
    let (rp_id, at) = only(&RP_ID, text)?;
    let hosts: Vec<&str> = CREDENTIALS.find_all(text).take(MOST).map(|hit| hit.group("url")).collect();
    if hosts.is_empty() || is_team(&rp_id) {
        return None;
    }
    let named = |host: &&str| host.eq_ignore_ascii_case(&rp_id) || host.strip_prefix("*.").is_some_and(|rest| rp_id.ends_with(rest));
    let facts = vec![("said of rp id", rp_id.clone())];
    let (status, page, told) = if hosts.iter().any(named) {
        (Status::Pass, "", format!("The relying party {rp_id} is among the associated domains of the text."))
    } else {
        let told =
            format!("The text says that the relying party is {rp_id} and that webcredentials are for {}.", super::values::listed(&hosts));
        (Status::Fail, "rp-id-not-in-associated-domains", told)
    };
    Some(Said { check: Check::new(status, "request.said-rp-id", page, told), place: at, facts, sure: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str) -> Vec<(&'static str, Status, bool)> {
        said(text).iter().map(|said| (said.check.id, said.check.status, said.sure)).collect()
    }

    #[test]
    fn the_contradiction_in_many_wordings() {
        for text in [
            "Apple answers invalid_client. sub is the Services ID com.example.web and client_id is the bundle ID com.example.app.",
            "invalid_client from appleid.apple.com: in the JWT sub = com.example.web (Services ID), in the body client_id = com.example.app (Bundle ID)",
            "Sign in with Apple fails with invalid_client. We use the bundle ID as client_id and the Services ID as sub.",
            "Apple, invalid_client. The sub claim is our bundle identifier (com.example.app). The clientId is set to the service identifier com.example.web.",
            "appleid invalid_client\n- sub: our app's Bundle ID\n- client_id: the Service ID\n",
        ] {
            assert_eq!(verdict(text), [("request.said-client-id", Status::Fail, true)], "{text}");
        }
        let plain = verdict("sub is the Services ID and client_id is the bundle ID.");
        assert_eq!(plain, [("request.said-client-id", Status::Fail, false)], "without Apple's error it is only likely");
        let values = verdict("{\"sub\": \"com.example.web\"} and then client_id=com.example.app");
        assert_eq!(values, [("request.said-client-id", Status::Fail, false)]);
    }

    #[test]
    fn agreement_questions_and_advice_accuse_nobody() {
        assert_eq!(
            verdict("invalid_client from Apple: sub is the bundle ID com.example.app, client_id is the bundle ID com.example.app"),
            [("request.said-client-id", Status::Pass, true)]
        );
        for text in [
            "Should sub be the Services ID or the bundle ID? And client_id the bundle ID?",
            "The sub must be the same as the client_id, the bundle ID for native apps, the Services ID for the web.",
            "client_id should be the bundle ID, and sub should be the Services ID?",
            "I tried the Services ID as sub, and the bundle ID as client_id, and the other way round.",
            "sub is the user identifier. client_id is the bundle ID com.example.app.",
            "The subject of my question is the bundle ID.",
            "sub is the Services ID in one build. sub is the bundle ID in the other. client_id is the bundle ID.",
        ] {
            assert!(verdict(text).iter().all(|(_, status, _)| *status != Status::Fail), "{text}: {:?}", verdict(text));
        }
    }

    #[test]
    fn other_things_that_are_said() {
        let wrong = verdict("Apple: iss is the Key ID, sub is the Services ID com.example.web");
        assert_eq!(wrong, [("request.said-issuer", Status::Fail, false)]);
        assert_eq!(
            verdict("Apple refuses it: redirect_uri is https://example.com/callback. The Return URL is https://example.com/callback/."),
            [("request.said-redirect-uri", Status::Fail, false)]
        );
        assert_eq!(
            verdict("The rpId is login.example.com and the entitlement has webcredentials:example.com"),
            [("request.said-rp-id", Status::Fail, false)]
        );
        assert_eq!(verdict("rpId: \"example.com\", entitlement webcredentials:example.com"), [("request.said-rp-id", Status::Pass, false)]);
    }
}
