//! Chapter 18: the slopes of ReLU and its kin, and the units that die of a large learning rate.

use crate::Drawing;
use crate::canvas::{Ink, Side, parts, sheet};
use crate::plot::{Axis, Plot};
use experiments::Table;
use experiments::dataset::Data;
use experiments::dead::Dying;
use experiments::kin;

/// φ′ of six activations, each on axes of its own, with the sigmoid's slope behind.
pub(crate) fn slopes() -> Drawing {
    let table = kin::slopes();
    let (zs, sigmoid) = (table.numbers("z"), table.numbers("sigmoid"));
    // Left and right of 0 are two lines, since at 0 four of the slopes jump.
    let (left, right) = (0..zs.len()).partition::<Vec<_>, _>(|&k| zs[k] <= 0.0);
    let svg = sheet(720, 470, |area| {
        for (k, (part, kin)) in parts(area, 2, 3).iter().zip(kin::KIN).enumerate() {
            let (x, y) = (Axis::linear(-4.0, 4.0, 4.0, "z"), Axis::linear(0.0, 1.8, 1.0, kin.name()));
            let plot = Plot::new(part, x, y, 12.0);
            plot.dashes(&zs, &sigmoid, Ink::Orange);
            let slopes = table.numbers(&kin::column(kin));
            for half in [&left, &right] {
                let of = |values: &[f64]| half.iter().map(|&k| values[k]).collect::<Vec<_>>();
                plot.line(&of(&zs), &of(&slopes), Ink::Blue);
            }
            if k == 0 {
                plot.label("sigmoid", (-2.2, 0.2), Side::Above, Ink::Orange);
            }
        }
    });
    Drawing { svg, table }
}

/// The share of dead units while ReLU networks learn the digits, at three learning rates.
pub(crate) fn dying() -> Drawing {
    let digits = Data::Digits.load().expect("the images are whole");
    let rates = [(1.0, "rate 1", "rate_1"), (0.5, "rate 0.5", "rate_0_5"), (0.1, "rate 0.1", "rate_0_1")];
    let runs =
        rates.map(|(rate, ..)| Dying { rate, ..Default::default() }.run(&digits).expect("the network can be built"));
    let epochs = runs[0].numbers("epoch");
    let percent = |run: &Table| run.numbers("dead").iter().map(|dead| 100.0 * dead).collect::<Vec<_>>();
    let svg = sheet(720, 380, |area| {
        let x = Axis::linear(0.0, 10.0, 2.0, "epoch");
        let plot = Plot::new(area, x, Axis::linear(0.0, 60.0, 10.0, "dead hidden units, %"), 100.0);
        for ((run, (_, label, _)), ink) in runs.iter().zip(rates).zip([Ink::Orange, Ink::Purple, Ink::Blue]) {
            plot.line(&epochs, &percent(run), ink);
            plot.label(label, (10.0, percent(run)[10]), Side::Right, ink);
        }
        plot.dashes(&[0.0, 10.0], &[50.0, 50.0], Ink::Muted);
        plot.label("one layer of the two", (8.0, 50.0), Side::Above, Ink::Muted);
    });
    let mut table = Table::new(["epoch"].into_iter().chain(rates.map(|(.., column)| column)));
    for (k, &epoch) in epochs.iter().enumerate() {
        table.push([epoch.into()].into_iter().chain(runs.iter().map(|run| run.numbers("dead")[k].into())).collect());
    }
    Drawing { svg, table }
}
