//! A chapter taken apart: where its snippets, outputs, quoted sources, figures, formulas and numbers stand.

pub mod arithmetic;
mod exercise;
mod figure;
pub mod html;
pub mod ledger;
mod maths;
pub mod numbers;
mod parse;
mod receipts;
mod render;
mod source;

use sha2::{Digest, Sha256};
use std::ops::Range;

pub(crate) use receipts::check as check_numbers;
pub use receipts::{Receipt, Receipts};

/// A chapter and where everything in it stands. Ranges are byte ranges of `text`.
#[derive(Clone, Debug)]
pub struct Page {
    /// The file's name inside `src`: `05-one-step.md`.
    pub name: String,
    /// The Markdown.
    pub text: String,
    /// The programs, in order.
    pub snippets: Vec<Snippet>,
    /// Quotations of the crates' own source.
    pub quotes: Vec<Quote>,
    /// The figures.
    pub figures: Vec<Figure>,
    /// The exercises, in order.
    pub exercises: Vec<ExerciseHere>,
    /// The formulas.
    pub maths: Vec<Maths>,
    /// Prose, wherever a number can stand in it.
    pub prose: Vec<Prose>,
    /// Numbers whose origin the chapter declares.
    pub declarations: Vec<Declaration>,
}

/// A ` ```rust ` fence: a whole program. What it prints stands in an ` ```output ` fence right below.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// The fence with its marks.
    pub fence: Range<usize>,
    /// The program.
    pub code: String,
    /// The line of the chapter on which the program starts, from 1.
    pub line: usize,
    /// The recorded output, unless the chapter has none yet.
    pub output: Option<Output>,
}

/// An ` ```output ` fence.
#[derive(Clone, Debug)]
pub struct Output {
    /// The fence with its marks.
    pub fence: Range<usize>,
    /// What the snippet printed when the page was blessed.
    pub text: String,
    /// The line of the chapter on which it starts, from 1.
    pub line: usize,
}

/// A ` ```rust,source=FILE#ITEM ` fence: a piece of the crates' own source.
#[derive(Clone, Debug)]
pub struct Quote {
    /// The fence with its marks.
    pub fence: Range<usize>,
    /// The file, from the root of the book.
    pub file: String,
    /// The function, struct or enum in it.
    pub item: String,
    /// What the chapter shows.
    pub code: String,
}

/// `![alt](figures/NAME.svg)` at the head of a paragraph; the rest of the paragraph is the caption.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The image.
    pub image: Range<usize>,
    /// The caption, which may be empty.
    pub caption: Range<usize>,
    /// What stands for the figure where it can't be seen: its finding.
    pub alt: String,
    /// NAME.
    pub name: String,
}

/// `[Title](../crates/exercises/NAME)`, alone in its paragraph: an exercise that checks itself.
#[derive(Clone, Debug)]
pub struct ExerciseHere {
    /// The link.
    pub range: Range<usize>,
    /// NAME.
    pub name: String,
}

/// `$…$` or `$$…$$`.
#[derive(Clone, Debug)]
pub struct Maths {
    /// With the dollars.
    pub range: Range<usize>,
    /// Between the dollars.
    pub tex: String,
    /// On a line of its own.
    pub display: bool,
    /// Inside a quotation of the notes, whose slips are theirs.
    pub quoted: bool,
}

/// A run of prose without formulas.
#[derive(Clone, Debug)]
pub struct Prose {
    /// Where.
    pub range: Range<usize>,
    /// Whether a receipt can be attached; not in a heading, a link or inline code.
    pub linkable: bool,
    /// Inside a quotation of the notes.
    pub quoted: bool,
}

/// `<!-- numbers from SOURCE: 0.07, 0.31 -->`.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Where.
    pub range: Range<usize>,
    /// "the notes", a file of the repository, or a publication.
    pub source: String,
    /// The numbers, as written.
    pub numbers: Vec<String>,
}

/// The page that holds the handwritten notes as they are.
pub const NOTES: &str = "notes.md";

impl Page {
    /// The line, from 1, of a byte of the text.
    pub fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    /// What the reader's edits of a snippet are kept under: it changes with the program, and not with where it stands.
    pub fn name_of(&self, snippet: &Snippet) -> String {
        let hash = crate::snippets::hex(&Sha256::digest(&snippet.code));
        format!("{}/{}", self.name.trim_end_matches(".md"), &hash[..12])
    }

    /// What stands in its first heading.
    pub fn title(&self) -> &str {
        self.text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(&self.name)
    }

    /// The file, from the root of the book.
    pub fn file(&self) -> String {
        format!("src/{}", self.name)
    }
}

/// `text` with each range replaced. The ranges don't overlap.
pub fn replace(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut result = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for (range, with) in edits {
        assert!(at <= range.start, "two edits overlap at byte {}", range.start);
        result += &text[at..range.start];
        result += &with;
        at = range.end;
    }
    result + &text[at..]
}
