mod answer;

use answer::gradients;
use exercises::{Checks, all_close};
use vanishing::central_difference;

/// The gradients by trying: each weight a little larger and a little smaller.
fn tried(w: &[f64], s: f64) -> Vec<f64> {
    let by = |k: usize| {
        let loss = |w_k: f64| {
            let mut w = w.to_vec();
            w[k] = w_k;
            0.5 * (s - w.iter().product::<f64>()).powi(2)
        };
        central_difference(loss, w[k], 1e-5)
    };
    (0..w.len()).map(by).collect()
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    for (what, w, s) in [
        ("one weight", vec![0.4], 1.5),
        ("two weights, one below 0", vec![0.7, -0.3], 2.0),
        ("five different weights", vec![1.1, -0.8, 0.5, 1.9, -1.2], 0.6),
        ("a product above s", vec![2.0, 1.5, 1.0], 1.0),
        ("one weight of 0", vec![0.9, 0.0, -1.4, 0.6], 1.0),
        ("two weights of 0", vec![0.0, 0.8, 0.0], 1.0),
        ("ten equal weights", vec![0.7; 10], 1.0),
    ] {
        checks.holds(what, || all_close(&gradients(&w, s), &tried(&w, s), 1e-8));
    }
    checks.holds("a product that is right has no gradient", || {
        all_close(&gradients(&[0.5, 4.0, -1.0], -2.0), &[0.0; 3], 1e-12)
    });
    checks.finish()
}
