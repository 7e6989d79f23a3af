//! Chapter 15: how gradients differ between random networks of one kind.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet};
use crate::plot::{Axis, Plot};
use experiments::log_normal::{LogNormal, histogram};

/// The networks of both figures.
fn networks() -> LogNormal {
    LogNormal { networks: 4000, ..Default::default() }
}

/// The middle nine tenths of the networks, their median and the exact root mean square, layer by layer.
pub(crate) fn typical_and_mean() -> Drawing {
    let table = networks().quantiles_by_layer().expect("the networks can be built");
    let svg = sheet(720, 400, |area| {
        let y = Axis::logarithmic(-3, 1, 1, "left of the gradient");
        let plot = Plot::new(area, Axis::linear(0.0, 50.0, 10.0, "layers gone back"), y, 190.0);
        let layers = table.numbers("layers");
        plot.dashes(&[0.0, 50.0], &[1.0, 1.0], Ink::Green);
        for (column, ink) in [("low", Ink::Blue), ("high", Ink::Blue), ("median", Ink::Orange)] {
            plot.line(&layers, &table.numbers(column), ink);
        }
        let last = |column: &str| table.numbers(column)[50];
        plot.label("root mean square: 1", (50.0, 1.35), Side::Right, Ink::Green);
        plot.label("19 of 20 are below", (50.0, 0.85 * last("high")), Side::Right, Ink::Blue);
        plot.label("half are below", (50.0, last("median")), Side::Right, Ink::Orange);
        plot.label("1 of 20 is below", (50.0, last("low")), Side::Right, Ink::Blue);
    });
    Drawing { svg, table }
}

/// The logarithms of the squares after all layers, beside the normal curve with the exact moments and that of the published law.
pub(crate) fn log_normal() -> Drawing {
    let networks = networks();
    let table = histogram(&networks.logs().expect("the networks can be built"), 1.0);
    let svg = sheet(720, 400, |area| {
        let y = Axis::linear(0.0, 0.12, 0.04, "share of the networks");
        let plot = Plot::new(area, Axis::linear(-24.0, 12.0, 4.0, "ln of the square that is left"), y, 30.0);
        for (from, density) in table.numbers("from").into_iter().zip(table.numbers("density")) {
            plot.bar(from, from + 1.0, density, Ink::Blue);
        }
        let xs: Vec<_> = (-240..=120).map(|k| f64::from(k) * 0.1).collect();
        let exact = networks.exact();
        let curve =
            |of: experiments::log_normal::LogMoments| xs.iter().map(|&x| of.normal_density(x)).collect::<Vec<_>>();
        plot.dashes(&xs, &curve(networks.asymptotic()), Ink::Muted);
        plot.line(&xs, &curve(exact), Ink::Orange);
        plot.line(&[0.0, 0.0], &[0.0, 0.075], Ink::Green);
        plot.label("mean square: 1", (0.0, 0.072), Side::Right, Ink::Green);
        plot.label("exact moments", (-9.6, 0.088), Side::Left, Ink::Orange);
        plot.label("law for wide layers", (-4.8, 0.11), Side::Right, Ink::Muted);
    });
    Drawing { svg, table }
}
