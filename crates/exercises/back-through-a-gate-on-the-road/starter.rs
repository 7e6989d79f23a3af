/// The derivatives of the loss by x, w_T and b_T. Forward it was
/// a = T f + (1 - T) x, with f = tanh(w x) and T = σ(w_T x + b_T).
pub fn backward(x: f64, w: f64, w_t: f64, b_t: f64, da: f64) -> (f64, f64, f64) {
    todo!("from {da} back to x = {x}, w_T = {w_t} and b_T = {b_t}; w = {w}")
}
