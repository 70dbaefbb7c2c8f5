//! `pitfall watch`: new findings of a log that grows, as they appear; quiet otherwise.

use super::follow::{Follower, Look};
use super::{Common, Format, Outcome, engine, out, triage::known_topic};
use crate::engine::{News, Options, Until, Watch};
use crate::knowledge::{Confidence, nearest};
use crate::report::{news_json, news_text};
use anyhow::{Context as _, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The log; `-` is standard input. A file is followed by its name, also when it is rotated or truncated.
    file: PathBuf,
    /// Read what stands in the file already, too.
    #[arg(long)]
    from_start: bool,
    /// Only lines of this process.
    #[arg(long, value_name = "NAME")]
    process: Option<String>,
    /// Only findings of this topic.
    #[arg(long, value_name = "TOPIC")]
    topic: Option<String>,
    /// Only findings at least so sure: certain, likely or possible.
    #[arg(long, value_name = "CONFIDENCE", default_value = "likely")]
    least: String,
}

/// Between two looks at a file; what comes in pauses when nothing comes for so long.
const BEAT: Duration = Duration::from_millis(250);
/// What does not pause is judged after this time at the latest.
const LATEST: Duration = Duration::from_secs(1);
/// A line that does not end is read as far as it goes after this time.
const HALF_LINE: Duration = Duration::from_secs(1);
/// Bytes read from standard input at once, and how many such chunks wait.
const CHUNK: usize = 64 << 10;
const WAITING: usize = 16;

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    if let Some(topic) = &args.topic {
        known_topic(topic)?;
    }
    let least = confidence(&args.least)?;
    let end = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // The second one does not wait for us.
        signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&end)).context("signals cannot be watched")?;
        signal_hook::flag::register(signal, Arc::clone(&end)).context("signals cannot be watched")?;
    }
    let stdin = args.file == Path::new("-");
    let (follower, lines) =
        if stdin { (None, 0) } else { Follower::new(&args.file, args.from_start).map(|(file, lines)| (Some(file), lines))? };
    let engine = engine(common)?;
    let options = Options { process: common.config.process(args.process.as_deref()), topic: args.topic.clone(), ..Options::default() };
    let name = crate::text::clean(&args.file.display().to_string()).text;
    let watch = Watch::new(&engine, options, lines);
    let mut live = Live { watch, name, least, common, end, told: 0, unsure: 0, lines: 0, since: None, heard: Instant::now() };
    match follower {
        None => live.stream(&read_stdin())?,
        Some(follower) => live.follow(follower)?,
    }
    live.sum_up();
    Ok(if live.told > 0 { Outcome::Found } else { Outcome::Nothing })
}

fn confidence(word: &str) -> anyhow::Result<Confidence> {
    let words = || Confidence::ALL.iter().map(|level| level.word());
    if let Some(level) = Confidence::ALL.iter().find(|level| level.word() == word) {
        return Ok(*level);
    }
    let near = nearest(word, words()).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    bail!("unknown confidence `{word}`{near} Levels: {}", words().collect::<Vec<_>>().join(", "));
}

/// Standard input in chunks; it is read on a thread of its own, since reading cannot be given up.
fn read_stdin() -> Receiver<std::io::Result<Vec<u8>>> {
    let (chunks, come) = sync_channel(WAITING);
    std::thread::spawn(move || {
        let mut buffer = vec![0; CHUNK];
        loop {
            let chunk = match std::io::stdin().lock().read(&mut buffer) {
                Ok(0) => return,
                Ok(count) => Ok(buffer.get(..count).unwrap_or(&[]).to_vec()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
            let failed = chunk.is_err();
            if chunks.send(chunk).is_err() || failed {
                return;
            }
        }
    });
    come
}

/// Whether nobody reads our output any more.
fn is_unheard() -> bool {
    let stdout = std::io::stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::empty())];
    let gone = poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok();
    gone && fds.iter().any(|fd| fd.revents().intersects(PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL))
}

