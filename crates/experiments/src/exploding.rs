//! Gradients above 1: a wall in the loss, steps that are thrown off it, and clipping.

use crate::Table;
use crate::dataset::Dataset;
use rayon::prelude::*;
use vanishing::{
    Activation, Blueprint, ChaCha8Rng, Clipped, Init, Loss, Pass, RecurrentWeights, Rnn, SeedableRng, Sgd, accuracy,
    array, back_through_time, clip, train_epoch, unroll,
};

/// How often the neuron of the wall is applied.
pub const WALL_STEPS: usize = 30;
/// What its last output should be.
pub const WALL_TARGET: f64 = 0.9;

/// One neuron that sees its own output, `h ← σ(5h + b)`, thirty times from h = 1/2: `L = ½(h_30 − 0.9)²` and `∂L/∂b`.
///
/// At b = −2.5 it stays at 1/2, where its slope is 5/4; left and right of that it is driven away from there, to a low or a high
/// output. That is the wall. Pascanu, Mikolov and Bengio 2013 draw the loss of such a neuron over two parameters.
///
/// # Panics
///
/// If b is not finite.
pub fn wall(b: f64) -> (f64, f64) {
    let weights = RecurrentWeights::new(array![[0.0]], array![[5.0]], array![b]).expect("finite weights");
    let cell = Rnn::new(weights, Activation::Sigmoid).expect("u is square");
    let xs = vec![array![[0.0]]; WALL_STEPS];
    let unrolled = unroll(&cell, &xs, &array![[0.5]]);
    let error = unrolled.states[WALL_STEPS][[0, 0]] - WALL_TARGET;
    // Only the last state has a loss.
    let mut dstates = vec![array![[0.0]]; WALL_STEPS];
    dstates[WALL_STEPS - 1] = array![[error]];
    let mut gradient = vanishing::Cell::zero_gradient(&cell);
    back_through_time(&cell, &xs, &unrolled, &dstates, &mut gradient);
    (0.5 * error * error, gradient.db[0])
}

/// `b, loss, gradient` of the [`wall`] for b from −2.75 to −2.25.
pub fn wall_curve() -> Table {
    let mut table = Table::new(["b", "loss", "gradient"]);
    // The wall is a few thousandths wide.
    let near = (-40..=40).map(|k| -2.5 + f64::from(k) * 2.5e-4);
    let left = (0..24).map(|k| -2.75 + f64::from(k) * 0.01);
    let right = (2..=25).map(|k| -2.5 + f64::from(k) * 0.01);
    for b in left.chain(near).chain(right) {
        let (loss, gradient) = wall(b);
        table.push(vec![b.into(), loss.into(), gradient.into()]);
    }
    table
}

/// Descent on the [`wall`] at the learning rate 0.1: `step, b, loss, gradient`, from b at the start to b after `steps`. A gradient
/// above `threshold` is clipped to it first; an infinite one clips nothing.
pub fn wall_descent(start: f64, threshold: f64, steps: usize) -> Table {
    let mut table = Table::new(["step", "b", "loss", "gradient"]);
    let mut b = start;
    for step in 0..=steps {
        let (loss, gradient) = wall(b);
        table.push(vec![step.into(), b.into(), loss.into(), gradient.into()]);
        b -= 0.1 * gradient * (threshold / gradient.abs()).min(1.0);
    }
    table
}

/// Of `starts` starting points between −2.7 and −2.6, the share that plain descent throws past the valley, to b > −2.2, within 40
/// steps; with clipping at `threshold`.
pub fn thrown(starts: usize, threshold: f64) -> f64 {
    let start = |k: usize| -2.7 + 0.1 * (k as f64 + 0.5) / starts as f64;
    let far = |k: &usize| wall_descent(start(*k), threshold, 40).numbers("b").iter().any(|&b| b > -2.2);
    (0..starts).into_par_iter().filter(far).count() as f64 / starts as f64
}

/// A ReLU network of ten hidden layers of 30 on the digits, its weights drawn too large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TooLarge {
    /// He's weights are multiplied by this.
    pub gain: f64,
    /// The learning rate.
    pub learning_rate: f64,
    /// θ of the clipping; infinite for none.
    pub threshold: f64,
    /// Rounds over the training images, in batches of 16.
    pub epochs: usize,
    /// Of the weights and the order.
    pub seed: u64,
}

impl Default for TooLarge {
    fn default() -> Self {
        Self { gain: 1.5, learning_rate: 0.05, threshold: f64::INFINITY, epochs: 5, seed: 1 }
    }
}

