//! Whether an answer passes, and what it means if it doesn't.

use super::{Answer, Exercise, Kind};
use crate::programs::{Compiler, End, Trial};
use anyhow::Result;
use serde::Serialize;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// What the judge says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Whether the exercise is done.
    pub passed: bool,
    /// In one sentence.
    pub message: String,
    /// Each check, for an implementation or a test.
    pub checks: Vec<Check>,
    /// How many of the checks hold, and how many there are.
    pub score: Option<(usize, usize)>,
    /// What the program did, if one ran. Its output is without the lines of the checks.
    pub trial: Option<Trial>,
    /// The wrong answer that this is known as, and what to think of, in Markdown.
    pub misconception: Option<(String, String)>,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Whether it holds.
    pub ok: bool,
    /// What it checks, and if it doesn't hold, why.
    pub text: String,
}

/// Judges an answer: a program, or of a prediction the number or the choice.
///
/// # Errors
///
/// If the compiler can't be run or the disk is full.
pub fn judge(
    compiler: &Compiler,
    within: &Path,
    exercise: &Exercise,
    answer: &str,
    limit: Duration,
    stop: &AtomicBool,
) -> Result<Verdict> {
    let run = |files: &[(&str, &str)]| compiler.try_out(within, files, limit, stop);
    match exercise.about.kind {
        Kind::Predict if answer.trim().is_empty() => Ok(verdict(false, "Predict first; then it runs.")),
        Kind::Predict => match prediction(exercise, answer) {
            Ok(prediction) => {
                let verdict = compared(exercise, &prediction, &format!("You predicted {}", answer.trim()));
                Ok(Verdict { trial: Some(run(&[("program.rs", &exercise.starter)])?), ..verdict })
            }
            // A slip of the finger gives nothing away.
            Err(message) => Ok(verdict(false, &message)),
        },
        Kind::Compute => {
            let trial = run(&[("answer.rs", answer)])?;
            let verdict = if trial.end != End::Well {
                verdict(false, &trial.message)
            } else if let Some((text, number)) = last_number(&trial.stdout) {
                compared(exercise, &Answer::Number(number), &format!("Your program printed {text}"))
            } else {
                verdict(false, "Your program printed no number; the last that it prints is your answer.")
            };
            Ok(Verdict { trial: Some(trial), ..verdict })
        }
        Kind::Implement | Kind::Break => {
            let check = exercise.check.as_deref().unwrap_or_default();
            Ok(checked(exercise.about.kind, run(&[("check.rs", check), ("answer.rs", answer)])?))
        }
    }
}

fn verdict(passed: bool, message: &str) -> Verdict {
    Verdict { passed, message: message.into(), checks: vec![], score: None, trial: None, misconception: None }
}

/// The number or the choice that was predicted, or why it is none.
fn prediction(exercise: &Exercise, answer: &str) -> Result<Answer, String> {
    let answer = answer.trim();
    let choices = &exercise.about.choices;
    if choices.is_empty() {
        return number_in(answer).map(Answer::Number).ok_or_else(|| format!("\"{answer}\" is no number."));
    }
    let choice = choices.iter().find(|choice| choice.eq_ignore_ascii_case(answer));
    choice.cloned().map(Answer::Choice).ok_or_else(|| format!("\"{answer}\" is none of: {}.", choices.join(", ")))
}

/// The verdict on a number or a choice. `what` begins the sentence.
fn compared(exercise: &Exercise, answer: &Answer, what: &str) -> Verdict {
    let about = &exercise.about;
    let tolerance = about.tolerance.unwrap_or_default();
    let same = |expected: &Answer| match (answer, expected) {
        (Answer::Number(found), Answer::Number(expected)) => (found - expected).abs() <= tolerance,
        (found, expected) => found == expected,
    };
    if about.answer.as_ref().is_some_and(same) {
        return verdict(true, &format!("{what}, which is right."));
    }
    match about.misconceptions.iter().find(|misconception| same(&misconception.answer)) {
        Some(known) => Verdict {
            misconception: Some((known.name.clone(), known.text.clone())),
            ..verdict(false, &format!("{what}, which is not right."))
        },
        None => verdict(false, &format!("{what}, which is not right.")),
    }
}

