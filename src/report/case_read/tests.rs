//! Documents of cases: our own come back as they were, anything else is refused with a sentence or made harmless.

use super::*;
use crate::report::case_text::{age, case_text};
use crate::report::{Paint, case_html, case_json, case_markdown};
use serde_json::json;

fn whole() -> Dossier {
    Dossier {
        key: "abcdef".into(),
        title: "a title".into(),
        name: "a.log".into(),
        state: CaseState::Waiting,
        kept: Some(Kept::Input),
        imported: true,
        created: 5,
        seen: 7,
        inputs: vec![
            KeptInput { name: "a.log".into(), form: "unified-log".into(), bytes: 3, lines: 1, text: Some(b"abc".to_vec()) },
            KeptInput { name: "b.bin".into(), form: "artifact".into(), bytes: 2, lines: 1, text: Some(vec![0xff, 0xfe]) },
        ],
        runs: vec![Run {
            at: 6,
            program: "0.1.0".into(),
            knowledge: "2026-11-22+00".into(),
            findings: vec![RunFinding {
                id: "x".into(),
                title: "X".into(),
                topic: "keychain".into(),
                severity: Severity::High,
                confidence: Confidence::Likely,
                why: "because".into(),
                filled: true,
                evidence: vec![RunEvidence { input: 1, line: 2, text: "t".into(), pattern: "p".into() }],
                more_evidence: 3,
                checklist: vec![RunStep { id: "s".into(), text: "Do".into(), command: "ls".into(), expect: String::new(), filled: true }],
                ask: vec!["Why?".into()],
                references: vec![Reference { title: "R".into(), url: Some("https://developer.apple.com/x".into()) }],
            }],
            facts: vec![RunFact {
                kind: "error".into(),
                code: Some("-1".into()),
                fields: vec![("a".into(), "b".into())],
                count: 2,
                ..RunFact::default()
            }],
            more_facts: 4,
            ask: vec!["What?".into()],
        }],
        steps: vec![StepTick { page: "x".into(), step: "s".into(), state: StepState::Skipped, note: "n".into() }],
    }
}

#[test]
fn a_case_comes_back_as_it_was() {
    let document = case_json(&whole(), false);
    assert_eq!((document["id"].as_str(), document["missing"][1].as_str()), (Some("abcdef"), Some("Why?")));
    let back = read_case(document.to_string().as_bytes()).unwrap();
    assert_eq!(back, Dossier { key: String::new(), ..whole() });
    let run = crate::report::run_json(&whole().runs[0]).to_string();
    assert_eq!(read_run(&run).as_ref(), whole().runs.first());
    assert_eq!(read_run("{"), None);
}

fn refused(change: impl FnOnce(&mut Value)) -> String {
    let mut document = case_json(&whole(), false);
    change(&mut document);
    read_case(document.to_string().as_bytes()).unwrap_err()
}

#[test]
fn what_is_no_case_is_refused_with_a_sentence() {
    assert!(read_case(b"").unwrap_err().contains("no JSON"));
    assert!(read_case(b"[]").unwrap_err().contains("pitfall-case"));
    assert!(read_case(&vec![b'['; 1_000_000]).unwrap_err().contains("no JSON"), "no depth of brackets ends the program");
    assert!(read_case(&vec![b' '; LARGEST_CASE + 1]).unwrap_err().contains("MiB"));
    assert!(refused(|value| value["schema"] = json!(2)).contains("newer pitfall"));
    assert!(refused(|value| value["schema"] = json!("x")).contains("schema"));
    assert!(refused(|value| value["state"] = json!("\u{1b}[31mevil")).contains("state"));
    assert!(!refused(|value| value["state"] = json!("\u{1b}[31mevil")).contains('\u{1b}'));
    assert!(refused(|value| value["runs"][0]["findings"][0]["severity"] = json!(5)).contains("runs[0].findings[0].severity"));
    assert!(refused(|value| value["runs"] = json!("x")).contains("no list"));
    assert!(refused(|value| value["inputs"] = json!(vec![0; 100])).contains("at most 64"));
    assert!(refused(|value| value["title"] = json!("x".repeat(100_000))).contains("KiB"));
    assert!(refused(|value| value["inputs"][1]["base64"] = json!("***")).contains("base64"));
}

