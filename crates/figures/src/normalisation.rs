//! Chapter 22: the explosion that batch norm brings, and two places for a layer norm.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet, split};
use crate::plot::{Axis, Plot};
use experiments::layer_norm::by_block;
use experiments::normalisation::{BATCHES, growth_by_layer};

/// The squared gradient going back through layers with batch norm: dots measured, dashes from the formula.
pub(crate) fn growth() -> Drawing {
    let table = growth_by_layer();
    let back = table.numbers("back");
    let svg = sheet(720, 460, |area| {
        let x = Axis::linear(0.0, 27.0, 5.0, "layers gone back");
        let plot = Plot::new(area, x, Axis::logarithmic(-1, 7, 1, "squared gradient, relative"), 170.0);
        let end = |column: &str| (27.5, table.numbers(column)[27]);
        for (batch, ink) in BATCHES.into_iter().zip([Ink::Orange, Ink::Purple, Ink::Blue]) {
            plot.dashes(&back, &table.numbers(&format!("theory_{batch}")), ink);
            plot.dots(&back, &table.numbers(&format!("batch_{batch}")), ink);
            let name = if batch == BATCHES[0] { format!("in batches of {batch}") } else { format!("of {batch}") };
            plot.label(&name, end(&format!("batch_{batch}")), Side::Right, ink);
        }
        plot.line(&back, &table.numbers("he_without"), Ink::Green);
        plot.label("no norm", (27.5, 1.0), Side::Right, Ink::Green);
        plot.label("dots: measured", (1.0, 3.2e6), Side::Right, Ink::Muted);
        plot.label("dashes: theory", (1.0, 3.2e5), Side::Right, Ink::Muted);
    });
    Drawing { svg, table }
}

/// The size of the sums, and of the gradient by each block's weights, with the norm behind or inside the block.
pub(crate) fn pre_and_post() -> Drawing {
    let table = by_block();
    let [blocks, block] = ["blocks", "block"].map(|column| table.numbers(column));
    let deepest =
        blocks.iter().position(|&count| count == blocks[blocks.len() - 1]).expect("the last one is the deepest");
    let line = |column: &str| table.numbers(column)[deepest..].to_vec();
    let svg = sheet(720, 400, |area| {
        let (left, right) = split(area, 350.0);
        let x = || Axis::linear(0.0, 50.0, 10.0, "block");
        let plot = Plot::new(&left, x(), Axis::linear(0.0, 30.0, 10.0, "mean square of the sum"), 20.0);
        plot.line(&line("block"), &line("post_sum"), Ink::Blue);
        plot.line(&line("block"), &line("pre_sum"), Ink::Orange);
        plot.label("inside", (24.0, 16.5), Side::Left, Ink::Orange);
        plot.label("behind", (40.0, 3.5), Side::Centre, Ink::Blue);
        let plot = Plot::new(&right, x(), Axis::linear(0.0, 1.2, 0.2, "gradient by W₂, relative"), 20.0);
        plot.line(&line("block"), &line("post_gradient"), Ink::Blue);
        plot.line(&line("block"), &line("pre_gradient"), Ink::Orange);
        plot.dots(&block[..deepest], &table.numbers("pre_gradient")[..deepest], Ink::Orange);
        plot.label("behind", (25.0, 1.1), Side::Centre, Ink::Blue);
        plot.label("inside", (25.0, 0.48), Side::Centre, Ink::Orange);
    });
    Drawing { svg, table }
}
