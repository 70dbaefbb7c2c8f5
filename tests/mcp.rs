//! `pitfall mcp` as its clients drive it: raw JSON-RPC over the two standard streams of a real process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::format_collect
)] // A test ends where it cannot go on.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A client and its server.
struct Client {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    next: i64,
}

impl Client {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pitfall"))
            .arg("mcp")
            .args(args)
            .env_clear()
            .env("HOME", "/nonexistent")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let to = child.stdin.take();
        let from = BufReader::new(child.stdout.take().unwrap());
        let mut client = Self { child, to, from, next: 0 };
        let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
        let answer = client.ask("initialize", &hello);
        assert_eq!(answer["result"]["serverInfo"]["name"], "pitfall", "{answer}");
        assert_eq!(answer["result"]["protocolVersion"], "2025-06-18");
        assert!(answer["result"]["capabilities"]["tools"].is_object() && answer["result"]["capabilities"]["resources"].is_object());
        assert!(answer["result"]["instructions"].as_str().unwrap().contains("`triage`"));
        client.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        client
    }

    fn send(&mut self, message: &Value) {
        let to = self.to.as_mut().unwrap();
        writeln!(to, "{message}").unwrap();
        to.flush().unwrap();
    }

    /// Sends a request and returns its answer.
    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.from.read_line(&mut line).unwrap() > 0, "the server went away after {method}");
            let answer: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            if answer["id"] == id {
                return answer;
            }
        }
    }

    /// The text of a tool's answer, and whether it is an error.
    fn call(&mut self, tool: &str, arguments: &Value) -> (String, bool) {
        let answer = self.ask("tools/call", &json!({"name": tool, "arguments": arguments}));
        let result = &answer["result"];
        let text = result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        (text, result["isError"].as_bool().unwrap_or(false))
    }

    /// Closes the line; the server ends by itself and well.
    fn end(mut self) {
        drop(self.to.take());
        let status = self.child.wait().unwrap();
        assert_eq!(status.code(), Some(0));
    }
}

const LOG: &str = "2026-11-22 10:00:00.1+0100 Notes[512:1a] Error Domain=NSOSStatusErrorDomain Code=-34018 \"Client has neither application-identifier nor keychain-access-groups entitlements\"";

#[test]
fn tools_are_told_with_schemas_and_hints() {
    let mut client = Client::start(&[]);
    let answer = client.ask("tools/list", &json!({}));
    let tools = answer["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["triage", "explain", "search", "show", "inspect"]);
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert_eq!(tool["annotations"]["openWorldHint"], false, "{tool}");
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{tool}");
        jsonschema::validator_for(&tool["inputSchema"]).expect("the schema is one");
    }
    client.end();
}

#[test]
fn triage_finds_what_the_command_finds() {
    let mut client = Client::start(&[]);
    let (text, error) = client.call("triage", &json!({"text": LOG}));
    assert!(!error && text.contains("`keychain-entitlement-missing`") && text.contains("- [ ] "), "{text}");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), LOG).unwrap();
    let (from_file, _) = client.call("triage", &json!({"path": file.path()}));
    assert_eq!(from_file, text, "a file's words are the same words");
    let (one, _) = client.call("triage", &json!({"text": format!("{LOG}\nSecItemCopyMatching -25308 SecItemDelete"), "limit": 1}));
    assert_eq!(one.matches("\n## ").count() - one.matches("\n## Collect").count() - one.matches("\n## Looks").count(), 1, "{one}");
    client.end();
}

#[test]
fn the_other_tools_answer() {
    let mut client = Client::start(&[]);
    let (text, _) = client.call("explain", &json!({"terms": ["-34018", "no-such-thing-at-all"]}));
    assert!(text.contains("errSecMissingEntitlement") && text.contains("Nothing is known of `no-such-thing-at-all`"), "{text}");
    let (text, _) = client.call("search", &json!({"words": "keychain background", "limit": 3}));
    assert!(text.contains("keychain"), "{text}");
    let (text, error) = client.call("show", &json!({"id": "keychain-entitlement-missing"}));
    assert!(!error && text.contains("## Remediation") && !text.contains("## Self-tests"), "{text}");
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwiZXhwIjoxNzAwMDAwMDAwfQ.c2lnbmF0dXJl";
    let (text, error) = client.call("inspect", &json!({"inputs": [{"text": token, "name": "token"}], "now": "2026-11-22"}));
    assert!(!error && text.contains("HS256") && !text.contains("c2lnbmF0dXJl"), "decoded, its signature not repeated: {text}");
    client.end();
}

