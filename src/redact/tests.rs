//! What each kind looks like, and what stays.

use super::*;

fn redacted(text: &str) -> String {
    Redactor::default().redact(text).text
}

#[test]
fn a_case_is_consistent_and_comes_back() {
    let text = "/Users/jane/Notes: TeamIdentifier=A1B2C3D4E5, com.acme.notes and A1B2C3D4E5.com.acme.notes.widget failed -34018 at jane";
    let mut redactor = Redactor::default();
    let out = redactor.redact(text);
    assert_eq!(
        out.text,
        "/Users/user1/Notes: TeamIdentifier=TEAM000001, com.example.app1 and TEAM000001.com.example.app1.widget failed -34018 at user1"
    );
    let again = redactor.redact("A1B2C3D4E5 of jane, /Users/ann");
    assert_eq!(again.text, "TEAM000001 of user1, /Users/user2");
    assert_eq!(redactor.map().restore(&out.text), text);
    for one in &out.replaced {
        assert_eq!(text[one.start..one.end], one.original);
    }
}
