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

static CRASH: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r#"^(?:Incident Identifier:|Exception Type:|Termination Reason:|Hardware Model:)|^\{"(?:app_name|bug_type|timestamp)""#)
});
static BUILD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^(?:CodeSign |CompileSwift|CompileC |Ld |ProcessProductPackaging|PhaseScriptExecution|=== BUILD|\*\* (?:BUILD|ARCHIVE|EXPORT|TEST)|\s+/usr/bin/codesign|\s*Signing Identity:|##\[(?:error|group|endgroup)|Run |\+ |note: |warning: |error: |\[\d\d:\d\d:\d\d\]: )|\bxcodebuild\b|: error: |Submission ID|notarytool|exit code \d",
    )
});
static SERVER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:INFO|WARN|WARNING|ERROR|DEBUG|FATAL|SEVERE|TRACE)\b[\s:|\]]|^\s+at [\w.$<>]+\(|^\s+from /|\.(?:java|rb|py|js|ts|php|go|cs):\d+|HTTP/[12]|Traceback \(most recent|^(?:GET|POST) ",
    )
});
static JWT: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^\s*eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*\s*$"));
static SENTENCE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:I|we|We|my|our|the|is|are|have|has|when|how|why|does|any|help)\b.*\b(?:I|we|my|our|the|is|are|to|it|when|but|and|on|with)\b|[?？。]|[\u0400-\u04ff\u3040-\u30ff\u4e00-\u9fff]{6}",
    )
});

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
    let crash = head.lines().filter(|line| CRASH.is_match(line)).count();
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
    prose: usize,
    processes: Vec<String>,
}

impl Counts {
    fn add(&mut self, line: &str) {
        let from = origin(line);
        let json = line.starts_with('{') && (line.contains("\"eventMessage\"") || line.contains("\"processImagePath\""));
        if json || line.starts_with("Timestamp ") && line.contains("Thread") && line.contains("PID") {
            self.unified += 1;
        }
        if let Some(process) = from.process {
            self.origin += 1;
            if self.processes.len() < 16 && !self.processes.iter().any(|known| known == process) {
                self.processes.push(process.to_owned());
            }
        } else if BUILD.is_match(line) {
            self.build += 1;
        } else if SERVER.is_match(line) {
            self.server += 1;
        } else if line.len() > 40 && SENTENCE.is_match(line) {
            self.prose += 1;
        }
    }

    fn verdict(&self, total: usize) -> (Form, String) {
        let share = |count: usize| count * 100 / total;
        let logged = self.origin + self.build + self.server + self.unified;
        if self.unified > 0 && share(self.unified + self.origin) >= 30 || share(self.origin) >= 30 && self.processes.len() >= 3 {
            return (
                Form::UnifiedLog,
                format!("{} of {total} lines name a process, {} different ones", self.origin + self.unified, self.processes.len()),
            );
        }
        if self.prose > 0 && logged > 0 && share(self.prose) >= 10 && share(logged) >= 10 {
            return (Form::Mixed, format!("{} lines of words, {logged} of log", self.prose));
        }
        if share(self.origin) >= 30 {
            return (
                Form::XcodeConsole,
                format!("{} of {total} lines in the form of NSLog, from {}", self.origin, self.processes.join(", ")),
            );
        }
        if self.build > self.server && share(self.build) >= 15 {
            return (Form::BuildLog, format!("{} of {total} lines of build tools", self.build));
        }
        if self.server > 0 && share(self.server) >= 15 {
            return (Form::ServerLog, format!("{} of {total} lines with levels, stack frames or requests", self.server));
        }
        if self.prose > 0 {
            return (Form::Post, format!("{} of {total} lines are sentences", self.prose));
        }
        (Form::Text, "no form is recognised".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Form {
        form(&Document::new(text.as_bytes())).0
    }

    #[test]
    fn each_form_is_recognised() {
        let console =
            "2026-11-22 10:00:00.123456+0100 Notes[512:1a2b3] start\n2026-11-22 10:00:00.223456+0100 Notes[512:1a2b3] failed -25300\n";
        assert_eq!(of(console), Form::XcodeConsole);
        let unified = "Timestamp                       Thread     Type        Activity             PID    TTL\n2026-11-22 10:00:00.123456+0100 0x1a2b     Error       0x0                  512    0    secd: [com.apple.securityd:item] x\n";
        assert_eq!(of(unified), Form::UnifiedLog);
        assert_eq!(of("Incident Identifier: X\nException Type:  EXC_CRASH (SIGKILL)\n"), Form::CrashReport);
        assert_eq!(of("CodeSign /x/Notes.app\n    /usr/bin/codesign --force\n** BUILD FAILED **\n"), Form::BuildLog);
        assert_eq!(of("[12:00:01] ERROR: token\n    at AppleStrategy.get(/app/a.js:12:3)\n"), Form::ServerLog);
        assert_eq!(of("Why does my app fail to read the keychain when the phone is locked? I have tried it on two devices."), Form::Post);
        assert_eq!(of("<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict/></plist>"), Form::Artifact);
        assert_eq!(of("-25300"), Form::Text);
        assert_eq!(of("x\nPosts under Privacy topic\nPost\nReplies\nBoosts\nViews\n"), Form::ForumListing);
    }
}
