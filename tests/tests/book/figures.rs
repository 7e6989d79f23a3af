//! The figures in the repository are what the code draws.

use crate::rendered::root;
use anyhow::{Context, Result, ensure};
use rayon::prelude::*;
use std::collections::BTreeSet;

#[test]
fn every_figure_is_what_its_code_draws() -> Result<()> {
    let folder = root().join("src/figures");
    // Those in the repository were drawn by as many threads as the machine had cores; the number must not matter.
    let threads = rayon::ThreadPoolBuilder::new().num_threads(3).build()?;
    // This one is three hundred trainings, two thirds of all the work. Where the book is not guarded its hash alone must do: see below.
    let drawn_again = |figure: &&figures::Figure| std::env::var_os("CI").is_some() || figure.name != "remedies";
    let drawn: Vec<_> = threads.install(|| {
        figures::FIGURES.par_iter().filter(drawn_again).map(|figure| (figure.name, (figure.draw)())).collect()
    });
    for (name, drawing) in drawn {
        for (extension, expected) in [("svg", drawing.svg), ("csv", drawing.table.to_csv())] {
            let file = folder.join(format!("{name}.{extension}"));
            let found = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let line = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
            ensure!(
                found == expected,
                "src/figures/{name}.{extension}:{}: not what the code draws now; if it is meant: cargo book figures",
                line.map_or(found.lines().count(), |line| line + 1)
            );
        }
    }
    Ok(())
}

#[test]
fn every_figure_is_shown_on_a_page_and_none_is_left_over() -> Result<()> {
    let pages = workbook::book::pages(&root(), &[])?;
    let shown: BTreeSet<_> = pages.iter().flat_map(|page| &page.figures).map(|figure| figure.name.clone()).collect();
    let drawn: BTreeSet<_> = figures::FIGURES.iter().map(|figure| figure.name.to_owned()).collect();
    assert_eq!(shown, drawn);
    let expected: BTreeSet<_> =
        drawn.iter().flat_map(|name| ["svg", "csv"].map(|extension| format!("{name}.{extension}"))).collect();
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("src/figures"))? {
        found.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    assert_eq!(found, expected);
    Ok(())
}

/// Drawings and data are put aside while mdBook works; they must be back on their pages, and no mark left.
#[test]
fn every_figure_is_on_its_rendered_page_with_its_data() -> Result<()> {
    let book = crate::rendered::book()?;
    for page in workbook::book::pages(&root(), &[])? {
        let file = book.join(&page.name).with_extension("html");
        let html = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        ensure!(!html.contains("<!--aside "), "{}: a mark is left: <!--aside …-->", page.file());
        for figure in &page.figures {
            let start = html.find(&format!("id=\"figure-{}\"", figure.name));
            let start = start.with_context(|| format!("{}: no figure {} in its HTML", page.file(), figure.name))?;
            let whole = html[start..].split_once("</figure>").map_or("", |(whole, _)| whole);
            for part in ["<svg ", "</svg>", "<table>", "</table>"] {
                ensure!(whole.contains(part), "{}: figure {} has no {part} in its HTML", page.file(), figure.name);
            }
        }
    }
    Ok(())
}

/// The hash is over the code that draws and over what it drew. Were it of another state, a fresh clone would draw all figures before it
/// shows the first page.
#[test]
fn the_figures_were_drawn_after_the_last_change_of_their_code() -> Result<()> {
    let current = workbook::drawings::are_current(&root())?;
    ensure!(current, "tests/ledgers/figures.txt is of an earlier state of the crates; expected: cargo book figures");
    Ok(())
}
