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
    let delta_k = dh * (h - g) * k * (1.0 - k);
    let delta_g = dh * (1.0 - k) * (1.0 - g * g);
    let product = delta_g * u_g;
    let delta_r = product * h * r * (1.0 - r);
    dh * k + product * r + delta_k * u_k + delta_r * u_r
}
