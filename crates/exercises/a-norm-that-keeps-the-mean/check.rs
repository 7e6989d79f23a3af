mod answer;

use answer::backward;
use exercises::{Checks, all_close, close};
use vanishing::central_difference;

/// The gradient of the sum of all `da` times the norm's outputs, by trying.
fn tried(x: &[f64], gain: f64, epsilon: f64, da: &[f64]) -> Vec<f64> {
    let loss = |x: &[f64]| {
        let mean_square = x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64;
        let sum: f64 = x.iter().zip(da).map(|(x, da)| da * x).sum();
        gain * sum / (mean_square + epsilon).sqrt()
    };
    let by = |k: usize| {
        let moved = |x_k: f64| {
            let mut x = x.to_vec();
            x[k] = x_k;
            loss(&x)
        };
        central_difference(moved, x[k], 1e-5)
    };
    (0..x.len()).map(by).collect()
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    let (x, da) = (vec![1.2, -0.7, 2.5, 0.4], vec![0.3, 1.1, -0.8, 0.6]);
    for (what, x, gain, epsilon) in [
        ("γ = 1, no ε", x.clone(), 1.0, 0.0),
        ("γ = −1.5", x.clone(), -1.5, 0.0),
        ("γ = 2, ε = 0.5", x.clone(), 2.0, 0.5),
        ("x ten times as large", x.iter().map(|x| 10.0 * x).collect(), 1.0, 0.5),
        ("every x the same", vec![0.8; 4], 1.0, 0.1),
        ("x of 0, held up by ε", vec![0.0; 4], 1.0, 0.25),
    ] {
        checks.holds(what, || {
            let expected = tried(&x, gain, epsilon, &da);
            all_close(&backward(&x, gain, epsilon, &da), &expected, 1e-7)
        });
    }
    checks.holds("without ε it is perpendicular to x", || {
        close(backward(&x, 1.0, 0.0, &da).iter().zip(&x).map(|(dx, x)| dx * x).sum(), 0.0, 1e-12)
    });
    checks.holds("a single x without ε has no gradient: only its sign is left", || {
        all_close(&backward(&[-3.0], 1.0, 0.0, &[0.7]), &[0.0], 1e-12)
    });
    checks.finish()
}
