//! Chapters 1 and 7: the floors of the number formats, and the gaps between their numbers.

use crate::Drawing;
use crate::canvas::{Ink, Side, line, sheet, text};
use crate::plot::{Axis, Plot, TEXT};
use experiments::{Cell, precision};
use plotters::prelude::*;

/// 0.25ⁿ against the smallest number of each format.
pub(crate) fn underflow() -> Drawing {
    let (powers, floors) = (precision::powers_of_a_quarter(), precision::floors());
    let svg = sheet(720, 420, |area| {
        let x = Axis::linear(0.0, 540.0, 60.0, "how many factors of 0.25");
        let plot = Plot::new(area, x, Axis::logarithmic(-330, 0, 30, "product"), 60);
        plot.line(&powers.numbers("factors"), &powers.numbers("product"), Ink::Blue);
        // f16 ends too close to the corner for a dashed line of its own to be read apart from bf16's and f32's.
        let labels = [Side::Right, Side::Left, Side::Right, Side::Above];
        let rows = floors.rows().iter().zip(floors.numbers("factors_until_zero")).zip(floors.numbers("smallest"));
        for (((row, factors), smallest), _) in rows.zip(labels) {
            let name = format!("{}: 0 after {factors}", row[0]);
            plot.dots(&[factors], &[smallest], Ink::Orange);
            let (at, side) = match factors {
                ..20.0 => ((factors + 10.0, smallest), Side::Right),
                ..70.0 => ((factors + 22.0, 1e-30), Side::Right),
                ..100.0 => ((factors + 6.0, 1e-52), Side::Right),
                _ => ((factors - 4.0, 1e-318), Side::Left),
            };
            plot.label(&name, at, side, Ink::Ink);
        }
    });
    Drawing { svg, table: floors }
}

/// The numbers around 0.25 that f16 and bf16 have, and where the notes' step lands between them.
pub(crate) fn between_two_floats() -> Drawing {
    let table = precision::notes_step();
    let svg = sheet(720, 330, |area| {
        const LEFT: i32 = 90;
        const RIGHT: i32 = 660;
        let (from, to) = (0.2489, 0.25005);
        let pixel = |value: f64| LEFT + ((value - from) / (to - from) * f64::from(RIGHT - LEFT)).round() as i32;
        let exact = 0.25 - 0.01 * 0.004125;
        for (row, y) in table.rows().iter().zip([90, 190]) {
            let (Cell::Text(name), Cell::Number(below)) = (&row[0], &row[1]) else { continue };
            text(area, name, (LEFT - 20, y), Side::Left, TEXT, Ink::Ink);
            line(area, vec![(LEFT, y), (RIGHT, y)], Ink::Muted, 1);
            let gap = 0.25 - below;
            // Above 0.25 the gap is twice as wide, so the next number there is off the sheet for bf16.
            for tick in (0..).map(|k| 0.25 - f64::from(k) * gap).take_while(|tick| *tick > from) {
                line(area, vec![(pixel(tick), y - 9), (pixel(tick), y + 9)], Ink::Blue, 2);
            }
            text(area, &below.to_string(), (pixel(*below), y + 10), Side::Below, TEXT - 2.0, Ink::Muted);
            text(area, "0.25", (pixel(0.25), y + 10), Side::Below, TEXT - 2.0, Ink::Muted);
            // The step, and where rounding takes it back to.
            area.draw(&Circle::new((pixel(exact), y), 5, Ink::Orange.colour().filled()))
                .expect("drawing into a string can't fail");
            let (start, end) = (pixel(exact), pixel(0.25));
            line(area, vec![(start, y - 14), (start, y - 24), (end, y - 24), (end, y - 14)], Ink::Orange, 2);
            line(area, vec![(end - 4, y - 20), (end, y - 13), (end + 4, y - 20)], Ink::Orange, 2);
            text(area, "rounded back to 0.25", (start - 4, y - 26), Side::Left, TEXT, Ink::Orange);
        }
        text(area, "0.25 − 0.00004125", (pixel(exact), 262), Side::Left, TEXT, Ink::Orange);
        line(area, vec![(pixel(exact), 205), (pixel(exact), 262)], Ink::Orange, 1);
        let notice = "Each tick is a number of the format; between two ticks there is nothing.";
        text(area, notice, ((LEFT + RIGHT) / 2, 300), Side::Centre, TEXT, Ink::Ink);
    });
    Drawing { svg, table }
}
