//! Answers that are printed as bare numbers: authorization statuses (`CLAuthorizationStatus(rawValue: 2)`, `authorizationStatus: 2` in a log
//! about the location), `AppleScript`'s error numbers, launchd's, Windows'.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::{Catalogue, Code};
use crate::pattern::Pattern;
use std::sync::LazyLock;

/// Enumerations of permissions and states.
pub(super) static FAMILY: Family = Family {
    triggers: &[
        "authorizationstatus",
        "didchangeauthorization",
        "att_status",
        "att status",
        "cbmanager",
        "centralmanagerdidupdatestate",
        "smappservice",
        "credentialstate",
        "sectrustresult",
    ],
    read: read_statuses,
    numbered: false,
};
/// Numbers of scripts, services and other systems.
pub(super) static SCRIPTS: Family = Family {
    triggers: &["nsapplescripterrornumber", "execution error: ", "bootstrap_", "bootstrap failed", "load failed: ", "win32", "hresult"],
    read: read_numbers,
    numbered: false,
};

static STATUS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"\b(?P<type>\w*AuthorizationStatus|\w*CredentialState|CBManagerState|CBManagerAuthorization|centralManagerDidUpdateState|SMAppService(?:\.?Status)?|SecTrustResultType|SecTrustResult|didChangeAuthorization|att[_ ]status|ATTrackingManager\.AuthorizationStatus)",
        r"(?:\(\))?(?:\.(?P<case>[a-zA-Z]{4,30})\b|[^\d\n\-]{0,24}?(?P<number>\d)(?:[^\d.]|\.\D|\.?$))"
    ))
});

/// What tells whose status it is, where its name does not: a word of the line or of the lines near it.
const ABOUT: &[(&str, &[&str])] = &[
    ("ATT status", &["tracking", "att_", "att status", "idfa"]),
    ("CLAuthorizationStatus", &["cllocation", "corelocation", "locationmanager", "location"]),
    ("PHAuthorizationStatus", &["phphoto", "photolibrary", "photo"]),
    ("AVAuthorizationStatus", &["avcapture", "camera", "microphone"]),
    ("CNAuthorizationStatus", &["cncontact", "contacts"]),
    ("EKAuthorizationStatus", &["ekevent", "calendar", "reminder"]),
    ("UNAuthorizationStatus", &["unusernotification", "notification"]),
];

fn read_statuses(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in STATUS.find_all(scope.text) {
        let Some(domain) = status_domain(scope, hit.group("type"), hit.start) else { continue };
        let number = hit.group("number").parse::<i64>().ok();
        let case = hit.group("case").to_lowercase();
        let entry = catalogue.entries().iter().filter(|entry| entry.domain == domain).find(|entry| match number {
            Some(number) => entry.code == Some(Code::Number(number)),
            None => entry.name.as_ref().is_some_and(|name| name.to_lowercase() == case),
        });
        let Some(entry) = entry else { continue };
        let (start, end) = (scope.start + hit.start, scope.start + hit.end);
        let mut fact = Fact::new(Kind::Error, start, end);
        fact.domain = Some(domain.to_owned());
        fact.code.clone_from(&entry.code);
        fact.name.clone_from(&entry.name);
        facts.push(fact);
    }
}

/// The domain of a status by the name of its type, or by what the text is about.
fn status_domain(scope: &Scope<'_>, name: &str, at: usize) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let before = crate::text::clip(scope.text, at.saturating_sub(24)..at).to_lowercase();
    let by_name = match lower.as_str() {
        "clauthorizationstatus" | "kclauthorizationstatus" | "didchangeauthorization" => "CLAuthorizationStatus",
        "phauthorizationstatus" => "PHAuthorizationStatus",
        "avauthorizationstatus" => "AVAuthorizationStatus",
        "cnauthorizationstatus" => "CNAuthorizationStatus",
        "ekauthorizationstatus" => "EKAuthorizationStatus",
        "unauthorizationstatus" => "UNAuthorizationStatus",
        "trackingauthorizationstatus"
        | "att_status"
        | "att status"
        | "attrackingmanagerauthorizationstatus"
        | "attrackingmanager.authorizationstatus" => "ATT status",
        "cbmanagerstate" | "centralmanagerdidupdatestate" => "CBManagerState",
        "cbmanagerauthorization" => "CBManagerAuthorization",
        "sectrustresulttype" | "sectrustresult" => "SecTrustResultType",
        _ if lower.starts_with("smappservice") => "SMAppServiceStatus",
        _ if lower.ends_with("credentialstate") => "ASAuthorizationAppleIDProvider credential state",
        _ if before.ends_with("attrackingmanager.") => "ATT status",
        _ if lower != "authorizationstatus" => return None,
        _ => {
            let around = scope.around(3, 1).1.to_lowercase();
            return ABOUT.iter().find(|(_, words)| words.iter().any(|word| around.contains(word))).map(|(domain, _)| *domain);
        }
    };
    Some(by_name)
}

static NUMBER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"NSAppleScriptErrorNumber\W{1,8}(?P<script>-\d{1,5})\b|\bexecution error: [^\n]{0,240}?\((?P<osa>-\d{1,5})\)",
        r"|\bbootstrap_\w+[^\d\n]{0,40}\b(?P<bootstrap>110[0-5]|0x44[c-f])\b|\b(?:Bootstrap|Load) failed: (?P<launchd>\d{1,3}): ",
        r"|\b(?:Win32(?:Error|Exception)?)\b\W{0,3}(?:\(?code:?\s*)?(?P<win>\d{1,5})\b|\bHRESULT\W{1,3}(?P<hresult>0x[0-9a-f]{8})\b"
    ))
});

fn read_numbers(scope: &Scope<'_>, catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    for hit in NUMBER.find_all(scope.text) {
        let Some((group, written)) = hit.named.first().copied() else { continue };
        let Some(number) = crate::knowledge::number(written) else { continue };
        let scripts = ["AppleEvents", "AXError", "NSOSStatusErrorDomain"];
        let domain = match group {
            "bootstrap" => "bootstrap",
            "launchd" => "xpc",
            "win" | "hresult" => "Win32",
            _ => scripts.into_iter().find(|domain| catalogue.in_domain(domain, number).is_some()).unwrap_or("AppleEvents"),
        };
        let mut fact = Fact::new(Kind::Error, scope.start + hit.start, scope.start + hit.end).coded(Some(domain), Code::Number(number));
        fact.name = catalogue.in_domain(domain, number).and_then(|entry| entry.name.clone());
        facts.push(fact);
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::table;

    #[test]
    fn every_form() {
        table(include_str!("forms/statuses.txt"));
    }
}
