//! tanh as it was proposed, and at its critical point.

use crate::{Published, claim};
use experiments::gradient_by_layer::GradientByLayer;
use experiments::initialisation::Start;
use vanishing::{Activation, Init};

#[test]
fn lecuns_tanh_maps_1_to_1() {
    for sign in [1.0, -1.0] {
        Published {
            paper: "LeCun, Bottou, Orr and Müller 1998",
            place: "Efficient BackProp, the recommended sigmoid (from memory)",
            what: "f(±1) of f(z) = 1.7159 tanh(2z/3)",
            expected: sign,
            tolerance: 3e-5,
            because: "1.7159 has five digits, so f(1) is known to 5e-5 · tanh(2/3)",
        }
        .is_met_by(1.7159 * Activation::Tanh.value(sign * 2.0 / 3.0));
    }
}

/// Our own derivation, not published: at weights of variance 1/n the gradient falls as a power of the depth.
#[test]
fn critical_tanh_falls_like_one_over_the_depth_and_not_exponentially() {
    let start = Start::new(Activation::Tanh, Init::Normal);
    let networks = GradientByLayer { width: 200, depth: 61, batch: 8, seeds: 8, ..Default::default() };
    let (measured, theory) = (start.left(&networks).unwrap(), start.left_in_theory(60));
    for layers in [10, 30, 60] {
        Published {
            paper: "our own derivation",
            place: "page 17",
            what: &format!("ln ‖δ‖² after {layers} layers"),
            expected: 2.0 * theory[layers].ln(),
            tolerance: 0.55,
            because: "ln ‖δ‖² scatters by √(2 · 60/200) = 0.77 in one network, 0.27 in eight; two of those",
        }
        .is_met_by(2.0 * measured[layers].ln());
    }
    // Twice the depth halves the square of a power law. An exponential that lost as much in 30 layers would lose all of it again.
    let (first, second) = ((measured[30] / measured[0]).ln(), (measured[60] / measured[30]).ln());
    claim(
        "our own derivation",
        "page 17",
        "layers 31 to 60 lose less than a third of the first 30",
        second > first / 3.0,
        second / first,
    );
}
