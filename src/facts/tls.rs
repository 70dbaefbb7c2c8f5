//! Errors of TLS in other words than NSURL's: OpenSSL's and `BoringSSL`'s numbers, alerts, Chromium's `net::ERR_…`, `CFNetwork`'s `3:-9802`,
//! the policy checks that `SecTrust` prints.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::{Catalogue, Code};
use crate::pattern::Pattern;
use std::sync::LazyLock;

pub(super) static FAMILY: Family = Family {
    triggers: &[
        "error:0",
        "error:1",
        "err_ossl",
        "ssl alert",
        "alert number",
        "(alert ",
        "v1_alert_",
        "v3_alert_",
        "ssl: ",
        "_cert_in_chain",
        "depth_zero_self",
        "unable_to_",
        "cert_has_expired",
        "err_tls_cert",
        "net_error",
        "err_cert_",
        "err_ssl_",
        "net::err_",
        "_kcfstreamerror",
        "_kcfnetworkcfstreamssl",
        "[3:-9",
        " 3:-9",
        "err(-9",
        "error code: -1",
        "error - code: -1",
        "trust evaluate failure",
    ],
    read,
    numbered: false,
};

static OPENSSL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"\berror:(?P<ssl>[0-9A-F]{8}):(?P<lib>[^:\n]*)(?::(?P<func>[^:\n]*))?(?::(?P<reason>[^:\n\r`'\x22]*))?",
        r"|\b(?P<ossl>ERR_OSSL_\w+)|\[SSL: (?P<python>[A-Z][A-Z_]{3,50})\]",
        r"|\b(?P<node>SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID)\b"
    ))
});

fn read(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in OPENSSL.find_all(scope.text) {
        let number = hit.group("ssl").to_uppercase();
        let word = [hit.group("ossl"), hit.group("python"), hit.group("node")].concat().to_uppercase();
        let code = if number.is_empty() { word } else { number };
        let said = [hit.group("func"), hit.group("reason")].map(str::trim).join(":");
        let known = catalogue.named(&code).into_iter().find(|entry| entry.domain == "OpenSSL").and_then(|entry| entry.name.clone());
        let said = Some(said.trim_matches(':').to_owned()).filter(|said| !said.is_empty()).map(|said| format!("{code} {said}"));
        let fact = Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end);
        // The name that Node gives to the same error.
        if let Some(symbol) = known.as_deref().filter(|name| name.starts_with("ERR_OSSL")) {
            facts.push(fact.clone().coded(Some("OpenSSL"), Code::Text(symbol.to_owned())).named(symbol));
        }
        facts.push(fact.coded(Some("OpenSSL"), Code::Text(code.clone())).named(said.or(known).unwrap_or(code)));
    }
    read_alerts(scope, catalogue, facts);
    read_numbers(scope, catalogue, facts);
    read_trust(scope, catalogue, facts);
}

static ALERT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:SSL )?alert number (?P<number>\d{1,3})\b|\(alert (?P<paren>\d{1,3})\)|\b(?:SSLV3|TLSV1(?:_?3)?)_ALERT_(?P<name>[A-Z_]{4,40})\b",
    )
});

fn read_alerts(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    const DOMAIN: &str = "TLS alert";
    for hit in ALERT.find_all(scope.text) {
        let number: Option<i64> = [hit.group("number"), hit.group("paren")].concat().parse().ok();
        let named = || catalogue.named(hit.group("name")).into_iter().find(|entry| entry.domain == DOMAIN);
        let Some(entry) = number.and_then(|number| catalogue.in_domain(DOMAIN, number)).or_else(named) else { continue };
        let mut fact = Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end);
        fact.domain = Some(DOMAIN.to_owned());
        fact.code.clone_from(&entry.code);
        fact.name.clone_from(&entry.name);
        facts.push(fact);
    }
}

static NUMBER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"\bnet_error\s*[:=(]?\s*(?P<net>-\d{1,3})\b|\b(?:net::)?ERR_[A-Z_]{4,50}\s*\(?(?P<after>-\d{1,3})\)?(?:\D|$)",
        r"|_kCFStreamErrorCodeKey\s*=\s*\x22?(?P<stream>-98\d\d|-99\d\d)\b|_kCFNetworkCFStreamSSLErrorOriginalValue\s*=\s*\x22?(?P<original>-9[89]\d\d)\b",
        r"|\b3:(?P<pair>-9[89]\d\d)\b|\berr\((?P<err>-9[89]\d\d)\)",
        r"|\berror (?:code:|- code:)\s*(?P<url>-1\d{3}|-99\d)\b"
    ))
});

/// Numbers whose domain is told by what stands in front of them.
fn read_numbers(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    let loads = ["HTTP load failed", "finished with error", "Task <", "NSURL", "CFNetwork", "Connection "]
        .iter()
        .any(|word| scope.text.contains(word));
    for hit in NUMBER.find_all(scope.text) {
        let Some((group, written)) = hit.named.first().copied() else { continue };
        let domain = match group {
            "net" | "after" => "net",
            "url" if loads => "NSURLErrorDomain",
            "url" => continue,
            _ => "kCFStreamErrorDomainSSL",
        };
        let Ok(number) = written.parse::<i64>() else { continue };
        let Some(entry) = catalogue.in_domain(domain, number) else { continue };
        let mut fact = Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end).coded(Some(domain), Code::Number(number));
        fact.name.clone_from(&entry.name);
        facts.push(fact);
    }
}

static TRUST: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"Trust evaluate failure:\s*(?P<checks>(?:\[[^\]\n]{1,160}\]\s*){1,8})"));

/// `Trust evaluate failure: [leaf AnchorTrusted SSLHostname] [ca1 …]`: the names of the checks that failed.
fn read_trust(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    const DOMAIN: &str = "SecTrust policy check";
    for hit in TRUST.find_all(scope.text) {
        let mut seen = Vec::new();
        for word in hit.group("checks").split(|c: char| !c.is_ascii_alphanumeric()) {
            let entry = catalogue.named(word).into_iter().find(|entry| entry.domain == DOMAIN);
            let Some(entry) = entry.filter(|_| word.len() >= 4 && !seen.contains(&word)) else { continue };
            seen.push(word);
            let mut fact = Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end).named(word);
            fact.domain = Some(DOMAIN.to_owned());
            fact.code = entry.code.clone().or_else(|| Some(Code::Text(word.to_owned())));
            facts.push(fact);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::table;

    #[test]
    fn every_form() {
        table(include_str!("forms/tls.txt"));
    }
}
