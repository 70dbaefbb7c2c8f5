//! The first sentences of a reply: what this thread says, so that its author sees that it was read.

use super::desk::Sorted;
use super::thread::Thread;
use crate::facts::{Fact, Kind};

/// `You see A and B with Unity on a real device. `, as far as the thread tells; empty where it tells nothing of the kind.
pub(super) fn sentence(sorted: &Sorted) -> String {
    let facts = &sorted.glance.facts;
    let errors = errors(facts);
    let names = names(sorted);
    let start = match (errors.is_empty(), names.is_empty()) {
        (false, _) => format!("You see {}", listed(&errors)),
        (true, false) => format!("You ask about {}", listed(&names)),
        (true, true) if circumstances(facts).is_empty() => return String::new(),
        (true, true) => "You describe a problem".to_owned(),
    };
    format!("{start}{}.\n\n", circumstances(facts))
}

/// The errors as they are known: name, domain and number, three at most; what a wrapper's catalogue calls the same name is left out.
fn errors(facts: &[Fact]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    for fact in facts.iter().filter(|fact| matches!(fact.kind, Kind::Error | Kind::OAuth | Kind::WebAuthn)) {
        let name = fact.name.clone().unwrap_or_default();
        let code = fact.code.as_ref().map(ToString::to_string).unwrap_or_default();
        let domain = fact.domain.as_deref().unwrap_or("").rsplit('.').next().unwrap_or("");
        if domain == "HTTP" && fact.code.is_some() {
            add(&mut out, format!("HTTP {code}"));
            continue;
        }
        if !name.is_empty() && words.contains(&name) || name.is_empty() && code.is_empty() {
            continue;
        }
        words.push(name);
        let Some(text) = label(fact) else { continue };
        add(&mut out, text);
    }
    out.truncate(3);
    out
}

/// An error as it is spoken of: `AuthorizationError 1001` (canceled), `errSecItemNotFound` (-25300), `invalid_client`.
pub(super) fn label(fact: &Fact) -> Option<String> {
    let name = fact.name.as_deref().unwrap_or("");
    let code = fact.code.as_ref().map(ToString::to_string).unwrap_or_default();
    let domain = fact.domain.as_deref().unwrap_or("").rsplit('.').next().unwrap_or("");
    match (name.is_empty(), code.is_empty() || code == name || fact.kind != Kind::Error) {
        (true, true) => None,
        (true, false) if domain.is_empty() => Some(format!("code `{code}`")),
        (true, false) => Some(format!("`{domain} {code}`")),
        (false, true) => Some(format!("`{name}`")),
        (false, false) if domain.is_empty() || name.starts_with("err") => Some(format!("`{name}` ({code})")),
        (false, false) => Some(format!("`{domain} {code}` ({name})")),
    }
}

fn add(out: &mut Vec<String>, text: String) {
    if !out.contains(&text) {
        out.push(text);
    }
}

/// Calls, entitlements and keys that the title names, else those of the text.
fn names(sorted: &Sorted) -> Vec<String> {
    let kinds = [Kind::Api, Kind::Entitlement, Kind::UsageKey];
    let all: Vec<&str> =
        sorted.glance.facts.iter().filter(|fact| kinds.contains(&fact.kind)).filter_map(|fact| fact.name.as_deref()).collect();
    let in_title: Vec<&&str> = all.iter().filter(|name| sorted.thread.title.contains(**name)).collect();
    let chosen: Vec<&str> = if in_title.is_empty() { all.clone() } else { in_title.into_iter().copied().collect() };
    let mut out: Vec<String> = Vec::new();
    for name in &chosen {
        // `prepareInterface` beside `prepareInterfaceToProvideCredential` is the same word, cut.
        let longer = chosen.iter().any(|other| other.len() > name.len() && other.starts_with(*name));
        if !longer && out.len() < 3 {
            add(&mut out, format!("`{name}`"));
        }
    }
    out
}

/// Frameworks as they write themselves.
const FRAMEWORKS: &[(&str, &str)] = &[
    ("unity", "Unity"),
    ("flutter", "Flutter"),
    ("react-native", "React Native"),
    ("expo", "Expo"),
    ("auth0", "Auth0"),
    ("msal", "MSAL"),
    ("capacitor", "Capacitor"),
    ("cordova", "Cordova"),
    ("firebase", "Firebase"),
    ("electron", "Electron"),
    ("maui", ".NET MAUI"),
    ("xamarin", "Xamarin"),
    ("keycloak", "Keycloak"),
    ("supabase", "Supabase"),
    ("django", "Django"),
    ("qt", "Qt"),
];

