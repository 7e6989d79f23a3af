//! Chapter 28: every remedy at every depth.

use crate::Drawing;
use crate::canvas::{Area, Ink, Point, Side, rectangle, sheet, text};
use crate::plot::TEXT;
use experiments::remedies::{self, DEEPEST, DEPTHS, REMEDIES};
use experiments::{Cell, Table};

/// Where the cells begin, and their size.
const LEFT: f64 = 212.0;
const TOP: f64 = 64.0;
const CELL: (f64, f64) = (70.0, 28.0);
/// Between remedies for different activations.
const GAP: f64 = 9.0;

/// A cell for each remedy and depth, the bluer the more test images are right.
pub(crate) fn grid() -> Drawing {
    let table = remedies::table();
    let svg = sheet(720, 550, |area| {
        text(area, "right on the test, in %", (LEFT - 2.0, 16.0), Side::Left, TEXT, Ink::Text);
        text(area, "hidden layers", (LEFT + 3.5 * CELL.0, 16.0), Side::Centre, TEXT, Ink::Text);
        let depths: Vec<_> = DEPTHS.into_iter().chain([DEEPEST]).collect();
        for (column, depth) in (0..).zip(&depths) {
            let x = LEFT + (f64::from(column) + 0.5) * CELL.0;
            text(area, &depth.to_string(), (x, 46.0), Side::Centre, TEXT, Ink::Muted);
        }
        let mut y = TOP;
        for (k, remedy) in REMEDIES.iter().enumerate() {
            let first_word = |name: &str| name.split(' ').next().map(str::to_owned);
            if k > 0 && first_word(REMEDIES[k - 1].name) != first_word(remedy.name) {
                y += GAP;
            }
            text(area, remedy.name, (LEFT - 2.0, y + CELL.1 / 2.0), Side::Left, TEXT, Ink::Text);
            for (column, &depth) in (0..).zip(&depths) {
                if let Some((percent, diverged)) = result(&table, remedy.name, depth) {
                    cell(area, (LEFT + f64::from(column) * CELL.0, y), percent, diverged);
                }
            }
            y += CELL.1;
        }
    });
    Drawing { svg, table }
}

/// The mean percentage that is right, and how many trainings diverged; `None` if this depth was not tried.
fn result(table: &Table, remedy: &str, depth: usize) -> Option<(f64, f64)> {
    let column = |name: &str| table.numbers(name);
    let names = table.rows().iter().map(|row| &row[0]);
    let at =
        names.zip(column("hidden")).position(|(name, hidden)| *name == Cell::from(remedy) && hidden == depth as f64);
    at.map(|row| (column("percent_mean")[row], column("diverged")[row]))
}

/// Guessing, one in ten, has no shade.
fn cell(area: &Area, (x, y): Point, percent: f64, diverged: f64) {
    let middle = (x + CELL.0 / 2.0, y + CELL.1 / 2.0);
    let (width, height) = (CELL.0 - 2.0, CELL.1 - 2.0);
    if diverged > 0.0 {
        rectangle(area, (x, y), (x + width, y + height), Ink::Orange, 0.25);
        return text(area, "diverged", middle, Side::Centre, 16.0, Ink::Text);
    }
    let shade = ((percent - 10.0) / 90.0).clamp(0.0, 1.0);
    rectangle(area, (x, y), (x + width, y + height), Ink::Blue, 0.04 + 0.46 * shade);
    // With more of the blue, the digits on it would lose contrast in the dark themes.
    rectangle(area, (x, y), (width, height), Ink::Blue, 0.03 + 0.29 * shade);
    let ink = if percent < 15.0 { Ink::Muted } else { Ink::Text };
    text(area, &format!("{percent:.0}"), middle, Side::Centre, TEXT, ink);
}
