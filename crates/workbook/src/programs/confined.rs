//! A program run in its place: through the launcher `confine`, with an end to its time, its output and its whole group.

use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// How much memory a program may have, in mebibytes.
pub const MEMORY: u64 = 1024;

/// The launcher.
#[derive(Clone, Debug)]
pub(crate) struct Confined {
    pub launcher: PathBuf,
}

/// What this system can keep a program from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Able {
    /// Writing outside of its folder.
    pub writes: bool,
    /// Starting other programs and opening sockets.
    pub processes: bool,
}

/// Whether a program needs others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Company {
    /// It may start none.
    Alone,
    /// A compiler starts a linker.
    Helped,
}

/// When a program has to end.
#[derive(Clone, Copy)]
pub(crate) struct Limits<'a> {
    pub until: Instant,
    /// In bytes, both ways together.
    pub output: usize,
    /// Set by whoever no longer wants to know.
    pub stop: &'a AtomicBool,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ending {
    Exited(ExitStatus),
    TooLong,
    TooMuchOutput,
    TooManyFiles,
    TooManyThreads,
    Stopped,
}

/// How it ended and what it said until then.
pub(crate) struct Ended {
    pub ending: Ending,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Confined {
    /// What this system is able to.
    pub fn able(&self) -> Result<Able> {
        let said = Command::new(&self.launcher).arg("able").output().context("can't run the launcher")?;
        let said = String::from_utf8_lossy(&said.stdout);
        let can = |word| said.lines().any(|line| line == word);
        Ok(Able { writes: can("writes"), processes: can("processes") })
    }

    /// Runs a program in a folder, which is all it can write to, until it ends or has to.
    pub fn run<A: AsRef<OsStr>>(
        &self,
        folder: &Path,
        company: Company,
        program: &Path,
        arguments: impl IntoIterator<Item = A>,
        limits: Limits,
    ) -> Result<Ended> {
        let mut command = Command::new(&self.launcher);
        command.arg(folder).arg(MEMORY.to_string()).arg(match company {
            Company::Alone => "alone",
            Company::Helped => "helped",
        });
        command.arg(program).args(arguments).current_dir(folder).env_clear().env("TMPDIR", folder);
        // One pool of memory for all threads: the C library otherwise sets 64 MiB aside for each.
        command.env("MALLOC_ARENA_MAX", "1");
        for kept in ["PATH", "SystemRoot", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "HOME"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("can't run the launcher")?;
        let heard = listen(&mut child)?;
        let mut said = Words::default();
        let watched = (company == Company::Alone).then_some(folder);
        let ending = wait(&mut child, &heard, limits, &mut said, watched);
        // Whatever happened, nothing of it runs on. Then nobody holds the pipes any more, and what is left in them can be read to the end.
        end_group(&mut child)?;
        let mut ending = ending?;
        if matches!(ending, Ending::Exited(_)) {
            while let Ok(more) = heard.recv_timeout(LAST_WORDS) {
                said.take(more);
                if said.length() > limits.output {
                    ending = Ending::TooMuchOutput;
                    break;
                }
            }
        }
        said.shorten(limits.output);
        let Words { stdout, stderr } = said;
        Ok(Ended { ending, stdout, stderr })
    }
}

/// How long the last words of a program may take to be read. They are in the pipe when it ends, but on a busy machine its reader may
/// have to wait for its turn; only something that outlived the program and its group, and holds the pipe, makes it take so long.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// What a program has said.
#[derive(Default)]
struct Words {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Words {
    fn take(&mut self, said: Said) {
        match said {
            Said::Out(bytes) => self.stdout.extend(bytes),
            Said::Err(bytes) => self.stderr.extend(bytes),
        }
    }

    fn length(&self) -> usize {
        self.stdout.len() + self.stderr.len()
    }

    /// Takes what is too much off the longer of the two.
    fn shorten(&mut self, most: usize) {
        let excess = self.length().saturating_sub(most);
        let longer = if self.stdout.len() > self.stderr.len() { &mut self.stdout } else { &mut self.stderr };
        longer.truncate(longer.len().saturating_sub(excess));
    }
}

enum Said {
    Out(Vec<u8>),
    Err(Vec<u8>),
}

/// Listens to a program on threads of their own, so that a full pipe never stops it.
fn listen(child: &mut Child) -> Result<Receiver<Said>> {
    // A bounded queue: a program that never stops printing waits for us, not for memory.
    let (say, heard) = sync_channel(4);
    listen_to(child.stdout.take().context("the output is piped")?, say.clone(), Said::Out);
    listen_to(child.stderr.take().context("the output is piped")?, say, Said::Err);
    Ok(heard)
}

fn listen_to(mut pipe: impl Read + Send + 'static, say: SyncSender<Said>, as_said: fn(Vec<u8>) -> Said) {
    std::thread::spawn(move || {
        let mut buffer = vec![0; 16 * 1024];
        // A pipe that breaks off ends the text; how the program ended says the rest.
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            if say.send(as_said(buffer[..count].to_vec())).is_err() {
                return;
            }
        }
    });
}

/// Waits for the end, or for one of the limits, and takes in what is said until then. From time to time it looks into the folder that
/// is watched, and at the number of threads.
fn wait(
    child: &mut Child,
    heard: &Receiver<Said>,
    limits: Limits,
    words: &mut Words,
    watched: Option<&Path>,
) -> Result<Ending> {
    let mut pause = Duration::from_micros(200);
    let mut looked = Instant::now();
    loop {
        match heard.recv_timeout(pause) {
            Ok(said) => {
                words.take(said);
                if words.length() > limits.output {
                    return Ok(Ending::TooMuchOutput);
                }
            }
            Err(RecvTimeoutError::Timeout) => pause = (pause * 2).min(Duration::from_millis(10)),
            // It has closed its output, most likely because it is ending.
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(Duration::from_micros(200)),
        }
        if let Some(status) = child.try_wait()? {
            return Ok(Ending::Exited(status));
        }
        if limits.stop.load(Ordering::Relaxed) {
            return Ok(Ending::Stopped);
        }
        if Instant::now() > limits.until {
            return Ok(Ending::TooLong);
        }
        if let Some(folder) = watched.filter(|_| looked.elapsed() > LOOK) {
            looked = Instant::now();
            if is_crowded(folder) {
                return Ok(Ending::TooManyFiles);
            }
            if threads(child) > MOST_THREADS {
                return Ok(Ending::TooManyThreads);
            }
        }
    }
}

/// How often a program is looked at while it runs.
const LOOK: Duration = Duration::from_millis(100);

/// How many files a program may make, and how large they may be together, in bytes.
const MOST_FILES: usize = 256;
const MOST_BYTES: u64 = 64 << 20;

/// How many threads it may have: more than any machine has cores for.
const MOST_THREADS: usize = 1024;

/// Whether a program has filled its folder. Where it is confined it can make no folders in it.
fn is_crowded(folder: &Path) -> bool {
    let (mut files, mut bytes) = (0, 0);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        files += 1;
        bytes += entry.metadata().map_or(0, |file| file.len());
        if files > MOST_FILES || bytes > MOST_BYTES {
            return true;
        }
    }
    false
}

/// How many threads a program has; 0 where the system doesn't say.
fn threads(child: &Child) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("Threads:")?.trim().parse().ok()).unwrap_or(0)
}

/// Ends a program and all that it started and that did not leave its group.
fn end_group(child: &mut Child) -> Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        match kill_process_group(Pid::from_child(child), Signal::KILL) {
            // Nothing is left of the group; or only what has ended and waits to be noticed, which macOS reports so.
            Ok(()) | Err(rustix::io::Errno::SRCH | rustix::io::Errno::PERM) => {}
            Err(error) => bail!("can't end the program's group: {error}"),
        }
    }
    #[cfg(not(unix))]
    if child.try_wait()?.is_none() {
        child.kill().context("can't end the program")?;
    }
    child.wait()?;
    Ok(())
}
