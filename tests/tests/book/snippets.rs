//! The book, snippet by snippet and through mdBook.

use crate::rendered::root;
use anyhow::Result;
use workbook::book;

/// What `mdbook test` does, and with it every check: our preprocessor runs each snippet and holds each number to its parent.
#[test]
fn mdbook_test_is_green() -> Result<()> {
    let pages = book::pages(&root(), &[])?;
    let snippets: usize = pages.iter().map(|page| page.snippets.len()).sum();
    eprintln!("{} pages, {snippets} snippets", pages.len());
    assert!(pages.len() >= 12 && snippets >= 25, "the book shrank");
    book::load(&root())?.0.test(vec![])
}

#[test]
fn snippets_are_short_and_fit_the_column() -> Result<()> {
    for page in book::pages(&root(), &[])? {
        for snippet in &page.snippets {
            let lines = snippet.code.lines().count();
            assert!(lines <= 40, "{}:{}: {lines} lines; the crate holds what is longer", page.file(), snippet.line);
        }
        let code = page.snippets.iter().map(|snippet| (&snippet.code, snippet.line));
        let outputs = page.snippets.iter().filter_map(|snippet| snippet.output.as_ref());
        for (text, first) in code.chain(outputs.map(|output| (&output.text, output.line))) {
            for (line, at) in text.lines().zip(first..) {
                let width = line.chars().count();
                assert!(width <= 84, "{}:{at}: {width} characters, expected at most 84", page.file());
            }
        }
    }
    Ok(())
}

#[test]
fn every_chapter_has_exercises_and_sources() -> Result<()> {
    // The notes and the appendices are for looking things up.
    let is_chapter = |name: &str| name == "preface.md" || name.starts_with(|c: char| c.is_ascii_digit());
    for page in book::pages(&root(), &[])?.iter().filter(|page| is_chapter(&page.name)) {
        for heading in ["## Exercises", "## Sources"] {
            assert!(page.text.contains(&format!("\n{heading}\n\n")), "{} has no {heading}", page.file());
        }
    }
    Ok(())
}
