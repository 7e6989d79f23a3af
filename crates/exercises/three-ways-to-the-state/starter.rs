/// What the step had computed.
pub struct Kept {
    pub r: f64,
    pub k: f64,
    pub g: f64,
}

/// The weights from the state to r, k and g.
pub struct Weights {
    pub u_r: f64,
    pub u_k: f64,
    pub u_g: f64,
}

/// From `dh`, the derivative of the loss by the state after the step, to that
/// by `h`, the state before it.
pub fn back(h: f64, kept: &Kept, weights: &Weights, dh: f64) -> f64 {
    let (Kept { r, k, g }, Weights { u_r, u_k, u_g }) = (kept, weights);
    todo!("{dh} back to {h} through {r}, {k}, {g} and {u_r}, {u_k}, {u_g}")
}
