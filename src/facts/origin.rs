//! Who wrote a log line: the process, its number and subsystem, in the forms of Xcode's console, `log show`, Console, syslog and JSON.

use super::system::is_system;
use crate::pattern::Pattern;
use std::sync::LazyLock;

/// Who wrote a line, as far as the line says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The process.
    pub process: Option<&'a str>,
    /// Its number.
    pub pid: Option<&'a str>,
    /// The subsystem.
    pub subsystem: Option<&'a str>,
    /// Whether the path of its program, where the line has it, lies in a folder of the system.
    pub in_system: bool,
}

/// Whose program a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Apple's.
    System,
    /// Somebody's app.
    App,
}

impl Origin<'_> {
    /// Whose program wrote the line; none where no process stands there.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.process.map(|process| if self.in_system { Role::System } else { role_of(process) })
    }
}

/// Whose program a process is, by its name or bundle id.
#[must_use]
pub fn role_of(process: &str) -> Role {
    if is_system(process) { Role::System } else { Role::App }
}

/// `2026-11-22 10:00:00.123456+0100 My Notes[512:1a2b] …`, the form of `NSLog` and of Xcode's console; the name may hold spaces.
static NSLOG: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d{4})?(?: +(?:Df|Db|[IEFA]) +| +localhost +| )(\w[\w.\-() ]{0,60}?)\[(\d{1,7})(?::[0-9a-fx]+)?\]",
    )
});
/// `Nov 22 10:00:00 host Notes[512]: …`, syslog's form, and `Notes[512] …` near the front of a line.
static BRACKETED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"^(?:[^\[\]\n]{0,80}\s)?([A-Za-z][\w.\-]{0,60})(?:\([\w.\-]{1,40}\))?\[(\d{1,7})(?::[0-9a-fx]+)?\](?:[:\s(<]|$)")
});
/// `log show` in its default style: time, thread, type, activity, pid, ttl, then `process: (library) [subsystem:category]`.
static UNIFIED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+[+-]\d{4}\s+0x[0-9a-f]+\s+\w+\s+0x[0-9a-f]+\s+(\d+)\s+\d+\s+([^:\[\]]{1,64}):")
});
/// Console's copied columns: `error  10:12:49.948886 +0200  kernel  Sandbox: …`.
static COLUMNS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^(?:default|error|info|debug|fault|[^\t\d\[]{3,20}\t)\s*\d\d:\d\d:\d\d(?:\.\d+)?(?:\s*[+-]\d{4})?\s+([A-Za-z][\w.\-]{0,60})(?:\s|$)",
    )
});
static SUBSYSTEM: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r#"(?:\[|"subsystem"\s*:\s*")((?:com|org|net|io)\.[\w.\-]+)(?::[\w.\- ]+\]|")"#));
static JSON: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r#""processImagePath"\s*:\s*"([^"]*?)([^/"\\]+)""#));

/// Reads the origin of a line.
#[must_use]
pub fn origin<'a>(line: &'a str) -> Origin<'a> {
    // The origin stands in front; a line of megabytes is not searched to its end for it.
    let head = crate::text::clip(line, 0..2048);
    let subsystem = SUBSYSTEM.groups(head).and_then(|groups| groups.get(1).copied().flatten());
    let of = |process: Option<&'a str>, pid: Option<&'a str>| (process.map(str::trim), pid);
    let found = if let Some(groups) = UNIFIED.groups(head) {
        of(groups.get(2).copied().flatten(), groups.get(1).copied().flatten())
    } else if let Some(groups) = COLUMNS.groups(head) {
        of(groups.get(1).copied().flatten(), None)
    } else if let Some(groups) = NSLOG.groups(head).or_else(|| BRACKETED.groups(head)) {
        of(groups.get(1).copied().flatten(), groups.get(2).copied().flatten())
    } else {
        return json_origin(line, subsystem);
    };
    Origin { process: found.0, pid: found.1, subsystem, in_system: false }
}

