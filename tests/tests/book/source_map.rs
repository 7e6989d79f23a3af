//! The appendix that leads from a page to its source files: each page has its row, each file is named, and none that is not there.

use crate::rendered::root;
use anyhow::Result;
use regex::Regex;
use std::collections::BTreeSet;
use std::path::Path;
use workbook::book;

const FOLDERS: [&str; 4] =
    ["crates/vanishing/src", "crates/experiments/src", "crates/figures/src", "tests/tests/published"];

/// The `.rs` files below a folder, by their path in it.
pub(crate) fn sources(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            sources(&entry.path(), &format!("{name}/"), found)?;
        } else if name.ends_with(".rs") {
            found.insert(name);
        }
    }
    Ok(())
}

#[test]
fn every_file_of_the_crates_is_named_and_every_named_file_exists() -> Result<()> {
    let map = std::fs::read_to_string(root().join("src/source-map.md"))?;
    let named: BTreeSet<String> =
        Regex::new(r"`([\w/]+\.rs)`")?.captures_iter(&map).map(|found| found[1].to_owned()).collect();
    let mut all = BTreeSet::new();
    for folder in FOLDERS {
        sources(&root().join(folder), "", &mut all)?;
    }
    for name in &named {
        assert!(all.contains(name), "src/source-map.md names {name}, which is in none of {FOLDERS:?}");
    }
    // What the network and the experiments are made of; the drawings and the tests are named where a page has them.
    for folder in &FOLDERS[..2] {
        let mut files = BTreeSet::new();
        sources(&root().join(folder), "", &mut files)?;
        for file in files.iter().filter(|file| *file != "lib.rs") {
            assert!(named.contains(file), "src/source-map.md does not name {folder}/{file}");
        }
    }
    Ok(())
}

#[test]
fn every_chapter_has_a_row_with_what_it_quotes_and_what_it_tests() -> Result<()> {
    let map = std::fs::read_to_string(root().join("src/source-map.md"))?;
    for page in book::pages(&root(), &[])?.iter().filter(|page| page.name.starts_with(|c: char| c.is_ascii_digit())) {
        let link = format!("]({})", page.name);
        let row = map.lines().find(|line| line.starts_with("| [") && line.contains(&link));
        let row = row.unwrap_or_else(|| panic!("src/source-map.md has no row for {}", page.name));
        for quote in &page.quotes {
            let file = quote.file.rsplit("/src/").next().unwrap_or(&quote.file);
            assert!(row.contains(&format!("`{file}`")), "the row of {} lacks {file}, which it quotes", page.name);
        }
    }
    // A published result that no page leads to might as well not be tested.
    let mut published = BTreeSet::new();
    sources(&root().join(FOLDERS[3]), "", &mut published)?;
    let rows: String = map.lines().filter(|line| line.starts_with("| [")).collect();
    for file in published.iter().filter(|file| *file != "main.rs") {
        assert!(rows.contains(&format!("`{file}`")), "no row of src/source-map.md has tests/tests/published/{file}");
    }
    Ok(())
}
