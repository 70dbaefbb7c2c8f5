//! The form of an input: an Xcode console, a unified log, a crash report, a question… recognised with its reason, and forceable.
//!
//! The form decides nothing about what is wrong; it tells the reader how the text was read, whether many processes speak in it, and which
//! command serves it better.

use crate::facts::origin;
use crate::pattern::Pattern;
use crate::text::Document;
use std::sync::LazyLock;

macro_rules! forms {
    ($($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)?) => {
        /// What kind of text an input is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Form { $($(#[$doc])* $variant),+ }
        impl Form {
            /// Every form.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The word for it on the command line and in documents.
            #[must_use]
            pub fn word(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// The form that `word` stands for.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> { Self::ALL.iter().copied().find(|form| form.word() == word) }
        }
    };
}

forms! {
    /// What Xcode's console shows, or `NSLog` wrote.
    XcodeConsole = "xcode-console",
    /// `log show`, `log stream`, Console: many processes.
    UnifiedLog = "unified-log",
    /// A crash report, as text or `.ips`.
    CrashReport = "crash-report",
    /// What a build, a signing or a CI job printed.
    BuildLog = "build-log",
    /// What a server or its client library printed.
    ServerLog = "server-log",
    /// A question in words.
    Post = "post",
    /// A copied listing of forum threads.
    ForumListing = "forum-listing",
    /// A document: a token, entitlements, an association file.
    Artifact = "artifact",
    /// Words with pieces of log in them.
    Mixed = "mixed",
    /// Nothing of these; a line or two.
    Text = "text",
}

/// Lines beyond these do not change what a text is.
const LINES: usize = 400;

/// What only the front of a crash report has.
static CRASH_FIELD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r#"^(?:Incident Identifier:|Exception Type:|Termination Reason:|Hardware Model:)|^\{"(?:app_name|bug_type|timestamp)""#)
});
static CRASH: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"^\s*(?:Incident Identifier:|Exception Type:|Termination Reason:|Hardware Model:|Crashed Thread:|Triggered by Thread:|OS Version:\s|Report Version:|Parent Process:\s|Responsible(?: Process)?:\s|Code Type:\s|Process:\s+\S.*\[\d+\]|Path:\s+/|Identifier:\s+\S+\.\S|Thread \d+(?: name| Crashed|:| Queue)|#?\d{1,3}\s+(?:0x[0-9a-f]{8,}\s+in\s|\S+\s+0x[0-9a-f]{8,}\s))|^\{"(?:app_name|bug_type|timestamp)""#,
    )
});
static BUILD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"^(?:CodeSign |CompileSwift|CompileC |Ld |ProcessProductPackaging|PhaseScriptExecution|Command \w+ failed|=== BUILD|\*\* (?:BUILD|ARCHIVE|EXPORT|TEST)|\s+/usr/bin/codesign|\s*Signing Identity:|##\[(?:error|group|endgroup)|Run |\+ |note: |warning: |error: |\[\d\d:\d\d:\d\d\]: |make: \*\*\*|npm ERR!|\s*⨯ )",
        r"|\bxcodebuild\b|: error: |Submission ID|notarytool|\bexit(?: code| status|ed with) \d|exit code \d",
        r"|^[^\n]{0,40}[$%#] (?:sudo )?(?:/usr/bin/)?(?:codesign|security|spctl|xcrun|stapler|altool|productbuild|productsign|pkgutil|swcutil|xattr|fastlane|flutter|cargo|go|npm|electron-builder|git|otool|lipo|csrutil|tccutil|launchctl|echo)\b",
        r"|^(?:/usr/bin/)?(?:codesign|security|spctl|xcrun|jarsigner)[: ]|: (?:rejected|accepted|replacing existing signature|code object is not signed at all|a sealed resource is missing or invalid|valid on disk)$",
        r"|^(?:source|origin)=|^\d+ (?:certificate|key|identit(?:y|ies)|valid identities)|errSecInternalComponent|^(?:Executable|Authority|TeamIdentifier|CodeDirectory|Sealed Resources|Signature|Format|Timestamp)[= ]"
    ))
});
static SERVER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?-i)\b(?:INFO|WARN|WARNING|ERROR|DEBUG|FATAL|SEVERE|TRACE)\b[\s:|\]]|\blevel=[a-z]+|\[(?:info|warn|warning|error|debug)\]|^\s+at [\w.$<>]+\(|^\s+from /|\.(?:java|rb|py|js|ts|php|go|cs):\d+|HTTP/[12]|Traceback \(most recent|^(?:GET|POST|PUT|DELETE) |^Caused by:|\b[A-Za-z.]+(?:Exception|Error): |\b(?:invalid_client|invalid_grant)\b|\bstatus[Cc]ode\b",
    )
});
/// Lines of an app's console without a process in front: descriptions of errors, frameworks' tags, wrappers' prefixes.
static CONSOLE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"Error Domain=|\*\*\* Terminating app|^\[[A-Za-z][\w/ ]{2,40}\]|^flutter: |PlatformException\(|\(lldb\)|^Message from debugger|^Task <|\[(?:core|AuthKit|Authorization|access|BoringSSL|tcp)\]|^[a-z_]+(?:_\w+)*\(\d+\) \[|^AUTHREQ_|^tccd\s|^Sandbox: |deny\(\d\)|NSLocalized(?:FailureReason|Description)|^(?:dyld|dlopen)\b|Library not loaded:|This app has crashed because|^Prompting policy",
    )
});
static JWT: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^\s*eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*\s*$"));
static SENTENCE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:I|we|We|my|our|the|is|are|have|has|when|how|why|does|any|help)\b.*\b(?:I|we|my|our|the|is|are|to|it|when|but|and|on|with)\b|[?？。]|[\u0400-\u04ff\u3040-\u30ff\u4e00-\u9fff]{6}",
    )
});