#[test]
fn resources_are_listed_in_pages_and_read() {
    let mut client = Client::start(&[]);
    let mut uris: Vec<String> = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let params = if cursor.is_null() { json!({}) } else { json!({"cursor": cursor}) };
        let answer = client.ask("resources/list", &params);
        uris.extend(answer["result"]["resources"].as_array().unwrap().iter().map(|one| one["uri"].as_str().unwrap().to_owned()));
        cursor = answer["result"]["nextCursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert!(uris.len() > 500, "{}", uris.len());
    let mut once = uris.clone();
    once.sort();
    once.dedup();
    assert_eq!(once, uris, "each once, in order");
    assert!(uris.iter().any(|uri| uri == "pitfall://page/keychain-entitlement-missing"));
    let answer = client.ask("resources/read", &json!({"uri": "pitfall://page/keychain-entitlement-missing"}));
    let content = &answer["result"]["contents"][0];
    assert_eq!(content["mimeType"], "text/markdown");
    assert!(content["text"].as_str().unwrap().contains("## Remediation"));
    let answer = client.ask("resources/read", &json!({"uri": "pitfall://code/-34018"}));
    assert!(answer["result"]["contents"][0]["text"].as_str().unwrap().contains("errSecMissingEntitlement"), "{answer}");
    let answer = client.ask("resources/templates/list", &json!({}));
    assert_eq!(answer["result"]["resourceTemplates"].as_array().unwrap().len(), 3);
    client.end();
}

#[test]
fn mistakes_get_one_sentence_and_the_server_goes_on() {
    let mut client = Client::start(&["--no-files"]);
    for (tool, arguments, words) in [
        ("triage", json!({}), "give either `text` or `path`"),
        ("triage", json!({"txt": "x"}), "unknown field `txt`"),
        ("triage", json!({"text": "x", "topic": "keychian"}), "did you mean `keychain`?"),
        ("triage", json!({"path": "/etc/hosts"}), "--no-files"),
        ("explain", json!({"terms": []}), "between 1 and"),
        ("show", json!({"id": "keychain-entitlement-mising"}), "Did you mean `keychain-entitlement-missing`?"),
        ("inspect", json!({"inputs": [{}]}), "input 1: give either"),
    ] {
        let (text, error) = client.call(tool, &arguments);
        assert!(error && text.contains(words) && !text.contains('\n'), "{tool} {arguments}: {text}");
    }
    let answer = client.ask("tools/call", &json!({"name": "delete", "arguments": {}}));
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    let answer = client.ask("resources/read", &json!({"uri": "pitfall://page/keychain-entitlement-mising"}));
    assert!(answer["error"]["message"].as_str().unwrap().contains("did you mean pitfall://page/keychain-entitlement-missing?"), "{answer}");
    let answer = client.ask("resources/list", &json!({"cursor": "x"}));
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    let answer = client.ask("no/such/method", &json!({}));
    assert_eq!(answer["error"]["code"], -32601, "{answer}");
    client.send(&json!("no request at all"));
    let (text, _) = client.call("explain", &json!({"terms": ["-34018"]}));
    assert!(text.contains("errSecMissingEntitlement"));
    client.end();
}

#[test]
fn answers_are_bounded_whatever_the_input() {
    let mut client = Client::start(&[]);
    let long: String = (0..20_000).map(|at| format!("Notes[{at}] SecItemAdd failed: -34018 \u{1b}[31m{}\n", "x".repeat(40))).collect();
    let (text, _) = client.call("triage", &json!({"text": long, "limit": 20}));
    assert!(text.chars().count() < 33_000 && text.contains("keychain-entitlement-missing"), "{}", text.len());
    assert!(!text.contains('\u{1b}'));
    client.end();
}
