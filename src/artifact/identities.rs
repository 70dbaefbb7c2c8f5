//! What `security find-identity` prints: certificates with their private keys, and why some are not valid.

use super::source::Source;
use super::values::{is_team, listed};
use super::{Artifact, Context};
use crate::pattern::Pattern;
use std::sync::LazyLock;

/// Identities of one list.
const MOST: usize = 200;

static ROW: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r#"^\s*\d+\)\s+(?P<hash>[0-9A-F]{40})\s+"(?P<name>[^"]{0,200})"\s*(?:\((?P<flaw>[^)]{1,120})\))?\s*$"#));
static COUNT: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^\s*(?P<count>\d+) (?P<valid>valid )?identit(?:y|ies) found\s*$"));

/// Rows of identities, or the line that counts them.
pub(super) fn claims(source: &Source<'_>) -> bool {
    let text = source.text();
    text.len() < 256 << 10 && text.contains("identities found") && text.lines().any(|line| COUNT.is_match(line))
}

struct Row {
    hash: String,
    name: String,
    flaw: String,
}

fn rows(text: &str) -> Vec<Row> {
    let mut all: Vec<Row> = Vec::new();
    for line in text.lines() {
        let Some(hit) = ROW.find(line) else { continue };
        let row = Row { hash: hit.group("hash").to_owned(), name: hit.group("name").to_owned(), flaw: hit.group("flaw").to_owned() };
        // Both lists name what is valid; the first one says what is wrong.
        if all.len() < MOST && !all.iter().any(|known| known.hash == row.hash) {
            all.push(row);
        }
    }
    all
}

/// Checks a list of identities.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let text = source.text();
    let all = rows(text);
    for row in &all {
        artifact.fact(
            "identity",
            format!("{} {}{}", row.name, row.hash, if row.flaw.is_empty() { String::new() } else { format!(" ({})", row.flaw) }),
        );
        let team = row.name.rsplit_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).filter(|team| is_team(team));
        artifact.fact_if("identity team", team);
    }
    let valid = text.lines().filter_map(|line| COUNT.find(line)).rfind(|hit| !hit.group("valid").is_empty());
    let valid = valid.and_then(|hit| hit.group("count").parse::<usize>().ok());
    let usable = all.iter().filter(|row| row.flaw.is_empty()).count();
    match (all.len(), valid) {
        (0, _) => artifact.fail(
            "identity.valid",
            "identity-private-key-missing",
            "There is no identity: no certificate whose private key is in a keychain that is searched.",
        ),
        (some, Some(0)) => artifact.fail("identity.valid", page(&all), format!("{some} identities match, none is valid{}.", reasons(&all))),
        (some, valid) => artifact.pass("identity.valid", format!("{} of {some} identities are valid.", valid.unwrap_or(usable))),
    }
    flaws(&all, artifact);
    doubles(&all, artifact);
}

fn reasons(all: &[Row]) -> String {
    let mut flaws: Vec<&str> = all.iter().map(|row| row.flaw.as_str()).filter(|flaw| !flaw.is_empty()).collect();
    flaws.sort_unstable();
    flaws.dedup();
    if flaws.is_empty() { String::new() } else { format!(" ({})", listed(&flaws)) }
}

fn page_of(flaw: &str) -> &'static str {
    match flaw {
        "CSSMERR_TP_NOT_TRUSTED" => "codesign-missing-intermediate",
        "CSSMERR_TP_CERT_REVOKED" | "CSSMERR_TP_CERT_EXPIRED" | "CSSMERR_TP_CERT_NOT_VALID_YET" => "signing-certificate-revoked",
        "CSSMERR_TP_INVALID_ANCHOR_CERT" => "signing-certificate-custom-trust",
        _ => "",
    }
}

fn page(all: &[Row]) -> &'static str {
    all.iter().map(|row| page_of(&row.flaw)).find(|page| !page.is_empty()).unwrap_or("identity-private-key-missing")
}

fn flaws(all: &[Row], artifact: &mut Artifact) {
    for row in all.iter().filter(|row| !row.flaw.is_empty()).take(20) {
        let why = match row.flaw.as_str() {
            "CSSMERR_TP_NOT_TRUSTED" => "not trusted: the intermediate that issued it, or Apple's root, is not in the keychains",
            "CSSMERR_TP_CERT_REVOKED" => "revoked",
            "CSSMERR_TP_CERT_EXPIRED" => "expired",
            "CSSMERR_TP_CERT_NOT_VALID_YET" => "not valid yet: the clock is wrong",
            "CSSMERR_TP_INVALID_ANCHOR_CERT" => "its chain ends at a certificate whose trust was changed",
            other => other,
        };
        artifact.warn("identity.flaw", page_of(&row.flaw), format!("{} is {why} ({}).", row.name, row.flaw));
    }
}

fn doubles(all: &[Row], artifact: &mut Artifact) {
    let mut names: Vec<&str> = all.iter().map(|row| row.name.as_str()).collect();
    names.sort_unstable();
    let mut twice: Vec<&str> =
        names.windows(2).filter(|pair| matches!(pair, [one, other] if one == other)).filter_map(|pair| pair.first().copied()).collect();
    twice.dedup();
    if !twice.is_empty() {
        artifact.warn(
            "identity.ambiguous",
            "ambiguous-signing-identity",
            format!("More than one identity is called {}: codesign refuses the name as ambiguous; sign by the hash.", listed(&twice)),
        );
    }
}
