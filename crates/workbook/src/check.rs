//! Is the book right? Every snippet is run, every output compared, every number held to its parent.

use crate::exercises::Exercise;
use crate::page::{NOTES, Page, ledger};
use crate::snippets::{Outcome, Runner};
use crate::{Problem, Problems};
use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use std::path::Path;

/// How much was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Chapters.
    pub pages: usize,
    /// Programs that were compiled and run.
    pub snippets: usize,
    /// Exercises whose starters fail and whose solutions pass.
    pub exercises: usize,
    /// Numbers with three digits or more that were held to their parents.
    pub numbers: usize,
    /// Formulas that were set.
    pub formulas: usize,
}

/// Checks the chapters named (all of them, if none is) of the book in `root`.
///
/// # Errors
///
/// [`Problems`], if the book is wrong; something else if it can't be checked.
pub fn check(root: &Path, pages: &[Page], runner: &Runner) -> Result<Counts> {
    let notes = notes(root)?;
    runner.prepare(pages.iter().flat_map(|page| &page.snippets).map(|snippet| snippet.code.as_str()))?;
    let bar = progress("snippets", pages.iter().map(|page| page.snippets.len()).sum());
    let problems: Vec<Vec<Problem>> =
        pages.par_iter().map(|page| problems(root, page, &notes, runner, &bar)).collect::<Result<_>>()?;
    bar.finish_and_clear();
    Problems::none_or(problems.concat())?;
    let count = |of: fn(&Page) -> usize| pages.iter().map(of).sum();
    Ok(Counts {
        pages: pages.len(),
        snippets: count(|page| page.snippets.len()),
        exercises: count(|page| page.exercises.len()),
        numbers: count(|page| crate::page::numbers::find(&page.text).iter().filter(|n| n.needs_a_parent()).count()),
        formulas: count(|page| page.maths.len()),
    })
}

/// A bar for work that takes longer than a blink; it draws nothing where the output is no terminal.
pub(crate) fn progress(what: &'static str, steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:>10} {bar:30} {pos}/{len} {msg}").expect("the template is fixed");
    let bar = ProgressBar::new(steps as u64).with_style(style).with_prefix(what);
    bar.tick();
    bar
}

/// The page of the handwritten notes.
pub(crate) fn notes(root: &Path) -> Result<Page> {
    let path = root.join("src").join(NOTES);
    let text = std::fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
    Ok(Page::parse(NOTES, &text)?)
}

impl std::error::Error for Problem {}

/// Everything that is wrong with a page.
fn problems(root: &Path, page: &Page, notes: &Page, runner: &Runner, bar: &ProgressBar) -> Result<Vec<Problem>> {
    let mut problems = wrong_outputs(page, runner, bar)?;
    problems.extend(page.render(root).err().unwrap_or_default());
    problems.extend(wrong_quotes(root, page));
    problems.extend(crate::page::check_numbers(page, notes, root));
    problems.extend(wrong_exercises(root, page, runner)?);
    // The ledger comes last: it notices every change, so where something above has already said what is wrong, it only adds noise.
    if problems.is_empty() {
        problems.extend(ledger_problem(root, page)?);
    }
    Ok(problems)
}

/// The snippets that fail, and those that print something else than the page shows.
fn wrong_outputs(page: &Page, runner: &Runner, bar: &ProgressBar) -> Result<Vec<Problem>> {
    let outputs: Vec<Option<Problem>> = page
        .snippets
        .par_iter()
        .map(|snippet| {
            let outcome = runner.run(&snippet.code, &page.file(), snippet.line);
            bar.inc(1);
            let problem = match outcome? {
                Outcome::Failed(why) => Some(Problem::new(page.file(), snippet.line, why)),
                Outcome::Printed(printed) => {
                    let (line, shown) = snippet
                        .output
                        .as_ref()
                        .map_or((snippet.line, ""), |output| (output.line, output.text.as_str()));
                    different(&printed, shown).map(|(at, message)| Problem::new(page.file(), line + at, message))
                }
            };
            Ok(problem)
        })
        .collect::<Result<_>>()?;
    Ok(outputs.into_iter().flatten().collect())
}

/// The quotations that are not what the file has. One that can't be found is reported by the rendering.
fn wrong_quotes(root: &Path, page: &Page) -> Vec<Problem> {
    let mut problems = vec![];
    for quote in &page.quotes {
        if let Ok(source) = page.quoted_source(root, quote)
            && let Some((at, message)) = different(&source, &quote.code)
        {
            let line = page.line(quote.fence.start) + 1 + at;
            problems.push(Problem::new(page.file(), line, format!("{} in {}: {message}", quote.item, quote.file)));
        }
    }
    problems
}

/// What is wrong with the exercises of a page.
fn wrong_exercises(root: &Path, page: &Page, runner: &Runner) -> Result<Vec<Problem>> {
    let problems: Vec<Vec<Problem>> = page
        .exercises
        .par_iter()
        .map(|here| match Exercise::load(root, &here.name) {
            Ok(exercise) => runner.prover(root).problems(&exercise),
            Err(error) => Ok(vec![Problem::new(page.file(), page.line(here.range.start), format!("{error:#}"))]),
        })
        .collect::<Result<_>>()?;
    Ok(problems.concat())
}

fn ledger_problem(root: &Path, page: &Page) -> Result<Option<Problem>> {
    let path = ledger::path(root, page);
    let blessed = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("can't read {}", path.display())),
    };
    Ok(ledger::difference(&page.text, &blessed).map(|(line, found, expected)| {
        let quote = |numbers: String| if numbers.is_empty() { "no numbers".into() } else { format!("\"{numbers}\"") };
        let (found, expected) = (quote(found), quote(expected));
        let message =
            format!("found {found}, expected {expected} as in the page's ledger; if it is meant: cargo book bless");
        Problem::new(page.file(), line, message)
    }))
}

/// The first line (from 0) in which what the page shows differs from what it should.
fn different(expected: &str, shown: &str) -> Option<(usize, String)> {
    let (mut expected, mut shown) = (expected.trim_end().lines(), shown.trim_end().lines());
    for at in 0.. {
        let message = match (expected.next(), shown.next()) {
            (None, None) => return None,
            (Some(expected), Some(shown)) if expected == shown => continue,
            (Some(expected), Some(shown)) => format!("found \"{shown}\", expected \"{expected}\""),
            (Some(expected), None) => format!("found no such line, expected \"{expected}\""),
            (None, Some(shown)) => format!("found \"{shown}\", expected no such line"),
        };
        return Some((at, format!("{message}; if it is meant: cargo book bless")));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_different_line_is_named() {
        assert_eq!(different("a\nb\n", "a\nb"), None);
        assert_eq!(
            different("a\n1.25\n", "a\n1.26\n"),
            Some((1, "found \"1.26\", expected \"1.25\"; if it is meant: cargo book bless".into()))
        );
        assert_eq!(
            different("a\n", ""),
            Some((0, "found no such line, expected \"a\"; if it is meant: cargo book bless".into()))
        );
    }
}
