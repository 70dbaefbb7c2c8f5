//! `pitfall kb measure`: how often each level of confidence is right, on labelled inputs that the rules have not seen.
//!
//! A case is `NAME.txt`, what somebody pastes, beside `NAME.json`, what is known of it: `topic` and `topics_also`, `must_mention` (terms that a
//! competent answer holds; `a|b` is either of the two), and `benign` where nothing is wrong. An answer is right where its topic is, and where it
//! mentions every term.

use super::{Common, Format, Outcome, engine, out};
use crate::engine::{Engine, Finding, Input, Options};
use crate::knowledge::{Confidence, Severity};
use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct MeasureArgs {
    /// A folder of cases, searched with all folders in it.
    folder: PathBuf,
    /// Name the cases whose first finding is not right.
    #[arg(long)]
    misses: bool,
}

/// What is known of a case.
#[derive(Debug, Deserialize)]
struct Label {
    topic: String,
    #[serde(default)]
    topics_also: Vec<String>,
    #[serde(default)]
    must_mention: Vec<String>,
    #[serde(default)]
    benign: bool,
}

/// So many were right, of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Share {
    right: usize,
    of: usize,
}

impl Share {
    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.of += 1;
    }

    fn shown(self) -> String {
        let percent = if self.of == 0 { 0.0 } else { 100.0 * self.right as f64 / self.of as f64 };
        format!("{:4} of {:<4} {percent:5.1} %", self.right, self.of)
    }
}

/// The words by which each level is held to account: how often it must be right, of a hundred.
const PROMISES: [(Confidence, usize); 2] = [(Confidence::Certain, 97), (Confidence::Likely, 80)];

#[derive(Debug, Default)]
struct Tally {
    levels: [Share; 3],
    topic: Share,
    first: Share,
    three: Share,
    alarms: Share,
    misses: Vec<String>,
}

pub(super) fn measure(args: &MeasureArgs, common: &Common) -> anyhow::Result<Outcome> {
    let mut labels = Vec::new();
    find_labels(&args.folder, &mut labels)?;
    if labels.is_empty() {
        bail!("no cases under {}: a case is NAME.txt beside NAME.json", args.folder.display());
    }
    labels.sort();
    let engine = engine(common)?;
    let mut tally = Tally::default();
    for path in &labels {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let label: Label = serde_json::from_str(&text).with_context(|| format!("{} is no label", path.display()))?;
        let log = path.with_extension("txt");
        let bytes = fs::read(&log).with_context(|| format!("cannot read {}", log.display()))?;
        tally.add(&engine, &label, Input { name: log.display().to_string(), bytes });
    }
    match common.format {
        Format::Json => out::say_json(&tally.json())?,
        Format::Text | Format::Markdown => out::say(&tally.text(args.misses))?,
    }
    Ok(Outcome::Found)
}

fn find_labels(folder: &Path, labels: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            find_labels(&path, labels)?;
        } else if path.extension().is_some_and(|ending| ending == "json") && path.with_extension("txt").is_file() {
            labels.push(path);
        }
    }
    Ok(())
}

impl Tally {
    fn add(&mut self, engine: &Engine, label: &Label, input: Input) {
        let name = input.name.clone();
        let diagnosis = engine.triage(&[input], &Options::default());
        let real: Vec<&Finding> = diagnosis.findings.iter().filter(|finding| finding.severity != Severity::Noise).collect();
        if label.benign {
            let alarm = real.iter().find(|finding| finding.confidence < Confidence::Possible);
            self.alarms.add(alarm.is_some());
            self.misses.extend(alarm.map(|finding| format!("{name}: false alarm {} ({})", finding.id, finding.confidence)));
            return;
        }
        let fits = |finding: &Finding| finding.topic == label.topic || label.topics_also.iter().any(|topic| topic == finding.topic);
        let right = |finding: &&Finding| fits(finding) && mentions(finding, &label.must_mention);
        let first = real.first().copied();
        self.topic.add(first.is_some_and(fits));
        self.first.add(first.as_ref().is_some_and(right));
        self.three.add(real.iter().take(3).any(right));
        if let Some(finding) = first {
            self.levels[finding.confidence as usize].add(right(&finding));
        }
        if !first.as_ref().is_some_and(right) {
            let got = first.map_or("nothing".to_owned(), |finding| format!("{} ({})", finding.id, finding.confidence));
            self.misses.push(format!("{name}: wants {} {:?}, got {got}", label.topic, label.must_mention));
        }
    }

