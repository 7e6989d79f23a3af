/// The derivatives of half the square of `s` less the product of all weights, by
/// each of the weights.
pub fn gradients(w: &[f64], s: f64) -> Vec<f64> {
    let error = s - w.iter().product::<f64>();
    let others = |k: usize| w[..k].iter().chain(&w[k + 1..]).product::<f64>();
    (0..w.len()).map(|k| -error * others(k)).collect()
}
