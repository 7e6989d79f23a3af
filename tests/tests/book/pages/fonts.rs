//! The fonts hold what the book uses and little else: every character of every page must be in one of them.

use crate::browser::Tab;
use crate::rendered::root;
use anyhow::{Context, Result};
use serde_json::json;
use std::collections::BTreeMap;

const CHARACTERS: &str = include_str!("characters.js");

/// What cuts the fonts anew.
const CUT: &str = "python3 crates/workbook/theme/fonts/cut.py";

/// The characters in each style, such as `italic 400 20px "STIX Two Text", serif`, each with the first page that has it.
#[derive(Default)]
pub struct Characters(BTreeMap<String, BTreeMap<char, String>>);

impl Characters {
    /// Adds those of the page that is open.
    pub fn add(&mut self, tab: &mut Tab, page: &str) -> Result<()> {
        let found = tab.evaluate(&format!("{CHARACTERS};\ncharacters()"))?;
        let found: Vec<(String, String)> = serde_json::from_value(found).context("no list of characters")?;
        for (style, characters) in found {
            let style = self.0.entry(style).or_default();
            for character in characters.chars() {
                style.entry(character).or_insert_with(|| page.to_owned());
            }
        }
        Ok(())
    }

    /// Leaves them for the script that cuts the fonts.
    pub fn leave(&self) -> Result<()> {
        let styles: BTreeMap<_, String> = self.0.iter().map(|(style, set)| (style, set.keys().collect())).collect();
        let file = root().join("target").join("characters.json");
        std::fs::write(&file, json!(styles).to_string()).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Those that the browser takes from a font of the machine, as faults. Some page of the book must be open.
    pub fn not_in_a_font(&self, tab: &mut Tab) -> Result<Vec<String>> {
        let all: Vec<(&str, char, &str)> = self
            .0
            .iter()
            .flat_map(|(style, set)| set.iter().map(|(character, page)| (style.as_str(), *character, page.as_str())))
            .filter(|(_, character, _)| !is_never_drawn(*character))
            .collect();
        let texts: Vec<_> = all.iter().map(|(style, character, _)| (style, character)).collect();
        tab.evaluate(&format!(
            "document.body.replaceChildren(...{}.map(([font, textContent]) => {{
                const span = Object.assign(document.createElement('p'), {{ textContent, className: 'sample' }});
                span.style.font = font;
                return span;
            }}));
            document.fonts.ready.then(() => null)",
            json!(texts)
        ))?;
        let fonts = tab.fonts_of(".sample")?;
        let strange = all.iter().zip(fonts).filter(|(_, fonts)| fonts.iter().any(|(_, ours)| !ours));
        Ok(strange
            .map(|((style, character, page), fonts)| {
                let (code, name) = (u32::from(*character), &fonts[0].0);
                format!(
                    "{page}: font: {character} (U+{code:04X}) in {style} is in none of the book's fonts, the browser took {name}; cut them anew: {CUT}"
                )
            })
            .collect())
    }
}

/// Marks that join, part or name without a glyph.
fn is_never_drawn(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}
