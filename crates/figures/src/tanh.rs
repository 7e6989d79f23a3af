//! Chapter 17: what tanh leaves of a gradient with weights of three sizes.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet, split};
use crate::plot::{Axis, Plot};
use experiments::tanh::{LARGE, scales};

/// On the left a power of the depth and three exponentials on a logarithmic axis; on the right the same on two of them.
pub(crate) fn three_scales() -> Drawing {
    let table = scales();
    let layers = table.numbers("layers");
    let lines = [
        ("large", format!("tanh, {LARGE}/√n"), Ink::Purple),
        ("critical", "tanh, 1/√n".into(), Ink::Blue),
        ("small", "tanh, ±1/√n".into(), Ink::Green),
        ("sigmoid", "sigmoid, 1/√n".into(), Ink::Orange),
    ];
    let svg = sheet(720, 440, |area| {
        let (left, right) = split(area, 400.0);
        let x = Axis::linear(0.0, 30.0, 10.0, "layers gone back");
        let plot = Plot::new(&left, x, Axis::logarithmic(-20, 8, 5, "left of the gradient"), 132.0);
        for (column, label, ink) in &lines {
            let left = &table.numbers(column)[..=30];
            plot.line(&layers[..=30], left, *ink);
            plot.label(label, (30.0, left[30]), Side::Right, *ink);
        }
        // From layer 1 on and down to a thousandth, where the axes begin.
        let x = Axis::logarithmic(0, 2, 1, "layers gone back");
        let plot = Plot::new(&right, x, Axis::logarithmic(-3, 0, 1, "the same, on two logarithmic axes"), 30.0);
        for (column, _, ink) in &lines[1..] {
            let shown = |(layers, left): &(&f64, &f64)| **layers >= 1.0 && **left >= 1e-3;
            let left = table.numbers(column);
            let (xs, ys): (Vec<f64>, Vec<f64>) = layers.iter().zip(&left).filter(shown).unzip();
            plot.line(&xs, &ys, *ink);
        }
        plot.dashes(&layers[1..], &table.numbers("theory")[1..], Ink::Text);
        plot.label("like 1/√layers", (20.0, 0.32), Side::Above, Ink::Blue);
    });
    Drawing { svg, table }
}
