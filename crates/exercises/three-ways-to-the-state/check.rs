mod answer;

use answer::{Kept, Weights};
use exercises::{Checks, close};
use vanishing::{central_difference, sigmoid, tanh};

/// What x and the biases add to r, k and g.
type Rest = [f64; 3];

fn kept(h: f64, [u_r, u_k, u_g]: [f64; 3], rest: Rest) -> Kept {
    let (r, k) = (sigmoid(h * u_r + rest[0]), sigmoid(h * u_k + rest[1]));
    Kept { r, k, g: tanh(r * h * u_g + rest[2]) }
}

fn right(u: [f64; 3], h: f64) -> Result<(), String> {
    let (rest, dh) = ([0.3, 0.9, -0.7], 1.5);
    let after = |h| {
        let Kept { k, g, .. } = kept(h, u, rest);
        dh * (k * h + (1.0 - k) * g)
    };
    let [u_r, u_k, u_g] = u;
    let found = answer::back(h, &kept(h, u, rest), &Weights { u_r, u_k, u_g }, dh);
    close(found, central_difference(after, h, 1e-5), 1e-8)
}

fn main() -> std::process::ExitCode {
    let mut checks = Checks::new();
    checks.holds("the direct path alone: all u are 0", || right([0.0, 0.0, 0.0], 0.8));
    checks.holds("and over the gate that keeps: u_k", || right([0.0, 1.7, 0.0], 0.8));
    checks.holds("and over the candidate: u_g", || right([0.0, 0.0, -1.2], 0.8));
    checks.holds("and over the reset gate: u_r and u_g", || right([2.1, 0.0, -1.2], 0.8));
    checks.holds("all of them", || right([2.1, 1.7, -1.2], 0.8));
    checks.holds("all of them, for a negative state", || right([-1.4, 0.6, 0.9], -0.5));
    checks.holds("all of them, for a state of 0", || right([1.0, -2.0, 3.0], 0.0));
    checks.holds("a gate that keeps everything hands the gradient on", || {
        let weights = Weights { u_r: 1.0, u_k: 2.0, u_g: 3.0 };
        close(answer::back(0.4, &Kept { r: 0.3, k: 1.0, g: -0.6 }, &weights, -2.5), -2.5, 1e-12)
    });
    checks.finish()
}