/// The verdict of a program of checks, from the lines that `exercises::Checks` prints.
fn checked(kind: Kind, mut trial: Trial) -> Verdict {
    let (mut checks, mut score, mut rest) = (vec![], None, String::new());
    for line in trial.stdout.lines() {
        let after = |mark: &str| line.strip_prefix(mark).map(|text| text.trim().to_owned());
        if let Some(text) = after("[ok]") {
            checks.push(Check { ok: true, text });
        } else if let Some(text) = after("[failed]") {
            checks.push(Check { ok: false, text });
        } else if let Some(text) = after("[score]") {
            score = text.split_once(" of ").and_then(|(held, all)| Some((held.parse().ok()?, all.parse().ok()?)));
        } else {
            rest += line;
            rest += "\n";
        }
    }
    trial.stdout = rest;
    // The checks end with an error if one of them fails; that is no failure of the program.
    let Some((held, all)) = score.filter(|_| matches!(trial.end, End::Well | End::Failed)) else {
        let is_callable = trial.diagnostics.iter().any(|diagnostic| diagnostic.file == "answer.rs");
        let message = match trial.end {
            End::Well | End::Failed => "Your program ended before the checks did.",
            End::NotCompiled if !is_callable => {
                // One error for each call says no more than the first.
                trial.diagnostics.truncate(1);
                "The checks can't call your program: what it gives must have the name and the arguments of the starter."
            }
            _ => &trial.message,
        };
        return Verdict { trial: Some(trial.clone()), checks, ..verdict(false, message) };
    };
    let message = match kind {
        Kind::Break if held == all => "Your test lets what is right pass, and kills all that is wrong.".into(),
        Kind::Break => format!("Your test is right about {held} of {all}."),
        _ if held == all => format!("All {all} checks hold."),
        _ => format!("{held} of {all} checks hold."),
    };
    (trial.end, trial.message) = (End::Well, String::new());
    Verdict { checks, score: Some((held, all)), trial: Some(trial), ..verdict(held == all && all > 0, &message) }
}

/// The last number that a program printed, as it did.
pub(super) fn last_number(printed: &str) -> Option<(&str, f64)> {
    printed.split_whitespace().rev().find_map(|text| Some((text, number_in(text)?)))
}

/// A number as a reader or a program writes one: `0.25`, `0,25`, `-3e-5`, `1/4`, `5 %`, with what sticks to it at the ends.
pub fn number_in(text: &str) -> Option<f64> {
    let text = text.trim().replace('−', "-");
    let text = text.trim_matches(|c: char| c.is_whitespace() || ",;:()[]{}=\"'".contains(c)).trim_end_matches('.');
    if let Some((above, below)) = text.split_once('/') {
        return Some(above.trim().parse::<f64>().ok()? / below.trim().parse::<f64>().ok()?);
    }
    if let Some(percent) = text.strip_suffix('%') {
        return Some(percent.trim().parse::<f64>().ok()? / 100.0);
    }
    text.replacen(',', ".", 1).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        let found = ["0.25", "0,25", "1/4", "25 %", "= 2.5e-1,", "(0.25)", "0.25."].map(number_in);
        assert_eq!(found, [Some(0.25); 7]);
        assert_eq!(number_in("−3e-5"), Some(-3e-5));
        assert_eq!(["a quarter", "", "1/x"].map(number_in), [None; 3]);
        assert_eq!(last_number("dL/dw = 0.004 (after 5 layers)\n"), Some(("5", 5.0)));
    }

    fn trial(end: End, stdout: &str) -> Trial {
        let (message, stderr) = ("It panicked.".into(), String::new());
        Trial { end, message, stdout: stdout.into(), stderr, diagnostics: vec![], line: None, seconds: 0.1 }
    }

    #[test]
    fn checks_are_told_from_what_the_reader_prints() {
        let said = "z = 1\n[ok] by w\n[failed] by b: found 0, expected 1\n[score] 1 of 2\n";
        let verdict = checked(Kind::Implement, trial(End::Failed, said));
        assert_eq!((verdict.passed, verdict.score), (false, Some((1, 2))));
        assert_eq!(verdict.message, "1 of 2 checks hold.");
        assert_eq!(verdict.trial.unwrap().stdout, "z = 1\n");
        assert!(checked(Kind::Break, trial(End::Well, "[ok] a\n[score] 1 of 1\n")).passed);
    }

    #[test]
    fn a_program_that_leaves_before_the_score_does_not_pass() {
        let verdict = checked(Kind::Implement, trial(End::Well, "[ok] by w\n"));
        assert_eq!((verdict.passed, verdict.message.as_str()), (false, "Your program ended before the checks did."));
        assert!(!checked(Kind::Implement, trial(End::Panicked, "[ok] a\n[score] 1 of 1\n")).passed);
        assert!(!checked(Kind::Implement, trial(End::Well, "[score] 0 of 0\n")).passed);
    }
}
