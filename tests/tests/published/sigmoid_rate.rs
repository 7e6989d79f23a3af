//! How much of a gradient one sigmoid layer leaves.

use crate::{Published, claim};
use vanishing::{Activation, sigmoid_slope};

#[test]
fn hochreiter_and_schmidhuber_a_weight_below_4_cannot_make_the_factor_reach_1() {
    let factor = |w: f64, y: f64| (w * sigmoid_slope(w * y)).abs();
    let largest =
        |y: f64, up_to: f64| (1..=40_000).map(|k| factor(up_to * f64::from(k) / 40_000.0, y)).fold(0.0, f64::max);
    let (paper, place) = ("Hochreiter and Schmidhuber 1997", "section 3.1");
    for y in [0.01, 0.1, 0.2, 1.0] {
        let below = largest(y, 4.0);
        claim(paper, place, &format!("|f'(net) w| < 1 for |w| < 4, y = {y}"), below < 1.0, below);
    }
    Published {
        paper,
        place,
        what: "the largest |f'(net) w| over all w, for y = 1, where w = coth(net/2)/y",
        expected: 0.223_871_60,
        tolerance: 1e-7,
        because: "the grid of w is 2.5e-4 wide around a flat maximum",
    }
    .is_met_by(largest(1.0, 10.0));
}

#[test]
fn nielsen_two_slopes_of_a_sigmoid_leave_at_most_a_sixteenth() {
    let slope = Activation::Sigmoid.largest_slope();
    Published {
        paper: "Nielsen 2015",
        place: "chapter 5",
        what: "the first neuron's gradient is at most 1/16 of the third's, for weights below 1",
        expected: 1.0 / 16.0,
        tolerance: 0.0,
        because: "1/4 is exact in binary",
    }
    .is_met_by(slope * slope);
}
