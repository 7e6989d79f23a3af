mod answer;

use exercises::{Checks, all_close, close};
use vanishing::{central_difference, tanh};

const X: [f64; 5] = [0.5, -1.0, 0.3, 0.8, -0.2];

/// The states for [w, u, b, h_0].
fn states(x: &[f64], at: [f64; 4]) -> Vec<f64> {
    let [w, u, b, start] = at;
    let mut h = vec![start];
    for (t, x) in x.iter().enumerate() {
        h.push(tanh(x * w + h[t] * u + b));
    }
    h
}

/// The loss is the sum of the states, each times what the loss says about it directly.
fn expected(x: &[f64], at: [f64; 4], dh: &[f64]) -> [f64; 4] {
    let loss = |at| {
        let h = states(x, at);
        h[1..].iter().zip(dh).map(|(h, dh)| h * dh).sum::<f64>()
    };
    [0, 1, 2, 3].map(|k| {
        let moved = |value| std::array::from_fn(|j| if j == k { value } else { at[j] });
        central_difference(|value| loss(moved(value)), at[k], 1e-5)
    })
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    let back = |x: &[f64], at: [f64; 4], dh: &[f64]| answer::back(x, &states(x, at), at[1], dh);
    let right = |x: &[f64], at: [f64; 4], dh: &[f64]| {
        let found = back(x, at, dh);
        all_close(&found, &expected(x, at, dh), 1e-8)
    };
    let (at, every) = ([0.7, 1.3, -0.1, 0.4], [0.5, -2.0, 1.0, 0.25, 1.5]);
    let (first, last) = ([1.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0]);
    checks.holds("a sequence of one step", || right(&X[..1], at, &[1.5]));
    for (k, letter) in ["w", "u", "b", "h_0"].into_iter().enumerate() {
        checks.holds(&format!("by {letter}, if the loss looks at every state"), || {
            close(back(&X, at, &every)[k], expected(&X, at, &every)[k], 1e-8)
        });
    }
    let other = [-0.9, -1.6, 0.2, -0.3];
    checks.holds("all, if the loss looks at the last state only", || right(&X, other, &last));
    checks.holds("all, if the loss looks at the first state only", || right(&X, other, &first));
    checks.holds("all, with u = 0", || right(&X, [0.7, 0.0, 0.1, 0.4], &every));
    checks.holds("no step, no gradient", || all_close(&back(&[], at, &[]), &[0.0; 4], 0.0));
    checks.finish()
}