/// ` with Unity on macOS 26.2 in a TestFlight build`.
fn circumstances(facts: &[Fact]) -> String {
    let mut out = String::new();
    let framework = facts.iter().filter(|fact| fact.kind == Kind::Framework).filter_map(|fact| fact.name.as_deref());
    if let Some((_, shown)) = framework.into_iter().find_map(|name| FRAMEWORKS.iter().find(|(known, _)| *known == name)) {
        out.push_str(" with ");
        out.push_str(shown);
    }
    let version = facts
        .iter()
        .filter(|fact| fact.kind == Kind::Platform)
        .find_map(|fact| Some((fact.field("os")?, fact.field("version").filter(|version| !version.is_empty())?)));
    if let Some((os, version)) = version {
        let os = match os.as_str() {
            "ios" => "iOS",
            "ipados" => "iPadOS",
            "macos" => "macOS",
            "tvos" => "tvOS",
            "watchos" => "watchOS",
            "visionos" => "visionOS",
            other => other,
        }
        .to_owned();
        for piece in [" on ", &os, " ", &version] {
            out.push_str(piece);
        }
    }
    let is = |what: &str| facts.iter().any(|fact| fact.kind == Kind::Context && fact.field("is").as_deref() == Some(what));
    if is("testflight") {
        out.push_str(" in a TestFlight build");
    } else if is("simulator") && !is("device") {
        out.push_str(" in the Simulator");
    } else if is("app-extension") {
        out.push_str(" in an app extension");
    }
    out
}

/// What people say that they did, and how we repeat it.
const DONE: &[(&[&str], &str)] = &[
    (&["clean build", "cleaned the build"], "made a clean build"),
    (&["app reinstall", "reinstalled", "re-installed", "deleted the app", "deleted the old"], "reinstalled the app"),
    (
        &[
            "regenerated the provisioning",
            "provisioning profile has been regenerated",
            "new provisioning profile",
            "regenerated the profile",
            "recreated the profile",
        ],
        "made the provisioning profile anew",
    ),
    (
        &["multiple devices", "several devices", "different devices", "multiple real ios devices", "various devices"],
        "tried several devices",
    ),
    (&["different apple id", "apple id accounts", "multiple accounts", "several accounts"], "tried several accounts"),
    (&["time is synced", "via ntp", "clock is accurate", "clock is synchronized", "system time is"], "checked the clock"),
    (
        &[
            "enabled in both",
            "capability added",
            "capability is enabled",
            "capability enabled",
            "enabled the capability",
            "is enabled under the app id",
        ],
        "checked the capability in the portal and in Xcode",
    ),
    (
        &["signed into icloud", "signed in to icloud", "logged into icloud", "with icloud + keychain enabled"],
        "checked that the device is signed in to iCloud",
    ),
    (&["re-creations", "recreated the key", "re-created", "created a new key", "regenerated the key"], "made keys and identifiers anew"),
    (&["restarted", "rebooted"], "restarted the device"),
];

/// What the author says to have done, as a list in words: `made a clean build and tried several devices`. Empty where nothing is said.
pub(super) fn already_done(thread: &Thread) -> String {
    let text = thread.body.to_lowercase();
    let said = |phrase: &&str| text.match_indices(*phrase).any(|(at, _)| !denied(crate::text::clip(&text, at.saturating_sub(24)..at)));
    let done: Vec<String> =
        DONE.iter().filter(|(phrases, _)| phrases.iter().any(&said)).map(|(_, told)| (*told).to_owned()).take(4).collect();
    listed(&done)
}

fn denied(before: &str) -> bool {
    ["not ", "n't ", "n’t ", "without ", "should i ", "can i "].iter().any(|word| before.contains(word))
}

/// `a, b and c`.
fn listed(items: &[String]) -> String {
    match items.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    fn of(title: &str, body: &str) -> Sorted {
        let thread = Thread { title: title.into(), body: body.into(), ..Thread::default() };
        let engine = Engine::new(Vec::new());
        Sorted { glance: engine.glance(&thread.text()), thread, ..Sorted::default() }
    }

    #[test]
    fn the_facts_of_the_thread_are_picked_up() {
        let sorted = of("Sign in fails", "With Unity on iOS 26.1: Error Domain=AKAuthenticationError Code=-7026 from TestFlight");
        let text = sentence(&sorted);
        assert!(
            text.contains("AKAuthenticationError -7026")
                && text.contains("with Unity")
                && text.contains("on iOS 26.1")
                && text.contains("TestFlight"),
            "{text}"
        );
        assert_eq!(sentence(&of("Hello", "What do I do?")), "");
    }

    #[test]
    fn what_was_done_is_repeated_and_what_was_not_is_not() {
        let text = already_done(&of("x", "Performed clean build, app reinstall. Tested across multiple devices.").thread);
        assert_eq!(text, "made a clean build, reinstalled the app and tried several devices");
        assert_eq!(already_done(&of("x", "I have not made a clean build yet.").thread), "");
    }
}
