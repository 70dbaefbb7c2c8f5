//! Reading inputs of any size in constant memory: blocks of whole lines, read by one thread and scanned by as many as the machine has cores.

use super::input::Source;
use crate::engine::{Engine, Enough, Input, Options, Part, Reading, is_utf8};
use crate::text::pieces;
use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Read as _};
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// An input that is no larger, in bytes, is kept and read whole.
const WHOLE: usize = 4 << 20;
/// Lines up to this many bytes are scanned at once: few, since what earlier blocks gave enough of is soon known then, and little memory is taken.
const BLOCK: usize = 1 << 20;
/// Bytes around a block that are looked at with it, so that an error which goes over its edge is read whole; more than
/// [`surroundings`](crate::text::surroundings) takes.
const AROUND: usize = 8 << 10;
/// Blocks under way at once; always as many, so that what a block knows of earlier ones does not depend on the machine.
const UNDER_WAY: usize = 4;
/// Nobody wants to see a bar for less.
const PATIENCE: Duration = Duration::from_secs(1);

/// A block: its number, its bytes with what stands around it, where it lies in them, and what earlier blocks gave enough of.
struct Block {
    number: usize,
    bytes: Vec<u8>,
    core: Range<usize>,
    enough: Enough,
}

/// Reads a source, which is input number `number`.
pub(super) fn read(engine: &Engine, number: usize, source: Source, options: &Options) -> anyhow::Result<Reading> {
    let mut reader = Blocks::new(source);
    reader.fill(WHOLE + 1)?;
    if reader.buffer.len() > WHOLE && !is_utf8(&reader.buffer) {
        // UTF-16 is turned into text as a whole.
        reader.fill(usize::MAX)?;
    }
    if reader.ended {
        return Ok(engine.read(number, &Input { name: reader.source.name, bytes: reader.buffer }, options));
    }
    let mut reading = Reading::new(engine, &reader.source.name, &reader.buffer);
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(UNDER_WAY);
    std::thread::scope(|scope| -> anyhow::Result<()> {
        let (blocks, waiting) = sync_channel::<Block>(UNDER_WAY);
        let (parts, done) = sync_channel::<(usize, Part)>(UNDER_WAY);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..workers {
            let (waiting, parts) = (Arc::clone(&waiting), parts.clone());
            scope.spawn(move || work(engine, number, options, &waiting, &parts));
        }
        drop(parts);
        reader.run(&blocks, &done, &mut reading)
    })?;
    Ok(reading)
}

/// Scans blocks until none are left.
fn work(engine: &Engine, number: usize, options: &Options, waiting: &Mutex<Receiver<Block>>, parts: &SyncSender<(usize, Part)>) {
    loop {
        let next = waiting.lock().map_or(None, |blocks| blocks.recv().ok());
        let Some(block) = next else { return };
        let part = engine.read_part(number, &block.bytes, block.core, options, block.enough);
        if parts.send((block.number, part)).is_err() {
            return;
        }
    }
}

/// Cuts what a source gives into blocks.
struct Blocks {
    source: Source,
    /// What was read and is in no block yet, behind some bytes that are.
    buffer: Vec<u8>,
    /// Where in the buffer the next block begins.
    next: usize,
    ended: bool,
    read: u64,
}

impl Blocks {
    fn new(source: Source) -> Self {
        Self { source, buffer: Vec::new(), next: 0, ended: false, read: 0 }
    }

    /// Reads until so many bytes lie behind `next`, or the source has ended.
    fn fill(&mut self, wanted: usize) -> anyhow::Result<()> {
        let missing = wanted.saturating_sub(self.buffer.len() - self.next);
        let limit = u64::try_from(missing).unwrap_or(u64::MAX);
        let got = self
            .source
            .reader
            .by_ref()
            .take(limit)
            .read_to_end(&mut self.buffer)
            .with_context(|| format!("{} cannot be read further, after {} bytes", self.source.name, self.read))?;
        self.read += got as u64;
        self.ended = self.ended || (got as u64) < limit;
        Ok(())
    }

    /// The next block; none at the end.
    fn next(&mut self, number: usize) -> anyhow::Result<Option<Block>> {
        self.fill(BLOCK + AROUND)?;
        let rest = self.buffer.get(self.next..).unwrap_or(&[]);
        let Some(piece) = pieces(rest, BLOCK).next() else { return Ok(None) };
        let core = self.next + piece.start..self.next + piece.end;
        let (from, to) = (core.start.saturating_sub(AROUND), self.buffer.len().min(core.end + AROUND));
        let bytes = self.buffer.get(from..to).unwrap_or(&[]).to_vec();
        let block = Block { number, bytes, core: core.start - from..core.end - from, enough: Enough::default() };
        let done = core.end.saturating_sub(AROUND);
        self.buffer.drain(..done);
        self.next = core.end - done;
        Ok(Some(block))
    }

