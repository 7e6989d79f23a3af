//! Page 23: what many blocks with skip connections do to a gradient, and how alike the gradients of two inputs are.

use crate::Drawing;
use crate::canvas::{Area, Ink, Side, parts, sheet};
use crate::plot::{Axis, Plot};
use experiments::Table;
use experiments::shattered::{self, Curve, KINDS, blocks, curves, grid, theory};
use experiments::skip::{self, Blocks, Branch};

/// By how much the mean square of a gradient grows over 1 to 100 blocks: unscaled, scaled, and with a batch norm in each branch.
pub(crate) fn growth() -> Drawing {
    let table = skip::by_depth();
    let svg = sheet(720, 440, |area| {
        let x = Axis::linear(0.0, 100.0, 20.0, "blocks");
        let plot = Plot::new(area, x, Axis::logarithmic(-1, 10, 2, "growth of the gradient’s mean square"), 160.0);
        let blocks = table.numbers("blocks");
        let theory = |branch, depth: usize, scale| {
            Blocks { branch, scale: Some(scale), depth, batch: 64, ..Default::default() }.theory().gradient
        };
        let curve = |last: usize, of: &dyn Fn(usize) -> f64, ink| {
            let (xs, ys): (Vec<_>, Vec<_>) = (1..=last).map(|depth| (depth as f64, of(depth))).unzip();
            plot.dashes(&xs, &ys, ink);
        };
        curve(33, &|depth| theory(Branch::WeightsLast, depth, 1.0), Ink::Orange);
        curve(100, &|depth| theory(Branch::WeightsLast, depth, 1.0 / (depth as f64).sqrt()), Ink::Blue);
        curve(100, &|depth| theory(Branch::NormFirst, depth, 1.0), Ink::Green);
        // 2⁶⁴ is far above the sheet.
        plot.dots(&blocks[..6], &table.numbers("unscaled")[..6], Ink::Orange);
        plot.dots(&blocks, &table.numbers("scaled"), Ink::Blue);
        plot.dots(&blocks, &table.numbers("norm"), Ink::Green);
        let last = |column: &str| (101.0, *table.numbers(column).last().unwrap_or(&f64::NAN));
        plot.label("scale 1: doubles with every block", (33.0, 3e9), Side::Right, Ink::Orange);
        plot.label("batch norm in", (101.0, 2.2 * last("theory_norm").1), Side::Right, Ink::Green);
        plot.label("the branch", (101.0, 0.5 * last("theory_norm").1), Side::Right, Ink::Green);
        plot.label("1/√L: below e", last("theory_scaled"), Side::Right, Ink::Blue);
    });
    Drawing { svg, table }
}

/// The correlation of the gradients of two orthogonal inputs over depth, for four kinds of blocks.
pub(crate) fn correlation() -> Drawing {
    let table = shattered::by_depth();
    let svg = sheet(720, 440, |area| {
        let x = Axis::linear(0.0, 20.0, 5.0, "blocks");
        let plot = Plot::new(area, x, Axis::logarithmic(-3, 0, 1, "correlation of two gradients"), 170.0);
        // What is below the floor is not drawn.
        let above = |y: f64| if y > 1e-3 { y } else { f64::NAN };
        let depths: Vec<usize> = (1..=20).collect();
        let xs: Vec<_> = depths.iter().map(|&depth| depth as f64).collect();
        let inks = [Ink::Blue, Ink::Orange, Ink::Purple, Ink::Green];
        for ((kind, branch, scale), ink) in KINDS.into_iter().zip(inks) {
            let theory = depths.iter().map(|&depth| above(theory(&blocks(branch, scale, depth))));
            plot.dashes(&xs, &theory.collect::<Vec<_>>(), ink);
            let measured: Vec<_> = table.numbers(kind).into_iter().map(above).collect();
            plot.dots(&table.numbers("blocks"), &measured, ink);
        }
        let last = |branch, scale| (20.2, theory(&blocks(branch, scale, 20)));
        plot.label("batch norm, skip", last(Branch::NormFirst, Some(1.0)), Side::Right, Ink::Green);
        plot.label("skip", last(Branch::WeightsLast, Some(1.0)), Side::Right, Ink::Purple);
        plot.label("plain", last(Branch::WeightsLast, None), Side::Right, Ink::Blue);
        plot.label("batch norm", (9.2, 0.0022), Side::Right, Ink::Orange);
    });
    Drawing { svg, table }
}

/// dy/dx over x for four networks, one drawn of each, in units of its standard deviation.
pub(crate) fn four_slopes() -> Drawing {
    let curves = curves();
    let slopes = curves.clone().map(|curve| scaled(curve.slopes(0).expect("the network can be built")));
    let x = grid().column(0).to_vec();
    let svg = sheet(720, 560, |area| {
        for ((area, curve), slopes) in parts(area, 2, 2).iter().zip(&curves).zip(&slopes) {
            panel(area, curve, &x, slopes);
        }
    });
    let mut table = Table::new(["x", "one_layer", "deep", "norm", "norm_skip"]);
    for (k, &x) in x.iter().enumerate() {
        table.push([x].into_iter().chain(slopes.iter().map(|slopes| slopes[k])).map(Into::into).collect());
    }
    Drawing { svg, table }
}

/// Divided by the standard deviation, after the mean was taken away.
fn scaled(slopes: Vec<f64>) -> Vec<f64> {
    let count = slopes.len() as f64;
    let mean = slopes.iter().sum::<f64>() / count;
    let std = (slopes.iter().map(|slope| (slope - mean).powi(2)).sum::<f64>() / count).sqrt();
    slopes.iter().map(|slope| (slope - mean) / std).collect()
}

fn panel(area: &Area, curve: &Curve, x: &[f64], slopes: &[f64]) {
    let axis = Axis::linear(-2.0, 2.0, 1.0, "x");
    let plot = Plot::new(area, axis, Axis::linear(-6.0, 6.0, 3.0, ""), 16.0);
    let skip = curve.blocks.scale.is_some();
    let ink = match curve.blocks.branch {
        Branch::NormFirst if skip => Ink::Green,
        Branch::NormFirst => Ink::Orange,
        _ => Ink::Blue,
    };
    plot.line(x, slopes, ink);
    plot.label(curve.name, (0.0, 6.0), Side::Above, Ink::Text);
}
