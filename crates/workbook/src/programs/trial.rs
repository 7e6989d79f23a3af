//! A program tried out: compiled and run in a folder of its own, and what became of it, for a reader.

use super::compiler::Compiler;
use super::confined::{Ended, Ending, Limits, MEMORY};
use crate::workbench::session;
use anyhow::{Context, Result};
use serde::Serialize;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// How long a program may take, compiling included.
pub const LIMIT: Duration = Duration::from_secs(10);

/// How much a program may print, in bytes.
pub const MOST_OUTPUT: usize = 64 * 1024;

/// How much a compiler may say; it is asked for the first errors only, but each can be long.
const MOST_MESSAGES: usize = 1024 * 1024;

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Well.
    Well,
    /// It never began.
    NotCompiled,
    /// It panicked.
    Panicked,
    /// It ended with an error, or was ended by the system.
    Failed,
    /// It needed too much memory.
    OutOfMemory,
    /// It ran too long.
    TooLong,
    /// It printed too much.
    TooMuchOutput,
    /// It made too many files, or too large ones.
    TooManyFiles,
    /// It started too many threads.
    TooManyThreads,
    /// Nobody wanted to wait for it any longer.
    Stopped,
}

/// What became of a program.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trial {
    /// How it ended.
    pub end: End,
    /// The same in one sentence; empty if it ended well.
    pub message: String,
    /// What it printed, until then.
    pub stdout: String,
    /// What it printed as an error: the words of a panic, without what is the same in all of them.
    pub stderr: String,
    /// What the compiler had to say, if it did not compile.
    pub diagnostics: Vec<Diagnostic>,
    /// The line of the program that panicked, from 1, if it is one of the program's own.
    pub line: Option<usize>,
    /// How long it took, compiling included.
    pub seconds: f64,
}

/// An error of the compiler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// In one line.
    pub message: String,
    /// The file it is in.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// As the compiler shows it.
    pub rendered: String,
}

impl Compiler {
    /// Compiles and runs the first of some files, in a folder of its own below `within` that is gone afterwards.
    ///
    /// # Errors
    ///
    /// If the compiler can't be run or the disk is full; what is wrong with the program itself is in the [`Trial`].
    pub fn try_out(&self, within: &Path, files: &[(&str, &str)], limit: Duration, stop: &AtomicBool) -> Result<Trial> {
        let start = Instant::now();
        let limits = |output| Limits { until: start + limit, output, stop };
        let folder = tempfile::Builder::new().prefix("run-").tempdir_in(within).context("can't make a folder")?;
        // The kernel compares folders, not their names.
        let path = folder.path().canonicalize()?;
        for (name, text) in files {
            std::fs::write(path.join(name), text).with_context(|| format!("can't write {name}"))?;
        }
        let main = files[0].0;
        let compiled = self.compile(&path, main, &["--error-format=json", "-Awarnings"], limits(MOST_MESSAGES))?;
        let mut trial = if matches!(compiled.ending, Ending::Exited(status) if status.success()) {
            executed(self.execute(&path, Path::new("./program"), limits(MOST_OUTPUT))?, files, limit)
        } else {
            not_compiled(&compiled, limit)
        };
        trial.seconds = start.elapsed().as_secs_f64();
        session::remove(&folder.keep());
        Ok(trial)
    }
}

fn not_compiled(compiled: &Ended, limit: Duration) -> Trial {
    let said = String::from_utf8_lossy(&compiled.stderr);
    let diagnostics: Vec<Diagnostic> = said.lines().filter_map(diagnostic).collect();
    let (end, message) = match compiled.ending {
        Ending::TooLong => (End::TooLong, format!("It was not even compiled after {} seconds.", limit.as_secs_f64())),
        Ending::Stopped => (End::Stopped, "It was stopped while it compiled.".into()),
        _ if said.contains("out of memory") || said.contains("memory allocation of") => {
            (End::OutOfMemory, format!("To compile it needs more than {MEMORY} MiB of memory."))
        }
        _ if diagnostics.is_empty() => {
            // A crash is told at great length.
            let first: String = said.trim().lines().next().unwrap_or_default().chars().take(200).collect();
            (End::NotCompiled, format!("The compiler failed: {first}"))
        }
        _ => (End::NotCompiled, String::from("It doesn't compile.")),
    };
    Trial { end, message, stdout: String::new(), stderr: String::new(), diagnostics, line: None, seconds: 0.0 }
}

