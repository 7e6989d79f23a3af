//! Any table of an experiment as lines: what `cargo book run --plot` draws.

use crate::canvas::{Ink, sheet};
use crate::plot::{Axis, Plot};
use experiments::{Table, catalogue};

const INKS: [Ink; 4] = [Ink::Blue, Ink::Orange, Ink::Green, Ink::Purple];

/// The columns of a table as lines, on axes that hold all of them.
///
/// What is 0, infinite or not a number has no place on a logarithmic axis, and is marked with a cross at its foot.
///
/// # Panics
///
/// If the table lacks a column, or there are more than four lines.
pub fn plot_table(table: &Table, plot: catalogue::Plot) -> String {
    let xs = table.numbers(plot.x);
    let sizes = |column: &&'static str| {
        let values = table.numbers(column);
        if plot.logarithmic { values.into_iter().map(f64::abs).collect() } else { values }
    };
    let lines: Vec<Vec<f64>> = plot.y.iter().map(sizes).collect();
    let all = lines.concat();
    // The name of the only line stands at the axis, those of several at their ends.
    let name = if let [only] = plot.y { *only } else { "" };
    let y = if plot.logarithmic { logarithmic(&all, name) } else { linear(&all, name) };
    sheet(720, 420, |area| {
        let right = if plot.y.len() > 1 { 240.0 } else { 40.0 };
        let axes = Plot::new(area, linear(&xs, plot.x), y, right);
        let mut ends = vec![];
        for ((name, ys), ink) in plot.y.iter().zip(&lines).zip(INKS) {
            axes.line(&xs, ys, ink);
            if xs.len() == 1 {
                axes.dots(&xs, ys, ink);
            }
            ends.extend(
                xs.iter().copied().zip(ys.iter().copied()).rfind(|(_, y)| y.is_finite()).map(|at| (*name, at, ink)),
            );
        }
        if plot.y.len() > 1 {
            axes.names(&ends);
        }
    })
}

/// An axis from below the smallest to above the largest value, with about six round steps.
fn linear(values: &[f64], name: &'static str) -> Axis {
    let (low, high) = ends(values.iter().copied().filter(|value| value.is_finite()));
    // A single value gets room on both sides.
    let span = if high > low { high - low } else { low.abs().max(1.0) };
    let power = 10.0_f64.powf((span / 6.0).log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].map(|part| part * power).into_iter().find(|step| span / step <= 6.0).unwrap_or(span);
    let (from, to) = ((low / step).floor() * step, (high / step).ceil() * step);
    Axis::linear(from, if to > from { to } else { from + step }, step, name)
}

/// Powers of ten that hold all positive values, at most eight of them named.
fn logarithmic(values: &[f64], name: &'static str) -> Axis {
    let (low, high) = ends(values.iter().map(|value| value.log10()).filter(|power| power.is_finite()));
    let (from, to) = (low.floor() as i32, (high.ceil() as i32).max(low.floor() as i32 + 1));
    Axis::logarithmic(from, to, ((to - from) / 8 + 1).max(1), name)
}

/// The smallest and the largest; 0 and 1 if there is none.
fn ends(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let (low, high) = (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max));
    if low <= high { (low, high) } else { (0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(ys: &[f64], logarithmic: bool) -> String {
        let mut table = Table::new(["x", "a", "b"]);
        for (x, &y) in ys.iter().enumerate() {
            table.push(vec![x.into(), y.into(), (2.0 * y).into()]);
        }
        plot_table(&table, catalogue::Plot { x: "x", y: &["a", "b"], logarithmic })
    }

    #[test]
    fn any_numbers_can_be_drawn() {
        for logarithmic in [false, true] {
            for ys in [
                &[1.0, 0.1, 1e-300][..],
                &[0.0, 0.0],
                &[f64::NAN, f64::INFINITY],
                &[-1.0, 1.0],
                &[5.0],
                &[],
                &[1e308, -1e308],
                &[5e-324, 1e308],
            ] {
                let svg = draw(ys, logarithmic);
                assert!(svg.ends_with("</svg>\n") && !svg.contains("NaN"), "{ys:?}");
            }
        }
    }

    #[test]
    fn lines_that_end_at_the_same_place_keep_their_names_apart() {
        let svg = draw(&[1.0, 1.0], true);
        assert!(svg.contains("\na\n") && svg.contains("\nb\n"), "{svg}");
    }
}
