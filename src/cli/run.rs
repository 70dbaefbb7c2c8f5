//! `pitfall run`: runs a command, passes on what it prints and how it ends, and says what went wrong.

use super::input::Source;
use super::redact::{Leaving, leave, leave_json};
use super::{Common, Format, Outcome, engine, large, out, pass};
use crate::engine::{Diagnosis, Engine, Options};
use crate::knowledge::{Confidence, Severity};
use crate::report::{Paint, diagnosis_json, diagnosis_markdown, diagnosis_text};
use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, getpgrp, kill_process};
use rustix::termios::tcgetpgrp;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH};
use signal_hook::iterator::Signals;
use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, IsTerminal as _, Read};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write the diagnosis to this file, in the format that --format names, instead of standard error; it is written in any case.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    leaving: Leaving,
    /// The command and its arguments.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Chunks of output that wait to be read.
const WAITING: usize = 64;
/// What children of the command still print is passed on until they are silent for so long.
const SILENCE: Duration = Duration::from_millis(500);

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    let Some((program, arguments)) = args.command.split_first() else { bail!("no command is named") };
    let name = crate::text::clean(&program.to_string_lossy()).text;
    let engine = engine(common)?;
    let plumbing = pass::connect()?;
    let mut signals = Signals::new([SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH]).context("signals cannot be watched")?;
    let mut command = Command::new(program);
    command.args(arguments).stdout(plumbing.stdout).stderr(plumbing.stderr);
    let spawned = command.spawn();
    // It holds our copies of the ends that are the command's; the channels end only when they are closed.
    drop(command);
    let child = match spawned {
        Ok(child) => child,
        Err(error) => return Ok(Outcome::Status(refused(&name, &error))),
    };
    let handle = signals.handle();
    let pid = Pid::from_child(&child);
    let terminals = plumbing.terminals;
    let forwarder = std::thread::spawn(move || signals.forever().for_each(|signal| forward(signal, pid, &terminals)));
    let (lines, come) = sync_channel(WAITING);
    for channel in plumbing.channels {
        // Ends with its channel, or with the program where children of the command hold that open.
        channel.pass(lines.clone());
    }
    drop(lines);
    let ended = Arc::new(AtomicBool::new(false));
    let waiter = wait(child, Arc::clone(&ended));
    let reader = Box::new(Chunks { come, ended, rest: Vec::new(), at: 0 });
    let reading = large::read(&engine, 0, Source { name: name.clone(), size: None, reader, quiet: true }, &Options::default())?;
    let status = waiter.join().map_err(|_| anyhow::anyhow!("{name} could not be waited for"))??;
    handle.close();
    let _ = forwarder.join();
    let diagnosis = engine.diagnose(vec![reading], &Options::default());
    let text = written(&engine, &diagnosis, args, common);
    report(&diagnosis, &text, (&name, status), args)?;
    Ok(Outcome::Status(code(status)))
}

/// The status of a command that could not be started, as shells have it.
fn refused(name: &str, error: &std::io::Error) -> u8 {
    if error.kind() == ErrorKind::NotFound {
        out::warn(&format!("{name} is no command that is known here; is it installed and on the PATH?"));
        return 127;
    }
    out::warn(&format!("{name} cannot be run: {error}"));
    126
}

fn wait(mut child: Child, ended: Arc<AtomicBool>) -> std::thread::JoinHandle<std::io::Result<ExitStatus>> {
    std::thread::spawn(move || {
        let status = child.wait();
        ended.store(true, Ordering::Release);
        status
    })
}

/// Hands a signal on. One that the terminal sent to everybody in front of it has reached the command already.
fn forward(signal: i32, pid: Pid, terminals: &[File]) {
    terminals.iter().for_each(pass::resize);
    let in_front = tcgetpgrp(std::io::stdin()).is_ok_and(|front| front == getpgrp());
    if matches!(signal, SIGINT | SIGQUIT) && in_front || signal == SIGWINCH && terminals.is_empty() {
        return;
    }
    if let Some(signal) = Signal::from_named_raw(signal) {
        let _ = kill_process(pid, signal);
    }
}

/// What a command printed, to be read; it ends when nobody prints any more, or when the command has ended and its children are silent.
struct Chunks {
    come: Receiver<Vec<u8>>,
    ended: Arc<AtomicBool>,
    rest: Vec<u8>,
    at: usize,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.at >= self.rest.len() {
            let ended = self.ended.load(Ordering::Acquire);
            match self.come.recv_timeout(SILENCE) {
                Ok(chunk) => (self.rest, self.at) = (chunk, 0),
                Err(RecvTimeoutError::Timeout) if !ended => {}
                Err(_) => return Ok(0),
            }
        }
        let count = self.rest.get(self.at..).unwrap_or(&[]).read(buffer)?;
        self.at += count;
        Ok(count)
    }
}

/// The exit status that a shell would tell: 128 and the signal's number for a command that a signal ended.
fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// The diagnosis in the form that was asked for; what leaves is redacted as that of `triage`.
fn written(engine: &Engine, diagnosis: &Diagnosis, args: &Args, common: &Common) -> String {
    let mut redactor = args.leaving.redactor(common.written);
    if let Some(redactor) = &mut redactor {
        super::triage::teach(engine, redactor, diagnosis);
    }
    let colour = args.report.is_none()
        && !common.plain
        && std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let paint = Paint { colour, plain: common.plain, ..Paint::default() };
    let columns = if args.report.is_none() { crate::tui::columns(&std::io::stderr()) } else { None };
    let paint = columns.map_or(paint, |columns| paint.in_columns(columns));
    match common.format {
        Format::Json => {
            let mut document = diagnosis_json(diagnosis);
            leave_json(&mut document, redactor.as_mut());
            format!("{}\n", out::escaped(&document.to_string()))
        }
        Format::Markdown => leave(&diagnosis_markdown(diagnosis), redactor.as_mut()),
        Format::Text => leave(&diagnosis_text(diagnosis, paint), redactor.as_mut()),
    }
}

/// Says what went wrong: where the command failed, or where something sure was found.
fn report(diagnosis: &Diagnosis, text: &str, (name, status): (&str, ExitStatus), args: &Args) -> anyhow::Result<()> {
    let sure = diagnosis.findings.iter().any(|one| one.confidence < Confidence::Possible && one.severity != Severity::Noise);
    if let Some(path) = &args.report {
        return std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()));
    }
    let broken_pipe = status.signal() == Some(signal_hook::consts::SIGPIPE);
    if sure || !status.success() && !broken_pipe {
        let how = match status.signal() {
            Some(signal) => format!("{name} was ended by signal {signal}"),
            None => format!("{name} ended with status {}", code(status)),
        };
        out::warn(&how);
        out::append(text);
    }
    Ok(())
}
