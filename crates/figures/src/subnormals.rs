//! Chapter 30: a gradient on its way through the subnormal numbers.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet};
use crate::plot::{Axis, Plot};
use experiments::subnormals::SlowGradients;

/// The layers around those whose gradient is subnormal, with subnormal numbers kept and with them flushed to zero.
pub(crate) fn band() -> Drawing {
    let table = SlowGradients::default().run().expect("the network can be built");
    let svg = sheet(720, 400, |area| {
        let y = Axis::logarithmic(-330, -280, 20, "norm of δ");
        let plot = Plot::new(area, Axis::linear(70.0, 150.0, 10.0, "layer"), y, 150.0);
        let layers = table.numbers("layer");
        let (smallest, least) = (f64::MIN_POSITIVE, f64::from_bits(1));
        for edge in [smallest, least] {
            plot.dashes(&[70.0, 150.0], &[edge, edge], Ink::Muted);
        }
        for (column, ink) in [("delta_keep", Ink::Orange), ("delta_flush", Ink::Blue)] {
            let norms = table.numbers(column);
            let shown = |at: &usize| (70..=150).contains(&(at + 1)) && norms[*at] < 1e-280;
            let (xs, ys): (Vec<_>, Vec<_>) = (0..layers.len()).filter(shown).map(|at| (layers[at], norms[at])).unzip();
            plot.line(&xs, &ys, ink);
        }
        plot.label("smallest normal", (150.0, smallest), Side::Right, Ink::Muted);
        plot.label("smallest of all", (150.0, least), Side::Right, Ink::Muted);
        plot.label("kept", (98.0, 1e-315), Side::Left, Ink::Orange);
        plot.label("flushed: 0 further back", (110.0, 1e-303), Side::Left, Ink::Blue);
    });
    Drawing { svg, table }
}
