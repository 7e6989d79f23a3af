//! Chapter 10: deep sigmoid networks that try to learn real handwritten digits.

use crate::Table;
use crate::dataset::Dataset;
use crate::training::{History, Training};
use rayon::prelude::*;
use vanishing::Activation;

pub use crate::dataset::image;

/// How long each network of this page trains.
pub const EPOCHS: usize = 30;

/// Trains a sigmoid network 64 – 30 – … – 30 – 10 with `hidden` hidden layers: weights `N(0, 1/n)`, biases 0, softmax
/// cross-entropy, gradient descent at the learning rate 0.1 in batches of 16.
pub fn train(digits: &Dataset, hidden: usize, epochs: usize, seed: u64) -> History {
    let training = Training { depth: hidden, activation: Activation::Sigmoid, epochs, seed, ..Training::default() };
    training.history(digits).expect("the widths are not empty, and 0.1 is a learning rate")
}

/// The depths of the page: hidden layers.
pub const DEPTHS: [usize; 4] = [1, 2, 3, 5];

/// One training for each of [`DEPTHS`], side by side.
pub fn trainings(digits: &Dataset, seed: u64) -> Vec<History> {
    DEPTHS.into_par_iter().map(|hidden| train(digits, hidden, EPOCHS, seed)).collect()
}

/// `epoch` and the training loss at each of the depths.
pub fn losses(trainings: &[History]) -> Table {
    let names = DEPTHS.map(|hidden| format!("hidden_{hidden}"));
    let mut table = Table::new([String::from("epoch")].into_iter().chain(names));
    for epoch in 0..=EPOCHS {
        let losses = trainings.iter().map(|training| training.epochs[epoch].loss.into());
        table.push([epoch.into()].into_iter().chain(losses).collect());
    }
    table
}

/// `epoch` and `‖∂L/∂wˡ‖` of each layer of one training.
pub fn gradients(training: &History) -> Table {
    let names = (1..=training.epochs[0].weight_gradient_norms.len()).map(|l| format!("layer_{l}"));
    let mut table = Table::new([String::from("epoch")].into_iter().chain(names));
    for (epoch, measured) in training.epochs.iter().enumerate() {
        let norms = measured.weight_gradient_norms.iter().map(|&norm| norm.into());
        table.push([epoch.into()].into_iter().chain(norms).collect());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Data;
    use approx::assert_relative_eq;

    #[test]
    fn five_hidden_layers_of_sigmoids_learn_nothing_and_one_learns_the_digits() {
        let trainings = trainings(&Data::Digits.load().unwrap(), 1);
        let last: Vec<_> = trainings.iter().map(|training| &training.epochs[EPOCHS]).collect();
        assert!(last[0].test_accuracy > 0.88, "{:?}", last[0]);
        assert!(last[3].test_accuracy < 0.15, "{:?}", last[3]);
        assert!((last[3].loss - 10.0_f64.ln()).abs() < 0.02, "{:?}", last[3]);
        insta::assert_snapshot!(losses(&trainings));
        insta::assert_snapshot!(gradients(&trainings[3]));
    }

    #[test]
    fn three_layers_cost_the_gradient_the_mean_field_rate_three_times() {
        // From layer 5 back to layer 2, three times 0.236052; a factor of 2 covers the spread of a width of 30.
        let digits = Data::Digits.load().unwrap();
        let logs = (0..8).map(|seed| {
            let norms = &train(&digits, 5, 0, seed).epochs[0].weight_gradient_norms;
            (norms[1] / norms[4]).ln()
        });
        let ratio = (logs.sum::<f64>() / 8.0).exp();
        assert_relative_eq!(ratio.log2(), 0.236_052_f64.powi(3).log2(), epsilon = 1.0);
    }
}
