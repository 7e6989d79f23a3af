mod answer;

use exercises::{Checks, close};
use experiments::where_it_hides::network;
use vanishing::{Activation, Array1, Array2, Dense, Init, Loss, Network, Pass};

/// A linear network of these weights, and what one example and a gradient of 1 leave in it.
fn pass(weights: Vec<Array2<f64>>) -> Pass {
    let layer = |w: Array2<f64>| {
        let b = Array1::zeros(w.ncols());
        Dense::new(w, b, Activation::Identity).unwrap()
    };
    let layers: Vec<_> = weights.into_iter().map(layer).collect();
    let network = Network::from_layers(layers, Loss::SquaredError).unwrap();
    let mut pass = Pass::new(&network, 1);
    network.forward_into(Array2::ones(pass.a[0].dim()).view(), &mut pass);
    network.backward_from(Array2::ones(pass.output().dim()).view(), &mut pass);
    pass
}

fn random(activation: Activation, init: Init, depth: usize) -> Pass {
    network(activation, init, depth).pass(1).unwrap().1
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    let one = |w: f64| Array2::from_elem((1, 1), w);
    checks.holds("two layers, between them a weight of −0.5", || {
        let pass = pass(vec![one(7.0), one(-0.5)]);
        close(answer::left_by_a_layer(&pass), 0.25, 1e-12)
    });
    checks.holds("weights of 4 and of a quarter: all of it is left", || {
        let pass = pass(vec![one(7.0), one(4.0), one(0.25)]);
        close(answer::left_by_a_layer(&pass), 1.0, 1e-12)
    });
    checks.holds("four neurons before one, weights of 1: all of it is left", || {
        let pass = pass(vec![Array2::ones((2, 4)), Array2::ones((4, 1))]);
        close(answer::left_by_a_layer(&pass), 1.0, 1e-12)
    });
    for (init, depth, expected) in [(Init::Uniform, 5, 1.0 / 3.0), (Init::Glorot, 9, 1.0)] {
        checks.holds(&format!("{depth} linear layers of 300, {}", init.name()), || {
            let left = answer::left_by_a_layer(&random(Activation::Identity, init, depth));
            close(left, expected, 0.05 * expected)
        });
    }
    checks.holds("tanh, uniform: it vanishes, though the gradients by w are of one size", || {
        close(answer::left_by_a_layer(&random(Activation::Tanh, Init::Uniform, 5)), 0.3, 0.03)
    });
    checks.holds("a loss a thousand times as large changes nothing", || {
        let mut pass = random(Activation::Sigmoid, Init::Normal, 4);
        let left = answer::left_by_a_layer(&pass);
        (1..=4).for_each(|l| pass.delta[l] *= 1000.0);
        close(answer::left_by_a_layer(&pass), left, 1e-12)
    });
    checks.finish()
}
