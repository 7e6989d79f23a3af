//! Chapter 28: every remedy of the book on the digits, at every depth.
//!
//! All networks are 30 wide, start from seeds that none was tuned on, and train for [`EPOCHS`] epochs in batches of 16. Only the
//! learning rate differs: [`Remedy::rates`] says how it was chosen.

use crate::Table;
use crate::dataset::{Data, Dataset};
use crate::gradient_by_layer::mean;
use crate::training::{Epoch, Method, Training};
use rayon::prelude::*;
use vanishing::{Activation, Error, Init, Over};

/// How long each network trains.
pub const EPOCHS: usize = 10;
/// Hidden layers.
pub const DEPTHS: [usize; 6] = [1, 2, 3, 5, 10, 20];
/// The seeds that are reported at each of [`DEPTHS`].
pub const SEEDS: [u64; 3] = [1, 2, 3];
/// A depth that is tried with the first seed only, by the remedies that come through 20 layers.
pub const DEEPEST: usize = 100;
/// Coming through: the percentage of the test images that each of the three gets right with 20 hidden layers, at least.
const THROUGH: f64 = 85.0;
/// The seed that learning rates are chosen on. It is not reported.
const CHOICE_SEED: u64 = 101;

/// One way to make a deep network learn, or to fail at it.
#[derive(Clone, Copy, Debug)]
pub struct Remedy {
    /// Its name in the figure.
    pub name: &'static str,
    /// α, the best of [`rates`](Remedy::rates).
    pub learning_rate: f64,
    /// The network with so many hidden layers.
    network: fn(usize) -> Training,
}

/// Every remedy, in the order of the figure.
pub const REMEDIES: [Remedy; 16] = [
    Remedy { name: "sigmoid", learning_rate: 1.0, network: |_| Training::default() },
    Remedy {
        name: "sigmoid + Adam",
        learning_rate: 0.01,
        network: |_| Training { optimiser: Method::Adam, ..Training::default() },
    },
    Remedy {
        name: "sigmoid + layer norm",
        learning_rate: 0.1,
        network: |_| Training { norm: Some(Over::Layer), ..Training::default() },
    },
    Remedy {
        name: "sigmoid + batch norm",
        learning_rate: 0.1,
        network: |_| Training { norm: Some(Over::Batch), ..Training::default() },
    },
    Remedy {
        name: "sigmoid + skip",
        learning_rate: 1.0,
        network: |_| Training { residual: Some(1.0), ..Training::default() },
    },
    Remedy { name: "tanh U(±1/√n)", learning_rate: 0.3, network: |_| tanh(Init::Uniform) },
    Remedy { name: "tanh Glorot", learning_rate: 0.03, network: |_| tanh(Init::Glorot) },
    Remedy { name: "tanh orthogonal", learning_rate: 0.03, network: |_| tanh(Init::Orthogonal) },
    Remedy { name: "ReLU U(±1/√n)", learning_rate: 0.1, network: |_| relu(Init::Uniform) },
    Remedy {
        name: "ReLU U(±1/√n) + Adam",
        learning_rate: 0.003,
        network: |_| Training { optimiser: Method::Adam, ..relu(Init::Uniform) },
    },
    Remedy { name: "ReLU He", learning_rate: 0.03, network: |_| relu(Init::He) },
    Remedy {
        name: "ReLU He + clipping",
        learning_rate: 0.3,
        network: |_| Training { clip: Some(1.0), ..relu(Init::He) },
    },
    Remedy {
        name: "ReLU He + batch norm",
        learning_rate: 0.1,
        network: |_| Training { norm: Some(Over::Batch), ..relu(Init::He) },
    },
    Remedy {
        name: "ReLU He + skip",
        learning_rate: 0.01,
        network: |_| Training { residual: Some(1.0), ..relu(Init::He) },
    },
    Remedy {
        name: "ReLU He + scaled skip",
        learning_rate: 0.1,
        network: |depth| Training { residual: Some(1.0 / (depth as f64).sqrt()), ..relu(Init::He) },
    },
    Remedy {
        name: "SELU normal",
        learning_rate: 0.03,
        network: |_| Training { activation: Activation::Selu, ..Training::default() },
    },
];

