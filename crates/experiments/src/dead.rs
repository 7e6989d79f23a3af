//! Dead units: neurons that are off for every example, so that no gradient reaches their weights.

use crate::Table;
use crate::dataset::Dataset;
use crate::gradient_by_layer::mean;
use rayon::prelude::*;
use vanishing::{
    Activation, Blueprint, ChaCha8Rng, Error, Init, Layer, Loss, Network, Pass, SeedableRng, Sgd, accuracy, train_epoch,
};

/// A network that learns the digits, and how many of its hidden units die of it.
///
/// Weights start by He's rule, `N(0, 2/n)`; the loss is the softmax cross-entropy, the batch 16.
#[derive(Clone, Debug, PartialEq)]
pub struct Dying {
    /// φ of the hidden layers.
    pub activation: Activation,
    /// Hidden layers.
    pub hidden: usize,
    /// Units of each.
    pub width: usize,
    /// What the biases of the hidden layers start at.
    pub bias: f64,
    /// α, the learning rate.
    pub rate: f64,
    /// Rounds over the 1437 training images.
    pub epochs: usize,
    /// How many networks are trained.
    pub seeds: usize,
    /// The seed of the first one; the others follow it.
    pub seed: u64,
}

impl Default for Dying {
    /// Two hidden layers of 30 ReLUs, biases at 0, and the learning rate of page 10.
    fn default() -> Self {
        Self { activation: Activation::Relu, hidden: 2, width: 30, bias: 0.0, rate: 0.1, epochs: 10, seeds: 5, seed: 1 }
    }
}

/// What is measured of one network, before the first epoch and after each.
const MEASURED: [&str; 5] = ["off", "dead", "dead_last", "loss", "right"];

impl Dying {
    /// `epoch`, from 0, the start, and the means over the seeds of: `off`, the share of hidden units whose output is not above 0
    /// for any training image; `dead`, the share whose slope is 0 for all of them; `dead_last`, that share of the last hidden
    /// layer; the training `loss`; and `right`, the share of test images. A loss that is no number in one network makes the mean
    /// of that epoch no number.
    ///
    /// # Errors
    ///
    /// If the network can't be built, or α is no learning rate.
    pub fn run(&self, digits: &Dataset) -> Result<Table, Error> {
        let seeds = (0..self.seeds as u64).into_par_iter().map(|k| self.train(digits, self.seed + k));
        let runs = seeds.collect::<Result<Vec<_>, _>>()?;
        let mut table = Table::new(["epoch"].into_iter().chain(MEASURED));
        for epoch in 0..=self.epochs {
            let over_seeds = |k: usize| mean(&runs.iter().map(|run| run[epoch][k]).collect::<Vec<_>>());
            let means = (0..MEASURED.len()).map(|k| over_seeds(k).into());
            table.push([epoch.into()].into_iter().chain(means).collect());
        }
        Ok(table)
    }

    fn train(&self, digits: &Dataset, seed: u64) -> Result<Vec<[f64; MEASURED.len()]>, Error> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (x, y) = (&digits.train_x, &digits.train_y);
        let widths = Blueprint::widths(x.ncols(), self.width, y.ncols(), self.hidden + 1);
        let mut network = Network::random(&widths, self.activation, Init::He, Loss::SoftmaxCrossEntropy, &mut rng)?;
        for layer in network.layers.iter_mut().take(self.hidden) {
            if let Layer::Dense(dense) = layer {
                dense.b.fill(self.bias);
            }
        }
        let mut sgd = Sgd::new(self.rate)?;
        let mut epochs = vec![self.measure(&network, digits)];
        for _ in 0..self.epochs {
            train_epoch(&mut network, &mut sgd, x, y, 16, &mut rng);
            epochs.push(self.measure(&network, digits));
        }
        Ok(epochs)
    }

    fn measure(&self, network: &Network, digits: &Dataset) -> [f64; MEASURED.len()] {
        let mut pass = Pass::new(network, digits.train_x.nrows());
        network.forward_into(digits.train_x.view(), &mut pass);
        network.backward_into(digits.train_y.view(), &mut pass);
        let share = |from: usize, holds: &dyn Fn(f64) -> bool| {
            let units = pass.a[from..=self.hidden].iter().flat_map(|a| a.columns());
            let count = units.filter(|unit| unit.iter().all(|&a| holds(a))).count();
            count as f64 / ((self.hidden + 1 - from) * self.width) as f64
        };
        let no_slope = |a: f64| self.activation.slope(a) == 0.0;
        [
            share(1, &|a| a <= 0.0),
            share(1, &no_slope),
            share(self.hidden, &no_slope),
            pass.loss,
            accuracy(network, &digits.test_x, &digits.test_y),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Data;

    fn run(dying: &Dying) -> Table {
        dying.run(&Data::Digits.load().unwrap()).unwrap()
    }

    fn last(table: &Table, column: &str) -> f64 {
        *table.numbers(column).last().unwrap()
    }

    #[test]
    fn a_large_rate_kills_relus_and_a_small_one_kills_none() {
        let small = run(&Dying { seeds: 2, epochs: 2, ..Default::default() });
        assert_eq!(small.numbers("dead"), [0.0; 3]);
        let large = run(&Dying { rate: 1.0, seeds: 2, epochs: 4, ..Default::default() });
        assert_eq!(large.numbers("dead")[0], 0.0);
        assert!(last(&large, "dead") > 0.2, "{large}");
        assert!(last(&large, "right") < 0.3, "{large}");
    }

    #[test]
    fn a_leaky_unit_may_be_off_and_is_never_dead() {
        let leaky =
            run(&Dying { activation: Activation::LeakyRelu, bias: -6.0, seeds: 2, epochs: 1, ..Default::default() });
        assert!(leaky.numbers("off")[0] > 0.2, "{leaky}");
        assert_eq!(leaky.numbers("dead"), [0.0; 2]);
    }

    /// In the first layer, whose inputs are the images and stay what they are, a dead unit stays dead.
    #[test]
    fn nothing_revives_a_dead_unit_of_the_first_layer() {
        let dead = run(&Dying { hidden: 1, bias: -6.0, seeds: 2, epochs: 4, ..Default::default() }).numbers("dead");
        assert!(dead[0] > 0.2, "{dead:?}");
        assert!(dead.windows(2).all(|pair| pair[1] >= pair[0]), "{dead:?}");
    }
}
