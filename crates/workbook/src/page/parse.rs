//! Markdown in, [`Page`] out. The parser gives exact offsets, so a stray dollar or backtick can't swallow what follows it.

use super::{Declaration, ExerciseHere, Figure, Maths, Output, Page, Prose, Quote, Snippet};
use crate::Problem;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

impl Page {
    /// Takes a chapter apart.
    ///
    /// # Errors
    ///
    /// If a fence or a declaration is not of the form that the chapters use.
    pub fn parse(name: &str, text: &str) -> Result<Self, Problem> {
        let page = Self {
            name: name.to_owned(),
            text: text.to_owned(),
            snippets: vec![],
            quotes: vec![],
            figures: vec![],
            exercises: vec![],
            maths: vec![],
            prose: vec![],
            declarations: vec![],
        };
        let mut walk = Walk { page, quoted: 0, unlinkable: 0, fence: None, paragraph: None };
        for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
            walk.event(event, range)?;
        }
        Ok(walk.page)
    }
}

/// What mdBook itself enables, and formulas.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH
}

struct Walk {
    page: Page,
    /// How many quotations we are in.
    quoted: usize,
    /// How many headings and links we are in.
    unlinkable: usize,
    /// The fence we are in: its mark, where it is, and its text so far.
    fence: Option<(String, Range<usize>, String)>,
    /// The paragraph we are in, as long as nothing but a figure has been seen in it.
    paragraph: Option<Range<usize>>,
}

