//! Batch norm at the start: what it saves in a sigmoid network, and by how much each layer multiplies the squared gradient.
//!
//! Yang, Pennington, Rao, Sohl-Dickstein and Schoenholz 2019, theorem 8, for infinite width and any batch; the limit of a large
//! batch for any activation, `E[φ′²] / Var[φ]`, is our own derivation on page 22.

use crate::Table;
use crate::gradient_by_layer::{GradientByLayer, mean, variance};
use crate::quadrature::normal_expectation;
use std::f64::consts::PI;
use vanishing::{Activation, Array2, Error, Init, Over, exp};

/// `(B − 2)/(B − 3)`: what a linear layer with batch norm does to the square of `∂L/∂z`, for B > 3 examples.
pub fn linear_growth(batch: f64) -> f64 {
    (batch - 2.0) / (batch - 3.0)
}

/// `λ(B) = (B − 1 + 𝒥′(c)) / ((B − 3)(1 − 𝒥(c))) − 1/(B − 3)` with `c = −1/(B − 1)`, the same for ReLU.
///
/// `𝒥(c) = (√(1 − c²) + (π − arccos c) c)/π` is twice `E[φ(g) φ(g′)]` of two normal numbers with the correlation c. It is Yang et
/// al.'s formula at α = 1, where 𝒥(1) = 1, with common factors removed. Its limit for large B is `π/(π − 1)`.
pub fn relu_growth(batch: f64) -> f64 {
    let c = -1.0 / (batch - 1.0);
    let kernel_slope = (PI - libm::acos(c)) / PI;
    let kernel = ((1.0 - c * c).sqrt() + PI * kernel_slope * c) / PI;
    ((batch - 1.0 + kernel_slope) / (1.0 - kernel) - 1.0) / (batch - 3.0)
}

/// `E[φ′(g)²] / Var[φ(g)]` for a standard normal g: what a layer with batch norm does to the square of `∂L/∂z` if width and batch are
/// large. It is at least 1, and 1 for a linear φ alone.
pub fn large_batch_growth(activation: Activation) -> f64 {
    let moment = |power| normal_expectation(|g| activation.value(g).powi(power));
    normal_expectation(|g| activation.slope_at(g).powi(2)) / (moment(2) - moment(1).powi(2))
}

/// `E[φ′(g)²] / E[φ(g)²]`: the same with layer norm in a wide layer, which takes away nothing that all examples have in common.
pub fn wide_layer_norm_growth(activation: Activation) -> f64 {
    let square = |f: &dyn Fn(f64) -> f64| normal_expectation(|g| f(g).powi(2));
    square(&|g| activation.slope_at(g)) / square(&|g| activation.value(g))
}

/// Random networks with batch norm, unless told otherwise, in which the growth is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Growth {
    /// φ of every layer.
    pub activation: Activation,
    /// n, neurons of each layer.
    pub width: usize,
    /// L, layers of weights.
    pub depth: usize,
    /// Between weights and activation of every layer but the last.
    pub norm: Option<Over>,
    /// How weights are drawn.
    pub init: Init,
    /// What they are multiplied by.
    pub weight_std: f64,
    /// B, examples.
    pub batch: usize,
    /// How many networks are drawn, from seed 0 on.
    pub seeds: usize,
}

impl Default for Growth {
    /// ReLU, 128 wide and 30 deep, 32 examples.
    fn default() -> Self {
        Self {
            activation: Activation::Relu,
            width: 128,
            depth: 30,
            norm: Some(Over::Batch),
            init: Init::Normal,
            weight_std: 1.0,
            batch: 32,
            seeds: 8,
        }
    }
}

/// The first and last layers see an input and a gradient that no layer has made yet; the rate is that of the layers between.
const OUTER: usize = 4;

impl Growth {
    /// For each seed `ln ‖∂L/∂z‖²` of the layers, layer 1 first.
    ///
    /// # Errors
    ///
    /// If the network can't be built.
    pub fn log_squares(&self) -> Result<Vec<Vec<f64>>, Error> {
        let networks = GradientByLayer {
            width: self.width,
            depth: self.depth,
            activation: self.activation,
            init: self.init,
            weight_std: self.weight_std,
            norm: self.norm,
            batch: self.batch,
            seeds: self.seeds,
            ..Default::default()
        };
        let reports = networks.reports()?.into_iter();
        Ok(reports.map(|rows| rows.iter().map(|row| 2.0 * libm::log(row.delta_norm)).collect()).collect())
    }

