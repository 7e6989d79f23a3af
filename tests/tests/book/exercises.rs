//! The exercises as a whole. That each starter fails and each solution passes is proven with its page, by `snippets::mdbook_test_is_green`.

use crate::rendered::root;
use anyhow::{Result, ensure};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use workbook::book;
use workbook::exercises::{Exercise, FOLDER, Kind};
use workbook::programs::Compiler;

#[test]
fn each_stands_on_one_page_and_each_chapter_has_two() -> Result<()> {
    let exercises = Exercise::all(&root())?;
    let mut places = BTreeMap::<String, Vec<String>>::new();
    for page in book::pages(&root(), &[])? {
        let is_chapter = page.name.starts_with(|c: char| c.is_ascii_digit());
        let here = page.exercises.len();
        ensure!(!is_chapter || here >= 2, "{} has {here} exercises that check themselves, expected two", page.file());
        for exercise in &page.exercises {
            places.entry(exercise.name.clone()).or_default().push(page.name.clone());
        }
    }
    for name in exercises.keys() {
        let pages = places.get(name).map_or(0, Vec::len);
        ensure!(pages == 1, "{FOLDER}/{name} stands on {pages} pages, expected one");
    }
    for kind in [Kind::Compute, Kind::Predict, Kind::Implement, Kind::Break] {
        let count = exercises.values().filter(|exercise| exercise.about.kind == kind).count();
        ensure!(count >= 10, "only {count} exercises are of the kind {}", kind.words());
    }
    ensure!(exercises.len() >= 60, "only {}", exercises.len());
    Ok(())
}

/// What a reader is given compiles without a word from clippy, and fits the column. A hint has no program: it would be a solution.
#[test]
fn their_programs_are_as_clean_as_the_crates() -> Result<()> {
    let folder = tempfile::tempdir()?;
    // As in the chapters' snippets, ln and powf are the system's: what they print has fewer digits than systems differ in.
    let mut all = String::from("#![allow(dead_code, clippy::disallowed_methods)]\n");
    for (name, exercise) in Exercise::all(&root())? {
        let answers = [("starter", Some(&exercise.starter)), ("solution", exercise.solution.as_ref())];
        for (which, program) in answers {
            let Some(program) = program else { continue };
            fits(&name, which, program, 40, 84)?;
            let place = folder.path().join(format!("{name}-{which}"));
            std::fs::create_dir(&place)?;
            let main = match &exercise.check {
                Some(check) => {
                    std::fs::write(place.join("answer.rs"), program)?;
                    fits(&name, "check", check, 80, 100)?;
                    check
                }
                None => program,
            };
            add(&mut all, &place, main)?;
        }
        if let Ok(program) = std::fs::read_to_string(Exercise::file(&root(), &name, "misconceptions.rs")) {
            let place = folder.path().join(format!("{name}-misconceptions"));
            std::fs::create_dir(&place)?;
            add(&mut all, &place, &program)?;
        }
        for hint in &exercise.about.hints {
            ensure!(!hint.contains("```"), "{FOLDER}/{name}: a hint has a program");
        }
    }
    let file = folder.path().join("all.rs");
    std::fs::write(&file, all)?;
    match Compiler::new()?.clippy(&file)? {
        Some(said) => ensure!(said.is_empty(), "{said}"),
        None => {
            ensure!(std::env::var_os("CI").is_none(), "no clippy found");
            eprintln!("The exercises were not shown to clippy: this toolchain has none.");
        }
    }
    Ok(())
}

/// Adds a program to a crate, as a module of its own.
fn add(all: &mut String, place: &Path, program: &str) -> Result<()> {
    std::fs::write(place.join("main.rs"), program)?;
    let name = place.file_name().unwrap_or_default().to_string_lossy().replace('-', "_");
    writeln!(all, "#[path = \"{}/main.rs\"]\nmod {name};", place.display())?;
    Ok(())
}

fn fits(name: &str, which: &str, program: &str, lines: usize, columns: usize) -> Result<()> {
    let (height, width) =
        (program.lines().count(), program.lines().map(|line| line.chars().count()).max().unwrap_or(0));
    let place = format!("{FOLDER}/{name}/{which}.rs");
    ensure!(height <= lines, "{place}: {height} lines, expected at most {lines}");
    ensure!(width <= columns, "{place}: {width} characters in a line, expected at most {columns}");
    Ok(())
}
