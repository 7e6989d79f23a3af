//! The exercises: what they are, whether an answer passes, and what the reader has done so far.
//!
//! The page and the terminal ask the same questions here and get the same verdicts.

mod judge;
mod progress;
mod prove;
pub mod terminal;

pub use judge::{Check, Verdict, judge, number_in};
pub use progress::{ANSWERS, Progress, Record, State};
pub use prove::Prover;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where the exercises are, from the root of the book.
pub const FOLDER: &str = "crates/exercises";

/// What an exercise asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A program that prints a number.
    Compute,
    /// What a program will print, before it runs.
    Predict,
    /// A function, judged by hidden tests.
    Implement,
    /// A test, judged by the wrong implementations that it kills.
    Break,
}

impl Kind {
    /// As the page says it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Compute => "Compute",
            Self::Predict => "Predict before you run",
            Self::Implement => "Implement",
            Self::Break => "Break it",
        }
    }
}

/// A number or one of the choices.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// A number.
    Number(f64),
    /// One of [`About::choices`].
    Choice(String),
}

/// A wrong answer that we know the reason of.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misconception {
    /// What went wrong, in a few words.
    pub name: String,
    /// The answer that it leads to.
    pub answer: Answer,
    /// What to think of, in Markdown.
    pub text: String,
}

/// One exercise: a folder of [`FOLDER`].
#[derive(Clone, Debug, PartialEq)]
pub struct Exercise {
    /// The folder's name.
    pub name: String,
    /// What `exercise.toml` says.
    pub about: About,
    /// What the reader starts from; of a prediction, the program whose output is to be predicted.
    pub starter: String,
    /// What passes. A prediction has none: its solution is the answer.
    pub solution: Option<String>,
    /// The hidden tests of an implementation, or the wrong implementations that a test must kill.
    pub check: Option<String>,
}

/// `exercise.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// In a few words.
    pub title: String,
    /// What is asked for.
    pub kind: Kind,
    /// The task, in Markdown.
    pub text: String,
    /// Two or three, each a step nearer, in Markdown.
    pub hints: Vec<String>,
    /// Why the solution is one, in Markdown.
    pub explanation: String,
    /// The answer of a computation or a prediction.
    pub answer: Option<Answer>,
    /// By how much a number may differ from it.
    pub tolerance: Option<f64>,
    /// What can be chosen from; none if the answer is a number.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Wrong answers with a reason.
    #[serde(default, rename = "misconception")]
    pub misconceptions: Vec<Misconception>,
}

impl Exercise {
    /// Reads the exercise of that name.
    ///
    /// # Errors
    ///
    /// If there is none, or a file is missing, left over or not of the form that its kind asks for.
    pub fn load(root: &Path, name: &str) -> Result<Self> {
        // A name comes from a page or a command line; it must not lead out of the folder.
        let is_name = |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let folder = root.join(FOLDER).join(name);
        if !is_name(name) || !folder.join("exercise.toml").is_file() {
            bail!("there is no exercise {name}; `cargo book exercise` lists them");
        }
        let read = |file: &str| -> Result<Option<String>> {
            match std::fs::read_to_string(folder.join(file)) {
                Ok(text) => Ok(Some(text)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error).with_context(|| format!("can't read {FOLDER}/{name}/{file}")),
            }
        };
        let about = read("exercise.toml")?.unwrap_or_default();
        let about: About = toml::from_str(&about).with_context(|| format!("{FOLDER}/{name}/exercise.toml"))?;
        let starter = read("starter.rs")?.with_context(|| format!("{FOLDER}/{name} has no starter.rs"))?;
        let exercise =
            Self { name: name.into(), about, starter, solution: read("solution.rs")?, check: read("check.rs")? };
        exercise.is_whole().with_context(|| format!("{FOLDER}/{name}"))?;
        Ok(exercise)
    }

    /// Every exercise, by name.
    ///
    /// # Errors
    ///
    /// As [`Exercise::load`].
    pub fn all(root: &Path) -> Result<BTreeMap<String, Self>> {
        let mut exercises = BTreeMap::new();
        let folder = root.join(FOLDER);
        for entry in std::fs::read_dir(&folder).with_context(|| format!("can't read {}", folder.display()))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() && name != "src" {
                exercises.insert(name.clone(), Self::load(root, &name)?);
            }
        }
        Ok(exercises)
    }

    /// Whether it has what its kind needs, and nothing else.
    fn is_whole(&self) -> Result<()> {
        let about = &self.about;
        ensure!((2..=3).contains(&about.hints.len()), "found {} hints, expected two or three", about.hints.len());
        let (solution, check, answer) = match about.kind {
            Kind::Compute => (true, false, true),
            Kind::Predict => (false, false, true),
            Kind::Implement | Kind::Break => (true, true, false),
        };
        for (what, there, expected) in [
            ("solution.rs", self.solution.is_some(), solution),
            ("check.rs", self.check.is_some(), check),
            ("answer", about.answer.is_some(), answer),
        ] {
            let word = |is| if is { "one" } else { "none" };
            let kind = about.kind.words();
            ensure!(there == expected, "{what}: found {}, expected {} for {kind}", word(there), word(expected));
        }
        match &about.answer {
            Some(Answer::Number(_)) => {
                ensure!(
                    about.tolerance.is_some_and(|t| t > 0.0),
                    "the answer is a number; expected a tolerance above 0"
                );
                ensure!(about.choices.is_empty(), "the answer is a number; expected no choices");
            }
            Some(Answer::Choice(choice)) => {
                ensure!(about.kind == Kind::Predict, "a program prints a number; found the answer {choice}");
                ensure!(about.choices.contains(choice), "the answer {choice} is none of the choices");
            }
            None => ensure!(about.misconceptions.is_empty(), "misconceptions are wrong answers; found no right one"),
        }
        Ok(())
    }

    /// The file of a program that belongs to it.
    pub fn file(root: &Path, name: &str, file: &str) -> PathBuf {
        root.join(FOLDER).join(name).join(file)
    }
}
