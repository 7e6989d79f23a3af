//! Products of random matrices, and how long a deep linear network takes to learn.

use crate::{Published, claim};
use experiments::isometry::{growth_exponent, isometry, product, singular_values};
use experiments::learning_time;
use std::f64::consts::PI;
use vanishing::Init;

const SAXE: &str = "Saxe, McClelland and Ganguli 2014";

#[test]
fn saxe_a_strength_of_one_is_learned_in_5_75() {
    let times = learning_time::measured(&[4.0, 2.0, 1.0, 0.5], 2, 1e-3, 1e-3);
    for (s, measured) in [4.0, 2.0, 1.0, 0.5].into_iter().zip(times) {
        Published {
            paper: SAXE,
            place: "the learning time with one hidden layer, τ/(2s) ln[…]",
            what: &format!("from a thousandth to 99 % of s = {s}, in a network, times s"),
            expected: 5.750_937,
            tolerance: 1e-3 * s,
            because: "steps of 0.001 instead of a flow: an error of the order of the step times s",
        }
        .is_met_by(measured * s);
    }
    let reading = "τ/s in place of τ/(2s), as one restatement has it, is wrong";
    let measured = learning_time::measured(&[1.0], 2, 1e-3, 1e-3)[0];
    claim(SAXE, "the learning time", reading, (measured - 2.0 * 5.750_937).abs() > 5.0, measured);
}

#[test]
fn saxe_the_time_with_more_layers() {
    for (depth, expected) in [(1, 4.604_17), (3, 10.772_59), (4, 16.789_66), (5, 21.981_67), (10, 32.077_85)] {
        Published {
            paper: SAXE,
            place: "the learning time with D layers of weights, cited from memory",
            what: &format!("D = {depth}, from a thousandth to 99 %, s = 1, by quadrature"),
            expected,
            tolerance: 5e-6,
            because: "descent in a second program, in Python, written down to five decimals",
        }
        .is_met_by(learning_time::time(depth, 1e-3, 0.99));
    }
}

#[test]
fn saxe_orthogonal_weights_keep_every_direction_for_a_hundred_layers() {
    let s = singular_values(&product(Init::Orthogonal, 100, 100, 1));
    let spread = s[0] - s[99];
    claim(SAXE, "orthogonal initialisation", "all singular values are 1", spread < 1e-13 && s[0] > 0.9, spread);
}

#[test]
fn pennington_gaussian_products_spread_with_depth() {
    let (n, seeds) = (200, 4);
    for depth in [1_i32, 2, 5] {
        let runs: Vec<_> =
            (0..seeds).map(|seed| singular_values(&product(Init::Normal, n, depth as usize, seed))).collect();
        let mean = |of: &dyn Fn(&[f64]) -> f64| runs.iter().map(|s| of(s)).sum::<f64>() / seeds as f64;
        let moment = |s: &[f64], power: i32| s.iter().map(|s| s.powi(power)).sum::<f64>() / n as f64;
        let l = f64::from(depth);
        Published {
            paper: "Pennington, Schoenholz and Ganguli 2017",
            place: "the largest singular value of a Gaussian product, cited from memory",
            what: &format!("its square, for {depth} layers"),
            expected: (l + 1.0).powi(depth + 1) / l.powi(depth),
            tolerance: 0.1 * (l + 1.0).powi(depth + 1) / l.powi(depth),
            because: "the largest of n values lies n^(−2/3) = 3 % below the edge, times a constant of 2, and fluctuates by as much",
        }
        .is_met_by(mean(&|s| s[0] * s[0]));
        Published {
            paper: "Pennington, Schoenholz and Ganguli 2017",
            place: "the spectrum of a Gaussian product",
            what: &format!("the variance of the squared singular values, for {depth} layers"),
            expected: l,
            tolerance: 0.15 * l,
            because: "the sum of fourth powers over four networks of 200, which the largest few dominate",
        }
        .is_met_by(mean(&|s| moment(s, 4) - moment(s, 2).powi(2)));
    }
}

#[test]
fn glorot_the_mean_singular_value_of_a_layer_is_around_0_8() {
    let s = singular_values(&product(Init::Normal, 200, 1, 1));
    let mean = s.iter().sum::<f64>() / 200.0;
    claim("Glorot and Bengio 2010", "section 4.2.2", "around 0.8", (0.75..0.9).contains(&mean), mean);
    Published {
        paper: "the quarter disc of large random matrices",
        place: "its mean",
        what: "8/(3π)",
        expected: 8.0 / (3.0 * PI),
        tolerance: 0.01,
        because: "the mean of a spectrum fluctuates by about 1/n, and is biased by as much",
    }
    .is_met_by(mean);
}

#[test]
fn pennington_relu_cannot_and_tanh_can() {
    let paper = "Pennington, Schoenholz and Ganguli 2017";
    let table = isometry();
    let near = table.numbers("near_one");
    for (row, near) in table.rows().iter().zip(&near) {
        let (activation, weights) = (row[0].to_string(), row[1].to_string());
        let can = weights == "orthogonal" && activation != "ReLU";
        let what = format!("{activation}, {weights} weights, fifty layers: singular values between ½ and 2");
        claim(paper, "abstract", &what, if can { *near == 1.0 } else { *near < 0.15 }, near);
    }
}

#[test]
fn newman_a_product_of_four_by_four_matrices_grows_by_half_of_ln_2_and_psi_2() {
    // ψ(2) = 1 − γ.
    let psi = 1.0 - 0.577_215_664_901_532_9;
    Published {
        paper: "Newman 1986; Zhang et al., Dive into Deep Learning, numerical stability",
        place: "the largest Lyapunov exponent, cited from memory",
        what: "½ (ln 2 + ψ(2)), a layer's logarithm in a product of a hundred 4 by 4 matrices with entries N(0, 1)",
        expected: 0.5 * (2.0_f64.ln() + psi),
        tolerance: 0.009,
        because: "one product's rate has a standard deviation of 0.040, so 200 have a standard error of 0.0028; three of those",
    }
    .is_met_by(growth_exponent(4, 100, 200));
}
