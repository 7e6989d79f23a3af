//! Is an exercise right? Its starter fails, its solution passes, and its wrong answers are what its programs print.

use super::judge::last_number;
use super::{Answer, Exercise, FOLDER, Kind, Misconception, judge, number_in};
use crate::page::{Page, check_numbers};
use crate::programs::trial::LIMIT;
use crate::programs::{Compiler, End, Trial};
use crate::{Problem, check, snippets};
use anyhow::Result;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What proves exercises, and keeps what was proven.
pub struct Prover<'a> {
    root: &'a Path,
    compiler: &'a Compiler,
    folder: &'a Path,
}

impl<'a> Prover<'a> {
    /// A prover that works in a folder.
    pub(crate) fn new(root: &'a Path, compiler: &'a Compiler, folder: &'a Path) -> Self {
        Self { root, compiler, folder }
    }

    /// Everything that is wrong with an exercise.
    ///
    /// # Errors
    ///
    /// If the compiler can't be run or the disk is full.
    pub fn problems(&self, exercise: &Exercise) -> Result<Vec<Problem>> {
        let proven = self.kept(exercise)?;
        if proven.exists() {
            return Ok(vec![]);
        }
        let mut wrong = Wrong { name: &exercise.name, problems: vec![], printed: vec![] };
        match exercise.about.kind {
            Kind::Predict => self.prediction(exercise, &mut wrong)?,
            _ => self.program(exercise, &mut wrong)?,
        }
        self.misconceptions(exercise, &mut wrong)?;
        if wrong.problems.is_empty() {
            wrong.problems.extend(self.numbers(exercise, &wrong.printed)?);
        }
        if wrong.problems.is_empty() {
            std::fs::write(proven, "")?;
        }
        Ok(wrong.problems)
    }

    /// The mark of a proof, under the hash of all that it was made from.
    fn kept(&self, exercise: &Exercise) -> Result<std::path::PathBuf> {
        let mut hash = Sha256::new().chain_update(&self.compiler.version);
        for file in ["exercise.toml", "starter.rs", "solution.rs", "check.rs", "misconceptions.rs"] {
            let text = std::fs::read(Exercise::file(self.root, &exercise.name, file)).unwrap_or_default();
            hash.update(format!("{file} {} ", text.len()));
            hash.update(text);
        }
        Ok(self.folder.join(format!("{}.proven", &snippets::hex(&hash.finalize())[..32])))
    }

    fn judged(&self, exercise: &Exercise, answer: &str) -> Result<super::Verdict> {
        judge(self.compiler, self.folder, exercise, answer, LIMIT, &AtomicBool::new(false))
    }

    fn printed(&self, program: &str) -> Result<Trial> {
        self.compiler.try_out(self.folder, &[("program.rs", program)], LIMIT, &AtomicBool::new(false))
    }

    fn program(&self, exercise: &Exercise, wrong: &mut Wrong) -> Result<()> {
        let verdict = self.judged(exercise, &exercise.starter)?;
        if verdict.passed {
            wrong.say("starter.rs", "found a starter that passes, expected one that doesn't");
        }
        if let Some(diagnostic) = verdict.trial.iter().flat_map(|trial| &trial.diagnostics).next() {
            wrong.say("starter.rs", &format!("it doesn't compile:\n{}", diagnostic.rendered));
        }
        let verdict = self.judged(exercise, exercise.solution.as_deref().unwrap_or_default())?;
        if let Some(trial) = &verdict.trial {
            let checks: Vec<_> = verdict.checks.iter().map(|check| format!("{}\n", check.text)).collect();
            let solution = exercise.solution.clone().unwrap_or_default();
            wrong.printed.push((solution, format!("{}{}", trial.stdout, checks.concat())));
        }
        if !verdict.passed {
            let failed = verdict.checks.iter().filter(|check| !check.ok).map(|check| check.text.clone());
            let trial = verdict.trial.iter();
            let said = trial.clone().flat_map(|trial| &trial.diagnostics).map(|diagnostic| diagnostic.rendered.clone());
            let said = said.chain(trial.map(|trial| trial.stderr.clone()));
            let all: Vec<_> = std::iter::once(verdict.message).chain(failed).chain(said).collect();
            wrong.say("solution.rs", &format!("found a solution that fails: {}", all.join("\n").trim()));
        }
        Ok(())
    }

    /// The program that is predicted prints what the answer says.
    fn prediction(&self, exercise: &Exercise, wrong: &mut Wrong) -> Result<()> {
        let trial = self.printed(&exercise.starter)?;
        if trial.end != End::Well {
            wrong.say("starter.rs", &failure(&trial));
            return Ok(());
        }
        wrong.printed.push((exercise.starter.clone(), trial.stdout.clone()));
        let right = match (&exercise.about.answer, last_number(&trial.stdout)) {
            (Some(Answer::Number(answer)), Some((_, printed))) => {
                (answer - printed).abs() <= exercise.about.tolerance.unwrap_or_default()
            }
            (Some(Answer::Choice(choice)), _) => {
                let last = trial.stdout.trim_end().lines().next_back().unwrap_or_default();
                // Of choices where one is part of another, the longest that the line has.
                let said = exercise.about.choices.iter().filter(|choice| last.contains(choice.as_str()));
                said.max_by_key(|choice| choice.len()) == Some(choice)
            }
            _ => false,
        };
        if !right {
            let last = trial.stdout.trim_end().lines().next_back().unwrap_or_default();
            wrong
                .say("starter.rs", &format!("its last line is \"{last}\", expected the answer that exercise.toml has"));
        }
        Ok(())
    }

