//! Running a tool: arguments in, Markdown out, both bounded.
//!
//! Answers are Markdown, because a model reads them; programs that want JSON have `pitfall triage --format json`. They are not redacted: the
//! client is a program of the same user on the same machine. Keys and tokens that were recognised are masked, as everywhere.

use crate::artifact::{Context, cross, inspect_together};
use crate::cli::{input, inspect, large};
use crate::engine::{Engine, Form, Input, Options};
use crate::report::{Paint, diagnosis_markdown, explain_markdown, inspect_markdown, search_text};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Findings at most.
pub(super) const FINDINGS: usize = 20;
/// Terms of one `explain`.
pub(super) const TERMS: usize = 20;
/// Hits of one `search`.
pub(super) const HITS: usize = 30;
/// Inputs of one `inspect`.
pub(super) const INPUTS: usize = 16;
/// An answer has at most so many characters: some eight thousand tokens, which no client cuts by itself.
const ANSWER: usize = 32_000;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No tool has this name.
    Unknown,
    /// A sentence for the caller: what was wrong and what to do.
    Told(String),
}

impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Self {
        Self::Told(error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "))
    }
}

/// Calls the tool `name`; with `files` arguments may name files.
pub(super) fn call(engine: &Engine, files: bool, name: &str, arguments: Map<String, Value>) -> Result<String, Refusal> {
    let text = match name {
        "triage" => triage(engine, files, parsed(arguments)?)?,
        "explain" => explain(engine, &parsed(arguments)?)?,
        "search" => search(engine, &parsed(arguments)?)?,
        "show" => show(engine, &parsed(arguments)?)?,
        "inspect" => inspect(files, &parsed(arguments)?)?,
        _ => return Err(Refusal::Unknown),
    };
    Ok(bounded(text))
}

fn parsed<T: DeserializeOwned>(arguments: Map<String, Value>) -> Result<T, Refusal> {
    serde_json::from_value(Value::Object(arguments)).map_err(|error| Refusal::Told(format!("the arguments do not fit: {error}")))
}

