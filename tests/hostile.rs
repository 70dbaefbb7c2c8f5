//! Hostile input, end to end: the whole program, from bytes to what reaches a terminal. Escapes of every kind in every way in; bombs of every
//! kind in what it reads; paths that lead elsewhere. `cargo test --test hostile -- --nocapture` prints times.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test ends where it cannot go on.

mod terminal;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use terminal::Terminal;

/// What a terminal would obey, or what would make a reader see another text than there is.
const ESCAPES: &[(&str, &[u8])] = &[
    ("CSI colour", b"\x1b[31mred\x1b[0m"),
    ("CSI cursor", b"\x1b[66;66Hhere\x1b[2J"),
    ("CSI report", b"\x1b[6n\x1b[c\x1b[>c\x1b[?6666h"),
    ("CSI unfinished", b"\x1b[31"),
    ("OSC title", b"\x1b]0;owned\x07"),
    ("OSC title, ST", b"\x1b]2;owned\x1b\\"),
    ("OSC 8", b"\x1b]8;;https://evil.invalid\x1b\\click\x1b]8;;\x1b\\"),
    ("OSC 52", b"\x1b]52;c;b3duZWQ=\x07"),
    ("OSC 1337", b"\x1b]1337;File=inline=1:AAAA\x07"),
    ("OSC unfinished", b"\x1b]0;owned"),
    ("DCS", b"\x1bP1$r0m\x1b\\"),
    ("DCS sixel", b"\x1bPq#0;2;0;0;0\x1b\\"),
    ("APC", b"\x1b_Gf=24,s=1,v=1;AAAA\x1b\\"),
    ("SOS", b"\x1bXowned\x1b\\"),
    ("PM", b"\x1b^owned\x1b\\"),
    ("charset", b"\x1b(0lqk\x1b(B"),
    ("reset", b"\x1bc"),
    ("C1 CSI in UTF-8", b"\xc2\x9b31mred"),
    ("C1 OSC in UTF-8", b"\xc2\x9d0;owned\xc2\x9c"),
    ("C1 DCS in UTF-8", b"\xc2\x901$r\xc2\x9c"),
    ("C1 CSI raw", b"\x9b31mred"),
    ("C1 OSC raw", b"\x9d0;owned\x9c"),
    ("bells and backspaces", b"\x07\x08\x08\x08over\x0b\x0c\x0e\x0f\x7f"),
    ("NUL", b"a\x00b"),
    ("carriage return", b"hidden\rshown"),
    ("bidi override", "\u{202e}gnp.exe\u{202c}".as_bytes()),
    ("bidi isolate", "\u{2066}a\u{2067}b\u{2069}\u{200e}\u{200f}\u{61c}".as_bytes()),
    ("zero width", "a\u{200b}b\u{200c}c\u{200d}d\u{feff}e\u{2060}f\u{ad}g".as_bytes()),
    ("tags", "x\u{e0041}\u{e0042}\u{e007f}".as_bytes()),
    ("separators", "a\u{2028}b\u{2029}c\u{85}d".as_bytes()),
    ("escape in an escape", b"\x1b[\x1b]0;owned\x07m"),
    ("escape over a line", b"\x1b]0;ow\nned\x07"),
];

/// What is wrong with bytes that go to a terminal or a file.
fn unclean(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Some(format!("no UTF-8 at {}", error.valid_up_to())),
    };
    let bad = |c: char| {
        matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    text.char_indices().find(|(_, c)| bad(*c)).map(|(at, c)| {
        let near: String = text.chars().skip(text[..at].chars().count().saturating_sub(40)).take(80).collect();
        format!("U+{:04X} in {near:?}", u32::from(c))
    })
}