    /// By how much a layer multiplies `‖∂L/∂z‖²`, without the first and the last four: the geometric mean over layers and seeds,
    /// and its standard error.
    ///
    /// # Errors
    ///
    /// If the network can't be built.
    ///
    /// # Panics
    ///
    /// If there are fewer than ten layers.
    pub fn measured(&self) -> Result<(f64, f64), Error> {
        assert!(self.depth > 2 * OUTER + 1, "a rate needs two layers between the outer ones, {} in all", 2 * OUTER + 2);
        let (first, last) = (OUTER, self.depth - 1 - OUTER);
        let slope = |log: &Vec<f64>| (log[first] - log[last]) / (last - first) as f64;
        let slopes: Vec<_> = self.log_squares()?.iter().map(slope).collect();
        let rate = exp(mean(&slopes));
        Ok((rate, rate * (variance(&slopes) / slopes.len() as f64).sqrt()))
    }
}

/// The batches of the figure.
pub const BATCHES: [usize; 3] = [8, 32, 128];

/// `back`, then for each of [`BATCHES`] `batch_B` and `theory_B`, and `he_without`: the squared gradient so many layers before the
/// last one with a norm, relative to there, but for layer 1. Geometric means over the seeds, and [`relu_growth`] to that power.
/// `he_without` has He's weights and no norm.
pub fn growth_by_layer() -> Table {
    let line = |growth: Growth| {
        let logs = growth.log_squares().expect("the widths are not empty");
        let at = |l: usize| mean(&logs.iter().map(|log| log[l]).collect::<Vec<_>>());
        let last = growth.depth - 2;
        (0..last).map(|back| exp(at(last - back) - at(last))).collect::<Vec<_>>()
    };
    let lines = BATCHES.map(|batch| line(Growth { batch, ..Growth::default() }));
    let without = line(Growth { norm: None, init: Init::He, ..Growth::default() });
    let names = BATCHES.iter().flat_map(|batch| [format!("batch_{batch}"), format!("theory_{batch}")]);
    let mut table = Table::new(["back".to_owned()].into_iter().chain(names).chain(["he_without".to_owned()]));
    for (back, without) in without.iter().enumerate() {
        let cells = BATCHES.iter().zip(&lines).flat_map(|(&batch, line)| {
            let theory = relu_growth(batch as f64).powi(back as i32);
            [line[back].into(), theory.into()]
        });
        table.push([back.into()].into_iter().chain(cells).chain([(*without).into()]).collect());
    }
    table
}

/// `layer, spread, spread_normed, delta, delta_normed` of sigmoid networks without and with batch norm, ten layers of 100.
///
/// The spread is how much an output differs from example to example: its standard deviation over the batch, root mean square over
/// the neurons of the layer. `delta` is `‖δˡ‖`. Means over 20 networks.
pub fn sigmoid_rescued() -> Table {
    let of = |norm| {
        let networks = GradientByLayer { norm, ..Default::default() };
        let delta = networks.run().expect("the widths are not empty").numbers("delta_norm_mean");
        let mut spread = vec![0.0; networks.depth];
        for seed in 0..networks.seeds as u64 {
            let (network, pass) = networks.pass(seed).expect("the widths are not empty");
            let outputs = network.layers.iter().zip(&pass.a[1..]);
            let outputs = outputs.filter(|(layer, _)| layer.activation() == Some(networks.activation));
            for (sum, (_, a)) in spread.iter_mut().zip(outputs) {
                *sum += spread_over_batch(a) / networks.seeds as f64;
            }
        }
        (spread, delta)
    };
    let ((spread, delta), (spread_normed, delta_normed)) = (of(None), of(Some(Over::Batch)));
    let mut table = Table::new(["layer", "spread", "spread_normed", "delta", "delta_normed"]);
    for l in 0..spread.len() {
        let numbers = [spread[l], spread_normed[l], delta[l], delta_normed[l]];
        table.push([(l + 1).into()].into_iter().chain(numbers.map(Into::into)).collect());
    }
    table
}

