//! Chapters 25 and 26: what is left of a gradient after a hundred steps, without gates and with them.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet};
use crate::plot::{Axis, Plot};
use experiments::through_time::{gated, plain as without_gates};

const STEPS: usize = 100;

/// Plain networks, and the bound of the one that has a bound below 1.
pub(crate) fn plain() -> Drawing {
    let table = without_gates(STEPS);
    let svg = sheet(720, 460, |area| {
        let x = Axis::linear(0.0, 100.0, 20.0, "steps");
        let plot = Plot::new(area, x, Axis::logarithmic(-55, 5, 10, "largest singular value of the Jacobian"), 176.0);
        let step = table.numbers("step");
        let bound: Vec<f64> = step.iter().map(|&t| 0.9_f64.powf(t)).collect();
        plot.dashes(&step, &bound, Ink::Orange);
        let lines = [
            ("sigma_0_9", Ink::Orange, "0.9, tanh", 1.0),
            ("sigma_2", Ink::Blue, "2, tanh", 1e2),
            ("orthogonal_tanh", Ink::Purple, "orthogonal, tanh", 1e-2),
            ("sigma_4", Ink::Green, "4, tanh", 1e1),
            ("orthogonal_linear", Ink::Text, "orthogonal, linear", 1e-1),
        ];
        for (column, ink, name, shift) in lines {
            let norms = table.numbers(column);
            plot.line(&step, &norms, ink);
            plot.label(name, (100.0, norms[STEPS] * shift), Side::Right, ink);
        }
        plot.label("0.9ᵗ, the bound", (100.0, bound[STEPS]), Side::Right, Ink::Orange);
    });
    Drawing { svg, table }
}

/// Gated cells, and beside each LSTM what its forget gate leaves at rest.
pub(crate) fn gates() -> Drawing {
    let table = gated(STEPS);
    let svg = sheet(720, 460, |area| {
        let x = Axis::linear(0.0, 100.0, 20.0, "steps");
        let plot = Plot::new(area, x, Axis::logarithmic(-50, 5, 10, "largest singular value of the Jacobian"), 176.0);
        let step = table.numbers("step");
        let lines = [
            ("rnn", Ink::Orange, "plain, tanh", 1.0, None),
            ("lstm_0", Ink::Blue, "LSTM, bias 0", 1.0, Some("rest_0")),
            ("lstm_1", Ink::Green, "LSTM, bias 1", 1.0, Some("rest_1")),
            ("lstm_chrono", Ink::Purple, "LSTM, bias ln 99", 1e1, Some("rest_chrono")),
            ("gru_chrono", Ink::Text, "GRU, bias ln 99", 1e-2, None),
        ];
        for (column, ink, name, shift, rest) in lines {
            let norms = table.numbers(column);
            plot.line(&step, &norms, ink);
            plot.label(name, (100.0, norms[STEPS] * shift), Side::Right, ink);
            if let Some(rest) = rest {
                plot.dashes(&step, &table.numbers(rest), ink);
            }
        }
        for (rest, name, ink) in [("rest_0", "σ(0)ᵗ", Ink::Blue), ("rest_1", "σ(1)ᵗ", Ink::Green)] {
            plot.label(name, (100.0, table.numbers(rest)[STEPS]), Side::Right, ink);
        }
    });
    Drawing { svg, table }
}
