//! The artifacts of a case on the screen: the tree with its verdicts, the way to a page, secrets hidden until asked for.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A failed stage is a failed test.

mod tui_stage;

use base64::Engine as _;
use pitfall::app::{Msg, Screen};
use pitfall::engine::Engine;
use std::sync::Arc;
use tui_stage::Stage;

fn token() -> String {
    let coded = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let header = r#"{"alg":"ES256","kid":"KEY4567890"}"#;
    let claims = r#"{"iss":"ABCDE12345","sub":"com.example.app","aud":"https://appleid.apple.com","iat":1795341600,"exp":1895341600}"#;
    format!("{}.{}.{}", coded(header), coded(claims), "A1b2".repeat(21) + "Ab")
}

#[test]
fn the_tree_shows_verdicts_and_leads_to_the_page() {
    let mut stage = Stage::new(100, 30);
    // The pages that checks lead to are those of the real knowledge.
    stage.send(Msg::Ready(Arc::new(Engine::new(Vec::new())), Vec::new()));
    stage.paste(&format!("12:00:00 posting client secret {} to Apple\n", token()));
    stage.keys("V");
    assert!(matches!(stage.model.screen, Screen::Inspect(_)), "{}", stage.screen());
    stage.shows("JSON Web Token, client secret of Sign in with Apple");
    stage.shows("wrong");
    stage.shows("15777000");
    stage.keys("j");
    stage.shows("client-secret-exp-over-6-months");
    stage.keys("enter");
    assert!(matches!(&stage.model.screen, Screen::Page(page) if page.id == "client-secret-exp-over-6-months"), "{}", stage.screen());
    stage.keys("esc k enter");
    assert!(!stage.screen().contains("15777000"), "folded: {}", stage.screen());
}

#[test]
fn a_token_is_hidden_until_asked_for() {
    let mut stage = Stage::new(140, 30);
    let token = token();
    stage.paste(&format!("12:00:00 posting client secret {token} to Apple\n"));
    assert!(!stage.screen().contains("eyJ"), "{}", stage.screen());
    stage.shows("*****");
    stage.keys("S");
    stage.shows("eyJhbGci");
    stage.keys("S");
    assert!(!stage.screen().contains("eyJ"), "{}", stage.screen());
}

#[test]
fn a_case_without_artifacts_says_so() {
    let mut stage = Stage::new(100, 30);
    stage.paste("12:00:00 SecItemCopyMatching failed: -25308\n");
    stage.keys("V");
    stage.shows("No token, key, property list");
    assert!(matches!(stage.model.screen, Screen::Triage(_)));
}
