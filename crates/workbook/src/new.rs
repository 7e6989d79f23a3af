//! A new chapter from a template that passes every test at once, to be changed from there.

use crate::book;
use crate::files::write_whole;
use crate::snippets::Runner;
use crate::{bless, page};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};

/// The template, file by file: where it goes, and what is in it. NAME and TITLE stand for the page's.
const TEMPLATE: [(&str, &str); 7] = [
    ("src/NUMBER-NAME.md", include_str!("../template/page.md")),
    ("crates/exercises/NAME-compute/exercise.toml", include_str!("../template/compute/exercise.toml")),
    ("crates/exercises/NAME-compute/starter.rs", include_str!("../template/compute/starter.rs")),
    ("crates/exercises/NAME-compute/solution.rs", include_str!("../template/compute/solution.rs")),
    ("crates/exercises/NAME-compute/misconceptions.rs", include_str!("../template/compute/misconceptions.rs")),
    ("crates/exercises/NAME-predict/exercise.toml", include_str!("../template/predict/exercise.toml")),
    ("crates/exercises/NAME-predict/starter.rs", include_str!("../template/predict/starter.rs")),
];

/// Makes a page and its two exercises, with a line for it in the summary and a row in the map of sources, and blesses it. Gives the
/// files that are new or changed.
///
/// # Errors
///
/// If the name is none, or taken; then nothing is written.
pub fn new(root: &Path, name: &str) -> Result<Vec<String>> {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    ensure!(
        name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_letter),
        "found the name {name}, expected small letters, digits and hyphens, such as warm-restarts"
    );
    let pages = book::pages(root, &[])?;
    let numbered = |page: &page::Page| page.name.get(..2)?.parse::<u32>().ok();
    let last = pages.iter().rfind(|page| numbered(page).is_some()).context("the book has no chapter yet")?;
    let number = numbered(last).unwrap_or_default() + 1;
    let taken = pages.iter().find(|page| page.name.get(3..) == Some(&format!("{name}.md")));
    if let Some(page) = taken {
        anyhow::bail!("{} is there already", page.file());
    }
    let title = title(name);
    let filled =
        |text: &str| text.replace("NUMBER", &format!("{number:02}")).replace("NAME", name).replace("TITLE", &title);
    let mut files: Vec<(PathBuf, String)> = vec![];
    for (place, text) in TEMPLATE {
        let path = root.join(filled(place));
        ensure!(!path.exists(), "{} is there already", filled(place));
        files.push((path, filled(text)));
    }
    // Both lists are in the order of the chapters: the new one comes behind the last.
    let file = filled("NUMBER-NAME.md");
    let summary = with_line_after(root, "src/SUMMARY.md", &last.name, &format!("- [{title}]({file})"))?;
    let map =
        with_line_after(root, "src/source-map.md", &last.name, &format!("| [{number}. {title}]({file}) |  |  |  |"))?;
    files.extend([summary, map]);
    let mut written = vec![];
    for (path, text) in &files {
        write_whole(path, text.as_bytes())?;
        written.push(path.strip_prefix(root).unwrap_or(path).display().to_string());
    }
    let changed = book::pages(root, &[file, "source-map.md".into()])?;
    written.extend(bless::bless(root, &changed, &Runner::new(root)?)?);
    written.dedup();
    Ok(written)
}

/// `warm-restarts`: Warm restarts.
fn title(name: &str) -> String {
    let words = name.replace('-', " ");
    let first = words.chars().next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(words.chars().skip(1)).collect()
}

/// A file with a line more, behind the one that links to a chapter.
fn with_line_after(root: &Path, file: &str, chapter: &str, line: &str) -> Result<(PathBuf, String)> {
    let path = root.join(file);
    let text = std::fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
    let link = format!("]({chapter})");
    let at = text.find(&link).with_context(|| format!("{file} has no link to {chapter}"))?;
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    Ok((path, format!("{}\n{line}{}", &text[..end], &text[end..])))
}
