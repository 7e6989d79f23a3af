//! The exercises in the terminal: `cargo book exercise`.

use super::progress::ANSWERS;
use super::{Answer, Exercise, Kind, Progress, State, Verdict, judge};
use crate::book;
use crate::files::write_whole;
use crate::programs::trial::LIMIT;
use crate::programs::{Compiler, End};
use crate::workbench::Session;
use anyhow::{Context, Result, bail};
use notify_debouncer_mini::{DebounceEventResult, new_debouncer, notify::RecursiveMode};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc;
use std::time::Duration;

/// Lists the exercises by page, with what is done.
///
/// # Errors
///
/// If the book, an exercise or the progress can't be read.
pub fn list(root: &Path) -> Result<String> {
    let exercises = Exercise::all(root)?;
    let progress = Progress::load(&root.join(ANSWERS))?;
    let state = |name: &str| progress.exercises.get(name).map(|record| record.state);
    let widest = exercises.keys().map(String::len).max().unwrap_or_default();
    let mut text = String::new();
    for page in book::pages(root, &[])?.iter().filter(|page| !page.exercises.is_empty()) {
        writeln!(text, "\n{} {}", page.name.get(..2).unwrap_or_default(), page.title())?;
        for name in page.exercises.iter().map(|exercise| &exercise.name) {
            let exercise =
                exercises.get(name).with_context(|| format!("{}: there is no exercise {name}", page.file()))?;
            let mark = match state(name) {
                Some(State::Passed) => "done ",
                Some(State::Tried) => "tried",
                None => "     ",
            };
            let score = progress.exercises.get(name).and_then(|record| record.score);
            let score = score.map(|(held, all)| format!(" ({held} of {all})")).unwrap_or_default();
            let (kind, title) = (exercise.about.kind.words(), &exercise.about.title);
            writeln!(text, "  {mark} {name:<widest$}  {title}: {}{score}", kind.to_lowercase())?;
        }
    }
    let done = exercises.keys().filter(|name| state(name) == Some(State::Passed)).count();
    writeln!(text, "\n{done} of {} done. cargo book exercise NAME shows one and checks it.", exercises.len())?;
    Ok(text)
}

/// The hints up to one of them, from 1.
///
/// # Errors
///
/// If there are not so many.
pub fn hints(exercise: &Exercise, up_to: usize) -> Result<String> {
    let hints = &exercise.about.hints;
    if !(1..=hints.len()).contains(&up_to) {
        bail!("--hint is {up_to}; {} has hints 1 to {}", exercise.name, hints.len());
    }
    Ok(hints.iter().zip(1..=up_to).map(|(hint, k)| format!("Hint {k}. {}\n", hint.trim())).collect())
}

/// The solution, and why it is one.
pub fn solution(exercise: &Exercise) -> String {
    let answer = match (&exercise.solution, &exercise.about.answer) {
        (Some(program), _) => program.trim().to_owned(),
        (None, Some(Answer::Number(number))) => number.to_string(),
        (None, Some(Answer::Choice(choice))) => choice.clone(),
        (None, None) => String::new(),
    };
    format!("{answer}\n\n{}\n", exercise.about.explanation.trim())
}

/// Where the reader's program is, written from the last answer or the starter if it isn't there; and whether it was.
fn answer_file(root: &Path, exercise: &Exercise) -> Result<(PathBuf, bool)> {
    let path = root.join(ANSWERS).join(format!("{}.rs", exercise.name));
    let there = path.exists();
    if !there {
        let progress = Progress::load(&root.join(ANSWERS))?;
        let last = progress.exercises.get(&exercise.name).map(|record| record.answer.as_str());
        write_whole(&path, last.unwrap_or(&exercise.starter).as_bytes())?;
    }
    Ok((path, there))
}

/// Shows an exercise, and checks the reader's answer if there is one. Gives whether it passed, or nothing if there was
/// nothing to check.
///
/// # Errors
///
/// If the crates don't compile, or something can't be read or written.
pub fn check(root: &Path, exercise: &Exercise, prediction: Option<&str>) -> Result<Option<bool>> {
    let (name, about) = (&exercise.name, &exercise.about);
    let shown = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
    if about.kind == Kind::Predict {
        let Some(prediction) = prediction else {
            println!("{}\n\n{}\n\n{}", about.title, about.text.trim(), exercise.starter.trim());
            let or = if about.choices.is_empty() {
                "NUMBER".into()
            } else {
                format!("\"{}\"", about.choices.join("\" or \""))
            };
            println!("\nPredict: cargo book exercise {name} --answer {or}");
            return Ok(None);
        };
        return judged(root, exercise, prediction).map(Some);
    }
    if prediction.is_some() {
        bail!("{name} asks for a program, not for a prediction; write it in {ANSWERS}/{name}.rs");
    }
    let (path, there) = answer_file(root, exercise)?;
    if !there {
        println!("{}\n\n{}\n", about.title, about.text.trim());
        println!("Edit {}, then: cargo book exercise {name}", shown(&path));
        return Ok(None);
    }
    let answer = std::fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
    judged(root, exercise, &answer).map(Some)
}