    /// Numbers in what an exercise says are held to what its programs print, as those of a chapter are.
    fn numbers(&self, exercise: &Exercise, printed: &[(String, String)]) -> Result<Vec<Problem>> {
        let chapter = Page::parse(&exercise.name, &as_chapter(exercise, printed))?;
        let problems = check_numbers(&chapter, &check::notes(self.root)?, self.root);
        let here = |problem| Problem { file: format!("{FOLDER}/{}/exercise.toml", exercise.name), line: 1, ..problem };
        Ok(problems.into_iter().map(here).collect())
    }

    /// Wrong numbers are printed by a program, one a line, as `name: number`, and none is taken for another.
    fn misconceptions(&self, exercise: &Exercise, wrong: &mut Wrong) -> Result<()> {
        let about = &exercise.about;
        let numbers: Vec<(&Misconception, f64)> = about
            .misconceptions
            .iter()
            .filter_map(|known| match known.answer {
                Answer::Number(number) => Some((known, number)),
                Answer::Choice(_) => None,
            })
            .collect();
        for known in &about.misconceptions {
            if let Answer::Choice(choice) = &known.answer
                && !about.choices.contains(choice)
            {
                wrong.say("exercise.toml", &format!("{}: found {choice}, expected one of the choices", known.name));
            }
        }
        let tolerance = about.tolerance.unwrap_or_default();
        let right = match about.answer {
            Some(Answer::Number(right)) => vec![("the answer", right)],
            _ => vec![],
        };
        let all: Vec<_> = right.into_iter().chain(numbers.iter().map(|(known, n)| (known.name.as_str(), *n))).collect();
        for (k, (name, number)) in all.iter().enumerate() {
            if let Some((other, _)) = all[..k].iter().find(|(_, other)| (number - other).abs() <= 2.0 * tolerance) {
                let message = format!("{name}: found {number}, which is {other} within twice the tolerance");
                wrong.say("exercise.toml", &message);
            }
        }
        let program = std::fs::read_to_string(Exercise::file(self.root, &exercise.name, "misconceptions.rs"));
        let program = match (program, numbers.is_empty()) {
            (Err(_), true) => return Ok(()),
            (Ok(program), false) => program,
            (Ok(_), true) => {
                wrong.say("misconceptions.rs", "found a program, expected none: no misconception is a number");
                return Ok(());
            }
            (Err(error), false) => {
                wrong
                    .say("misconceptions.rs", &format!("found none ({error}), expected what prints the wrong numbers"));
                return Ok(());
            }
        };
        let trial = self.printed(&program)?;
        if trial.end != End::Well {
            wrong.say("misconceptions.rs", &failure(&trial));
            return Ok(());
        }
        wrong.printed.push((program, trial.stdout.clone()));
        let printed: Vec<_> = trial.stdout.lines().filter_map(|line| line.rsplit_once(": ")).collect();
        for (known, number) in &numbers {
            let found = printed.iter().find(|(name, _)| *name == known.name).and_then(|(_, number)| number_in(number));
            if found.is_none_or(|found| (found - number).abs() > tolerance) {
                let found = found.map_or("no such line".into(), |found| found.to_string());
                wrong.say("misconceptions.rs", &format!("{}: found {found}, expected {number}", known.name));
            }
        }
        if printed.len() != numbers.len() {
            wrong.say("misconceptions.rs", &format!("found {} lines, expected {}", printed.len(), numbers.len()));
        }
        Ok(())
    }
}

/// An exercise as one chapter: what it says, and the programs with what they print.
fn as_chapter(exercise: &Exercise, printed: &[(String, String)]) -> String {
    let about = &exercise.about;
    let known = about.misconceptions.iter().map(|known| known.text.as_str());
    let prose = [about.text.as_str(), &about.explanation];
    let mut text: Vec<String> =
        prose.into_iter().chain(about.hints.iter().map(String::as_str)).chain(known).map(Into::into).collect();
    text.push(format!("```rust\n{}\n```", exercise.starter));
    text.extend(exercise.check.iter().map(|check| format!("```rust\n{check}\n```")));
    text.extend(printed.iter().map(|(program, output)| format!("```rust\n{program}\n```\n\n```output\n{output}\n```")));
    text.join("\n\n")
}

fn failure(trial: &Trial) -> String {
    let rendered = trial.diagnostics.iter().map(|diagnostic| diagnostic.rendered.as_str());
    let said: Vec<_> = std::iter::once(trial.message.as_str()).chain(rendered).chain([trial.stderr.as_str()]).collect();
    said.join("\n").trim().to_owned()
}

struct Wrong<'a> {
    name: &'a str,
    problems: Vec<Problem>,
    /// The programs that ran, with what they printed.
    printed: Vec<(String, String)>,
}

impl Wrong<'_> {
    fn say(&mut self, file: &str, message: &str) {
        self.problems.push(Problem::new(format!("{FOLDER}/{}/{file}", self.name), 1, message));
    }
}
