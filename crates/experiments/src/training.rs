//! One network's training: what it has learned after each epoch, and what gradient each of its layers gets.

use crate::Table;
use crate::dataset::{Data, Dataset};
use vanishing::{
    Activation, Adam, Blueprint, ChaCha8Rng, Clipped, Error, Init, Loss, Momentum, Network, Optimiser, Over, Report,
    SeedableRng, Sgd, accuracy, share_right, train_epoch,
};

/// β of [`Method::Momentum`].
pub const MOMENTUM: f64 = 0.9;

/// How the parameters are moved by their gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `w − α ∂L/∂w`.
    Sgd,
    /// [`Momentum`] with [`MOMENTUM`].
    Momentum,
    /// [`Adam`] with its paper's β₁ and β₂.
    Adam,
}

impl Method {
    /// Every method, in the order of the tables.
    pub const ALL: [Self; 3] = [Self::Sgd, Self::Momentum, Self::Adam];

    /// Its name as the tables print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sgd => "SGD",
            Self::Momentum => "momentum",
            Self::Adam => "Adam",
        }
    }
}

/// A network, what it learns, and how. The loss is the softmax cross-entropy, so the last layer is linear.
#[derive(Clone, Debug, PartialEq)]
pub struct Training {
    /// What it learns.
    pub data: Data,
    /// Hidden layers; there is one more layer of weights.
    pub depth: usize,
    /// Neurons of each hidden layer.
    pub width: usize,
    /// φ of the hidden layers.
    pub activation: Activation,
    /// How weights are drawn.
    pub init: Init,
    /// What drawn weights are multiplied by: with [`Init::Normal`] they are `N(0, weight_std²/n)`.
    pub weight_std: f64,
    /// The standard deviation of the biases.
    pub bias_std: f64,
    /// Between weights and activation of every hidden layer.
    pub norm: Option<Over>,
    /// s, if every hidden layer but the first has a skip connection, `x + s φ(…)`.
    pub residual: Option<f64>,
    /// What makes a step of a gradient.
    pub optimiser: Method,
    /// α.
    pub learning_rate: f64,
    /// ε of [`Method::Adam`].
    pub epsilon: f64,
    /// θ, if the gradient of all parameters together is clipped to that norm before each step.
    pub clip: Option<f64>,
    /// How often each example is learned from.
    pub epochs: usize,
    /// Examples a step.
    pub batch: usize,
    /// It draws the weights, and then the order of the examples.
    pub seed: u64,
}

impl Default for Training {
    /// Chapter 10's network with five hidden layers: sigmoids, `N(0, 1/n)`, and the steps of the notes.
    fn default() -> Self {
        Self {
            data: Data::Digits,
            depth: 5,
            width: 30,
            activation: Activation::Sigmoid,
            init: Init::Normal,
            weight_std: 1.0,
            bias_std: 0.0,
            norm: None,
            residual: None,
            optimiser: Method::Sgd,
            learning_rate: 0.1,
            epsilon: 1e-8,
            clip: None,
            epochs: 30,
            batch: 16,
            seed: 1,
        }
    }
}

/// What was measured before the first epoch and after each.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// From epoch 0, before any step, to the last; to the one whose loss is not finite, if the training diverged.
    pub epochs: Vec<Epoch>,
}

/// The state of a network after some epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct Epoch {
    /// The cross-entropy over the training examples. Infinite or not a number: the training diverged.
    pub loss: f64,
    /// The share of the training examples that it gets right; NaN if its outputs are no numbers.
    pub train_accuracy: f64,
    /// The share of the test examples that it gets right; NaN likewise.
    pub test_accuracy: f64,
    /// `‖∂L/∂wˡ‖` over the training examples, from layer 1 to the output layer.
    pub weight_gradient_norms: Vec<f64>,
}

impl Epoch {
    /// Whether there is no loss any more.
    pub fn diverged(&self) -> bool {
        !self.loss.is_finite()
    }
}

impl Training {
    /// `epoch`, `loss`, `train_accuracy`, `test_accuracy`, and `‖∂L/∂wˡ‖` of each layer as `layer_1`, `layer_2` and so on.
    ///
    /// If the training diverges, the table ends with the epoch after which the loss was not finite.
    ///
    /// # Errors
    ///
    /// If the network can't be built, or the learning rate, ε, the clipping norm or the batch is out of range.
    ///
    /// # Panics
    ///
    /// If the digits that were compiled in are not the book's.
    pub fn run(&self) -> Result<Table, Error> {
        let history = self.history(&self.data.load().expect("the digits that were compiled in are whole"))?;
        let names = ["epoch", "loss", "train_accuracy", "test_accuracy"].map(String::from);
        let layers = (1..=self.depth + 1).map(|l| format!("layer_{l}"));
        let mut table = Table::new(names.into_iter().chain(layers));
        for (epoch, measured) in history.epochs.iter().enumerate() {
            let row = [epoch as f64, measured.loss, measured.train_accuracy, measured.test_accuracy];
            table.push(row.iter().chain(&measured.weight_gradient_norms).map(|&value| value.into()).collect());
        }
        Ok(table)
    }

