//! Which line of which snippet printed a number, and what is wrong with a number that none did.

use super::numbers::{self, Number};
use super::{Maths, NOTES, Page, arithmetic};
use crate::Problem;
use std::collections::HashSet;
use std::path::Path;

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// Where a click leads: the line of the output, or of the page that has it.
    pub href: String,
    /// What is shown on hover and on focus.
    pub text: String,
    /// Given or cited, and not printed on this page.
    pub declared: bool,
}

/// The numbers that a page can vouch for.
pub struct Receipts {
    parents: Vec<Parent>,
}

/// A number that is vouched for.
struct Parent {
    number: Number,
    /// As it was printed, given or declared.
    text: String,
    receipt: Receipt,
}

/// The numbers in a line that a receipt is good for.
fn parents(line: &str, receipt: Receipt) -> impl Iterator<Item = Parent> {
    let numbers = numbers::find(line).into_iter();
    numbers.map(move |number| {
        let text = line[number.range.clone()].to_owned();
        Parent { number, text, receipt: receipt.clone() }
    })
}

impl Receipts {
    /// What the snippets of the page printed, what they were given, and what the page declares.
    pub fn new(page: &Page) -> Self {
        let mut all = vec![];
        for (snippet, k) in page.snippets.iter().zip(1..) {
            let lines = snippet.output.iter().flat_map(|output| output.text.lines().zip(1..));
            for (line, l) in lines {
                let text = format!("snippet {k} prints: {}", line.trim());
                let receipt = Receipt { href: format!("#s{k}-l{l}"), text, declared: false };
                all.extend(parents(line, receipt));
            }
        }
        for (snippet, k) in page.snippets.iter().zip(1..) {
            for line in snippet.code.lines() {
                let text = format!("snippet {k} is given: {}", line.trim());
                let receipt = Receipt { href: format!("#snippet-{k}"), text, declared: false };
                all.extend(parents(line, receipt));
            }
        }
        for declaration in &page.declarations {
            let source = &declaration.source;
            let given = source == "the notes";
            let receipt = Receipt {
                href: if given { "notes.html".into() } else { "#sources".into() },
                text: if given { "given by the notes".into() } else { format!("from {source}") },
                declared: true,
            };
            all.extend(declaration.numbers.iter().flat_map(|number| parents(number, receipt.clone())));
        }
        Self { parents: all }
    }

    /// The receipt of a number that needs one.
    pub fn of(&self, number: &Number) -> Option<&Receipt> {
        if !number.needs_a_parent() {
            return None;
        }
        self.parents.iter().find(|parent| number.shows(&parent.number)).map(|parent| &parent.receipt)
    }

    /// The receipts of the numbers of a formula, each once.
    pub fn of_maths(&self, maths: &Maths) -> Vec<&Receipt> {
        let mut receipts: Vec<&Receipt> = vec![];
        for number in numbers::find(&maths.tex) {
            if let Some(receipt) = self.of(&number)
                && !receipts.contains(&receipt)
            {
                receipts.push(receipt);
            }
        }
        receipts
    }
}

/// What is wrong with the numbers of a page. `notes` is the page that holds the handwritten notes.
pub(crate) fn check(page: &Page, notes: &Page, root: &Path) -> Vec<Problem> {
    let mut problems = vec![];
    let mut problem = |at: usize, message: String| problems.push(Problem::new(page.file(), page.line(at), message));
    let in_notes: HashSet<_> = numbers::find(&notes.text).into_iter().map(|number| number.value.to_bits()).collect();
    let receipts = Receipts::new(page);

    if page.name != NOTES {
        let prose = page.prose.iter().map(|prose| (prose.range.clone(), prose.quoted));
        let maths = page.maths.iter().map(|maths| (maths.range.clone(), maths.quoted));
        for (range, quoted) in prose.chain(maths) {
            for number in numbers::find(&page.text[range.clone()]) {
                let shown = &page.text[range.clone()][number.range.clone()];
                let at = range.start + number.range.start;
                if quoted && !in_notes.contains(&number.value.to_bits()) {
                    problem(
                        at,
                        format!("found {shown} in a quotation of the notes, but the notes ({NOTES}) don't have it"),
                    );
                } else if !quoted && number.needs_a_parent() && receipts.of(&number).is_none() {
                    problem(at, format!("found {shown}, expected {}", expected(&receipts, shown)));
                }
            }
        }
        for maths in page.maths.iter().filter(|maths| !maths.quoted) {
            if let Some((left, right)) = arithmetic::disagreement(&maths.tex) {
                let tex = maths.tex.trim();
                problem(
                    maths.range.start,
                    format!("found {tex}, expected equal sides: the left is {left}, the right {right}"),
                );
            }
        }
    }
    for declaration in &page.declarations {
        let at = declaration.range.start;
        for shown in &declaration.numbers {
            let Some(number) = numbers::find(shown).pop() else {
                problem(at, format!("found {shown} in a declaration, expected a number"));
                continue;
            };
            if declaration.source == "the notes" && !in_notes.contains(&number.value.to_bits()) {
                problem(
                    at,
                    format!("{shown} is declared as given by the notes, but the notes ({NOTES}) don't have it"),
                );
            }
            // A source that is a file of the repository is opened and searched.
            if let Ok(text) = std::fs::read_to_string(root.join(&declaration.source))
                && !numbers::find(&text).iter().any(|found| found.value == number.value)
            {
                problem(
                    at,
                    format!("{shown} is declared as from {}, but that file doesn't have it", declaration.source),
                );
            }
            let used = |range: &std::ops::Range<usize>| {
                numbers::find(&page.text[range.clone()]).iter().any(|found| found.shows(&number))
            };
            if !page.prose.iter().map(|p| &p.range).chain(page.maths.iter().map(|m| &m.range)).any(used) {
                problem(at, format!("{shown} is declared, but the page doesn't use it"));
            }
        }
    }
    problems
}

