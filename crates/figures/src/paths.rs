//! Page 11: walking every path against one sweep.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet};
use crate::plot::{Axis, Plot};
use experiments::paths::paths_and_sweep;

/// The multiplications of both ways to the same δ, by the number of hidden layers.
pub(crate) fn paths_and_sweep_by_depth() -> Drawing {
    let table = paths_and_sweep(30);
    let svg = sheet(720, 400, |area| {
        let x = Axis::linear(1.0, 10.0, 1.0, "hidden layers of 30 neurons");
        let plot = Plot::new(area, x, Axis::logarithmic(0, 17, 5, "multiplications"), 138.0);
        let hidden = table.numbers("hidden");
        let (walked, swept) = (table.numbers("multiplications"), table.numbers("sweep"));
        plot.line(&hidden, &walked, Ink::Orange);
        plot.line(&hidden, &swept, Ink::Blue);
        plot.label("path by path", (10.0, walked[9]), Side::Right, Ink::Orange);
        plot.label("layer by layer", (10.0, swept[9]), Side::Right, Ink::Blue);
    });
    Drawing { svg, table }
}
