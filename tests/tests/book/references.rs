//! The appendix of references says which pages use a source; the pages must name it.

use crate::rendered::root;
use anyhow::{Context, Result};
use regex::Regex;

#[test]
fn a_page_that_a_reference_points_to_names_its_first_author() -> Result<()> {
    let text = std::fs::read_to_string(root().join("src/references.md"))?;
    let link = Regex::new(r"\]\((\d\d-[a-z0-9-]+\.md)\)")?;
    let mut pointed = 0;
    for line in text.lines().filter_map(|line| line.strip_prefix("- **")) {
        let author = line.split([' ', ',']).next().context("an entry begins with an author")?;
        for page in link.captures_iter(line).map(|found| found[1].to_owned()) {
            let chapter = std::fs::read_to_string(root().join("src").join(&page)).with_context(|| page.clone())?;
            assert!(
                chapter.contains(author),
                "src/references.md sends a reader to {page}, which does not name {author}"
            );
            pointed += 1;
        }
    }
    assert!(pointed > 40, "only {pointed}");
    Ok(())
}

#[test]
fn every_paper_whose_result_is_tested_is_in_the_references() -> Result<()> {
    let references = std::fs::read_to_string(root().join("src/references.md"))?;
    let paper = Regex::new(r#"(?:paper: |claim\(\s*|let paper = )"([A-Z][^" ]+)[^"]*?(\d{4})"#)?;
    let mut papers = 0;
    for entry in std::fs::read_dir(root().join("tests/tests/published"))? {
        let path = entry?.path();
        let code = std::fs::read_to_string(&path)?;
        for found in paper.captures_iter(&code) {
            let (author, year) = (found[1].trim_end_matches(','), &found[2]);
            let named =
                references.lines().any(|line| line.starts_with(&format!("- **{author}")) && line.contains(year));
            assert!(named, "{}: {author} {year} is not in src/references.md", path.display());
            papers += 1;
        }
    }
    assert!(papers >= 15, "only {papers}");
    Ok(())
}
