//! Making a page right again after a change that was meant: outputs, quoted sources and the ledger.

use crate::check::progress;
use crate::files::write_whole;
use crate::page::{Page, check_numbers, ledger, replace};
use crate::snippets::{Outcome, Runner};
use crate::{Problem, Problems, check};
use anyhow::Result;
use rayon::prelude::*;
use std::path::Path;

/// Writes into each chapter what its snippets print and what the sources it quotes say, then its ledger. A chapter with a
/// snippet that fails is left as it is. Gives the files that changed.
///
/// # Errors
///
/// [`Problems`], if a snippet fails or a number still has no parent.
pub fn bless(root: &Path, pages: &[Page], runner: &Runner) -> Result<Vec<String>> {
    let notes = check::notes(root)?;
    runner.prepare(pages.iter().flat_map(|page| &page.snippets).map(|snippet| snippet.code.as_str()))?;
    let bar = progress("snippets", pages.iter().map(|page| page.snippets.len()).sum());
    let blessed: Vec<Result<String, Vec<Problem>>> =
        pages.par_iter().map(|page| blessed_text(root, page, runner, &bar)).collect::<Result<_>>()?;
    bar.finish_and_clear();

    let mut changed = vec![];
    let mut problems = vec![];
    for (page, text) in pages.iter().zip(blessed) {
        let text = match text {
            Ok(text) => text,
            Err(found) => {
                problems.extend(found);
                continue;
            }
        };
        if write_whole(&root.join(page.file()), text.as_bytes())? {
            changed.push(page.file());
        }
        // Numbers are judged by the new outputs, and a ledger is only written for a page that is right.
        let page = Page::parse(&page.name, &text)?;
        let found = check_numbers(&page, &notes, root);
        if found.is_empty() {
            let path = ledger::path(root, &page);
            if write_whole(&path, ledger::of(&text).as_bytes())? {
                changed.push(path.strip_prefix(root).unwrap_or(&path).display().to_string());
            }
        }
        problems.extend(found);
    }
    Problems::none_or(problems)?;
    Ok(changed)
}

/// The chapter with the outputs and sources of now, or what keeps it from having any.
fn blessed_text(
    root: &Path,
    page: &Page,
    runner: &Runner,
    bar: &indicatif::ProgressBar,
) -> Result<Result<String, Vec<Problem>>> {
    let outcomes: Vec<_> = page
        .snippets
        .par_iter()
        .map(|snippet| {
            let outcome = runner.run(&snippet.code, &page.file(), snippet.line);
            bar.inc(1);
            outcome
        })
        .collect::<Result<_>>()?;
    let mut edits = vec![];
    let mut problems = vec![];
    for (snippet, outcome) in page.snippets.iter().zip(outcomes) {
        match outcome {
            Outcome::Failed(why) => problems.push(Problem::new(page.file(), snippet.line, why)),
            Outcome::Printed(printed) => {
                let fence = format!("```output\n{}\n```\n", printed.trim_end());
                match &snippet.output {
                    Some(output) => edits.push((whole_line(page, &output.fence), fence)),
                    None if printed.is_empty() => {}
                    None => {
                        let end = whole_line(page, &snippet.fence).end;
                        edits.push((end..end, format!("\n{fence}")));
                    }
                }
            }
        }
    }
    for quote in &page.quotes {
        match page.quoted_source(root, quote) {
            Ok(code) => {
                let fence = format!("```rust,source={}#{}\n{code}```\n", quote.file, quote.item);
                edits.push((whole_line(page, &quote.fence), fence));
            }
            Err(problem) => problems.push(problem),
        }
    }
    Ok(if problems.is_empty() { Ok(replace(&page.text, edits)) } else { Err(problems) })
}

/// The range with the line break that ends it.
fn whole_line(page: &Page, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let rest = &page.text[range.end..];
    range.start..range.end + usize::from(rest.starts_with('\n') && !page.text[..range.end].ends_with('\n'))
}
