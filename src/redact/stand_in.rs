//! What stands for a value.

use super::{Kind, Map, public, shape};
use crate::pattern::Pattern;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Names that are parts of several values (the company in a bundle identifier and in a domain), and what stands for each.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    known: HashMap<(Part, String), String>,
    taken: HashSet<String>,
}

/// What a name is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Owner,
    App,
    Host,
    User,
    Name,
}

impl Part {
    fn word(self) -> &'static str {
        match self {
            Self::Owner => "example",
            Self::App => "app",
            Self::Host => "host",
            Self::User => "user",
            Self::Name => "Name",
        }
    }
}

/// Parts of names that say nothing about whose they are; a diagnosis may need them.
const GENERIC: &[&str] = &[
    "www",
    "api",
    "auth",
    "login",
    "signin",
    "sso",
    "id",
    "idp",
    "accounts",
    "account",
    "app",
    "apps",
    "staging",
    "stage",
    "dev",
    "test",
    "beta",
    "prod",
    "qa",
    "cdn",
    "static",
    "mail",
    "m",
    "mobile",
    "web",
    "admin",
    "widget",
    "widgets",
    "extension",
    "share",
    "shareextension",
    "notification",
    "notificationservice",
    "notificationcontent",
    "service",
    "helper",
    "tests",
    "uitests",
    "xctrunner",
    "watchkitapp",
    "watchkitextension",
    "clip",
    "intents",
    "intentsui",
    "keyboard",
    "autofill",
    "credentialprovider",
    "today",
    "group",
    "shared",
    "keychain",
    "ios",
    "macos",
    "mac",
    "iphone",
    "debug",
    "release",
    "daemon",
    "agent",
    "authorizationplugin",
    "launcher",
    "updater",
    "installer",
    "xpc",
    "siwa",
    "callback",
    "local",
    "server",
    "client",
    "*",
    "backend",
];

/// Words of ours that a text may hold by itself.
static OURS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?-i)(?:example|app|host|user|Name|Device|REDACTED)\d{0,9}|(?:TEAM|KEY)\d{6,7}|(?:192\.0\.2|10\.0\.0|192\.168\.0|172\.16\.0|169\.254\.0|100\.64\.0)\.\d{1,3}",
    )
});

impl Labels {
    /// The parts of a case that goes on.
    pub(super) fn of(map: &Map) -> Self {
        let mut labels = Self::default();
        for entry in map.entries() {
            match entry.kind {
                Kind::Bundle | Kind::Host => labels.learn_dotted(entry.kind, &entry.original, &entry.stand_in),
                Kind::User => labels.learn(Part::User, &entry.original, &entry.stand_in),
                Kind::Name => labels.learn(Part::Name, &entry.original, &entry.stand_in),
                Kind::Email => {
                    let local = |address: &str| address.split(['@', '%']).next().unwrap_or("").to_owned();
                    labels.learn(Part::User, &local(&entry.original), &local(&entry.stand_in));
                }
                _ => {}
            }
            labels.reserve(&entry.stand_in);
        }
        labels
    }

    fn learn_dotted(&mut self, kind: Kind, original: &str, stand_in: &str) {
        let own: Vec<&str> = original.split('.').collect();
        for (at, (original, stand_in)) in own.iter().zip(stand_in.split('.')).enumerate() {
            if original != &stand_in {
                let part = if kind == Kind::Bundle { bundle_part(at) } else { host_part(&own, at) };
                self.learn(part, original, stand_in);
            }
        }
    }

    fn learn(&mut self, part: Part, original: &str, stand_in: &str) {
        self.known.entry((part, original.to_lowercase())).or_insert_with(|| stand_in.to_owned());
        self.taken.insert(stand_in.to_owned());
    }

    /// Keeps the words of `text` that look like ours from being taken for ours.
    pub(super) fn reserve(&mut self, text: &str) {
        let words = OURS.find_all(text).map(|hit| crate::text::clip(text, hit.start..hit.end).to_owned());
        self.taken.extend(words);
    }

