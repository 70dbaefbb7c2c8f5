//! HTTP statuses that went wrong, in the forms of servers, clients and logs. Only 4xx and 5xx are facts, and 200 where it is a surprise is none.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::{Catalogue, Code};
use crate::pattern::Pattern;
use std::sync::LazyLock;

/// Statuses by their name.
pub(super) static NAMES: Family = Family {
    triggers: &[
        "bad request",
        "badrequest",
        "unauthorized",
        "forbidden",
        "internal server error",
        "too many requests",
        "failed_precondition",
        "permission_denied",
    ],
    read,
    numbered: false,
};
/// Statuses by their number.
pub(super) static FAMILY: Family = Family {
    triggers: &[
        "http/1",
        "http/2",
        "http/3",
        "status code",
        "statuscode",
        "status_code",
        "status:",
        "status\":",
        "status=",
        "status ",
        "http 4",
        "http 5",
        "http error",
        "http status",
        "<-- 4",
        "<-- 5",
        "<-- 2",
        "response code",
        "httpstatus",
        "returned 4",
        "returned 5",
        "code=4",
        "http: 4",
        "error code: 4",
        "\"code\": 4",
        "\"code\":4",
        "\"code\": 5",
        "\"code\":5",
        "response 4",
        "got 4",
        "says 2",
        "says 4",
        "gives 2",
        "gives 4",
        "returns 4",
        "returns 2",
        "answers 4",
        "answers 2",
        "`4",
        "`5",
        "+400+",
        "code: 4",
        "code: 5",
        "httpresult",
        "400 {",
        "401 {",
        "403 {",
        "404 {",
        "429 {",
        "500 {",
        "503 {",
        "http_status",
        "http.status",
        "responsecode",
        "resultcode",
        "response_status",
        "response_code",
        "res.status",
        "response was",
        "responded with",
        "returned error",
        "net::http",
        "401 (",
        "403 (",
        "404 not found",
        "405 method",
        "409 conflict",
        "422 unproc",
        "500 internal",
        "502 bad",
        "503 service",
        "504 gateway",
        "400: ",
        "401: ",
        "403: ",
        "(400)",
        "(401)",
        "(403)",
        "(500)",
        "(503)",
    ],
    read,
    numbered: true,
};

static NUMBERED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"(?:\bHTTP/[\d.]+["']?\s+|\bHTTP(?: status)?(?: code)?(?: error)?\s*[:=]?\s*|\bstatus[ _-]?(?:code)?["'\\]*\s*(?:was|of|is|[:=])?\s*["']?|<-- |\bhttpresult:\s*|\bcode:\s*|\+-?\+?|\b(?:http|response|result|res|resp)[_. ]?(?:status|code)?(?:[_. ]?code)?["'\\]*\s*(?:=>|→|was|[:=])?\s*["']?|\bNet::HTTP[A-Za-z]+\s+|\b(?:returned|returns?|got|gets?|gives?|says|answers?|respond(?:s|ed)?(?: with)?(?: (?:a )?status(?: code)?(?: of)?)?|with(?: status| code)?|returned error:|error code:)\s+(?:always )?(?:an? )?(?:HTTP )?|`|"code"\s*:\s*)(?P<code>[245]\d\d)\b(?P<tail>[.\d]*)"#,
    )
});
static WORDED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?P<code>[45]\d\d)\b[\s,:;()\-]*(?:Bad ?Request|Unauthorized|Forbidden|Not ?Found|Internal Server Error|Too Many Requests|Service Unavailable|Bad Gateway|Gateway Timeout|Client Error|Server Error|\{|from\b|response\b|error\b|status\b)",
    )
});
static NAMED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:(?P<bad>Bad ?Request)|(?P<unauth>Unauthorized)|(?P<forbidden>Forbidden)|(?P<internal>Internal ?Server ?Error)|(?P<many>Too ?Many ?Requests)|(?P<precondition>FAILED_PRECONDITION)|(?P<denied>PERMISSION_DENIED))\b",
    )
});

fn read(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    let mut push = |start: usize, end: usize, number: i64| {
        let (start, end) = (scope.start + start, scope.start + end);
        if facts.iter().any(|fact| fact.kind == Kind::Error && fact.start < end && start < fact.end) {
            return;
        }
        let mut fact = Fact::new(Kind::Error, start, end).coded(Some("HTTP"), Code::Number(number));
        fact.name = catalogue.in_domain("HTTP", number).and_then(|entry| entry.name.clone());
        facts.push(fact);
    };
    for pattern in [&*NUMBERED, &*WORDED] {
        for hit in pattern.find_all(scope.text) {
            let decimal = hit.group("tail").len() > 1;
            if let Ok(number) = hit.group("code").parse::<i64>()
                && !decimal
            {
                push(hit.start, hit.end, number);
            }
        }
    }
    for hit in NAMED.find_all(scope.text) {
        let number = match hit.named.first().map(|(name, _)| *name) {
            Some("bad" | "precondition") => 400,
            Some("unauth") => 401,
            Some("forbidden" | "denied") => 403,
            Some("internal") => 500,
            Some("many") => 429,
            _ => continue,
        };
        push(hit.start, hit.end, number);
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::codes;
    use super::super::family::testing::table;

    #[test]
    fn every_form_of_a_status() {
        for text in [
            "HTTP/1.1 400 Bad Request",
            "Request failed with status code 400",
            "status=400",
            "\"status\": 400,",
            "<-- 400 Bad Request https://appleid.apple.com/auth/token",
            "400 {\"error\":\"x\"}",
            "Received HTTP 400 from Apple",
            "returned 400",
        ] {
            assert!(codes(text).contains(&"HTTP:400".to_owned()), "{text}: {:?}", codes(text));
        }
        assert!(codes("version 4.0.400 of it").is_empty());
        assert!(codes("status 1.400.2").is_empty());
    }

    #[test]
    fn every_form() {
        table(include_str!("forms/http.txt"));
    }
}
