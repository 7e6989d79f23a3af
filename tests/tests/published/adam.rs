//! Adam's steps. Kingma and Ba 2015 is cited from memory; the numbers of its sections were not checked.

use crate::{Published, claim};
use experiments::adam::first_step;
use vanishing::{Activation, Adam, Dense, Loss, Network, Optimiser, Pass, Sgd, array};

const PAPER: &str = "Kingma and Ba 2015";

/// A network ŷ = w x with w = 0 and x = 1, whose gradient by w is ŷ − y, so −y as long as w stays close to 0.
fn one_weight() -> Network {
    let layer = Dense::new(array![[0.0]], array![0.0], Activation::Identity).unwrap();
    Network::from_layers(vec![layer], Loss::SquaredError).unwrap()
}

fn weight(network: &Network) -> f64 {
    network.layers[1].dense().w[[0, 0]]
}

/// A step with exactly this gradient, wherever the weight is by now.
fn step(network: &mut Network, adam: &mut Adam, g: f64) {
    let mut pass: Pass = network.gradient(&array![[1.0]], &array![[0.0]]);
    network.backward_from(array![[g]].view(), &mut pass);
    adam.step(network, &mut pass);
}

#[test]
fn the_first_step_is_alpha_g_over_g_plus_epsilon() {
    // m̂₁ = g and v̂₁ = g², whatever β₁ and β₂ are.
    let expected = [
        (1e-3, 0.999_990_000_1),
        (1e-6, 0.990_099_009_9),
        (1e-7, 0.909_090_909_1),
        (1e-8, 0.5),
        (1e-9, 0.090_909_090_9),
        (1e-10, 0.009_900_990_1),
        (1e-12, 0.000_099_990_0),
    ];
    for (g, share) in expected {
        for alpha in [1.0, 0.001] {
            Published {
                paper: PAPER,
                place: "algorithm 1 with t = 1",
                what: &format!("the first step over α, for g = {g:e}"),
                expected: share,
                tolerance: 6e-11,
                because: "the formula was worked out to ten decimals",
            }
            .is_met_by(first_step(&mut Adam::new(alpha).unwrap(), g) / alpha);
        }
    }
    let shallow = first_step(&mut Adam::new(0.01).unwrap(), 1.25);
    let deep = first_step(&mut Adam::new(0.01).unwrap(), 0.004_125);
    claim(PAPER, "algorithm 1", "the notes' two gradients move the weight equally", shallow / deep < 1.000_003, deep);
    let ratio = first_step(&mut Sgd::new(0.01).unwrap(), 1.25) / first_step(&mut Sgd::new(0.01).unwrap(), 0.004_125);
    claim(
        "the notes",
        "the gradients 1.25 and 0.004125",
        "gradient descent moves it 303 times as far",
        (ratio - 303.03).abs() < 0.01,
        ratio,
    );
}

#[test]
fn after_a_long_silence_one_gradient_moves_a_weight_by_at_most_root_ten_alpha() {
    // The bound α (1 − β₁)/√(1 − β₂), for a gradient that was 0 at all steps but this one.
    let (mut network, mut adam) = (one_weight(), Adam::new(0.01).unwrap());
    for _ in 0..20_000 {
        step(&mut network, &mut adam, 0.0);
    }
    step(&mut network, &mut adam, 7.0);
    Published {
        paper: PAPER,
        place: "section 2.1",
        what: "the largest step over α, for β₁ = 0.9 and β₂ = 0.999",
        expected: 10.0_f64.sqrt(),
        tolerance: 2e-7,
        because: "√v̂ is 7 √0.001 = 0.22, of which ε is 4.5e-8; β₂ᵗ is 2e-9",
    }
    .is_met_by(weight(&network).abs() / 0.01);
}

#[test]
fn the_whole_path_stays_the_same_if_every_gradient_is_scaled() {
    let path = |scale: f64| {
        let (mut network, mut adam) = (one_weight(), Adam::new(0.01).unwrap());
        for g in [1.0, -0.3, 0.5, 2.0, -1.0, 0.1, 0.7].repeat(30) {
            step(&mut network, &mut adam, scale * g);
        }
        weight(&network)
    };
    let whole = path(1.0);
    for scale in [1e3, 1e-3] {
        Published {
            paper: PAPER,
            place: "section 2.1",
            what: &format!("the weight after 210 steps, every gradient times {scale:e}"),
            expected: whole,
            tolerance: 2e-5 * whole.abs(),
            because: "the root mean square of the smaller gradients is 1e-3, of which ε is 1e-5, and three times that in the first steps",
        }
        .is_met_by(path(scale));
    }
    // Our own addition: the invariance ends where the gradients come near ε.
    let small = path(1e-9);
    claim(PAPER, "section 2.1", "gradients near ε do not keep the path", (small / whole - 1.0).abs() > 0.5, small);
}