/// A watch under way.
struct Live<'a> {
    watch: Watch<'a>,
    name: String,
    least: Confidence,
    common: &'a Common,
    /// A signal asks to end.
    end: Arc<AtomicBool>,
    told: usize,
    /// Findings that were not sure enough to be told.
    unsure: usize,
    /// Lines of files that were followed before the present one.
    lines: usize,
    /// Since when something waits to be judged.
    since: Option<Instant>,
    /// When something came in last.
    heard: Instant,
}

impl Live<'_> {
    fn ends(&self) -> bool {
        self.end.load(Ordering::Relaxed) || is_unheard()
    }

    fn stream(&mut self, chunks: &Receiver<std::io::Result<Vec<u8>>>) -> anyhow::Result<()> {
        while !self.ends() {
            match chunks.recv_timeout(BEAT) {
                Ok(chunk) => self.take(&chunk.context("standard input cannot be read further")?)?,
                Err(RecvTimeoutError::Timeout) => self.pause()?,
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.settle(Until::End)
    }

    fn follow(&mut self, mut file: Follower) -> anyhow::Result<()> {
        if !file.is_there() {
            out::warn(&format!("{} does not exist yet; waiting for it", self.name));
        }
        while !self.ends() {
            match file.look()? {
                Look::Bytes(bytes) => {
                    self.take(&bytes)?;
                    continue;
                }
                Look::Nothing => self.pause()?,
                Look::Gone => {
                    self.settle(Until::End)?;
                    out::warn(&format!("{} is gone; waiting for the next one", self.name));
                }
                Look::Truncated => self.begin_again("was emptied")?,
                Look::Replaced => self.begin_again("was replaced")?,
            }
            std::thread::sleep(BEAT);
        }
        self.settle(Until::End)
    }

    fn begin_again(&mut self, why: &str) -> anyhow::Result<()> {
        self.settle(Until::End)?;
        self.lines += self.watch.lines();
        self.watch.restart();
        out::warn(&format!("{} {why}; lines count from 1 again", self.name));
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.heard = Instant::now();
        let news = self.watch.feed(bytes);
        self.tell(&news)?;
        if self.since.get_or_insert_with(Instant::now).elapsed() >= LATEST {
            self.settle(Until::Line)?;
        }
        Ok(())
    }

    /// Nothing came for a beat.
    fn pause(&mut self) -> anyhow::Result<()> {
        if self.since.is_some() {
            self.settle(Until::Line)?;
        }
        if self.watch.is_waiting() && self.heard.elapsed() >= HALF_LINE {
            self.settle(Until::Character)?;
            self.heard = Instant::now();
        }
        Ok(())
    }

    fn settle(&mut self, until: Until) -> anyhow::Result<()> {
        self.since = None;
        let news = self.watch.settle(until);
        self.tell(&news)
    }

    fn tell(&mut self, news: &[News]) -> anyhow::Result<()> {
        for one in news {
            if one.finding.confidence > self.least {
                self.unsure += 1;
                continue;
            }
            // What was held back is told for the first time.
            let one = News { before: one.before.filter(|before| *before <= self.least), finding: one.finding.clone() };
            self.told += 1;
            match self.common.format {
                Format::Json => {
                    let time = jiff::Timestamp::now().to_string();
                    out::say(&out::escaped(&news_json(&one, &self.name, &time).to_string()))?;
                }
                Format::Text | Format::Markdown => {
                    let time = jiff::Zoned::now().strftime("%H:%M:%S").to_string();
                    out::say(&news_text(&one, &self.name, &time, out::paint(self.common)))?;
                }
            }
        }
        Ok(())
    }

    /// The last words, for people only.
    fn sum_up(&self) {
        if self.common.format == Format::Json {
            return;
        }
        let lines = self.lines + self.watch.lines();
        let more = match self.unsure {
            0 => String::new(),
            _ if self.least == Confidence::Likely => format!("; {} only possible ones were held back (--least possible)", self.unsure),
            unsure => format!("; {unsure} less sure ones were held back (--least)"),
        };
        out::warn(&format!("{lines} lines watched, {} findings told{more}", self.told));
    }
}
