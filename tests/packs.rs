//! Knowledge packs with the real program: precedence, where pages are from, tuning that holds through updates, `kb packs`, `kb diff`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test ends where it cannot go on.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A page that is built in, one of its aliases-to-be in packs, and its text for rules.
const KNOWN: &str = "keychain-entitlement-missing";

fn run(args: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::cargo_bin("pitfall").unwrap();
    let output = command.env_clear().env("HOME", "/nonexistent").args(args).write_stdin(input).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(args: &[&str], input: &str) -> Value {
    let (_, out, err) = run(&[args, &["--format", "json"]].concat(), input);
    serde_json::from_str(out.lines().next().unwrap_or_default()).unwrap_or_else(|_| panic!("{args:?}: {out}{err}"))
}

/// A document against its schema.
fn conforms(name: &str, document: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema").join(format!("{name}.json"));
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let wrong: Vec<String> = validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{name}: {wrong:#?}");
}

fn page(id: &str, title: &str) -> String {
    format!(
        "---\nid: {id}\ntitle: {title}\ntopic: keychain\nseverity: high\nstatus: stable\n\
         summary: The vault of this team refuses the token and says so in a line of its own.\naliases: [{id}-old]\n\
         patterns:\n  - {{id: vault, needle: TeamVaultRefused}}\n  - {{id: fatal, needle: vault is fatal}}\n\
         rules:\n  - {{all: [vault, fatal], within: 5, confidence: certain}}\n  - {{all: [vault], unless: [fatal], confidence: likely}}\n\
         references:\n  - {{title: The handbook of the team}}\nreviewed: 2026-11-22\n---\n\
         ## Symptom\nThe line `TeamVaultRefused`.\n## Cause\nThe token is too old.\n## Remediation\n\
         - [ ] Ask for another token. {{#ask}}\n- [ ] Start again. {{#start}}\n## Self-tests\n\
         ```log match=vault,fatal confidence=certain\nTeamVaultRefused\nvault is fatal\n```\n\
         ```log match=vault confidence=likely\nTeamVaultRefused here\n```\n\
         ```log silent\nvault is fatal, it says\n```\n```log silent\nthe vault is fatal again\n```\n"
    )
}

/// A folder with these files.
fn pack(root: &Path, name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = root.join(name);
    fs::create_dir_all(&folder).unwrap();
    for (path, text) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

const FIRST: &str = "name: Platform\nversion: \"1.10\"\nowner: Ana\ndescription: What the platform team knows.\n";
const SECOND: &str = "name: Payments\nversion: \"0.2\"\nowners: [Bo, Cy]\n";

#[test]
fn the_later_pack_has_the_last_word_and_every_page_says_whose_it_is() {
    let root = tempfile::tempdir().unwrap();
    let first = pack(root.path(), "a", &[("pack.yaml", FIRST), ("keychain/team-vault.md", &page("team-vault", "Of platform"))]);
    let mine = page(KNOWN, "Ours");
    let second = pack(
        root.path(),
        "b",
        &[
            ("pack.yaml", SECOND),
            ("keychain/team-vault.md", &page("team-vault", "Of payments")),
            (&format!("keychain/{KNOWN}.md"), &mine),
            (
                "codes/team.yaml",
                "domain: TeamVaultDomain\ncodes:\n  - {code: 7, name: vaultRefused, meaning: The vault refuses., source: us}\n",
            ),
            ("README.md", "about"),
            ("docs/how.md", "about"),
            ("keychain/README.md", "about"),
            (".git/keychain/x.md", "not read"),
            (".git/HEAD", "ref: x"),
        ],
    );
    let (a, b) = (first.to_str().unwrap(), second.to_str().unwrap());
    let both = ["--knowledge", a, "--knowledge", b];
    let shown = json(&[&["show", "team-vault"][..], &both].concat(), "");
    conforms("show", &shown);
    assert_eq!(
        (&shown["title"], &shown["origin"]["name"], &shown["origin"]["version"]),
        (&"Of payments".into(), &"Payments".into(), &"0.2".into())
    );
    assert_eq!((shown["replaces"][0]["name"].as_str(), shown["replaces"].as_array().unwrap().len()), (Some("Platform"), 1));
    let other_way = json(&["show", "team-vault", "--knowledge", b, "--knowledge", a], "");
    assert_eq!((&other_way["title"], &other_way["replaces"][0]["name"]), (&"Of platform".into(), &"Payments".into()));

    let (_, text, err) = run(&[&["show", KNOWN][..], &both].concat(), "");
    assert!(text.contains("from Payments 0.2 (Bo, Cy) · replaces what is built in"), "{text}");
    assert_eq!(err, "", "what stands beside the knowledge in a checkout is left alone");
    let (_, text, _) = run(&["show", KNOWN], "");
    assert!(text.contains("\nbuilt in\n"), "{text}");

    let packs = json(&[&["kb", "packs"][..], &both].concat(), "");
    conforms("kb-packs", &packs);
    let list = packs["packs"].as_array().unwrap();
    assert_eq!(list.iter().map(|one| one["name"].as_str().unwrap()).collect::<Vec<_>>(), ["Platform", "Payments"]);
    assert_eq!(list[0]["pages"]["added"], serde_json::json!(["team-vault"]));
    assert_eq!(list[1]["pages"]["replaced"], serde_json::json!([KNOWN, "team-vault"]));
    assert_eq!(list[1]["codes"]["added"], serde_json::json!(["TeamVaultDomain:7"]));
    let (_, text, _) = run(&[&["kb", "packs"][..], &both].concat(), "");
    assert!(text.contains("1. Platform 1.10 · Ana") && text.contains("2. Payments 0.2 · Bo, Cy"), "{text}");

    let book = root.path().join("book");
    run(&[&["kb", "book", book.to_str().unwrap()][..], &both].concat(), "");
    let html = fs::read_to_string(book.join("page/team-vault.html")).unwrap();
    assert!(html.contains("from Payments 0.2 (Bo, Cy) · replaces that of Platform 1.10"), "{html}");
    assert!(!html.contains(root.path().to_str().unwrap()), "a book that is handed on names no folder of its maker");
}

#[test]
fn tuning_lowers_levels_and_adds_notes_and_the_pages_own_tests_still_pass() {
    let root = tempfile::tempdir().unwrap();
    let team = pack(root.path(), "team", &[("pack.yaml", FIRST), ("keychain/team-vault.md", &page("team-vault", "The vault refuses"))]);
    let team = team.to_str().unwrap();
    let log = "App[5] TeamVaultRefused\nApp[5] vault is fatal\n";
    let level = |more: &[&str]| {
        let found = json(&[&["triage", "-", "--knowledge", team][..], more].concat(), log);
        let one = found["findings"].as_array().unwrap().iter().find(|one| one["id"] == "team-vault").unwrap().clone();
        (one["severity"].as_str().unwrap().to_owned(), one["confidence"].as_str().unwrap().to_owned())
    };
    assert_eq!(level(&[]), ("high".into(), "certain".into()));
    let local = pack(
        root.path(),
        "local",
        &[(
            "overlay.yaml",
            "severity:\n  team-vault-old: noise\nconfidence:\n  team-vault-old: possible\nnotes:\n  team-vault: |\n    Call **Bo** first, see `vault.txt`.\n  gone-page: x\n",
        )],
    );
    let local = local.to_str().unwrap();
    assert_eq!(level(&["--knowledge", local]), ("noise".into(), "possible".into()));
    let higher = pack(root.path(), "higher", &[("overlay.yaml", "confidence: {team-vault: certain}")]);
    assert_eq!(level(&["--knowledge", local, "--knowledge", higher.to_str().unwrap()]).1, "possible", "lowered is never raised");

    let both = ["--knowledge", team, "--knowledge", local];
    let (_, text, err) = run(&[&["show", "team-vault"][..], &both].concat(), "");
    assert!(
        text.contains("Note of local\n\nCall **Bo** first")
            && text.contains("severity noise, not high, by local · at most possible by local"),
        "{text}"
    );
    assert_eq!(err, "", "a stale id is told by kb check and kb packs only");
    let (_, text, _) = run(&[&["show", "team-vault", "--format", "markdown"][..], &both].concat(), "");
    assert!(text.trim_end().ends_with("Call **Bo** first, see `vault.txt`."), "{text}");
    conforms("show", &json(&[&["show", "team-vault"][..], &both].concat(), ""));

    let (status, text, _) = run(&[&["kb", "check"][..], &both].concat(), "");
    assert_eq!(status, 0, "tuned pages pass their own tests, and a warning fails nothing: {text}");
    assert!(text.contains("local/overlay.yaml:8:3: K30 warning: cannot add a note to `gone-page`: no such page"), "{text}");
    assert!(text.contains("1 warnings, 0 problems"), "{text}");
    let checked = json(&[&["kb", "check"][..], &both].concat(), "");
    conforms("kb-check", &checked);
    assert_eq!(checked["problems"][0]["warning"], true);
    let (_, text, _) = run(&[&["kb", "packs"][..], &both].concat(), "");
    assert!(text.contains("tunes severity of team-vault-old: noise") && text.contains("gone-page"), "{text}");
}

#[test]
fn what_is_disabled_by_a_team_is_no_dead_link_of_the_pages_built_in() {
    let root = tempfile::tempdir().unwrap();
    let local = pack(root.path(), "local", &[("overlay.yaml", &format!("disable: [{KNOWN}]"))]);
    let local = local.to_str().unwrap();
    let checked = json(&["kb", "check", "--knowledge", local], "");
    let dead: Vec<_> = checked["problems"].as_array().unwrap().iter().filter(|problem| problem["code"] == "K21").collect();
    assert!(dead.is_empty(), "{dead:#?}");
    assert_eq!(run(&["show", KNOWN, "--knowledge", local], "").0, 1);
    let named = page("team-vault", "t").replace("reviewed:", &format!("related: [{KNOWN}]\nreviewed:"));
    let own = pack(root.path(), "own", &[("overlay.yaml", &format!("disable: [{KNOWN}]")), ("keychain/team-vault.md", &named)]);
    let (status, text, _) = run(&["kb", "check", "--knowledge", own.to_str().unwrap()], "");
    assert!(status == 1 && text.contains(&format!("K21 no page `{KNOWN}`")), "a pack that names what it disables: {text}");
}

#[test]
fn faults_are_told_with_their_place_and_stop_nothing() {
    let root = tempfile::tempdir().unwrap();
    for (file, text, told) in [
        ("pack.yaml", "name: A\nowner: b\nverson: x\n", "pack.yaml:3:1: K02 unknown field `verson`"),
        ("overlay.yaml", "disabel: [x]\n", "overlay.yaml:1:1: K02 unknown field `disabel`"),
        (
            "overlay.yaml",
            "severity:\n  keychain-entitlement-missing: hihg\n",
            "overlay.yaml:2:3: K05 unknown severity `hihg`; did you mean `high`?",
        ),
        ("overlay.yaml", "confidence:\n  keychain-entitlement-missing: sure\n", "overlay.yaml:2:3: K05 unknown confidence `sure`"),
        ("overlay.yaml", "notes:\n  keychain-entitlement-missing: ''\n", "overlay.yaml:2:3: K25 the note"),
    ] {
        let folder = pack(root.path(), &format!("f{}", fs::read_dir(root.path()).unwrap().count()), &[(file, text)]);
        let (status, out, err) = run(&["show", KNOWN, "--knowledge", folder.to_str().unwrap()], "");
        assert!(status == 0 && !out.is_empty() && err.contains(told), "{told}: {err}");
    }
    let (_, _, err) = run(&["show", KNOWN, "--knowledge", root.path().join("f0").to_str().unwrap()], "");
    assert!(err.contains("Did you mean `version`?"), "{err}");
    let hostile = pack(
        root.path(),
        "hostile",
        &[("pack.yaml", "name: \"A\\e[31mB\"\nowner: x\n"), ("overlay.yaml", "notes: {keychain-entitlement-missing: \"x\\e]0;t\\ay\"}\n")],
    );
    for args in [&["show", KNOWN][..], &["kb", "packs"], &["kb", "diff", hostile.to_str().unwrap()]] {
        let (_, out, err) = run(&[args, &["--knowledge", hostile.to_str().unwrap()]].concat(), "");
        assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'), "{out}{err}");
    }
}

#[test]
fn two_versions_of_a_pack_are_compared() {
    let root = tempfile::tempdir().unwrap();
    let before = page("team-vault", "The vault refuses");
    let after = before
        .replace("severity: high", "severity: low")
        .replace("confidence: likely}", "confidence: possible}")
        .replace("Start again.", "Start once more.");
    let code =
        |meaning: &str| format!("domain: TeamVaultDomain\ncodes:\n  - {{code: 7, name: vaultRefused, meaning: {meaning}, source: us}}\n");
    let old = pack(
        root.path(),
        "1",
        &[
            ("keychain/team-vault.md", &before),
            ("keychain/team-gone.md", &page("team-gone", "Gone")),
            ("codes/team.yaml", &code("It refuses.")),
            ("overlay.yaml", "severity: {x-page: low}"),
        ],
    );
    let new = pack(
        root.path(),
        "2",
        &[
            ("keychain/team-vault.md", &after),
            ("keychain/team-new.md", &page("team-new", "New")),
            ("codes/team.yaml", &code("It refuses you.")),
            ("overlay.yaml", "severity: {x-page: high}\nnotes: {y-page: z}"),
        ],
    );
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let document = json(&["kb", "diff", old, new], "");
    conforms("kb-diff", &document);
    let rows = |key: &str| -> Vec<String> {
        let row = |one: &Value| {
            let parts: Vec<&str> = one["parts"].as_array().unwrap().iter().map(|part| part["part"].as_str().unwrap()).collect();
            format!("{} {} {}", one["change"].as_str().unwrap(), one["id"].as_str().unwrap(), parts.join(",")).trim_end().to_owned()
        };
        document[key].as_array().unwrap().iter().map(row).collect()
    };
    assert_eq!(rows("pages"), ["removed team-gone", "added team-new", "changed team-vault severity,rules,steps"].map(str::to_owned));
    assert_eq!(rows("codes"), ["changed TeamVaultDomain:7 vaultRefused meaning"]);
    assert_eq!(rows("tuning"), ["added notes y-page", "changed severity x-page value"]);
    let (status, text, err) = run(&["kb", "diff", old, new], "");
    assert!(
        status == 0 && err.is_empty() && text.contains("severity: “high” → “low”") && text.contains("also: rules, steps"),
        "{text}{err}"
    );
    let (status, text, _) = run(&["kb", "diff", old, old], "");
    assert_eq!((status, text.lines().last()), (1, Some("No difference.")));
    assert_eq!(run(&["kb", "diff", old, "/nonexistent"], "").0, 2);

    let local = pack(
        root.path(),
        "local",
        &[("overlay.yaml", &format!("severity: {{{KNOWN}: low}}\nconfidence: {{{KNOWN}: possible}}\nnotes: {{{KNOWN}: Ask us.}}\n"))],
    );
    let (status, text, _) = run(&["kb", "diff", local.to_str().unwrap()], "");
    assert!(
        status == 0 && text.contains("Pages: 1 changed") && text.contains("“at most possible”") && text.contains("also: notes"),
        "{text}"
    );
}
