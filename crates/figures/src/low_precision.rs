//! Chapter 16: one network in four formats, and the window of loss scales.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet, split};
use crate::plot::{Axis, Plot};
use experiments::low_precision::{Precision, courses, loss_scales};

/// The loss on the left, the share of the weights that a step moves on the right.
pub(crate) fn standstill() -> Drawing {
    let precision = Precision::default();
    let table = courses(&precision).expect("the network can be built");
    let steps = table.numbers("step");
    let last = precision.steps as f64;
    let formats = [("f32", Ink::Green), ("bf16_master", Ink::Purple), ("f16", Ink::Blue), ("bf16", Ink::Orange)];
    let end = |column: &str| table.numbers(column)[steps.len() - 1];
    let svg = sheet(720, 400, |area| {
        let (left, right) = split(area, 360.0);
        let x = || Axis::linear(0.0, last, 5000.0, "step");
        let loss = Plot::new(&left, x(), Axis::logarithmic(-3, 1, 1, "loss"), 24.0);
        let moved = Plot::new(&right, x(), Axis::linear(0.0, 1.0, 0.25, "share of weights that move"), 24.0);
        for (format, ink) in formats {
            loss.line(&steps, &table.numbers(&format!("loss_{format}")), ink);
            moved.line(&steps, &table.numbers(&format!("moved_{format}")), ink);
        }
        loss.label("bf16", (8000.0, end("loss_bf16")), Side::Above, Ink::Orange);
        loss.label("f16", (8000.0, end("loss_f16")), Side::Above, Ink::Blue);
        loss.label("f32, and bf16", (4300.0, 5.5e-3), Side::Left, Ink::Green);
        loss.label("with master", (4300.0, 2.9e-3), Side::Left, Ink::Purple);
        moved.label("f32, and with master", (5000.0, 0.95), Side::Below, Ink::Green);
        moved.label("f16", (2000.0, 0.22), Side::Right, Ink::Blue);
        moved.label("bf16", (2500.0, 0.036), Side::Right, Ink::Orange);
    });
    Drawing { svg, table }
}

/// The loss after training against the scale of the loss on the way back.
pub(crate) fn loss_scale() -> Drawing {
    let precision = Precision { steps: 400, learning_rate: 0.5, ..Precision::default() };
    let exponents: Vec<_> = (-24..=24).step_by(2).collect();
    let table = loss_scales(&precision, &exponents).expect("the network can be built");
    let svg = sheet(720, 400, |area| {
        let x = Axis::linear(-24.0, 24.0, 8.0, "the loss is multiplied by 2 to the power of");
        let plot = Plot::new(area, x, Axis::linear(0.0, 2.5, 0.5, "loss after training"), 140.0);
        let scales = table.numbers("scale_exponent");
        let lines = [("bf16_4_layers", Ink::Green), ("f16_2_layers", Ink::Blue), ("f16_4_layers", Ink::Orange)];
        for (column, ink) in lines {
            plot.line(&scales, &table.numbers(column), ink);
        }
        let bf16 = table.numbers("bf16_4_layers")[0];
        plot.label("bf16, 4 layers", (24.0, bf16), Side::Right, Ink::Green);
        plot.label("f16, 4 layers", (-14.6, 1.0), Side::Right, Ink::Orange);
        plot.label("f16, 2 layers", (0.0, 0.05), Side::Above, Ink::Blue);
        plot.label("no number", (21.0, 0.06), Side::Above, Ink::Muted);
    });
    Drawing { svg, table }
}