/// The origin of a record of `log show --style ndjson` or `json`; the path of the program may stand far from its front.
fn json_origin<'a>(line: &'a str, subsystem: Option<&'a str>) -> Origin<'a> {
    const REACH: usize = 16 << 10;
    let record = line.trim_start();
    let bare = Origin { subsystem, ..Origin::default() };
    if !record.starts_with('{') && !record.starts_with("\"processImagePath\"") {
        return bare;
    }
    let Some(groups) = JSON.groups(crate::text::clip(record, 0..crate::text::floor(record, record.len().min(REACH)))) else { return bare };
    let folder = groups.get(1).copied().flatten().unwrap_or("").replace("\\/", "/");
    Origin { process: groups.get(2).copied().flatten(), in_system: is_system(&format!("{folder}_")), ..bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_line() {
        let cases = [
            ("2026-11-22 10:00:00.123456+0100 Notes[512:1a2b3] [Security] failed", Some("Notes"), Some("512")),
            ("Nov 22 10:00:00 mac-mini amfid[213] <Error>: x", Some("amfid"), Some("213")),
            (
                "2026-11-22 10:00:00.123456+0100 0x1a2b     Error       0x0                  512    0    secd: [com.apple.securityd:item] x",
                Some("secd"),
                Some("512"),
            ),
            ("error\t10:12:49.948886 +0200\tkernel\tSandbox: Notes(3) deny(1) x", Some("kernel"), None),
            ("2026-11-22 10:00:00.123 Df Notes[512:1a2b3] [com.example.notes:sync] x", Some("Notes"), Some("512")),
            ("2026-11-22 10:00:00.123 E  secd[99:1a2b3] [com.apple.securityd:item] x", Some("secd"), Some("99")),
            ("2026-11-22 10:00:00.123456+0100  localhost My Notes[512]: (Security) x", Some("My Notes"), Some("512")),
            ("Jul 15 09:37:49 Phone kernel(Sandbox)[0] <Notice>: Sandbox: Notes(3) deny(1) x", Some("kernel"), Some("0")),
            ("erreur\t10:12:49.948886 +0200\ttccd\tx", Some("tccd"), None),
            (r#"{"traceID":1,"eventMessage":"x","processImagePath":"\/usr\/libexec\/secd"}"#, Some("secd"), None),
            (r#"{"eventMessage":"x","processImagePath":"/Applications/My Notes.app/Contents/MacOS/My Notes"}"#, Some("My Notes"), None),
            (r#"  "processImagePath" : "\/usr\/sbin\/mDNSResponder","#, Some("mDNSResponder"), None),
            ("just a sentence with (parentheses)", None, None),
            (r#"{"error":"invalid_grant"}"#, None, None),
        ];
        for (line, process, pid) in cases {
            let origin = origin(line);
            assert_eq!((origin.process, origin.pid), (process, pid), "{line}");
        }
        assert_eq!(
            origin(
                "2026-11-22 10:00:00.123456+0100 0x1a2b     Error       0x0                  512    0    secd: [com.apple.securityd:item] x"
            )
            .subsystem,
            Some("com.apple.securityd")
        );
    }

    #[test]
    fn knows_the_system() {
        assert_eq!(origin("x SpringBoard[44]: y").role(), Some(Role::System));
        assert_eq!(origin("Notes[44]: y").role(), Some(Role::App));
        for process in
            ["com.apple.WebKit.Networking", "/usr/libexec/newd", "/System/Library/CoreServices/New.app/New", "runningboardd", "TCCD"]
        {
            assert_eq!(role_of(process), Role::System, "{process}");
        }
        for process in [
            "Notes",
            "/Applications/Notes.app/Contents/MacOS/Notes",
            "notesd",
            "/System/Volumes/Data/Applications/Notes.app/Notes",
            "com.example.apple",
        ] {
            assert_eq!(role_of(process), Role::App, "{process}");
        }
        let record = r#"{"eventMessage":"x","processImagePath":"\/System\/Library\/PrivateFrameworks\/New.framework\/Support\/newagent"}"#;
        assert_eq!(origin(record).role(), Some(Role::System));
    }
}