/// How a person asks or tells, which no program does.
static ASKING: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?:^|[^\w'])(?:I|I'm|I've|we|we've|my|our|anyone|anybody|somebody|how (?:do|can|to|does)|why (?:do|does|is)|thanks|please help|does not work|doesn't work)(?:[^\w]|$)|\?\s*$|[？。]|[\u0400-\u04ff\u3040-\u30ff\u4e00-\u9fff]{6}",
    )
});

/// A line of so many bytes with the words of a person in it is a paragraph.
const PARAGRAPH: usize = 400;

/// The form of a document, and why we think so.
#[must_use]
pub fn form(document: &Document) -> (Form, String) {
    let text = document.text();
    let head = crate::text::clip(text, 0..16 << 10);
    if let Some((form, why)) = whole(text, head) {
        return (form, why.to_owned());
    }
    let lines: Vec<&str> =
        (0..document.line_count().min(LINES)).map(|line| document.line(line)).filter(|line| !line.trim().is_empty()).collect();
    let total = lines.len().max(1);
    let mut counts = Counts::default();
    for line in &lines {
        counts.add(crate::text::clip(line, 0..2048));
    }
    counts.verdict(total)
}

/// Forms that a mark anywhere at the front gives away.
fn whole(text: &str, head: &str) -> Option<(Form, &'static str)> {
    let start = head.trim_start();
    if head.contains("Posts under ") && head.contains("Replies") && head.contains("Views") {
        return Some((
            Form::ForumListing,
            "the head of a forum topic with its columns; here they are read as one text; `pitfall forum triage` reads its threads one by one",
        ));
    }
    if JWT.is_match(text.trim()) && text.trim().lines().count() == 1 {
        return Some((Form::Artifact, "a JSON Web Token"));
    }
    if start.starts_with("-----BEGIN ") {
        return Some((Form::Artifact, "a PEM block"));
    }
    if start.starts_with("<?xml") && head.contains("<plist") || start.starts_with("<plist") {
        return Some((Form::Artifact, "a property list"));
    }
    if start.starts_with('{') && (head.contains("\"applinks\"") || head.contains("\"webcredentials\"")) {
        return Some((Form::Artifact, "an association file"));
    }
    if start.starts_with('{') && head.contains("\"logFormatVersion\"") && head.contains("\"jobId\"") {
        return Some((Form::Artifact, "the notary's log of a submission"));
    }
    if start.starts_with("Service:") && head.contains("App ID:") && head.contains("User Approval") {
        return Some((Form::Artifact, "a record of the daemon of associated domains"));
    }
    if head.contains("\"loginType\"") && head.contains("\"signingAlgorithm\"") {
        return Some((Form::Artifact, "the state of Platform SSO"));
    }
    let crash = head.lines().filter(|line| CRASH_FIELD.is_match(line)).count();
    if crash >= 2 || crash == 1 && (start.starts_with("{\"app_name") || head.contains("Thread 0 Crashed")) {
        return Some((Form::CrashReport, "the fields of a crash report"));
    }
    None
}