    /// Trains on these examples, whatever `data` says, and measures before the first epoch and after each.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn history(&self, data: &Dataset) -> Result<History, Error> {
        let (mut network, mut steps) = self.start(data)?;
        let mut epochs = vec![self.measure(&network, data)];
        while epochs.len() <= self.epochs && !epochs[epochs.len() - 1].diverged() {
            steps.epoch(&mut network, data);
            epochs.push(self.measure(&network, data));
        }
        Ok(History { epochs })
    }

    /// Trains on these examples, whatever `data` says, and measures only at the end, which takes less time.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn end(&self, data: &Dataset) -> Result<Epoch, Error> {
        Ok(self.measure(&self.trained(data)?, data))
    }

    /// The network after training on these examples, whatever `data` says.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn trained(&self, data: &Dataset) -> Result<Network, Error> {
        let (mut network, mut steps) = self.start(data)?;
        for _ in 0..self.epochs {
            // A weight that is not a number stays so.
            if steps.epoch(&mut network, data).is_nan() {
                break;
            }
        }
        Ok(network)
    }

    /// The network before its first step, and what will train it.
    fn start(&self, data: &Dataset) -> Result<(Network, Steps), Error> {
        if self.batch == 0 {
            return Err(Error::OutOfRange { what: "the batch", value: 0.0, expected: "at least one example" });
        }
        if self.epsilon.is_nan() || self.epsilon < 0.0 {
            return Err(Error::OutOfRange { what: "Adam's epsilon", value: self.epsilon, expected: "at least 0" });
        }
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let widths = Blueprint::widths(data.train_x.ncols(), self.width, data.train_y.ncols(), self.depth + 1);
        let blueprint = Blueprint {
            gain: self.weight_std,
            bias_std: self.bias_std,
            norm: self.norm,
            residual: self.residual,
            ..Blueprint::new(&widths, self.activation, self.init, Loss::SoftmaxCrossEntropy)
        };
        let network = blueprint.build(&mut rng)?;
        let optimiser: Box<dyn Optimiser> = match self.optimiser {
            Method::Sgd => Box::new(Sgd::new(self.learning_rate)?),
            Method::Momentum => Box::new(Momentum::new(self.learning_rate, MOMENTUM)?),
            Method::Adam => {
                let mut adam = Adam::new(self.learning_rate)?;
                adam.epsilon = self.epsilon;
                Box::new(adam)
            }
        };
        let optimiser = match self.clip {
            Some(threshold) => Box::new(Clipped::new(optimiser, threshold)?),
            None => optimiser,
        };
        Ok((network, Steps { optimiser, batch: self.batch, rng }))
    }

    fn measure(&self, network: &Network, data: &Dataset) -> Epoch {
        let pass = network.gradient(&data.train_x, &data.train_y);
        let report = Report::new(network, &pass);
        let test_accuracy = match self.norm {
            // A test example is judged alone: its neighbours in the test set must not help.
            Some(Over::Batch) => {
                let mut frozen = network.clone();
                frozen.freeze_norms(&data.train_x);
                accuracy(&frozen, &data.test_x, &data.test_y)
            }
            _ => accuracy(network, &data.test_x, &data.test_y),
        };
        Epoch {
            loss: pass.loss,
            train_accuracy: share_right(pass.output(), &data.train_y),
            test_accuracy,
            weight_gradient_norms: report.layers.iter().filter_map(|layer| layer.weight_gradient_norm).collect(),
        }
    }
}

/// What turns one epoch into the next.
struct Steps {
    optimiser: Box<dyn Optimiser>,
    batch: usize,
    rng: ChaCha8Rng,
}

