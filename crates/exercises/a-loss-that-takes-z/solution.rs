use vanishing::{exp, sigmoid};

/// The cross-entropy of σ(z), for a target y of 0 or 1.
pub fn loss(z: f64, y: f64) -> f64 {
    // −ln σ(u) is the loss; u is what should be large.
    let u = if y == 1.0 { z } else { -z };
    // ln(1 + e^−u), with the power taken out where it is above 1.
    (-u).max(0.0) + (1.0 + exp(-u.abs())).ln()
}

/// Its derivative by z.
pub fn dloss_dz(z: f64, y: f64) -> f64 {
    sigmoid(z) - y
}
