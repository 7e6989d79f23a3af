//! The book rendered once for all tests that look at its pages.

use anyhow::{Result, anyhow};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use workbook::book::{For, render};

/// The repository.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests lie in the repository").to_owned()
}

/// The folder of the rendered book.
pub fn book() -> Result<&'static Path> {
    static BOOK: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let rendered = BOOK.get_or_init(|| {
        let to = root().join("target").join("book-of-the-tests");
        render(&root(), For::Readers, &to).map(|()| to).map_err(|error| format!("{error:#}"))
    });
    rendered.as_deref().map_err(|error| anyhow!(error.clone()))
}
