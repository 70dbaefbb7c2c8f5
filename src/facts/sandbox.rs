//! Sandbox denials, as the kernel, `sandboxd` and Xcode's script sandbox print them.
//!
//! `Sandbox: Notes(512) deny(1) file-read-data /private/etc/x`, `deny(1) mach-lookup com.apple.x`, `1 duplicate report for …`,
//! `Violation: deny(1) …`, and a process name that itself has spaces or brackets.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::Catalogue;
use crate::text::{clip, floor, tail};

pub(super) static FAMILY: Family = Family {
    triggers: &[
        "deny(",
        "deny file-",
        "deny mach-",
        "deny network",
        "deny process-",
        "deny appleevent",
        "deny forbidden-",
        "deny sysctl",
        "deny iokit",
        "deny user-preference",
        "deny signal",
        "deny job-",
        "deny ipc-",
        "deny lsopen",
        "deny system-",
        "deny device-",
        "deny hid-",
        "deny authorization",
        "deny necp",
        "deny nvram",
        "deny default",
        "violation:",
        "forbidden-exec-sugid",
    ],
    read,
    numbered: false,
};

/// The subject is not sought further away than this.
const SUBJECT_REACH: usize = 160;
/// And the target no longer, in bytes.
const TARGET_REACH: usize = 300;

/// Operations without a hyphen, as profiles name them; other words are none behind `deny`.
const ONE_WORD: &[&str] = &["signal", "lsopen", "nvram", "sysctl", "default"];

/// A denial as it stands in a text; all places are bytes of it.
struct Denial<'a> {
    start: usize,
    end: usize,
    operation: &'a str,
    target: &'a str,
}

// Read by hand: healthy logs hold a denial on one line of ten, and a pattern that begins with any word is slow on them.
impl<'a> Denial<'a> {
    /// The denial whose `deny` stands at `start`.
    fn at(text: &'a str, start: usize) -> Option<Self> {
        let rest = tail(text, start).strip_prefix("deny")?;
        let rest = match rest.strip_prefix('(') {
            Some(inside) => inside.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(')')?,
            None => rest,
        };
        let rest = rest.strip_prefix([' ', '\t'])?.trim_start_matches([' ', '\t']);
        let length = rest.bytes().take_while(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'*')).count();
        let operation = clip(rest, 0..length);
        let behind = clip(rest, length..length + TARGET_REACH);
        let target = if behind.starts_with([' ', '\t', '*', ':']) { behind } else { "" };
        let end = text.len() - rest.len() + length + target.len();
        (4..=41).contains(&length).then_some(Self { start, end, operation: operation.trim_end_matches('*'), target })
    }
}

/// Who was denied, as it stands right in front of the denial: `Notes(512) `, `Notes(512): `, `duplicate report for Notes `; and where it begins.
fn subject(lead: &str) -> (&str, usize) {
    let front = lead.trim_end().trim_end_matches("System Policy:").trim_end();
    let word = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    if let Some((before, name)) = front.rsplit_once("report for ")
        && !name.is_empty()
        && name.chars().all(word)
    {
        return (name, before.len());
    }
    let Some(open) = front.trim_end_matches(':').trim_end().strip_suffix(')').and_then(|front| {
        let digits = front.bytes().rev().take_while(u8::is_ascii_digit).count();
        let (front, pid) = front.split_at_checked(front.len() - digits)?;
        (1..=7).contains(&pid.len()).then(|| front.strip_suffix('('))?
    }) else {
        return ("", lead.len());
    };
    let begin = open.char_indices().rev().find(|(_, c)| !word(*c) && !"+ ()".contains(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    let name =
        ["Sandbox: ", "(Sandbox) ", "Sandbox "].iter().fold(tail(open, begin), |name, lead| name.rsplit(lead).next().unwrap_or(name));
    let name = name.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    (name.trim_end(), open.len() - name.len())
}

fn read(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    let text = scope.text;
    let mut from = 0;
    for (at, _) in text.match_indices("deny") {
        if at < from {
            continue;
        }
        let Some(denial) = Denial::at(text, at) else { continue };
        let front = floor(text, from.max(at.saturating_sub(SUBJECT_REACH)));
        let (process, begin) = subject(clip(text, front..denial.start));
        if !denial.operation.contains('-') && (process.is_empty() || !ONE_WORD.contains(&denial.operation)) {
            continue;
        }
        from = denial.end;
        let target = target(denial.target);
        let start = if process.is_empty() { denial.start } else { front + begin };
        let end = scope.start + denial.end - trailing(denial.target, &target);
        let fact = Fact::new(Kind::SandboxDenial, scope.start + start, end)
            .named(denial.operation)
            .with("operation", denial.operation)
            .with("target", target)
            .with("process", process)
            .with("reporter", reporter(scope));
        facts.push(fact);
    }
}

/// The path, service or address, without what the report says behind it.
fn target(written: &str) -> String {
    let written = written.trim_matches([' ', '\t', '*']);
    let written = written.split("  ").next().unwrap_or(written).split(" (in target '").next().unwrap_or(written);
    written.trim_end_matches(['"', ',', '.', ')', '`']).to_owned()
}

fn trailing(written: &str, target: &str) -> usize {
    written.find(target).map_or(0, |at| written.len() - at - target.len())
}

fn reporter(scope: &Scope<'_>) -> &'static str {
    let line = scope.text;
    if line.contains("sandboxd") {
        "sandboxd"
    } else if line.contains("Sandbox: ")
        && (line.trim_start().starts_with("error: Sandbox")
            || line.contains("error: Sandbox:")
            || line.contains("(in target '")
            || scope.above(1).contains("PhaseScriptExecution"))
    {
        "xcode-script"
    } else if line.contains("Sandbox") || line.contains("kernel") {
        "kernel"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::of;
    use crate::facts::Kind;

    #[test]
    fn every_reporter() {
        for (text, want) in [
            (
                "kernel[0:8a8] (Sandbox) Sandbox: bash(62139) deny(1) forbidden-exec-sugid",
                "forbidden-exec-sugid operation=forbidden-exec-sugid process=bash reporter=kernel",
            ),
            (
                "Sandbox: Notes(512) deny(1) file-read-data /private/etc/x",
                "file-read-data operation=file-read-data target=/private/etc/x process=Notes reporter=kernel",
            ),
            (
                "kernel\tSandbox: NotesBox(31755) deny(1) network-bind*:57208",
                "network-bind operation=network-bind target=:57208 process=NotesBox reporter=kernel",
            ),
            (
                "error: Sandbox: rsync.samba(999) deny(1) file-write-create /Users/dev/x (in target 'App')",
                "file-write-create operation=file-write-create target=/Users/dev/x process=rsync.samba reporter=xcode-script",
            ),
            (
                "Sandbox: My App(512) deny(1) mach-lookup com.apple.foo",
                "mach-lookup operation=mach-lookup target=com.apple.foo process=My App reporter=kernel",
            ),
            ("kernel: (Sandbox) Sandbox: Notes(512) deny(1) lsopen", "lsopen operation=lsopen process=Notes reporter=kernel"),
        ] {
            assert_eq!(of(Kind::SandboxDenial, text), [want], "{text}");
        }
        for text in ["the firewall will deny(1) nothing", "deny(1) default", "rule(2) deny(1) others"] {
            assert!(of(Kind::SandboxDenial, text).is_empty(), "{text}");
        }
    }
}
