//! How long a deep linear network takes to learn.
//!
//! Saxe, McClelland and Ganguli 2014: from small and balanced weights each singular value s of the task is learned on its own. With u
//! the product of the D weights on its way, gradient descent of step α moves it by `α D u^(2 − 2/D) (s − u)` a step.

use crate::Table;
use crate::quadrature::integral;
use vanishing::{Activation, Array1, Array2, Dense, Loss, Network, Optimiser, Pass, Sgd};

/// Where u starts and when it counts as learned, as shares of s.
pub const START: f64 = 1e-3;
/// See [`START`].
pub const LEARNED: f64 = 0.99;

/// `(1/2s) ln[u_f (s − u_0) / (u_0 (s − u_f))]`: learning rate times steps from `u_0` to `u_f`, for one hidden layer.
pub fn closed_form(s: f64, u_0: f64, u_f: f64) -> f64 {
    libm::log(u_f * (s - u_0) / (u_0 * (s - u_f))) / (2.0 * s)
}

/// `∫ du / (D u^(2 − 2/D) (s − u))` from `u_0` to `u_f`: learning rate times steps with D layers of weights, s = 1.
pub fn time(depth: u32, u_0: f64, u_f: f64) -> f64 {
    let d = f64::from(depth);
    // By v = ln(u/(1 − u)), on which scale neither the plateau at the start nor the approach to 1 is steep.
    let slope = |v: f64| libm::pow(vanishing::sigmoid(v), 2.0 / d - 1.0) / d;
    let logit = |u: f64| libm::log(u / (1.0 - u));
    integral(logit(u_0), logit(u_f), 40, slope)
}

/// The limit of `D · time(D)` for ever more layers: `ln[u_f (1 − u_0) / (u_0 (1 − u_f))] + 1/u_0 − 1/u_f`, for s = 1.
pub fn limit_of_depth(u_0: f64, u_f: f64) -> f64 {
    2.0 * closed_form(1.0, u_0, u_f) + 1.0 / u_0 - 1.0 / u_f
}

/// Trains a linear network of `depth` layers, as many neurons wide as there are strengths, by gradient descent on `y = s x`, one s a
/// neuron, and gives for each the learning rate times the steps until its u is [`LEARNED`] of s. Each starts at `start` of s.
///
/// The batch is √n times the identity matrix, so the inputs are uncorrelated and of variance 1, and its negative, so that the biases
/// have no gradient.
///
/// # Panics
///
/// If it takes more than a million steps.
pub fn measured(strengths: &[f64], depth: u32, start: f64, learning_rate: f64) -> Vec<f64> {
    let n = strengths.len();
    let diagonal = |power: f64| Array1::from_iter(strengths.iter().map(|s| libm::pow(start * s, power)));
    let w = Array2::from_diag(&diagonal(1.0 / f64::from(depth)));
    let layer = Dense::new(w, Array1::zeros(n), Activation::Identity).expect("a bias for each neuron");
    let mut network = Network::from_layers(vec![layer; depth as usize], Loss::SquaredError).expect("layers that fit");
    let mut sgd = Sgd::new(learning_rate).expect("a finite learning rate");
    let x = Array2::from_shape_fn((2 * n, n), |(row, i)| match row {
        _ if row == i => (n as f64).sqrt(),
        _ if row == i + n => -(n as f64).sqrt(),
        _ => 0.0,
    });
    let y = x.dot(&Array2::from_diag(&Array1::from_iter(strengths.iter().copied())));
    let mut pass = Pass::new(&network, 2 * n);
    let mut times = vec![None; n];
    let mut before = vec![start; n];
    for step in 0..1_000_000 {
        network.forward_into(x.view(), &mut pass);
        for i in 0..n {
            let u = pass.output()[[i, i]] / y[[i, i]];
            if u >= LEARNED && times[i].is_none() {
                // Between two steps u goes as good as straight.
                let back = if step == 0 { 0.0 } else { (u - LEARNED) / (u - before[i]) };
                times[i] = Some((f64::from(step) - back) * learning_rate);
            }
            before[i] = u;
        }
        if let Some(times) = times.iter().copied().collect() {
            return times;
        }
        network.backward_into(y.view(), &mut pass);
        sgd.step(&mut network, &mut pass);
    }
    panic!("a million steps were not enough");
}

/// `layers, times_layers, measured_times_layers`: depth times the learning time, from u = 0.1 to 0.99 and s = 1, in the formula and in a
/// network.
pub fn by_depth() -> Table {
    let mut table = Table::new(["layers", "times_layers", "measured_times_layers"]);
    for depth in [1, 2, 3, 4, 5, 10, 30] {
        let d = f64::from(depth);
        let learning_rate = 1e-3 / d;
        let measured = d * measured(&[1.0], depth, 0.1, learning_rate)[0];
        table.push(vec![f64::from(depth).into(), (d * time(depth, 0.1, LEARNED)).into(), measured.into()]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn the_integral_of_two_layers_is_the_logarithm() {
        assert_relative_eq!(
            time(2, START, LEARNED),
            closed_form(1.0, START, LEARNED),
            epsilon = 0.0,
            max_relative = 1e-12
        );
    }

    #[test]
    fn a_network_learns_each_strength_in_the_time_of_the_formula() {
        let strengths = [4.0, 2.0, 1.0, 0.5];
        for (s, measured) in strengths.iter().zip(measured(&strengths, 2, START, 1e-3)) {
            // One step of descent instead of a flow leaves an error of the order of the step, s α = 0.4 % at most.
            assert_relative_eq!(
                measured,
                closed_form(*s, START * s, LEARNED * s),
                epsilon = 0.0,
                max_relative = 1e-3 * s
            );
        }
    }

    #[test]
    fn depth_delays_but_not_without_end() {
        let table = by_depth();
        for (formula, measured) in table.numbers("times_layers").into_iter().zip(table.numbers("measured_times_layers"))
        {
            assert_relative_eq!(measured, formula, epsilon = 0.0, max_relative = 1e-3);
        }
        assert_relative_eq!(
            1e5 * time(100_000, 0.1, LEARNED),
            limit_of_depth(0.1, LEARNED),
            epsilon = 0.0,
            max_relative = 1e-4
        );
        insta::assert_snapshot!(table);
    }
}