impl TooLarge {
    /// `epoch, loss, gradient_norm, accuracy`: before the first and after each epoch, over the training images, and the share of
    /// the test images that is right. A network that is full of NaN has a loss of NaN.
    ///
    /// # Panics
    ///
    /// If the gain is not finite, the learning rate is none, or the threshold is not a positive number.
    pub fn run(&self, digits: &Dataset) -> Table {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let widths = Blueprint::widths(64, 30, 10, 11);
        let plan = Blueprint::new(&widths, Activation::Relu, Init::He, Loss::SoftmaxCrossEntropy);
        let mut network = Blueprint { gain: self.gain, ..plan }.build(&mut rng).expect("a finite gain");
        let sgd = Sgd::new(self.learning_rate).expect("a learning rate");
        let mut optimiser = Clipped::new(sgd, self.threshold).expect("a positive threshold");
        let (x, y) = (&digits.train_x, &digits.train_y);
        let mut table = Table::new(["epoch", "loss", "gradient_norm", "accuracy"]);
        let mut pass = Pass::new(&network, x.nrows());
        for epoch in 0..=self.epochs {
            if epoch > 0 {
                train_epoch(&mut network, &mut optimiser, x, y, 16, &mut rng);
            }
            network.forward_into(x.view(), &mut pass);
            network.backward_into(y.view(), &mut pass);
            // With an infinite threshold it measures and changes nothing.
            let norm = clip(&mut network, &mut pass, f64::INFINITY);
            let right = accuracy(&network, &digits.test_x, &digits.test_y);
            table.push(vec![epoch.into(), pass.loss.into(), norm.into(), right.into()]);
        }
        table
    }
}

/// `seed, he, too_large, clipped`: the share of the test images that is right after ten epochs, with He's weights, with weights
/// 1.5 times as large, and with those and the gradient clipped at 5. A network whose loss is NaN has a NaN here too.
pub fn too_large(digits: &Dataset, seeds: u64) -> Table {
    let settings = [(1.0, f64::INFINITY), (1.5, f64::INFINITY), (1.5, 5.0)];
    let runs: Vec<(u64, f64, f64)> =
        (1..=seeds).flat_map(|seed| settings.map(|(gain, threshold)| (seed, gain, threshold))).collect();
    let ends: Vec<f64> = runs
        .into_par_iter()
        .map(|(seed, gain, threshold)| {
            let run = TooLarge { gain, threshold, seed, epochs: 10, ..TooLarge::default() }.run(digits);
            let (loss, right) = (run.numbers("loss")[10], run.numbers("accuracy")[10]);
            if loss.is_nan() { f64::NAN } else { right }
        })
        .collect();
    let mut table = Table::new(["seed", "he", "too_large", "clipped"]);
    for (seed, ends) in (1_usize..).zip(ends.chunks(3)) {
        table.push(vec![seed.into(), ends[0].into(), ends[1].into(), ends[2].into()]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn the_walls_gradient_is_its_central_difference() {
        for b in [-2.7, -2.52, -2.5, -2.495, -2.3, 1.0] {
            let measured = vanishing::central_difference(|b| wall(b).0, b, 1e-7);
            // On the wall the second derivative is near 1e5, so h² of it is 1e-9; off it the rounding of L over h is.
            assert_relative_eq!(wall(b).1, measured, max_relative = 1e-5, epsilon = 1e-8);
        }
    }

    #[test]
    fn clipping_crosses_the_wall_and_plain_descent_is_thrown_off_it() {
        let (plain, clipped) = (wall_descent(-2.7, f64::INFINITY, 60), wall_descent(-2.7, 0.2, 60));
        assert!(plain.numbers("b")[60] > 0.5);
        let b = clipped.numbers("b");
        assert!(b[60] > -2.5 && b[60] < -2.3);
        assert!(b.windows(2).all(|pair| (pair[1] - pair[0]).abs() <= 0.1 * 0.2 + 1e-15));
    }

    #[test]
    fn clipping_saves_a_network_that_was_drawn_too_large_but_not_every_one() {
        let table = too_large(&crate::dataset::Data::Digits.load().unwrap(), 3);
        assert!(table.numbers("he").iter().all(|&right| right > 0.8));
        assert!(table.numbers("too_large").iter().all(|right| right.is_nan()));
        assert!(table.numbers("clipped").iter().all(|right| right.is_finite()));
        insta::assert_snapshot!(table);
    }
}
