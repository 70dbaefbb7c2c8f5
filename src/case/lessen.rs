//! Taking out of a case what must not be kept, or must not leave.

use super::{Dossier, Kept, KeptInput, Run};
use crate::engine::Engine;
use crate::redact::{Redactor, Settings};
use crate::text::Document;

/// How a text is redacted: the same value becomes the same stand-in as long as the same one is used.
pub type Redact<'a> = dyn FnMut(&str) -> String + 'a;

/// The way to redact one case of which these are the runs; every text of it goes through the same one. What our own pages name is public.
pub fn redactor(engine: &Engine, runs: &[Run]) -> impl FnMut(&str) -> String + use<> {
    let mut redactor = Redactor::new(Settings::default());
    let pages: Vec<String> = runs.iter().flat_map(|run| &run.findings).map(|finding| finding.id.clone()).collect();
    engine.teach(&mut redactor, &[], &pages);
    move |text: &str| redactor.redact(text).text
}

/// Lessens inputs and runs to what `to` allows. What comes from the knowledge alone stays as it is.
pub fn lessen(inputs: &mut [KeptInput], runs: &mut [Run], to: Kept, redact: &mut Redact<'_>) {
    if to == Kept::Input {
        return;
    }
    // Cleaned first: a value must not hide behind an escape sequence or an encoding.
    let texts: Vec<Option<Document>> = inputs.iter_mut().map(|input| input.text.take().map(|text| Document::new(&text))).collect();
    // All are read before any is written: a value that only one of them gives away is to be gone from the others too, and from what is short.
    for text in texts.iter().flatten() {
        let _ = redact(text.text());
    }
    for (input, text) in inputs.iter_mut().zip(texts) {
        input.name = redact(&input.name);
        input.text = text.filter(|_| to == Kept::Redacted).map(|text| redact(text.text()).into_bytes());
    }
    for run in runs {
        lessen_run(run, to, redact);
    }
}

fn lessen_run(run: &mut Run, to: Kept, redact: &mut Redact<'_>) {
    for finding in &mut run.findings {
        if finding.filled {
            finding.why = redact(&finding.why);
        }
        for step in finding.checklist.iter_mut().filter(|step| step.filled) {
            step.text = redact(&step.text);
        }
        for piece in &mut finding.evidence {
            piece.text = if to == Kept::Redacted { redact(&piece.text) } else { String::new() };
        }
    }
    for fact in &mut run.facts {
        fact.written = redact(&fact.written);
        for word in [&mut fact.domain, &mut fact.code, &mut fact.name].into_iter().flatten() {
            *word = redact(word);
        }
        for (_, value) in &mut fact.fields {
            *value = redact(value);
        }
    }
}

/// Redacts what a person wrote: title, name, notes. What stays on the machine keeps them; what leaves does not.
pub fn lessen_words(dossier: &mut Dossier, redact: &mut Redact<'_>) {
    // A path tells a user's name, and what the folders are called.
    let short = dossier.name.rsplit('/').next().unwrap_or_default().to_owned();
    dossier.name = redact(&short);
    dossier.title = redact(&dossier.title);
    for input in &mut dossier.inputs {
        input.name = redact(input.name.rsplit('/').next().unwrap_or_default());
    }
    for tick in &mut dossier.steps {
        tick.note = redact(&tick.note);
    }
}
