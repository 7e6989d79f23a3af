//! The figures under `src/figures`: drawn by the crate `figures`, kept in the repository so that chapters read on a code host.

use crate::check::progress;
use crate::files::write_whole;
use crate::snippets::hex;
use anyhow::{Context, Result, bail};
use figures::{FIGURES, Figure};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Draws the figures of the given names, all of them if there are none. Gives the files that changed.
///
/// # Errors
///
/// If there is no figure of a name, or a file can't be written.
pub fn draw(root: &Path, names: &[String]) -> Result<Vec<String>> {
    if let Some(unknown) = names.iter().find(|name| FIGURES.iter().all(|figure| figure.name != name.as_str())) {
        let known: Vec<_> = FIGURES.iter().map(|figure| figure.name).collect();
        bail!("there is no figure {unknown}; there are {}", known.join(", "));
    }
    let wanted: Vec<&Figure> =
        FIGURES.iter().filter(|figure| names.is_empty() || names.iter().any(|name| name == figure.name)).collect();
    let bar = progress("figures", wanted.len());
    let changed: Vec<Vec<String>> = wanted
        .par_iter()
        .map(|figure| {
            let drawing = (figure.draw)();
            bar.inc(1);
            let mut changed = vec![];
            for (extension, content) in [("svg", &drawing.svg), ("csv", &drawing.table.to_csv())] {
                let file = format!("src/figures/{}.{extension}", figure.name);
                if write_whole(&root.join(&file), content.as_bytes())? {
                    changed.push(file);
                }
            }
            Ok(changed)
        })
        .collect::<Result<_>>()?;
    bar.finish_and_clear();
    if names.is_empty() {
        write_whole(&stamp(root), format!("{}\n", fingerprint(root)?).as_bytes())?;
    }
    Ok(changed.concat())
}

/// Draws all figures, unless nothing changed since they were drawn. Gives the files that changed.
///
/// # Errors
///
/// If a file can't be read or written.
pub fn draw_if_changed(root: &Path) -> Result<Vec<String>> {
    if are_current(root)? { Ok(vec![]) } else { draw(root, &[]) }
}

/// Whether nothing that can change a figure changed since all of them were drawn.
///
/// # Errors
///
/// If a file can't be read.
pub fn are_current(root: &Path) -> Result<bool> {
    let drawn_from = std::fs::read_to_string(stamp(root)).unwrap_or_default();
    Ok(fingerprint(root)? == drawn_from.trim())
}

/// Where the fingerprint of the last drawing lies. It is in the repository, as the figures are, so that a fresh clone has
/// nothing to draw.
fn stamp(root: &Path) -> PathBuf {
    root.join("tests/ledgers/figures.txt")
}

/// A hash of the code that draws, its dependencies' versions, and what it drew.
fn fingerprint(root: &Path) -> Result<String> {
    let mut files = vec![root.join("Cargo.lock")];
    for folder in ["crates/vanishing/src", "crates/experiments", "crates/figures/src", "src/figures"] {
        list(&root.join(folder), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        let content = std::fs::read(&file).with_context(|| format!("can't read {}", file.display()))?;
        hash.update(file.strip_prefix(root)?.to_string_lossy().as_bytes());
        hash.update(content.len().to_le_bytes());
        hash.update(content);
    }
    Ok(hex(&hash.finalize()))
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("can't read {}", folder.display())),
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() { list(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