    /// What stands for a name.
    fn part(&mut self, part: Part, original: &str) -> String {
        let key = (part, original.to_lowercase());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let count = 1 + self.known.keys().filter(|(other, _)| *other == part).count();
        let name =
            |number: usize| if part == Part::Owner && number == 1 { part.word().to_owned() } else { format!("{}{number}", part.word()) };
        let free = self.free(count, name);
        self.known.insert(key, free.clone());
        free
    }

    /// The first of numbered names from `from` on that is nobody's.
    fn free(&mut self, from: usize, name: impl Fn(usize) -> String) -> String {
        let mut number = from;
        let mut free = name(number);
        while self.taken.contains(&free) {
            number += 1;
            free = name(number);
        }
        self.taken.insert(free.clone());
        free
    }
}

/// What stands for a value that was not met before.
pub(super) fn make(kind: Kind, original: &str, map: &Map, labels: &mut Labels) -> String {
    let number = 1 + map.entries().iter().filter(|entry| entry.kind == kind).count();
    // One more than there are stand-ins is enough to find a free one.
    let numbers = number..=number + map.entries().iter().count() + 1;
    let numbered = |make: &dyn Fn(usize) -> String| {
        numbers.clone().map(make).find(|made| !map.is_stand_in(made) && made != original).unwrap_or_default()
    };
    match kind {
        Kind::Key | Kind::Token | Kind::Password | Kind::Code | Kind::Keychain | Kind::Cookie => numbered(&|n| shape::filled(original, n)),
        Kind::Email => email(original, labels),
        Kind::Account | Kind::Subject | Kind::Serial => numbered(&|n| shape::numbered(original, n)),
        Kind::Phone => numbered(&|n| phone(original, n)),
        Kind::Name => labels.part(Part::Name, original),
        Kind::User => labels.part(Part::User, original),
        Kind::Device => device(original, number, labels),
        Kind::DeviceId => numbered(&|n| udid(original, n)),
        Kind::Host => host(original, labels),
        Kind::Address => numbered(&|n| address(original, n)),
        Kind::Team => labels.free(number, |n| format!("TEAM{n:06}")),
        Kind::KeyId => labels.free(number, |n| format!("KEY{n:07}")),
        Kind::Bundle => bundle(original, labels),
        Kind::Uuid => numbered(&|n| uuid(original, n)),
        Kind::Added => labels.free(number, |n| format!("REDACTED{n}")),
    }
}

fn email(original: &str, labels: &mut Labels) -> String {
    let sign = if original.contains('@') { "@" } else { "%40" };
    let (local, domain) = original.split_once(sign).unwrap_or((original, ""));
    let local = labels.part(Part::User, local);
    let domain = if public::is_mailer(domain) || public::is_host(domain) { domain.to_owned() } else { host(domain, labels) };
    format!("{local}{sign}{domain}")
}

/// `Jane's iPhone` becomes `Name1's iPhone`, `Janes-MacBook-Pro` `Name1s-MacBook-Pro`; another name is one of ours.
fn device(original: &str, number: usize, labels: &mut Labels) -> String {
    for mark in ["'s ", "\u{2019}s ", "s' ", "' ", "\u{2019} "] {
        if let Some((person, model)) = original.split_once(mark) {
            return format!("{}{mark}{model}", labels.part(Part::Name, person));
        }
    }
    for mark in [" von ", " de ", " di ", " van ", " af ", " fra ", " av "] {
        if let Some((model, person)) = original.split_once(mark) {
            return format!("{model}{mark}{}", labels.part(Part::Name, person));
        }
    }
    for mark in [
        "s-iPhone",
        "s-iPad",
        "s-MacBook",
        "s-MBP",
        "s-MBA",
        "s-iMac",
        "s-Mac",
        "s-Apple",
        "-iPhone",
        "-iPad",
        "-MacBook",
        "-MBP",
        "-MBA",
        "-iMac",
        "-Mac",
        "-Apple",
    ] {
        if let Some((person, model)) = original.split_once(mark) {
            return format!("{}{mark}{model}", labels.part(Part::Name, person));
        }
    }
    labels.free(number, |n| format!("Device{n}"))
}

