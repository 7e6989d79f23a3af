//! Random networks beside their mean-field theory: the gradient that really comes back through layers of finite width.
//!
//! Schoenholz, Gilmer, Ganguli and Sohl-Dickstein 2017 compare the same two: the mean square of the gradient changes by χ₁ a layer.

use crate::Table;
use crate::mean_field::{MeanField, critical_weight_var};
use rayon::prelude::*;
use vanishing::{Activation, Array2, Blueprint, ChaCha8Rng, Init, Loss, Network, Pass, SeedableRng, exp, norm};

/// The variance of the biases in this chapter's tables, Schoenholz et al.'s.
pub const BIAS_VAR: f64 = 0.05;
/// The weight variances that the chapter follows back through the layers; the third is the edge, to four digits.
pub const WEIGHT_VARS: [f64; 5] = [1.0, 1.3, 1.761, 2.5, 4.0];

/// Networks of one kind, drawn at random.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Simulation {
    /// φ and the two variances.
    pub layer: MeanField,
    /// Neurons a layer.
    pub width: usize,
    /// Layers.
    pub depth: usize,
    /// Inputs a network.
    pub batch: usize,
    /// Networks.
    pub seeds: u64,
}

impl Default for Simulation {
    fn default() -> Self {
        Self { layer: MeanField::default(), width: 200, depth: 30, batch: 4, seeds: 8 }
    }
}

impl Simulation {
    /// `ln(‖δˡ‖²/‖δᴸ‖²)` from l = L, where it is 0, back to l = 1, a mean over the networks. A random gradient of variance 1 comes in
    /// at the end, and the input has the variance with which z has variance q* from the first layer on.
    ///
    /// # Panics
    ///
    /// If q* is not a number, 0 or infinite: then there is no such input.
    pub fn log_squares(&self) -> Vec<f64> {
        let MeanField { weight_var, bias_var, .. } = self.layer;
        let q_star = self.layer.deep_limit().q_star;
        assert!(q_star.is_normal(), "{:?} has the fixed point {q_star}", self.layer);
        let input_std = ((q_star - bias_var) / weight_var).sqrt();
        let runs: Vec<_> = (0..self.seeds).into_par_iter().map(|seed| self.one(input_std, seed)).collect();
        let mean = |k: usize| runs.iter().map(|run| run[k]).sum::<f64>() / self.seeds as f64;
        (0..self.depth).map(mean).collect()
    }

    fn one(&self, input_std: f64, seed: u64) -> Vec<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let network = self.network(Loss::SquaredError, &mut rng);
        let mut random = || normal_rows(self.batch, self.width, &mut rng);
        let (x, da) = (random() * input_std, random());
        let mut pass = Pass::new(&network, self.batch);
        network.forward_into(x.view(), &mut pass);
        network.backward_from(da.view(), &mut pass);
        let logs: Vec<_> = pass.delta.iter().rev().map(|delta| 2.0 * libm::log(norm(delta))).collect();
        logs.iter().map(|log| log - logs[0]).collect()
    }

    /// The correlation of z in the last layer between two inputs of variance 1 that are correlated to `start`, a mean over the networks.
    ///
    /// # Panics
    ///
    /// If `start` is not in [−1, 1].
    pub fn correlation(&self, start: f64) -> f64 {
        assert!((-1.0..=1.0).contains(&start), "a correlation is in [-1, 1], but this one is {start}");
        let one = |seed| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            // Under this loss the last layer is linear, so what comes out is z.
            let network = self.network(Loss::SoftmaxCrossEntropy, &mut rng);
            let mut x = normal_rows(2, self.width, &mut rng);
            let first = x.row(0).to_owned();
            x.row_mut(1).mapv_inplace(|own| own * (1.0 - start * start).sqrt());
            x.row_mut(1).scaled_add(start, &first);
            let z = network.forward(&x);
            let (u, v) = (z.row(0), z.row(1));
            u.dot(&v) / (u.dot(&u) * v.dot(&v)).sqrt()
        };
        let correlations: Vec<f64> = (0..self.seeds).into_par_iter().map(one).collect();
        correlations.iter().sum::<f64>() / self.seeds as f64
    }

    fn network(&self, loss: Loss, rng: &mut ChaCha8Rng) -> Network {
        let widths = Blueprint::widths(self.width, self.width, self.width, self.depth);
        let MeanField { activation, weight_var, bias_var } = self.layer;
        Blueprint {
            gain: weight_var.sqrt(),
            bias_std: bias_var.sqrt(),
            ..Blueprint::new(&widths, activation, Init::Normal, loss)
        }
        .build(rng)
        .expect("the widths are not empty and the variances finite")
    }

    /// χ₁ as these networks have it: e to the slope of [`log_squares`](Self::log_squares), by least squares.
    ///
    /// # Panics
    ///
    /// As that does.
    pub fn gradient_factor(&self) -> f64 {
        let logs = self.log_squares();
        let middle = (logs.len() - 1) as f64 / 2.0;
        let (mut along, mut across) = (0.0, 0.0);
        for (k, log) in logs.iter().enumerate() {
            let k = k as f64 - middle;
            along += k * log;
            across += k * k;
        }
        exp(along / across)
    }
}

/// A batch of inputs with entries N(0, 1).
fn normal_rows(batch: usize, width: usize, rng: &mut ChaCha8Rng) -> Array2<f64> {
    // Drawn with a fan-in of 1, so with variance 1, then folded into rows.
    Init::Normal.weights(1, batch * width, rng).into_shape_with_order((batch, width)).expect("as many")
}

