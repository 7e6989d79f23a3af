//! Compiling and running the chapters' programs against the crates they call.

use crate::exercises::Prover;
use crate::programs::Compiler;
use crate::programs::confined::{Ended, Ending, Limits};
use crate::programs::trial::{LIMIT, MOST_OUTPUT};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// A program with one of these could print how it was compiled, so it is always compiled alone.
const TELLTALES: [&str; 7] = ["type_name", "module_path!", "file!", "line!", "Location", "env::", "no_mangle"];

/// A snippet of the book may take so many times as long as a program of a reader's: it runs beside the tests, which want both cores too.
const PATIENCE: u32 = 4;

/// Compiles snippets against the crates as they are now, and keeps their programs.
pub struct Runner {
    compiler: Compiler,
    folder: PathBuf,
    limit: Duration,
}

/// What became of a snippet.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It ended well, and printed this.
    Printed(String),
    /// It didn't compile, panicked, exited with an error, ran too long or printed too much: why, in the compiler's or the
    /// program's own words where there are any.
    Failed(String),
}

impl Runner {
    /// Builds the crates that snippets call, and finds them.
    ///
    /// # Errors
    ///
    /// If the crates don't compile.
    pub fn new(root: &Path) -> Result<Self> {
        let compiler = Compiler::new()?;
        let folder = target_folder(root).join("snippets");
        std::fs::create_dir_all(&folder)?;
        // The kernel compares folders, not their names.
        let folder = folder.canonicalize()?;
        Ok(Self { compiler, folder, limit: PATIENCE * LIMIT })
    }

    /// What proves exercises, with the same compiler.
    pub fn prover<'a>(&'a self, root: &'a Path) -> Prover<'a> {
        Prover::new(root, &self.compiler, &self.folder)
    }

