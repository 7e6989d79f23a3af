//! Page 13: what a layer of sigmoids leaves, over the scale of the weights, and how far networks of the same scale lie apart.

use crate::Drawing;
use crate::canvas::{Area, Ink, Side, sheet, split};
use crate::plot::{Axis, Plot};
use experiments::Table;
use experiments::sigmoid_rate::{by_weight_std, critical_weight_std, single_networks, theory};

/// How many layers the gradient goes back through in the second figure, and in how many networks.
const DEPTH: usize = 30;
const NETWORKS: u64 = 10;

/// The rate of a layer over `σ_w`, in theory and as measured, below the line that slopes of a quarter would give.
pub(crate) fn by_scale() -> Drawing {
    let table = by_weight_std();
    let svg = sheet(720, 420, |area| {
        let x = Axis::linear(0.0, 14.0, 2.0, "standard deviation of the weights, times √n");
        let plot = Plot::new(area, x, Axis::linear(0.0, 1.25, 0.25, "left of the gradient by one layer"), 90.0);
        plot.dashes(&[0.0, 5.0], &[0.0, 1.25], Ink::Muted);
        plot.label("if every slope were ¼", (4.3, 1.12), Side::Left, Ink::Muted);
        plot.dashes(&[0.0, 13.7], &[1.0, 1.0], Ink::Muted);
        let std: Vec<f64> = (0..=140).map(|k| f64::from(k) * 0.1).collect();
        let rates: Vec<_> = std.iter().map(|&std| theory(std, 0.0).deep_limit().chi1.sqrt()).collect();
        plot.line(&std, &rates, Ink::Blue);
        let (at, last) = (table.numbers("weight_std"), |name: &str| *table.numbers(name).last().unwrap_or(&f64::NAN));
        plot.dots(&at, &table.numbers("n_100"), Ink::Green);
        plot.dots(&at, &table.numbers("n_30"), Ink::Orange);
        plot.label("n = ∞", (14.15, rates[140] + 0.015), Side::Right, Ink::Blue);
        plot.label("n = 100", (14.15, last("n_100") - 0.01), Side::Right, Ink::Green);
        plot.label("n = 30", (14.15, last("n_30")), Side::Right, Ink::Orange);
        plot.label(&format!("1 at {:.2}", critical_weight_std()), (10.1, 1.06), Side::Left, Ink::Blue);
        plot.dots(&[critical_weight_std()], &[1.0], Ink::Blue);
    });
    Drawing { svg, table }
}

/// The gradient of ten networks, layer by layer, at `σ_w` = 1 and at the critical one.
pub(crate) fn scatter() -> Drawing {
    let tables = [1.0, critical_weight_std()].map(|std| (std, single_networks(std, DEPTH, NETWORKS)));
    let svg = sheet(720, 440, |area| {
        let (left, right) = split(area, 345.0);
        for (area, (std, table), title) in [(&left, &tables[0], "variance 1/n"), (&right, &tables[1], "variance 103/n")]
        {
            panel(area, *std, table, title);
        }
    });
    let mut table = Table::new(["layers".into()].into_iter().chain((1..=NETWORKS).map(|k| format!("one_{k}"))).chain(
        // The critical scale.
        (1..=NETWORKS).map(|k| format!("critical_{k}")),
    ));
    for (one, critical) in tables[0].1.rows().iter().zip(tables[1].1.rows()) {
        table.push(one.iter().chain(&critical[1..]).cloned().collect());
    }
    Drawing { svg, table }
}

fn panel(area: &Area, std: f64, table: &Table, title: &str) {
    let x = Axis::linear(0.0, DEPTH as f64, 10.0, "layers gone back");
    let plot = Plot::new(area, x, Axis::logarithmic(-21, 3, 5, "left of the gradient"), 30.0);
    let layers = table.numbers("layers");
    for network in 1..=NETWORKS {
        plot.line(&layers, &table.numbers(&format!("network_{network}")), Ink::Orange);
    }
    let rate = theory(std, 0.0).deep_limit().chi1.sqrt();
    let expected: Vec<_> = layers.iter().map(|&layers| rate.powf(layers)).collect();
    plot.dashes(&layers, &expected, Ink::Text);
    plot.label(title, (15.0, 300.0), Side::Above, Ink::Text);
}
