//! Chapters 3 and 4: the notes' network, and one path through it.

use crate::Drawing;
use crate::canvas::{Area, Ink, Point, Side, line, ring, sheet, text};
use crate::plot::TEXT;
use experiments::Table;

const RADIUS: f64 = 30.0;
const INPUTS: [Point; 2] = [(80.0, 100.0), (80.0, 260.0)];
const HIDDEN: [Point; 2] = [(310.0, 100.0), (310.0, 260.0)];
const OUTPUT: Point = (520.0, 180.0);
const LOSS: Point = (660.0, 180.0);

/// The whole network.
pub(crate) fn whole() -> Drawing {
    Drawing { svg: sheet(720, 360, |area| draw(area, false)), table: weights() }
}

/// The same with the path w₁₁ → O₁₁ → O₂₁ → loss picked out.
pub(crate) fn path() -> Drawing {
    Drawing { svg: sheet(720, 360, |area| draw(area, true)), table: weights() }
}

/// What leads where.
fn weights() -> Table {
    let mut table = Table::new(["weight", "from", "to"]);
    for (weight, from, to) in [
        ("w⁽¹⁾₁₁", "x₁", "O₁₁"),
        ("w⁽¹⁾₁₂", "x₁", "O₁₂"),
        ("w⁽¹⁾₂₁", "x₂", "O₁₁"),
        ("w⁽¹⁾₂₂", "x₂", "O₁₂"),
        ("w⁽²⁾₁₁", "O₁₁", "O₂₁"),
        ("w⁽²⁾₂₁", "O₁₂", "O₂₁"),
    ] {
        table.push(vec![weight.into(), from.into(), to.into()]);
    }
    table
}

fn draw(area: &Area, picked: bool) {
    // What is not on the path steps back.
    let other = if picked { Ink::Grid } else { Ink::Muted };
    let path = if picked { Ink::Orange } else { Ink::Muted };
    let name = if picked { Ink::Muted } else { Ink::Text };
    let path_name = if picked { Ink::Orange } else { Ink::Text };
    arrow(area, INPUTS[0], HIDDEN[1], other, 2.0);
    arrow(area, INPUTS[1], HIDDEN[0], other, 2.0);
    arrow(area, INPUTS[1], HIDDEN[1], other, 2.0);
    arrow(area, HIDDEN[1], OUTPUT, other, 2.0);
    let width = if picked { 3.5 } else { 1.75 };
    arrow(area, INPUTS[0], HIDDEN[0], path, width);
    arrow(area, HIDDEN[0], OUTPUT, path, width);
    arrow(area, OUTPUT, LOSS, path, width);
    text(area, "w⁽¹⁾₁₁", (195.0, 96.0), Side::Above, TEXT, path_name);
    text(area, "w⁽¹⁾₁₂", (146.0, 128.0), Side::Right, TEXT, name);
    text(area, "w⁽¹⁾₂₁", (146.0, 232.0), Side::Right, TEXT, name);
    text(area, "w⁽¹⁾₂₂", (195.0, 264.0), Side::Below, TEXT, name);
    text(area, "w⁽²⁾₁₁", (424.0, 126.0), Side::Above, TEXT, path_name);
    text(area, "w⁽²⁾₂₁", (424.0, 234.0), Side::Below, TEXT, name);
    for (at, label) in INPUTS.into_iter().zip(["x₁", "x₂"]) {
        node(area, at, label, false, picked && label == "x₁");
    }
    for (at, label) in HIDDEN.into_iter().zip(["O₁₁", "O₁₂"]) {
        node(area, at, label, true, picked && label == "O₁₁");
    }
    node(area, OUTPUT, "O₂₁", true, picked);
    node(area, LOSS, "L", false, picked);
    text(area, "b₁₁", (310.0, 62.0), Side::Above, TEXT, name);
    text(area, "b₁₂", (310.0, 298.0), Side::Below, TEXT, name);
    text(area, "b₂₁", (520.0, 142.0), Side::Above, TEXT, name);
    text(area, "inputs", (80.0, 340.0), Side::Centre, TEXT, Ink::Muted);
    text(area, "layer 1", (310.0, 340.0), Side::Centre, TEXT, Ink::Muted);
    text(area, "layer 2: ŷ = O₂₁", (520.0, 340.0), Side::Centre, TEXT, Ink::Muted);
    text(area, "loss", (660.0, 340.0), Side::Centre, TEXT, Ink::Muted);
}

fn node(area: &Area, at: Point, label: &str, neuron: bool, picked: bool) {
    let edge = if picked { Ink::Orange } else { Ink::Text };
    // A value that is given, not computed, has no ring.
    if neuron {
        ring(area, at, RADIUS, edge, if picked { 3.5 } else { 1.75 });
    }
    text(area, label, at, Side::Centre, TEXT + 4.0, edge);
}

/// From the edge of one node to the edge of the next.
fn arrow(area: &Area, from: Point, to: Point, ink: Ink, width: f64) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    let (ux, uy) = (dx / length, dy / length);
    let along = |at: Point, by: f64| (at.0 + ux * by, at.1 + uy * by);
    let gap = RADIUS + 4.0;
    let (start, tip, back) = (along(from, gap), along(to, -gap), along(to, -gap - 10.0));
    line(area, &[start, tip], ink, width);
    let barb = |by: f64| (back.0 - uy * by, back.1 + ux * by);
    line(area, &[barb(5.0), tip, barb(-5.0)], ink, width);
}
