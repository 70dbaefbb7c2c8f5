//! Findings as they appear: a few lines for people, one JSON object a line for programs.

use super::text::{EVIDENCE, distinct};
use super::{Paint, SCHEMA, json};
use crate::engine::{InputReport, News};
use crate::text::fit;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What is new in `source`, at `time` (as it shall be shown).
#[must_use]
pub fn news_text(news: &News, source: &str, time: &str, paint: Paint) -> String {
    let one = &news.finding;
    let was = news.before.map_or(String::new(), |before| format!(" (was {before})"));
    let mut out = format!("{} {}\n", paint.dim(time), paint.bold(&one.title));
    let _ = writeln!(
        out,
        "  {}{was} · severity {} · {} · {}",
        paint.confidence(one.confidence),
        paint.severity(one.severity),
        one.topic,
        paint.dim(&format!("pitfall show {}", one.id))
    );
    paint.wrapped(&mut out, "  ", "  ", &one.why);
    let mut pieces = distinct(&one.evidence);
    pieces.truncate(EVIDENCE);
    pieces.sort_by_key(|piece| piece.place);
    for piece in pieces {
        let place = format!("{source}:{}:{}", piece.place.line, piece.place.start);
        let _ = writeln!(out, "  {} {}", paint.dim(&place), paint.mark(&fit(piece.text.trim(), paint.width)));
    }
    out.push('\n');
    out
}

/// What is new in `source`, at `time` (RFC 3339), as an object: `was` is the confidence it was told with before, `finding` as in `triage`.
#[must_use]
pub fn news_json(news: &News, source: &str, time: &str) -> Value {
    let input = InputReport {
        name: source.to_owned(),
        form: "",
        form_reason: String::new(),
        bytes: 0,
        lines: 0,
        notes: crate::text::Notes::default(),
        document: std::sync::Arc::default(),
    };
    json!({
        "schema": SCHEMA,
        "source": source,
        "time": time,
        "was": news.before.map(crate::knowledge::Confidence::word),
        "finding": json::finding(&news.finding, &[input]),
    })
}
