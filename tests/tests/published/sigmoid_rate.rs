//! How much of a gradient one sigmoid layer leaves.

use crate::{Published, claim};
use experiments::gradient_by_layer::GradientByLayer;
use experiments::sigmoid_rate::{critical_weight_std, measured, theory, typical_rate};
use vanishing::{Activation, sigmoid, sigmoid_slope};

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

const MEAN_FIELD: &str = "Poole et al. 2016 and Schoenholz et al. 2017, for the sigmoid";

/// `E[f(√q g)]` by the midpoint rule, which for a smooth integrand that dies off at both ends is exact to rounding. The crate uses
/// Gauss and Hermite's nodes, so the two have only the integrand in common.
fn expectation(q: f64, f: impl Fn(f64) -> f64) -> f64 {
    let steps = 4000;
    let width = 24.0 / f64::from(steps);
    let density = |g: f64| (-0.5 * g * g).exp() / std::f64::consts::TAU.sqrt();
    (0..steps).map(|k| -12.0 + (f64::from(k) + 0.5) * width).map(|g| density(g) * f(q.sqrt() * g) * width).sum()
}

/// The values are numpy's quadrature with 200 nodes, in double precision, and given to eight digits.
#[test]
fn mean_field_theory_gives_the_rates_of_sigmoid_layers() {
    let expected = [
        // weight and bias variance, q*, √χ₁
        (1.0, 0.0, 0.264_686_88, 0.236_052_34),
        (1.0, 1.0, 1.302_134_04, 0.204_840_75),
        (4.0, 0.0, 1.196_914_34, 0.414_223_80),
        (1.0 / 3.0, 0.0, 0.085_033_76, 0.141_449_03),
    ];
    for (weight_var, bias_var, q_star, rate) in expected {
        let deep = theory(f64::sqrt(weight_var), f64::sqrt(bias_var)).deep_limit();
        let place = format!("weight variance {weight_var:.4}, bias variance {bias_var}");
        let number = |what, expected, because| Published {
            paper: MEAN_FIELD,
            place: &place,
            what,
            expected,
            tolerance: 1e-8,
            because,
        };
        number("q*", q_star, "it is given to eight digits").is_met_by(deep.q_star);
        number("the rate", rate, "it is given to eight digits").is_met_by(deep.chi1.sqrt());
        // The fixed point once more, by plain iteration with the other quadrature.
        let q = (0..200).fold(1.0, |q, _| weight_var * expectation(q, |z| sigmoid(z).powi(2)) + bias_var);
        let chi_1 = weight_var * expectation(q, |z| sigmoid_slope(z).powi(2));
        number("q* by iteration and the midpoint rule", q_star, "it is given to eight digits").is_met_by(q);
        number("the rate by the midpoint rule", rate, "it is given to eight digits").is_met_by(chi_1.sqrt());
    }
    Published {
        paper: "own derivation (mean field)",
        place: "no biases",
        what: "the standard deviation of the weights times √n at which χ₁ = 1",
        expected: 10.1493,
        tolerance: 5e-5,
        because: "it is given to four decimals",
    }
    .is_met_by(critical_weight_std());
}

#[test]
fn networks_of_a_hundred_sigmoids_lose_the_mean_field_rate_a_layer() {
    for (bias_std, expected) in [(0.0, 0.236_052), (1.0, 0.204_841)] {
        let rate = measured(100, 1.0, bias_std, 100);
        Published {
            paper: MEAN_FIELD,
            place: "n = 100, depth 20",
            what: &format!("the rate a layer, bias standard deviation {bias_std}"),
            expected,
            tolerance: 0.02 * expected,
            because: "the finite width takes 0.6 %, a hundred networks have a standard error of 0.2 %",
        }
        .is_met_by(rate.rate);
        let (narrow, typical) = (measured(30, 1.0, bias_std, 400), typical_rate(&theory(1.0, bias_std), 30));
        Published {
            paper: "own derivation (first order in 1/n)",
            place: "n = 30, depth 20",
            what: &format!("the rate of a typical network, bias standard deviation {bias_std}"),
            expected: typical,
            tolerance: typical * (3.0 * narrow.relative_error + 0.2 / 30.0),
            because: "three standard errors, and 0.2/n for the spread of q, which the first order leaves out",
        }
        .is_met_by(narrow.rate);
    }
}

/// The way forward: the signal doesn't die, whatever the depth.
#[test]
fn the_mean_square_of_z_in_deep_sigmoid_networks_is_the_fixed_point() {
    let run = GradientByLayer { depth: 12, batch: 1, ..Default::default() };
    let mut squares = vec![];
    for seed in 0..40 {
        let (network, pass) = run.pass(seed).expect("the network can be built");
        for l in 4..=12 {
            let z = pass.a[l - 1].dot(&network.layers[l].dense().w);
            squares.extend(z.iter().map(|z| z * z));
        }
    }
    Published {
        paper: MEAN_FIELD,
        place: "weight variance 1, no biases, layers 4 to 12",
        what: "the mean square of z",
        expected: 0.264_687,
        tolerance: 0.0225 * 0.264_687,
        because: "40 networks of 9 layers of 100 neurons: three standard errors √(2/36 000)",
    }
    .is_met_by(squares.iter().sum::<f64>() / squares.len() as f64);
}
