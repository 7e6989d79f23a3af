//! The ledger of a page: every number on it, in order.
//!
//! A measured number is held to the snippet that prints it. That leaves the 1 in σ(1 − σ), the 5 in "five layers (5)", the digits
//! of an exponent: too short to have a parent, and wrong all the same when somebody's finger slips. The ledger has them all.
//! It is rewritten by `cargo book bless`, so a change of any digit is a change that somebody saw in a diff.

use super::Page;
use std::path::{Path, PathBuf};

/// Where the ledger of a page lies.
pub fn path(root: &Path, page: &Page) -> PathBuf {
    root.join("tests/ledgers").join(&page.name).with_extension("txt")
}

/// The numbers of each line that has any: line of the text, from 1, and its numbers.
fn entries(text: &str) -> Vec<(usize, Vec<&str>)> {
    let lines = (1..).zip(text.lines()).map(|(line, text)| (line, digits(text)));
    lines.filter(|(_, numbers)| !numbers.is_empty()).collect()
}

/// The ledger of a page: a line for each of its lines that has a number.
pub fn of(text: &str) -> String {
    let mut ledger = String::new();
    for (_, numbers) in entries(text) {
        ledger += &numbers.join(" ");
        ledger.push('\n');
    }
    ledger
}

/// The first place where a page and its ledger differ: the line of the page, what it has there, what the ledger has.
pub fn difference(text: &str, ledger: &str) -> Option<(usize, String, String)> {
    let found = entries(text);
    let expected: Vec<&str> = ledger.lines().collect();
    let last_line = text.lines().count().max(1);
    for at in 0..found.len().max(expected.len()) {
        let (line, on_page) = found.get(at).map_or((last_line, String::new()), |(line, n)| (*line, n.join(" ")));
        let in_ledger = expected.get(at).copied().unwrap_or("");
        if on_page != in_ledger {
            return Some((line, on_page, in_ledger.to_owned()));
        }
    }
    None
}

/// Runs of digits with a decimal point inside, wherever they stand: in names, indices and exponents too.
fn digits(line: &str) -> Vec<&str> {
    line.split(|c: char| !(c.is_ascii_digit() || c == '.' || !c.is_ascii() && "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉".contains(c)))
        .map(|run| run.trim_matches('.'))
        .filter(|run| !run.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# The slope\n\n$\\sigma(1 - \\sigma)$ is at most 0.25, for w₁ in f64.\n\n25 × 0.25\n";

    #[test]
    fn a_page_agrees_with_its_own_ledger() {
        assert_eq!(of(PAGE), "1 0.25 ₁ 64\n25 0.25\n");
        assert_eq!(difference(PAGE, &of(PAGE)), None);
    }

    #[test]
    fn any_digit_that_changes_is_found_with_its_line() {
        let ledger = of(PAGE);
        let digits: Vec<_> = PAGE.char_indices().filter(|(_, c)| c.is_ascii_digit()).collect();
        for (at, digit) in digits {
            let other = if digit == '7' { '8' } else { '7' };
            let changed = format!("{}{other}{}", &PAGE[..at], &PAGE[at + 1..]);
            let (line, found, expected) = difference(&changed, &ledger).unwrap();
            assert_eq!(line, PAGE[..at].matches('\n').count() + 1);
            assert_ne!(found, expected);
        }
    }

    #[test]
    fn a_missing_line_and_an_added_one_are_found() {
        let ledger = of(PAGE);
        assert_eq!(difference(&PAGE.replace("25 × 0.25", ""), &ledger), Some((5, String::new(), "25 0.25".into())));
        assert_eq!(difference(&format!("{PAGE}9\n"), &ledger), Some((6, "9".into(), String::new())));
    }
}
