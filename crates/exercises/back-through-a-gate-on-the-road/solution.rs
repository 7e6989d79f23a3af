use vanishing::{sigmoid, tanh};

/// The derivatives of the loss by x, w_T and b_T. Forward it was
/// a = T f + (1 - T) x, with f = tanh(w x) and T = σ(w_T x + b_T).
pub fn backward(x: f64, w: f64, w_t: f64, b_t: f64, da: f64) -> (f64, f64, f64) {
    let (f, gate) = (tanh(w * x), sigmoid(w_t * x + b_t));
    let delta = da * (f - x) * gate * (1.0 - gate);
    let around = da * (1.0 - gate);
    let through = da * gate * w * (1.0 - f * f);
    (around + through + delta * w_t, delta * x, delta)
}
