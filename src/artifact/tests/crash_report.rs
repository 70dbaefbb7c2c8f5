#![allow(clippy::string_slice)] // The samples are ASCII.
use crate::artifact::Form;
use crate::artifact::testing::*;
use serde_json::{Value, json};

fn ips(body: &Value) -> String {
    format!(
        "{}\n{body:#}",
        json!({"app_name": "App", "bug_type": "309", "bundleID": "com.example.app", "os_version": "macOS 26.1 (25B78)"})
    )
}

fn body(termination: &Value) -> Value {
    json!({
        "procName": "App", "procPath": "/Applications/App.app/Contents/MacOS/App", "parentProc": "launchd", "responsibleProc": "App", "codeSigningTeamID": TEAM,
        "bundleInfo": {"CFBundleIdentifier": "com.example.app", "CFBundleShortVersionString": "1.2"},
        "osVersion": {"train": "macOS 26.1", "build": "25B78"}, "exception": {"type": "EXC_CRASH", "signal": "SIGKILL"}, "termination": termination
    })
}

#[test]
fn both_forms_say_the_same() {
    let json = look("App.ips", ips(&body(&json!({"namespace": "CODESIGNING", "code": 2, "indicator": "Invalid Page"}))));
    let text = look(
        "",
        "Process:             App [123]\nPath:                /Applications/App.app/Contents/MacOS/App\nIdentifier:          com.example.app\nResponsible:         App [123]\nOS Version:          macOS 26.1 (25B78)\nException Type:        EXC_CRASH (SIGKILL (Code Signature Invalid))\nTermination Reason:    Namespace CODESIGNING, Code 2, Invalid Page\n",
    );
    for artifact in [&json, &text] {
        shows(artifact, "fail crash.reason binary-modified-after-signing");
        assert_eq!(
            (artifact.form, artifact.value("bundle id"), artifact.value("process"), artifact.value("termination code")),
            (Form::CrashReport, Some("com.example.app"), Some("App"), Some("2"))
        );
    }
}

#[test]
fn reasons_lead_to_their_pages() {
    for (termination, trouble) in [
        (
            json!({"namespace": "CODESIGNING", "code": 1, "indicator": "Taskgated Invalid Signature"}),
            "fail crash.reason restricted-entitlement-without-profile",
        ),
        (
            json!({"namespace": "CODESIGNING", "code": 4, "indicator": "Launch Constraint Violation"}),
            "fail crash.reason launch-constraint-violation",
        ),
        (
            json!({"namespace": "DYLD", "code": 1, "reasons": ["mapping process and mapped file (non-platform) have different Team IDs"]}),
            "fail crash.reason library-validation-team-id-mismatch",
        ),
        (
            json!({"namespace": "TCC", "code": 0, "reasons": ["must contain an NSFaceIDUsageDescription key"]}),
            "fail crash.reason missing-face-id-usage-description",
        ),
        (
            json!({"namespace": "TCC", "code": 0, "reasons": ["must contain an NSCameraUsageDescription key"]}),
            "fail crash.reason missing-usage-description",
        ),
        (json!({"namespace": "RUNNINGBOARD", "code": 0xdead_10cc_u32}), "fail crash.reason file-lock-held-while-suspended"),
    ] {
        shows(&look("", ips(&body(&termination))), trouble);
    }
    let tool = with(body(&json!({"namespace": "TCC", "code": 0})), json!({"responsibleProc": "Terminal"}));
    shows(&look("", ips(&tool)), "warn crash.responsible responsible-process-lacks-purpose-string");
    let moved = with(
        body(&json!({"namespace": "SIGNAL", "code": 6})),
        json!({"procPath": "/private/var/folders/x/T/AppTranslocation/ABC/d/App.app"}),
    );
    shows(&look("", ips(&moved)), "warn crash.path app-translocation");
}

#[test]
fn an_ordinary_crash_accuses_nobody_and_a_cut_one_says_so() {
    let artifact = look("", ips(&body(&json!({"namespace": "SIGNAL", "code": 6, "indicator": "Abort trap: 6"}))));
    assert!(troubles(&artifact).is_empty());
    let whole = ips(&body(&json!({"namespace": "SIGNAL", "code": 6})));
    shows(&look("", &whole[..whole.len() - 30]), "fail crash.syntax -");
    shows(&look("", whole.lines().next().unwrap()), "fail crash.syntax -");
}
