//! Our part of mdBook's work, in its process or in ours: chapters in, finished Markdown out.

use crate::check::check;
use crate::lean::Aside;
use crate::page::Page;
use crate::snippets::Runner;
use crate::{Problems, book};
use anyhow::Result;
use mdbook_preprocessor::book::{Book, BookItem};
use mdbook_preprocessor::errors::Result as MdBookResult;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

/// mdBook's preprocessor `workbook`.
///
/// For the renderer `html` it sets formulas and figures, and puts receipts on numbers. For the renderer `test` it runs every
/// snippet itself, because `mdbook test` gives rustdoc no way to find our crates, and fails the run if the book is wrong.
#[derive(Default)]
pub struct Workbook {
    /// Where drawings and tables of data wait until mdBook is done; if nobody puts them back, they stay on their pages.
    pub aside: Option<Aside>,
}

impl Preprocessor for Workbook {
    fn name(&self) -> &str {
        "workbook"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> MdBookResult<Book> {
        let pages = pages(&book)?;
        book::check_summary(&context.root)?;
        let rendered: Vec<String> = if context.renderer == "test" {
            check(&context.root, &pages, &Runner::new(&context.root)?)?;
            pages.iter().map(Page::without_snippets).collect()
        } else {
            let (mut rendered, mut problems) = (vec![], vec![]);
            for page in &pages {
                match page.render(&context.root) {
                    Ok(text) => {
                        rendered.push(self.aside.as_ref().map_or_else(|| text.clone(), |aside| aside.take(&text)))
                    }
                    Err(found) => problems.extend(found),
                }
            }
            Problems::none_or(problems)?;
            rendered
        };
        let mut rendered = rendered.into_iter();
        book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item
                && chapter.source_path.is_some()
            {
                chapter.content = rendered.next().unwrap_or_default();
            }
        });
        Ok(book)
    }
}

/// The chapters of a loaded book, in the order of its summary.
fn pages(book: &Book) -> Result<Vec<Page>> {
    let chapters = book.iter().filter_map(|item| match item {
        BookItem::Chapter(chapter) => chapter.source_path.as_ref().map(|path| (path, &chapter.content)),
        _ => None,
    });
    chapters.map(|(path, text)| Ok(Page::parse(&path.to_string_lossy(), text)?)).collect()
}
