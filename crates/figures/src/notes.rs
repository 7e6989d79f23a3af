//! Chapter 6: the gradient on its way through the notes' five layers.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet};
use crate::plot::{Axis, Plot};
use experiments::notes;

/// What is left of 25 after each layer, on a logarithmic axis.
pub(crate) fn gradient_by_depth() -> Drawing {
    let table = notes::gradient_by_depth();
    let svg = sheet(720, 420, |area| {
        let x = Axis::linear(0.0, 5.0, 1.0, "factors multiplied, from the loss back to w₁₁");
        let plot = Plot::new(area, x, Axis::logarithmic(-3, 2, 1, "gradient"), 180.0);
        let layers = table.numbers("layers");
        let (notes, at_most, healthy) = (table.numbers("notes"), table.numbers("at_most"), table.numbers("healthy"));
        plot.dashes(&layers, &healthy, Ink::Green);
        plot.dashes(&layers, &at_most, Ink::Blue);
        plot.line(&layers, &notes, Ink::Orange);
        plot.dots(&layers, &notes, Ink::Orange);
        for (layer, left) in (1..5).zip(&notes[1..]) {
            plot.label(&left.to_string(), (f64::from(layer) - 0.03, left * 0.62), Side::Left, Ink::Orange);
        }
        plot.label("factors of 1: 25", (5.0, healthy[5]), Side::Right, Ink::Green);
        plot.label("all factors ¼", (5.0, at_most[5]), Side::Right, Ink::Blue);
        plot.label("the notes: 0.004125", (5.05, notes[5]), Side::Right, Ink::Orange);
    });
    Drawing { svg, table }
}
