//! Chapter 2: the sigmoid, its slope, and the room for a factor of 1.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet};
use crate::plot::{Axis, Plot};
use experiments::sigmoid;

/// σ and σ′ over z, with the line that σ′ never crosses.
pub(crate) fn curves() -> Drawing {
    let table = sigmoid::curve();
    let svg = sheet(720, 400, |area| {
        let plot = Plot::new(area, Axis::linear(-8.0, 8.0, 2.0, "z"), Axis::linear(0.0, 1.0, 0.25, ""), 70.0);
        let z = table.numbers("z");
        plot.dashes(&[-8.0, 8.0], &[0.25, 0.25], Ink::Muted);
        plot.line(&z, &table.numbers("sigma"), Ink::Blue);
        plot.line(&z, &table.numbers("slope"), Ink::Orange);
        plot.dots(&[0.0], &[0.25], Ink::Orange);
        plot.label("σ(z)", (8.0, 1.0), Side::Right, Ink::Blue);
        plot.label("σ′(z)", (8.0, 0.0), Side::Right, Ink::Orange);
        plot.label("never above ¼, and ¼ only at z = 0", (-4.6, 0.25), Side::Above, Ink::Text);
    });
    Drawing { svg, table }
}

/// For how wide a range of inputs a factor can reach 1, over the weight.
pub(crate) fn growth_interval() -> Drawing {
    let table = sigmoid::growth_intervals();
    let (w, width) = sigmoid::widest_growth_interval();
    let svg = sheet(720, 360, |area| {
        let (x, y) =
            (Axis::linear(0.0, 20.0, 4.0, "|w|"), Axis::linear(0.0, 0.5, 0.1, "width of the interval of inputs"));
        let plot = Plot::new(area, x, y, 40.0);
        plot.line(&table.numbers("w"), &table.numbers("width"), Ink::Blue);
        plot.dots(&[w], &[width], Ink::Blue);
        plot.label(&format!("widest: {width:.4} at |w| = {w:.3}"), (w + 1.2, width + 0.02), Side::Right, Ink::Text);
        plot.label("below 4: nowhere", (2.0, 0.0), Side::Above, Ink::Text);
    });
    Drawing { svg, table }
}
