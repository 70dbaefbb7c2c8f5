//! No network: none in the crates that the program is made of, and no socket in a run of everything.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test ends where it cannot go on.

mod terminal;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use terminal::Terminal;

/// Crates that open sockets, speak a protocol of the net, resolve names, or drive such crates. None of them may be in the program.
const NETWORK: &[(&str, &str)] = &[
    ("reqwest", "HTTP client"),
    ("hyper", "HTTP"),
    ("hyper-util", "HTTP"),
    ("ureq", "HTTP client"),
    ("attohttpc", "HTTP client"),
    ("minreq", "HTTP client"),
    ("isahc", "HTTP client"),
    ("curl", "libcurl"),
    ("curl-sys", "libcurl"),
    ("surf", "HTTP client"),
    ("h2", "HTTP/2"),
    ("h3", "HTTP/3"),
    ("quinn", "QUIC"),
    ("tungstenite", "WebSocket"),
    ("tokio", "an async runtime with sockets"),
    ("async-std", "an async runtime with sockets"),
    ("smol", "an async runtime with sockets"),
    ("async-io", "sockets for async code"),
    ("async-net", "sockets for async code"),
    ("socket2", "raw sockets"),
    ("net2", "raw sockets"),
    ("native-tls", "TLS"),
    ("openssl", "TLS"),
    ("openssl-sys", "TLS"),
    ("rustls", "TLS"),
    ("schannel", "TLS of Windows"),
    ("security-framework", "TLS and keychain of macOS"),
    ("trust-dns-resolver", "DNS"),
    ("hickory-resolver", "DNS"),
    ("lettre", "mail"),
    ("ssh2", "SSH"),
    ("libssh2-sys", "SSH"),
    ("git2", "fetches from the net"),
    ("self_update", "updates itself from the net"),
    ("sentry", "reports home"),
    ("opentelemetry-otlp", "reports home"),
    ("zmq", "message sockets"),
    ("tonic", "gRPC"),
    ("actix-web", "a server"),
    ("axum", "a server"),
    ("tiny_http", "a server"),
    ("warp", "a server"),
];

