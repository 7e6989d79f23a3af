//! Chapter 14: one gradient, measured at the neurons and at the weights.

use crate::Drawing;
use crate::canvas::{Area, Ink, Side, sheet, split};
use crate::plot::{Axis, Plot};
use experiments::{Table, where_it_hides};

/// `‖δˡ‖` on the left and `‖∂L/∂wˡ‖` on the right, by layer, as shares of the last layer's.
pub(crate) fn two_measures() -> Drawing {
    let table = where_it_hides::four_networks();
    let svg = sheet(720, 400, |area| {
        let (left, right) = split(area, 360.0);
        let delta = panel(&left, "∂L/∂z, share of layer 10", &table, "delta");
        delta.label("tanh, Glorot", (4.0, 1.6), Side::Above, Ink::Blue);
        delta.label("tanh, uniform", (1.0, 0.095), Side::Right, Ink::Orange);
        delta.label("sigmoid", (5.4, 3e-4), Side::Right, Ink::Purple);
        let weights = panel(&right, "∂L/∂w, share of layer 10", &table, "weights");
        weights.label("tanh, both starts", (4.0, 1.6), Side::Above, Ink::Text);
        weights.label("sigmoid", (5.4, 3e-4), Side::Right, Ink::Purple);
    });
    Drawing { svg, table }
}

fn panel<'a, 'b>(area: &'a Area<'b>, name: &'static str, table: &Table, measure: &str) -> Plot<'a, 'b> {
    let plot = Plot::new(area, Axis::linear(1.0, 10.0, 3.0, "layer"), Axis::logarithmic(-6, 1, 1, name), 24.0);
    for (kind, ink) in [("sigmoid", Ink::Purple), ("tanh", Ink::Orange), ("tanh_glorot", Ink::Blue)] {
        plot.line(&table.numbers("layer"), &table.numbers(&format!("{kind}_{measure}")), ink);
    }
    plot
}
