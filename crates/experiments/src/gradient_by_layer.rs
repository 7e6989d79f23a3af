//! A random network at its start, a random gradient sent back through it, and what arrives at each layer.

use crate::Table;
use rayon::prelude::*;
use vanishing::{
    Activation, Array2, Blueprint, ChaCha8Rng, Error, Init, LayerReport, Loss, Network, Over, Pass, Report, SeedableRng,
};

/// A network of `depth` layers of the same width, and how often it is drawn.
///
/// Each seed draws the network, a batch of inputs and the gradient `∂L/∂a` of the last layer, both of independent numbers
/// `N(0, 1)`. That gradient is random, and not that of a loss: a loss's own gradient depends on the output, and through it on the
/// weights that it then goes back through, which lets it grow by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientByLayer {
    /// n, neurons of each layer and inputs.
    pub width: usize,
    /// L, layers of weights.
    pub depth: usize,
    /// φ of every layer.
    pub activation: Activation,
    /// How weights are drawn.
    pub init: Init,
    /// What drawn weights are multiplied by: with [`Init::Normal`] they are `N(0, weight_std²/n)`.
    pub weight_std: f64,
    /// The standard deviation of the biases.
    pub bias_std: f64,
    /// Between weights and activation of every layer but the last.
    pub norm: Option<Over>,
    /// s, if every layer but the last has a skip connection, `x + s φ(…)`.
    pub residual: Option<f64>,
    /// Examples.
    pub batch: usize,
    /// How many networks are drawn.
    pub seeds: usize,
    /// The seed of the first one; the others follow it.
    pub seed: u64,
}

impl Default for GradientByLayer {
    /// Sigmoids with `N(0, 1/n)` and no biases, 100 wide and 10 deep.
    fn default() -> Self {
        Self {
            width: 100,
            depth: 10,
            activation: Activation::Sigmoid,
            init: Init::Normal,
            weight_std: 1.0,
            bias_std: 0.0,
            norm: None,
            residual: None,
            batch: 16,
            seeds: 20,
            seed: 0,
        }
    }
}

impl GradientByLayer {
    /// `layer`, and over the seeds: the mean of `‖δˡ‖`, the mean and the variance of `ln ‖δˡ‖²`, and the mean of `‖∂L/∂wˡ‖`.
    ///
    /// `‖δˡ‖` is that of an example, root mean square over the batch. The variance is the unbiased one; it is not a number if
    /// there is one seed.
    ///
    /// # Errors
    ///
    /// If the network can't be built.
    pub fn run(&self) -> Result<Table, Error> {
        let runs = self.reports()?;
        let columns = ["layer", "delta_norm_mean", "delta_log_sq_mean", "delta_log_sq_var", "weight_grad_norm_mean"];
        let mut table = Table::new(columns);
        for l in 1..=self.depth {
            let over_seeds = |of: fn(&LayerReport) -> f64| runs.iter().map(|run| of(&run[l - 1])).collect::<Vec<_>>();
            let log_sq = over_seeds(|row| 2.0 * libm::log(row.delta_norm));
            table.push(vec![
                l.into(),
                mean(&over_seeds(|row| row.delta_norm)).into(),
                mean(&log_sq).into(),
                variance(&log_sq).into(),
                mean(&over_seeds(|row| row.weight_gradient_norm.unwrap_or(f64::NAN))).into(),
            ]);
        }
        Ok(table)
    }

    /// For each seed the report of each layer of weights, layer 1 first.
    ///
    /// # Errors
    ///
    /// If the network can't be built.
    pub fn reports(&self) -> Result<Vec<Vec<LayerReport>>, Error> {
        (0..self.seeds as u64)
            .into_par_iter()
            .map(|k| {
                let (network, pass) = self.pass(self.seed + k)?;
                let rows = Report::new(&network, &pass).layers.into_iter();
                Ok(rows.filter(|row| row.weight_gradient_norm.is_some()).collect())
            })
            .collect()
    }

    /// What went wrong in the network of the first seed, a line each: see [`Report::findings`].
    ///
    /// # Errors
    ///
    /// If the network can't be built.
    pub fn findings(&self) -> Result<Vec<String>, Error> {
        let (network, pass) = self.pass(self.seed)?;
        Ok(Report::new(&network, &pass).findings())
    }