fn spread_over_batch(a: &Array2<f64>) -> f64 {
    let columns = a.columns().into_iter().map(|column| column.var(0.0)).collect::<Vec<_>>();
    mean(&columns).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quadrature::pair_expectation;
    use approx::assert_relative_eq;

    #[test]
    fn a_relu_layer_grows_by_what_the_page_derives() {
        // The derivation's own terms, by quadrature: s² is the variance that the norm sees, `through` what the slopes let through.
        for batch in [4.0, 8.0, 32.0, 128.0] {
            let c = -1.0 / (batch - 1.0);
            let (relu, step) = (|g| Activation::Relu.value(g), |g| Activation::Relu.slope_at(g));
            let s2 = pair_expectation(1.0, relu, relu) - pair_expectation(c, relu, relu);
            let both = pair_expectation(c, step, step);
            let through = (batch - 1.0) * ((batch - 1.0) / 2.0 + both - s2) / batch;
            let growth = batch / (batch - 3.0) / s2 * through / (batch - 1.0);
            assert_relative_eq!(relu_growth(batch), growth, epsilon = 0.0, max_relative = 1e-11);
        }
    }

    #[test]
    fn the_limit_of_a_large_batch_is_that_of_the_formula() {
        assert_relative_eq!(large_batch_growth(Activation::Relu), PI / (PI - 1.0), epsilon = 0.0, max_relative = 1e-12);
        // The formula comes within 1/B of its limit.
        assert_relative_eq!(relu_growth(1e7), PI / (PI - 1.0), epsilon = 0.0, max_relative = 1e-6);
        assert_relative_eq!(large_batch_growth(Activation::Identity), 1.0, epsilon = 0.0, max_relative = 1e-12);
    }

    #[test]
    fn no_activation_but_the_linear_one_escapes() {
        for activation in Activation::ALL {
            let growth = large_batch_growth(activation);
            assert!(growth > 1.0 || activation == Activation::Identity, "{activation:?}: {growth}");
        }
    }

    #[test]
    fn layer_norm_leaves_relu_alone_and_lets_sigmoids_vanish() {
        assert_relative_eq!(wide_layer_norm_growth(Activation::Relu), 1.0, epsilon = 0.0, max_relative = 1e-12);
        for activation in [Activation::Sigmoid, Activation::Relu, Activation::Tanh] {
            let growth = Growth { activation, norm: Some(Over::Layer), batch: 4, seeds: 16, ..Growth::default() };
            // Batches of 4 and 16 networks of 128 scatter by 1 %.
            let (measured, _) = growth.measured().unwrap();
            assert_relative_eq!(measured, wide_layer_norm_growth(activation), epsilon = 0.0, max_relative = 0.04);
        }
    }

    #[test]
    fn batch_norm_keeps_examples_apart_and_the_gradient_alive() {
        let table = sigmoid_rescued();
        // Layer 1 sees an input of variance 1 where the others see outputs of a sigmoid, and layer 10 has no norm.
        let ratio = |column: &str| table.numbers(column)[1] / table.numbers(column)[8];
        // Without: 0.236 a layer for seven layers, a factor of 2.4e4 for both.
        assert!(ratio("spread") > 1e4 && ratio("delta") < 1e-4);
        assert!((0.99..1.01).contains(&ratio("spread_normed")), "{}", ratio("spread_normed"));
        // Batches of 16 make it grow a little more than large ones, by 1.0336 a layer in the square.
        assert!((1.12..1.6).contains(&ratio("delta_normed")), "{}", ratio("delta_normed"));
        insta::assert_snapshot!(table);
    }

    #[test]
    fn the_measured_growth_is_the_theory_within_the_widths_error() {
        let (measured, error) = Growth { width: 64, seeds: 4, ..Growth::default() }.measured().unwrap();
        assert!(error < 0.05, "{error}");
        // Width 64 is 2 % off, four networks scatter by 1 %.
        assert_relative_eq!(measured, relu_growth(32.0), epsilon = 0.0, max_relative = 0.05);
    }

    #[test]
    fn neither_the_scale_of_the_weights_nor_epsilon_changes_the_rate() {
        let measured =
            |weight_std, batch| Growth { width: 64, seeds: 4, batch, weight_std, ..Growth::default() }.measured();
        for batch in [8, 32] {
            // A thousand times the weights make ε = 1e-5 as small as 1e-11 would be.
            let ((small, error), (large, _)) = (measured(1.0, batch).unwrap(), measured(1e3, batch).unwrap());
            // Not digit by digit: what explodes on the way back does so on the way forward, and a change of 1e-5 in the first
            // layer has become another network in the last.
            assert!((small - large).abs() < error, "{small} {large} {error}");
        }
    }
}
