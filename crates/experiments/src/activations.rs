//! The same network with sigmoid, tanh and ReLU: what thirty layers leave of a gradient.

use crate::Table;
use crate::gradient_by_layer::GradientByLayer;
use rayon::prelude::*;
use vanishing::{Activation, Chain, Init, exp, norm};

/// How many layers the gradient goes back through.
pub const DEPTH: usize = 30;

/// The chain of the notes with w = 1, b = 0 and x = 0.5: `layers` and what is left of the gradient, `∂a_L/∂a_0`, for each
/// activation, for chains of 1 to [`DEPTH`] neurons.
pub fn chain() -> Table {
    let mut table = Table::new(["layers", "sigmoid", "tanh", "relu"]);
    let left = |activation, depth| Chain::uniform(depth, 1.0, 0.0, activation).steps(0.5)[0].product;
    for depth in 1..=DEPTH {
        let [sigmoid, tanh, relu] =
            [Activation::Sigmoid, Activation::Tanh, Activation::Relu].map(|activation| left(activation, depth));
        table.push(vec![depth.into(), sigmoid.into(), tanh.into(), relu.into()]);
    }
    table
}

/// A network of [`DEPTH`] + 1 layers of 100 neurons at its start: `layers` that a random gradient went back through and what is
/// left, `‖δˡ‖ / ‖δᴸ‖`, a geometric mean over `seeds` networks with a batch of 20 each.
///
/// `sigmoid`, `tanh` and `relu` have weights `N(0, 1/n)`; `relu_he` has `N(0, 2/n)`.
pub fn wide(seeds: u64) -> Table {
    let kinds = [
        (Activation::Sigmoid, Init::Normal),
        (Activation::Tanh, Init::Normal),
        (Activation::Relu, Init::Normal),
        (Activation::Relu, Init::He),
    ];
    let left = kinds.map(|(activation, init)| {
        let runs: Vec<_> = (0..seeds).into_par_iter().map(|seed| log_norms(activation, init, seed)).collect();
        let mean = |k: usize| runs.iter().map(|run| run[k]).sum::<f64>() / seeds as f64;
        (0..=DEPTH).map(|k| exp(mean(k))).collect::<Vec<_>>()
    });
    let mut table = Table::new(["layers", "sigmoid", "tanh", "relu", "relu_he"]);
    for k in 0..=DEPTH {
        table.push([k.into()].into_iter().chain(left.iter().map(|left| left[k].into())).collect());
    }
    table
}

/// ln(‖δˡ‖ / ‖δᴸ‖) of one network, from the last layer to the first.
fn log_norms(activation: Activation, init: Init, seed: u64) -> Vec<f64> {
    let network = GradientByLayer { depth: DEPTH + 1, batch: 20, activation, init, ..Default::default() };
    let (_, pass) = network.pass(seed).expect("the network can be built");
    let logs: Vec<_> = pass.delta.iter().rev().map(|delta| libm::log(norm(delta))).collect();
    logs.iter().map(|log| log - logs[0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn a_chain_of_relus_loses_nothing_and_a_chain_of_sigmoids_nearly_all() {
        let table = chain();
        assert!(table.numbers("relu").iter().all(|&left| left == 1.0));
        assert!(table.numbers("sigmoid")[DEPTH - 1] < 0.25_f64.powi(DEPTH as i32));
        insta::assert_snapshot!(table);
    }

    #[test]
    fn each_kind_of_wide_network_shrinks_at_its_known_rate() {
        let table = wide(8);
        let rate = |column| (table.numbers(column)[DEPTH] / table.numbers(column)[10]).powf(1.0 / 20.0);
        // The rates for infinite width: mean field for the sigmoid (q* = 0.2647 at weight variance 1 and bias 0), √½ and 1
        // for ReLU. One seed's rate has a standard error of about √(5/100 · 20)/2 / 20 = 2.5 % for ReLU; eight seeds, 0.9 %.
        assert_relative_eq!(rate("sigmoid"), 0.236_052, epsilon = 0.0, max_relative = 0.02);
        assert_relative_eq!(rate("relu"), 0.5_f64.sqrt(), epsilon = 0.0, max_relative = 0.03);
        assert_relative_eq!(rate("relu_he"), 1.0, epsilon = 0.0, max_relative = 0.03);
        insta::assert_snapshot!(table);
    }

    #[test]
    fn the_same_seeds_give_the_same_table_whatever_the_number_of_threads() {
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| wide(2));
        let three = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap().install(|| wide(2));
        assert_eq!(one, three);
    }
}
