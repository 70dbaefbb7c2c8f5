//! What `app-sso platform -s` prints: the state of Platform SSO on a Mac, as titled JSON objects. Keys, certificates and credentials in them are
//! left out.

use super::source::Source;
use super::values::masked_address;
use super::{Artifact, Check, Context, Status};
use serde_json::Value as Json;

const DEVICE: &str = "Device Configuration:";
const LOGIN: &str = "Login Configuration:";
const USER: &str = "User Configuration:";
const TOKENS: &str = "SSO Tokens:";

/// The JSON object behind a title.
fn section(text: &str, title: &str) -> Option<Json> {
    let at = text.find(title)? + title.len();
    let rest = crate::text::tail(text, at).trim_start();
    if !rest.starts_with('{') {
        return None;
    }
    serde_json::Deserializer::from_str(rest).into_iter::<Json>().next()?.ok()
}

/// Whether the tool said that there is nothing under a title, rather than somebody having cut it out.
fn is_none(text: &str, title: &str) -> bool {
    text.find(title).is_some_and(|at| {
        let rest = crate::text::tail(text, at + title.len()).trim_start();
        rest.starts_with("(null)") || rest.starts_with("null")
    })
}

/// Device and user configuration, or at least the user's state.
pub(super) fn claims(source: &Source<'_>) -> bool {
    let text = source.text();
    text.contains(DEVICE) && (text.contains(USER) || text.contains(LOGIN))
}

/// Checks the state.
pub(super) fn inspect(source: &Source<'_>, artifact: &mut Artifact, _context: &Context) {
    let text = source.text();
    let (device, login, user) = (section(text, DEVICE), section(text, LOGIN), section(text, USER));
    facts(artifact, &[("device", device.as_ref()), ("login", login.as_ref()), ("user", user.as_ref())]);
    device_checks(device.as_ref(), text, artifact);
    login_checks(login.as_ref(), text, artifact);
    user_checks(user.as_ref(), text, artifact);
    tokens(text, artifact);
}

const SHOWN: &[&str] = &[
    "extensionIdentifier",
    "registrationCompleted",
    "loginType",
    "protocolVersion",
    "sdkVersionString",
    "sharedDeviceKeys",
    "accountDisplayName",
    "clientID",
    "issuer",
    "audience",
    "tokenEndpointURL",
    "jwksEndpointURL",
    "nonceEndpointURL",
    "state",
    "lastLoginDate",
    "created",
    "loginFrequency",
];

fn facts(artifact: &mut Artifact, sections: &[(&str, Option<&Json>)]) {
    for (title, section) in sections {
        let Some(section) = section else { continue };
        for name in SHOWN {
            let value = section.get(*name).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            artifact.fact_if(&format!("{title} {name}"), value);
        }
    }
}

fn device_checks(device: Option<&Json>, text: &str, artifact: &mut Artifact) {
    let Some(device) = device else {
        let none = Check::new(
            if is_none(text, DEVICE) { Status::Fail } else { Status::Unknown },
            "psso.device",
            "psso-registration-needs-interaction",
            "There is no device configuration here: the device is not registered, the profile is not installed, or it was left out.",
        );
        artifact.check(none);
        return;
    };
    match device.get("registrationCompleted").and_then(Json::as_bool) {
        Some(true) => artifact.pass("psso.device", "The device is registered."),
        Some(false) => artifact.fail(
            "psso.device",
            "psso-registration-needs-interaction",
            "registrationCompleted is false: the device's registration was begun and not ended.",
        ),
        None => artifact.unknown(
            "psso.device",
            "psso-device-config-corrupted",
            "The device configuration does not say whether the registration was completed.",
        ),
    }
}