    /// One network, and what a batch and a gradient left behind in it.
    ///
    /// # Errors
    ///
    /// If the network can't be built.
    pub fn pass(&self, seed: u64) -> Result<(Network, Pass), Error> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let widths = vec![self.width; self.depth + 1];
        let blueprint = Blueprint {
            gain: self.weight_std,
            bias_std: self.bias_std,
            norm: self.norm,
            residual: self.residual,
            ..Blueprint::new(&widths, self.activation, self.init, Loss::SquaredError)
        };
        let network = blueprint.build(&mut rng)?;
        let pass = random_pass(&network, self.batch, &mut rng);
        Ok((network, pass))
    }
}

/// What a batch of inputs and a gradient `∂L/∂ŷ`, both of independent numbers `N(0, 1)`, leave behind in a network.
pub fn random_pass(network: &Network, batch: usize, rng: &mut ChaCha8Rng) -> Pass {
    let mut pass = Pass::new(network, batch);
    let x = standard_normal(batch, pass.a[0].ncols(), rng);
    // A mean over the batch, as a loss is.
    let da = standard_normal(batch, pass.output().ncols(), rng) / batch as f64;
    network.forward_into(x.view(), &mut pass);
    network.backward_from(da.view(), &mut pass);
    pass
}

/// Independent numbers `N(0, 1)`: (rows, columns).
pub fn standard_normal(rows: usize, columns: usize, rng: &mut ChaCha8Rng) -> Array2<f64> {
    // Drawn with a fan-in of 1, so with variance 1, then folded into rows.
    let drawn = Init::Normal.weights(1, rows * columns, rng);
    drawn.into_shape_with_order((rows, columns)).expect("as many")
}

/// The mean; not a number if there are none.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The unbiased variance; not a number if there are fewer than two.
pub fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn each_sigmoid_layer_leaves_the_mean_field_rate() {
        let table = GradientByLayer::default().run().unwrap();
        let log_sq = table.numbers("delta_log_sq_mean");
        // 0.236052 is the rate at infinite width; at n = 100 the rate is about 0.4 % below it, 20 seeds add 0.5 % of noise.
        let rate = ((log_sq[0] - log_sq[7]) / 14.0).exp();
        assert_relative_eq!(rate, 0.236_052, epsilon = 0.0, max_relative = 0.02);
    }

    #[test]
    fn a_skip_connection_and_a_norm_count_as_parts_of_their_layer() {
        for norm in [None, Some(Over::Batch), Some(Over::Layer)] {
            for residual in [None, Some(0.5)] {
                let (width, depth, seeds) = (6, 4, 2);
                let table =
                    GradientByLayer { width, depth, seeds, norm, residual, ..Default::default() }.run().unwrap();
                assert_eq!(table.numbers("layer"), [1.0, 2.0, 3.0, 4.0]);
                for column in table.columns() {
                    assert!(table.numbers(column).iter().all(|value| value.is_finite()), "{column}");
                }
            }
        }
    }

    /// What a reader may ask for at the edges of the ranges: whatever happens is a row, and nothing panics.
    #[test]
    fn extremes_are_reported() {
        let narrow = GradientByLayer { width: 1, batch: 1, seeds: 1, depth: 1000, ..Default::default() };
        let table = narrow.run().unwrap();
        assert_eq!(table.numbers("delta_norm_mean")[0], 0.0, "underflow");
        assert_eq!(table.numbers("delta_log_sq_mean")[0], f64::NEG_INFINITY);
        assert!(table.numbers("delta_log_sq_var")[0].is_nan(), "one seed has no variance");
        let huge = GradientByLayer { weight_std: 1e300, activation: Activation::Identity, ..narrow };
        assert!(!huge.run().unwrap().numbers("delta_norm_mean")[0].is_finite(), "overflow");
    }

    #[test]
    fn the_same_seeds_give_the_same_table_whatever_the_number_of_threads() {
        let run = || GradientByLayer { width: 10, ..Default::default() }.run().unwrap();
        let [one, three] = [1, 3].map(|threads| {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(run).to_string()
        });
        assert_eq!(one, three);
    }
}