/// How many lines look like what.
#[derive(Debug, Default)]
struct Counts {
    origin: usize,
    unified: usize,
    build: usize,
    server: usize,
    console: usize,
    crash: usize,
    prose: usize,
    asking: usize,
    processes: Vec<String>,
}

impl Counts {
    fn add(&mut self, line: &str) {
        let from = origin(line);
        let record = line.trim_start();
        let json = record.starts_with(['{', '"']) && (record.contains("\"eventMessage\"") || record.contains("\"processImagePath\""));
        if json || line.starts_with("Timestamp ") && line.contains("Thread") && line.contains("PID") {
            self.unified += 1;
        }
        if let Some(process) = from.process {
            self.origin += 1;
            if self.processes.len() < 16 && !self.processes.iter().any(|known| known == process) {
                self.processes.push(process.to_owned());
            }
        } else if line.len() > PARAGRAPH && SENTENCE.is_match(line) && ASKING.is_match(line) {
            // A paragraph in which somebody tells of an error holds the words of a log.
            self.prose += 1;
        } else if CRASH.is_match(line) {
            self.crash += 1;
        } else if BUILD.is_match(line) {
            self.build += 1;
        } else if CONSOLE.is_match(line) {
            self.console += 1;
        } else if SERVER.is_match(line) {
            self.server += 1;
        } else if line.len() > 40 && SENTENCE.is_match(line) {
            self.prose += 1;
        }
        self.asking += usize::from(from_a_person(line));
    }

    fn verdict(&self, total: usize) -> (Form, String) {
        let share = |count: usize| count * 100 / total;
        let logged = self.origin + self.build + self.server + self.unified + self.console + self.crash;
        let asked = self.asking > 0 && self.prose > 0;
        if self.unified > 0 && share(self.unified + self.origin) >= 30 || share(self.origin) >= 30 && self.processes.len() >= 3 {
            return (
                Form::UnifiedLog,
                format!("{} of {total} lines name a process, {} different ones", self.origin + self.unified, self.processes.len()),
            );
        }
        if asked && logged > 0 && share(self.prose.max(self.asking)) >= 10 && share(logged) >= 10 {
            return (Form::Mixed, format!("{} lines of words, {logged} of log", self.prose));
        }
        if share(self.origin) >= 30 {
            return (
                Form::XcodeConsole,
                format!("{} of {total} lines in the form of NSLog, from {}", self.origin, self.processes.join(", ")),
            );
        }
        if asked && share(logged) < 50 {
            return (Form::Post, format!("{} of {total} lines are sentences", self.prose));
        }
        self.tool(total).unwrap_or_else(|| {
            if self.prose > 0 || self.asking > 0 {
                (Form::Post, format!("{} of {total} lines are sentences", self.prose.max(self.asking)))
            } else {
                (Form::Text, "no form is recognised".to_owned())
            }
        })
    }

