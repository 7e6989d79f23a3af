//! The chapter as mdBook gets it: formulas set, figures drawn, outputs under their snippets, receipts on the numbers.

use super::{Maths, Output, Page, Receipt, Receipts, html, numbers, replace};
use crate::Problem;
use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

impl Page {
    /// Markdown for mdBook's HTML.
    ///
    /// # Errors
    ///
    /// Every formula that is no TeX, every figure that doesn't exist, every source that can't be quoted.
    pub fn render(&self, root: &Path) -> Result<String, Vec<Problem>> {
        let receipts = Receipts::new(self);
        let mut edits = vec![];
        let mut problems = vec![];
        for (snippet, k) in self.snippets.iter().zip(1..) {
            let end = snippet.output.as_ref().map_or(snippet.fence.end, |output| output.fence.end);
            let code = &snippet.code;
            let printed = snippet.output.as_ref().map(|output| output_html(output, k)).unwrap_or_default();
            let html = format!(
                "<div class=\"snippet\" id=\"snippet-{k}\" data-program=\"{}\">\n<p class=\"snippet-label\"><a href=\"#snippet-{k}\">Snippet {k}</a></p>\n\n```rust\n{code}```\n\n{printed}</div>\n",
                self.name_of(snippet)
            );
            edits.push((snippet.fence.start..end, html));
        }
        for quote in &self.quotes {
            // What is shown is what the file has, even before the chapter was blessed; the check sees that they agree.
            match self.quoted_source(root, quote) {
                Ok(code) => {
                    let file = html::escape(&quote.file);
                    let html = format!(
                        "<figure class=\"source\"><figcaption>{file}</figcaption>\n\n```rust\n{code}```\n\n</figure>\n"
                    );
                    edits.push((quote.fence.clone(), html));
                }
                Err(problem) => problems.push(problem),
            }
        }
        for figure in &self.figures {
            match self.figure_html(root, figure) {
                Ok((before, after)) => {
                    edits.push((figure.image.clone(), before));
                    edits.push((figure.caption.end..figure.caption.end, after));
                }
                Err(problem) => problems.push(problem),
            }
        }
        for exercise in &self.exercises {
            match self.exercise_html(root, exercise) {
                Ok(html) => edits.push((exercise.range.clone(), html)),
                Err(found) => problems.extend(found),
            }
        }
        for maths in &self.maths {
            match self.mathml(maths) {
                Ok(mathml) => {
                    let receipts = if maths.quoted { vec![] } else { receipts.of_maths(maths) };
                    edits.push(maths_html(self, maths, &mathml, &receipts));
                }
                Err(problem) => problems.push(problem),
            }
        }
        for prose in self.prose.iter().filter(|prose| prose.linkable && !prose.quoted) {
            for number in numbers::find(&self.text[prose.range.clone()]) {
                if let Some(receipt) = receipts.of(&number) {
                    let range = prose.range.start + number.range.start..prose.range.start + number.range.end;
                    let text = self.text[range.clone()].to_owned();
                    edits.push((range, link(&text, &[receipt])));
                }
            }
        }
        if problems.is_empty() { Ok(replace(&self.text, edits)) } else { Err(problems) }
    }

    /// Markdown for rustdoc, which `mdbook test` runs after us: our snippets have run, with the crates that rustdoc
    /// would not find, so they are handed on as text.
    pub fn without_snippets(&self) -> String {
        let fences =
            self.snippets.iter().map(|snippet| &snippet.fence).chain(self.quotes.iter().map(|quote| &quote.fence));
        let edits = fences.map(|fence| {
            let mark_end = self.text[fence.clone()].find('\n').map_or(fence.end, |at| fence.start + at);
            (fence.start..mark_end, String::from("```text"))
        });
        replace(&self.text, edits.collect())
    }
}

fn output_html(output: &Output, k: usize) -> String {
    let mut lines = String::new();
    for (line, l) in output.text.lines().zip(1..) {
        // The line break inside the span keeps an empty line from ending the block of HTML.
        let _ = write!(lines, "<span class=\"line\" id=\"s{k}-l{l}\">{}</span>&#10;", html::escape(line));
    }
    format!(
        "<div class=\"output\"><p class=\"output-label\">prints, as recorded</p><pre tabindex=\"0\" role=\"group\" aria-label=\"Output of snippet {k}\"><samp>{lines}</samp></pre></div>\n"
    )
}

