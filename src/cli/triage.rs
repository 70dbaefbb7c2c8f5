//! `pitfall triage`.

use super::redact::{leave, leave_json};
use super::{Common, Outcome, Written, engine, input, large, out};
use crate::engine::{Diagnosis, Engine, Form, Options};
use crate::knowledge::TOPICS;
use crate::redact::Redactor;
use crate::report::{diagnosis_github, diagnosis_json, diagnosis_markdown, diagnosis_sarif, diagnosis_text};
use anyhow::bail;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Logs, questions, artifacts; `-` or nothing is standard input.
    files: Vec<PathBuf>,
    /// Only lines of this process.
    #[arg(long, value_name = "NAME")]
    process: Option<String>,
    /// Only findings of this topic.
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,
    /// At most so many findings.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Take the inputs for this form instead of the one recognised.
    #[arg(long, value_name = "FORM")]
    form: Option<String>,
    /// The time to judge the dates of tokens and certificates by, as for `inspect`; without it nothing is said of what has expired.
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
    /// Say which patterns hit, and of near misses which condition failed.
    #[arg(long)]
    explain_match: bool,
    #[command(flatten)]
    leaving: super::redact::Leaving,
}

impl Args {
    /// Just these files.
    pub(super) fn of(files: Vec<PathBuf>) -> Self {
        Self {
            files,
            process: None,
            topic: None,
            limit: None,
            form: None,
            now: None,
            explain_match: false,
            leaving: super::redact::Leaving::default(),
        }
    }
}

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    if let Some(topic) = &args.topic {
        known_topic(topic)?;
    }
    let form = match args.form.as_deref() {
        None => None,
        Some(word) => match Form::parse(word) {
            Some(form) => Some(form),
            None => bail!("unknown form `{word}`; forms: {}", Form::ALL.iter().map(|form| form.word()).collect::<Vec<_>>().join(", ")),
        },
    };
    let files = if args.files.is_empty() { vec![PathBuf::from("-")] } else { args.files.clone() };
    let sources = files.iter().map(|file| input::open(file)).collect::<anyhow::Result<Vec<_>>>()?;
    let engine = engine(common)?;
    let now = args.now.as_deref().map(super::inspect::time).transpose()?;
    let options = Options {
        process: common.config.process(args.process.as_deref()),
        topic: args.topic.clone(),
        limit: args.limit,
        explain: args.explain_match,
        form,
        now,
    };
    let readings = sources.into_iter().enumerate().map(|(number, source)| large::read(&engine, number, source, &options));
    let diagnosis = engine.diagnose(readings.collect::<anyhow::Result<Vec<_>>>()?, &options);
    let mut redactor = args.leaving.redactor(common.written);
    if let Some(redactor) = &mut redactor {
        teach(&engine, redactor, &diagnosis);
    }
    let mut document = |mut document: serde_json::Value| {
        leave_json(&mut document, redactor.as_mut());
        out::say_json(&document)
    };
    match common.written {
        Written::Sarif => document(diagnosis_sarif(&diagnosis, engine.knowledge()))?,
        Written::Text => out::say(&leave(&diagnosis_text(&diagnosis, out::paint(common)), redactor.as_mut()))?,
        Written::Markdown => out::say(&leave(&diagnosis_markdown(&diagnosis), redactor.as_mut()))?,
        Written::Github => out::say(&leave(&diagnosis_github(&diagnosis), redactor.as_mut()))?,
        _ => document(diagnosis_json(&diagnosis))?,
    }
    Ok(if diagnosis.findings.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

/// What the inputs hold is learnt before the report of them is redacted.
pub(super) fn teach(engine: &Engine, redactor: &mut Redactor, diagnosis: &Diagnosis) {
    let documents: Vec<_> = diagnosis.inputs.iter().map(|input| Arc::clone(&input.document)).collect();
    let pages: Vec<_> = diagnosis.findings.iter().map(|finding| finding.id.clone()).collect();
    engine.teach(redactor, &documents, &pages);
}

/// Refuses a topic that does not exist, with the nearest one.
pub(super) fn known_topic(topic: &str) -> anyhow::Result<()> {
    if crate::knowledge::topic(topic).is_none() {
        let ids: Vec<_> = TOPICS.iter().map(|topic| topic.id).collect();
        let near = crate::knowledge::nearest(topic, ids.iter().copied()).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        bail!("unknown topic `{topic}`{near} Topics: {}", ids.join(", "));
    }
    Ok(())
}