fn tanh(init: Init) -> Training {
    Training { activation: Activation::Tanh, init, ..Training::default() }
}

fn relu(init: Init) -> Training {
    Training { activation: Activation::Relu, init, ..Training::default() }
}

impl Remedy {
    /// The training of a network with so many hidden layers.
    pub fn training(&self, depth: usize, seed: u64) -> Training {
        Training { depth, seed, epochs: EPOCHS, learning_rate: self.learning_rate, ..(self.network)(depth) }
    }

    /// Each rate that α was chosen from, and how well it does: the share of the *training* images that is right, a mean over
    /// [`DEPTHS`], of networks with a seed that is not reported. A training that diverges counts as guessing, a tenth.
    ///
    /// # Errors
    ///
    /// If a network can't be built.
    pub fn rates(&self, digits: &Dataset) -> Result<Vec<(f64, f64)>, Error> {
        let rate = |&learning_rate: &f64| {
            let shares = DEPTHS.into_par_iter().map(|depth| {
                let end = Training { learning_rate, ..self.training(depth, CHOICE_SEED) }.end(digits)?;
                Ok(if end.diverged() { 0.1 } else { end.train_accuracy })
            });
            Ok((learning_rate, mean(&shares.collect::<Result<Vec<_>, Error>>()?)))
        };
        self.choices().iter().map(rate).collect()
    }

    fn choices(&self) -> &'static [f64] {
        match (self.network)(1).optimiser {
            Method::Adam => &[0.001, 0.003, 0.01, 0.03],
            Method::Sgd | Method::Momentum => &[0.01, 0.03, 0.1, 0.3, 1.0],
        }
    }
}

/// The remedy of this name.
///
/// # Panics
///
/// If there is none.
pub fn remedy(name: &str) -> Remedy {
    let found = REMEDIES.into_iter().find(|remedy| remedy.name == name);
    found.unwrap_or_else(|| panic!("there is no remedy {name}; there are {:?}", REMEDIES.map(|remedy| remedy.name)))
}

/// A row for each remedy and depth: how many trainings there were and how many diverged, and over all of them the mean, the
/// smallest and the largest percentage of the test images that is right at the end, and of the loss on the training images.
///
/// A training that diverged is not averaged away: then these are no numbers. At [`DEEPEST`] hidden layers there is one training
/// of each remedy whose three all get 85 % or more right with 20.
///
/// # Panics
///
/// If the digits that were compiled in are not the book's.
pub fn table() -> Table {
    let digits = Data::Digits.load().expect("the digits that were compiled in are whole");
    let rows = |jobs: Vec<(Remedy, usize, &[u64])>| -> Vec<Row> {
        let trainings: Vec<_> = jobs
            .iter()
            .flat_map(|(remedy, depth, seeds)| seeds.iter().map(|&seed| remedy.training(*depth, seed)))
            .collect();
        let ends: Vec<Epoch> = trainings
            .par_iter()
            .map(|training| training.end(&digits).expect("the remedies have widths and learning rates"))
            .collect();
        let mut ends = ends.into_iter();
        let row = |(remedy, hidden, seeds): (Remedy, usize, &[u64])| Row {
            remedy,
            hidden,
            ends: ends.by_ref().take(seeds.len()).collect(),
        };
        jobs.into_iter().map(row).collect()
    };
    let at = |remedy| DEPTHS.map(|depth| (remedy, depth, &SEEDS[..]));
    let mut all = rows(REMEDIES.into_iter().flat_map(at).collect());
    let through = |row: &&Row| row.hidden == DEPTHS[DEPTHS.len() - 1] && row.percent().1 >= THROUGH;
    all.extend(rows(all.iter().filter(through).map(|row| (row.remedy, DEEPEST, &SEEDS[..1])).collect()));
    let mut table = Table::new([
        "remedy",
        "learning_rate",
        "hidden",
        "runs",
        "diverged",
        "percent_mean",
        "percent_min",
        "percent_max",
        "loss_mean",
        "loss_min",
        "loss_max",
    ]);
    for row in all {
        let (percent, loss) = (row.percent(), spread(row.ends.iter().map(|end| end.loss)));
        table.push(vec![
            row.remedy.name.into(),
            row.remedy.learning_rate.into(),
            row.hidden.into(),
            row.ends.len().into(),
            row.ends.iter().filter(|end| end.diverged()).count().into(),
            percent.0.into(),
            percent.1.into(),
            percent.2.into(),
            loss.0.into(),
            loss.1.into(),
            loss.2.into(),
        ]);
    }
    table
}

