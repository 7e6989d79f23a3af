//! Chapter 19: seven ways to start, and what thirty layers leave of the gradient.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet};
use crate::plot::{Axis, Plot};
use experiments::initialisation::lines;

/// One line a start; their ends are spread where they would touch.
pub(crate) fn seven_starts() -> Drawing {
    let table = lines();
    let drawn = [
        ("tanh_gain", "tanh, gain 5/3", Ink::Purple, 20.0),
        ("relu_he", "ReLU, He", Ink::Green, 2.0),
        ("tanh_glorot", "tanh, Glorot", Ink::Purple, 0.05),
        ("relu_glorot", "ReLU, Glorot", Ink::Green, 1.0),
        ("tanh_uniform", "tanh, ±1/√n", Ink::Purple, 1.0),
        ("relu_uniform", "ReLU, ±1/√n", Ink::Green, 1.0),
        ("sigmoid_glorot", "sigmoid, Glorot", Ink::Orange, 1.0),
    ];
    let layers = table.numbers("layers");
    let svg = sheet(720, 520, |area| {
        let x = Axis::linear(0.0, 30.0, 5.0, "layers gone back");
        let plot = Plot::new(area, x, Axis::logarithmic(-20, 2, 5, "left of the gradient"), 150.0);
        for (column, label, ink, at) in drawn {
            let left = table.numbers(column);
            plot.line(&layers, &left, ink);
            let at = if at == 1.0 { left[30] } else { at };
            plot.label(label, (30.0, at), Side::Right, ink);
        }
    });
    Drawing { svg, table }
}