/// Crates that could open a socket and are here for something else: why, and the feature that would turn the sockets on and must be off.
const COULD: &[(&str, &str, &str)] = &[
    ("mio", "crossterm waits for keys with it (epoll, kqueue); its sockets stand behind the feature `net`", "net"),
    ("rustix", "modes of the terminal; its sockets stand behind the feature `net`", "net"),
    ("nix", "its sockets stand behind the feature `socket`", "socket"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn table(file: &str) -> toml::Table {
    std::fs::read_to_string(root().join(file)).unwrap().parse().unwrap()
}

/// Every crate of the program on every platform, by the lock file: what `[dependencies]` and `[build-dependencies]` reach.
fn program() -> BTreeSet<String> {
    let manifest = table("Cargo.toml");
    let mut next: Vec<String> = Vec::new();
    for section in ["dependencies", "build-dependencies"] {
        for (name, value) in manifest[section].as_table().unwrap() {
            next.push(value.get("package").and_then(toml::Value::as_str).unwrap_or(name).to_owned());
        }
    }
    assert!(manifest.get("target").is_none(), "dependencies of one platform are to be walked here too");
    let lock = table("Cargo.lock");
    let mut edges: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in lock["package"].as_array().unwrap() {
        let below = package.get("dependencies").and_then(toml::Value::as_array).into_iter().flatten();
        let below = below.map(|one| one.as_str().unwrap().split(' ').next().unwrap().to_owned());
        edges.entry(package["name"].as_str().unwrap().to_owned()).or_default().extend(below);
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = next.pop() {
        if seen.insert(name.clone()) {
            next.extend(edges.get(&name).unwrap_or_else(|| panic!("{name} is not in the lock file")).iter().cloned());
        }
    }
    seen
}

#[test]
fn no_crate_of_the_program_speaks_to_the_net() {
    let program = program();
    assert!(program.len() > 100 && program.contains("mio") && program.contains("tantivy"), "the test itself finds crates: {program:?}");
    let wrong: Vec<_> = NETWORK.iter().filter(|(name, _)| program.contains(*name)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The features with which the crates of the program are built here.
#[test]
fn crates_that_could_open_sockets_are_built_without() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let tree = |arguments: &[&str]| {
        let output =
            Command::new(&cargo).current_dir(root()).args(["tree", "--offline", "--locked", "-e", "normal,build"]).args(arguments).output();
        output.ok().filter(|output| output.status.success()).map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let Some(tree) = tree(&["--prefix", "none", "--no-dedupe", "-f", "{p} [{f}]"]) else {
        eprintln!("skipped: `cargo tree --offline` does not run here");
        return;
    };
    assert!(tree.contains("mio v"), "{tree}");
    for (name, why, feature) in COULD {
        for line in tree.lines().filter(|line| line.starts_with(&format!("{name} v"))) {
            let features = line.rsplit('[').next().unwrap_or("").trim_end_matches([']', ' ', '(', '*', ')']);
            assert!(!features.split(',').any(|on| on.trim() == *feature), "{name} is built with `{feature}` ({why}): {line}");
        }
    }
}

const LOG: &str = "2026-11-22 10:00:01.300000+0100 Notes[512:1a2b3] [Keychain] SecItemAdd failed: -34018\nclient_secret invalid_client https://appleid.apple.com/auth/token\n";

fn strace() -> bool {
    let found = Command::new("strace").args(["-f", "-e", "trace=network", "true"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// The calls of a trace that make a socket, by family.
fn sockets(trace: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(trace).unwrap();
    assert!(text.contains("+++ exited with"), "the trace is whole: {text}");
    text.lines()
        .filter(|line| ["socket(", "connect(", "bind(", "sendto(", "sendmsg(", "listen("].iter().any(|call| line.contains(call)))
        .map(str::to_owned)
        .collect()
}

/// None to the net; and of the sockets of this machine (`AF_UNIX`) only the pair by which a signal wakes the screen's loop.
fn assert_offline(what: &str, trace: &Path) {
    let made = sockets(trace);
    let wrong: Vec<_> =
        made.iter().filter(|line| !line.contains("AF_UNIX") || line.contains("connect(") || line.contains("bind(")).collect();
    assert!(wrong.is_empty(), "{what}: {wrong:#?}");
    println!("{what}: no socket to the net; calls about sockets of this machine: {}", made.len());
}

#[test]
fn no_socket_is_opened_by_any_command() {
    if !strace() {
        eprintln!("skipped: no strace that works on this machine");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    std::fs::write(path("a.log"), LOG).unwrap();
    std::fs::write(path("token.jwt"), "eyJhbGciOiJFUzI1NiIsImtpZCI6IkFCQzEyM0RFRkcifQ.eyJpc3MiOiJBQkNERTEyMzQ1IiwiYXVkIjoiaHR0cHM6Ly9hcHBsZWlkLmFwcGxlLmNvbSJ9.c2lnbmF0dXJl").unwrap();
    std::fs::write(path("page.txt"), format!("Keychain add fails on device\n{LOG}")).unwrap();
    let log = path("a.log");
    let (token, page, state, map) = (path("token.jwt"), path("page.txt"), path("state"), path("case.map"));
    let runs: &[&[&str]] = &[
        &["triage", &log],
        &["triage", &log, "--format", "markdown"],
        &["triage", &log, "--format", "json"],
        &["explain", "-34018"],
        &["search", "keychain background"],
        &["show", "keychain-entitlement-missing"],
        &["list"],
        &["inspect", &token, &log],
        &["redact", &log, "--map", &map],
        &["forum", "triage", &page],
        &["forum", "import", "--state-dir", &state, &page],
        &["forum", "list", "--state-dir", &state],
        &["forum", "stats", "--state-dir", &state],
    ];
    for (number, arguments) in runs.iter().enumerate() {
        let trace = folder.path().join(format!("trace{number}"));
        let output = Command::new("strace")
            .args(["-f", "-qq", "-e", "trace=network", "-e", "signal=none", "-o"])
            .arg(&trace)
            .arg(env!("CARGO_BIN_EXE_pitfall"))
            .args(*arguments)
            .env_clear()
            .env("HOME", folder.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        // 0 found, 1 nothing found: it ran.
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let mut text = std::fs::read_to_string(&trace).unwrap();
        text.push_str("+++ exited with 0 +++\n"); // `-qq` leaves it out
        std::fs::write(&trace, text).unwrap();
        assert_offline(&arguments.join(" "), &trace);
    }
}

#[test]
fn no_socket_is_opened_by_the_screen() {
    if !strace() {
        eprintln!("skipped: no strace that works on this machine");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let trace: PathBuf = folder.path().join("trace");
    let mut command = portable_pty::CommandBuilder::new("strace");
    command.args(["-f", "-e", "trace=network", "-o"]);
    command.arg(&trace);
    command.arg(env!("CARGO_BIN_EXE_pitfall"));
    let mut terminal = Terminal::start(command, folder.path(), (120, 40));
    terminal.wait("What went wrong");
    terminal.send(&format!("\x1b[200~{LOG}\x1b[201~"));
    terminal.wait("-34018");
    terminal.send("Y");
    terminal.send("/");
    terminal.wait("an error code, a symbol");
    terminal.send("keychain");
    terminal.wait("eychain");
    terminal.send("\x1b");
    std::thread::sleep(std::time::Duration::from_millis(300));
    terminal.send("\x1b");
    terminal.send("b");
    terminal.wait("Topics");
    terminal.send("Q");
    terminal.wait("queue");
    terminal.send("\x03");
    assert!(terminal.end().success());
    assert_offline("the screen", &trace);
}
