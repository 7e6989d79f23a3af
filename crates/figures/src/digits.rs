//! The digits and the networks that try to learn them.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet, square, text};
use crate::plot::{Axis, Plot, TEXT};
use experiments::Table;
use experiments::dataset::Data;
use experiments::digits::{self, DEPTHS, EPOCHS};
use experiments::training::History;

/// The seed of the trainings that the page shows.
const SEED: u64 = 1;

/// The first image of each digit.
pub(crate) fn samples() -> Drawing {
    let first = |digit| (0..).map(digits::image).position(|(_, label)| label == digit).unwrap_or(0);
    let mut table = Table::new(["digit", "image", "ink"]);
    let svg = sheet(720, 150, |area| {
        const CELL: f64 = 7.0;
        for digit in 0..10_u8 {
            let image = first(digit);
            let (pixels, _) = digits::image(image);
            let left = 18.0 + f64::from(digit) * 70.0;
            for (at, &grey) in (0_u8..).zip(pixels).filter(|(_, grey)| **grey > 0) {
                let corner = (left + f64::from(at % 8) * CELL, 36.0 + f64::from(at / 8) * CELL);
                square(area, corner, CELL, Ink::Text, f64::from(grey) / 16.0);
            }
            text(area, &digit.to_string(), (left + 4.0 * CELL, 104.0), Side::Below, TEXT, Ink::Muted);
            let ink = pixels.iter().map(|&grey| usize::from(grey)).sum::<usize>();
            table.push(vec![usize::from(digit).into(), image.into(), ink.into()]);
        }
    });
    Drawing { svg, table }
}

fn trainings() -> Vec<History> {
    digits::trainings(&Data::Digits.load().expect("the digits that were compiled in are whole"), SEED)
}

/// The loss at each depth, epoch by epoch.
pub(crate) fn losses() -> Drawing {
    let trainings = trainings();
    let table = digits::losses(&trainings);
    let svg = sheet(720, 400, |area| {
        let last = EPOCHS as f64;
        let plot = Plot::new(area, Axis::linear(0.0, last, 5.0, "epoch"), Axis::linear(0.0, 2.5, 0.5, "loss"), 150.0);
        plot.dashes(&[0.0, last], &[10.0_f64.ln(); 2], Ink::Muted);
        plot.label("ln 10: knows nothing", (15.0, 10.0_f64.ln() + 0.06), Side::Above, Ink::Muted);
        for (hidden, ink) in DEPTHS.into_iter().zip([Ink::Blue, Ink::Green, Ink::Purple, Ink::Orange]) {
            let losses = table.numbers(&format!("hidden_{}", hidden));
            plot.line(&table.numbers("epoch"), &losses, ink);
            // The two shallow networks end at nearly the same loss.
            let shift = match hidden {
                1 => -0.07,
                2 => 0.03,
                3 => 0.09,
                _ => 0.0,
            };
            let layers = if hidden == 1 { "hidden layer" } else { "hidden layers" };
            let name = format!("{} {layers}", hidden);
            plot.label(&name, (last, losses[EPOCHS] + shift), Side::Right, ink);
        }
    });
    Drawing { svg, table }
}

/// The gradient of each layer of the deepest network, epoch by epoch.
pub(crate) fn gradients() -> Drawing {
    let trainings = trainings();
    let table = digits::gradients(&trainings[3]);
    let svg = sheet(720, 420, |area| {
        let last = EPOCHS as f64;
        let y = Axis::logarithmic(-4, 0, 1, "norm of ∂L/∂w");
        let plot = Plot::new(area, Axis::linear(0.0, last, 5.0, "epoch"), y, 120.0);
        let inks = [Ink::Orange, Ink::Purple, Ink::Muted, Ink::Green, Ink::Blue, Ink::Text];
        for (layer, ink) in (1..=6).zip(inks) {
            let norms = table.numbers(&format!("layer_{layer}"));
            plot.line(&table.numbers("epoch"), &norms, ink);
            let name = if layer == 6 { "output layer".into() } else { format!("layer {layer}") };
            // The three lowest end close together.
            let apart = [1.0, 0.72, 1.4, 1.0, 1.0, 1.0][layer - 1];
            plot.label(&name, (last, norms[EPOCHS] * apart), Side::Right, ink);
        }
    });
    Drawing { svg, table }
}
