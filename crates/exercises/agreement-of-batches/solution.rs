/// The square of the mean over the mean of the squares: 1 if all gradients are
/// the same, and one over their number if they are at right angles.
///
/// `gradients[b][k]` is the derivative by the weight k, from batch b.
pub fn agreement(gradients: &[Vec<f64>]) -> f64 {
    let batches = gradients.len() as f64;
    let entries = || gradients.iter().flatten();
    let largest = entries().fold(0.0_f64, |largest, g| largest.max(g.abs()));
    let squares: f64 = entries().map(|g| (g / largest).powi(2)).sum();
    let mut square_of_mean = 0.0;
    for k in 0..gradients[0].len() {
        let sum: f64 = gradients.iter().map(|g| g[k] / largest).sum();
        square_of_mean += (sum / batches).powi(2);
    }
    square_of_mean / (squares / batches)
}