/// The country stays.
fn phone(original: &str, number: usize) -> String {
    let country = original.find([' ', '-', '(', '.']).filter(|at| *at > 0).unwrap_or(3).min(4);
    let (front, rest) = original.split_at_checked(if original.starts_with('+') { country } else { 0 }).unwrap_or(("", original));
    format!("{front}{}", shape::digits(rest, number))
}

/// The model of the chip, which is the front of the newer form, stays.
fn udid(original: &str, number: usize) -> String {
    match original.split_once('-') {
        Some((chip, rest)) => format!("{chip}-{}", shape::numbered(rest, number)),
        None => shape::numbered(original, number),
    }
}

fn uuid(original: &str, number: usize) -> String {
    let lower = original.bytes().any(|b| b.is_ascii_lowercase());
    let made = format!("A1B2C3D4-0000-4000-8000-{number:012}");
    if lower { made.to_lowercase() } else { made }
}

/// An address of the same network class: what is private stays so; others become the ones that documents may use.
fn address(original: &str, number: usize) -> String {
    if original.contains(':') {
        let lower = original.to_ascii_lowercase();
        let front = if lower.starts_with("fe8") {
            "fe80"
        } else if lower.starts_with("fd") || lower.starts_with("fc") {
            "fd00"
        } else {
            "2001:db8"
        };
        return format!("{front}::{number:x}");
    }
    let mut parts = original.split('.').map(|part| part.parse::<u8>().unwrap_or(0));
    let front = match (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) {
        (10, _) => "10.0",
        (192, 168) => "192.168",
        (172, 16..=31) => "172.16",
        (169, 254) => "169.254",
        (100, 64..=127) => "100.64",
        _ => {
            return if number < 255 {
                format!("192.0.2.{number}")
            } else {
                format!("198.51.{}.{}", 100 + number / 254 % 100, 1 + number % 254)
            };
        }
    };
    format!("{front}.{}.{}", number / 254, 1 + number % 254)
}

/// What Sparkle puts behind a bundle identifier to name its Mach services.
const SERVICES: &[&str] = &["-spks", "-spki"];

fn bundle_part(at: usize) -> Part {
    if at == 1 { Part::Owner } else { Part::App }
}

fn bundle(original: &str, labels: &mut Labels) -> String {
    let made = original.split('.').enumerate().map(|(at, label)| {
        let keep = at == 0 || at > 1 && is_generic(label);
        let (name, service) = SERVICES.iter().find_map(|end| Some((label.strip_suffix(end)?, *end))).unwrap_or((label, ""));
        if keep { label.to_owned() } else { labels.part(bundle_part(at), name) + service }
    });
    made.collect::<Vec<_>>().join(".")
}

/// The label that is registered, from the end: two, or three under `co.uk`.
fn registered(labels: &[&str]) -> usize {
    let last = labels.len().saturating_sub(1);
    let second = labels.get(last.saturating_sub(1)).copied().unwrap_or("");
    let two = last >= 2
        && matches!(second, "co" | "com" | "org" | "ac" | "gov" | "net" | "or" | "ne")
        && labels.get(last).is_some_and(|top| top.len() == 2);
    last.saturating_sub(if two { 2 } else { 1 })
}

fn host_part(labels: &[&str], at: usize) -> Part {
    if labels.len() > 1 && at == registered(labels) { Part::Owner } else { Part::Host }
}

fn host(original: &str, labels: &mut Labels) -> String {
    let own: Vec<&str> = original.split('.').collect();
    let made = own.iter().enumerate().map(|(at, label)| {
        let top = own.len() > 1 && at > registered(&own);
        let keep = top || at < registered(&own) && is_generic(label);
        if keep { (*label).to_owned() } else { labels.part(host_part(&own, at), label) }
    });
    made.collect::<Vec<_>>().join(".")
}

fn is_generic(label: &str) -> bool {
    GENERIC.iter().any(|known| known.eq_ignore_ascii_case(label))
}