    fn text(&self, misses: bool) -> String {
        let mut text = String::from("First findings that are right, by their confidence:\n");
        for level in Confidence::ALL {
            let share = self.levels[*level as usize];
            let promise = PROMISES.iter().find(|(promised, _)| promised == level);
            let kept = promise.map_or(String::new(), |(_, least)| {
                let kept = share.right * 100 >= least * share.of;
                format!("  promised {least} %{}", if kept { "" } else { ": not kept" })
            });
            let _ = writeln!(text, "  {:9} {}{kept}", level.word(), share.shown());
        }
        for (name, share) in
            [("topic@1", self.topic), ("hit@1", self.first), ("hit@3", self.three), ("alarms on benign inputs", self.alarms)]
        {
            let _ = writeln!(text, "{name}: {}", share.shown().trim_start());
        }
        if misses {
            for miss in &self.misses {
                text.extend(["  ", miss, "\n"]);
            }
        }
        text
    }

    fn json(&self) -> serde_json::Value {
        let share = |share: Share| serde_json::json!({"right": share.right, "of": share.of});
        let levels: serde_json::Map<_, _> =
            Confidence::ALL.iter().map(|level| (level.word().to_owned(), share(self.levels[*level as usize]))).collect();
        serde_json::json!({
            "schema": 1, "levels": levels, "topic_at_1": share(self.topic), "hit_at_1": share(self.first), "hit_at_3": share(self.three),
            "alarms": share(self.alarms), "misses": self.misses,
        })
    }
}

/// Whether what a finding tells its reader holds every term.
fn mentions(finding: &Finding, terms: &[String]) -> bool {
    let mut told = vec![finding.title.as_str(), finding.why.as_str()];
    for step in &finding.checklist {
        told.push(&step.text);
        told.extend([step.command.as_str(), step.expect.as_str()]);
    }
    told.extend(finding.ask.iter().map(String::as_str));
    let told = plain(&told.join(" "));
    terms.iter().all(|term| term.split('|').any(|one| !one.trim().is_empty() && told.contains(&plain(one))))
}

/// Lower case, without Markdown's marks, white space evened out.
fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !"`*_".contains(*c)).collect();
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_right_answers_by_level() {
        let engine = Engine::new(Vec::new());
        let mut tally = Tally::default();
        let label = |topic: &str, terms: &[&str], benign| Label {
            topic: topic.into(),
            topics_also: Vec::new(),
            must_mention: terms.iter().map(|term| (*term).to_owned()).collect(),
            benign,
        };
        let input = |text: &str| Input { name: "x".into(), bytes: text.as_bytes().to_vec() };
        let lost = "SecItemCopyMatching failed: -25308, so we reset\nSecItemDelete -> 0";
        tally.add(&engine, &label("keychain", &["locked|unlock"], false), input(lost));
        tally.add(&engine, &label("keychain", &["no such words at all"], false), input(lost));
        tally.add(&engine, &label("off-topic", &[], true), input("all is well"));
        assert_eq!((tally.topic, tally.first), (Share { right: 2, of: 2 }, Share { right: 1, of: 2 }));
        assert_eq!(tally.levels.iter().map(|share| share.of).sum::<usize>(), 2);
        assert_eq!(tally.alarms, Share { right: 0, of: 1 });
        assert_eq!(tally.misses.len(), 1);
    }
}