impl Steps {
    fn epoch(&mut self, network: &mut Network, data: &Dataset) -> f64 {
        train_epoch(network, &mut self.optimiser, &data.train_x, &data.train_y, self.batch, &mut self.rng)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanishing::ndarray::Axis;

    fn few_digits() -> Dataset {
        let all = Data::Digits.load().unwrap();
        let first = |values: &vanishing::Array2<f64>| values.view().split_at(Axis(0), 64).0.to_owned();
        Dataset {
            train_x: first(&all.train_x),
            train_y: first(&all.train_y),
            test_x: first(&all.test_x),
            test_y: first(&all.test_y),
        }
    }

    #[test]
    fn a_table_has_a_row_an_epoch_and_a_column_a_layer() {
        let table = Training { depth: 2, epochs: 1, ..Training::default() }.run().unwrap();
        let columns = ["epoch", "loss", "train_accuracy", "test_accuracy", "layer_1", "layer_2", "layer_3"];
        assert_eq!(table.columns(), columns);
        assert_eq!(table.numbers("epoch"), [0.0, 1.0]);
        assert!(table.numbers("loss")[1] < table.numbers("loss")[0]);
    }

    #[test]
    fn whatever_is_combined_can_be_trained_and_has_a_norm_for_each_layer_of_weights() {
        let digits = few_digits();
        for data in Data::ALL {
            for optimiser in Method::ALL {
                for norm in [None, Some(Over::Batch), Some(Over::Layer)] {
                    for (residual, clip) in [(None, Some(1.0)), (Some(0.5), None)] {
                        let (depth, epochs) = (3, 1);
                        let training =
                            Training { data, depth, epochs, optimiser, norm, residual, clip, ..Default::default() };
                        let examples = if data == Data::Digits { digits.clone() } else { data.load().unwrap() };
                        let history = training.history(&examples).unwrap();
                        assert_eq!(history.epochs.len(), 2);
                        for epoch in &history.epochs {
                            assert!(!epoch.diverged() && (0.0..=1.0).contains(&epoch.test_accuracy), "{training:?}");
                            assert_eq!(epoch.weight_gradient_norms.len(), 4);
                        }
                        assert_eq!(training.end(&examples).unwrap(), history.epochs[1]);
                    }
                }
            }
        }
    }

    #[test]
    fn every_setting_makes_a_difference() {
        let base = || Training { depth: 3, epochs: 1, optimiser: Method::Adam, ..Training::default() };
        let digits = few_digits();
        let others = [
            Training { depth: 2, ..base() },
            Training { width: 29, ..base() },
            Training { activation: Activation::Tanh, ..base() },
            Training { init: Init::Uniform, ..base() },
            Training { weight_std: 1.1, ..base() },
            Training { bias_std: 0.1, ..base() },
            Training { norm: Some(Over::Layer), ..base() },
            Training { residual: Some(1.0), ..base() },
            Training { optimiser: Method::Sgd, ..base() },
            Training { optimiser: Method::Momentum, ..base() },
            Training { learning_rate: 0.2, ..base() },
            Training { epsilon: 1e-3, ..base() },
            Training { clip: Some(1e-6), ..base() },
            Training { epochs: 2, ..base() },
            Training { batch: 15, ..base() },
            Training { seed: 2, ..base() },
        ];
        let loss = |training: &Training| training.end(&digits).unwrap().loss;
        let mut losses: Vec<_> = others.iter().chain([&base()]).map(loss).collect();
        losses.sort_by(f64::total_cmp);
        assert!(losses.windows(2).all(|pair| pair[0] < pair[1]), "two of these are the same: {losses:?}");
    }

    #[test]
    fn a_training_that_diverges_ends_with_the_row_that_says_so() {
        let training = Training { activation: Activation::Relu, learning_rate: 1e3, ..Training::default() };
        let history = training.history(&few_digits()).unwrap();
        let (last, before) = history.epochs.split_last().unwrap();
        assert!(last.diverged() && last.test_accuracy.is_nan() && before.iter().all(|epoch| !epoch.diverged()));
        assert!(history.epochs.len() < training.epochs, "{}", history.epochs.len());
        assert!(training.end(&few_digits()).unwrap().diverged());
        let huge = Training { weight_std: 1e200, activation: Activation::Identity, ..training };
        assert_eq!(huge.history(&few_digits()).unwrap().epochs.len(), 1, "there is no loss from the start");
    }

    #[test]
    fn with_batch_norm_a_test_image_is_judged_alone() {
        let mut digits = few_digits();
        let training = Training { norm: Some(Over::Batch), depth: 2, epochs: 2, ..Training::default() };
        let together = training.end(&digits).unwrap().test_accuracy;
        let (x, y) = (digits.test_x.clone(), digits.test_y.clone());
        let alone = (0..x.nrows()).map(|row| {
            digits.test_x = x.select(Axis(0), &[row]);
            digits.test_y = y.select(Axis(0), &[row]);
            training.end(&digits).unwrap().test_accuracy
        });
        assert_eq!(alone.sum::<f64>(), 64.0 * together);
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let message = |training: Training| training.run().unwrap_err().to_string();
        let base = Training::default;
        assert_eq!(message(Training { batch: 0, ..base() }), "the batch is 0; expected at least one example");
        assert_eq!(
            message(Training { learning_rate: f64::NAN, ..base() }),
            "the learning rate is NaN; expected a finite number of at least 0"
        );
        assert_eq!(
            message(Training { clip: Some(0.0), ..base() }),
            "the clipping norm is 0; expected a positive number"
        );
        assert_eq!(message(Training { epsilon: -1.0, ..base() }), "Adam's epsilon is -1; expected at least 0");
        assert_eq!(message(Training { width: 0, ..base() }), "layer 1 is 64 to 0; both must be at least 1");
    }
}
