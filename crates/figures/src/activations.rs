//! Chapter 8: three activations, in the notes' chain and in a wide network.

use crate::Drawing;
use crate::canvas::{Area, Ink, Side, sheet, split};
use crate::plot::{Axis, Plot};
use experiments::{Table, activations};

/// How many networks of each kind the wide panel averages.
const SEEDS: u64 = 20;

/// Both panels share one logarithmic axis.
pub(crate) fn chain_and_wide() -> Drawing {
    let (chain, wide) = (activations::chain(), activations::wide(SEEDS));
    let svg = sheet(720, 440, |area| {
        let (left, right) = split(area, 330.0);
        let chain_plot = panel(&left, "one neuron a layer", 42.0);
        draw(&chain_plot, &chain, &[("relu", Ink::Green), ("tanh", Ink::Blue), ("sigmoid", Ink::Orange)]);
        chain_plot.label("ReLU: 1", (25.0, 1.0), Side::Above, Ink::Green);
        chain_plot.label("tanh", (22.0, 3e-3), Side::Centre, Ink::Blue);
        chain_plot.label("sigmoid", (15.5, 1e-11), Side::Left, Ink::Orange);
        let wide_plot = panel(&right, "100 neurons a layer", 102.0);
        let lines = [("relu_he", Ink::Purple), ("tanh", Ink::Blue), ("relu", Ink::Green), ("sigmoid", Ink::Orange)];
        draw(&wide_plot, &wide, &lines);
        let last = |column: &str| wide.numbers(column)[activations::DEPTH];
        wide_plot.label("ReLU, He", (30.0, 3.0 * last("relu_he")), Side::Right, Ink::Purple);
        wide_plot.label("tanh", (30.0, last("tanh")), Side::Right, Ink::Blue);
        wide_plot.label("ReLU", (30.0, last("relu")), Side::Right, Ink::Green);
        wide_plot.label("sigmoid", (30.0, last("sigmoid")), Side::Right, Ink::Orange);
    });
    let mut table = Table::new([
        "layers",
        "chain_sigmoid",
        "chain_tanh",
        "chain_relu",
        "wide_sigmoid",
        "wide_tanh",
        "wide_relu",
        "wide_relu_he",
    ]);
    for (chain, wide) in chain.rows().iter().zip(&wide.rows()[1..]) {
        table.push(chain.iter().chain(&wide[1..]).cloned().collect());
    }
    Drawing { svg, table }
}

fn panel<'a, 'b>(area: &'a Area<'b>, title: &str, right: f64) -> Plot<'a, 'b> {
    let x = Axis::linear(0.0, 30.0, 10.0, "layers gone back");
    let plot = Plot::new(area, x, Axis::logarithmic(-20, 2, 5, "left of the gradient"), right);
    plot.label(title, (15.0, 40.0), Side::Above, Ink::Text);
    plot
}

fn draw(plot: &Plot, table: &Table, lines: &[(&str, Ink)]) {
    for (column, ink) in lines {
        plot.line(&table.numbers("layers"), &table.numbers(column), *ink);
    }
}
