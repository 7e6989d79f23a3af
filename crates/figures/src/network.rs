//! Chapters 3 and 4: the notes' network, and one path through it.

use crate::Drawing;
use crate::canvas::{Area, Ink, Side, line, sheet, text};
use crate::plot::TEXT;
use experiments::Table;
use plotters::prelude::*;

const RADIUS: i32 = 30;
const INPUTS: [(i32, i32); 2] = [(80, 100), (80, 260)];
const HIDDEN: [(i32, i32); 2] = [(310, 100), (310, 260)];
const OUTPUT: (i32, i32) = (520, 180);
const LOSS: (i32, i32) = (660, 180);

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
    let name = if picked { Ink::Muted } else { Ink::Ink };
    let path_name = if picked { Ink::Orange } else { Ink::Ink };
    arrow(area, INPUTS[0], HIDDEN[1], other, 2);
    arrow(area, INPUTS[1], HIDDEN[0], other, 2);
    arrow(area, INPUTS[1], HIDDEN[1], other, 2);
    arrow(area, HIDDEN[1], OUTPUT, other, 2);
    let width = if picked { 4 } else { 2 };
    arrow(area, INPUTS[0], HIDDEN[0], path, width);
    arrow(area, HIDDEN[0], OUTPUT, path, width);
    arrow(area, OUTPUT, LOSS, path, width);
    text(area, "w⁽¹⁾₁₁", (195, 96), Side::Above, TEXT, path_name);
    text(area, "w⁽¹⁾₁₂", (146, 128), Side::Right, TEXT, name);
    text(area, "w⁽¹⁾₂₁", (146, 232), Side::Right, TEXT, name);
    text(area, "w⁽¹⁾₂₂", (195, 264), Side::Below, TEXT, name);
    text(area, "w⁽²⁾₁₁", (424, 126), Side::Above, TEXT, path_name);
    text(area, "w⁽²⁾₂₁", (424, 234), Side::Below, TEXT, name);
    for (at, label) in INPUTS.into_iter().zip(["x₁", "x₂"]) {
        node(area, at, label, false, picked && label == "x₁");
    }
    for (at, label) in HIDDEN.into_iter().zip(["O₁₁", "O₁₂"]) {
        node(area, at, label, true, picked && label == "O₁₁");
    }
    node(area, OUTPUT, "O₂₁", true, picked);
    node(area, LOSS, "L", false, picked);
    text(area, "b₁₁", (310, 62), Side::Above, TEXT, name);
    text(area, "b₁₂", (310, 298), Side::Below, TEXT, name);
    text(area, "b₂₁", (520, 142), Side::Above, TEXT, name);
    text(area, "inputs", (80, 340), Side::Centre, TEXT, Ink::Muted);
    text(area, "layer 1", (310, 340), Side::Centre, TEXT, Ink::Muted);
    text(area, "layer 2: ŷ = O₂₁", (520, 340), Side::Centre, TEXT, Ink::Muted);
    text(area, "loss", (660, 340), Side::Centre, TEXT, Ink::Muted);
}

fn node(area: &Area, at: (i32, i32), label: &str, neuron: bool, picked: bool) {
    let edge = if picked { Ink::Orange } else { Ink::Ink };
    let draw = |style: ShapeStyle| {
        area.draw(&Circle::new(at, RADIUS, style)).expect("drawing into a string can't fail");
    };
    // A value that is given, not computed, has no ring.
    if neuron {
        draw(Ink::Paper.colour().filled());
        draw(edge.colour().stroke_width(if picked { 4 } else { 2 }));
    }
    text(area, label, at, Side::Centre, TEXT + 4.0, edge);
}

/// From the edge of one node to the edge of the next.
fn arrow(area: &Area, from: (i32, i32), to: (i32, i32), ink: Ink, width: u32) {
    let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
    let length = dx.hypot(dy);
    let (ux, uy) = (dx / length, dy / length);
    let along = |at: (i32, i32), by: f64| {
        ((f64::from(at.0) + ux * by).round() as i32, (f64::from(at.1) + uy * by).round() as i32)
    };
    let gap = f64::from(RADIUS) + 4.0;
    let (start, tip) = (along(from, gap), along(to, -gap));
    let back = along(to, -gap - 10.0);
    line(area, vec![start, tip], ink, width);
    let side = |by: f64| ((f64::from(back.0) - uy * by).round() as i32, (f64::from(back.1) + ux * by).round() as i32);
    line(area, vec![side(5.0), tip, side(-5.0)], ink, width);
}
