/// The cross-entropy of σ(z), for a target y of 0 or 1.
pub fn loss(z: f64, y: f64) -> f64 {
    todo!("the loss at z = {z}, y = {y}")
}

/// Its derivative by z.
pub fn dloss_dz(z: f64, y: f64) -> f64 {
    todo!("the derivative at z = {z}, y = {y}")
}