/// Checks the reader's program now, and again whenever it is saved, until it passes.
///
/// # Errors
///
/// As [`check`].
pub fn watch(root: &Path, exercise: &Exercise) -> Result<()> {
    if exercise.about.kind == Kind::Predict {
        bail!("{} asks for a prediction; there is no file to watch", exercise.name);
    }
    let (path, _) = answer_file(root, exercise)?;
    let (tell, saved) = mpsc::channel();
    // The folder, not the file: many editors put a new file in the place of the old one.
    let mut debouncer = new_debouncer(Duration::from_millis(60), move |events: DebounceEventResult| {
        // Nobody listens any more once it has passed.
        let _ = tell.send(events);
    })?;
    debouncer.watcher().watch(&root.join(ANSWERS), RecursiveMode::NonRecursive)?;
    let compiler = Compiler::new()?;
    let mut last = None;
    println!("{}\n\n{}\n", exercise.about.title, exercise.about.text.trim());
    println!("Checking {} whenever it is saved. Ctrl-C ends it.\n", path.display());
    loop {
        // An editor that saves may take the file away for a moment.
        let answer = std::fs::read_to_string(&path).ok().or_else(|| last.clone()).unwrap_or_default();
        if last.as_ref() != Some(&answer) {
            if judged_with(root, &compiler, exercise, &answer)? {
                return Ok(());
            }
            println!();
            last = Some(answer);
        }
        saved.recv().context("nothing watches any more")?.context("can't watch the answers")?;
    }
}

/// Puts the starter back and forgets what was done. The reader's program is kept beside it.
///
/// # Errors
///
/// If something can't be written.
pub fn reset(root: &Path, exercise: &Exercise) -> Result<String> {
    let name = &exercise.name;
    Progress::change(&root.join(ANSWERS), |progress| {
        progress.exercises.remove(name);
    })?;
    let path = root.join(ANSWERS).join(format!("{name}.rs"));
    if !path.exists() {
        return Ok(format!("{name} is as new\n"));
    }
    let before = path.with_extension("before.rs");
    std::fs::rename(&path, &before).with_context(|| format!("can't keep {}", path.display()))?;
    Ok(format!("{name} is as new; your program is kept as {ANSWERS}/{name}.before.rs\n"))
}

fn judged(root: &Path, exercise: &Exercise, answer: &str) -> Result<bool> {
    judged_with(root, &Compiler::new()?, exercise, answer)
}

fn judged_with(root: &Path, compiler: &Compiler, exercise: &Exercise, answer: &str) -> Result<bool> {
    let session = Session::new()?;
    let verdict = judge(compiler, session.folder(), exercise, answer, LIMIT, &AtomicBool::new(false))?;
    // What was no answer was not tried.
    if verdict.trial.is_some() {
        let record = |progress: &mut Progress| progress.record(&exercise.name, answer, verdict.passed, verdict.score);
        Progress::change(&root.join(ANSWERS), record)?;
    }
    print!("{}", in_words(exercise, &verdict));
    Ok(verdict.passed)
}

/// A verdict as the terminal shows it.
fn in_words(exercise: &Exercise, verdict: &Verdict) -> String {
    let mut text = String::new();
    let mut say = |line: &str| {
        text += line.trim_end();
        text += "\n";
    };
    if let Some(trial) = &verdict.trial {
        for diagnostic in &trial.diagnostics {
            let file = format!("{ANSWERS}/{}.rs", exercise.name);
            say(&format!("{}\n", diagnostic.rendered.replace("answer.rs", &file)));
        }
        if !trial.stdout.trim().is_empty() {
            say(&format!("It printed:\n{}\n", trial.stdout));
        }
        if !trial.stderr.is_empty() && trial.end != End::Well {
            say(&format!("{}\n", trial.stderr));
        }
    }
    for check in &verdict.checks {
        say(&format!("{} {}", if check.ok { "  ok    " } else { "  FAILED" }, check.text));
    }
    say(&verdict.message);
    if let Some((name, why)) = &verdict.misconception {
        say(&format!("It looks like this: {name}. {}", why.trim()));
    }
    let name = &exercise.name;
    if verdict.passed {
        say(&format!("Passed. To compare: cargo book exercise {name} --solution"));
    } else {
        say(&format!("Not yet. Stuck? cargo book exercise {name} --hint"));
    }
    text
}