fn login_checks(login: Option<&Json>, whole: &str, artifact: &mut Artifact) {
    let Some(login) = login else {
        let none = Check::new(
            if is_none(whole, LOGIN) { Status::Fail } else { Status::Unknown },
            "psso.login",
            "psso-registration-needs-interaction",
            "There is no login configuration here: the extension has not saved one (saveLoginConfiguration) during the registration, or it was left out.",
        );
        artifact.check(none);
        return;
    };
    let text = |name: &str| login.get(name).and_then(Json::as_str).unwrap_or("");
    let host = |address: &str| address.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or("").to_owned();
    let insecure: Vec<&str> = ["issuer", "tokenEndpointURL", "jwksEndpointURL", "nonceEndpointURL", "keyEndpointURL"]
        .into_iter()
        .filter(|name| text(name).starts_with("http://"))
        .collect();
    if !insecure.is_empty() {
        artifact.fail("psso.https", "", format!("Not https: {}.", super::values::listed(&insecure)));
    }
    if text("clientID").is_empty() || text("tokenEndpointURL").is_empty() {
        artifact.fail("psso.login", "psso-nonce-rejected", "The login configuration lacks clientID or tokenEndpointURL.");
    } else {
        artifact.pass("psso.login", format!("Logins go to {} as the client {}.", text("tokenEndpointURL"), text("clientID")));
    }
    let (issuer, keys) = (host(text("issuer")), host(text("jwksEndpointURL")));
    if !issuer.is_empty() && !keys.is_empty() && issuer != keys {
        artifact.warn("psso.issuer", "psso-nonce-rejected", format!("The issuer is on {issuer}, its keys on {keys}."));
    }
}

fn user_checks(user: Option<&Json>, text: &str, artifact: &mut Artifact) {
    const PAGE: &str = "psso-user-not-registered";
    let Some(user) = user else {
        let none = Check::new(
            if is_none(text, USER) { Status::Fail } else { Status::Unknown },
            "psso.user",
            PAGE,
            "There is no user configuration here: this user is not registered, whatever System Settings shows, or it was left out.",
        );
        artifact.check(none);
        return;
    };
    let state = user.get("state").map(|state| state.as_str().map_or_else(|| state.to_string(), str::to_owned)).unwrap_or_default();
    if state.contains("Normal") || state == "0" || state == "registered" {
        artifact.pass("psso.user", format!("The user is registered ({state})."));
    } else if state.contains("NeedsRegistration") || state == "2" {
        artifact.fail("psso.user", PAGE, format!("The user has still to be registered ({state})."));
    } else if state.contains("NeedsNewKeys") || state == "1" {
        artifact.fail("psso.user", PAGE, format!("The user's keys have to be made anew ({state}): the registration has to be repaired."));
    } else {
        artifact.unknown("psso.user", PAGE, format!("The user's state is {}.", if state.is_empty() { "absent" } else { &state }));
    }
    let name = user.get("userLoginConfiguration").and_then(|login| login.get("loginUserName")).and_then(Json::as_str);
    match name {
        Some(name) if !name.is_empty() => {
            artifact.fact("login user name", masked_address(name));
            artifact.pass("psso.user-name", "The user's login name is stored.");
        }
        // Before its registration a user has none.
        _ if text.contains("loginUserName") || !state.contains("Normal") => {}
        _ => artifact.fail(
            "psso.user-name",
            "psso-user-name-set-in-device-registration",
            "There is no loginUserName in the user's login configuration: it has to be saved in beginUserRegistration.",
        ),
    }
    let failed: Vec<&str> = user
        .get("kerberosStatus")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter(|one| one.get("importSuccessful") == Some(&Json::Bool(false)) || one.get("failedToConnect") == Some(&Json::Bool(true)))
        .filter_map(|one| one.get("realm").and_then(Json::as_str))
        .collect();
    if !failed.is_empty() {
        artifact.warn("psso.kerberos", "", format!("No Kerberos ticket for {}.", super::values::listed(&failed)));
    }
}

fn tokens(text: &str, artifact: &mut Artifact) {
    let Some(at) = text.find(TOKENS) else { return };
    let rest = crate::text::clip(crate::text::tail(text, at + TOKENS.len()), 0..600);
    let line = |title: &str| {
        let at = rest.find(title)? + title.len();
        crate::text::tail(rest, at).lines().map(str::trim).find(|line| !line.is_empty())
    };
    artifact.fact_if("tokens received", line("Received:"));
    match line("Expiration:") {
        Some(until) if until.contains("Not Expired") => artifact.pass("psso.tokens", format!("The SSO tokens last until {until}.")),
        Some(until) if until.contains("Expired") => artifact.fail(
            "psso.tokens",
            "psso-nonce-rejected",
            format!("The SSO tokens ended at {until}: the refresh at login or unlock fails."),
        ),
        _ if !is_none(text, TOKENS) => {}
        _ => artifact.fail("psso.tokens", "psso-nonce-rejected", "There are no SSO tokens: the login after the registration failed."),
    }
}
