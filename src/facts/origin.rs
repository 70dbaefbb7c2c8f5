//! Who wrote a log line: the process, its number and subsystem, in the forms of Xcode's console, `log show`, Console, syslog and JSON.

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
        self.process.map(|process| if is_system(process) { Role::System } else { Role::App })
    }
}

/// `2026-11-22 10:00:00.123456+0100 My Notes[512:1a2b] …`, the form of `NSLog` and of Xcode's console; the name may hold spaces.
static NSLOG: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d{4})? (\w[\w.\-() ]{0,60}?)\[(\d{1,7})(?::[0-9a-fx]+)?\]")
});
/// `Nov 22 10:00:00 host Notes[512]: …`, syslog's form, and `Notes[512] …` near the front of a line.
static BRACKETED: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"^(?:[^\[\]\n]{0,80}\s)?([A-Za-z][\w.\-]{0,60})\[(\d{1,7})(?::[0-9a-fx]+)?\](?:[:\s(<]|$)"));
/// `log show` in its default style: time, thread, type, activity, pid, ttl, then `process: (library) [subsystem:category]`.
static UNIFIED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+[+-]\d{4}\s+0x[0-9a-f]+\s+\w+\s+0x[0-9a-f]+\s+(\d+)\s+\d+\s+([^:\[\]]{1,64}):")
});
/// Console's copied columns: `error  10:12:49.948886 +0200  kernel  Sandbox: …`.
static COLUMNS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"^(?:default|error|info|debug|fault)\s+\d\d:\d\d:\d\d\.\d+(?:\s*[+-]\d{4})?\s+([A-Za-z][\w.\-]{0,60})\s")
});
static SUBSYSTEM: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"\[(com\.[\w.\-]+):[\w.\- ]+\]"));
static JSON: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r#""processImagePath"\s*:\s*"[^"]*?([^/"\\]+)""#));

/// Reads the origin of a line.
#[must_use]
pub fn origin(line: &str) -> Origin<'_> {
    // The origin stands in front; a line of megabytes is not searched to its end for it.
    let head = crate::text::clip(line, 0..2048);
    let subsystem = SUBSYSTEM.groups(head).and_then(|groups| groups.get(1).copied().flatten());
    if let Some(groups) = UNIFIED.groups(head) {
        return Origin { process: groups.get(2).copied().flatten().map(str::trim), pid: groups.get(1).copied().flatten(), subsystem };
    }
    if let Some(groups) = COLUMNS.groups(head) {
        return Origin { process: groups.get(1).copied().flatten(), pid: None, subsystem };
    }
    if let Some(groups) = NSLOG.groups(head).or_else(|| BRACKETED.groups(head)) {
        return Origin { process: groups.get(1).copied().flatten().map(str::trim), pid: groups.get(2).copied().flatten(), subsystem };
    }
    if head.starts_with('{')
        && let Some(groups) = JSON.groups(head)
    {
        return Origin { process: groups.get(1).copied().flatten(), pid: None, subsystem };
    }
    Origin { subsystem, ..Origin::default() }
}

/// Apple's daemons and agents that write what people paste; ends in `d` is no proof, so they are listed.
const SYSTEM: &[&str] = &[
    "accountsd",
    "akd",
    "amfid",
    "apsd",
    "appstoreagent",
    "assertiond",
    "authd",
    "authkituid",
    "backboardd",
    "biometrickitd",
    "biomed",
    "bluetoothd",
    "bird",
    "callservicesd",
    "cfprefsd",
    "cloudd",
    "contactsd",
    "containermanagerd",
    "contextstored",
    "coreauthd",
    "corespeechd",
    "ctkd",
    "dasd",
    "devicecheckd",
    "diskarbitrationd",
    "distnoted",
    "duetexpertd",
    "endpointsecurityd",
    "findmydeviced",
    "gamed",
    "geod",
    "identityservicesd",
    "imagent",
    "installcoordinationd",
    "installd",
    "itunescloudd",
    "itunesstored",
    "kernel",
    "keybagd",
    "launchd",
    "launchservicesd",
    "loginwindow",
    "logd",
    "lsd",
    "mDNSResponder",
    "mediaserverd",
    "mobileassetd",
    "mobileactivationd",
    "nehelper",
    "nesessionmanager",
    "neagent",
    "networkserviceproxy",
    "nsurlsessiond",
    "opendirectoryd",
    "parsecd",
    "passd",
    "pkd",
    "photoanalysisd",
    "photolibraryd",
    "powerd",
    "profiled",
    "remindd",
    "revisiond",
    "routined",
    "runningboardd",
    "sandboxd",
    "secd",
    "secinitd",
    "securityd",
    "securityd_service",
    "securityuploadd",
    "sharingd",
    "siriknowledged",
    "softwareupdated",
    "spindump",
    "SpringBoard",
    "storekitagent",
    "storedownloadd",
    "suggestd",
    "swcd",
    "symptomsd",
    "syspolicyd",
    "sysmond",
    "systemstats",
    "taskgated",
    "taskgated-helper",
    "tccd",
    "thermalmonitord",
    "timed",
    "transparencyd",
    "trustd",
    "trustdFileHelper",
    "trustevaluationagent",
    "UserEventAgent",
    "useractivityd",
    "wifid",
    "WindowServer",
    "WirelessRadioManagerd",
    "xpcproxy",
    "AppSSOAgent",
    "AppSSODaemon",
    "AuthenticationServicesAgent",
    "com.apple.Safari.SafeBrowsing.Service",
    "com.apple.WebKit.Networking",
    "com.apple.WebKit.WebContent",
    "com.apple.WebKit.GPU",
    "CommCenter",
    "ControlCenter",
    "Dock",
    "Finder",
    "Safari",
    "SafariViewService",
    "SecurityAgent",
    "Spotlight",
    "mds",
    "mds_stores",
    "mdworker",
    "mdworker_shared",
    "PasswordManager",
    "rapportd",
    "fileproviderd",
    "fseventsd",
    "hidd",
    "homed",
    "locationd",
    "nfcd",
    "online-auth-agent",
    "PlugInKit",
];

/// Whether a process is Apple's.
#[must_use]
pub(super) fn is_system(process: &str) -> bool {
    SYSTEM.iter().any(|known| known.eq_ignore_ascii_case(process)) || process.starts_with("com.apple.")
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
            ("just a sentence with (parentheses)", None, None),
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
    }
}