/// What one remedy came to at one depth.
struct Row {
    remedy: Remedy,
    hidden: usize,
    ends: Vec<Epoch>,
}

impl Row {
    fn percent(&self) -> (f64, f64, f64) {
        spread(self.ends.iter().map(|end| 100.0 * end.test_accuracy))
    }
}

/// The mean, the smallest and the largest; NaN if one of them is no finite number.
fn spread(values: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let values: Vec<_> = values.collect();
    if values.iter().any(|value| !value.is_finite()) {
        return (f64::NAN, f64::NAN, f64::NAN);
    }
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
    (mean(&values), low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanishing::Report;

    #[test]
    fn every_remedy_has_a_name_of_its_own_and_a_rate_that_could_be_chosen() {
        for remedy in REMEDIES {
            assert!(!remedy.name.contains(','), "{} would be two cells of a CSV file", remedy.name);
            assert_eq!(REMEDIES.iter().filter(|other| other.name == remedy.name).count(), 1, "{}", remedy.name);
            assert!(remedy.choices().contains(&remedy.learning_rate), "{}", remedy.name);
        }
    }

    /// Far from the rows that are caught in the middle of their climb, where a seed decides.
    #[test]
    fn ten_sigmoid_layers_learn_nothing_and_a_skip_connection_or_batch_norm_or_tanh_is_a_way_out() {
        let digits = Data::Digits.load().unwrap();
        let right = |name| remedy(name).training(10, 1).end(&digits).unwrap().test_accuracy;
        assert!(right("sigmoid") < 0.15);
        assert!(right("sigmoid + Adam") < 0.3);
        for name in ["sigmoid + skip", "sigmoid + batch norm", "tanh Glorot", "tanh orthogonal"] {
            assert!(right(name) > 0.8, "{name}: {}", right(name));
        }
    }

    /// What page 28 concludes from one column: δ of layer 2 over δ of layer 20, before the first step.
    #[test]
    fn what_becomes_of_delta_before_the_first_step_tells_who_will_guess_and_who_will_diverge() {
        let digits = Data::Digits.load().unwrap();
        for remedy in REMEDIES {
            let network = Training { epochs: 0, ..remedy.training(20, 1) }.trained(&digits).unwrap();
            let report = Report::new(&network, &network.gradient(&digits.train_x, &digits.train_y));
            let dense = report.layers.iter().filter(|row| row.weight_gradient_norm.is_some());
            let deltas: Vec<_> = dense.map(|row| row.delta_norm).collect();
            let ratio = deltas[1] / deltas[19];
            // More than two powers of ten lie between the groups.
            let expected = match remedy.name {
                "sigmoid"
                | "sigmoid + Adam"
                | "sigmoid + layer norm"
                | "tanh U(±1/√n)"
                | "ReLU U(±1/√n)"
                | "ReLU U(±1/√n) + Adam" => 0.0..1e-3,
                "ReLU He + skip" => 1e3..1e6,
                _ => 0.1..1e2,
            };
            assert!(expected.contains(&ratio), "{}: {ratio}", remedy.name);
        }
    }

    #[test]
    fn a_training_that_diverged_is_not_averaged_away() {
        assert_eq!(spread([1.0, 3.0, 2.0].into_iter()), (2.0, 1.0, 3.0));
        for lost in [f64::NAN, f64::INFINITY] {
            let (mean, low, high) = spread([1.0, lost].into_iter());
            assert!(mean.is_nan() && low.is_nan() && high.is_nan());
        }
    }

    #[test]
    #[should_panic(expected = "there is no remedy prayer; there are [\"sigmoid\", ")]
    fn an_unknown_remedy_is_named() {
        remedy("prayer");
    }
}
