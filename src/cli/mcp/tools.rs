//! The tools as the client sees them: names, schemas of their arguments, annotations.

use super::calls::{FINDINGS, HITS, INPUTS, TERMS};
use crate::engine::Form;
use crate::knowledge::TOPICS;
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value, json};

/// All tools; without `files` none of them takes a path.
pub(super) fn all(files: bool) -> Vec<Tool> {
    let topics: Vec<&str> = TOPICS.iter().map(|topic| topic.id).collect();
    let topic = json!({"type": "string", "enum": topics, "description": "Only this topic."});
    let forms: Vec<&str> = Form::ALL.iter().map(|form| form.word()).collect();
    let mut triage = json!({
        "text": {"type": "string", "description": "The log, build output, crash report or question, as it is."},
        "path": {"type": "string", "description": "A file on this machine instead of text; of any size."},
        "process": {"type": "string", "description": "Only lines of this process."},
        "topic": topic,
        "form": {"type": "string", "enum": forms, "description": "Take the input for this form instead of the one recognised."},
        "limit": {"type": "integer", "minimum": 1, "maximum": FINDINGS, "default": 5, "description": "At most so many findings, best first."},
    });
    let mut input = json!({
        "text": {"type": "string", "description": "The token, property list, PEM, profile (base64), association file or crash report."},
        "path": {"type": "string", "description": "A file on this machine instead of text."},
        "name": {"type": "string", "description": "A name for it in the answer."},
    });
    if !files {
        without_path(&mut triage);
        without_path(&mut input);
    }
    vec![
        tool(
            "triage",
            "Say what is wrong",
            "Diagnoses a log, build output, crash or question about Apple platforms: findings with evidence by line, cause and checklist; \
             also which alarming lines are normal, and what to collect next.",
            object(&triage, &[]),
        ),
        tool(
            "explain",
            "Explain codes",
            "What codes, symbols, DOMAIN:CODE, hexadecimal or unsigned numbers, entitlements, sandbox operations and OAuth errors mean, and which \
             pages are about them.",
            object(&json!({"terms": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": TERMS}}), &["terms"]),
        ),
        tool(
            "search",
            "Search the knowledge",
            "Pages, guides and codes for some words, best first; read them with `show`.",
            object(
                &json!({
                    "words": {"type": "string"},
                    "topic": topic,
                    "limit": {"type": "integer", "minimum": 1, "maximum": HITS, "default": 10},
                }),
                &["words"],
            ),
        ),
        tool(
            "show",
            "Show a page",
            "A page or guide as Markdown: symptom, cause, remediation step by step, prevention, references.",
            object(&json!({"id": {"type": "string", "description": "As `triage` and `search` tell it."}}), &["id"]),
        ),
        tool(
            "inspect",
            "Decode and check",
            "Decodes and checks tokens, keys, provisioning profiles, property lists, entitlements, certificates, association files, attestations and \
             crash reports; several are held against each other.",
            object(
                &json!({
                    "inputs": {"type": "array", "minItems": 1, "maxItems": INPUTS, "items": object(&input, &[])},
                    "now": {"type": "string", "description": "The time to judge dates by, such as 2026-11-22; without it, now."},
                }),
                &["inputs"],
            ),
        ),
    ]
}

fn without_path(properties: &mut Value) {
    if let Some(map) = properties.as_object_mut() {
        map.remove("path");
    }
}

fn object(properties: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn tool(name: &'static str, title: &str, about: &'static str, schema: Value) -> Tool {
    let schema: JsonObject = if let Value::Object(map) = schema { map } else { JsonObject::new() };
    let hints = ToolAnnotations::with_title(title).read_only(true).destructive(false).idempotent(true).open_world(false);
    Tool::new(name, about, schema).with_title(title).with_annotations(hints)
}
