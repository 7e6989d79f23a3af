/// The square of the mean over the mean of the squares: 1 if all gradients are
/// the same, and one over their number if they are at right angles.
///
/// `gradients[b][k]` is the derivative by the weight k, from batch b.
pub fn agreement(gradients: &[Vec<f64>]) -> f64 {
    todo!("how far {} gradients agree", gradients.len())
}
