//! Passing on what a command prints: pipes and pseudo-terminals between it and our own output.
//!
//! Where our output is a terminal the command gets one, too: a pseudo-terminal that changes no byte. Output and errors that go to one place
//! (a terminal, `2>&1`) go through one channel, so that their order stays.

use anyhow::Context as _;
use rustix::fs::{Mode, OFlags, fstat, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, OutputModes, isatty, tcgetattr, tcgetwinsize, tcsetattr, tcsetwinsize};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::Stdio;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;

/// Bytes passed on at once.
const CHUNK: usize = 64 << 10;
/// A line that is longer is handed on in parts.
const LONGEST: usize = 1 << 20;

/// From the command to one of our outputs.
pub(super) struct Channel {
    reader: File,
    output: File,
}

/// How the command's outputs are connected.
pub(super) struct Plumbing {
    /// For the command.
    pub(super) stdout: Stdio,
    /// For the command.
    pub(super) stderr: Stdio,
    /// From it to our outputs.
    pub(super) channels: Vec<Channel>,
    /// The pseudo-terminals, whose size follows that of the real one.
    pub(super) terminals: Vec<File>,
}

/// Connects the outputs of a command with ours.
pub(super) fn connect() -> anyhow::Result<Plumbing> {
    let (stdout, stderr) = (std::io::stdout(), std::io::stderr());
    let mut plumbing = Plumbing { stdout: Stdio::null(), stderr: Stdio::null(), channels: Vec::new(), terminals: Vec::new() };
    let end = plumbing.channel(stdout.as_fd())?;
    let other = if is_same(stdout.as_fd(), stderr.as_fd()) { end.try_clone()? } else { plumbing.channel(stderr.as_fd())? };
    (plumbing.stdout, plumbing.stderr) = (end.into(), other.into());
    Ok(plumbing)
}

fn is_same(one: BorrowedFd<'_>, other: BorrowedFd<'_>) -> bool {
    match (fstat(one), fstat(other)) {
        (Ok(one), Ok(other)) => (one.st_dev, one.st_ino, one.st_rdev) == (other.st_dev, other.st_ino, other.st_rdev),
        _ => false,
    }
}

impl Plumbing {
    /// A new channel to `output`; returns the end for the command.
    fn channel(&mut self, output: BorrowedFd<'_>) -> anyhow::Result<OwnedFd> {
        let copy = File::from(output.try_clone_to_owned().context("standard output is closed")?);
        let (reader, end) = if isatty(output) {
            let (reader, end) = pseudo_terminal(output).context("no pseudo-terminal can be had")?;
            self.terminals.push(reader.try_clone()?);
            (reader, end)
        } else {
            let (reader, end) = std::io::pipe()?;
            (File::from(OwnedFd::from(reader)), OwnedFd::from(end))
        };
        self.channels.push(Channel { reader, output: copy });
        Ok(end)
    }
}

/// A pseudo-terminal like `real`, except that it leaves output as it is: the real one does what is to be done to it.
fn pseudo_terminal(real: BorrowedFd<'_>) -> std::io::Result<(File, OwnedFd)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let name = ptsname(&master, Vec::new())?;
    let end = open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())?;
    let mut modes = tcgetattr(real)?;
    modes.output_modes.remove(OutputModes::OPOST);
    tcsetattr(&end, OptionalActions::Now, &modes)?;
    rustix::io::fcntl_setfd(&master, rustix::io::FdFlags::CLOEXEC)?;
    let master = File::from(master);
    resize(&master);
    Ok((master, end))
}

/// Gives a pseudo-terminal the size of the real one.
pub(super) fn resize(terminal: &File) {
    for real in [std::io::stdout().as_fd(), std::io::stderr().as_fd()] {
        if let Ok(size) = tcgetwinsize(real) {
            let _ = tcsetwinsize(terminal, size);
            return;
        }
    }
}

impl Channel {
    /// Passes everything on as it comes, and sends a copy in whole lines to `lines`. When our output is closed it ends, so that the command
    /// learns of it.
    pub(super) fn pass(mut self, lines: SyncSender<Vec<u8>>) -> JoinHandle<()> {
        std::thread::spawn(move || {
            let mut chunk = vec![0; CHUNK];
            let mut line = Vec::new();
            loop {
                let count = match self.reader.read(&mut chunk) {
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                    // A pseudo-terminal whose other end is closed gives an error instead of an end.
                    Ok(0) | Err(_) => break,
                    Ok(count) => count,
                };
                let bytes = chunk.get(..count).unwrap_or(&[]);
                if self.output.write_all(bytes).is_err() {
                    break;
                }
                line.extend_from_slice(bytes);
                let whole = line.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
                let whole = if line.len() - whole > LONGEST { line.len() } else { whole };
                if whole > 0 {
                    let rest = line.split_off(whole);
                    let _ = lines.send(std::mem::replace(&mut line, rest));
                }
            }
            if !line.is_empty() {
                let _ = lines.send(line);
            }
        })
    }
}
