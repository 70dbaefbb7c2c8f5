//! The kept cases' part of the keeper. Making what is kept takes a moment; it happens here, so that the program does not end before it is done.

use crate::app::{Case, Effect, Msg};
use crate::case::{Dossier, Kept, again, keep};
use crate::engine::{Engine, Input};
use crate::store::{CaseEdit, Result, Store};
use std::sync::{Arc, OnceLock};

/// Whether an effect is about kept cases.
pub(super) fn is_case(effect: &Effect) -> bool {
    matches!(effect, Effect::KeepCase(..) | Effect::OpenCase(..) | Effect::RecheckCase(_))
}

/// Does an effect of kept cases at `now` (seconds since 1970).
pub(super) fn done(store: &mut Store, engine: &OnceLock<Arc<Engine>>, job: Effect, now: i64) -> Result<Option<Msg>> {
    Ok(match job {
        Effect::KeepCase(key, kept, inputs) => {
            store.keep_case(&dossier(engine.wait(), key.clone(), kept, &inputs, now), now)?;
            Some(Msg::CaseKept(key, Ok(kept)))
        }
        Effect::OpenCase(id, key) => Some(Msg::CaseOpened(id, store.case(&key)?.map(Box::new))),
        Effect::RecheckCase(key) => {
            let run = store.case(&key)?.and_then(|case| again(engine.wait(), &case, now));
            if let Some(run) = run {
                store.put_run(&key, &run)?;
            }
            None
        }
        _ => None,
    })
}

fn dossier(engine: &Engine, key: String, kept: Kept, inputs: &Arc<Vec<Input>>, now: i64) -> Dossier {
    let name = Case { inputs: Arc::clone(inputs), ..Case::default() }.name();
    keep(engine, Dossier { key, name, kept: Some(kept), ..Dossier::default() }, inputs, now)
}

/// Where a case stands, into the store.
pub(super) fn put_state(store: &Store, key: &str, state: crate::case::CaseState, now: i64) -> Result<()> {
    store.edit_case(key, &CaseEdit { state: Some(state), title: None }, now).map(|_| ())
}
