//! Training: shuffle, cut into batches, step.

use crate::{Network, Optimiser, Pass};
use ndarray::{Array2, Axis};
use rand::{Rng, seq::SliceRandom};

/// One pass over the examples in a new random order, a step for every batch; the last batch may be smaller.
///
/// Gives the mean over the examples of the loss that each had just before its step.
///
/// # Panics
///
/// If `batch` is 0, or the shapes don't fit the network.
pub fn train_epoch(
    network: &mut Network,
    optimiser: &mut impl Optimiser,
    x: &Array2<f64>,
    y: &Array2<f64>,
    batch: usize,
    rng: &mut impl Rng,
) -> f64 {
    let mut order: Vec<usize> = (0..x.nrows()).collect();
    order.shuffle(rng);
    let mut pass = Pass::new(network, batch.min(order.len()));
    let mut loss = 0.0;
    for rows in order.chunks(batch) {
        if rows.len() != pass.a[0].nrows() {
            pass = Pass::new(network, rows.len());
        }
        let (x, y) = (x.select(Axis(0), rows), y.select(Axis(0), rows));
        optimiser.train_step(network, x.view(), y.view(), &mut pass, None);
        loss += pass.loss * rows.len() as f64;
    }
    loss / order.len() as f64
}

/// The share of examples whose largest output is where `y` has its 1.
///
/// # Panics
///
/// If the shapes don't fit the network.
pub fn accuracy(network: &Network, x: &Array2<f64>, y: &Array2<f64>) -> f64 {
    share_right(&network.forward(x), y)
}

/// [`accuracy`] of outputs that are at hand, `y_hat` and `y`: (batch, classes). NaN if an output is no number: such a network has
/// no answer.
pub fn share_right(y_hat: &Array2<f64>, y: &Array2<f64>) -> f64 {
    if y_hat.iter().any(|y_hat| y_hat.is_nan()) {
        return f64::NAN;
    }
    let largest = |row: ndarray::ArrayView1<f64>| {
        (0..row.len()).fold(0, |best, class| if row[class] > row[best] { class } else { best })
    };
    let right = y_hat.rows().into_iter().zip(y.rows()).filter(|(y_hat, y)| largest(*y_hat) == largest(*y)).count();
    right as f64 / y.nrows() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Init, Loss, Sgd};
    use ndarray::array;
    use rand::{SeedableRng, rngs::ChaCha8Rng};

    #[test]
    fn a_small_network_learns_exclusive_or() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
        let y = array![[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]];
        let mut network =
            Network::random(&[2, 8, 2], Activation::Tanh, Init::Glorot, Loss::SoftmaxCrossEntropy, &mut rng).unwrap();
        let mut sgd = Sgd::new(0.5).unwrap();
        let first = train_epoch(&mut network, &mut sgd, &x, &y, 3, &mut rng);
        let last = (0..300).map(|_| train_epoch(&mut network, &mut sgd, &x, &y, 3, &mut rng)).last().unwrap();
        assert!(first > 0.5 && last < 0.05, "the loss went from {first} to {last}");
        assert_eq!(accuracy(&network, &x, &y), 1.0);
    }

    #[test]
    fn outputs_that_are_no_numbers_are_no_answer() {
        let y = array![[1.0, 0.0], [0.0, 1.0]];
        assert_eq!(share_right(&array![[2.0, 1.0], [2.0, 1.0]], &y), 0.5);
        assert!(share_right(&array![[2.0, 1.0], [f64::NAN, 1.0]], &y).is_nan());
    }
}
