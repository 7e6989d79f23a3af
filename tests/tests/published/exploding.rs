//! Gradients above 1, and the sigmoid's room for them.

use crate::{Published, claim};
use vanishing::{Activation, Chain, sigmoid_slope};

#[test]
fn nielsen_a_layer_can_multiply_the_gradient_by_25() {
    // His example: w = 100 and b = −100 a₀ make z = 0. With a₀ = 1/2 every further neuron has the same.
    let steps = Chain::uniform(5, 100.0, -50.0, Activation::Sigmoid).steps(0.5);
    for step in &steps {
        Published {
            paper: "Nielsen 2015",
            place: "chapter 5, the exploding gradient problem",
            what: &format!("w σ′(z) in layer {}", step.layer),
            expected: 25.0,
            tolerance: 0.0,
            because: "z is exactly 0, and 100/4 is exact in binary",
        }
        .is_met_by(step.factor);
    }
}

#[test]
fn hochreiter_and_schmidhuber_a_quarter_of_the_weight_bounds_each_step() {
    // (|w|/4)^q, recomputed from their factor |f′(net) w| with f′ ≤ 1/4; reached at net = 0 only.
    let bounds = [(1.0, 9.54e-7), (2.0, 9.77e-4), (3.9, 0.776), (4.1, 1.280), (6.0, 57.67)];
    for (w, ten_steps) in bounds {
        // Biases of −w/2 keep every neuron at 1/2, so the chain reaches its bound.
        let reached = Chain::uniform(10, w, -w / 2.0, Activation::Sigmoid).steps(0.5)[0].product;
        Published {
            paper: "Hochreiter and Schmidhuber 1997",
            place: "section 3.1",
            what: &format!("the bound (|w|/4)^10 for w = {w}"),
            expected: ten_steps,
            tolerance: 6e-4 * ten_steps,
            because: "three to four digits are given",
        }
        .is_met_by(reached);
        let off = Chain::uniform(10, w, -w / 2.0 + 0.1, Activation::Sigmoid).steps(0.5)[0].product;
        claim("Hochreiter and Schmidhuber 1997", "section 3.1", "equality at net = 0 only", off < reached, off);
    }
}

#[test]
fn hochreiter_and_schmidhuber_the_largest_factor_over_all_weights() {
    // w = coth(net/2)/y makes |f′(net) w| largest, at net tanh(net/2) = 1; the number follows from their formula.
    let (mut low, mut high) = (1.0_f64, 2.0_f64);
    for _ in 0..60 {
        let net = (low + high) / 2.0;
        if net * (net / 2.0).tanh() < 1.0 { low = net } else { high = net }
    }
    // At net = w y the condition w = coth(net/2)/y reads net tanh(net/2) = 1, whatever y is; with y = 1 the weight is the net.
    let (net, y) = (low, 1.0);
    let w = 1.0 / ((net / 2.0).tanh() * y);
    Published {
        paper: "Hochreiter and Schmidhuber 1997",
        place: "section 3.1",
        what: "|f′(net) w| y at w = coth(net/2)/y",
        expected: 0.223_871_602_347_151_45,
        tolerance: 1e-15,
        because: "the closed form, evaluated in double precision twice",
    }
    .is_met_by(w * y * sigmoid_slope(net));
    // As w grows for a fixed y the factor goes to 0.
    let far = 1000.0 * sigmoid_slope(1000.0);
    claim("Hochreiter and Schmidhuber 1997", "section 3.1", "the factor tends to 0 as |w| grows", far == 0.0, far);
}