/// An error among the messages of `rustc --error-format=json`, which has one a line.
fn diagnostic(line: &str) -> Option<Diagnostic> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    let rendered = message["rendered"].as_str()?.trim_end().to_owned();
    let text = message["message"].as_str()?.to_owned();
    // The last one says how many there were.
    if message["level"] != "error" || text.starts_with("aborting due to") {
        return None;
    }
    let primary = message["spans"].as_array()?.iter().find(|span| span["is_primary"] == true);
    let number = |name: &str| primary.and_then(|span| span[name].as_u64()).unwrap_or(1) as usize;
    let file = primary.and_then(|span| span["file_name"].as_str()).unwrap_or_default().to_owned();
    Some(Diagnostic { message: text, file, line: number("line_start"), column: number("column_start"), rendered })
}

fn executed(ended: Ended, files: &[(&str, &str)], limit: Duration) -> Trial {
    let stdout = String::from_utf8_lossy(&ended.stdout).into_owned();
    let (stderr, line) = panic_message(&String::from_utf8_lossy(&ended.stderr), files[0].0);
    let (end, message) = match ended.ending {
        Ending::TooLong => {
            (End::TooLong, format!("It still ran after {} seconds, and was stopped.", limit.as_secs_f64()))
        }
        Ending::TooMuchOutput => {
            (End::TooMuchOutput, format!("It printed more than {} KiB, and was stopped.", MOST_OUTPUT / 1024))
        }
        Ending::TooManyFiles => {
            (End::TooManyFiles, "It made too many files, or too large ones, and was stopped.".into())
        }
        Ending::TooManyThreads => (End::TooManyThreads, "It started too many threads, and was stopped.".into()),
        Ending::Stopped => (End::Stopped, "It was stopped.".into()),
        Ending::Exited(status) if status.success() => (End::Well, String::new()),
        Ending::Exited(_) if stderr.contains("memory allocation of") => {
            (End::OutOfMemory, format!("It needed more than {MEMORY} MiB of memory, and was stopped."))
        }
        Ending::Exited(_) if stderr.contains(" panicked at ") => (End::Panicked, "It panicked.".into()),
        Ending::Exited(status) => (End::Failed, format!("It ended with {status}.")),
    };
    Trial { end, message, stdout, stderr, diagnostics: vec![], line, seconds: 0.0 }
}

/// The words of a panic without the number of its thread and the advice that comes with the first; and the line of the
/// program in which it happened.
fn panic_message(said: &str, main: &str) -> (String, Option<usize>) {
    let mut lines = vec![];
    let mut at = None;
    for line in said.lines() {
        if line.starts_with("note: run with `RUST_BACKTRACE=1`") {
            continue;
        }
        let Some((thread, place)) = line.split_once(" panicked at ").filter(|_| line.starts_with("thread '")) else {
            lines.push(line.to_owned());
            continue;
        };
        let name = thread.split(" (").next().unwrap_or(thread);
        let number = place.strip_prefix(main).and_then(|rest| rest.strip_prefix(':')?.split(':').next()?.parse().ok());
        at = at.or(number);
        lines.push(format!("{name} panicked at {place}"));
    }
    (lines.join("\n").trim().to_owned(), at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_without_what_is_the_same_in_all() {
        let said = "\nthread 'main' (4711) panicked at snippet.rs:3:5:\nno\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n";
        let expected = "thread 'main' panicked at snippet.rs:3:5:\nno";
        assert_eq!(panic_message(said, "snippet.rs"), (expected.into(), Some(3)));
        assert_eq!(panic_message("thread 'main' panicked at /lib/core.rs:1:2:\nno", "snippet.rs").1, None);
    }
}
