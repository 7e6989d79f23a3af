//! One digit is changed, somewhere in the book: does anyone notice?

use crate::rendered::root;
use anyhow::Result;
use workbook::Problems;
use workbook::book;
use workbook::check::check;
use workbook::page::{Page, ledger};
use workbook::snippets::Runner;

/// `text` with the digit at `at` made another one.
fn changed(text: &str, at: usize) -> String {
    let other = if text.as_bytes()[at] == b'7' { '8' } else { '7' };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

/// A ledger has a line for each line of its page that has a digit. So each digit is changed in its line alone, and the first of each line
/// on the whole page too, whose ledger must name the line.
#[test]
fn every_digit_of_the_book_is_in_a_ledger() -> Result<()> {
    let mut digits = 0;
    for page in book::pages(&root(), &[])? {
        let blessed = std::fs::read_to_string(ledger::path(&root(), &page))?;
        let mut rows = blessed.lines();
        let mut start = 0;
        for (line, number) in page.text.split_inclusive('\n').zip(1..) {
            let in_line: Vec<_> = line.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
            let row = if ledger::of(line).is_empty() { "" } else { rows.next().unwrap_or_default() };
            for (at, is_first) in in_line.iter().zip(std::iter::once(true).chain(std::iter::repeat(false))) {
                let (in_page, found, expected) = if is_first {
                    ledger::difference(&changed(&page.text, start + at), &blessed)
                } else {
                    ledger::difference(&changed(line, *at), row).map(|(_, found, expected)| (number, found, expected))
                }
                .unwrap_or_else(|| panic!("{}:{number}: a digit can change", page.file()));
                assert_eq!(in_page, number, "{}", page.file());
                assert_ne!(found, expected);
                digits += 1;
            }
            start += line.len();
        }
    }
    eprintln!("{digits} digits changed, {digits} noticed");
    assert!(digits > 3000, "only {digits}");
    Ok(())
}

/// One digit of each kind, through the whole check, snippets and all: what it says must name the line and both numbers.
#[test]
fn a_changed_digit_is_said_with_file_line_expected_and_found() -> Result<()> {
    let runner = Runner::new(&root())?;
    let page = |name: &str| book::pages(&root(), &[name.to_owned()]).map(|pages| pages.into_iter().next());
    // The page, a text on it with the digit to change in brackets, and what must be said.
    let cases = [
        ("05", "With 0.5 the step gives 0.[4]875", &["found 0.7875, expected 0.4875: snippet 1 prints:"][..]),
        ("05", "= 0.25 - 0.0125 = 0.23[7]5$$", &["found 0.2385, expected 0.2375: snippet 1 prints:"]),
        (
            "05",
            "w_{11}} = 2[5] \\times 0.25",
            &["found", "= 27 ", "expected equal sides: the left is 1.35, the right 1.25"],
        ),
        (
            "06",
            "behind layer 4: 1.[3]75000",
            &["layer 4: 1.775000\", expected \"times 0.22, behind layer 4: 1.375000\""],
        ),
        ("06", "let mut gradient = [2]5.0;", &["layer: 25\", expected \"arrives at the last layer: 75\""]),
        (
            "02",
            "\\frac{1}{[4]} - \\Bigl(a",
            &["found \"1 1 7 1 2 2\", expected \"1 1 4 1 2 2\" as in the page's ledger"],
        ),
        ("06", "the weight by [5] %", &["41.25 7\", expected \"0.249959 0.249999 41.25 5\" as in the page's ledger"]),
        ("09", "From 0.5 the two steps end at 0.4[8]75", &["found 0.4775, expected 0.4875"]),
        ("notes", "$= 0.24[9]999", &["found \"24 0.247999 0.25\"", "expected \"24 0.249999 0.25\""]),
    ];
    for (name, marked, expected) in cases {
        let whole = page(name)?.unwrap_or_else(|| panic!("no page {name}"));
        let (before, rest) = marked.split_once('[').expect("a digit is marked");
        let text = format!("{before}{}", rest.replacen(']', "", 1));
        let start = whole.text.find(&text).unwrap_or_else(|| panic!("{} has no {text}", whole.file()));
        let at = start + before.len();
        let spoiled = Page::parse(&whole.name, &changed(&whole.text, at))?;
        let error = check(&root(), &[spoiled], &runner).expect_err("a changed digit passed");
        let problems = error.downcast_ref::<Problems>().expect("the book is wrong, not the machine").to_string();
        let line = whole.line(at);
        // A changed program is said where its output stands.
        let place =
            if marked.contains("let ") { format!("{}:", whole.file()) } else { format!("{}:{line}:", whole.file()) };
        assert!(problems.contains(&place), "{problems}");
        for part in expected {
            assert!(problems.contains(part), "{text}: expected to read {part} in\n{problems}");
        }
    }
    Ok(())
}
