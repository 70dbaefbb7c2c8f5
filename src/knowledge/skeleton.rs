//! A new page that fails the check only where thought is needed.

use super::body::{is_kebab, nearest};
use super::model::{TOPICS, topic};

/// The text of a new page `topic/id`.
///
/// # Errors
/// A sentence where the topic or the id is none.
pub fn skeleton(path: &str, today: &str) -> Result<(String, String), String> {
    let (topic_id, id) = path.trim_end_matches(".md").split_once('/').ok_or_else(|| format!("`{path}` is not TOPIC/ID"))?;
    if topic(topic_id).is_none() {
        let near = nearest(topic_id, TOPICS.iter().map(|topic| topic.id)).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Err(format!("unknown topic `{topic_id}`{near}"));
    }
    if !is_kebab(id) {
        return Err(format!("`{id}` is not kebab-case of at most 60 characters"));
    }
    Ok((format!("{topic_id}/{id}.md"), TEMPLATE.replace("TOPIC", topic_id).replace("ID", id).replace("TODAY", today)))
}

const TEMPLATE: &str = "---
id: ID
title: \"\"          # what goes wrong, with the code
topic: TOPIC
severity: medium    # critical | high | medium | low | noise
platforms: [ios, macos]
status: draft
summary: \"\"        # what is wrong and why, in one or two sentences
keywords: []
patterns:
  - id: code
    code: \"\"       # errSecParam, -50, DCError:3, OAuth:invalid_client
  - id: words
    needle: [\"\"]   # distinctive words, several spellings
rules:
  - {all: [code, words], confidence: likely}
  - {all: [code], confidence: possible}
ask: []
references: []      # - {title: \"\", url: \"https://\"}
related: []
reviewed: TODAY
---
## Symptom

## Cause

## Remediation
- [ ] First step. {#first}

  Expect: what is seen then.
- [ ] Second step. {#second}

## Self-tests
```log match=code,words confidence=likely
```
```log match=code confidence=possible
```
```log silent
```
```log silent
```
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_path_is_a_sentence() {
        assert!(skeleton("keychain", "2026-01-01").is_err());
        assert!(skeleton("keychian/a", "2026-01-01").unwrap_err().contains("keychain"));
        assert!(skeleton("keychain/A B", "2026-01-01").is_err());
        assert_eq!(skeleton("keychain/a", "2026-01-01").unwrap().0, "keychain/a.md");
    }
}
