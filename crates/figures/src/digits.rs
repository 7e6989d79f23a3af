//! The digits and the networks that try to learn them.

use crate::Drawing;
use crate::canvas::{Ink, Side, sheet, text};
use crate::plot::{Axis, Plot, TEXT};
use experiments::Table;
use experiments::digits::{self, Digits, EPOCHS, Training};
use plotters::prelude::*;

/// The seed of the trainings that the page shows.
const SEED: u64 = 1;

/// The first image of each digit.
pub(crate) fn samples() -> Drawing {
    let first = |digit| (0..).map(digits::image).position(|(_, label)| label == digit).unwrap_or(0);
    let mut table = Table::new(["digit", "image", "ink"]);
    let svg = sheet(720, 180, |area| {
        const CELL: i32 = 7;
        for digit in 0..10_u8 {
            let image = first(digit);
            let (pixels, _) = digits::image(image);
            let left = 18 + i32::from(digit) * 70;
            for (at, &grey) in (0..).zip(pixels) {
                let (x, y) = (left + at % 8 * CELL, 36 + at / 8 * CELL);
                if grey > 0 {
                    let shade = Ink::Ink.colour().mix(f64::from(grey) / 16.0).filled();
                    area.draw(&Rectangle::new([(x, y), (x + CELL, y + CELL)], shade))
                        .expect("drawing into a string can't fail");
                }
            }
            text(area, &digit.to_string(), (left + 4 * CELL, 118), Side::Below, TEXT, Ink::Muted);
            let ink = pixels.iter().map(|&grey| usize::from(grey)).sum::<usize>();
            table.push(vec![usize::from(digit).into(), image.into(), ink.into()]);
        }
    });
    Drawing { svg, table }
}

fn trainings() -> Vec<Training> {
    digits::trainings(&Digits::load().expect("the digits that were compiled in are whole"), SEED)
}

/// The loss at each depth, epoch by epoch.
pub(crate) fn losses() -> Drawing {
    let trainings = trainings();
    let table = digits::losses(&trainings);
    let svg = sheet(720, 400, |area| {
        let last = EPOCHS as f64;
        let plot = Plot::new(area, Axis::linear(0.0, last, 5.0, "epoch"), Axis::linear(0.0, 2.5, 0.5, "loss"), 150);
        plot.dashes(&[0.0, last], &[10.0_f64.ln(); 2], Ink::Muted);
        plot.label("ln 10: knows nothing", (15.0, 10.0_f64.ln() + 0.06), Side::Above, Ink::Muted);
        for (training, ink) in trainings.iter().zip([Ink::Blue, Ink::Green, Ink::Purple, Ink::Orange]) {
            let losses = table.numbers(&format!("hidden_{}", training.hidden));
            plot.line(&table.numbers("epoch"), &losses, ink);
            // The two shallow networks end at nearly the same loss.
            let shift = match training.hidden {
                1 => -0.07,
                2 => 0.07,
                _ => 0.0,
            };
            let layers = if training.hidden == 1 { "hidden layer" } else { "hidden layers" };
            let name = format!("{} {layers}", training.hidden);
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
        let plot = Plot::new(area, Axis::linear(0.0, last, 5.0, "epoch"), y, 120);
        let inks = [Ink::Orange, Ink::Purple, Ink::Muted, Ink::Green, Ink::Blue, Ink::Ink];
        for (layer, ink) in (1..=6).zip(inks) {
            let norms = table.numbers(&format!("layer_{layer}"));
            plot.line(&table.numbers("epoch"), &norms, ink);
            let name = if layer == 6 { "output layer".into() } else { format!("layer {layer}") };
            plot.label(&name, (last, norms[EPOCHS]), Side::Right, ink);
        }
    });
    Drawing { svg, table }
}
