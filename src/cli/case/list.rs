//! `pitfall case list`, `show`, `search` and `set`.

use super::{StateArgs, dossier, key, now, store, told};
use crate::case::{CaseState, Dossier, search as find};
use crate::cli::{Common, Format, Outcome, out};
use crate::report::{SCHEMA, case_json, case_markdown, case_text, cases_json, cases_text, runs_text, short_key};
use crate::store::CaseEdit;
use anyhow::bail;
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ListArgs {
    /// Only cases in this state: open, waiting, solved, dropped; may be given more than once.
    #[arg(long = "state", value_name = "STATE")]
    states: Vec<String>,
    /// At most so many cases.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    state_dir: StateArgs,
}

fn state(word: &str) -> anyhow::Result<CaseState> {
    CaseState::parse(word).ok_or_else(|| {
        let words: Vec<_> = CaseState::ALL.iter().map(|state| state.word()).collect();
        anyhow::anyhow!("unknown state `{word}`; states: {}", words.join(", "))
    })
}

pub(super) fn list(args: &ListArgs, common: &Common) -> anyhow::Result<Outcome> {
    let states = args.states.iter().map(|word| state(word)).collect::<anyhow::Result<Vec<_>>>()?;
    let store = store(args.state_dir.state_dir.as_ref())?;
    let mut cases = told(store.cases())?;
    cases.retain(|case| states.is_empty() || states.contains(&case.state));
    let total = cases.len();
    cases.truncate(args.limit.unwrap_or(usize::MAX));
    match common.format {
        Format::Json => out::say_json(&cases_json(&cases))?,
        Format::Markdown => {
            let row =
                |case: &Dossier| format!("- [{}] `{}` {}\n", mark(case), short_key(&case.key), crate::text::clean(&case.heading()).text);
            out::say(&cases.iter().map(row).collect::<String>())?;
        }
        Format::Text => {
            out::say(&cases_text(&cases, now(), out::paint(common)))?;
            if cases.len() < total {
                out::warn(&format!("{} of {total} cases", cases.len()));
            }
        }
    }
    Ok(if cases.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

fn mark(case: &Dossier) -> char {
    if matches!(case.state, CaseState::Solved | CaseState::Dropped) { 'x' } else { ' ' }
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ShowArgs {
    /// The case's id, or the beginning of it; `last` is the one seen last.
    id: String,
    #[command(flatten)]
    state_dir: StateArgs,
}

pub(super) fn show(args: &ShowArgs, common: &Common) -> anyhow::Result<Outcome> {
    let store = store(args.state_dir.state_dir.as_ref())?;
    let case = dossier(&store, &args.id)?;
    match common.format {
        Format::Json => out::say_json(&case_json(&case, false))?,
        Format::Markdown => out::say(&case_markdown(&case))?,
        Format::Text => {
            out::say(&case_text(&case, out::paint(common)))?;
            if case.runs.len() > 1 {
                out::say(&format!("\nEvaluated {} times:\n{}", case.runs.len(), runs_text(&case.runs)))?;
            }
        }
    }
    Ok(Outcome::Found)
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct SearchArgs {
    /// What to look for; every word has to stand in the case.
    #[arg(required = true)]
    words: Vec<String>,
    #[command(flatten)]
    state_dir: StateArgs,
}

pub(super) fn search(args: &SearchArgs, common: &Common) -> anyhow::Result<Outcome> {
    let store = store(args.state_dir.state_dir.as_ref())?;
    let words = args.words.join(" ");
    let mut found = Vec::new();
    for case in told(store.cases())? {
        // One at a time with its texts, which may be large.
        let Some(whole) = told(store.case(&case.key))? else { continue };
        found.extend(find(&whole, &words).map(|places| (case, places)));
    }
    match common.format {
        Format::Json => {
            let rows = found.iter().map(|(case, places)| {
                let places: Vec<_> = places.iter().map(|place| json!({"part": place.part, "text": place.text})).collect();
                json!({"id": case.key, "heading": case.heading(), "state": case.state.word(), "places": places})
            });
            out::say_json(&json!({"schema": SCHEMA, "cases": rows.collect::<Vec<_>>()}))?;
        }
        Format::Text | Format::Markdown => {
            for (case, places) in &found {
                out::say(&cases_text(std::slice::from_ref(case), now(), out::paint(common)))?;
                for place in places {
                    out::say(&format!("  {}: {}", place.part, crate::text::fit(&place.text, 110)))?;
                }
            }
        }
    }
    Ok(if found.is_empty() { Outcome::Nothing } else { Outcome::Found })
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct SetArgs {
    /// The ids of cases, or the beginnings of them; `last` is the one seen last.
    #[arg(required = true)]
    ids: Vec<String>,
    /// Where they stand: open, waiting, solved, dropped.
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// A title; an empty one takes it away.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    #[command(flatten)]
    state_dir: StateArgs,
}

pub(super) fn set(args: &SetArgs) -> anyhow::Result<Outcome> {
    let edit = CaseEdit { state: args.state.as_deref().map(state).transpose()?, title: args.title.clone() };
    if edit == CaseEdit::default() {
        bail!("nothing to change; say --state STATE or --title TEXT");
    }
    let store = store(args.state_dir.state_dir.as_ref())?;
    let keys = args.ids.iter().map(|id| key(&store, id)).collect::<anyhow::Result<Vec<_>>>()?;
    for key in &keys {
        told(store.edit_case(key, &edit, now()))?;
        let state = edit.state.map_or("", CaseState::word);
        out::say(&format!("{}: {}", short_key(key), if state.is_empty() { "titled" } else { state }))?;
    }
    Ok(Outcome::Found)
}