/// What was expected in place of a number without a parent: the printed number that differs from it in one digit, or else
/// just that there be one.
fn expected(receipts: &Receipts, shown: &str) -> String {
    let one_digit_off = |parent: &&Parent| {
        let pairs = parent.text.bytes().zip(shown.bytes());
        parent.text.len() >= shown.len() && pairs.filter(|(parent, shown)| parent != shown).count() == 1
    };
    match receipts.parents.iter().find(one_digit_off) {
        Some(parent) => format!("{}: {}", parent.text, parent.receipt.text),
        None => "a number that a snippet of this page prints, or a declaration of where it is from".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let notes = Page::parse(NOTES, "$$0.25 - 0.00004125 = 0.249999$$").unwrap();
        let page = Page::parse("page.md", text).unwrap();
        check(&page, &notes, Path::new("/nowhere")).iter().map(Problem::to_string).collect()
    }

    const SNIPPET: &str = "```rust\nfn main() {}\n```\n\n```output\nw_new = 0.2375\n```\n\n";

    #[test]
    fn a_printed_number_passes_and_a_changed_digit_does_not() {
        assert_eq!(problems(&format!("{SNIPPET}The weight is now 0.2375, or $0.238$.\n")), [""; 0]);
        insta::assert_snapshot!(problems(&format!("{SNIPPET}The weight is now 0.2376.\n"))[0], @"src/page.md:9: found 0.2376, expected 0.2375: snippet 1 prints: w_new = 0.2375");
        insta::assert_snapshot!(problems("It is $3.14159$.\n")[0], @"src/page.md:1: found 3.14159, expected a number that a snippet of this page prints, or a declaration of where it is from");
    }

    #[test]
    fn the_notes_own_numbers_are_theirs() {
        assert_eq!(problems("> They say $0.249999$.\n"), [""; 0]);
        assert_eq!(problems("They say 0.249999.\n\n<!-- numbers from the notes: 0.249999 -->\n"), [""; 0]);
        insta::assert_snapshot!(problems("> They say 0.249998.\n")[0], @"src/page.md:1: found 0.249998 in a quotation of the notes, but the notes (notes.md) don't have it");
        insta::assert_snapshot!(problems("0.111\n\n<!-- numbers from the notes: 0.111 -->\n")[0], @"src/page.md:3: 0.111 is declared as given by the notes, but the notes (notes.md) don't have it");
    }

    #[test]
    fn a_declaration_that_nobody_uses_is_stale() {
        insta::assert_snapshot!(problems("<!-- numbers from Nielsen 2015: 0.317 -->\n")[0], @"src/page.md:1: 0.317 is declared, but the page doesn't use it");
    }

    #[test]
    fn both_sides_of_an_equation_agree() {
        insta::assert_snapshot!(problems("$25 \\times 0.3 = 7.6$\n")[0], @r"src/page.md:1: found 25 \times 0.3 = 7.6, expected equal sides: the left is 7.5, the right 7.6");
    }

    #[test]
    fn a_receipt_says_which_line_printed_the_number() {
        let page = Page::parse("page.md", SNIPPET).unwrap();
        let receipt = Receipts::new(&page).of(&numbers::find("0.2375")[0]).cloned().unwrap();
        assert_eq!((receipt.href.as_str(), receipt.text.as_str()), ("#s1-l1", "snippet 1 prints: w_new = 0.2375"));
    }
}