    /// The kind of program that most of the lines come from, where they are enough.
    fn tool(&self, total: usize) -> Option<(Form, String)> {
        let console = self.console + self.origin;
        let kinds = [
            (Form::CrashReport, self.crash, 3, format!("{} of {total} lines of a crash report or a stack", self.crash)),
            (Form::BuildLog, self.build, 1, format!("{} of {total} lines of build and signing tools", self.build)),
            (Form::XcodeConsole, console, 1, format!("{console} of {total} lines as frameworks print them into a console")),
            (Form::ServerLog, self.server, 1, format!("{} of {total} lines with levels, stack frames or requests", self.server)),
        ];
        let enough = |count: usize, least: usize| count >= least && count * 100 / total >= 12;
        kinds
            .into_iter()
            .filter(|(_, count, least, _)| enough(*count, *least))
            .reduce(|best, other| if other.1 > best.1 { other } else { best })
            .map(|(form, .., why)| (form, why))
    }
}

/// Whether a person speaks in a line: log lines do not ask.
fn from_a_person(line: &str) -> bool {
    line.len() > 12 && ASKING.is_match(line) && !CONSOLE.is_match(line) && !BUILD.is_match(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Form {
        form(&Document::new(text.as_bytes())).0
    }

    fn all(form: Form, texts: &[&str]) {
        for text in texts {
            assert_eq!(of(text), form, "{text}: {}", super::form(&Document::new(text.as_bytes())).1);
        }
    }

    #[test]
    fn consoles_of_apps() {
        all(
            Form::XcodeConsole,
            &[
                "2026-11-22 10:00:00.123456+0100 Notes[512:1a2b3] start\n2026-11-22 10:00:00.223456+0100 Notes[512:1a2b3] failed -25300\n",
                "flutter: PlatformException(-34018, x, null, null)\nflutter: signed out",
                "Error Domain=com.apple.AuthenticationServices.AuthorizationError Code=1000 \"(null)\"",
                "*** Terminating app due to uncaught exception 'NSInvalidArgumentException', reason: 'x'",
                "[Firebase/AppCheck][I-FAA004002] Failed to exchange debug token: Error Domain=com.firebase.appCheck Code=0 \"x\"",
                "(lldb) po error\nError Domain=NSOSStatusErrorDomain Code=-50 \"x\"",
            ],
        );
    }

    #[test]
    fn logs_of_devices_in_every_style() {
        all(
            Form::UnifiedLog,
            &[
                "Timestamp                       Thread     Type        Activity             PID    TTL\n2026-11-22 10:00:00.123456+0100 0x1a2b     Error       0x0                  512    0    secd: [com.apple.securityd:item] x\n",
                "Timestamp               Ty Process[PID:TID]\n2026-11-22 10:00:00.123 Df Notes[512:1a2b3] [com.example.notes:a] x\n2026-11-22 10:00:00.124 E  secd[99:1a2b] x\n2026-11-22 10:00:00.125 Df akd[98:1a2b] x",
                "{\"traceID\":1,\"eventMessage\":\"x\",\"processImagePath\":\"\\/usr\\/libexec\\/secd\"}\n{\"traceID\":2,\"eventMessage\":\"y\",\"processImagePath\":\"\\/usr\\/libexec\\/akd\"}",
                "[{\n  \"traceID\" : 1,\n  \"eventMessage\" : \"x\",\n  \"processImagePath\" : \"\\/usr\\/libexec\\/secd\"\n}]",
                "Jul 15 09:37:49 Phone kernel(Sandbox)[0] <Notice>: x\nJul 15 09:37:49 Phone secd[99] <Error>: y\nJul 15 09:37:50 Phone akd[98] <Notice>: z",
                "error\t10:12:49.948886 +0200\tkernel\tx\ndefault\t10:12:50.000000 +0200\ttccd\ty\ndefault\t10:12:50.100000 +0200\tNotes\tz",
            ],
        );
    }

    #[test]
    fn crash_reports() {
        all(
            Form::CrashReport,
            &[
                "Incident Identifier: X\nException Type:  EXC_CRASH (SIGKILL)\n",
                "{\"app_name\":\"Notes\",\"timestamp\":\"2026-11-22 10:00:00.00 +0100\",\"bug_type\":\"309\"}\n{\n  \"pid\" : 512\n}",
                "Process:               Notes [512]\nPath:                  /Applications/Notes.app/Contents/MacOS/Notes\nIdentifier:            com.example.notes\nTermination Reason:    Namespace CODESIGNING, Code 2",
                "Thread 0 Crashed:\n0   libsystem_kernel.dylib        0x00000001843b1c30 __abort + 8\n1   Notes                         0x0000000104a1c000 main + 40\n2   dyld                          0x0000000184040000 start + 100",
            ],
        );
    }

    #[test]
    fn logs_of_builds_and_tools() {
        all(
            Form::BuildLog,
            &[
                "CodeSign /x/Notes.app\n    /usr/bin/codesign --force\n** BUILD FAILED **\n",
                "$ spctl -a -vv Notes.app\nNotes.app: rejected\nsource=Unnotarized Developer ID",
                "1 certificate imported.\n/tmp/Notes.app: errSecInternalComponent",
                "Submission ID received\n  id: 1A\nCurrent status: Invalid\nnotarytool finished",
                "[10:00:01]: $ set -o pipefail && xcodebuild archive\n[10:05:01]: Exit status: 65",
            ],
        );
    }

    #[test]
    fn logs_of_servers() {
        all(
            Form::ServerLog,
            &[
                "[12:00:01] ERROR: token\n    at AppleStrategy.get(/app/a.js:12:3)\n",
                "Traceback (most recent call last):\n  File \"/app/a.py\", line 3\njwt.exceptions.InvalidAudienceError: x",
                "2026-11-22 10:00:00,868 WARN  [com.example.Provider] (executor-thread-7) Error response: status=400, body={\"error\":\"invalid_grant\"}",
                "POST /auth/token HTTP/1.1\nHTTP/1.1 400 Bad Request\n{\"error\":\"invalid_client\"}",
            ],
        );
    }

    #[test]
    fn questions_of_people() {
        all(
            Form::Post,
            &[
                "Why does my app fail to read the keychain when the phone is locked? I have tried it on two devices.",
                "We moved the app to another team and all of our users are logged out. Is there any way to get the items back?",
                "После обновления приложение больше не читает связку ключей, код -25300.",
                "Passkey creation fails on one device\n\nOn my other phone it works. I have checked the domain association twice and the entitlement is there.",
            ],
        );
    }

    #[test]
    fn a_paragraph_that_tells_of_an_error_is_a_question() {
        let paragraph =
            "Our backend gets invalid_client: the token endpoint answers with statusCode 400, and we have no idea why. ".repeat(5);
        all(Form::Post, &[&paragraph]);
    }

    #[test]
    fn words_with_log_in_them() {
        all(
            Form::Mixed,
            &[
                "My app crashes at launch and I do not know why it happens on the device only.\n\nException Type:  EXC_CRASH (SIGKILL)\n",
                "I get this error when the sheet closes, on all of our devices:\nError Domain=AKAuthenticationError Code=-7026 \"(null)\"",
                "We sign in CI and it is fine on my Mac, but the runner says\n/tmp/Notes.app: errSecInternalComponent",
                "The server answers with an error since yesterday and we have not changed the key in months.\nHTTP/1.1 400 Bad Request",
            ],
        );
    }

    #[test]
    fn documents() {
        all(
            Form::Artifact,
            &[
                "<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict/></plist>",
                "{\"applinks\":{\"details\":[]}}",
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                "{\n  \"logFormatVersion\": 1,\n  \"jobId\": \"1A\",\n  \"status\": \"Invalid\"\n}",
                "Service:              applinks\nApp ID:               ABCDE12345.com.example.notes\nUser Approval:        unspecified",
            ],
        );
    }

    #[test]
    fn the_rest() {
        all(Form::Text, &["-25300", "errSecMissingEntitlement", "", "abc def"]);
        all(Form::ForumListing, &["x\nPosts under Privacy topic\nPost\nReplies\nBoosts\nViews\n"]);
    }
}
