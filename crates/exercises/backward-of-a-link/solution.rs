/// The derivatives of the loss by w, b and x.
pub fn backward(w: f64, x: f64, a: f64, dloss_da: f64) -> (f64, f64, f64) {
    let delta = dloss_da * a * (1.0 - a);
    (delta * x, delta, delta * w)
}