impl Walk {
    fn event(&mut self, event: Event, range: Range<usize>) -> Result<(), Problem> {
        if !matches!(event, Event::Start(Tag::Image { .. } | Tag::Link { .. } | Tag::Paragraph)) {
            // Whatever comes first in a paragraph decides whether it is a figure or an exercise.
            self.paragraph = None;
        }
        match event {
            Event::Start(Tag::BlockQuote(None)) => self.quoted += 1,
            Event::End(TagEnd::BlockQuote(None)) => self.quoted -= 1,
            Event::Start(Tag::Heading { .. }) => self.unlinkable += 1,
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.unlinkable += 1;
                self.exercise(range, &dest_url)?;
            }
            Event::End(TagEnd::Heading(_) | TagEnd::Link | TagEnd::Image) => self.unlinkable -= 1,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(mark))) => {
                self.fence = Some((mark.to_string(), range, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((mark, range, code)) = self.fence.take() {
                    self.fence(&mark, range, code)?;
                }
            }
            Event::Text(text) if self.fence.is_some() => {
                if let Some((_, _, code)) = &mut self.fence {
                    *code += &text;
                }
            }
            Event::Text(_) => {
                self.stray_dollar(&range)?;
                self.prose(range, self.unlinkable == 0);
            }
            Event::Code(_) => self.prose(range, false),
            Event::InlineMath(tex) => self.maths(range, &tex, false),
            Event::DisplayMath(tex) => self.maths(range, &tex, true),
            Event::Html(html) | Event::InlineHtml(html) => self.declaration(range, &html)?,
            Event::Start(Tag::Paragraph) => self.paragraph = Some(range),
            Event::Start(Tag::Image { dest_url, .. }) => {
                // What stands for an image is no place for a link, but its numbers count.
                self.unlinkable += 1;
                self.image(range, &dest_url);
            }
            _ => {}
        }
        Ok(())
    }

    /// A formula with a brace too few is no formula to the parser, and its dollars would stand on the page.
    fn stray_dollar(&self, range: &Range<usize>) -> Result<(), Problem> {
        let text = &self.page.text;
        let stray = text[range.clone()].find('$').filter(|at| !text[..range.start + at].ends_with('\\'));
        let Some(at) = stray else { return Ok(()) };
        let found: String = text[range.start + at..].lines().next().unwrap_or_default().chars().take(60).collect();
        let message =
            format!("found {found}, expected a formula: its braces or its second $ are missing; a dollar is \\$");
        Err(Problem::new(self.page.file(), self.page.line(range.start + at), message))
    }

    fn prose(&mut self, range: Range<usize>, linkable: bool) {
        self.page.prose.push(Prose { range, linkable, quoted: self.quoted > 0 });
    }

    fn maths(&mut self, range: Range<usize>, tex: &str, display: bool) {
        self.page.maths.push(Maths { range, tex: tex.to_owned(), display, quoted: self.quoted > 0 });
    }

    /// A fence that ended: a program, its output, or a piece of source. Others are shown as they are.
    fn fence(&mut self, mark: &str, fence: Range<usize>, code: String) -> Result<(), Problem> {
        let line = self.page.line(fence.start) + 1;
        let file = self.page.file();
        let problem = |message: String| Problem::new(file.as_str(), line - 1, message);
        if !(mark == "output" || mark == "rust" || mark.starts_with("rust,") || mark.starts_with("rust ")) {
            return Ok(());
        }
        let starts_a_line = fence.start == 0 || self.page.text[..fence.start].ends_with('\n');
        if !starts_a_line {
            return Err(problem(format!("the ```{mark} fence is indented or quoted; it must start its line")));
        }
        if mark == "rust" {
            self.page.snippets.push(Snippet { fence, code, line, output: None });
        } else if mark == "output" {
            let text = &self.page.text;
            let right_below = |snippet: &Snippet| text[snippet.fence.end..fence.start].trim().is_empty();
            match self.page.snippets.last_mut() {
                Some(snippet) if snippet.output.is_none() && right_below(snippet) => {
                    snippet.output = Some(Output { fence, text: code, line });
                }
                _ => return Err(problem("the ```output fence doesn't stand right below a ```rust fence".into())),
            }
        } else {
            let place = mark.strip_prefix("rust,source=").and_then(|place| place.split_once('#'));
            let Some((file, item)) = place else {
                return Err(problem(format!("the fence is marked {mark}; expected rust or rust,source=FILE#ITEM")));
            };
            self.page.quotes.push(Quote { fence, file: file.to_owned(), item: item.to_owned(), code });
        }
        Ok(())
    }

    fn image(&mut self, image: Range<usize>, target: &str) {
        let name = target.strip_prefix("figures/").and_then(|name| name.strip_suffix(".svg"));
        if let (Some(paragraph), Some(name)) = (self.paragraph.take(), name) {
            let alt =
                self.page.text[image.clone()].trim_start_matches("![").rsplit_once("](").map_or("", |(alt, _)| alt);
            let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
            let end = self.page.text[..paragraph.end].trim_end().len();
            self.page.figures.push(Figure { caption: image.end..end, image, alt, name: name.to_owned() });
        }
    }

    fn exercise(&mut self, link: Range<usize>, target: &str) -> Result<(), Problem> {
        let paragraph = self.paragraph.take();
        let Some(name) = target.strip_prefix("../crates/exercises/") else { return Ok(()) };
        let text = &self.page.text;
        if paragraph.is_none_or(|paragraph| text[paragraph].trim() != &text[link.clone()]) {
            let message = format!("the link to the exercise {name} is not alone in its paragraph");
            return Err(Problem::new(self.page.file(), self.page.line(link.start), message));
        }
        self.page.exercises.push(ExerciseHere { range: link, name: name.to_owned() });
        Ok(())
    }

    fn declaration(&mut self, range: Range<usize>, html: &str) -> Result<(), Problem> {
        let Some(text) = html.trim().strip_prefix("<!-- numbers") else { return Ok(()) };
        let parts = text.trim_end().strip_suffix("-->").and_then(|text| text.trim().strip_prefix("from "));
        let Some((source, numbers)) = parts.and_then(|text| text.rsplit_once(": ")) else {
            return Err(Problem::new(
                self.page.file(),
                self.page.line(range.start),
                format!("found {}, expected <!-- numbers from SOURCE: 1.25, 0.004125 --> on one line", html.trim()),
            ));
        };
        let numbers = numbers.split(", ").map(|number| number.trim().to_owned()).collect();
        self.page.declarations.push(Declaration { range, source: source.trim().to_owned(), numbers });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Page {
        Page::parse("page.md", text).unwrap()
    }

    #[test]
    fn a_snippet_and_its_output() {
        let page = parse("# Title\n\n```rust\nfn main() {}\n```\n\n```output\n1.25\n```\n");
        let snippet = &page.snippets[0];
        assert_eq!((snippet.code.as_str(), snippet.line), ("fn main() {}\n", 4));
        let output = snippet.output.as_ref().unwrap();
        assert_eq!((output.text.as_str(), output.line), ("1.25\n", 8));
    }

    #[test]
    fn a_stray_dollar_swallows_nothing() {
        let page = parse("It costs \\$10.\n\n```rust\nfn main() {}\n```\n\nand $x^2$ is maths.\n");
        assert_eq!((page.snippets.len(), page.maths.len()), (1, 1));
        assert_eq!(page.maths[0].tex, "x^2");
    }

    #[test]
    fn a_figure_with_its_caption() {
        let page =
            parse("![It falls,\nto 0.004125.](figures/depth.svg)\n*Five layers.*\n\nText ![icon](figures/a.svg).\n");
        assert_eq!(page.figures.len(), 1);
        let figure = &page.figures[0];
        assert_eq!((figure.name.as_str(), figure.alt.as_str()), ("depth", "It falls, to 0.004125."));
        assert_eq!(page.text[figure.caption.clone()].trim(), "*Five layers.*");
        let alt: Vec<_> = page.prose.iter().filter(|prose| figure.image.contains(&prose.range.start)).collect();
        assert!(alt.len() == 2 && alt.iter().all(|prose| !prose.linkable), "its numbers count, but carry no receipts");
    }

    #[test]
    fn an_exercise_stands_alone() {
        let page = parse("## Exercises\n\n[A sixth layer](../crates/exercises/sixth-layer)\n\nSee [it](a.md).\n");
        let names: Vec<_> = page.exercises.iter().map(|exercise| exercise.name.as_str()).collect();
        assert_eq!(names, ["sixth-layer"]);
        let problem = Page::parse("page.md", "See [it](../crates/exercises/it) there.\n").unwrap_err();
        assert_eq!(problem.to_string(), "src/page.md:1: the link to the exercise it is not alone in its paragraph");
    }

    #[test]
    fn what_is_quoted_and_what_can_carry_a_receipt() {
        let page = parse("> The notes say $1.25$ and 0.25.\n\n# Head 1.25\n\nWe say 1.25 and `1.25`.\n");
        assert!(page.maths[0].quoted);
        let runs: Vec<_> = page.prose.iter().map(|prose| (prose.quoted, prose.linkable)).collect();
        assert_eq!(runs, [(true, true), (true, true), (false, false), (false, true), (false, false), (false, true)]);
    }

    #[test]
    fn a_declaration_names_its_source() {
        let page = parse("Text.\n\n<!-- numbers from Nielsen 2015, chapter 5: 0.07, 0.31 -->\n");
        let declaration = &page.declarations[0];
        assert_eq!(declaration.source, "Nielsen 2015, chapter 5");
        assert_eq!(declaration.numbers, ["0.07", "0.31"]);
    }

    #[test]
    fn what_is_malformed_is_named_with_its_line() {
        let problem = |text: &str| Page::parse("page.md", text).unwrap_err().to_string();
        insta::assert_snapshot!(problem("Text.\n\n```output\n1\n```\n"), @"src/page.md:3: the ```output fence doesn't stand right below a ```rust fence");
        insta::assert_snapshot!(problem("```rust,ignore\nfn main() {}\n```\n"), @"src/page.md:1: the fence is marked rust,ignore; expected rust or rust,source=FILE#ITEM");
        insta::assert_snapshot!(problem("- item\n\n  ```rust\n  fn main() {}\n  ```\n"), @"src/page.md:3: the ```rust fence is indented or quoted; it must start its line");
        insta::assert_snapshot!(problem("Text,\n$\\frac{1}{$ and more.\n"), @r"src/page.md:2: found $\frac{1}{$ and more., expected a formula: its braces or its second $ are missing; a dollar is \$");
        insta::assert_snapshot!(problem("\n<!-- numbers 1.25 -->\n"), @"src/page.md:2: found <!-- numbers 1.25 -->, expected <!-- numbers from SOURCE: 1.25, 0.004125 --> on one line");
    }
}
