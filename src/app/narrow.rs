//! Narrowing a diagnosis: by the text of lines, by the process that wrote them, by the topic of findings. Esc drops one after the other.

use crate::app::message::{Effect, Shared};
use crate::app::model::{Model, Overlay, Screen, Tone};
use crate::app::popup::{Choice, Item, Popup};
use crate::app::processes::Processes;
use crate::app::triage::log_mut;
use crate::knowledge::TOPICS;
use std::sync::Arc;

/// Asks which process; if it is not known yet who wrote what, that is found out first.
pub(crate) fn ask_process(model: &mut Model) -> Vec<Effect> {
    let Screen::Triage(triage) = &model.screen else { return Vec::new() };
    let input = triage.input;
    let Some(log) = log_mut(model) else { return Vec::new() };
    if log.processes.is_some() {
        offer(model);
        return Vec::new();
    }
    let document = Shared(Arc::clone(&log.document));
    let id = model.ask();
    model.work.processes = Some(id);
    vec![Effect::ListProcesses(id, input, document)]
}

/// Who wrote what is known now.
pub(crate) fn arrived(model: &mut Model, input: usize, processes: Arc<Processes>) {
    if let Some(log) = model.case.as_mut().and_then(|case| case.logs.get_mut(input)) {
        log.processes = Some(processes);
    }
    let shown = matches!(&model.screen, Screen::Triage(triage) if triage.input == input);
    if shown && model.overlay.is_none() {
        offer(model);
    }
}

fn offer(model: &mut Model) {
    let Some(processes) = log_mut(model).and_then(|log| log.processes.clone()) else { return };
    if processes.names.is_empty() {
        model.say(Tone::Plain, "No line of this input names a process.");
        return;
    }
    let all = Item { label: "all processes".into(), detail: String::new(), choice: Choice::Process(None) };
    let item = |(number, (name, lines)): (usize, &(String, usize))| Item {
        label: name.clone(),
        detail: if *lines == 1 { "1 line".into() } else { format!("{lines} lines") },
        choice: Choice::Process(u16::try_from(number).ok()),
    };
    let items = std::iter::once(all).chain(processes.names.iter().enumerate().map(item)).collect();
    model.overlay = Some(Overlay::Popup(Popup::new("Only lines of", items)));
}

/// Asks which topic.
pub(crate) fn ask_topic(model: &mut Model) {
    let Some(case) = &model.case else { return };
    let count = |topic: &str| case.diagnosis.findings.iter().filter(|finding| finding.topic == topic).count();
    let mut items = vec![Item { label: "all topics".into(), detail: String::new(), choice: Choice::Topic(None) }];
    items.extend(TOPICS.iter().map(|topic| (topic, count(topic.id))).filter(|(_, count)| *count > 0).map(|(topic, count)| Item {
        label: topic.title.to_owned(),
        detail: if count == 1 { "1 finding".into() } else { format!("{count} findings") },
        choice: Choice::Topic(Some(topic.id)),
    }));
    if items.len() == 1 {
        model.say(Tone::Plain, "Nothing was found that could be narrowed.");
    } else {
        model.overlay = Some(Overlay::Popup(Popup::new("Only findings of", items)));
    }
}

/// Shows only lines of a process.
pub(crate) fn to_process(model: &mut Model, process: Option<u16>) {
    if let Some(log) = log_mut(model) {
        log.set_process(process);
    }
    reselect(model);
}

/// Lists only findings of a topic.
pub(crate) fn to_topic(model: &mut Model, topic: Option<&'static str>) {
    if let Screen::Triage(triage) = &mut model.screen {
        triage.topic = topic;
    }
    reselect(model);
}

/// A finding that is listed is selected.
fn reselect(model: &mut Model) {
    let (Screen::Triage(triage), Some(case)) = (&model.screen, &model.case) else { return };
    let listed = triage.listed(case);
    if !listed.is_empty() && !listed.contains(&triage.finding) {
        crate::app::findings::select(model, 0);
    }
}

/// Drops the selection, else the filter by text, else by process, else by topic; says whether there was one.
pub(crate) fn drop_one(model: &mut Model) -> bool {
    let Screen::Triage(triage) = &mut model.screen else { return false };
    if triage.selection.take().is_some() {
        return true;
    }
    let topic = triage.topic.is_some();
    let (text, process) = log_mut(model).map_or((false, false), |log| (!log.filter.is_empty(), log.process.is_some()));
    match (text, process, topic) {
        (true, ..) => {
            if let Some(log) = log_mut(model) {
                log.set_filter("");
            }
        }
        (_, true, _) => to_process(model, None),
        (.., true) => to_topic(model, None),
        _ => return false,
    }
    model.say(Tone::Plain, "Shown again.");
    true
}
