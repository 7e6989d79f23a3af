//! The book as a whole: loaded with our preprocessor in place, built beside the old one, then swapped in.

use crate::lean::Aside;
use crate::page::Page;
use crate::preprocess::Workbook;
use crate::{Problem, Problems, drawings, lean};
use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use pulldown_cmark::{Event, Parser, Tag};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where the browser listens for a rebuilt book.
pub(crate) const LIVE_RELOAD: &str = "__livereload";

/// The folder of the book: this one or the nearest above it with a `book.toml`.
///
/// # Errors
///
/// If there is none.
pub fn root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("can't tell which folder this is")?;
    match here.ancestors().find(|folder| folder.join("book.toml").is_file()) {
        Some(root) => Ok(root.to_owned()),
        None => bail!("found no book.toml in {} or above it; run this inside the book's repository", here.display()),
    }
}

/// Every chapter in `src`, or those whose file name starts with one of the given names (`05`, `05-one-step.md`).
///
/// # Errors
///
/// If there is no such chapter, or one is malformed.
pub fn pages(root: &Path, names: &[String]) -> Result<Vec<Page>> {
    check_summary(root)?;
    let mut files = chapters(root)?;
    let bare = |name: &str| name.trim_start_matches("src/").to_owned();
    if let Some(unknown) = names.iter().find(|name| !files.iter().any(|file| file.starts_with(&bare(name)))) {
        bail!("there is no chapter {unknown}; there are {}", files.into_iter().collect::<Vec<_>>().join(", "));
    }
    files.retain(|file| names.is_empty() || names.iter().any(|name| file.starts_with(&bare(name))));
    let (mut pages, mut problems) = (vec![], vec![]);
    for file in files {
        let path = root.join("src").join(&file);
        let text = std::fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
        match Page::parse(&file, &text) {
            Ok(page) => pages.push(page),
            Err(problem) => problems.push(problem),
        }
    }
    Problems::none_or(problems)?;
    Ok(pages)
}

/// The Markdown files of `src`, without the summary.
fn chapters(root: &Path) -> Result<BTreeSet<String>> {
    let folder = root.join("src");
    let mut files = BTreeSet::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("can't read {}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".md") && name != "SUMMARY.md" {
            files.insert(name);
        }
    }
    Ok(files)
}

/// Whether the summary and the folder have the same chapters. mdBook itself would make a missing file, and pass over one
/// that the summary forgot.
///
/// # Errors
///
/// [`Problems`], each with the line of the summary.
pub fn check_summary(root: &Path) -> Result<()> {
    let path = root.join("src/SUMMARY.md");
    let text = std::fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
    let mut files = chapters(root)?;
    let mut problems = vec![];
    let mut linked = BTreeSet::new();
    for (event, range) in Parser::new(&text).into_offset_iter() {
        if let Event::Start(Tag::Link { dest_url, .. }) = event {
            let line = text[..range.start].matches('\n').count() + 1;
            let file = dest_url.to_string();
            if !files.contains(&file) {
                problems.push(Problem::new("src/SUMMARY.md", line, format!("links to {file}, which is not in src")));
            } else if !linked.insert(file.clone()) {
                problems.push(Problem::new("src/SUMMARY.md", line, format!("links to {file} a second time")));
            }
        }
    }
    files.retain(|file| !linked.contains(file));
    let last = text.lines().count();
    for file in files {
        let message = format!("has no entry for src/{file}; expected a line like - [Title]({file})");
        problems.push(Problem::new("src/SUMMARY.md", last, message));
    }
    Ok(Problems::none_or(problems)?)
}

/// The book with our preprocessor in mdBook's own process, and what is put aside while it is built, for [`lean::lean`] to put back.
///
/// # Errors
///
/// If `book.toml` or the summary is wrong.
pub fn load(root: &Path) -> Result<(MDBook, Aside)> {
    check_summary(root)?;
    let mut book = MDBook::load(root)?;
    // It takes the place of the command of the same name in book.toml, which a stock mdbook runs.
    let aside = Aside::default();
    book.with_preprocessor(Workbook { aside: Some(aside.clone()) });
    Ok((book, aside))
}

/// How a book is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// For readers, to be copied anywhere.
    Readers,
    /// For `cargo book serve`: the pages reload themselves.
    Serving,
}

/// Draws what must be drawn and builds the book into `book/`.
///
/// The new book is made beside the old one and swapped in when it is whole; if something is wrong the old one stays.
///
/// # Errors
///
/// [`Problems`] of the chapters, or whatever mdBook has to say.
pub fn build(root: &Path, purpose: For) -> Result<()> {
    drawings::draw_if_changed(root)?;
    render(root, purpose, &root.join("book"))
}

/// [`build`] without the drawing, into a folder of choice.
///
/// # Errors
///
/// As [`build`].
pub fn render(root: &Path, purpose: For, to: &Path) -> Result<()> {
    // On the same disk as the book, or the swap would be a copy; and where a build that was killed leaves no litter to see.
    let beside = root.join("target");
    std::fs::create_dir_all(&beside)?;
    let new = tempfile::Builder::new().prefix("book-").tempdir_in(beside)?;
    let (mut book, aside) = load(root)?;
    book.config.build.build_dir = new.path().join("new");
    if purpose == For::Serving {
        book.config.set("output.html.live-reload-endpoint", LIVE_RELOAD)?;
    }
    book.build()?;
    lean::lean(&new.path().join("new"), &aside)?;
    let old = new.path().join("old");
    if to.exists() {
        std::fs::rename(to, &old).with_context(|| format!("can't move {} aside", to.display()))?;
    }
    std::fs::rename(new.path().join("new"), to).with_context(|| format!("can't put the new book at {}", to.display()))
}
