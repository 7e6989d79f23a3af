/// The derivatives of the loss by w, b and x.
pub fn backward(w: f64, x: f64, a: f64, dloss_da: f64) -> (f64, f64, f64) {
    todo!("from {dloss_da} back to w = {w}, b and x = {x}; a = {a}")
}
