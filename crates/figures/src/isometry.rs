//! Chapter 21: what a product of layers does to each direction.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet};
use crate::plot::{Axis, Plot};
use experiments::isometry::{DEPTHS, WIDTH, spectra};

/// The singular values of products of matrices by rank: Gaussian at four depths, orthogonal at all of them.
pub(crate) fn singular_values() -> Drawing {
    let table = spectra();
    let svg = sheet(720, 440, |area| {
        let x = Axis::linear(0.0, WIDTH as f64, 20.0, "singular values, the largest first");
        let plot = Plot::new(area, x, Axis::logarithmic(-14, 2, 2, "factor of this direction"), 130.0);
        let ranks = table.numbers("rank");
        for depth in DEPTHS {
            let values = table.numbers(&format!("gaussian_{depth}"));
            // Below what 64 bits resolve there is nothing to draw.
            let told = values.iter().take_while(|value| !value.is_nan()).count();
            plot.line(&ranks[..told], &values[..told], Ink::Orange);
            let last = (ranks[told - 1], values[told - 1]);
            let name = if depth == 1 { "1 layer".to_owned() } else { format!("{depth} layers") };
            plot.label(&name, last, Side::Right, Ink::Orange);
        }
        plot.label("Gaussian", (52.0, 1e-7), Side::Centre, Ink::Orange);
        for depth in DEPTHS {
            plot.line(&ranks, &table.numbers(&format!("orthogonal_{depth}")), Ink::Blue);
        }
        plot.label("orthogonal,", (WIDTH as f64, 5.0), Side::Right, Ink::Blue);
        plot.label("any depth", (WIDTH as f64, 0.3), Side::Right, Ink::Blue);
    });
    Drawing { svg, table }
}
