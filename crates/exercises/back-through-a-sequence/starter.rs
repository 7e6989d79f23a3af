/// The derivatives of the loss by w, u, b and `h[0]`, in this order.
///
/// `x[t - 1]` is the input of step t, and `dh[t - 1]` what the loss says
/// about `h[t]` directly. `h[0]` is the state before the first step, so there
/// is one state more than there are inputs.
pub fn back(x: &[f64], h: &[f64], u: f64, dh: &[f64]) -> [f64; 4] {
    let (steps, states, said) = (x.len(), h.len(), dh.len());
    todo!("u = {u}, {steps} inputs, {states} states, {said} derivatives")
}
