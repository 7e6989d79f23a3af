use vanishing::{exp, sigmoid, sigmoid_slope};

/// E f(√q g) for a standard normal g.
fn expectation(q: f64, f: fn(f64) -> f64) -> f64 {
    let (step, root) = (0.02, q.sqrt());
    let density = |g: f64| exp(-g * g / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
    let at = |k: i32| step * f64::from(k);
    (-500..=500).map(|k| step * density(at(k)) * f(root * at(k))).sum()
}

/// V(q): the variance of z in the layer after one where it is q.
pub fn variance(weight_std: f64, bias_std: f64, q: f64) -> f64 {
    let square = expectation(q, |z| sigmoid(z).powi(2));
    weight_std.powi(2) * square + bias_std.powi(2)
}

/// What a layer leaves of the norm of δ, deep in the network.
pub fn rate(weight_std: f64, bias_std: f64) -> f64 {
    let mut q = 1.0;
    for _ in 0..100 {
        q = variance(weight_std, bias_std, q);
    }
    weight_std * expectation(q, |z| sigmoid_slope(z).powi(2)).sqrt()
}
