//! The tolerances of the tests themselves.

use crate::rendered::root;
use crate::source_map::sources;
use anyhow::Result;
use std::collections::BTreeSet;

/// Unless it is told otherwise, `approx` also takes numbers for equal that are less than 2.2e-16 apart, and every vanished gradient
/// for every other.
#[test]
fn a_relative_tolerance_has_no_absolute_one_beside_it_that_nobody_wrote() -> Result<()> {
    let mut files = BTreeSet::new();
    for folder in ["benches", "crates", "tests"] {
        sources(&root().join(folder), &format!("{folder}/"), &mut files)?;
    }
    let mut relative = 0;
    for file in files {
        let text = std::fs::read_to_string(root().join(&file))?;
        for (at, _) in text.match_indices("relative_eq!(") {
            let call = text[at..].split(';').next().unwrap_or_default();
            if !call.contains("max_relative =") {
                continue;
            }
            relative += 1;
            let line = text[..at].lines().count();
            assert!(
                call.contains("epsilon ="),
                "{file}:{line}: expected `epsilon = 0.0, max_relative = …`, found {call}"
            );
        }
    }
    assert!(relative > 100, "only {relative} relative tolerances were found");
    Ok(())
}
