//! Nielsen's chapter 5 again: how fast each hidden layer learns at the start, over many random starts.
//!
//! His measure is the norm of `∂L/∂bˡ`, which is the norm of the mean of δˡ over the examples; `‖δˡ‖` of
//! [`GradientByLayer`](crate::gradient_by_layer::GradientByLayer) is that of a single example.

use crate::Table;
use crate::dataset::{Dataset, image};
use crate::gradient_by_layer::{mean, standard_normal};
use rayon::prelude::*;
use vanishing::{
    Activation, Array2, Blueprint, ChaCha8Rng, Init, Loss, Network, Pass, SeedableRng, exp,
    ndarray::{ArrayView2, Axis},
    norm,
};

/// The norms of Nielsen 2015, chapter 5, for networks of two, three and four hidden layers, layer 1 first: the values before the first
/// step in `fig/norms_during_training_{2,3,4}_layers.json` of the book's repository. The text rounds them to 0.07 and 0.31; 0.012,
/// 0.060 and 0.283; 0.003, 0.017, 0.070 and 0.285.
pub const NIELSEN: [&[f64]; 3] = [
    &[0.065_741_34, 0.309_218_49],
    &[0.011_838_21, 0.059_965_19, 0.283_142_39],
    &[0.002_975_27, 0.017_076_67, 0.069_539_24, 0.285_138_94],
];

/// What the networks are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// The grey values of the images from 0, white, to 1, black, as Nielsen has them.
    Grey,
    /// The images with each pixel shifted and scaled to mean 0 and variance 1.
    Standardised,
    /// Independent numbers `N(0, 1)` in place of the pixels, with the targets of the images.
    Noise,
}

impl Inputs {
    /// All three, in the order of the table.
    pub const ALL: [Self; 3] = [Self::Grey, Self::Standardised, Self::Noise];

    /// Its name as the tables print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grey => "grey values",
            Self::Standardised => "standardised",
            Self::Noise => "noise",
        }
    }

    /// (examples, 64).
    fn draw(self, digits: &Dataset, examples: usize, rng: &mut ChaCha8Rng) -> Array2<f64> {
        let pixels = digits.train_x.ncols();
        match self {
            Self::Grey => Array2::from_shape_fn((examples, pixels), |(i, p)| f64::from(image(i).0[p]) / 16.0),
            Self::Standardised => first(&digits.train_x, examples).to_owned(),
            Self::Noise => standard_normal(examples, pixels, rng),
        }
    }
}

/// Networks of `inputs` – n – … – n – 10 sigmoids, weights `N(0, 1/fan_in)`, biases `N(0, 1)`, cross-entropy on the outputs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerSpeeds {
    /// k, the number of hidden layers.
    pub hidden: usize,
    /// n, the neurons of each of them.
    pub width: usize,
    /// What goes in.
    pub inputs: Inputs,
    /// How many examples the gradient is a mean over; at most 1437.
    pub examples: usize,
    /// How many networks are drawn.
    pub seeds: u64,
    /// The seed of the first one; the others follow it.
    pub seed: u64,
}

impl Default for LayerSpeeds {
    /// Nielsen's network of two hidden layers on 1000 digits, a hundred times.
    fn default() -> Self {
        Self { hidden: 2, width: 30, inputs: Inputs::Grey, examples: 1000, seeds: 100, seed: 0 }
    }
}

/// Two norms of one hidden layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed {
    /// `‖∂L/∂bˡ‖`, the mean of δˡ over the examples: Nielsen's speed.
    pub bias: f64,
    /// `‖∂L/∂wˡ‖`.
    pub weight: f64,
}

impl LayerSpeeds {
    /// For each seed the speeds of the hidden layers, layer 1 first.
    pub fn run(&self, digits: &Dataset) -> Vec<Vec<Speed>> {
        (0..self.seeds).into_par_iter().map(|k| self.speeds(digits, self.seed + k)).collect()
    }

    fn speeds(&self, digits: &Dataset, seed: u64) -> Vec<Speed> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let pixels = digits.train_x.ncols();
        let network = self.network(pixels, &mut rng);
        let x = self.inputs.draw(digits, self.examples, &mut rng);
        let mut pass = Pass::new(&network, self.examples);
        network.forward_into(x.view(), &mut pass);
        network.backward_into(first(&digits.train_y, self.examples), &mut pass);
        let gradients = pass.gradient.iter().take(self.hidden).map(|gradient| gradient.dense());
        gradients.map(|gradient| Speed { bias: norm(&gradient.db), weight: norm(&gradient.dw) }).collect()
    }

    fn network(&self, pixels: usize, rng: &mut ChaCha8Rng) -> Network {
        let widths = Blueprint::widths(pixels, self.width, 10, self.hidden + 1);
        let plan = Blueprint::new(&widths, Activation::Sigmoid, Init::Normal, Loss::BinaryCrossEntropy);
        Blueprint { bias_std: 1.0, ..plan }.build(rng).expect("the widths are not empty")
    }
}

fn first(rows: &Array2<f64>, count: usize) -> ArrayView2<'_, f64> {
    rows.view().split_at(Axis(0), count).0
}

/// How many times as fast a layer is as the one before it: the geometric mean over the seeds and over all pairs of neighbours.
pub fn ratio(runs: &[Vec<Speed>], of: fn(&Speed) -> f64) -> f64 {
    let logs = runs.iter().flat_map(|run| run.windows(2).map(move |pair| libm::log(of(&pair[1]) / of(&pair[0]))));
    exp(mean(&logs.collect::<Vec<_>>()))
}