fn told<T>(why: String) -> Result<T, Refusal> {
    Err(Refusal::Told(why))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Triage {
    text: Option<String>,
    path: Option<PathBuf>,
    process: Option<String>,
    topic: Option<String>,
    form: Option<String>,
    limit: Option<usize>,
}

fn triage(engine: &Engine, files: bool, wanted: Triage) -> Result<String, Refusal> {
    if let Some(topic) = &wanted.topic {
        crate::cli::triage::known_topic(topic)?;
    }
    let form = match wanted.form.as_deref() {
        None => None,
        Some(word) => match Form::parse(word) {
            Some(form) => Some(form),
            None => {
                return told(format!(
                    "unknown form `{word}`; forms: {}",
                    Form::ALL.iter().map(|form| form.word()).collect::<Vec<_>>().join(", ")
                ));
            }
        },
    };
    let limit = Some(wanted.limit.unwrap_or(5).clamp(1, FINDINGS));
    let options = Options { process: wanted.process, topic: wanted.topic, limit, form, ..Options::default() };
    let reading = match (wanted.text, wanted.path) {
        (Some(text), None) => engine.read(0, &Input { name: "text".into(), bytes: text.into_bytes() }, &options),
        (None, Some(path)) => large::read(engine, 0, input::open(allowed(files, &path)?)?, &options)?,
        _ => return told("give either `text` or `path`".into()),
    };
    let diagnosis = engine.diagnose(vec![reading], &options);
    let mut out = diagnosis_markdown(&diagnosis);
    if !diagnosis.findings.is_empty() {
        out.push_str("\nRead a page whole with `show` and its id.\n");
    }
    Ok(out)
}

/// The path, where files may be named; standard input is the client's.
fn allowed(files: bool, path: &Path) -> Result<&Path, Refusal> {
    if !files {
        return told("this server was started with --no-files; send the text itself".into());
    }
    if path == Path::new("-") {
        return told("`-` is the client's own line here; send the text itself".into());
    }
    Ok(path)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Explain {
    terms: Vec<String>,
}

fn explain(engine: &Engine, wanted: &Explain) -> Result<String, Refusal> {
    if wanted.terms.is_empty() || wanted.terms.len() > TERMS {
        return told(format!("{} terms; between 1 and {TERMS} at once", wanted.terms.len()));
    }
    let mut out = String::new();
    for term in &wanted.terms {
        let matches = engine.explain(term);
        if matches.is_empty() {
            let _ = write!(out, "Nothing is known of `{}`; `search` may find it in a page.\n\n", term.replace('`', "'"));
        } else {
            out.push_str(&explain_markdown(&matches));
            out.push('\n');
        }
    }
    Ok(out)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    words: String,
    topic: Option<String>,
    limit: Option<usize>,
}

fn search(engine: &Engine, wanted: &Search) -> Result<String, Refusal> {
    if let Some(topic) = &wanted.topic {
        crate::cli::triage::known_topic(topic)?;
    }
    let hits = engine.search(&wanted.words, wanted.topic.as_deref(), wanted.limit.unwrap_or(10).clamp(1, HITS));
    if hits.is_empty() {
        return Ok("Nothing found; try fewer or other words.\n".into());
    }
    Ok(search_text(&hits, Paint { colour: false, plain: true, width: 100 }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Show {
    id: String,
}

fn show(engine: &Engine, wanted: &Show) -> Result<String, Refusal> {
    let knowledge = engine.knowledge();
    let page = knowledge.page(&wanted.id).map(|page| (&page.title, &page.summary, page.body_text()));
    let guide = || knowledge.guide(&wanted.id).map(|guide| (&guide.title, &guide.summary, guide.body_text()));
    if let Some((title, summary, body)) = page.or_else(guide) {
        Ok(format!("# {title}\n\n{}\n\n{}", crate::engine::fill(summary, &[]), without_tests(body)))
    } else {
        let near = knowledge.near(&wanted.id).map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
        told(format!("There is no page `{}`.{near} `search` finds pages by words.", wanted.id))
    }
}

/// A page's body without the tests of its own patterns, which are for authors.
fn without_tests(body: &str) -> &str {
    body.split_once("\n## Self-tests").map_or(body, |(before, _)| before)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inspect {
    inputs: Vec<Given>,
    now: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    text: Option<String>,
    path: Option<PathBuf>,
    name: Option<String>,
}

fn inspect(files: bool, wanted: &Inspect) -> Result<String, Refusal> {
    if wanted.inputs.is_empty() || wanted.inputs.len() > INPUTS {
        return told(format!("{} inputs; between 1 and {INPUTS} at once", wanted.inputs.len()));
    }
    let mut inputs = Vec::new();
    for (number, given) in wanted.inputs.iter().enumerate() {
        let mut one = match (&given.text, &given.path) {
            (Some(text), None) => Input { name: format!("input {}", number + 1), bytes: text.clone().into_bytes() },
            (None, Some(path)) => input::read(allowed(files, path)?)?,
            _ => return told(format!("input {}: give either `text` or `path`", number + 1)),
        };
        if let Some(name) = &given.name {
            one.name.clone_from(name);
        }
        inputs.push(one);
    }
    let now = match &wanted.now {
        Some(written) => inspect::time(written)?,
        None => jiff::Timestamp::now().as_second(),
    };
    let context = Context { now: Some(now), ..Context::default() };
    let inputs: Vec<(&str, &[u8])> = inputs.iter().map(|input| (input.name.as_str(), input.bytes.as_slice())).collect();
    let artifacts = inspect_together(&inputs, &context);
    Ok(inspect_markdown(&artifacts, &cross(&artifacts)))
}

/// The text, cut at a line's end where it is too long.
fn bounded(text: String) -> String {
    let Some((at, _)) = text.char_indices().nth(ANSWER) else { return text };
    let front = crate::text::clip(&text, 0..at);
    let front = front.rsplit_once('\n').map_or(front, |(whole, _)| whole);
    format!("{front}\n\n(Cut after {ANSWER} characters; ask for fewer findings, or for one page with `show`.)\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_bounded() {
        let long = bounded("a line of text\n".repeat(10_000));
        assert!(long.chars().count() < ANSWER + 200 && long.ends_with("with `show`.)\n"));
        assert_eq!(bounded("short".into()), "short");
    }
}