    /// Hands out all blocks and gathers what is found in them, in their order.
    fn run(&mut self, blocks: &SyncSender<Block>, done: &Receiver<(usize, Part)>, reading: &mut Reading) -> anyhow::Result<()> {
        let mut gathered = Gathered::default();
        let mut bar = Bar::new(self.source.size, self.source.quiet);
        let mut number = 0;
        while let Some(block) = self.next(number)? {
            while number - gathered.next >= UNDER_WAY {
                gathered.take(done.recv().ok(), reading);
            }
            if blocks.send(Block { enough: reading.enough(), ..block }).is_err() {
                break;
            }
            number += 1;
            bar.show(self.read);
        }
        while gathered.next < number {
            let part = done.recv().ok();
            if part.is_none() {
                anyhow::bail!("{} could not be scanned to its end", self.source.name);
            }
            gathered.take(part, reading);
        }
        reading.bytes = usize::try_from(self.read).unwrap_or(usize::MAX);
        Ok(())
    }
}

/// Parts that came before their turn.
#[derive(Default)]
struct Gathered {
    early: BTreeMap<usize, Part>,
    next: usize,
}

impl Gathered {
    fn take(&mut self, part: Option<(usize, Part)>, reading: &mut Reading) {
        self.early.extend(part);
        while let Some(part) = self.early.remove(&self.next) {
            reading.append(part);
            self.next += 1;
        }
    }
}

/// A bar on standard error, on a terminal, where it takes long.
struct Bar {
    begun: Instant,
    size: Option<u64>,
    quiet: bool,
    shown: Option<ProgressBar>,
}

impl Bar {
    fn new(size: Option<u64>, quiet: bool) -> Self {
        Self { begun: Instant::now(), size, quiet, shown: None }
    }

    fn show(&mut self, read: u64) {
        if self.shown.is_none() && !self.quiet && self.begun.elapsed() > PATIENCE && std::io::stderr().is_terminal() {
            let bar = self.size.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
            let style = if self.size.is_some() { "{bar:32} {bytes} of {total_bytes}, {eta} left" } else { "{spinner} {bytes}" };
            self.shown = Some(ProgressStyle::with_template(style).map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style)));
        }
        if let Some(bar) = &self.shown {
            bar.set_position(read);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::diagnosis_json;

    fn source(text: &str) -> Source {
        Source {
            name: "x.log".into(),
            size: Some(text.len() as u64),
            reader: Box::new(std::io::Cursor::new(text.as_bytes().to_vec())),
            quiet: true,
        }
    }

    /// What is found in a large log is what would be found in it whole.
    #[test]
    fn blocks_change_nothing() {
        let engine = Engine::new(Vec::new());
        let mut text = String::new();
        for at in 0..90_000 {
            let line = match at % 15_000 {
                7 => "Notes[5] SecItemAdd failed: errSecMissingEntitlement (-34018)",
                9 => "Notes[5] \u{1b}[31mwrong\u{1b}[0m -25300, “quoted”",
                _ => "Notes[5] pushed some records to the server and all went well",
            };
            text.extend(["2026-11-22 10:00:00.123456+0100 ", line, " ", &at.to_string(), "\n"]);
        }
        let options = Options::default();
        let whole =
            engine.diagnose(vec![engine.read(0, &Input { name: "x.log".into(), bytes: text.clone().into_bytes() }, &options)], &options);
        let parts = engine.diagnose(vec![read(&engine, 0, source(&text), &options).unwrap()], &options);
        assert!(text.len() > WHOLE && whole.facts.len() >= 3);
        assert_eq!(diagnosis_json(&parts).to_string(), diagnosis_json(&whole).to_string());
    }

    #[test]
    fn a_line_longer_than_a_block_is_read() {
        let engine = Engine::new(Vec::new());
        let text = format!("{}\n{} errSecItemNotFound", "x".repeat(WHOLE + 100), "é ".repeat(WHOLE));
        let reading = read(&engine, 0, source(&text), &Options::default()).unwrap();
        assert_eq!((reading.lines(), reading.bytes), (2, text.len()));
        let diagnosis = engine.diagnose(vec![reading], &Options::default());
        let fact = diagnosis.facts.iter().find(|report| report.fact.name.as_deref() == Some("errSecItemNotFound")).unwrap();
        assert_eq!((fact.place.line, fact.place.start), (2, 2 * WHOLE + 2));
    }
}
