//! Sandbox denials, as the kernel, `sandboxd` and Xcode's script sandbox print them.
//!
//! `Sandbox: Notes(512) deny(1) file-read-data /private/etc/x`, `deny(1) mach-lookup com.apple.x`, `1 duplicate report for …`,
//! `Violation: deny(1) …`, and a process name that itself has spaces or brackets.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::Catalogue;
use crate::pattern::Pattern;
use std::sync::LazyLock;

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

static DENIAL: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"deny(?:\(\d+\))?\s+(?P<operation>[a-z][a-z0-9\-*]{3,40})(?P<target>[ \t*:][^\n]{0,300})?"));
/// Who was denied, right in front of the denial; apart from it, because a pattern that begins with any word is slow on long lines.
static SUBJECT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?:(?P<process>[A-Za-z0-9][\w.\-+ ()]{0,64}?)\((?P<pid>\d{1,7})\)\s*:?\s+|report for (?P<dup>[\w.\-]{2,64})\s+)?(?:System Policy: )?$",
    )
});
/// The subject is not sought further away than this.
const SUBJECT_REACH: usize = 160;

fn read(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    let mut from = 0;
    for hit in DENIAL.find_all(scope.text) {
        let lead = from.max(hit.start.saturating_sub(SUBJECT_REACH));
        let lead = crate::text::floor(scope.text, lead);
        from = hit.end;
        let Some(subject) = SUBJECT.find(crate::text::clip(scope.text, lead..hit.start)) else { continue };
        let operation = hit.group("operation").trim_end_matches('*');
        if !operation.contains('-') {
            continue;
        }
        let process = ["Sandbox: ", "(Sandbox) ", "report for ", "Sandbox "]
            .iter()
            .fold(if subject.group("dup").is_empty() { subject.group("process") } else { subject.group("dup") }, |name, lead| {
                name.rsplit(lead).next().unwrap_or(name)
            })
            .trim();
        let target = target(hit.group("target"));
        let end = scope.start + hit.end - trailing(hit.group("target"), &target);
        let fact = Fact::new(Kind::SandboxDenial, scope.start + lead + subject.start, end)
            .named(operation)
            .with("operation", operation)
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
        ] {
            assert_eq!(of(Kind::SandboxDenial, text), [want], "{text}");
        }
        assert!(of(Kind::SandboxDenial, "the firewall will deny(1) nothing").is_empty());
    }
}
