//! Every link inside the book leads somewhere.

use crate::rendered;
use anyhow::{Result, ensure};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[test]
fn every_link_inside_the_book_leads_to_a_page_and_a_place_on_it() -> Result<()> {
    let book = rendered::book()?;
    let mut pages = BTreeMap::new();
    for entry in std::fs::read_dir(book)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // The print page has the links of all chapters, which lead from the chapters' own places; the page for what is not
        // found is shown anywhere, so its links start at the site's root.
        if name.ends_with(".html") && !["print.html", "404.html"].contains(&name.as_str()) {
            pages.insert(name, std::fs::read_to_string(path)?);
        }
    }
    let id = Regex::new(r#"\bid="([^"]+)""#)?;
    let places: BTreeMap<&str, BTreeSet<&str>> = pages
        .iter()
        .map(|(name, html)| (name.as_str(), id.captures_iter(html).map(|found| found.extract::<1>().1[0]).collect()))
        .collect();
    let target = Regex::new(r#"\b(?:href|src)="([^"]+)""#)?;
    let mut broken = vec![];
    let mut links = 0;
    for (name, html) in &pages {
        for (_, [target]) in target.captures_iter(html).map(|found| found.extract()) {
            if target.contains("://") || target.starts_with("data:") {
                continue;
            }
            links += 1;
            let (file, place) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { name } else { file };
            let whole = match places.get(file) {
                Some(places) => place.is_empty() || places.contains(place),
                None => Path::new(book).join(file).is_file(),
            };
            if !whole {
                broken.push(format!("{name}: {target}"));
            }
        }
    }
    ensure!(broken.is_empty(), "{} links lead nowhere:\n{}", broken.len(), broken.join("\n"));
    ensure!(links > 500, "found only {links} links; has the markup changed?");
    Ok(())
}
