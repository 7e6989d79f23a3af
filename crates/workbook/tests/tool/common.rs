//! What the tests of the tool share.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A copy of the book that a test may spoil. The crates are the real ones.
pub struct Book {
    folder: TempDir,
}

impl Book {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for file in ["book.toml", "Cargo.lock"] {
            std::fs::copy(real.join(file), folder.path().join(file)).unwrap();
        }
        copy(&real.join("src"), &folder.path().join("src"));
        copy(&real.join("crates"), &folder.path().join("crates"));
        copy(&real.join("tests/ledgers"), &folder.path().join("tests/ledgers"));
        Self { folder }
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub fn replace(&self, file: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(old), "{file} has no {old}");
        std::fs::write(self.path(file), text.replacen(old, new, 1)).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_workbook"));
        command.args(arguments).current_dir(self.folder.path()).env_remove("CARGO_TARGET_DIR");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs what must fail because of `text` in a chapter; gives what is said of that line.
    pub fn fails_at(&self, file: &str, text: &str) -> String {
        let chapter = std::fs::read_to_string(self.path(file)).unwrap();
        let line = chapter.lines().position(|line| line.contains(text)).unwrap() + 1;
        let message = self.fails(&["build"]);
        let place = format!("error: {file}:{line}: ");
        message.strip_prefix(&place).unwrap_or_else(|| panic!("expected {place} in {message}")).to_owned()
    }

    /// Runs what must fail; gives its message.
    pub fn fails(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?} succeeded");
        assert!(output.stdout.is_empty());
        // What mdBook itself logs on the way is not ours.
        let text = String::from_utf8(output.stderr).unwrap();
        let lines: Vec<_> = text.lines().filter(|line| !line.contains(" INFO ")).collect();
        lines.join("\n")
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
