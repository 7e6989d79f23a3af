//! Tanh with small, critical and large weights, beside the sigmoid: what is left of a gradient after up to a hundred layers.

use crate::Table;
use crate::gradient_by_layer::GradientByLayer;
use crate::initialisation::Start;
use vanishing::{Activation, Init};

/// Layers that the gradient goes back through.
pub const DEPTH: usize = 100;

/// The standard deviation of the large weights, times √n.
pub const LARGE: f64 = 5.0;

/// `layers` gone back, from 0 to [`DEPTH`], and what is left of the norm of δ: with the `sigmoid` and weights `N(0, 1/n)`; with tanh
/// and `small` weights, `U(±1/√n)`, `critical` ones, `N(0, 1/n)`, and `large` ones, `N(0, 25/n)`; and in `theory` for the
/// critical ones.
///
/// Ten networks have the critical weights, and are 200 wide, since the question is how well theory is met; four networks, 100 wide,
/// have each of the others.
pub fn scales() -> Table {
    let left = |start: Start, width, seeds| {
        let networks = GradientByLayer { width, depth: DEPTH + 1, seeds, ..Default::default() };
        start.left(&networks).expect("the networks can be built")
    };
    let critical = Start::new(Activation::Tanh, Init::Normal);
    let columns = [
        ("sigmoid", left(Start::new(Activation::Sigmoid, Init::Normal), 100, 4)),
        ("small", left(Start::new(Activation::Tanh, Init::Uniform), 100, 4)),
        ("critical", left(critical, 200, 10)),
        ("large", left(Start { gain: LARGE, ..critical }, 100, 4)),
        ("theory", critical.left_in_theory(DEPTH)),
    ];
    let names = columns.iter().map(|(name, _)| *name);
    let mut table = Table::new(["layers"].into_iter().chain(names));
    for k in 0..=DEPTH {
        table.push([k.into()].into_iter().chain(columns.iter().map(|(_, left)| left[k].into())).collect());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// Our own derivation: with weights of variance 1/n the mean square of the gradient falls as 0.71/l.
    #[test]
    fn critical_tanh_loses_the_gradient_by_a_power_of_the_depth() {
        let left = Start::new(Activation::Tanh, Init::Normal).left_in_theory(DEPTH);
        // The same recursion in Python, with the trapezoidal rule in steps of 0.02 from −12 to 12, double precision.
        for (layers, square) in
            [(1, 0.464_402_902_448), (10, 0.071_369_729_106), (30, 0.023_963_558_240), (100, 0.007_134_253_153)]
        {
            assert_relative_eq!(left[layers].powi(2), square, epsilon = 0.0, max_relative = 1e-9);
        }
    }

    #[test]
    fn real_networks_follow_it() {
        let networks = GradientByLayer { width: 200, depth: 31, seeds: 10, ..Default::default() };
        let start = Start::new(Activation::Tanh, Init::Normal);
        let (measured, theory) = (start.left(&networks).unwrap(), start.left_in_theory(30));
        for layers in [10, 20, 30] {
            // ln ‖δ‖² varies by about 2 l/n from network to network, so half of it, ten seeds: √(60/200)/2/√10 = 9 % at 30 layers
            // if slopes were 1; the slopes take some of that off. Two of these standard errors.
            assert_relative_eq!(measured[layers], theory[layers], epsilon = 0.0, max_relative = 0.18);
        }
    }
}