/// Four hidden layers and three kinds of input: `inputs`, and how many times as fast layer l + 1 is as layer l, `bias_1` to `bias_3`;
/// then the same of `‖∂L/∂wˡ‖`. Geometric means over the seeds.
pub fn by_inputs(digits: &Dataset, seeds: u64) -> Table {
    let of = ["bias", "weight"].into_iter();
    let names = of.flat_map(|of| (1..=3).map(move |l| format!("{of}_{l}")));
    let mut table = Table::new([String::from("inputs")].into_iter().chain(names));
    for inputs in Inputs::ALL {
        let runs = LayerSpeeds { hidden: 4, inputs, seeds, ..Default::default() }.run(digits);
        let pair = |l: usize, of| ratio(&runs.iter().map(|run| run[l - 1..=l].to_vec()).collect::<Vec<_>>(), of).into();
        let bias = (1..=3).map(|l| pair(l, |speed| speed.bias));
        let weight = (1..=3).map(|l| pair(l, |speed| speed.weight));
        table.push([inputs.name().into()].into_iter().chain(bias).chain(weight).collect());
    }
    table
}

/// The value below which a share of the values lies, with a straight line between neighbours.
///
/// # Panics
///
/// If there is no value, or the share is not between 0 and 1.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    assert!((0.0..=1.0).contains(&share), "{share} is no share");
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + at.fract() * (above - below)
}

/// Nielsen's nine norms among ours: `hidden`, `layer`, `nielsen`, our `low`, `median` and `high` (5, 50 and 95 % of the seeds), and
/// `below`, the share of our seeds that are below his.
pub fn against_nielsen(digits: &Dataset, seeds: u64) -> Table {
    let mut table = Table::new(["hidden", "layer", "nielsen", "low", "median", "high", "below"]);
    for (hidden, published) in (2..).zip(NIELSEN) {
        let runs = LayerSpeeds { hidden, seeds, ..Default::default() }.run(digits);
        for (l, &nielsen) in (1..).zip(published) {
            let ours: Vec<_> = runs.iter().map(|run| run[l - 1].bias).collect();
            let below = ours.iter().filter(|&&speed| speed < nielsen).count() as f64 / ours.len() as f64;
            let [low, median, high] = [0.05, 0.5, 0.95].map(|share| quantile(&ours, share).into());
            table.push(vec![hidden.into(), l.into(), nielsen.into(), low, median, high, below.into()]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Data;
    use approx::assert_relative_eq;

    fn digits() -> Dataset {
        Data::Digits.load().unwrap()
    }

    #[test]
    fn every_layer_is_faster_than_the_one_before_it_whatever_the_inputs() {
        for inputs in Inputs::ALL {
            let runs = LayerSpeeds { hidden: 4, seeds: 20, examples: 300, inputs, ..Default::default() }.run(&digits());
            assert!(runs.iter().all(|run| run.windows(2).all(|pair| pair[0].bias < pair[1].bias)), "{inputs:?}");
            // One over the mean-field rate 0.204841 is 4.88; a width of 30 adds 3 %. One log-ratio has a standard deviation of
            // about 0.2, so the mean of 60 has one of 2.6 %, and layers of one network are not independent.
            assert_relative_eq!(ratio(&runs, |speed| speed.bias), 5.0, epsilon = 0.0, max_relative = 0.1);
        }
    }

    #[test]
    fn the_bias_gradient_is_the_mean_of_delta() {
        let speeds = LayerSpeeds { examples: 3, inputs: Inputs::Standardised, ..Default::default() };
        let digits = digits();
        let network = speeds.network(64, &mut ChaCha8Rng::seed_from_u64(5));
        let row = |of: &Array2<f64>, k: usize| of.select(Axis(0), &[k]);
        let delta = |k: usize| network.gradient(&row(&digits.train_x, k), &row(&digits.train_y, k)).delta[1].clone();
        let mean = (delta(0) + delta(1) + delta(2)) / 3.0;
        let measured = speeds.speeds(&digits, 5)[0].bias;
        assert_relative_eq!(measured, norm(&mean), epsilon = 0.0, max_relative = 1e-12);
    }

    #[test]
    fn a_quantile_lies_between_its_neighbours() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!([0.0, 0.5, 1.0].map(|share| quantile(&values, share)), [1.0, 2.5, 4.0]);
    }

    #[test]
    fn nielsens_norms_among_ours() {
        insta::assert_snapshot!(against_nielsen(&digits(), 20));
    }

    /// What comes back doesn't depend on what came in, but the gradient by the weights does.
    #[test]
    fn the_inputs_move_the_weight_gradient_of_layer_1_and_hardly_the_bias_gradients() {
        let table = by_inputs(&digits(), 20);
        let between = |column: &str, low: f64, high: f64| {
            let ratios = table.numbers(column);
            assert!(ratios.iter().all(|&ratio| low < ratio && ratio < high), "{column}: {ratios:?}");
        };
        between("bias_1", 4.0, 6.5);
        between("bias_2", 4.0, 6.0);
        between("bias_3", 4.0, 6.0);
        let weight = table.numbers("weight_1");
        assert!(weight[2] > 5.0 * weight[0], "noise cancels in the mean over the examples: {weight:?}");
        insta::assert_snapshot!(table);
    }
}
