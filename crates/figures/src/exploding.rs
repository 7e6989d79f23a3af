//! Chapter 24: a wall in the loss, and two descents that come to it.

use crate::Drawing;
use crate::canvas::{Area, Ink, Side, sheet, split};
use crate::plot::{Axis, Plot};
use experiments::{Table, exploding};

const STEPS: usize = 200;

/// The same descent twice: thrown off the wall, and with its gradient clipped.
pub(crate) fn wall() -> Drawing {
    let curve = exploding::wall_curve();
    let [plain, clipped] = [f64::INFINITY, 0.2].map(|threshold| exploding::wall_descent(-2.7, threshold, STEPS));
    let svg = sheet(720, 400, |area| {
        let (left, right) = split(area, 366.0);
        let plot = panel(&left, &curve);
        plot.label("plain descent", (-2.5, 0.36), Side::Above, Ink::Text);
        let (b, loss) = (plain.numbers("b"), plain.numbers("loss"));
        // The last step on the chart is the one on the wall; the next leaves it.
        let on_chart = b.iter().take_while(|&&b| b < -2.25).count();
        plot.dots(&b[..on_chart], &loss[..on_chart], Ink::Orange);
        let from = (b[on_chart - 1], loss[on_chart - 1]);
        plot.line(&[from.0, -2.3], &[from.1, from.1], Ink::Orange);
        plot.line(&[-2.32, -2.3, -2.32], &[from.1 + 0.012, from.1, from.1 - 0.012], Ink::Orange);
        plot.label(&format!("to b = {:.2}", b[on_chart]), (-2.4, from.1 - 0.004), Side::Below, Ink::Orange);
        let plot = panel(&right, &curve);
        plot.label("clipped at 0.2", (-2.5, 0.36), Side::Above, Ink::Text);
        plot.dots(&clipped.numbers("b"), &clipped.numbers("loss"), Ink::Green);
        plot.label("over the wall,", (-2.39, 0.14), Side::Above, Ink::Green);
        plot.label("into the valley", (-2.39, 0.11), Side::Above, Ink::Green);
    });
    let mut table = Table::new(["step", "plain_b", "plain_loss", "clipped_b", "clipped_loss"]);
    for (plain, clipped) in plain.rows().iter().zip(clipped.rows()).take(41) {
        table.push([&plain[..3], &clipped[1..3]].concat());
    }
    Drawing { svg, table }
}

fn panel<'a, 'b>(area: &'a Area<'b>, curve: &Table) -> Plot<'a, 'b> {
    let (x, y) = (Axis::linear(-2.75, -2.25, 0.25, "b"), Axis::linear(0.0, 0.4, 0.1, "loss"));
    let plot = Plot::new(area, x, y, 24.0);
    plot.line(&curve.numbers("b"), &curve.numbers("loss"), Ink::Blue);
    plot
}
