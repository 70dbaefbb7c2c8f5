//! OAuth and `OpenID` Connect errors, however a back end prints them: `{"error":"invalid_client"}`, `error=invalid_grant&…`, `Message: invalid_client`,
//! `OAuth2::Error … invalid_grant: …`, `"invalid_client"` in a question.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::{Catalogue, Code};
use crate::pattern::Pattern;
use std::sync::LazyLock;

pub(super) static FAMILY: Family = Family {
    triggers: &[
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
        "unsupported_response_type",
        "access_denied",
        "invalid_token",
        "invalid_issuer",
        "invalid_audience",
        "user_cancelled_authorize",
        "user_cancelled_login",
        "invalid_nonce",
        "nonce_mismatch",
        "invalid_credentials",
        "csrf_detected",
        "login_required",
        "consent_required",
        "interaction_required",
        "invalid_redirect",
        "redirect_uri_mismatch",
        "user_trigger_new_signin_flow",
        "popup_closed_by_user",
        "popup_blocked_by_browser",
        "server_error",
        "temporarily_unavailable",
        "invalid web redirect url",
        "invalid_identity_token",
        "invalid-credential",
        "missing-or-invalid-nonce",
        "oauth_callback_error",
        "invalid client",
        "invalid grant",
        "invalidclient",
        "invalidgrant",
    ],
    read,
    numbered: false,
};

static WORD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"\b(?P<word>invalid_(?:client|grant|request|scope|token|issuer|audience|nonce|credentials|redirect(?:_uri)?|identity_token)|unauthorized_client|unsupported_(?:grant|response)_type|access_denied|",
        r"user_cancelled_(?:authorize|login)|nonce_mismatch|csrf_detected|(?:login|consent|interaction)_required|redirect_uri_mismatch|user_trigger_new_signin_flow|popup_closed_by_user|popup_blocked_by_browser|",
        r"server_error|temporarily_unavailable|OAUTH_CALLBACK_ERROR|Invalid web redirect url|invalid[ -]?(?:client|grant)\b)"
    ))
});
static DESCRIPTION: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r#"error_description["'\\]*\s*(?:[:=]>?|=>)\s*\\?["']?(?P<text>[^"&\n}]{3,200})"#));

fn read(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    let (_, around) = scope.around(2, 3);
    let description =
        DESCRIPTION.find(around).map(|hit| hit.group("text").trim_end_matches(['\\', ' ', '\'']).replace('+', " ")).unwrap_or_default();
    for hit in WORD.find_all(scope.text) {
        let word = spelled(hit.group("word"));
        let fact = Fact::new(Kind::OAuth, scope.start + hit.start, scope.start + hit.end)
            .coded(Some("OAuth"), Code::Text(word.clone()))
            .named(word);
        facts.push(fact.with("description", description.clone()));
    }
}

/// The word as the standards write it.
fn spelled(written: &str) -> String {
    let lower = written.to_lowercase();
    match lower.as_str() {
        "invalidclient" | "invalid client" | "invalid-client" => "invalid_client".to_owned(),
        "invalidgrant" | "invalid grant" | "invalid-grant" => "invalid_grant".to_owned(),
        "oauth_callback_error" => "OAUTH_CALLBACK_ERROR".to_owned(),
        "invalid web redirect url" => "Invalid web redirect url".to_owned(),
        _ => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::of;
    use super::super::family::testing::table;
    use crate::facts::Kind;

    #[test]
    fn bodies_queries_and_prose() {
        for text in [
            "{\"error\":\"invalid_client\"}",
            "GET /callback?error=invalid_client",
            "Message: invalid_client",
            "we get an 'Invalid_Client' from Apple",
        ] {
            assert_eq!(of(Kind::OAuth, text), ["invalid_client"], "{text}");
        }
        assert_eq!(
            of(Kind::OAuth, "{\"error\":\"invalid_grant\",\"error_description\":\"The code has expired or has been revoked.\"}"),
            ["invalid_grant description=The code has expired or has been revoked."]
        );
        assert!(of(Kind::OAuth, "my_invalid_client_id").is_empty());
    }

    #[test]
    fn every_form() {
        table(include_str!("forms/oauth.txt"));
    }
}