/// `layers` gone back and what is left of the mean square of the gradient, for each of [`WEIGHT_VARS`] what was measured, `w…`, and
/// what the theory says, `theory_w…`: tanh, biases of variance [`BIAS_VAR`].
pub fn decays() -> Table {
    let layers = WEIGHT_VARS.map(tanh);
    let measured = layers.map(|layer| Simulation { layer, ..Default::default() }.log_squares());
    let chi1 = layers.map(|layer| layer.deep_limit().chi1);
    let names = WEIGHT_VARS.iter().map(|w| format!("w{w}"));
    let theory = WEIGHT_VARS.iter().map(|w| format!("theory_w{w}"));
    let mut table = Table::new(["layers".to_owned()].into_iter().chain(names).chain(theory));
    for k in 0..Simulation::default().depth {
        let measured = measured.iter().map(|logs| exp(logs[k]).into());
        let theory = chi1.iter().map(|chi1| chi1.powi(k as i32).into());
        table.push([k.into()].into_iter().chain(measured).chain(theory).collect());
    }
    table
}

/// `weight_var, theory, measured`: χ₁ of tanh networks at [`WEIGHT_VARS`].
pub fn tanh_factors() -> Table {
    let mut table = Table::new(["weight_var", "theory", "measured"]);
    for weight_var in WEIGHT_VARS {
        let layer = tanh(weight_var);
        let measured = Simulation { layer, ..Default::default() }.gradient_factor();
        table.push(vec![weight_var.into(), layer.deep_limit().chi1.into(), measured.into()]);
    }
    table
}

/// `activation, q_star, theory, measured`: χ₁ of every activation with weights of variance 0.9/n and biases of variance 0.1, where
/// each of them has a fixed point.
pub fn all_factors() -> Table {
    let mut table = Table::new(["activation", "q_star", "theory", "measured"]);
    for activation in Activation::ALL {
        let layer = MeanField { activation, weight_var: 0.9, bias_var: 0.1 };
        let limit = layer.deep_limit();
        let measured = Simulation { layer, seeds: 4, ..Default::default() }.gradient_factor();
        table.push(vec![activation.name().into(), limit.q_star.into(), limit.chi1.into(), measured.into()]);
    }
    table
}

/// The grid of [`phases`]: σ_w from 0.5 to 3 in steps of 0.25 and σ_b from 0 to 1 in steps of 0.125.
pub const GRID_STEPS: (f64, f64) = (0.25, 0.125);

/// `sigma_w, sigma_b, q_star, chi1, xi_grad, c_star, xi_c` of tanh over the plane of the two standard deviations.
pub fn phases() -> Table {
    let points: Vec<_> = (2..=12)
        .flat_map(|i| (0..=8).map(move |j| (f64::from(i) * GRID_STEPS.0, f64::from(j) * GRID_STEPS.1)))
        .collect();
    let limits: Vec<_> = points
        .par_iter()
        .map(|(w, b)| MeanField { weight_var: w * w, bias_var: b * b, ..Default::default() }.deep_limit())
        .collect();
    let mut table = Table::new(["sigma_w", "sigma_b", "q_star", "chi1", "xi_grad", "c_star", "xi_c"]);
    for ((w, b), limit) in points.into_iter().zip(limits) {
        let numbers = [w, b, limit.q_star, limit.chi1, limit.xi_grad, limit.c_star, limit.xi_c];
        table.push(numbers.map(Into::into).to_vec());
    }
    table
}

/// `sigma_w, sigma_b`: the critical line of tanh, for σ_b from 0 to 1.
pub fn critical_line() -> Table {
    let mut table = Table::new(["sigma_w", "sigma_b"]);
    for k in 0..=20 {
        // Dense near 0, where the line is most curved.
        let sigma_b = (f64::from(k) / 20.0).powi(2);
        let sigma_w = critical_weight_var(Activation::Tanh, sigma_b * sigma_b).sqrt();
        table.push(vec![sigma_w.into(), sigma_b.into()]);
    }
    table
}

fn tanh(weight_var: f64) -> MeanField {
    MeanField { activation: Activation::Tanh, weight_var, bias_var: BIAS_VAR }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// A layer's share of ‖δ‖² has a standard deviation of about √(5/n), 16 % for 200 neurons. Over thirty layers and eight networks
    /// that leaves 1.2 % of a rate; the mean of a logarithm lies up to 5/(2n), 1.3 %, lower than that of the square.
    const FINITE_WIDTH: f64 = 0.03;

    #[test]
    fn wide_tanh_networks_follow_the_theory() {
        let table = tanh_factors();
        for (theory, measured) in table.numbers("theory").into_iter().zip(table.numbers("measured")) {
            assert_relative_eq!(measured, theory, epsilon = 0.0, max_relative = FINITE_WIDTH);
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn one_rule_holds_for_nine_activations() {
        let table = all_factors();
        for (theory, measured) in table.numbers("theory").into_iter().zip(table.numbers("measured")) {
            // Half the networks of the other test.
            assert_relative_eq!(measured, theory, epsilon = 0.0, max_relative = FINITE_WIDTH * 2.0_f64.sqrt());
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn the_critical_line_parts_order_from_chaos() {
        let line = critical_line();
        for row in phases().rows() {
            let [sigma_w, sigma_b, chi1] = [0, 1, 3].map(|at| match row[at] {
                crate::Cell::Number(number) => number,
                crate::Cell::Text(_) => panic!("a number was expected"),
            });
            let critical = critical_weight_var(Activation::Tanh, sigma_b * sigma_b).sqrt();
            // At (1, 0) the grid meets the line.
            assert!(
                chi1 < 1.0 && sigma_w < critical
                    || chi1 > 1.0 && sigma_w > critical
                    || sigma_w == 1.0 && sigma_b == 0.0
            );
        }
        assert!(line.numbers("sigma_w").is_sorted());
        insta::assert_snapshot!(line);
    }
}
