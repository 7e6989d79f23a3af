//! How gradients differ between random ReLU networks: Hanin 2018, Hanin and Nica 2020.

use crate::{Published, claim};
use experiments::log_normal::{LogMoments, LogNormal, one_layer};

#[test]
fn hanin_and_nica_the_logarithm_has_mean_minus_five_halves_beta_and_variance_five_beta() {
    let (paper, place) = ("Hanin and Nica 2020", "abstract and theorem 1, from memory");
    let networks = LogNormal { widths: vec![100; 20], networks: 1000, seed: 0 };
    let (law, measured) = (networks.asymptotic(), networks.measured().unwrap());
    Published {
        paper,
        place,
        what: "mean of ln |J'u|² at β = 0.2",
        expected: law.mean,
        tolerance: 0.1,
        because: "three standard errors, 3·√(1/1000) = 0.095, and the exact mean is 0.008 below the law's",
    }
    .is_met_by(measured.mean);
    Published {
        paper,
        place,
        what: "variance of ln |J'u|² at β = 0.2",
        expected: law.variance,
        tolerance: 0.17,
        because: "three standard errors, 3·√(2/1000) = 13 %, and the exact variance is 4 % above the law's",
    }
    .is_met_by(measured.variance);
}

/// Our own exact law for finite n, held to the networks themselves.
#[test]
fn the_exact_moments_are_those_of_the_networks() {
    for widths in [vec![20; 50], vec![32; 32], vec![8; 10]] {
        let networks = LogNormal { networks: 1000, seed: 100, widths };
        let (exact, measured) = (networks.exact(), networks.measured().unwrap());
        let LogMoments { mean, variance } = exact;
        let mean_error = (variance / 1000.0).sqrt();
        eprintln!("{:?}: exact {exact:?}, measured {measured:?}", &networks.widths[..2]);
        assert!((measured.mean - mean).abs() < 3.0 * mean_error, "{measured:?}; expected {exact:?} ± {mean_error}");
        // √(2/1000) is 4.5 %; the logarithm of a χ² is skewed, which adds to it when layers are narrow.
        assert!((measured.variance / variance - 1.0).abs() < 0.18, "{measured:?}; expected {exact:?}");
    }
}

#[test]
fn hanin_the_same_neurons_in_unequal_layers_spread_wider() {
    let (paper, place) = ("Hanin 2018", "theorem 1, from memory: the variance grows with β = Σ 1/n");
    let spread = |widths: Vec<usize>| {
        let networks = LogNormal { widths, networks: 1000, seed: 0 };
        (networks.measured().unwrap().variance.sqrt(), networks.exact().variance.sqrt())
    };
    let (even, uneven) = (spread(vec![30; 20]), spread([10, 50].repeat(10)));
    for (name, (measured, exact)) in [("20 layers of 30", even), ("10 and 50 in turn", uneven)] {
        Published {
            paper,
            place,
            what: &format!("standard deviation of ln |J'u|², {name} (exact value: our own)"),
            expected: exact,
            tolerance: 0.07 * exact,
            because: "1000 networks: three standard errors are 3·√(1/2000) = 6.7 %",
        }
        .is_met_by(measured);
    }
    let ratio = uneven.0 / even.0;
    claim(paper, place, "uneven layers of as many neurons spread the gradient wider", ratio > 1.3, ratio);
}

/// The second moment of one layer is 1 + 5/n: from the exact law's own probabilities, a way that does not use digammas.
#[test]
fn the_mean_square_is_kept_and_the_fourth_moment_grows_by_five_over_n() {
    for n in [1_usize, 2, 10, 30] {
        // P(k of n are on), and E χ²_k = k, E (χ²_k)² = k² + 2k.
        let mut choose = 1.0;
        let (mut first, mut second) = (0.0, 0.0);
        for k in 0..=n {
            let (kf, nf) = (k as f64, n as f64);
            let probability = choose * 0.5_f64.powi(n as i32);
            first += probability * kf * (2.0 / nf);
            second += probability * (kf * kf + 2.0 * kf) * (2.0 / nf).powi(2);
            choose *= (nf - kf) / (kf + 1.0);
        }
        assert!((first - 1.0).abs() < 1e-13 && (second - 1.0 - 5.0 / n as f64).abs() < 1e-12, "{first} {second}");
    }
    // Jensen: what keeps the mean loses in the logarithm.
    for n in [1, 2, 10, 30, 300] {
        assert!(one_layer(n).mean < 0.0);
    }
}
