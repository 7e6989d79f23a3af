//! What the reader has done so far: one file, for the page and for the terminal.

use crate::files::write_whole;
use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The folder of the reader's answers, from the root of the book. Git leaves it alone.
pub const ANSWERS: &str = "answers";

/// The version of the file's form.
const VERSION: u32 = 1;

/// How far an exercise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Checked, and not passed yet.
    Tried,
    /// Passed, at least once.
    Passed,
}

/// What is known of one exercise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The best so far.
    pub state: State,
    /// The best score so far, where there is one: how many of how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<(usize, usize)>,
    /// What passed last, or if nothing has yet, what was checked last.
    pub answer: String,
}

/// The file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    version: u32,
    /// By the exercise's name.
    pub exercises: BTreeMap<String, Record>,
}

impl Default for Progress {
    fn default() -> Self {
        Self { version: VERSION, exercises: BTreeMap::new() }
    }
}

impl Progress {
    /// Where it is kept, in the folder of the answers.
    fn path(answers: &Path) -> PathBuf {
        answers.join("progress.json")
    }

    /// Reads the file; without one, nothing has been done.
    ///
    /// # Errors
    ///
    /// If it can't be read, or isn't one.
    pub fn load(answers: &Path) -> Result<Self> {
        let path = Self::path(answers);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).with_context(|| path.display().to_string()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("can't read {}", path.display())),
        }
    }

    /// Progress as it was exported.
    ///
    /// # Errors
    ///
    /// If the text is of another form.
    pub fn parse(text: &str) -> Result<Self> {
        let progress: Self = serde_json::from_str(text).context("this is no progress of this book")?;
        let version = progress.version;
        ensure!(version == VERSION, "found progress of version {version}, expected version {VERSION}");
        for (name, record) in &progress.exercises {
            if let Some((held, all)) = record.score {
                ensure!(held <= all, "{name}: found the score {held} of {all}");
            }
        }
        Ok(progress)
    }

    /// As it is kept and exported.
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("it is plain data") + "\n"
    }

    /// Reads, changes and writes the file, while nobody else does.
    ///
    /// # Errors
    ///
    /// If it can't be read or written; it then is as it was.
    pub fn change(answers: &Path, change: impl FnOnce(&mut Self)) -> Result<Self> {
        std::fs::create_dir_all(answers).with_context(|| format!("can't make {}", answers.display()))?;
        let lock = File::create(answers.join(".lock")).context("can't lock the progress")?;
        wait_for(&lock)?;
        let mut progress = Self::load(answers)?;
        change(&mut progress);
        write_whole(&Self::path(answers), progress.to_text().as_bytes())?;
        Ok(progress)
    }

    /// Keeps an answer and how it was judged. What was passed once stays passed, with the answer that did.
    pub fn record(&mut self, name: &str, answer: &str, passed: bool, score: Option<(usize, usize)>) {
        let state = if passed { State::Passed } else { State::Tried };
        let before = self.exercises.get(name);
        let better = before.filter(|before| before.state > state);
        let record = Record {
            state: before.map_or(state, |before| before.state.max(state)),
            score: before.and_then(|before| before.score).max(score),
            answer: better.map_or(answer, |better| &better.answer).into(),
        };
        self.exercises.insert(name.into(), record);
    }

    /// Takes over what another file has done and this has not.
    pub fn merge(&mut self, other: Self) {
        for (name, record) in other.exercises {
            match self.exercises.get_mut(&name) {
                Some(own) => {
                    if record.state > own.state {
                        own.answer = record.answer;
                    }
                    own.state = own.state.max(record.state);
                    own.score = own.score.max(record.score);
                }
                None => {
                    self.exercises.insert(name, record);
                }
            }
        }
    }
}

/// Waits until nobody else holds the lock, which takes a few milliseconds, or something is wrong.
fn wait_for(lock: &File) -> Result<()> {
    let start = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(5)),
            Err(TryLockError::WouldBlock) => bail!("another program holds {ANSWERS}/.lock"),
            Err(TryLockError::Error(error)) => return Err(error).context("can't lock the progress"),
        }
    }
}

/// How long.
const PATIENCE: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_passed_stays_passed_and_the_best_score_is_kept() {
        let mut progress = Progress::default();
        progress.record("a", "one", true, Some((3, 3)));
        progress.record("a", "two", false, Some((1, 3)));
        let record = &progress.exercises["a"];
        assert_eq!((record.state, record.score, record.answer.as_str()), (State::Passed, Some((3, 3)), "one"));
    }

    #[test]
    fn an_import_takes_nothing_away() {
        let (mut here, mut there) = (Progress::default(), Progress::default());
        here.record("a", "here", true, None);
        there.record("a", "there", false, None);
        there.record("b", "there", true, None);
        here.record("b", "here", false, None);
        there.record("c", "there", false, None);
        here.merge(there);
        let states = here.exercises.iter().map(|(name, record)| (name.as_str(), record.state, record.answer.as_str()));
        let expected = [("a", State::Passed, "here"), ("b", State::Passed, "there"), ("c", State::Tried, "there")];
        assert_eq!(states.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn it_is_kept_whole_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Progress::load(folder.path()).unwrap(), Progress::default());
        let written = Progress::change(folder.path(), |progress| progress.record("a", "1", true, None)).unwrap();
        assert_eq!(Progress::load(folder.path()).unwrap(), written);
        assert_eq!(Progress::parse(&written.to_text()).unwrap(), written);

        std::fs::write(Progress::path(folder.path()), "{\"version\": 2, \"exercises\": {}}").unwrap();
        let message = format!("{:#}", Progress::load(folder.path()).unwrap_err());
        assert!(message.ends_with("progress.json: found progress of version 2, expected version 1"), "{message}");
        std::fs::write(Progress::path(folder.path()), "{").unwrap();
        assert!(Progress::change(folder.path(), |_| {}).is_err());
        assert_eq!(
            std::fs::read_to_string(Progress::path(folder.path())).unwrap(),
            "{",
            "what we can't read we don't write"
        );
    }
}