    /// The same runner with another limit of time.
    pub fn with_limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Compiles, as one crate, those of the programs that are not kept yet; [`Runner::run`] then finds them. To start the
    /// compiler and the linker costs a seventh of a second, what they do for one more snippet a hundredth.
    ///
    /// Nothing depends on it: a program that doesn't compile together with the others, or doesn't end well afterwards, is
    /// compiled and run alone, and what is said of it is said there.
    ///
    /// # Errors
    ///
    /// If the compiler can't be run or the disk is full.
    pub fn prepare<'a>(&self, codes: impl IntoIterator<Item = &'a str>) -> Result<()> {
        let mut programs: Vec<(PathBuf, &str)> =
            codes.into_iter().map(|code| (self.kept(code, "-together"), code)).collect();
        programs.sort();
        programs.dedup();
        programs.retain(|(program, code)| {
            !program.exists() && !self.kept(code, "").exists() && !TELLTALES.iter().any(|word| code.contains(word))
        });
        if programs.len() < 2 {
            return Ok(());
        }
        let folder = tempfile::Builder::new().prefix("compile-").tempdir_in(&self.folder)?;
        let (mut modules, mut arms) = (String::new(), String::new());
        for (k, (program, code)) in programs.iter().enumerate() {
            let run = "pub fn run() -> std::process::ExitCode { std::process::Termination::report(main()) }";
            std::fs::write(folder.path().join(format!("s{k}.rs")), format!("{code}\n{run}\n"))?;
            let name = program.file_stem().context("a program has a name")?.to_string_lossy();
            writeln!(modules, "mod s{k};")?;
            writeln!(arms, "        \"{name}\" => s{k}::run(),")?;
        }
        // One program under the name of each: by its name it knows which it is.
        let joint = format!(
            "{modules}\nfn main() -> std::process::ExitCode {{\n    let path = std::env::args_os().next().unwrap_or_default();\n    match std::path::Path::new(&path).file_stem().and_then(|name| name.to_str()).unwrap_or_default() {{\n{arms}        _ => std::process::ExitCode::FAILURE,\n    }}\n}}\n"
        );
        if succeeded(&self.compile(&joint, "snippets.rs", 1, folder.path())?) {
            for (program, _) in &programs {
                match std::fs::hard_link(folder.path().join("program"), program) {
                    // Another run of the tests was faster.
                    Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                    linked => {
                        linked.with_context(|| format!("can't keep a snippet's program at {}", program.display()))?
                    }
                }
            }
        }
        Ok(())
    }

    /// Where the program of a snippet is kept: under the hash of all it is made from.
    fn kept(&self, code: &str, how: &str) -> PathBuf {
        let hash = Sha256::new().chain_update(&self.compiler.version).chain_update(code).finalize();
        self.folder.join(format!("{}{how}", &hex(&hash)[..32])).with_extension(std::env::consts::EXE_EXTENSION)
    }

    /// Compiles and runs a program. `file` and `line` say where it starts, so that messages name that place.
    ///
    /// # Errors
    ///
    /// If the compiler can't be run or the disk is full; what is wrong with the program itself is an [`Outcome`].
    pub fn run(&self, code: &str, file: &str, line: usize) -> Result<Outcome> {
        // Many snippets don't change between two runs of the tests; their programs are kept. They are run every time.
        let together = self.kept(code, "-together");
        if together.exists()
            && let printed @ Outcome::Printed(_) = self.execute(&together, file, line)?
        {
            return Ok(printed);
        }
        let program = self.kept(code, "");
        if !program.exists() {
            let folder = tempfile::Builder::new().prefix("compile-").tempdir_in(&self.folder)?;
            let compiled = self.compile(code, "snippet.rs", 1, folder.path())?;
            if !succeeded(&compiled) {
                // Once more, under the chapter's name and at the chapter's line, for the message alone.
                let again = self.compile(code, file, line, folder.path())?;
                let message = String::from_utf8_lossy(&again.stderr).trim().to_owned();
                return Ok(Outcome::Failed(format!("the snippet doesn't compile:\n{message}")));
            }
            std::fs::rename(folder.path().join("program"), &program)?;
        }
        self.execute(&program, file, line)
    }

    fn compile(&self, code: &str, file: &str, line: usize, folder: &Path) -> Result<Ended> {
        /// For what a compiler says and for how long it takes with all snippets at once.
        const MOST: (usize, Duration) = (1024 * 1024, Duration::from_secs(600));
        let source = folder.join(file);
        std::fs::create_dir_all(source.parent().context("a file has a folder")?)?;
        std::fs::write(&source, format!("{}{code}", "\n".repeat(line - 1)))?;
        let stop = AtomicBool::new(false);
        let limits = Limits { until: Instant::now() + MOST.1, output: MOST.0, stop: &stop };
        self.compiler.compile(folder, file, &[], limits)
    }

    fn execute(&self, program: &Path, file: &str, line: usize) -> Result<Outcome> {
        let folder = tempfile::Builder::new().prefix("run-").tempdir_in(&self.folder)?;
        let stop = AtomicBool::new(false);
        let limits = Limits { until: Instant::now() + self.limit, output: MOST_OUTPUT, stop: &stop };
        let ended = self.compiler.execute(folder.path(), program, limits)?;
        let status = match ended.ending {
            Ending::Exited(status) => status,
            Ending::TooMuchOutput => {
                return Ok(Outcome::Failed(format!("the snippet printed more than {MOST_OUTPUT} bytes")));
            }
            Ending::TooManyFiles | Ending::TooManyThreads => {
                return Ok(Outcome::Failed("the snippet made too many files or threads".into()));
            }
            Ending::TooLong | Ending::Stopped => {
                let seconds = self.limit.as_secs_f64();
                return Ok(Outcome::Failed(format!("the snippet still ran after {seconds} seconds, and was stopped")));
            }
        };
        if !status.success() {
            let message = at_the_chapters_line(&String::from_utf8_lossy(&ended.stderr), file, line);
            return Ok(Outcome::Failed(format!("the snippet ended with {status}:\n{}", message.trim())));
        }
        match String::from_utf8(ended.stdout) {
            // A space at the end of a line can't be seen, and editors take it away.
            Ok(text) => Ok(Outcome::Printed(text.lines().map(|line| format!("{}\n", line.trim_end())).collect())),
            Err(_) => Ok(Outcome::Failed("the snippet printed something that is no text".into())),
        }
    }
}

fn succeeded(ended: &Ended) -> bool {
    matches!(ended.ending, Ending::Exited(status) if status.success())
}

/// A panic names a line of the program; the reader has the chapter open.
fn at_the_chapters_line(message: &str, file: &str, first: usize) -> String {
    let mut parts = message.split("snippet.rs:");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let line = part[..digits].parse::<usize>().map_or(first, |line| line + first - 1);
        result += &format!("{file}:{line}{}", &part[digits..]);
    }
    result
}

/// Where cargo builds, which is ours to keep programs in.
pub(crate) fn target_folder(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_moved_to_the_chapters_line() {
        let message = "thread 'main' panicked at snippet.rs:3:5:\nno";
        assert_eq!(at_the_chapters_line(message, "src/a.md", 40), "thread 'main' panicked at src/a.md:42:5:\nno");
    }
}
