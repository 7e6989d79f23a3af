/// The derivatives of half the square of `s` less the product of all weights, by
/// each of the weights.
pub fn gradients(w: &[f64], s: f64) -> Vec<f64> {
    todo!("the gradients by {w:?}, whose product should be {s}")
}
