mod answer;

use exercises::{Checks, close};
use vanishing::{central_difference, sigmoid};

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    let forward = |w: f64, b: f64, x: f64| sigmoid(w * x + b);
    for (w, b, x) in [(0.5, 0.1, 1.0), (-2.0, 0.3, 0.7), (3.0, -1.0, -0.4)] {
        let by = |w, b, x| 1.5 * forward(w, b, x);
        let backward = || answer::backward(w, x, forward(w, b, x), 1.5);
        checks.holds(&format!("by w, at w = {w}, x = {x}"), || {
            close(backward().0, central_difference(|w| by(w, b, x), w, 1e-5), 1e-8)
        });
        checks.holds(&format!("by b, at w = {w}, x = {x}"), || {
            close(backward().1, central_difference(|b| by(w, b, x), b, 1e-5), 1e-8)
        });
        checks.holds(&format!("by x, at w = {w}, x = {x}"), || {
            close(backward().2, central_difference(|x| by(w, b, x), x, 1e-5), 1e-8)
        });
    }
    checks.finish()
}
