//! Chapter 20: where a gradient vanishes, where it explodes, and what random networks say to that.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet};
use crate::plot::{Axis, Plot};
use experiments::edge_of_chaos::{GRID_STEPS, WEIGHT_VARS, critical_line, decays, phases as grid};

/// The plane of the two standard deviations, a cell a network: blue where χ₁ < 1, orange where χ₁ > 1, paler the closer it is to 1.
pub(crate) fn phases() -> Drawing {
    let (table, line) = (grid(), critical_line());
    let svg = sheet(720, 430, |area| {
        let x = Axis::linear(0.5, 3.0, 0.5, "σ of a weight, times √n");
        let plot = Plot::new(area, x, Axis::linear(0.0, 1.0, 0.25, "σ of a bias"), 30.0);
        let (half_w, half_b) = (GRID_STEPS.0 / 2.0, GRID_STEPS.1 / 2.0);
        let (sigma_w, sigma_b) = (table.numbers("sigma_w"), table.numbers("sigma_b"));
        for ((w, b), chi1) in sigma_w.into_iter().zip(sigma_b).zip(table.numbers("chi1")) {
            let ink = if chi1 < 1.0 { Ink::Blue } else { Ink::Orange };
            // All of the shade where a layer takes or gives a factor of 2.
            let shade = 0.6 * chi1.log2().abs().min(1.0);
            plot.cell((w - half_w, b - half_b), (w + half_w, b + half_b), ink, shade);
        }
        plot.line(&line.numbers("sigma_w"), &line.numbers("sigma_b"), Ink::Text);
        plot.label("order:", (1.0, 0.8), Side::Centre, Ink::Text);
        plot.label("the gradient vanishes", (1.0, 0.72), Side::Centre, Ink::Text);
        plot.label("chaos:", (2.35, 0.33), Side::Centre, Ink::Text);
        plot.label("it explodes", (2.35, 0.25), Side::Centre, Ink::Text);
        plot.label("the edge: it stays", (1.78, 0.8), Side::Right, Ink::Text);
    });
    Drawing { svg, table }
}

/// The mean square of the gradient over the layers: lines for networks, dashes for the theory.
pub(crate) fn gradients() -> Drawing {
    let table = decays();
    let svg = sheet(720, 430, |area| {
        let x = Axis::linear(0.0, 30.0, 5.0, "layers gone back");
        let plot = Plot::new(area, x, Axis::logarithmic(-4, 4, 1, "mean square of the gradient"), 120.0);
        let layers = table.numbers("layers");
        let inks = [Ink::Blue, Ink::Blue, Ink::Green, Ink::Orange, Ink::Orange];
        for (weight_var, ink) in WEIGHT_VARS.into_iter().zip(inks) {
            let theory = table.numbers(&format!("theory_w{weight_var}"));
            plot.line(&layers, &table.numbers(&format!("w{weight_var}")), ink);
            plot.dashes(&layers, &theory, Ink::Text);
            let end = theory.len() - 1;
            plot.label(&format!("{weight_var}/n"), (layers[end], theory[end]), Side::Right, ink);
        }
    });
    Drawing { svg, table }
}