#[test]
fn what_a_document_does_not_tell_of_is_not_taken() {
    let mut document = case_json(&whole(), false);
    document["kept"] = json!("facts");
    assert!(read_case(document.to_string().as_bytes()).unwrap().inputs.iter().all(|input| input.text.is_none()));
}

/// Texts that would be code somewhere.
const EVIL: &str = "</pre><script>alert(1)</script><img src=x onerror=y>\" onclick='z' \u{1b}]8;;http://x\u{7}\u{202e}```\n# heading";

fn hostile() -> Dossier {
    let mut case = whole();
    for text in [&mut case.title, &mut case.name, &mut case.steps[0].note] {
        EVIL.clone_into(text);
    }
    let input = &mut case.inputs[0];
    (input.name, input.form) = (EVIL.into(), EVIL.into());
    case.inputs[0].text = Some(EVIL.into());
    let run = &mut case.runs[0];
    EVIL.clone_into(&mut run.knowledge);
    run.ask = vec![EVIL.into()];
    let finding = &mut run.findings[0];
    for text in [&mut finding.title, &mut finding.topic, &mut finding.why] {
        EVIL.clone_into(text);
    }
    let step = &mut finding.checklist[0];
    (step.text, step.command) = (EVIL.into(), EVIL.into());
    finding.evidence[0].text = EVIL.into();
    for url in ["javascript:alert(1)", "http://x", "https://x/\"onclick=\"y", "https://x/)<script>"] {
        finding.references.push(Reference { title: EVIL.into(), url: Some(url.into()) });
    }
    case
}

#[test]
fn a_page_holds_no_code_and_loads_nothing() {
    let page = case_html(&hostile());
    let tags: Vec<&str> = page.split('<').skip(1).map(|rest| rest.split(['>', ' ']).next().unwrap()).collect();
    let known =
        ["!doctype", "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "code", "pre", "ul", "li", "a", "br", "small"];
    for tag in &tags {
        assert!(known.contains(&tag.trim_start_matches('/')), "{tag}");
    }
    assert_eq!(page.matches("<a ").count(), 1, "only what is https and cannot break out is a link");
    assert!(page.contains("default-src 'none'") && !page.contains("src=\"") && !page.contains("url(") && !page.contains("@import"));
    for word in ["javascript:", "href=\"http:"] {
        assert!(!page.contains(word), "{word}");
    }
    // Attributes stand only where we write them.
    for tag in page.split('<').skip(1).filter(|rest| !rest.starts_with(['!', '/'])).map(|rest| rest.split('>').next().unwrap()) {
        let names: Vec<&str> = tag.split('=').rev().skip(1).filter_map(|part| part.rsplit(' ').next()).collect();
        let fine = ["class", "lang", "charset", "http-equiv", "content", "name", "rel", "href", "default-src", "width"];
        assert!(names.iter().all(|name| fine.contains(name) || tag.starts_with("meta")), "{tag}");
    }
}

#[test]
fn no_escape_reaches_the_terminal_and_no_fence_is_closed() {
    let case = hostile();
    for text in [case_text(&case, Paint::default()), case_markdown(&case), case_html(&case)] {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
    }
    let markdown = case_markdown(&case);
    let headings = markdown.lines().filter(|line| line.starts_with("# ")).count();
    assert!(headings <= 2, "one of ours, and the one inside of the longer fence:\n{markdown}");
    assert!(markdown.contains("````text"), "{markdown}");
    assert_eq!(markdown.matches("<script>").count(), 2, "in the code of the evidence and in the fence, nowhere in prose:\n{markdown}");
}

#[test]
fn a_clock_that_went_back_is_no_age() {
    assert_eq!([age(100, 100), age(200, 100), age(0, 7_200), age(0, 864_000)], ["now", "now", "2 h", "10 d"]);
}
