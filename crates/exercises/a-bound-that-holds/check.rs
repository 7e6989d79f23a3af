mod answer;

use exercises::Checks;
use vanishing::{Array2, norm, spectral_norm};

/// The largest |eigenvalue|: how fast powers of u grow.
fn eigenvalue(u: &Array2<f64>) -> f64 {
    let (mut power, mut growth) = (u.clone(), 1.0);
    for squarings in 0..60 {
        let size = norm(&power);
        if size == 0.0 {
            return 0.0;
        }
        growth *= size.powf(0.5_f64.powi(squarings));
        power /= size;
        power = power.dot(&power);
    }
    growth
}

fn sigma(u: &Array2<f64>) -> f64 {
    spectral_norm(u.view())
}

fn entry(u: &Array2<f64>) -> f64 {
    u.iter().fold(0.0, |largest, u| largest.max(u.abs()))
}

type Bound = fn(&Array2<f64>, f64, i32) -> f64;

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    let right: [(&str, Bound); 2] = [
        ("(γ σ)^T, σ the largest singular value", |u, gamma, t| (gamma * sigma(u)).powi(t)),
        ("σ as a root of the largest eigenvalue of u u^T", |u, gamma, t| {
            let squared = u.dot(&u.t());
            (gamma * eigenvalue(&squared).sqrt()).powi(t)
        }),
    ];
    for (what, bound) in right {
        checks.passes(what, || answer::test(bound));
    }
    let wrong: [(&str, Bound); 7] = [
        ("the largest eigenvalue of u", |u, gamma, t| (gamma * eigenvalue(u)).powi(t)),
        ("the largest entry of u", |u, gamma, t| (gamma * entry(u)).powi(t)),
        ("the root of the sum of all u²", |u, gamma, t| (gamma * norm(u)).powi(t)),
        ("without γ", |u, _, t| sigma(u).powi(t)),
        ("γ once, not in each step", |u, gamma, t| gamma * sigma(u).powi(t)),
        ("times T in place of to the T", |u, gamma, t| gamma * sigma(u) * f64::from(t)),
        ("one step too few", |u, gamma, t| (gamma * sigma(u)).powi(t - 1)),
    ];
    for (what, bound) in wrong {
        checks.kills(what, || answer::test(bound));
    }
    checks.finish()
}