/// What takes the place of a formula, and of which part of the page.
///
/// A formula on a line of its own is a block of its own, which may be wider than the text; inside a quotation or a list it must stay part
/// of the paragraph.
fn maths_html(page: &Page, maths: &Maths, mathml: &str, receipts: &[&Receipt]) -> (Range<usize>, String) {
    // A link needs words of its own; the reader of a screen gets where the numbers are from.
    let linked = match receipts.first() {
        None => mathml.to_owned(),
        Some(first) => {
            let place = html::escape(first.text.split(": ").next().unwrap_or_default());
            link_html(&format!("{mathml}<span class=\"where\"> {place}</span>"), receipts)
        }
    };
    let (before, after) = (&page.text[..maths.range.start], &page.text[maths.range.end..]);
    if !maths.display {
        let formula = if receipts.is_empty() { focusable_if_long(linked) } else { linked };
        // A full stop must not start a line because a formula ended the one before. A word joiner would not keep it: browsers break
        // beside a formula as beside a picture.
        let stop = after.chars().next().filter(|c| ['.', ',', ';', ':', ')'].contains(c));
        return match stop {
            None => (maths.range.clone(), formula),
            Some(stop) => {
                let range = maths.range.start..maths.range.end + stop.len_utf8();
                (range, format!("<span class=\"unbroken\">{formula}{stop}</span>"))
            }
        };
    }
    let alone = before.ends_with("\n\n") && (after.starts_with("\n\n") || after.trim().is_empty());
    let tag = if alone { "div" } else { "span" };
    // A wide formula scrolls, so it must be reachable from the keyboard; a receipt already is.
    let focus = if receipts.is_empty() { " tabindex=\"0\" role=\"group\" aria-label=\"Formula\"" } else { "" };
    (maths.range.clone(), format!("<{tag} class=\"equation\"{focus}>{linked}</{tag}>"))
}

/// A formula in the text that is longer than a phone is wide scrolls there, so it must be reachable from the keyboard.
fn focusable_if_long(mathml: String) -> String {
    const NARROW: usize = 24;
    let texts = mathml.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    let length: usize = texts.map(html::length).sum();
    if length > NARROW { mathml.replacen("<math", "<math tabindex=\"0\"", 1) } else { mathml }
}

fn link(text: &str, receipts: &[&Receipt]) -> String {
    link_html(&html::escape(text), receipts)
}

fn link_html(html: &str, receipts: &[&Receipt]) -> String {
    let texts: Vec<_> = receipts.iter().map(|receipt| html::escape(&receipt.text)).collect();
    // The first that was computed here is where a click leads.
    let first = receipts.iter().find(|receipt| !receipt.declared).unwrap_or(&receipts[0]);
    let class = if receipts.iter().all(|receipt| receipt.declared) { "receipt given" } else { "receipt" };
    format!("<a class=\"{class}\" href=\"{}\" data-receipt=\"{}\">{html}</a>", first.href, texts.join("&#10;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# One step

The weight is now 0.2375 | $w = 0.2375$.

```rust
fn main() {}
```

```output
w = 0.2375

```

> They say $x_1$.

$$\\sigma'(z) \\le \\frac{1}{4}$$
";

    #[test]
    fn a_page_for_the_browser() {
        let page = Page::parse("page.md", PAGE).unwrap();
        insta::assert_snapshot!(page.render(Path::new("/nowhere")).unwrap());
    }

    #[test]
    fn a_page_for_rustdoc_has_no_program_left() {
        let page = Page::parse("page.md", PAGE).unwrap();
        assert_eq!(page.without_snippets(), PAGE.replace("```rust", "```text"));
    }

    #[test]
    fn what_cannot_be_set_or_drawn_is_named_with_its_line() {
        let page = Page::parse("page.md", "Text.\n\n$\\frac{1}$ and\n\n![It falls.](figures/nowhere.svg)\n").unwrap();
        let problems = page.render(Path::new("/nowhere")).unwrap_err();
        let text: Vec<_> = problems.iter().map(Problem::to_string).collect();
        insta::assert_snapshot!(text.join("\n"));
    }
}
