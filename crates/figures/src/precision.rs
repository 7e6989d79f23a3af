//! Chapters 1 and 7: the floors of the number formats, and the gaps between their numbers.

use crate::Drawing;
use crate::canvas::{Ink, Side, dot, line, sheet, text};
use crate::plot::{Axis, Plot, TEXT};
use experiments::{Cell, precision};

/// 0.25ⁿ against the smallest number of each format.
pub(crate) fn underflow() -> Drawing {
    let (powers, floors) = (precision::powers_of_a_quarter(), precision::floors());
    let svg = sheet(720, 420, |area| {
        let x = Axis::linear(0.0, 540.0, 60.0, "how many factors of 0.25");
        let plot = Plot::new(area, x, Axis::logarithmic(-330, 0, 60, "product"), 120.0);
        plot.line(&powers.numbers("factors"), &powers.numbers("product"), Ink::Blue);
        let ends = floors.numbers("factors_until_zero").into_iter().zip(floors.numbers("smallest"));
        for (row, (factors, smallest)) in floors.rows().iter().zip(ends) {
            plot.dots(&[factors], &[smallest], Ink::Orange);
            // f16, bf16 and f32 end close together, so their names fan out.
            let (at, side) = match factors {
                ..20.0 => ((factors + 10.0, smallest), Side::Right),
                ..70.0 => ((factors + 26.0, 1e-26), Side::Right),
                ..100.0 => ((factors + 36.0, 1e-48), Side::Right),
                _ => ((factors - 36.0, 1e-282), Side::Right),
            };
            plot.label(&format!("{}: 0 after {factors}", row[0]), at, side, Ink::Text);
        }
    });
    Drawing { svg, table: floors }
}

/// The numbers around 0.25 that f16 and bf16 have, and where the notes' step lands between them.
pub(crate) fn between_two_floats() -> Drawing {
    let table = precision::notes_step();
    let svg = sheet(720, 330, |area| {
        const LEFT: f64 = 90.0;
        const RIGHT: f64 = 660.0;
        let (from, to) = (0.2489, 0.25005);
        let pixel = |value: f64| LEFT + (value - from) / (to - from) * (RIGHT - LEFT);
        let exact = pixel(0.25 - 0.01 * 0.004125);
        let quarter = pixel(0.25);
        for (row, y) in table.rows().iter().zip([90.0, 190.0]) {
            let (Cell::Text(name), Cell::Number(gap)) = (&row[0], &row[1]) else { continue };
            text(area, name, (LEFT - 20.0, y), Side::Left, TEXT, Ink::Text);
            line(area, &[(LEFT, y), (RIGHT, y)], Ink::Muted, 1.0);
            for tick in (0..).map(|k| 0.25 - f64::from(k) * gap).take_while(|tick| *tick > from) {
                line(area, &[(pixel(tick), y - 9.0), (pixel(tick), y + 9.0)], Ink::Blue, 2.0);
            }
            let below = 0.25 - gap;
            text(area, &Cell::from(below).to_string(), (pixel(below), y + 10.0), Side::Below, TEXT, Ink::Muted);
            text(area, "0.25", (quarter + 10.0, y + 10.0), Side::Below, TEXT, Ink::Muted);
            // The step, and where rounding takes it back to.
            dot(area, (exact, y), 4.5, Ink::Orange);
            let back = [(exact, y - 14.0), (exact, y - 24.0), (quarter, y - 24.0), (quarter, y - 14.0)];
            line(area, &back, Ink::Orange, 2.0);
            line(area, &[(quarter - 4.0, y - 20.0), (quarter, y - 13.0), (quarter + 4.0, y - 20.0)], Ink::Orange, 2.0);
            text(area, "rounded back to 0.25", (exact - 4.0, y - 26.0), Side::Left, TEXT, Ink::Orange);
        }
        line(area, &[(exact, 206.0), (exact, 252.0)], Ink::Orange, 1.0);
        text(area, "0.25 − 0.00004125", (exact, 250.0), Side::Left, TEXT, Ink::Orange);
        let notice = "Each tick is a number of the format; between two ticks there is nothing.";
        text(area, notice, ((LEFT + RIGHT) / 2.0, 296.0), Side::Centre, TEXT, Ink::Text);
    });
    Drawing { svg, table }
}
