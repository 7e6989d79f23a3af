/// V(q): the variance of z in the layer after one where it is q.
pub fn variance(weight_std: f64, bias_std: f64, q: f64) -> f64 {
    todo!("a mean over normal z, with {weight_std}, {bias_std} and {q}")
}

/// What a layer leaves of the norm of δ, deep in the network.
pub fn rate(weight_std: f64, bias_std: f64) -> f64 {
    todo!("first the q at rest, with {weight_std} and {bias_std}")
}
