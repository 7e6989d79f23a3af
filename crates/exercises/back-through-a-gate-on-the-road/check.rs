mod answer;

use answer::backward;
use exercises::{Checks, close};
use vanishing::{central_difference, sigmoid, tanh};

fn forward(x: f64, w: f64, w_t: f64, b_t: f64) -> f64 {
    let gate = sigmoid(w_t * x + b_t);
    gate * tanh(w * x) + (1.0 - gate) * x
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    for (what, x, w, w_t, b_t) in
        [("a gate half open", 0.8, 1.4, 0.6, -0.5), ("numbers below 0", -1.3, 0.9, -1.1, -0.7)]
    {
        let da = 1.5;
        checks.holds(&format!("{what}: by x"), || {
            let expected = da * central_difference(|x| forward(x, w, w_t, b_t), x, 1e-5);
            close(backward(x, w, w_t, b_t, da).0, expected, 1e-8)
        });
        checks.holds(&format!("{what}: by w_T"), || {
            let expected = da * central_difference(|w_t| forward(x, w, w_t, b_t), w_t, 1e-5);
            close(backward(x, w, w_t, b_t, da).1, expected, 1e-8)
        });
        checks.holds(&format!("{what}: by b_T"), || {
            let expected = da * central_difference(|b_t| forward(x, w, w_t, b_t), b_t, 1e-5);
            close(backward(x, w, w_t, b_t, da).2, expected, 1e-8)
        });
    }
    checks.holds("a closed gate lets everything by", || {
        let (dx, ..) = backward(0.6, 2.0, 0.3, -60.0, 0.7);
        close(dx, 0.7, 1e-12)
    });
    checks.holds("an open gate leaves tanh alone", || {
        let expected = 0.7 * 2.0 * (1.0 - tanh(1.2).powi(2));
        close(backward(0.6, 2.0, 0.3, 60.0, 0.7).0, expected, 1e-12)
    });
    checks.holds("an input of 0 gives the gate nothing to learn", || {
        let (_, dw_t, db_t) = backward(0.0, 1.0, 0.5, 0.0, 1.0);
        close(dw_t, 0.0, 1e-12).and(close(db_t, 0.0, 1e-12))
    });
    checks.finish()
}
