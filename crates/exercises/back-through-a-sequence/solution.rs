/// The derivatives of the loss by w, u, b and `h[0]`, in this order.
///
/// `x[t - 1]` is the input of step t, and `dh[t - 1]` what the loss says
/// about `h[t]` directly. `h[0]` is the state before the first step, so there
/// is one state more than there are inputs.
pub fn back(x: &[f64], h: &[f64], u: f64, dh: &[f64]) -> [f64; 4] {
    let (mut dw, mut du, mut db) = (0.0, 0.0, 0.0);
    let mut later = 0.0;
    for t in (1..=x.len()).rev() {
        let delta = (dh[t - 1] + later) * (1.0 - h[t] * h[t]);
        dw += delta * x[t - 1];
        du += delta * h[t - 1];
        db += delta;
        later = delta * u;
    }
    [dw, du, db, later]
}