struct Stage {
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Runs the program with bounds on its memory (in KiB) and time.
    fn bounded(&self, arguments: &[&str], input: &[u8], memory: u64, seconds: u64) -> (Output, Duration) {
        let start = Instant::now();
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("ulimit -v {memory}; exec timeout -k 1 {seconds} \"$0\" \"$@\"")).arg(env!("CARGO_BIN_EXE_pitfall"));
        command.args(arguments).env_clear().env("HOME", self.folder.path()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("PITFALL_STATE", self.path("state")).env("PITFALL_CONFIG", self.path("config"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        (output, start.elapsed())
    }

    /// Runs it; nothing that it says may hold an escape, and it must end by itself: found, nothing found, or refused with a sentence.
    fn run(&self, what: &str, arguments: &[&str], input: &[u8]) -> Output {
        let (output, _) = self.bounded(arguments, input, 4 << 20, 60);
        let told = || format!("{what}: pitfall {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(matches!(output.status.code(), Some(0..=2)), "{} ({:?})", told(), output.status);
        assert!(output.status.code() != Some(2) || !output.stderr.is_empty(), "{}", told());
        for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if let Some(wrong) = unclean(bytes) {
                panic!("{} {stream}: {wrong}", told());
            }
        }
        output
    }
}

/// Lines of a log with the escape in every place that a report quotes.
fn log(escape: &[u8]) -> Vec<u8> {
    let mut log = Vec::new();
    for part in [
        &b"2026-11-22 10:00:01.300000+0100 No"[..],
        b"tes[512:1a2b3] [Key",
        b"chain] SecItemAdd failed: -34018 ",
        b" errSecMissing",
        b"Entitlement\n",
        b"Sandbox: Notes(512) deny(1) file-read-data /Users/jo",
        b"/x\n",
        b"{\"error\":\"invalid_client\",\"error_description\":\"",
        b"\"}\n",
    ] {
        log.extend_from_slice(part);
        log.extend_from_slice(escape);
    }
    log.extend_from_slice(b"\nSecItemCopyMatching failed: -25308\nSecItemDelete\n");
    log
}

const FORMATS: &[&str] = &["text", "markdown", "json"];

#[test]
fn no_escape_of_a_log_leaves_in_any_format() {
    let stage = Stage::new();
    let mut runs = 0;
    for (what, escape) in ESCAPES {
        let log = log(escape);
        for format in FORMATS {
            stage.run(what, &["triage", "-", "--format", format, "--explain-match"], &log);
            runs += 1;
        }
        for arguments in [
            &["redact", "-"][..],
            &["redact", "-", "--show"],
            &["redact", "-", "--format", "json"],
            &["inspect", "-"],
            &["forum", "triage", "-"],
        ] {
            stage.run(what, arguments, &log);
            runs += 1;
        }
    }
    println!("{} escapes, {runs} runs", ESCAPES.len());
}

#[test]
fn no_escape_of_a_name_or_word_leaves() {
    use std::os::unix::ffi::OsStrExt as _;
    let stage = Stage::new();
    for (what, escape) in ESCAPES.iter().filter(|(_, escape)| !escape.contains(&0)) {
        // Names of files: bytes, but for the slash.
        let name: Vec<u8> = [b"log ", *escape].concat().into_iter().map(|byte| if byte == b'/' { b'_' } else { byte }).collect();
        let path = stage.path("").join(std::ffi::OsStr::from_bytes(&name));
        fs::write(&path, b"SecItemAdd failed: -34018\n").unwrap();
        for format in FORMATS {
            let output = Command::new(env!("CARGO_BIN_EXE_pitfall"))
                .env_clear()
                .arg("triage")
                .arg(&path)
                .args(["--format", format])
                .output()
                .unwrap();
            for bytes in [&output.stdout, &output.stderr] {
                assert_eq!(unclean(bytes), None, "{what}: a file's name, {format}");
            }
        }
        for command in ["redact", "inspect"] {
            let output =
                Command::new(env!("CARGO_BIN_EXE_pitfall")).env_clear().arg(command).arg(&path).arg("--format=json").output().unwrap();
            assert_eq!(unclean(&output.stdout).or(unclean(&output.stderr)), None, "{what}: {command}");
        }
        let missing = path.join("below");
        let output = Command::new(env!("CARGO_BIN_EXE_pitfall")).env_clear().arg("triage").arg(&missing).output().unwrap();
        assert_eq!(unclean(&output.stderr), None, "{what}: the name of a file that is not there");
        let Ok(word) = std::str::from_utf8(escape) else { continue };
        for format in FORMATS {
            stage.run(what, &["explain", "--format", format, "--", word], b"");
            stage.run(what, &["search", "--format", format, "--", word], b"");
        }
        stage.run(what, &["show", "--", word], b"");
        stage.run(what, &["list", &format!("--topic={word}")], b"");
        stage.run(what, &["triage", "-", &format!("--topic={word}")], b"x");
        stage.run(what, &["triage", "-", &format!("--form={word}")], b"x");
        stage.run(what, &["triage", "-", &format!("--now={word}")], b"x");
        stage.run(what, &["triage", &format!("--no{word}")], b"x");
        stage.run(what, &["inspect", "-", &format!("--public-key={word}")], b"x");
        stage.run(what, &["kb", "check", &format!("--explain={word}")], b"");
        stage.run(what, &["forum", "show", "--", word], b"");
    }
}

#[test]
fn no_escape_of_an_artifact_leaves() {
    use base64::Engine as _;
    let stage = Stage::new();
    let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    for (what, escape) in ESCAPES {
        let told = String::from_utf8_lossy(escape).into_owned();
        let json = serde_json::to_string(&format!("com.acme.{told}")).unwrap();
        let xml = told.replace('&', "&amp;").replace('<', "&lt;").replace(['\0', '\u{b}', '\u{c}', '\u{e}', '\u{f}', '\u{8}', '\u{7}'], "");
        let token = format!(
            "{}.{}.c2ln",
            encode(&format!(r#"{{"alg":{json},"kid":{json}}}"#)),
            encode(&format!(r#"{{"iss":{json},"aud":{json},"sub":{json},{json}:1}}"#))
        );
        let plist = format!(
            "<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict><key>application-identifier</key><string>{xml}</string><key>{xml}</key><true/></dict></plist>"
        );
        let association = format!(
            r#"{{"applinks":{{"details":[{{"appIDs":[{json}],"components":[{{"/":{json},"comment":{json}}}]}}]}},"webcredentials":{{"apps":[{json}]}}}}"#
        );
        let crash = format!(
            "{{\"app_name\":{json},\"bug_type\":\"309\",\"bundleID\":{json}}}\n{{\"procName\":{json},\"termination\":{{\"namespace\":\"CODESIGNING\",\"code\":2,\"indicator\":{json}}},\"exception\":{{\"type\":{json}}}}}"
        );
        let notary = format!(r#"{{"id":{json},"status":"Invalid","issues":[{{"severity":"error","path":{json},"message":{json}}}]}}"#);
        for (name, text) in [
            ("a.jwt", token),
            ("a.entitlements", plist),
            ("apple-app-site-association", association),
            ("a.ips", crash),
            ("notary.json", notary),
        ] {
            let path = stage.write(name, text.as_bytes());
            for format in FORMATS {
                stage.run(what, &["inspect", &path, "--format", format], b"");
                stage.run(what, &["triage", &path, "--format", format], b"");
            }
        }
    }
}

#[test]
fn no_escape_of_a_forum_page_leaves() {
    let stage = Stage::new();
    for (number, (what, escape)) in ESCAPES.iter().enumerate() {
        let told = String::from_utf8_lossy(escape).into_owned();
        let state = stage.path(&format!("queue{number}"));
        let state = state.to_str().unwrap();
        let html = [
            b"<html><head><link rel=\"canonical\" href=\"https://developer.apple.com/forums/thread/811111\"><title>Keychain ",
            *escape,
            b"</title></head><body><h1>Keychain add fails ",
            escape,
            b"</h1><p class=\"author\">jo",
            escape,
            b"</p><div>SecItemAdd returns -34018 ",
            escape,
            b" <script>alert(1)</script> &#27;]0;owned&#7; &#x9b;31m</div></body></html>",
        ]
        .concat();
        let json = serde_json::json!({"items": [{"number": 1, "title": format!("Keychain {told}"), "body": format!("SecItemAdd -34018 {told}"), "user": {"login": told}, "html_url": format!("https://github.com/a/b/issues/1{told}"), "state": "open", "comments": 0}]});
        for (name, bytes) in [("page.html", html), ("page.json", json.to_string().into_bytes())] {
            let page = stage.write(name, &bytes);
            for format in FORMATS {
                stage.run(what, &["forum", "triage", &page, "--format", format], b"");
            }
            stage.run(what, &["forum", "import", "--state-dir", state, &page], b"");
        }
        for format in FORMATS {
            let list = stage.run(what, &["forum", "list", "--state-dir", state, "--format", format], b"");
            if *format == "json" {
                let list: serde_json::Value = serde_json::from_slice(&list.stdout).unwrap();
                for id in list["threads"].as_array().into_iter().flatten().filter_map(|thread| thread["id"].as_str()) {
                    stage.run(what, &["forum", "show", "--state-dir", state, id], b"");
                    stage.run(what, &["forum", "reply", "--print", "--state-dir", state, id], b"");
                }
            }
        }
    }
}

/// A page of an overlay with `more` lines in its front matter.
fn page(id: &str, title: &str, more: &str) -> String {
    format!(
        "---\nid: {id}\ntitle: {title}\ntopic: keychain\nseverity: high\nplatforms: [ios]\nstatus: stable\nsummary: {title}\npatterns:\n  - {{id: code, needle: SecItemAdd}}\n{more}reviewed: 2026-11-22\n---\n## Symptom\nx\n## Cause\nx\n## Remediation\n- [ ] One. {{#one}}\n- [ ] Two. {{#two}}\n## Self-tests\n```log match=code confidence=possible\nSecItemAdd\n```\n"
    )
}

#[test]
fn no_escape_of_an_overlay_or_configuration_leaves() {
    let stage = Stage::new();
    for (number, (what, escape)) in ESCAPES.iter().enumerate() {
        let told = String::from_utf8_lossy(escape).into_owned();
        let quoted = serde_json::to_string(&format!("Own page {told}")).unwrap();
        let folder = format!("overlay{number}");
        stage.write(
            &format!("{folder}/keychain/own-page.md"),
            page("own-page", &quoted, &format!("ask: [{quoted}]\nreferences:\n  - {{title: {quoted}, url: \"https://example.com\"}}\n"))
                .as_bytes(),
        );
        // A page with the bytes as they are: in its words, its id, a key that is not known.
        let mut raw = page("raw-page", "Raw", "").into_bytes();
        raw.extend_from_slice(escape);
        stage.write(&format!("{folder}/keychain/raw-page.md"), &raw);
        stage.write(&format!("{folder}/keychain/bad-page.md"), page(&quoted, "Bad", &format!("{quoted}: 1\n")).as_bytes());
        stage.write(
            &format!("{folder}/codes/own.yaml"),
            format!("domain: {quoted}\ncodes:\n  - {{code: -77001, name: {quoted}, meaning: {quoted}}}\n").as_bytes(),
        );
        let overlay = stage.path(&folder);
        let overlay = overlay.to_str().unwrap();
        for format in FORMATS {
            for arguments in [
                &["triage", "-"][..],
                &["list"],
                &["show", "own-page"],
                &["show", "raw-page"],
                &["search", "Own page"],
                &["explain", "-77001"],
                &["kb", "check"],
                &["kb", "path"],
            ] {
                let arguments = [arguments, &["--knowledge", overlay, "--format", format]].concat();
                stage.run(what, &arguments, b"SecItemAdd failed: -34018\n");
            }
        }
    }
    assert!(ESCAPES.len() >= 30);
}

/// What the screen sent that is not its own: anything but the sequences that it uses for drawing.
fn foreign(raw: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(raw);
    if let Some(wrong) = [
        "owned",
        "evil.invalid\u{1b}",
        "\u{1b}[66;66H",
        "\u{1b}[6n",
        "\u{1b}[?6666",
        "\u{1b}P",
        "\u{1b}_",
        "\u{1b}X",
        "\u{1b}^",
        "\u{1b}(",
        "\u{1b}c",
    ]
    .iter()
    .find(|part| text.contains(**part))
    {
        // The words of an operating system command may be shown; that they are words is what is tested below.
        if *wrong != "owned" || text.contains("]0;owned") || text.contains("]2;owned") {
            return Some(format!("{wrong:?} reached the terminal"));
        }
    }
    let bad = |c: char| matches!(c, '\u{80}'..='\u{9f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    text.chars().find(|c| bad(*c)).map(|c| format!("U+{:04X} reached the terminal", u32::from(c)))
}

#[test]
fn no_escape_reaches_the_screens_terminal() {
    let stage = Stage::new();
    let mut all = Vec::new();
    for (number, (_, escape)) in ESCAPES.iter().enumerate() {
        all.extend_from_slice(format!("line {number} ").as_bytes());
        all.extend_from_slice(&log(escape));
    }
    let told = |escape: &[u8]| String::from_utf8_lossy(escape).into_owned();
    for (number, (_, escape)) in ESCAPES.iter().enumerate() {
        let quoted = serde_json::to_string(&format!("Own {} page {number}", told(escape))).unwrap();
        stage.write(&format!("overlay/keychain/own-{number}.md"), page(&format!("own-{number}"), &quoted, "").as_bytes());
    }
    // The file's name on the command line is hostile, and so is what is pasted beside it.
    let file = stage.write("a\u{1b}]0;owned\u{7} \u{202e}b.log", &all);
    let mut command = portable_pty::CommandBuilder::new(env!("CARGO_BIN_EXE_pitfall"));
    command.args(["--knowledge", stage.path("overlay").to_str().unwrap(), &file]);
    let mut terminal = Terminal::start(command, stage.folder.path(), (120, 40));
    terminal.wait("Own");
    for keys in ["h", "G", "g", "i", "\t", "\r", "\x1b", "Y", "R", "\x1b", "V", "\x1b", ":", "own", "\x1b"] {
        terminal.send(keys);
        std::thread::sleep(Duration::from_millis(150));
    }
    terminal.send_bytes(&[b"\x1b[200~", &all.iter().copied().filter(|byte| *byte != 0x1b).collect::<Vec<_>>()[..], b"\x1b[201~"].concat());
    std::thread::sleep(Duration::from_millis(500));
    for keys in ["h", "G", "/", "Own page", "\x1b", "\x1b", "b"] {
        terminal.send(keys);
        std::thread::sleep(Duration::from_millis(200));
    }
    terminal.send("\x03");
    terminal.end();
    let raw = terminal.raw();
    assert!(raw.len() > 5_000, "the screen was drawn");
    assert_eq!(foreign(&raw), None);
}

/// Runs with an overlay that is a bomb: it must end soon, in little memory, with the embedded knowledge at work and the trouble told.
fn survives(what: &str, stage: &Stage, overlay: &str) {
    let (output, took) = stage.bounded(&["triage", "-", "--knowledge", overlay], b"SecItemAdd failed: -34018\n", 1_500_000, 30);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    println!(
        "{what}: {} ms, status {:?}, {}",
        took.as_millis(),
        output.status.code(),
        told.lines().next().unwrap_or("quiet").chars().take(140).collect::<String>()
    );
    assert!(matches!(output.status.code(), Some(0 | 2)), "{what}: {:?} {told}", output.status);
    assert!(output.status.code() == Some(0) || !told.is_empty());
    assert_eq!(unclean(&output.stdout).or(unclean(&output.stderr)), None, "{what}");
    assert!(took < Duration::from_secs(20), "{what}: {took:?}");
}

#[test]
fn bombs_in_overlays_are_bounded() {
    let stage = Stage::new();
    let with = |name: &str, text: &str| {
        stage.write(&format!("{name}/keychain/{name}.md"), text.as_bytes());
        stage.path(name).to_str().unwrap().to_owned()
    };
    let regex = |source: &str| page("bomb", "Bomb", "").replace("needle: SecItemAdd", &format!("needle: SecItemAdd, regex: '{source}'"));
    for (name, source) in [
        ("regex-size", "(a{1000}){1000}"),
        ("regex-nested", "((((((a+)+)+)+)+)+)+$"),
        ("regex-class", r"(\\w{1000}){20}"),
        ("regex-alternatives", &"(a|b|c)?".repeat(3_000)),
        ("regex-depth", &format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000))),
        ("regex-look", "(?=a)(?<!b)"),
    ] {
        survives(name, &stage, &with(name, &regex(source)));
    }
    let mut laughs = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..12 {
        let _ = writeln!(laughs, "a{level}: &a{level} [{}]", vec![format!("*a{}", level - 1); 9].join(", "));
    }
    survives("yaml-laughs", &stage, &with("yaml-laughs", &page("bomb", "Bomb", &laughs)));
    survives(
        "yaml-depth",
        &stage,
        &with("yaml-depth", &page("bomb", "Bomb", &format!("ask: {}{}\n", "[".repeat(100_000), "]".repeat(100_000)))),
    );
    survives(
        "yaml-maps",
        &stage,
        &with("yaml-maps", &page("bomb", "Bomb", &format!("ask: {}1{}\n", "{a: ".repeat(50_000), "}".repeat(50_000)))),
    );
    survives("yaml-self", &stage, &with("yaml-self", &page("bomb", "Bomb", "ask: &a [*a]\n")));
    survives(
        "yaml-keys",
        &stage,
        &with("yaml-keys", &page("bomb", "Bomb", &(0..100_000).map(|n| format!("k{n}: 1\n")).collect::<String>())),
    );
    stage.write("catalogue/codes/own.yaml", format!("domain: X\n{laughs}codes: *a11\n").as_bytes());
    survives("catalogue", &stage, stage.path("catalogue").to_str().unwrap());
    stage.write("tuning/overlay.yaml", format!("{laughs}disable: *a11\n").as_bytes());
    survives("tuning", &stage, stage.path("tuning").to_str().unwrap());
    let huge = page("huge", "Huge", "") + &"word ".repeat(20 << 20);
    survives("huge page", &stage, &with("huge", &huge));
    let quotes = page("deep", "Deep", "") + &"> ".repeat(200_000) + "x\n" + &"- ".repeat(100_000) + "\n" + &"[".repeat(100_000);
    survives("deep markdown", &stage, &with("deep", &quotes));
    for number in 0..3_000 {
        stage.write(&format!("many/keychain/p{number}.md"), page(&format!("p{number}"), "Many", "").as_bytes());
    }
    survives("many pages", &stage, stage.path("many").to_str().unwrap());
}

#[test]
fn paths_that_lead_elsewhere_are_not_followed_for_ever() {
    use std::os::unix::fs::symlink;
    let stage = Stage::new();
    stage.write("loops/keychain/fine.md", page("fine", "Fine", "").as_bytes());
    let loops = stage.path("loops");
    symlink(&loops, loops.join("again")).unwrap();
    symlink(loops.join("keychain"), loops.join("keychain/again")).unwrap();
    symlink(loops.join("self.md"), loops.join("self.md")).unwrap();
    symlink(loops.join("keychain/self.md"), loops.join("keychain/self.md")).unwrap();
    symlink("/dev/zero", loops.join("keychain/zero.md")).unwrap();
    symlink("/dev/stdin", loops.join("keychain/stdin.md")).unwrap();
    symlink("/", loops.join("root")).unwrap();
    assert!(Command::new("mkfifo").arg(loops.join("keychain/pipe.md")).status().unwrap().success());
    survives("links", &stage, loops.to_str().unwrap());
    for wrong in [
        "../../evil",
        "/tmp/evil",
        "keychain/../../evil",
        "keychain/..",
        "keychain/a/b",
        "\u{1b}[31m/x",
        "keychain/a\\..\\b",
        "keychain/.hidden",
        "keychain/a b",
    ] {
        let before = fs::read_dir(stage.folder.path()).unwrap().count();
        let output = stage.run("kb new", &["kb", "new", wrong, "--knowledge", loops.to_str().unwrap()], b"");
        assert_eq!(output.status.code(), Some(2), "{wrong}: {}", String::from_utf8_lossy(&output.stdout));
        assert_eq!(fs::read_dir(stage.folder.path()).unwrap().count(), before, "{wrong}");
    }
    for id in ["../../../etc/passwd", "..", "/etc/passwd", "keychain/fine.md"] {
        let output = stage.run("show", &["show", id], b"");
        assert!(!String::from_utf8_lossy(&output.stdout).contains("root:"), "{id}");
    }
    assert!(!Path::new("/tmp/evil.md").exists() && !Path::new("/tmp/evil").exists());
}

#[test]
fn bombs_in_what_is_pasted_are_bounded() {
    let stage = Stage::new();
    let deep = |open: &str, close: &str, times: usize| open.repeat(times) + &close.repeat(times);
    let bombs: Vec<(&str, Vec<u8>)> = vec![
        ("deep JSON", deep("[", "]", 200_000).into_bytes()),
        ("deep JSON objects", (r#"{"a":"#.repeat(100_000) + "1" + &"}".repeat(100_000)).into_bytes()),
        ("deep XML", format!("<?xml version=\"1.0\"?><plist>{}</plist>", deep("<dict><key>a</key>", "</dict>", 50_000)).into_bytes()),
        ("XML entities", b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]><plist><dict><key>&c;</key><string>&x;</string></dict></plist>".to_vec()),
        ("deep HTML", format!("<html>{}", deep("<div><b>", "</b></div>", 50_000)).into_bytes()),
        ("one long line", b"SecItemAdd failed: -34018 ".repeat(300_000)),
        ("letters that could be a token", b"eyJ".repeat(2_000_000)),
        ("colons", b"::".repeat(2_000_000)),
        ("points", b"a.".repeat(2_000_000)),
        ("at signs", b"a@".repeat(2_000_000)),
        ("dashes", b"-----BEGIN ".repeat(300_000)),
        ("quotes", b"password=\"".repeat(300_000)),
        ("escapes", b"\x1b[".repeat(2_000_000)),
        ("CBOR depth", [vec![0x81_u8; 200_000], vec![0x00]].concat()),
        ("zeros", vec![0; 8 << 20]),
    ];
    for (what, bytes) in &bombs {
        for command in [&["triage", "-"][..], &["inspect", "-"], &["redact", "-"], &["forum", "triage", "-"]] {
            let (output, took) = stage.bounded(command, bytes, 3_000_000, 60);
            println!("{what}, {} KiB, {}: {} ms", bytes.len() >> 10, command[0], took.as_millis());
            assert!(
                matches!(output.status.code(), Some(0..=2)),
                "{what} {command:?}: {:?} {}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            );
            assert_eq!(unclean(&output.stdout).or(unclean(&output.stderr)), None, "{what} {command:?}");
            assert!(!String::from_utf8_lossy(&output.stdout).contains("root:x"), "{what}");
        }
    }
}
