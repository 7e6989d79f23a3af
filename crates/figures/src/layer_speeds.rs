//! Page 12: how fast each hidden layer learns at the start.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet};
use crate::plot::{Axis, Plot};
use experiments::dataset::Data;
use experiments::layer_speeds::against_nielsen;

/// How many networks of each depth are drawn; the page's snippet draws as many.
const SEEDS: u64 = 200;

/// Mean-field theory's factor from layer to layer, for the dashes; page 13 derives it.
const RATE: f64 = 0.204_840_754;

/// The speeds of the hidden layers of three networks, with Nielsen's on top, by how many hidden layers lie behind each.
pub(crate) fn layer_speeds() -> Drawing {
    let published = against_nielsen(&Data::Digits.load().expect("the digits that were compiled in are whole"), SEEDS);
    let column = |name: &str| published.numbers(name);
    let (hidden, layer, nielsen) = (column("hidden"), column("layer"), column("nielsen"));
    let (low, median, high) = (column("low"), column("median"), column("high"));
    let svg = sheet(720, 420, |area| {
        let x = Axis::linear(0.0, 3.0, 1.0, "hidden layers between it and the output");
        let plot = Plot::new(area, x.padded(0.35), Axis::logarithmic(-3, 0, 1, "norm of ∂L/∂b"), 130.0);
        // The median of the last hidden layer over all three networks.
        let last = (0..hidden.len()).filter(|&row| hidden[row] == layer[row]).map(|row| median[row]);
        let start = last.sum::<f64>() / 3.0;
        let line = |behind: f64| start * RATE.powf(behind);
        plot.dashes(&[0.0, 3.35], &[line(0.0), line(3.35)], Ink::Muted);
        plot.label("÷ 4.88 a layer", (3.35, line(3.35)), Side::Right, Ink::Muted);
        for row in 0..hidden.len() {
            let (ink, shift) = match hidden[row] as usize {
                2 => (Ink::Green, -0.13),
                3 => (Ink::Blue, 0.0),
                _ => (Ink::Purple, 0.13),
            };
            let at = hidden[row] - layer[row] + shift;
            plot.range(at, [low[row], median[row], high[row]], ink);
            plot.dots_on_bars(&[at], &[nielsen[row]], Ink::Orange);
            if layer[row] == 1.0 {
                let name = format!("layer 1 of {}", hidden[row]);
                plot.label(&name, (at - 0.08, 1.4 * high[row]), Side::Right, ink);
            }
        }
        plot.label("dots: Nielsen’s networks", (2.3, 0.3), Side::Centre, Ink::Orange);
    });
    Drawing { svg, table: published }
}
