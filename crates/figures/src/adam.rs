//! Chapter 27: the first step of gradient descent and of Adam.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet};
use crate::plot::{Axis, Plot};
use experiments::adam::first_steps;

/// The step over the gradient, both logarithmic.
pub(crate) fn step() -> Drawing {
    let table = first_steps();
    let (gradients, sgd, adam) = (table.numbers("gradient"), table.numbers("sgd"), table.numbers("adam"));
    let svg = sheet(720, 430, |area| {
        let x = Axis::logarithmic(-14, 2, 2, "size of the gradient");
        let plot = Plot::new(area, x, Axis::logarithmic(-16, 0, 4, "the first step, α = 0.01"), 40.0);
        // Where the gradient is ε, and the two gradients of the notes.
        plot.dashes(&[1e-8, 1e-8], &[1e-16, 1.0], Ink::Muted);
        plot.label("gradient = ε", (1e-8, 1e-15), Side::Right, Ink::Muted);
        plot.line(&gradients, &sgd, Ink::Orange);
        plot.line(&gradients, &adam, Ink::Blue);
        for g in [0.004_125, 1.25] {
            plot.dots(&[g, g], &[0.01 * g, 0.01 * g / (g + 1e-8)], Ink::Text);
        }
        plot.label("Adam", (1e-13, 3e-6), Side::Above, Ink::Blue);
        plot.label("gradient descent", (1e-6, 1e-9), Side::Right, Ink::Orange);
        plot.label("the notes’ two gradients", (1e-3, 0.12), Side::Centre, Ink::Text);
    });
    Drawing { svg, table }
}
