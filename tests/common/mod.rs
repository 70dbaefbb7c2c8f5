//! Healthy logs, made from templates in the forms of the real ones: every run makes the same lines.

/// A small generator of numbers; the same every time, so that a failure can be looked at.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// Lines of a healthy Mac or phone: process, and what it says. `#` becomes a number.
const DEVICE: &[(&str, &str)] = &[
    ("kernel", "(AppleMobileFileIntegrity) AMFI: '/usr/libexec/tool#' is adhoc signed."),
    ("kernel", "(Sandbox) Sandbox: mdworker_shared(#) deny(1) file-read-data /private/var/db/x#"),
    ("kernel", "(Sandbox) Sandbox: com.apple.WebKit.Networking(#) deny(1) mach-lookup com.apple.service#"),
    ("secd", "[com.apple.securityd:item] copy_matching: no items found, status -25300"),
    ("securityd", "[com.apple.securityd:security_exception] MacOS error: -67050"),
    ("securityd", "[com.apple.securityd:security_exception] UNIX error exception: 17"),
    ("tccd", "[com.apple.TCC:access] AUTHREQ_ATTRIBUTION: msgID=#.1, attribution={accessing={identifier=com.apple.mail}}"),
    ("tccd", "[com.apple.TCC:access] AUTHREQ_RESULT: msgID=#.1, authValue=2, authReason=4, authVersion=1, error=(null)"),
    ("runningboardd", "[com.apple.runningboard:assertion] Acquiring assertion targeting [app<com.example.notes>:#]"),
    (
        "runningboardd",
        "[com.apple.runningboard:ttl] [app<com.example.notes>:#] Ignoring jetsam update because this process is not memory-managed",
    ),
    ("WindowServer", "[com.apple.SkyLight:default] Connection # set deferral to 0"),
    ("mDNSResponder", "[com.apple.mDNSResponder:Default] [R#] DNSServiceQueryRecord START"),
    ("cloudd", "[com.apple.cloudkit:LogFacilityCK] Operation # finished with error 0"),
    ("akd", "[com.apple.AuthKit:core] Updating token for service with ID: com.apple.gs.service#"),
    ("trustd", "[com.apple.securityd:ocsp] OCSP response # valid"),
    ("nsurlsessiond", "[com.apple.CFNetwork:Default] Task <#> finished successfully"),
    ("symptomsd", "[com.apple.symptomsd:default] Data Usage for Notes: WiFi in/out: #/#"),
    ("Notes", "[com.example.notes:sync] pushed # records, 0 failures"),
    ("Notes", "[com.example.notes:ui] layout pass took # ms"),
    ("backboardd", "[com.apple.backboard:TouchEvents] contact # presence: none"),
    ("locationd", "[com.apple.locationd.Core:Position] client com.example.weather authorized when in use, #"),
    ("mediaserverd", "[com.apple.coreaudio:aqme] AQMEIO timed out after #s, error -50 ignored"),
    ("Safari", "KeychainGetICDPStatus: keychain: -25300"),
    ("Safari", "KeychainGetICDPStatus: status: off"),
    ("loginwindow", "[com.apple.loginwindow.logging:Standard] ERROR | -[Application # hasPanels] | none"),
    ("softwareupdated", "[com.apple.SoftwareUpdate:default] No updates; scan # of error-free catalogue"),
];

const CONSOLE: &[&str] = &[
    "[Networking] GET /notes/# 200 in 41 ms",
    "[Networking] retry # after HTTP 429, then 200",
    "[Sync] merged # notes, 0 conflicts",
    "nw_protocol_get_quic_image_block_invoke dlopen libquic failed",
    "[boringssl] boringssl_metrics_log_metric_block_invoke(#) Failed to log metrics",
    "Metal API Validation Enabled",
    "[LayoutConstraints] Unable to simultaneously satisfy constraints, #",
    "Snapshotting a view (0x#, UIView) that is not in a visible window",
    "[Keychain] read token, status 0",
    "[Store] saved context in # ms",
];

const BUILD: &[&str] = &[
    "CompileSwift normal arm64 /Users/dev/notes/Sources/File#.swift (in target 'Notes' from project 'Notes')",
    "CodeSign /Users/dev/build/Debug-iphoneos/Notes.app (in target 'Notes' from project 'Notes')",
    "    Signing Identity:     \"Apple Development: Dev Example (ABCDE12345)\"",
    "    /usr/bin/codesign --force --sign 0123456789ABCDEF0123456789ABCDEF01234567 --timestamp=none Notes.app",
    "Test Case '-[NotesTests.SyncTests test#]' passed (0.0# seconds).",
    "note: Using codesigning identity override: -",
    "warning: 'init(rawValue:)' was deprecated in iOS 17.# ",
    "** BUILD SUCCEEDED ** [#.2 sec]",
    "Notes.app: valid on disk",
    "Notes.app: satisfies its Designated Requirement",
    "  status: Accepted",
    "The staple and validate action worked!",
];

const SERVER: &[&str] = &[
    "INFO  [http] POST /auth/apple/callback 302 in # ms",
    "INFO  [auth] verified id_token for sub 00#.abc, aud com.example.notes",
    "WARN  [db] slow query: # ms",
    "ERROR [billing] upstream returned 503, retried after # s, then 200",
    "DEBUG [jwks] cached 3 keys, kid ABC#",
    "INFO  [mail] delivered # messages",
    "ERROR [worker] job # failed: SQLSTATE 23505 duplicate key value violates unique constraint",
    "INFO  [ws] close 1001 from client #",
];

/// Logs of a healthy device, app, build and server: over 20 000 lines.
pub(crate) fn generated() -> Vec<(String, String)> {
    let mut numbers = Numbers(7);
    let device = (0..9_000).map(|at| {
        let (process, text) = DEVICE[usize::try_from(numbers.next(DEVICE.len() as u64)).unwrap()];
        let time = format!("2026-11-22 10:{:02}:{:02}.{:06}+0100", at / 600 % 60, at / 10 % 60, at * 97 % 1_000_000);
        format!(
            "{time} 0x{:x}     Default     0x0                  {}    0    {process}: {}",
            0x1000 + at,
            100 + at % 400,
            filled(text, &mut Numbers(at))
        )
    });
    let device: Vec<_> = device.collect();
    let mut make = |lines: &[&str], count: u64, front: &dyn Fn(u64) -> String| {
        let line =
            |at| format!("{}{}", front(at), filled(lines[usize::try_from(numbers.next(lines.len() as u64)).unwrap()], &mut Numbers(at)));
        (0..count).map(line).collect::<Vec<_>>().join("\n")
    };
    let console = make(CONSOLE, 5_000, &|at| format!("2026-11-22 10:00:{:02}.{:06}+0100 Notes[512:{:x}] ", at % 60, at, 0x1a00 + at));
    let build = make(BUILD, 4_000, &|_| String::new());
    let server = make(SERVER, 4_000, &|at| format!("2026-11-22T10:00:{:02}.{:03}Z ", at % 60, at % 1000));
    vec![("device".into(), device.join("\n")), ("console".into(), console), ("build".into(), build), ("server".into(), server)]
}

fn filled(text: &str, numbers: &mut Numbers) -> String {
    text.chars().map(|c| if c == '#' { numbers.next(900).to_string() } else { c.to_string() }).collect()
}
